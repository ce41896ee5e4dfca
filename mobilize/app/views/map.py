"""The map: where plants stand, which goods cross borders, what is closed or disturbed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from mobilize.app.make_map import project
from mobilize.app.views.network import WIDTHS, feeding, worst_item
from mobilize.app.views.plants import BINDS, binding, figure, item_name, plain, plant
from mobilize.chain import chain
from mobilize.crises.places import routes_of, struck
from mobilize.crises.trouble import Trouble
from mobilize.model import Model
from mobilize.network import NONE
from mobilize.scenario import Scenario, by_content, months
from mobilize.state import EPS
from mobilize.why import first_line
from mobilize.world import World

FILE = Path(__file__).parents[1] / "assets" / "world.json"
CALLED = {"United States": "United States of America"}  # a scenario's name: the map's
SECRET = "motivate"  # what a disturbance does that players may not see
Picture = dict[str, Any]


@cache
def base() -> Picture:
    """Return the map itself: countries by name with their paths and middles, and borders."""
    with FILE.open(encoding="utf-8") as file:
        found: Picture = json.load(file)
    return found


def drawn(scenario: Scenario) -> Picture:
    """Return the map with the countries of a scenario marked: `side` is ally or challenger."""
    ids, names = scenario.tables["countries"]["id"], scenario.tables["countries"]["name"]
    who = {CALLED.get(str(n), str(n)): str(i) for i, n in zip(ids, names, strict=True)}
    challenger = scenario.challenger.country if scenario.challenger else ""
    world = base()
    countries = []
    for name, shape in world["countries"].items():
        side = {"": "", challenger: "challenger"}.get(who.get(name, ""), "ally")
        countries.append({"name": name, "d": shape["d"], "side": side if name in who else ""})
    return {**world, "countries": countries}


def places(model: Model, item: str) -> Picture:
    """Return the places of the plants that feed an item, and the ways that goods take abroad.

    The same in every month, but for what becomes known: an unmapped supplier has no place.

    Raises
    ------
    KeyError
        If the scenario makes no such item.
    """
    world = model.world
    if item and item not in world.names.items:
        raise KeyError(f"no item {item!r}; allowed: {', '.join(world.names.items)}")
    visible = np.packbits(world.visible).tobytes()
    return _places(world.scenario, item, visible, world=world).shown


@dataclass(frozen=True)
class _Places:
    """Places as they are shown, and the numbers behind them."""

    shown: Picture
    lines: list[int]  # of each plant
    spots: dict[int, int]  # place of each line
    ways: list[list[int]]  # routes of each arc


@by_content(128)
def _places(scenario: Scenario, item: str, visible: bytes, *, world: World) -> _Places:
    chosen = feeding(world, item)
    lines = [x for x in chosen if world.visible[x]]
    table = world.scenario.tables["lines"]
    where = {x: (float(table["lat"][x]), float(table["lon"][x])) for x in lines}
    number = {spot: n for n, spot in enumerate(dict.fromkeys(where.values()))}
    spots = {x: number[where[x]] for x in lines}
    points = [_point(*spot) for spot in number]
    for x in lines:
        who = plant(world, x)
        points[spots[x]].update(name=who["place"], country=who["country"])
    ways = _ways(world, spots, points)
    plants = []
    for x in lines:
        who = plant(world, x)
        plants.append({k: who[k] for k in ("id", "firm", "item", "item_name", "unit")}
                      | {"at": spots[x], "sure": who["confidence"]})  # fmt: skip
    shown = {
        "item": item,
        "places": points,
        "plants": plants,
        "arcs": [list(pair) for pair in ways],
        "unmapped": len(chosen) - len(lines),
        "binds": [dict(b) for b in BINDS],
    }
    return _Places(shown, lines, spots, list(ways.values()))


def _point(lat: float, lon: float) -> Picture:
    x, y = project(lon, lat)
    return {"x": round(x, 1), "y": round(y, 1)}


def _ways(
    world: World, spots: dict[int, int], points: list[Picture]
) -> dict[tuple[int, int], list[int]]:
    """Return the routes between each two places in different countries.

    Governments buy at the middle of their country: a place without plants, added to `points`.
    """
    net, names = world.net, world.names
    middles: dict[int, int] = {}
    found: dict[tuple[int, int], list[int]] = {}
    for r in range(len(net.r_slot)):
        seller, country = int(net.r_supplier[r]), int(net.r_buyer[r])
        if seller not in spots or country == net.l_country[seller]:
            continue
        if net.r_slot[r] >= 0:
            buyer = spots.get(int(net.k_line[net.r_slot[r]]), NONE)
        elif net.r_program[r] >= 0:
            if country not in middles:
                middles[country] = len(points)
                points.append(_middle(world.scenario, names.countries[country]))
            buyer = middles[country]
        else:
            continue
        if buyer != NONE:
            found.setdefault((spots[seller], buyer), []).append(r)
    return found


def _middle(scenario: Scenario, country: str) -> Picture:
    """Return the point of a country at which its government buys."""
    ids = scenario.tables["countries"]["id"].tolist()
    name = str(scenario.tables["countries"]["name"][ids.index(country)])
    shape = base()["countries"][CALLED.get(name, name)]
    return {"x": shape["x"], "y": shape["y"], "name": name, "country": country, "state": True}


def state(model: Model, item: str) -> Picture:
    """Return how the plants and ways of :func:`places` do in the model's present month.

    `binds`, `made`, `wanted`, `since` and `lack` (kUSD/month wanted and not made) run along the
    plants, `flow` and `shut` along the arcs (see :func:`mobilize.app.views.network.state`).
    """
    world = model.world
    s, net = world.s, world.net
    visible = np.packbits(world.visible).tobytes()
    known = _places(world.scenario, item, visible, world=world)
    lines = known.lines
    asked = item or worst_item(world)
    path = chain(world, first_line(world, asked)) if model.month else []
    worth = s.moving * s.price[net.r_supplier] / net.r_transit
    lack = np.maximum(0.0, s.wanted - s.started)[lines] * s.price[lines]
    return {
        "month": months.label(world.scenario.start + max(model.month - 1, 0)),
        "start": world.scenario.start,
        "played": model.month > 0,
        "asked": item_name(world.scenario, world.names.items.index(asked)),
        "binds": "".join(map(str, binding(world)[lines].tolist())),
        "made": [figure(x) for x in s.started[lines].tolist()],
        "wanted": [figure(x) for x in s.wanted[lines].tolist()],
        "since": s.bound_since[lines].tolist(),
        "lack": [round(x) for x in lack.tolist()],
        "flow": "".join(str(int(np.searchsorted(WIDTHS, worth[way].sum()))) for way in known.ways),
        "shut": "".join(_shut(world, way) for way in known.ways),
        "path": [known.spots[x] for x in path if x in known.spots],
        "troubles": [_trouble(world, t, known.spots) for t in world.troubles if _told(t)],
    }


def _shut(world: World, way: list[int]) -> str:
    """Return `-` where no route of a way is in use, `x` closed, `l` licence awaited, `.` open."""
    s = world.s
    used = [r for r in way if s.open[r]]
    if not used:
        return "-"
    if any(s.blocked[r] > EPS or s.squeeze[r] > EPS for r in used):
        return "x"
    return "l" if any(s.applied[r] > EPS for r in used) else "."


def _told(trouble: Trouble) -> bool:
    """Return whether a player may know of a disturbance: all but the challenger's own reasons."""
    return SECRET not in trouble.of.does


def _trouble(world: World, trouble: Trouble, spots: dict[int, int]) -> Picture:
    """Return a disturbance under way, and the places where it is felt."""
    at: list[int] = []
    if trouble.target != "base":
        if {"stop", "rework"} & set(trouble.of.does):
            at = [int(x) for x in struck(world, trouble)]
        at += [int(world.net.r_supplier[r]) for r in routes_of(world, trouble)]
    left = trouble.since + trouble.months - world.month
    return {
        "title": trouble.of.title,
        "text": plain(world, trouble.text),
        "target": plain(world, trouble.target),
        "since": trouble.since,
        "left": max(0, left),
        "places": sorted({spots[x] for x in at if x in spots}),
    }
