"""A lesson as a value: who works on what, step by step, towards which objectives.

Read and checked by :mod:`mobilize.lessons.load`; what may stand in the file is told there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from mobilize.game.game import Game
from mobilize.interventions import Intervention
from mobilize.scenario import Scenario
from policies.dpas import Order
from policies.package import Setting

StepKind = Literal["read", "predict", "decide", "see", "explain"]
STEPS: tuple[StepKind, ...] = ("read", "predict", "decide", "see", "explain")
QuestionKind = Literal["choice", "number", "rank", "queue", "constraint", "reasoning", "result"]
QUESTIONS: tuple[QuestionKind, ...] = (
    *("choice", "number", "rank", "queue", "constraint", "reasoning", "result"),
)
Aspect = Literal["prediction", "reasoning", "result"]
ASPECTS: tuple[Aspect, ...] = ("prediction", "reasoning", "result")
TEAM = ""  # part of a question that the whole team answers


@dataclass(frozen=True)
class Source:
    """Where something a lesson says is written; `confidence` as everywhere in the project."""

    id: str
    text: str
    confidence: str


@dataclass(frozen=True)
class Objective:
    """What a student can do afterwards.

    `policy` is the number of the course objective it serves (1 to 7); `terms` are words of the
    course (glossary), `levers` those of the catalogue whose evidence stands behind it.
    """

    name: str
    text: str
    policy: int
    terms: tuple[str, ...]
    levers: tuple[str, ...]


@dataclass(frozen=True)
class Part:
    """One of a team: what it is called, what only it is told, and its own work."""

    name: str
    title: str
    told: str
    work: str


@dataclass(frozen=True)
class Option:
    """One answer to choose, or one thing to rank; `arguments` are its own for the calculation."""

    name: str
    text: str
    arguments: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Point:
    """One line of a rubric: what an answer must say, and words that suggest it does."""

    text: str
    worth: float
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Tolerance:
    """How far a number may be off: by a factor, or by an amount in its unit."""

    kind: Literal["factor", "amount"]
    full: float  # full credit up to here
    none: float  # no credit from here on


@dataclass(frozen=True)
class Calculation:
    """How the model finds the answer: a name of :mod:`mobilize.lessons.answers`, and arguments."""

    name: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True)
class Question:
    """Something asked.

    `part` answers it, or the whole team (""). `options` are for choice, rank and constraint;
    `several`: more than one option, or none, may be right. `unit` and `tolerance` are for number;
    `book`, `capacity` (units a month) and `month` for queue; `rubric` and `model` (a model answer)
    for reasoning. `because_of` names the question whose answer it gives the reason for. What no
    model knows, such as a rule of law, is `stated` with its `source`. `why` tells afterwards why
    the answer is as it is; in it and in `model`, ``{name}`` stands for a figure of the calculation.
    """

    name: str
    kind: QuestionKind
    text: str
    objective: str
    aspect: Aspect
    points: float
    part: str = TEAM
    because_of: str = ""
    options: tuple[Option, ...] = ()
    unit: str = ""
    tolerance: Tolerance | None = None
    book: tuple[Order, ...] = ()
    capacity: float = 0.0
    month: int = 0
    rubric: tuple[Point, ...] = ()
    model: str = ""
    why: str = ""
    calculation: Calculation | None = None
    several: bool = False
    stated: Any = None
    source: str = ""

    @property
    def by_hand(self) -> bool:
        """Return whether people mark it, by its rubric."""
        return self.kind == "reasoning"

    @property
    def asked(self) -> bool:
        """Return whether it is asked; a result is taken from the game of the team."""
        return self.kind != "result"


@dataclass(frozen=True)
class OpenLever:
    """A lever that a team may set in a step, and at what and to what; none given: all there are.

    Of a lever set by amount, `values` are the amounts that may be given.
    """

    lever: str
    targets: tuple[str, ...] = ()
    values: tuple[str | float, ...] = ()
    part: str = TEAM


@dataclass(frozen=True)
class Step:
    """One stretch of a lesson; `months` of the game pass in a step of kind see.

    `happens` is the case whose acts befall every team in these months, or "". In a step of kind
    decide a team may set `most` levers in all, and give out `money` (MUSD, see
    :func:`mobilize.lessons.money.given_out`); 0: as much as it likes.
    """

    name: str
    kind: StepKind
    title: str
    minutes: int
    text: str
    guide: str = ""  # for the instructor
    board: str = ""  # what stands on the board
    questions: tuple[Question, ...] = ()
    levers: tuple[OpenLever, ...] = ()
    months: int = 0
    happens: str = ""
    most: int = 0
    money: float = 0.0


@dataclass(frozen=True)
class Case:
    """Settings and acts under a name, which calculations compare.

    "none" is the game without any, "own" what a team decided.
    """

    name: str
    title: str
    settings: tuple[Setting, ...]
    acts: tuple[Intervention, ...] = ()


@dataclass(frozen=True)
class Lesson:
    """A lesson: see the module.

    `shares` are the percent of the marks by aspect; with `reason_first` a right result by a wrong
    reason earns less than a wrong result by a right reason. `study` is the file of a batch study
    that belongs to it, or ""; `homework` is done at home over days, by no clock. `handout` is its
    title where students read it, since a title may give away what they are to predict.
    """

    name: str
    title: str
    summary: str
    minutes: int
    scenario: Scenario
    turn: int  # months
    seed: int
    world: int
    opening: tuple[Setting, ...]
    parts: tuple[Part, ...]
    objectives: tuple[Objective, ...]
    steps: tuple[Step, ...]
    cases: tuple[Case, ...]
    shares: Mapping[Aspect, float]
    reason_first: bool
    sources: tuple[Source, ...]
    notional: tuple[str, ...]  # what in it is a modelling choice
    handout: str = ""
    study: str = ""
    digest: str = ""
    homework: bool = False

    @property
    def game(self) -> Game:
        """Return the game with which every team begins: the same luck for all."""
        return Game(self.scenario, self.seed, self.world, opening=self.opening)

    @property
    def questions(self) -> Iterator[Question]:
        """Return every question in the order in which it is asked."""
        return (question for step in self.steps for question in step.questions)

    @property
    def months(self) -> int:
        """Return how many months of the game it plays."""
        return sum(step.months for step in self.steps)

    def question(self, name: str) -> Question:
        """Return a question by name; KeyError if there is none."""
        return {question.name: question for question in self.questions}[name]

    def number(self, question: Question) -> int:
        """Return which of the questions that are asked one is, from 1, as pages and guides say."""
        return [one.name for one in self.questions if one.asked].index(question.name) + 1

    def case(self, name: str) -> Case:
        """Return a case by name; KeyError if there is none."""
        return {case.name: case for case in self.cases}[name]

    def befalls(self, step: Step) -> tuple[Intervention, ...]:
        """Return what befalls every team while the months of a step pass."""
        return self.case(step.happens).acts if step.happens else ()

    def undecided(self, months: int) -> Game:
        """Return the game after some months in which nobody decided anything."""
        game = self.game
        for step in self.steps:
            played = min(step.months, months - game.month)
            if played > 0:
                game = game.after((), played, self.befalls(step))
        left = months - game.month
        return game.after((), left) if left > 0 else game

    def percent(self, question: Question) -> float:
        """Return what a question is worth of all marks, in percent."""
        alike = sum(q.points for q in self.questions if q.aspect == question.aspect)
        return self.shares[question.aspect] * question.points / alike
