"""Rulings: moves in words, outcomes that are overridden, vetoes, the mindset, promises."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import solara

from mobilize.app.rooms.shared import Look
from mobilize.app.rooms.white.compose import ComposePart
from mobilize.app.seats.held import Act
from mobilize.game.game import play
from mobilize.game.telling import names_of
from mobilize.game.things import ladder_titles, thing
from mobilize.interventions import BASE, held, outcomes
from mobilize.ladder import MINDSETS
from mobilize.rooms.control import DRAWN
from mobilize.rooms.room import Room
from mobilize.rooms.tables import overrides
from mobilize.rooms.told import effect_told, seat_name
from mobilize.words import number

Plain = dict[str, Any]


@solara.component_vue("rulings.vue")
def Rulings(
    moves: list[Plain],
    outcomes: list[Plain],
    targets: Plain,
    may_override: bool,
    overrides: list[Plain],
    challenger: Plain | None,
    promises: list[Plain],
    troubles: list[Plain],
    sequence: int,
    event_act: Act,
    event_choose: Callable[[int], None],
    event_aim: Callable[[str], None],
) -> None:
    """Show what waits for a ruling and what was ruled."""


def move_rows(room: Room) -> list[Plain]:
    """Return the moves in words, those without a ruling first."""
    rows = [
        {"number": m.number, "turn": m.turn, "who": seat_name(room, m.seat), "text": m.text,
         "ruling": m.ruling, "ruled": m.ruled}
        for m in reversed(room.moves)
    ]  # fmt: skip
    return sorted(rows, key=lambda row: bool(row["ruling"]))


def outcome_rows() -> list[Plain]:
    """Return what may be overridden: title, unit, bounds."""
    base = {o.name for o in outcomes().values() if o.of == BASE}
    return [
        {"id": o.name, "title": o.title, "of": "" if o.name in base else o.of, "unit": o.unit,
         "low": o.low, "high": o.high}
        for o in outcomes().values()
    ]  # fmt: skip


def override_targets(room: Room, what: str) -> list[Plain]:
    """Return where an outcome may be overridden, with its value as it stands."""
    of = outcomes().get(what)
    if of is None:
        return []
    world, names = play(room.game).world, names_of(room.game.scenario)
    ids = (BASE,) if of.of == BASE else getattr(world.names, of.of)
    rows = [{"id": t, "name": thing(names, t), "old": held(world, what, t)} for t in ids]
    return sorted(rows, key=lambda row: str(row["name"]))


def override_rows(room: Room) -> list[Plain]:
    """Return every override of the game, the latest first: old and new value, who and why."""
    names = names_of(room.game.scenario)
    rows = [
        {"turn": turn, "month": month, "who": str(who).removeprefix("white cell: "),
         "what": f"{title}, {thing(names, target)}", "old": number(float(old)),
         "new": number(float(new)), "unit": unit, "why": why}
        for turn, month, who, _, title, target, old, new, unit, why in overrides(room)
    ]  # fmt: skip
    return rows[::-1]


def challenger_told(room: Room, every: Mapping[str, Any]) -> Plain | None:
    """Return what the challenger thinks and may do, or None where there is none."""
    challenger = room.game.scenario.challenger
    if challenger is None:
        return None
    titles = ladder_titles()
    return {
        "mindset": every["mindset"],
        "mindsets": [*MINDSETS, DRAWN],
        "acts": challenger.acts,
        "steps": [{"id": i, "name": name} for i, name in titles.items()],
        "chosen": [titles[r] for r in every["chosen"]],
    }


def promise_rows(room: Room) -> list[Plain]:
    """Return every promise, those not judged first."""
    rows = [
        {"number": p.number, "by": seat_name(room, p.by), "to": seat_name(room, p.to),
         "text": p.text, "kept": p.kept}
        for p in reversed(room.promises)
    ]  # fmt: skip
    return sorted(rows, key=lambda row: row["kept"] is not None)


def trouble_rows(room: Room, troubles: list[Mapping[str, Any]]) -> list[Plain]:
    """Return the disturbances of now in words, and for how long they go on."""
    names, now = names_of(room.game.scenario), room.game.month
    return [
        {"what": t["kind"], "target": t["target"], "why": t["text"],
         "text": effect_told(names, t["kind"], t["target"], t["severity"], t["months"]),
         "left": max(0, t["since"] + t["months"] + t["recovery"] - now)}
        for t in troubles
    ]  # fmt: skip


@solara.component
def RulingsPage(key: str, room: Room, look: Look, act: Act, go: Any) -> None:
    """Show what waits for a ruling; the form opens for the move that is chosen."""
    chosen, choose = solara.use_state(0)
    what, aim = solara.use_state("")
    every = look.sight["world"]["all"]
    waiting = next((m for m in move_rows(room) if m["number"] == chosen and not m["ruling"]), None)
    targets = solara.use_memo(lambda: override_targets(room, what), [what, room.game])
    Rulings(
        moves=solara.use_memo(lambda: move_rows(room), [room.moves]),
        outcomes=outcome_rows(),
        targets={"what": what, "rows": targets},
        may_override=room.phase in ("resolve", "brief"),
        overrides=solara.use_memo(lambda: override_rows(room), [room.game]),
        challenger=challenger_told(room, every),
        promises=solara.use_memo(lambda: promise_rows(room), [room.promises]),
        troubles=solara.use_memo(lambda: trouble_rows(room, every["troubles"]), [room.game]),
        sequence=look.member.sequence,
        event_act=act,
        event_choose=lambda number: choose(int(number)),
        event_aim=lambda name: aim(str(name)),
    )
    if waiting is not None:
        ComposePart(room, look.member.sequence, act, waiting).key(f"rule-{chosen}")
