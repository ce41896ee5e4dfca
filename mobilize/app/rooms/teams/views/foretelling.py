"""Predictions: what may be predicted, what a team wrote down, and what came."""

from __future__ import annotations

from typing import Any

from mobilize.game.telling import MASSES

Plain = dict[str, Any]
SINCE_START = ("delivered", "unmet", "milestones", "money")  # kinds that are counted up


def figure_groups(figures: list[Plain]) -> list[Plain]:
    """Return the figures that a seat may predict, by kind."""
    groups: dict[str, list[Plain]] = {}
    for one in figures:
        row = {
            "id": f"{one['kind']}/{one['key']}",
            "kind": one["kind"],
            "key": one["key"],
            "text": _text(one),
            "unit": many(one["unit"]),
            "since": one["kind"] in SINCE_START,
            "stands": one["stands"],
        }
        groups.setdefault(str(one["words"]), []).append(row)
    return [{"words": words, "figures": rows} for words, rows in groups.items()]


def many(unit: str) -> str:
    """Return a unit as it is counted; of what has no plural itself."""
    alone = unit in MASSES or not unit.isalpha() or unit.endswith("s")
    return unit if alone or unit in ("ratio", "fraction") else f"{unit}s"


def _text(figure: Plain) -> str:
    text = str(figure["text"])
    return f"{figure['metric']} {text}" if figure["metric"] else text[:1].upper() + text[1:]


def predicted(predictions: list[Plain], figures: list[Plain]) -> list[Plain]:
    """Return predictions in words, the latest turn first, with what came where it is told.

    `off` is how far it came out from what was predicted, as a share of the larger of the two;
    `from` and `to` are where both stand between the smallest and the largest of them and zero.
    """
    known = {(f["kind"], f["key"]): f for f in figures}
    rows = []
    for one in predictions:
        figure = known.get((one["kind"], one["key"]))
        if figure is None:
            continue
        row = {
            "id": f"{one['turn']}/{one['kind']}/{one['key']}",
            "turn": one["turn"],
            "key": one["key"],
            "title": f"{figure['words']}: {_text(figure)}",
            "unit": many(figure["unit"]),
            "value": one["value"],
            "name": one["name"],
            "text": one["text"],
            "told": "came" in one,
        }
        rows.append({**row, **_beside(one["value"], one.get("came"))})
    return sorted(rows, key=lambda row: -int(row["turn"]))


def _beside(value: float, came: float | None) -> Plain:
    if came is None:
        return {"came": None, "off": None, "spots": None}
    low, high = min(0.0, value, came), max(0.0, value, came)
    size = max(abs(value), abs(came))
    spots = [(v - low) / (high - low) if high > low else 0.0 for v in (value, came)]
    return {"came": came, "off": (came - value) / size if size else 0.0, "spots": spots}
