"""The brief of a seat: what became of its plans, what it was told, what happened and why."""

from __future__ import annotations

import re
from typing import Any

from mobilize.app.rooms.teams.views.planning import order_row, said
from mobilize.game.game import PLAYED
from mobilize.game.telling import KINDS, SAY, names_of, tell
from mobilize.rooms.acts import acts
from mobilize.rooms.told import step_told
from mobilize.scenario import Scenario, months
from mobilize.world import Decision
from policies.levers import catalogue
from policies.package import BASE

Plain = dict[str, Any]
SET = re.compile(r"(?:.*: )?(?P<lever>[a-z0-9-]+) = (?P<value>[^ ]+)", re.DOTALL)
ASIDE = {
    "refused": "it needed the white cell's word and did not get it",
    "first": "another word on the same lever came first: an agreement, or a seat before yours",
}
OTHERS = {"seat": ("Seats", "info"), "override": ("Rulings", "warn")}


def turn_rows(
    results: list[Plain], moves: list[Plain], deeds: list[Plain], scenario: Scenario
) -> list[Plain]:
    """Return what became of a seat's plans, the latest turn first."""
    return [
        {
            "turn": one["turn"],
            "counted": [set_row(s, scenario) for s in one["counted"]],
            "done": [
                {**order_row(o, deeds, scenario), "struck": o["struck"]} for o in one["done"]
            ],
            "aside": [
                {**set_row(s, scenario), "why": ASIDE[s["why"]]} for s in one["set_aside"]
            ],
            "rules": one["rules_played"],
            "moves": [
                {"text": m["text"], "ruling": m["ruling"]}
                for m in moves
                if m["turn"] == one["turn"]
            ],
        }
        for one in reversed(results)
    ]  # fmt: skip


def set_row(one: Plain, scenario: Scenario) -> Plain:
    """Return a lever that was set, in a line."""
    row = said(one, scenario)
    at = f" for {row['at']}" if row["at"] else ""
    low, high = row["onset"]
    bites = "at once" if not high else f"after {low:g} to {high:g} months"
    return {"title": f"{row['title']}{at}", "value": row["value"], "unit": row["unit"],
            "bites": bites}  # fmt: skip


def told_rows(told: list[Plain]) -> list[Plain]:
    """Return what the white cell told, the latest first."""
    return [{**one, "id": n} for n, one in reversed(list(enumerate(told)))]


def feed_rows(feed: list[Plain], scenario: Scenario) -> list[Plain]:
    """Return what happened in plain words with its reason, the latest first."""
    return [feed_row(n, one, scenario) for n, one in reversed(list(enumerate(feed)))]


def feed_row(n: int, one: Plain, scenario: Scenario) -> Plain:
    """Return one thing that happened in plain words."""
    names = names_of(scenario)
    month = months.parse(one["month"]) - scenario.start
    decision = Decision(**{**one, "month": month})
    kind = str(one["kind"])
    chip, tone = KINDS.get(kind, OTHERS.get(kind, ("Ladder", "bad")))
    if kind == "policy" and one["who"] == PLAYED:
        chip, text, why = "Levers", _lever_set(decision, scenario), ""
    elif kind in SAY:
        row = tell(n, decision, scenario, names, {})
        text, why = row.what, row.why
    elif kind == "seat":
        text, why = _of_seat(decision, scenario), ""
    else:
        text, why = step_told(decision, names)
    return {"id": n, "month": one["month"], "chip": chip, "tone": tone, "text": text, "why": why}


def _of_seat(decision: Decision, scenario: Scenario) -> str:
    """Say what an act of a seat came to, where that is not told by what it did."""
    names = names_of(scenario)
    what, _, told = decision.why.partition(": ")
    doing = acts().get(what)
    title = doing.title if doing else what[:1].upper() + what[1:]
    return f"{names(decision.who)}. {title}, {names(decision.target)}" + (f": {told}" * bool(told))


def _lever_set(decision: Decision, scenario: Scenario) -> str:
    """Say which lever was set to what; whose it was only its seat is told elsewhere."""
    names = names_of(scenario)
    found = SET.match(decision.why)
    lever = catalogue().get(found["lever"]) if found else None
    if found is None or lever is None:
        return f"{names(decision.target)}: {decision.why}"
    at = "" if decision.target == BASE else f" for {names(decision.target)}"
    return f"{lever.title}{at}: {found['value']}"
