"""Guides of a lesson to print: the instructor's, and for each role a page before and one after.

Both are made from the lesson and its scenario, and the answers by the model, so that they cannot
disagree with the software. A student's page never holds an answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from mobilize.lessons import running
from mobilize.lessons.answers import owns, truth
from mobilize.lessons.calendar import dated, on
from mobilize.lessons.lesson import TEAM, Lesson, OpenLever, Part, Question, Step
from mobilize.lessons.marks import told
from mobilize.lessons.mistakes import mistakes
from mobilize.lessons.paper import document, grid, heading, items, lines, paragraph
from mobilize.lessons.questions import right
from mobilize.lessons.words import catalogue_sources, glossary
from mobilize.lessons.worlds import Bench
from mobilize.scenario import months
from policies.dpas import Rating
from policies.levers import catalogue

KINDS = {"read": "Read", "predict": "Predict", "decide": "Decide", "see": "See",
         "explain": "Explain"}  # fmt: skip
INSTRUCTOR = "instructor.html"
LINES = {"reasoning": 5, "number": 1}
HONEST = "A teaching model: read differences, not levels. Made from public, unclassified sources."


def write_guides(lesson: Lesson, folder: Path) -> tuple[Path, ...]:
    """Write the instructor's guide, a page for each role, and the batch study where there is one.

    Raises
    ------
    OSError
        If the folder cannot be written.
    """
    from mobilize.lessons.load import study_file

    pages = {INSTRUCTOR: instructor(lesson)}
    for part in lesson.parts:
        pages[f"student-{part.name}.html"] = student(lesson, part)
        pages[f"student-{part.name}-after.html"] = student(lesson, part, after=True)
    if lesson.study:
        path = study_file(lesson.study)
        pages[path.name] = path.read_text(encoding="utf-8")
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    return tuple(folder / name for name in pages)


# ------------------------------------------------------------------------------ the instructor


def instructor(lesson: Lesson) -> str:
    """Return the instructor's guide as one page of HTML."""
    return document(
        f"{lesson.title}: instructor's guide",
        [
            heading(1, lesson.title),
            paragraph("Instructor's guide. Not for students: it holds the answers.", "muted"),
            paragraph(lesson.summary),
            *_overview(lesson),
            *running.before(lesson),
            *running.plan(lesson),
            *(part for step in lesson.steps for part in _step(lesson, step)),
            *_marking(lesson),
            *running.after(lesson),
            *_honest(lesson),
        ],
    )


def _overview(lesson: Lesson) -> Iterator[str]:
    scenario = lesson.scenario
    yield heading(2, "At a glance")
    begin = months.label(scenario.start)
    rows = [
        ("Time", f"{lesson.minutes} minutes"),
        ("Scenario", f"{scenario.title} ({scenario.name}), from {begin}"),
        ("Luck", "what chance brings, the same for every team "
         f"(seed {lesson.seed}, world {lesson.world})"),
        ("Months played", _played(lesson)),
        ("Teams", f"of {running.size(lesson)}; each part has a page of its own: "
          + ", ".join(part.title for part in lesson.parts)),
        ("Print", "this guide once; for each team the page of each role, and its second page "
         "(-after), handed out when the months have passed"),
    ]  # fmt: skip
    yield grid("The lesson", ("What", ""), rows)
    yield heading(3, "Afterwards a student can")
    yield items(f"{o.text} ({', '.join(o.terms)})" for o in lesson.objectives)


def _played(lesson: Lesson) -> str:
    """Return how many months are played, and which they are."""
    if not lesson.months:
        return f"none; month 1 is {on(lesson, 1)}"
    return f"{lesson.months}: month 1 is {on(lesson, 1)}, the last {on(lesson, lesson.months)}"


def _step(lesson: Lesson, step: Step) -> Iterator[str]:
    yield heading(2, f"{KINDS[step.kind]}: {step.title} ({step.minutes} minutes)")
    yield paragraph(step.text)
    yield paragraph(f"You: {step.guide}", "note") if step.guide else ""
    if step.board and step.board != "-":
        yield heading(3, "Board")
        yield paragraph(step.board, "board")
    if step.levers:
        yield grid("Open levers", ("Lever", "Aimed at", "Values", "Whose"),
                   [_lever(lesson, lever) for lever in step.levers])  # fmt: skip
    if step.happens:
        yield paragraph(f"While the months pass: {lesson.case(step.happens).title}.", "note")
    yield heading(3, "Press")
    yield running.pressed(lesson, step)
    for question in step.questions:
        yield from _answered(lesson, question)


def _lever(lesson: Lesson, one: OpenLever) -> tuple[str, ...]:
    lever = catalogue()[one.lever]
    values = one.values or lever.values
    words = [f"{v:g}" if isinstance(v, float) else v for v in values]
    told_values = (" to " if lever.setting == "amount" and not one.values else ", ").join(words)
    unit = f" {lever.unit}" if lever.setting == "amount" else ""
    aimed = ", ".join(_aims(lesson, one)) or (
        "anything it fits" if lever.target != "base" else "the base"
    )
    return lever.title, aimed, f"{told_values}{unit}", _whose(lesson, one.part)


def _aims(lesson: Lesson, one: OpenLever) -> list[str]:
    """Return the names of what a lever may be aimed at, as the pages write them."""
    names = _names(lesson, catalogue()[one.lever].target) if one.targets else {}
    return [names[target] for target in one.targets]


def _names(lesson: Lesson, table: str) -> dict[str, str]:
    """Return the names of the rows of a table by id; a line is called by item and place."""
    rows = lesson.scenario.tables[table]
    ids = [str(one) for one in rows["id"]]
    if table == "lines":
        made = _names(lesson, "items")
        where = zip(ids, rows["item"], rows["place"], strict=True)
        return {one: f"{made[str(item)]}, {place} ({one})" for one, item, place in where}
    names = rows["name"] if "name" in rows.columns else ids
    return dict(zip(ids, map(str, names), strict=True))


def _whose(lesson: Lesson, part: str) -> str:
    return next((p.title for p in lesson.parts if p.name == part), "Team")


def _answered(lesson: Lesson, question: Question) -> Iterator[str]:
    """Tell a question with its model answer and typical mistakes."""
    bench = Bench(lesson)
    known = truth(bench, question)
    yield heading(3, f"{_called(lesson, question)}: {question.text}")
    worth = f"{lesson.percent(question):.1f} percent of the marks, {question.aspect}"
    about = f"{_whose(lesson, question.part)}, {worth}; in the files: {question.name}."
    yield paragraph(f"{about} {dated(lesson, question)}".rstrip(), "muted")
    yield _book(question) if question.book else ""
    if owns(question):
        asked = "Asked of nobody, read" if not question.asked else "Answer: read"
        yield paragraph(f"{asked} from each team's own game. With nothing decided: "
                        f"{told(question.why, known)}")  # fmt: skip
        return
    if question.by_hand:
        yield paragraph(f"Model answer: {told(question.model, known)}")
        yield grid("Rubric: tick what the answer says", ("Point", "Worth"),
                   [(p.text, f"{p.worth:g}") for p in question.rubric])  # fmt: skip
        return
    yield paragraph(f"Answer: {right(question, known).rstrip('.')}.")
    yield paragraph(told(question.why, known), "muted")
    found = mistakes(question, known)
    if found:
        yield grid("Expect", ("Mistake", "Earns"), [(m.text, f"{m.share:.0%}") for m in found])


def _called(lesson: Lesson, question: Question) -> str:
    """Return by which number the pages call a question."""
    return f"Q{lesson.number(question)}" if question.asked else "Result"


def _marking(lesson: Lesson) -> Iterator[str]:
    yield heading(2, "Marks")
    yield grid("Percent of all marks", ("Aspect", "Percent"),
               [(aspect, f"{share:g}") for aspect, share in lesson.shares.items()])  # fmt: skip
    if lesson.reason_first:
        pairs = [q for q in lesson.questions if q.because_of]
        yield paragraph("A right result by a wrong reason earns less than a wrong result by a "
                        "right reason: " + "; ".join(
                            f"{_called(lesson, q)} ({lesson.percent(q):.1f} percent) explains "
                            f"{_called(lesson, cause)} ({lesson.percent(cause):.1f} percent)"
                            for q in pairs
                            for cause in [lesson.question(q.because_of)]) + ".")  # fmt: skip
    yield paragraph("Reasonings earn what you tick. Words the software suggests are a suggestion: "
                    "it knows no grammar and no negation.")  # fmt: skip


def _honest(lesson: Lesson) -> Iterator[str]:
    yield heading(2, "What is notional")
    yield items(lesson.notional)
    yield heading(2, "Sources")
    yield items([*(f"{s.text} ({s.confidence})" for s in lesson.sources), *_cited(lesson)])
    yield paragraph(HONEST, "muted")


def _cited(lesson: Lesson) -> Iterator[str]:
    """Tell the sources of the catalogue that notes of the lesson call by their id."""
    notes = " ".join(step.guide for step in lesson.steps)
    notes += " ".join(source.text for source in lesson.sources)
    for name, source in catalogue_sources().items():
        if re.search(rf"\b{re.escape(name)}\b", notes):
            yield f"{name}: {source['title']}, {source['publisher']} {source['year']}"


# ------------------------------------------------------------------------------ the students


def student(lesson: Lesson, part: Part, after: bool = False) -> str:
    """Return a page of one role as HTML, with no answer.

    The first page ends before the months pass; the one for `after` asks what would give away
    what was to be predicted.
    """
    first = next((n for n, step in enumerate(lesson.steps) if step.kind == "see"), None)
    steps = lesson.steps[first:] if after else lesson.steps[:first]
    card = [
        heading(2, "What only you know"),
        paragraph(part.told, "note"),
        paragraph(f"Your own work: {part.work}"),
    ]
    return document(
        f"{lesson.handout}: {part.title}",
        [
            heading(1, lesson.handout),
            paragraph(f"Your part: {part.title}. {lesson.minutes} minutes.", "muted"),
            *([] if after else [paragraph(lesson.summary), running.JOINING, *card]),
            *(x for step in steps for x in _task(lesson, part, step)),
            *([] if after else _words(lesson)),
            paragraph(HONEST, "muted"),
        ],
    )


def _task(lesson: Lesson, part: Part, step: Step) -> Iterator[str]:
    mine = [q for q in step.questions if q.asked and q.part in (part.name, TEAM)]
    yield heading(2, f"{KINDS[step.kind]}: {step.title} ({step.minutes} minutes)")
    if step.kind == "see":
        yield paragraph(f"{step.months} months pass. Write down what you notice first.")
        yield lines(2)
        return
    yield paragraph(step.text)
    levers = [lever for lever in step.levers if lever.part in (part.name, TEAM)]
    if levers:
        yield grid("Your levers", ("Lever", "Aimed at", "Values", "Whose"),
                   [_lever(lesson, lever) for lever in levers])  # fmt: skip
    if step.levers:
        yield paragraph("Our decision, and what we expect of it:")
        yield lines(2)
    for question in mine:
        yield from _asked(lesson, question)


def _asked(lesson: Lesson, question: Question) -> Iterator[str]:
    yield heading(3, f"Question {lesson.number(question)}, {_whose(lesson, question.part)}: "
                  f"{question.text}")  # fmt: skip
    if dated(lesson, question):
        yield paragraph(dated(lesson, question), "muted")
    yield _book(question) if question.book else ""
    if question.kind in ("choice", "constraint"):
        yield items((option.text for option in question.options), "boxes")
    elif question.kind == "rank":
        yield items(option.text for option in question.options)
    yield _room(question)


def _room(question: Question) -> str:
    """Return room for the answer."""
    if question.kind == "rank":
        return paragraph(f"Order: {'____  ' * len(question.options)}")
    if question.kind == "queue":
        return paragraph(f"Order: {'____  ' * len(question.book)}")
    if question.kind == "constraint":
        return paragraph("Bound by: ____________________")
    if question.kind == "number":
        return paragraph(f"____________ {question.unit}")
    return lines(LINES.get(question.kind, 0))


def _book(question: Question) -> str:
    """Return an order book as a table."""
    rows = [
        (o.id, Rating(o.rating).name, f"{o.quantity:g}", str(o.required), str(o.received))
        for o in question.book
    ]
    heads = ("Order", "Rating", "Units", "Required in month", "Received in month")
    caption = f"{question.capacity:g} units a month; it is month {question.month}"
    return grid(caption, heads, rows)


def _words(lesson: Lesson) -> Iterator[str]:
    used = {term for o in lesson.objectives for term in o.terms}
    yield heading(2, "Words")
    rows = [(t.title, t.text, t.basis) for t in glossary().values() if t.name in used]
    yield grid(
        "Terms of the course in this lesson", ("Term", "Meaning", "Written in"), rows, long=True
    )
