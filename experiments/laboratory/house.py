"""The laboratory: studies to choose from, results of this machine, the one study that runs.

A study runs as a process of its own, gentle on the players of this machine, and goes on when the
server ends. How far it is stands in the log of its folder; whether it is alive, its lock tells.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import Future as Promise
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from experiments.laboratory.answers import Answer, Answers
from experiments.laboratory.apart import Apart
from experiments.laboratory.described import Told, describe, timed
from experiments.results import Progress, read_progress
from experiments.run import STOP
from experiments.store import LOCK, LOG, MADE_BY, MANIFEST, STUDY
from experiments.study import FOLDER as SHIPPED
from mobilize.watchers import Watchers
from mobilize.workers import Workers

LOOKS = 0.4  # seconds between two looks at what runs
REST = 2.0  # seconds without news after which a lock is tried
PATIENCE = 30.0  # seconds that a study has to stop by itself
UNKNOWN = float("nan")  # seconds of a run that could not be timed
STARTING, RUNNING, GONE = "starting", "running", "gone"
BUSY = (STARTING, RUNNING)


class LaboratoryError(Exception):
    """Something that cannot be done now; the text says why and what to do."""


@dataclass(frozen=True)
class Work:
    """Results of a study: `folder` by name, `progress` by its log, `fault` in words.

    The state is that of the log, or *starting*, or *gone*: its process ended without a word.
    """

    folder: str
    study: str
    title: str
    scenario: str
    made_by: dict[str, Any]
    created: str
    progress: Progress
    fault: str = ""

    @property
    def state(self) -> str:
        """Return what it is doing."""
        return self.progress.state

    @property
    def version(self) -> tuple[Hashable, ...]:
        """Return what tells one state of its results from another."""
        return self.created, self.progress.done


@dataclass(frozen=True)
class Bench:
    """What there is at one moment: studies as told, results by folder, the latest first."""

    studies: tuple[Told, ...] = ()
    works: tuple[Work, ...] = ()
    reading: bool = True  # the studies are not all read yet
    looked: bool = False  # for results

    @property
    def busy(self) -> Work | None:
        """Return what runs."""
        return next((work for work in self.works if work.state in BUSY), None)

    def work(self, folder: str) -> Work | None:
        """Return results by the name of their folder."""
        return next((work for work in self.works if work.folder == folder), None)


class Laboratory:
    """The studies and results of one folder; every call is safe from any thread.

    Parameters
    ----------
    results : Path
        Where results are; studies of one's own (``*.toml``) are looked for there too.
    workers : Workers
        They read studies and results.
    folders : sequence of str
        Scenario folders besides the shipped ones.
    processes : int, optional
        Of a study; by default one less than there are cores, so that players have one.
    """

    def __init__(
        self,
        results: Path,
        workers: Workers,
        folders: Sequence[str] = (),
        processes: int | None = None,
    ) -> None:
        self.results, self._workers, self._processes = results.absolute(), workers, processes
        self.folders = tuple(folders)
        self.news = 0  # changes so far, answers among them
        self._bench = Bench()
        self._lock = threading.RLock()
        self._watchers: Watchers[[]] = Watchers("the laboratory")
        self._apart: Apart | None = None
        self._stamps: dict[str, tuple[Any, Work]] = {}
        self._told: dict[Path, Told] = {}
        self._read: dict[Path, float] = {}
        self._timing = False
        self._answers = Answers(workers, self._tell)
        self._stir, self._closed = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def bench(self) -> Bench:
        """Return what there is now."""
        return self._bench

    def watch(self, watcher: Callable[[], None]) -> Callable[[], None]:
        """Call `watcher` after every change, from whatever thread; return how to end it."""
        with self._lock:
            end = self._watchers.add(watcher)
            if self._thread is None:
                self._thread = threading.Thread(target=self._look_on, daemon=True)
                self._thread.start()
        self._stir.set()
        return end

    def start(self, name: str, small: bool = False) -> str:
        """Start a study, or go on with it; return the folder of its results.

        Raises
        ------
        LaboratoryError
            If another one runs, or there is no such study.
        """
        with self._lock:
            self.look()
            told = next((t for t in self._bench.studies if t.name == name), None)
            if told is None or told.fault:
                raise LaboratoryError(told.fault if told else f"there is no study {name!r}")
            if busy := self._bench.busy:
                raise LaboratoryError(
                    f"“{busy.title}” is running ({_far(busy.progress)}). One study runs at a time: "
                    "wait until it ends, or stop it; what it has done is kept."
                )
            folder = self._folder(told, small)
            try:
                self.results.mkdir(parents=True, exist_ok=True)
                self._apart = Apart(told.source, small, self.results / folder, self._processes)
            except OSError as error:
                raise LaboratoryError(f"the study cannot be started: {error}") from error
            self._stamps.pop(folder, None)
        self.look()
        return folder

    def stop(self, folder: str) -> None:
        """Ask a study to stop; one that this server started is ended if it does not."""
        with self._lock:
            work, apart = self._bench.work(folder), self._apart
            if work is None or work.state not in BUSY:
                return
            place = self.results / folder
            if place.is_dir():
                with suppress(OSError):
                    (place / STOP).touch()
            if apart is not None and apart.folder == place:
                apart.stop(0.0 if work.state == STARTING else PATIENCE)
        self._stir.set()

    def ask(self, work: Callable[..., Any], folder: str, *args: Hashable) -> Answer:
        """Return what is known of results, and have it worked out anew where they have moved on.

        Parameters
        ----------
        work : callable
            A function of a module, called in a process with the path of the folder and `args`.
            Watchers are told when it has found something.
        """
        there = self._bench.work(folder)
        if there is None:
            return Answer(fault="There are no such results on this machine.")
        fast = there.state in BUSY
        return self._answers.ask(work, self.results / folder, args, there.version, fast)

    def submit(self, work: Callable[..., Any], folder: str, *args: Any) -> Promise[Any]:
        """Have something worked out from results, once; `work` is called as by :meth:`ask`."""
        return self._workers.submit(work, str(self.results / folder), *args)

    def close(self) -> None:
        """End looking on; a study that runs goes on."""
        self._closed.set()
        self._stir.set()

    def look(self) -> None:
        """Look at what there is; tell those who watch if it is something else than before."""
        with self._lock:
            studies, reading, new = self._studies()
            works = tuple(sorted(self._works(), key=lambda w: (w.created, w.folder), reverse=True))
            found = Bench(studies, works, reading, True)
            changed = found != self._bench
            self._bench = found
        for file in new:  # without the lock: the pool has locks of its own
            promise = self._workers.submit(describe, str(file), file.parent == SHIPPED)
            promise.add_done_callback(partial(self._learn, file))
        if changed:
            self._tell()

    def _look_on(self) -> None:
        while not self._closed.is_set():
            with self._lock:
                idle = not self._watchers
            self._stir.wait(None if idle else LOOKS)
            self._stir.clear()
            if not self._closed.is_set():
                self.look()

    def _tell(self) -> None:
        with self._lock:
            self.news += 1
        self._watchers.tell()

    def _studies(self) -> tuple[tuple[Told, ...], bool, list[Path]]:
        """Return what is told of the studies, whether some are unread, and those to be read."""
        new = []
        files = [*sorted(SHIPPED.glob("*.toml")), *sorted(self.results.glob("*.toml"))]
        for file in files:
            with suppress(OSError):
                stamp = file.stat().st_mtime
                if self._read.get(file) != stamp:
                    self._read[file] = stamp
                    new.append(file)
        told = tuple(self._told[file] for file in files if file in self._told)
        return told, len(told) < len(files), new

    def _learn(self, file: Path, promise: Promise[Told]) -> None:
        """Take in what is told of a study; once all are told, time their runs one by one."""
        if promise.cancelled() or self._closed.is_set():
            return
        error = promise.exception()
        with self._lock:
            self._told[file] = promise.result() if error is None else Told(
                file.stem, str(file), fault=f"cannot be read: {error}")  # fmt: skip
            rest = not self._timing and len(self._told) == len(self._read)
            self._timing = self._timing or rest
        self._stir.set()
        if rest:
            self._time_next()

    def _time_next(self) -> None:
        with self._lock:
            left = (f for f, told in self._told.items() if not (told.seconds or told.fault))
            file = next(left, None)
            self._timing = file is not None
        if file is not None and not self._closed.is_set():
            promise = self._workers.submit(timed, self._told[file].source)
            promise.add_done_callback(partial(self._timed, file))

    def _timed(self, file: Path, promise: Promise[float]) -> None:
        if promise.cancelled() or self._closed.is_set():
            return
        error = promise.exception()
        with self._lock:
            seconds = UNKNOWN if error is not None else promise.result()
            self._told[file] = replace(self._told[file], seconds=seconds)
        self._stir.set()
        self._time_next()

    def _folder(self, told: Told, small: bool) -> str:
        """Return the folder to run in: that of the study, another where other code began it."""
        size = told.small if small else told.full
        place, n = size.folder, 1
        while (work := self._bench.work(place)) and any(
            work.made_by.get(key) != size.made_by[key] for key in MADE_BY
        ):
            n += 1
            place = f"{size.folder}-{n}"
        return place

    def _works(self) -> list[Work]:
        """Return the results there are, and what is starting."""
        found = []
        with suppress(OSError):
            for place in self.results.iterdir():
                if (place / MANIFEST).is_file() and not place.name.endswith(".part"):
                    with suppress(OSError, ValueError, KeyError):
                        found.append(self._work(place))
        apart = self._apart
        if apart is not None and apart.folder.name not in {work.folder for work in found}:
            progress = Progress(STARTING if apart.alive else "broken", 0, 0, 0, 0.0,
                                0.0, "" if apart.alive else apart.said, 0.0)  # fmt: skip
            found.append(Work(apart.folder.name, apart.study, apart.study, "", {}, "9999",
                              progress, progress.error))  # fmt: skip
        return found

    def _work(self, place: Path) -> Work:
        """Return results as they are now."""
        log = place / LOG
        stamp = (log.stat().st_mtime_ns, log.stat().st_size) if log.exists() else None
        known = self._stamps.get(place.name)
        if known is None or known[0] != stamp:
            about = json.loads((place / STUDY).read_text(encoding="utf-8"))
            made = json.loads((place / MANIFEST).read_text(encoding="utf-8"))
            progress = read_progress(place)
            work = Work(place.name, about["name"], about["title"], about["scenario_title"],
                        {key: made.get(key) for key in MADE_BY}, made["created"], progress,
                        progress.error)  # fmt: skip
            known = (stamp, work)
            self._stamps[place.name] = known
        return self._judged(place, known[1])

    def _judged(self, place: Path, work: Work) -> Work:
        """Return results with the state that they are in fact in."""
        apart = self._apart if self._apart and self._apart.folder == place else None
        progress = work.progress
        if apart is not None and apart.alive:
            new = progress.at < apart.begun  # it has not written its first line yet
            progress = replace(progress, state=STARTING) if new else progress
            return replace(work, progress=progress, fault=progress.error)
        fault = apart.said if apart is not None else ""
        quiet = _now() - progress.at > REST
        if progress.state in ("new", RUNNING) and (fault or (quiet and not _held(place))):
            progress = replace(progress, state="broken" if fault else GONE, rate=0.0)
        return replace(work, progress=progress, fault=fault or progress.error)


def _held(place: Path) -> bool:
    """Return whether somebody is at work on results."""
    from filelock import FileLock, Timeout

    lock = FileLock(place / LOCK)
    try:
        with lock.acquire(timeout=0):
            return False
    except Timeout:
        return True
    except OSError:
        return False


def _far(progress: Progress) -> str:
    return f"{progress.done:,} of {progress.runs:,} runs" if progress.runs else "just begun"


def _now() -> float:
    return time.time()
