"""What real browsers receive in a room, each byte of it, searched for what others must not know.

By default four roles and the white cell; with MOBILIZE_EVERY_ROLE=1 all of them.
"""

import os
from contextlib import ExitStack

import pytest

from mobilize.app.driver import hosted, join, new_page
from mobilize.app.scripted import Tab, Visitor, text_of
from tests.browser.tables import replaced
from tests.rooms.common import ENEMY, FRONT, GAP, US, WHITE
from tests.rooms.spying import EVERY, PLAYERS, Truth, direct, hits, planted, plot
from tests.rooms.test_attacks import told

SEATS = EVERY if os.environ.get("MOBILIZE_EVERY_ROLE") else (US, FRONT, ENEMY, "observer")
TURNS = 2


def record(page):
    """Return where all that a page's connection receives, and sends, is kept as text."""
    kept = []
    page.on("websocket", lambda w: w.on("framereceived", lambda f: kept.append(text_of(f))))
    page.on("websocket", lambda w: w.on("framesent", lambda f: kept.append(text_of(f))))
    return kept


def read(page, kept, code):
    """Return what was recorded, with what is asked for over HTTP and what is drawn."""
    asked = [page.url, *("/join", f"/join?code={code}", "/data", "/api/now", "/healthz")]
    origin = page.evaluate("location.origin")
    texts = [page.request.get(u if u.startswith("http") else origin + u).text() for u in asked]
    text = "\n".join([*kept, *texts, page.content()])
    kept.clear()
    return text


def look_around(page):
    """Open every page of a seat."""
    names = page.locator(".seat-bar nav button")
    for n in range(1, names.count()):  # the first is open
        with replaced(page, ".page .panel"):
            names.nth(n).click()


@pytest.fixture(scope="module")
def game(chrome, tmp_path_factory):
    """Return by seat what its browser received, each turn with what was secret then."""
    folder = tmp_path_factory.mktemp("seen")
    saves = folder / "rooms.sqlite"
    found = {seat: [] for seat in (*SEATS, WHITE)}
    with ExitStack() as stack:
        server = stack.enter_context(hosted(saves, folder / "log.txt", GAP))
        tabs = {}
        for seat in (*PLAYERS, WHITE):
            visitor = Visitor(server.address)
            code = server.staff if seat == WHITE else server.code
            path = visitor.join(code, f"who plays {seat}"[:40], seat)
            tabs[seat] = stack.enter_context(Tab(visitor, path).run())
        pages, kept = {}, {}
        for seat in found:
            pages[seat] = new_page(chrome)
            stack.callback(pages[seat].context.close)
            kept[seat] = record(pages[seat])
            code = server.staff if seat == WHITE else server.code
            join(pages[seat], server.address, code, f"who watches {seat}"[:40],
                 "" if seat == WHITE else seat)  # fmt: skip
        for turn in range(TURNS):
            plot(tabs, told, turn)
            direct(tabs[WHITE], told, turn)
            now = Truth(saves)
            for seat, page in pages.items():
                if turn == TURNS - 1:  # by now there is something on every page
                    look_around(page)
                    page.reload()
                    page.wait_for_selector(".seat-bar")
                secrets = now.secrets(seat if seat != WHITE else "observer")
                found[seat].append((secrets, now.mindset, read(page, kept[seat], server.code)))
            for phase in ("Lock", "Resolve", "Brief", "Plan"):
                assert told(tabs[WHITE], "next") == ""
                for page in pages.values():
                    page.locator(".phases li.on").get_by_text(phase).wait_for()
        yield found


@pytest.mark.parametrize("seat", SEATS)
def test_a_browser_receives_nothing_that_its_seat_may_not_know(game, seat):
    for turn, (secrets, mindset, text) in enumerate(game[seat]):
        assert len(text) > 10_000  # a page and its widgets
        assert hits(planted(seat, turn), text) == []
        assert hits(secrets, text) == []
        if seat != ENEMY:
            assert f"'{mindset}'" not in text
            assert f'"{mindset}"' not in text


def test_the_white_cells_browser_receives_it(game):
    text = "\n".join(text for _, _, text in game[WHITE])
    secrets, mindset, _ = game[WHITE][-1]
    there = hits(planted("observer", TURNS - 1), text)
    for kind in ("word", "move", "offer", "order", "inject", "veto"):
        assert any(what.startswith(kind) for what in there), kind
    assert any(what.startswith("event") for what in hits(secrets, text))
    assert mindset in text


@pytest.mark.parametrize("seat", [seat for seat in SEATS if seat in PLAYERS])
def test_a_teams_browser_receives_its_own(game, seat):
    text = "\n".join(text for _, _, text in game[seat])
    own = planted("observer", 0).keys() - planted(seat, 0).keys()
    mine = {what: planted("observer", 0)[what] for what in own if what.startswith(("note", "move"))}
    assert len(mine) == 2
    assert sorted(hits(mine, text)) == sorted(mine)
