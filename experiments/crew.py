"""Who does the runs: this process, processes of this machine; a cluster stands in `cluster`."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from multiprocessing import get_context, resource_tracker
from typing import Any, Protocol, TypeVar

from mobilize.processes import end_with_parent

T = TypeVar("T")
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


class NobodyError(Exception):
    """There is nobody who could do the runs; the text says what to do."""


class WorkerError(Exception):
    """A worker that could not do its work, and lives; the text says what to do."""


class Crew(Protocol):
    """Whoever does chunks of runs.

    `size` says how many there are now, `tries` how often a run that is done alone may end its
    worker before it counts as died. `submit` may raise what `died` knows.
    """

    tries: int

    @property
    def size(self) -> int:
        """Return how many workers there are now."""

    def submit(self, work: Callable[..., T], *args: Any) -> Future[T]:
        """Have a function of a module done."""

    def died(self, error: BaseException) -> bool:
        """Return whether an error says that a worker died at it, and not that the work failed."""

    def renew(self) -> None:
        """Replace those who died."""

    def pulse(self) -> None:
        """Be called every second or so while work is out; may raise NobodyError."""

    def alone(self) -> Crew:
        """Return one that does a single thing at a time, for what may kill whoever does it."""

    def close(self) -> None:
        """End; what is under way is lost."""


class Here:
    """The process itself: for tests, and where nothing else can be started."""

    size = tries = 1

    def submit(self, work: Callable[..., T], *args: Any) -> Future[T]:
        """Do it now."""
        promise: Future[T] = Future()
        try:
            promise.set_result(work(*args))
        except Exception as error:
            promise.set_exception(error)
        return promise

    def died(self, error: BaseException) -> bool:
        """Return that nobody died, for there is nobody else."""
        return False

    def renew(self) -> None:
        """Do nothing."""

    def pulse(self) -> None:
        """Do nothing."""

    def alone(self) -> Crew:
        """Return itself."""
        return self

    def close(self) -> None:
        """Do nothing."""


def _ready() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent()


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Start processes that Ctrl+C does not reach, not even as they start.

    A terminal sends it to all of them; the one that started them ends them, and in its own time.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    resource_tracker.ensure_running()  # else it would unmask it
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class Processes:
    """Processes of this machine; they end with this one, however it goes.

    Parameters
    ----------
    size : int, optional
        One a core by default.
    """

    tries = 2

    def __init__(self, size: int | None = None) -> None:
        self.size = size or self.usual()
        for name in THREADS:
            os.environ.setdefault(name, "1")  # they do one thing each
        self._pool = self._start()

    @staticmethod
    def usual() -> int:
        """Return how many there are unless told otherwise."""
        return os.cpu_count() or 1

    def _start(self) -> ProcessPoolExecutor:
        pool = ProcessPoolExecutor(self.size, get_context("spawn"), initializer=_ready)
        with _undisturbed():
            pool.submit(os.getpid)  # the first task starts them all
        return pool

    def submit(self, work: Callable[..., T], *args: Any) -> Future[T]:
        """Let a process do it."""
        return self._pool.submit(work, *args)

    def died(self, error: BaseException) -> bool:
        """Return whether a process died; a pool tells so of all that was under way."""
        return isinstance(error, (BrokenProcessPool, CancelledError))

    def renew(self) -> None:
        """Start anew, and see that it works.

        Raises
        ------
        NobodyError
            If processes die at nothing at all.
        """
        self._end()
        try:
            self._pool = self._start()
            self._pool.submit(os.getpid).result()
        except (BrokenProcessPool, OSError) as error:
            raise NobodyError(f"processes of this machine die as they start: {error}") from error

    def pulse(self) -> None:
        """Wake the pool: it does not see the death of a process it started while asleep."""
        with suppress(BrokenProcessPool, OSError):
            self._pool.submit(os.getpid)

    def alone(self) -> Crew:
        """Return a process apart."""
        return Processes(1)

    def close(self) -> None:
        """End them all, at once."""
        self._end()

    def _end(self) -> None:
        running = list((getattr(self._pool, "_processes", None) or {}).values())
        self._pool.shutdown(wait=False, cancel_futures=True)
        for process in running:
            with suppress(OSError, ValueError):
                process.terminate()
