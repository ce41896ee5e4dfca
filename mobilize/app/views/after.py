"""What the after-action page shows: decision -> delay -> effect, and what each was worth."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from mobilize.game.after import ROUTINE, Effect, choices, fate, happened, timeline
from mobilize.game.game import Game
from mobilize.game.lookback import Lookback
from mobilize.game.pictures import LANES
from mobilize.game.worth import KINDS, Review, Row, figures
from mobilize.metrics import LABEL
from mobilize.scenario import months

TICKS = 8
LISTED = 200  # events in the table
NAMES = {"events": "Events and wars", "disturbances": "Disturbances", "others": "Others decided"}
FILES = (
    ("report.html?show=1", "Open the report", "a page to read, print and send"),
    ("report.html", "Save the report", "HTML"),
    ("export.zip", "Save the tables", "CSV in one zip"),
    ("export.json", "Save all of it", "JSON"),
    ("game.json", "Save the game", "for mobilize replay"),
)


def after_view(game: Game, effects: dict[int, Effect]) -> dict[str, Any]:
    """Return the timeline of a game as plain data; effects not known yet are left open."""
    known = tuple(effects.get(c.number) or fate(game, c.number) for c in choices(game))
    rows = timeline(game, known)
    for row, effect in zip(rows, known, strict=True):
        row["known"] = effect.number in effects
        row["at"] = {
            "decided": effect.month,
            "due": effect.due,
            "made": effect.made.month if effect.made else None,
            "delivered": effect.delivered.month if effect.delivered else None,
        }
        row["tag"] = TAGS[row["confidence"]]
    return {
        "title": game.scenario.title,
        "played": game.month,
        "turns": len(game.turns),
        "over": game.left == 0,
        "ticks": ticks(game),
        "rows": rows,
        "lanes": lanes(game),
        "events": events(game),
    }


TAGS = {"documented": "good", "estimate": "info", "unverified": "warn", "notional": "warn"}


def ticks(game: Game) -> list[dict[str, Any]]:
    """Return some months to write on the axis, evenly spread, the first among them."""
    step = max(1, -(-game.month // TICKS))
    step = next((s for s in (1, 2, 3, 6, 12, 24) if s >= step), step)
    return [{"month": m, "label": _label(game, m)} for m in range(0, max(1, game.month), step)]


def lanes(game: Game) -> list[dict[str, Any]]:
    """Return what others decided and what befell, by lane and month."""
    named = {kind: lane for lane, kinds in LANES.items() for kind in kinds}
    found: dict[str, dict[int, list[str]]] = {lane: defaultdict(list) for lane in LANES}
    for d in happened(game):
        if d.kind not in ROUTINE:
            found[named.get(d.kind, "others")][d.month].append(f"{d.who}: {d.kind} {d.target}")
    return [
        {
            "name": NAMES[lane],
            "count": sum(map(len, marks.values())),
            "marks": [
                {"month": month, "text": f"{_label(game, month)}: {'; '.join(said)}"}
                for month, said in sorted(marks.items())
            ],
        }
        for lane, marks in found.items()
    ]


def events(game: Game) -> dict[str, Any]:
    """Return the same as a table, the latest first."""
    told = [d for d in happened(game) if d.kind not in ROUTINE][::-1]
    rows = [
        {"month": _label(game, d.month), "kind": d.kind, "who": d.who, "what": d.target,
         "why": d.why}
        for d in told[:LISTED]
    ]  # fmt: skip
    return {"rows": rows, "count": len(told)}


def worth_view(found: Review) -> dict[str, Any]:
    """Return what each decision was worth, figure by figure, and which figures were felt at all.

    The deliveries on which a decision had the largest effect for their size come first.
    """
    felt: dict[tuple[str, str], float] = {}
    for worth in found.worths:
        for row in worth.rows:
            if row.felt:
                key = (row.figure.kind, row.figure.key)
                felt[key] = max(felt.get(key, 0.0), _size(row))
    order = sorted(felt, key=lambda k: (list(KINDS).index(k[0]), -felt[k]))
    named = {(f.kind, f.key): f for f in figures(found.game.scenario)}
    return {
        "worlds": found.worths[0].worlds if found.worths else 0,
        "label": LABEL,
        "figures": [
            {"id": f"{kind}:{key}", "group": KINDS[kind], "unit": named[kind, key].unit,
             "name": f"{named[kind, key].metric} {named[kind, key].text}".strip()}
            for kind, key in order
        ],
        "rows": {
            f"{kind}:{key}": [
                _bar(row) for worth in found.worths for row in worth.rows
                if (row.figure.kind, row.figure.key) == (kind, key)
            ]
            for kind, key in order
        },
    }  # fmt: skip


def _size(row: Row) -> float:
    return max(abs(row.mean), abs(row.here)) / max(abs(row.played), abs(row.without), 1.0)


def _bar(row: Row) -> dict[str, float | bool]:
    return {"played": row.played, "without": row.without, "here": row.here, "mean": row.mean,
            "low": row.low, "high": row.high, "higher": row.higher, "felt": row.felt}  # fmt: skip


def progress(work: Lookback) -> dict[str, Any]:
    """Return how far a review is."""
    return {"done": work.done, "total": len(work.pieces), "running": work.weighing,
            "fault": work.fault, "whole": work.review is not None}  # fmt: skip


def files(key: str) -> list[dict[str, str]]:
    """Return the links to what can be taken home."""
    return [{"href": f"/api/game/{key}/{name}", "text": text, "note": note,
             "show": "yes" if "show=1" in name else ""} for name, text, note in FILES]  # fmt: skip


def _label(game: Game, month: int) -> str:
    return months.label(game.scenario.start + month)
