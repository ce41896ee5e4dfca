"""Running a study: from its file to a folder of results, whatever happens in between."""

from __future__ import annotations

import json
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.crew import Crew
from experiments.earlier import take_over
from experiments.engine import Engine, Stop, StoppedError
from experiments.plan import Table
from experiments.store import Store, StoreError, opened
from experiments.study import Study
from experiments.work import OTHER, Job, code_digest

if TYPE_CHECKING:
    import pyarrow as pa

STOP = "stop"  # a file of this name in the folder asks to stop
TRACE = 4000  # characters of it in the log


@dataclass(frozen=True)
class Tally:
    """How far a study is: runs there are, done in all, done by this process, failed here.

    `notes` are what somebody should know who reads the results.
    """

    runs: int
    done: int
    fresh: int
    failed: int
    notes: tuple[str, ...] = ()


Told = Callable[[Tally], None]


def run_study(
    study: Study,
    folder: Path,
    crew: Crew,
    told: Told = lambda tally: None,
    stop: Stop = lambda: False,
    longest: float | None = None,
    accept: bool = False,
    earlier: Path | None = None,
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
    earlier : Path, optional
        Results of a smaller version of the study, see :mod:`experiments.earlier`.

    Raises
    ------
    StoreError
        If the folder cannot be used.
    StoppedError
        If somebody asked to stop, by `stop` or a file `stop` in the folder; what is done is kept.
    NobodyError
        If there is nobody left to run it.
    OtherCodeError, WorkerError
        If a worker lives and cannot run it.
    """
    with opened(folder, study, accept) as store:
        asked = folder / STOP
        _forget(asked)
        runner = _Runner(study, store, crew, told, lambda: stop() or asked.exists(), longest,
                         earlier)  # fmt: skip
        try:
            tally = runner.run()
        except StoppedError:
            _last_words(store, "stopped", done=runner.done)
            raise
        except Exception as error:
            trace = "".join(traceback.format_exception(error))[-TRACE:]
            said = f"{type(error).__name__}: {error}"
            _last_words(store, "broken", done=runner.done, error=said, trace=trace)
            raise
        finally:
            _forget(asked)
        store.log("finished", done=tally.done)
        return tally


def _forget(asked: Path) -> None:
    with suppress(OSError):
        asked.unlink()


def _last_words(store: Store, event: str, **more: Any) -> None:
    """Log how it ended, where that is still possible."""
    with suppress(StoreError):
        store.log(event, **more)


class _Runner:
    """Carries a study out, one table of runs after the other."""

    def __init__(
        self,
        study: Study,
        store: Store,
        crew: Crew,
        told: Told,
        stop: Stop,
        longest: float | None,
        earlier: Path | None,
    ) -> None:
        self.study, self.store, self.crew = study, store, crew
        self.told, self.stop, self.earlier = told, stop, earlier
        self.job = Job.of(study, longest)
        self.runs = self.done = self.fresh = self.failed = 0
        self.notes: tuple[str, ...] = ()

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
        return Tally(self.runs, self.done, self.fresh, self.failed, self.notes)

    def carry_out(self, table: Table) -> None:
        """Do the chunks of a table that are not done."""
        store = self.store
        store.tidy(table)
        if self.earlier is not None:
            take_over(store, table, self.earlier)
        have = store.have(table)
        self.runs += table.runs
        self.done += sum(_size(table, n) for n in have)
        store.log("start", runs=self.runs, done=self.done, workers=self.crew.size)
        self.told(self.tally())
        began = time.monotonic()

        def keep(n: int, rows: pa.Table) -> None:
            store.keep(table, n, self._plain(rows))
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

    def _plain(self, rows: pa.Table) -> pa.Table:
        """Return rows alone; note the libraries of their worker where they are others."""
        found = (rows.schema.metadata or {}).get(OTHER)
        if found is None:
            return rows
        here, other = self.job.libraries, json.loads(found)
        told = ", ".join(
            f"{name} {other.get(name, 'missing')} (here {here.get(name, 'missing')})"
            for name in sorted({*here, *other})
            if here.get(name) != other.get(name)
        )
        note = f"some runs were made with {told}: their figures may differ in the last digits"
        if note not in self.notes:
            self.notes += (note,)
            self.store.log("note", text=note)
            self.store.also_made_by({"code_sha256": code_digest(), "libraries": other})
        return rows.replace_schema_metadata(None)


def _size(table: Table, n: int) -> int:
    first, last = table.span(n)
    return last - first + 1
