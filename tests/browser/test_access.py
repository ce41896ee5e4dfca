"""Everybody can use every page: axe finds nothing grave, and the keyboard is enough."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from mobilize.app.driver import begin, settled
from mobilize.app.frame import PAGES

GRAVE = ("serious", "critical")
SET = """(theme) => new Promise((drawn) => {
    window.mobilize.setTheme(theme);
    requestAnimationFrame(() => requestAnimationFrame(drawn));
})"""


def grave(page: Page) -> list[str]:
    """Return what axe calls serious or critical, with the places, once the page is at rest."""
    expect(page.locator(".v-progress-linear:visible")).to_have_count(0)  # Solara's own, unnamed
    found = Axe().run(page).response["violations"]
    return [
        f"{v['id']} ({v['impact']}): {n['html'][:120]} {n.get('failureSummary', '')[:200]}"
        for v in found
        if v["impact"] in GRAVE
        for n in v["nodes"][:3]
    ]


def grave_in_both(page: Page) -> list[str]:
    """Return what axe calls serious or critical in light colours or in dark ones."""
    found = []
    for theme in ("light", "dark"):
        page.evaluate(SET, theme)
        found += [f"{theme}: {fault}" for fault in grave(page)]
    return found


def test_axe_finds_nothing_grave_on_any_page(open_page, address):
    page = open_page(theme="dark")
    page.wait_for_selector(".home .card")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")  # as the system is
    faults = {"home": grave_in_both(page)}
    key = begin(page, address, "Arsenal 2026", tour=True)
    page.wait_for_selector(".tour-card")
    faults["tour"] = grave_in_both(page)
    page.get_by_role("button", name="Skip", exact=True).click()
    page.keyboard.press("q")
    expect(page.locator(".clock strong")).to_have_text("April 2026")
    for name in PAGES:
        page.goto(f"{address}/play/{key}/{name}")
        page.wait_for_selector(".page > *")
        page.wait_for_function("!document.querySelector('.loading, .busy')")
        faults[name] = grave_in_both(page)
    assert {name: found for name, found in faults.items() if found} == {}


def tab_to(page: Page, what: str, most: int = 400) -> None:
    """Press Tab until the element in focus is one that a selector names."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("(s) => document.activeElement.matches(s)", what):
            return
    raise AssertionError(f"{what} is not reached by {most} tabs")


def test_a_turn_can_be_played_by_keyboard_alone(open_page, address):
    page = open_page()
    page.wait_for_selector(".home .card")
    tab_to(page, ".card .btn.primary")
    page.keyboard.press("Enter")
    page.wait_for_selector(".tour-card")
    page.keyboard.press("Escape")
    settled(page)
    page.keyboard.press("/")
    page.keyboard.type("title3-eligible-set")
    expect(page.locator(".lever")).to_have_count(1)
    tab_to(page, "[data-lever='title3-eligible-set'] .control select")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.locator(".drafted")).to_have_text("1 change to decide")
    settled(page)
    tab_to(page, ".draft button")
    expect(page.locator(".draft button:focus")).to_have_css("outline-style", "solid")
    page.keyboard.press("q")
    expect(page.locator(".clock strong")).to_have_text("April 2026")
    said = page.locator("header [aria-live]")
    expect(said).to_contain_text("Played 3 months to March 2026")
    tab_to(page, ".tile")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.locator(".tile:focus")).to_have_count(1)
    page.keyboard.press("u")
    expect(page.locator(".clock strong")).to_have_text("January 2026")
    expect(page.locator(".drafted")).to_have_text("1 change to decide")
