"""What a study asks of each run: its [[outcome]] tables, read and checked.

The figures themselves are worked out in :mod:`experiments.outcome`, from the measures of
:mod:`experiments.measurable`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any, get_args

from experiments.measurable import ALL, MEASURES, MUSD, OWN, YES_OR_NO, Goal, Measure
from experiments.outcome import (
    AT_MOST,
    COUNTS,
    DEFAULT,
    HOWS,
    UNTIL,
    YEAR,
    Outcome,
    figure,
    series,
    smoothed,
)
from mobilize.compare import ACCOUNTS
from mobilize.model import compiled
from mobilize.scenario import Scenario, months
from mobilize.scenario.faults import hint, listed, shown

__all__ = ["MEASURES", "Outcome", "figure", "read_outcomes", "series"]

KEYS = ("name", "title", "measure", "of", "how", "from", "to", "goal", "acceptable", "level")
NAME = re.compile(r"[a-z][a-z0-9_-]*")
TAKEN = ("run", "point", "replication", "world", "package", "status", "error", "block", "row")


def read_outcomes(
    rows: list[dict[str, Any]], scenario: Scenario, length: int
) -> tuple[tuple[Outcome, ...], list[str]]:
    """Read the [[outcome]] tables of a study.

    Parameters
    ----------
    rows : list of dict
        As TOML gives them.
    length : int
        Months of a run.

    Returns
    -------
    tuple
        The outcomes without fault, and every fault with the number of its table.
    """
    found: list[Outcome] = []
    faults: list[str] = []
    names: dict[str, int] = {}
    for n, row in enumerate(rows, 1):
        if not isinstance(row, dict):
            faults.append(f"[[outcome]] {n}: not a table; write it as [[outcome]]")
            continue
        wrong = list(_faults(row, scenario, length))
        name = row.get("name")
        if isinstance(name, str) and names.setdefault(name, n) != n:
            wrong.append(f"key 'name': {shown(name)} is the name of [[outcome]] {names[name]} too")
        faults += [f"[[outcome]] {n}: {fault}" for fault in wrong]
        if not wrong:
            found.append(_outcome(row, scenario, length))
    return tuple(found), faults


def _outcome(row: dict[str, Any], scenario: Scenario, length: int) -> Outcome:
    """Return the outcome of a table without fault."""
    measure: Measure = MEASURES[row["measure"]]
    of = row.get("of", _usual_of(measure, scenario))
    how = row.get("how", DEFAULT[measure.kind])
    level = float(row["level"]) if "level" in row else _usual_level(measure, of, how, scenario)
    first = _month(row.get("from", 0), scenario)
    last = _month(row.get("to", length - 1), scenario)
    acceptable = float(row["acceptable"]) if "acceptable" in row else None
    unit = _unit(measure, of, how, last + 1 - first, scenario)
    title = row.get("title") or _title(measure, of, how, first, last, level, scenario)
    goal: Goal = row["goal"] if "goal" in row else _usual_goal(measure, how)
    return Outcome(
        row["name"], title, measure.name, of, how, first, last, unit, goal, acceptable, level
    )


def _usual_of(measure: Measure, scenario: Scenario) -> str:
    """Return what a measure is of unless told: all, or the only one there is."""
    known = measure.of(scenario)
    return known[0] if ALL in known or len(known) == 1 else ""


def _usual_goal(measure: Measure, how: str) -> Goal:
    """Return which way is better: soon where more is better, and the other way round."""
    if measure.goal is None:
        raise ValueError(f"which way of {measure.name} is better must be told")
    if how.startswith(UNTIL) == how.endswith(AT_MOST):
        return measure.goal
    return "less" if measure.goal == "more" else "more"


def _usual_level(measure: Measure, of: str, how: str, scenario: Scenario) -> float | None:
    """Return the level unless told: for milestones all of them, so that the item is qualified."""
    if how not in COUNTS or measure.name != "milestones":
        return None
    net, ids = compiled(scenario)
    place = ids.developments.index(of)
    return float(net.v_milestones[place + 1] - net.v_milestones[place])


def _item_unit(of: str, scenario: Scenario) -> str:
    """Return the unit in which a program or an item is counted; of all, by cost."""
    if of == ALL:
        return MUSD
    net, ids = compiled(scenario)
    item = net.p_item[ids.programs.index(of)] if of in ids.programs else ids.items.index(of)
    return str(scenario.tables["items"]["unit"][item])


def _unit(measure: Measure, of: str, how: str, length: int, scenario: Scenario) -> str:
    """Return the unit of a figure, as people read it."""
    if how.startswith(UNTIL):
        return f"months ({length} if never)"
    if how in COUNTS:
        return YES_OR_NO if how == "ever" else "share of months"
    unit = _item_unit(of, scenario) if measure.unit == OWN else measure.unit
    return f"{unit} a month" if measure.kind == "flow" and how != "sum" else unit


def _title(
    measure: Measure, of: str, how: str, first: int, last: int, level: float | None,
    scenario: Scenario,
) -> str:  # fmt: skip
    """Return words for an outcome that has no title."""
    words = measure.words.format(of=_called(measure, of, scenario))
    span = f"{months.label(scenario.start + first)} to {months.label(scenario.start + last)}"
    against = ""
    if how in COUNTS and (level is not None or measure.unit != YES_OR_NO):
        against = " above zero" if level is None else f" {level:g}"
        if level is not None and not how.endswith(AT_MOST):
            against = f" at least{against}"
        if smoothed(measure.name, how, level):
            against += " (mean of 12 months)"
    return f"{words[:1].upper()}{words[1:]}, {how}{against}, {span}"


def _called(measure: Measure, of: str, scenario: Scenario) -> str:
    """Return the name of what is measured, for people."""
    if measure.name == "paid":
        return "everything" if of == ALL else ACCOUNTS[of]
    if of == ALL:
        return "all end items"
    for table in ("programs", "items"):
        place = scenario.tables[table].index().get(of)
        if place is not None:
            return str(scenario.tables[table]["name"][place])
    return of


def _month(given: int | str, scenario: Scenario) -> int:
    """Return a month since the start from a number or a date without fault."""
    return given if isinstance(given, int) else months.parse(given) - scenario.start


def _faults(row: dict[str, Any], scenario: Scenario, length: int) -> Iterator[str]:
    """Yield what is wrong with one table, all of it."""
    for key in row:
        if key not in KEYS:
            yield f"unknown key {shown(key)}{hint(key, KEYS)}; allowed: {listed(KEYS)}"
    yield from _name_faults(row)
    if "goal" in row and row["goal"] not in get_args(Goal):
        yield f"key 'goal': {shown(row['goal'])} is neither; allowed: more, less"
    for key in ("acceptable", "level"):
        if key in row and not _is_number(row[key]):
            yield f"key '{key}': {shown(row[key])} is not a number; write it without quotes"
    spoilt = list(_window_faults(row, scenario, length))
    yield from spoilt
    name = row.get("measure")
    if name is None:
        yield f"key 'measure' is missing; allowed: {listed(MEASURES)}"
    elif not isinstance(name, str) or name not in MEASURES:
        near = hint(str(name), MEASURES)
        yield f"key 'measure': {shown(name)} is unknown{near}; allowed: {listed(MEASURES)}"
    else:
        yield from _measure_faults(MEASURES[name], row, scenario)
        if not spoilt:
            yield from _smooth_faults(MEASURES[name], row, scenario, length)


def _name_faults(row: dict[str, Any]) -> Iterator[str]:
    name = row.get("name")
    if name is None:
        yield "key 'name' is missing: a word for the column of its figures, such as 'unmet'"
    elif not isinstance(name, str) or not NAME.fullmatch(name):
        yield (f"key 'name': {shown(name)} is not a name; allowed: small letters, digits, - and _, "
               "a letter first")  # fmt: skip
    elif name in TAKEN:
        yield f"key 'name': {shown(name)} is the name of another column; choose a different one"
    title = row.get("title", "title")
    if not isinstance(title, str) or not title.strip():
        yield f"key 'title': {shown(title)} is not a text in quotes"


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _window_faults(row: dict[str, Any], scenario: Scenario, length: int) -> Iterator[str]:
    """Yield what is wrong with the months of a window."""
    start = scenario.start
    allowed = f"0 to {length - 1}, or {months.label(start)} to {months.label(start + length - 1)}"
    found = {}
    for key in ("from", "to"):
        given = row.get(key, 0 if key == "from" else length - 1)
        try:
            whole = isinstance(given, str) or (isinstance(given, int) and given is not True
                                               and given is not False)  # fmt: skip
            found[key] = _month(given, scenario) if whole else None
        except ValueError:
            found[key] = None
        month = found[key]
        if month is None:
            yield f"key '{key}': {shown(given)} is not a month; allowed: {allowed}"
        elif not 0 <= month < length:
            yield f"key '{key}': {shown(given)} is outside the run; allowed: {allowed}"
    first, last = found["from"], found["to"]
    if first is not None and last is not None and 0 <= last < first < length:
        yield f"key 'to': {shown(row.get('to'))} comes before 'from'; allowed: the same or later"


def _measure_faults(measure: Measure, row: dict[str, Any], scenario: Scenario) -> Iterator[str]:
    """Yield what is wrong with what is measured, and how."""
    lacks = measure.lacks(scenario)
    if lacks:
        yield f"key 'measure': scenario {scenario.name} has no '{measure.name}': {lacks}"
    else:
        yield from _of_faults(measure, row, scenario)
    allowed = HOWS[measure.kind]
    how = row.get("how", DEFAULT[measure.kind])
    if how not in allowed:
        near = hint(how, allowed) if isinstance(how, str) else ""
        told = f"{shown(how)} is not for '{measure.name}'{near}"
        yield f"key 'how': {told}; allowed: {listed(allowed)}"
        return
    if "level" in row and how not in COUNTS:
        yield f"key 'level' says nothing with how = '{how}'; it is for {listed(COUNTS)}"
    if "level" not in row and how.endswith(AT_MOST):
        yield f"key 'level' is missing: how = '{how}' compares with it"
    if measure.goal is None and "goal" not in row:
        yield (f"key 'goal' is missing: whether more or less of '{measure.name}' is better depends "
               "on the question")  # fmt: skip


def _of_faults(measure: Measure, row: dict[str, Any], scenario: Scenario) -> Iterator[str]:
    known = measure.of(scenario)
    of = row.get("of", _usual_of(measure, scenario))
    if not known:
        if "of" in row:
            yield f"key 'of': '{measure.name}' is of the whole, not of {shown(of)}; leave it out"
    elif "of" not in row and not of:
        yield f"key 'of' is missing: '{measure.name}' is of one of {listed(known)}"
    elif not isinstance(of, str) or of not in known:
        near = hint(of, known) if isinstance(of, str) else ""
        yield f"key 'of': {shown(of)} has no '{measure.name}'{near}; allowed: {listed(known)}"


def _smooth_faults(
    measure: Measure, row: dict[str, Any], scenario: Scenario, length: int
) -> Iterator[str]:
    """Yield a fault where a mean of twelve months is asked for and never complete."""
    how, level = row.get("how", ""), row.get("level")
    last = _month(row.get("to", length - 1), scenario)
    if isinstance(how, str) and smoothed(measure.name, how, level) and last < YEAR - 1:
        yield (f"key 'to': how = '{how}' takes means of {YEAR} months of '{measure.name}', so the "
               f"window must end in month {YEAR - 1} or later")  # fmt: skip
