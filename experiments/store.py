"""The results of a study on disk: what is there is whole, and is never done again.

``NAME-HASH/`` holds the study as written and as understood, its points, a manifest, a log that
anybody may watch, the chunks that are done, and, gathered from them, ``runs/FIRST-LAST.parquet``.
The bytes of those follow from study and code alone. Every file is written aside, synced, and put in
its place by one rename; what cannot be read when a study is gone on with is done again.
"""

from __future__ import annotations

import errno
import json
import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.plan import Table
from experiments.stored import SCHEMA, described, design_table, manifest
from experiments.study import Study
from experiments.work import SERIES
from mobilize.whole import write_file

if TYPE_CHECKING:
    import pyarrow as pa

MANIFEST, LOG, LOCK = "manifest.json", "log.jsonl", ".lock"
STUDY, WRITTEN, DESIGN = "study.json", "study.toml", "design.parquet"
CHUNKS, RUNS = "chunks", "runs"
CHUNK = re.compile(
    r"\d{9,}-\d{9,}\.parquet"
)  # what is whole: what is being written has other names
PART = "*.part*"
OWN = {MANIFEST, LOG, LOCK, STUDY, WRITTEN, DESIGN, CHUNKS, RUNS}  # in a folder being begun
MADE_BY = ("code_sha256", "libraries")  # what all results must share


class StoreError(Exception):
    """Results that cannot be written or gone on with; the text says what to do."""


@dataclass
class Store:
    """A folder of results, open for writing; nobody else has it open for that.

    Use :func:`opened`.
    """

    folder: Path

    def have(self, table: Table) -> set[int]:
        """Return the chunks of a table that are done; see :meth:`tidy`."""
        have: set[int] = set()
        for part in table.partitions():
            if self._partition(table, part).exists():
                have |= set(part)
        names = {path.name for path in whole_files(self.folder / CHUNKS)}
        return have | {n for n in range(len(table)) if _name(*table.span(n)) in names}

    def keep(self, table: Table, n: int, rows: pa.Table) -> None:
        """Keep the rows of a chunk; gather its file of results once all of that are there."""
        with _told(self.folder):
            self._write(self._chunk(table, n), rows)
            part = next(p for p in table.partitions() if n in p)
            if all(self._chunk(table, k).exists() for k in part):
                self._gather(table, part)

    def rows(self, table: Table) -> pa.Table:
        """Return the rows of a table that is done, without the months behind them."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        files = [self._partition(table, part) for part in table.partitions()]
        names = [n for n in pq.read_schema(files[0]).names if not n.startswith(SERIES)]
        return pa.concat_tables(read_whole(file, names) for file in files)

    def tidy(self, table: Table) -> None:
        """Finish what an earlier process was about when it ended; remove what cannot be read."""
        with _told(self.folder):
            for part in table.partitions():
                self._tidy(table, part)

    def _tidy(self, table: Table, part: range) -> None:
        files = [self._chunk(table, n) for n in part]
        if self._sound(self._partition(table, part)):
            for file in files:
                file.unlink(missing_ok=True)
        elif all(list(map(self._sound, files))):  # each is looked at
            self._gather(table, part)

    def _sound(self, path: Path) -> bool:
        """Return whether a file is there, whole and as it was written; remove a damaged one."""
        if not path.exists():
            return False
        first, last = map(int, path.stem.split("-"))
        try:
            runs = read_whole(path)["run"].to_pylist()
        except (OSError, ValueError, KeyError):
            runs = []
        if runs == list(range(first, last + 1)):
            return True
        self.log("damaged", file=path.relative_to(self.folder).as_posix())
        path.unlink()
        return False

    def _gather(self, table: Table, part: range) -> None:
        """Put the chunks of a file of results together, then remove them."""
        import pyarrow as pa

        files = [self._chunk(table, n) for n in part]
        whole = self._partition(table, part)
        try:
            rows = pa.concat_tables(read_whole(file) for file in files).combine_chunks()
        except (OSError, ValueError) as error:
            raise StoreError(
                f"{self.folder / CHUNKS}: what was written there can no longer be read ({error}); "
                "check the disk; the same command does those runs again"
            ) from error
        self._write(whole, rows)
        _sync(whole.parent)  # before they go
        for file in files:
            file.unlink()

    def _chunk(self, table: Table, n: int) -> Path:
        return self.folder / CHUNKS / _name(*table.span(n))

    def _partition(self, table: Table, part: range) -> Path:
        return self.folder / RUNS / _name(table.span(part[0])[0], table.span(part[-1])[1])

    def _write(self, path: Path, rows: pa.Table) -> None:
        import pyarrow.parquet as pq

        def fill(file: Path) -> None:
            pq.write_table(rows, file, compression="zstd", write_page_checksum=True)

        write_file(path, fill)

    def also_made_by(self, other: dict[str, Any]) -> None:
        """Have the manifest tell of other code or libraries that made some of the results."""
        there = _manifest(self.folder)
        makers = there.get("also_made_by", [])
        if other not in [_makers(there), *makers]:
            self.write_text(MANIFEST, _json(there | {"also_made_by": [*makers, other]}))

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
        _refuse_others(folder)
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / LOCK)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            told = f"{folder}: somebody is at work on this study; wait, or stop it"
            raise StoreError(told) from None
        except NotImplementedError:
            raise StoreError(
                f"{folder}: this disk cannot lock files; give an --out on another one"
            ) from None
    try:
        store = Store(folder)
        with _told(folder):
            _sweep(folder)
            if (folder / MANIFEST).exists():
                _check(store, study, accept)
            _describe(store, study)
        yield store
    finally:
        lock.release()


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    """Say in words that a folder cannot be written."""
    try:
        yield
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        hint = "make room" if full else "mend that, or give another --out,"
        why = os.strerror(error.errno) if error.errno else str(error)
        raise StoreError(
            f"cannot write {folder}: {why}; what was done is kept: {hint} and give the same "
            "command again"
        ) from error


def _refuse_others(folder: Path) -> None:
    """Refuse a folder that holds something else, before anything is put there."""
    if (folder / MANIFEST).exists() or not folder.exists():
        return
    others = sorted(p.name for p in folder.iterdir() if p.name not in OWN and not p.match(PART))
    results = whole_files(folder / RUNS) or whole_files(folder / CHUNKS)
    if others or results:
        found = f"it holds other files than a study, such as {others[0]}" if others else "its runs"
        raise StoreError(f"{folder}: {found} and no {MANIFEST}; give another --out")


def _sweep(folder: Path) -> None:
    """Mend what a process left that ended while it wrote; nobody else writes here now."""
    for place in (folder, folder / CHUNKS, folder / RUNS):
        for path in place.glob(PART):
            path.unlink()
    log = folder / LOG
    if log.exists() and log.read_bytes()[-1:] not in (b"", b"\n"):
        with log.open("a", encoding="utf-8") as file:
            file.write("\n")


def _describe(store: Store, study: Study) -> None:
    """Write what the folder lacks, the manifest last: with it the results are begun."""
    folder = store.folder
    for place in (CHUNKS, RUNS):
        (folder / place).mkdir(exist_ok=True)
    store.write_text(WRITTEN, study.text)  # again, for its titles may be new
    store.write_text(STUDY, _json(described(study)))
    try:
        read_whole(folder / DESIGN)
    except (OSError, ValueError):
        store._write(folder / DESIGN, design_table(study))
    if not (folder / MANIFEST).exists():
        store.write_text(MANIFEST, _json(manifest(study)))


def read_whole(path: Path, columns: list[str] | None = None) -> pa.Table:
    """Read a file of results.

    Raises
    ------
    OSError, ValueError
        If it is not as it was written, down to the last bit.
    """
    import pyarrow.parquet as pq

    return pq.read_table(path, columns=columns, page_checksum_verification=True)


def whole_files(folder: Path) -> list[Path]:
    """Return the files of results in a folder, those left out that are being written."""
    return sorted(path for path in folder.glob("*") if CHUNK.fullmatch(path.name))


def _sync(folder: Path) -> None:
    """See that a new name is on disk, where a folder can be synced."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _makers(made: dict[str, Any]) -> dict[str, Any]:
    return {key: made.get(key) for key in MADE_BY}


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        there = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if not isinstance(there, dict) or "study_sha256" not in there:
            raise ValueError("no table with study_sha256")
    except ValueError as error:
        raise StoreError(
            f"{folder / MANIFEST} cannot be read ({error}), and it tells whose the results are: "
            "put it back from a copy, or give another --out"
        ) from error
    return there


def _check(store: Store, study: Study, accept: bool) -> None:
    """Refuse to go on with results of another study, or of other code unless told to."""
    folder = store.folder
    there, here = _manifest(folder), manifest(study)
    if there.get("schema") != SCHEMA:
        raise StoreError(f"{folder} was written in another form ({_short(there.get('schema'))}, "
                         f"now {SCHEMA}); give another --out")  # fmt: skip
    if there["study_sha256"] != here["study_sha256"]:
        raise StoreError(
            f"{folder} holds another study ({_short(there['study_sha256'])}, this one is "
            f"{_short(here['study_sha256'])}); give another --out, or none"
        )
    makers = [_makers(there), *there.get("also_made_by", [])]
    if _makers(here) in makers:
        return
    if not accept:
        told = "; ".join(
            f"{key}: {_short(there.get(key), here[key])}, now {_short(here[key], there.get(key))}"
            for key in MADE_BY
            if there.get(key) != here[key]
        )
        raise StoreError(
            f"{folder} was begun by another version ({told}); its results would not be of one "
            "making: remove the folder, give another --out, or --accept to go on with it"
        )
    store.also_made_by(_makers(here))


def _short(value: object, other: object = None) -> str:
    """Return a hash by its beginning, and of versions those that the other has not."""
    if isinstance(value, dict):
        known = other if isinstance(other, dict) else {}
        return ", ".join(f"{k} {v}" for k, v in value.items() if known.get(k) != v) or "none"
    return str(value)[:12]


def _name(first: int, last: int) -> str:
    return f"{first:09d}-{last:09d}.parquet"


def _json(data: object) -> str:
    return json.dumps(data, indent=2, sort_keys=True) + "\n"


def _put(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
