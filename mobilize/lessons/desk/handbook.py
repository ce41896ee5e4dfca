"""The page on the DPAS desk: ``python -m mobilize.lessons.desk.handbook > docs/dpas-desk.md``."""

from __future__ import annotations

from mobilize.lessons.desk.examples import examples
from mobilize.lessons.desk.generate import levels
from mobilize.lessons.desk.regulation import amendments, paragraphs
from mobilize.lessons.desk.solve import DECISIONS

HEAD = """# The DPAS desk

Written by `python -m mobilize.lessons.desk.handbook > docs/dpas-desk.md`; do not edit by hand.

One order at a time comes to a plant. The student says what to do with it, by which paragraph of 15
CFR part 700, for which date, in which order the plant then delivers, whose delivery slips by how
much, by when one must answer, and which ratings go to suppliers. Whether a date can be met, the
earliest one, and who loses are worked out by `policies.dpas.respond` and `policies.dpas.schedule`,
the rule that the model runs; what these leave out stands in `mobilize/lessons/desk/solve.py`. Every
part that is asked counts the same.

Of the paragraphs on rejection, 700.13(b)(2) or (b)(3) decides where the date asked would make late,
or later, an accepted order that must be respected; (b)(4) where only an order of that day stands
in the way; (b)(1) where the order itself cannot be met.

What the desk simplifies: the grain is a month (or what a case says), so orders of one month are
delivered in any order; a working day is Monday to Friday, less the days the plant is closed; an
order without an element is treated as unrated until it has it, while in life one would ask for it.
"""


def handbook() -> str:
    """Return the page."""
    return "\n".join(
        [HEAD, *_decisions(), *_paragraphs(), *_amendments(), *_examples(), *_levels()]
    )


def _decisions() -> list[str]:
    rows = [f"| {text} | `{name}` |" for name, text in DECISIONS.items()]
    return ["## Decisions", "", "| What to do | In files |", "|---|---|", *rows, ""]


def _paragraphs() -> list[str]:
    rows = [
        f"| {one.id} | {one.says} | {one.source} | {one.confidence} |"
        for one in paragraphs().values()
    ]
    head = ["| Paragraph | In plain words | Read in | Confidence |", "|---|---|---|---|"]
    return ["## Paragraphs that decide", "", *head, *rows, ""]


def _amendments() -> list[str]:
    rows = [f"| {one.title} | {one.counts} | {one.paragraph} |" for one in amendments().values()]
    head = ["| An order is amended: | It counts as | Paragraph |", "|---|---|---|"]
    return ["## Amendments", "", *head, *rows, ""]


def _examples() -> list[str]:
    rows = [
        f"| {one.paragraph} | {one.text} | {one.source} | {one.confidence} |" for one in examples()
    ]
    told = "Every worked example of 15 CFR 700.11-700.18 that was found; a test runs each."
    head = ["| Paragraph | Example | Read in | Confidence |", "|---|---|---|---|"]
    return ["## Worked examples of the regulation", "", told, "", *head, *rows, ""]


def _levels() -> list[str]:
    rows = [f"{n}. {title}" for n, title in enumerate(levels(), 1)]
    return ["## Levels of random cases", "", *rows, ""]


if __name__ == "__main__":
    print(end=handbook())
