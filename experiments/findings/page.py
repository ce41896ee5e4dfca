"""The page of all lessons, written from what the experiments return."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from experiments.findings import (
    deterrent,
    hedges,
    idle,
    knowledge,
    paper,
    priority,
    queues,
    spread,
    standstill,
    upstream,
)
from experiments.findings.lesson import Lesson
from mobilize.dictionary import table

LESSONS: tuple[Lesson, ...] = (
    priority.LESSON,
    queues.LESSON,
    paper.LESSON,
    idle.LESSON,
    upstream.LESSON,
    knowledge.LESSON,
    hedges.LESSON,
    spread.LESSON,
    deterrent.LESSON,
    standstill.LESSON,
)
HEAD = """# Lessons

Written by `python -m experiments.findings docs/pictures`; do not edit by hand.

What the model should teach, each as an experiment that a test repeats: a small made-up network
that shows one mechanism alone, or a shipped scenario. The small networks have no accidents
unless told and prices that do not move. Levers are those of [levers.md](levers.md), the engine
is described in [model.md](model.md). Figures are the model's and no forecast.

"""


def page(found: Iterable[tuple[Lesson, Any]]) -> str:
    """Return the text of ``docs/lessons.md`` for lessons and what their experiments returned."""
    return HEAD + "\n".join(
        section(n, lesson, figures) for n, (lesson, figures) in enumerate(found, 1)
    )


def section(number: int, lesson: Lesson, figures: Any) -> str:
    """Return what the page says of one lesson."""
    heads, *rows = lesson.table(figures)
    return "\n".join(
        (
            f"## {number}. {lesson.title}",
            "",
            lesson.told(figures),
            "",
            f"![{lesson.alt(figures)}](pictures/{picture(lesson)})",
            "",
            table(heads, rows),
            f"Mechanism: {lesson.mechanism}",
            "",
            f"Limits: {lesson.limits}",
            "",
        )
    )


def picture(lesson: Lesson) -> str:
    """Return the name of a lesson's picture."""
    return f"lesson-{lesson.name}.svg"
