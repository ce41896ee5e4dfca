"""What an answer rests on: assumptions with their evidence, and what was not varied."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from experiments.factor import CONFIDENCES, Factor
from experiments.factors import catalogue
from experiments.report.answer import telling
from experiments.report.blocks import Block, Cell, Fold, Part, Table, Text
from experiments.report.causes import TOP, label_of, range_words
from experiments.report.facts import Facts
from experiments.report.words import count, listed
from mobilize.game.report import confidence
from mobilize.scenario import Scenario, ScenarioError, load
from policies.package import Package, Setting


def rests(facts: Facts) -> list[Block]:
    """Return the assumptions by importance, with range, unit, confidence and source."""
    told: list[Block] = [Text(_summary(facts))]
    rows = _rows(facts)
    heads = ("assumption", "range", "address", "confidence", "source")
    ordered = "those that matter most first" if facts.weights else "in the order of the study"
    caption = f"What was varied, {ordered}"
    if rows:
        told.append(Table(heads, rows[:TOP], caption))
    if len(rows) > TOP:
        told.append(Fold(f"All {len(rows)} assumptions that were varied",
                         [Table(heads, rows, caption)], keep=False))  # fmt: skip
    return [*told, *_not_varied(facts)]


def _order(facts: Facts) -> list[Factor]:
    """Return the factors, those that matter most first."""
    if facts.weights is None:
        return list(facts.factors.values())
    names = facts.weights.frame["factor"].drop_duplicates().tolist()
    rest = [name for name in facts.factors if name not in set(names)]
    return [facts.factor(name) for name in [*names, *rest]]


def _rows(facts: Facts) -> list[Sequence[Cell]]:
    return [
        (label_of(f), range_words(f), f.varies + ("" if f.rows == "*" else f" ({f.rows})"),
         f.confidence, f.source)
        for f in _order(facts)
    ]  # fmt: skip


def _summary(facts: Facts) -> str:
    if not facts.factors:
        return "No assumption was varied: the answer rests on all of them as they stand."
    counts = Counter(f.confidence for f in facts.factors.values())
    kinds = listed(f"{counts[c]} {c}" for c in CONFIDENCES if counts[c])
    said = f"{count(len(facts.factors), 'assumption')} varied: {kinds}. "
    weights = facts.weights
    top = None if weights is None else telling(weights)
    if top is None or top.empty:
        return said + "None of them alone is told from chance as a reason for the answer."
    names = top["factor"].drop_duplicates()
    words = Counter(facts.factor(f).confidence for f in names)
    firm = listed(f"{words[c]} {c}" for c in CONFIDENCES if words[c])
    return said + f"The answer hangs on {len(names)} of them as far as can be told: {firm}."


def _scenario(facts: Facts) -> Scenario | None:
    """Return the scenario of the study if it is there with the same content."""
    try:
        found = load(str(facts.about["scenario"]))
    except ScenarioError:
        return None
    return found if found.digest == facts.results.manifest.get("scenario_sha256") else None


def _packages(facts: Facts) -> list[Package]:
    return [
        Package(p["name"], p["title"], tuple(Setting(**s) for s in p["settings"]))
        for p in facts.about["packages"]
    ]


def _not_varied(facts: Facts) -> list[Block]:
    scenario = _scenario(facts)
    if scenario is None:
        return [Text("The scenario is not here with the content that the study ran, so what was "
                     "not varied cannot be listed.", "muted")]  # fmt: skip
    varied = {f.varies for f in facts.factors.values()}
    left = [f for f in catalogue(scenario, _packages(facts)).values() if f.varies not in varied]
    counts = Counter(f.confidence for f in left)
    kinds = listed(f"{counts[c]} {c}" for c in CONFIDENCES if counts[c])
    told: list[Block] = [Text(
        f"Not varied: {count(len(left), 'assumption')} that have a range"
        f"{f' ({kinds})' if left else ''}, and every figure without one."
    )]  # fmt: skip
    if left:
        weak = sorted(left, key=lambda f: -CONFIDENCES.index(f.confidence))
        rows = [(label_of(f), f.varies, f.confidence, range_words(f)) for f in weak]
        said = "What has a range and stayed at its usual value, the least firm first"
        table = Table(("assumption", "address", "confidence", "range"), rows, said)
        told.append(Fold(f"What was not varied ({len(left)})", [table], keep=False))
    told.append(_counts(scenario))
    return [Part("What was not varied", told)]


def _counts(scenario: Scenario) -> Block:
    counts = confidence(scenario)
    total = {c: sum(row[c] for row in counts.values()) for c in CONFIDENCES}
    rows: list[Sequence[Cell]] = [
        (name, *(row[c] for c in CONFIDENCES)) for name, row in counts.items()
    ]
    rows.append(("all", *(total[c] for c in CONFIDENCES)))
    every = sum(total.values())
    title = f"The scenario\u2019s own figures: {total['notional']:,} of {every:,} rows are notional"
    return Fold(title, [Table(("table", *CONFIDENCES), rows, "Rows of each table by confidence")])
