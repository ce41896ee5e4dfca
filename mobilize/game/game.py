"""A game as a value: a scenario, its luck and the turns played.

The state of a game follows from this value alone, so that undoing is forgetting the last turn,
and the same file gives the same game anywhere.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from agents.tables import Figures
from mobilize.interventions import Intervention
from mobilize.model import Model
from mobilize.scenario import Scenario, months
from policies.package import Package, Setting, read_package

KEPT = 16  # games whose model stays ready in a process
PLAYED = "played"  # name of the policy that the turns of a game add up to


@dataclass(frozen=True)
class Turn:
    """Levers set in the first month of a turn, and how many months were then played.

    `interventions` are what people did beside setting levers, in this turn or for later months.
    """

    settings: tuple[Setting, ...]
    months: int
    interventions: tuple[Intervention, ...] = ()


@dataclass(frozen=True)
class Game:
    """A game: everything its state follows from.

    `opening` are settings with dates of their own, decided before the first turn; `mindset` is how
    the challenger thinks, by default as luck or the scenario has it; `figures` of it may be moved
    from where the data have them (see :func:`agents.tables.moved`).
    """

    scenario: Scenario
    seed: int
    world: int = 0
    mindset: str | None = None
    opening: tuple[Setting, ...] = ()
    turns: tuple[Turn, ...] = ()
    figures: Figures = ()

    @property
    def month(self) -> int:
        """Return the months played."""
        return sum(turn.months for turn in self.turns)

    @property
    def left(self) -> int:
        """Return the months that can still be played."""
        return self.scenario.horizon - self.month

    @property
    def date(self) -> int:
        """Return the month that is played next (absolute)."""
        return self.scenario.start + self.month

    @property
    def identity(self) -> tuple[Any, ...]:
        """Return what tells it from other games: hashable, equal for equal games."""
        luck = (self.scenario.digest, self.seed, self.world, self.mindset, self.figures)
        return (*luck, self.opening, self.turns)

    @property
    def interventions(self) -> tuple[Intervention, ...]:
        """Return what people did beside setting levers, in the order in which it is done."""
        return tuple(one for turn in self.turns for one in turn.interventions)

    def policy(self, draft: Iterable[Setting] = ()) -> Package:
        """Return all that was decided, with a draft for the next month; the latest word counts."""
        words: dict[tuple[int, str, str], Setting] = {}
        rows = (*self.opening, *(s for turn in self.turns for s in turn.settings), *draft)
        for setting in rows:
            words[setting.date, setting.lever, setting.target] = setting
        return Package(PLAYED, "As played", tuple(sorted(words.values(), key=lambda s: s.date)))

    def after(
        self,
        settings: Iterable[Setting],
        played: int,
        interventions: Iterable[Intervention] = (),
    ) -> Game:
        """Return the game after one turn more.

        Raises
        ------
        ValueError
            If so many months are not left, a setting is not of the month played next, or an
            intervention of a month that is past.
        """
        if not 0 < played <= self.left:
            raise ValueError(f"{played} months; allowed: 1 to {self.left}")
        settings = tuple(settings)
        if wrong := [s.lever for s in settings if s.date != self.date]:
            told = f"{', '.join(wrong)} set in another month; allowed: {months.label(self.date)}"
            raise ValueError(told)
        interventions = tuple(interventions)
        if past := [one.kind for one in interventions if one.date < self.date]:
            raise ValueError(f"{', '.join(past)} in a month before {months.label(self.date)}")
        return replace(self, turns=(*self.turns, Turn(settings, played, interventions)))

    def before(self, turn: int) -> Game:
        """Return the game as it stood before turn `turn` (0 is the first)."""
        return replace(self, turns=self.turns[:turn])


def decide(game: Game, lever: str, target: str, value: str | float, size: str = "base") -> Setting:
    """Return a lever set in the game's next month.

    Raises
    ------
    PackageError
        If there is no such lever, target or value in the scenario.
    """
    row = {"date": months.label(game.date), "lever": lever, "value": value, "size": size}
    if target != "base":
        row["target"] = target
    package = read_package("draft", {"set": [row]}, game.scenario, lever)
    return package.settings[0]


def play(game: Game) -> Model:
    """Return the model of a game at its present month; never change what is returned.

    A game that goes on from one played in this process is stepped from there.
    """
    with _LOCK:
        ready = _READY.get(game.identity)
        if ready is not None:
            _READY.move_to_end(game.identity)
            return ready
        near = next((m for g in _shorter(game) if (m := _READY.get(g.identity))), None)
    policy = game.policy()
    if near is None:
        model = Model(game.scenario, policy, game.seed, game.world,
                      mindset=game.mindset, figures=game.figures,
                      interventions=game.interventions)  # fmt: skip
    else:
        model = near.fork(policy, interventions=game.interventions)
        model.history = ((0, policy),)
    model.run(game.month - model.month)
    with _LOCK:
        model = _READY.setdefault(game.identity, model)  # another thread may have been quicker
        while len(_READY) > KEPT:
            _READY.popitem(last=False)
    return model


_READY: OrderedDict[tuple[Any, ...], Model] = OrderedDict()
_LOCK = threading.Lock()


def _shorter(game: Game) -> Iterator[Game]:
    """Return the games that this one went on from, the latest first: a month of a turn less."""
    for n in range(len(game.turns), 0, -1):
        turn, before = game.turns[n - 1], game.turns[: n - 1]
        for played in range(turn.months - 1, 0, -1):
            yield replace(game, turns=(*before, replace(turn, months=played)))
        yield replace(game, turns=before)


def fingerprint(model: Model) -> str:
    """Return the hash of everything a run has recorded: equal for equal games."""
    found = hashlib.sha256()
    for name in ("programs", "items", "ledger", "fleets", "milestones", "metrics"):
        found.update(np.ascontiguousarray(getattr(model.record, name)).tobytes())
    return found.hexdigest()
