"""Rules about what goes wrong: disturbances, events, hazards name what exists and can happen."""

from collections.abc import Iterator

from mobilize.crises.kinds import BASE, FORMS, PLANTS, Kind, kinds
from mobilize.ladder import RUNGS
from mobilize.scenario import months
from mobilize.scenario.draft import Draft, needs
from mobilize.scenario.faults import Fault, Hints, hint, listed, shown
from mobilize.scenario.keys import METRICS
from mobilize.scenario.plans import run_of, span
from mobilize.scenario.settings import Entry

COMPARED = ("unmet", "stock", "metric")
"""Triggers that compare a figure with `below` or `above`."""

AFTER = "after"
"""The trigger that waits for another event."""


def disturbance_dates(draft: Draft) -> Iterator[Fault]:
    """Check that some of a disturbance falls in the run; without a date an event calls for it."""
    run = run_of(draft)
    called = {name for event in draft.settings.events for name in event.get("effects") or ()}
    for entry in draft.settings.disturbances:
        first, identity = entry.get("start"), entry.get("id")
        if "start" in entry.values and (first is None) == (identity not in called):
            problem = "neither a date nor an event" if first is None else "both a date and an event"
            yield entry.fault("start", f"{problem} brings it about", "start = month, or an event")
        length, recovery = _lasting(entry)
        if run is None or first is None or length is None or recovery is None:
            continue
        if first >= run[1] or first + max(1, length) + recovery <= run[0]:
            yield entry.fault("start", "none of the disturbance falls in the run", span(run))


def _lasting(entry: Entry) -> tuple[int | None, int | None]:
    of = kinds().get(str(entry.get("kind")))
    if of is None:
        return None, None
    length, recovery = entry.get("months"), entry.get("recovery")
    return (round(of.months.base) if length is None else length,
            round(of.recovery.base) if recovery is None else recovery)  # fmt: skip


@needs("lines", "countries", "routes", "firms", "items", "programs", "projects")
def disturbance_targets(draft: Draft) -> Iterator[Fault]:
    """Check that a disturbance strikes something that its kind can strike."""
    known = _Known(draft)
    for entry in draft.settings.disturbances:
        of = kinds().get(str(entry.get("kind")))
        target = entry.get("target")
        if of is not None and target is not None:
            yield from _unknown_target(known, entry, "target", of, of.targets, target)


@needs("lines", "countries", "routes", "firms", "items", "programs", "projects")
def hazard_targets(draft: Draft) -> Iterator[Fault]:
    """Check that a hazard strikes what its kind can strike, or lines of a country, item or firm."""
    known = _Known(draft)
    for entry in draft.settings.hazards:
        of = kinds().get(str(entry.get("kind")))
        if of is None:
            continue
        more = PLANTS if "line" in of.targets else ()
        forms = tuple(dict.fromkeys((*of.targets, *more)))
        for target in entry.get("targets") or ():
            yield from _unknown_target(known, entry, "targets", of, forms, target)


class _Known:
    """What targets of some forms may be in a scenario, found once; and hints at them."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._found: dict[tuple[str, ...], tuple[set[str], Hints]] = {}

    def __call__(self, forms: tuple[str, ...]) -> tuple[set[str], Hints]:
        """Return the targets of some forms, and their hints."""
        if forms not in self._found:
            names = {name for form in forms for name in _known(self._draft, form)}
            self._found[forms] = names, Hints(names)
        return self._found[forms]


def _unknown_target(
    known: _Known, entry: Entry, key: str, of: Kind, forms: tuple[str, ...], target: str
) -> Iterator[Fault]:
    names, hints = known(forms)
    if target not in names:
        problem = f"unknown target {shown(target)} of the {of.name}{hints(target)}"
        yield entry.fault(key, problem, ", or ".join(FORMS[form] for form in forms))


def _known(draft: Draft, form: str) -> set[str]:
    """Return what a form of target may be in this scenario."""
    if form == BASE:
        return {BASE}
    if form == "item@country":
        firms = dict(zip(draft["firms"]["id"], draft["firms"]["country"], strict=True))
        rows = draft.rows("lines", "item", "firm")
        return {f"{item}@{firms[firm]}" for _, item, firm in rows if firm in firms}
    if form == "route":
        return set(draft["routes"].keys())
    table = {"country": "countries"}.get(form, f"{form}s")
    return set(draft[table]["id"])


def severities(draft: Draft) -> Iterator[Fault]:
    """Check that a severity lies within the bounds of its kind."""
    for entry in draft.settings.disturbances:
        of, severity = kinds().get(str(entry.get("kind"))), entry.get("severity")
        if of is None or severity is None:
            continue
        low, high = of.bounds
        if not low <= severity <= high:
            allowed = f"{low:g} to {high:g} {of.unit}" if low < high else f"{low:g}, or none"
            yield entry.fault("severity", f"{severity:g} for the {of.name}", allowed)


def event_dates(draft: Draft) -> Iterator[Fault]:
    """Check that an event has a date in the run, or a trigger."""
    run = run_of(draft)
    for entry in draft.settings.events:
        if "when" not in entry.values or "trigger" not in entry.values:
            continue
        when, trigger = entry.get("when"), entry.get("trigger")
        if (when is None) == (trigger is None):
            problem = "neither is given" if when is None else "both are given"
            yield entry.fault("when", problem, "either when = month or trigger = { on = ... }")
        if run and when is not None and not run[0] <= when < run[1]:
            yield entry.fault("when", f"{months.label(when)} is outside the run", span(run))


def _measured(draft: Draft, on: str) -> bool:
    """Return whether a scenario has what its deterrence is measured by, and for a rung whose."""
    settings = draft.settings
    reference = any(entry.get("need_days") is not None for entry in settings.conflicts)
    return reference and (on == "metric" or bool(settings.challenger))


@needs("programs")
def triggers(draft: Draft) -> Iterator[Fault]:
    """Check that a trigger names something that can come about."""
    known = {
        "unmet": set(draft.programs),
        "stock": set(draft.programs),
        "conflict": {entry.get("id") for entry in draft.settings.conflicts},
        AFTER: {entry.get("id") for entry in draft.settings.events},
        "metric": set(METRICS),
        "rung": set(RUNGS),
    }
    for entry in draft.settings.events:
        trigger = entry.get("trigger")
        if trigger is None:
            continue
        bounds = [key for key in ("below", "above") if trigger.get(key) is not None]
        if (trigger["on"] in COMPARED) != (len(bounds) == 1):
            allowed = "below = number, or above = number, for " + listed(COMPARED)
            yield entry.fault("trigger", f"{len(bounds)} bounds are given", allowed)
        if trigger["on"] != AFTER and trigger.get("months"):
            yield entry.fault("trigger", "months are given", f'months = number, for on = "{AFTER}"')
        if trigger["on"] == AFTER and trigger["of"] == entry.get("id"):
            yield entry.fault("trigger", "the event waits for itself", "another event")
        names = known.get(trigger["on"])
        if names is not None and trigger["of"] not in names:
            problem = f"unknown id {shown(trigger['of'])}{hint(trigger['of'], names)}"
            yield entry.fault("trigger", problem, listed(sorted(map(str, names))))
        measured = ("metric", "rung")
        if trigger["on"] in measured and not _measured(draft, trigger["on"]):
            problem = f"nothing gives a {trigger['on']}"
            allowed = "a [[conflict]] with need_days"
            allowed += ", and a [challenger]" if trigger["on"] == "rung" else ""
            yield entry.fault("trigger", problem, allowed)


def event_effects(draft: Draft) -> Iterator[Fault]:
    """Check that the effects of an event are disturbances of the scenario."""
    known = {str(entry.get("id")) for entry in draft.settings.disturbances}
    for entry in draft.settings.events:
        for name in entry.get("effects") or ():
            if name not in known:
                problem = f"unknown disturbance {shown(name)}{hint(name, known)}"
                yield entry.fault("effects", problem, "ids of [[disturbance]] entries")
