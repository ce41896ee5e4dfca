"""The supply network as a picture: where plants stand, which stays, and how they do, which moves.

Items are cards in columns by tier, raw materials left, end items right; the plants that make an
item are rows (or dots) of its card (see :mod:`mobilize.app.views.layers`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from mobilize.app.views.layers import FULL, MARGIN, Card, arrange
from mobilize.app.views.plants import (
    BINDS,
    binding,
    call,
    figure,
    item_name,
    plant,
    said,
)
from mobilize.chain import chain
from mobilize.model import Model
from mobilize.scenario import Scenario, by_content, months
from mobilize.state import EPS
from mobilize.why import first_line
from mobilize.world import World

ALL = ""  # the whole base, not one item
NARROWER = 372  # width of the small picture
WIDTHS = (1.0, 30.0, 300.0, 3000.0)  # kUSD/month of goods on a route from which it is drawn wider
SIZES = (100.0, 1000.0, 10000.0)  # kUSD/month made from which a dot is drawn larger
NEIGHBOURS = 4  # of each link of the path in the small picture
HOLDS = {
    "equipment": "short of machines",
    "crew": "short of trained people",
    "input": "which has no source for what it lacks,",
    "disturbance": "disturbed",
    "qualification": "not qualified",
    "closed": "closed",
    "licence": "waiting for a licence or a closed route",
}
Layout = dict[str, Any]


def end_items(world: World) -> list[int]:
    """Return the items that programs buy, by number, in the order of the scenario."""
    bought = set(world.net.p_item.tolist())
    made = set(world.net.l_item.tolist())
    return sorted(bought & made)


def worst_item(world: World) -> str:
    """Return the end item that falls furthest short: by value of what is wanted and not started."""
    net, s = world.net, world.s
    lack = np.maximum(0.0, s.wanted - s.started) * s.price
    items = end_items(world)
    short = [float(lack[net.l_item == item].sum()) for item in items]
    return world.names.items[items[int(np.argmax(short))]]


def feeding(world: World, item: str) -> tuple[int, ...]:
    """Return the lines that make an item or feed its makers, open or not; for ALL every line."""
    net = world.net
    if item == ALL:
        return tuple(range(len(net.l_item)))
    found = set(np.flatnonzero(net.l_item == world.names.items.index(item)).tolist())
    buyers, sellers = _between(world)
    todo = list(found)
    while todo:
        new = set(sellers[np.isin(buyers, todo)].tolist()) - found
        found |= new
        todo = list(new)
    return tuple(sorted(found))


def _between(world: World) -> tuple[np.ndarray, np.ndarray]:
    """Return the buying and the selling line of the routes between lines."""
    net = world.net
    inside = net.r_slot >= 0
    return net.k_line[net.r_slot[inside]], net.r_supplier[inside]


# ------------------------------------------------------------------------------------ layout


def layout(model: Model, item: str = ALL) -> Layout:
    """Return where everything stands: the same in every month, but for what becomes known.

    It is kept for the next call; never change it.

    Raises
    ------
    KeyError
        If the scenario makes no such item.
    """
    world = model.world
    if item != ALL and item not in world.names.items:
        raise KeyError(f"no item {item!r}; allowed: {', '.join(world.names.items)}")
    return _named(model, feeding(world, item), item, FULL)


def _named(model: Model, lines: tuple[int, ...], item: str, full: int) -> Layout:
    """Return a layout with the names of what is known now."""
    world = model.world
    visible = np.packbits(world.visible).tobytes()
    return _layout(world.scenario, item, lines, full, visible, world=world)


@by_content(128)
def _layout(
    scenario: Scenario, item: str, chosen: tuple[int, ...], full: int, visible: bytes, *,
    world: World,
) -> Layout:  # fmt: skip
    lines = list(chosen)
    routes = _routes(world, lines)
    place = {line: n for n, line in enumerate(lines)}
    cards, width = arrange(world, lines, routes, full)
    spots = {line: (n, *card.at[line]) for n, card in enumerate(cards) for line in card.lines}
    tables = world.scenario.tables
    nodes = []
    for line in lines:
        who = plant(world, line)
        card, x, y = spots[line]
        nodes.append(
            {"id": who["id"], "x": round(x), "y": round(y), "c": card, "firm": who["firm"],
             "place": who["place"], "country": who["country"], "sure": who["confidence"],
             **({"unmapped": True} if who["unmapped"] else {})}
        )  # fmt: skip
    countries = {n["country"] for n in nodes}
    names = zip(tables["countries"]["id"], tables["countries"]["name"], strict=True)
    return {
        "item": item,
        "width": round(width),
        "height": round(max(c.y + c.height for c in cards) + MARGIN),
        "dots": cards[0].dots,
        "two": full != FULL,
        "nodes": nodes,
        "cards": [
            {"id": world.names.items[c.item], "name": item_name(world.scenario, c.item),
             "unit": str(tables["items"]["unit"][c.item]), "x": round(c.x), "y": round(c.y),
             "w": c.width, "h": c.height, "tier": c.tier}
            for c in cards
        ],
        "edges": [
            [place[int(world.net.r_supplier[r])], place[int(world.net.k_line[world.net.r_slot[r]])]]
            for r in routes
        ],
        "countries": [[str(i), str(name)] for i, name in names if i in countries],
        "binds": [dict(b) for b in BINDS],
        "tiers": _titles(cards),
    }  # fmt: skip


def _titles(cards: Sequence[Card]) -> list[Layout]:
    """Return a heading for each tier."""
    found = []
    for tier in sorted({c.tier for c in cards}):
        mine = [c for c in cards if c.tier == tier]
        left, right = min(c.x for c in mine), max(c.x + c.width for c in mine)
        name = "End items" if tier == 0 else f"Tier {tier + 1}"
        found.append({"x": round(left), "w": round(right - left), "name": name,
                      "note": _count(sum(len(c.lines) for c in mine))})  # fmt: skip
    return found


def _count(plants: int) -> str:
    return "1 plant" if plants == 1 else f"{plants} plants"


def _routes(world: World, lines: Iterable[int]) -> list[int]:
    """Return the routes between some lines, by number."""
    net = world.net
    inside = np.flatnonzero(net.r_slot >= 0)
    lines = np.fromiter(lines, np.int32)
    both = np.isin(net.r_supplier[inside], lines)
    both &= np.isin(net.k_line[net.r_slot[inside]], lines)
    found: list[int] = inside[both].tolist()
    return found


# --------------------------------------------------------------------------------- the month


def state(model: Model, drawn: Layout) -> Layout:
    """Return how the plants and routes of a layout do in the model's present month.

    Series run along the nodes and edges of the layout: `binds` are places in BINDS, `made` and
    `wanted` units started and asked for in a month, `since` months from the start, `size` and
    `flow` classes of value (kUSD/month), `shut` what keeps goods from moving on a route.
    """
    world = model.world
    lines = _lines(world, drawn)
    routes = _routes(world, lines)
    s, net = world.s, world.net
    asked = drawn["item"] or worst_item(world)
    path = chain(world, first_line(world, asked)) if model.month else []
    place = {line: n for n, line in enumerate(lines)}
    lit = set(zip(path[1:], path, strict=False))
    worth = s.moving[routes] * s.price[net.r_supplier[routes]] / net.r_transit[routes]
    made = s.started[lines] * s.price[lines]
    return {
        "month": months.label(world.scenario.start + max(model.month - 1, 0)),
        "start": world.scenario.start,
        "played": model.month > 0,
        "asked": asked,
        "binds": _digits(binding(world)[lines]),
        "made": [figure(x) for x in s.started[lines].tolist()],
        "wanted": [figure(x) for x in s.wanted[lines].tolist()],
        "since": s.bound_since[lines].tolist(),
        "size": _digits(np.searchsorted(SIZES, made)),
        "flow": _digits(np.searchsorted(WIDTHS, worth)),
        "shut": "".join(_shut(world, r) for r in routes),
        "path": [place[x] for x in path if x in place],
        "lit": [
            n
            for n, r in enumerate(routes)
            if (int(net.r_supplier[r]), int(net.k_line[net.r_slot[r]])) in lit
        ],
        "says": _says(world, path, asked),
    }


def _digits(values: np.ndarray) -> str:
    return "".join(map(str, values.tolist()))


def _lines(world: World, drawn: Layout) -> list[int]:
    """Return the lines of a layout, by number."""
    number = {call(world, x): x for x in range(len(world.names.lines))}
    return [number[node["id"]] for node in drawn["nodes"]]


def _shut(world: World, r: int) -> str:
    """Return `-` for a route not in use, `x` closed, `l` waiting for a licence, `.` open."""
    s = world.s
    if not s.open[r]:
        return "-"
    if s.blocked[r] > EPS or s.squeeze[r] > EPS:
        return "x"
    return "l" if s.applied[r] > EPS else "."


def _says(world: World, path: list[int], asked: str) -> str:
    """Return in a sentence what holds an item up."""
    name = item_name(world.scenario, world.names.items.index(asked))
    if not path:
        return "Nothing has been played yet: plants stand in balance at their starting rates."
    root = path[-1]
    what = BINDS[int(binding(world)[root])]["key"]
    at = said(world, root)
    since = months.label(world.scenario.start + int(world.s.bound_since[root]))
    if len(path) == 1:
        if what == "demand":
            return f"{name}: {at} makes what is asked of it."
        return f"{name}: held up at {at}, {HOLDS[what]} since {since}."
    part = item_name(world.scenario, int(world.net.l_item[root]))
    below = f", {len(path) - 1} tiers down" if len(path) > 2 else ""
    if what == "demand":
        return f"{name}: waits for {part}{below}; {at} keeps its dates, so it was ordered late."
    return f"{name}: waits for {part}{below} from {at}, {HOLDS[what]} since {since}."


def path_layout(model: Model, full: int = NARROWER) -> Layout:
    """Return the small picture: the path of the worst item and who else buys or sells there."""
    world = model.world
    path = chain(world, first_line(world, worst_item(world)))
    buyers, sellers = _between(world)
    chosen = list(path)
    value = world.s.started * world.s.price
    for line in path:
        near = set(sellers[buyers == line].tolist()) | set(buyers[sellers == line].tolist())
        near -= set(chosen)
        chosen += sorted(near, key=lambda x: (-float(value[x]), x))[:NEIGHBOURS]
    return _named(model, tuple(sorted(set(chosen))), worst_item(world), full)


def small(model: Model) -> tuple[Layout, Layout]:
    """Return the layout and the state of the small picture."""
    drawn = path_layout(model)
    return drawn, state(model, drawn)


def choices(model: Model) -> list[Layout]:
    """Return what the picture can be narrowed to: each end item, with its number of plants."""
    world = model.world
    found = [
        {"id": world.names.items[i], "name": item_name(world.scenario, i),
         "plants": len(feeding(world, world.names.items[i]))}
        for i in end_items(world)
    ]  # fmt: skip
    return [*sorted(found, key=lambda c: str(c["name"])),
            {"id": ALL, "name": "All items", "plants": len(world.net.l_item)}]  # fmt: skip
