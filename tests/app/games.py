"""Games of every shipped scenario, played some months, for tests of what is shown."""

from __future__ import annotations

import json
import math
from functools import cache
from typing import Any

from mobilize.game.game import Game
from mobilize.scenario import load, shipped

SCENARIOS = shipped()
PLAYED = 14  # months


@cache
def played(name: str, months: int = PLAYED) -> Game:
    game = Game(load(name), 1)
    return game.after((), months) if months else game


def sent(data: Any) -> int:
    """Return how many bytes data take on the wire; fails for what is no JSON, nan included."""
    return len(json.dumps(data, allow_nan=False, separators=(",", ":")).encode())


def figures(data: Any) -> list[float]:
    """Return every figure in some data."""
    if isinstance(data, dict):
        return [x for value in data.values() for x in figures(value)]
    if isinstance(data, list):
        return [x for value in data for x in figures(value)]
    return [data] if isinstance(data, float) else []


def finite(data: Any) -> bool:
    return all(math.isfinite(x) for x in figures(data))
