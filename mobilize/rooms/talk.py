"""Messages and offers between seats; what is accepted becomes levers, acts or a promise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from mobilize.rooms.fields import (
    LINE,
    TEXT,
    number,
    optional,
    several,
    table,
    text,
    value_of_lever,
    whole,
    yes_or_no,
)
from mobilize.rooms.kinds import TEAMS_AND_WHITE, WHITE, Kind, RefusedError
from mobilize.rooms.players import carried_out, own_part, setting
from mobilize.rooms.roles import WHITE_CELL
from mobilize.rooms.room import (
    EVERYBODY,
    Body,
    Member,
    Message,
    Offer,
    Order,
    Promise,
    Room,
    Term,
)
from policies.levers import catalogue

TERMS, OPEN, SAID = 6, 12, 600  # of an offer; of a seat's open offers; of a seat's messages


def _say(room: Room, member: Member, body: Body, _: float) -> Room:
    to = tuple(dict.fromkeys(body["to"]))
    if EVERYBODY in to and member.seat != WHITE_CELL:
        raise RefusedError("Only the white cell speaks to everybody: name the seats.")
    for seat in to:
        if seat != EVERYBODY:
            _talks(room, seat)
    if not to or to == (member.seat,):
        raise RefusedError("To whom? Name a seat.")
    if sum(m.by == member.seat for m in room.messages) >= SAID:
        raise RefusedError(f"A team sends {SAID} messages at most.")
    new = Message(len(room.messages) + 1, room.turn, member.seat, member.name, to, body["text"])
    return replace(room, messages=(*room.messages, new))


def _talks(room: Room, seat: str) -> None:
    if seat not in {p.id for p in room.seats} or not (room.role(seat).plays or seat == WHITE_CELL):
        raise RefusedError(f"There is no seat '{seat[:40]}' to speak to in this room.")


def _offer(room: Room, member: Member, body: Body, _: float) -> Room:
    to = body["to"]
    _talks(room, to)
    if to == member.seat:
        raise RefusedError("An offer goes to another seat.")
    mine = [o for o in room.offers if o.by == member.seat and o.state == "open"]
    if len(mine) >= OPEN:
        raise RefusedError(f"{OPEN} offers are open already: withdraw one.")
    terms = tuple(_term(room, (member.seat, to), row) for row in body["terms"])
    if not terms:
        raise RefusedError("An offer gives or asks for something: name a lever, an act, a word.")
    _own_parts(room, member, terms)
    new = Offer(len(room.offers) + 1, member.seat, to, body.get("text") or "", terms)
    return replace(room, offers=(*room.offers, new))


def _term(room: Room, sides: tuple[str, str], row: Mapping[str, Any]) -> Term:
    """Return a term of an offer that its side could carry out, or refuse it."""
    given = {key: value for key, value in row.items() if value is not None}
    term = Term(**given)
    if term.by not in sides:
        raise RefusedError("A term binds one of the two sides of the offer.")
    said = [bool(term.lever), bool(term.act), bool(term.promise)]
    if sum(said) != 1:
        raise RefusedError("A term is one of: a lever, an act, a promise.")
    if term.lever:
        setting(room, term.by, term.lever, term.target or "base", term.value)
    if term.act:
        if term.act not in room.role(term.by).acts:
            raise RefusedError(f"{room.role(term.by).title} does not decide '{term.act[:40]}'.")
        carried_out(room, term.by, order_of(term))
    return term


def _own_parts(room: Room, member: Member, terms: tuple[Term, ...]) -> None:
    """Refuse to bind one's team to what another member of it has for their own decision."""
    for term in terms:
        if term.by == member.seat and not term.promise:
            group = catalogue()[term.lever].group if term.lever else ""
            own_part(room, member, group, term.act)


def order_of(term: Term) -> Order:
    """Return the act that a term binds its side to."""
    return Order(0, term.act, term.target, term.amount, "agreed in an offer")


def _answer(room: Room, member: Member, body: Body, _: float) -> Room:
    offer = _open(room, body["offer"])
    if offer.to != member.seat:
        raise RefusedError("That offer was not made to you.")
    if not body["accept"]:
        return _state(room, offer, "declined")
    if not room.game.left:
        raise RefusedError("The game is over.")
    for term in offer.terms:  # what was possible when it was offered may not be now
        _term(room, (offer.by, offer.to), _row(term))
    _own_parts(room, member, offer.terms)
    room = _state(room, replace(offer, turn=room.ahead), "accepted")
    bound = tuple(t for t in offer.terms if not t.promise)
    kept = list(room.promises)
    for term in offer.terms:
        if term.promise:
            other = offer.to if term.by == offer.by else offer.by
            kept.append(Promise(len(kept) + 1, offer.number, term.by, other, term.promise))
    room = replace(room, promises=tuple(kept))
    return room.planned(bound=(*room.play.bound, *bound))


def _row(term: Term) -> dict[str, Any]:
    plain = Term("")
    return {"by": term.by} | {
        key: getattr(term, key)
        for key in ("lever", "target", "value", "act", "amount", "promise")
        if getattr(term, key) != getattr(plain, key)
    }


def _withdraw(room: Room, member: Member, body: Body, _: float) -> Room:
    offer = _open(room, body["offer"])
    if offer.by != member.seat:
        raise RefusedError("That offer is not yours.")
    return _state(room, offer, "withdrawn")


def _open(room: Room, number: int) -> Offer:
    if not 1 <= number <= len(room.offers) or room.offers[number - 1].state != "open":
        raise RefusedError("There is no such open offer.")
    return room.offers[number - 1]


def _state(room: Room, offer: Offer, state: str) -> Room:
    at = offer.number - 1
    offers = (*room.offers[:at], replace(offer, state=state), *room.offers[at + 1 :])
    return replace(room, offers=offers)


def _judge(room: Room, member: Member, body: Body, _: float) -> Room:
    at = body["promise"] - 1
    if not 0 <= at < len(room.promises):
        raise RefusedError("There is no such promise.")
    told = replace(room.promises[at], kept=body["kept"])
    return replace(room, promises=(*room.promises[:at], told, *room.promises[at + 1 :]))


TERM = {
    "by": text(80, 1),
    "lever": optional(text(80)),
    "target": optional(text(80)),
    "value": optional(value_of_lever),
    "act": optional(text(40)),
    "amount": optional(number(0, 1e6)),
    "promise": optional(text(LINE)),
}
KINDS = {
    "say": Kind("send a message", TEAMS_AND_WHITE,
                {"to": several(text(80, 1), 40), "text": text(TEXT, 1)}, _say),
    "offer": Kind("make an offer", TEAMS_AND_WHITE,
                  {"to": text(80, 1), "text": optional(text(TEXT)),
                   "terms": several(table(TERM), TERMS)}, _offer),
    "answer": Kind("answer an offer", TEAMS_AND_WHITE,
                   {"offer": whole(1, 10_000), "accept": yes_or_no}, _answer,
                   ("plan", "brief")),
    "withdraw": Kind("withdraw an offer", TEAMS_AND_WHITE, {"offer": whole(1, 10_000)},
                     _withdraw),
    "judge": Kind("say whether a promise was kept", WHITE,
                  {"promise": whole(1, 10_000), "kept": yes_or_no}, _judge),
}  # fmt: skip
