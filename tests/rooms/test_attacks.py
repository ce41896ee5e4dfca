"""Attacks on a server of rooms, tried over real sockets, and refused without harm to anybody."""

import http.client
import json
import socket
import sqlite3
import time
import urllib.error
from urllib.parse import urlencode, urlsplit

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from mobilize.app.driver import hosted
from mobilize.app.guard import HEADERS
from mobilize.app.scripted import PATIENCE, Tab, Visitor
from mobilize.app.seats.door import SEATS
from mobilize.app.seats.gate import EACH
from mobilize.rooms.codes import WRONG, new_code
from tests.rooms.common import QUICK, US, WHITE

SIGXFSZ = "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)"
SMALL = f"{SIGXFSZ}; import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hosted")
    with hosted(folder / "rooms.sqlite", folder / "log.txt", QUICK) as found:
        found.folder = folder
        yield found


@pytest.fixture
def seated(server):
    """Return how to sit down: a visitor of its own and the page of its seat."""
    number = iter(range(100))

    def sit(seat=US, code=None):
        visitor = Visitor(server.address)
        code = code or (server.staff if seat == WHITE else server.code)
        return visitor, visitor.join(code, f"{time.monotonic_ns()} {next(number)}", seat)

    return sit


def told(tab, kind, body=None, sequence=None):
    """Send an act; return what it is refused with, "" if it is accepted."""
    number = tab.bar["fault"]["number"]
    mine = tab.bar["sequence"] + 1 if sequence is None else sequence
    tab.act(kind, {} if body is None else body, mine)
    tab.wait(lambda t: t.bar["fault"]["number"] > number)
    words = tab.bar["fault"]["text"]
    tab.wait(lambda t: words or t.bar["sequence"] >= mine)
    return words


def ask(server, method="GET", path="/", body=None, source=None, **headers):
    """Return status, headers and body of a request; `Host` is right unless it is given."""
    where = urlsplit(server.address)
    source = (source, 0) if source else None
    connection = http.client.HTTPConnection(where.hostname, where.port, PATIENCE, source)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        connection.request(method, path, body, named)
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()
    finally:
        connection.close()


# ----------------------------------------------------------------------------------- addresses


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/resourcez?verbose"),
        ("GET", "/readyz"),
        ("GET", "/jupyter/api/kernels/1"),
        ("POST", "/_solara/api/evict/1"),
        ("GET", "/_solara/auth/login"),
        ("GET", "/play/1"),
        ("GET", "/_solara/cdn/../../etc/passwd"),
        ("GET", "/static/../../../../../../etc/passwd"),
        ("GET", "/static/..%2f..%2f..%2f..%2f..%2fetc%2fpasswd"),
        ("GET", "/static/assets/..%2f..%2frooms%2fhall.py"),
        ("GET", "/static/public/../rooms/main.py"),
        ("GET", "/jupyter/nbextensions/..%2f..%2f..%2fetc%2fpasswd"),
        ("GET", "/rooms.sqlite"),
        ("GET", "/%00"),
        ("POST", "/seat/1"),
        ("DELETE", "/join"),
        ("GET", "/seat/1/2/3"),
        ("GET", "/" + "x" * 5000),
    ],
)
def test_only_what_a_room_needs_is_answered(server, method, path):
    status, headers, body = ask(server, method, path)
    assert status in (404, 405)
    assert HEADERS.items() <= headers.items()
    assert b"root:" not in body
    assert b"Traceback" not in body


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:80", "", "127.0.0.1", "127.0.0.2:1"]
)
def test_another_host_is_not_answered(server, host):
    status, headers, _ = ask(server, path="/join", Host=host)
    assert status in (400, 421)
    assert status == 400 or HEADERS.items() <= headers.items()


def test_a_form_of_another_site_is_refused(server):
    form = urlencode({"code": server.code, "name": "Eve", "seat": US})
    for origin in ("http://evil.example", "null", f"{server.address}.evil.example"):
        status, _, _ = ask(server, "POST", "/join", form, Origin=origin)
        assert status == 403


@pytest.mark.parametrize("size", [11_000, 10_000_000])
def test_a_form_that_is_too_large_is_refused(server, size):
    body = b"x" * size if size < 10**6 else None  # the large one is refused by what it says
    assert ask(server, "POST", "/join", body, Content_Length=str(size))[0] == 413


def test_a_form_that_hides_how_large_it_is_is_cut_off(server):
    where = urlsplit(server.address)
    head = f"POST /join HTTP/1.1\r\nHost: {where.netloc}\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunk = b"2710\r\n" + b"x" * 10_000 + b"\r\n"
    with socket.create_connection((where.hostname, where.port), PATIENCE) as raw:
        raw.sendall(head.encode() + 2 * chunk)  # at once: the answer may come before its end
        assert raw.recv(1000).startswith(b"HTTP/1.1 413 ")


def test_a_fault_of_the_server_tells_nothing_of_it(server):
    status, headers, body = ask(server, "POST", "/_solara/api/close/1")  # no session: a KeyError
    assert status == 500
    assert HEADERS.items() <= headers.items()
    assert b"Traceback" not in body
    assert b"solara" not in body.lower()


# --------------------------------------------------------------------------------------- codes


def test_a_thousand_guesses_are_not_even_looked_at(server):
    """From one place; another place, and those who sit here already, do not notice."""
    said = []
    for _ in range(1000):
        form = urlencode({"code": new_code(), "name": "Eve", "seat": US})
        said.append(ask(server, "POST", "/join", form, source="127.0.0.9"))
    assert {status for status, _, _ in said} == {403}
    assert [b"Too many wrong codes" in body for _, _, body in said] == [
        n >= WRONG for n in range(1000)
    ]
    right = urlencode({"code": server.code, "name": "Eve", "seat": US})
    assert ask(server, "POST", "/join", right, source="127.0.0.9")[0] == 403
    assert ask(server, path=f"/join?code={server.code}", source="127.0.0.9")[0] == 403
    assert ask(server, path=f"/join?code={server.code}", source="127.0.0.8")[0] == 200


def test_a_browser_holds_a_few_seats_and_no_more(server, seated):
    visitor, _ = seated()
    for n in range(SEATS - 1):
        visitor.join(server.code, f"again {n}", US)
    with pytest.raises(urllib.error.HTTPError) as refused:
        visitor.join(server.code, "once more", US)
    assert f"has {SEATS} seats" in refused.value.read().decode()


def test_the_players_code_does_not_open_the_white_cell(server):
    form = urlencode({"code": server.code, "name": "Eve", "seat": WHITE})
    status, _, body = ask(server, "POST", "/join", form)
    assert status == 403
    assert b"a code of its own" in body


# --------------------------------------------------------------------------------------- seats


def test_a_seat_is_shown_to_the_browser_that_holds_it_alone(server, seated):
    visitor, path = seated()
    other, elsewhere = seated("diplomacy")
    assert visitor.get(path)[0].endswith(path)
    token = next(c.value for c in other.jar if c.name.endswith(elsewhere.rsplit("/", 1)[1]))
    member = path.rsplit("/", 1)[1]
    for cookie in ("", f"seat-{member}={token}", f"seat-{member}=", f"seat-{member}={'x' * 43}"):
        status, _, body = ask(server, path=path, Cookie=cookie)
        assert status == 403
        assert b"No seat here" in body


def test_a_connection_is_for_who_holds_a_seat(server, seated):
    for cookies in ("", "solara-session-id=x", "seat-0123456789abcdef=" + "x" * 43):
        stranger = Visitor(server.address)
        with pytest.raises(InvalidStatus), Tab(stranger, "/", cookies=cookies):
            pass


def test_a_page_of_another_seat_shows_nothing_of_it(server, seated):
    """A client may ask for any address once it is connected."""
    victim, path = seated("diplomacy")
    with Tab(victim, path).run() as mine:
        assert told(mine, "note", {"text": "what only we know"}) == ""
    eve, _ = seated()
    with Tab(eve, path) as tab:
        tab.start()
        tab.wait(lambda t: any("No seat here" in str(s) for s in t.widgets.values()))
        assert not tab.bar
        assert "what only we know" not in json.dumps(tab.widgets)


def test_a_connection_from_another_site_is_refused(server, seated):
    visitor, _ = seated()
    url = server.address.replace("http", "ws", 1) + "/jupyter/api/kernels/1/channels?session_id=1"
    for origin in (
        "http://evil.example",
        "null",
        server.address + "0",
    ):
        named = {"Cookie": visitor.cookies}
        with (
            pytest.raises(InvalidStatus),
            connect(url, additional_headers=named, origin=origin, proxy=None),
        ):
            pass


def test_one_person_opens_a_few_connections_and_no_more(server, seated):
    visitor, path = seated()
    tabs = [Tab(visitor, path) for _ in range(EACH)]
    with pytest.raises(InvalidStatus):
        Tab(visitor, path)
    other, elsewhere = seated()
    Tab(other, elsewhere).run().close()
    for tab in tabs:
        tab.close()
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            Tab(visitor, path).close()
            return
        except InvalidStatus:
            time.sleep(0.1)
    raise AssertionError("those that were closed still count")


# ---------------------------------------------------------------------------------------- acts


def test_acts_are_taken_once_in_their_order_and_phase_and_from_whom_they_belong_to(server, seated):
    with Tab(*seated()).run() as team, Tab(*seated(WHITE)).run() as white:
        assert told(team, "note", {"text": "one"}, 1) == ""
        assert told(team, "note", {"text": "one"}, 1) == ""  # sent again: known, and not done again
        assert "awaited is 2" in told(team, "note", {"text": "other"}, 1)
        assert "awaited is 2" in told(team, "note", {"text": "three"}, 3)
        assert told(team, "note", {"text": "two"}, 2) == ""
        for kind, body in (
            ("next", {}),
            ("undo", {"turn": 1, "why": "x"}),
            ("mindset", {"mindset": "drawn", "why": "x"}),
            ("remove", {"member": white.bar["seat"]["member"]}),
            ("reseat", {"member": team.bar["seat"]["member"], "seat": WHITE}),
            ("inject", {"to": ["all"], "title": "x", "text": "x"}),
            ("event", {"do": "fire", "event": "x"}),
        ):
            assert "cannot" in told(team, kind, body), kind
        assert told(team, "join", {"member": "x", "name": "x", "seat": WHITE})
        assert "no act" in told(team, "exec", {})
        rate = {"lever": "dpas-rating", "target": "us-155-charges", "value": "DX"}
        assert "not yours" in told(team, "set", {**rate, "seat": "diplomacy"})
        assert told(white, "next") == ""
        team.wait(lambda t: t.bar["room"]["phase"] == "lock")
        assert told(team, "set", rate)
        assert "in the phase plan" in told(team, "submit")
        assert told(white, "unlock") == ""
        kept = sqlite3.connect(server.folder / "rooms.sqlite").execute("SELECT text FROM acts")
        who = team.bar["seat"]["member"]
        mine = [row for row in map(json.loads, (t for (t,) in kept)) if row["who"] == who]
        assert [(row["kind"], row["body"]["text"]) for row in mine] == [
            ("note", "one"),
            ("note", "two"),
        ]


@pytest.mark.parametrize(
    "given",
    [None, 5, "x", [], {}, {"kind": 1}, {"kind": "note", "body": 5, "n": 1},
     {"kind": "note", "body": {"text": {"a": []}}, "n": "1"},
     {"kind": "x" * 10**5, "body": {}, "n": 1},
     {"kind": "note", "body": {"text": "x" * 10**5}, "n": 1},
     {"kind": "note", "body": {"text": "x"}, "n": 10**400}],
    ids=range(11),
)  # fmt: skip
def test_whatever_a_handler_is_called_with_is_refused_in_words(seated, given):
    with Tab(*seated()).run() as tab:
        tab.event(tab.widget("sequence"), "act", given)
        tab.wait(lambda t: t.bar["fault"]["text"])
        assert told(tab, "note", {"text": "I am still here"}) == ""


def test_a_client_cannot_make_the_server_import_call_or_change_anything(server, seated):
    """The protocol of widgets would let it: see mobilize/app/frames.py."""
    mark = server.folder / "written by a client"
    with Tab(*seated()).run() as tab:
        bar = tab.widget("sequence")
        made = {"filename": str(mark), "force": True}
        tab.custom(bar, {"create_widget": ["logging", "basicConfig"], "props": made, "id": "x"})
        tab.custom(bar, {"update_ref": {"function_ref": "close"}, "prop": "template", "id": bar})
        changed = {"method": "update", "state": {"sequence": 9}}
        data = {"state": {"_model_name": "HTMLModel"}}
        tab.send("comm_open", {"comm_id": "x", "target_name": "jupyter.widget", "data": data})
        tab.send("comm_msg", {"comm_id": bar, "data": changed})
        tab.send("shutdown_request", {})
        assert told(tab, "note", {"text": "after all that"}) == ""
        assert tab.bar["sequence"] == 1
    assert not mark.exists()


def test_a_message_of_ten_million_letters_ends_its_connection_alone(seated):
    visitor, path = seated()
    with Tab(*seated()).run() as other:
        with Tab(visitor, path).run() as tab:
            tab.event(tab.widget("sequence"), "act", {"kind": "note", "body": "x" * 10**7, "n": 1})
            with pytest.raises(TimeoutError, match="closed"):
                tab.wait(lambda t: False)
        assert told(other, "note", {"text": "nothing happened"}) == ""
    with Tab(visitor, path).run() as again:
        assert again.bar["sequence"] == 0


def test_a_client_that_floods_is_slowed_and_others_are_answered(seated):
    with Tab(*seated()).run() as eve, Tab(*seated()).run() as other:
        for n in range(150):
            eve.act("note", {"text": f"flood {n}"}, n + 1)
        assert told(other, "note", {"text": "still answered"}) == ""
        eve.wait(lambda t: "Too many acts" in t.bar["fault"]["text"])


# --------------------------------------------------------------------------------------- disks


def test_an_act_that_a_full_disk_does_not_take_is_refused_in_words(tmp_path):
    saves = tmp_path / "rooms.sqlite"
    done = 0
    with hosted(saves, tmp_path / "log.txt", QUICK, before=SMALL) as server:
        visitors = [Visitor(server.address) for _ in range(4)]
        paths = [v.join(server.code, f"n{i}", US) for i, v in enumerate(visitors)]
        tabs = [Tab(v, p).run() for v, p in zip(visitors, paths, strict=True)]
        words = ""
        while not words:
            words = told(tabs[done % 4], "note", {"text": "x" * 1500})
            done += not words
        assert "cannot be kept" in words
        assert "nothing is lost" in words
        assert done > 4
        for tab in tabs:
            tab.close()
    with hosted(saves, tmp_path / "log.txt") as server:
        visitors[0].address = server.address
        with Tab(visitors[0], paths[0]).run() as tab:
            assert told(tab, "note", {"text": "there is room again"}) == ""
        done += 1
        kept = sqlite3.connect(saves).execute("SELECT text FROM acts").fetchall()
        assert sum('"note"' in text for (text,) in kept) == done


def test_a_room_of_another_version_is_said_and_harms_no_other(tmp_path):
    saves = tmp_path / "rooms.sqlite"
    with hosted(saves, tmp_path / "log.txt", QUICK) as server:
        visitor = Visitor(server.address)
        path, code = visitor.join(server.code, "Ann", US), server.code
    with sqlite3.connect(saves) as db:
        db.execute("UPDATE rooms SET header = json_set(header, '$.scenario_sha256', 'other')")
    with hosted(saves, tmp_path / "log.txt", QUICK) as server:
        status, _, body = ask(server, path=f"/join?code={code}")
        assert status == 403
        assert b"another version" in body
        status, _, body = ask(server, path=path, Cookie=visitor.cookies)
        assert status == 403
        assert b"another version" in body
        assert ask(server, path=f"/join?code={server.code}")[0] == 200


def test_idle_connections_do_not_keep_others_out(server):
    """Some that send half a request, as slow ones do."""
    where = urlsplit(server.address)
    idle = [socket.create_connection((where.hostname, where.port)) for _ in range(200)]
    for one in idle:
        one.sendall(b"GET /join HTTP/1.1\r\nHost: ")
    assert ask(server, path="/join")[0] == 200
    for one in idle:
        one.close()
