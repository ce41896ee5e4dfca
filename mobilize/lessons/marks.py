"""Marks of a class: prediction and reasoning before result, recomputable from an export alone.

A team's mark is the sum over questions of percent x credit. The latest answer of a team to a
question counts, whoever of it gave it. A reasoning earns what the instructor ticked in its rubric;
what a peer or the team itself ticked is shown beside, as `expected`, and counts nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mobilize.game.game import Game
from mobilize.lessons.answers import Truth, truth
from mobilize.lessons.lesson import ASPECTS, Lesson, Question
from mobilize.lessons.questions import Credit, by_rubric, credit, right
from mobilize.lessons.responses import BY, Marking, Response, latest
from mobilize.lessons.worlds import Bench


@dataclass(frozen=True)
class Row:
    """One question of one team: what it was worth (percent), the share got, and why."""

    question: str
    objective: str
    aspect: str
    percent: float
    answer: Any
    share: float
    text: str
    right: str
    open: bool = False  # a reasoning that the instructor has not marked
    expected: float | None = None  # share by peers or itself, until the instructor marks

    @property
    def got(self) -> float:
        """Return the percent got."""
        return self.percent * self.share


@dataclass(frozen=True)
class TeamMarks:
    """The marks of one team."""

    team: str
    rows: tuple[Row, ...]

    @property
    def total(self) -> float:
        """Return the mark, percent."""
        return sum(row.got for row in self.rows)

    @property
    def open(self) -> tuple[str, ...]:
        """Return the questions that wait for the instructor."""
        return tuple(row.question for row in self.rows if row.open)

    def of_aspect(self, aspect: str) -> float:
        """Return the percent got by one aspect."""
        return sum(row.got for row in self.rows if row.aspect == aspect)

    def of_objective(self, objective: str) -> float:
        """Return the share got of what the questions of an objective are worth."""
        mine = [row for row in self.rows if row.objective == objective]
        whole = sum(row.percent for row in mine)
        return sum(row.got for row in mine) / whole if whole else 0.0


@dataclass(frozen=True)
class Marks:
    """The marks of a class; `lesson` is the name and `digest` the content they were made by."""

    lesson: str
    digest: str
    teams: tuple[TeamMarks, ...]

    def team(self, name: str) -> TeamMarks:
        """Return the marks of a team; KeyError if it is not there."""
        return {team.team: team for team in self.teams}[name]

    def table(self) -> list[dict[str, Any]]:
        """Return one plain row for each team, with marks by aspect."""
        return [
            {"team": t.team, "total": round(t.total, 2), "open": len(t.open)}
            | {aspect: round(t.of_aspect(aspect), 2) for aspect in ASPECTS}
            for t in self.teams
        ]


def mark(
    lesson: Lesson,
    responses: Iterable[Response],
    games: Mapping[str, Game] | None = None,
    markings: Iterable[Marking] = (),
) -> Marks:
    """Mark every team that answered, ticked or played.

    Parameters
    ----------
    games : mapping of str to Game
        What each team played; a team without one decided nothing.
    """
    games, given = games or {}, tuple(responses)
    ticks = _ticks(markings)
    answers = _answers(given)
    names = dict.fromkeys([*sorted(games), *sorted({one.team for one in given})])
    teams = []
    for team in names:
        bench = Bench(lesson, games.get(team))
        rows = []
        for question in lesson.questions:
            known, key = truth(bench, question), (team, question.name)
            rows.append(_row(lesson, question, answers.get(key), known, ticks.get(key)))
        teams.append(TeamMarks(team, tuple(rows)))
    return Marks(lesson.name, lesson.digest, tuple(teams))


def _answers(responses: Sequence[Response]) -> dict[tuple[str, str], Any]:
    """Return the answer that counts by team and question: the latest of any member."""
    found: dict[tuple[str, str], Response] = {}
    for one in latest(responses).values():
        key = (one.team, one.question)
        if key not in found or one.at >= found[key].at:
            found[key] = one
    return {key: one.answer for key, one in found.items()}


def _ticks(markings: Iterable[Marking]) -> dict[tuple[str, str], dict[str, Marking]]:
    """Return the last marking by team and question, and by whom."""
    found: dict[tuple[str, str], dict[str, Marking]] = {}
    for one in markings:
        mine = found.setdefault((one.team, one.question), {})
        if one.by not in mine or one.at >= mine[one.by].at:
            mine[one.by] = one
    return found


def _row(
    lesson: Lesson,
    question: Question,
    answer: Any,
    known: Truth,
    ticks: Mapping[str, Marking] | None,
) -> Row:
    waits, share = False, None
    if question.by_hand:
        found, waits, share = _by_hand(question, answer, ticks or {})
        correct = told(question.model, known)
    else:
        found = credit(question, answer, known)
        correct = right(question, known) if question.asked else "the reference game"
    text = f"{found.text}. {told(question.why, known)}" if question.why else found.text
    return Row(question.name, question.objective, question.aspect, lesson.percent(question), answer,
               found.share, text, correct, waits, share)  # fmt: skip


def _by_hand(
    question: Question, answer: Any, ticks: Mapping[str, Marking]
) -> tuple[Credit, bool, float | None]:
    """Return the credit of a reasoning, whether it waits, and what others expect."""
    if not str(answer or "").strip():
        return Credit(0.0, "no answer"), False, None
    by = next((name for name in BY if name in ticks), None)
    if by is None:
        return Credit(0.0, "not yet marked"), True, None
    found = by_rubric(question, ticks[by].points)
    if by == BY[0]:
        return found, False, None
    return Credit(0.0, f"not yet marked; {by} says: {found.text}"), True, found.share


class _Figures(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return f"{{{key}}}"


def told(text: str, known: Truth) -> str:
    """Return a text with the figures of a calculation in the places of their names."""
    from mobilize.words import number

    said = {k: v if isinstance(v, str) else number(v) for k, v in known.figures.items()}
    return text.format_map(_Figures(said))
