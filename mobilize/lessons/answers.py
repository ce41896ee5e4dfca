"""Answers that the model can compute, computed: a small registry of named calculations.

A lesson says which calculation answers a question and with what (``answer`` in its file); nothing
that the model knows is typed in. Each calculation reads runs of the lesson's own cases, or of the
game of a team (case "own"), always in the lesson's luck unless another world is asked for.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mobilize.lessons import calculations as c
from mobilize.lessons.calculations import NEVER, Arguments, Truth
from mobilize.lessons.lesson import Question
from mobilize.lessons.worlds import OWN, Bench
from mobilize.state import BOUND

__all__ = ["NEVER", "WAYS", "Truth", "owns", "truth"]

KEPT = 1024  # answers remembered in a process


@dataclass(frozen=True)
class Way:
    """A calculation: its function, what it needs, what it may be given, what it can answer.

    `options` are arguments that the options of the question may have of their own.
    """

    compute: Callable[[Bench, Question, Arguments], Truth]
    text: str
    needs: tuple[str, ...]
    may: tuple[str, ...]
    kinds: tuple[str, ...]
    options: tuple[str, ...] = ()


def truth(bench: Bench, question: Question) -> Truth:
    """Return the right answer to a question; for a reasoning, the figures of its model answer.

    Worked out once a process for the same lesson, luck and game: a class asks it many times.
    """
    game = bench.game.identity if bench.game is not None and owns(question) else None
    key = (bench.lesson.digest, question.name, bench.world, game)
    with _LOCK:
        if bench.lesson.digest and key in _KNOWN:
            _KNOWN.move_to_end(key)
            return _KNOWN[key]
    found = _truth(bench, question)
    with _LOCK:
        _KNOWN[key] = found
        while len(_KNOWN) > KEPT:
            _KNOWN.popitem(last=False)
    return found


_KNOWN: OrderedDict[tuple[Any, ...], Truth] = OrderedDict()
_LOCK = threading.Lock()


def owns(question: Question) -> bool:
    """Return whether the answer depends on the game of the team."""
    if question.calculation is None:
        return False
    given = [question.calculation.arguments, *(o.arguments for o in question.options)]
    cases = [a.get(key) for a in given for key in ("case", "against")]
    return any(OWN in (case if isinstance(case, list) else [case]) for case in cases)


def _truth(bench: Bench, question: Question) -> Truth:
    if question.stated is not None:
        return Truth(question.stated)
    if question.calculation is None:
        return Truth(None)
    way = WAYS[question.calculation.name]
    return way.compute(bench, question, question.calculation.arguments)


_RUN = ("until",)
_FIGURE = ("what", "of", *_RUN)
_CASE = ("case", "against", "since", "least")
_CHOOSE = ("choice",)
_ANY = ("choice", "rank", "reasoning")
_NUMBER = ("number", "reasoning")

WAYS: dict[str, Way] = {
    "figure": Way(c.figure, "a figure at a month", _FIGURE, ("case", "since"), _NUMBER),
    "difference": Way(c.difference, "the difference a case makes in the same luck", _FIGURE,
                      (*_CASE, "percent"), _NUMBER),
    "expected": Way(c.expected, "the difference the team's own decisions make", _FIGURE,
                    ("case", "since", "percent"), _NUMBER),
    "direction": Way(c.direction, "whether a case raises, lowers or leaves a figure", _FIGURE,
                     _CASE, (*_CHOOSE, "reasoning")),
    "rank": Way(c.rank, "options by their figures", _RUN, ("what", "of", *_CASE, "lowest"),
                ("rank", "reasoning"), ("what", "of", "case")),
    "best": Way(c.best, "the option with the best figure", _RUN, ("what", "of", *_CASE, "lowest"),
                (*_CHOOSE, "reasoning"), ("what", "of", "case")),
    "changes": Way(c.changes, "the options whose figures a case changes", _RUN,
                   ("what", "of", *_CASE, "way"), (*_CHOOSE, "reasoning"),
                   ("what", "of", "case", "against", "least")),
    "first": Way(c.first, "months to the first units more", _FIGURE, (*_CASE, "amount"), _NUMBER),
    "first-of": Way(c.first_of, "options by how soon they bring something", _RUN,
                    ("what", "of", *_CASE, "amount"), _ANY, ("what", "of", "case", "against")),
    "behind": Way(c.behind, "units behind at worst under a denial", (*_FIGURE, "denial"),
                  ("case",), _NUMBER),
    "least-behind": Way(c.least_behind, "options by how little a denial hurts",
                        (*_FIGURE, "denial"), ("case",), _ANY, ("case",)),
    "unit-cost": Way(c.unit_cost, "what a unit gained costs", _FIGURE, _CASE, _NUMBER),
    "cost-per-unit": Way(c.cost_per_unit, "options by what a unit gained costs", _FIGURE, _CASE,
                         _ANY, ("case",)),
    "binds": Way(c.binds, "what binds an item, line or program", ("of", *_RUN), ("case",),
                 ("constraint", "reasoning")),
    "queue": Way(c.queue, "the order in which a plant delivers", (), (), ("queue", "reasoning")),
    "loses": Way(c.loses, "who is late for a new order", ("new",), (), (*_CHOOSE, "reasoning")),
    "onset": Way(c.onset, "months from a decision to its first effect", ("lever",), (), _NUMBER),
    "assumptions": Way(c.assumptions, "the assumptions that move a figure most", _FIGURE,
                       ("case", "against", "since", "most", "worlds"), _ANY, ("varies",)),
    "sure": Way(c.sure, "how sure anyone is of an assumption", ("varies",), (),
                (*_CHOOSE, "reasoning")),
    "reached": Way(c.reached, "how far the team's game came", (*_FIGURE, "case", "full"),
                   ("since", "against"), ("result",)),
}  # fmt: skip
"""Every calculation by name; ``mobilize/lessons/library`` has examples of each."""

ENDLESS = frozenset({"first", "unit-cost"})  # calculations whose number may be "never"
KNOWN_BOUNDS = tuple(BOUND)
