"""Everything decided, told and suffered in a game so far: pages, the file, the feed."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import asdict
from functools import lru_cache
from typing import Any

import numpy as np

from mobilize.app.views.paging import paged
from mobilize.game.game import Game, play
from mobilize.game.seen import seen, unmapped, without_names
from mobilize.game.sitting import View
from mobilize.game.telling import (
    KINDS,
    Row,
    amount,
    names_of,
    settings_made,
    tell,
)
from mobilize.network import HOME
from mobilize.world import QUARTER

PAGE = 50  # rows sent at a time
CSV = ("month", "kind", "who", "what", "target", "amount", "unit", "why", "turn")


def rows(view: View) -> tuple[Row, ...]:
    """Return every row of a game's log that players may see, the newest first."""
    return _rows(view.game)


@lru_cache(maxsize=8)
def _rows(game: Game) -> tuple[Row, ...]:
    model = play(game)
    names, mine = names_of(game.scenario), settings_made(game, model)
    hidden = unmapped(model.world)
    found = [
        tell(n, without_names(decision, hidden), game.scenario, names, mine, hidden)
        for n, decision in enumerate(model.decisions)
        if decision.kind in KINDS and seen(decision, game.scenario)
    ]
    return tuple(reversed(found))


def log(
    view: View, kind: str = "", country: str = "", text: str = "", page: int = 0, size: int = PAGE
) -> dict[str, Any]:
    """Return one page of the log, the newest month first, and what it can be filtered by.

    Parameters
    ----------
    kind : str
        One of KINDS, "mine" for what the player set, or "" for all.
    country : str
        Id of a country, or "" for all.
    text : str
        Words that a row must hold, whatever their case.
    page : int
        0 is the newest; one that is not there is the last.
    """
    every = rows(view)
    names = names_of(view.game.scenario)
    wanted = text.casefold().split()
    found = [r for r in every if _matches(r, kind, country, wanted)]
    shown, place = paged(found, page, size)
    counts = Counter(r.kind for r in every)
    mine = sum(r.mine for r in every)
    groups: list[dict[str, Any]] = []
    for row in shown:
        if not groups or groups[-1]["month"] != row.date:
            groups.append({"month": row.date, "rows": []})
        groups[-1]["rows"].append(_plain(row))
    there = {c for r in every for c in r.countries}
    return {
        "groups": groups,
        "total": len(every),
        **place,
        "kinds": [{"id": "mine", "title": "Set by you", "count": mine}] * bool(mine)
        + [{"id": k, "title": KINDS[k][0], "count": counts[k]} for k in KINDS if counts[k]],
        "countries": sorted(
            ({"id": c, "name": names(c)} for c in there), key=lambda c: str(c["name"])
        ),
        "filter": {"kind": kind, "country": country, "text": text},
    }


def _matches(row: Row, kind: str, country: str, words: list[str]) -> bool:
    if kind == "mine" and not row.mine:
        return False
    if kind not in ("", "mine", row.kind) or (country and country not in row.countries):
        return False
    if not words:
        return True
    whole = f"{row.date} {row.who} {row.what} {row.target} {row.why} {row.kind}".casefold()
    return all(word in whole for word in words)


def _plain(row: Row) -> dict[str, Any]:
    title, chip = KINDS[row.kind]
    return {
        "id": row.id,
        "kind": title,
        "chip": chip,
        "what": row.what,
        "why": row.why,
        "mine": row.mine,
        "turn": row.turn,
        "ask": list(row.ask) if row.ask else None,
        "month": row.month,
    }


def log_csv(view: View) -> str:
    """Return the whole log as CSV, the oldest first; no cell starts a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(CSV)
    for row in reversed(rows(view)):
        cells = asdict(row) | {"month": row.date, "turn": row.turn or ""}
        writer.writerow([_cell(cells[name]) for name in CSV])
    return out.getvalue()


def _cell(value: object) -> object:
    if isinstance(value, str) and value[:1] in tuple("=+-@\t\r"):
        return "'" + value
    return value


NEWS = {
    "conflict": "conflict",
    "event": "event",
    "disturbance": "disturbance",
    "leak": "disturbance",
    "exit": "industry",
    "policy": "policy",
    "denial": "ally",
    "need": "ally",
    "response": "ally",
    "loan": "ally",
    "gift": "ally",
    "milestone": "industry",
    "project": "industry",
    "invest": "industry",
    "contract": "industry",
}  # chip of a row of the feed by kind, what matters most first; what is not here is in the log
ORDER = {kind: n for n, kind in enumerate(NEWS)}
BUNDLED = {
    "contract": "{who} signed {n} contracts in the quarter{money}",
    "project": "{who} started {n} projects{money}",
    "invest": "{n} plants expand with their firms' own money{money}",
    "loan": "{who} made {n} loans from stock",
    "gift": "{who} made {n} gifts from stock",
    "response": "{who} set {n} levers in response to the crisis",
    "denial": "{who} let no goods go to {n} countries at war",
}  # what several rows of a month are told as


def feed(view: View, count: int) -> list[dict[str, Any]]:
    """Return the newest notable things of a game; many of one kind are told as one.

    Returns
    -------
    list of dict
        `id`, `month` (as a label), `at` (months from the start), `chip` (event, disturbance,
        policy, ally, industry or conflict), `text`, `why`, `mine`, and `ask` (kind and target for
        the Why drawer, or None).
    """
    groups: dict[tuple[int, str, str], list[Row]] = {}
    for row in rows(view):
        if row.kind in NEWS:
            groups.setdefault(_bundle(row), []).append(row)
    order = sorted(groups.values(), key=lambda g: (-g[0].month, ORDER[g[0].kind], g[0].id))
    return [_news(view, group) for group in order[:count]]


def _bundle(row: Row) -> tuple[int, str, str]:
    """Return what the rows that are told as one have in common; contracts by the quarter."""
    if row.kind == "contract":
        return row.month // QUARTER, row.kind, "home" if HOME in row.countries else "allies"
    if row.kind in BUNDLED:
        return row.month, row.kind, "" if row.kind == "invest" else row.who
    return row.month, row.kind, str(row.id)


def _news(view: View, group: list[Row]) -> dict[str, Any]:
    """Return one row of the feed: a single thing, or several told as one."""
    row, several = group[0], len(group) > 1
    who = sorted({r.who for r in group})
    text = row.what + (_money(view, group) if row.kind == "contract" else "")
    if several:
        names = who[0] if len(who) == 1 else f"{len(who)} countries"
        text = BUNDLED[row.kind].format(who=names, n=len(group), money=_money(view, group))
    return {
        "id": row.id,
        "month": row.date,
        "at": row.month,
        "chip": NEWS[row.kind],
        "text": text,
        "why": "" if several else row.why,
        "mine": row.mine,
        "ask": list(row.ask) if row.ask and not several else None,
    }


def _money(view: View, group: list[Row]) -> str:
    """Return what some rows cost together; of contracts, as the accounts have it."""
    total = sum(row.amount for row in group if row.unit == "MUSD")
    if group[0].kind == "contract":
        model = view.model
        placed = np.diff(model.record.series("obligated"), axis=0, prepend=np.nan) / 1000
        programs = model.world.names.programs
        decided = {(r.month, programs.index(model.decisions[r.id].target)) for r in group}
        total = float(sum(placed[at] for at in decided))  # not known of the very first month
    return f", {amount(total, 'MUSD')}" if total > 0 else ""
