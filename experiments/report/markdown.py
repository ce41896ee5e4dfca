"""A report as Markdown for a code host: the same sentences, shorter tables, pictures as files."""

from __future__ import annotations

import re
from collections.abc import Sequence

from experiments.report.blocks import (
    Block,
    Cell,
    Code,
    Document,
    Fold,
    Part,
    Picture,
    Points,
    Table,
    Text,
)
from experiments.report.html import words

SPECIAL = re.compile(r"([\\`*_\[\]|$#~])")


def to_markdown(document: Document, pictures: str, made: str) -> str:
    """Return a report as Markdown.

    Parameters
    ----------
    pictures : str
        Address of a picture without its name, from the place of the page.
    made : str
        Which command writes the page.
    """
    parts = [f"# {plain(document.title)}", f"Written by `{made}`; do not edit by hand."]
    parts += _blocks(document.opening, 2, pictures)
    for section in document.sections:
        parts += [f"## {plain(section.title)}", *_blocks(section.blocks, 3, pictures)]
    return "\n\n".join(parts) + "\n"


def plain(text: str) -> str:
    r"""Return a text that means nothing but itself in Markdown, on one line.

    >>> plain("<b>a|b</b>")
    '&lt;b&gt;a\\|b&lt;/b&gt;'
    """
    line = " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return SPECIAL.sub(r"\\\1", line)


def pictures_of(blocks: Sequence[Block]) -> list[Picture]:
    """Return the pictures that a Markdown page shows, in order."""
    found: list[Picture] = []
    for block in blocks:
        if isinstance(block, Picture):
            found.append(block)
        elif isinstance(block, Part) or (isinstance(block, Fold) and block.keep):
            found += pictures_of(block.blocks)
    return found


def _blocks(blocks: Sequence[Block], depth: int, pictures: str) -> list[str]:
    return [text for block in blocks for text in _block(block, depth, pictures)]


def _block(block: Block, depth: int, pictures: str) -> list[str]:
    match block:
        case Text(said, kind, lead):
            line = f"**{plain(lead)}** {plain(said)}" if lead else plain(said)
            return [f"> {line}" if kind in ("note", "answer") else line]
        case Points(rows):
            return ["\n".join(f"- {plain(k)}: {plain(v)}" for k, v in rows)]
        case Code(text):
            runs = (len(run) for run in re.findall(r"`+", text))
            fence = "`" * max(3, 1 + max(runs, default=0))
            return [f"{fence}\n{text.rstrip()}\n{fence}"]
        case Picture(name, _, label, caption):
            return [f"![{plain(label)}]({pictures}{name}.svg)", f"*{plain(caption)}*"]
        case Fold(title, blocks, keep):
            return [f"**{plain(title)}**", *_blocks(blocks, depth, pictures)] if keep else []
        case Part(title, blocks):
            head = f"{'#' * min(6, depth)} {plain(title)}"
            return [head, *_blocks(blocks, depth + 1, pictures)]
        case Table():
            return _table(block)


def _table(table: Table) -> list[str]:
    rows = [table.heads, ["---"] * len(table.heads), *table.rows[: table.short]]
    lines = [f"| {' | '.join(_cell(cell, n == 1) for cell in row)} |" for n, row in enumerate(rows)]
    left = len(table.rows) - table.short
    more = f" The first {table.short}; {left:,} more are in the HTML report." if left > 0 else ""
    return [plain(table.caption + more), "\n".join(lines)]


def _cell(cell: Cell, raw: bool) -> str:
    return words(cell) if raw else plain(words(cell))
