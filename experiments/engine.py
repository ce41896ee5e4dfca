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

from experiments.crew import Crew
from experiments.plan import Chunk, Table
from experiments.work import Found, Job, rows, work

if TYPE_CHECKING:
    import pyarrow as pa

AHEAD = 2  # chunks handed out for each worker, so that none waits
PULSE = 1.0  # seconds
TRIES = 2  # deaths alone, after which a run counts as died
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

    def carry_out(self, table: Table, chunks: Iterator[int]) -> None:
        """Do some chunks of a table, each once.

        Raises
        ------
        StoppedError
            If somebody asked to stop.
        NobodyError
            If there is nobody left to do them.
        """
        packed = self.job.packed()
        out: dict[Future[Any], int] = {}
        suspects: list[int] = []
        more = True
        while more or out:
            if self.stop():
                raise StoppedError
            while more and len(out) < AHEAD * max(1, self.crew.size):
                n = next(chunks, None)
                if n is None:
                    more = False
                else:
                    out[_submit(self.crew, packed, table.chunk(n))] = n
            if self._gather(out, suspects):
                self.crew.renew()
        self._alone(packed, table, sorted(suspects))

    def _gather(self, out: dict[Future[Any], int], suspects: list[int]) -> bool:
        """Keep what has come back; return whether workers died."""
        done, _ = wait(out, PULSE, FIRST_COMPLETED)
        if not done:
            self.crew.pulse()
        deaths = False
        for promise in sorted(done, key=out.__getitem__):
            n = out.pop(promise)
            error = promise.exception()
            if error is None:
                self.keep(n, promise.result())
            elif self.crew.died(error):
                suspects.append(n)
                deaths = True
            else:
                raise error
        return deaths

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
                    parts = []
                    for single in chunk.singles():
                        part = self._try(crew, packed, single, TRIES)
                        parts.append(part if part is not None else self._died(single))
                    found = pa.concat_tables(parts).combine_chunks()
                self.keep(n, found)
        finally:
            if crew is not self.crew:
                crew.close()

    def _try(self, crew: Crew, packed: bytes, chunk: Chunk, times: int) -> pa.Table | None:
        """Return the rows of a chunk, or None if its worker dies so many times."""
        for _ in range(times):
            promise = _submit(crew, packed, chunk)
            while not wait([promise], PULSE).done:
                if self.stop():
                    raise StoppedError
                crew.pulse()
            error = promise.exception()
            if error is None:
                return promise.result()
            if not crew.died(error):
                raise error
            crew.renew()
        return None

    def _died(self, single: Chunk) -> pa.Table:
        told = f"its process died {TRIES} times, alone"
        return rows(self.job.outcomes, single, [Found("died", told)])


def _submit(crew: Crew, packed: bytes, chunk: Chunk) -> Future[Any]:
    """Hand a chunk out; where even that fails because workers died, the promise says so."""
    try:
        return crew.submit(work, packed, chunk)
    except Exception as error:
        promise: Future[Any] = Future()
        promise.set_exception(error)
        return promise
