"""How figures and tables are put into words on a terminal."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

CELL = str | float | int | None


def number(value: float | None) -> str:
    """Return a figure with thousands separators and about three digits; never scientific.

    >>> number(35750.4), number(8.04), number(5.8e-11), number(float("nan"))
    ('35,750', '8.04', '0', '-')
    """
    if value is None or value != value:
        return "-"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}" if abs(value) >= 0.001 else "0"


def change(value: float, base: float) -> str:
    """Return a difference; what is below a twenty-thousandth of its base counts as none.

    >>> change(-412.0, 9000.0), change(0.003, 8348.0)
    ('-412', '0')
    """
    return "0" if abs(value) < abs(base) * 5e-5 else number(value)


def console(least: int = 100) -> Console:
    """Return the terminal, at its width, or `least` columns where it has fewer or none."""
    from rich.console import Console

    screen = Console(width=None if sys.stdout.isatty() else least, highlight=False)
    if least > 100:
        screen.width = max(screen.width, least)
    return screen


def show(
    title: str, columns: Sequence[str], rows: Sequence[Sequence[CELL]], least: int = 100
) -> None:
    """Print a table: words left, figures right."""
    from rich import box
    from rich.table import Table

    table = Table(title=title, box=box.SIMPLE_HEAD, title_justify="left", pad_edge=False)
    for n, name in enumerate(columns):
        words = all(isinstance(row[n], str) for row in rows)
        table.add_column(name, justify="left" if words else "right")
    for row in rows:
        table.add_row(*(cell if isinstance(cell, str) else number(cell) for cell in row))
    console(least).print(table)


def show_json(data: object) -> None:
    """Print plain data as JSON; what is no finite number is null."""
    whole = json.loads(json.dumps(data, default=float), parse_constant=lambda _: None)
    print(json.dumps(whole, indent=2, allow_nan=False))
