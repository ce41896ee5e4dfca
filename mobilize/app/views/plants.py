"""What pictures and answers say of a plant: a line of the scenario, named as a player knows it.

A supplier that governments have not mapped has no name and no place here; it is called by a number
that says nothing (`#12`).
"""

from __future__ import annotations

import math
import re
from typing import Any

import numpy as np

from mobilize.chain import held_up
from mobilize.scenario import Scenario, by_content
from mobilize.state import BOUND, INPUT, Ints
from mobilize.why import LICENCE
from mobilize.world import World

UNMAPPED, ANY = "Unmapped supplier", "an unmapped supplier"  # as a name, in a sentence
HELD_UP = len(BOUND)  # place of LICENCE among what binds
Row = dict[str, Any]

BINDS: tuple[Row, ...] = (
    {"key": "demand", "letter": "D", "name": "Demand", "note": "makes what is asked of it"},
    {"key": "equipment", "letter": "E", "name": "Equipment", "note": "no more machines"},
    {"key": "crew", "letter": "C", "name": "Crew", "note": "too few trained people"},
    {"key": "input", "letter": "I", "name": "Input", "note": "waits for parts or material"},
    {"key": "disturbance", "letter": "X", "name": "Disturbance", "note": "fire, strike, attack"},
    {"key": "qualification", "letter": "Q", "name": "Qualification", "note": "not yet qualified"},
    {"key": "closed", "letter": "Z", "name": "Closed", "note": "has left the market"},
    {"key": "licence", "letter": "L", "name": "Licence or route", "note": "goods may not move"},
)
"""What can bind a line, in the order of BOUND and then a licence or closed route."""


def binding(world: World) -> Ints:
    """Return what binds each line, its place among BINDS, shape (lines,)."""
    found = world.s.bound.astype(np.int32)
    for line in np.flatnonzero(found == INPUT).tolist():
        if held_up(world, line):
            found[line] = HELD_UP
    return found


def bind_of(words: str) -> str:
    """Return the key of what binds from its words in a :class:`mobilize.why.Link`."""
    return str(BINDS[HELD_UP if words == LICENCE else BOUND.index(words)]["key"])


def call(world: World, line: int) -> str:
    """Return what a line is asked about by: its id, or a bare number while it is not mapped."""
    return world.names.lines[line] if world.visible[line] else f"#{line}"


def called(world: World, target: str) -> str:
    """Return the id of the line that :func:`call` named, any other target as it is."""
    found = re.fullmatch(r"#(\d+)", target)
    if found and int(found[1]) < len(world.names.lines):
        return world.names.lines[int(found[1])]
    return target


def plant(world: World, line: int) -> Row:
    """Return who a line is, as far as it is known."""
    tables, net, names = world.scenario.tables, world.net, world.names
    known = bool(world.visible[line])
    item = int(net.l_item[line])
    firm = int(net.l_firm[line])
    return {
        "id": call(world, line),
        "firm": str(tables["firms"]["name"][firm]) if known else UNMAPPED,
        "place": str(tables["lines"]["place"][line]) if known else "",
        "country": names.countries[net.l_country[line]] if known else "",
        "item": names.items[item],
        "item_name": item_name(world.scenario, item),
        "unit": str(tables["items"]["unit"][item]),
        "unmapped": not known,
        "confidence": str(tables["lines"]["confidence"][line]),
    }


def item_name(scenario: Scenario, item: int) -> str:
    """Return the name of an item, by number, as it is written on its own."""
    name = str(scenario.tables["items"]["name"][item])
    return name[:1].upper() + name[1:]


def label(world: World, line: int) -> str:
    """Return a line as its firm and place."""
    who = plant(world, line)
    return f"{who['firm']}, {who['place']}" if who["place"] else who["firm"]


def said(world: World, line: int) -> str:
    """Return a line as a sentence calls it."""
    return label(world, line) if world.visible[line] else ANY


def figure(value: float) -> float:
    """Return a figure with three digits, whole from 1,000 on: what a picture needs of it.

    >>> figure(0.123456), figure(51234.6), figure(float("inf"))
    (0.123, 51235, 0.0)
    """
    if not math.isfinite(value):
        return 0.0
    if abs(value) >= 1000:
        return round(value)
    return float(f"{value:.3g}")


def plain(world: World, text: str) -> str:
    """Return a text of the model with names in the place of ids; of the unmapped, none.

    Ids of lines become firm and place, those of items, programs and firms their names.
    """
    known = _names(world.scenario)
    hidden = {world.names.lines[x]: ANY for x in np.flatnonzero(~world.visible)}
    firms = {world.names.firms[world.net.l_firm[x]] for x in np.flatnonzero(~world.visible)}
    hidden |= dict.fromkeys(firms, ANY)

    def name(found: re.Match[str]) -> str:
        word = found[0]
        return hidden.get(word) or known.get(word, word)

    return re.sub(r"[A-Za-z0-9][\w-]*[A-Za-z0-9]", name, text)


@by_content(16)
def _names(scenario: Scenario) -> dict[str, str]:
    """Return by id the names of lines, and of items, programs and firms that are no plain word."""
    tables = scenario.tables
    firms = dict(zip(tables["firms"]["id"], tables["firms"]["name"], strict=True))
    lines = tables["lines"]
    rows = [
        (str(i), f"{firms[f]} ({p})")
        for i, f, p in zip(lines["id"], lines["firm"], lines["place"], strict=True)
    ]
    for table in ("items", "programs", "firms", "projects"):
        pairs = zip(tables[table]["id"], tables[table]["name"], strict=True)
        rows += [(str(i), str(name)) for i, name in pairs if "-" in str(i) or str(i).isupper()]
    return dict(reversed(rows))
