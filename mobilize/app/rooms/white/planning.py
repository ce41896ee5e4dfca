"""Planning for a seat: the white cell sets its levers and acts, as the team could."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara

from mobilize.app.rooms.shared import Look
from mobilize.app.seats.held import Act
from mobilize.game.telling import names_of
from mobilize.game.things import thing
from mobilize.rooms.acting import doable
from mobilize.rooms.roles import owners
from mobilize.rooms.room import Draft, Room
from mobilize.rooms.sight import menu
from mobilize.rooms.told import lever_told, order_told, seat_name
from policies.levers import GROUPS, OFF, catalogue

Plain = dict[str, Any]


@solara.component_vue("planning.vue")
def Planning(
    seat: str,
    title: str,
    groups: list[Plain],
    aims: list[Plain],
    acts: list[Plain],
    plan: Plain,
    frozen: bool,
    event_act: Act,
    event_aim: Callable[[str], None],
    event_close: Callable[[Any], None],
) -> None:
    """Show a plan and what can be added to it."""


def lever_groups(room: Room, seat: str) -> list[Plain]:
    """Return the levers that a seat may move, by group, with what each may be set to."""
    rows: dict[str, list[Plain]] = {}
    for row in menu(room, seat):
        lever = catalogue()[row["lever"]]
        rows.setdefault(lever.group, []).append(
            {
                "id": lever.name,
                "title": lever.title + (" (asks)" if row["asked"] else ""),
                "setting": lever.setting,
                "values": [v for v in lever.values if v != OFF],
                "unit": lever.unit,
                "targets": row["targets"],
            }
        )
    return [{"id": g, "title": GROUPS[g], "levers": found} for g, found in rows.items()]


def without_targets(groups: list[Plain]) -> list[Plain]:
    """Return the levers without what they may be aimed at, which a browser asks for one by one."""
    return [
        {**g, "levers": [{k: v for k, v in x.items() if k != "targets"} for x in g["levers"]]}
        for g in groups
    ]


def aims_of(room: Room, groups: list[Plain], lever: str) -> list[Plain]:
    """Return at what a lever may be aimed, by name."""
    names = names_of(room.game.scenario)
    found: list[str] = next(
        (x["targets"] for g in groups for x in g["levers"] if x["id"] == lever), []
    )
    return [{"id": t, "name": thing(names, t)} for t in found]


def acts_of(room: Room, seat: str) -> list[Plain]:
    """Return what a seat may do beside levers, at what and how much, by name."""
    names = names_of(room.game.scenario)
    whose = owners(room.game.scenario, "programs")

    def called(target: str, aim: str) -> str:
        stands_for = next(iter(whose[target])) if aim == "countries" else target
        return thing(names, stands_for)

    return [
        {
            "id": row["name"],
            "title": row["title"],
            "targets": [{"id": t, "name": called(t, row["aim"])} for t in row["targets"]],
            "low": row["low"],
            "high": row["high"],
            "unit": row["unit"],
            "usual": row["usual"],
        }
        for row in doable(room, seat)
    ]


def plan_told(room: Room, draft: Draft) -> Plain:
    """Return a plan in words, with what takes each part back."""
    names = names_of(room.game.scenario)
    return {
        "levers": [
            {"lever": s.lever, "target": s.target,
             "text": lever_told(names, s.lever, s.target, s.value)}
            for s in draft.settings
        ],
        "acts": [
            {"number": o.number, "target": o.target, "why": o.why,
             "text": order_told(names, o.what, o.target, o.amount)}
            for o in draft.orders
        ],
        "submitted": draft.submitted,
    }  # fmt: skip


@solara.component
def PlanningPart(room: Room, seat: str, look: Look, act: Act, close: Callable[[], None]) -> None:
    """Show the plan of a seat, to be changed by the white cell."""
    lever, aim = solara.use_state("")
    made_of = [seat, room.game.identity]
    groups = solara.use_memo(lambda: lever_groups(room, seat), made_of)
    bare = solara.use_memo(lambda: without_targets(groups), made_of)
    aims = solara.use_memo(lambda: aims_of(room, groups, lever), [*made_of, lever])
    may = solara.use_memo(lambda: acts_of(room, seat), made_of)
    draft = room.draft(seat)
    Planning(
        seat=seat,
        title=seat_name(room, seat),
        groups=bare,
        aims=aims,
        acts=may,
        plan=solara.use_memo(lambda: plan_told(room, draft), [draft]),
        frozen=room.phase not in ("plan", "lock"),
        event_act=act,
        event_aim=lambda name: aim(str(name)),
        event_close=lambda _: close(),
    )
