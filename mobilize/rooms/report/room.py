"""The report of a room, for the white cell and for the room when it is over: the whole truth."""

from __future__ import annotations

from dataclasses import replace

from mobilize.game.after import start
from mobilize.game.game import fingerprint, play
from mobilize.game.page import page, text
from mobilize.game.report import (
    SECTIONS,
    decided_part,
    deterrence_part,
    flows_part,
    head,
    rests_part,
    timeline_part,
    why_part,
    worth_part,
)
from mobilize.game.worth import Review, looked_back
from mobilize.rooms.decided import seats_of
from mobilize.rooms.report import parts
from mobilize.rooms.room import Room
from mobilize.rooms.told import seat_name


def room_report_html(room: Room, found: Review | None = None) -> str:
    """Return the report of a session as one self-contained HTML page; same room, same bytes.

    It tells everything: plans of all seats, messages, hidden plants, the mindset. The white cell
    decides when the room may see it.

    Parameters
    ----------
    found : Review, optional
        The room's game looked back on, by other processes for one; made here if it is not given.
    """
    game = room.game
    found = found or looked_back(game)
    plain = start(replace(game, opening=(), turns=())).run(game.month)
    seats = [seat_name(room, seat) for seat in seats_of(room)]
    sections = {
        "short": ("In short", parts.in_short(room)),
        "people": ("Who sat where", parts.people(room)),
        "turns": ("Turn by turn", parts.turn_by_turn(room)),
        "overrides": ("Outcomes overridden", parts.overrides(room)),
        "white": ("What else the white cell did", parts.white_cell(room)),
        "moves": ("Moves in words", parts.moves_in_words(room, _all)),
        "agreed": ("Offers and promises", parts.agreed(room, _all)),
        "predictions": ("What was expected, and what came", parts.predictions(room, _all)),
        "decided": (SECTIONS["decided"], decided_part(found, seats)),
        "timeline": (SECTIONS["timeline"], timeline_part(found)),
        "flows": (SECTIONS["flows"], flows_part(game, plain)),
        "deterrence": (SECTIONS["deterrence"], deterrence_part(game, plain)),
        "worth": (SECTIONS["worth"], worth_part(found, seats)),
        "why": (SECTIONS["why"], why_part(game)),
        "messages": ("Messages", parts.messages(room, _all)),
        "rests": (SECTIONS["rests"], rests_part(found)),
        "again": (SECTIONS["again"], _again(room)),
    }
    return page(f"Session: {room.title}", head(game), sections)


def _all(_: str) -> bool:
    return True


def _again(room: Room) -> str:
    scenario = room.game.scenario
    return text(
        "The session file holds how the room was opened and every accepted act. mobilize replay "
        "session.json plays each through the same door again, and says whether the fingerprint is "
        f"{fingerprint(play(room.game))}; mobilize debrief session.json writes these reports "
        f"again, byte for byte. Both need this version and the scenario {scenario.name} with the "
        f"content {scenario.digest}."
    )
