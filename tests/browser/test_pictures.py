"""The network, the map and the drawer by keyboard, as a person uses them."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from mobilize.app.driver import begin

TITLE = "JDAM kits, two wars and a Swiss crystal, 2001-2004"


@pytest.fixture
def game(open_page, address) -> tuple[Page, str]:
    """Return a page of a game after a quarter, and the address of the game."""
    page = open_page()
    key = begin(page, address, TITLE)
    page.keyboard.press("q")
    expect(page.locator(".clock strong")).to_have_text("December 2001")
    return page, f"{address}/play/{key}"


def test_in_the_network_arrows_move_enter_asks_and_escape_comes_back(game):
    page, where = game
    page.goto(f"{where}/network")
    stops = page.locator(".net-plant[tabindex='0']")
    expect(stops).to_have_count(1)
    stops.focus()
    focused = page.locator(".net-plant:focus")
    first = str(focused.get_attribute("data-line"))
    expect(page.locator(".net-tip")).to_be_visible()
    page.keyboard.press("ArrowLeft")
    expect(focused).not_to_have_attribute("data-line", first)
    second = str(focused.get_attribute("data-line"))
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.locator(".why-line")).to_be_visible()
    expect(dialog.locator(".why-relief")).to_contain_text("Relief")
    expect(page.locator(".why:focus-within")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(focused).to_have_attribute("data-line", second)


def test_picture_and_table_of_the_network_show_the_same_plants(game):
    page, where = game
    page.goto(f"{where}/network")
    page.locator(".net-field select").first.select_option("")
    expect(page.locator(".net-plant")).to_have_count(18)
    page.get_by_role("button", name="Table", exact=True).click()
    rows = page.locator(".net-table-box tbody tr")
    expect(rows).to_have_count(18)
    made = page.get_by_role("columnheader", name="Made", exact=True)
    made.get_by_role("button").click()
    expect(made).to_have_attribute("aria-sort", "ascending")
    page.get_by_label("Search").fill("boeing")
    expect(rows).to_have_count(1)
    page.get_by_label("Search").fill("no such plant")
    expect(page.locator(".empty")).to_be_visible()


def test_a_month_changes_figures_and_leaves_plants_where_they_are(game):
    page, where = game
    page.goto(f"{where}/network")
    shapes = page.locator(".net-plant .net-shape")
    spots = "all => all.map(e => e.getAttribute('transform'))"
    page.wait_for_selector(".net-plant")
    before = shapes.evaluate_all(spots)
    said = page.locator(".net-plant").evaluate_all("all => all.map(e => e.ariaLabel)")
    page.keyboard.press("y")
    expect(page.locator(".clock strong")).to_have_text("December 2002")
    plants = "[...document.querySelectorAll('.net-plant')]"
    page.wait_for_function(
        f"said => {plants}.some((e, n) => e.ariaLabel !== said[n])",
        arg=said,
    )
    assert shapes.evaluate_all(spots) == before


def test_on_the_map_a_place_of_several_plants_lists_them(game):
    page, where = game
    page.goto(f"{where}/map")
    page.wait_for_selector(".world-dot")
    several = page.locator(".world-dot:has(.world-count)").first
    count = int(several.locator(".world-number").text_content() or 0)
    several.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".world-side tbody tr")).to_have_count(count)
    page.locator(".world-side tbody button").first.click()
    expect(page.get_by_role("dialog").locator(".why-line")).to_be_visible()


def test_regions_zoom_the_map(game):
    page, where = game
    page.goto(f"{where}/map")
    picture = page.locator(".world-svg")
    whole = picture.get_attribute("viewBox")
    page.get_by_role("button", name="Europe").click()
    expect(picture).not_to_have_attribute("viewBox", whole or "")
    page.get_by_role("button", name="World").click()
    expect(picture).to_have_attribute("viewBox", whole or "")


def test_the_drawer_goes_on_and_back(game):
    page, _ = game
    page.keyboard.press("w")
    dialog = page.get_by_role("dialog")
    title = dialog.locator("h2")
    expect(title).to_have_text("JDAM guidance kit")
    dialog.locator(".why-next button").first.click()
    expect(title).not_to_have_text("JDAM guidance kit")
    expect(dialog.locator(".why-line")).to_be_visible()
    dialog.get_by_role("button", name="Back").click()
    expect(title).to_have_text("JDAM guidance kit")
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_be_hidden()
