"""How people are asked in: a code, an address, and both as a QR code, on a page or a terminal."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any

from mobilize.app.server import LOOPBACK
from mobilize.rooms.host import Host

SHOWN = 5  # older rooms or classes whose codes are printed too


@dataclass(frozen=True)
class Joining:
    """How people come in: address, code, and both as a QR code (a path of unit squares)."""

    address: str
    code: str
    path: str
    size: int


@cache
def joining(address: str, code: str) -> Joining:
    """Return how people come in by a code, with a QR code (ISO/IEC 18004) to be drawn."""
    import segno

    rows = list(segno.make(f"{address}/join?code={code}", micro=False).matrix_iter(border=4))
    squares = (f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, on in enumerate(row) if on)
    return Joining(address, spaced(code), "".join(squares), len(rows))


def qr(text: str) -> str:
    """Return a QR code (ISO/IEC 18004) for a terminal, right on dark and light ones alike."""
    import segno

    out = StringIO()
    segno.make(text, micro=False).terminal(out, border=2, compact=True)
    return out.getvalue()


def spaced(code: str) -> str:
    """Return a code as it is read out."""
    return f"{code[:4]} {code[4:]}"


@dataclass(frozen=True)
class Words:
    """What a terminal calls those who come in, the command that serves, what it opens one of."""

    guests: str
    command: str
    begun: str


def how_to_join(
    host: Host[Any], words: Words, addresses: Sequence[str], port: int, saves: Path, lan: bool
) -> str:
    """Return what is printed when a server is up: the latest room or class first."""
    rows, leader = host.rows(), host.leader.capitalize()
    lines = []
    for row in rows[:1]:
        lines += [
            qr(f"http://{addresses[0]}:{port}/join?code={row.code}"),
            "",
            _told(f"{words.guests} join at",
                  f"http://{addresses[0]}:{port}   with the code {spaced(row.code)}"),
            _told(leader, f"http://{LOOPBACK}:{port}/join?code={row.staff}"),
            _told("", "keep this one to yourself"),
        ]  # fmt: skip
    for row in rows[1 : SHOWN + 1]:
        title = json.loads(row.header)["title"]
        codes = f"code {spaced(row.code)}, {host.leader} {spaced(row.staff)}"
        lines.append(_told("Also open", f"{title}, of {row.opened[:10]}: {codes}"))
    if addresses[1:]:
        lines.append(
            _told("Other addresses", ", ".join(f"http://{a}:{port}" for a in addresses[1:]))
        )
    if not lan:
        lines.append("Only this machine can join: add --lan to let in the network of the room.")
    again = f"{words.command} --lan" if lan else words.command
    lines.append(_told("Kept in", str(saves)))
    lines.append(
        f"Ctrl+C ends it; `{again}` with no {words.begun} goes on, a {words.begun} opens another "
        f"{host.of}."
    )
    return "\n".join(lines)


def _told(what: str, told: str) -> str:
    return f"{what:<18}{told}"
