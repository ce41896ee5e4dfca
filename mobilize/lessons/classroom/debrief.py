"""What a class talks about afterwards: predictions and what came, paths, decisions, the chain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from mobilize.forecast import SHARES, WORLDS, fan, foresee
from mobilize.game import worth
from mobilize.game.after import by_item, choices, target_name, value_text
from mobilize.game.after import start as begun
from mobilize.game.game import Game, play
from mobilize.lessons.classroom.progress import in_words, row_of
from mobilize.lessons.classroom.value import Classroom
from mobilize.lessons.lesson import Lesson
from mobilize.lessons.marks import Marks
from mobilize.model import Model
from mobilize.scenario import months
from mobilize.state import Floats
from mobilize.why import Why, why
from policies.levers import catalogue

NEARLY = 0.9  # of what a program lacked at worst


@dataclass(frozen=True)
class Said:
    """What one team predicted, and the share of the marks it got."""

    team: str
    given: str
    share: float


@dataclass(frozen=True)
class Predicted:
    """A prediction of the class against what happened."""

    question: str
    text: str
    right: str
    why: str
    said: tuple[Said, ...]  # teams that answered

    @property
    def mean(self) -> float:
        """Return the mean share of those who answered; 0 of none."""
        return sum(one.share for one in self.said) / len(self.said) if self.said else 0.0


@dataclass(frozen=True)
class Paths:
    """Units of one item delivered since the start, by month: a fan, and what each team played.

    `lines` are those of `shares` of worlds of other luck with nothing decided; `plain` the same in
    the luck of the class; `teams` by name. Each is as long as `months`, or as the team played.
    """

    item: str
    unit: str
    months: tuple[str, ...]
    shares: tuple[float, ...]
    lines: tuple[tuple[float, ...], ...]
    plain: tuple[float, ...]
    teams: Mapping[str, tuple[float, ...]]


@dataclass(frozen=True)
class Weighed:
    """What one decision of a team was worth: figures that it moved, in the luck of the class.

    A figure is told with its kind: one item may be delivered, and asked for and not there. `mean`
    is over other worlds, not a number where none were run.
    """

    date: str
    lever: str
    target: str
    value: str
    figures: tuple[tuple[str, str, float, float], ...]  # text, unit, difference here, mean


def predictions(room: Classroom, found: Marks) -> tuple[Predicted, ...]:
    """Return every prediction that was asked so far, with what the model says."""
    out = []
    for step in room.reached:
        for question in room.asked(step):
            if question.aspect != "prediction":
                continue
            rows = {team.team: row_of(team.rows, question.name) for team in found.teams}
            said = tuple(
                Said(team, in_words(question, row.answer), row.share)
                for team, row in rows.items()
                if row.answer is not None
            )
            first = next(iter(rows.values()))
            out.append(Predicted(question.name, question.text, first.right, first.text, said))
    return tuple(out)


def paths(room: Classroom, item: str = "", worlds: int = WORLDS) -> Paths:
    """Return what could have come, and what each team played, of one item.

    Raises
    ------
    ValueError
        If nobody buys such an item.
    """
    length = max([1, *(game.month for game in room.games.values())])
    undecided = room.lesson.undecided(length)
    start = begun(undecided)
    names, bought = start.world.names.items, sorted(set(start.world.net.p_item.tolist()))
    of = names.index(item) if item in names else -1
    of = int(start.world.net.p_item[0]) if not item else of
    if of not in bought:
        raise ValueError(f"item '{item}'; allowed: {', '.join(names[i] for i in bought)}")
    ahead = foresee(start, room.lesson.game.policy(), range(worlds), length)
    mine = np.flatnonzero(start.world.net.p_item == of)
    future = np.cumsum(ahead.series("delivered")[:, :, mine].sum(axis=2), axis=1)
    plain = play(undecided)
    table = room.lesson.scenario.tables["items"]
    unit = table["unit"].tolist()[table["id"].tolist().index(names[of])]
    return Paths(
        names[of],
        str(unit),
        tuple(months.label(room.lesson.scenario.start + n) for n in range(length)),
        SHARES,
        tuple(_plain(line) for line in fan(future)),
        _delivered(plain, of),
        {name: _delivered(play(game), of) for name, game in room.games.items()},
    )


def _delivered(model: Model, item: int) -> tuple[float, ...]:
    return _plain(np.cumsum(by_item(model, "delivered")[: model.month, item]))


def _plain(values: Floats) -> tuple[float, ...]:
    return tuple(float(value) for value in values)


def weighed(game: Game, worlds: int = 0) -> tuple[Weighed, ...]:
    """Return what each decision of a game was worth; other worlds cost a run each and decision."""
    found, titles = worth.review(game, worlds), catalogue()
    by_number = {choice.number: choice for choice in choices(game)}
    out = []
    for one in found.worths:
        setting = by_number[one.number].setting
        moved = [(f"{worth.KINDS[row.figure.kind]}: {row.figure.text}", row.figure.unit, row.here,
                  row.mean) for row in one.rows if row.felt]  # fmt: skip
        out.append(
            Weighed(months.label(setting.date), titles[setting.lever].title,
                    target_name(game, setting).removesuffix(f" ({setting.target})"),
                    value_text(setting), tuple(moved))
        )  # fmt: skip
    return tuple(out)


def subject(lesson: Lesson, game: Game) -> str:
    """Return the program that a lesson asks about, first of what binds it; "" if it names none."""
    programs = begun(game).world.names.programs
    asked = [q.calculation for q in lesson.questions if q.calculation is not None]
    first = sorted(asked, key=lambda one: one.name != "binds")
    named = (str(one.arguments.get("of")) for one in first)
    return next((name for name in named if name in programs), "")


def reason(game: Game, target: str = "") -> Why:
    """Return the chain of reasons behind a program, by default the one that lacks most."""
    model = play(game)
    if not target:
        unmet = model.record.series("unmet")[: model.month].sum(axis=0)
        target = model.world.names.programs[int(np.argmax(unmet))]
    return why(model, target, relief=False)


def hardest(game: Game, program: str) -> int:
    """Return the last month, from 0, in which a program lacked about as much as it ever did."""
    model = play(game)
    lacked = model.record.series("unmet")[: model.month, model.world.names.programs.index(program)]
    return int(np.flatnonzero(lacked >= NEARLY * lacked.max())[-1])
