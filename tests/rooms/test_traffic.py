"""Everything that a real server sends to each role, over a game, searched for others' secrets."""

import json
from contextlib import ExitStack

import pytest

from mobilize.app.driver import hosted
from mobilize.app.scripted import Tab, Visitor
from mobilize.rooms.sight import sight
from tests.rooms.common import ALLY, ENEMY, FRONT, GAP, US, WHITE
from tests.rooms.spying import EVERY, PLAYERS, TURNS, Truth, direct, hits, planted, plot
from tests.rooms.test_attacks import told


@pytest.fixture(scope="module")
def game(tmp_path_factory):
    """Return by seat everything received in a game, each turn with what was secret then."""
    folder = tmp_path_factory.mktemp("traffic")
    saves = folder / "rooms.sqlite"
    received = {seat: [] for seat in (*EVERY, WHITE)}
    found, begun = {seat: [] for seat in (*EVERY, WHITE)}, dict.fromkeys(received, 0)
    mindsets = []
    with hosted(saves, folder / "log.txt", GAP) as server, ExitStack() as stack:
        tabs, visitors = {}, {}
        for seat, log in received.items():
            visitors[seat] = Visitor(server.address)
            code = server.staff if seat == WHITE else server.code
            path = visitors[seat].join(code, f"in {seat}"[:40], seat)
            log.append(visitors[seat].get(path)[1])
            tab = Tab(visitors[seat], path, log.append)
            tabs[seat] = stack.enter_context(tab.run())

        def look():
            """Go through every page of every seat, and keep what was sent since the last look."""
            now = Truth(saves)
            for seat, tab in tabs.items():
                bar = tab.widget("sequence")
                for page in [p["id"] for p in tab.bar["pages"]]:
                    tab.event(bar, "go", page)
                    tab.wait(lambda t, page=page: t.bar["current"] == page)
                with Tab(visitors[seat], tab.path, received[seat].append) as again:
                    again.run()
                secret = now.secrets(seat) if seat != WHITE else now.secrets("observer")
                found[seat].append((secret, "\n".join(received[seat][begun[seat] :])))
                begun[seat] = len(received[seat])
            mindsets.append(now.mindset)

        for turn in range(TURNS):
            plot(tabs, told, turn)
            direct(tabs[WHITE], told, turn)
            look()
            for phase in ("lock", "resolve", "brief", "plan"):
                assert told(tabs[WHITE], "next") == ""
                for tab in tabs.values():
                    tab.wait(lambda t, phase=phase: t.bar["room"]["phase"] == phase)
        look()
        room = Truth(saves).room
    everything = {seat: "\n".join(log) for seat, log in received.items()}
    return found, everything, mindsets, room


@pytest.mark.parametrize("seat", EVERY)
def test_nothing_planted_by_others_is_sent(game, seat):
    _, everything, _, _ = game
    assert hits(planted(seat, TURNS - 1), everything[seat]) == []


@pytest.mark.parametrize("seat", EVERY)
def test_nothing_that_the_world_hides_is_sent(game, seat):
    found, _, _, _ = game
    for n, (secrets, text) in enumerate(found[seat]):
        assert hits(secrets, text) == [], f"look {n}"


@pytest.mark.parametrize("seat", [seat for seat in EVERY if seat != ENEMY])
def test_how_the_challenger_thinks_is_sent_to_nobody_else(game, seat):
    _, everything, mindsets, _ = game
    for mindset in mindsets:
        assert f"'{mindset}'" not in everything[seat]
        assert f'"{mindset}"' not in everything[seat]


def test_the_search_finds_what_is_there(game):
    """The white cell is sent what teams are not; a team is sent its own."""
    found, everything, mindsets, room = game
    white = everything[WHITE]
    there = hits(planted("observer", TURNS - 1), white)
    for kind in ("word", "move", "offer", "promise", "order", "inject", "title", "why", "veto"):
        assert any(what.startswith(kind) for what in there), kind
    secrets = {k: v for s, _ in found[WHITE] for k, v in s.items()}
    seen = hits(secrets, white)
    assert any(what.startswith("event") for what in seen)
    seen = hits(found["observer"][-1][0], json.dumps(sight(room, WHITE)))
    for kind in ("event", "title", "plant", "stock"):
        assert any(what.startswith(kind) for what in seen), kind
    assert any(f"'{m}'" in white or f'"{m}"' in white for m in mindsets)
    for seat in PLAYERS:
        mine = planted("observer", TURNS - 1).keys() - planted(seat, TURNS - 1).keys()
        assert {f"note of {seat}, {n}" for n in range(TURNS)} <= mine
        assert hits({w: planted("observer", TURNS - 1)[w] for w in mine}, everything[seat])
    assert hits(planted(US, 0), everything[ALLY])
    own = {seat: {k for s, _ in found[seat] for k in s} for seat in (FRONT, "observer")}
    assert any(k.startswith("stock") for k in own["observer"] - own[FRONT])
