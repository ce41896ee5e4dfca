"""Running a study: from its file to a folder of results, whatever happens in between."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.crew import Crew
from experiments.engine import Engine, Stop, StoppedError
from experiments.plan import Table
from experiments.store import Store, opened
from experiments.study import Study
from experiments.work import Job

if TYPE_CHECKING:
    import pyarrow as pa

STOP = "stop"  # a file of this name in the folder asks to stop


@dataclass(frozen=True)
class Tally:
    """How far a study is: runs there are, done in all, done by this process, failed here."""

    runs: int
    done: int
    fresh: int
    failed: int


Told = Callable[[Tally], None]


def run_study(
    study: Study,
    folder: Path,
    crew: Crew,
    told: Told = lambda tally: None,
    stop: Stop = lambda: False,
    longest: float | None = None,
    accept: bool = False,
) -> Tally:
    """Run a study, or what is left of it; the caller closes the crew.

    Parameters
    ----------
    folder : Path
        Results: begun, or gone on with where they are those of this study.
    told : callable
        Told after every chunk how far it is.
    longest : float, optional
        Seconds that a run may take.
    accept : bool
        Go on with results that other code or libraries began.

    Raises
    ------
    StoreError
        If the folder cannot be used.
    StoppedError
        If somebody asked to stop, by `stop` or a file `stop` in the folder; what is done is kept.
    NobodyError
        If there is nobody left to run it.
    """
    with opened(folder, study, accept) as store:
        asked = folder / STOP
        asked.unlink(missing_ok=True)
        runner = _Runner(study, store, crew, told, lambda: stop() or asked.exists(), longest)
        try:
            tally = runner.run()
        except StoppedError:
            store.log("stopped", done=runner.done)
            raise
        except Exception as error:
            store.log("broken", done=runner.done, error=f"{type(error).__name__}: {error}")
            raise
        finally:
            asked.unlink(missing_ok=True)
        store.log("finished", done=tally.done)
        return tally


class _Runner:
    """Carries a study out, one table of runs after the other."""

    def __init__(
        self, study: Study, store: Store, crew: Crew, told: Told, stop: Stop, longest: float | None
    ) -> None:
        self.study, self.store, self.crew = study, store, crew
        self.told, self.stop = told, stop
        self.job = Job.of(study, longest)
        self.runs = self.done = self.fresh = self.failed = 0

    def run(self) -> Tally:
        """Do all that is not done; return how it ended."""
        table = Table(self.study, self.study.packages)
        self.carry_out(table)
        if self.study.search is not None:
            from experiments.searching import search

            search(self.study, self.store, self.carry_out, table)
        return self.tally()

    def tally(self) -> Tally:
        """Return how far it is."""
        return Tally(self.runs, self.done, self.fresh, self.failed)

    def carry_out(self, table: Table) -> None:
        """Do the chunks of a table that are not done."""
        store = self.store
        store.tidy(table)
        have = store.have(table)
        self.runs += table.runs
        self.done += sum(_size(table, n) for n in have)
        store.log("start", runs=self.runs, done=self.done, workers=self.crew.size)
        self.told(self.tally())
        began = time.monotonic()

        def keep(n: int, rows: pa.Table) -> None:
            store.keep(table, n, rows)
            wrong = [
                (run, error)
                for run, status, error in zip(
                    *(rows[name].to_pylist() for name in ("run", "status", "error")), strict=True
                )
                if status != "ok"
            ]
            self.done += len(rows)
            self.fresh += len(rows)
            self.failed += len(wrong)
            for run, error in wrong[:3]:  # the rows have all of them
                store.log("failed", run=run, error=error)
            store.log("done", runs=self.runs, done=self.done, failed=self.failed,
                      seconds=round(time.monotonic() - began, 3))  # fmt: skip
            self.told(self.tally())

        left = (n for n in range(len(table)) if n not in have)
        Engine(self.job, self.crew, keep, self.stop).carry_out(table, left)


def _size(table: Table, n: int) -> int:
    first, last = table.span(n)
    return last - first + 1
