"""Whole games at the table: eight turns of four teams and a white cell; and one person alone."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from mobilize.app.rooms.team import TEAM_PAGES
from mobilize.app.rooms.white import WHITE_PAGES
from mobilize.cli import main
from mobilize.rooms.decided import decided, difference
from mobilize.rooms.file import read_room, write_room
from tests.browser.staffed import (  # noqa: F401
    Come,
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
from tests.browser.tables import open_tab

US, MAKERS, POLAND, ENEMY = "acquisition", "industry", "front-line:PL", "adversary"
TURNS = 8
LAST, YEAR = 60, 12  # months of the scenario, of the longer turn
CAMDEN = "PAC-3 MSE interceptor, Camden, Arkansas"


def choose(page: Page, lever: str, value: str) -> None:
    """Set a lever of a few values."""
    page.locator("#lever-search").fill(lever)
    page.locator(f"[data-lever='{lever}'] .control select").select_option(value)
    expect(page.locator(f"[data-drafted='{lever}']")).to_have_attribute("data-value", value)


def order(page: Page, what: str, why: str, at: str = "") -> None:
    """Plan an act of the seat, at the first thing it offers by default."""
    page.locator("#act-what").select_option(what)
    if at:
        page.locator("#act-target").select_option(at)
    page.locator("#act-why").fill(why)
    page.get_by_role("button", name="Put in the plan").click()
    expect(page.locator(f"[data-order='{what}']")).to_contain_text(why)


def predict(page: Page, value: str) -> None:
    """Write down what the first figure will be."""
    page.locator("#p-value").fill(value)
    page.get_by_role("button", name="Write down").click()
    expect(page.locator("[data-predicted]")).to_contain_text(value)


def hand_in(*pages: Page) -> None:
    for page in pages:
        page.get_by_role("button", name="Hand in").click()
    for page in pages:
        expect(page.get_by_role("button", name="Handed in: reopen")).to_be_visible()


def taken(page: Page, name: str, where: Path) -> Path:
    """Return a file that a page lets one take home by a link of this name."""
    with page.expect_download(timeout=120_000) as found:
        page.get_by_role("link", name=name, exact=True).click()
    path = where / found.value.suggested_filename
    found.value.save_as(path)
    return path


def start_of_room(come: Come) -> tuple[Page, ...]:
    """Return the pages of the white cell and four teams."""
    seats = (("Ann", US), ("Ben", MAKERS), ("Pola", POLAND), ("Fei", ENEMY))
    return come("Wanda"), *(come(name, seat) for name, seat in seats)


def say_and_agree(us: Page, poland: Page) -> None:
    """Let one seat write to another, offer it something for something, and be taken at its word."""
    open_tab(us, "Talk")
    us.get_by_label("Front-line ally · Poland").check()
    us.locator("#say").fill("Will you keep your line for us?")
    us.get_by_role("button", name="Send", exact=True).click()
    us.get_by_role("button", name="Make an offer").click()
    us.locator("#o-to").select_option(POLAND)
    us.locator("#o-promise").fill("the next lot is yours")
    us.get_by_role("button", name="Add the term").click()
    us.locator("#o-by").select_option(POLAND)
    us.locator("#o-kind").select_option("act")
    us.locator("#o-act").select_option("keep output")
    us.get_by_role("button", name="Add the term").click()
    us.get_by_role("button", name="Send the offer").click()
    open_tab(poland, "Talk")
    expect(poland.locator(".thread li")).to_contain_text("Will you keep your line for us?")
    poland.get_by_role("button", name="Accept offer 1").click()
    expect(us.locator("[data-offer='1']")).to_have_attribute("data-state", "accepted")


def strike_a_step(white: Page) -> None:
    """Let the white cell veto the embargo."""
    to(white, "Rulings")
    challenger = panel(white, "The challenger")
    challenger.get_by_label("Step").select_option(label="embargo")
    challenger.get_by_label("Reason").first.fill("too early for us")
    challenger.get_by_role("button", name="Veto it").click()
    done(white, "vetoes embargo")
    to(white, "Control")


def befall(white: Page) -> None:
    """Let the white cell fire an event of the list, and write one with an effect."""
    to(white, "Events")
    twice(white.get_by_role("article", name="Fire at Elkton"), "Fire now")
    done(white, "fires the event Fire at Elkton")
    form = panel(white, "Write an event now")
    form.get_by_label("Title").fill("A strike vote")
    form.get_by_label("Text that people read").fill("Workers in Camden vote on Friday.")
    form.get_by_role("button", name="Add an effect").click()
    form.get_by_label("Kind").select_option(label="Workers strike")
    form.locator(".which select").select_option(label=CAMDEN)
    form.get_by_role("button", name="Add this effect").click()
    form.get_by_role("button", name="Tell it now").click()
    expect(white.locator(".planned")).to_contain_text(f"Workers strike: {CAMDEN}")
    to(white, "Control")


def override(white: Page, value: str, why: str) -> str:
    """Let the white cell set the stock of Tomahawk, and give a reason; return what it was."""
    to(white, "Rulings")
    form = panel(white, "Override an outcome")
    form.get_by_label("Outcome").select_option(label="stock")
    form.get_by_label("Where").select_option(label="United States Tomahawk")
    expect(form.locator(".old strong")).not_to_have_text("…")
    before = form.locator(".old strong").inner_text()
    form.get_by_label("New value").fill(value)
    form.get_by_label("Reason", exact=True).fill(why)
    twice(form, "Override")
    expect(white.locator(".wide-panel tbody tr")).to_contain_text([why])
    to(white, "Control")
    return before


def take_back(white: Page, turn: int, why: str) -> None:
    """Let the white cell go back to the plan of the turn before."""
    undo = panel(white, "Undo")
    undo.get_by_label("Reason").fill(why)
    twice(undo, "Undo")
    done(white, f"goes back to the plan of turn {turn}")


def test_eight_turns_of_four_teams_and_a_white_cell(come: Come, tmp_path: Path) -> None:
    white, *teams = start_of_room(come)
    us, makers, poland, enemy = teams
    now = panel(white, "What to do now")

    # 1: a lever, acts, a prediction; a message, an offer that is accepted; a step is vetoed.
    choose(us, "dpas-rating", "DX")
    predict(us, "120")
    say_and_agree(us, poland)
    order(makers, "invest", "seekers are short", "seeker-pac3-huntsville")
    order(enemy, "step", "they are weak now", "embargo")
    strike_a_step(white)
    hand_in(*teams)
    expect(now).to_contain_text("Every team has handed in")
    next_phase(white, "Lock", "Resolve", "Brief")
    open_tab(us, "Brief")
    expect(us.locator("[data-turn='1']")).to_contain_text("✓ counted")
    expect(us.locator(".foretold .pairs li")).to_contain_text("turn 1")
    open_tab(enemy, "Brief")
    expect(enemy.locator("[data-turn='1']")).to_contain_text("✕ vetoed")
    expect(enemy.locator(".heard")).to_contain_text("White cell vetoes embargo")
    next_phase(white, "Plan")

    # 2: a reload in the middle keeps the seat; events; a late team holds nobody up; an override.
    open_tab(us, "Plan")
    order(us, "ask for priority", "motors")
    us.reload()
    expect(us.locator(".who")).to_contain_text("Ann")
    expect(us.locator("[data-order='ask for priority']")).to_contain_text("motors")
    befall(white)
    hand_in(us, poland, enemy)
    expect(now).to_contain_text("3 of 4 have handed in. Waiting for Prime and sub-tier industry")
    next_phase(white, "Lock", "Resolve", "Brief")
    open_tab(makers, "Brief")
    expect(makers.locator("[data-turn='2']")).to_contain_text("your rules played")
    expect(makers.locator(".heard")).to_contain_text("Workers in Camden vote on Friday.")
    before = override(white, "321", "the depot burnt")
    next_phase(white, "Plan")

    # 3 and 4: the plan of a turn that is undone comes back, and is played otherwise.
    open_tab(poland, "Plan")
    play_on(white, teams)
    order(poland, "keep output", "in haste")
    play_on(white, teams)
    take_back(white, 4, "a plan in haste")
    expect(us.locator(".when")).to_contain_text("Turn 4")
    poland.get_by_role("button", name="Take out Keep output").click()
    expect(poland.locator("[data-order]")).to_have_count(0)

    for _ in range(4, TURNS):
        play_on(white, teams)
    hand_in(*teams)
    next_phase(white, "Lock", "Resolve", "Brief")
    expect(white.locator(".when")).to_contain_text(f"Turn {TURNS}")

    # After: files, and the game without one decision.
    to(white, "After")
    row = white.locator("tbody tr").filter(has_text="DPAS rating")
    row.get_by_role("button", name="What if not?").click()
    kept = taken(white, "Session", tmp_path)
    expect(white.locator(".whatif-done tbody tr").first).to_be_visible(timeout=120_000)
    told = white.locator(".whatif-done tbody").inner_text()
    report = taken(white, "Report", tmp_path)
    theirs = taken(white, "Report of Front-line ally · Poland", tmp_path)
    assert_the_override_is_told(report.read_text(encoding="utf-8"), before)
    assert "the depot burnt" not in theirs.read_text(encoding="utf-8")
    assert "the next lot is yours" in theirs.read_text(encoding="utf-8")
    assert_it_plays_again(kept, tmp_path)
    room = read_room(kept.read_text(encoding="utf-8"), kept.name).room
    assert len(room.play.turns) == TURNS
    rating = next(d for d in decided(room) if getattr(d.what, "lever", "") == "dpas-rating")
    differs = difference(room, rating)
    assert differs
    assert any(d.figure.text in told for d in differs)


def play_on(white: Page, teams: Sequence[Page]) -> None:
    """Let teams hand in what they have, and play until the next plan."""
    hand_in(*teams)
    next_phase(white, "Lock", "Resolve", "Brief", "Plan")


def assert_the_override_is_told(report: str, before: str) -> None:
    """It stands with old and new value, who and why."""
    part = report[report.index("Outcomes overridden</h2>") :]
    row = next(r for r in part.split("</tr>") if "the depot burnt" in r)
    cells = re.findall(r"<td[^>]*>(.*?)</td>", row)
    assert {"2", "2027-06", "white cell: Wanda", "321"} <= set(cells)
    assert before in cells


def assert_it_plays_again(kept: Path, folder: Path) -> None:
    """The session file leads to the same end, and written again it is the same bytes."""
    text = kept.read_text(encoding="utf-8")
    assert main(["replay", str(kept)]) == 0
    assert write_room(read_room(text, kept.name).room) == text
    other = json.loads(text)
    other["result_sha256"] = "0" * 64
    wrong = folder / "wrong.json"
    wrong.write_text(json.dumps(other), encoding="utf-8")
    assert main(["replay", str(wrong)]) == 1


@pytest.mark.parametrize("table", [YEAR], indirect=True)
def test_one_person_plays_a_whole_game_against_stand_ins(come: Come, tmp_path: Path) -> None:
    """The white cell's page and one seat's; every other seat is played by its rules."""
    white = come("Solo")
    us = come("Me", US)
    wall, observer = come("Wall", "projector"), come("Olga", "observer")
    for turn in range(LAST // YEAR):
        if turn:
            next_phase(white, "Plan")
        expect(us.locator(".when")).to_contain_text(f"{LAST - YEAR * turn} months left")
        choose(us, "dpas-rating", "DO" if turn % 2 else "DX")
        hand_in(us)
        next_phase(white, "Lock", "Resolve", "Brief")
    expect(panel(white, "What to do now")).to_contain_text("The game is over")
    expect(white.locator("#next")).to_have_count(0)
    for label in WHITE_PAGES.values():
        to(white, label)
        expect(white.locator(".when")).to_contain_text("The game is over")
    for label in TEAM_PAGES.values():
        open_tab(us, label)
        expect(us.locator(".when")).to_contain_text("The game is over")
    expect(us.get_by_role("button", name="Hand in")).to_have_count(0)
    for page in (wall, observer):
        expect(page.locator(".when")).to_contain_text("The game is over")
    expect(wall.locator(".wall-big")).to_have_text("The game is over")
    to(white, "After")
    report = taken(white, "Report", tmp_path).read_text(encoding="utf-8")
    assert "2031-12" in report
