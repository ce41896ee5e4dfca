"""The wall shows the public picture and no more; axe finds nothing grave on any page."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.staffed import (  # noqa: F401
    act,
    coming,
    new_table,
    next_phase,
    panel,
    rooms_chrome,
    rooms_server,
    to,
)
from tests.browser.test_access import grave_in_both

PAGES = ("control", "events", "rulings", "world", "talk", "log", "after")


def test_the_wall_shows_how_to_join_then_the_public_picture_and_no_secret(come, table):
    white, wall = come("Wanda"), come("Wall", "projector")
    team = come("Ann", "acquisition")
    frames: list[str] = []
    wall.on("websocket", lambda w: w.on("framereceived", lambda data: frames.append(str(data))))
    wall.reload()
    expect(wall.locator(".wall-join svg.qr")).to_be_visible()
    code = wall.locator(".wall-code").inner_text().replace(" ", "")
    assert code == table.code
    expect(wall.locator(".wall-teams")).to_contain_text("US acquisition")
    act(team, "move", text="SECRETMOVE")
    act(team, "note", text="SECRETNOTE")
    act(team, "say", to=["diplomacy"], text="SECRETTALK")
    act(team, "submit")
    expect(wall.locator(".wall-teams .in")).to_have_count(1)
    act(white, "mindset", mindset="patient", why="SECRETWHY")
    act(white, "say", to=["all"], text="Two minutes left")
    expect(wall.locator(".wall-spoken")).to_contain_text("Two minutes left")
    next_phase(white, "Lock", "Resolve", "Brief")
    expect(wall.locator(".wall-big")).to_have_text("Brief")
    expect(wall.locator(".wall .bars li").first).to_be_visible()
    expect(wall.locator(".wall")).to_contain_text("War over Taiwan")
    size = wall.evaluate(
        "parseFloat(getComputedStyle(document.querySelector('.wall-turn')).fontSize)"
    )
    assert size >= 60
    sent = "".join(frames) + wall.content()
    words = [f"SECRET{word}" for word in ("MOVE", "NOTE", "TALK", "WHY")]
    for secret in (*words, table.staff, "opportunist", "Ransomware at Nashua", "mindset"):
        assert secret not in sent


def test_axe_finds_nothing_grave_and_nothing_spills_over(come):
    white, team = come("Wanda", wide=1024), come("Ann", "acquisition")
    wall, observer = come("Wall", "projector"), come("Olga", "observer", wide=1024)
    act(team, "move", text="We ring the prime.")
    act(team, "set", lever="dpa-modernization", target="base", value="on")
    next_phase(white, "Lock", "Resolve", "Brief", "Plan")
    act(team, "set", lever="dpa-modernization", target="base", value="on")
    expect(panel(white, "Asked of Congress, President and NATO").locator("li")).to_have_count(1)
    panel(white, "Seats").get_by_role("button", name="Plan for it US acquisition").click()
    white.wait_for_selector(".planning")
    faults = {}
    for name in PAGES:
        to(white, name.capitalize())
        if name == "rulings":
            white.get_by_role("button", name="Rule on it").click()
            white.get_by_role("button", name="Add an effect").click()
        faults[name] = grave_in_both(white)
        assert white.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
    faults["wall"], faults["observer"] = grave_in_both(wall), grave_in_both(observer)
    assert {name: found for name, found in faults.items() if found} == {}
