"""A printable page: plain HTML with its style inside, no script, nothing fetched."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape as escaped

STYLE = """
:root { color-scheme: light }
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 52rem; padding: 2rem 1.5rem; background: #fff; color: #16202c;
  font: 15px/1.5 system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .3rem }
h2 { font-size: 1.2rem; margin: 1.8rem 0 .5rem; padding-top: .4rem; border-top: 2px solid #0b5cad }
h3 { font-size: 1rem; margin: 1.1rem 0 .3rem }
.muted { color: #505b69 }
table { border-collapse: collapse; width: 100%; font-size: .88rem; margin: .5rem 0 }
caption { text-align: left; color: #505b69; padding: .2rem 0 }
th, td { padding: .28rem .6rem; border-bottom: 1px solid #dfe5eb; text-align: left;
  vertical-align: top }
th { border-bottom: 2px solid #6b7885; font-weight: 600 }
.key { border: 1px solid #6b7885; border-radius: 4px; padding: 0 .3em; font-weight: 600 }
code { font: .92em ui-monospace, "DejaVu Sans Mono", monospace; background: #eef2f6;
  padding: 0 .25em; overflow-wrap: anywhere }
ol > li { margin: .3rem 0 }
.note { border-left: 4px solid #b4530a; background: #fff6e6; padding: .4rem .9rem }
.board { border: 2px solid #16202c; padding: .4rem .9rem; white-space: pre-wrap }
.line { border-bottom: 1px solid #6b7885; height: 1.9rem }
ul.boxes { list-style: none; padding-left: .4rem }
ul.boxes li::before { content: "\\2610\\00a0\\00a0" }
section { break-inside: avoid-page }
@media print { body { max-width: none; padding: 0; font-size: 10.5pt }
  h2, h3 { break-after: avoid }
  tr, li, table:not(.long), .note, .board { break-inside: avoid }
  caption, p:has(+ .line) { break-after: avoid } }
@page { margin: 16mm }
"""


class Html(str):
    """Text that is HTML already."""


def escape(text: str) -> str:
    """Return text as HTML; what is HTML already stays."""
    return text if isinstance(text, Html) else escaped(text)


def told(text: str) -> Html:
    """Return words of instruction as HTML: [a word of the pages] as a key, `what is typed` as code.

    Examples
    --------
    >>> told("Press [Begin] & wait.")
    'Press <b class="key">Begin</b> &amp; wait.'
    """
    text = re.sub(r"\[([^\]]+)\]", r'<b class="key">\1</b>', escaped(text, quote=False))
    return Html(re.sub(r"`([^`]+)`", r"<code>\1</code>", text))


def document(title: str, body: Iterable[str]) -> str:
    """Return a whole page."""
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n"
        + "\n".join(body)
        + "\n</main>\n</body>\n</html>\n"
    )


def heading(level: int, text: str) -> str:
    """Return a heading."""
    return f"<h{level}>{escape(text)}</h{level}>"


def paragraph(text: str, kind: str = "") -> str:
    """Return a paragraph, of a kind of the style."""
    of = f' class="{kind}"' if kind else ""
    return f"<p{of}>{escape(text)}</p>" if text else ""


def items(texts: Iterable[str], kind: str = "") -> str:
    """Return a list."""
    of = f' class="{kind}"' if kind else ""
    return f"<ul{of}>" + "".join(f"<li>{escape(text)}</li>" for text in texts) + "</ul>"


def numbered(texts: Iterable[str]) -> str:
    """Return a numbered list."""
    return "<ol>" + "".join(f"<li>{escape(text)}</li>" for text in texts) + "</ol>"


def lines(count: int) -> str:
    """Return lines to write on."""
    return '<div class="line"></div>' * count


def grid(
    caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]], long: bool = False
) -> str:
    """Return a table; a long one may go on over pages."""
    of = ' class="long"' if long else ""
    head = "".join(f'<th scope="col">{escape(h)}</th>' for h in heads)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows
    )
    return (
        f"<table{of}><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table>"
    )
