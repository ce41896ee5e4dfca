"""Words of the course and its objectives, as data with their sources."""

from __future__ import annotations

import csv
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from policies.levers import CATALOGUE

SOURCES = CATALOGUE / "sources.csv"
HERE = Path(__file__).parent


@dataclass(frozen=True)
class CourseTerm:
    """A word of the course: what it means, where it is written, and how sure that is."""

    name: str
    title: str
    text: str
    basis: str
    source: str
    confidence: str


@cache
def glossary() -> dict[str, CourseTerm]:
    """Return the words of the course by name (``terms.toml``), in the order of the alphabet."""
    rows = tomllib.loads((HERE / "terms.toml").read_text(encoding="utf-8"))["term"]
    found = [CourseTerm(**row) for row in rows]
    return {term.name: term for term in sorted(found, key=lambda t: t.title.casefold())}


@cache
def course_objectives() -> dict[int, str]:
    """Return the objectives of the course by number (``objectives.toml``)."""
    rows = tomllib.loads((HERE / "objectives.toml").read_text(encoding="utf-8"))["objective"]
    return {row["number"]: row["text"] for row in rows}


@cache
def catalogue_sources() -> dict[str, dict[str, str]]:
    """Return the sources of the catalogue of levers by id."""
    with SOURCES.open(encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}
