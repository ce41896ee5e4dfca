"""The paragraphs of 15 CFR part 700 that the desk asks for, as data with their sources."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from policies.dpas import Rating


@dataclass(frozen=True)
class Paragraph:
    """One rule in plain words; `confidence` tells whether the present text was read."""

    id: str
    says: str
    source: str
    confidence: str


@dataclass(frozen=True)
class Amendment:
    """One way an order is amended; it `counts` as a "new" order, a new "rating" or the "same"."""

    id: str
    title: str
    counts: str
    paragraph: str


@cache
def table(name: str) -> Mapping[str, Any]:
    """Return a file of the desk as it is written."""
    return tomllib.loads((files(__package__) / name).read_text(encoding="utf-8"))


@cache
def paragraphs() -> Mapping[str, Paragraph]:
    """Return the rules by number, as ``700.13(b)(2)``."""
    told = table("regulation.toml")
    found = [
        Paragraph(r["id"], r["says"], told["sources"][r["source"]], r["confidence"])
        for r in told["paragraph"]
    ]
    return MappingProxyType({paragraph.id: paragraph for paragraph in found})


@cache
def programs() -> Mapping[str, str]:
    """Return titles of approved programs by symbol (Schedule I)."""
    return MappingProxyType({r["id"]: r["title"] for r in table("regulation.toml")["program"]})


@cache
def amendments() -> Mapping[str, Amendment]:
    """Return the ways an order is amended (700.16)."""
    found = [Amendment(**row) for row in table("regulation.toml")["change"]]
    return MappingProxyType({one.id: one for one in found})


def small_order() -> float:
    """Return the dollars up to which a supplier's order needs no rating (700.17(f))."""
    return float(table("regulation.toml")["small_order"]["dollars"])


def read_rating(text: str) -> tuple[Rating, str]:
    """Return rating and program symbol as an order carries them (700.12(a)(1)).

    Raises
    ------
    ValueError
        If it is no rating, or the symbol is unknown here.

    >>> read_rating("DX-A2")
    (<Rating.DX: 0>, 'A2')
    """
    symbol, _, program = text.strip().upper().partition("-")
    if symbol not in (Rating.DX.name, Rating.DO.name) or program not in programs():
        known = ", ".join(programs())
        raise ValueError(f"{text[:40]!r} is no rating; allowed: DO or DX, '-', one of {known}")
    return Rating[symbol], program


def paragraph_of(text: object) -> str:
    """Return a paragraph as it is numbered here, however it was written.

    >>> paragraph_of("15 CFR § 700.13 (B)(2)")
    '700.13(b)(2)'
    """
    given = text if isinstance(text, str) else ""
    plain = "".join(given[:60].lower().split()).removeprefix("15cfr")
    return plain.lstrip("§").removeprefix("part")
