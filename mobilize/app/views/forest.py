"""Differences with their intervals, each row in words and at its place on a common scale."""

from __future__ import annotations

from math import floor, log10
from typing import Any

import numpy as np

from mobilize.app.views.verdict import Verdict, money, signed
from mobilize.compare import Difference
from mobilize.words import number

WIDER = 4.0  # times the upper quartile of its intervals that a scale reaches at most
LEAST = 0.5  # units under the first package from which a difference is told in per cent
TINY = 0.001  # part of the first package below which a clear difference is called small
SAYS = {
    "more": "clearly more",
    "less": "clearly less",
    "open": "no clear difference",
    "same": "no difference",
}


def difference_row(d: Difference, name: str, verdict: Verdict) -> dict[str, Any]:
    """Return a difference in figures and in words."""
    clear = "" if d.low <= 0.0 <= d.high else "more" if d.low > 0.0 else "less"
    none = signed(d.difference) == signed(d.low) == signed(d.high) == "0"
    return {
        "id": d.what,
        "name": name,
        "unit": d.unit,
        "a": number(d.a),
        "b": number(d.b),
        "difference": d.difference,
        "low": d.low,
        "high": d.high,
        "told": signed(d.difference),
        "interval": f"{signed(d.low)} to {signed(d.high)}",
        "share": d.better,
        "higher": f"{round(d.better * verdict.worlds)} of {verdict.worlds}",
        "clear": "" if none else clear,
        "says": SAYS["same" if none else clear or "open"],
    }


def item_row(d: Difference, verdict: Verdict, name: str) -> dict[str, Any]:
    """Return an item's difference, also in per cent, and what a unit more cost."""
    cost = verdict.per_unit.get(d.what) if d.period == "all" else None
    part = 100.0 / d.a if d.a >= LEAST else None
    found = difference_row(d, name, verdict)
    if found["clear"] and part is not None and abs(d.difference) < TINY * d.a:
        found["says"] += f", under {TINY:.1%}"
    return {
        **found,
        "percent": None if part is None else [v * part for v in (d.difference, d.low, d.high)],
        "cost": "" if cost is None else money(cost),
    }


def scaled(rows: list[dict[str, Any]], by: str) -> dict[str, Any]:
    """Put rows on one scale, from -limit to limit: places from 0 to 100, 50 for no difference.

    What is far wider than most others has an arrow at the end of the scale.

    Parameters
    ----------
    by : str
        "percent" of the first package, "difference" in the rows' unit.
    """
    spans = {n: _span(row, by) for n, row in enumerate(rows)}
    sizes = [max(map(abs, span)) for span in spans.values() if span]
    common = [size for size in sizes if size > 0.0]
    ends = WIDER * float(np.quantile(common, 0.75)) if common else 0.0
    limit = nice(min(max(sizes, default=0.0), ends))
    for n, row in enumerate(rows):
        row["plot"] = _places(spans[n], limit)
    unit = " %" if by == "percent" else f" {rows[0]['unit']}" if rows else ""
    return {"rows": rows, "limit": f"{number(limit)}{unit}"}


def _span(row: dict[str, Any], by: str) -> list[float] | None:
    whole = [row["difference"], row["low"], row["high"]]
    return row["percent"] if by == "percent" else whole


def _places(span: list[float] | None, limit: float) -> dict[str, Any] | None:
    """Return where point and ends of an interval lie on a scale, and which end is beyond it."""
    if span is None:
        return None
    middle, low, high = (50.0 + 50.0 * max(-1.0, min(1.0, v / limit)) for v in span)
    return {
        "middle": round(middle, 2),
        "low": round(low, 2),
        "high": round(high, 2),
        "beyond": [span[1] < -limit, span[2] > limit],
    }


def nice(value: float) -> float:
    """Return the next of 1, 2, 5, 10, 20, ... from a value upwards.

    >>> nice(0.0), nice(3.2), nice(51.0)
    (1.0, 5.0, 100.0)
    """
    if value <= 0.0:
        return 1.0
    step = 10.0 ** floor(log10(value))
    return next(float(f"{m * step:.12g}") for m in (1, 2, 5, 10) if m * step >= value * (1 - 1e-9))


def metric_rows(verdict: Verdict) -> list[dict[str, Any]]:
    """Return each metric of deterrence at each date, on a scale of its own: never merged."""
    groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for found in verdict.metrics:
        groups.setdefault((found["metric"], found["what"]), []).append(found)
    rows = []
    for (metric, what), dates in groups.items():
        sizes = [abs(d[end]) for d in dates for end in ("low", "high")]
        limit = nice(max(sizes))
        cells = []
        for d in dates:
            whole = Difference(**{k: v for k, v in d.items() if k != "metric"})
            cell = difference_row(whole, what, verdict)
            span = [whole.difference, whole.low, whole.high]
            cells.append({**cell, "date": whole.period, "plot": _places(span, limit)})
        rows.append({"metric": metric, "name": what, "unit": dates[0]["unit"],
                     "limit": number(limit), "dates": cells})  # fmt: skip
    return rows
