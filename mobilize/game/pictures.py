"""Pictures of a game as SVG for a page: the same game gives the same bytes, nothing is fetched."""

from __future__ import annotations

import io
import re
import threading
from collections.abc import Callable, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

from mobilize.deterrence import SERIES
from mobilize.game.after import ROUTINE, Choice, by_item, choices, happened, value_text
from mobilize.game.game import Game, play
from mobilize.game.worth import KINDS, Review, Row, Worth
from mobilize.metrics import ROWS
from mobilize.model import Model
from mobilize.scenario import months
from policies.package import BASE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LINE, SOFT, MARK, SEEN, GREY = "#0b5cad", "#a9cdf0", "#b4530a", "#0a7d55", "#5b6675"
SMOOTH = 3  # months a rate is the mean of
COLUMNS = 3
PANELS = 12  # items drawn at most
FOREST = 6  # figures whose worth is drawn
LANES = {
    "events": ("event", "conflict"),
    "disturbances": ("disturbance", "denial", "leak"),
    "others": (),  # all the rest
}
_DRAWING = threading.Lock()  # the settings of matplotlib are the process's


def svg(name: str, label: str, draw: Callable[[Figure], None], size: tuple[float, float]) -> str:
    """Return a picture as an SVG element with a text for those who do not see it.

    Parameters
    ----------
    name : str
        Tells its ids from those of other pictures on a page.
    size : tuple of float
        Width and height, inches.
    """
    import matplotlib as mpl
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    out = io.StringIO()
    with _DRAWING, mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(
            {
                "svg.fonttype": "none",
                "svg.hashsalt": name,
                "text.parse_math": False,
                "font.size": 9,
                "axes.edgecolor": GREY,
                "axes.spines.top": False,
                "axes.spines.right": False,
                "axes.grid": True,
                "axes.grid.axis": "y",
                "grid.color": "#e3e8ee",
                "axes.axisbelow": True,
            }
        )
        figure = Figure(figsize=size, layout="constrained")
        FigureCanvasSVG(figure)
        draw(figure)
        nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        figure.savefig(out, format="svg", metadata=nothing, transparent=True)
    text = out.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r'(\bid="|url\(#|href="#)', rf"\g<1>{name}-", text)
    return text.replace("<svg", f'<svg role="img" aria-label="{escape(label)}"', 1)


def years(game: Game) -> np.ndarray:
    """Return the months played as years, for an axis."""
    return np.asarray((game.scenario.start + np.arange(game.month)) / 12)


def short(text: str, most: int = 46) -> str:
    """Return a text cut to what fits beside a picture."""
    return text if len(text) <= most else f"{text[: max(8, most - 1)]}…"


def decision(choice: Choice, most: int) -> str:
    """Return a decision in few words: its number, lever, and target or value."""
    setting = choice.setting
    what = value_text(setting) if setting.target == BASE else setting.target
    return f"{choice.number + 1}. {short(choice.lever.title, most - len(what) - 6)}: {what}"


def _dates(axis: Axes, game: Game, parts: int = 4) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    first = game.scenario.start
    axis.set_xlim(first / 12, max(first + game.month, first + 1) / 12)
    axis.xaxis.set_major_locator(MaxNLocator(parts))
    axis.xaxis.set_major_formatter(FuncFormatter(lambda x, _: months.label(round(x * 12))))
    axis.tick_params(labelsize=7.5)


def draw_timeline(found: Review) -> str:
    """Draw decision -> delay -> effect, a row a decision, and what else happened above."""
    game, rows = found.game, choices(found.game)
    lanes = _lanes(game)
    names = [*lanes, *(decision(c, 52) for c in rows)]
    first = game.scenario.start

    def draw(figure: Figure) -> None:
        axis = figure.subplots()
        for y, dates in enumerate(lanes.values()):
            axis.plot([(first + m) / 12 for m in dates], [y] * len(dates), "|", color=GREY,
                      markersize=9, markeredgewidth=1.6)  # fmt: skip
        for y, e in enumerate(found.effects, len(lanes)):
            begun, now = (first + e.month) / 12, (first + game.month) / 12
            due = now if e.due is None else min(now, (first + e.due) / 12)
            axis.hlines(y, begun, due, color=MARK, linewidth=1.4, linestyle=":")
            if e.due is not None and e.due < game.month:
                axis.hlines(y, due, now, color=SOFT, linewidth=5)
                axis.plot(due, y, "o", color=LINE, markersize=5)
            axis.plot(begun, y, "s", color=MARK, markersize=5)
            if e.delivered is not None:
                axis.plot((first + e.delivered.month) / 12, y, "D", color=SEEN, markersize=5)
        axis.set_yticks(range(len(names)), names)
        axis.set_ylim(len(names) - 0.4, -0.6)
        _dates(axis, game, 8)
        marks = (
            ("s", MARK, "decided"),
            ("o", LINE, "takes effect"),
            ("D", SEEN, "deliveries first differ"),
            ("|", GREY, "others, events"),
        )
        for shape, colour, text in marks:
            axis.plot([], [], shape, color=colour, label=text, markersize=6)
        figure.legend(loc="outside upper right", ncols=4, frameon=False, fontsize=8)

    label = "Timeline of decisions, when each took effect and when deliveries first differed"
    return svg("timeline", label, draw, (10.0, 1.2 + 0.26 * len(names)))


def _lanes(game: Game) -> dict[str, list[int]]:
    """Return the months of what happened, by lane."""
    named = {kind for kinds in LANES.values() for kind in kinds}
    told = [d for d in happened(game) if d.kind not in ROUTINE]
    return {
        lane: [d.month for d in told if (d.kind in kinds if kinds else d.kind not in named)]
        for lane, kinds in LANES.items()
    }


def draw_flows(game: Game, plain: Model, items: Sequence[tuple[int, str]]) -> str:
    """Draw deliveries a month by item, and dashed those of the same luck with nothing decided."""
    model = play(game)
    played, undecided = (by_item(m, "delivered") for m in (model, plain))

    def panel(axis: Axes, item: tuple[int, str]) -> None:
        x = years(game)
        axis.plot(x, smooth(undecided[:, item[0]]), "--", color=GREY, lw=1.2)
        axis.plot(x, smooth(played[:, item[0]]), color=LINE, lw=1.6)
        axis.set_ylim(bottom=0)
        axis.set_title(short(item[1], 34), fontsize=9, loc="left")
        _dates(axis, game)

    text = "Deliveries a month by item, and the same with nothing decided"
    return _panels("flows", text, list(items[:PANELS]), panel)


def draw_metrics(game: Game, plain: Model) -> str:
    """Draw every metric of deterrence in a panel of its own, and dashed with nothing decided."""
    model = play(game)

    def panel(axis: Axes, row: tuple[str, str, str, str]) -> None:
        n = SERIES.index(row[2])
        x = years(game)
        axis.plot(x, plain.record.metrics[n, : game.month], "--", color=GREY, lw=1.2)
        axis.plot(x, model.record.metrics[n, : game.month], color=LINE, lw=1.6)
        axis.set_title(f"{row[0]} {row[1]} [{row[3]}]", fontsize=9, loc="left")
        _dates(axis, game)

    text = "Each metric of deterrence by month, and the same with nothing decided"
    return _panels("metrics", text, list(ROWS), panel)


def _panels(name: str, label: str, things: list[Any], panel: Callable[[Axes, Any], None]) -> str:
    rows = -(-len(things) // COLUMNS)

    def draw(figure: Figure) -> None:
        axes = figure.subplots(rows, COLUMNS, squeeze=False).ravel()
        for axis, thing in zip(axes, things, strict=False):
            panel(axis, thing)
        for axis in axes[len(things) :]:
            axis.set_visible(False)

    return svg(name, label, draw, (10.0, 1.9 * rows))


def largest(found: Review) -> list[Row]:
    """Return the deliveries on which decisions had the largest effect for their size."""
    best: dict[str, tuple[float, Row]] = {}
    for worth in found.worths:
        for row in worth.rows:
            if row.figure.kind == "delivered" and row.felt:
                size = abs(row.mean) / max(abs(row.without), abs(row.played), 1.0)
                if size > best.get(row.figure.key, (0.0, row))[0]:
                    best[row.figure.key] = (size, row)
    return [row for _, row in sorted(best.values(), key=lambda b: -b[0])[:FOREST]]


def draw_worth(found: Review) -> str:
    """Draw what each decision was worth in units delivered: a panel an item, a bar a decision."""
    chosen = [row.figure for row in largest(found)]
    names = [decision(c, 44) for c in choices(found.game)]
    height = 0.7 + 0.22 * len(names)
    count = -(-len(chosen) // 2)

    def draw(figure: Figure) -> None:
        axes = figure.subplots(count, 2, squeeze=False, sharey=True).ravel()
        for axis, wanted in zip(axes, chosen, strict=False):
            rows = [_row(worth, wanted.kind, wanted.key) for worth in found.worths]
            mean, low, high = (np.array([getattr(r, n) for r in rows])
                               for n in ("mean", "low", "high"))  # fmt: skip
            y = np.arange(len(rows))
            axis.barh(y, mean, color=SOFT, edgecolor=LINE, linewidth=0.6)
            axis.hlines(y, low, high, color=LINE, linewidth=1.6)
            axis.plot([r.here for r in rows], y, "D", color=MARK, markersize=4)
            axis.axvline(0.0, color=GREY, linewidth=0.8)
            axis.set_yticks(y, names)
            axis.set_ylim(len(names) - 0.4, -0.6)
            axis.tick_params(labelsize=7.5)
            axis.set_title(f"{short(wanted.text, 34)} [{wanted.unit}]", fontsize=9, loc="left")
        for axis in axes[len(chosen) :]:
            axis.set_visible(False)

    label = f"{KINDS['delivered']} for each decision: mean over worlds with 90 % interval"
    return svg("worth", label, draw, (10.0, height * count))


def _row(worth: Worth, kind: str, key: str) -> Row:
    return next(r for r in worth.rows if (r.figure.kind, r.figure.key) == (kind, key))


def smooth(series: np.ndarray) -> np.ndarray:
    """Return the mean of the last months, fewer at the start; shape (months,)."""
    total = np.cumsum(np.concatenate([[0.0], series]))
    at = np.arange(1, len(series) + 1)
    first = np.maximum(0, at - SMOOTH)
    return np.asarray((total[at] - total[first]) / (at - first))
