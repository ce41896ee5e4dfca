"""What survives over the sampled futures: findings, robustness, regret."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from experiments.analysis.robust import MEASURES
from experiments.outcome import Outcome
from experiments.report.blocks import Block, Cell, Fold, Marked, Part, Table, Text
from experiments.report.facts import Facts
from experiments.report.words import (
    between,
    count,
    figure,
    listed,
    percent,
    percents,
    quoted,
    signed,
    some,
    unit,
)

HEADS = {
    "mean": "mean",
    "worst": "worst",
    "decile": "9 in 10 reach",
    "max_regret": "largest regret",
    "satisficing": "acceptable in",
}
MARKS = {
    ("survives", True): "good",
    ("mostly", True): "fair",
    ("mostly", False): "poor",
    ("survives", False): "bad",
}
SAYS = {
    "survives": "survives",
    "mostly": "mostly",
    "depends": "depends",
    "none": "no difference",
}


def survivals(facts: Facts) -> list[Block]:
    """Return which findings survive when assumptions vary, as a table of verdicts."""
    found = facts.found
    if found is None or facts.sampled is None:
        return []
    rows = []
    for name in facts.others:
        mine = found[found["package"] == name].set_index("outcome")
        rows.append((facts.packages[name], *(_verdict(mine.loc[o.name], o)
                                             for o in facts.outcomes)))  # fmt: skip
    counts = found["verdict"].value_counts()
    told = listed(f"{counts.get(v, 0)} {SAYS[v]}" for v in SAYS if counts.get(v, 0))
    tried = count(len(found), "finding")
    said = (
        f"Of {tried} (a package against the baseline on an outcome, as it comes out at the usual "
        f"values) {told}, when {count(len(facts.factors), 'assumption')} vary over their ranges. "
        "Survives: the sign holds in at least 95 % of the futures and the interval of the mean "
        "difference lies on its side; mostly: in at least 80 %."
    )
    heads = ("package", *(facts.title(o) for o in facts.outcomes))
    table = Table(heads, rows, f"Verdict, and in which share of the {facts.sampled.cases:,} "
                  "sampled futures the sign holds")  # fmt: skip
    return [Part("Which findings survive", [Text(said), table, _details(facts, found)])]


def _verdict(row: Any, outcome: Outcome) -> Cell:
    if row["verdict"] == "none":
        return SAYS["none"]
    arrow = "better" if row["better"] else "worse"
    mark = MARKS.get((row["verdict"], bool(row["better"])), "none")
    return Marked(f"{arrow}: {SAYS[row['verdict']]}, {percent(row['holds'])}", mark)


def _details(facts: Facts, found: Any) -> Block:
    by_name = {o.name: o for o in facts.outcomes}
    rows: list[Sequence[Cell]] = []
    for r in found.to_dict("records"):
        o = by_name[r["outcome"]]
        hangs = some([facts.factor(f).title or f for f in r["depends_on"]], 3)
        rows.append((facts.title(o), facts.packages[r["package"]], unit(o), signed(r["nominal"], o),
                     between(r["nominal_low"], r["nominal_high"], o), signed(r["difference"], o),
                     between(r["low"], r["high"], o), percent(r["holds"]),
                     percents(r["holds_low"], r["holds_high"]), SAYS[r["verdict"]],
                     hangs))  # fmt: skip
    heads = ("outcome", "package", "unit", "usual values", "interval", "over futures", "interval",
             "sign holds in", "interval", "verdict", "depends on")  # fmt: skip
    return Fold("Each finding with its figures",
                [Table(heads, rows, "Differences to the baseline, and whether they survive")],
                keep=False)  # fmt: skip


def robustness(facts: Facts) -> list[Block]:
    """Return packages by measures of robustness, side by side, and where these disagree."""
    if facts.robust is None or facts.base is None or not facts.others:
        return []
    unit_word = facts.base.unit
    told: list[Block] = [Text(_disagree(facts))]
    tables = [_measures(facts, o, unit_word) for o in facts.outcomes]
    told += tables[:3]
    if len(tables) > 3:
        told.append(Fold("The other outcomes", tables[3:], keep=False))
    if facts.satisfied is not None and len(facts.satisfied):
        told.append(_satisfied(facts))
    told.append(
        Fold("Regret: how far behind the best with hindsight", [_regret(facts)], keep=False)
    )
    return [Part(f"How robust packages are over the {_where(facts)}", told)]


def _where(facts: Facts) -> str:
    return "sampled futures" if facts.sampled else "worlds at the usual values"


def _disagree(facts: Facts) -> str:
    """Say where measures prefer different packages."""
    assert facts.preferred is not None
    told = []
    for outcome in facts.outcomes:
        rows = facts.preferred[facts.preferred["outcome"] == outcome.name]
        if rows["agree"].all():
            continue
        best: dict[str, list[str]] = {}
        for row in rows.to_dict("records"):
            for package in row["best"]:
                best.setdefault(facts.packages[package], []).append(HEADS[row["measure"]])
        sides = "; ".join(f"{quoted(p, 50)} by {listed(m)}" for p, m in best.items())
        told.append(f"{quoted(facts.title(outcome))}: {sides}")
    if not told:
        return "All measures of robustness prefer the same package on each outcome."
    many = count(len(told), "outcome")
    return (
        f"Measures of robustness weigh {_where(facts)} differently. On {many} they prefer "
        f"different packages, which is a finding and no fault. {'. '.join(told)}."
    )


def _measures(facts: Facts, outcome: Outcome, unit_word: str) -> Table:
    assert facts.robust is not None
    mine = facts.robust[facts.robust["outcome"] == outcome.name].set_index("package")
    names = [m for m in MEASURES if mine[m].notna().any()]
    tied = {m for m in names if (mine[f"{m}_rank"] == 1).all()}
    rows = [
        (
            facts.packages[p],
            *(_ranked(mine.loc[p], m, outcome, len(mine), m in tied) for m in names),
        )
        for p in facts.packages
    ]
    good = "" if outcome.acceptable is None else (
        f"; acceptable is {figure(outcome.acceptable, outcome)} or {outcome.goal}")  # fmt: skip
    said = (
        f"{facts.title(outcome)} [{unit(outcome)}], {outcome.goal} is better{good}. In brackets "
        f"the rank; the worst is that of the {unit_word}s run."
    )
    return Table(("package", *(HEADS[m] for m in names)), rows, said)


def _ranked(row: Any, measure: str, outcome: Outcome, packages: int, tied: bool) -> Cell:
    rank = int(row[f"{measure}_rank"])
    value = row[measure]
    told = percent(value) if measure == "satisficing" else figure(value, outcome)
    if tied:
        return f"{told} ({rank})"
    shade = "best" if rank == 1 else "bad" if rank == packages and packages > 2 else ""
    words = f"{told} ({rank})"
    return Marked(words, shade) if shade else words


def _satisfied(facts: Facts) -> Table:
    assert facts.satisfied is not None
    by_name = {r["package"]: r for r in facts.satisfied.to_dict("records")}
    rows = [
        (facts.packages[p], percent(by_name[p]["share"]),
         percents(by_name[p]["low"], by_name[p]["high"]))
        for p in facts.packages
    ]  # fmt: skip
    asked = listed(f"{quoted(facts.title(o), 60)} {figure(o.acceptable or 0.0, o)} or {o.goal}"
                   for o in facts.asked)  # fmt: skip
    said = f"Share of the {_where(facts)} in which all acceptable values are met: {asked}"
    return Table(("package", "all acceptable in", "interval"), rows, said)


def _regret(facts: Facts) -> Table:
    assert facts.regret is not None
    by_name = {o.name: o for o in facts.outcomes}
    rows: list[Sequence[Cell]] = []
    for r in facts.regret.to_dict("records"):
        o = by_name[r["outcome"]]
        rows.append((facts.title(o), facts.packages[r["package"]], unit(o), figure(r["mean"], o),
                     between(r["low"], r["high"], o, sign=False), figure(r["p90"], o),
                     between(r["p90_low"], r["p90_high"], o, sign=False), figure(r["max"], o),
                     percent(r["best"])))  # fmt: skip
    heads = ("outcome", "package", "unit", "mean", "interval", "9 in 10 stay below", "interval",
             "largest", "no regret in")  # fmt: skip
    return Table(heads, rows, f"Regret over the {_where(facts)}: how far each package is behind "
                 "the best one of the study there")  # fmt: skip
