"""What the situation shows is what the model says, in every scenario, whatever there is of it."""

from __future__ import annotations

import json

import numpy as np
import pytest

from mobilize.app.views.charts import ALL, chart, drafted, item_choices, metric_choices, weights
from mobilize.app.views.frame import clock, told
from mobilize.app.views.home import card
from mobilize.app.views.levers import lever_board, lever_state
from mobilize.app.views.situation import item_rows, tiles
from mobilize.forecast import foresee
from mobilize.game.game import Game, decide
from mobilize.game.sitting import View
from mobilize.scenario import load, shipped
from mobilize.state import BOUND
from policies.levers import catalogue

MONTHS = 7
WORLDS = range(3)


def view_of(name: str, months: int = MONTHS) -> View:
    scenario = load(name)
    game = Game(scenario, scenario.seed)
    return View(game.after((), months) if months else game)


def with_forecast(view: View, ahead: int = 8) -> View:
    lever = decide(view.game, "dpas-rating", view.model.world.names.programs[0], "DX")
    draft = (lever,)
    model = view.model
    now = foresee(model, view.game.policy(), WORLDS, ahead)
    then = foresee(model, view.game.policy(draft), WORLDS, ahead)
    return View(view.game, draft, now, then)


@pytest.mark.parametrize("months", [0, 1, MONTHS])
@pytest.mark.parametrize("name", shipped())
def test_every_scenario_has_a_situation_from_its_first_moment(name: str, months: int) -> None:
    view = view_of(name, months)
    shown = {
        "tiles": tiles(view), "items": item_rows(view), "clock": clock(view, "key"),
        "board": lever_board(view), "state": lever_state(view), "card": card(name, load(name)),
        "charts": [chart(view, kind) for kind in ("delivered", "stock", "money", "unmet")],
    }  # fmt: skip
    shown["metrics"] = [chart(view, row["id"]) for row in metric_choices(view.game.scenario)]
    text = json.dumps(shown, allow_nan=False)  # no figure is undefined
    assert len(text) < 400_000
    assert 3 <= len(shown["tiles"]) <= 8
    assert all(row["bound"] in BOUND for row in shown["items"])
    assert view.game.scenario.title in told(View(view.game.before(0)))


@pytest.mark.parametrize("name", ["arsenal-2026", "jdam-2003", "arctic-cutter"])
def test_a_chart_holds_the_figures_of_the_record_and_the_quantiles_of_the_worlds(name: str) -> None:
    view = with_forecast(view_of(name))
    item = item_choices(view.game.scenario)[1]["id"]
    weight = weights(view.game.scenario, item)
    shown = chart(view, "delivered", item)
    record = view.model.record.series("delivered") @ weight
    assert shown["past"] == pytest.approx(record.tolist(), rel=1e-4)
    assert view.now is not None
    worlds = view.now.series("delivered") @ weight
    assert shown["now"][2] == pytest.approx(np.median(worlds, axis=0).tolist(), rel=1e-4)
    assert shown["now"][0] == pytest.approx(np.quantile(worlds, 0.1, axis=0).tolist(), rel=1e-4)
    assert len(shown["dates"]) - len(shown["past"]) >= len(shown["now"][2])
    assert drafted(View(view.game, (), view.now, view.then), "delivered", item) is None
    assert view.then is not None
    fan = drafted(view, "delivered", item)
    then = np.median(view.then.series("delivered") @ weight, axis=0)
    assert fan is not None
    assert fan[2] == pytest.approx(then.tolist(), rel=1e-4)


def test_the_value_of_all_items_is_the_sum_of_its_parts() -> None:
    view = view_of("artillery-2022")
    whole = chart(view, "delivered", ALL)["past"]
    net = view.model.world.net
    parts = (view.model.record.series("delivered") * net.p_cost / 1000).sum(axis=1)
    assert whole == pytest.approx(parts.tolist(), rel=1e-4)


def test_levers_say_what_is_decided_when_it_bites_and_what_is_drafted() -> None:
    game = Game(load("arsenal-2026"), 1)
    chosen = decide(game, "title3-eligible-set", "base", "all SOSA partners")
    later = View(game.after((chosen,), 2))
    [row] = lever_state(later)["decided"]
    assert (row["lever"], row["since"], row["own"]) == ("title3-eligible-set", "2026-01", True)
    assert row["waits"] == catalogue()["title3-eligible-set"].onset.base - 2
    drafted = View(game, (chosen,))
    state = lever_state(drafted)
    assert [s["value"] for s in state["draft"]] == ["all SOSA partners"]
    assert state["cost"]["yearly"] == catalogue()["title3-eligible-set"].yearly


def test_nobody_can_aim_at_a_supplier_that_is_not_mapped() -> None:
    view = view_of("arsenal-2026", 0)
    world = view.model.world
    hidden = {world.names.lines[n] for n in np.flatnonzero(~world.visible)}
    assert hidden  # else this test says nothing
    offered = {aim["id"] for aims in lever_board(view)["aims"].values() for aim in aims}
    assert not hidden & offered
    text = json.dumps(lever_board(view))
    assert not [line for line in hidden if f'"{line}"' in text]


def test_every_lever_that_is_offered_can_be_decided() -> None:
    view = view_of("gmlrs-2022", 0)
    board = lever_board(view)
    for group in board["groups"]:
        for lever in group["levers"]:
            target = board["aims"][lever["aim"]][0]["id"] if lever["aim"] else "base"
            value = lever["values"][0] if lever["setting"] != "switch" else "on"
            assert decide(view.game, lever["name"], target, value).lever == lever["name"]
