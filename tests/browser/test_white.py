"""The white cell at work in a real browser: phases, seats, events, rulings, files; all is told."""

from __future__ import annotations

import json
import urllib.error
import urllib.request

from playwright.sync_api import Page, expect

from mobilize.rooms.file import read_room
from tests.browser.staffed import (  # noqa: F401
    act,
    coming,
    done,
    new_table,
    next_phase,
    panel,
    rooms_chrome,
    rooms_server,
    to,
    twice,
)


def test_a_turn_with_its_clock_its_seats_and_what_is_asked(come):
    white, team = come("Wanda"), come("Ann", "acquisition")
    now = panel(white, "What to do now")
    expect(now).to_contain_text("0 of 1 have handed in")
    clock = panel(white, "Time to plan")
    clock.get_by_role("button", name="Start").click()
    done(white, "starts the clock")
    expect(clock).to_contain_text("running")
    clock.get_by_role("button", name="+5 minutes").click()
    done(white, "adds 5 minutes")
    expect(clock.locator(".clock-big")).to_contain_text("24:")
    clock.get_by_role("button", name="Pause").click()
    expect(clock).to_contain_text("stopped")
    clock.get_by_label("Minutes for each turn").fill("7")
    clock.get_by_role("button", name="Set").click()
    expect(clock.locator(".clock-big")).to_contain_text("7:00")

    act(team, "set", lever="dpa-modernization", target="base", value="on")
    asked = panel(white, "Asked of Congress, President and NATO")
    expect(asked).to_contain_text("counts unless you refuse")
    asked.get_by_label("Reason").fill("no votes")
    asked.get_by_role("button", name="Refuse").click()
    expect(asked).to_contain_text("✕ refused")
    done(white, "refuses US acquisition")

    seats = panel(white, "Seats")
    seats.get_by_role("button", name="Plan for it US acquisition").click()
    expect(white.get_by_role("heading", name="Plan for US acquisition")).to_be_focused()
    plan = panel(white, "Plan for US acquisition")
    plan.get_by_label("Lever").select_option("title3-appropriation")
    plan.get_by_label("Amount").fill("400")
    plan.get_by_role("button", name="Add to the plan").click()
    expect(plan).to_contain_text("Money for the DPA fund: 400 MUSD")
    plan.get_by_role("button", name="Hand in for it").click()
    expect(now).to_contain_text("Every team has handed in")
    seats.get_by_role("button", name="Let its rules play for US acquisition").click()
    expect(seats).to_contain_text("✓ Its rules play")

    next_phase(white, "Lock", "Resolve")
    expect(now).to_contain_text("teams do not see it yet")
    next_phase(white, "Brief")
    twice(now, "End practice")
    expect(white.locator(".phases .on")).to_have_text("Plan")
    done(white, "goes back to the plan of turn 1")
    expect(seats).to_contain_text("2 levers")
    white.keyboard.press("n")
    expect(white.locator(".phases .on")).to_have_text("Lock")


def test_events_are_fired_put_off_skipped_written_and_taken_back(come):
    white, team = come("Wanda"), come("Ann", "acquisition")
    to(white, "Events")
    fire = white.get_by_role("article", name="Fire at Elkton")
    fire.get_by_role("button", name="Fire now").focus()
    white.keyboard.press("Enter")
    expect(fire).to_contain_text("Press again: it is told at once")
    white.wait_for_timeout(350)
    white.keyboard.press("Enter")
    expect(fire).to_contain_text("fires in the coming turn")
    done(white, "fires the event Fire at Elkton")
    strike = white.get_by_role("article", name="Strike at Camden")
    expect(strike.get_by_role("button", name="Put off")).to_be_disabled()
    strike.get_by_label("Reason").fill("not now")
    strike.get_by_role("button", name="Put off").click()
    expect(strike).to_contain_text("will be put off")
    convoys = white.get_by_role("article", name="Convoys")
    convoys.get_by_label("Reason").fill("not today")
    twice(convoys, "Skip")
    expect(convoys).to_contain_text("will be skipped")
    planned = white.locator(".planned")
    expect(planned.locator("li")).to_have_count(3)
    twice(planned, "Take back skip the event Convoys")
    expect(planned.locator("li")).to_have_count(2)
    expect(convoys).to_contain_text("to come")

    form = panel(white, "Write an event now")
    form.get_by_label("Title").fill("A strike vote <b>")
    form.get_by_label("Text that people read").fill("Workers vote {{ 7*7 }} on Friday.")
    form.get_by_role("button", name="Add an effect").click()
    form.get_by_label("Kind").select_option(label="Workers strike")
    camden = "PAC-3 MSE interceptor, Camden, Arkansas"
    form.locator(".which select").select_option(label=camden)
    form.get_by_label("Size").fill("0.4")
    form.get_by_label("Begins after").fill("1")
    form.get_by_role("button", name="Add this effect").click()
    expect(form.locator(".effects")).to_contain_text("0.4")
    form.get_by_role("button", name="Tell it now").click()
    expect(planned.locator("li")).to_have_count(3)
    expect(planned).to_contain_text("Workers strike: PAC-3 MSE interceptor, Camden, Arkansas, 40%")
    expect(white.locator(".told-panel")).to_contain_text("A strike vote <b> Workers vote {{ 7*7 }}")
    expect(form.get_by_label("Title")).to_have_value("")
    expect(team.locator(".seat-bar")).to_be_visible()


def test_rulings_overrides_vetoes_and_the_mindset_stand_in_the_log_with_their_reasons(come):
    white, team = come("Wanda"), come("Ann", "acquisition")
    act(team, "move", text="We ring the prime's chief executive.")
    panel(white, "What to do now").get_by_role("button", name="1 move in words").click()
    moves = white.locator(".to-rule")
    moves.get_by_role("button", name="Rule on it").click()
    form = panel(white, "Ruling on move 1")
    form.get_by_label("What comes of it").fill("A second shift in Camden")
    form.get_by_role("button", name="Add an effect").click()
    form.get_by_label("Kind").select_option(label="multiply: time of a licence")
    expect(form.locator(".which select")).to_be_enabled()
    form.get_by_role("button", name="Add this effect").click()
    form.get_by_role("button", name="Give this ruling").click()
    expect(moves).to_contain_text("✓ ruled")
    other = panel(white, "The challenger")
    other.get_by_label("Step").select_option(label="embargo")
    other.get_by_label("Reason").first.fill("too early")
    other.get_by_role("button", name="Veto it").click()
    done(white, "vetoes embargo")
    other.get_by_label("From the coming turn").select_option("fearful")
    other.get_by_label("Reason").last.fill("a coup")
    other.get_by_role("button", name="Set the mindset").click()
    done(white, "sets the mindset: fearful")
    over = panel(white, "Override an outcome")
    expect(over.get_by_label("Outcome")).to_be_disabled()
    next_phase(white, "Lock", "Resolve")
    expect(other).to_contain_text("Thinks as fearful")
    over.get_by_label("Outcome").select_option(label="stock")
    over.get_by_label("Where").select_option(label="United States Tomahawk")
    expect(over.locator(".old")).to_contain_text("2,151")
    over.get_by_label("New value").fill("900")
    over.get_by_label("Reason", exact=True).fill("the depot burnt")
    twice(over, "Override")
    rows = white.locator(".wide-panel")
    expect(rows).to_contain_text("Overrides: 1")
    expect(rows.locator("tbody tr")).to_contain_text(["the depot burnt"])
    to(white, "Log")
    log = white.locator(".room-log")
    log.get_by_label("Search").fill("embargo early")
    expect(log.locator("tbody tr")).to_have_count(1)
    expect(log.locator("tbody tr")).to_contain_text("too early")
    to(white, "World")
    white.get_by_role("button", name="Programs", exact=True).click()
    white.get_by_label("Search").fill("united states tomahawk")
    expect(white.locator("tbody tr").first).to_contain_text("900")


def test_people_are_seated_elsewhere_and_removed_and_hear_of_it(come):
    white, team = come("Wanda"), come("Ann", "acquisition")
    people = panel(white, "People")
    people.get_by_label("Seat of Ann").select_option(label="Large ally · Japan")
    people.get_by_role("button", name="Seat there Ann").click()
    expect(team.locator(".seat-bar .who")).to_contain_text("Japan")
    done(white, "seats Ann at Large ally · Japan")
    remove = people.get_by_role("button", name="Remove Ann")
    remove.click()
    expect(people).to_contain_text("Press again to remove Ann")
    people.get_by_label("Seat of Ann").focus()  # whoever looks elsewhere has not meant it
    expect(remove).to_be_visible()
    twice(people, "Remove Ann")
    expect(people).not_to_contain_text("Ann")
    expect(team.get_by_role("heading", name="No seat here")).to_be_visible()


def fetched(address: str, cookie: str = "") -> tuple[int, bytes]:
    request = urllib.request.Request(address, headers={"Cookie": cookie} if cookie else {})
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def cookie(page: Page) -> str:
    return "; ".join(f"{c['name']}={c['value']}" for c in page.context.cookies())


def test_files_are_for_the_white_cell_alone_and_a_decision_can_be_left_out(come, table):
    white, team = come("Wanda"), come("Ann", "acquisition")
    act(white, "event", do="fire", event="booster-fire")
    next_phase(white, "Lock", "Resolve", "Brief")
    to(white, "After")
    link = white.get_by_role("link", name="Session").get_attribute("href")
    mine, other = cookie(white), cookie(team)
    status, body = fetched(table.address + link, mine)
    assert status == 200
    session = read_room(body, "session.json")
    assert session.result == json.loads(body)["result_sha256"]
    assert len(session.room.log) == len(json.loads(body)["acts"])
    stolen = mine.replace("seat-", "seat-0")
    told = {fetched(table.address + link, who) for who in ("", other, stolen)}
    told |= {fetched(f"{table.address}/api/room/{key}/session.json", mine) for key in ("0", "x")}
    assert {status for status, _ in told} == {403}
    assert len(told) == 1
    assert fetched(table.address + link.replace("session.json", "secret"), mine)[0] == 403
    assert fetched(table.address + link.replace(".json", ".zip"), mine)[1][:2] == b"PK"

    row = white.locator("tbody tr").filter(has_text="Fire at Elkton")
    row.get_by_role("button", name="What if not?").click()
    white.wait_for_selector(".whatif-done", timeout=120_000)
    whatif = panel(white, "What if this had not been decided")
    expect(whatif).to_contain_text("fire the event Fire at Elkton")
