"""What may lie ahead of a game: the same policy from its present month in worlds of other luck.

Whoever plays cannot know the luck to come, so no forecast uses the luck of the game itself; two
policies meet the same worlds, so that their differences are paired.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields

import numpy as np

from mobilize.deterrence import SERIES
from mobilize.luck import Luck
from mobilize.model import Model
from mobilize.record import PROGRAM_SERIES
from mobilize.state import Floats
from policies.package import Package

FIRST = 1_000_000  # number of the first world that only forecasts use
AHEAD = 36  # months
WORLDS = 32
SHARES = (0.1, 0.25, 0.5, 0.75, 0.9)  # of worlds that stay below the lines of a fan
Stop = Callable[[], bool]


@dataclass(frozen=True, eq=False)
class Future:
    """Worlds ahead of one game, month by month from `month` on.

    `programs` has shape (worlds, series, months, programs) in the order of PROGRAM_SERIES;
    `ledger` (worlds, months, accounts), kUSD; `metrics` (worlds, series, months) in the order of
    :data:`mobilize.deterrence.SERIES`, without a reference conflict none; `items` (worlds, months,
    items), units finished.
    """

    month: int
    programs: Floats
    items: Floats
    ledger: Floats
    metrics: Floats

    def series(self, name: str) -> Floats:
        """Return a program series, shape (worlds, months, programs)."""
        out: Floats = self.programs[:, PROGRAM_SERIES.index(name)]
        return out

    def metric(self, name: str) -> Floats:
        """Return a series of deterrence, shape (worlds, months)."""
        out: Floats = self.metrics[:, SERIES.index(name)]
        return out


class StoppedError(Exception):
    """Nobody waits for this forecast any more."""


def foresee(
    model: Model,
    policy: Package,
    worlds: Iterable[int] = range(WORLDS),
    ahead: int = AHEAD,
    stop: Stop = lambda: False,
) -> Future:
    """Run worlds ahead of a model that stays as it is, under a policy.

    Parameters
    ----------
    worlds : iterable of int
        Numbers of worlds, 0 for the first that only forecasts use.
    ahead : int
        Months, to the horizon at most.
    stop : callable
        Asked before each world.

    Raises
    ------
    StoppedError
        As soon as `stop` returns true.
    """
    seed, now = model.world.luck.seed, model.month
    end = min(now + ahead, model.months)
    found = []
    for world in worlds:
        if stop():
            raise StoppedError
        record = model.fork(policy, Luck(seed, FIRST + world)).run(end - now).record
        found.append(
            (record.programs[:, now:end], record.items[now:end], record.ledger[now:end],
             record.metrics[:, now:end])
        )  # fmt: skip
    return Future(now, *(np.stack(parts) for parts in zip(*found, strict=True)))


def together(parts: Iterable[Future]) -> Future:
    """Return futures of different worlds as one, in the order given."""
    parts = list(parts)
    names = [f.name for f in fields(Future)][1:]
    return Future(parts[0].month, *(np.concatenate([getattr(p, n) for p in parts]) for n in names))


def fan(values: Floats) -> Floats:
    """Return the lines of a fan over worlds, shape (shares, months), from (worlds, months)."""
    return np.asarray(np.quantile(values, SHARES, axis=0))
