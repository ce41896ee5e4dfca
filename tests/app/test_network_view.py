"""The picture of the network shows every plant once, nothing overlaps, figures are the model's."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pytest

from mobilize.app.views.layers import _crossings, arrange
from mobilize.app.views.network import (
    ALL,
    _routes,
    choices,
    feeding,
    layout,
    small,
    state,
    worst_item,
)
from mobilize.app.views.plants import BINDS, UNMAPPED, bind_of, binding, call, called, figure, plain
from mobilize.chain import chain, held_up
from mobilize.game.game import play
from mobilize.model import Model
from mobilize.state import BOUND
from mobilize.terms import VISIBILITY
from mobilize.why import LICENCE, first_line
from tests.app.games import SCENARIOS, finite, played, sent

EVERY = [(name, item) for name in SCENARIOS for item in ("worst", "all", "small")]


def picture(name: str, which: str) -> tuple[Model, dict[str, Any], dict[str, Any]]:
    model = play(played(name))
    if which == "small":
        return (model, *small(model))
    plan = layout(model, ALL if which == "all" else worst_item(model.world))
    return model, plan, state(model, plan)


def boxes(plan: dict[str, Any]) -> list[tuple[float, float, float, float]]:
    return [(c["x"], c["y"], c["x"] + c["w"], c["y"] + c["h"]) for c in plan["cards"]]


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_line_stands_in_the_whole_picture_once(name: str) -> None:
    model, plan, _ = picture(name, "all")
    names = [called(model.world, node["id"]) for node in plan["nodes"]]
    assert sorted(names) == sorted(model.world.names.lines)


@pytest.mark.parametrize(("name", "which"), EVERY)
def test_cards_do_not_overlap_and_lie_inside(name: str, which: str) -> None:
    _, plan, _ = picture(name, which)
    for a, b in combinations(boxes(plan), 2):
        assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]
    for left, top, right, bottom in boxes(plan):
        assert left >= 0
        assert top >= 0
        assert right <= plan["width"]
        assert bottom <= plan["height"]


@pytest.mark.parametrize(("name", "which"), EVERY)
def test_plants_stand_on_their_own_card_and_apart(name: str, which: str) -> None:
    _, plan, _ = picture(name, which)
    least = 20 if not plan["dots"] else 21  # px: a row, or the pitch of dots less rounding
    for node in plan["nodes"]:
        card = plan["cards"][node["c"]]
        assert card["x"] < node["x"] < card["x"] + card["w"]
        assert card["y"] < node["y"] < card["y"] + card["h"]
    for a, b in combinations(plan["nodes"], 2):
        assert abs(a["x"] - b["x"]) >= least or abs(a["y"] - b["y"]) >= least - 1


@pytest.mark.parametrize(("name", "which"), EVERY)
def test_routes_join_plants_that_are_there_and_go_right(name: str, which: str) -> None:
    _, plan, now = picture(name, which)
    assert plan["edges"]
    for seller, buyer in plan["edges"]:
        assert plan["nodes"][seller]["x"] < plan["nodes"][buyer]["x"]
    assert len(now["flow"]) == len(now["shut"]) == len(plan["edges"])


@pytest.mark.parametrize(("name", "which"), EVERY)
def test_figures_are_the_models(name: str, which: str) -> None:
    model, plan, now = picture(name, which)
    world = model.world
    lines = [world.names.lines.index(called(world, n["id"])) for n in plan["nodes"]]
    assert now["made"] == [figure(float(x)) for x in world.s.started[lines]]
    assert now["wanted"] == [figure(float(x)) for x in world.s.wanted[lines]]
    assert now["since"] == world.s.bound_since[lines].tolist()
    assert [int(x) for x in now["binds"]] == binding(world)[lines].tolist()
    assert finite(plan)
    assert finite(now)


@pytest.mark.parametrize("name", SCENARIOS)
def test_what_binds_is_what_the_answer_to_why_says(name: str) -> None:
    world = play(played(name)).world
    for line, found in enumerate(binding(world).tolist()):
        words = LICENCE if held_up(world, line) else BOUND[world.s.bound[line]]
        assert BINDS[found]["key"] == bind_of(words)


@pytest.mark.parametrize(("name", "which"), EVERY)
def test_the_lit_path_is_the_chain_of_the_item(name: str, which: str) -> None:
    model, plan, now = picture(name, which)
    world = model.world
    path = chain(world, first_line(world, now["asked"]))
    lit = [world.names.lines.index(called(world, plan["nodes"][n]["id"])) for n in now["path"]]
    assert lit == path
    joined = {tuple(plan["edges"][e]) for e in now["lit"]}
    assert joined == set(zip(now["path"][1:], now["path"], strict=False))


def test_the_item_shown_first_lacks_the_most_by_value() -> None:
    world = play(played("industrial-gap")).world
    lack = np.maximum(0.0, world.s.wanted - world.s.started) * world.s.price
    bought = set(world.net.p_item.tolist())
    total = {i: lack[world.net.l_item == i].sum() for i in bought & set(world.net.l_item.tolist())}
    assert worst_item(world) == world.names.items[max(total, key=lambda i: total[i])]


@pytest.mark.parametrize("name", SCENARIOS)
def test_an_items_picture_holds_its_makers_and_all_that_feeds_them(name: str) -> None:
    world = play(played(name)).world
    net = world.net
    for choice in choices(play(played(name))):
        found = set(feeding(world, choice["id"]))
        assert len(found) == choice["plants"]
        inside = net.r_slot >= 0
        for seller, slot in zip(net.r_supplier[inside], net.r_slot[inside], strict=True):
            assert int(seller) in found or int(net.k_line[slot]) not in found


def test_positions_stay_when_months_pass() -> None:
    before, after = play(played("arsenal-2026", 1)), play(played("arsenal-2026"))
    assert layout(before, "gmlrs") == layout(after, "gmlrs")


def test_ordering_leaves_fewer_crossings_than_the_order_of_the_file() -> None:
    world = play(played("arsenal-2026")).world
    lines = list(feeding(world, "pac3-mse"))
    routes = _routes(world, lines)
    net = world.net
    pairs = np.array([(net.r_supplier[r], net.k_line[net.r_slot[r]]) for r in routes])

    def crossed(sweeps: int, monkeypatch: pytest.MonkeyPatch) -> int:
        monkeypatch.setattr("mobilize.app.views.layers.SWEEPS", sweeps)
        cards, _ = arrange(world, lines, routes, 1360)
        at = np.zeros((len(net.l_item), 2))
        for card in cards:
            for line, spot in card.at.items():
                at[line] = spot
        return _crossings(pairs, at)

    with pytest.MonkeyPatch.context() as patch:
        assert crossed(8, patch) < 0.8 * crossed(0, patch)


@pytest.mark.parametrize("name", SCENARIOS)
def test_an_unmapped_supplier_has_no_name_and_no_place(name: str) -> None:
    model, plan, _ = picture(name, "all")
    world = model.world
    for node in plan["nodes"]:
        line = world.names.lines.index(called(world, node["id"]))
        if world.visible[line]:
            assert node["firm"] != UNMAPPED
            assert node["place"]
        else:
            assert node["firm"] == UNMAPPED
            assert node["place"] == node["country"] == ""
            assert node["id"] == f"#{line}"
            hidden = world.names.lines[line]
            assert hidden not in plain(
                world, f"owed by {hidden}, and its own expansion of {hidden}."
            )


def test_mapping_names_suppliers_and_moves_nothing() -> None:
    model = Model("arsenal-2026").run(2)
    before = layout(model, ALL)
    model.world.s.of_country[VISIBILITY] = 1.0
    model.world.illuminate()
    after = layout(model, ALL)
    assert not any("unmapped" in node for node in after["nodes"])
    spots = [[(n["x"], n["y"]) for n in plan["nodes"]] for plan in (before, after)]
    assert spots[0] == spots[1]
    assert all(call(model.world, x) == name for x, name in enumerate(model.world.names.lines))


@pytest.mark.parametrize("name", SCENARIOS)
def test_what_is_sent_is_bounded(name: str) -> None:
    for which, once, monthly in (("worst", 40_000, 4_000), ("all", 100_000, 12_000),
                                 ("small", 12_000, 2_000)):  # fmt: skip
        _, plan, now = picture(name, which)
        assert sent(plan) < once
        assert sent(now) < monthly


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_game_that_has_not_begun_is_shown_too(name: str) -> None:
    model = play(played(name, 0))
    plan = layout(model, worst_item(model.world))
    now = state(model, plan)
    assert not now["played"]
    assert now["path"] == []
    assert finite(now)
    assert small(model)[0]["nodes"]


def test_an_unknown_item_is_refused_with_what_there_is() -> None:
    with pytest.raises(KeyError, match=r"no item 'cannon'; allowed: .*gmlrs"):
        layout(play(played("arsenal-2026")), "cannon")
