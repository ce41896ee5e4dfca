"""What if something had not been decided: the same game without it, in other processes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from mobilize.app.views.charts import ALL, past, rounded, taker
from mobilize.game.game import Game, play
from mobilize.game.worth import KINDS, LEAST, Figure, figures, totals
from mobilize.scenario import months
from mobilize.state import EPS

SERIES = {"delivered": "Delivered, all programs", "unmet": "Asked for and not there, all programs"}
MOST = 40  # figures that are told, the largest change first


@dataclass(frozen=True)
class Compared:
    """A figure as it was played, and as it would have been; `share` is the change of the larger."""

    figure: Figure
    played: float
    without: float
    share: float


def compared(played: Game, gone: Game) -> list[Compared]:
    """Return the figures that two games of the same luck differ in, the largest share first."""
    ends = (totals(play(game)).tolist() for game in (played, gone))
    rows = []
    for figure, a, b in zip(figures(played.scenario), *ends, strict=True):
        wide = max(abs(a), abs(b), EPS)
        if np.isfinite(a) and np.isfinite(b) and abs(a - b) > LEAST * wide:
            rows.append(Compared(figure, a, b, (a - b) / wide))
    return sorted(rows, key=lambda row: -abs(row.share))


def what_if(played: Game, gone: Game) -> dict[str, Any]:
    """Return two games side by side as plain data: figures that differ, and two series."""
    rows = compared(played, gone)
    lines = [_line(played, gone, kind) for kind in SERIES]
    first = played.scenario.start
    return {
        "rows": [
            {"kind": KINDS[r.figure.kind], "what": r.figure.text, "unit": r.figure.unit,
             "played": r.played, "without": r.without, "share": r.share}
            for r in rows[:MOST]
        ],
        "more": max(0, len(rows) - MOST),
        "series": lines,
        "dates": [months.label(first + n) for n in range(played.month)],
    }  # fmt: skip


def _line(played: Game, gone: Game, kind: str) -> dict[str, Any]:
    take = taker(played.scenario, kind, ALL)
    return {
        "title": SERIES[kind],
        "unit": "million USD a month",
        "played": rounded(past(play(played).record, take)),
        "without": rounded(past(play(gone).record, take)),
    }
