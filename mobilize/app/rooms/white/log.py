"""Log: every accepted act of a room with turn, phase, who, what and why; nothing is cut."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import solara

from mobilize.app.pages.filtered import use_filter
from mobilize.app.rooms.shared import Look
from mobilize.app.seats.held import Act
from mobilize.app.views.paging import paged
from mobilize.rooms.accept import KINDS
from mobilize.rooms.acted import act_told, why_of
from mobilize.rooms.room import SYSTEM, Entry, Room
from mobilize.rooms.told import seat_name

Plain = dict[str, Any]
SIZE = 50  # acts of a page


@solara.component_vue("log.vue")
def Log(
    rows: list[Plain],
    place: Plain,
    filter: Plain,
    kinds: list[Plain],
    seats: list[Plain],
    turns: list[int],
    total: int,
    event_show: Callable[[dict[str, Any]], None],
) -> None:
    """Show a page of the log and what it can be filtered by."""


class Told:
    """A room's log in words; each act is put into words once."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {SYSTEM: "the room"}
        self.rows: list[Plain] = []

    def of(self, room: Room) -> list[Plain]:
        """Return the log so far, the first act first."""
        for entry in room.log[len(self.rows) :]:
            if entry.kind == "join":
                self._names[str(entry.body["member"])] = str(entry.body["name"])
            self.rows.append(self._row(room, entry))
        return self.rows

    def _row(self, room: Room, entry: Entry) -> Plain:
        return {
            "number": entry.number,
            "turn": entry.turn,
            "phase": entry.phase,
            "seat": entry.seat,
            "who": self._names.get(entry.who, entry.who),
            "where": seat_name(room, entry.seat) if entry.who != SYSTEM else "",
            "kind": entry.kind,
            "what": act_told(room, entry.kind, entry.body),
            "why": why_of(entry.body),
        }


def log_page(rows: list[Plain], wanted: Mapping[str, Any]) -> tuple[list[Plain], Plain]:
    """Return a page of the acts that match, the latest first."""
    words = str(wanted["text"]).casefold().split()

    def fits(row: Plain) -> bool:
        if any(wanted[key] and str(row[key]) != wanted[key] for key in ("kind", "seat", "turn")):
            return False
        told = f"{row['who']} {row['where']} {row['what']} {row['why']}".casefold()
        return all(word in told for word in words)

    found = [row for row in reversed(rows) if fits(row)]
    shown, place = paged(found, wanted["page"], SIZE)
    return list(shown), place


@solara.component
def LogPage(key: str, room: Room, look: Look, act: Act, go: Any) -> None:
    """Show the log, the latest act first."""
    wanted, show = use_filter("kind", "seat", "turn", "text")
    told = solara.use_memo(Told, [key])
    rows = told.of(room)
    shown, place = solara.use_memo(lambda: log_page(rows, wanted), [len(rows), *wanted.values()])
    kinds = sorted({row["kind"] for row in rows}, key=lambda kind: KINDS[kind].title)
    Log(
        rows=shown,
        place=place,
        filter=wanted,
        kinds=[{"id": kind, "title": KINDS[kind].title} for kind in kinds],
        seats=[{"id": p.id, "title": seat_name(room, p.id)} for p in room.seats],
        turns=sorted({row["turn"] for row in rows}),
        total=len(rows),
        event_show=show,
    )
