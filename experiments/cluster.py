"""A Dask cluster as a crew: the same engine, the same chunks, the same bytes.

Start `dask scheduler` and `dask worker` with this very version of Mobilize on every machine. A
cluster runs whatever it is sent: on trusted networks only, and with TLS beyond one machine.
"""

from __future__ import annotations

import logging
import time
import warnings
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from typing import Any, TypeVar

from experiments.crew import Crew, NobodyError

T = TypeVar("T")
PATIENCE = 20.0  # seconds without any worker after which waiting makes no sense
CONNECT = 10.0  # seconds
LOOK = 1.0  # seconds between looks at who is there
LOGS = ("distributed", "asyncio", "tornado")  # what they say is said here in words


class Cluster:
    """The workers of a Dask scheduler, whoever comes and goes.

    Parameters
    ----------
    address : str
        Of the scheduler, such as ``tcp://127.0.0.1:8786``.

    Raises
    ------
    NobodyError
        If there is no scheduler, or `distributed` is not installed.
    """

    tries = 1  # the scheduler itself tries a few times

    def __init__(self, address: str) -> None:
        try:
            from distributed import Client
        except ImportError:
            raise NobodyError("--scheduler needs Dask; install mobilize[cluster]") from None
        _hush()
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of other versions: workers say theirs, see `work`
                self._client = Client(address, timeout=CONNECT, set_as_default=False)
        except (OSError, ValueError, TimeoutError) as error:
            raise NobodyError(
                f"no Dask scheduler at {address} ({error}); start one by `dask scheduler`, "
                "then workers by `dask worker ADDRESS --nthreads 1`"
            ) from error
        self._address = address
        self._pool = self._client.get_executor(pure=False, retries=0)
        self._threads: dict[str, int] = {}
        self._looked = self._seen = time.monotonic() - LOOK

    @property
    def size(self) -> int:
        """Return how many threads its workers have now."""
        self._look()
        return sum(self._threads.values())

    def submit(self, work: Callable[..., T], *args: Any) -> Future[T]:
        """Let a worker do it; one that dies at it is replaced by another, three times."""
        self._look()
        promise: Future[T] = self._pool.submit(work, *args)
        return promise

    def died(self, error: BaseException) -> bool:
        """Return whether workers died at it, or the scheduler, which forgets it then."""
        from distributed import KilledWorker

        return isinstance(error, (KilledWorker, CancelledError))

    def renew(self) -> None:
        """Wait until there is a worker: those who start them replace them.

        Raises
        ------
        NobodyError
            If none comes.
        """
        self._look()
        while not self._threads:
            self.pulse()
            time.sleep(LOOK / 4)

    def pulse(self) -> None:
        """See that there is somebody, for a scheduler waits without end.

        Raises
        ------
        NobodyError
            If there has been no worker, or no scheduler, for some time.
        """
        self._look()
        if not self._threads and time.monotonic() - self._seen > PATIENCE:
            raise NobodyError(
                f"{self._missing()} for {PATIENCE:.0f} s; what was done is kept: start "
                f"`dask worker {self._address} --nthreads 1` and give the same command again"
            )

    def _missing(self) -> str:
        if self._client.status == "running":
            return f"no worker at {self._address}"
        return f"no Dask scheduler at {self._address}"

    def _look(self) -> None:
        """See who is there; not too often, for it asks the scheduler."""
        now = time.monotonic()
        if now - self._looked < LOOK:
            return
        self._threads = {}
        if self._client.status == "running":
            with suppress(OSError, TimeoutError, ValueError):  # it goes just now
                self._threads = dict(self._client.nthreads())
        self._looked = time.monotonic()
        if self._threads:
            self._seen = self._looked

    def alone(self) -> Crew:
        """Return itself: the scheduler tells which task its workers died at."""
        return self

    def close(self) -> None:
        """Leave the cluster; its workers stay."""
        self._client.close(timeout=CONNECT)


def _hush() -> None:
    """Keep what Dask logs off the screen: what matters of it is said in words."""
    for name in (*LOGS, *logging.root.manager.loggerDict):
        if name.split(".")[0] in LOGS:
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
