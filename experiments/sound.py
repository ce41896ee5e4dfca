"""A varied scenario made sound: what the checks of a scenario ask of figures together.

Figures are moved one by one, by their own confidence. Where two of them would then contradict
each other, the one that says what is possible gives way to the one that says what is done.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mobilize.scenario import Phase, Scenario, Table, by_content

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]


def sound(varied: Scenario, base: Scenario) -> Scenario:
    """Return a varied scenario whose figures fit together as those of its base do."""
    new: dict[str, Any] = {}
    tables = dict(varied.tables)
    if any(varied.tables[name] is not base.tables[name] for name in ("lines", "bom")):
        tables["lines"] = _balanced(varied, base)
    if varied.tables["fleets"] is not base.tables["fleets"]:
        tables["fleets"] = _in_numbers(varied.tables["fleets"])
    if varied.phases is not base.phases:
        new["phases"] = _reaching(varied)
    return replace(varied, tables=tables, **new)


def _with(table: Table, **columns: Floats) -> Table:
    return Table(table.name, table.columns | columns, table.file_rows)


def _balanced(varied: Scenario, base: Scenario) -> Table:
    """Return lines that can make what they make, and what is asked of them, at the start."""
    lines = varied.tables["lines"]
    start, feeds = lines["start_rate"], _feeds(base)
    asked = lines["civil_share"] * start
    drawn = feeds.share * start[feeds.buyer] * varied.tables["bom"]["quantity"][feeds.bom]
    asked = asked + np.bincount(feeds.supplier, drawn, len(lines))
    most = np.maximum(lines["rate_max"], np.maximum(start, asked))
    usual = np.minimum(lines["rate_185"], most)
    return _with(lines, rate_max=most, rate_185=usual, msr=np.minimum(lines["msr"], usual))


@dataclass(frozen=True, slots=True, eq=False)
class _Feeds:
    """Qualified routes to lines: rows of supplier and buyer, of the bill of material, shares."""

    supplier: Rows
    buyer: Rows
    bom: Rows
    share: Floats


@by_content(16)
def _feeds(scenario: Scenario) -> _Feeds:
    lines, routes = scenario.tables["lines"], scenario.tables["routes"]
    place, made = lines.index(), lines["item"].tolist()
    needs = {key: row for row, key in enumerate(scenario.tables["bom"].keys())}
    found = []
    for row in routes.rows():
        buyer, supplier = place.get(row["buyer"]), place[row["supplier"]]
        if buyer is not None and row["qualified"] == "yes":
            need = needs[f"{made[buyer]}>{made[supplier]}"]
            found.append((supplier, buyer, need, row["share"]))
    columns = np.array(found, np.float64).reshape(-1, 4).T
    supplier, buyer, bom = columns[:3].astype(np.intp)
    return _Feeds(supplier, buyer, bom, columns[3])


def _in_numbers(fleets: Table) -> Table:
    """Return fleets of which no more is unserviceable than fielded."""
    return _with(fleets, unserviceable=np.minimum(fleets["unserviceable"], fleets["fielded"]))


def _reaching(scenario: Scenario) -> tuple[Phase, ...]:
    """Return phases long enough for a war that began before the run to reach into it."""
    phases = list(scenario.phases)
    for conflict in scenario.conflicts:
        mine = [n for n, phase in enumerate(phases) if phase.conflict == conflict.id]
        if not mine or not isinstance(conflict.outbreak, int):
            continue
        length = sum(phases[n].months for n in mine)
        short = scenario.start - conflict.outbreak + 1 - length
        if short > 0:
            last = phases[mine[-1]]
            phases[mine[-1]] = replace(last, months=last.months + short)
    return tuple(phases)
