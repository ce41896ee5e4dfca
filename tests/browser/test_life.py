"""What goes wrong in life: tabs, cuts, kills, full disks, evil texts; nothing is lost or leaks."""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import signal
import sqlite3
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from mobilize.app.driver import (
    PATIENCE,
    Served,
    Watched,
    any_port,
    begin,
    chromium,
    new_page,
    served,
    settled,
    watch,
)
from mobilize.app.frame import PAGES
from mobilize.game.file import read_game
from mobilize.game.game import Game, play
from mobilize.game.seen import ID, seen, unmapped
from mobilize.scenario import load, shipped
from mobilize.scenario.load import SHIPPED

SHORT = load("mrap-2007").title  # 26 months, small
EVIL = '<img src=x onerror="window.evil=1"><script>window.evil=2</script>{{ evil() }} & \'q\' "Q"'
MOVE = "[...document.querySelectorAll('.advance button')].find(b => b.innerText === '%s').click()"


def at(page: Page, turn: int, left: int) -> None:
    """Wait until a page stands at a turn with so many months left."""
    expect(page.locator(".clock span")).to_have_text(f"Turn {turn} · {left} months left")


def left(page: Page, fewer: int) -> int:
    """Wait until fewer months than so many are left in turn 2; return how many they are."""
    shown = page.locator(".clock span")
    few = "|".join(str(n) for n in range(fewer))
    expect(shown).to_have_text(re.compile(rf"^Turn 2 · ({few}) months left$"))
    return int(shown.inner_text().split(" · ")[1].split()[0])


def another(page: Page, path: str) -> Page:
    """Return another tab of the same browser."""
    tab = page.context.new_page()
    tab.add_init_script("localStorage.setItem('mobilize:tour', 'seen')")
    tab.goto(path)
    tab.wait_for_selector(".clock")
    return tab


def draft(page: Page) -> None:
    """Put one change into the draft."""
    page.fill("#lever-search", "title3-appropriation")
    slider = page.locator("[data-lever='title3-appropriation'] input[type=range]")
    slider.fill("400")
    slider.dispatch_event("change")
    expect(page.locator(".drafted")).to_have_text("1 change to decide")


@pytest.fixture
def game(open_page, address) -> tuple[Page, str]:
    """Return a page of a short game, and the game's address."""
    page = open_page()
    return page, f"{address}/play/{begin(page, address, SHORT)}"


# ------------------------------------------------------------------------------ one tab and two


def test_a_reload_keeps_game_and_draft_and_history_goes_back_and_forth(game):
    page, where = game
    page.keyboard.press("m")
    at(page, 2, 25)
    draft(page)
    page.reload()
    expect(page.locator(".drafted")).to_have_text("1 change to decide")
    at(page, 2, 25)
    page.get_by_role("button", name="Log", exact=True).click()
    expect(page).to_have_title(re.compile("^Log"))
    page.get_by_role("button", name="Help", exact=True).click()
    expect(page).to_have_title(re.compile("^Help"))
    page.go_back()
    expect(page).to_have_title(re.compile("^Log"))
    expect(page).to_have_url(f"{where}/log")
    page.go_back()
    page.wait_for_selector(".situation")
    page.go_forward()
    expect(page).to_have_title(re.compile("^Log"))
    expect(page.locator(".drafted")).to_have_text("1 change to decide")


def test_every_click_is_one_turn_and_a_key_held_down_is_one(game):
    page, where = game
    tab = another(page, f"{where}/situation")
    page.evaluate(f"for (let n = 0; n < 5; n++) {MOVE % 'Month'}")
    for each in (page, tab):
        at(each, 6, 21)
    for _ in range(12):
        page.keyboard.down("m")
    page.keyboard.up("m")
    page.keyboard.press("q")  # a move of its own: nothing of the key held down comes after it
    for each in (page, tab):
        at(each, 8, 17)
    for _ in range(10):
        tab.keyboard.press("u")
    for each in (page, tab):
        at(each, 1, 26)
        expect(each.locator(".clock strong")).to_have_text("November 2006")


def test_running_in_two_tabs_is_one_run_that_outlives_the_tab_that_began_it(game):
    page, where = game
    tab = another(page, f"{where}/log")
    for each in (page, tab):  # the second may show by then that it runs already
        each.evaluate((MOVE % "Run").replace(").click()", ")?.click()"))
    left(tab, 25)
    page.close()
    left(tab, left(tab, 25))
    tab.get_by_role("button", name="Pause", exact=True).click()
    expect(tab.get_by_role("button", name="Run", exact=True)).to_be_visible()
    expect(tab.locator(".clock span")).to_contain_text("Turn 2 ·")  # one turn, whoever pressed


def test_at_the_horizon_every_page_stands_and_nothing_more_is_decided(game):
    page, where = game
    for _ in range(3):
        page.keyboard.press("y")
    expect(page.locator(".clock")).to_contain_text("December 2008, the end")
    for name in PAGES:
        page.goto(f"{where}/{name}")
        page.wait_for_selector(".page > *")
        page.wait_for_function("!document.querySelector('.loading, .busy, .notice')")
    for key in "mqyew":
        page.keyboard.press(key)
    page.goto(f"{where}/situation")
    settled(page)
    page.fill("#lever-search", "title3-appropriation")
    page.locator("[data-lever='title3-appropriation'] input").dispatch_event("change")
    expect(page.locator(".levers .error")).to_contain_text("The game has ended")
    at(page, 4, 0)


# --------------------------------------------------------------------------------- cuts and kills


def test_a_cut_connection_comes_back_with_what_was_missed(game):
    page, where = game
    tab = new_page(page.context.browser)
    tab.goto(f"{where}/situation")
    settled(tab)
    tab.evaluate("solara.debug.dropConnection()")
    page.keyboard.press("m")
    at(tab, 2, 25)
    page.keyboard.press("m")
    at(tab, 3, 24)
    tab.evaluate(MOVE % "Month")
    at(page, 4, 23)
    tab.context.close()


def children(pid: int) -> list[int]:
    """Return the worker processes of a server."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = (folder / "stat").read_text().rsplit(")", 1)[1].split()[1]
            worker = "spawn_main" in (folder / "cmdline").read_text()
        except OSError:
            continue
        if int(parent) == pid and worker:
            found.append(int(folder.name))
    return found


proc = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")


@proc
def test_a_forecast_comes_though_every_process_is_killed_over_it(chrome, tmp_path):
    with served(tmp_path / "games.sqlite", tmp_path / "log.txt") as server:
        page = new_page(chrome)
        begin(page, server.address, SHORT)
        draft(page)
        for pid in children(server.process.pid):
            os.kill(pid, signal.SIGKILL)
        drawn = page.locator(".chart-box").first
        expect(drawn).to_have_attribute("aria-label", re.compile("draft"))
        expect(page.locator(".error")).to_have_count(0)
        page.context.close()


def test_a_killed_server_comes_back_to_its_pages_with_every_move(chrome, tmp_path):
    saves, log = tmp_path / "games.sqlite", tmp_path / "log.txt"
    page = new_page(chrome)
    port = any_port()
    with served(saves, log, port) as first:
        key = begin(page, first.address, SHORT)
        page.evaluate(f"window.old = true; {MOVE % 'Month'}; {MOVE % 'Quarter'}")
        at(page, 3, 22)
        first.process.kill()
        first.process.wait()
        expect(page.get_by_text("Server disconnected")).to_be_visible()
    with served(saves, log, port):
        page.wait_for_function("!window.old && document.querySelector('.clock')")
        at(page, 3, 22)
        page.keyboard.press("u")
        at(page, 2, 25)
    text = sqlite3.connect(saves).execute("SELECT text FROM games WHERE id = ?", (key,)).fetchone()
    assert read_game(text[0], "kept").game.month == 1
    page.context.close()


# ---------------------------------------------------------------------- addresses, files, disks


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/play/none", "There is no such game on this machine."),
        ("/play", "There is no such page."),
        ("/play/%00", "There is no such game"),
        ("/play/a%2Fb/situation", "There is no such game"),
        ("/play/" + "x" * 5000, "There is no such game"),
        ("/play/{{7*7}}<b>", "There is no such game"),
    ],
)
def test_a_wrong_address_is_said_and_leads_home(open_page, path, said):
    page = open_page(path=path)
    expect(page.get_by_role("alert")).to_contain_text(said)
    page.get_by_role("button", name="Home").click()
    page.wait_for_selector(".home .card")


def test_a_page_that_no_game_has_is_said_inside_the_game(game):
    page, where = game
    page.goto(f"{where}/nopage")
    expect(page.get_by_role("alert")).to_contain_text("There is no such page.")
    page.get_by_role("button", name="Map", exact=True).click()
    page.wait_for_selector(".world-svg")


OUTSIDE = ("/nothing", "/api", "/api/game/a%2Fb/game.json", "/api/game/x/game.json",
           "/api/game/" + "x" * 60_000 + "/y")  # fmt: skip


@pytest.mark.parametrize("path", OUTSIDE)
def test_addresses_outside_the_pages_are_not_found_in_words(address, path):
    connection = http.client.HTTPConnection(address.removeprefix("http://"))
    connection.request("GET", path)
    answer = connection.getresponse()
    assert answer.status == 404
    assert "no such" in answer.read().decode().lower()


def test_a_websocket_from_another_site_is_refused(address):
    host = address.removeprefix("http://")
    upgrade = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13",
               "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA=="}  # fmt: skip
    found = {}
    for origin in ("http://evil.example", f"http://{host}.evil.example", "null", f"http://{host}"):
        connection = http.client.HTTPConnection(host, timeout=PATIENCE)
        path = "/jupyter/api/kernels/0f0f0f0f-0000-4000-8000-000000000000/channels?session_id=x"
        connection.request("GET", path, headers={**upgrade, "Origin": origin})
        found[origin] = connection.getresponse().status
        connection.close()
    assert list(found.values()) == [403, 403, 403, 101]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "not readable as JSON"),
        (b"\xff\xfe\x00binary\x80" * 1000, "not readable as JSON"),
        (b"[" * 200_000, "not readable as JSON"),
        (b'"' * 800_000, "larger than 900 kB"),
        (b"x" * 7_000_000, "larger than 900 kB"),
        (b'{"kind": "mobilize game", "format": 99}', "format 99; this version reads 1"),
        (json.dumps({"kind": "mobilize game", "format": 1, "scenario": EVIL}).encode(), "scenario"),
    ],
    ids=["empty", "binary", "deep", "long-as-json", "huge", "newer", "evil"],
)
def test_a_file_that_is_no_game_is_refused_in_words(open_page, content, said):
    page = open_page()
    page.wait_for_selector(".home .card")
    file = {"name": f"{EVIL[:30]}.json", "mimeType": "application/json", "buffer": content}
    page.set_input_files("input[type=file]", file)
    expect(page.get_by_role("alert")).to_contain_text(said)
    assert page.evaluate("window.evil") is None
    page.locator(".card").first.get_by_role("button", name="Play").click()
    page.wait_for_selector(".clock")  # the connection has survived


# ------------------------------------------------------------------------------- a server broken


@pytest.fixture(scope="module")
def frail(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, Path]]:
    """Serve a scenario of evil texts, with a page that always fails; return where games are."""
    if chromium() is None:
        pytest.skip("no Chromium on this machine")
    folder = tmp_path_factory.mktemp("frail")
    own = folder / "own é scenario"
    shutil.copytree(SHIPPED / "mrap-2007", own)
    evil = EVIL.replace("'", "’")
    told = json.dumps(f"Own {evil}")
    text = (own / "scenario.toml").read_text(encoding="utf-8")
    text = re.sub("^title = .*$", lambda _: f"title = {told}", text, flags=re.MULTILINE)
    text = re.sub("^summary = .*$", lambda _: f"summary = {told}", text, flags=re.MULTILINE)
    (own / "scenario.toml").write_text(text, encoding="utf-8")
    for table in ("items", "firms"):
        path = own / f"{table}.csv"
        rows = path.read_text(encoding="utf-8").splitlines()
        cell = '"' + evil.replace('"', '""') + '"'
        rows[1:] = [re.sub(r"^([^,]+),(\"[^\"]*\"|[^,]*)", rf"\1,{cell}", row) for row in rows[1:]]
        path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    broken = "import mobilize.app.views.sources as broken; broken.sources = None"
    saves = folder / "games.sqlite"
    with served(saves, folder / "log.txt", folders=[str(own)], before=broken) as found:
        yield found, saves


@pytest.fixture
def frail_page(frail: tuple[Served, Path], chrome: Browser) -> Iterator[Watched]:
    """Return a page of the broken server; at the end it has asked nobody else and not failed."""
    watched = watch(new_page(chrome), frail[0].address)
    watched.page.context.add_init_script("localStorage.setItem('mobilize:tour', 'seen')")
    yield watched
    faults = list(watched.faults)
    watched.page.context.close()
    assert faults == []


def play_evil(page: Page, address: str) -> str:
    """Begin a game of the scenario of evil texts; return its address."""
    page.goto(address)
    page.locator(".card").filter(has_text="Own <img").get_by_role("button", name="Play").click()
    page.wait_for_selector(".situation")
    settled(page)
    return page.url.rsplit("/", 1)[0]


def test_texts_of_a_scenario_are_text_on_every_page(frail, frail_page):
    page = frail_page.page
    where = play_evil(page, frail[0].address)
    expect(page).to_have_title(re.compile("^Situation · Own <img"))
    page.keyboard.press("y")
    at(page, 2, 14)
    for name in PAGES:
        page.goto(f"{where}/{name}")
        page.wait_for_selector(".page > *")
        page.wait_for_function("!document.querySelector('.loading, .busy')")
        if name in ("situation", "network", "log"):
            expect(page.locator("body")).to_contain_text(
                "<script>window.evil=2</script>{{ evil() }}"
            )
        page.keyboard.press("w")
        page.wait_for_selector("[role=dialog] h2")
        assert page.evaluate("window.evil") is None, name
        assert page.locator("img[src=x]").count() == 0, name
    key = where.rsplit("/", 1)[1]
    for file in ("report.html", "log.csv", "game.json"):
        answer = page.request.get(f"{frail[0].address}/api/game/{key}/{file}")
        assert answer.status == 200
        assert "<script>window" not in answer.text() or file != "report.html"


def test_a_page_that_fails_says_so_without_a_traceback_and_the_rest_stands(frail, frail_page):
    page = frail_page.page
    where = play_evil(page, frail[0].address)
    page.goto(f"{where}/sources")
    expect(page.get_by_role("alert")).to_contain_text("This page cannot be shown")
    assert "Traceback" not in page.inner_text("body")
    page.keyboard.press("m")
    at(page, 2, 25)
    page.get_by_role("button", name="Log", exact=True).click()
    expect(page).to_have_title(re.compile("^Log"))
    expect(page.get_by_role("alert")).to_have_count(0)


@proc
def test_a_full_disk_is_said_and_the_game_goes_on_from_where_it_was(frail, frail_page):
    import resource

    page = frail_page.page
    where = play_evil(page, frail[0].address)
    tab = another(page, f"{where}/log")
    draft(page)
    pid, free = frail[0].process.pid, (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (1, resource.RLIM_INFINITY))
    try:
        page.keyboard.press("q")
        for each in (page, tab):
            expect(each.locator(".unkept")).to_contain_text("The move was not made")
            expect(each.locator("header [aria-live]")).to_contain_text("cannot be kept")
            at(each, 1, 26)
        page.evaluate(MOVE % "Run")
        expect(page.get_by_role("button", name="Run", exact=True)).to_be_visible()
        home = page.context.new_page()
        home.goto(frail[0].address)
        home.locator(".card .btn.primary").first.click()
        expect(home.get_by_role("alert")).to_contain_text("cannot be kept")
        assert "Traceback" not in page.inner_text("body")
    finally:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, free)
    expect(page.locator(".drafted")).to_have_text("1 change to decide")
    page.keyboard.press("q")
    for each in (page, tab):
        at(each, 2, 23)
        expect(each.locator(".unkept")).to_have_count(0)


def test_a_saved_game_of_another_version_is_said(frail, frail_page):
    server, saves = frail
    page = frail_page.page
    where = play_evil(page, server.address)
    text = urllib.request.urlopen(f"{where.replace('/play/', '/api/game/')}/game.json").read()
    other = re.sub('("scenario_sha256": ")[0-9a-f]{8}', r"\g<1>00000000", text.decode())
    with sqlite3.connect(saves) as base:
        row = ("older", "Old", "mrap-2007", "2006-11", 0, "2020-01-01T00:00:00+00:00", other)
        base.execute("INSERT INTO games VALUES (?, ?, ?, ?, ?, ?, ?)", row)
    base.close()
    page.goto(f"{server.address}/play/older/situation")
    expect(page.get_by_role("alert")).to_contain_text("use the version it was made with")
    page.get_by_role("button", name="Home").click()
    page.wait_for_selector(".home .card")


def test_a_game_deleted_in_one_tab_cannot_be_played_on_in_another(frail, frail_page):
    page = frail_page.page
    where = play_evil(page, frail[0].address)
    home = page.context.new_page()
    home.goto(frail[0].address)
    first = home.locator(".resume li").first
    first.get_by_role("button", name="Delete").click()
    first.get_by_role("button", name="Delete for good").click()
    gone = urllib.request.Request(f"{where.replace('/play/', '/api/game/')}/game.json")
    expect(home.locator(f"a[href*='{where.rsplit('/', 1)[1]}']")).to_have_count(0)
    page.keyboard.press("m")
    expect(page.locator(".unkept")).to_contain_text("deleted")
    at(page, 1, 26)
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(gone)


# ----------------------------------------------------------------------- every scenario, every page


def secrets_of(game: Game) -> tuple[frozenset[str], list[str]]:
    """Return the ids and the texts that nobody who plays a game may receive."""
    model, scenario = play(game), game.scenario
    hidden = unmapped(model.world)
    firms = scenario.tables["firms"]
    texts = [str(n) for i, n in zip(firms["id"], firms["name"], strict=True) if str(i) in hidden]
    happened = {d.target for d in model.decisions if d.kind == "event"}
    texts += [e.text for e in scenario.events if e.id not in happened and e.text]
    known = {d.why for d in model.decisions if seen(d, scenario)}
    texts += [d.why for d in model.decisions if not seen(d, scenario) and d.why not in known]
    due = [d for d in scenario.disturbances if d.start is None or d.start >= game.date]
    texts += [d.text for d in due if d.text and d.text not in known]
    return hidden, [text for text in texts if len(text) > 12]


Open = Callable[..., Page]


@pytest.mark.parametrize("name", shipped())
def test_a_year_on_every_page_on_a_phone_fits_and_tells_no_secret(open_page, address, name):
    scenario = load(name)
    page = open_page(width=390, height=844, path=None)
    frames: list[str] = []

    def hear(frame: str | bytes) -> None:
        frames.append(frame if isinstance(frame, str) else frame.decode("utf-8", "replace"))

    page.on("websocket", lambda socket: socket.on("framereceived", hear))
    begin(page, address, scenario.title)
    page.keyboard.press("y")
    at(page, 2, scenario.horizon - 12)
    wide = []
    for number, (page_id, title) in enumerate(PAGES.items(), 1):
        page.keyboard.press(str(number))
        expect(page).to_have_title(re.compile(f"^{title}"))
        page.wait_for_selector(".page > *")
        page.wait_for_function("!document.querySelector('.loading, .busy, .notice')")
        for theme in ("light", "dark"):
            page.evaluate("(theme) => window.mobilize.setTheme(theme)", theme)
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                wide.append((page_id, theme))
    assert wide == []
    page.keyboard.press("w")
    page.wait_for_selector("[role=dialog] h2")
    hidden, texts = secrets_of(Game(scenario, scenario.seed).after((), 12))
    said = "\n".join(frames).replace("\\n", " ").replace('\\"', '"')
    assert set(ID.findall(said)) & hidden == set()
    assert [text for text in texts if text in said or json.dumps(text)[1:-1] in said] == []
    assert len(frames) > len(PAGES)
