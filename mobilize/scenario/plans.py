"""Rules about rates, projects and dates: what is planned can happen."""

from collections.abc import Iterator

import numpy as np

from mobilize.scenario import months
from mobilize.scenario.draft import Draft, needs
from mobilize.scenario.faults import Fault, Hints, shown
from mobilize.scenario.settings import Entry

_RATE_ORDER = (("msr", "rate_185"), ("rate_185", "rate_max"), ("start_rate", "rate_max"))
_END_OF_TIME = months.parse("9999-12") + 1
_PHASES = ("fund", "build", "equip", "qualify", "ramp")


def rate_order(draft: Draft) -> Iterator[Fault]:
    """Check that msr, rate_185 and rate_max stand in order, and start_rate below the last."""
    lines = draft["lines"]
    for lower, upper in _RATE_ORDER:
        for row in np.flatnonzero(lines[lower] > lines[upper]).tolist():
            problem = f"{lines[lower][row]:g} is above {upper} {lines[upper][row]:g}"
            yield draft.fault("lines", row, lower, problem, f"at most {upper}")


def unqualified_lines_stand_still(draft: Draft) -> Iterator[Fault]:
    """Check that a line without qualified equipment makes nothing at the start."""
    for row, rate, qualified in draft.rows("lines", "start_rate", "qualified"):
        if qualified == "no" and rate > 0:
            problem = f"{rate:g} a month from a line that is not qualified"
            yield draft.fault("lines", row, "start_rate", problem, "0, or qualified yes")


def projects_fit_their_lines(draft: Draft) -> Iterator[Fault]:
    """Check that more capacity goes to a line that is qualified."""
    qualified = draft["lines"]["qualified"]
    for row, line, kind in draft.rows("projects", "line", "kind"):
        if kind == "capacity" and line in draft.lines and qualified[draft.lines[line]] == "no":
            problem = f"capacity for {shown(line)}, which is not qualified"
            yield draft.fault("projects", row, "kind", problem, "new_source, or a qualified line")


def projects_take_time(draft: Draft) -> Iterator[Fault]:
    """Check that at least one phase of a project lasts a month."""
    for row, *phases in draft.rows("projects", *_PHASES):
        if not any(phases):
            allowed = f"at least one month in {', '.join(_PHASES)}"
            yield draft.fault("projects", row, "build", "every phase lasts 0 months", allowed)


def parameter_ranges(draft: Draft) -> Iterator[Fault]:
    """Check that a parameter lies within its own range."""
    for row, value, low, high in draft.rows("parameters", "value", "low", "high"):
        if draft["parameters"].file_rows[row] and (value < low or value > high or low > high):
            allowed = "low <= value <= high"
            problem = f"{value:g} lies outside {low:g} to {high:g}"
            yield draft.fault("parameters", row, "value", problem, allowed)


def run_of(draft: Draft) -> tuple[int, int] | None:
    """Return the first month of the run and the month after its last, where they are sound."""
    start, horizon = draft.settings.top.get("start"), draft.settings.top.get("horizon")
    if start is None or horizon is None or start + horizon > _END_OF_TIME:
        return None
    return start, start + horizon


def span(run: tuple[int, int]) -> str:
    """Say in words which months a run has."""
    return f"a month of the run, {months.label(run[0])} to {months.label(run[1] - 1)}"


def the_calendar_ends(draft: Draft) -> Iterator[Fault]:
    """Check that the run ends before the year 10000, as months are written with four digits."""
    top = draft.settings.top
    if top.values.get("start", 0) + top.values.get("horizon", 0) > _END_OF_TIME:
        yield top.fault("start", "the run ends after the year 9999", "an earlier start")


def hindcast_dates(draft: Draft) -> Iterator[Fault]:
    """Check that what is scored happens within the run."""
    run = run_of(draft)
    for row, date, scored in draft.rows("hindcast", "date", "scored"):
        if run and scored == "yes" and date >= 0 and not run[0] <= date < run[1]:
            problem = f"{months.label(date)} is outside the run and cannot be scored"
            yield draft.fault("hindcast", row, "date", problem, f"{span(run)}, or scored no")


def constraint_dates(draft: Draft) -> Iterator[Fault]:
    """Check that what bound in fact did so within the run."""
    run = run_of(draft)
    for row, date in draft.rows("constraints", "date"):
        if run and date >= 0 and not run[0] <= date < run[1]:
            problem = f"{months.label(date)} is outside the run"
            yield draft.fault("constraints", row, "date", problem, span(run))


def conflict_dates(draft: Draft) -> Iterator[Fault]:
    """Check that a use ends no earlier than it begins, and some of it falls in the run."""
    run = run_of(draft)
    for use in draft.settings.uses:
        first, last = use.get("from"), use.get("to")
        if first is None or last is None:
            continue
        if first > last:
            problem = f"{months.label(last)} is before from = {months.label(first)}"
            yield use.fault("to", problem, f"{months.label(first)} or later")
        elif run and (first >= run[1] or last < run[0]):
            yield use.fault("from", "none of the use falls in the run", span(run))


def wars_fall_in_the_run(draft: Draft) -> Iterator[Fault]:
    """Check that some of a war that breaks out by date falls in the run."""
    run = run_of(draft)
    for conflict in draft.settings.conflicts:
        first, phases = conflict.get("outbreak"), draft.settings.phases
        lengths = [phase.get("months") for phase in phases if phase.owner == conflict.name]
        if run is None or not isinstance(first, int) or not lengths or None in lengths:
            continue
        last = first + sum(lengths) - 1
        if first >= run[1] or last < run[0]:
            problem = f"none of the war, {months.label(first)} to {months.label(last)}, falls in"
            yield conflict.fault("outbreak", f"{problem} the run", span(run))


def objective_dates(draft: Draft) -> Iterator[Fault]:
    """Check that an objective falls in the run, and is either a stock or a rate of deliveries."""
    run = run_of(draft)
    for entry in draft.settings.objectives:
        month = entry.get("month")
        if run and month is not None and not run[0] <= month < run[1]:
            yield entry.fault("month", f"{months.label(month)} is outside the run", span(run))
        given = [key for key in ("stock", "deliveries") if entry.values.get(key, 0) is not None]
        if len(given) != 1:
            problem = "both are given" if given else "neither is given"
            yield entry.fault("stock", problem, "either stock = number or deliveries = number")


def repeated_entries(draft: Draft) -> Iterator[Fault]:
    """Check that no two conflicts, disturbances, events, hazards or sets have the same id."""
    settings = draft.settings
    lists = (settings.conflicts, settings.disturbances, settings.events, settings.hazards)
    for entries in (*lists, settings.sets):
        first: dict[str, Entry] = {}
        for entry in entries:
            identity = entry.get("id")
            other = first.setdefault(identity, entry) if identity else entry
            if other is not entry:
                problem = f"{shown(identity)} is the id of {other.name} too"
                yield entry.fault("id", problem, "an id of its own")


@needs("programs")
def settings_name_programs(draft: Draft) -> Iterator[Fault]:
    """Check that conflicts, sets and objectives name programs that exist."""
    hints = Hints(draft.programs)
    allowed = "an id of programs.csv"
    for entry in draft.settings:
        named = [(entry.get(key), key) for key in ("program", "instead")]
        named += [(program, "parts") for program in entry.get("parts") or {}]
        for program, key in named:
            if program is not None and program not in draft.programs:
                yield entry.fault(key, f"unknown id {shown(program)}{hints(program)}", allowed)
