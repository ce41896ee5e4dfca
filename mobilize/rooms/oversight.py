"""What the white cell sees: the whole world, every plan, the events list, and its own acts."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np

from agents.tables import ladder
from mobilize.interventions import held, outcomes
from mobilize.ladder import MINDSETS, RUNGS
from mobilize.model import Model
from mobilize.rooms.room import Room
from mobilize.rooms.turns import asked, granted
from mobilize.scenario import months
from policies.levers import catalogue

Plain = dict[str, Any]


def everything(room: Room, seat: str, model: Model) -> Plain:
    """Return what the white cell sees beside what every seat does."""
    world, s = model.world, model.world.s
    place = int(s.mindset[0])
    return {
        "plans": {p.id: _plan(room, p.id) for p in room.seats if room.role(p.id).plays},
        "asked": _asked(room),
        "pending": [asdict(one) for one in room.play.pending],
        "stand_ins": sorted(room.play.stand_ins),
        "stood_in": list(room.play.turns[-1].stood_in) if room.play.turns else [],
        "set_aside": [
            {"seat": whose, "lever": one.lever, "target": one.target, "value": one.value}
            for whose, one in (room.play.turns[-1].set_aside if room.play.turns else ())
        ],
        "events": events(model),
        "mindset": MINDSETS[place] if place >= 0 else None,
        "chosen": [r for n, r in enumerate(RUNGS) if s.chosen[n]],
        "ladder": [r.title for r in ladder(world.figures)],
        "programs": {
            name: {"stock": float(s.stock[i]), "unmet": float(s.unmet[i])}
            for i, name in enumerate(world.names.programs)
        },
        "countries": {
            name: {"trust": float(s.trust[c]), "need": float(s.need[c])}
            for c, name in enumerate(world.names.countries)
        },
        "troubles": [asdict(t) for t in world.troubles],
        "hidden": [world.names.lines[n] for n in np.flatnonzero(~world.visible).tolist()],
        "outcomes": {
            o.name: {"title": o.title, "of": o.of, "unit": o.unit, "low": o.low, "high": o.high}
            for o in outcomes().values()
        },
        "base": {
            o.name: held(world, o.name, "base") for o in outcomes().values() if o.of == "base"
        },
    }


def _plan(room: Room, seat: str) -> Plain:
    draft = room.draft(seat)
    return {
        "settings": [asdict(s) for s in draft.settings],
        "orders": [asdict(o) for o in draft.orders],
        "submitted": draft.submitted,
    }


def _asked(room: Room) -> list[Plain]:
    """Return what seats ask Congress, President or NATO for, and the answer so far."""
    return [
        {
            "seat": seat,
            "lever": one.lever,
            "target": one.target,
            "value": one.value,
            "mover": catalogue()[one.lever].mover,
            "yes": granted(room, seat, one),
        }
        for seat, one in asked(room)
    ]


def events(model: Model) -> list[Plain]:
    """Return the events list: what has fired, is put off, skipped, and still to come."""
    world, agenda = model.world, model.world.agenda
    rows = []
    for event in world.scenario.events:
        fired = agenda.fired.get(event.id)
        state = "fired" if fired is not None else "to come"
        state = "skipped" if event.id in agenda.skipped and fired is None else state
        rows.append(
            {
                "event": event.id,
                "title": event.title,
                "when": None if event.when is None else months.label(event.when),
                "trigger": None if event.trigger is None else asdict(event.trigger),
                "audience": list(event.audience),
                "text": event.text,
                "effects": list(event.effects),
                "expected": event.expected,
                "objective": event.objective,
                "state": state,
                "not_before": agenda.not_before.get(event.id),
            }
        )
    return rows
