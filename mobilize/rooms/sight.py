"""What a seat may see of its room, as plain data: everything that is sent to it, and no more.

Built up from what a role `sees`, never cut down from everything. What another seat plans, notes
or is told, the stocks of other countries, the mindset, plants that are not mapped and events to
come are read nowhere on the way to a team's sight.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

import numpy as np

from agents.adversary import STEP
from mobilize.conflicts import at_war
from mobilize.deterrence import SERIES
from mobilize.game.game import play
from mobilize.game.seen import unmapped
from mobilize.game.worth import KINDS, standing, turn_ends
from mobilize.metrics import ROWS
from mobilize.model import Model
from mobilize.network import HOME
from mobilize.rooms.feed import feed
from mobilize.rooms.oversight import everything
from mobilize.rooms.own import ladder_view, own_firms, own_programs, own_requests
from mobilize.rooms.players import predictable
from mobilize.rooms.roles import ASKS, WHITE_CELL, aims, country_name, word
from mobilize.rooms.room import Draft, Order, Resolved, Room
from mobilize.rooms.turns import granted, ordered, waiting_for
from mobilize.scenario import months
from mobilize.state import EPS
from policies.levers import catalogue
from policies.package import Setting

Plain = dict[str, Any]


def sight(room: Room, seat: str, model: Model | None = None) -> Plain:
    """Return what a seat may see now: lists, tables, text and numbers only.

    Parameters
    ----------
    model : Model, optional
        That of the game as the seat may know it, not to be changed; by default it is played. A
        turn is told in its brief; the white cell sees it as soon as it is resolved.
    """
    role = room.role(seat)
    white = role.name == WHITE_CELL
    if model is None:
        model = play(room.game if white else room.shown)
    return {
        "room": table(room),
        "seats": [_seat(room, p.id) for p in room.seats],
        "you": {
            "seat": seat,
            "role": role.name,
            "title": role.title,
            "about": role.about,
            "country": country_name(room.place(seat).country, room.game.scenario),
            "parts": [_part(room, seat, n) for n in range(len(role.parts))],
        },
        "plan": plan(room.draft(seat)),
        "granted": [
            {"lever": lever, "target": target, "yes": yes}
            for (whose, lever, target), yes in room.play.answers.items()
            if whose == seat
        ],
        "results": results(room, seat),
        "notes": [{"turn": t, "text": text} for whose, t, text in room.notes if whose == seat],
        "told": [
            {"turn": turn, "title": title, "text": text}
            for turn, seats, title, text in room.play.told
            if seat in seats or white
        ],
        "messages": [
            asdict(m) for m in room.messages if white or seat == m.by or {seat, "all"} & {*m.to}
        ],
        "offers": [asdict(o) for o in room.offers if white or seat in (o.by, o.to)],
        "promises": [asdict(p) for p in room.promises if white or seat in (p.by, p.to)],
        "moves": [asdict(m) for m in room.moves if white or m.seat == seat],
        "predictions": predictions(room, seat, model),
        "world": {name: SEES[name](room, seat, model) for name in ("public", *role.sees)},
        "feed": feed(room, seat, model),
    }


def table(room: Room) -> Plain:
    """Return what everybody knows of a room; a clock that runs is told by when it ends."""
    game = room.shown
    return {
        "title": room.title,
        "banner": room.banner,
        "scenario": game.scenario.title,
        "phase": room.phase,
        "turn": room.turn,
        "date": months.label(game.date) if game.left else "",
        "played": game.month,
        "left": game.left,
        "months": room.months,
        "clock": {
            "limited": room.clock.length > 0,
            "length": room.clock.length,
            "running": room.clock.ends is not None,
            "left": room.clock.left,
            "ends": room.clock.ends,
        },
        "waiting_for": list(waiting_for(room)),
    }


def _seat(room: Room, seat: str) -> Plain:
    """Return what everybody knows of a seat: who sits there, and whether it has handed in."""
    return {
        "id": seat,
        "title": room.role(seat).title,
        "country": country_name(room.place(seat).country, room.game.scenario),
        "people": [{"id": m.id, "name": m.name, "part": m.part} for m in room.people(seat)],
        "submitted": room.draft(seat).submitted,
        "plays": room.role(seat).plays,
    }


def _part(room: Room, seat: str, n: int) -> Plain:
    part = room.role(seat).parts[n]
    holders = [m.name for m in room.people(seat) if m.part == part.name]
    return {**asdict(part), "held_by": holders}


def plan(draft: Draft) -> Plain:
    """Return a plan as plain data."""
    return {
        "settings": [_lever(s) for s in draft.settings],
        "orders": [asdict(o) for o in draft.orders],
        "submitted": draft.submitted,
    }


def results(room: Room, seat: str) -> list[Plain]:
    """Return what became of a seat's plans in the turns that are told."""
    return [
        {
            "turn": turn.number,
            "counted": [_lever(s) for whose, s in turn.settings if whose == seat],
            "set_aside": [
                {**_lever(s), "why": _aside(room, turn.number, seat, s)}
                for whose, s in turn.set_aside
                if whose == seat
            ],
            "done": [
                {**asdict(o), "struck": _struck(room, turn, o)}
                for o in _carried(room, turn.number, seat)
            ],
            "rules_played": seat in turn.stood_in,
        }
        for turn in room.play.turns[: len(room.shown.turns)]
    ]


def _aside(room: Room, turn: int, seat: str, one: Setting) -> str:
    """Return why a setting did not count: refused, or another word came first."""
    then = replace(room, play=room.starts[turn - 1])
    return "first" if granted(then, seat, one) else "refused"


def _carried(room: Room, turn: int, seat: str) -> tuple[Order, ...]:
    """Return the acts of a seat that counted in a turn."""
    then = replace(room, play=room.starts[turn - 1])
    stood = room.play.turns[turn - 1].stood_in
    return tuple(order for whose, order in ordered(then, stood) if whose == seat)


def _struck(room: Room, turn: Resolved, order: Order) -> str:
    """Return why the white cell struck a step that a seat had planned, or "" where it did not."""
    if order.what != STEP:
        return ""
    month = room.starts[turn.number - 1].game.date + int(order.amount or 0)
    vetoes = (one for _, one in turn.interventions if one.kind == "veto" and one.date == month)
    return next((one.why for one in vetoes if one.target in ("", order.target)), "")


def _lever(one: Setting) -> Plain:
    return {"lever": one.lever, "target": one.target, "value": one.value}


def menu(room: Room, seat: str, model: Model | None = None) -> list[Plain]:
    """Return the levers a seat may move, and at what it may aim them; large, and seldom changes."""
    model = play(room.shown) if model is None else model
    hidden = frozenset() if seat == WHITE_CELL else unmapped(model.world)
    rows = []
    for lever in catalogue().values():
        may = [t for t in aims(room.place(seat), lever, room.game.scenario) if t not in hidden]
        if may:
            rows.append(
                {
                    "lever": lever.name,
                    "group": lever.group,
                    "asked": word(room.role(seat), lever) == ASKS,
                    "targets": may,
                }
            )
    return rows


def predictions(room: Room, seat: str, model: Model) -> list[Plain]:
    """Return a seat's predictions, with what came of those whose turn is told."""
    ends = turn_ends(room.shown, model)
    rows = []
    for one in room.play.predictions:
        if one.seat == seat or seat == WHITE_CELL:
            row = asdict(one)
            if one.turn <= len(ends):
                row["came"] = _or_none(ends[one.turn - 1][one.kind, one.key])
            rows.append(row)
    return rows


def figures_to_predict(room: Room, seat: str) -> list[Plain]:
    """Return the figures that a seat may predict, as they stand: what came of them is told too."""
    stands = {(s.figure.kind, s.figure.key): s.value for s in standing(room.shown)}
    return [
        {**asdict(f), "words": KINDS[f.kind], "stands": _or_none(stands[f.kind, f.key])}
        for f in predictable(room, seat)
    ]


def _or_none(value: float) -> float | None:
    return value if value == value else None


def _public(room: Room, seat: str, model: Model) -> Plain:
    """Return what anybody may know: wars, whose fires go unmet, end items made so far."""
    world = model.world
    last = model.month - 1
    items = model.record.items[: last + 1].sum(axis=0) if last >= 0 else np.zeros(0)
    ends = {world.names.items[i] for i in world.net.p_item.tolist()}
    short = np.flatnonzero(world.s.unmet > EPS).tolist()
    return {
        "wars": [n for n, on in zip(world.names.conflicts, at_war(world), strict=True) if on],
        "unmet": [world.names.programs[i] for i in short],
        "made": {n: float(v) for n, v in zip(world.names.items, items, strict=False) if n in ends},
    }  # fmt: skip


def _base(room: Room, seat: str, model: Model) -> list[Plain]:
    """Return the plants that governments know of, without what they could do."""
    world, net = model.world, model.world.net
    return [
        {
            "line": world.names.lines[line],
            "firm": world.names.firms[net.l_firm[line]],
            "item": world.names.items[net.l_item[line]],
            "country": world.names.countries[net.l_country[line]],
            "open": bool(world.s.alive[line]),
        }
        for line in np.flatnonzero(world.visible).tolist()
    ]


def _metrics(room: Room, seat: str, model: Model) -> list[Plain]:
    """Return the metrics of deterrence by month, without which mindset plays."""
    if not model.watched:
        return []
    return [
        {
            "metric": name,
            "text": text,
            "unit": unit,
            "values": [
                None if v != v else v
                for v in model.record.metrics[SERIES.index(key), : model.month].tolist()
            ],
        }
        for name, text, key, unit in ROWS
    ]


def _programs(room: Room, seat: str, model: Model) -> list[Plain]:
    return own_programs(model, room.place(seat).country)


def _requests(room: Room, seat: str, model: Model) -> Plain:
    return own_requests(model, room.place(seat).country)


def _firms(room: Room, seat: str, model: Model) -> list[Plain]:
    return own_firms(model, HOME)


def _ladder(room: Room, seat: str, model: Model) -> Plain:
    return ladder_view(model)


SEES: dict[str, Callable[[Room, str, Model], Any]] = {
    "public": _public,
    "base": _base,
    "metrics": _metrics,
    "programs": _programs,
    "requests": _requests,
    "firms": _firms,
    "ladder": _ladder,
    "all": everything,
}
