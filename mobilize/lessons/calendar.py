"""Months of a lesson as dates: questions count months from the start of its game."""

from __future__ import annotations

import re

from mobilize.lessons.lesson import Lesson, Question
from mobilize.scenario import months

COUNTED = re.compile(r"\bmonths? (\d+)(?: (?:to|and) (\d+))?")


def dated(lesson: Lesson, question: Question) -> str:
    """Return by date the months that a question counts, "" if it counts none.

    A question with an order book of its own counts from that book's first month.
    """
    if question.book:
        return ""
    found = [int(n) for pair in COUNTED.findall(question.text) for n in pair if n]
    told = [f"month {n} is {on(lesson, n)}" for n in dict.fromkeys(found)]
    return f"{', '.join(told).capitalize()}." if told else ""


def on(lesson: Lesson, number: int) -> str:
    """Return the date of a month of the game, the first being 1."""
    return months.label(lesson.scenario.start + number - 1)
