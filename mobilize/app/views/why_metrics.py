"""Why a metric stands where it stands: its formula in words, its parts, what it rests on.

The seven metrics of deterrence are never merged; M6 is a teaching index, not a forecast.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from agents.requests import honour_chance
from agents.tables import mindsets
from mobilize.app.views.plants import call, figure, item_name, label
from mobilize.deterrence import SERIES, Watch, metric, watch
from mobilize.ladder import MINDSETS
from mobilize.model import Model
from mobilize.physics.capability import deliveries, passing
from mobilize.physics.fires import days_of_fires, hiring, months_to_replenish
from mobilize.physics.politics import allies
from mobilize.physics.reasons import TERMS, index
from mobilize.state import EPS
from mobilize.stress import Survey
from mobilize.terms import BACKLASH
from mobilize.words import number
from mobilize.world import World

Answer = dict[str, Any]
ROWS = 8  # of a table of parts
LABEL = "A teaching index, not a forecast."
METRIC_OF = {
    "fires": "M1", "fires_program": "M1", "replenish": "M2", "replenish_program": "M2",
    "replenish_seen": "M2", "output": "M3", "announced": "M3", "fragile": "M4", "assured": "M5",
    "dependence": "M5", "exposure": "M5", "cohesion": "M7", "kept": "M7", "view": "M6",
    **{f"view {name}": "M6" for name in MINDSETS}, **{f"M{n}": f"M{n}" for n in range(1, 8)},
}  # fmt: skip
"""Metric by what may be asked about: M1 to M7, or a name of a series."""

TERM_NAMES = {
    "victory": "What success is worth",
    "failure": "What failing costs",
    "war": "What war costs in any case",
    "trade": "Trade lost if allies stand together",
    "window": "A chance about to be lost",
    "motivation": "Its own reasons",
    "status quo": "What things as they are are worth",
}


def empty(kind: str, target: str) -> Answer:
    """Return an answer that says nothing yet: every key there is.

    `facts` are figures (name, value, unit, note), `steps` the chain (see
    :func:`mobilize.app.views.why.step`), `tables` title, columns (name, numeric) and rows,
    `waterfalls` one a mindset, `relief` what relaxing the root is worth once `relief_known`,
    `next` what may be asked next (name, kind, target).
    """
    return {
        "kind": kind, "target": target, "title": "", "month": "", "past": False, "at": None,
        "headline": "", "facts": [], "says": [], "formula": "", "chain_of": "", "steps": [],
        "waterfalls": [], "tables": [], "relief": None, "relief_known": True, "next": [],
        "note": "", "error": "",
    }  # fmt: skip


def fact(name: str, value: float, unit: str, note: str = "") -> Answer:
    """Return a figure with its name and unit."""
    return {"name": name, "value": number(float(value)), "unit": unit, "note": note}


def table(title: str, columns: list[tuple[str, bool]], rows: list[list[str]]) -> Answer:
    """Return a table; columns are (name, whether it holds figures)."""
    heads = [{"name": name, "num": numeric} for name, numeric in columns]
    return {"title": title, "columns": heads, "rows": rows}


def money(kusd: float) -> str:
    """Return an amount of money in words.

    >>> money(950.0), money(1234567.0), money(25e6)
    ('1 MUSD', '1,235 MUSD', '25.0 BUSD')
    """
    return f"{kusd / 1e6:,.1f} BUSD" if abs(kusd) >= 1e7 else f"{kusd / 1e3:,.0f} MUSD"


def about_metric(model: Model, target: str) -> tuple[Answer, str]:
    """Return the answer about a metric, and the program that it rests on, or ""."""
    plan = watch(model.world)
    assert plan is not None  # the caller has seen that there is a reference war
    name = METRIC_OF[target]
    parts = {"M1": _fires, "M2": _replenish, "M3": _output, "M4": _fragile, "M5": _assured,
             "M6": _views, "M7": _cohesion}  # fmt: skip
    found, asked = parts[name](model.world, plan)
    return empty("metric", target) | {"note": f"{LABEL} Metrics are never merged."} | found, asked


def _programs(world: World) -> list[str]:
    return [str(name) for name in world.scenario.tables["programs"]["name"]]


def _link(world: World, i: int) -> Answer:
    return {"name": _programs(world)[i], "kind": "program", "target": world.names.programs[i]}


# ------------------------------------------------------------------------------- M1, M2, M3


def _fires(world: World, plan: Watch) -> tuple[Answer, str]:
    s, names = world.s, _programs(world)
    most = world.p.fires_longest
    days = {
        i: float(days_of_fires(float(s.stock[i]), float(s.recent[i]), float(daily), most))
        for i, daily in zip(plan.critical.tolist(), plan.daily.tolist(), strict=True)
    }
    daily = dict(zip(plan.critical.tolist(), plan.daily.tolist(), strict=True))
    value, who = metric(world, "fires"), int(metric(world, "fires_program"))
    rows = [
        [names[i], number(float(s.stock[i])), number(float(s.recent[i])), number(daily[i]),
         _days(d, most)]
        for i, d in sorted(days.items(), key=lambda row: row[1])[:ROWS]
    ]  # fmt: skip
    columns = [("Program", False), ("Stock, units", True), ("Delivered a month", True),
               ("Fired a day", True), ("Alone lasts", True)]  # fmt: skip
    return {
        "title": "M1: days of sustained fires",
        "headline": f"{_days(value, most)}: {names[who]} runs out first; the plan asks for "
        f"{number(plan.need_days)} days.",
        "formula": "Stock, with deliveries as they come, against what the reference war fires in "
        "a day of its first phase. What runs out first counts, after whatever stands in for it.",
        "facts": [fact("Days of fires", value, "days", f"plan: {number(plan.need_days)}")],
        "tables": [table("What runs out first", columns, rows)],
        "next": [_link(world, i) for i in sorted(days, key=lambda i: days[i])[:3] if i != who],
    }, world.names.programs[who]


def _days(days: float, most: float) -> str:
    return _counted(days, most, "day")


def _replenish(world: World, plan: Watch) -> tuple[Answer, str]:
    s, net, names = world.s, world.net, _programs(world)
    path = np.zeros(int(world.p.replenish_longest))
    arrays = world.arrays
    found = {}
    for i, daily in zip(plan.critical.tolist(), plan.daily.tolist(), strict=True):
        spent = world.p.replenish_days * daily
        growth = hiring(*arrays, i)
        deliveries(s.capable[0], i, float(s.recent[i]), growth, 0.0, path)
        found[i] = (float(months_to_replenish(path, float(net.p_use[i]), spent)), spent)
    value, who = metric(world, "replenish"), int(metric(world, "replenish_program"))
    order = sorted(found, key=lambda i: -found[i][0])
    most = world.p.replenish_longest
    rows = [
        [names[i], number(found[i][1]), number(float(s.recent[i])), number(float(net.p_use[i])),
         number(float(s.capable[0, 3, i])), _months(found[i][0], most)]
        for i in order[:ROWS]
    ]  # fmt: skip
    columns = [("Program", False), ("To make up, units", True), ("Delivered a month", True),
               ("Used in peace a month", True), ("Could be delivered in 3 years", True),
               ("Takes", True)]  # fmt: skip
    return {
        "title": "M2: months to replenish",
        "headline": f"{_months(value, most)}: {names[who]} takes longest to come back.",
        "formula": f"Months until deliveries above peacetime use make up for "
        f"{number(world.p.replenish_days)} days of the reference war, as plants hire and projects "
        "under way come in. The slowest program counts.",
        "facts": [
            fact("Months to replenish", value, "months"),
            fact("As a challenger sees it", metric(world, "replenish_seen"), "months"),
        ],
        "tables": [table("What comes back last", columns, rows)],
        "next": [_link(world, i) for i in order[:3] if i != who],
    }, world.names.programs[who]


def _months(value: float, most: float) -> str:
    return _counted(value, most, "month")


def _counted(value: float, most: float, unit: str) -> str:
    """Return a number of days or months in words; beyond the most that is counted, as such."""
    if value >= most:
        return f"{number(most)} {unit}s or more"
    return f"1 {unit}" if value == 1 else f"{number(value)} {unit}s"


def _output(world: World, plan: Watch) -> tuple[Answer, str]:
    s, net, names = world.s, world.net, _programs(world)
    before = net.p_on_order / net.p_span
    change = {i: float((s.recent[i] - before[i]) * net.p_cost[i]) for i in plan.critical.tolist()}
    order = sorted(change, key=lambda i: change[i])
    value = metric(world, "output")
    rows = [
        [names[i], number(float(before[i])), number(float(s.recent[i])),
         f"{change[i] / 1000:+,.1f}"]
        for i in [*order[: ROWS // 2], *order[ROWS // 2 :][-ROWS // 2 :]]
    ]  # fmt: skip
    columns = [("Program", False), ("At the start, units a month", True), ("Now", True),
               ("Change, MUSD a month", True)]  # fmt: skip
    least = order[0]
    return {
        "title": "M3: output of critical munitions",
        "headline": f"{number(value)} times the start's deliveries, by value; "
        f"{number(metric(world, 'announced'))} times is announced three years ahead.",
        "formula": "Deliveries to the critical programs, smoothed, at their cost of the start, "
        "over what contracts of the start deliver in a month.",
        "facts": [
            fact("Output", value, "times the start"),
            fact("Announced, 3 years ahead", metric(world, "announced"), "times the start"),
        ],
        "tables": [table("Least and most grown", columns, rows)],
        "next": [_link(world, i) for i in order[1:4]],
    }, world.names.programs[least]


# ------------------------------------------------------------------------------- M4, M5, M7


def _fragile(world: World, plan: Watch) -> tuple[Answer, str]:
    survey = Survey(world, [world.names.programs[i] for i in plan.critical.tolist()])
    nodes = [node for node in survey.nodes() if node.fragile]
    rows, links = [], []
    for node in nodes[:ROWS]:
        line = world.names.lines.index(node.name)
        made = item_name(world.scenario, int(world.net.l_item[line]))
        rows.append([label(world, line), made, number(node.survives), number(node.recovers),
                     number(node.held_up)])  # fmt: skip
        links.append({"name": label(world, line), "kind": "line", "target": call(world, line)})
    value = metric(world, "fragile")
    columns = [("Plant", False), ("Makes", False), ("Deliveries fall after, months", True),
               ("Recovers in, months", True), ("Held up, MUSD a month", True)]  # fmt: skip
    first = f" Most exposed: {rows[0][0]}, {rows[0][1]}." if rows else ""
    return {
        "title": "M4: fragile share of critical lines",
        "headline": f"{value:.0%} of the lines that feed critical programs would fail before they "
        f"recover.{first}",
        "formula": "A line is fragile if, should it stop today, deliveries fall before it, or what "
        "replaces it, works again (time to survive against time to recover). Taken each quarter; "
        "the table is of this month.",
        "facts": [
            fact("Fragile share", 100 * value, "%"),
            fact("Fragile lines this month", len(nodes), "lines"),
        ],
        "tables": [table("The most exposed", columns, rows)],
        "next": links[:4],
    }, ""


def _assured(world: World, plan: Watch) -> tuple[Answer, str]:
    net, s, names = world.net, world.s, world.names
    through = np.zeros(len(net.l_item))
    passing(*world.arrays[:2], plan.order, plan.critical, through)
    whole = np.bincount(net.l_item, np.where(through > EPS, s.capacity, 0.0), len(names.items))
    share = np.where(
        (through > EPS) & (whole[net.l_item] > EPS),
        s.capacity / np.maximum(whole[net.l_item], EPS),
        0.0,
    )
    chance = honour_chance(world)
    abroad = ~net.l_ratings
    countries = len(names.countries)
    parts = np.bincount(net.l_country, share * abroad, countries)
    kept = np.bincount(net.l_country, share * abroad * chance, countries)
    total = max(float(share.sum()), EPS)
    order = [c for c in np.argsort(-parts).tolist() if parts[c] > EPS]
    named = world.scenario.tables["countries"]["name"]
    rows = [
        [str(named[c]), f"{parts[c] / total:.1%}", f"{kept[c] / parts[c]:.0%}",
         f"{(parts[c] - kept[c]) / total:.1%}"]
        for c in order[:ROWS]
    ]  # fmt: skip
    value, dependent = metric(world, "assured"), metric(world, "dependence")
    columns = [("Country", False), ("Share of critical capacity", True),
               ("Chance it honours a request", True), ("Not assured", True)]  # fmt: skip
    first = f" Most of it lies in {rows[0][0]}." if rows else ""
    return {
        "title": "M5: assured allied supply, and dependence",
        "headline": f"{value:.0%} of foreign capacity in critical chains would honour a request; "
        f"{dependent:.0%} of all such capacity is foreign and not assured.{first}",
        "formula": "Assured: the chance that each foreign plant honours a priority request, "
        "weighed by its share of the capacity for its item. Dependence: the foreign share times "
        "what is not assured. Taken each quarter; the table is of this month.",
        "facts": [
            fact("Assured", 100 * value, "%"),
            fact("Dependence", 100 * dependent, "%"),
            fact("Through the challenger's plants", 100 * metric(world, "exposure"), "%"),
        ],
        "tables": [table("Where it lies", columns, rows)],
        "next": [_link(world, int(metric(world, "replenish_program")))],
    }, ""


def _cohesion(world: World, plan: Watch) -> tuple[Answer, str]:
    s, named = world.s, world.scenario.tables["countries"]["name"]
    chosen = np.flatnonzero(allies(world.arrays[0]))
    trust = float(s.trust[chosen].mean()) if len(chosen) else 0.0
    resistance = min(1.0, max(0.0, float(s.backlash[0] + s.of_base[BACKLASH])))
    order = sorted(chosen.tolist(), key=lambda c: float(s.trust[c]))
    rows = [
        [str(named[c]), f"{s.trust[c]:.0%}", f"{s.trust[c] - world.net.c_alignment[c]:+.0%}",
         f"{s.kept[c] / s.promised[c]:.0%}" if s.promised[c] > EPS else "none asked"]
        for c in order
    ]  # fmt: skip
    value = metric(world, "cohesion")
    columns = [("Ally", False), ("Trust", True), ("Since the start", True), ("Kept", True)]
    least = f" {rows[0][0]} trusts least." if rows else ""
    return {
        "title": "M7: coalition cohesion",
        "headline": f"{value:.0%}: mean trust {trust:.0%}, of which resistance at home takes "
        f"{resistance:.0%}.{least}",
        "formula": "Mean trust of allies, less the share that resistance at home to foreign "
        "sources takes.",
        "facts": [
            fact("Cohesion", 100 * value, "%"),
            fact("Mean trust of allies", 100 * trust, "%"),
            fact("Resistance at home", 100 * resistance, "%"),
            fact("Commitments kept", 100 * metric(world, "kept"), "%"),
        ],
        "tables": [table("Allies, least trust first", columns, rows)],
        "next": [{"name": "M5: assured allied supply", "kind": "metric", "target": "assured"}],
    }, ""


# ---------------------------------------------------------------------------------------- M6


def _views(world: World, plan: Watch) -> tuple[Answer, str]:
    found = [waterfall(world, name) for name in MINDSETS]
    told = ", ".join(f"{w['mindset']} {number(w['index'])}" for w in found)
    return {
        "title": "M6: the challenger's view",
        "headline": f"Of 100, how far acting looks better than waiting to three ways of thinking: "
        f"{told}. Which one plays is not known.",
        "formula": "Chance of success it believes in, times what success is worth, less what "
        "failing, war and lost trade cost, with a chance about to be lost and its own reasons, "
        "less what things as they are are worth. The sum becomes an index from 0 to 100.",
        "facts": [fact(w["mindset"].capitalize(), w["index"], "of 100") for w in found],
        "waterfalls": found,
        "next": [
            {"name": "M1: days of fires", "kind": "metric", "target": "fires"},
            {"name": "M2: months to replenish", "kind": "metric", "target": "replenish"},
            {"name": "M5: assured allied supply", "kind": "metric", "target": "assured"},
        ],
    }, ""


def waterfall(world: World, mindset: str) -> Answer:
    """Return the terms of a mindset's view, each from where the one before ended (utility)."""
    terms, at = [], 0.0
    for term in TERMS:
        value = float(world.s.metrics[SERIES.index(f"{mindset} {term}")])
        terms.append({"name": TERM_NAMES[term], "value": figure(value), "from": figure(at),
                      "to": figure(at + value)})  # fmt: skip
        at += value
    return {
        "mindset": mindset,
        "terms": terms,
        "sum": figure(at),
        "index": figure(index(mindsets()[mindset], at)),
    }


# -------------------------------------------------------------------------- series of programs

SAID = {
    "delivered": ("Deliveries", "units delivered this month", "undelivered"),
    "stock": ("Stocks against objectives", "units in stock", "stock"),
    "undelivered": ("On contract and not delivered", "units on contract", "undelivered"),
    "unmet": ("Asked for and not there", "units lacking this month", "unmet"),
    "substituted": ("Stood in for", "units this month", "substituted"),
}


def about_programs(model: Model, series: str) -> tuple[Answer, str]:
    """Return the answer about one of SAID, over all programs, and the program it rests on most."""
    world = model.world
    s, names = world.s, _programs(world)
    title, unit, by = SAID[series]
    goal = world.objective()
    lack = np.maximum(0.0, goal - s.stock) if by == "stock" else getattr(s, by)
    weight = lack * world.net.p_cost
    order = [i for i in np.argsort(-weight, kind="stable").tolist() if weight[i] > EPS]
    rows = [
        [names[i], number(float(s.delivered[i])), number(float(s.undelivered[i])),
         f"{number(float(s.stock[i]))} of {number(float(goal[i]))}", number(float(s.unmet[i]))]
        for i in order[:ROWS]
    ]  # fmt: skip
    columns = [("Program", False), ("Delivered this month", True), ("On contract, to come", True),
               ("In stock, of objective", True), ("Lacked this month", True)]  # fmt: skip
    why = {"stock": "the most is missing from its objective", "unmet": "the most is lacking"}
    told = why.get(by, "the most is on contract and not delivered")
    head = f"By value, {told} for {names[order[0]]}." if order else "Nothing is missing."
    return empty("metric", series) | {
        "title": title,
        "headline": head,
        "formula": f"Sum over all programs of {unit}, by value at their cost of the start.",
        "facts": [fact(title, float(getattr(s, series).sum()), unit)],
        "tables": [table("Programs, units", columns, rows)],
        "next": [_link(world, i) for i in order[1:4]],
    }, world.names.programs[order[0]] if order else ""
