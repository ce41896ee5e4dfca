"""A person plays: levers, forecasts before commitment, production after, why, a report."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Page, expect

from mobilize.app.driver import begin, settled
from mobilize.game.file import read_game
from mobilize.game.game import fingerprint, play
from mobilize.model import Model
from mobilize.record import PROGRAM_SERIES
from mobilize.scenario import load
from mobilize.state import LEDGER
from policies.package import read_package

DELIVERED, STOCK, METRIC, MONEY = range(4)  # charts of the situation, in order
MOVES = (
    ("2026-01", "title3-eligible-set", "base", "all SOSA partners"),
    ("2026-01", "title3-award-waiver", "base", "on"),
    ("2026-01", "title3-appropriation", "base", 1000.0),
    ("2026-01", "usml-to-ccl", "base", "both"),
    ("2026-01", "licensing-officers", "base", 2.0),
    ("2026-04", "sosa-standing-all", "base", "on"),
    ("2026-04", "sosa-code-of-conduct", "JP", 0.6),
)


@pytest.fixture
def game(open_page, address) -> tuple[Page, str]:
    page = open_page()
    return page, begin(page, address, "Arsenal 2026")


def pull(page: Page, lever: str, target: str, value: str | float) -> None:
    """Set a lever as a person would: find it, aim it, move it."""
    page.fill("#lever-search", lever)
    row = page.locator(f"[data-lever='{lever}']")
    row.wait_for()
    if target != "base":
        row.locator(".aim select").select_option(target)
    if isinstance(value, float):
        slider = row.locator("input[type=range]")
        slider.fill(str(value))
        slider.dispatch_event("change")
    elif row.locator(".switch").count():
        row.locator(".switch").click()
    else:
        row.locator(".control select").select_option(value)
    page.focus("#lever-search")
    page.keyboard.press("Escape")
    written = f"{value:g}" if isinstance(value, float) else value
    page.wait_for_selector(f"[data-drafted='{lever}'][data-value='{written}']")


def ahead(said: str, which: str) -> str:
    """Return what a chart says of the end of the forecast."""
    return said.split(f"{which} ")[1].split(" (")[0]


def test_eight_quarters_with_forecasts_before_and_figures_of_the_api_after(game, address):
    page, key = game
    done = 0
    for date in ("2026-01", "2026-04"):
        chosen = [move for move in MOVES if move[0] == date]
        for _, lever, target, value in chosen:
            pull(page, lever, target, value)
        expect(page.locator(".drafted")).to_have_text(f"{len(chosen)} changes to decide")
        chart = page.locator(".chart-box").nth(MONEY)
        expect(chart).to_have_attribute("aria-label", re.compile("With your draft"))
        settled(page)
        said = str(chart.get_attribute("aria-label"))  # what it tells those who cannot see it
        assert ahead(said, "as decided") != ahead(said, "With your draft")  # before commitment
        tiles = page.locator("#tiles")
        before = tiles.inner_text()
        page.keyboard.press("q")
        done += 3
        expect(page.locator(".drafted")).to_have_count(0)
        expect(tiles).not_to_have_text(before, use_inner_text=True)
    for _ in range(6):
        page.keyboard.press("q")
        done += 3
        expect(page.locator(".clock")).to_contain_text(f"{120 - done} months left")
    expect(page.locator(".clock strong")).to_have_text("January 2028")
    settled(page)

    page.locator(".items tbody .btn").first.click()
    drawer = page.get_by_role("dialog")
    expect(drawer).to_contain_text("PAC-3 MSE")
    expect(drawer).to_contain_text("since")
    page.keyboard.press("Escape")

    page.get_by_role("button", name="After action", exact=True).click()
    page.wait_for_selector(".line-row")
    expect(page.locator("button.line-row")).to_have_count(len(MOVES))

    scenario = load("arsenal-2026")
    settings = [{"date": d, "lever": v, "value": x} | ({} if t == "base" else {"target": t})
                for d, v, t, x in MOVES]  # fmt: skip
    package = read_package("test", {"set": settings}, scenario, "test")
    record = Model(scenario, package, scenario.seed).run(24).record
    kept = json.loads(page.request.get(f"{address}/api/game/{key}/export.json").text())
    programs = scenario.tables["programs"]["id"].tolist()
    shown = kept["series"]["programs"]
    for place, name in enumerate(PROGRAM_SERIES):
        for column, program in enumerate(programs):
            assert shown[program][name] == record.programs[place, :24, column].tolist()
    for place, account in enumerate(LEDGER):
        assert kept["series"]["ledger_kusd"][account] == record.ledger[:24, place].tolist()

    report = page.request.get(f"{address}/api/game/{key}/report.html?show=1").text()
    assert "src=" not in report.replace('src="data:', "")  # it needs nothing but itself
    assert "<script" not in report
    for _, lever, _, _ in MOVES:
        assert lever in json.dumps(kept["game"])


def test_moving_a_lever_again_forgets_the_forecast_before(game):
    page, _ = game
    chart = page.locator(".chart").nth(MONEY)
    chart.get_by_role("button", name="Table").click()
    table = chart.locator("table")
    none = table.inner_text()
    pull(page, "title3-appropriation", "base", 400.0)
    expect(table).not_to_have_text(none, use_inner_text=True)
    settled(page)
    slow = table.inner_text()
    for amount in (200.0, 800.0, 1600.0, 2000.0):
        pull(page, "title3-appropriation", "base", amount)
    expect(table).not_to_have_text(slow, use_inner_text=True)
    pull(page, "title3-appropriation", "base", 400.0)
    expect(table).to_have_text(slow, use_inner_text=True)


def test_undo_gives_back_the_draft_and_the_figures(game):
    page, _ = game
    tiles = page.locator("#tiles")
    before = tiles.inner_text()
    pull(page, "usml-to-ccl", "base", "both")
    page.keyboard.press("y")
    expect(page.locator(".clock strong")).to_have_text("January 2027")
    page.keyboard.press("u")
    expect(page.locator(".clock strong")).to_have_text("January 2026")
    expect(page.locator(".draft")).to_contain_text("both")
    expect(tiles).to_have_text(before, use_inner_text=True)


def test_a_game_runs_by_itself_until_it_is_paused(game):
    page, _ = game
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.locator(".clock strong")).to_have_text("March 2026")
    page.get_by_role("button", name="Pause", exact=True).click()
    expect(page.get_by_role("button", name="Run", exact=True)).to_be_visible()
    stood = page.locator(".clock strong").inner_text()
    page.wait_for_timeout(1500)
    assert page.locator(".clock strong").inner_text() == stood
    expect(page.locator(".clock")).to_contain_text("Turn 2")  # all of it was one turn


def test_a_game_downloaded_from_the_browser_is_what_the_api_plays(game, address):
    page, key = game
    for _ in range(3):
        page.keyboard.press("q")
    expect(page.locator(".clock strong")).to_have_text("October 2026")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Save", exact=True).click()
    text = waiting.value.path().read_bytes()
    kept = read_game(text, "download")
    assert kept.game.month == 9
    assert fingerprint(play(kept.game)) == kept.result

    page.get_by_role("button", name="Home", exact=True).click()
    page.set_input_files("input[type=file]", {"name": "my game.json", "mimeType": "text/plain",
                                              "buffer": text})  # fmt: skip
    expect(page.locator(".clock strong")).to_have_text("October 2026")
    expect(page).not_to_have_url(re.compile(f"/play/{key}/"))  # a game of its own


@pytest.mark.parametrize("text", ["", "{}", "no JSON at all", '{"kind": "mobilize game"}'])
def test_a_file_that_is_no_game_is_refused_in_words(open_page, text):
    page = open_page()
    page.wait_for_selector(".home .card")
    given = {"name": "evil <b>.json", "mimeType": "text/plain", "buffer": text.encode()}
    page.set_input_files("input[type=file]", given)
    expect(page.get_by_role("alert")).to_contain_text("evil <b>.json")
    expect(page.locator(".home b")).to_have_count(0)


def test_what_the_charts_show_stays_while_another_page_is_looked_at(game):
    page, _ = game
    page.locator(".chart select").first.select_option("gmlrs")
    expect(page.locator(".items tr.on")).to_contain_text("GMLRS")
    page.get_by_role("button", name="Log", exact=True).click()
    page.wait_for_selector(".log-filter, .page table, .page .panel")
    page.get_by_role("button", name="Situation", exact=True).click()
    expect(page.locator(".items tr.on")).to_contain_text("GMLRS")
