"""A report as one HTML page: no script, nothing fetched, light and dark, and it prints."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from experiments.report.blocks import (
    Block,
    Cell,
    Code,
    Document,
    Fold,
    Marked,
    Part,
    Picture,
    Points,
    Section,
    Table,
    Text,
)
from experiments.report.style import STYLE
from mobilize.words import number


def to_html(document: Document) -> str:
    """Return a report as a self-contained page."""
    title = escape(document.title)
    links = "".join(f'<a href="#{s.name}">{escape(s.title)}</a>' for s in document.sections)
    body = "".join(_section(section) for section in document.sections)
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        f"<header><h1>{title}</h1>\n{_blocks(document.opening, 2)}</header>\n"
        f'<nav aria-label="Sections">{links}</nav>\n<main>\n{body}</main>\n</body>\n</html>\n'
    )


def _section(section: Section) -> str:
    return (
        f'<section id="{section.name}"><h2>{escape(section.title)}</h2>\n'
        f"{_blocks(section.blocks, 3)}</section>\n"
    )


def _blocks(blocks: Sequence[Block], depth: int) -> str:
    return "".join(_block(block, depth) for block in blocks)


def _block(block: Block, depth: int) -> str:
    """Return a block; `depth` is that of headings inside it."""
    match block:
        case Text(words, kind, lead):
            said = f"<strong>{escape(lead)}</strong> " if lead else ""
            return f"<p{f' class={kind}' if kind else ''}>{said}{escape(words)}</p>\n"
        case Points(rows):
            told = "".join(f"<dt>{escape(k)}</dt><dd>{escape(v)}</dd>\n" for k, v in rows)
            return f"<dl>\n{told}</dl>\n"
        case Code(text):
            return f"<pre tabindex=0>{escape(text)}</pre>\n"
        case Picture():
            return (
                f'<figure id="picture-{block.name}">{block.svg}'
                f"<figcaption>{escape(block.caption)}</figcaption></figure>\n"
            )
        case Fold(title, blocks):
            inside = _blocks(blocks, depth)
            return f"<details><summary>{escape(title)}</summary>\n{inside}</details>\n"
        case Part(title, blocks):
            inside = _blocks(blocks, min(6, depth + 1))
            return f"<h{depth}>{escape(title)}</h{depth}>\n{inside}"
        case Table():
            return _table(block)


def _table(table: Table) -> str:
    right = [bool(table.rows) and all(_is_figure(row[n]) for row in table.rows)
             for n in range(len(table.heads))]  # fmt: skip
    heads = "".join(
        f"<th scope=col{' class=num' if num else ''}>{escape(head)}</th>"
        for head, num in zip(table.heads, right, strict=True)
    )
    rows = "".join(f"<tr>{_row(row, right)}</tr>\n" for row in table.rows)
    caption = escape(table.caption)
    return (
        f'<div class=wide tabindex=0 role=group aria-label="{caption}">'
        f"<table><caption>{caption}</caption><thead><tr>{heads}</tr></thead>\n"
        f"<tbody>{rows}</tbody></table></div>\n"
    )


def _row(row: Sequence[Cell], right: Sequence[bool]) -> str:
    told = []
    for n, (cell, num) in enumerate(zip(row, right, strict=True)):
        kinds = [*(["num"] if num else []), *([cell.mark] if isinstance(cell, Marked) else [])]
        kind = f' class="{" ".join(kinds)}"' if kinds else ""
        tag, scope = ("th", " scope=row") if n == 0 else ("td", "")
        told.append(f"<{tag}{scope}{kind}>{escape(words(cell))}</{tag}>")
    return "".join(told)


def words(cell: Cell) -> str:
    """Return what stands in a cell."""
    if isinstance(cell, Marked):
        return cell.text
    return cell if isinstance(cell, str) else number(cell)


def _is_figure(cell: Cell) -> bool:
    """Say whether a cell is set to the right: a number, a share, an interval, or nothing."""
    text = words(cell).strip()
    return not text or (text[0] in "0123456789+-\u2212<>" and not text[-1:].isalpha())
