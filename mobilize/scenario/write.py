"""Writing a scenario as a folder that :func:`mobilize.scenario.load` reads back as the same."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from mobilize.scenario import months
from mobilize.scenario.content import Scenario
from mobilize.scenario.load import load
from mobilize.scenario.schema import Attribute, tables
from mobilize.scenario.settings import CHALLENGER, FILE
from mobilize.scenario.table import Table

DATES = frozenset({"start", "outbreak", "from", "to", "when", "month"})
RENAMED = {"start": "from", "end": "to"}  # of uses: words that Python or people keep for other ends


class WriteError(ValueError):
    """A scenario that no folder can hold; the text says what of it is lost."""


def write_scenario(scenario: Scenario, folder: Path) -> None:
    """Write a scenario as a folder that stands alone, whatever it was based on.

    Parameters
    ----------
    folder : Path
        Made if it is not there; its name is the name that the scenario has when it is loaded.

    Raises
    ------
    WriteError
        If what is read back is not the same, to the digest.
    OSError
        If it cannot be written.
    ScenarioError
        If the loader refuses a figure of it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / FILE).write_text(settings_text(scenario), encoding="utf-8")
    for name, table in scenario.tables.items():
        own = table.take((table.file_rows != 0).nonzero()[0]) if name == "sources" else table
        if len(own):
            (folder / f"{name}.csv").write_text(table_text(own), encoding="utf-8", newline="")
    if load(folder).digest != scenario.digest:
        raise WriteError(f"{scenario.name}: some of it cannot be written to files as it is")


def table_text(table: Table) -> str:
    """Return a table as CSV, every figure to its last digit."""
    schema = tables()[table.name]
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([attribute.header for attribute in schema.values()])
    columns = [[_cell(v, schema[name]) for v in table[name].tolist()] for name in schema]
    writer.writerows(zip(*columns, strict=True))
    return out.getvalue()


def _cell(value: Any, attribute: Attribute) -> str:
    """Return a value as a cell; what is missing is an empty one."""
    if attribute.type == "number":
        return "" if value != value else repr(value)
    if attribute.type == "month":
        return "" if value == months.MISSING else months.label(value)
    if attribute.type == "integer":
        return "" if value == months.MISSING else str(value)
    return str(value)


def settings_text(scenario: Scenario) -> str:
    """Return what is not in tables as TOML: scalars first, then every list in its order."""
    scalars = {key: getattr(scenario, key) for key in ("title", "summary", "start", "horizon",
                                                       "seed", "history")}  # fmt: skip
    parts = ["\n".join(_lines(scalars))]
    if scenario.challenger is not None:
        parts.append(_table(f"[{CHALLENGER}]", scenario.challenger))
    for conflict in scenario.conflicts:
        parts.append(_table("[[conflict]]", conflict))
        for name, rows in (("phase", scenario.phases), ("use", scenario.uses),
                           ("substitute", scenario.substitutes)):  # fmt: skip
            parts += [_table(f"[[conflict.{name}]]", row)
                      for row in rows if row.conflict == conflict.id]  # fmt: skip
    for name, entries in (("disturbance", scenario.disturbances), ("event", scenario.events),
                          ("hazard", scenario.hazards), ("set", scenario.sets),
                          ("objective", scenario.objectives)):  # fmt: skip
        parts += [_table(f"[[{name}]]", entry) for entry in entries]
    return "\n\n".join(parts) + "\n"


def _table(header: str, entry: Any) -> str:
    values = asdict(entry)
    if header.startswith("[[conflict."):
        del values["conflict"]
    if header == "[[conflict.use]]":
        values = {RENAMED.get(key, key): value for key, value in values.items()}
    return "\n".join([header, *_lines(values)])


def _lines(values: Mapping[str, Any]) -> Iterator[str]:
    for key, value in values.items():
        if value is None or value == "" or value == ():
            continue  # the default: these keys are left out
        yield f"{key} = {_value(key, value)}"


def _value(key: str, value: Any) -> str:
    """Return a value as TOML; months as they are written in scenarios."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int) and key in DATES:
        return json.dumps(months.label(value))
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, Mapping):
        rows = (f"{json.dumps(name)} = {_value(name, v)}" for name, v in value.items()
                if v is not None)  # fmt: skip
        return "{ " + ", ".join(rows) + " }"
    return _list(value)


def _list(values: Iterable[Any]) -> str:
    return "[" + ", ".join(_value("", value) for value in values) + "]"
