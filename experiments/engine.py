"""The engine: hand chunks out, keep what comes back, and go on after whatever happens.

It asks three things of whoever does the runs: that work can be submitted, that a promise comes
back, and that arguments can be pickled. A chunk whose worker died is done again alone, then run by
run, so that the run that kills its worker is found and becomes a row; all others are kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from experiments.crew import Crew, NobodyError, WorkerError
from experiments.plan import Chunk, Table
from experiments.work import Found, Job, OtherCodeError, rows, work

if TYPE_CHECKING:
    import pyarrow as pa

AHEAD = 2  # chunks handed out for each worker, so that none waits
PULSE = 1.0  # seconds
HOPELESS = 20  # runs one after the other that end their worker, alone: it is not the runs
Keep = Callable[[int, "pa.Table"], None]
Stop = Callable[[], bool]


class StoppedError(Exception):
    """Somebody asked to stop; what was done is kept."""


@dataclass
class Engine:
    """Does the chunks of a table.

    Parameters
    ----------
    keep : callable
        Takes the number of a chunk and its rows, from this thread.
    stop : callable
        Asked every second or so.
    """

    job: Job
    crew: Crew
    keep: Keep
    stop: Stop = lambda: False
    _killers: int = 0  # one after the other, until now

    def carry_out(self, table: Table, chunks: Iterator[int]) -> None:
        """Do some chunks of a table, each once.

        Raises
        ------
        StoppedError
            If somebody asked to stop.
        NobodyError
            If there is nobody left to do them.
        OtherCodeError, WorkerError
            If a worker lives and cannot do them.
        """
        packed = self.job.packed()
        out: dict[Future[Any], int] = {}
        suspects: list[int] = []
        n = next(chunks, None)
        while n is not None or out:
            self._ask()
            alive = True
            while alive and n is not None and len(out) < AHEAD * max(1, self.crew.size):
                promise = self._submit(packed, table.chunk(n))
                if promise is None:
                    alive = False
                else:
                    out[promise] = n
                    n = next(chunks, None)
            if not self._gather(out, suspects) or not alive:
                wait(out, PULSE)  # processes that share a pool die together
                self._gather(out, suspects)
                self._ask()
                self.crew.renew()
        self._alone(packed, table, sorted(suspects))

    def _ask(self) -> None:
        if self.stop():
            raise StoppedError

    def _submit(self, packed: bytes, chunk: Chunk) -> Future[Any] | None:
        """Hand a chunk out; return None where even that fails because workers died."""
        try:
            return self.crew.submit(work, packed, chunk)
        except Exception as error:
            if self.crew.died(error):
                return None
            raise

    def _gather(self, out: dict[Future[Any], int], suspects: list[int]) -> bool:
        """Keep what has come back; return whether all workers are alive."""
        done, _ = wait(out, PULSE, FIRST_COMPLETED)
        if not done:
            self.crew.pulse()
        alive = True
        for promise in sorted(done, key=out.__getitem__):
            n = out.pop(promise)
            table = self._result(self.crew, promise)
            if table is None:
                suspects.append(n)
                alive = False
            else:
                self.keep(n, table)
        return alive

    def _result(self, crew: Crew, promise: Future[Any]) -> pa.Table | None:
        """Return the rows that a promise brought, or None if a worker died at them."""
        try:
            return promise.result()
        except (OtherCodeError, NobodyError):
            raise
        except Exception as error:
            if crew.died(error):
                return None
            raise WorkerError(
                f"a worker could not do its work ({type(error).__name__}: {error}); of a cluster, "
                "scheduler and workers need this very version of Mobilize; the log has more"
            ) from error

    def _alone(self, packed: bytes, table: Table, suspects: list[int]) -> None:
        """Do again, one after the other, what was under way when workers died."""
        if not suspects:
            return
        import pyarrow as pa

        crew = self.crew.alone()
        try:
            for n in suspects:
                chunk = table.chunk(n)
                found = self._try(crew, packed, chunk, 1)
                if found is None:
                    parts = [self._single(crew, packed, single) for single in chunk.singles()]
                    found = pa.concat_tables(parts).combine_chunks()
                self.keep(n, found)
        finally:
            if crew is not self.crew:
                crew.close()

    def _single(self, crew: Crew, packed: bytes, single: Chunk) -> pa.Table:
        """Do one run alone; the row says so where it ends its worker each time."""
        found = self._try(crew, packed, single, crew.tries)
        if found is not None:
            self._killers = 0
            return found
        self._killers += 1
        if self._killers == HOPELESS:
            raise NobodyError(
                f"{HOPELESS} runs one after the other ended their process, the last was run "
                f"{single.first}; look for what ends processes on this machine, such as too "
                "little memory; what was done before is kept"
            )
        told = "ended its process whenever it was tried, alone"
        return rows(self.job.outcomes, single, [Found("died", told)])

    def _try(self, crew: Crew, packed: bytes, chunk: Chunk, times: int) -> pa.Table | None:
        """Return the rows of a chunk, or None if its worker dies so many times."""
        for _ in range(times):
            promise = crew.submit(work, packed, chunk)
            while not wait([promise], PULSE).done:
                self._ask()
                crew.pulse()
            found = self._result(crew, promise)
            if found is not None:
                return found
            self._ask()
            crew.renew()
        return None
