"""What a lever may be aimed at in a scenario."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from mobilize.columns import line_country
from mobilize.network import HOME
from mobilize.scenario import Scenario, by_content
from policies.levers import ALL, Lever

Rule = Callable[[Scenario], np.ndarray]


def targets(lever: Lever, scenario: Scenario) -> tuple[str, ...]:
    """Return the ids that a lever may be aimed at."""
    return _targets(scenario, lever.target, lever.only)


@by_content()
def _targets(scenario: Scenario, name: str, only: str) -> tuple[str, ...]:
    table = scenario.tables[name]
    chosen = np.ones(len(table), np.bool_) if only == ALL else RULES[only](scenario)
    return tuple(str(i) for i in table["id"][chosen])


def _partners(scenario: Scenario) -> np.ndarray:
    """Return the other countries, less those whose policy is wholly opposed."""
    table = scenario.tables["countries"]
    return np.asarray((table["id"] != HOME) & (table["alignment"] > 0))


def _is(scenario: Scenario, table: str, column: str, *words: str) -> np.ndarray:
    return np.isin(scenario.tables[table][column], words)


def _without_arrangement(scenario: Scenario) -> np.ndarray:
    return np.asarray(_partners(scenario) & _is(scenario, "countries", "sosa", "no"))


def _without_memorandum(scenario: Scenario) -> np.ndarray:
    return np.asarray(_partners(scenario) & _is(scenario, "countries", "rdp_mou", "no"))


def _without_exemption(scenario: Scenario) -> np.ndarray:
    return np.asarray(_partners(scenario) & _is(scenario, "countries", "itar_exemption", "none"))


def _foreign_programs(scenario: Scenario) -> np.ndarray:
    return np.asarray(scenario.tables["programs"]["country"] != HOME)


def _home_programs(scenario: Scenario) -> np.ndarray:
    return np.asarray(scenario.tables["programs"]["country"] == HOME)


def _across_a_border(scenario: Scenario) -> np.ndarray:
    return np.asarray(
        _foreign_programs(scenario) & _is(scenario, "programs", "channel", "fms", "dcs")
    )


def _domestic_sources(scenario: Scenario) -> np.ndarray:
    """Lines at home, and where the law counts a country as domestic or may come to."""
    table, at = scenario.tables["countries"], line_country(scenario)
    may = _is(scenario, "countries", "title3", "yes") | _is(scenario, "countries", "sosa", "yes")
    allowed = {HOME, *(str(c) for c in table["id"][may])}
    return np.array([at[str(line)] in allowed for line in scenario.tables["lines"]["id"]], np.bool_)


def _projects_at_home(scenario: Scenario) -> np.ndarray:
    at = line_country(scenario)
    return np.array(
        [at[str(line)] == HOME for line in scenario.tables["projects"]["line"]], np.bool_
    )


def _undecided(scenario: Scenario) -> np.ndarray:
    """Return the options, and what history decided only after the start."""
    decided = scenario.tables["projects"]["decided"]
    return np.asarray((decided < 0) | (decided > scenario.start))


def _for_materials(scenario: Scenario) -> np.ndarray:
    items, lines = scenario.tables["items"], scenario.tables["lines"]
    materials = set(items["id"][items["kind"] == "material"])
    made = dict(zip(lines["id"], lines["item"], strict=True))
    of = [made[line] in materials for line in scenario.tables["projects"]["line"]]
    return np.asarray(_undecided(scenario) & np.array(of, np.bool_))


def _new_sources(scenario: Scenario) -> np.ndarray:
    return np.asarray(scenario.tables["projects"]["kind"] == "new_source") & _undecided(scenario)


def _sources_abroad(scenario: Scenario) -> np.ndarray:
    return np.asarray(_new_sources(scenario) & ~_projects_at_home(scenario))


def _sources_at_home(scenario: Scenario) -> np.ndarray:
    return np.asarray(_new_sources(scenario) & _projects_at_home(scenario))


def _idle_lines(scenario: Scenario) -> np.ndarray:
    """Lines that work already and have a route that is not yet qualified."""
    routes, lines = scenario.tables["routes"], scenario.tables["lines"]
    closed = set(routes["supplier"][routes["qualified"] == "no"])
    waiting = np.array([line in closed for line in lines["id"]], np.bool_)
    return np.asarray(waiting & (lines["qualified"] == "yes"))


def _developments(scenario: Scenario) -> np.ndarray:
    return np.asarray(scenario.tables["programs"]["kind"] == "development")


RULES: dict[str, Rule] = {
    "partners": _partners,
    "partners without an arrangement": _without_arrangement,
    "partners without a memorandum": _without_memorandum,
    "partners without an exemption": _without_exemption,
    "home programs": _home_programs,
    "developments": _developments,
    "sales across a border": _across_a_border,
    "lines of possible domestic sources": _domestic_sources,
    "projects at home": _projects_at_home,
    "undecided projects": _undecided,
    "undecided projects for materials": _for_materials,
    "new sources": _new_sources,
    "new sources abroad": _sources_abroad,
    "new sources at home": _sources_at_home,
    "plants with spare skill and an unqualified route": _idle_lines,
}
