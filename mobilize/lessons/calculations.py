"""Calculations that find the answers of lessons, each a function of a bench and its arguments.

What each needs and may be given is told by the registry (:mod:`mobilize.lessons.answers`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from mobilize.lessons.lesson import Question
from mobilize.lessons.measures import MEASURES, read
from mobilize.lessons.worlds import NONE, Bench
from mobilize.scenario import Scenario
from mobilize.state import EPS
from policies.dpas import schedule
from policies.levers import catalogue

LEAST = 0.02  # share of a figure below which a difference counts as none
RAISES, LOWERS, LEAVES = "raises", "lowers", "leaves"
NEVER = "never"
Arguments = Mapping[str, Any]


@dataclass(frozen=True)
class Truth:
    """The right answer and the figures behind it, by name, for texts.

    `answer` is a number, the name of an option, names of options (several, a rank, a queue), or a
    table with the line and the bound. `values` are figures by option, where options have figures.
    """

    answer: Any
    figures: Mapping[str, float | str] = field(default_factory=dict)
    values: Mapping[str, float] = field(default_factory=dict)


# ------------------------------------------------------------------------------ reading runs


def _cases(given: Any) -> list[str]:
    """Return the names of cases that are played together."""
    return [given] if isinstance(given, str) else list(given)


def _figure(bench: Bench, a: Arguments, case: str = "case") -> float:
    """Return the figure that arguments ask for, under one of their cases."""
    model = bench.run(_cases(a.get(case, NONE)), int(a["until"]))
    return read(model, a["what"], a["of"], int(a.get("since", 0)))


def _both(bench: Bench, a: Arguments) -> tuple[float, float]:
    """Return the figure with and without a case."""
    return _figure(bench, a), _figure(bench, a, "against")


def _changed(with_it: float, without: float, least: float = LEAST) -> str:
    if abs(with_it - without) <= max(least * max(abs(with_it), abs(without)), EPS):
        return LEAVES
    return RAISES if with_it > without else LOWERS


def _merged(a: Arguments, own: Arguments) -> dict[str, Any]:
    return {**a, **own}


# ------------------------------------------------------------------------------ calculations


def figure(bench: Bench, question: Question, a: Arguments) -> Truth:
    """Return a figure at a month under given settings."""
    found = _figure(bench, a)
    return Truth(found, {"figure": found})


def difference(bench: Bench, question: Question, a: Arguments) -> Truth:
    """Return the difference a case makes in the same luck; `percent`: of the figure without."""
    with_it, without = _both(bench, a)
    gap = with_it - without
    share = 100.0 * gap / without if abs(without) > EPS else 0.0
    figures = {"with": with_it, "without": without, "difference": gap, "percent": share}
    return Truth(share if a.get("percent") else gap, figures)


def direction(bench: Bench, question: Question, a: Arguments) -> Truth:
    """Return whether a case raises, lowers or leaves a figure, by more than `least` of it."""
    with_it, without = _both(bench, a)
    told = _changed(with_it, without, float(a.get("least", LEAST)))
    figures = {"with": with_it, "without": without, "difference": with_it - without}
    return Truth(told, figures)


def rank(bench: Bench, question: Question, a: Arguments) -> Truth:
    """Return the options by their figures, the highest first, or with `lowest` the lowest."""
    values = {o.name: _gain(bench, _merged(a, o.arguments)) for o in question.options}
    return _ranked(values, bool(a.get("lowest")))


def best(bench: Bench, question: Question, a: Arguments) -> Truth:
    """Return the option with the highest figure, or with `lowest` the lowest."""
    ranked = rank(bench, question, a)
    return Truth(ranked.answer[0], ranked.figures, ranked.values)


def _gain(bench: Bench, a: Arguments) -> float:
    """Return a figure, or the difference to another case where there is one."""
    return _figure(bench, a) - (_figure(bench, a, "against") if "against" in a else 0.0)


def _ranked(values: dict[str, float], lowest: bool) -> Truth:
    names = sorted(values, key=lambda name: values[name], reverse=not lowest)
    return Truth(names, dict(values), values)


def changes(bench: Bench, question: Question, a: Arguments) -> Truth:
    """Return the options whose figures a case changes; `way`: raises or lowers alone."""
    told: dict[str, float] = {}
    found = []
    for option in question.options:
        own = _merged(a, option.arguments)
        with_it, without = _both(bench, own)
        told[option.name] = with_it - without
        way = _changed(with_it, without, float(own.get("least", LEAST)))
        if way == a["way"] if "way" in a else way != LEAVES:
            found.append(option.name)
    answer: Any = found if question.several else (found[0] if len(found) == 1 else None)
    return Truth(answer, told, told)


def first(bench: Bench, question: Question, a: Arguments) -> Truth:
    """Return the months from the decision to the first `amount` units more than without it."""
    found = _first(bench, a)
    return Truth(found, {"months": _months(found)})


def first_of(bench: Bench, question: Question, a: Arguments) -> Truth:
    """Return the options by how soon they bring something: the first first."""
    values = {o.name: _first(bench, _merged(a, o.arguments)) for o in question.options}
    order = sorted(values, key=lambda name: values[name])
    told: dict[str, float | str] = {name: _months(value) for name, value in values.items()}
    answer: Any = order if question.kind == "rank" else order[0]
    return Truth(answer, told, values)


def _first(bench: Bench, a: Arguments) -> float:
    """Return months, infinite where nothing comes by `until`."""
    measure = MEASURES[a["what"]]
    assert measure.series is not None
    runs = [bench.run(_cases(a.get(k, NONE)), int(a["until"])) for k in ("case", "against")]
    more, less = (np.cumsum(measure.series(run, a["of"])) for run in runs)
    reached = np.flatnonzero(more - less >= float(a.get("amount", 1.0)))
    decided = int(a.get("since", 0))
    return float(reached[0] + 1 - decided) if len(reached) else float("inf")


def _months(value: float) -> float | str:
    return value if np.isfinite(value) else NEVER


def behind(bench: Bench, question: Question, a: Arguments) -> Truth:
    """Return how far a denial sets something behind at worst, in units, hedged by a case."""
    found = _behind(bench, a)
    return Truth(found, {"behind": found, "bare": _behind(bench, {**a, "case": NONE})})


def least_behind(bench: Bench, question: Question, a: Arguments) -> Truth:
    """Return the options by how little a denial hurts under them."""
    values = {o.name: _behind(bench, _merged(a, o.arguments)) for o in question.options}
    ranked = _ranked(values, lowest=True)
    answer = ranked.answer if question.kind == "rank" else ranked.answer[0]
    return Truth(answer, ranked.figures, values)


def _behind(bench: Bench, a: Arguments) -> float:
    measure = MEASURES[a["what"]]
    assert measure.series is not None
    hedge = _cases(a.get("case", NONE))
    calm = bench.run(hedge, int(a["until"]))
    hit = bench.run([*hedge, *_cases(a["denial"])], int(a["until"]))
    gap = np.cumsum(measure.series(calm, a["of"]) - measure.series(hit, a["of"]))
    return max(0.0, float(gap.max()))


def cost_per_unit(bench: Bench, question: Question, a: Arguments) -> Truth:
    """Return what the options cost for a unit gained (kUSD), the cheapest first; never: none."""
    told: dict[str, float | str] = {}
    values: dict[str, float] = {}
    for option in question.options or ():
        own = _merged(a, option.arguments)
        units, cost = _unit_cost(bench, own)
        values[option.name] = cost
        told[option.name] = _months(cost)
        told[f"{option.name}_units"] = units
    order = sorted(values, key=lambda name: values[name])
    return Truth(order if question.kind == "rank" else order[0], told, values)


def unit_cost(bench: Bench, question: Question, a: Arguments) -> Truth:
    """Return what a unit gained by a case costs, kUSD."""
    units, cost = _unit_cost(bench, a)
    return Truth(cost, {"cost": _months(cost), "units": units})


def _unit_cost(bench: Bench, a: Arguments) -> tuple[float, float]:
    """Return units gained and kUSD paid more for each: all accounts, the rounds included."""
    with_it, without = _both(bench, a)
    paid = {**a, "what": "paid", "of": "all"}
    more, less = _both(bench, paid)
    gained = with_it - without
    enough = gained > LEAST * max(abs(without), EPS)
    return gained, 1000.0 * (more - less) / gained if enough else float("inf")


def binds(bench: Bench, question: Question, a: Arguments) -> Truth:
    """Return what binds an item, line or program at a month: the root of the reason chain."""
    from mobilize.why import why

    chain = why(bench.run(_cases(a.get("case", NONE)), int(a["until"])), a["of"], relief=False)
    root = chain.links[-1]
    lines, called = [link.line for link in chain.links], plants(bench.lesson.scenario)
    called |= {option.name: option.text for option in question.options}
    figures = {
        "line": called[root.line],
        "bound": root.bound,
        "chain": " <- ".join(called[line] for line in lines),
        "lines": " ".join(lines),
    }
    return Truth({"line": root.line, "bound": root.bound}, figures)


def plants(scenario: Scenario) -> dict[str, str]:
    """Return by line what it makes and where, in words."""
    lines, items = scenario.tables["lines"], scenario.tables["items"]
    made = dict(zip(map(str, items["id"]), map(str, items["name"]), strict=True))
    rows = zip(lines["id"], lines["item"], lines["place"], strict=True)
    return {str(line): f"{made[str(item)]}, {place}" for line, item, place in rows}


def queue(bench: Bench, question: Question, a: Arguments) -> Truth:
    """Return the orders by the month in which the rule completes them (15 CFR 700.14)."""
    made = schedule(question.book, question.capacity, question.month)
    values = {x.order.id: _done(x.completed) for x in made.lines}
    return Truth(sorted(values, key=lambda name: values[name]), _told(values), values)


def loses(bench: Bench, question: Question, a: Arguments) -> Truth:
    """Return the orders that the order `new` makes late, or later (15 CFR 700.14)."""
    orders = [o for o in question.book if o.id != a["new"]]
    before = schedule(orders, question.capacity, question.month)
    after = schedule(question.book, question.capacity, question.month)
    losers = [o.id for o in orders if after[o.id].late > before[o.id].late]
    gaps = {o.id: float(_done(after[o.id].completed) - _done(before[o.id].completed))
            for o in orders}  # fmt: skip
    answer: Any = losers if question.several else (losers[0] if len(losers) == 1 else None)
    return Truth(answer, _told(gaps), gaps)


def _done(month: int | None) -> float:
    return float("inf") if month is None else float(month)


def _told(values: Mapping[str, float]) -> dict[str, float | str]:
    return {name: _months(value) for name, value in values.items()}


def onset(bench: Bench, question: Question, a: Arguments) -> Truth:
    """Return the months from a decision to its first effect, as the catalogue of levers has it."""
    found = catalogue()[a["lever"]].onset
    return Truth(found.base, {"months": found.base, "low": found.low, "high": found.high})


def assumptions(bench: Bench, question: Question, a: Arguments) -> Truth:
    """Return the `most` options whose ranges move a figure most, one at a time."""
    from mobilize.lessons.swings import swings

    values = swings(bench, {o.name: o.arguments["varies"] for o in question.options}, a)
    order = sorted(values, key=lambda name: values[name], reverse=True)
    answer: Any = order if question.kind == "rank" else order[: int(a.get("most", 2))]
    return Truth(answer, dict(values), values)


def sure(bench: Bench, question: Question, a: Arguments) -> Truth:
    """Return the confidence of an assumption, as the data have it."""
    from experiments.catalogue import catalogue as factors

    factor = factors(bench.lesson.scenario)[a["varies"]]
    told: dict[str, float | str] = {
        "confidence": factor.confidence,
        "source": factor.source,
        "title": factor.title,
        "low": factor.low,
        "base": factor.base,
        "high": factor.high,
    }
    return Truth(factor.confidence, told)


def reached(bench: Bench, question: Question, a: Arguments) -> Truth:
    """Return how far a team's game came: from 0, as under `against`, to 1, as under `full`."""
    ends = (a.get("against", NONE), a["case"], a["full"])
    none, own, full = (_figure(bench, {**a, "case": case}) for case in ends)
    share = (own - none) / (full - none) if abs(full - none) > EPS else 0.0
    figures = {"none": none, "own": own, "full": full, "percent": 100.0 * share}
    return Truth(min(1.0, max(0.0, share)), figures)


def expected(bench: Bench, question: Question, a: Arguments) -> Truth:
    """Return the difference that the team's own decisions made, for a forecast of it."""
    return difference(bench, question, {**a, "against": NONE})
