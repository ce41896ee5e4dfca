"""Typical wrong answers to a question and the credit each earns, for the instructor's guide."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mobilize.lessons.answers import Truth
from mobilize.lessons.lesson import Question
from mobilize.lessons.questions import credit
from mobilize.words import number
from policies.dpas import accepted_order_of_work

LEFT_OUT = 0.999  # credit from here on is no mistake


@dataclass(frozen=True)
class Mistake:
    """A wrong answer as one meets it, the answer itself, and the share it earns."""

    text: str
    answer: Any
    share: float


def mistakes(question: Question, truth: Truth) -> tuple[Mistake, ...]:
    """Return typical wrong answers and what they earn, the dearest first."""
    found = [
        Mistake(text, answer, credit(question, answer, truth).share)
        for text, answer in _typical(question, truth)
    ]
    wrong = [one for one in found if one.share < LEFT_OUT]
    return tuple(sorted(wrong, key=lambda one: -one.share))


def _typical(q: Question, truth: Truth) -> Iterator[tuple[str, Any]]:
    names = [option.name for option in q.options]
    if q.kind == "choice" and q.several:
        yield "everything ticked", names
        yield "nothing ticked", []
        if isinstance(truth.answer, list) and len(truth.answer) > 1:
            yield "only the first right one ticked", truth.answer[:1]
    elif q.kind == "choice":
        for option in q.options:
            if option.name != truth.answer:
                yield option.text, option.name
    elif q.kind == "number" and math.isfinite(float(truth.answer)):
        for told, factor in (("half of it", 0.5), ("twice as much", 2.0), ("ten times", 10.0)):
            value = factor * float(truth.answer)
            yield f"{told}: {number(value)} {q.unit}", value
        yield f"nothing at all: 0 {q.unit}", 0
    elif q.kind in ("rank", "queue"):
        yield from _orders(q, list(truth.answer))
    elif q.kind == "constraint":
        yield from _places(q, truth)


def _orders(q: Question, correct: list[str]) -> Iterator[tuple[str, list[str]]]:
    yield "upside down", correct[::-1]
    yield "the first two changed over", [*correct[:2][::-1], *correct[2:]]
    if q.book:
        by_receipt = accepted_order_of_work(q.book)
        by_rating = sorted(range(len(q.book)), key=lambda n: (q.book[n].rating, n))
        yield "as received, as if nothing were rated", [q.book[n].id for n in by_receipt]
        yield "by rating alone, whatever the dates", [q.book[n].id for n in by_rating]


def _places(q: Question, truth: Truth) -> Iterator[tuple[str, dict[str, str]]]:
    """Name the plant one sees instead of the one it waits for, and the other kind of limit."""
    right = truth.answer
    shown = [n for n in str(truth.figures.get("lines", "")).split() if n != right["line"]]
    if shown:
        name = str(truth.figures["chain"]).split(" <- ")[0]
        yield f"the plant one sees first: {name}", {"line": shown[0], "bound": "input"}
    other = "crew" if right["bound"] != "crew" else "equipment"
    yield f"the right plant, but bound by {other}", {"line": right["line"], "bound": other}
    for option in q.options:
        if option.name not in (right["line"], *shown):
            yield option.text, {"line": option.name, "bound": right["bound"]}
            return
