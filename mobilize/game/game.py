"""A game as a value: a scenario, its luck and the turns played.

The state of a game follows from this value alone, so that undoing is forgetting the last turn,
and the same file gives the same game anywhere.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np

from mobilize.model import Model
from mobilize.scenario import Scenario, months
from policies.package import Package, Setting, read_package

KEPT = 16  # games whose model stays ready in a process
PLAYED = "played"  # name of the policy that the turns of a game add up to


@dataclass(frozen=True)
class Turn:
    """Levers set in the first month of a turn, and how many months were then played."""

    settings: tuple[Setting, ...]
    months: int


@dataclass(frozen=True)
class Game:
    """A game: everything its state follows from.

    `opening` are settings with dates of their own, decided before the first turn; `mindset` is how
    the challenger thinks, by default as luck or the scenario has it.
    """

    scenario: Scenario
    seed: int
    world: int = 0
    mindset: str | None = None
    opening: tuple[Setting, ...] = ()
    turns: tuple[Turn, ...] = ()

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
        luck = (self.scenario.digest, self.seed, self.world, self.mindset)
        return (*luck, self.opening, self.turns)

    def policy(self, draft: Iterable[Setting] = ()) -> Package:
        """Return all that was decided, with a draft for the next month; the latest word counts."""
        words: dict[tuple[int, str, str], Setting] = {}
        rows = (*self.opening, *(s for turn in self.turns for s in turn.settings), *draft)
        for setting in rows:
            words[setting.date, setting.lever, setting.target] = setting
        return Package(PLAYED, "As played", tuple(sorted(words.values(), key=lambda s: s.date)))

    def after(self, settings: Iterable[Setting], played: int) -> Game:
        """Return the game after one turn more.

        Raises
        ------
        ValueError
            If so many months are not left, or a setting is not of the month played next.
        """
        if not 0 < played <= self.left:
            raise ValueError(f"{played} months; allowed: 1 to {self.left}")
        settings = tuple(settings)
        if wrong := [s.lever for s in settings if s.date != self.date]:
            told = f"{', '.join(wrong)} set in another month; allowed: {months.label(self.date)}"
            raise ValueError(told)
        return replace(self, turns=(*self.turns, Turn(settings, played)))

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
    return _model(_Key(game, game.identity))


@dataclass(frozen=True)
class _Key:
    """A game, told apart by what it follows from."""

    game: Game
    identity: tuple[Any, ...]

    def __hash__(self) -> int:
        return hash(self.identity)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self.identity == other.identity


@lru_cache(maxsize=KEPT)
def _model(key: _Key) -> Model:
    game = key.game
    if not game.turns:
        return Model(game.scenario, game.policy(), game.seed, game.world, mindset=game.mindset)
    model = play(game.before(-1)).fork(game.policy())
    model.history = ((0, model.policy),)
    return model.run(game.turns[-1].months)


def fingerprint(model: Model) -> str:
    """Return the hash of everything a run has recorded: equal for equal games."""
    found = hashlib.sha256()
    for name in ("programs", "items", "ledger", "fleets", "milestones", "metrics"):
        found.update(np.ascontiguousarray(getattr(model.record, name)).tobytes())
    return found.hexdigest()
