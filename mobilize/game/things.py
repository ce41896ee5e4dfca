"""What things are called: targets, steps of the ladder, disturbances, what a deed was about."""

from __future__ import annotations

from agents.tables import ladder
from mobilize.crises.kinds import HOWS, MOVING, kind_of
from mobilize.game.deeds import OVERRIDE, Deed
from mobilize.game.telling import Names
from mobilize.game.worth import figures
from mobilize.interventions import BASE, Intervention, outcomes
from mobilize.scenario import Scenario
from policies.package import WHOLE

COUNTED = {"delivered": "delivered:", "unmet": "asked for, not there:"}  # both count items
VERBS = dict(zip(HOWS, ("set", "multiply", "add to"), strict=True))
CHOSEN = "whatever step is chosen"


def ladder_titles() -> dict[str, str]:
    """Return how the steps of the ladder are called, by name, from the lowest up."""
    return {rung.name: rung.title for rung in ladder()}


def thing(names: Names, target: str) -> str:
    """Return the name of what is struck or moved."""
    if target == BASE:
        return WHOLE
    return ladder_titles().get(target) or names(target)


def kind_told(what: str) -> str:
    """Return the title of a kind of disturbance; of one that moves a term, what and how."""
    if not what.startswith(f"{MOVING}:"):
        return kind_of(what).title
    text = kind_of(what).title.removesuffix(" changes")
    return f"{VERBS[what.rpartition(':')[2]]}: {text}"


def kind_title(kind: str) -> str:
    """Return the title of a kind of disturbance, or its name where there is none."""
    try:
        return kind_told(kind)
    except KeyError:
        return kind


def about(names: Names, deed: Deed) -> str:
    """Return what a deed was about: where, and which outcome, disturbance or mindset."""
    one = deed.first
    events = {event.id: event.title for event in names.events}
    where = events.get(one.target) or (thing(names, one.target) if one.target else "")
    told = ", ".join(part for part in (_named(one), where) if part)
    return told or CHOSEN


def _named(one: Intervention) -> str:
    if one.kind == OVERRIDE:
        return outcomes()[one.what].title
    if one.kind in ("befall", "lift"):
        return kind_title(one.what)
    return one.what if one.kind == "mindset" else ""


def figure_titles(scenario: Scenario) -> dict[tuple[str, str], str]:
    """Return how the figures that are predicted are called, by kind and key; without the unit."""
    return {
        (f.kind, f.key): f"{COUNTED.get(f.kind) or f.metric} {f.text}".strip()
        for f in figures(scenario)
    }
