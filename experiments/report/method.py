"""How the figures came about: design, unit of counting, pairs and luck, intervals, what failed."""

from __future__ import annotations

from typing import Any

from experiments.report.blocks import Block, Fold, Points, Table, Text
from experiments.report.facts import DETERRENCE, Facts
from experiments.report.words import count, figure, level, listed, percent, percents
from mobilize.compare import LEVEL
from mobilize.metrics import LABEL
from mobilize.scenario import months

DESIGNS = {
    "none": "no assumption is varied",
    "one-at-a-time": "each assumption alone at the ends of its range",
    "factorial": "every combination of {levels} levels",
    "latin": "a Latin hypercube of {points} points",
    "sobol": "the first {points} points of a scrambled Sobol\u2019 sequence",
    "saltelli": "Saltelli\u2019s matrices of {points} rows",
    "morris": "{trajectories} Morris trajectories",
}
INDICES = {*DETERRENCE, "output", "announced", "fragile", "assured", "dependence", "exposure",
           "visibility", "kept", "reason"}  # fmt: skip
LUCK = {
    "own": "no two futures meet the same luck",
    "shared": "replication k meets the same luck in every future",
}
ERRORS = 12  # failures listed


def method(facts: Facts) -> list[Block]:
    """Return how the study was done, in points, with what failed and how much is luck."""
    told: list[Block] = [Points(_points(facts))]
    if any(o.measure in INDICES for o in facts.outcomes):
        told.append(Text(LABEL, "note"))
    told.append(_outcomes(facts))
    told += _failures(facts)
    told += _luck(facts)
    return told


def _points(facts: Facts) -> list[tuple[str, str]]:
    about, design = facts.about, facts.about["design"]
    start, length = int(about["start"]), int(about["months"])
    span = f"{months.label(start)} to {months.label(start + length - 1)}"
    rows = [
        ("Scenario", f"{about['scenario']}: {about['scenario_title']}, {span}"),
        ("Packages", f"{len(facts.packages)}, each in the same worlds: "
         f"{listed(facts.packages.values())}; the baseline is "
         f"{facts.packages[facts.baseline]}"),
        ("Design", _design(facts)),
        ("Unit of counting", _unit(facts)),
        ("Pairs and luck", "Packages of a pair share all luck (accidents, delays, prices), so a "
         "difference is due to the package; luck does not depend on decisions. "
         f"Between points, {LUCK[design['luck']]}."),
        ("Intervals", f"{level()}: Student\u2019s t of paired differences; beside it the BCa "
         "bootstrap (Efron 1987). \u201cFor all packages at once\u201d is corrected by Bonferroni "
         f"({_each(facts)}). Shares have Wilson\u2019s interval."),
        ("Shares of futures", "A share of the sampled futures says how much of the ranges looked "
         "at has a property. The ranges cover what is possible and claim no odds, so it is no "
         "probability."),
    ]  # fmt: skip
    return rows


def _each(facts: Facts) -> str:
    others = max(1, len(facts.others))
    each = 100.0 * (1.0 - (1.0 - LEVEL) / others)
    return f"{count(others, 'package')}, each at {each:.3g} %"


def _design(facts: Facts) -> str:
    design = facts.about["design"]
    said = DESIGNS[facts.kind].format(**design)
    factors = count(len(facts.factors), "assumption")
    points = int(facts.about["points"])
    at = count(int(facts.about["worlds"]), "world")
    if facts.kind == "none":
        return f"{said}; {at} at the usual values"
    each = count(int(design["worlds"]), "world")
    return (
        f"{factors}: {said}; {count(points - 1, 'point')} with {each} each, and {at} at the usual "
        "values"
    )


def _unit(facts: Facts) -> str:
    parts = []
    if facts.nominal is not None:
        parts.append(f"At the usual values the world: {facts.nominal.told()}")
    if facts.sampled is not None:
        parts.append(f"When assumptions vary the future (one point of the design): "
                     f"{facts.sampled.told()}")  # fmt: skip
        points = int(facts.about["points"]) - 1
        if facts.kind in ("saltelli", "morris") and facts.sampled.cases < points:
            parts.append(
                f"Of {points:,} points only those drawn independently count as sampled futures; "
                "the others share values with them and serve the indices alone."
            )
    return " ".join(parts) or "no world is whole yet"


def _outcomes(facts: Facts) -> Block:
    start = int(facts.about["start"])
    rows = [
        (facts.title(o), o.measure, o.of or "-", o.how,
         f"{months.label(start + o.first)} to {months.label(start + o.last)}", o.unit,
         f"{o.goal} is better", "-" if o.acceptable is None else figure(o.acceptable, o))
        for o in facts.outcomes
    ]  # fmt: skip
    heads = ("outcome", "measure", "of", "how", "window", "unit", "goal", "acceptable")
    return Table(heads, rows, "What counts: outcomes of each run")


def _failures(facts: Facts) -> list[Block]:
    left = [f for f in (facts.nominal, facts.sampled) if f is not None and f.left_out]
    if not len(facts.failed):
        return [Text(f"Of {count(len(facts.runs), 'run')} none failed.")]
    kinds = facts.failed.groupby(["status", "package", "error"]).size()
    kinds = kinds.sort_values(ascending=False, kind="stable")
    rows = [
        (row["status"], facts.packages[row["package"]], int(row["runs"]), row["error"])
        for row in kinds.head(ERRORS).reset_index(name="runs").to_dict("records")
    ]
    lost = listed(count(len(f.left_out), f.unit) for f in left)
    said = f"{count(len(facts.failed), 'run')} of {len(facts.runs):,} failed"
    said += f"; {lost} left out for every package, so that packages stay in pairs." if lost else "."
    table = Table(("what", "package", "runs", "error"), rows, "Runs that failed, by kind")
    return [Text(said), Fold("What failed", [table], keep=False)]


def _luck(facts: Facts) -> list[Block]:
    if facts.luck is None or not facts.luck["share"].notna().any():
        return []
    by_name = {o.name: o for o in facts.outcomes}
    rows: list[Any] = [
        (facts.title(by_name[r["outcome"]]), facts.packages[r["package"]], percent(r["share"]),
         percents(r["low"], r["high"]))
        for r in facts.luck.to_dict("records")
    ]  # fmt: skip
    what = "of differences to the baseline" if facts.others else "of outcomes"
    first = facts.luck.iloc[0]
    caption = (
        f"How much of the variance {what} over single runs is luck, {first['futures']:,} futures "
        f"of {first['worlds']} worlds"
    )
    return [Fold("How much is luck", [Table(("outcome", "package", "luck", "interval"), rows,
                                            caption)])]  # fmt: skip
