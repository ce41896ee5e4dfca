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


def latest(responses: Iterable[Response]) -> dict[tuple[str, str, str], Response]:
    """Return the last answer by team, member and question; of one moment the later given."""
    found: dict[tuple[str, str, str], Response] = {}
    for one in responses:
        key = (one.team, one.member, one.question)
        if key not in found or one.at >= found[key].at:
            found[key] = one
    return found


def to_lines(responses: Iterable[Response]) -> str:
    """Return responses as JSON lines."""
    return "".join(
        json.dumps(asdict(one), ensure_ascii=False, sort_keys=True) + "\n" for one in responses
    )


def from_lines(text: str, place: str = "responses") -> tuple[Response, ...]:
    """Read responses from JSON lines.

    Raises
    ------
    ResponsesError
        With every fault: the line, what is wrong and what is allowed.
    """
    faults, found = [], []
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
        if not wrong:
            found.append(Response(**row | {"at": float(row["at"])}))
    if faults:
        raise ResponsesError("\n".join(faults))
    return tuple(found)


def _faults(row: object) -> list[str]:
    names = [f.name for f in fields(Response)]
    if not isinstance(row, dict) or set(row) != set(names):
        return [f"not a response; allowed: an object with the keys {', '.join(names)}"]
    faults = [
        f"key '{key}' is not text; allowed: text"
        for key in ("team", "member", "step", "question")
        if not isinstance(row[key], str)
    ]
    if not isinstance(row["at"], int | float) or isinstance(row["at"], bool):
        faults.append("key 'at' is no number; allowed: seconds")
    return faults
