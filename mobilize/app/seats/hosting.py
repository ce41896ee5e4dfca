"""Hosting: a file is opened by one server alone, which says how to join and serves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from mobilize.app.seats.invitation import Words, how_to_join
from mobilize.app.seats.network import ANYWHERE, hosts, lan_addresses
from mobilize.app.server import LOOPBACK, free_port, run
from mobilize.rooms.host import Host
from mobilize.rooms.room import RoomError

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from mobilize.rooms.store import RoomStore
    from mobilize.workers import Workers

H = TypeVar("H", bound=Host[Any])


def serve(
    opened: Callable[[RoomStore], H],
    application: Callable[[H, Workers, frozenset[str], str], Starlette],
    words: Words,
    saves: Path,
    port: int,
    lan: bool = False,
    browser: bool = True,
) -> None:
    """Open what is kept in a file, say how to join, and serve until interrupted.

    Parameters
    ----------
    opened : callable
        Gives what is served, with a new room or class if one is to be opened.
    application : callable
        Gives what answers, by what is served, processes, Host headers and the address.
    saves : Path
        SQLite file.
    port : int
        The first one that is tried.
    lan : bool
        Whether others in the network can join, or only this machine.
    browser : bool
        Whether a browser is opened for whoever leads.

    Raises
    ------
    RoomError
        If another server has the file open, or there is nothing to serve.
    OSError
        If no port is free.
    """
    from mobilize.rooms.store import RoomStore
    from mobilize.workers import Workers

    bound = ANYWHERE if lan else LOOPBACK
    with only_here(saves):
        port = free_port(port, bound)
        host = opened(RoomStore(saves))
        if not host.rows():
            told = f"no {host.of} is kept in {saves}: name a {words.begun} to open one"
            raise RoomError(told)
        addresses = (lan_addresses() if lan else ()) or (LOOPBACK,)
        known_as = hosts((*addresses, LOOPBACK, "localhost"), port)
        app = application(host, Workers(), known_as, f"http://{addresses[0]}:{port}")
        staff = f"http://{LOOPBACK}:{port}/join?code={host.rows()[0].staff}" if browser else ""
        run(app, bound, port, how_to_join(host, words, addresses, port, saves, lan), staff)


@contextmanager
def only_here(saves: Path) -> Iterator[None]:
    """Keep other servers from a file: each would have half of what is done.

    The system lets others in again when the process ends, in whatever way.

    Raises
    ------
    RoomError
        If another server has it open.
    """
    from filelock import FileLock, Timeout

    saves.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(saves.with_name(saves.name + ".lock"))
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        told = f"another server has {saves} open: end it, or name another file by --saves"
        raise RoomError(told) from error
    try:
        yield
    finally:
        lock.release()
