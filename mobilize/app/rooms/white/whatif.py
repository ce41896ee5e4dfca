"""What if something had not been decided: the same game without it, in other processes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mobilize.app.views.charts import ALL, METRICS, labels, past, rounded, taker
from mobilize.game.game import Game, play
from mobilize.game.worth import KINDS, LEAST, Figure, figures, totals
from mobilize.scenario import months
from mobilize.state import EPS

MOST = 40  # figures that are told, the largest change first
DRAWN = 3  # series that are drawn: of what changed most, else of everything
WHOLE = (("delivered", ALL), ("unmet", ALL))


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
    """Return two games side by side as plain data: figures that differ, and what changed most."""
    rows = compared(played, gone)
    first = played.scenario.start
    return {
        "rows": [
            {"kind": KINDS[r.figure.kind], "what": r.figure.text, "unit": r.figure.unit,
             "played": r.played, "without": r.without, "share": r.share}
            for r in rows[:MOST]
        ],
        "more": max(0, len(rows) - MOST),
        "series": [_line(played, gone, *series) for series in drawn(rows)],
        "dates": [months.label(first + n) for n in range(played.month)],
    }  # fmt: skip


def get_ready(game: Game) -> None:
    """Play a game in this process, so that whoever asks about it waits less."""
    play(game)


def drawn(rows: Sequence[Compared]) -> list[tuple[str, str]]:
    """Return which series show a change best: kind and item (see :func:`taker`)."""
    found = [series for row in rows if (series := _series(row.figure)) is not None]
    return list(dict.fromkeys([*found[:DRAWN], *WHOLE]))[:DRAWN]


def _series(figure: Figure) -> tuple[str, str] | None:
    if figure.kind in ("delivered", "unmet"):
        return figure.kind, figure.key
    return (figure.key, ALL) if figure.kind == "metric" and figure.key in METRICS else None


def _line(played: Game, gone: Game, kind: str, item: str) -> dict[str, Any]:
    take = taker(played.scenario, kind, item)
    title, unit, _ = labels(played.scenario, kind, item)
    lines = [past(play(game).record, take) for game in (played, gone)]
    whole = [[v if v == v else None for v in rounded(line)] for line in lines]
    return {"title": title, "unit": unit, "played": whole[0], "without": whole[1]}
