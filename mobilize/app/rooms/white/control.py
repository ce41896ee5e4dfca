"""Control: what to do now, the clock, who sits where, how to join, what is asked for, undo."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import solara

from mobilize.app.rooms import shared
from mobilize.app.rooms.shared import Look, the_hall
from mobilize.app.rooms.white.planning import PlanningPart
from mobilize.app.seats.held import Act
from mobilize.app.seats.invitation import joining, spaced
from mobilize.game.telling import names_of
from mobilize.rooms.roles import WHITE_CELL, roles
from mobilize.rooms.room import Room
from mobilize.rooms.shapes import shape_of
from mobilize.rooms.told import lever_told, seat_called, seat_name
from mobilize.scenario import Scenario, months

Plain = dict[str, Any]
Go = Callable[[str], None]


@solara.component_vue("control.vue")
def Control(
    now: Plain,
    clock: Plain,
    phase: str,
    seats: list[Plain],
    people: list[Plain],
    places: list[Plain],
    asked: list[Plain],
    turns: list[Plain],
    join: Plain,
    me: str,
    event_act: Act,
    event_plan: Callable[[str], None],
    event_go: Go,
) -> None:
    """Show the desk of the white cell."""


PRESS = {"plan": "Lock plans", "lock": "Resolve turn", "resolve": "Begin brief",
         "brief": "Next turn"}  # fmt: skip  # what the bar's button says in each phase
NOW = {
    "lock": "Plans are locked and teams wait. Answer what is open here, then resolve the turn.",
    "resolve": "The turn is played; teams do not see it yet. Look at World, override what must be "
    "otherwise, then begin the brief.",
    "brief": "Teams see the turn now. Tell what happened and why, compare predictions, then begin "
    "the next turn.",
}
OVER = "The game is over. Compare predictions and say what happened; take the reports from After."


ENDS = (
    "That was turn {turn}, the last of this session: compare predictions, then hold the debrief. "
    "Files for it are on the page After. To play on all the same, begin the next turn."
)


def to_do(sight: Mapping[str, Any], turns: int = 0) -> Plain:
    """Return what to do now: what happens, what to press, and what still waits, with its page.

    `turns` are those of the session's shape; 0 where it has none.
    """
    room = sight["room"]
    if turns and room["left"] and room["phase"] == "brief" and room["turn"] >= turns:
        rows = [{"page": "after", "text": "Session and reports"}, *waiting(sight)]
        return {"text": ENDS.format(turn=room["turn"]), "press": "", "rows": rows}
    if not room["left"]:
        return {
            "text": OVER,
            "press": "",
            "rows": [{"page": "after", "text": "Reports and tables"}, *waiting(sight)],
        }
    text = NOW.get(room["phase"]) or _planning(sight)
    return {"text": text, "press": PRESS[room["phase"]], "rows": waiting(sight)}


def waiting(sight: Mapping[str, Any]) -> list[Plain]:
    """Return what waits for the white cell, and on which page ("" is this one)."""
    phase, every = sight["room"]["phase"], sight["world"]["all"]
    asked = len(every["asked"]) if phase in ("plan", "lock") else 0
    judged = sum(p["kept"] is None for p in sight["promises"]) if phase == "brief" else 0
    rows = (
        (sum(not m["ruling"] for m in sight["moves"]), "rulings", "move", "in words to rule on"),
        (asked, "", "wish", "for Congress, President or NATO"),
        (judged, "rulings", "promise", "not judged yet"),
        (len(every["pending"]), "events", "act", "of yours planned for the coming turn"),
    )
    many = {"wish": "wishes"}
    return [
        {"page": page, "text": f"{n} {word if n == 1 else many.get(word, f'{word}s')} {rest}"}
        for n, page, word, rest in rows
        if n
    ]


def _planning(sight: Mapping[str, Any]) -> str:
    """Return what to do while teams plan."""
    teams = [s for s in sight["seats"] if s["plays"] and s["people"]]
    late = [seat_called(s) for s in sight["seats"] if s["id"] in sight["room"]["waiting_for"]]
    if not teams:
        return (
            "Nobody sits in a team yet. Show how to join; empty seats are played by their rules, "
            "so you may begin at any time."
        )
    if late:
        return (
            f"Teams plan: {len(teams) - len(late)} of {len(teams)} have handed in. Waiting for "
            f"{'; '.join(late)}. Lock when time is up: a late team holds nobody up."
        )
    return "Every team has handed in. Lock the plans."


def seat_rows(sight: Mapping[str, Any]) -> list[Plain]:
    """Return every seat: who sits there, what is planned, whether its rules play."""
    every = sight["world"]["all"]
    rows = []
    for seat in sight["seats"]:
        plan = every["plans"].get(seat["id"], {"settings": [], "orders": []})
        parts = {p.name: p.title for p in roles()[seat["id"].split(":")[0]].parts}
        rows.append(
            {
                "id": seat["id"],
                "title": seat_called(seat),
                "people": [
                    p["name"] + (f" ({parts[p['part']]})" if p["part"] in parts else "")
                    for p in seat["people"]
                ],
                "plays": seat["plays"],
                "submitted": seat["submitted"],
                "levers": len(plan["settings"]),
                "acts": len(plan["orders"]),
                "stand_in": seat["id"] in every["stand_ins"],
                "stood_in": seat["id"] in every["stood_in"],
            }
        )
    return sorted(rows, key=lambda r: (not r["people"], not r["plays"]))


def people_rows(sight: Mapping[str, Any]) -> list[Plain]:
    """Return everybody in the room, with the seat."""
    return [
        {"id": person["id"], "name": person["name"], "seat": seat["id"]}
        for seat in sight["seats"]
        for person in seat["people"]
    ]


def asked_rows(scenario: Scenario, room: Room, asked: list[Plain]) -> list[Plain]:
    """Return what is asked of Congress, President or NATO, in words, and the word on it so far."""
    names = names_of(scenario)
    return [
        {
            **row,
            "who": seat_name(room, row["seat"]),
            "what": lever_told(names, row["lever"], row["target"], row["value"]),
            "said": (row["seat"], row["lever"], row["target"]) in room.play.answers,
        }
        for row in asked
    ]


def turn_rows(room: Room) -> list[Plain]:
    """Return the turns whose plan the room can go back to, the latest first."""
    dates = [months.label(play.game.date) for play in room.starts]
    return [{"turn": n, "date": date} for n, date in enumerate(dates, 1)][::-1]


def join_told(key: str) -> Plain:
    """Return how people come into a room; the white cell's code is shown nowhere else."""
    row = the_hall().row(key)
    how = joining(shared.address, row.code)
    return {"address": how.address, "code": how.code, "path": how.path, "size": how.size,
            "staff": spaced(row.staff)}  # fmt: skip


@solara.component
def ControlPage(key: str, room: Room, look: Look, act: Act, go: Go) -> None:
    """Show the desk; planning for a seat opens below its table."""
    chosen, choose = solara.use_state("")
    sight, scenario = look.sight, room.game.scenario
    every = sight["world"]["all"]
    parts = [sight["seats"], every, room.phase]
    seats = solara.use_memo(lambda: seat_rows(sight), parts)
    people = solara.use_memo(lambda: people_rows(sight), [sight["seats"]])
    asked = solara.use_memo(
        lambda: asked_rows(scenario, room, every["asked"]), [every["asked"], room.play.answers]
    )
    places = solara.use_memo(
        lambda: [{"id": p.id, "title": seat_name(room, p.id)} for p in room.seats], [key]
    )
    join = solara.use_memo(lambda: join_told(key), [key])
    Control(
        now=to_do(sight, shape_of(room.shape).turns if room.shape else 0),
        clock=sight["room"]["clock"],
        phase=room.phase,
        seats=seats,
        people=people,
        places=places,
        asked=asked,
        turns=turn_rows(room),
        join=join,
        me=look.member.id,
        event_act=act,
        event_plan=lambda seat: choose(str(seat)),
        event_go=lambda page: go(f"/seat/{look.member.id}/{page}"),
    )
    if chosen == WHITE_CELL or chosen in every["plans"]:
        PlanningPart(room, chosen, look, act, lambda: choose("")).key(chosen)
