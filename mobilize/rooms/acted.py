"""The acts of a room in plain words, as its log tells them."""

from __future__ import annotations

from collections.abc import Callable

from mobilize.crises.kinds import MOVING
from mobilize.game.telling import Names, names_of
from mobilize.game.things import CHOSEN, figure_titles, kind_title, ladder_titles, thing
from mobilize.interventions import BASE, outcomes
from mobilize.rooms.room import Room
from mobilize.rooms.told import (
    Body,
    effect_told,
    lever_told,
    order_told,
    seat_name,
)
from mobilize.words import number
from policies.levers import catalogue

Say = Callable[[Room, Names, Body], str]


def act_told(room: Room, kind: str, body: Body) -> str:
    """Return an accepted act of a room in words; its reason stands apart."""
    said = ACTS.get(kind)
    return said(room, names_of(room.game.scenario), body) if said else kind


def why_of(body: Body) -> str:
    """Return the reason given with an act, or ""."""
    return str(body.get("why") or "")


def _for(room: Room, body: Body) -> str:
    """Return for whom somebody else plans."""
    return f" (for {seat_name(room, body['seat'])})" if body.get("seat") else ""


def _name(room: Room, member: str) -> str:
    """Return the name of somebody, also of one who has left."""
    if member in room.members:
        return room.members[member].name
    joined = (e.body for e in room.log if e.kind == "join" and e.body["member"] == member)
    return next((str(body["name"]) for body in joined), member)


def _set(room: Room, names: Names, b: Body) -> str:
    return (
        f"plans {lever_told(names, b['lever'], b.get('target') or BASE, b['value'])}{_for(room, b)}"
    )


def _unset(room: Room, names: Names, b: Body) -> str:
    lever = catalogue()[b["lever"]].title if b["lever"] in catalogue() else b["lever"]
    at = b.get("target") or BASE
    where = "" if at == BASE else f" for {names(at)}"
    return f"takes back {lever}{where}{_for(room, b)}"


def _order(room: Room, names: Names, b: Body) -> str:
    return f"plans: {order_told(names, b['what'], b['target'], b.get('amount'))}{_for(room, b)}"


def _predict(room: Room, names: Names, b: Body) -> str:
    reason = f": {b['text']}" if b.get("text") else ""
    what = figure_titles(room.game.scenario)[b["kind"], b["key"]]
    return f"predicts {what} = {number(b['value'])}{reason}"


def _say(room: Room, names: Names, b: Body) -> str:
    return f"to {', '.join(seat_name(room, s) for s in b['to'])}: {b['text']}"


def term_told(room: Room, term: Body) -> str:
    """Return what one side gives in an offer, in words."""
    names, by = names_of(room.game.scenario), seat_name(room, term["by"])
    if term.get("promise"):
        return f"{by} promises: {term['promise']}"
    if term.get("lever"):
        told = lever_told(names, term["lever"], term.get("target") or BASE, term.get("value", ""))
        return f"{by} sets {told}"
    told = order_told(names, term["act"], term.get("target") or "", term.get("amount"))
    return f"{by} {told}"


def _offer(room: Room, names: Names, b: Body) -> str:
    terms = "; ".join(term_told(room, term) for term in b["terms"])
    text = f" ({b['text']})" if b.get("text") else ""
    return f"offers {seat_name(room, b['to'])}: {terms}{text}"


def _event(room: Room, names: Names, b: Body) -> str:
    title = next((e.title for e in room.game.scenario.events if e.id == b["event"]), b["event"])
    verb = {"fire": "fires", "delay": "puts off", "skip": "skips"}[b["do"]]
    later = f" by {b.get('months') or 1} months" if b["do"] == "delay" else ""
    return f"{verb} the event {title}{later}"


def _effects(room: Room, names: Names, b: Body) -> str:
    rows = []
    for row in b.get("effects") or []:
        what = f"{MOVING}:{row['what']}:{row['how']}" if row.get("how") else row["what"]
        told = effect_told(names, what, row["target"], row.get("amount"), row.get("months"),
                           row.get("recovery"))  # fmt: skip
        rows.append(f"after {row.get('delay') or 0} months {told}")
    return f" [{'; '.join(rows)}]" if rows else ""


def _inject(room: Room, names: Names, b: Body) -> str:
    to = ", ".join(seat_name(room, s) for s in b["to"])
    return f"writes an event to {to}: {b['title']}: {b['text']}{_effects(room, names, b)}"


def _override(room: Room, names: Names, b: Body) -> str:
    of = outcomes()[b["what"]]
    where = "" if b["target"] == BASE else f" of {names(b['target'])}"
    return f"overrides {of.title}{where}: now {number(float(b['amount']))} {of.unit}"


def _timer(room: Room, names: Names, b: Body) -> str:
    seconds = b.get("seconds") or 0
    time = f"{seconds / 60:g} minutes"
    return {"start": "starts the clock", "pause": "stops the clock", "add": f"adds {time}",
            "set": f"sets the clock to {time}"}[b["do"]]  # fmt: skip


def _grant(room: Room, names: Names, b: Body) -> str:
    lever, at = catalogue()[b["lever"]].title, b.get("target") or BASE
    where = "" if at == BASE else f" for {names(at)}"
    verb = "grants" if b["yes"] else "refuses"
    return f"{verb} {seat_name(room, b['seat'])}: {lever}{where}"


ACTS: dict[str, Say] = {
    "set": _set,
    "unset": _unset,
    "order": _order,
    "unorder": lambda room, _, b: f"takes back act {b['number']}{_for(room, b)}",
    "submit": lambda room, _, b: f"hands in{_for(room, b)}",
    "reopen": lambda room, _, b: f"reopens the plan{_for(room, b)}",
    "predict": _predict,
    "note": lambda room, _, b: f"notes: {b['text']}",
    "move": lambda room, _, b: f"moves in words: {b['text']}",
    "part": lambda room, _, b: f"takes the part {b['part'].replace('-', ' ') or 'of nobody'}",
    "say": _say,
    "offer": _offer,
    "answer": lambda room, _, b: f"{'accepts' if b['accept'] else 'declines'} offer {b['offer']}",
    "withdraw": lambda room, _, b: f"withdraws offer {b['offer']}",
    "judge": lambda room, _, b: f"promise {b['promise']}: {'kept' if b['kept'] else 'broken'}",
    "next": lambda room, _, b: "goes on to the next phase",
    "unlock": lambda room, _, b: "unlocks the plans",
    "timer": _timer,
    "undo": lambda room, _, b: f"goes back to the plan of turn {b['turn']}",
    "grant": _grant,
    "stand-in": lambda room, _, b: (
        f"{'rules play for' if b['on'] else 'people decide again for'} {seat_name(room, b['seat'])}"
    ),
    "join": lambda room, _, b: f"{b['name']} joins {seat_name(room, b['seat'])}",
    "reseat": lambda room, _, b: (
        f"seats {_name(room, b['member'])} at {seat_name(room, b['seat'])}"
    ),
    "remove": lambda room, _, b: f"removes {_name(room, b['member'])}",
    "event": _event,
    "inject": _inject,
    "rule": lambda room, names, b: (
        f"rules on move {b['move']}: {b['text']}{_effects(room, names, b)}"
    ),
    "override": _override,
    "veto": lambda room, _, b: f"vetoes {ladder_titles().get(b.get('step') or '', CHOSEN)}",
    "mindset": lambda room, _, b: f"sets the mindset: {b['mindset']}",
    "lift": lambda room, names, b: f"ends {kind_title(b['what'])} at {thing(names, b['target'])}",
    "cancel": lambda room, _, b: f"takes back its planned act {b['number']}",
}
