"""The money that a team gives out in a step: what is left of it bounds what may be set."""

from __future__ import annotations

from collections.abc import Iterable

from mobilize.scenario import Scenario
from policies.levers import catalogue
from policies.package import Setting

UNIT = "MUSD"


def given_out(scenario: Scenario, settings: Iterable[Setting]) -> float:
    """Return the MUSD of settings: amounts of money, and projects that are named to be begun."""
    projects = scenario.tables["projects"]
    costs = dict(zip(map(str, projects["id"]), map(float, projects["cost"]), strict=True))
    total = 0.0
    for one in settings:
        lever = catalogue()[one.lever]
        if lever.setting == "amount" and lever.unit == UNIT:
            total += float(one.value)
        elif lever.target == "projects" and lever.begins:
            total += costs.get(one.target, 0.0) if one.value == "on" else 0.0
    return total
