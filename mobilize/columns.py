"""Columns of a scenario's tables as arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mobilize.network import Floats, Ints

if TYPE_CHECKING:
    from mobilize.scenario import Table


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
