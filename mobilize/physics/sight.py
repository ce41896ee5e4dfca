"""What was seen for some months in a row: the kernel of governments' triggers."""

from __future__ import annotations

from mobilize.physics.kernel import kernel
from mobilize.state import EPS, MEMORY, Flags, Floats, Ints


@kernel
def in_a_row(
    seen: Floats, sights: Ints, thresholds: Floats, months: Ints, below: Flags, now: int,
    found: Flags,
) -> None:  # fmt: skip
    """Write of which programs a share stood at its threshold in each of the last months.

    Parameters
    ----------
    seen : ndarray, shape (sights, programs, MEMORY)
        Shares by month.
    sights, thresholds, months, below : ndarray, shape (questions,)
        What is looked at, the least share, in how many months; or that it stays below.
    found : ndarray of bool, shape (questions, programs)
        Receives the answers. What must stay below is not known in the first months of a run.
    """
    for n in range(len(sights)):
        for i in range(seen.shape[1]):
            holds = not below[n] or now >= months[n]
            for back in range(1, months[n] + 1):
                enough = seen[sights[n], i, (now - back) % MEMORY] >= thresholds[n] - EPS
                holds = holds and enough != below[n]
            found[n, i] = holds
