"""A session by the minute."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mobilize.rooms.shapes import Shape


@dataclass(frozen=True)
class Slot:
    """Some minutes of a session: from when, how long, what is done."""

    begins: int
    minutes: int
    what: str

    @property
    def clock(self) -> str:
        """Return when it begins, as hours and minutes since the start."""
        return f"{self.begins // 60}:{self.begins % 60:02d}"


def by_the_minute(shape: Shape) -> tuple[Slot, ...]:
    """Return the slots of a session, in order; together they are its length."""
    found: list[Slot] = []
    begins = 0
    for minutes, what in _spent(shape):
        if minutes:
            found.append(Slot(begins, minutes, what))
            begins += minutes
    return tuple(found)


def _spent(shape: Shape) -> Iterator[tuple[int, str]]:
    """Yield minutes and what they are for; a break comes after half of the turns."""
    yield shape.opening, "Join, seats, the story, what is notional"
    yield shape.practice, "Practice turn, taken back afterwards"
    for turn in range(1, shape.turns + 1):
        yield shape.plan, f"Turn {turn}: plan, predict, hand in"
        yield shape.brief, f"Turn {turn}: lock, resolve, brief"
        if turn == shape.turns // 2:
            yield shape.breaks, "Breaks, taken here or spread"
    yield shape.debrief, "Debrief: four questions, the report, what to take home"
