"""A student's answer to a case, marked part by part against what the regulation asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations
from types import MappingProxyType
from typing import Any

from mobilize.lessons.desk.case import Case
from mobilize.lessons.desk.regulation import paragraph_of, paragraphs
from mobilize.lessons.desk.solve import DECISIONS, NO_RATING, Solution, solve
from mobilize.rooms.fields import faults, one_of, optional, several, text, whole

MOST = 60  # orders or needs in an answer
HALF = 0.5  # for the right letter of a section, or the right loser by a wrong time


class AnswerError(Exception):
    """An answer that cannot be marked; the text lists every fault."""


@dataclass(frozen=True)
class Answer:
    """What a student says.

    `ground` is the paragraph; `offered` the step offered; `sequence` all orders as they will be
    delivered; `slips` steps later by order; `answer_by` an ISO date, or hours as "6 hours";
    `ratings` by need, as "DO-A3" or "none".
    """

    decision: str
    ground: str = ""
    offered: int | None = None
    sequence: tuple[str, ...] = ()
    slips: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    answer_by: str = ""
    ratings: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True)
class Part:
    """One part of an answer: what was said, what is right, its share (0 to 1) and why."""

    name: str
    share: float
    given: str
    right: str
    paragraph: str
    why: str


@dataclass(frozen=True)
class Marked:
    """A marked answer; every part that was asked counts the same."""

    parts: tuple[Part, ...]
    why: str

    @property
    def share(self) -> float:
        """Return the share of the marks, 0 to 1."""
        return sum(part.share for part in self.parts) / len(self.parts)

    def __getitem__(self, name: str) -> Part:
        """Return a part by name; KeyError if it was not asked."""
        return {part.name: part for part in self.parts}[name]


FIELDS = {
    "decision": one_of(*DECISIONS),
    "ground": optional(text(60)),
    "offered": optional(whole(0, 10_000)),
    "sequence": optional(several(text(60, 1), MOST)),
    "slips": lambda value: _table(value, whole(0, 10_000)),
    "answer_by": optional(text(20)),
    "ratings": lambda value: _table(value, text(20)),
}


def _table(value: object, check: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, Mapping) or len(value) > MOST:
        return f"a table of at most {MOST}"
    return next(
        (f"{t} for each" for k, v in value.items() if (t := text(60, 1)(k) or check(v))), ""
    )


def read_answer(body: object) -> Answer:
    """Return an answer as a browser or a file gives it.

    Raises
    ------
    AnswerError
        With every key that is unknown, missing or wrong, and what is allowed.
    """
    if found := faults(body, FIELDS):
        raise AnswerError("\n".join(found))
    given = {k: v for k, v in dict(body).items() if v is not None}  # type: ignore[call-overload]
    return Answer(**given | {"sequence": tuple(given.get("sequence", ()))})


def mark(case: Case, answer: Answer, solution: Solution | None = None) -> Marked:
    """Return the marks of an answer; parts that its case does not ask are left out."""
    right = solution or solve(case)
    parts = [_decision(answer, right), _ground(answer, right)]
    goes_in = right.taken is not None and not _declined(answer, right)
    if "offer" in right.ways and not _declined(answer, right):
        parts.append(_offered(answer, right))
    if goes_in:
        parts += [_sequence(answer, right), _slips(answer, right)]
    if right.clock:
        parts.append(_clock(answer, right))
    if goes_in and right.suppliers:
        parts.append(_ratings(answer, right))
    return Marked(tuple(parts), right.why)


def _declined(answer: Answer, right: Solution) -> bool:
    return answer.decision == "decline" and "decline" in right.ways


def _decision(answer: Answer, right: Solution) -> Part:
    told = " or ".join(DECISIONS[way] for way in right.ways)
    first = next(iter(right.ways.values()))[0]
    given = DECISIONS.get(answer.decision, "nothing")
    return Part("decision", float(answer.decision in right.ways), given, told, first, right.why)


def _ground(answer: Answer, right: Solution) -> Part:
    grounds = right.ways.get(answer.decision) or next(iter(right.ways.values()))
    given = paragraph_of(answer.ground) or NO_RATING
    near = any(given.split(")")[0] == ground.split(")")[0] for ground in grounds)
    share = 1.0 if given in grounds else HALF * near
    why = paragraphs()[grounds[0]].says if grounds[0] in paragraphs() else right.why
    return Part("ground", share, answer.ground, " or ".join(grounds), grounds[0], why)


def _offered(answer: Answer, right: Solution) -> Part:
    same = answer.offered == right.offered
    paragraph = right.ways["offer"][0]
    why = "The earliest step in which it can be delivered and harms no order it must respect."
    return Part("offered", float(same), _told(answer.offered), _told(right.offered), paragraph, why)


def _sequence(answer: Answer, right: Solution) -> Part:
    """Mark by pairs: those delivered in different steps must stand in that order."""
    place = {name: n for n, name in enumerate(answer.sequence)}
    later = {k: 10**6 if v is None else v for k, v in right.deliveries.items()}
    pairs = [(a, b) for a, b in combinations(sorted(later, key=lambda k: later[k]), 2)
             if later[a] < later[b]]  # fmt: skip
    good = sum(a in place and b in place and place[a] < place[b] for a, b in pairs)
    share = good / len(pairs) if pairs else float(set(place) == set(later))
    told = ", ".join(f"{name} ({_told(right.deliveries[name])})"
                     for name in sorted(later, key=lambda k: later[k]))  # fmt: skip
    why = "Schedules change only as far as rated dates need it, DX before DO before unrated."
    return Part("sequence", share, ", ".join(answer.sequence), told, "700.14", why)


def _slips(answer: Answer, right: Solution) -> Part:
    given = {name: steps for name, steps in answer.slips.items() if steps}
    named = {*given, *right.slips}
    both = given.keys() & right.slips.keys()
    shares = [1.0 if given.get(n) == right.slips.get(n) else HALF * (n in both) for n in named]
    told = _listed(right.slips) or "nobody"
    why = "What one order gains another loses: nothing here makes capacity."
    if right.late:
        why += f" Tell the customers of {', '.join(right.late)} at once (700.13(d)(3))."
    share = sum(shares) / len(shares) if shares else 1.0
    return Part("slips", share, _listed(given) or "nobody", told, "700.14(b)", why)


def _clock(answer: Answer, right: Solution) -> Part:
    told = f"{right.hours} hours" if right.answer_by is None else right.answer_by.isoformat()
    same = " ".join(answer.answer_by.lower().split()) == told
    why = paragraphs()[right.clock].says
    return Part("answer_by", float(same), answer.answer_by, told, right.clock, why)


def _ratings(answer: Answer, right: Solution) -> Part:
    given = {name: rating.strip() for name, rating in answer.ratings.items()}
    good = [
        (given.get(name, "").upper() or "-") in [r.upper() for r in placed.ratings]
        for name, placed in right.suppliers.items()
    ]
    told = {name: " or ".join(placed.ratings) for name, placed in right.suppliers.items()}
    decide = list(dict.fromkeys(placed.paragraph for placed in right.suppliers.values()))
    why = " ".join(paragraphs()[paragraph].says for paragraph in decide)
    share = sum(good) / len(good)
    return Part("ratings", share, _listed(given), _listed(told), ", ".join(decide), why)


def model_answer(solution: Solution) -> Answer:
    """Return an answer that has full marks."""
    way, grounds = next(iter(solution.ways.items()))
    last = {name: 10**6 if step is None else step for name, step in solution.deliveries.items()}
    hours = "" if solution.hours is None else f"{solution.hours} hours"
    return Answer(
        way,
        grounds[0],
        solution.offered,
        tuple(sorted(last, key=lambda name: last[name])),
        solution.slips,
        solution.answer_by.isoformat() if isinstance(solution.answer_by, date) else hours,
        {name: placed.ratings[0] for name, placed in solution.suppliers.items()},
    )


def _told(step: int | None) -> str:
    return "none" if step is None else str(step)


def _listed(table: Mapping[str, object]) -> str:
    return ", ".join(f"{name}: {value}" for name, value in sorted(table.items()))


def worst(marks: Sequence[Marked]) -> str:
    """Return the part that most was lost in, "" where nothing was."""
    lost: dict[str, float] = {}
    for marked in marks:
        for part in marked.parts:
            lost[part.name] = lost.get(part.name, 0.0) + 1 - part.share
    best = max(lost, key=lambda name: lost[name], default="")
    return best if best and lost[best] > 0 else ""
