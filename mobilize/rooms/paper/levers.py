"""Levers and acts of a seat, as tables for a handout."""

from __future__ import annotations

from collections.abc import Iterable

from mobilize.game.page import table
from mobilize.rooms.acts import acts
from mobilize.rooms.paper.words import names
from mobilize.rooms.players import hidden_at_start
from mobilize.rooms.roles import Place, aims, roles, word
from mobilize.scenario import Scenario
from mobilize.words import number
from policies.levers import GROUPS, OFF, Lever, catalogue
from policies.package import BASE, WHOLE

NAMED = 3  # targets that are named


def lever_tables(scenario: Scenario, place: Place, side: str) -> str:
    """Return the levers that a seat decides or asks for, a table a group, as HTML."""
    found = []
    for group, title in GROUPS.items():
        rows = [
            (lever, aimed)
            for lever in catalogue().values()
            if lever.group == group
            and word(roles()[place.role], lever) == side
            and (aimed := known_aims(scenario, place, lever))
        ]
        if rows:
            head = ("lever", "what to know", "set to", "aimed at", "works after", "cost [MUSD]",
                    "confidence")  # fmt: skip
            cells = [
                (lever.title, lever.lesson, values(lever), few(aimed, names(scenario)),
                 onset(lever), cost(lever), lever.confidence)
                for lever, aimed in rows
            ]  # fmt: skip
            found.append(table(head, cells, title))
    return "".join(found)


def known_aims(scenario: Scenario, place: Place, lever: Lever) -> tuple[str, ...]:
    """Return at what a seat may aim a lever, without plants that nobody has mapped."""
    hidden = hidden_at_start(scenario)
    return tuple(target for target in aims(place, lever, scenario) if target not in hidden)


def act_table(names: Iterable[str]) -> str:
    """Return acts as a table."""
    head = ("act", "what it does", "about", "size", "works", "cost")
    known = [acts()[name] for name in names]
    return table(head, [(a.title, a.does, a.about, a.size, a.bites, a.cost) for a in known])


def values(lever: Lever) -> str:
    """Return in words what a lever may be set to."""
    told = [number(v) if isinstance(v, float) else v for v in lever.values]
    if lever.setting == "amount":
        return f"{told[0]} to {told[1]} {lever.unit}, or off"
    return ", ".join(dict.fromkeys([*told, OFF]))


def few(ids: tuple[str, ...], named: dict[str, str]) -> str:
    """Return the names of the first of some ids, and how many more there are."""
    if ids == (BASE,):
        return WHOLE
    more = len(ids) - NAMED
    told = (named.get(i, i) for i in ids[:NAMED])
    return "; ".join(told) + (f" and {more} more" if more > 0 else "")


def onset(lever: Lever) -> str:
    """Return when a lever works, in words."""
    low, base, high = (number(v) for v in (lever.onset.low, lever.onset.base, lever.onset.high))
    span = f" ({low} to {high})" if low != high else ""
    return f"{base} months{span}"


def cost(lever: Lever) -> str:
    """Return what a lever costs, in words."""
    told = [f"{number(lever.once)} once"] if lever.once else []
    told += [f"{number(lever.yearly)} a year"] if lever.yearly else []
    return ", ".join(told) or "none of its own"
