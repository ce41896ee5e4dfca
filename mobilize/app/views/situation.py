"""The situation at a glance: tiles, and a row for every end item."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from mobilize.app.views.charts import (
    ALL,
    end_items,
    need_days,
    past,
    rounded,
    taker,
    weights,
)
from mobilize.app.views.levers import names_of
from mobilize.deterrence import SERIES
from mobilize.forecast import Future
from mobilize.game.sitting import View
from mobilize.ladder import MINDSETS
from mobilize.model import compiled
from mobilize.record import PROGRAM_SERIES
from mobilize.state import BOUND, DEMAND, Floats
from mobilize.why import first_line

QUARTER = 3
SPARK = 24  # months of a sparkline
YEAR = 12


@dataclass(frozen=True)
class Tile:
    """One figure: what it is, how it moved in a quarter, which way is better, and why."""

    id: str
    label: str
    unit: str
    values: Floats  # (months,), the past
    ask: tuple[str, str]
    better: int = 0  # 1 if more is better, -1 if less, 0 if neither
    detail: str = ""


def tiles(view: View) -> list[dict[str, Any]]:
    """Return the figures above everything, most telling first."""
    watched = _deterrence(view)
    made = [t for t in _deliveries(view) if not watched or t.id != "backlog"]
    return [_tile(tile) for tile in (*watched, *made, _money(view))]


def _tile(tile: Tile) -> dict[str, Any]:
    value = float(tile.values[-1])
    step = value - float(tile.values[-1 - QUARTER]) if len(tile.values) > QUARTER else 0.0
    flat = abs(step) < 0.005 * max(abs(value), 1e-9)
    tone = "" if flat or not tile.better else "good" if step * tile.better > 0 else "bad"
    return {
        "id": tile.id,
        "label": tile.label,
        "unit": tile.unit,
        "value": value,
        "step": 0.0 if flat else step,
        "tone": tone,
        "detail": tile.detail,
        "spark": rounded(tile.values[-SPARK:]),
        "ask": list(tile.ask),
    }


def _series(view: View, kind: str, item: str = ALL) -> Floats:
    """Return a series up to now; before the first month, what the run began with."""
    model = view.model
    behind = past(model.record, taker(view.game.scenario, kind, item))
    if len(behind):
        return behind
    if kind == "delivered":  # before the first month, at the rate the balance starts from
        return np.array([model.world.s.recent @ weights(view.game.scenario, item)])
    if kind in PROGRAM_SERIES:
        return np.array([getattr(model.world.s, kind) @ weights(view.game.scenario, item)])
    scale = 100.0 if kind in ("fragile", "cohesion", "assured") else 1.0
    return np.array([model.world.s.metrics[SERIES.index(kind)] * scale])


def _deterrence(view: View) -> list[Tile]:
    scenario, world = view.game.scenario, view.model.world
    need = need_days(scenario)
    if need is None:
        return []

    def worst(name: str) -> str:
        return world.names.programs[int(world.s.metrics[SERIES.index(name)])]

    names = names_of(scenario, "programs")
    first, slowest = worst("fires_program"), worst("replenish_program")
    found = [
        Tile("fires", "Days of fires, worst munition", "days", _series(view, "fires"),
             ("metric", "fires"), 1, f"{names[first]}; the plan asks for {need:g}"),
        Tile("replenish", "Months to replenish the worst", "months", _series(view, "replenish"),
             ("metric", "replenish"), -1, names[slowest]),
        Tile("cohesion", "Coalition cohesion", "%", _series(view, "cohesion"),
             ("metric", "cohesion"), 1, "trust, less resistance at home"),
        Tile("fragile", "Fragile critical lines", "%", _series(view, "fragile"),
             ("metric", "fragile"), -1, "would fail before they recover"),
    ]  # fmt: skip
    if scenario.challenger is not None:
        views = {m: _series(view, f"view {m}") for m in MINDSETS}
        told = ", ".join(f"{m} {v[-1]:.0f}" for m, v in views.items())
        highest = max(views, key=lambda m: float(views[m][-1]))
        found.insert(2, Tile("view", "Challenger's view, highest of three", "of 100",
                             views[highest], ("metric", "view"), -1,
                             f"{told}; a teaching index"))  # fmt: skip
    return found


def _deliveries(view: View) -> list[Tile]:
    scenario = view.game.scenario
    delivered, backlog = _series(view, "delivered"), _series(view, "undelivered")
    smooth = _mean(delivered, QUARTER)
    rate = _mean(delivered, YEAR)
    wait = backlog / np.maximum(rate, 1e-9) if rate[-1] > 0.0 else np.zeros(len(backlog))
    goal = float(weights(scenario, ALL) @ compiled(scenario)[0].p_objective)
    found = [
        Tile("delivered", "Delivered a month, by value", "MUSD", smooth, ("metric", "delivered"),
             1, "mean of three months, all end items"),
        Tile("backlog", "Order backlog", "months", wait, ("metric", "undelivered"), -1,
             "of deliveries at the rate of the past year"),
    ]  # fmt: skip
    if goal > 0.0:
        stock = _series(view, "stock") / goal * 100.0
        found.append(Tile("stock", "Stock against objectives", "%", stock, ("metric", "stock"),
                          1, "by value, all governments"))  # fmt: skip
    return found


def _money(view: View) -> Tile:
    s = view.model.world.s
    spent = _series(view, "money") if view.game.month else np.zeros(1)
    budget = float(s.appropriated.sum()) / 1e6
    share = float(s.obligated.sum()) / 1e6 / budget if budget > 0.0 else 0.0
    return Tile("money", "Paid since the start", "billion USD", spent, ("ledger", "all"), 0,
                f"{share:.0%} of {budget:,.0f} billion appropriated is on contract")  # fmt: skip


def _mean(values: Floats, span: int) -> Floats:
    """Return the running mean over up to `span` months back."""
    total = np.cumsum(np.concatenate([[0.0], values]))
    ends = np.arange(1, len(values) + 1)
    starts = np.maximum(0, ends - span)
    return np.asarray((total[ends] - total[starts]) / (ends - starts))


def item_rows(view: View) -> list[dict[str, Any]]:
    """Return a row for every end item: deliveries now and ahead, stock, and what binds."""
    scenario, model = view.game.scenario, view.model
    net = compiled(scenario)[0]
    names = names_of(scenario, "items")
    rows = []
    for item in end_items(scenario):
        weight = weights(scenario, item)
        past_rate = _mean(_series(view, "delivered", item), QUARTER)
        stock = float(model.world.s.stock @ weight)
        goal = float(net.p_objective @ weight)
        line = first_line(model.world, item) if item in _made(view) else -1
        bound = int(model.world.s.bound[line]) if line >= 0 else DEMAND
        rows.append(
            {
                "item": item,
                "name": names[item],
                "rate": float(past_rate[-1]),
                "stock": stock,
                "share": stock / goal * 100.0 if goal > 0.0 else None,
                "now": _rate_ahead(view.now, weight),
                "then": _rate_ahead(view.then, weight) if view.draft else None,
                "unmet": float(_series(view, "unmet", item)[-YEAR:].sum()),
                "bound": BOUND[bound],
            }
        )
    return rows


def _made(view: View) -> set[str]:
    net, ids = compiled(view.game.scenario)
    return {ids.items[i] for i in set(net.l_item.tolist())}


def _rate_ahead(future: Future | None, weight: Floats) -> list[float] | None:
    """Return the median rate of the last year ahead and its 10-90 % range, units a month."""
    if future is None:
        return None
    rate = (future.series("delivered") @ weight)[:, -YEAR:].mean(axis=1)
    return rounded(np.quantile(rate, (0.5, 0.1, 0.9)))
