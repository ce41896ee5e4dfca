"""What a seat is told of what was decided and what befell: chosen by kind, never by default."""

from __future__ import annotations

from typing import Any

from agents.adversary import KIND
from mobilize.game.game import PLAYED
from mobilize.game.seen import seen, unmapped, without_names
from mobilize.model import Model
from mobilize.network import HOME
from mobilize.rooms.roles import ADVERSARY, owners
from mobilize.rooms.room import Room
from mobilize.scenario import Scenario, months
from mobilize.script import BEFORE
from mobilize.world import Decision

PUBLIC = ("conflict", "disturbance", "milestone", "leak")  # told to everybody, with the reason
BARE = ("denial",)  # told to everybody; the reason only to whose decision it was
OWN = ("response", "need", "ask", "loan", "gift", "repayment", "contract", "project", "invest",
       "exit", "seat")  # fmt: skip  # told to those concerned
OF_FIRMS = ("contract", "project", "invest", "exit", "seat")  # of those, what industry hears
LAST = 400  # rows of the feed that are told


def feed(room: Room, seat: str, model: Model) -> list[dict[str, Any]]:
    """Return what a seat may know of the log of a model, the latest last."""
    scenario = room.game.scenario
    everything = "all" in room.role(seat).sees
    hidden = unmapped(model.world)
    rows = []
    for one in model.decisions:
        if one.why == BEFORE:
            continue
        told = one if everything else told_to(room, seat, one, scenario)
        if told is not None:
            told = told if everything else without_names(told, hidden)
            rows.append({**told._asdict(), "month": months.label(scenario.start + told.month)})
    return rows[-LAST:]


def told_to(room: Room, seat: str, one: Decision, scenario: Scenario) -> Decision | None:
    """Return a decision as a seat may know it, or None."""
    role, country = room.role(seat), room.place(seat).country
    if one.kind == "event":
        event = next((e for e in scenario.events if e.id == one.target), None)
        heard = event is not None and bool(set(event.audience) & set(role.hears))
        return one if heard and seen(one, scenario) else None
    if one.kind == KIND and role.name == ADVERSARY:
        return one
    if one.kind in PUBLIC:
        return one if seen(one, scenario) else None
    mine = role.plays and concerns(one, country, scenario)
    if one.kind in BARE:
        return one if mine and one.who == country else one._replace(why="")
    if one.kind == "policy":
        return one if _of_public_law(one, country, scenario) or mine else None
    if one.kind in OWN and mine:
        if "firms" in role.sees and one.kind not in OF_FIRMS:
            return None
        if one.kind in ("invest", "exit") and "firms" not in role.sees:
            return one._replace(why="", amount=0.0, unit="")
        return one
    return None


def concerns(one: Decision, country: str, scenario: Scenario) -> bool:
    """Return whether a decision was a country's own, or about something of its own."""
    if not country:
        return False
    return one.who == country or country in owners_of(one.target, scenario)


def owners_of(target: str, scenario: Scenario) -> frozenset[str]:
    """Return the countries whose thing this id is."""
    for table in ("programs", "lines", "projects", "countries"):
        known = owners(scenario, table)
        if target in known:
            return known[target]
    return frozenset()


def _of_public_law(one: Decision, country: str, scenario: Scenario) -> bool:
    """Return whether a lever was set in public: law, agreements and the home country's programs.

    What another government does with its own programs and plants is its own business.
    """
    owned = owners_of(one.target, scenario)
    return one.who == PLAYED and (not owned or HOME in owned or one.target in owned)
