"""Words of the course with what they rest on; those of a lesson first."""

from __future__ import annotations

from typing import Any

from mobilize.lessons.lesson import Lesson
from mobilize.lessons.words import CourseTerm, catalogue_sources, glossary


def words(lesson: Lesson) -> list[dict[str, Any]]:
    """Return every word, those of the lesson's objectives first, each with law and sources."""
    mine = {term for objective in lesson.objectives for term in objective.terms}
    rows = [_word(term, term.name in mine) for term in glossary().values()]
    return sorted(rows, key=lambda row: not row["mine"])


def _word(term: CourseTerm, mine: bool) -> dict[str, Any]:
    known = catalogue_sources()
    return {
        "name": term.name,
        "title": term.title,
        "text": term.text,
        "basis": term.basis,
        "confidence": term.confidence,
        "sources": [
            f"{known[one]['title']}, {known[one]['publisher']} {known[one]['year']}"
            if one in known
            else one
            for one in term.source.split("+")
        ],
        "mine": mine,
    }
