"""What every answer of the Why drawer is made of: figures, tables, what to ask next."""

from __future__ import annotations

from typing import Any

from mobilize.words import number
from mobilize.world import World

Answer = dict[str, Any]
ROWS = 8  # of a table of parts


def empty(kind: str, target: str) -> Answer:
    """Return an answer that says nothing yet: every key there is.

    `facts` are figures (name, value, unit, note), `steps` the chain (see
    :func:`mobilize.app.views.why.step`), `tables` title, columns (name, numeric) and rows,
    `waterfalls` one a mindset, `relief` what relaxing the root is worth once `relief_known`,
    `next` what may be asked next (name, kind, target).
    """
    return {
        "kind": kind, "target": target, "title": "", "month": "", "past": False, "at": None,
        "headline": "", "facts": [], "says": [], "formula": "", "chain_of": "", "steps": [],
        "waterfalls": [], "tables": [], "relief": None, "relief_known": True, "next": [],
        "note": "", "error": "",
    }  # fmt: skip


def fact(name: str, value: float, unit: str, note: str = "") -> Answer:
    """Return a figure with its name and unit."""
    return {"name": name, "value": number(float(value)), "unit": unit, "note": note}


def table(title: str, columns: list[tuple[str, bool]], rows: list[list[str]]) -> Answer:
    """Return a table; columns are (name, whether it holds figures)."""
    heads = [{"name": name, "num": numeric} for name, numeric in columns]
    return {"title": title, "columns": heads, "rows": rows}


def money(kusd: float) -> str:
    """Return an amount of money in words.

    >>> money(950.0), money(1234567.0), money(25e6)
    ('1 MUSD', '1,235 MUSD', '25.0 BUSD')
    """
    return f"{kusd / 1e6:,.1f} BUSD" if abs(kusd) >= 1e7 else f"{kusd / 1e3:,.0f} MUSD"


def program_names(world: World) -> list[str]:
    """Return the names of programs, in order."""
    return [str(name) for name in world.scenario.tables["programs"]["name"]]


def link(world: World, i: int) -> Answer:
    """Return a program as something to ask about next."""
    return {"name": program_names(world)[i], "kind": "program", "target": world.names.programs[i]}
