"""What players may see of what is decided and what befalls, while they play."""

from __future__ import annotations

from functools import lru_cache

from mobilize.crises.kinds import kinds
from mobilize.scenario import Scenario
from mobilize.world import Decision

HIDDEN = frozenset({"adversary", "motivation"})  # kinds of decisions
MASTERS = frozenset({"white cell", "adversary"})  # audiences that are no players


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


@lru_cache(maxsize=1)
def motives() -> frozenset[str]:
    """Return the units of disturbances that strike the challenger's mind, not the base."""
    return frozenset(kind.unit for kind in kinds().values() if "motivate" in kind.does)
