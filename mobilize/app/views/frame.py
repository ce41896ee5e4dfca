"""What the frame shows: the date, the turn, and in words what the last turn brought."""

from __future__ import annotations

from typing import Any

from mobilize.game.seen import seen
from mobilize.game.sitting import View

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September",
          "October", "November", "December")  # fmt: skip


def in_words(month: int) -> str:
    """Return an absolute month in words.

    >>> in_words(2027 * 12 + 2)
    'March 2027'
    """
    return f"{MONTHS[month % 12]} {month // 12}"


def clock(view: View, key: str) -> dict[str, Any]:
    """Return where a game stands in time, and what can be done about it."""
    game = view.game
    return {
        "key": key,
        "title": game.scenario.title,
        "date": in_words(game.date) if game.left else f"{in_words(game.date - 1)}, the end",
        "turn": len(game.turns) + 1,
        "played": game.month,
        "left": game.left,
        "drafted": len(view.draft),
        "running": view.running,
        "waiting": view.waiting,
        "unkept": view.unkept,
    }


def told(view: View) -> str:
    """Return what the last turn brought, for those who listen instead of look."""
    game = view.game
    if view.unkept:
        return view.unkept
    if not game.turns:
        return f"{game.scenario.title}. {in_words(game.date)}; nothing has been decided yet."
    last = game.turns[-1].months
    since = game.month - last
    news = [
        d.why
        for d in view.model.decisions
        if d.month >= since and d.kind == "event" and seen(d, game.scenario)
    ]
    ready = "" if not view.waiting else " Looking ahead."
    said = f"Played {last} months to {in_words(game.date - 1)}."
    return " ".join([said, *news[:3]]) + ready
