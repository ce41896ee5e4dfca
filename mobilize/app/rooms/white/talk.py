"""Talk: every message, offer and promise of the room, and a word from the white cell."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import solara

from mobilize.app.pages.filtered import use_filter
from mobilize.app.rooms.shared import Look
from mobilize.app.seats.held import Act
from mobilize.app.views.paging import paged
from mobilize.rooms.acted import term_told
from mobilize.rooms.roles import WHITE_CELL
from mobilize.rooms.room import Room
from mobilize.rooms.told import seat_name

Plain = dict[str, Any]
SIZE = 30  # messages of a page
STATES = {"open": "info", "accepted": "good", "declined": "bad", "withdrawn": "warn"}
KEPT = {None: "not judged", True: "kept", False: "broken"}


@solara.component_vue("talk.vue")
def Talk(
    seats: list[Plain],
    messages: list[Plain],
    place: Plain,
    filter: Plain,
    offers: list[Plain],
    promises: list[Plain],
    sequence: int,
    event_act: Act,
    event_show: Callable[[dict[str, Any]], None],
) -> None:
    """Show what is said and offered between seats."""


def message_rows(room: Room, wanted: Mapping[str, Any]) -> tuple[list[Plain], Plain]:
    """Return a page of the messages that match, the latest first."""
    text, seat = str(wanted["text"]).casefold(), wanted["seat"]
    rows = [
        {"number": m.number, "turn": m.turn, "by": seat_name(room, m.by), "name": m.name,
         "to": ", ".join(seat_name(room, s) for s in m.to), "text": m.text}
        for m in reversed(room.messages)
        if (not seat or seat == m.by or seat in m.to) and text in f"{m.name} {m.text}".casefold()
    ]  # fmt: skip
    shown, place = paged(rows, wanted["page"], SIZE)
    return list(shown), place


def offer_rows(room: Room) -> list[Plain]:
    """Return every offer in words, open ones first, then the latest."""
    rows = [
        {"number": o.number, "by": seat_name(room, o.by), "to": seat_name(room, o.to),
         "text": o.text, "terms": [term_told(room, vars(t)) for t in o.terms],
         "state": o.state, "chip": STATES[o.state]}
        for o in reversed(room.offers)
    ]  # fmt: skip
    return sorted(rows, key=lambda row: row["state"] != "open")


def promise_rows(room: Room) -> list[Plain]:
    """Return every promise in words."""
    return [
        {"number": p.number, "by": seat_name(room, p.by), "to": seat_name(room, p.to),
         "text": p.text, "state": KEPT[p.kept]}
        for p in reversed(room.promises)
    ]  # fmt: skip


def heard(room: Room) -> list[Plain]:
    """Return the seats that the white cell can write to."""
    return [
        {"id": p.id, "title": seat_name(room, p.id), "here": bool(room.people(p.id))}
        for p in room.seats
        if room.role(p.id).plays and p.id != WHITE_CELL
    ]


@solara.component
def TalkPage(key: str, room: Room, look: Look, act: Act, go: Any) -> None:
    """Show all talk."""
    wanted, show = use_filter("seat", "text")
    messages, place = solara.use_memo(
        lambda: message_rows(room, wanted), [room.messages, *wanted.values()]
    )
    Talk(
        seats=solara.use_memo(lambda: heard(room), [look.sight["seats"]]),
        messages=messages,
        place=place,
        filter=wanted,
        offers=solara.use_memo(lambda: offer_rows(room), [room.offers]),
        promises=solara.use_memo(lambda: promise_rows(room), [room.promises]),
        sequence=look.member.sequence,
        event_act=act,
        event_show=show,
    )
