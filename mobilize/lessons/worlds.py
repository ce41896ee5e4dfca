"""The runs that answers are read from: a lesson's cases, and the game of a team, in any luck."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from mobilize.game.game import Game
from mobilize.interventions import Intervention
from mobilize.lessons.lesson import Case, Lesson
from mobilize.model import Model
from mobilize.scenario import Scenario
from policies.package import Package, Setting

NONE, OWN = "none", "own"  # cases there always are: nothing decided, and what the team decided
KEPT = 48  # runs remembered in a process


@dataclass(frozen=True)
class Bench:
    """Where a lesson's answers are worked out: whose game, and in which luck."""

    lesson: Lesson
    game: Game | None = None
    world: int | None = None

    def case(self, name: str) -> Case:
        """Return a case by name: the lesson's, NONE, or OWN with what the team decided."""
        if name == NONE or (name == OWN and self.game is None):
            return Case(name, "nothing decided", ())
        if name == OWN and self.game is not None:
            game = self.game
            return Case(OWN, "what the team decided", game.policy().settings, game.interventions)
        return self.lesson.case(name)

    def run(self, names: str | Iterable[str], month: int) -> Model:
        """Return the model under one case or several together, at a month; not to be changed."""
        cases = [self.case(name) for name in ([names] if isinstance(names, str) else names)]
        lesson = self.lesson
        settings = (*lesson.opening, *(s for case in cases for s in case.settings))
        acts = tuple(dict.fromkeys(a for case in cases for a in case.acts))
        world = lesson.world if self.world is None else self.world
        return _run(_Key(lesson.scenario), _once(settings), acts, lesson.seed, world, month)


def _once(settings: Iterable[Setting]) -> tuple[Setting, ...]:
    """Return settings by date, each once; the latest word on a lever in a month counts."""
    words = {(s.date, s.lever, s.target): s for s in settings}
    return tuple(sorted(words.values(), key=lambda s: (s.date, s.lever, s.target)))


@dataclass(frozen=True)
class _Key:
    """A scenario, equal to others of the same content."""

    scenario: Scenario

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and other.scenario.digest == self.scenario.digest

    def __hash__(self) -> int:
        return hash(self.scenario.digest)


@lru_cache(maxsize=KEPT)
def _run(
    key: _Key,
    settings: tuple[Setting, ...],
    acts: tuple[Intervention, ...],
    seed: int,
    world: int,
    month: int,
) -> Model:
    policy = Package("lesson", "Lesson", settings)
    model = Model(key.scenario, policy, seed, world, panel=True, interventions=acts)
    return model.run(month)
