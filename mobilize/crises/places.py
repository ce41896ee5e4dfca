"""What a disturbance strikes: its target as lines, routes, countries of a world."""

from __future__ import annotations

import numpy as np

from mobilize.crises.kinds import BASE, FORMS, Kind
from mobilize.crises.trouble import Trouble
from mobilize.network import Names
from mobilize.state import Ints
from mobilize.world import World


def form(names: Names, kind: Kind, target: str) -> str:
    """Return which of the forms that a kind can strike a target has."""
    return stands_for(names, kind.targets, target)


def stands_for(names: Names, forms: tuple[str, ...], target: str) -> str:
    """Return the first of some forms that a target has.

    Raises
    ------
    ValueError
        If it has none of them.
    """
    for name in forms:
        if _is(names, name, target):
            return name
    raise ValueError(f"'{target}' is not {', or '.join(FORMS[name] for name in forms)}")


def _is(names: Names, form: str, target: str) -> bool:
    if form == BASE:
        return target == BASE
    if form == "route":
        return tuple(target.split(">")) in names.routes
    if form == "item@country":
        item, _, country = target.partition("@")
        return item in names.items and country in names.countries
    tables = {"line": names.lines, "firm": names.firms, "item": names.items,
              "country": names.countries, "program": names.programs,
              "project": names.projects}  # fmt: skip
    return target in tables[form]


def lines_of(world: World, form: str, target: str) -> Ints:
    """Return the lines of a target: itself, a firm's, an item's, a country's, all."""
    net, names = world.net, world.names
    if form == "line":
        chosen = np.arange(len(net.l_item)) == names.lines.index(target)
    elif form == "firm":
        chosen = net.l_firm == names.firms.index(target)
    elif form == "item":
        chosen = net.l_item == names.items.index(target)
    elif form == "country":
        chosen = net.l_country == names.countries.index(target)
    elif form == "item@country":
        item, _, country = target.partition("@")
        chosen = net.l_item == names.items.index(item)
        chosen &= net.l_country == names.countries.index(country)
    else:
        chosen = np.ones(len(net.l_item), np.bool_)
    return np.flatnonzero(chosen).astype(np.int32)


def exports_of(world: World, trouble: Trouble) -> Ints:
    """Return the routes on which a target's goods leave their country, or the one route."""
    net, target = world.net, trouble.target
    at = form(world.names, trouble.of, target)
    if at == "route":
        buyer, supplier = target.split(">")
        return np.array([world.names.routes.index((buyer, supplier))], dtype=np.int32)
    abroad = net.r_buyer != net.l_country[net.r_supplier]
    mine = np.isin(net.r_supplier, lines_of(world, at, target)) & abroad
    return np.flatnonzero(mine).astype(np.int32)


def sea_routes_of(world: World, trouble: Trouble) -> Ints:
    """Return the routes over a border that ships to or from a target take."""
    net, out = world.net, exports_of(world, trouble)
    if form(world.names, trouble.of, trouble.target) != "country":
        return out
    country = country_of(world, trouble.target)
    into = (net.r_buyer == country) & (net.l_country[net.r_supplier] != country)
    return np.concatenate([out, np.flatnonzero(into)]).astype(np.int32)


def country_of(world: World, target: str) -> int:
    """Return the number of a country, or of the country of a target `ITEM@COUNTRY`."""
    return world.names.countries.index(target.rpartition("@")[2])


def struck(world: World, trouble: Trouble) -> Ints:
    """Return the lines a disturbance strikes: of a project its own, of a program its makers'."""
    names, net = world.names, world.net
    at = form(names, trouble.of, trouble.target)
    if at == "project":
        return net.j_line[[names.projects.index(trouble.target)]]
    if at == "program":
        i = names.programs.index(trouble.target)
        return net.r_supplier[net.p_sales[net.p_routes[i] : net.p_routes[i + 1]]]
    return lines_of(world, at, trouble.target)


def routes_of(world: World, trouble: Trouble) -> Ints:
    """Return the routes on which a disturbance is felt, or none."""
    if "delay" in trouble.of.does:
        return sea_routes_of(world, trouble)
    if {"close", "squeeze"} & set(trouble.of.does):
        return exports_of(world, trouble)
    return np.zeros(0, np.int32)
