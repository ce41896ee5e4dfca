"""Why a metric stands where it stands: its formula in words, its parts, what it rests on.

The seven metrics of deterrence are never merged; M6 is a teaching index, not a forecast.
"""

from __future__ import annotations

import numpy as np

from agents.tables import mindsets
from mobilize.app.views.answers import ROWS, Answer, empty, fact, link, program_names, table
from mobilize.app.views.plants import figure
from mobilize.app.views.why_munitions import about_fires, about_output, about_replenish
from mobilize.app.views.why_supply import about_assured, about_cohesion, about_fragile
from mobilize.deterrence import SERIES, Watch, watch
from mobilize.ladder import MINDSETS
from mobilize.metrics import LABEL
from mobilize.model import Model
from mobilize.physics.reasons import TERMS, index
from mobilize.state import EPS
from mobilize.words import number
from mobilize.world import World

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


def about_metric(model: Model, target: str) -> tuple[Answer, str]:
    """Return the answer about a metric, and the program that it rests on, or ""."""
    plan = watch(model.world)
    assert plan is not None  # the caller has seen that there is a reference war
    name = METRIC_OF[target]
    parts = {
        "M1": about_fires,
        "M2": about_replenish,
        "M3": about_output,
        "M4": about_fragile,
        "M5": about_assured,
        "M6": _views,
        "M7": about_cohesion,
    }
    found, asked = parts[name](model.world, plan)
    return empty("metric", target) | {"note": f"{LABEL} Metrics are never merged."} | found, asked


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
        "index": figure(index(mindsets(world.figures)[mindset], at)),
    }


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
    s, names = world.s, program_names(world)
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
        "next": [link(world, i) for i in order[1:4]],
    }, world.names.programs[order[0]] if order else ""
