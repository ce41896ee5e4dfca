"""A tab in a room lives through lost networks, killed servers and reloads; markup stays text."""

import os
import re
import signal
import time

import pytest

from mobilize.app.driver import any_port, hosted, join, new_page, watch
from mobilize.app.scripted import Tab, Visitor
from tests.browser.tables import replaced, until
from tests.rooms.common import QUICK, US, WHITE
from tests.rooms.test_attacks import told

COUNT = """
import signal
def count(*_):
    from solara.server.kernel_context import contexts
    print(f"pages: {len(contexts)}", flush=True)
if hasattr(signal, "SIGUSR1"):
    signal.signal(signal.SIGUSR1, count)
import mobilize.app.server as server
server.SETTINGS["SOLARA_KERNEL_CULL_TIMEOUT"] = "1s"
"""
MARKUP = "<img src=x onerror=hacked=1>"
BREAKS = (
    "</pre></script><script>hacked=1</script>",
    "{{constructor.constructor('hacked=1')()}}",
    "<svg onload=hacked=1>",
    "[x](javascript:hacked=1) `x` $x$",
)
RELOADS = 20
linux = pytest.mark.skipif(not hasattr(signal, "SIGUSR1"), reason="counts by a signal of POSIX")


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hosted")
    title = f"--title={MARKUP}"
    with hosted(folder / "rooms.sqlite", folder / "log.txt", QUICK, title, before=COUNT) as found:
        found.log = folder / "log.txt"
        yield found


def pages(server):
    """Return for how many pages the server keeps something."""

    def counted():
        return re.findall(r"pages: (\d+)\n", server.log.read_text(errors="replace"))

    before = len(counted())
    os.kill(server.process.pid, signal.SIGUSR1)
    until(lambda: len(counted()) > before)
    return int(counted()[-1])


def white_cell(server):
    visitor = Visitor(server.address)
    return Tab(visitor, visitor.join(server.staff, f"w {time.monotonic_ns()}", WHITE)).run()


def phase(page, name):
    page.locator(".phases li.on").get_by_text(name).wait_for()


def test_a_tab_returns_to_its_seat_by_itself_when_a_killed_server_is_back(tmp_path, chrome):
    """No click, no code; and while the server is away the page stays and says so."""
    saves, log, port = tmp_path / "rooms.sqlite", tmp_path / "log.txt", any_port()
    page = new_page(chrome)
    with hosted(saves, log, QUICK, port=port) as server:
        join(page, server.address, server.code, "Ann", US)
        where = page.url
        with white_cell(server) as white:
            assert told(white, "next") == ""
            phase(page, "Lock")
        page.evaluate("window.before = true")
        server.process.kill()
        server.process.wait()
        page.get_by_text("Server disconnected").wait_for()
        time.sleep(3)
        assert page.evaluate("window.before")  # the page did not go anywhere by itself
    with hosted(saves, log, port=port) as server:
        page.wait_for_function("!window.before && document.querySelector('.seat-bar')")
        assert page.url == where
        phase(page, "Lock")
        with white_cell(server) as white:
            assert told(white, "unlock") == ""
            phase(page, "Plan")
    page.context.close()


def test_what_happened_while_the_network_was_away_is_there_when_it_is_back(server, chrome):
    away = float(os.environ.get("MOBILIZE_OFFLINE", "2"))  # seconds
    page = new_page(chrome)
    context = page.context
    join(page, server.address, server.code, "Off", US)
    page.evaluate("window.before = true")
    with white_cell(server) as white:
        context.set_offline(True)
        for _ in range(8):
            assert told(white, "next") == ""
        assert told(white, "next") == ""
        time.sleep(away)
        assert page.inner_text(".phases li.on") == "Plan"  # nothing arrives
        context.set_offline(False)
        page.get_by_text("Turn 3").first.wait_for()
        phase(page, "Lock")
        assert page.evaluate("window.before")  # it is the same page
        assert told(white, "unlock") == ""
        phase(page, "Plan")
    context.close()


@linux
def test_the_server_forgets_pages_that_are_closed_reloaded_or_crashed(server, chrome):
    page = new_page(chrome)
    until(lambda: pages(server) == 0)
    join(page, server.address, server.code, "Reloader", US)
    for _ in range(RELOADS):
        page.reload()
        page.wait_for_selector(".seat-bar")
    until(lambda: pages(server) == 1)
    page.context.close()
    until(lambda: pages(server) == 0)
    visitor = Visitor(server.address)
    tab = Tab(visitor, visitor.join(server.code, "Crasher", US)).run()
    assert pages(server) == 1
    tab.socket.close()  # without the word by which a browser closes a page
    until(lambda: pages(server) == 0)


def test_markup_is_text_on_every_page_of_everybody(server, chrome):
    visitor = Visitor(server.address)
    path = visitor.join(server.code, MARKUP, US)
    with Tab(visitor, path).run() as tab, white_cell(server) as white:
        for text in (MARKUP, *BREAKS):
            assert told(tab, "note", {"text": text}) == ""
            assert told(tab, "say", {"to": [WHITE, "diplomacy"], "text": text}) == ""
            assert told(tab, "move", {"text": text}) == ""
            terms = [{"by": US, "promise": text}]
            assert told(tab, "offer", {"to": "diplomacy", "text": text, "terms": terms}) == ""
            told_all = {"to": ["all"], "title": text, "text": text, "effects": []}
            assert told(white, "inject", told_all) == ""
        seen = []
        for seat in (US, "diplomacy", "observer", "projector", ""):
            page = new_page(chrome)
            watched = watch(page, server.address)
            code = server.code if seat else server.staff
            page.goto(f"{server.address}/join?code={code}")
            assert page.evaluate("typeof hacked") == "undefined"
            if seat:
                assert MARKUP in page.inner_text("body")  # who sits where
            join(page, server.address, code, f"reads {seat}"[:40], seat)
            names = page.locator(".seat-bar nav button")
            for n in range(max(1, names.count())):
                if n:  # the first is open
                    with replaced(page, ".page .panel"):
                        names.nth(n).click()
                seen.append(page.inner_text("body"))
                assert page.evaluate("typeof hacked") == "undefined", seat
                assert page.locator("img[src=x], svg[onload]").count() == 0
            assert [f for f in watched.faults if "hacked" in f] == []
            page.context.close()
        assert any(BREAKS[1] in text for text in seen)  # it was there to be read
