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

from mobilize.scenario import Scenario, load, settings
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

## scenario.toml

"""
ENTRIES = (
    ("top of the file", settings._SCALARS, "`start` is the first month, `horizon` "
     "the months, `history` the policy package with what was decided in fact, for hindcasts"),
    ("[[conflict]]", settings._CONFLICT, "a theatre that consumes"),
    ("[[conflict.use]]", settings._USE, "its daily draw on a program's stock; `to` is included"),
    ("[[disturbance]]", settings._DISTURBANCE, "`outage` of a line: share `severity`, mended over "
     "`recovery` months; `closure` of `buyer>supplier`, or of all routes out of a country"),
    ("[[set]]", settings._SET, "programs that need each other: `parts = { program = units }`"),
    ("[[objective]]", settings._OBJECTIVE, "to reach by `month`: a stock, or deliveries a month"),
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
    needed = {key: rule[1] == settings.REQUIRED for key, rule in entry.items()}
    return ", ".join(f"`{k}`" + ("" if need else " (optional)") for k, need in needed.items())


def evidence(scenario: Scenario | str) -> str:
    """Count a scenario's figures by table, column and confidence, as a markdown table."""
    scenario = load(scenario) if isinstance(scenario, str) else scenario
    dated = [entry.confidence for part in (scenario.uses, scenario.disturbances) for entry in part]
    counts, total = {"**scenario.toml** (uses, disturbances)": Counter(dated)}, Counter(dated)
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
