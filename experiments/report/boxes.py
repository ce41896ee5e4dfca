"""Boxes of scenario discovery in words, in a table and drawn."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from experiments.catalogue import PLACE
from experiments.report.blocks import Block, Fold, Part, Table, Text
from experiments.report.drawing import colour, drawn
from experiments.report.facts import Facts
from experiments.report.style import PALE
from experiments.report.words import count, cut, listed, percent, quoted
from mobilize.words import number

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ROWS = 12  # ranges drawn


def limit_words(facts: Facts, row: Any) -> str:
    """Return the range of a box for one factor."""
    if row["words"]:
        return listed(row["words"], "or")
    factor = facts.factor(str(row["factor"]))
    low_open = row["low"] <= row["range_low"]
    high_open = row["high"] >= row["range_high"]
    unit = "" if factor.unit in ("", "fraction", PLACE) else f" {factor.unit}"
    if low_open:
        return f"at most {number(row['high'])}{unit}"
    if high_open:
        return f"at least {number(row['low'])}{unit}"
    return f"{number(row['low'])} to {number(row['high'])}{unit}"


def box_words(facts: Facts, box: int) -> str:
    """Return the ranges of a box as part of a sentence."""
    assert facts.box is not None
    ranges = facts.box.ranges
    rows = ranges[ranges["box"] == box].to_dict("records")
    return listed(
        f"{quoted(facts.factor(r['factor']).title or r['factor'], 60)} is {limit_words(facts, r)}"
        for r in rows
    )


def where_it_fails(facts: Facts) -> list[Block]:
    """Return the part that says in which futures the weighed package fails."""
    if facts.fails is None:
        return []
    said, cases = facts.fails
    package = quoted(facts.packages[facts.weighed[0]])
    share = f"{int(cases.sum()):,} of {len(cases):,} sampled futures ({percent(cases.mean())})"
    told: list[Block] = [Text(f"Failing means here: with {package}, {said}. So it is in {share}.")]
    box = facts.box
    if box is None or box.boxes.empty:
        told.append(Text("No box of few assumptions holds these futures better than chance."))
        return [Part("Where it fails", told)]
    told.append(_picture(facts))
    told.append(_boxes(facts))
    told.append(Fold("The ranges of the boxes", [_ranges(facts)]))
    return [Part("Where it fails", told)]


def _picture(facts: Facts) -> Block:
    assert facts.box is not None
    ranges = facts.box.ranges
    rows = ranges[ranges["box"] == 1].head(ROWS).to_dict("records")
    names = [cut(facts.factor(r["factor"]).title or r["factor"], 44) for r in rows]

    def draw(figure: Figure) -> None:
        axis = figure.subplots()
        for y, row in enumerate(rows):
            axis.barh(y, 1.0, color=PALE, height=0.5)
            left, right = _places(facts, row)
            for a, b in zip(left, right, strict=True):
                axis.barh(y, b - a, left=a, color=colour(2), height=0.5)
            axis.text(1.02, y, cut(limit_words(facts, row), 40), va="center", fontsize=8)
        axis.set_yticks(range(len(rows)), names)
        axis.set_ylim(len(rows) - 0.4, -0.6)
        axis.set_xlim(0.0, 1.0)
        axis.set_xticks([0.0, 1.0], ["low end", "high end"])
        axis.grid(False)
        axis.spines["left"].set_visible(False)

    box = facts.box.boxes.iloc[0]
    said = (
        f"Where in their ranges the assumptions stand in the first box (coloured). Of the "
        f"{count(int(box['n']), 'future')} in it {percent(box['density'])} fail; it holds "
        f"{percent(box['coverage'])} of all that do."
    )
    label = f"Ranges of the first box: {box_words(facts, 1)}."
    return drawn("box", label, said, draw, (8.6, 0.9 + 0.38 * len(rows)))


def _places(facts: Facts, row: Any) -> tuple[list[float], list[float]]:
    """Return where bars of a range begin and end, as shares of the factor's whole range."""
    factor = facts.factor(str(row["factor"]))
    if row["words"]:
        n = len(factor.words)
        at = [factor.words.index(word) / n for word in row["words"]]
        return at, [place + 1.0 / n for place in at]
    ends = [factor.place(min(max(float(v), factor.low), factor.high))
            for v in (row["low"], row["high"])]  # fmt: skip
    ends[0] = 0.0 if row["low"] <= row["range_low"] else ends[0]
    ends[1] = 1.0 if row["high"] >= row["range_high"] else ends[1]
    return ends[:1], ends[1:]


def _boxes(facts: Facts) -> Table:
    assert facts.box is not None
    rows = []
    for row in facts.box.boxes.to_dict("records"):
        fresh = "-" if math.isnan(row["fresh_density"]) else (
            f"{percent(row['fresh_density'])} of {int(row['fresh_n'])}")  # fmt: skip
        holds = "too few to check" if fresh == "-" else "yes" if row["holds"] else "no"
        rows.append((str(row["box"]), box_words(facts, row["box"]), int(row["n"]),
                     percent(row["density"]), percent(row["base"]), percent(row["coverage"]),
                     fresh, holds))  # fmt: skip
    heads = ("box", "where", "futures", "of them fail", "without the box", "of all failures",
             "fail among fresh ones", "holds")  # fmt: skip
    return Table(heads, rows, "Boxes by the patient rule induction method, each among the futures "
                 "outside earlier ones, found on one half of the futures and checked on the other "
                 "where these are enough.")  # fmt: skip


def _ranges(facts: Facts) -> Table:
    assert facts.box is not None
    rows = [
        (str(r["box"]), facts.factor(r["factor"]).title or r["factor"], limit_words(facts, r),
         "" if r["words"] else f"{number(r['range_low'])} to {number(r['range_high'])}",
         percent(r["density_without"]), f"{r['p_value']:.2g}",
         "-" if math.isnan(r["fresh_p"]) else f"{r['fresh_p']:.2g}")
        for r in facts.box.ranges.to_dict("records")
    ]  # fmt: skip
    heads = ("box", "assumption", "in the box", "whole range", "fail without this limit",
             "by chance", "by chance, fresh")  # fmt: skip
    return Table(heads, rows, "Limits of the boxes. By chance: how often futures drawn at random "
                 "would fail as often as with the limit.")  # fmt: skip
