"""What was accepted once, played again: each kept act through the same door."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from mobilize.rooms.host import V
from mobilize.rooms.room import Act, Refusal, RoomError


def played_again(
    value: V,
    rows: Iterable[Mapping[str, Any]],
    accept: Callable[[V, str, Act, float], V | Refusal],
    error: type[RoomError],
) -> V:
    """Return a room or a class after acts that it accepted once.

    Raises
    ------
    RoomError
        As `error`, if one is not accepted now: the file is damaged, or of another version.
    """
    for n, row in enumerate(rows, len(value.log) + 1):
        try:
            number, at = row["number"], float(row["at"])
            act = Act(row["kind"], row["body"], row["sequence"])
            after = accept(value, row["who"], act, at)
        except (KeyError, TypeError, ValueError) as fault:
            raise error(f"act {n}: not readable: {fault}") from fault
        if isinstance(after, Refusal):
            raise error(f"act {n} ({str(act.kind)[:40]}) is not accepted here: {after.why}")
        if number != n or after.log[-1].at != at:
            raise error(f"act {n}: out of order")
        value = after
    return value
