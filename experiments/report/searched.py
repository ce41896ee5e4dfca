"""What a search over levers found: candidates, the front, and whether it has come to rest."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.analysis.front import undominated
from experiments.outcome import Outcome
from experiments.pareto import gains, hypervolume
from experiments.report.blocks import Block, Cell, Fold, Part, Picture, Table, Text
from experiments.report.drawing import colour, drawn, mark
from experiments.report.facts import Facts
from experiments.report.style import FAINT
from experiments.report.words import count, cut, figure, listed, percent, quoted, scale, unit
from experiments.searching import CANDIDATES
from mobilize.state import Flags, Floats

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SHOWN = 20  # packages of the front shown unfolded
RESTED = 0.02  # growth of the volume over the last quarter of generations below which it rests
TITLE = 160


@dataclass(frozen=True)
class Searched:
    """Candidates with figures, in the order in which they were proposed; more is better in `gain`.

    `gain` has the objectives, turned so that more is better, shape (candidates, objectives).
    """

    rows: list[dict[str, Any]]
    objectives: list[Outcome]
    gain: Floats
    feasible: Flags
    front: Flags
    generations: int
    planned: int
    proposed: int

    @property
    def volume(self) -> Floats:
        """Return what all candidates up to each generation dominate, 0 to 1."""
        found = np.zeros(self.generations)
        if not self.feasible.any():
            return found
        box = self.gain[self.feasible]
        born = np.array([row["generation"] for row in self.rows])
        for n in range(self.generations):
            some = self.feasible & (born <= n)
            found[n] = hypervolume(gains(self.gain[some], box)) if some.any() else 0.0
        return found


def read_search(facts: Facts) -> Searched | None:
    """Return what a search found so far, None where the study has none or it has not begun."""
    asked = facts.about.get("search")
    path = facts.results.folder / CANDIDATES
    if not asked or not path.exists():
        return None
    told = json.loads(path.read_text(encoding="utf-8"))
    objectives = [Outcome(**row) for row in asked["objectives"]]
    rows = [row for row in told
            if all(row["figures"].get(o.name) is not None for o in objectives)]  # fmt: skip
    sign = np.array([1.0 if o.goal == "more" else -1.0 for o in objectives])
    gain = np.array([[row["figures"][o.name] for o in objectives] for row in rows], dtype=float)
    gain = gain.reshape(len(rows), len(objectives)) * sign
    feasible = np.array([row["violation"] <= 0.0 for row in rows], dtype=np.bool_)
    front = np.zeros(len(rows), dtype=np.bool_)
    front[feasible] = undominated(gain[feasible]) if feasible.any() else False
    born = 1 + max((row["generation"] for row in told), default=-1)
    return Searched(rows, objectives, gain, feasible, front, born, int(asked["generations"]),
                    len(told))  # fmt: skip


def searched(facts: Facts) -> list[Block]:
    """Return the part of a report that tells of a search."""
    if not facts.about.get("search"):
        return []
    found = read_search(facts)
    if found is None:
        return [Text("The search has not begun: the study\u2019s own packages run first.", "note")]
    told: list[Block] = [Text(_summary(found))]
    if not found.feasible.any():
        return [*told, Text("No candidate keeps every limit and has a figure for every objective.")]
    told += [_plane(facts, found), *_front(facts, found), *_growth(found)]
    told.append(Text(
        "Candidates were chosen for what they did in these very worlds, so the front looks better "
        "than it is. Run what you like as packages of a study with another seed before you "
        "believe it.", "note"
    ))  # fmt: skip
    return told


def in_short(facts: Facts) -> list[tuple[str, str]]:
    """Return what a search found, in a sentence for the answer."""
    found = read_search(facts)
    if found is None or not found.feasible.any():
        return []
    ends = []
    for n, outcome in enumerate(found.objectives):
        best = found.rows[int(np.where(found.front, found.gain[:, n], -np.inf).argmax())]
        told = f"{figure(best['figures'][outcome.name], outcome)} {unit(outcome)}"
        ends.append(f"{told} in {quoted(outcome.title, 60)} ({best['package']['name']})")
    of = f"{int(found.front.sum()):,} of {count(found.proposed, 'candidate')}"
    return [("What the search found:", f"no other candidate beats {of}; the best of these reach "
             f"{listed(ends)}.")]  # fmt: skip


def _summary(found: Searched) -> str:
    objectives = listed(f"{quoted(o.title, 60)} ({o.goal} is better)" for o in found.objectives)
    lost = found.proposed - len(found.rows)
    failed = f", {lost:,} without figures" if lost else ""
    over = int((~found.feasible).sum())
    limits = f", {over:,} beyond a limit" if over else ""
    return (
        f"NSGA-II (Deb and others 2002) looked for packages that no other beats in {objectives}: "
        f"{found.generations:,} of {count(found.planned, 'generation')}, "
        f"{count(found.proposed, 'candidate')}{failed}{limits}; {int(found.front.sum()):,} on the "
        "front."
    )


def _plane(facts: Facts, found: Searched) -> Picture:
    """Draw all candidates by pairs of the first objective and each other one."""
    first, *others = found.objectives
    others = others[:3]
    own = _own(facts, found)

    def draw(figure: Figure) -> None:
        axes = figure.subplots(1, max(1, len(others)), squeeze=False).ravel()
        for axis, other in zip(axes, others or [first], strict=False):
            x, y = ([row["figures"][o.name] * scale(o) for row in found.rows]
                    for o in (other, first))  # fmt: skip
            on = found.front
            axis.plot(np.array(x)[~on], np.array(y)[~on], ".", color=FAINT, markersize=4,
                      label="candidates")  # fmt: skip
            axis.plot(np.array(x)[on], np.array(y)[on], mark(0), color=colour(1), markersize=5,
                      label="front")  # fmt: skip
            for n, (name, values) in enumerate(own.items()):
                axis.plot(values[other.name] * scale(other), values[first.name] * scale(first),
                          mark(n + 1), color=colour(2), markersize=6,
                          label=cut(facts.packages[name], 28))  # fmt: skip
            axis.set_xlabel(cut(f"{other.title}, {unit(other)}", 46), fontsize=8)
            axis.set_ylabel(cut(f"{first.title}, {unit(first)}", 40), fontsize=8)
            axis.locator_params(nbins=4)
            axis.tick_params(labelsize=8)
        handles, labels = axes[0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside lower left", ncols=4, frameon=False, fontsize=8)

    said = "Every candidate, those on the front, and the study\u2019s own packages beside them."
    label = f"Candidates by {listed(quoted(o.title, 60) for o in found.objectives)}."
    return drawn("search", label, said, draw, (9.6, 4.0))


def _own(facts: Facts, found: Searched) -> dict[str, dict[str, float]]:
    """Return means of the study's own packages in the objectives, where they have them."""
    if facts.base is None:
        return {}
    names = [o.name for o in found.objectives if o.name in facts.base.frame.columns]
    if len(names) < len(found.objectives):
        return {}
    means = facts.base.frame.groupby("package")[names].mean()
    return {p: {n: float(means[n][p]) for n in names} for p in facts.packages}


def _front(facts: Facts, found: Searched) -> list[Block]:
    """Return the packages of the front, the best in the first objective first."""
    order = np.flatnonzero(found.front)
    order = order[np.argsort(-found.gain[order, 0], kind="stable")]
    rows: list[Sequence[Cell]] = []
    for n in order.tolist():
        row = found.rows[n]
        values = (figure(row["figures"][o.name], o) for o in facts.outcomes)
        title = cut(row["package"]["title"], TITLE)
        rows.append((row["package"]["name"], *values, row["generation"] + 1, title))
    heads = ("package", *(f"{facts.title(o)} [{unit(o)}]" for o in facts.outcomes), "generation",
             "what it does")  # fmt: skip
    caption = "The front: candidates that no other beats in every objective, by the first one"
    told: list[Block] = [Table(heads, rows[:SHOWN], caption)]
    if len(rows) > SHOWN:
        title = f"All {len(rows)} packages of the front"
        told.append(Fold(title, [Table(heads, rows, caption)], keep=False))
    return told


def _growth(found: Searched) -> list[Block]:
    """Say whether the front still grows, with the volume by generation."""
    volume = found.volume
    if len(volume) < 2:
        return []
    since = max(0, len(volume) - 1 - max(1, len(volume) // 4))
    grown = float(volume[-1] - volume[since])
    state = "has come to rest" if grown < RESTED else "still grows: more generations may find more"
    said = (
        f"The front {state}: over the last {count(len(volume) - 1 - since, 'generation')} what it "
        f"dominates grew by {percent(grown)} of the space between the worst and the best figures."
    )
    rows = [(str(n + 1), f"{v:.3f}") for n, v in enumerate(volume.tolist())]
    table = Table(("generation", "dominated volume"), rows, "Hypervolume by generation, 0 to 1")

    def draw(figure: Figure) -> None:
        axis = figure.subplots()
        axis.plot(np.arange(1, len(volume) + 1), volume, color=colour(1), linewidth=1.8)
        axis.set_ylim(0.0, 1.02)
        axis.set_xlabel("generation", fontsize=8)
        axis.set_ylabel("dominated volume", fontsize=8)

    shape = (6.0, 2.2)
    picture = drawn("growth", "Dominated volume by generation; table below.", said, draw, shape)
    return [Part("Does it still grow?", [picture, Fold("By generation", [table], keep=False)])]
