"""Talk: messages, offers, promises, notes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara

from mobilize.app.rooms.once import once
from mobilize.app.rooms.teams.given import Given, gives
from mobilize.app.rooms.teams.views import talking
from mobilize.app.rooms.teams.views.seats import partners
from mobilize.app.seats.held import Act

Plain = dict[str, Any]


@solara.component_vue("threads.vue")
def Threads(threads: list[Plain], partners: list[Plain], event_act: Act) -> None:
    """Show messages by thread; write one."""


@solara.component_vue("offers.vue")
def Offers(
    offers: list[Plain],
    promises: list[Plain],
    partners: list[Plain],
    me: str,
    other: str,
    mine: Plain,
    theirs: Plain,
    event_counterpart: Callable[[str], None],
    event_act: Act,
) -> None:
    """Show offers and promises; make, answer and withdraw offers."""


@solara.component_vue("notes.vue")
def Notes(notes: list[Plain], event_act: Act) -> None:
    """Show and keep notes of the team."""


@solara.component
def TalkPage(key: str, given: Given) -> None:
    """Show what a seat says and hears."""
    sight, scenario, me = given.sight, given.scenario, given.seat
    other, set_other = solara.use_state("")
    seats = sight["seats"]
    offers = once(talking.offer_rows, sight["offers"], seats, me, sight["room"], scenario)
    levers, acts = gives(key, other)
    mine = once(talking.deal_board, given.menu if other else levers, given.acts if other else acts,
                sight["world"], scenario)  # fmt: skip  # large: sent once somebody is chosen
    with solara.Div(classes=["seat-talk"]):
        Threads(threads=once(talking.threads, sight["messages"], seats, me),
                partners=once(partners, seats, me), event_act=given.act)  # fmt: skip
        with solara.Div(classes=["a-deals"]):
            Offers(
                offers=offers,
                promises=once(talking.promise_rows, sight["promises"], seats, me),
                partners=once(partners, seats, me),
                me=me,
                other=other,
                mine=mine,
                theirs=once(talking.deal_board, levers, acts, talking.NOTHING, scenario),
                event_counterpart=lambda seat: set_other(str(seat)),
                event_act=given.act,
            )
            Notes(notes=sight["notes"], event_act=given.act)
