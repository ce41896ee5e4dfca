"""The kinds of program turned into arrays: fleets and depots, milestones and partners.

A production program needs nothing beyond :mod:`mobilize.network`. Depots stand in the order of
fleets, milestones and partners in the order of developments, each in the order of its rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mobilize.columns import lookup, refer, starts
from mobilize.network import Floats, Ints
from mobilize.scenario import by_content

if TYPE_CHECKING:
    from mobilize.scenario import Scenario, Table

Rows = NDArray[np.intp]
Arrays = dict[str, NDArray[np.generic]]

KINDS = ("production", "sustainment", "development")
PRODUCTION, SUSTAINMENT, DEVELOPMENT = range(len(KINDS))
YEAR = 12


@dataclass(frozen=True)
class Parts:
    """Rows of the tables in the order of the arrays."""

    fleets: tuple[str, ...]  # program of each fleet
    developments: tuple[str, ...]  # program of each development
    depots: Rows
    milestones: Rows
    partners: Rows


def ordered_parts(scenario: Scenario) -> Parts:
    """Return which fleets and developments there are, and the rows of what belongs to them."""
    tables = scenario.tables
    programs = tables["programs"]
    fleets = tuple(str(i) for i in tables["fleets"]["program"])
    developments = tuple(str(i) for i in programs["id"][programs["kind"] == "development"])
    return Parts(
        fleets,
        developments,
        _rows(tables["depots"], fleets),
        _rows(tables["milestones"], developments),
        _rows(tables["partners"], developments),
    )


@by_content()
def awaited(scenario: Scenario) -> NDArray[np.bool_]:
    """Return which projects a milestone starts, shape (projects,): nobody else may."""
    waiting = set(scenario.tables["milestones"]["then"]) - {""}
    ids = scenario.tables["projects"]["id"]
    return np.fromiter((i in waiting for i in ids), np.bool_, len(ids))


def program_parts(scenario: Scenario) -> Arrays:
    """Return the arrays of fleets (`f_`), depots (`d_`) and developments (`v_`, `m_`, `n_`)."""
    found = ordered_parts(scenario)
    tables = scenario.tables
    kinds = [KINDS.index(kind) for kind in tables["programs"]["kind"]]
    return {
        "p_kind": np.array(kinds, dtype=np.int32),
        **_fleets(scenario, found),
        **_depots(scenario, found),
        **_developments(scenario, found),
    }


def spares_use(scenario: Scenario) -> Floats:
    """Return the spares each program uses a month in peacetime, shape (programs,), units.

    The failures of its fleet times the spares of a repair; nothing where there is no fleet.
    """
    tables = scenario.tables
    fleets, depots = tables["fleets"], tables["depots"]
    use = np.zeros(len(tables["programs"]))
    place = lookup(tuple(tables["programs"]["id"]))
    for program, fielded, failures in zip(
        fleets["program"], fleets["fielded"], fleets["failures"], strict=True
    ):
        mine = depots["program"] == program
        each = float(np.sum(depots["share"][mine] * depots["parts"][mine]))
        use[place[program]] = fielded * failures / YEAR * each
    return use


def _fleets(scenario: Scenario, found: Parts) -> Arrays:
    tables = scenario.tables
    fleets = tables["fleets"]
    return {
        "f_program": refer(fleets["program"], lookup(tuple(tables["programs"]["id"]))),
        "f_fielded": fleets["fielded"],
        "f_unserviceable": fleets["unserviceable"],
        "f_failures": fleets["failures"],
        "f_depots": starts(
            _owners(tables["depots"], found.depots, found.fleets), len(found.fleets)
        ),
    }


def _depots(scenario: Scenario, found: Parts) -> Arrays:
    tables = scenario.tables
    depots, rows = tables["depots"].take(found.depots), found.depots
    return {
        "d_fleet": _owners(tables["depots"], rows, found.fleets),
        "d_country": refer(depots["country"], lookup(tuple(tables["countries"]["id"]))),
        "d_theatre": depots["place"] == "theatre",
        "d_capacity": depots["capacity"],
        "d_turnaround": depots["turnaround"].astype(np.float64),
        "d_transit": depots["transit"].astype(np.int32),
        "d_share": depots["share"],
        "d_parts": depots["parts"],
        "d_cost": depots["cost"],
    }


def _developments(scenario: Scenario, found: Parts) -> Arrays:
    tables = scenario.tables
    programs = tables["programs"]
    milestones = tables["milestones"].take(found.milestones)
    partners = tables["partners"].take(found.partners)
    projects = {"": -1} | lookup(tuple(tables["projects"]["id"]))
    first = _owners(tables["milestones"], found.milestones, found.developments)
    payers = _owners(tables["partners"], found.partners, found.developments)
    return {
        "v_program": refer(
            np.array(found.developments, dtype=object), lookup(tuple(programs["id"]))
        ),
        "v_milestones": starts(first, len(found.developments)),
        "v_partners": starts(payers, len(found.developments)),
        "m_months": milestones["months"],
        "m_cost": milestones["cost"] * 1000,
        "m_spread": milestones["spread"],
        "m_then": np.array([projects[str(j)] for j in milestones["then"]], dtype=np.int32),
        "n_country": refer(partners["country"], lookup(tuple(tables["countries"]["id"]))),
        "n_share": partners["share"],
        "n_volatility": partners["volatility"],
    }


def _owners(table: Table, rows: Rows, owners: tuple[str, ...]) -> Ints:
    """Return the position of each row's program among the owners."""
    return refer(table["program"][rows], lookup(owners))


def _rows(table: Table, owners: tuple[str, ...]) -> Rows:
    """Return the rows of a table in the order of their owners, then as they stand."""
    owner = _owners(table, np.arange(len(table)), owners)
    return np.argsort(owner, kind="stable")
