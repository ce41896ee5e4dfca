"""A person plays: levers, forecasts before commitment, production after, why, a report."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Page, expect

from mobilize.app.driver import begin, settled
from mobilize.game.file import read_game
from mobilize.game.game import fingerprint, play


def lever(page: Page, name: str) -> None:
    """Show one lever alone."""
    page.fill("#lever-search", name.replace("-", " "))
    page.wait_for_selector(f"[data-lever='{name}']")


@pytest.fixture
def game(open_page, address) -> tuple[Page, str]:
    page = open_page()
    return page, begin(page, address, "Arsenal 2026")


def told(page: Page, place: int) -> str:
    """Return what a chart tells those who cannot see it."""
    return str(page.locator(".chart-box").nth(place).get_attribute("aria-label"))


def test_a_draft_changes_the_forecast_before_it_is_decided(game):
    page, _ = game
    before = told(page, 3)
    assert "With your draft" not in before
    page.fill("#lever-search", "appropriation money DPA fund")
    row = page.locator("[data-lever='title3-appropriation']")
    row.locator("input[type=range]").fill("1000")
    row.locator("input[type=range]").dispatch_event("change")
    page.wait_for_selector(".draft")
    settled(page)
    after = told(page, 3)
    assert "With your draft" in after
    expect(page.locator(".drafted")).to_have_text("1 change to decide")
    decided, drafted = after.split("With your draft")
    assert decided.split("decided")[1].split("(")[0] != drafted.split("(")[0]


def test_a_game_downloaded_from_the_browser_is_what_the_api_plays(game, address):
    page, key = game
    for _ in range(3):
        page.keyboard.press("q")
        page.wait_for_timeout(50)
    expect(page.locator(".clock strong")).to_have_text("October 2026")
    with page.expect_download() as waiting:
        page.click("text=Save")
    kept = read_game(waiting.value.path().read_bytes(), "download")
    assert kept.game.month == 9
    assert fingerprint(play(kept.game)) == kept.result
    content = json.loads(page.request.get(f"{address}/api/game/{key}/game.json").text())
    assert [turn["months"] for turn in content["turns"]] == [3, 3, 3]
