"""How much room points command between worst and best: the measure of a search.

Points are arrays of shape (points, objectives); more is better in every column.
"""

from __future__ import annotations

import numpy as np

from experiments.analysis.front import undominated
from mobilize.state import Floats


def gains(points: Floats, within: Floats) -> Floats:
    """Return the place of points between the worst and the best of `within`, 0-1 by objective.

    An objective in which all of `within` are alike counts 1 for everybody.
    """
    worst, best = within.min(axis=0), within.max(axis=0)
    width = np.where(best > worst, best - worst, 1.0)
    return np.where(best > worst, (points - worst) / width, 1.0)


def hypervolume(points: Floats) -> float:
    """Return the volume that points in the unit cube dominate, of the cube's 1.

    Each point adds what it alone dominates among those that follow (While, Bradstreet and Barone
    2012, "A fast way of calculating exact hypervolumes").

    >>> hypervolume(np.array([[1.0, 0.5], [0.5, 1.0]]))
    0.75
    """
    front = np.unique(points[undominated(points)], axis=0)[::-1]
    total = 0.0
    for n, point in enumerate(front):
        rest = front[n + 1 :]
        total += float(point.prod()) - (hypervolume(np.minimum(rest, point)) if len(rest) else 0.0)
    return total
