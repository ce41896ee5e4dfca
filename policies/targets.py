"""What a lever may be aimed at in a scenario."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from mobilize.network import HOME
from mobilize.scenario import Scenario
from policies.levers import Lever

Rule = Callable[[Scenario], np.ndarray]


def targets(lever: Lever, scenario: Scenario) -> list[str]:
    """Return the ids that a lever may be aimed at."""
    table = scenario.tables[lever.target]
    chosen = RULES[lever.only](scenario) if lever.only else np.ones(len(table), np.bool_)
    return [str(i) for i in table["id"][chosen]]


def _partners(scenario: Scenario) -> np.ndarray:
    return np.asarray(scenario.tables["countries"]["id"] != HOME)


def _foreign_programs(scenario: Scenario) -> np.ndarray:
    return np.asarray(scenario.tables["programs"]["country"] != HOME)


def _home_programs(scenario: Scenario) -> np.ndarray:
    return np.asarray(scenario.tables["programs"]["country"] == HOME)


def _fms_programs(scenario: Scenario) -> np.ndarray:
    return np.asarray(scenario.tables["programs"]["channel"] == "fms")


def _line_country(scenario: Scenario) -> dict[str, str]:
    firms, lines = scenario.tables["firms"], scenario.tables["lines"]
    at = dict(zip(firms["id"], firms["country"], strict=True))
    return {str(line): str(at[f]) for line, f in zip(lines["id"], lines["firm"], strict=True)}


def _undecided(scenario: Scenario) -> np.ndarray:
    return np.asarray(scenario.tables["projects"]["decided"] < 0)


def _new_sources(scenario: Scenario) -> np.ndarray:
    return np.asarray(scenario.tables["projects"]["kind"] == "new_source") & _undecided(scenario)


def _sources_abroad(scenario: Scenario) -> np.ndarray:
    at = _line_country(scenario)
    abroad = [at[str(line)] != HOME for line in scenario.tables["projects"]["line"]]
    return np.asarray(_new_sources(scenario) & np.array(abroad, np.bool_))


def _sources_at_home(scenario: Scenario) -> np.ndarray:
    return np.asarray(_new_sources(scenario) & ~_sources_abroad(scenario))


def _idle_lines(scenario: Scenario) -> np.ndarray:
    """Lines that work already and have a route that is not yet qualified."""
    routes, lines = scenario.tables["routes"], scenario.tables["lines"]
    closed = set(routes["supplier"][routes["qualified"] == "no"])
    waiting = np.array([line in closed for line in lines["id"]], np.bool_)
    return np.asarray(waiting & (lines["qualified"] == "yes"))


RULES: dict[str, Rule] = {
    "partners": _partners,
    "foreign programs": _foreign_programs,
    "home programs": _home_programs,
    "programs under foreign military sales": _fms_programs,
    "undecided projects": _undecided,
    "new sources": _new_sources,
    "new sources abroad": _sources_abroad,
    "new sources at home": _sources_at_home,
    "plants with spare skill and an unqualified route": _idle_lines,
}
