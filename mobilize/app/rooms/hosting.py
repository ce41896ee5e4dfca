"""Hosting: a room is opened, its address and codes are printed, and it is served."""

from __future__ import annotations

import socket
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any

from mobilize.app.server import LOOPBACK, free_port, run
from mobilize.scenario import Scenario

ANYWHERE = "0.0.0.0"
FAR = ("10.255.255.255", "192.168.255.255", "172.31.255.255")
"""Private networks (RFC 1918): the way to one tells this machine's address; nothing is sent."""


def lan_addresses() -> tuple[str, ...]:
    """Return this machine's addresses in the networks it is connected to, without loopback."""
    found: list[str] = []
    for far in FAR:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            try:
                probe.connect((far, 9))
                found.append(str(probe.getsockname()[0]))
            except OSError:
                continue
    try:
        known = socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)
        found += [str(row[4][0]) for row in known]
    except OSError:
        pass
    return tuple(a for a in dict.fromkeys(found) if not a.startswith(("127.", "0.")))


def hosts(addresses: Iterable[str], port: int) -> frozenset[str]:
    """Return the Host headers that a server at these addresses answers."""
    name = socket.gethostname().lower()
    return frozenset(f"{a}:{port}" for a in (*addresses, name, f"{name}.local"))


def qr(text: str) -> str:
    """Return a QR code (ISO/IEC 18004) for a terminal, right on dark and light ones alike."""
    import segno

    out = StringIO()
    segno.make(text, micro=False).terminal(out, border=2, compact=True)
    return out.getvalue()


@dataclass(frozen=True)
class Joining:
    """How players come in: address, code, and both as a QR code (a path of unit squares)."""

    address: str
    code: str
    path: str
    size: int


@cache
def joining(address: str, code: str) -> Joining:
    """Return how players of a room come in, with a QR code (ISO/IEC 18004) to be drawn."""
    import segno

    rows = list(segno.make(f"{address}/join?code={code}", micro=False).matrix_iter(border=4))
    squares = (f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, on in enumerate(row) if on)
    return Joining(address, spaced(code), "".join(squares), len(rows))


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
    saves : Path
        SQLite file of the rooms.
    lan : bool
        Whether others in the network can join, or only this machine.

    Raises
    ------
    RoomError
        If the room cannot be opened.
    OSError
        If no port is free.
    """
    from mobilize.app.rooms.serving import application
    from mobilize.game.game import Game
    from mobilize.rooms.hall import Hall
    from mobilize.rooms.room import RoomError
    from mobilize.rooms.store import RoomStore
    from mobilize.workers import Workers

    bound = ANYWHERE if lan else LOOPBACK
    with only_here(saves):
        port = free_port(port, bound)
        hall = Hall(RoomStore(saves), known)
        if scenario is not None:
            luck = scenario.seed if seed is None else seed
            hall.open(Game(scenario, luck, 0, mindset), **parts)
        if not hall.rows():
            raise RoomError(f"no room is kept in {saves}: name a scenario to open one")
        addresses = (lan_addresses() if lan else ()) or (LOOPBACK,)
        known_as = hosts((*addresses, LOOPBACK, "localhost"), port)
        app = application(hall, Workers(), known_as, f"http://{addresses[0]}:{port}")
        staff = hall.rows()[0].staff
        opened = f"http://{LOOPBACK}:{port}/join?code={staff}" if browser else ""
        run(app, bound, port, how_to_join(hall, addresses, port, saves, lan), opened)


@contextmanager
def only_here(saves: Path) -> Iterator[None]:
    """Keep other servers from a file of rooms: each would have half of what is done.

    The system lets others in again when the process ends, in whatever way.

    Raises
    ------
    RoomError
        If another server has these rooms open.
    """
    from filelock import FileLock, Timeout

    from mobilize.rooms.room import RoomError

    saves.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(saves.with_name(saves.name + ".lock"))
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise RoomError(
            f"another server has the rooms of {saves} open: end it, or name another file by --saves"
        ) from error
    try:
        yield
    finally:
        lock.release()


def how_to_join(hall: Any, addresses: Iterable[str], port: int, saves: Path, lan: bool) -> str:
    """Return what is printed when a server of rooms is up: the latest room first."""
    lines = []
    rows = hall.rows()
    for row in rows[:1]:
        first = next(iter(addresses))
        join = f"http://{first}:{port}/join?code={row.code}"
        lines += [
            qr(join),
            "",
            f"Players join at   http://{first}:{port}   with the code {spaced(row.code)}",
            f"White cell        http://{LOOPBACK}:{port}/join?code={row.staff}",
            "                  keep this one to yourself",
        ]
    lines += [f"Also open         {row.opened[:10]} code {spaced(row.code)}, white cell "
              f"{spaced(row.staff)}" for row in rows[1:6]]  # fmt: skip
    other = [f"http://{a}:{port}" for a in addresses][1:]
    if other:
        lines.append(f"Other addresses   {', '.join(other)}")
    if not lan:
        lines.append("Only this machine can join: add --lan to let in the network of the room.")
    again = "mobilize host --lan" if lan else "mobilize host"
    lines.append(f"Kept in           {saves}")
    lines.append(
        f"Ctrl+C ends it; `{again}` with no scenario goes on, a scenario opens another room."
    )
    return "\n".join(lines)


def spaced(code: str) -> str:
    """Return a code as it is read out."""
    return f"{code[:4]} {code[4:]}"
