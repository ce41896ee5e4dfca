"""What each lever of a package brings to an item: steps from nothing to the whole."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from mobilize.app.views.verdict import many, signed
from mobilize.attribution import Attribution, combinations
from mobilize.game.telling import names_of
from mobilize.game.versus import Question
from mobilize.scenario import Scenario
from policies.levers import catalogue

BARS = 12  # levers that a waterfall shows one by one


def runs(asked: Question) -> int:
    """Return how many worlds the shares of a question's levers take."""
    return len(combinations(asked.b, asked.seed)) * asked.worlds


def waterfall(found: Attribution, scenario: Scenario, item: str = "") -> dict[str, Any]:
    """Return what each lever of a package brings to an item, as steps from nothing to the whole.

    Parameters
    ----------
    item : str
        Id; by default the one of which the package moves most by value.
    """
    items, table = list(found.whole), names_of(scenario).items
    worth = {i: abs(found.whole[i]) * float(table[i]["cost"]) for i in items}
    item = item if item in items else max(items, key=lambda i: worth[i])
    parts = sorted((p for p in found.parts if p.item == item), key=lambda p: -abs(p.share))
    shown, rest = parts[:BARS], sum(p.share for p in parts[BARS:])
    steps: list[dict[str, Any]] = []
    level = 0.0
    for title, share in [
        *((_title(p.lever), p.share) for p in shown),
        *([(f"{len(parts) - BARS} levers more", rest)] if len(parts) > BARS else []),
    ]:
        steps.append({"name": title, "from": level, "to": level + share, "told": signed(share)})
        level += share
    whole = found.whole[item]
    steps.append({"name": "All together", "from": 0.0, "to": whole, "told": signed(whole)})
    return {
        "item": item,
        "items": [{"id": i, "title": names_of(scenario)(i)} for i in items],
        "unit": many(str(table[item]["unit"])),
        "worlds": found.worlds,
        "packages": found.packages,
        "steps": _stairs(steps),
        "rows": [
            {
                "name": _title(p.lever),
                "share": signed(p.share),
                "interval": f"{signed(p.low)} to {signed(p.high)}",
                "clear": not p.low <= 0.0 <= p.high,
                "alone": signed(p.alone),
                "lost": signed(p.lost_without),
            }
            for p in parts
        ],
    }


def _title(lever: str) -> str:
    return catalogue()[lever].title if lever in catalogue() else lever


def _stairs(steps: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give each step its place on a common scale, from 0 to 100."""
    steps = list(steps)
    ends = [0.0, *(s[end] for s in steps for end in ("from", "to"))]
    low, high = min(ends), max(ends)
    span = (high - low) or 1.0
    for step in steps:
        first, last = sorted((step.pop("from"), step.pop("to")))
        step["left"] = round(100 * (first - low) / span, 2)
        step["width"] = round(100 * (last - first) / span, 2)
        step["up"] = not str(step["told"]).startswith("-")
        step["zero"] = round(100 * -low / span, 2)
    return steps
