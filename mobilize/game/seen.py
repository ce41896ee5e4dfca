"""What players may see of what is decided and what befalls, while they play."""

from __future__ import annotations

import re
from functools import lru_cache

import numpy as np

from mobilize.crises.kinds import kinds
from mobilize.scenario import Scenario
from mobilize.world import Decision, World

HIDDEN = frozenset({"adversary", "motivation"})  # kinds of decisions
UNMAPPED = "an unmapped supplier"  # what stands for a supplier that governments do not know
MASTERS = frozenset({"white cell", "adversary"})  # audiences that are no players
ID = re.compile(r"[A-Za-z0-9]+(?:[-_][A-Za-z0-9]+)*")


def seen(decision: Decision, scenario: Scenario) -> bool:
    """Return whether players may see a decision: nothing of the challenger's own reasons.

    Nor what an events list tells to nobody but the white cell, nor that it delays or skips.
    """
    if decision.kind in HIDDEN:
        return False
    if decision.kind == "disturbance":
        return decision.unit not in motives()
    if decision.kind == "event":
        event = next((e for e in scenario.events if e.id == decision.target), None)
        if event is None or set(event.audience) <= MASTERS:
            return False
        return decision.why == f"{event.title}: {event.text}"
    return True


def unmapped(world: World) -> frozenset[str]:
    """Return the ids of lines that no government knows of, and of firms that have no other."""
    lines, firms = world.names.lines, world.names.firms
    hidden = np.flatnonzero(~world.visible)
    known = set(world.net.l_firm[world.visible].tolist())
    strange = {firms[f] for f in world.net.l_firm[hidden].tolist() if f not in known}
    return frozenset(strange | {lines[line] for line in hidden.tolist()})


def unnamed(text: str, hidden: frozenset[str]) -> str:
    """Return a text that says of ids that are hidden only that they are somebody's.

    >>> unnamed("allowed: plant-a, plant-ab", frozenset({"plant-a"}))
    'allowed: an unmapped supplier, plant-ab'
    """
    return ID.sub(lambda found: UNMAPPED if found[0] in hidden else found[0], text)


def without_names(decision: Decision, hidden: frozenset[str]) -> Decision:
    """Return a decision in which nothing names what is hidden."""
    who, target, why = (unnamed(t, hidden) for t in (decision.who, decision.target, decision.why))
    return decision._replace(who=who, target=target, why=why)


@lru_cache(maxsize=1)
def motives() -> frozenset[str]:
    """Return the units of disturbances that strike the challenger's mind, not the base."""
    return frozenset(kind.unit for kind in kinds().values() if "motivate" in kind.does)
