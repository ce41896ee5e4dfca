"""A server of rooms that is killed under load loses no act that it acknowledged, and doubles none.

By default a few times; with MOBILIZE_KILLS=50 as often as that.
"""

import json
import os
import random
import sqlite3
import threading
import time
from contextlib import suppress

import pytest

from mobilize.app.driver import any_port, hosted
from mobilize.app.scripted import Tab, Visitor
from tests.rooms.common import QUICK, WHITE

KILLS = int(os.environ.get("MOBILIZE_KILLS", "3"))
SEATS = ("acquisition", "diplomacy", "industry", "large-ally:CA")
CLIENTS = 6
BACK = 300.0  # seconds in which everybody is back, however busy the machine is
pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows ends processes in another way")


class Client:
    """Somebody who plays on and on: sends the next act once the last one is acknowledged."""

    def __init__(self, server, number):
        self.visitor = Visitor(server.address)
        self.seat = WHITE if number == 0 else SEATS[number % len(SEATS)]
        code = server.staff if number == 0 else server.code
        self.path = self.visitor.join(code, f"client {number}", self.seat)
        self.member = self.path.rsplit("/", 1)[1]
        self.acknowledged, self.sent = 0, 0  # numbers of acts

    def play(self, server):
        """Act while the server lives; whenever the connection ends, come back by the cookie."""
        while server.process.poll() is None:
            self.act_on()
            time.sleep(0.1)

    def act_on(self):
        with suppress(OSError, TimeoutError, Exception), Tab(self.visitor, self.path).run() as tab:
            self.acknowledged = max(self.acknowledged, tab.bar["sequence"])
            while True:
                self.sent = self.acknowledged + 1
                if self.seat == WHITE and self.sent % 4:
                    tab.act("next", {}, self.sent)
                elif self.sent % 3:
                    tab.act("note", {"text": f"{self.member} {self.sent}"}, self.sent)
                else:
                    tab.act("say", {"to": [WHITE if self.seat != WHITE else SEATS[0]],
                                    "text": f"{self.member} {self.sent}"}, self.sent)  # fmt: skip
                tab.wait(lambda t: t.bar["sequence"] >= self.sent or t.bar["fault"]["text"], 20)
                if tab.bar["sequence"] < self.sent:  # a limit is reached, or the game is over
                    tab.act("part", {"part": ""}, self.sent)
                    tab.wait(lambda t: t.bar["sequence"] >= self.sent, 20)
                self.acknowledged = max(self.acknowledged, tab.bar["sequence"])
                time.sleep(0.2)


def test_every_act_that_was_acknowledged_is_there_once_after_each_kill(tmp_path):
    saves, log, port = tmp_path / "rooms.sqlite", tmp_path / "log.txt", any_port()
    luck, clients = random.Random(7), []
    for kill in range(KILLS + 1):
        options = (QUICK,) if not kill else ()
        with hosted(saves, log, *options, port=port) as server:
            clients = clients or [Client(server, n) for n in range(CLIENTS)]
            threads = [
                threading.Thread(target=c.play, args=(server,), daemon=True) for c in clients
            ]
            before = [c.acknowledged for c in clients]
            for thread in threads:
                thread.start()
            end = time.monotonic() + BACK
            while not all(c.acknowledged > b for c, b in zip(clients, before, strict=True)):
                assert time.monotonic() < end
                time.sleep(0.02)  # everybody is back at their seat, and acts
            time.sleep(luck.uniform(0.0, 1.5))
            server.process.kill()
            server.process.wait()
        for thread in threads:
            thread.join(BACK)
            assert not thread.is_alive()
        db = sqlite3.connect(saves)
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        rows = [json.loads(text) for (text,) in db.execute("SELECT text FROM acts ORDER BY number")]
        db.close()
        assert [row["number"] for row in rows] == list(range(1, len(rows) + 1))
        for client in clients:
            mine = [row["sequence"] for row in rows if row["who"] == client.member]
            assert mine == list(range(1, len(mine) + 1)), "an act is lost or stands twice"
            assert client.acknowledged <= len(mine) <= client.sent, "an acknowledged act is lost"
    assert sum(c.acknowledged for c in clients) > KILLS * CLIENTS
