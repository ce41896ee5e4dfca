"""Series as charts show them: the past as a line, the future as fans over worlds of other luck."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from mobilize.app.views.levers import names_of
from mobilize.deterrence import SERIES
from mobilize.forecast import AHEAD, Future, fan
from mobilize.game.sitting import View
from mobilize.model import compiled
from mobilize.programs import DEVELOPMENT
from mobilize.record import PROGRAM_SERIES, Record
from mobilize.scenario import Scenario, months
from mobilize.state import LEDGER, Floats

PAST = 36  # months of the past that a chart shows
ALL = "all"  # stands for every end item, by value
PAID = ("programs", "projects", "policy")  # accounts that public money is paid from
DIGITS = 5  # significant, of figures sent to a browser
METRICS = {
    "fires": ("M1 Days of sustained fires", "days"),
    "replenish": ("M2 Months to replenish", "months"),
    "output": ("M3 Output against the start", "times"),
    "fragile": ("M4 Fragile share of critical lines", "%"),
    "assured": ("M5 Assured allied supply", "%"),
    "view opportunist": ("M6 Challenger's view, opportunist", "index"),
    "view fearful": ("M6 Challenger's view, fearful", "index"),
    "view patient": ("M6 Challenger's view, patient", "index"),
    "cohesion": ("M7 Coalition cohesion", "%"),
}
"""Series of deterrence that can be looked at, each on its own: title and unit."""


def end_items(scenario: Scenario) -> list[str]:
    """Return the items that programs buy, in scenario order."""
    net, ids = compiled(scenario)
    bought = sorted(set(net.p_item[net.p_kind != DEVELOPMENT].tolist()))
    return [ids.items[i] for i in bought]


def weights(scenario: Scenario, item: str) -> Floats:
    """Return what a unit of each program counts in a chart of an item: 1, or its cost in MUSD."""
    net, ids = compiled(scenario)
    if item == ALL:
        return np.where(net.p_kind != DEVELOPMENT, net.p_cost, 0.0) / 1000
    return (net.p_item == ids.items.index(item)).astype(float)


Take = Callable[[Floats, Floats, Floats], Floats]
"""From programs (..., series, months, programs), metrics and ledger to (..., months)."""


def taker(scenario: Scenario, kind: str, item: str) -> Take:
    """Return how a series is taken from a record or a future."""
    if kind in PROGRAM_SERIES:
        place, weight = PROGRAM_SERIES.index(kind), weights(scenario, item)
        return lambda programs, metrics, ledger: programs[..., place, :, :] @ weight
    if kind == "money":
        accounts = [LEDGER.index(name) for name in PAID]
        return lambda programs, metrics, ledger: ledger[..., accounts].sum(axis=-1) / 1e6
    scale = 100.0 if METRICS[kind][1] == "%" else 1.0
    row = SERIES.index(kind)
    return lambda programs, metrics, ledger: metrics[..., row, :] * scale


def past(record: Record, take: Take) -> Floats:
    """Return a series of what has been played, shape (months,)."""
    end = record.months
    return take(record.programs[:, :end], record.metrics[:, :end], record.ledger[:end])


def ahead(future: Future | None, take: Take) -> list[list[float]] | None:
    """Return the lines of the fan of a series, shape (shares, months), or None."""
    if future is None:
        return None
    return [rounded(line) for line in fan(take(future.programs, future.metrics, future.ledger))]


def rounded(values: Floats) -> list[float]:
    """Return figures with as many digits as anyone can see."""
    return [float(f"{value:.{DIGITS}g}") for value in values.tolist()]


def chart(view: View, kind: str, item: str = ALL) -> dict[str, Any]:
    """Return a chart of a series: dates, past, and what lies ahead as decided."""
    game, model = view.game, view.model
    take = taker(game.scenario, kind, item)
    behind = past(model.record, take)[-PAST:]
    ends = min(AHEAD, game.left)
    first = game.date - len(behind)
    title, unit, goal = labels(game.scenario, kind, item)
    return {
        "title": title,
        "unit": unit,
        "dates": [months.label(first + n) for n in range(len(behind) + ends)],
        "first": game.month - len(behind),
        "past": rounded(behind),
        "now": ahead(view.now, take),
        "goal": goal,
        "goalName": "the plan asks for" if kind in METRICS else "objective",
    }


def drafted(view: View, kind: str, item: str = ALL) -> list[list[float]] | None:
    """Return the fan of a series with the draft, or None where there is none yet."""
    return ahead(view.then, taker(view.game.scenario, kind, item)) if view.draft else None


def labels(scenario: Scenario, kind: str, item: str) -> tuple[str, str, float | None]:
    """Return title, unit and objective of a series."""
    if kind in METRICS:
        return (*METRICS[kind], need_days(scenario) if kind == "fires" else None)
    if kind == "money":
        return "Paid to programs, projects and policies", "billion USD since the start", None
    name, unit = "All end items", "million USD"
    if item != ALL:
        table = scenario.tables["items"]
        name = names_of(scenario, "items")[item]
        unit = {str(i): str(u) for i, u in zip(table["id"], table["unit"], strict=True)}[item]
        unit = unit if unit.endswith("s") else f"{unit}s"
    words = {
        "delivered": (f"Delivered: {name}", f"{unit} a month"),
        "stock": (f"In stock: {name}", unit),
        "unmet": (f"Asked for and not there: {name}", f"{unit} a month"),
        "undelivered": (f"On contract, not delivered: {name}", unit),
    }
    title, told = words[kind]
    goal = float(weights(scenario, item) @ compiled(scenario)[0].p_objective)
    return title, told, goal if kind == "stock" and goal > 0.0 else None


def need_days(scenario: Scenario) -> float | None:
    """Return how many days of fires the plan of the reference conflict asks for."""
    return next((c.need_days for c in scenario.conflicts if c.need_days), None)


def item_choices(scenario: Scenario) -> list[dict[str, str]]:
    """Return what the charts of a scenario may show."""
    names = names_of(scenario, "items")
    rows = [{"id": item, "name": names[item]} for item in end_items(scenario)]
    return [{"id": ALL, "name": "All end items, by value"}, *rows]


def metric_choices(scenario: Scenario) -> list[dict[str, str]]:
    """Return the metrics of deterrence that a scenario has."""
    if need_days(scenario) is None:
        return []
    told = {k: t for k, (t, _) in METRICS.items()}
    rows = [k for k in told if scenario.challenger is not None or not k.startswith("view")]
    return [{"id": k, "name": told[k]} for k in rows]
