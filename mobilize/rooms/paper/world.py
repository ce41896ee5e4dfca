"""What a seat is sent of the world, as tables for paper: nothing is asked of the world itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from mobilize.game.page import facts, table, text

LONGEST = 24  # rows of a table; more are on the seat's page


Names = Mapping[str, str]


def world_html(world: dict[str, Any], names: Names) -> str:
    """Return the `world` of a seat's sight (:mod:`mobilize.rooms.sight`) as HTML, ids as names."""
    return "".join(SHOWN[name](seen, names) for name, seen in world.items() if name in SHOWN)


def _public(seen: dict[str, Any], names: Names) -> str:
    wars = "; ".join(names[war] for war in seen["wars"])
    return facts({"Wars now": wars}) if wars else ""


def _programs(rows: list[dict[str, Any]], names: Names) -> str:
    head = ("program", "item", "stock", "objective", "on contract", "money not yet bound [MUSD]")
    told = ("stock", "objective", "on_contract", "money_musd")
    cells = _cells(rows, names, ("program", "item"), told)
    return _cut(head, cells, "Your programs") if cells else text("You have no programs here.")


def _requests(seen: dict[str, Any], names: Names) -> str:
    word = "none" if seen["word"] is None else f"{seen['word']:.0%}"
    told = f"{seen['asked']} made, {seen['honoured']} honoured; your word: {word}"
    return facts({"Requests for priority": told})


def _base(rows: list[dict[str, Any]], names: Names) -> str:
    known = Counter(row["country"] for row in rows if row["open"])
    told = ", ".join(f"{names[country]} {number}" for country, number in known.most_common())
    return facts({"Open lines that governments know of, by country": told})


def _firms(rows: list[dict[str, Any]], names: Names) -> str:
    head = ("line", "firm", "item", "asked a month", "could make", "held up by", "cash [MUSD]")
    told = ("asked", "capacity", "bound", "cash_musd")
    cells = _cells(rows, names, ("line", "firm", "item"), told)
    return _cut(head, cells, "Plants at home") if cells else ""


def _metrics(rows: list[dict[str, Any]], names: Names) -> str:
    return table(("metric", "what", "unit"), [(r["metric"], r["text"], r["unit"]) for r in rows],
                 "Metrics of deterrence that you see by month") if rows else ""  # fmt: skip


def _ladder(seen: dict[str, Any], names: Names) -> str:
    rows = [(s["title"], s["months"], "yes" if s["stands"] else "no") for s in seen["steps"]]
    return table(("step", "lasts, months", "stands now"), rows,
                 f"Steps of the ladder; {seen['at_once']} at once")  # fmt: skip


def _cells(
    rows: list[dict[str, Any]], names: Names, ids: tuple[str, ...], told: tuple[str, ...]
) -> list[tuple[Any, ...]]:
    """Return rows as cells: what ids name, then what is told as it is."""
    return [(*(names[row[one]] for one in ids), *(row[one] for one in told)) for row in rows]


def _cut(head: tuple[str, ...], rows: list[Any], caption: str) -> str:
    """Return a table of the first rows, which says how many there are in all."""
    more = f"; the first {LONGEST} of {len(rows)}, the rest on your page" * (len(rows) > LONGEST)
    return table(head, rows[:LONGEST], caption + more)


SHOWN: dict[str, Callable[[Any, Names], str]] = {
    "public": _public,
    "programs": _programs,
    "requests": _requests,
    "base": _base,
    "firms": _firms,
    "metrics": _metrics,
    "ladder": _ladder,
}
