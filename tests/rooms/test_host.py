"""`mobilize host` says how to join, what is wrong, and serves what is kept again."""

import re
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
from dataclasses import replace
from pathlib import Path

import pytest

from mobilize.app.driver import PATIENCE, START, any_port, hosted
from mobilize.app.scripted import Tab, Visitor
from mobilize.app.seats.network import lan_addresses
from mobilize.scenario import load
from mobilize.scenario.write import write_scenario
from tests.rooms.common import QUICK, US
from tests.rooms.test_attacks import told


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("no-such-scenario",), "no-such-scenario"),
        ((), "name a scenario to open one"),
        ((QUICK, "--turn", "20"), "a turn of 20 months; allowed: 1 to 12"),
        ((QUICK, "--minutes", "900"), "900 minutes to plan; allowed: 0 to 600"),
        ((QUICK, "--banner", "x" * 100), "allowed: at most 80"),
    ],
)
def test_what_is_wrong_is_said_and_no_room_is_left(tmp_path, not_served, options, said):
    assert said in not_served("host", *options)
    kept = tmp_path / "kept.sqlite"
    if kept.exists():
        assert sqlite3.connect(kept).execute("SELECT count(*) FROM rooms").fetchone() == (0,)


def test_a_file_that_holds_something_else_is_left_alone(tmp_path, not_served):
    (tmp_path / "kept.sqlite").write_text("what somebody wrote")
    assert "cannot be used for rooms" in not_served("host", QUICK)
    assert (tmp_path / "kept.sqlite").read_text() == "what somebody wrote"


def test_one_server_at_a_time_has_a_file_of_rooms(tmp_path, not_served):
    saves, log = tmp_path / "kept.sqlite", tmp_path / "log.txt"
    with hosted(saves, log, QUICK) as server:
        assert f"another server has {saves} open" in not_served("host", QUICK)
        assert f"another server has {saves} open" in not_served("host")
        server.process.kill()  # and the system lets the next one in
        server.process.wait()
        with hosted(saves, log) as again:
            assert again.code == server.code


def test_a_taken_port_gives_the_next_and_the_printed_address_is_right(tmp_path):
    with socket.socket() as taken:
        port = any_port()
        taken.bind(("127.0.0.1", port))
        taken.listen()
        log = tmp_path / "log.txt"
        command = [sys.executable, "-c", START, "host", QUICK, "--no-browser", "--port", str(port)]
        with log.open("wb") as out:
            server = subprocess.Popen(
                [*command, "--saves", str(tmp_path / "kept.sqlite")], stdout=out, stderr=out,
                cwd=Path(__file__).parents[2],
            )  # fmt: skip
        try:
            while "Players join" not in log.read_text() and server.poll() is None:
                time.sleep(0.05)
            address, code = re.search(
                r"Players join at\s+(\S+)\s+with the code (\w+ \w+)", log.read_text()
            ).groups()
            assert int(address.rsplit(":", 1)[1]) > port
            assert "room" in Visitor(address).get(f"/join?code={code.replace(' ', '')}")[1]
        finally:
            server.terminate()
            server.wait(PATIENCE)


def test_without_lan_nobody_else_can_connect_and_with_it_others_can(tmp_path):
    log = tmp_path / "log.txt"
    others = lan_addresses()
    with hosted(tmp_path / "kept.sqlite", log, QUICK) as server:
        port = int(server.address.rsplit(":", 1)[1])
        assert "add --lan" in log.read_text()
        for other in others:
            with pytest.raises(urllib.error.URLError):
                Visitor(f"http://{other}:{port}").get("/join")
    with hosted(tmp_path / "kept.sqlite", log, "--lan") as server:
        port = int(server.address.rsplit(":", 1)[1])
        text = log.read_text().rsplit("Kept in", 2)[1]
        assert "add --lan" not in text
        for other in others[:1]:
            assert f"Players join at   http://{other}:{port}" in text
            visitor = Visitor(f"http://{other}:{port}")
            with Tab(visitor, visitor.join(server.code, "Ann", US)).run() as tab:
                assert told(tab, "note", {"text": "from elsewhere"}) == ""
        assert f"White cell        http://127.0.0.1:{port}/join?code={server.staff}" in text


def test_rooms_of_a_scenario_folder_are_served_again_without_it(tmp_path):
    own = replace(load(QUICK), name="my-own", title="A scenario of my own")
    write_scenario(own, tmp_path / "given" / "my-own")
    saves, log, port = tmp_path / "kept.sqlite", tmp_path / "log.txt", any_port()
    with hosted(saves, log, str(tmp_path / "given" / "my-own"), port=port) as server:
        visitor = Visitor(server.address)
        path = visitor.join(server.code, "Ann", US)
        with Tab(visitor, path).run() as tab:
            assert told(tab, "note", {"text": "before"}) == ""
    (tmp_path / "given").rename(tmp_path / "taken away")
    with hosted(saves, log, port=port), Tab(visitor, path).run() as tab:
        assert tab.bar["room"]["title"] == "A scenario of my own"
        assert tab.bar["sequence"] == 1
        assert told(tab, "note", {"text": "after"}) == ""
