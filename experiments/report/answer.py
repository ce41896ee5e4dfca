"""The answer in three sentences, with the figures behind it, and what speaks against it."""

from __future__ import annotations

from typing import Any

from experiments.analysis.paired import differences
from experiments.measurable import ALL
from experiments.outcome import Outcome
from experiments.report.boxes import box_words
from experiments.report.facts import COST, Best, Facts, Weights
from experiments.report.words import (
    between,
    count,
    figure,
    gap_unit,
    in_parts,
    level,
    listed,
    percent,
    percents,
    quoted,
    short_unit,
    signed,
    some,
    unit,
)

NAMED = 3  # factors that a sentence names
FEW = 100  # sampled futures below which shares are rough
VERDICTS = {
    "survives": "the finding survives",
    "mostly": "the finding mostly survives",
    "depends": "the finding depends on the assumptions",
    "none": "there is no difference in any of them",
}
TOLD = 0.05  # chance below which a factor is named
Said = tuple[str, str]


def answer(facts: Facts) -> list[Said]:
    """Return three sentences, each with the word that leads to it."""
    if facts.nominal is None:
        runs = count(len(facts.runs), "run")
        return [("No answer yet.", f"{runs} of {facts.planned:,} are there, and no world in which "
                 "every package came to its end.")]  # fmt: skip
    return [
        ("With all assumptions at their usual values:", _best(facts)),
        ("When the uncertain assumptions vary:", _survives(facts)),
        ("What it hangs on:", _hangs(facts)),
    ]


def _best(facts: Facts) -> str:
    """Say which package does best in nominal worlds, by how much and at what cost."""
    best, main = facts.best, facts.main
    worlds = count(facts.nominal.cases if facts.nominal else 0, "world")
    what = quoted(facts.title(main))
    if best is None:
        mean = float(facts.nominal.frame[main.name].mean()) if facts.nominal else float("nan")
        return (
            f"{what} comes to {figure(mean, main)} {short_unit(main)} on average over "
            f"{worlds}; the study has one package, so there is nothing to compare it with."
        )
    name = quoted(facts.packages[best.package])
    if best.how == "same":
        return (
            f"no package changes {what} at all: it stays at "
            f"{figure(best.row['baseline_mean'], main)} {short_unit(main)} in {worlds}."
        )
    change = _change(best.row, main, best.how in ("unclear", "worse"))
    baseline = facts.packages[facts.baseline]
    against = f"against {quoted(baseline)}, which comes to "
    against += f"{figure(best.row['baseline_mean'], main)} {short_unit(main)}"
    if best.how == "unclear":
        lead = f"no package is clearly better for {what}; nearest comes {name} with"
    elif best.how == "worse":
        lead = f"every package is worse for {what}; least so {name} with"
    else:
        lead = f"{name} does best for {what}:"
    said = f"{lead} {change} {against} ({worlds})"
    if best.tied and best.how == "clear":
        titles = [quoted(facts.packages[p], 60) for p in best.tied]
        said += f"; it cannot be told from {some(titles, NAMED)}"
    return f"{said}; {_cost(facts, best)}."


def _change(row: Any, outcome: Outcome, corrected: bool = False) -> str:
    """Return a paired difference with its interval, and its share of the baseline."""
    said = f"{signed(row['difference'], outcome)} {gap_unit(outcome)}"
    base = row["baseline_mean"]
    share = "" if in_parts(outcome) or not base else _relative(row["difference"] / abs(base))
    if row["low"] != row["low"]:
        return f"{said} ({share}one world, so no interval)"
    if corrected:
        ends = between(row["adjusted_low"], row["adjusted_high"], outcome)
        return f"{said} ({share}{level()} interval {ends}, corrected for the number of packages)"
    ends = between(row["low"], row["high"], outcome)
    return f"{said} ({share}{level()} interval {ends})"


def _relative(share: float) -> str:
    return f"{'+' if share > 0 else chr(0x2212)}{100 * abs(share):.3g} %, "


def _cost(facts: Facts, best: Best) -> str:
    """Say what a package costs more than the baseline."""
    cost = facts.cost
    if cost is None or facts.at_nominal is None:
        return "what it costs is no outcome of this study"
    at = facts.at_nominal
    row = at[(at["outcome"] == cost.name) & (at["package"] == best.package)].iloc[0]
    whole = cost.measure == "paid" and cost.of == ALL
    told = "" if whole else f" ({quoted(facts.title(cost))} alone)"
    if row["difference"] == 0.0:
        return f"it costs neither more nor less{told}"
    word = "it costs" if row["difference"] > 0 else "it saves"
    amount = f"{figure(abs(row['difference']), cost)} {unit(cost)}"
    ends = f" ({between(row['low'], row['high'], cost)})" if row["low"] == row["low"] else ""
    return f"{word} {amount}{' more' if row['difference'] > 0 else ''}{ends}{told}"


def _survives(facts: Facts) -> str:
    """Say whether the difference keeps its sign when assumptions vary."""
    if not facts.factors:
        return (
            "none was varied, so the study does not say whether the answer survives other values."
        )
    if facts.kind == "one-at-a-time":
        return _ends_flip(facts)
    futures, best, main = facts.sampled, facts.best, facts.main
    if futures is None:
        return "no sampled future has a run of every package yet."
    about = f"{count(futures.cases, 'sampled future')}"
    if best is None or facts.found is None:
        table = futures.frame[main.name]
        low, high = float(table.quantile(0.1)), float(table.quantile(0.9))
        return (
            f"over {about} {quoted(facts.title(main))} lies between {figure(low, main)} and "
            f"{figure(high, main)} {short_unit(main)} in eight futures of ten."
        )
    row = _row(facts.found, best.package, main)
    if row["verdict"] == "none":
        return (
            f"in none of {about} is there a difference to {quoted(facts.packages[facts.baseline])}."
        )
    share = f"{percent(row['holds'])} of {about} ({percents(row['holds_low'], row['holds_high'])})"
    word = "better" if row["better"] else "worse"
    over = f"{signed(row['difference'], main)} {gap_unit(main)}"
    ends = between(row["low"], row["high"], main)
    more = f"{VERDICTS[row['verdict']]}{_other(facts, best)}{_acceptable(facts, best)}"
    return (
        f"{quoted(facts.packages[best.package])} is {word} than the baseline in {share}, by {over} "
        f"on average ({ends}): {more}."
    )


def _other(facts: Facts, best: Best) -> str:
    """Say if another package clearly does more over the futures."""
    main = facts.main
    if facts.sampled is None or len(facts.others) < 2:
        return ""
    rows = differences(facts.sampled, [main], best.package)
    sign = -1.0 if main.goal == "less" else 1.0
    ahead = rows[(sign * rows["adjusted_low"] > 0.0) & (sign * rows["adjusted_high"] > 0.0)]
    if (ahead := ahead[ahead["package"] != facts.baseline]).empty:
        return ""
    first = ahead.iloc[int((sign * ahead["difference"]).to_numpy().argmax())]
    more = f"{figure(abs(first['difference']), main)} {gap_unit(main)}"
    return f"; {quoted(facts.packages[first['package']], 60)} does better over them, by {more}"


def _acceptable(facts: Facts, best: Best) -> str:
    """Say how often all acceptable values are met."""
    met = facts.satisfied
    if met is None:
        return ""
    shares = dict(zip(met["package"], met["share"], strict=True))
    what = "its acceptable value is" if len(facts.asked) == 1 else "all acceptable values are"
    return (
        f"; {what} met in {percent(shares[best.package])} of the futures, with the baseline in "
        f"{percent(shares[facts.baseline])}"
    )


def _ends_flip(facts: Facts) -> str:
    """Say which factors, moved alone to an end of their range, turn the difference round."""
    weights, best = facts.weights, facts.best
    if weights is None:
        return "no assumption has all its runs yet."
    table = weights.frame
    moved = count(table["factor"].nunique(), "assumption")
    if best is None:
        return (
            f"each of {moved} was moved alone to the ends of its range; one package leaves no "
            "difference to put to the test."
        )
    name = quoted(facts.packages[best.package])
    sign = 1.0 if best.row["difference"] > 0 else -1.0
    turned = table[sign * (best.row["difference"] + table["effect"]) <= 0.0]
    names = [_named(facts, f) for f in turned["factor"].drop_duplicates()]
    if not names or best.how == "same":
        return (
            f"each of {moved} was moved alone to the ends of its range, and none turns the "
            f"difference of {name} round; together they may (this design does not show it)."
        )
    return (
        f"of {moved}, each moved alone to the ends of its range, {len(names)} "
        f"{'turns' if len(names) == 1 else 'turn'} the difference of {name} round or bring it to "
        f"nothing: {some(names, NAMED)}."
    )


def _hangs(facts: Facts) -> str:
    """Say which assumptions explain most, and where the package fails."""
    if not facts.factors:
        return (
            "on every assumption that stayed at its usual value; see what the answer rests on "
            "below."
        )
    weights = facts.weights
    if weights is None:
        return "too few runs are there to say."
    what = "the difference" if facts.best is not None else "the outcome"
    return f"{_most(facts, weights, what)}; {_fails(facts)}."


def _most(facts: Facts, weights: Weights, what: str) -> str:
    top = telling(weights)
    if top.empty:
        return f"no single assumption is told from chance as a reason for {what}"
    main = facts.main
    named = []
    for row in top.head(NAMED).to_dict("records"):
        name = _named(facts, str(row["factor"]))
        if weights.kind == "one-at-a-time":
            size = f"moves it by {figure(row['swing'], main)} {gap_unit(main)}"
        elif weights.kind == "morris":
            size = f"{figure(row['value'], main)} {gap_unit(main)} over its range"
        else:
            size = f"{percent(row['value'])}, {percents(row['low'], row['high'])}"
        named.append(f"{name} ({size})")
    words = {
        "one-at-a-time": f"moved alone, most of {what} hangs on",
        "morris": f"most of {what} hangs on",
        "saltelli": f"the shares of the variance of {what} that assumptions explain, together with "
        "others too, are largest for",
        "share": f"the variance of {what} between futures goes most with",
    }
    return f"{words[weights.kind]} {listed(named)}"


def telling(weights: Weights) -> Any:
    """Return the factors whose effect is told from nothing, the largest first."""
    table = weights.frame
    if weights.kind == "one-at-a-time":
        table = table.drop_duplicates("factor")
        clear = table["swing_low"].isna() | (table["swing_low"] > 0.0)
        return table[clear & (table["swing"] > 0.0)]
    if weights.kind == "share":
        return table[(table["p_value"] <= TOLD) & (table["value"] > 0.0)]
    return table[(table["low"].isna() | (table["low"] > 0.0)) & (table["value"] > 0.0)]


def _fails(facts: Facts) -> str:
    package = quoted(facts.packages[facts.weighed[0]])
    if facts.fails is None:
        return f"where {package} fails was not asked of this design" if (
            facts.sampled is None) else f"too few futures to say where {package} fails"  # fmt: skip
    said, cases = facts.fails
    share = percent(float(cases.mean()))
    if not cases.any():
        return f"in no future is it so that {said}"
    if facts.box is None or facts.box.boxes.empty:
        where = "in every future" if cases.all() else f"in {share} of the futures"
        return f"{where} {said}, and no few assumptions tell where"
    box = facts.box.boxes.iloc[0]
    doubt = ", though not so on fresh futures" if box["fresh_n"] and not box["holds"] else ""
    dense, covered = percent(box["density"]), percent(box["coverage"])
    return (
        f"in {share} of the futures {said}, most where {box_words(facts, 1)}: {dense} of the "
        f"futures there, {covered} of all such{doubt}"
    )


def _named(facts: Facts, name: str) -> str:
    factor = facts.factor(name)
    return quoted(factor.title or factor.name, 60)


def _row(frame: Any, package: str, outcome: Outcome) -> Any:
    return frame[(frame["package"] == package) & (frame["outcome"] == outcome.name)].iloc[0]


def cautions(facts: Facts) -> list[Said]:
    """Return what speaks against taking the answer as it stands."""
    found = []
    if facts.partial:
        share = percent(len(facts.runs) / max(1, facts.planned))
        found.append(("Not finished.", f"{len(facts.runs):,} of {facts.planned:,} runs are there "
                      f"({share}); figures will change."))  # fmt: skip
    if len(facts.failed):
        found.append(("Failed runs.", f"{count(len(facts.failed), 'run')} of {len(facts.runs):,} "
                      "gave no figures; what they cost is left out for every package (see "
                      "Method)."))  # fmt: skip
    if facts.sampled is not None and facts.sampled.cases < FEW:
        found.append(("Few futures.", f"{facts.sampled.cases} sampled futures: shares are rough."))
    if weak := _weak_indices(facts):
        found.append(("Few rows.", weak))
    if facts.best is not None and (apart := _apart(facts)):
        found.append(("Outcomes disagree.", apart))
    if mixed := facts.results.manifest.get("also_made_by"):
        found.append(("Mixed versions.", f"{count(len(mixed), 'other version')} of the code made "
                      "some of these runs."))  # fmt: skip
    return found


def _weak_indices(facts: Facts) -> str:
    weights = facts.weights
    if weights is None or weights.kind != "saltelli" or weights.frame["enough"].all():
        return ""
    n = int(weights.frame["n"].iloc[0])
    return f"Sobol' indices rest on {n} rows; a ranking needs about 512."


def _apart(facts: Facts) -> str:
    """Say which other packages lead on other outcomes, where that is clear."""
    assert facts.best is not None
    told = []
    for outcome in facts.outcomes:
        if outcome is facts.main or outcome.measure == COST:
            continue
        best, what = facts.best_of(outcome), quoted(facts.title(outcome))
        mine = _row(facts.at_nominal, facts.best.package, outcome)
        gain = mine["difference"] * (-1.0 if outcome.goal == "less" else 1.0)
        if best.how == "clear" and facts.best.package not in (best.package, *best.tied):
            told.append(
                f"{what} is best with {quoted(facts.packages[best.package], 60)} "
                f"({signed(best.row['difference'], outcome)} {gap_unit(outcome)})"
            )
        elif gain < 0.0 and not mine["low"] <= 0.0 <= mine["high"]:
            told.append(
                f"{what} is worse with {quoted(facts.packages[mine['package']], 60)} "
                f"than with the baseline ({signed(mine['difference'], outcome)} "
                f"{gap_unit(outcome)})"
            )
    return f"{some(told, 4)}." if told else ""
