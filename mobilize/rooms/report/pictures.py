"""What teams expected and what came, as a picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mobilize.game.pictures import COLUMNS, GREY, LINE, MARK, PANELS, SEEN, short, svg
from mobilize.game.things import figure_titles
from mobilize.game.worth import figures, turn_ends
from mobilize.rooms.room import Prediction, Room

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Drawing

MARKS, COLOURS = ("o", "s", "D", "^", "v", "P", "X", "*", "<", ">"), (MARK, SEEN, LINE, GREY)


@dataclass(frozen=True)
class Expected:
    """A figure that was predicted: what came of it turn by turn, and who expected what."""

    text: str
    unit: str
    came: tuple[float, ...]
    said: tuple[Prediction, ...]


def expected(room: Room, said: Sequence[Prediction]) -> list[Expected]:
    """Return every figure of some predictions, those with most predictions first."""
    game = room.shown
    turns = turn_ends(game)
    titles = figure_titles(game.scenario)
    known = {(f.kind, f.key): f for f in figures(game.scenario)}
    by_figure: dict[tuple[str, str], list[Prediction]] = {}
    for one in said:
        by_figure.setdefault((one.kind, one.key), []).append(one)
    found = [
        Expected(titles[key], known[key].unit,
                 tuple(turn[key] for turn in turns), tuple(rows))
        for key, rows in by_figure.items()
    ]  # fmt: skip
    return sorted(found, key=lambda one: -len(one.said))


def draw_expected(rows: Sequence[Expected], seats: Mapping[str, str]) -> str:
    """Draw each figure by turn, and a mark for every prediction: a shape and colour a seat.

    `seats` are names by id.
    """
    shown = list(rows[:PANELS])
    count = -(-len(shown) // COLUMNS)

    def draw(figure: Drawing) -> None:
        axes = figure.subplots(count, COLUMNS, squeeze=False).ravel()
        for axis, one in zip(axes, shown, strict=False):
            axis.plot(range(1, len(one.came) + 1), one.came, "-", color=LINE, lw=1.4)
            for n, seat in enumerate(seats):
                at = [(p.turn, p.value) for p in one.said if p.seat == seat]
                if at:
                    axis.plot(*zip(*at, strict=True), MARKS[n % len(MARKS)], markersize=6,
                              color=COLOURS[n % len(COLOURS)], markerfacecolor="none")  # fmt: skip
            axis.set_title(f"{short(one.text, 30)} [{one.unit}]", fontsize=9, loc="left")
            axis.set_xlabel("turn", fontsize=8)
            axis.locator_params(axis="x", integer=True)
            axis.tick_params(labelsize=7.5)
        for axis in axes[len(shown) :]:
            axis.set_visible(False)
        for n, seat in enumerate(seats.values()):
            axes[0].plot([], [], MARKS[n % len(MARKS)], color=COLOURS[n % len(COLOURS)],
                         markerfacecolor="none", label=seat)  # fmt: skip
        axes[0].plot([], [], "-", color=LINE, label="what came")
        figure.legend(loc="outside lower center", ncols=4, frameon=False, fontsize=8)

    label = "Figures by turn: what came, and what each team had expected"
    return svg("expected", label, draw, (10.0, 0.6 + 2.1 * count))
