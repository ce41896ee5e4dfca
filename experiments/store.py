"""The results of a study on disk: what is there is whole, and is never done again.

``NAME-HASH/`` holds the study as written and as understood, its points, a manifest, a log that
anybody may watch, the chunks that are done, and, gathered from them, ``runs/FIRST-LAST.parquet``.
The bytes of those follow from study and code alone. Every file is written aside, synced, and put in
its place by one rename.
"""

from __future__ import annotations

import errno
import json
import os
import platform
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.plan import Table
from experiments.study import Study
from experiments.work import SERIES, code_digest
from mobilize import __version__
from mobilize.whole import write_file

if TYPE_CHECKING:
    import pyarrow as pa

SCHEMA = 1
MANIFEST, LOG, LOCK = "manifest.json", "log.jsonl", ".lock"
STUDY, WRITTEN, DESIGN = "study.json", "study.toml", "design.parquet"
CHUNKS, RUNS = "chunks", "runs"
LIBRARIES = ("mesa", "numba", "numpy", "scipy", "pandas", "pyarrow", "SALib", "optuna")
MADE_BY = ("study_sha256", "code_sha256", "libraries", "python")  # what all results must share


class StoreError(Exception):
    """Results that cannot be written or gone on with; the text says what to do."""


@dataclass
class Store:
    """A folder of results, open for writing; nobody else has it open for that.

    Use :func:`opened`.
    """

    folder: Path

    def have(self, table: Table) -> set[int]:
        """Return the chunks of a table that are done."""
        have: set[int] = set()
        for part in table.partitions():
            if self._partition(table, part).exists():
                have |= set(part)
        firsts = {path.name for path in (self.folder / CHUNKS).glob("*.parquet")}
        return have | {n for n in range(len(table)) if _name(*table.span(n)) in firsts}

    def keep(self, table: Table, n: int, rows: pa.Table) -> None:
        """Keep the rows of a chunk; gather its file of results once all of that are there."""
        self._write(self.folder / CHUNKS / _name(*table.span(n)), rows)
        part = next(p for p in table.partitions() if n in p)
        if all((self.folder / CHUNKS / _name(*table.span(k))).exists() for k in part):
            self._gather(table, part)

    def rows(self, table: Table) -> pa.Table:
        """Return the rows of a table that is done, without the months behind them."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        files = [self._partition(table, part) for part in table.partitions()]
        names = [n for n in pq.read_schema(files[0]).names if not n.startswith(SERIES)]
        return pa.concat_tables(pq.read_table(file, columns=names) for file in files)

    def tidy(self, table: Table) -> None:
        """Finish what an earlier process may have been about when it ended."""
        for part in table.partitions():
            files = [self.folder / CHUNKS / _name(*table.span(k)) for k in part]
            if self._partition(table, part).exists():
                for file in files:
                    file.unlink(missing_ok=True)
            elif all(file.exists() for file in files):
                self._gather(table, part)

    def _gather(self, table: Table, part: range) -> None:
        """Put the chunks of a file of results together, then remove them."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        files = [self.folder / CHUNKS / _name(*table.span(k)) for k in part]
        whole = pa.concat_tables(pq.read_table(file) for file in files).combine_chunks()
        self._write(self._partition(table, part), whole)
        for file in files:
            file.unlink()

    def _partition(self, table: Table, part: range) -> Path:
        return self.folder / RUNS / _name(table.span(part[0])[0], table.span(part[-1])[1])

    def _write(self, path: Path, rows: pa.Table) -> None:
        import pyarrow.parquet as pq

        with _told(self.folder):
            write_file(path, lambda file: pq.write_table(rows, file, compression="zstd"))

    def log(self, event: str, **more: Any) -> None:
        """Write a line that says what happens; a page can watch a study by reading them."""
        line = json.dumps({"event": event, "at": time.time(), **more})
        with _told(self.folder), (self.folder / LOG).open("a", encoding="utf-8") as file:
            file.write(line + "\n")

    def write_text(self, name: str, text: str) -> None:
        """Write a file of the folder, whole or not at all."""
        with _told(self.folder):
            write_file(self.folder / name, lambda path: _put(path, text))


@contextmanager
def opened(folder: Path, study: Study, accept: bool = False) -> Iterator[Store]:
    """Open the results of a study to go on with them, or begin them.

    Parameters
    ----------
    accept : bool
        Go on though earlier results were made by other code or libraries; the manifest tells.

    Raises
    ------
    StoreError
        If the folder holds something else, is at work, was made by other code, or cannot be
        written.
    """
    from filelock import FileLock, Timeout

    with _told(folder):
        _begin(folder, study)
        lock = FileLock(folder / LOCK)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            told = f"{folder}: somebody is at work on this study; wait, or stop it"
            raise StoreError(told) from None
    try:
        _check(folder, study, accept)
        yield Store(folder)
    finally:
        lock.release()


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    """Say in words that a folder cannot be written."""
    try:
        yield
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        hint = "make room" if full else "give another --out"
        raise StoreError(
            f"cannot write {folder}: {error.strerror or error}; what was done is kept: {hint} and "
            "give the same command again"
        ) from error


def _begin(folder: Path, study: Study) -> None:
    """Make the folder, with all but results in it; it appears whole or not at all."""
    if (folder / MANIFEST).exists():
        return
    if folder.exists() and any(folder.iterdir()):
        raise StoreError(f"{folder}: it holds other files than a study (no {MANIFEST}); "
                         "give another --out")  # fmt: skip
    part = folder.with_name(f"{folder.name}.{os.getpid()}.part")
    try:
        (part / CHUNKS).mkdir(parents=True)
        (part / RUNS).mkdir()
        store = Store(part)
        store.write_text(WRITTEN, study.text)
        store.write_text(STUDY, _json(described(study)))
        store._write(part / DESIGN, design_table(study))
        store.write_text(MANIFEST, _json(manifest(study)))
        try:
            part.replace(folder)
        except OSError:
            if not (folder / MANIFEST).exists():  # else somebody else has just begun it
                raise
    finally:
        shutil.rmtree(part, ignore_errors=True)


def manifest(study: Study) -> dict[str, Any]:
    """Return what is needed to make the same results again."""
    return {
        "schema": SCHEMA,
        "mobilize": __version__,
        "study": study.name,
        "study_sha256": study.digest,
        "scenario": study.scenario.name,
        "scenario_sha256": study.scenario.digest,
        "code_sha256": code_digest(),
        "seed": study.seed,
        "runs": study.pairs * len(study.packages),
        "months": study.months,
        "python": platform.python_version(),
        "libraries": {name: found for name in LIBRARIES if (found := _version(name))},
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _check(folder: Path, study: Study, accept: bool) -> None:
    """Refuse to go on with results of another study, or of other code unless told to."""
    try:
        there = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if not isinstance(there, dict):
            raise ValueError("no table of keys")
    except ValueError as error:
        raise StoreError(
            f"{folder}/{MANIFEST} cannot be read ({error}); give another --out"
        ) from error
    here = manifest(study)
    if there.get("study_sha256") != here["study_sha256"]:
        raise StoreError(
            f"{folder} holds another study ({str(there.get('study_sha256'))[:12]}, this one is "
            f"{here['study_sha256'][:12]}); give another --out, or none"
        )
    other = [key for key in MADE_BY if there.get(key) != here[key]]
    if other and not accept:
        told = ", ".join(f"{key}: {_short(there.get(key))}, now {_short(here[key])}"
                         for key in other)  # fmt: skip
        raise StoreError(
            f"{folder} was begun by another version ({told}); its results would not be of one "
            "making: remove the folder, give another --out, or --accept to go on with it"
        )
    if other:
        mixed = [*there.get("also_made_by", []), {key: here[key] for key in MADE_BY}]
        Store(folder).write_text(MANIFEST, _json(there | {"also_made_by": mixed}))


def _short(value: object) -> str:
    if isinstance(value, dict):
        return " ".join(f"{k} {v}" for k, v in value.items())
    return str(value)[:12]


def described(study: Study) -> dict[str, Any]:
    """Return a study as it was understood, for people and reports."""
    return {
        "name": study.name,
        "title": study.title,
        "question": study.question,
        "scenario": study.scenario.name,
        "scenario_title": study.scenario.title,
        "start": study.scenario.start,
        "months": study.months,
        "seed": study.seed,
        "worlds": study.worlds,
        "points": study.points,
        "pairs": study.pairs,
        "packages": [asdict(p) for p in study.packages],
        "factors": [asdict(f) for f in study.factors],
        "outcomes": [asdict(o) for o in study.outcomes],
        "design": asdict(study.design),
        "search": asdict(study.search) if study.search else None,
    }


def design_table(study: Study) -> pa.Table:
    """Return the points: number, part in the design, then each factor's value and place."""
    import pyarrow as pa

    names = [f.name for f in study.factors]
    blocks = [
        f"AB:{names[int(place.block[3:])]}" if place.block.startswith("AB:") else place.block
        for place in study.places
    ]
    values = [study.values(point) for point in range(study.points)]
    columns: dict[str, Any] = {
        "point": pa.array(range(study.points), pa.int32()),
        "block": pa.array(blocks, pa.string()),
        "row": pa.array([place.row for place in study.places], pa.int32()),
    }
    for n, name in enumerate(names):
        columns[name] = pa.array([v[name] for v in values])
        columns[f"u:{name}"] = pa.array([place.at[n] for place in study.places], pa.float64())
    return pa.table(columns)


def _name(first: int, last: int) -> str:
    return f"{first:09d}-{last:09d}.parquet"


def _json(data: object) -> str:
    return json.dumps(data, indent=2, sort_keys=True) + "\n"


def _put(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
