"""Long tables in the browser: searched, filtered and turned as the server answers."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from mobilize.app.driver import begin

TITLE = "JDAM kits, two wars and a Swiss crystal, 2001-2004"


@pytest.mark.parametrize("name", ["log", "sources"])
def test_a_search_narrows_a_table_and_clear_brings_everything_back(open_page, address, name):
    page = open_page()
    key = begin(page, address, TITLE)
    page.keyboard.press("q")
    expect(page.locator(".clock strong")).to_have_text("December 2001")
    page.goto(f"{address}/play/{key}/{name}")
    said = page.locator(".log-count")
    expect(said).to_contain_text(re.compile(r"^1–\d+ of \d"))
    whole = said.text_content()
    page.get_by_label("Search", exact=True).fill("no such word")
    expect(said).to_contain_text(re.compile(r"^0 "))
    expect(page.locator(".page .empty")).to_be_visible()
    page.get_by_role("button", name="Clear").click()
    expect(said).to_have_text(whole)
    page.get_by_role("combobox").first.select_option(index=1)
    expect(said).to_contain_text("that match")


def test_pages_of_numbers_are_turned(open_page, address):
    page = open_page()
    key = begin(page, address, TITLE)
    page.goto(f"{address}/play/{key}/sources")
    said, turn = page.locator(".log-count"), page.get_by_role("navigation", name="Pages of numbers")
    expect(said).to_contain_text("1–")
    first = said.text_content()
    expect(turn.get_by_role("button", name="Before")).to_be_disabled()
    turn.get_by_role("button", name="Next").click()
    expect(turn).to_contain_text("Page 2 of")
    expect(said).not_to_have_text(first)
    turn.get_by_role("button", name="Before").click()
    expect(said).to_have_text(first)
