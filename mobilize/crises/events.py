"""The events list of an exercise: what fires when; who may delay, skip or bring it forward."""

from __future__ import annotations

from collections.abc import Callable

from mobilize.conflicts import at_war
from mobilize.crises.course import befall
from mobilize.deterrence import metric
from mobilize.ladder import RUNGS
from mobilize.scenario import Event, Trigger
from mobilize.world import World

WHITE_CELL = "white cell"


def play_events(world: World) -> None:
    """Fire every event whose time has come, in the order of the list."""
    for event in world.scenario.events:
        if due(world, event):
            fire(world, event.id, "events list")


def due(world: World, event: Event) -> bool:
    """Return whether an event fires this month by itself."""
    agenda = world.agenda
    if event.id in agenda.fired or event.id in agenda.skipped:
        return False
    earliest = agenda.not_before.get(event.id)
    if event.when is not None:
        month = event.when - world.scenario.start if earliest is None else earliest
        return world.month >= month
    if earliest is not None and world.month < earliest:
        return False
    return event.trigger is not None and TESTS[event.trigger.on](world, event.trigger)


def fire(world: World, name: str, who: str = WHITE_CELL) -> None:
    """Fire an event now: tell its text and let its disturbances happen.

    Raises
    ------
    KeyError
        If the scenario has no such event.
    """
    event = find(world, name)
    world.agenda.fired[name] = world.month
    world.note(who, "event", name, 0.0, "", f"{event.title}: {event.text}")
    planned = {d.id: d for d in world.scenario.disturbances}
    for effect in event.effects:
        d = planned[effect]
        befall(world, d.kind, d.target, d.severity, d.months, d.recovery, who, d.text)


def delay(world: World, name: str, months: int, why: str, who: str = WHITE_CELL) -> None:
    """Put an event off: by date or trigger it fires `months` later at the earliest."""
    event = find(world, name)
    usual = world.month if event.when is None else event.when - world.scenario.start
    first = max(world.month, world.agenda.not_before.get(name, usual)) + months
    world.agenda.not_before[name] = first
    world.note(who, "event", name, months, "months", f"put off: {why}")


def skip(world: World, name: str, why: str, who: str = WHITE_CELL) -> None:
    """Strike an event off the list."""
    find(world, name)
    world.agenda.skipped.append(name)
    world.note(who, "event", name, 0.0, "", f"skipped: {why}")


def find(world: World, name: str) -> Event:
    """Return an event of the scenario by its id."""
    for event in world.scenario.events:
        if event.id == name:
            return event
    known = ", ".join(event.id for event in world.scenario.events) or "none"
    raise KeyError(f"no event '{name}'; the scenario has: {known}")


def compared(value: float, trigger: Trigger) -> bool:
    """Return whether a figure is below or above the bound of a trigger."""
    if trigger.below is not None:
        return value < trigger.below
    return trigger.above is not None and value > trigger.above


def _unmet(world: World, trigger: Trigger) -> bool:
    i = world.names.programs.index(trigger.of)
    return compared(float(world.s.unmet[i]), trigger)


def _stock(world: World, trigger: Trigger) -> bool:
    i = world.names.programs.index(trigger.of)
    return compared(float(world.s.stock[i]), trigger)


def _after(world: World, trigger: Trigger) -> bool:
    fired = world.agenda.fired.get(trigger.of)
    return fired is not None and world.month >= fired + trigger.months


def _conflict(world: World, trigger: Trigger) -> bool:
    return bool(at_war(world)[world.names.conflicts.index(trigger.of)])


def _metric(world: World, trigger: Trigger) -> bool:
    return world.month > 0 and compared(metric(world, trigger.of), trigger)


def _rung(world: World, trigger: Trigger) -> bool:
    return bool(world.s.rung_left[RUNGS.index(trigger.of)] > 0)


TESTS: dict[str, Callable[[World, Trigger], bool]] = {
    "metric": _metric,
    "rung": _rung,
    "conflict": _conflict,
    "unmet": _unmet,
    "stock": _stock,
    "after": _after,
}
