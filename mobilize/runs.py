"""Many worlds of one scenario and policy, and what is kept of them on disk."""

from __future__ import annotations

import json
import platform
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from importlib.metadata import version
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from agents.tables import Figures
from mobilize import __version__
from mobilize.deterrence import SERIES
from mobilize.model import Model, compiled
from mobilize.network import Names
from mobilize.programs import DEVELOPMENT
from mobilize.record import FLEET_SERIES, PROGRAM_SERIES
from mobilize.scenario import Scenario, months
from mobilize.state import Floats
from mobilize.whole import MARK, write_folder
from policies.package import Package

if TYPE_CHECKING:
    import pandas as pd

LIBRARIES = ("mesa", "numpy", "numba", "scipy", "pandas", "pyarrow")
ALONE = 4  # worlds up to which starting other processes costs more than it saves
Progress = Callable[[int], None]


@dataclass(frozen=True)
class Outcome:
    """One world: the series of its record that are kept, see :class:`Results`."""

    world: int
    programs: Floats
    items: Floats
    ledger: Floats
    fleets: Floats
    milestones: Floats
    metrics: Floats


@dataclass(frozen=True)
class Results:
    """Worlds of one scenario under one policy.

    `programs` has shape (worlds, series, months, programs), in the order of PROGRAM_SERIES;
    `items` (worlds, months, items), units finished; `ledger` (worlds, months, accounts), kUSD;
    `fleets` (worlds, series, months, fleets), in the order of FLEET_SERIES; `milestones` (worlds,
    months, developments), passed so far, the present one by its share; `metrics` (worlds, series,
    months), in the order of :data:`mobilize.deterrence.SERIES`, without a reference conflict none.
    """

    scenario: Scenario
    policy: Package
    seed: int
    worlds: tuple[int, ...]
    programs: Floats
    items: Floats
    ledger: Floats
    fleets: Floats
    milestones: Floats
    metrics: Floats

    @property
    def names(self) -> Names:
        """Return the ids in array order."""
        return compiled(self.scenario)[1]

    @property
    def months(self) -> int:
        """Return the length of the runs."""
        return self.items.shape[1]

    def series(self, name: str) -> Floats:
        """Return a program series, shape (worlds, months, programs)."""
        out: Floats = self.programs[:, PROGRAM_SERIES.index(name)]
        return out

    def by_item(self, name: str) -> Floats:
        """Return a program series added up by end item, shape (worlds, months, items)."""
        net, ids = compiled(self.scenario)
        out = np.zeros((len(self.worlds), self.months, len(ids.items)))
        for program, item in enumerate(net.p_item):
            out[:, :, item] += self.series(name)[:, :, program]
        return out

    def end_items(self) -> list[int]:
        """Return the positions of the items that programs buy, in scenario order."""
        net = compiled(self.scenario)[0]
        return sorted(set(net.p_item[net.p_kind != DEVELOPMENT].tolist()))

    def fleet(self, name: str) -> Floats:
        """Return a fleet series, shape (worlds, months, fleets)."""
        out: Floats = self.fleets[:, FLEET_SERIES.index(name)]
        return out

    def metric(self, name: str) -> Floats:
        """Return a series of deterrence, shape (worlds, months)."""
        out: Floats = self.metrics[:, SERIES.index(name)]
        return out

    def metric_frame(self) -> pd.DataFrame:
        """Return one row a world and month with every series of deterrence."""
        every = self._frame("what", ("deterrence",), SERIES, self.metrics[..., None])
        return every.drop(columns="what")

    def frame(self) -> pd.DataFrame:
        """Return one row a world, month and program with every program series."""
        return self._frame("program", self.names.programs, PROGRAM_SERIES, self.programs)

    def item_frame(self) -> pd.DataFrame:
        """Return one row a world, month and item with the units finished."""
        return self._frame("item", self.names.items, ("finished",), self.items[:, None])

    def fleet_frame(self) -> pd.DataFrame:
        """Return one row a world, month and fleet with every fleet series, units."""
        return self._frame("program", self.names.fleets, FLEET_SERIES, self.fleets)

    def milestone_frame(self) -> pd.DataFrame:
        """Return one row a world, month and development with the milestones passed."""
        passed = self.milestones[:, None]
        return self._frame("program", self.names.developments, ("milestones",), passed)

    def _frame(
        self, kind: str, ids: tuple[str, ...], series: tuple[str, ...], values: Floats
    ) -> pd.DataFrame:
        """Return values of shape (worlds, series, months, things) as a table."""
        import pandas as pd

        dates = [months.label(self.scenario.start + m) for m in range(self.months)]
        names = ["world", "month", kind]
        index = pd.MultiIndex.from_product([self.worlds, dates, ids], names=names)
        columns = values.transpose(0, 2, 3, 1).reshape(-1, len(series))
        return pd.DataFrame(columns, index=index, columns=list(series)).reset_index()

    def manifest(self) -> dict[str, object]:
        """Return what is needed to make the same results again."""
        return {
            "mobilize": __version__,
            "scenario": self.scenario.name,
            "scenario_sha256": self.scenario.digest,
            "policy": self.policy.name,
            "policy_sha256": self.policy.digest,
            "seed": self.seed,
            "worlds": [int(w) for w in self.worlds],
            "months": self.months,
            "python": platform.python_version(),
            "libraries": {name: version(name) for name in LIBRARIES},
        }

    def write(self, folder: Path, draw: Callable[[Path], None] | None = None) -> None:
        """Write Parquet tables and a manifest; the folder appears whole or not at all.

        `draw`, if given, is called with the folder while it is being made, to add pictures.
        """

        def fill(part: Path) -> None:
            self._write_into(part)
            if draw is not None:
                draw(part)

        write_folder(folder, fill)

    def _write_into(self, part: Path) -> None:
        self.frame().to_parquet(part / "programs.parquet", index=False)
        self.item_frame().to_parquet(part / "items.parquet", index=False)
        if self.names.fleets:
            self.fleet_frame().to_parquet(part / "fleets.parquet", index=False)
        if self.names.developments:
            self.milestone_frame().to_parquet(part / "developments.parquet", index=False)
        if self.metrics.size:
            self.metric_frame().to_parquet(part / "deterrence.parquet", index=False)
        text = json.dumps(self.manifest(), indent=2, sort_keys=True)
        (part / MARK).write_text(text + "\n", encoding="utf-8")


def play_world(
    scenario: Scenario,
    policy: Package,
    seed: int,
    world: int,
    length: int | None,
    mindset: str | None = None,
    figures: Figures = (),
) -> Outcome:
    """Run one world and keep its totals."""
    model = Model(scenario, policy, seed, world, length, False, None, mindset, figures).run()
    record = model.record
    kept = (record.programs, record.items, record.ledger, record.fleets, record.milestones)
    return Outcome(world, *kept, record.metrics)


Job = tuple[Scenario, Package, int, int | None, str | None, Figures]
_JOB: Job | None = None


def _take_job(job: Job) -> None:
    global _JOB
    _JOB = job


def _work(world: int) -> Outcome:
    if _JOB is None:
        raise RuntimeError("worker without a job")
    scenario, policy, seed, length, mindset, figures = _JOB
    return play_world(scenario, policy, seed, world, length, mindset, figures)


def _outcomes(job: Job, worlds: tuple[int, ...], processes: int) -> Iterator[Outcome]:
    if processes < 2 or len(worlds) <= ALONE:
        scenario, policy, seed, length, mindset, figures = job
        for world in worlds:
            yield play_world(scenario, policy, seed, world, length, mindset, figures)
        return
    with ProcessPoolExecutor(
        processes, mp_context=get_context("spawn"), initializer=_take_job, initargs=(job,)
    ) as pool:
        yield from pool.map(_work, worlds, chunksize=max(1, len(worlds) // (processes * 8)))


def run_worlds(
    scenario: Scenario,
    policy: Package,
    worlds: int | tuple[int, ...] = 1,
    seed: int | None = None,
    length: int | None = None,
    processes: int = 1,
    progress: Progress | None = None,
    mindset: str | None = None,
    figures: Figures = (),
) -> Results:
    """Run worlds of a scenario, in one process or several; the results are the same bytes.

    Parameters
    ----------
    worlds : int or tuple of int
        How many worlds (0, 1, ...), or which.
    length : int, optional
        Months; the scenario's horizon by default.
    progress : callable, optional
        Called with the number of worlds done.
    mindset : str, optional
        Of the challenger in every world; by default as the scenario says.
    figures : tuple of (str, float), optional
        Of the challenger that are varied, see :func:`agents.tables.moved`.
    """
    chosen = tuple(range(worlds)) if isinstance(worlds, int) else worlds
    seed = scenario.seed if seed is None else seed
    done = []
    job = (scenario, policy, seed, length, mindset, figures)
    for outcome in _outcomes(job, chosen, processes):
        done.append(outcome)
        if progress is not None:
            progress(len(done))
    return Results(
        scenario,
        policy,
        seed,
        chosen,
        np.stack([o.programs for o in done]),
        np.stack([o.items for o in done]),
        np.stack([o.ledger for o in done]),
        np.stack([o.fleets for o in done]),
        np.stack([o.milestones for o in done]),
        np.stack([o.metrics for o in done]),
    )
