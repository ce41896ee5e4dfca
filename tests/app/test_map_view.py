"""The map: every known plant lies where it lies, every way ends at a place, no secrets."""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np
import pytest

from mobilize.app.make_map import HEIGHT, WIDTH, clip, make, project
from mobilize.app.views.map import CALLED, base, drawn, places, state
from mobilize.app.views.network import ALL, worst_item
from mobilize.app.views.plants import binding, call, called, figure
from mobilize.chain import chain
from mobilize.crises.course import befall
from mobilize.game.game import play
from mobilize.model import Model
from mobilize.why import first_line
from tests.app.games import SCENARIOS, finite, played, sent


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_known_plant_lies_once_where_the_scenario_has_it(name: str) -> None:
    model = play(played(name))
    world = model.world
    plan = places(model, ALL)
    known = [x for x in range(len(world.names.lines)) if world.visible[x]]
    assert [p["id"] for p in plan["plants"]] == [call(world, x) for x in known]
    assert plan["unmapped"] == len(world.names.lines) - len(known)
    table = world.scenario.tables["lines"]
    for plant, line in zip(plan["plants"], known, strict=True):
        at = plan["places"][plant["at"]]
        x, y = project(float(table["lon"][line]), float(table["lat"][line]))
        assert (at["x"], at["y"]) == (round(x, 1), round(y, 1))
        assert 0 <= at["x"] <= WIDTH
        assert 0 <= at["y"] <= HEIGHT


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_way_ends_at_two_places_in_different_countries(name: str) -> None:
    plan = places(play(played(name)), ALL)
    for a, b in plan["arcs"]:
        assert plan["places"][a]["country"] != plan["places"][b]["country"]


@pytest.mark.parametrize("name", SCENARIOS)
def test_figures_are_the_models(name: str) -> None:
    model = play(played(name))
    world = model.world
    for item in (ALL, worst_item(world)):
        plan, now = places(model, item), state(model, item)
        lines = [world.names.lines.index(called(world, p["id"])) for p in plan["plants"]]
        assert [int(x) for x in now["binds"]] == binding(world)[lines].tolist()
        assert now["made"] == [figure(float(x)) for x in world.s.started[lines]]
        assert now["wanted"] == [figure(float(x)) for x in world.s.wanted[lines]]
        assert len(now["flow"]) == len(now["shut"]) == len(plan["arcs"])
        assert finite(plan)
        assert finite(now)
        path = chain(world, first_line(world, item or worst_item(world)))
        assert len(now["path"]) == sum(bool(world.visible[x]) for x in path)


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_country_of_a_scenario_is_on_the_map(name: str) -> None:
    scenario = played(name).scenario
    names = {CALLED.get(str(n), str(n)) for n in scenario.tables["countries"]["name"]}
    assert names <= set(base()["countries"])
    sides = {c["name"]: c["side"] for c in drawn(scenario)["countries"]}
    assert {n for n, side in sides.items() if side} == names
    assert ("challenger" in sides.values()) == (scenario.challenger is not None)


def test_no_line_of_the_map_runs_across_it() -> None:
    """A country that lies across the edge is cut there, not drawn through the whole picture."""
    paths = [c["d"] for c in base()["countries"].values()] + [base()["borders"]]
    for said in paths:
        for part in said.split("M")[1:]:
            steps = [int(n) for n in re.findall(r"-?\d+", part.partition("l")[2])]
            assert max((abs(dx) for dx in steps[::2]), default=0) < WIDTH / 4


def test_land_lies_where_it_lies() -> None:
    """Points inside and outside of countries, by the even-odd rule."""

    def inside(country: str, lon: float, lat: float) -> bool:
        x, y = project(lon, lat)
        crossed = 0
        for part in base()["countries"][country]["d"].split("M")[1:]:
            head, _, tail = part.rstrip("z").partition("l")
            ring = np.cumsum(
                [[int(n) for n in head.split()],
                 *np.reshape([int(n) for n in re.findall(r"-?\d+", tail)], (-1, 2))], axis=0
            )  # fmt: skip
            for p, q in pairwise([*ring, ring[0]]):
                if (p[1] > y) != (q[1] > y):
                    crossed += x < p[0] + (y - p[1]) / (q[1] - p[1]) * (q[0] - p[0])
        return crossed % 2 == 1

    assert inside("France", 2.3, 47.0)
    assert inside("Australia", 134.0, -25.0)
    assert inside("Russia", 100.0, 62.0)
    assert inside("Russia", 45.0, 55.0)  # the other side of the cut
    assert inside("United States of America", -98.0, 39.0)
    assert not inside("United States of America", -40.0, 39.0)
    assert not inside("Japan", 150.0, 30.0)


def test_a_ring_is_cut_at_a_line() -> None:
    square = [(0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (0.0, 2.0)]
    assert sorted(set(clip(square, 0, 1.0, True))) == [
        (1.0, 0.0),
        (1.0, 2.0),
        (2.0, 0.0),
        (2.0, 2.0),
    ]
    assert clip(square, 0, 3.0, True) == []


def test_a_map_is_made_from_topojson() -> None:
    topology = {
        "transform": {"scale": [1, 1], "translate": [0, 0]},
        "arcs": [[[0, 0], [0, 20]], [[0, 20], [-20, 0], [0, -20], [20, 0]],
                 [[0, 20], [20, 0], [0, -20], [-20, 0]]],
        "objects": {"countries": {"geometries": [
            {"type": "Polygon", "arcs": [[0, 1]], "properties": {"name": "West"}},
            {"type": "MultiPolygon", "arcs": [[[0, 2]]], "properties": {"name": "East"}},
        ]}},
    }  # fmt: skip
    found = make(topology)
    assert set(found["countries"]) == {"West", "East"}
    assert found["borders"].count("M") == 1  # what both share


def test_a_disturbance_is_marked_where_it_strikes_and_the_challengers_reasons_are_not() -> None:
    model = Model("arsenal-2026").run(2)
    befall(model.world, "explosion", "pac3-camden")
    befall(model.world, "motivation", "base")
    plan, now = places(model, "pac3-mse"), state(model, "pac3-mse")
    spot = next(p["at"] for p in plan["plants"] if p["id"] == "pac3-camden")
    told = [t for t in now["troubles"] if spot in t["places"]]
    assert [t["title"] for t in told] == ["Fire or explosion at a plant"]
    assert not any("reasons" in t["title"] for t in now["troubles"])


def test_what_is_closed_is_drawn_as_closed() -> None:
    model = Model("arsenal-2026").run(2)
    befall(model.world, "closure", "NO")
    model.step()
    plan, now = places(model, "nsm"), state(model, "nsm")
    for (a, _), shut in zip(plan["arcs"], now["shut"], strict=True):
        assert shut in ("x", "-") or plan["places"][a]["country"] != "NO"
    assert "x" in now["shut"]


@pytest.mark.parametrize("name", SCENARIOS)
def test_what_is_sent_is_bounded(name: str) -> None:
    model = play(played(name))
    assert sent(drawn(model.world.scenario)) < 80_000
    assert sent(places(model, ALL)) < 80_000
    assert sent(state(model, ALL)) < 16_000
