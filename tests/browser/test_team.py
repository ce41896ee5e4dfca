"""A team's seat in a real browser: plan, talk, deals, brief; what others hide; any screen."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from mobilize.app.driver import new_page
from mobilize.app.rooms.team import TEAM_PAGES
from tests.browser.tables import open_tab
from tests.browser.test_access import grave_in_both

US, JAPAN, UKRAINE, INDUSTRY, ENEMY = (
    *("acquisition", "large-ally:JP", "front-line:UA", "industry", "adversary"),
)


def test_a_newcomer_is_led_through_a_first_turn(sit):
    page = sit("Ann", US)
    expect(page.locator(".checklist li")).to_have_count(6)
    expect(page.locator(".checklist li.done")).to_have_count(0)
    page.get_by_role("button", name="I have read it").click()
    page.get_by_role("button", name="Take the part Contracting officer").click()
    expect(page.locator(".who")).to_contain_text("Contracting officer")

    expect(page.locator(".group")).to_have_count(1)
    assert 0 < page.locator(".lever").count() <= 5
    page.get_by_role("button", name=re.compile("^All levers")).click()
    expect(page.locator(".group").nth(2)).to_be_visible()
    page.locator("#lever-search").fill("dpas-rating")
    row = page.locator("[data-lever='dpas-rating']")
    row.locator(".control select").select_option("DX")
    expect(page.locator("[data-drafted='dpas-rating']")).to_have_attribute("data-value", "DX")

    page.locator("#act-what").select_option("ask for priority")
    page.locator("#act-why").fill("motors")
    page.get_by_role("button", name="Put in the plan").click()
    expect(page.locator("[data-order='ask for priority']")).to_contain_text("motors")

    expect(page.locator(".nudge")).to_be_visible()
    page.locator("#p-value").fill("123")
    page.get_by_role("button", name="Write down").click()
    expect(page.locator("[data-predicted]")).to_contain_text("123")

    page.locator("#move-text").fill("We invite the makers")
    page.get_by_role("button", name="Send to the white cell").click()
    expect(page.locator(".moves li")).to_contain_text("Waits for a ruling")

    page.get_by_role("button", name="Go to Talk").click()
    page.get_by_label("White cell").check()
    page.locator("#say").fill("Hello there")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".thread li.mine")).to_contain_text("Hello there")
    page.get_by_label("A note, for your seat alone").fill("remember")
    page.get_by_role("button", name="Keep the note").click()
    expect(page.locator(".notes li")).to_contain_text("remember")

    open_tab(page, "Plan")
    page.get_by_role("button", name="Hand in").click()
    expect(page.locator(".checklist h2")).to_have_text("Your first turn: 6 of 6")
    expect(page.locator("[data-lever='dpas-rating'] .control select")).to_be_disabled()
    page.reload()
    expect(page.locator(".checklist h2")).to_have_text("Your first turn: 6 of 6")
    page.get_by_role("button", name="Fold away").click()
    page.reload()
    expect(page.locator(".checklist ol")).to_have_count(0)
    page.get_by_role("button", name="Handed in: reopen").click()
    page.get_by_role("button", name="Take out DPAS rating").click()
    expect(page.locator("[data-drafted]")).to_have_count(0)


def test_another_part_of_the_team_keeps_its_levers(sit):
    first, second = sit("Bea", INDUSTRY), sit("Cid", INDUSTRY)
    first.get_by_role("button", name="Take the part Prime contractor").click()
    second.get_by_role("button", name=re.compile("^All levers")).click()
    group = second.locator(".group", has_text="Buying")
    group.get_by_role("button").first.click()
    expect(group.locator(".kept").first).to_have_text("Prime contractor decides: Bea")
    expect(group.locator(".control select, .control button").first).to_be_disabled()
    expect(second.get_by_role("button", name="Put in the plan")).to_be_disabled()
    expect(second.locator(".doings .kept")).to_contain_text("Bea")


def frames(page: Page) -> list[str]:
    """Return the list in which everything that a page receives is collected from now on."""
    found: list[str] = []
    page.on("websocket", lambda w: w.on("framereceived", lambda f: found.append(str(f))))
    page.reload()
    page.wait_for_selector(".seat-bar")
    return found


def test_a_double_click_on_join_gives_one_seat(table_server, chrome):
    for gap in (0, 20, 100):
        page = new_page(chrome)
        page.goto(f"{table_server.address}/join?code={table_server.code}")
        page.get_by_label("A name for the room").fill(f"Ivo {gap}")
        page.locator(f'input[value="{JAPAN}"]').check()
        page.evaluate(
            """gap => { const join = document.querySelector("form[method=post] button");
               join.click(); setTimeout(() => join.click(), gap); }""",
            gap,
        )
        expect(page.locator(".seat-bar .who")).to_contain_text(f"Ivo {gap}")
        page.context.close()


def twice(page: Page, name: str) -> None:
    """Press a button twice before the server can have answered."""
    press = "button => { button.click(); button.click(); }"
    page.get_by_role("button", name=name, exact=True).evaluate(press)


def test_what_is_pressed_twice_is_sent_once(sit):
    page = sit("Zoe", INDUSTRY)
    page.locator("#move-text").fill("We invite makers")
    twice(page, "Send to the white cell")
    moves = page.locator(".moves li", has_text="We invite makers")
    expect(moves).to_have_count(1)
    open_tab(page, "Talk")
    page.get_by_label("White cell").check()
    for text in ("Said once", "Said after it"):
        page.locator("#say").fill(text)
        twice(page, "Send")
        expect(page.locator(".thread li.mine", has_text=text)).to_have_count(1)
    page.get_by_role("button", name="Make an offer").click()
    page.locator("#o-to").select_option(JAPAN)
    page.locator("#o-promise").fill("We expand")
    page.get_by_role("button", name="Add the term").click()
    twice(page, "Send the offer")
    offers = page.locator(".offer", has_text="We expand")
    expect(offers).to_have_count(1)
    page.get_by_label("A note, for your seat alone").fill("the last of all")
    twice(page, "Keep the note")  # what came before it is there by now
    expect(page.locator(".notes li", has_text="the last of all")).to_have_count(1)
    expect(page.locator(".thread li.mine", has_text="Said")).to_have_count(2)
    expect(offers).to_have_count(1)
    expect(page.locator(".refused")).to_have_count(0)
    open_tab(page, "Plan")
    expect(moves).to_have_count(1)


def test_two_seats_agree_and_a_third_hears_nothing_of_it(sit):
    japan, ukraine, enemy = sit("Dai", JAPAN), sit("Eva", UKRAINE), sit("Fei", ENEMY)
    heard, known = frames(enemy), frames(ukraine)
    open_tab(enemy, "Talk")
    open_tab(japan, "Talk")
    japan.get_by_label("Front-line ally · Ukraine").check()
    japan.locator("#say").fill("canary one")
    japan.get_by_role("button", name="Send", exact=True).click()
    badge = ukraine.locator(".seat-bar .badge")
    expect(badge).to_contain_text("1")
    expect(ukraine.locator(".seat-bar [role=status]")).to_have_text("Talk: 1 new")
    open_tab(ukraine, "Talk")
    expect(badge).to_have_count(0)
    expect(ukraine.locator(".thread li")).to_contain_text("canary one")

    japan.get_by_role("button", name="Make an offer").click()
    japan.locator("#o-to").select_option(UKRAINE)
    japan.locator("#o-promise").fill("canary two")
    japan.get_by_role("button", name="Add the term").click()
    japan.locator("#o-by").select_option(UKRAINE)
    japan.locator("#o-kind").select_option("act")
    japan.locator("#o-act").select_option("keep output")
    japan.get_by_role("button", name="Add the term").click()
    japan.get_by_role("button", name="Send the offer").click()
    offer, own = (page.locator(".offer", has_text="canary two") for page in (ukraine, japan))
    expect(offer).to_have_count(1)
    number = offer.get_attribute("data-offer")
    offer.get_by_role("button", name="Accept").click()
    expect(own).to_have_attribute("data-state", "accepted")
    expect(japan.locator(".promises")).to_contain_text("You promised")
    open_tab(ukraine, "Plan")
    expect(ukraine.locator(".so-far")).to_contain_text(f"Agreed in offer {number}")

    text = "\n".join(heard) + enemy.content()
    assert "Fei" in text  # it is recorded
    assert "canary two" in "\n".join(known)
    assert "canary" not in text
    assert "keep output" not in text


def test_every_page_fits_a_phone(sit):
    page = sit("Gus", "diplomacy", 390, 844)
    for name in TEAM_PAGES.values():
        open_tab(page, name)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 390, name
    open_tab(page, "Plan")
    page.locator("#move-text").fill("By phone")
    page.get_by_role("button", name="Send to the white cell").click()
    expect(page.locator(".moves li")).to_contain_text("By phone")


def test_a_lever_can_be_moved_by_keyboard_alone(sit):
    page = sit("Hal", "front-line:PL")
    page.wait_for_selector(".lever")
    page.keyboard.press("/")
    page.keyboard.type("parts-stockpile")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('.control input, .control .switch')"):
            break
    lever = page.evaluate("document.activeElement.closest('.lever').dataset.lever")
    page.keyboard.press("Space" if page.evaluate("document.activeElement.matches('button')")
                        else "ArrowRight")  # fmt: skip
    expect(page.locator(f"[data-drafted='{lever}']")).to_have_count(1)
    page.keyboard.press("Escape")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("3")
    expect(page.locator(".seat-bar nav button.on")).to_contain_text("Talk")


def test_after_a_turn_its_brief_tells_what_counted_and_what_came(sit):
    """Last of this module: it takes the room on."""
    page, white = sit("Ida", US), sit("Wim")
    page.get_by_role("button", name="Take the part Contracting officer").click()  # beside Ann
    page.locator("#lever-search").fill("dpas")
    page.locator("[data-lever='dpas-rating'] .control select").select_option("DX")
    expect(page.locator("[data-drafted='dpas-rating']")).to_have_count(1)
    page.locator("#p-value").fill("90")
    page.get_by_role("button", name="Write down").click()
    expect(page.locator("[data-predicted]").last).to_contain_text("90")
    onward = white.locator("#next")
    onward.click()
    expect(page.locator(".phase-note")).to_contain_text("Plans are locked")
    expect(page.locator("[data-lever='dpas-rating'] .control select")).to_be_disabled()
    expect(page.locator("[data-drafted] button")).to_have_count(0)
    onward.click()
    expect(page.locator(".phase-note")).to_contain_text("being resolved")
    onward.click()
    page.get_by_role("button", name="Go to Brief").click()
    turn = page.locator("[data-turn='1']")
    expect(turn).to_contain_text("counted")
    expect(turn).to_contain_text("DPAS rating")
    expect(page.locator(".foretold .pairs li").first).to_be_visible()
    expect(page.locator(".foretold table")).to_contain_text("90")
    expect(page.locator(".heard ol li").first).to_be_visible()
    onward.click()
    open_tab(page, "Situation")
    expect(page.locator(".series svg").first).to_be_visible()
    page.locator(".series .panel-head button").first.click()
    expect(page.locator(".chart-table tbody tr")).to_have_count(3)
    faults = {}
    for name in TEAM_PAGES.values():
        open_tab(page, name)
        faults[name] = grave_in_both(page)
    assert {name: found for name, found in faults.items() if found} == {}
