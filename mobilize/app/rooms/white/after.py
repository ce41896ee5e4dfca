"""After: files to take home, everything that was decided, and the game without one decision."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any

import solara

from mobilize.app.pages.filtered import use_filter
from mobilize.app.rooms.downloads import FILES
from mobilize.app.rooms.shared import Look, the_workers
from mobilize.app.rooms.white.whatif import get_ready, what_if
from mobilize.app.seats.held import Act
from mobilize.app.views.paging import paged
from mobilize.game.deeds import VETO
from mobilize.game.game import Game
from mobilize.game.telling import names_of
from mobilize.rooms.decided import Decided, decided, without
from mobilize.rooms.room import Room
from mobilize.rooms.told import done_told, lever_told, seat_name
from policies.package import Setting

Plain = dict[str, Any]
SIZE = 25  # decisions of a page
NOTHING: Plain = {"number": 0, "state": ""}


@solara.component_vue("after.vue")
def After(
    files: list[Plain],
    teams: list[Plain],
    decisions: list[Plain],
    place: Plain,
    filter: Plain,
    answer: Plain,
    months: int,
    event_show: Callable[[dict[str, Any]], None],
    event_ask: Callable[[int], None],
) -> None:
    """Show what can be taken home, and what was decided."""


def file_rows(key: str) -> list[Plain]:
    """Return the files of the whole session."""
    return [
        {"name": name, "title": f.title, "about": f.about, "href": f"/api/room/{key}/{name}"}
        for name, f in FILES.items()
        if not f.of_team
    ]


def team_rows(key: str, room: Room) -> list[Plain]:
    """Return the files of each team that somebody sat in, where there are any."""
    joined = {e.body["seat"] for e in room.log if e.kind in ("join", "reseat")}
    mine = {name: f for name, f in FILES.items() if f.of_team}
    return [
        {"seat": seat_name(room, p.id),
         "files": [{"title": f.title, "href": f"/api/room/{key}/{name}?seat={p.id}"}
                   for name, f in mine.items()]}
        for p in room.seats
        if mine and p.id in joined and room.role(p.id).plays
    ]  # fmt: skip


def decision_rows(room: Room, every: tuple[Decided, ...]) -> list[Plain]:
    """Return everything that counted, in words, the latest first."""
    return [
        {
            "number": one.number,
            "turn": one.turn,
            "who": seat_name(room, one.seat),
            "what": decision_told(room, one),
            "why": "" if isinstance(one.what, Setting) else one.what.first.why,
        }
        for one in reversed(every)
    ]


def decision_told(room: Room, one: Decided) -> str:
    """Return what was decided, in words."""
    if isinstance(one.what, Setting):
        names = names_of(room.game.scenario)
        return lever_told(names, one.what.lever, one.what.target, one.what.value)
    told = done_told(room, one.what.first)
    more = len(one.what.done) - 1
    return f"{told}, and {more} months more" if one.what.kind == VETO and more else told


def decision_page(rows: list[Plain], wanted: Mapping[str, Any]) -> tuple[list[Plain], Plain]:
    """Return a page of the decisions that match."""
    words = str(wanted["text"]).casefold().split()
    found = [
        r for r in rows if all(w in f"{r['who']} {r['what']} {r['why']}".casefold() for w in words)
    ]
    shown, place = paged(found, wanted["page"], SIZE)
    return list(shown), place


def use_what_if(game: Game) -> tuple[Plain, Callable[[int, Game], None]]:
    """Return the latest answer, and how to ask: the work is done by other processes."""
    answer, set_answer = solara.use_state(NOTHING)
    asked = solara.use_ref(0)
    over = solara.use_ref(False)

    def arrive() -> Callable[[], None]:
        over.current = False
        for _ in range(the_workers().processes if game.turns else 0):
            the_workers().submit(get_ready, game)

        def left() -> None:
            over.current = True

        return left

    solara.use_effect(arrive, [])

    def ask(number: int, gone: Game) -> None:
        asked.current += 1
        mine = asked.current
        set_answer({"number": number, "state": "busy"})

        def work() -> None:
            try:
                found = {
                    "number": number,
                    "state": "done",
                    **the_workers().answer(what_if, game, gone),
                }
            except Exception as error:  # whatever it is, whoever asked is told
                found = {"number": number, "state": "failed", "why": str(error)[:200]}
            if asked.current == mine and not over.current:
                set_answer(found)

        threading.Thread(target=work, daemon=True).start()

    return answer, ask


@solara.component
def AfterPage(key: str, room: Room, look: Look, act: Act, go: Any) -> None:
    """Show what can be taken home, what was decided, and the game without it."""
    wanted, show = use_filter("text")
    every = solara.use_memo(lambda: decided(room), [room.play.turns])
    rows = solara.use_memo(lambda: decision_rows(room, every), [every])
    shown, place = decision_page(rows, wanted)
    answer, ask = use_what_if(room.game)

    def asked(number: int) -> None:
        one = next((d for d in every if d.number == number), None)
        if one is not None:
            ask(one.number, without(room.game, one))

    known = any(d.number == answer["number"] for d in every)
    told = next((r["what"] for r in rows if r["number"] == answer["number"]), "")
    After(
        files=file_rows(key),
        teams=team_rows(key, room),
        decisions=shown,
        place=place,
        filter=wanted,
        answer={**answer, "what": told} if known else NOTHING,
        months=room.game.month,
        event_show=show,
        event_ask=asked,
    )
