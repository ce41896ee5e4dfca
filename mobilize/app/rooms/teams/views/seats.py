"""Who is at the table: names of seats, parts of a team, what a phase asks of it."""

from __future__ import annotations

from typing import Any

from mobilize.rooms.acts import acts
from mobilize.rooms.roles import WHITE_CELL
from mobilize.rooms.room import EVERYBODY
from mobilize.rooms.told import seat_called
from policies.levers import GROUPS

Plain = dict[str, Any]
PHASES = {
    "lock": (
        "Plans are locked",
        "What stands below is played. You can still talk. The white cell resolves the turn next.",
    ),
    "resolve": (
        "The turn is being resolved",
        "It is played and not told yet: the white cell looks at it first. Then comes the brief.",
    ),
    "brief": (
        "The turn is told",
        "Read what came of it, beside what you predicted. The next plan begins when the white "
        "cell says so.",
    ),
}


def seat_names(seats: list[Plain]) -> dict[str, str]:
    """Return how everybody and each seat is called, by id."""
    return {EVERYBODY: "Everybody"} | {seat["id"]: seat_called(seat) for seat in seats}


def partners(seats: list[Plain], me: str) -> list[Plain]:
    """Return the seats that can be spoken to: teams and the white cell, those with people first."""
    names = seat_names(seats)
    rows = [
        {"id": s["id"], "name": names[s["id"]], "people": [p["name"] for p in s["people"]],
         "plays": s["plays"]}
        for s in seats
        if s["id"] != me and (s["plays"] or s["id"] == WHITE_CELL)
    ]  # fmt: skip
    return sorted(rows, key=lambda row: not row["people"] and row["id"] != WHITE_CELL)


def you_rows(you: Plain) -> Plain:
    """Return who sits here, with what each part decides in words."""
    parts = []
    for part in you["parts"]:
        decides = [GROUPS[g] for g in part["groups"]] + [acts()[a].title for a in part["acts"]]
        parts.append({
            "name": part["name"],
            "title": part["title"],
            "held_by": part["held_by"],
            "decides": "; ".join(decides),
        })  # fmt: skip
    return {k: you[k] for k in ("seat", "title", "about", "country")} | {"parts": parts}


def people_of(seats: list[Plain], me: str) -> list[str]:
    """Return the names of those who sit at a seat."""
    return [p["name"] for s in seats if s["id"] == me for p in s["people"]]


def phase_note(table: Plain, submitted: bool) -> Plain | None:
    """Return what happens now, where the plan is not open; None while it is."""
    over = over_note(table)
    if over is not None:
        return {**over, "go": "brief"}
    if table["phase"] in PHASES:
        title, text = PHASES[table["phase"]]
        brief = table["phase"] == "brief"
        return {"title": title, "text": text, "tone": "", "go": "brief" if brief else "",
                "label": "Go to Brief"}  # fmt: skip
    if submitted:
        text = "The plan below is played as it is. Reopen it in the bar to change it."
        return {"title": "Handed in", "tone": "good", "go": "", "label": "", "text": text}
    return None


def over_note(table: Plain) -> Plain | None:
    """Return that the game is over, once its last turn is told."""
    if table["left"] or table["phase"] not in ("plan", "brief"):
        return None
    text = "Look back together: what was expected and what came stands on Brief."
    return {"title": "The game is over", "tone": "good", "go": "", "label": "Go to Brief",
            "text": text}  # fmt: skip


def news(sight: Plain) -> dict[str, int]:
    """Return by page how much has come from others so far: what a tab has not seen is new."""
    seat = sight["you"]["seat"]
    offers = sight["offers"]
    return {
        "talk": sum(m["by"] != seat for m in sight["messages"])
        + sum(o["by"] != seat for o in offers)
        + sum(o["by"] == seat and o["state"] in ("accepted", "declined") for o in offers)
        + sum(p["kept"] is not None for p in sight["promises"]),
        "brief": len(sight["results"])
        + len(sight["told"])
        + sum(bool(m["ruling"]) for m in sight["moves"]),
    }
