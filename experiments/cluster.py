"""A Dask cluster as a crew: the same engine, the same chunks, the same bytes.

Start `dask scheduler` and `dask worker` with this very version of Mobilize on every machine. A
cluster runs whatever it is sent: on trusted networks only, and with TLS beyond one machine.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from typing import Any, TypeVar

from experiments.crew import Crew, NobodyError

T = TypeVar("T")
PATIENCE = 20.0  # seconds without any worker after which waiting makes no sense
CONNECT = 10.0  # seconds


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

    def __init__(self, address: str) -> None:
        try:
            from distributed import Client
        except ImportError:
            raise NobodyError("--scheduler needs Dask; install mobilize[cluster]") from None
        try:
            self._client = Client(address, timeout=CONNECT, set_as_default=False)
        except (OSError, ValueError, TimeoutError) as error:
            raise NobodyError(
                f"no Dask scheduler at {address} ({error}); start one by `dask scheduler`, "
                "then workers by `dask worker ADDRESS --nthreads 1`"
            ) from error
        self._address = address
        self._pool = self._client.get_executor(pure=False, retries=0)
        self._seen = time.monotonic()

    @property
    def size(self) -> int:
        """Return how many threads its workers have now."""
        return sum(self._client.nthreads().values())

    def submit(self, work: Callable[..., T], *args: Any) -> Future[T]:
        """Let a worker do it; one that dies at it is replaced by another, three times."""
        promise: Future[T] = self._pool.submit(work, *args)
        return promise

    def died(self, error: BaseException) -> bool:
        """Return whether workers died at it."""
        from distributed import KilledWorker

        return isinstance(error, (KilledWorker, CancelledError))

    def renew(self) -> None:
        """Wait until there is a worker: those who start them replace them.

        Raises
        ------
        NobodyError
            If none comes.
        """
        until = time.monotonic() + PATIENCE
        while not self._workers():
            if time.monotonic() > until:
                self._nobody()
            time.sleep(0.2)

    def pulse(self) -> None:
        """See that there is somebody, for a scheduler waits without end.

        Raises
        ------
        NobodyError
            If there has been no worker, or no scheduler, for some time.
        """
        now = time.monotonic()
        if self._workers():
            self._seen = now
        elif now - self._seen > PATIENCE:
            self._nobody()

    def _workers(self) -> int:
        if self._client.status != "running":
            return 0
        try:
            return len(self._client.nthreads())
        except (OSError, TimeoutError):
            return 0

    def _nobody(self) -> None:
        raise NobodyError(
            f"no worker at {self._address} for {PATIENCE:.0f} s; what was done is kept: start "
            f"`dask worker {self._address} --nthreads 1` and give the same command again"
        )

    def alone(self) -> Crew:
        """Return itself: the scheduler tells which task its workers died at."""
        return self

    def close(self) -> None:
        """Leave the cluster; its workers stay."""
        self._client.close(timeout=CONNECT)
