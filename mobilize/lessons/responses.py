"""What people answer, as it is kept and exported: one row for one answer."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from typing import Any

JSON = Any  # null, text, number, truth, list or table, as the json module reads it


class ResponsesError(Exception):
    """A file of responses that cannot be read; the text lists every fault."""


@dataclass(frozen=True)
class Response:
    """An answer to a question.

    `member` is who of the team answered, "" where it is the team's; `at` are seconds on the
    clock of the room. What `answer` looks like is told by the kind of the question
    (:mod:`mobilize.lessons.questions`). The latest answer counts.
    """

    team: str
    member: str
    step: str
    question: str
    answer: JSON
    at: float


BY = ("instructor", "peer", "self")  # who may tick a rubric; only the instructor's ticks count


@dataclass(frozen=True)
class Marking:
    """Points of a rubric (numbers from 0) that somebody ticked for a team's reasoning.

    `by` is one of BY, `who` the person; of one moment the later given counts.
    """

    team: str
    question: str
    by: str
    who: str
    points: tuple[int, ...]
    at: float


def latest(responses: Iterable[Response]) -> dict[tuple[str, str, str], Response]:
    """Return the last answer by team, member and question; of one moment the later given."""
    found: dict[tuple[str, str, str], Response] = {}
    for one in responses:
        key = (one.team, one.member, one.question)
        if key not in found or one.at >= found[key].at:
            found[key] = one
    return found


def to_lines(responses: Iterable[Response], markings: Iterable[Marking] = ()) -> str:
    """Return responses and markings as JSON lines."""
    rows = [asdict(one) for one in responses] + [asdict(one) for one in markings]
    return "".join(json.dumps(r, ensure_ascii=False, sort_keys=True) + "\n" for r in rows)


def from_lines(
    text: str, place: str = "responses"
) -> tuple[tuple[Response, ...], tuple[Marking, ...]]:
    """Read responses and markings from JSON lines: an export is both.

    Raises
    ------
    ResponsesError
        With every fault: the line, what is wrong and what is allowed.
    """
    faults: list[str] = []
    responses: list[Response] = []
    markings: list[Marking] = []
    for n, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            faults.append(f"{place} line {n}: not readable as JSON: {error}")
            continue
        wrong = _faults(row)
        faults += [f"{place} line {n}: {fault}" for fault in wrong]
        if wrong:
            continue
        if "points" in row:
            markings.append(Marking(**row | {"points": tuple(row["points"])}))
        else:
            responses.append(Response(**row))
    if faults:
        raise ResponsesError("\n".join(faults))
    return tuple(responses), tuple(markings)


def _faults(row: object) -> list[str]:
    kinds = {frozenset(f.name for f in fields(kind)): kind for kind in (Response, Marking)}
    if not isinstance(row, dict) or frozenset(row) not in kinds:
        allowed = " or ".join(", ".join(f.name for f in fields(k)) for k in (Response, Marking))
        return [f"neither a response nor a marking; allowed: an object with the keys {allowed}"]
    faults = [
        f"key '{key}' is not text; allowed: text"
        for key in ("team", "member", "step", "question", "by", "who")
        if not isinstance(row.get(key, ""), str)
    ]
    if not isinstance(row["at"], int | float) or isinstance(row["at"], bool):
        faults.append("key 'at' is no number; allowed: seconds")
    if row.get("by", BY[0]) not in BY:
        faults.append(f"key 'by' is {row['by']!r}; allowed: {', '.join(BY)}")
    points = row.get("points", [])
    if not isinstance(points, list) or not all(type(p) is int and p >= 0 for p in points):
        faults.append("key 'points' is no list of whole numbers; allowed: such as [0, 2]")
    return faults
