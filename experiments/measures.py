"""Outcomes of one run: a measure, of something, over a window of months, as one figure."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, get_args

import numpy as np

from experiments.measurable import ALL, MEASURES, MUSD, OWN, Goal, Measure
from mobilize.model import Model, compiled
from mobilize.scenario import Scenario, months
from mobilize.scenario.faults import hint, listed, shown
from mobilize.state import EPS, Floats

YEAR = 12
KEYS = ("name", "title", "measure", "of", "how", "from", "to", "goal", "acceptable", "level")
NAME = re.compile(r"[a-z][a-z0-9_-]*")
TAKEN = ("run", "point", "replication", "world", "package", "status", "error", "block", "row")
AT_MOST = " at most"  # ends the name of a way that counts months at or below the level
UNTIL = "months until"
SUMS: dict[str, Callable[[Floats], Any]] = {
    "sum": np.sum,
    "mean": np.mean,
    "last": lambda values: values[-1],
    "lowest": np.min,
    "highest": np.max,
}
COUNTS = ("ever", "share of months", f"share of months{AT_MOST}", UNTIL, f"{UNTIL}{AT_MOST}")
HOWS = {"flow": (*SUMS, *COUNTS), "stock": (*list(SUMS)[1:], *COUNTS)}
"""Ways from a series to a figure: what stands at the end of a month is not added up."""
DEFAULT = {"flow": "sum", "stock": "last"}


@dataclass(frozen=True)
class Outcome:
    """One figure of a run.

    `of` is empty for a measure of the whole; `first` and `last` are months since the start,
    inclusive; `goal` says which way is better, `acceptable` from where on it is good enough.
    `level` is what *ever*, *share of months* and *months until* compare with; None there means
    anything above zero.
    """

    name: str
    title: str
    measure: str
    of: str
    how: str
    first: int
    last: int
    unit: str
    goal: Goal
    acceptable: float | None = None
    level: float | None = None


def series(model: Model, outcome: Outcome) -> Floats:
    """Return the series behind an outcome, one value a month played, shape (months,).

    In the unit of the measure, of the whole run: the window does not count.
    """
    values: Floats = MEASURES[outcome.measure].take(model, outcome.of)
    return values


def figure(model: Model, outcome: Outcome) -> float:
    """Return the figure of an outcome's window.

    *months until* is the months before the level is reached, and the length of the window where
    it is not: its mean over runs is the restricted mean waiting time (Royston and Parmar 2013).
    Against a level, what happens in a month is taken there as the mean of the twelve months up to
    it, so that one large lot is no lasting rate; such a mean is there from the run's twelfth month.

    Raises
    ------
    ValueError
        If the run has not come to the end of the window.
    """
    values = series(model, outcome)
    if len(values) <= outcome.last:
        raise ValueError(
            f"outcome {outcome.name} needs {outcome.last + 1} months; the run has {len(values)}"
        )
    window = slice(outcome.first, outcome.last + 1)
    if outcome.how in SUMS:
        return float(SUMS[outcome.how](values[window]))
    reached = _reached(values, outcome)[window]
    if outcome.how.startswith(UNTIL):
        return float(reached.argmax() if reached.any() else len(reached))
    return float(reached.any() if outcome.how == "ever" else reached.mean())


def _reached(values: Floats, outcome: Outcome) -> np.ndarray:
    """Return in which months the level is reached, from below or (at most) from above."""
    if outcome.level is None:
        return np.asarray(values > EPS)
    if smoothed(outcome.measure, outcome.how, outcome.level):
        values = trailing_mean(values)
    slack = EPS * max(1.0, abs(outcome.level))
    if outcome.how.endswith(AT_MOST):
        return np.asarray(values <= outcome.level + slack)
    return np.asarray(values >= outcome.level - slack)


def smoothed(measure: str, how: str, level: float | None) -> bool:
    """Say whether a level is held against means of twelve months instead of single ones."""
    return level is not None and how.startswith(UNTIL) and MEASURES[measure].kind == "flow"


def trailing_mean(values: Floats) -> Floats:
    """Return the mean of the twelve months up to each; NaN before the twelfth.

    >>> trailing_mean(np.arange(13.0))[10:]
    array([nan, 5.5, 6.5])
    """
    means = np.full(len(values), np.nan)
    if len(values) >= YEAR:
        means[YEAR - 1 :] = np.convolve(values, np.full(YEAR, 1 / YEAR), "valid")
    return means


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
    measure = MEASURES[row["measure"]]
    of = row.get("of", _usual_of(measure, scenario))
    how = row.get("how", DEFAULT[measure.kind])
    level = float(row["level"]) if "level" in row else _usual_level(measure, of, how, scenario)
    first = _month(row.get("from", 0), scenario)
    last = _month(row.get("to", length - 1), scenario)
    acceptable = float(row["acceptable"]) if "acceptable" in row else None
    unit = _unit(measure, of, how, last + 1 - first, scenario)
    title = row.get("title") or _title(measure, of, how, first, last, level, scenario)
    goal = row.get("goal") or _usual_goal(measure, how)
    return Outcome(
        row["name"], title, measure.name, of, how, first, last, unit, goal, acceptable, level
    )


def _usual_of(measure: Measure, scenario: Scenario) -> str:
    """Return what a measure is of unless told: all, or the only one there is."""
    known = measure.of(scenario)
    return known[0] if ALL in known or len(known) == 1 else ""


def _usual_goal(measure: Measure, how: str) -> Goal | None:
    """Return which way is better: soon where more is better, and the other way round."""
    if measure.goal is None or how.startswith(UNTIL) == how.endswith(AT_MOST):
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
        return "yes or no" if how == "ever" else "share of months"
    unit = _item_unit(of, scenario) if measure.unit == OWN else measure.unit
    return f"{unit} a month" if measure.kind == "flow" and how != "sum" else unit


def _title(
    measure: Measure, of: str, how: str, first: int, last: int, level: float | None,
    scenario: Scenario,
) -> str:  # fmt: skip
    """Return words for an outcome that has no title."""
    words = measure.words.format(of=of)
    span = f"{months.label(scenario.start + first)} to {months.label(scenario.start + last)}"
    against = ""
    if how in COUNTS:
        against = " above zero" if level is None else f" {level:g}"
        if level is not None and not how.endswith(AT_MOST):
            against = f" at least{against}"
        if smoothed(measure.name, how, level):
            against += " (mean of 12 months)"
    return f"{words[:1].upper()}{words[1:]}, {how}{against}, {span}"


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
        yield f"key 'how': {shown(how)} is not for '{measure.name}'{near}; allowed: {listed(allowed)}"
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
