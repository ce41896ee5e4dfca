"""Hosting a tabletop: a room is opened, and the rooms of a file are served."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mobilize.app.seats.hosting import serve
from mobilize.app.seats.invitation import Words
from mobilize.scenario import Scenario

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from mobilize.rooms.hall import Hall
    from mobilize.rooms.room import Room
    from mobilize.rooms.store import RoomStore
    from mobilize.workers import Workers

WORDS = Words("Players", "python3 -m mobilize host", "scenario")


def host(
    scenario: Scenario | None,
    parts: Mapping[str, Any],
    saves: Path,
    port: int,
    lan: bool = False,
    browser: bool = True,
    seed: int | None = None,
    mindset: str | None = None,
    known: Mapping[str, Scenario] | None = None,
) -> None:
    """Open a room, say how to join, and serve until interrupted.

    Parameters
    ----------
    scenario : Scenario, optional
        Of the new room; without one, the rooms that are kept are served again.
    parts : mapping
        How the room is opened: see :func:`mobilize.rooms.room.found`.
    known : mapping of str to Scenario, optional
        Scenarios beside the shipped ones.

    Raises
    ------
    RoomError, OSError
        As :func:`mobilize.app.seats.hosting.serve` does, or if the room cannot be opened.
    """
    from mobilize.game.game import Game
    from mobilize.rooms.hall import Hall

    def opened(store: RoomStore) -> Hall:
        hall = Hall(store, known)
        if scenario is not None:
            luck = scenario.seed if seed is None else seed
            hall.open(Game(scenario, luck, 0, mindset), **parts)
        return hall

    serve(opened, application, WORDS, saves, port, lan, browser)


def application(
    hall: Hall, workers: Workers, hosts: frozenset[str], address: str = ""
) -> Starlette:
    """Return the application that serves the rooms of a hall to some Host headers.

    Parameters
    ----------
    address : str
        By which players reach it, as the white cell's and the projector's pages tell it.
    """
    from mobilize.app.seats.serving import prepare, served

    prepare("mobilize.app.rooms.main")
    from mobilize.app.rooms import downloads, join, shared

    shared.hall, shared.workers, shared.address = hall, workers, address

    def ready(room: Room) -> None:
        from mobilize.app.rooms.teams.given import suggest_ahead

        shared.ready(room)
        if not room.game.turns:
            teams = [place.id for place in room.seats if room.role(place.id).plays]
            suggest_ahead(room.game.scenario, iter(teams))

    own = [*join.routes, *downloads.routes]
    return served(hall, workers, hosts, own, hall.tick, ready)
