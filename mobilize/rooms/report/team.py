"""The report of one team, from its own chair: nothing that it may not know.

What it tells of the session is what the seat was sent (:mod:`mobilize.rooms.sight`), and of other
seats' words only those it gave or was given. What its own decisions were worth is told in figures
that it might have predicted. This holds after the end too: the whole truth stands in the room's
report, which the white cell releases.
"""

from __future__ import annotations

from dataclasses import replace
from html import escape
from typing import Any

from mobilize.game.after import ROUTINE, timeline
from mobilize.game.page import facts, page, table, text
from mobilize.game.report import SECTIONS, worth_part
from mobilize.game.telling import names_of
from mobilize.game.things import thing
from mobilize.game.worth import Review, looked_back
from mobilize.playing import HONEST
from mobilize.rooms.decided import Decided, decided
from mobilize.rooms.paper.words import names
from mobilize.rooms.paper.world import world_html
from mobilize.rooms.players import predictable
from mobilize.rooms.report import parts
from mobilize.rooms.room import Room
from mobilize.rooms.sight import sight
from mobilize.rooms.told import feed_told, seat_name
from policies.levers import catalogue

LAST = 120  # rows of what it was told


def team_report_html(room: Room, seat: str, found: Review | None = None) -> str:
    """Return the report of a team as one self-contained HTML page; same room, same bytes.

    Parameters
    ----------
    found : Review, optional
        The room's game looked back on; made here if it is not given, or tells of a turn that the
        team has not been told of.

    Raises
    ------
    ValueError
        If the room has no team of this name.
    """
    teams = [place.id for place in room.seats if room.role(place.id).plays]
    if seat not in teams:
        raise ValueError(f"seat '{seat}'; allowed: {', '.join(teams)}")
    room = as_told(room)
    shown = room.game
    if found is None or found.game.identity != shown.identity:
        found = looked_back(shown)
    seen = sight(room, seat)
    mine = [d for d in decided(room) if d.seat == seat]

    def own(other: str) -> bool:
        return other == seat

    sections = {
        "turns": ("What you decided", _turns(room, seen, mine)),
        "effect": ("When it worked", _effects(found, mine)),
        "worth": (SECTIONS["worth"], _worth(room, seat, found, mine)),
        "predictions": ("What you expected, and what came", parts.predictions(room, own)),
        "agreed": ("Offers and promises", parts.agreed(room, own)),
        "moves": ("Moves in words", parts.moves_in_words(room, own)),
        "messages": ("Messages", parts.messages(room, own)),
        "notes": ("Notes", _notes(seen)),
        "told": ("What you were told", _told(room, seen)),
        "world": ("Where you stand", world_html(seen["world"], names(room.game.scenario))),
    }
    title = f"{room.title}: {seat_name(room, seat)}"
    return page(title, _head(room, seen), sections)


def as_told(room: Room) -> Room:
    """Return the room as far as its teams know it: without a turn that is not told yet."""
    if room.phase != "resolve":
        return room
    told = replace(room.play, game=room.shown, turns=room.play.turns[:-1])
    return replace(room, play=told, phase="brief")


def _head(room: Room, seen: dict[str, Any]) -> str:
    mine = next(row for row in seen["seats"] if row["id"] == seen["you"]["seat"])
    names = ", ".join(one["name"] for one in mine["people"])
    rows = {
        "Seat": seat_name(room, seen["you"]["seat"]),
        "People": names or "nobody: played by its rules",
        "Scenario": seen["room"]["scenario"],
        "Played": f"{len(room.game.turns)} turns, {seen['room']['played']} months",
    }
    said = (
        "Your own side of the session. What others decided, what was hidden, and how to play it "
        "again stand in the room's report: ask the white cell."
    )
    return facts(rows) + text(said, "muted") + text(HONEST, "note")


def _turns(room: Room, seen: dict[str, Any], mine: list[Decided]) -> str:
    """Return each turn that was told: what counted, what was set aside, whether rules stood in."""
    found, called = [], names_of(room.game.scenario)
    for result in seen["results"]:
        turn = result["turn"]
        rows = [parts.decided_row(room, one) for one in mine if one.turn == turn]
        rows += [
            ("", seat_name(room, seen["you"]["seat"]), catalogue()[one["lever"]].title,
             thing(called, one["target"]), str(one["value"]), "set aside", "")
            for one in result["set_aside"]
        ]  # fmt: skip
        found.append(f"<h3>Turn {turn}</h3>\n")
        found.append(table(parts.HEAD, rows) if rows else text("You decided nothing."))
        if result["rules_played"]:
            found.append(text("Your rules stood in for you."))
    return "".join(found)


def _effects(found: Review, mine: list[Decided]) -> str:
    """Return when each lever of one's own took effect, and when deliveries first differed."""
    numbers = {one.number for one in mine}
    rows = [
        (str(r["number"]), r["title"], r["target"], r["decided"], r["due"] or "-", r["state"],
         r["delivered"]["month"] if r["delivered"] else "none to be seen")
        for r in timeline(found.game, found.effects)
        if r["number"] in numbers
    ]  # fmt: skip
    head = ("", "lever", "aimed at", "decided", "took effect", "state", "deliveries first differ")
    return table(head, rows) if rows else ""


def _worth(room: Room, seat: str, found: Review, mine: list[Decided]) -> str:
    numbers = {one.number - 1 for one in mine}
    return worth_part(found, (), numbers, predictable(room, seat))


def _notes(seen: dict[str, Any]) -> str:
    return "".join(f"<p>Turn {n['turn']}: {escape(n['text'])}</p>\n" for n in seen["notes"])


def _told(room: Room, seen: dict[str, Any]) -> str:
    said = [(str(r["turn"]), r["title"], r["text"]) for r in seen["told"]]
    rows = [r for r in seen["feed"] if r["kind"] not in ROUTINE]
    words = (feed_told(row, room.game.scenario) for row in rows[-LAST:])
    heard = [(t["month"], t["what"], t["why"]) for t in words]
    told = table(("turn", "event", "text"), said, "By the white cell") if said else ""
    head = ("month", "what", "why")
    more = f": the last {LAST} of {len(rows)}" if len(rows) > LAST else ""
    return told + (table(head, heard, f"In your feed{more}") if heard else "")
