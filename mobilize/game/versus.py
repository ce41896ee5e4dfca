"""Two packages over the same worlds, run in the workers a few at a time; watched, or stopped.

The figures are those of :mod:`mobilize.compare` and :mod:`mobilize.attribution`. What has been run
once is kept in the process: more worlds, or another package beside it, run only what is new.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from mobilize.attribution import Attribution, combinations, divide, totals
from mobilize.compare import compare, cost_per_unit, largest_effect
from mobilize.pieces import Pieces
from mobilize.runs import Outcome, Results, play_world
from mobilize.scenario import Scenario
from mobilize.state import Floats
from mobilize.workers import Workers
from policies.package import Package, Setting, no_package

CHUNK = 2  # worlds of one piece of work: a forecast that comes in between waits no longer
KEPT = 512  # worlds that stay in the process, some 250 MB of the largest scenario
Told = Callable[["Progress"], None]


@dataclass(frozen=True)
class Question:
    """Package `b` against package `a`, over worlds 0, 1, ... of a seed."""

    scenario: Scenario
    a: Package
    b: Package
    worlds: int
    seed: int
    months: int

    @property
    def key(self) -> tuple[Hashable, ...]:
        """Return what the answer follows from, names and titles not counted."""
        return (self.scenario.digest, self.a.settings, self.b.settings, self.worlds, self.seed,
                self.months)  # fmt: skip


@dataclass(frozen=True)
class Answer:
    """Both sides of a question, and where they part first (see :func:`largest_effect`)."""

    a: Results
    b: Results
    reasons: dict[str, str | int]

    def data(self) -> dict[str, Any]:
        """Return what ``mobilize compare --json`` prints for the same question."""
        return {
            "differences": [asdict(d) for d in compare(self.a, self.b)],
            "kusd_per_extra_unit": cost_per_unit(self.a, self.b),
            "largest_effect": self.reasons,
        }


@dataclass(frozen=True)
class Progress:
    """How far a job is: worlds done, of how many, in which time; then its answer or its fault."""

    done: int
    total: int
    seconds: float
    answer: Any = None
    fault: str = ""

    @property
    def over(self) -> bool:
        """Return whether nothing more will come."""
        return self.answer is not None or bool(self.fault)

    @property
    def left(self) -> float | None:
        """Return about how many seconds are left, or None before anything is done."""
        return self.seconds / self.done * (self.total - self.done) if self.done else None


@dataclass(frozen=True)
class Piece:
    """Work for one process: what it is, how many worlds it counts for, and what to call."""

    key: tuple[Any, ...]
    worlds: int
    call: Callable[[], Any]


class Job:
    """Pieces of work handed to the workers, no more at a time than there are processes.

    Parameters
    ----------
    last : callable
        Called in a thread of its own with what every piece returned, by key; returns the answer.
    told : callable
        Called from any thread after every piece and at the end; never once the job was stopped.
    """

    def __init__(
        self, workers: Workers, pieces: Sequence[Piece],
        last: Callable[[dict[Hashable, Any]], Any], told: Told,
    ) -> None:  # fmt: skip
        self._told, self._last = told, last
        self._work: dict[Hashable, Piece] = {piece.key: piece for piece in pieces}
        self._pieces: Pieces[Hashable, Any] = Pieces(
            lambda key: workers.submit(self._work[key].call), workers.processes,
            self._taken, self._failed,
        )  # fmt: skip
        self._lock = threading.Lock()
        self._begun = time.monotonic()
        self.progress = Progress(0, sum(p.worlds for p in pieces), 0.0)

    def start(self) -> None:
        """Hand out the first pieces."""
        if not self._work:
            threading.Thread(target=self._finish, daemon=True).start()
        self._pieces.hand_out(self._work)

    def stop(self) -> None:
        """Hand out nothing more and tell nothing more; pieces under way end by themselves."""
        self._pieces.stop()

    def _taken(self, key: Hashable, last: bool) -> None:
        if self._pieces.stopped:
            return
        with self._lock:
            done = self.progress.done + self._work[key].worlds
            self.progress = replace(self.progress, done=done)
        if last:
            threading.Thread(target=self._finish, daemon=True).start()
        else:
            self._tell()

    def _failed(self, error: BaseException) -> None:
        self._tell(fault=f"the runs failed: {type(error).__name__}: {error}")

    def _finish(self) -> None:
        try:
            self._tell(answer=self._last(self._pieces.found))
        except Exception as error:
            self._failed(error)

    def _tell(self, answer: Any = None, fault: str = "") -> None:
        with self._lock:
            seconds = time.monotonic() - self._begun
            self.progress = replace(self.progress, seconds=seconds, answer=answer, fault=fault)
            progress = self.progress
        if not self._pieces.stopped or fault:
            self._told(progress)


class Kept:
    """Worlds that have been run, the longest unused forgotten first; safe from any thread."""

    def __init__(self, most: int = KEPT) -> None:
        self._most, self._lock = most, threading.Lock()
        self._worlds: OrderedDict[tuple[Hashable, ...], Outcome] = OrderedDict()

    def get(self, side: tuple[Hashable, ...], world: int) -> Outcome | None:
        """Return a world of one side of a question, if it is here."""
        with self._lock:
            found = self._worlds.get((*side, world))
            if found is not None:
                self._worlds.move_to_end((*side, world))
            return found

    def put(self, side: tuple[Hashable, ...], outcomes: Sequence[Outcome]) -> None:
        """Keep worlds of one side of a question."""
        with self._lock:
            for outcome in outcomes:
                self._worlds[(*side, outcome.world)] = outcome
            while len(self._worlds) > self._most:
                self._worlds.popitem(last=False)


KEPT_WORLDS = Kept()


def versus(
    workers: Workers, question: Question, told: Told, kept: Kept = KEPT_WORLDS,
    conclude: Callable[[Answer], Any] = lambda answer: answer,
) -> Job:  # fmt: skip
    """Start to answer a question.

    Parameters
    ----------
    told : callable
        Hears of progress and, last, of the answer.
    conclude : callable
        Makes of the :class:`Answer`, which holds every world, what is told.
    """
    q = question
    sides = {package.settings: package for package in (q.a, q.b)}
    known: dict[tuple[Setting, ...], dict[int, Outcome]] = {}
    pieces = []
    for settings, package in sides.items():
        here = {w: kept.get(_side(q, package), w) for w in range(q.worlds)}
        known[settings] = {w: outcome for w, outcome in here.items() if outcome is not None}
        missing = [w for w in here if w not in known[settings]]
        for first in range(0, len(missing), CHUNK):
            worlds = tuple(missing[first : first + CHUNK])
            call = partial(play_worlds, q.scenario, package, q.seed, worlds, q.months)
            pieces.append(Piece((settings, worlds), len(worlds), call))
    pieces.sort(key=lambda piece: piece.key[1])

    def last(found: dict[Hashable, Any]) -> Any:
        for piece in pieces:
            settings, outcomes = piece.key[0], found[piece.key]
            kept.put(_side(q, sides[settings]), outcomes)
            known[settings].update((o.world, o) for o in outcomes)
        a, b = (_results(q, package, known[package.settings]) for package in (q.a, q.b))
        reasons = workers.answer(parting, _first(a), _first(b))
        return conclude(Answer(a, b, reasons))

    job = Job(workers, pieces, last, told)
    job.start()
    return job


def _side(q: Question, package: Package) -> tuple[Hashable, ...]:
    return q.scenario.digest, package.settings, q.seed, q.months


def _results(q: Question, package: Package, outcomes: dict[int, Outcome]) -> Results:
    done = [outcomes[world] for world in range(q.worlds)]
    parts = ("programs", "items", "ledger", "fleets", "milestones", "metrics")
    stacks = (np.stack([getattr(o, part) for o in done]) for part in parts)
    return Results(q.scenario, package, q.seed, tuple(range(q.worlds)), *stacks)


def _first(results: Results) -> Results:
    """Return the first world alone: all that the reasons are looked for in."""
    parts = ("programs", "items", "ledger", "fleets", "milestones", "metrics")
    return replace(results, worlds=results.worlds[:1],
                   **{part: getattr(results, part)[:1] for part in parts})  # fmt: skip


def play_worlds(
    scenario: Scenario, package: Package, seed: int, worlds: Sequence[int], months: int
) -> list[Outcome]:
    """Run some worlds in a worker."""
    return [play_world(scenario, package, seed, world, months) for world in worlds]


def parting(a: Results, b: Results) -> dict[str, str | int]:
    """Return in a worker where two policies differ most, with the reasons under both by name."""
    return largest_effect(a, b)


def shares(
    workers: Workers, scenario: Scenario, package: Package, worlds: int, seed: int, months: int,
    told: Told,
) -> Job:  # fmt: skip
    """Start to split what a package brings among its levers; the answer is an `Attribution`.

    Raises
    ------
    ValueError
        If the package moves no lever.
    """
    sets = combinations(package, seed)
    pieces = []
    for first in range(0, worlds, CHUNK):
        some = tuple(range(first, min(first + CHUNK, worlds)))
        for chosen in sets:
            part = package.only(*sorted(chosen)) if chosen else no_package()
            call = partial(totals, scenario, part, some, seed, months)
            pieces.append(Piece((chosen, first), len(some), call))

    def last(found: dict[Hashable, Any]) -> Attribution:
        def deliveries(chosen: frozenset[str]) -> Floats:
            parts = [found[chosen, first] for first in range(0, worlds, CHUNK)]
            return np.concatenate(parts)

        whole = {chosen: deliveries(chosen) for chosen in sets}
        return divide(scenario, package, worlds, seed, whole)

    job = Job(workers, pieces, last, told)
    job.start()
    return job
