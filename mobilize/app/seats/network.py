"""Where a server can be reached: this machine's addresses, and the Host headers it answers."""

from __future__ import annotations

import socket
from collections.abc import Iterable

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
