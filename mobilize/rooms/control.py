"""The white cell's hand: the events list, injects, rulings on moves in words, overrides, vetoes.

Each becomes interventions of the game, so that a session is played again from its file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from mobilize.crises.kinds import HOWS, moving
from mobilize.game.interventions import LONGEST, faults_of
from mobilize.interventions import Intervention
from mobilize.ladder import MINDSETS
from mobilize.luck import Luck, Stream
from mobilize.rooms.fields import (
    LINE,
    TEXT,
    number,
    one_of,
    optional,
    several,
    table,
    text,
    whole,
)
from mobilize.rooms.kinds import WHITE, Kind, RefusedError
from mobilize.rooms.roles import WHITE_CELL
from mobilize.rooms.room import EVERYBODY, Body, Member, Phase, Room

EFFECTS = 8  # of one inject or ruling
PENDING = 200
DRAWN = "drawn"
TERM = "term"


def _add(room: Room, *given: Intervention) -> Room:
    """Return the room with interventions for the coming turn or later, or refuse them."""
    wrong = dict.fromkeys(f for one in given for f in faults_of(one, room.game.scenario))
    if wrong:
        raise RefusedError("; ".join([*wrong][:3]))
    last = room.game.scenario.start + room.game.scenario.horizon
    if any(one.date >= last for one in given):
        raise RefusedError("That would be after the end of the game.")
    if len(room.play.pending) + len(given) > PENDING:
        raise RefusedError(f"At most {PENDING} acts of the white cell in one turn.")
    return room.planned(pending=(*room.play.pending, *given))


def _who(room: Room, member: Member) -> str:
    return f"white cell: {member.name}"


def _event(room: Room, member: Member, body: Body, at: float) -> Room:
    """Fire, put off or skip an event of the list; one that is fired is told at once."""
    do, why = body["do"], body.get("why") or ""
    if do != "fire" and not why.strip():
        raise RefusedError("Say why.")
    months = body.get("months") if do == "delay" else None
    who = "white cell" if do == "fire" else _who(room, member)
    one = Intervention(room.game.date, do, body["event"], amount=months, who=who, why=why)
    room = _add(room, one)
    if do != "fire":
        return room
    event = next(e for e in room.game.scenario.events if e.id == body["event"])
    return _tell(room, listeners(room, event.audience), event.title, event.text)


def listeners(room: Room, audience: tuple[str, ...]) -> tuple[str, ...]:
    """Return the seats that an audience of the events list stands for."""
    return tuple(p.id for p in room.seats if set(room.role(p.id).hears) & set(audience))


def _tell(room: Room, seats: tuple[str, ...], title: str, words: str) -> Room:
    return room.planned(told=(*room.play.told, (room.turn, seats, title, words)))


def _inject(room: Room, member: Member, body: Body, at: float) -> Room:
    """Tell seats of something that is on no list, and let it have effects."""
    known = {p.id for p in room.seats}
    seats = tuple(dict.fromkeys(body["to"]))
    if EVERYBODY in seats:
        seats = tuple(p.id for p in room.seats)
    if not seats or not set(seats) <= known:
        raise RefusedError(f"To whom? Seats are: {', '.join(sorted(known))}, or {EVERYBODY}.")
    room = _add(room, *_effects(room, member, body.get("effects") or [], body["title"]))
    return _tell(room, seats, body["title"], body["text"])


def _rule(room: Room, member: Member, body: Body, at: float) -> Room:
    """Say what a move in words does: nothing, or quantities with size and delay."""
    at_ = body["move"] - 1
    if not 0 <= at_ < len(room.moves) or room.moves[at_].ruling:
        raise RefusedError("There is no such move that waits for a ruling.")
    room = _add(room, *_effects(room, member, body.get("effects") or [], body["text"]))
    ruled = replace(room.moves[at_], ruling=body["text"], ruled=room.ahead)
    return replace(room, moves=(*room.moves[:at_], ruled, *room.moves[at_ + 1 :]))


def _effects(
    room: Room, member: Member, rows: list[Mapping[str, Any]], why: str
) -> tuple[Intervention, ...]:
    """Return what an inject or ruling does, each from `delay` months after the turn begins."""
    return tuple(
        Intervention(
            room.game.date + int(row.get("delay") or 0),
            "befall",
            row["target"],
            moving(row["what"], row["how"]) if row.get("how") else row["what"],
            row.get("amount"),
            row.get("months"),
            row.get("recovery"),
            "white cell",
            why[:LINE],
        )
        for row in rows
    )


def _override(room: Room, member: Member, body: Body, at: float) -> Room:
    """Set an outcome of the turn just resolved, at its end; it is then part of that turn."""
    turns = room.game.turns
    last, before = turns[-1], room.game.before(-1)
    one = Intervention(room.game.date - 1, "override", body["target"], body["what"],
                       float(body["amount"]), who=_who(room, member), why=body["why"])  # fmt: skip
    if wrong := faults_of(one, room.game.scenario):
        raise RefusedError("; ".join(wrong[:3]))
    if len(last.interventions) >= 4 * PENDING:
        raise RefusedError("This turn holds as many acts as a turn can.")
    game = before.after(last.settings, last.months, (*last.interventions, one))
    told = room.play.turns[-1]
    told = replace(told, interventions=(*told.interventions, (WHITE_CELL, one)))
    return room.planned(game=game, turns=(*room.play.turns[:-1], told))


def _veto(room: Room, member: Member, body: Body, at: float) -> Room:
    """Strike steps of the challenger's ladder in the coming turn: one, or whatever is chosen."""
    game = room.game
    if not game.left:
        raise RefusedError("The game is over.")
    length = min(body.get("months") or room.months, game.left)
    given = (
        Intervention(game.date + n, "veto", body.get("step") or "", who=_who(room, member),
                     why=body["why"])
        for n in range(length)
    )  # fmt: skip
    return _add(room, *given)


def _mindset(room: Room, member: Member, body: Body, at: float) -> Room:
    """Give the challenger a mindset from the coming turn on: named, or drawn anew by luck."""
    name = body["mindset"]
    if name == DRAWN:
        luck = Luck(room.game.seed, room.game.world)
        place = luck.uniform(Stream.MINDSET, 1 + len(room.log), 1)[0]
        name = MINDSETS[int(place * len(MINDSETS))]
    return _add(room, Intervention(room.game.date, "mindset", what=name,
                                   who=_who(room, member), why=body["why"]))  # fmt: skip


def _lift(room: Room, member: Member, body: Body, at: float) -> Room:
    return _add(room, Intervention(room.game.date, "lift", body["target"], body["what"],
                                   who=_who(room, member), why=body["why"]))  # fmt: skip


def _cancel(room: Room, member: Member, body: Body, at: float) -> Room:
    """Take an act back that the white cell has planned for the coming turn.

    Acts are counted anew when one is taken back: `kind` and `target` say which was meant.
    """
    place, pending = body["number"] - 1, room.play.pending
    if not 0 <= place < len(pending):
        raise RefusedError("There is no such act.")
    if any(body.get(key) not in (None, getattr(pending[place], key)) for key in ("kind", "target")):
        raise RefusedError("The list has changed since you looked: choose again.")
    return room.planned(pending=(*pending[:place], *pending[place + 1 :]))


EFFECT = {
    "what": text(60, 1),
    "how": optional(one_of(*HOWS)),  # then `what` is a term of the model, else a disturbance
    "target": text(80, 1),
    "amount": optional(number(-1e6, 1e6)),
    "months": optional(whole(0, LONGEST)),
    "recovery": optional(whole(0, LONGEST)),
    "delay": optional(whole(0, LONGEST)),
}
WHY = text(LINE, 1)
MANY = optional(several(table(EFFECT), EFFECTS))
TOLD: tuple[Phase, ...] = ("resolve", "brief")
KINDS = {
    "event": Kind("use the events list", WHITE,
                  {"do": one_of("fire", "delay", "skip"), "event": text(80, 1),
                   "months": optional(whole(1, 120)), "why": optional(text(LINE))}, _event),
    "inject": Kind("write an event", WHITE,
                   {"to": several(text(80, 1), 60), "title": text(LINE, 1), "text": text(TEXT, 1),
                    "effects": MANY}, _inject),
    "rule": Kind("rule on a move", WHITE,
                 {"move": whole(1, 10_000), "text": text(LINE, 1), "effects": MANY}, _rule),
    "override": Kind("override an outcome", WHITE,
                     {"what": text(40, 1), "target": text(80, 1), "amount": number(-1e9, 1e9),
                      "why": WHY}, _override, TOLD),
    "veto": Kind("veto a step", WHITE,
                 {"step": optional(text(40)), "months": optional(whole(1, 12)), "why": WHY},
                 _veto),
    "mindset": Kind("set the mindset", WHITE,
                    {"mindset": one_of(DRAWN, *MINDSETS), "why": WHY}, _mindset),
    "lift": Kind("end a disturbance", WHITE,
                 {"what": text(60, 1), "target": text(80, 1), "why": WHY}, _lift),
    "cancel": Kind("take an act back", WHITE,
                   {"number": whole(1, PENDING), "kind": optional(text(40)),
                    "target": optional(text(80))}, _cancel),
}  # fmt: skip
