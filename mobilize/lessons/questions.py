"""Credit for an answer: pure functions of the question, the answer and the truth.

What an answer looks like, by kind: choice, the name of an option, or a list of names where
`several`; number, a number; rank and queue, a list of names, the first first; constraint, a table
with the keys line and bound; reasoning, a text. What cannot be read earns nothing and is told.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from mobilize.lessons.answers import NEVER, Truth
from mobilize.lessons.lesson import Question, Tolerance
from mobilize.state import EPS
from mobilize.words import number as shown

ROOT = 0.5  # share of the credit for the right place; the rest is for what binds it there
TIE = 1e-9  # share by which figures may differ and be alike


@dataclass(frozen=True)
class Credit:
    """The share of the marks, 0 to 1, and why in words."""

    share: float
    text: str


def credit(question: Question, answer: Any, truth: Truth) -> Credit:
    """Return the credit for an answer; a reasoning earns by its rubric (:func:`by_rubric`)."""
    if question.kind == "result":
        share = truth.answer if isinstance(truth.answer, float) else 0.0
        return Credit(share, f"{share:.0%} of the way to the reference")
    nothing = question.several and answer == []  # ticked on purpose
    if answer is None or answer == "" or (answer == [] and not nothing):
        return Credit(0.0, "no answer")
    found = KINDS[question.kind](question, answer, truth)
    return Credit(min(1.0, max(0.0, found.share)), found.text)


def right(question: Question, truth: Truth) -> str:
    """Return the right answer in words, from the truth alone."""
    names = {option.name: option.text for option in question.options}
    answer = truth.answer
    if question.kind == "number":
        if not math.isfinite(answer):
            return NEVER
        return f"{shown(float(answer))} {question.unit}"
    if question.kind == "constraint":
        line = truth.figures.get("line", names.get(answer["line"], answer["line"]))
        return f"{line}, bound by {answer['bound']}"
    if isinstance(answer, list | tuple):
        join = " > ".join if question.kind in ("rank", "queue") else ", ".join
        return join(names.get(str(name), str(name)) for name in answer) or "none of them"
    return names.get(str(answer), str(answer))


def _choice(question: Question, answer: Any, truth: Truth) -> Credit:
    told = f"right is: {right(question, truth)}"
    if question.several:
        if not isinstance(answer, list) or not all(isinstance(name, str) for name in answer):
            return Credit(0.0, f"not a list of options; {told}")
        return Credit(overlap(answer, truth.answer), told)
    same = answer == truth.answer
    return Credit(float(same), "right" if same else told)


def overlap(ticked: Sequence[str], correct: Sequence[str]) -> float:
    """Return what is right less what is wrong, as a share of what is right.

    Examples
    --------
    >>> overlap(["a", "b"], ["a", "b"]), overlap(["a", "c"], ["a", "b"]), overlap([], [])
    (1.0, 0.0, 1.0)
    """
    given, wanted = set(ticked), set(correct)
    if not wanted:
        return 0.0 if given else 1.0
    return max(0.0, (len(given & wanted) - len(given - wanted)) / len(wanted))


def _number(question: Question, answer: Any, truth: Truth) -> Credit:
    value = _as_number(answer)
    if value is None:
        return Credit(0.0, f"not a number; right is {right(question, truth)}")
    assert question.tolerance is not None
    share = near(value, float(truth.answer), question.tolerance)
    return Credit(share, f"right is {right(question, truth)}; {_allowed(question)}")


def _as_number(answer: Any) -> float | None:
    if isinstance(answer, str) and answer.strip().lower() == NEVER:
        return float("inf")
    if isinstance(answer, bool) or not isinstance(answer, int | float | str):
        return None
    try:
        value = float(answer)
    except ValueError:
        return None
    return None if math.isnan(value) else value


def near(value: float, correct: float, tolerance: Tolerance) -> float:
    """Return full credit up to one distance, none from another on, and in between a part.

    Examples
    --------
    >>> near(12, 10, Tolerance("factor", 1.25, 2.0)), near(20, 10, Tolerance("factor", 1.25, 2.0))
    (1.0, 0.0)
    >>> near(13, 10, Tolerance("amount", 2, 4))
    0.5
    """
    if math.isinf(correct) or math.isinf(value):
        return float(value == correct)
    if tolerance.kind == "amount":
        off = abs(value - correct)
    elif abs(correct) <= EPS or abs(value) <= EPS:
        return float(abs(value - correct) <= EPS)
    elif (value > 0) != (correct > 0):
        return 0.0
    else:
        off = abs(math.log(value / correct))
    full, none = tolerance.full, tolerance.none
    if tolerance.kind == "factor":
        full, none = math.log(full), math.log(none)
    if off <= full + EPS:
        return 1.0
    return max(0.0, (none - off) / (none - full))


def _allowed(question: Question) -> str:
    t = question.tolerance
    assert t is not None
    if t.kind == "factor":
        return f"full marks within a factor of {t.full:g}, none beyond {t.none:g}"
    return f"full marks within {t.full:g} {question.unit}, none beyond {t.none:g}"


def _rank(question: Question, answer: Any, truth: Truth) -> Credit:
    told = f"right is: {right(question, truth)}"
    names = set(truth.values)
    if not isinstance(answer, list) or not all(isinstance(name, str) for name in answer):
        return Credit(0.0, f"not a list; {told}")
    if len(set(answer)) != len(answer) or set(answer) != names:
        return Credit(0.0, f"not each of {', '.join(sorted(names))} once; {told}")
    return Credit(kendall(answer, truth.answer, truth.values), told)


def kendall(answer: Sequence[str], correct: Sequence[str], values: Mapping[str, float]) -> float:
    """Return Kendall's tau of an order against the right one, at least 0; ties count nowhere.

    Examples
    --------
    >>> values = {"a": 1.0, "b": 2.0, "c": 3.0}
    >>> kendall(["a", "b", "c"], ["a", "b", "c"], values)
    1.0
    >>> round(kendall(["b", "a", "c"], ["a", "b", "c"], values), 2)
    0.33
    """
    place = {name: n for n, name in enumerate(answer)}
    score = pairs = 0
    for one, two in combinations(correct, 2):
        if _alike(values[one], values[two]):
            continue
        pairs += 1
        score += 1 if place[one] < place[two] else -1
    return max(0.0, score / pairs) if pairs else 1.0


def _alike(one: float, two: float) -> bool:
    return one == two or abs(one - two) <= TIE * max(abs(one), abs(two))


def _constraint(question: Question, answer: Any, truth: Truth) -> Credit:
    told = f"right is: {right(question, truth)}"
    if not isinstance(answer, Mapping):
        return Credit(0.0, f"not a plant and what binds it; {told}")
    line, bound = str(answer.get("line")), answer.get("bound")
    share = ROOT * (line == truth.answer["line"])
    share += (1.0 - ROOT) * (bound == truth.answer["bound"]) * (share > 0.0)
    if not share and line in str(truth.figures.get("lines", "")).split():
        names = {option.name: option.text for option in question.options}
        told += f"; {names.get(line, line)} is in the chain, but waits for what stands behind it"
    return Credit(share, told)


def _reasoning(question: Question, answer: Any, truth: Truth) -> Credit:
    return Credit(0.0, "marked by the rubric")


KINDS: dict[str, Callable[[Question, Any, Truth], Credit]] = {
    "choice": _choice,
    "number": _number,
    "rank": _rank,
    "queue": _rank,
    "constraint": _constraint,
    "reasoning": _reasoning,
}


def by_rubric(question: Question, ticked: Sequence[int]) -> Credit:
    """Return the credit of a reasoning of which a marker ticked some points (from 0)."""
    whole = sum(point.worth for point in question.rubric)
    got = sum(p.worth for n, p in enumerate(question.rubric) if n in set(ticked))
    missing = [p.text for n, p in enumerate(question.rubric) if n not in set(ticked)]
    told = "all points made" if not missing else "missing: " + "; ".join(missing)
    return Credit(got / whole if whole else 0.0, told)


def suggest(question: Question, answer: Any) -> tuple[int, ...]:
    """Return the points of a rubric that an answer may make, by its words: a suggestion only.

    Words of a point that hold a bar are alternatives; all its words must be there. It knows no
    grammar and no negation, so that an instructor decides.
    """
    text = str(answer or "").casefold()
    return tuple(
        n
        for n, point in enumerate(question.rubric)
        if point.words
        and all(any(part in text for part in w.casefold().split("|")) for w in point.words)
    )
