"""The data dictionary and the account of evidence, written from the schema and the data.

Renew them with ``python -m mobilize.dictionary > docs/data.md`` and
``python -m mobilize.dictionary docs/evidence.md`` (its generated parts only).
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from mobilize.scenario import Scenario, keys, load
from mobilize.scenario.cells import CONFIDENCES, allowed_text
from mobilize.scenario.defaults import default
from mobilize.scenario.schema import MAY_BE_EMPTY, OPTIONAL_TABLES, key_columns, tables

RANGE = ("low", "high")  # of a parameter: no figures of their own
PART = re.compile(r"(<!-- evidence (\S+) -->\n).*?(<!-- end -->)", re.DOTALL)
HEAD = """# Data dictionary

Written by `python -m mobilize.dictionary > docs/data.md`; do not edit by hand.

A scenario is a folder with `scenario.toml` and one CSV file for each table below. OPTIONAL may be
left out; EMPTY may hold a header alone. `mobilize check FOLDER` lists every fault at once.

- CSV files are UTF-8 with commas between cells. One whose name is no table's is a fault.
- The header names each column once, in any order; that of a number carries its unit in square
  brackets, exactly as here: `rate_max [units/month]`. Unknown columns and wrong units are faults.
- A column with a default may be left out, and an empty cell takes the default; any other cell must
  be filled. The default `none` of a number, a month or a text means: no value.
- Numbers have a decimal point and no thousands separator; months are written `YYYY-MM`.

**Sources.** Every row with figures ends in `source` and `confidence`. A source is an id of
`sources.csv`, several joined by `+`, or `MODEL`, a modelling choice of this project. Confidence is
*documented* (read in the source: somebody says so, which does not make it true), *estimate*
(computed from sources or judged near one), *unverified* (a known public figure whose text was not
read) or *notional* (a modelling choice). What rests on `MODEL` is an estimate or notional.

**Provenance.** A row of `provenance.csv` gives one cell, or with the id `*` a whole column, its own
source and confidence. The cell's row comes first, then the column's, then the row the cell is in.

**Variants.** With `based_on`, a shipped scenario or a folder beside this one, all tables of that
scenario come first and every file may be left out. A row with the key of a row of the base
replaces it whole, one with a new key is added, and `[without]` takes rows away: `lines =
["mill"]`, `routes = ["buyer>supplier"]`. A figure repeated unchanged keeps the source it has in
the base; a changed one has that of its row. `scenario.toml` and `hindcast.csv` are not inherited.
The base stands alone: it is based on nothing.

## scenario.toml

"""
ENTRIES = (
    ("top of the file", keys.SCALARS, "`start` is the first month, `horizon` the months; "
     "`based_on` the scenario this is a variant of, `without` the rows of it that it lacks; "
     "`history` the policy package with what was decided in fact, for hindcasts"),
    ("[[conflict]]", keys.CONFLICT, "a theatre that consumes; `outbreak` is a month, or "
     "`attack` where the challenger begins it; `need_days` of fires that the plan requires make "
     "it the reference of the deterrence metrics; both it and phases need a source"),
    ("[[conflict.phase]]", keys.PHASE, "a stretch of it, from the outbreak or the end of the "
     "phase before; after the last the conflict is over"),
    ("[[conflict.use]]", keys.USE, "its daily draw on a program's stock: all through `phase`, "
     "or from `from` to the end of `to`"),
    ("[[conflict.substitute]]", keys.SUBSTITUTE, "while the conflict is under way, `units` of "
     "`instead` are fired for one of `program` that is short; in the order of the file"),
    ("[[disturbance]]", keys.DISTURBANCE, "something that goes wrong from `start`, or when an "
     "event calls for it; [crises.md](crises.md) lists the kinds, what each strikes and in which "
     "unit its `severity` is; what is left out is the kind's base"),
    ("[[event]]", keys.EVENT, "one row of the events list of an exercise: fires in the month "
     "`when` or by its `trigger`, tells `text` to the `audience`, and starts its `effects`"),
    ("trigger of an event", keys.TRIGGER, "`on` is `unmet` or `stock` of a program, a "
     "deterrence `metric`, the outbreak of a `conflict`, a `rung` of the challenger, or so "
     "many `months` `after` another event"),
    ("[[hazard]]", keys.HAZARD, "a kind of disturbance that may happen in any month; one "
     "of `targets` is struck, or one of the lines they stand for"),
    ("[[set]]", keys.SET, "programs that need each other: `parts = { program = units }`"),
    ("[challenger]", keys.CHALLENGER, "a country that may act against the coalition (`acts`) "
     "or only watches; `mindset` is drawn from luck or named; `near` is the ally whose shipping it "
     "can hold up; needs a conflict with `need_days`"),
    ("[[objective]]", keys.OBJECTIVE, "to reach by `month`: a stock, or deliveries a month"),
)  # fmt: skip


def table(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a markdown table."""
    head = list(header)
    cells = [head, ["---"] * len(head), *([c.replace("|", "\\|") for c in row] for row in rows)]
    return "".join(f"| {' | '.join(row)} |\n" for row in cells)


def dictionary() -> str:
    """Return the text of ``docs/data.md``: folder, rules, every table, every parameter."""
    text = HEAD
    for word, files in (("OPTIONAL", OPTIONAL_TABLES), ("EMPTY", MAY_BE_EMPTY - OPTIONAL_TABLES)):
        text = text.replace(word, ", ".join(f"`{name}.csv`" for name in sorted(files)))
    entries = ((f"`{name}`", _keys(entry), meaning) for name, entry, meaning in ENTRIES)
    text += table(("Entry", "Keys", "Meaning"), entries)
    for name, columns in tables().items():
        key = ", ".join(f"`{column}`" for column in key_columns(name))
        text += f"\n## {name}.csv\n\nA row is named by {key}.\n\n"
        rows = ((f"`{a.header}`", a.default or "-", allowed_text(a), a.description or "-")
                for a in columns.values())  # fmt: skip
        text += table(("Column", "Default", "Allowed", "Meaning"), rows)
    text += "\n## Parameters\n\nA scenario's `parameters.csv` may override any of these.\n\n"
    words = ("unit", "source", "confidence", "description")
    rows = ((f"`{r['name']}`", f"{r['value']:g}", f"{r['low']:g} to {r['high']:g}",
             *(r[word] for word in words)) for r in default("parameters").rows())  # fmt: skip
    return text + table(("Name", "Value", "Range", *map(str.capitalize, words)), rows)


def _keys(entry: dict[str, tuple[Any, Any]]) -> str:
    needed = {key: rule[1] == keys.REQUIRED for key, rule in entry.items()}
    return ", ".join(f"`{k}`" + ("" if need else " (optional)") for k, need in needed.items())


def evidence(scenario: Scenario | str) -> str:
    """Count a scenario's figures by table, column and confidence, as a markdown table."""
    scenario = load(scenario) if isinstance(scenario, str) else scenario
    dated = [entry.confidence for part in (scenario.uses, scenario.disturbances) for entry in part]
    dated += [entry.confidence for entry in scenario.substitutes]
    dated += [entry.confidence for entry in scenario.conflicts if entry.confidence]
    counts, total = {"**scenario.toml** (conflicts, disturbances)": Counter(dated)}, Counter(dated)
    for name, columns in tables().items():
        for column in (c for c, a in columns.items() if a.is_number and c not in RANGE):
            cells = zip(scenario[name].keys(), scenario[name][column], strict=True)
            filled = (key for key, value in cells if value == value)
            found = Counter(scenario.provenance(name, key, column).confidence for key in filled)
            counts.setdefault(f"**{name}**", Counter()).update(found)
            counts[f"{name}.{column}"] = found
            total.update(found)
    counts["**all**"] = total
    rows = ((name, *(str(count[word]) for word in CONFIDENCES)) for name, count in counts.items())
    return table(("Figures", *CONFIDENCES), rows)


def renewed(text: str) -> str:
    """Return a page with its generated parts written anew."""
    return PART.sub(lambda part: part[1] + evidence(part[2]) + part[3], text)


if __name__ == "__main__":
    for page in map(Path, sys.argv[1:]):
        page.write_text(renewed(page.read_text(encoding="utf-8")), encoding="utf-8")
    print(end=dictionary() if len(sys.argv) == 1 else "")
