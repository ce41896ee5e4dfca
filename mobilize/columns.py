"""Columns of a scenario's tables as arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mobilize.network import Floats, Ints

if TYPE_CHECKING:
    from mobilize.scenario import Scenario, Table


def column(table: Table, name: str) -> Floats:
    """Return a column of numbers."""
    return np.asarray(table[name], dtype=np.float64)


def lookup(ids: tuple[str, ...]) -> dict[str, int]:
    """Return the position of each id."""
    return {name: i for i, name in enumerate(ids)}


def refer(values: NDArray[np.object_], index: dict[str, int]) -> Ints:
    """Return the positions that ids refer to."""
    return np.fromiter((index[v] for v in values), dtype=np.int32, count=len(values))


def starts(owner: Ints, count: int) -> Ints:
    """Return first positions of each owner in an array sorted by owner, shape (count + 1,)."""
    return np.searchsorted(owner, np.arange(count + 1)).astype(np.int32)


def line_country(scenario: Scenario) -> dict[str, str]:
    """Return the country in which each line stands, by id: that of its firm."""
    firms, lines = scenario.tables["firms"], scenario.tables["lines"]
    at = dict(zip(firms["id"], firms["country"], strict=True))
    return {str(line): str(at[f]) for line, f in zip(lines["id"], lines["firm"], strict=True)}
