"""Roles of a room, as data (``roles.toml``): who sits for whom, and which levers are theirs."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from mobilize.columns import line_country
from mobilize.network import HOME
from mobilize.scenario import Scenario, by_content
from policies.levers import Lever, catalogue
from policies.package import BASE
from policies.targets import targets

FILE = Path(__file__).with_name("roles.toml")
WHITE_CELL, ADVERSARY = "white-cell", "adversary"
WATCHERS = ("observer", "projector")
ALONE = ("home", "none", "challenger")  # of a role that sits there, a room has one seat
NOBODY = ""  # country of a role that sits for none
LENDS = "loan"  # what the lever moves by which stock is lent
DECIDES, ASKS = "decides", "asks"


@dataclass(frozen=True)
class Part:
    """A sub-role of a team: the groups of levers and the acts that are its own decision."""

    name: str
    title: str
    groups: tuple[str, ...]
    acts: tuple[str, ...]


@dataclass(frozen=True)
class Role:
    """One role; the fields are explained in the data file."""

    name: str
    title: str
    about: str
    sits: str
    decides: tuple[str, ...]
    asks: tuple[str, ...]
    reach: str
    acts: tuple[str, ...]
    rules: tuple[str, ...]
    hears: tuple[str, ...]
    sees: tuple[str, ...]
    parts: tuple[Part, ...]

    @property
    def plays(self) -> bool:
        """Return whether it is a team, neither the white cell nor one that only watches."""
        return self.name != WHITE_CELL and self.name not in WATCHERS


@dataclass(frozen=True, order=True)
class Place:
    """A seat that a scenario offers: a role, and the country it sits for ("" for none)."""

    role: str
    country: str

    @property
    def id(self) -> str:
        """Return how the seat is called in a room."""
        alone = roles()[self.role].sits in ALONE
        return self.role if alone else f"{self.role}:{self.country}"


@cache
def roles() -> dict[str, Role]:
    """Return every role by name, in the order in which it has the word."""
    rows = tomllib.loads(FILE.read_text(encoding="utf-8"))["role"]
    return {row["name"]: _role(row) for row in rows}


def _role(row: dict[str, Any]) -> Role:
    parts = tuple(
        Part(p["name"], p["title"], tuple(p["groups"]), tuple(p["acts"]))
        for p in row.get("part", [])
    )
    lists = ("decides", "asks", "acts", "rules", "hears", "sees")
    rest: dict[str, Any] = {k: tuple(v) if k in lists else v for k, v in row.items() if k != "part"}
    return Role(**rest, parts=parts)


@by_content()
def places(scenario: Scenario) -> tuple[Place, ...]:
    """Return the seats that a scenario offers, in the order of the roles."""
    return tuple(
        Place(role.name, country)
        for role in roles().values()
        for country in SITS[role.sits](scenario)
    )


def country_name(country: str, scenario: Scenario) -> str:
    """Return the name of a country of a scenario, or "" for none."""
    table = scenario.tables["countries"]
    at = dict(zip(map(str, table["id"]), map(str, table["name"]), strict=True))
    return at.get(country, "")


def seat_title(seat: str, scenario: Scenario) -> str:
    """Return how a seat is called: its role, and its country where several seats have the role."""
    role, _, country = seat.partition(":")
    return called(roles()[role].title, country_name(country, scenario))


def called(title: str, country: str) -> str:
    """Return the name of a seat by the title of its role and its country, or ""."""
    return f"{title} · {country}" if country else title


def _home(scenario: Scenario) -> list[str]:
    return [HOME]


def _none(scenario: Scenario) -> list[str]:
    return [NOBODY]


def _challenger(scenario: Scenario) -> list[str]:
    challenger = scenario.challenger
    return [challenger.country] if challenger is not None and challenger.acts else []


def _stance(*words: str) -> Callable[[Scenario], list[str]]:
    def found(scenario: Scenario) -> list[str]:
        table = scenario.tables["countries"]
        may = np.isin(table["stance"], words) & (table["alignment"] > 0) & (table["id"] != HOME)
        return [str(c) for c in table["id"][may]]

    return found


SITS: dict[str, Callable[[Scenario], list[str]]] = {
    "home": _home,
    "none": _none,
    "challenger": _challenger,
    "ally": _stance("large", "none", "lead"),
    "front_line": _stance("front_line"),
    "neutral": _stance("neutral"),
}


def word(role: Role, lever: Lever) -> str:
    """Return whether a role decides on a lever, asks for it, or neither ("")."""
    if lever.mover in role.decides:
        return DECIDES
    return ASKS if lever.mover in role.asks else ""


def aims(place: Place, lever: Lever, scenario: Scenario) -> tuple[str, ...]:
    """Return at what a seat may aim a lever: ids of the scenario, or ("base",)."""
    role = roles()[place.role]
    if not word(role, lever):
        return ()
    if LENDS in (m.quantity for m in lever.moves) and role.reach == "own":
        return ()  # the lever takes whoever has most to spare; a seat lends by its act
    every = (BASE,) if lever.target == BASE else targets(lever, scenario)
    if role.reach == "any":
        return tuple(t for t in every if not _foreign(role, lever, t, scenario))
    if lever.target == BASE:  # decided together with others
        return every if word(role, lever) == ASKS else ()
    own = owners(scenario, lever.target)
    return tuple(t for t in every if place.country in own.get(t, ()))


def _foreign(role: Role, lever: Lever, target: str, scenario: Scenario) -> bool:
    """Return whether a target belongs to another government's offices and money."""
    shared = lever.mover.startswith(("program office", "Congress and President, or allied"))
    if not shared or lever.target not in ("programs", "countries"):
        return False
    return HOME not in owners(scenario, lever.target).get(target, ())


@by_content()
def owners(scenario: Scenario, table: str) -> dict[str, frozenset[str]]:
    """Return by id of a table the countries whose it is: of a project, payer and site."""
    rows = scenario.tables[table]
    if table == "countries":
        return {str(c): frozenset({str(c)}) for c in rows["id"]}
    if table == "programs":
        return {
            str(i): frozenset({str(c)}) for i, c in zip(rows["id"], rows["country"], strict=True)
        }
    at = line_country(scenario)
    if table == "lines":
        return {str(i): frozenset({at[str(i)]}) for i in rows["id"]}
    both = zip(rows["id"], rows["line"], rows["payer"], strict=True)
    return {str(i): frozenset({at[str(line)], str(payer)}) for i, line, payer in both}


@dataclass(frozen=True)
class Holding:
    """Who may move a lever in a scenario: seats that decide, seats that ask; or why nobody."""

    decides: tuple[str, ...]
    asks: tuple[str, ...]
    why_not: str = ""


def holdings(scenario: Scenario) -> dict[str, Holding]:
    """Return by lever who may move it in a scenario, and why where nobody may."""
    seats = places(scenario)
    found = {}
    for lever in catalogue().values():
        may = [p for p in seats if aims(p, lever, scenario)]
        sides = [
            tuple(p.id for p in may if word(roles()[p.role], lever) == side)
            for side in (DECIDES, ASKS)
        ]
        found[lever.name] = Holding(sides[0], sides[1], "" if may else _why_not(lever, scenario))
    return found


def _why_not(lever: Lever, scenario: Scenario) -> str:
    if lever.target != BASE and not targets(lever, scenario):
        return f"the scenario has nothing it could be aimed at ({lever.only} of {lever.target})"
    if LENDS in (m.quantity for m in lever.moves):
        return "whoever lends does it as an act of its own seat"
    movers = [r.title for r in roles().values() if word(r, lever)]
    if not movers:
        return f"no role moves what {lever.mover} moves"
    return f"nobody sits here for whom it is: {', '.join(movers)}"
