"""Parameters and sources that every scenario starts with, and may override."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np

from mobilize.scenario.faults import Fault, Hints, shown
from mobilize.scenario.read import Reading, read_optional
from mobilize.scenario.table import Table, joined, overlaid

_FOLDER = Path(__file__).parent


@cache
def _reading(name: str) -> Reading:
    return read_optional(_FOLDER / f"{name}.csv", name)


def default(name: str) -> Table:
    """Return a default table of the package, its rows marked as no scenario's own."""
    table = _reading(name).table
    return Table(name, table.columns, np.zeros(len(table), np.int64))


def faults() -> list[Fault]:
    """Return what is wrong with the package's own files."""
    found = [*_reading("parameters").faults, *_reading("sources").faults]
    return [replace(fault, file=f"mobilize/scenario/{fault.file}") for fault in found]


def with_parameters(own: Table) -> Table:
    """Put a scenario's parameters in the place of the defaults of the same name."""
    return overlaid(default("parameters"), own)


def parameter_faults(own: Table) -> list[Fault]:
    """Return the parameters of a scenario that override nothing, or nothing once."""
    base = default("parameters")
    known = base.index("name")
    hints, first = Hints(known), own.index("name")
    found = []
    for row, (name, unit) in enumerate(zip(own["name"], own["unit"], strict=True)):
        column, problem, allowed = "name", "", "a name of the default parameters, once"
        if name and first[name] != row:
            problem = f"the row repeats row {own.file_rows[first[name]]}"
        elif name and known and name not in known:
            problem = f"unknown parameter {shown(name)}{hints(name)}"
        elif name in known and unit and unit != base["unit"][known[name]]:
            column, problem = "unit", f"wrong unit {shown(unit)} of {name}"
            allowed = shown(base["unit"][known[name]])
        if problem:
            found.append(Fault("parameters.csv", int(own.file_rows[row]), column, problem, allowed))
    return found


def with_sources(own: Table) -> Table:
    """Add the package's sources that the scenario does not list itself."""
    base = default("sources")
    listed = set(own["id"])
    rows = [row for row, source in enumerate(base["id"]) if source not in listed]
    return joined(own, base.take(np.array(rows, np.intp)))
