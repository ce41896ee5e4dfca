"""Pages to keep, print and send: one file, no script, nothing fetched, the same bytes again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape

from mobilize.words import number

STYLE = """
:root { color-scheme: light }
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 68rem; padding: 2rem 1.5rem; background: #fff; color: #16202c;
  font: 15px/1.5 system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .3rem }
h2 { font-size: 1.25rem; margin: 2.4rem 0 .6rem; padding-top: .6rem; border-top: 2px solid #0b5cad }
h3 { font-size: 1rem; margin: 1.4rem 0 .3rem }
p { max-width: 46rem }
.muted { color: #505b69 }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1.2rem; margin: 1rem 0 }
dt { color: #505b69 } dd { margin: 0; overflow-wrap: anywhere }
.wide { overflow-x: auto }
table { border-collapse: collapse; width: 100%; font-size: .82rem; margin: .6rem 0 }
caption { text-align: left; color: #505b69; padding: .2rem 0 }
th, td { padding: .28rem .6rem; border-bottom: 1px solid #dfe5eb; text-align: left;
  vertical-align: top }
th { border-bottom: 2px solid #9aa7b5; font-weight: 600 }
td.date { white-space: nowrap }
.num { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
svg { display: block; width: 100%; height: auto }
svg text { font-family: inherit !important }
pre { background: #f3f6f9; padding: .8rem 1rem; overflow-x: auto; font-size: .82rem;
  white-space: pre-wrap }
.note { background: #fff6e6; border-left: 4px solid #b4530a; padding: .5rem .9rem }
nav a { margin-right: 1rem } a { color: #0b5cad }
@media print { body { max-width: none; padding: 0; font-size: 10pt } nav { display: none }
  h2, h3 { break-after: avoid } tr, svg { break-inside: avoid } .wide { overflow: visible } }
@page { margin: 15mm }
"""
MONTH = re.compile(r"\d{4}-\d{2}")
Cell = str | float | int | None


def page(title: str, head: str, sections: Mapping[str, tuple[str, str]], more: str = "") -> str:
    """Return a self-contained HTML page.

    Parameters
    ----------
    head : str
        HTML under the title.
    sections : mapping of str to (str, str)
        Title and HTML of each section, by the id that links lead to; those without text are left
        out.
    more : str
        Style beside that of every page.
    """
    told = {key: part for key, part in sections.items() if part[1]}
    links = "".join(f'<a href="#{key}">{escape(name)}</a>' for key, (name, _) in told.items())
    body = "".join(
        f'<section id="{key}"><h2>{escape(name)}</h2>{text}</section>\n'
        for key, (name, text) in told.items()
    )
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}{more}</style>\n</head>\n<body>\n<main>\n"
        f"<h1>{escape(title)}</h1>\n{head}<nav>{links}</nav>\n{body}</main>\n</body>\n</html>\n"
    )


def table(head: Sequence[str], rows: Iterable[Sequence[Cell]], caption: str = "") -> str:
    """Return a table: words left, figures right, everything escaped."""
    rows = [list(row) for row in rows]
    right = [all(_figure(row[n]) for row in rows) and bool(rows) for n in range(len(head))]

    def row_of(cells: Sequence[Cell], tag: str) -> str:
        told = (c if isinstance(c, str) else number(c) for c in cells)
        return "".join(
            f"<{tag}{_kind(text, num)}{' scope=col' if tag == 'th' else ''}>{escape(text)}</{tag}>"
            if text or tag == "td"
            else "<td></td>"  # a heading without words is none
            for text, num in zip(told, right, strict=True)
        )

    body = "".join(f"<tr>{row_of(row, 'td')}</tr>\n" for row in rows)
    said = f"<caption>{escape(caption)}</caption>" if caption else ""
    return (
        f'<div class="wide"><table>{said}<thead><tr>{row_of(head, "th")}</tr></thead>\n'
        f"<tbody>{body}</tbody></table></div>\n"
    )


def _kind(text: str, num: bool) -> str:
    """Return the class of a cell: a figure, or a month, which is not broken over lines."""
    return " class=num" if num else " class=date" if MONTH.fullmatch(text) else ""


def _figure(cell: Cell) -> bool:
    return not isinstance(cell, str) or cell.endswith("%") or cell == "-"


def text(words: str, kind: str = "") -> str:
    """Return a paragraph, escaped."""
    return f"<p{f' class={kind}' if kind else ''}>{escape(words)}</p>\n"


def facts(rows: Mapping[str, str]) -> str:
    """Return a list of names and what they stand for, escaped."""
    told = "".join(f"<dt>{escape(k)}</dt><dd>{escape(v)}</dd>" for k, v in rows.items())
    return f"<dl>{told}</dl>\n"


def listed(lines: Iterable[str], ordered: bool = False) -> str:
    """Return a list of lines, escaped."""
    tag = "ol" if ordered else "ul"
    return f"<{tag}>{''.join(f'<li>{escape(line)}</li>' for line in lines)}</{tag}>\n"
