"""Events: the list of the scenario with what it is for, what is planned, and one written now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import solara

from mobilize.app.rooms.shared import Look
from mobilize.app.rooms.white.compose import ComposePart
from mobilize.app.seats.held import Act
from mobilize.game.telling import names_of
from mobilize.game.things import thing
from mobilize.metrics import ROWS
from mobilize.rooms.control import listeners
from mobilize.rooms.room import Room
from mobilize.rooms.told import done_told, effect_told, seat_name
from mobilize.scenario import Scenario, months
from mobilize.words import number

Plain = dict[str, Any]
ON = {
    "unmet": "units asked for and not there for {of}",
    "stock": "stock of {of}",
    "metric": "the metric {of}",
    "rung": "the challenger takes the step {of}",
    "conflict": "war breaks out, {of}",
    "after": "{months} months after the event {of}",
}  # what makes an event fire by itself
CHIPS = {"to come": "info", "fired": "good", "skipped": "warn"}


@solara.component_vue("events.vue")
def Events(
    agenda: list[Plain], pending: list[Plain], told: list[Plain], months: int, event_act: Act
) -> None:
    """Show the events list, what is planned for the coming turn, and what was told."""


def event_rows(room: Room, events: list[Mapping[str, Any]]) -> list[Plain]:
    """Return the events list in words; what is planned for an event stands with it."""
    planned = {p.target: p.kind for p in room.play.pending if p.kind in ("fire", "delay", "skip")}
    return [_event(room, row, planned.get(row["event"], "")) for row in events]


def _event(room: Room, row: Mapping[str, Any], planned: str) -> Plain:
    scenario = room.game.scenario
    names, later = names_of(scenario), row["not_before"]
    known = {d.id: d for d in scenario.disturbances}
    does = [known[e] for e in row["effects"] if e in known]
    state = {
        "fire": "fires in the coming turn",
        "delay": "will be put off",
        "skip": "will be skipped",
    }.get(planned, row["state"])
    if later is not None and row["state"] == "to come" and not planned:
        state = f"put off, not before {months.label(scenario.start + later)}"
    return {
        "id": row["event"],
        "title": row["title"],
        "when": row["when"] or "",
        "trigger": trigger_told(scenario, row["trigger"]) if row["trigger"] else "",
        "audience": ", ".join(row["audience"]),
        "hears": hears_told(room, tuple(row["audience"])),
        "text": row["text"],
        "effects": [
            effect_told(names, d.kind, d.target, d.severity, d.months, d.recovery) for d in does
        ],
        "expected": row["expected"],
        "objective": row["objective"],
        "state": state,
        "chip": "info" if planned else CHIPS[row["state"]],
        "open": row["state"] == "to come" and not planned,
        "done": row["state"] != "to come",
    }


def hears_told(room: Room, audience: tuple[str, ...]) -> list[str]:
    """Return who hears an event; of a role with several seats, how many of them."""
    found = Counter(room.role(seat).title for seat in listeners(room, audience))
    return [title if n == 1 else f"{title} ({n} seats)" for title, n in found.items()]


def trigger_told(scenario: Scenario, trigger: Mapping[str, Any]) -> str:
    """Return in words what makes an event fire by itself."""
    names, of = names_of(scenario), trigger["of"]
    titles = {e.id: e.title for e in scenario.events} | {key: text for _, text, key, _ in ROWS}
    head = ON[trigger["on"]].format(of=titles.get(of) or thing(names, of), months=trigger["months"])
    if trigger["below"] is not None:
        head += f" below {number(trigger['below'])}"
    if trigger["above"] is not None:
        head += f" above {number(trigger['above'])}"
    return head


def pending_rows(room: Room) -> list[Plain]:
    """Return what the white cell has planned for the coming turn; the number takes it back."""
    return [
        {
            "number": n,
            "text": done_told(room, one),
            "why": one.why,
            "kind": one.kind,
            "target": one.target,
        }
        for n, one in enumerate(room.play.pending, 1)
    ]


def told_rows(room: Room) -> list[Plain]:
    """Return what was told to whom, the latest first."""
    every = {p.id for p in room.seats}
    return [
        {
            "turn": turn,
            "title": title,
            "text": text,
            "to": "everybody" if every <= {*seats} else _names(room, seats),
        }
        for turn, seats, title, text in reversed(room.play.told)
    ]


def _names(room: Room, seats: tuple[str, ...]) -> str:
    return ", ".join(seat_name(room, seat) for seat in seats)


@solara.component
def EventsPage(key: str, room: Room, look: Look, act: Act, go: Any) -> None:
    """Show the events list and what can be written now."""
    rows = look.sight["world"]["all"]["events"]
    with solara.Div(classes=["events-page"]):
        Events(
            agenda=solara.use_memo(lambda: event_rows(room, rows), [rows, room.play.pending]),
            pending=solara.use_memo(lambda: pending_rows(room), [room.play.pending]),
            told=solara.use_memo(lambda: told_rows(room), [room.play.told]),
            months=room.months,
            event_act=act,
        )
        ComposePart(room, look.member.sequence, act).key("compose")
