"""The server finds a free port or says so, and ends without leaving processes."""

from __future__ import annotations

import os
import signal
import socket
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from mobilize.app.driver import PATIENCE, any_port, served
from mobilize.app.server import LOOPBACK, TRIES, free_port


def test_a_taken_port_gives_the_next_free_one() -> None:
    with socket.socket() as taken:
        port = any_port()
        taken.bind((LOOPBACK, port))
        taken.listen()
        assert port < free_port(port) < port + TRIES


def test_no_free_port_is_said_with_what_to_do() -> None:
    with ExitStack() as stack:
        first = any_port()
        for port in range(first, first + TRIES):
            one = stack.enter_context(socket.socket())
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # of a connection just ended
            try:
                one.bind((LOOPBACK, port))
                one.listen()
            except OSError:
                continue  # taken by somebody else, which is as good
        with pytest.raises(OSError, match="give another --port"):
            free_port(first)


def _children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    return [int(child) for child in found.split()]


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs /proc")
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_an_ended_server_leaves_no_process(tmp_path: Path, how: signal.Signals) -> None:
    with served(tmp_path / "games.sqlite", tmp_path / "log.txt") as server:
        children = _children(server.process.pid)
        os.kill(server.process.pid, how)
        server.process.wait(PATIENCE)
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and any(Path(f"/proc/{c}").exists() for c in children):
            time.sleep(0.1)
        assert [c for c in children if Path(f"/proc/{c}").exists()] == []
    assert "Traceback" not in (tmp_path / "log.txt").read_text(errors="replace")
