"""What a report consists of, before it is HTML or Markdown: texts, tables, pictures, folds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal["", "muted", "note", "answer", "lead"]


@dataclass(frozen=True)
class Marked:
    """A cell with a shade: "good", "fair", "poor", "bad", "none", or "best"."""

    text: str
    mark: str


Cell = str | float | int | None | Marked


@dataclass(frozen=True)
class Text:
    """A paragraph; `lead` is said before it in bold."""

    words: str
    kind: Kind = ""
    lead: str = ""


@dataclass(frozen=True)
class Points:
    """A list of sentences, each with what it is about before it."""

    rows: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Table:
    """Rows below heads, the first column naming the row; a short page shows only the first rows."""

    heads: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    caption: str
    short: int = 40


@dataclass(frozen=True)
class Picture:
    """An SVG element; `label` says in words what it shows, `caption` what to see."""

    name: str
    svg: str
    label: str
    caption: str


@dataclass(frozen=True)
class Code:
    """Text to copy as it stands."""

    text: str


@dataclass(frozen=True)
class Fold:
    """Blocks that are shown on demand; a short page names them only if `keep` is false."""

    title: str
    blocks: Sequence[Block]
    keep: bool = True


@dataclass(frozen=True)
class Part:
    """Blocks under a heading of their own."""

    title: str
    blocks: Sequence[Block]


Block = Text | Points | Table | Picture | Code | Fold | Part


@dataclass(frozen=True)
class Section:
    """A chapter of the report, with the name that links lead to."""

    name: str
    title: str
    blocks: Sequence[Block]


@dataclass(frozen=True)
class Document:
    """A whole report; `opening` stands above the first section."""

    title: str
    opening: Sequence[Block]
    sections: Sequence[Section]
