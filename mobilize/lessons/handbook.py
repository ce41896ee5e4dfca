"""What is taught, asked and evidenced, on one page: ``python -m mobilize.lessons.handbook docs``.

Everything on it is made from the lessons, the catalogue of levers and the words of the course.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from mobilize.dictionary import table
from mobilize.lessons.answers import WAYS
from mobilize.lessons.lesson import Lesson, Objective, Question
from mobilize.lessons.load import lesson, shipped
from mobilize.lessons.measures import MEASURES
from mobilize.lessons.words import catalogue_sources, course_objectives, glossary
from mobilize.scenario import load
from policies.levers import Lever, catalogue

FILE = "teaching.md"
HEAD = """\
# Teaching

Written by `python -m mobilize.lessons.handbook docs`; do not edit by hand.

What each lesson lets a student do, by which questions it is shown, and on which evidence the
levers behind it rest. `mobilize lessons` lists the lessons; `mobilize lesson NAME --out FOLDER`
writes the instructor's guide and a page for each role, to be printed. Answers that the model can
compute are computed by the model, in the luck of the lesson; marks go by prediction and reasoning
before result.

A lesson is a file of `mobilize/lessons/library`. It is checked like a scenario: all faults at
once, with file, table, key, what is wrong and what is allowed.
"""
MODEL = "MODEL"
DEFAULT = "arsenal-2026"
AGREEMENTS = {"sosa": "SOSA", "code_of_conduct": "Code of conduct", "rdp_mou": "RDP MOU",
              "ntib": "NTIB", "itar_exemption": "ITAR exemption", "nato": "NATO",
              "pipir": "PIPIR", "title3": "Title III"}  # fmt: skip
WRITING = """\
## Writing a lesson

Copy a file of `mobilize/lessons/library`, change it, and run `mobilize lesson MY.toml`: it tells
every fault at once. The tables of a file:

- top: title, handout (the title students read), summary, minutes, scenario (a shipped one, one of
  `mobilize/lessons/scenarios`, or a folder beside the file), turn (months), seed, world,
  reason_first, study (a batch study), homework (done at home over days, by no clock), notional
  (what in it is a modelling choice), and `[shares]`: percent of the marks by aspect.
- `[[part]]`: a role of a team: what only it is told, and its own work.
- `[[objective]]`: what a student can do; the number of the course objective, terms, levers.
- `[[case]]`: settings (`set`, as in a policy package) and acts (as in a session file) under a name.
  "none" is nothing decided, "own" what the team decided; several together are a list.
- `[[step]]`: kind read, predict, decide, see or explain; minutes; text; guide and board for the
  instructor. `levers` are open in a step of kind decide (at most five in the first), of which a
  team sets `most` and gives out `money` (MUSD); `months` pass in one of kind see, while the acts of
  the case `happens` befall every team.
- `[[step.question]]`: kind choice (`several` for more than one right option, or none), number with
  a tolerance, rank, queue, constraint, reasoning with a rubric and a model answer, or result, which
  is not asked but read from the team's game. `because_of` names the question whose reason it gives.
  `answer` is a calculation with its arguments; an option may have arguments of its own. In `why`
  and `model` a name in braces is a figure of the calculation, or of an option.
"""


def lessons() -> list[Lesson]:
    """Return the shipped lessons, the shortest first."""
    return sorted(map(lesson, shipped()), key=lambda one: (one.minutes, one.name))


def page() -> str:
    """Return the page as Markdown."""
    parts = [HEAD, "## Lessons\n", _list(), "## Objectives, questions, evidence\n"]
    parts += list(_objectives())
    parts += ["## Evidence behind the levers\n", _evidence()]
    parts += ["## Words of the course\n", _glossary(), "## Legal references\n", _legal()]
    parts += [f"## Agreements in {DEFAULT}\n", _agreements()]
    parts += [WRITING, "### Calculations\n", _ways(), "### Figures\n", _measures()]
    return "\n".join(parts).rstrip() + "\n"


def _list() -> str:
    rows = [
        [f"`{one.name}`", one.title, f"{one.minutes}", f"`{one.scenario.name}`",
         ", ".join(sorted({str(o.policy) for o in one.objectives})),
         " + ".join(f"{share:g} {aspect}" for aspect, share in one.shares.items() if share)]
        for one in lessons()
    ]  # fmt: skip
    heads = ["Lesson", "Title", "Minutes", "Scenario", "Course objectives", "Marks, percent"]
    return table(heads, rows) + "\n"


def _objectives() -> Iterator[str]:
    for number, text in course_objectives().items():
        yield f"### {number}. {text}\n"
        rows = [
            [f"`{one.name}`", o.text, ", ".join(o.terms), _asked(one, o),
             "; ".join(map(_told, o.levers))]
            for one in lessons()
            for o in one.objectives
            if o.policy == number
        ]  # fmt: skip
        heads = ["Lesson", "The student can", "Course terms", "Questions", "Lever evidence"]
        yield table(heads, rows) + "\n"


def _told(name: str) -> str:
    """Tell a lever with the confidence and the sources of its evidence."""
    lever = catalogue()[name]
    return f"`{name}` ({lever.confidence}: {lever.source.replace('+', ', ')})"


def _asked(one: Lesson, objective: Objective) -> str:
    mine = [q for q in one.questions if q.objective == objective.name]
    return ", ".join(f"{q.name} ({q.kind}, {q.aspect})" for q in mine)


def used_levers() -> list[Lever]:
    """Return the levers that lessons rest on, in the order of the catalogue."""
    named = {name for one in lessons() for o in one.objectives for name in o.levers}
    named |= {v.lever for one in lessons() for step in one.steps for v in step.levers}
    named |= {s.lever for one in lessons() for case in one.cases for s in case.settings}
    return [lever for lever in catalogue().values() if lever.name in named]


def _evidence() -> str:
    rows = [
        [f"`{lever.name}`", lever.title, lever.evidence, lever.source.replace("+", ", "),
         lever.confidence]
        for lever in used_levers()
    ]  # fmt: skip
    return table(["Lever", "Title", "Evidence", "Sources", "Confidence"], rows) + "\n"


def _glossary() -> str:
    rows = [
        [term.title, term.text, term.basis, term.source.replace("+", ", "), term.confidence]
        for term in glossary().values()
    ]
    return table(["Term", "Meaning", "Where it is written", "Sources", "Confidence"], rows) + "\n"


def _legal() -> str:
    """List every legal basis of the catalogue with the levers that rest on it."""
    by: dict[str, list[str]] = {}
    for lever in catalogue().values():
        by.setdefault(lever.basis, []).append(f"`{lever.name}`")
    rows = [[basis, ", ".join(names)] for basis, names in sorted(by.items())]
    return table(["Basis", "Levers"], rows) + "\n"


def _agreements() -> str:
    """List who has signed what, as the countries of the default scenario have it."""
    rows = load(DEFAULT).tables["countries"]
    cells = [
        [str(rows[column][n]) for column in ("name", *AGREEMENTS, "source", "confidence")]
        for n in range(len(rows))
    ]
    heads = ["Country", *AGREEMENTS.values(), "Sources", "Confidence"]
    return table(heads, cells) + "\n"


def _ways() -> str:
    """List every calculation, what it needs and may be given, and what it answers."""
    rows = [
        [f"`{name}`", way.text, ", ".join(way.needs), ", ".join(way.may), ", ".join(way.options),
         ", ".join(way.kinds)]
        for name, way in WAYS.items()
    ]  # fmt: skip
    heads = ["Calculation", "Answers", "Needs", "May have", "Options may have", "Kinds of question"]
    return table(heads, rows) + "\n"


def _measures() -> str:
    """List every figure that a calculation may read off a run."""
    rows = [
        [f"`{name}`", m.text, m.unit, "yes" if m.flow else "no"] for name, m in MEASURES.items()
    ]
    return table(["what", "Is", "Unit", "Adds up over months"], rows) + "\n"


def gaps() -> list[str]:
    """Return what breaks the line from objective to question to evidence; nothing if it holds."""
    return [*_gaps_of_course(), *_gaps_of_lessons(), *_gaps_of_levers(), *_gaps_of_words()]


def _gaps_of_course() -> Iterator[str]:
    taught = {o.policy for one in lessons() for o in one.objectives}
    yield from (f"objective {n} has no lesson" for n in course_objectives() if n not in taught)


def _gaps_of_lessons() -> Iterator[str]:
    for one in lessons():
        for o in one.objectives:
            mine = [q for q in one.questions if q.objective == o.name]
            if not any(_shows(q) for q in mine):
                yield f"{one.name}: '{o.name}' is shown by no prediction and no reasoning"
            if not (o.levers and o.terms):
                yield f"{one.name}: '{o.name}' has no lever or no term"


def _shows(question: Question) -> bool:
    return question.aspect in ("prediction", "reasoning")


def _gaps_of_levers() -> Iterator[str]:
    for lever in used_levers():
        if not (lever.evidence and lever.source and lever.confidence and lever.basis):
            yield f"lever {lever.name} lacks evidence, source, confidence or basis"


def _gaps_of_words() -> Iterator[str]:
    used = {term for one in lessons() for o in one.objectives for term in o.terms}
    known = {*catalogue_sources(), MODEL}
    for name, term in glossary().items():
        if name not in used:
            yield f"term '{name}' is taught nowhere"
        if not set(term.source.split("+")) <= known:
            yield f"term '{name}' names a source that is not there: {term.source}"


def main(folder: str) -> int:
    """Write the page; 1 where the line from objective to evidence has a gap."""
    found = gaps()
    for gap in found:
        print(gap, file=sys.stderr)
    (Path(folder) / FILE).write_text(page(), encoding="utf-8", newline="\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "docs"))
