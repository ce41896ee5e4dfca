"""What is planned, done and suffered in a room, in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agents.adversary import KIND as OF_CHALLENGER
from mobilize.crises.kinds import kind_of
from mobilize.game.game import PLAYED
from mobilize.game.telling import SAY, Names, amount, named, names_of, tell
from mobilize.game.things import CHOSEN, kind_title, kind_told, ladder_titles, thing
from mobilize.interventions import BASE, CHANGE, HONOUR, Intervention, outcomes
from mobilize.rooms.roles import called, seat_title
from mobilize.rooms.room import EVERYBODY, Room
from mobilize.scenario import Scenario, months
from mobilize.words import number
from mobilize.world import Decision
from policies.levers import OFF, ON, catalogue

Body = Mapping[str, Any]
VETOED = "vetoed: "  # how the reason of a veto begins in the log
DONE = {
    "ask for priority": "asks for priority for",
    "ask for a loan": "asks for a loan for",
    "lend": "lends stock to",
    "give": "gives stock to",
    "withhold": "lets nothing leave for",
    "keep output": "keeps its own output of",
    "invest": "expands",
    "close": "closes",
    "hold": "holds",
    "step": "takes the step",
    HONOUR: "honours requests for priority at plants in",
}  # act of a seat: its verb


def seat_name(room: Room, seat: str) -> str:
    """Return how a seat, everybody or what is no seat of this room is called."""
    if seat == EVERYBODY:
        return "everybody"
    if seat not in {place.id for place in room.seats}:
        return seat or "the room"
    return seat_title(seat, room.game.scenario)


def seat_called(seat: Mapping[str, Any]) -> str:
    """Return how a seat is called that a sight holds."""
    return called(seat["title"], seat["country"] if ":" in seat["id"] else "")


def lever_told(names: Names, lever: str, target: str, value: object) -> str:
    """Return a lever that is set, in words."""
    of = catalogue().get(lever)
    title, unit = (of.title, of.unit) if of else (lever, "")
    at = "" if target in ("", BASE) else f" for {names(target)}"
    if isinstance(value, str):
        return f"{title}{at}: { {ON: 'on', OFF: 'off'}.get(value, value) }"
    size = float(str(value))
    return f"{title}{at}: {amount(size, unit) or number(size)}"


def order_told(names: Names, what: str, target: str, size: float | None) -> str:
    """Return an act of a seat beside levers, in words."""
    whose = names.owners(target)[:1] if what == "withhold" else ()  # a program for its country
    told = f"{DONE.get(what, what)} {thing(names, *(whose or (target,)))}"
    if what == HONOUR:
        return f"{told}, {1.0 if size is None else size:.0%}"
    if not size:
        return told
    if what in ("lend", "give", "ask for a loan"):
        return f"{told}, {size:.0%}"
    if what == "step":
        return f"{told}, month {size + 1:g} of the turn"
    return f"{told}, {size:g} months"


def unit_told(unit: str) -> str:
    """Return a unit as people say it."""
    return {"fraction": "share, 1 is all", "multiplier": "times as much"}.get(unit, unit)


def size_told(size: float, unit: str) -> str:
    """Return how severe a disturbance is, as people say it.

    >>> size_told(0.5, "fraction"), size_told(2.0, "multiplier"), size_told(1500.0, "MUSD")
    ('50%', '2 times as much', '1,500 MUSD')
    """
    if unit == "fraction":
        return f"{size:.0%}"
    return f"{number(size)} {unit_told(unit)}"


def effect_told(names: Names, what: str, target: str, size: float | None, lasts: int | None,
                recovery: int | None = None) -> str:  # fmt: skip
    """Return a disturbance in words: what, where, how much and how long."""
    of = kind_of(what)
    size = of.severity.base if size is None else size
    lasts = round(of.months.base if lasts is None else lasts)
    how_much = "" if of.bounds[0] == of.bounds[1] else f", {size_told(size, of.unit)}"
    time = f", for {lasts} months" if lasts else ""
    back = f", then {recovery} to recover" if recovery else ""
    return f"{kind_told(what)}: {thing(names, target)}{how_much}{time}{back}"


def done_told(room: Room, one: Intervention) -> str:
    """Return something done beside levers, in words, without its reason."""
    scenario = room.game.scenario
    names = names_of(scenario)
    events = {e.id: e.title for e in scenario.events}
    event = events.get(one.target, one.target)
    if one.kind == "befall":
        told = effect_told(names, one.what, one.target, one.amount, one.months, one.recovery)
        return f"from {months.label(one.date)}: {told}"
    if one.kind == "override":
        of = outcomes()[one.what]
        where = "" if one.target == BASE else f" of {names(one.target)}"
        return f"override {of.title}{where}: {number(one.amount)} {of.unit}"
    words = {
        "fire": f"fire the event {event}",
        "delay": f"put off the event {event} by {one.amount or 1:g} months",
        "skip": f"skip the event {event}",
        "lift": f"end {kind_title(one.what)} at {thing(names, one.target)}",
        "veto": f"veto {ladder_titles().get(one.target, CHOSEN)} "
                f"in {months.label(one.date)}",
        "mindset": f"the challenger thinks as {one.what}",
        "sit": f"{names(one.target)} neither expands nor leaves by its own rule"
               if one.who == one.target else f"{names(one.target)} decides itself: {one.what}",
        "rise": f"rules decide again for {names(one.target)}: {one.what}",
    }  # fmt: skip
    if one.kind in words:
        return words[one.kind]
    what = one.what if one.kind == "act" else one.kind
    return f"{names(one.who)} {order_told(names, what, one.target, one.amount)}"


def feed_told(row: Body, scenario: Scenario) -> dict[str, str]:
    """Return a row of a feed (see :mod:`mobilize.rooms.feed`) in words: month, kind, what, why."""
    names = names_of(scenario)
    month = months.parse(row["month"]) - scenario.start
    d = Decision(**{**{key: row[key] for key in Decision._fields}, "month": month})
    what, why = _said(d, scenario, names)
    return {"month": str(row["month"]), "kind": d.kind, "what": what, "why": why}


def _said(d: Decision, scenario: Scenario, names: Names) -> tuple[str, str]:
    if d.kind == "policy" and d.who == PLAYED:
        lever, _, value = d.why.partition(": ")[2].partition(" = ")
        return lever_told(names, lever, d.target, _value(value)), ""
    if d.kind in SAY:
        row = tell(0, d, scenario, names, {})
        return row.what, row.why
    told = CHANGE.fullmatch(d.why) if d.kind == "override" else None
    if told is not None:
        change = f"{number(float(told['old']))} to {number(d.amount)} {told['unit']}"
        return f"Override, {told['title']} at {thing(names, d.target)}: {change}", told["why"]
    if d.kind == OF_CHALLENGER and d.why.startswith(VETOED):
        return step_told(d, names)
    head = "The challenger" if d.kind == OF_CHALLENGER else names(d.who)
    at = "" if d.target in ("", BASE, "mindset") else f", {thing(names, d.target)}"
    return f"{head}{at}", named(d.why, names)


def step_told(d: Decision, names: Names) -> tuple[str, str]:
    """Return who took or struck a step of the ladder, in words, and why."""
    if d.why.startswith(VETOED):
        return f"White cell vetoes {thing(names, d.target)}", d.why.removeprefix(VETOED)
    return f"{names(d.who)}: {thing(names, d.target)}", d.why


def _value(text: str) -> str | float:
    try:
        return float(text)
    except ValueError:
        return text
