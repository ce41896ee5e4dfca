"""How a lesson is run, for its instructor's guide: which texts of running.toml are true of it.

What goes on differs by lesson: its steps, months and parts, whether teams decide, whether it is
taught in a room or done at home, and whether a batch study belongs to it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from itertools import accumulate
from pathlib import Path

from mobilize.lessons.classroom.answering import ESSAY
from mobilize.lessons.lesson import Lesson, Step
from mobilize.lessons.paper import Html, grid, heading, numbered, paragraph, told

FILE = Path(__file__).with_name("running.toml")
COMMAND = "python3 -m mobilize"
CLASSES = (8, 12, 16, 24, 30)  # people for which teams are counted
JOINING = paragraph(
    "In the browser: open the address that your instructor shows, type the code, choose a name, "
    "your team and your part. The same questions stand there, with the same numbers: answer "
    "there, and press Hand in when your team is done with a step. Without a network, write here.",
    "muted",
)


@cache
def texts() -> dict[str, list[dict[str, str]]]:
    """Return the texts by section."""
    found: dict[str, list[dict[str, str]]] = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return found


def before(lesson: Lesson) -> Iterator[str]:
    """Tell what is prepared, how the class is opened and joined, and how a week of it is run."""
    yield from _section(lesson, "Before the class", "before")
    yield from _section(lesson, "Open the class and let people in", "open")
    if lesson.homework:
        yield from _section(lesson, "How the week is run", "week")
    if lesson.study:
        yield from _section(lesson, "The batch study", "study")


def after(lesson: Lesson) -> Iterator[str]:
    """Tell what is done afterwards, when something fails, and without a network."""
    yield from _section(lesson, "After the class", "after")
    yield heading(2, "When something goes wrong")
    rows = [(one["it"], told(one["text"].format(**_words(lesson)))) for one in texts()["trouble"]]
    yield grid("At any time", ("It happens", "Do"), rows, long=True)
    yield from _section(lesson, "Without a network", "paper")


def plan(lesson: Lesson) -> Iterator[str]:
    """Tell the plan: by the minute in a room, by the work of each step at home."""
    ends = list(accumulate(step.minutes for step in lesson.steps))
    rows = []
    for step, end in zip(lesson.steps, ends, strict=True):
        at = f"{step.minutes}" if lesson.homework else f"{end - step.minutes} to {end}"
        passed = f"{step.months} months pass" if step.months else ""
        rows.append((at, step.kind.capitalize(), step.title, passed))
    yield heading(2, "Plan of the week" if lesson.homework else "Plan by the minute")
    caption = "Minutes of a student's work" if lesson.homework else "From the beginning, in minutes"
    yield grid(caption, ("Minutes", "Step", "Title", "Game"), rows)


def pressed(lesson: Lesson, step: Step) -> str:
    """Return what is pressed in a step, in order."""
    number = lesson.steps.index(step)
    true = _true_of(lesson, number)
    found: list[Html] = []
    for one in texts()["step"]:
        if set(one["when"].split()) <= true:
            about = _due(lesson, number) if one["when"] == "due" else [step]
            found += [told(one["text"].format(title=s.title, months=s.months)) for s in about]
    return numbered(found)


def _true_of(lesson: Lesson, number: int) -> set[str]:
    """Return what is true of a step, in the words of `when`."""
    step = lesson.steps[number]
    asks = any(question.asked for question in step.questions)
    found = {
        "first": number == 0,
        "later": number > 0,
        "last": number + 1 == len(lesson.steps),
        "months": step.months > 0,
        "levers": bool(step.levers),
        "asks": asks,
        "result": any(not question.asked for question in step.questions),
        "due": bool(_due(lesson, number)),
        "ahead": (ahead := any(one.months for one in lesson.steps[number + 1 :])),
        "behind": not ahead,
    }
    return {word for word, holds in found.items() if holds}


def _due(lesson: Lesson, number: int) -> list[Step]:
    """Return the steps whose answers are due: the months passed, or at home the study was made."""
    asking = [one for one in lesson.steps[:number] if any(q.asked for q in one.questions)]
    if lesson.homework:
        return asking if number + 1 == len(lesson.steps) else []
    if not lesson.steps[number].months:
        return []
    earlier = [n for n, one in enumerate(lesson.steps[:number]) if one.months]
    since = lesson.steps[earlier[-1] if earlier else 0 : number]
    return [one for one in asking if one in since]


def _section(lesson: Lesson, title: str, section: str) -> Iterator[str]:
    """Return a heading and those of the texts of a section that are true of a lesson."""
    true = {
        "room": not lesson.homework,
        "levers": any(step.levers for step in lesson.steps),
        "reasoning": any(question.by_hand for question in lesson.questions),
    }
    words = _words(lesson)
    yield heading(2, title)
    yield numbered(
        told(one["text"].format(**words))
        for one in texts()[section]
        if true.get(one.get("when", ""), True)
    )


def size(lesson: Lesson) -> str:
    """Return how many people a team has."""
    most = len(lesson.parts)
    least = 1 if lesson.homework else min(3, most)
    return f"{least} to {most}" if least < most else f"{most}"


def _words(lesson: Lesson) -> dict[str, str]:
    """Return what stands for the names in braces."""
    most = len(lesson.parts)
    seen = next((n for n, step in enumerate(lesson.steps) if step.months), 0)
    return {
        "command": COMMAND,
        "lesson": lesson.name,
        "study": lesson.study,
        "size": size(lesson),
        "counts": "; ".join(f"{n} people, {-(-n // most)} teams" for n in CLASSES),
        "letters": f"{ESSAY:,}",
        "until": "', '".join(step.title for step in lesson.steps[: seen + 1]),
        "rest": "', '".join(step.title for step in lesson.steps[seen + 1 :]),
    }
