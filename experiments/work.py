"""What a worker does: run a chunk, and say of each run what came of it."""

from __future__ import annotations

import faulthandler
import gc
import hashlib
import json
import os
import pickle
import platform
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.metadata import PackageNotFoundError, version
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.factor import Factor
from experiments.outcome import Outcome, figure, series
from experiments.plan import Chunk
from experiments.study import Study
from experiments.vary import Varied, vary
from mobilize.model import Model
from mobilize.scenario import Scenario
from mobilize.state import Floats
from mobilize.warm import MONTHS
from policies.package import Package

if TYPE_CHECKING:
    import pyarrow as pa

ROOT = Path(__file__).parent.parent
CODE = ("mobilize", "agents", "policies", "experiments")
APART = (
    *("mobilize/app/", "mobilize/game/", "mobilize/rooms/", "mobilize/scenarios/"),
    "mobilize/lessons/",
    *("mobilize/cli.py", "mobilize/commands", "mobilize/bench", "mobilize/plots"),
    *("experiments/analysis/", "experiments/findings/", "experiments/laboratory/"),
    *("experiments/report/", "experiments/studies/", "experiments/bench", "experiments/handbook"),
    *("experiments/cluster", "experiments/crew", "experiments/earlier", "experiments/engine"),
    *("experiments/commands", "experiments/results", "experiments/run.py", "experiments/store"),
)
"""Doors, carriers and words: no figure follows from them; scenarios and studies have hashes."""
QUARTER = 3
SERIES = "series:"  # before the name of an outcome: its months, as means of quarters
LONG = 300  # characters of an error
LIBRARIES = ("mesa", "numba", "numpy", "scipy", "pandas", "pyarrow", "SALib", "optuna")
OTHER = b"made_by"  # in what a worker hands back, where its libraries are others
GRACE = 5.0  # seconds after twice its time at which a run that never ends ends its process
_ALONE = threading.Lock()  # one run at a time: the model keeps things by process, not by thread


class OtherCodeError(Exception):
    """A worker whose code is not that of whoever sends it work."""


class TimeoutRun(Exception):  # noqa: N818 - an end, not a fault
    """A run that took longer than it may."""


@dataclass(frozen=True)
class Job:
    """What every chunk of a study needs; `longest` are the seconds a run may take.

    `libraries` are those of whoever sends the work.
    """

    scenario: Scenario
    factors: tuple[Factor, ...]
    outcomes: tuple[Outcome, ...]
    seed: int
    months: int
    code: str
    libraries: dict[str, str]
    longest: float | None = None

    @classmethod
    def of(cls, study: Study, longest: float | None = None) -> Job:
        """Return the job of a study, for workers with the code of this process."""
        return cls(study.scenario, study.factors, study.outcomes, study.seed, study.months,
                   code_digest(), libraries(), longest)  # fmt: skip

    def packed(self) -> bytes:
        """Return it as workers take it."""
        return zlib.compress(pickle.dumps(self))


@cache
def code_digest() -> str:
    """Return the hash of all code and data that results follow from, scenarios aside."""
    sha = hashlib.sha256()
    for folder in CODE:
        for path in sorted((ROOT / folder).rglob("*")):
            name = path.relative_to(ROOT).as_posix()
            if path.suffix in (".py", ".csv", ".toml") and not name.startswith(APART):
                sha.update(f"{name}\n".encode())
                sha.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return sha.hexdigest()


@cache
def libraries() -> dict[str, str]:
    """Return the versions of Python and of the libraries that results follow from."""
    found = {"python": platform.python_version()}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


@lru_cache(maxsize=2)
def _unpacked(packed: bytes) -> Job:
    job: Job = pickle.loads(zlib.decompress(packed))
    return job


def work(packed: bytes, chunk: Chunk) -> pa.Table:
    """Run a chunk of a packed job; the rows of a table are its runs.

    A run that fails is a row that says why. Columns: see :func:`rows`. Where the libraries here are
    others than where the job comes from, they stand in the table's metadata under `OTHER`.

    Raises
    ------
    OtherCodeError
        If this process has other code than whoever packed the job.
    """
    job = _unpacked(packed)
    if job.code != code_digest():
        raise OtherCodeError(
            f"a worker has other code ({code_digest()[:12]}) than this study ({job.code[:12]}); "
            "start workers from the same version"
        )
    with _ALONE:
        if job.longest is not None:
            _warm(packed)
        found = list(_runs(job, chunk))
        _settle()
    table = rows(job.outcomes, chunk, found)
    if libraries() != job.libraries:
        table = table.replace_schema_metadata({OTHER: json.dumps(libraries())})
    return table


@lru_cache(maxsize=1)
def _warm(packed: bytes) -> None:
    """Play a year for nothing: what is compiled once must not count as the time of a run."""
    job = _unpacked(packed)
    with suppress(Exception):  # the runs themselves tell
        model = Model(job.scenario, None, job.seed, 0, min(MONTHS, job.months), panel=False)
        model.run()


@cache
def _settle() -> None:
    """Set aside, once, all that stays: so Python clears away models that have ended, and soon.

    Their parts point at each other; it looks for such only once they are a quarter of all there is.
    """
    gc.collect()
    gc.freeze()
    gc.collect()  # counts what is left, which is next to nothing


@dataclass(frozen=True)
class Found:
    """What came of a run: figures and quarterly means by outcome, or why there are none."""

    status: str
    error: str = ""
    figures: tuple[float, ...] = ()
    series: tuple[Floats, ...] = ()


def _runs(job: Job, chunk: Chunk) -> Iterator[Found]:
    """Run the worlds of a chunk; those of one point share the scenario that it has there."""
    for point, specs in groupby(chunk.specs, lambda spec: spec.point):
        try:
            varied = vary(job.scenario, job.factors, chunk.points[point])
        except Exception as error:
            yield from (_failed(error) for _ in specs)
            continue
        with varied.holding():
            for spec in specs:
                yield _run(job, varied, chunk.packages[spec.package], spec.world)


def _run(job: Job, varied: Varied, package: Package, world: int) -> Found:
    """Run one world; whatever goes wrong is told and never raised."""
    try:
        with _ended(job.longest):
            model = varied.model(package, job.seed, world, job.months)
            _to_the_end(model, job.longest)
            return Found(
                "ok",
                figures=tuple(figure(model, outcome) for outcome in job.outcomes),
                series=tuple(_quarters(series(model, outcome)) for outcome in job.outcomes),
            )
    except TimeoutRun:
        return Found("timeout", f"took longer than {job.longest:g} s")
    except Exception as error:
        return _failed(error)


def _failed(error: Exception) -> Found:
    return Found("error", f"{type(error).__name__}: {error}"[:LONG])


@contextmanager
def _ended(longest: float | None) -> Iterator[None]:
    """End this process where a run hangs inside a month: nothing else can end it."""
    if longest is None:
        yield
        return
    with open(os.devnull, "w") as nowhere:
        faulthandler.dump_traceback_later(2 * longest + GRACE, exit=True, file=nowhere)
        try:
            yield
        finally:
            faulthandler.cancel_dump_traceback_later()


def _to_the_end(model: Model, longest: float | None) -> None:
    """Play to the horizon; neither pools nor clusters can stop a run, so it looks at the clock."""
    start = time.monotonic()
    while model.month < model.months:
        model.step()
        if longest is not None and time.monotonic() - start > longest:
            raise TimeoutRun


def _quarters(monthly: Floats) -> Floats:
    """Return the mean of each quarter, the last one of what months it has."""
    firsts = np.arange(0, len(monthly), QUARTER)
    lengths = np.diff(firsts, append=len(monthly))
    found: Floats = np.add.reduceat(monthly, firsts) / lengths
    return found


def rows(outcomes: tuple[Outcome, ...], chunk: Chunk, found: list[Found]) -> pa.Table:
    """Return runs as a table.

    Columns: run, point, replication, world, package, status (ok, error, timeout, died), error;
    then a figure per outcome, and per outcome its quarterly means as a list; null where it failed.
    """
    import pyarrow as pa

    specs = chunk.specs
    names = [chunk.packages[spec.package].name for spec in specs]
    columns: dict[str, Any] = {
        "run": pa.array([s.run for s in specs], pa.int64()),
        "point": pa.array([s.point for s in specs], pa.int32()),
        "replication": pa.array([s.replication for s in specs], pa.int32()),
        "world": pa.array([s.world for s in specs], pa.int64()),
        "package": pa.array(names, pa.string()),
        "status": pa.array([f.status for f in found], pa.string()),
        "error": pa.array([f.error for f in found], pa.string()),
    }
    for n, outcome in enumerate(outcomes):
        figures = [f.figures[n] if f.figures else None for f in found]
        columns[outcome.name] = pa.array(figures, pa.float64())
    for n, outcome in enumerate(outcomes):
        lists = [f.series[n] if f.series else None for f in found]
        columns[SERIES + outcome.name] = pa.array(lists, pa.list_(pa.float32()))
    return pa.table(columns)
