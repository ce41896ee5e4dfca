"""Somebody runs a study, sees it move, stops it, goes on, looks, and opens a run as a game."""

from __future__ import annotations

import io
import json
import re
import zipfile

import pytest
from playwright.sync_api import Page, expect

from experiments.results import open_results
from mobilize.app.driver import Served
from tests.browser.test_access import grave_in_both
from tests.experiments.little import held_up, run_little, write_study

PICTURES = ("findings", "fan", "effects", "robust", "tradeoff", "assumptions", "boxes", "runs")


@pytest.fixture(scope="module")
def done(server: Served) -> str:
    """Return the folder of a study that is finished."""
    path = write_study(server.results, name="ready", worlds=3, points=24)
    run_little(path, server.results / "ready-done")
    return "ready-done"


def looked_at(page: Page) -> None:
    """Wait until every picture is there."""
    for name in PICTURES:
        page.wait_for_selector(f".study-{name}")
    page.wait_for_function("!document.querySelector('.busy, .loading')")


def test_a_study_is_started_stopped_gone_on_with_and_looked_at_while_it_runs(
    open_page, server: Served
):
    write_study(server.results, worlds=300, points=8)
    page = open_page()
    page.wait_for_selector(".home .card")
    page.get_by_role("button", name="Open the laboratory").click()
    card = page.locator(".lab-card").filter(has_text="A little study").filter(has_text="948")
    card.get_by_role("button", name="Start").click()
    now = page.locator(".lab-now")
    bar = now.get_by_role("progressbar")
    expect(now).to_contain_text("of 948 runs")
    page.wait_for_function(
        "Number(document.querySelector('.lab-now [role=progressbar]').ariaValueNow) > 4"
    )
    first = float(bar.get_attribute("aria-valuenow") or 0)
    page.wait_for_function(
        f"Number(document.querySelector('.lab-now [role=progressbar]').ariaValueNow) > {first}"
    )
    looked = page.locator(".study-head")
    with held_up(server.process.pid):  # it could end meanwhile
        now.get_by_role("button", name="Look at results so far").click()
        expect(page.locator(".study-pick")).to_contain_text("Results so far")
        looked.get_by_role("button", name="Stop", exact=True).click()
    expect(looked).to_contain_text("stopped")
    kept = int(page.locator(".study-count strong").inner_text().replace(",", ""))
    assert 0 < kept < 948
    looked.get_by_role("button", name="Go on").click()
    expect(looked).to_contain_text("finished", timeout=300_000)
    expect(page.locator(".study-count strong")).to_have_text("948")
    looked_at(page)
    expect(page.locator(".study-pick")).not_to_contain_text("Results so far")


def test_results_are_pictures_with_their_tables_and_words(open_page, done: str):
    page = open_page(path=f"/lab/{done}")
    looked_at(page)
    page.wait_for_selector(".study-fan .chart-box svg")
    fan = page.locator(".study-fan .chart-box")
    expect(fan).to_have_attribute("aria-label", re.compile("10 to 90 %"))
    page.locator(".study-fan").get_by_role("button", name="Table").click()
    expect(page.locator(".study-fan tbody tr")).to_have_count(8)  # quarters
    expect(page.locator(".study-findings")).to_contain_text("% of the sampled futures")
    expect(page.locator(".study-effects .dot")).to_have_count(2)
    expect(page.locator(".study-tradeoff circle")).to_have_count(3)
    cell = page.locator(".hold").nth(1)  # the first package on the second outcome
    cell.click()
    expect(page.locator(".study-effects")).to_contain_text("Money paid (MUSD, less is better)")
    looked_at(page)
    assert "probability" not in page.locator("main").inner_text().lower().replace(
        "probabilities", ""
    )


def test_axe_finds_nothing_grave_in_the_laboratory(open_page, address: str, done: str):
    found = {}
    page = open_page(path="/lab")
    page.wait_for_selector(".lab-card")
    found["lab"] = grave_in_both(page)
    page.goto(f"{address}/lab/{done}")
    looked_at(page)
    found["study"] = grave_in_both(page)
    assert {name: faults for name, faults in found.items() if faults} == {}


def test_the_laboratory_fits_on_a_phone(open_page, done: str):
    wide = []
    for path, there in (("/lab", ".lab table.data"), (f"/lab/{done}", ".study-runs")):
        page = open_page(width=390, height=844, path=path)
        page.wait_for_selector(there)
        page.wait_for_function("!document.querySelector('.busy, .loading')")
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wide.append(path)
    assert wide == []


def test_a_run_opens_as_a_game_of_its_future_and_is_taken_home_as_a_file(
    open_page, server: Served, done: str
):
    runs = open_results(server.results / done).runs()
    wanted = runs[(runs["point"] == 2) & (runs["package"] == "early")].iloc[0]
    page = open_page(path=f"/lab/{done}")
    page.add_init_script("localStorage.setItem('mobilize:tour', 'seen')")
    looked_at(page)
    page.get_by_label("Find", exact=True).fill(f"run {wanted['run']}")
    row = page.locator(".runs-table tbody tr")
    expect(row).to_have_count(1)
    with page.expect_download() as waiting:
        row.get_by_role("link", name="File").click()
    archive = zipfile.ZipFile(io.BytesIO(waiting.value.path().read_bytes()))
    name = f"ready-run-{wanted['run']}.json"
    game = json.loads(archive.read(name))
    assert game["world"] == wanted["world"]
    assert f"{game['scenario']}/scenario.toml" in archive.namelist()
    row.get_by_role("button", name="Open as a game").click()
    page.wait_for_selector(".situation")
    expect(page).to_have_title(
        "Situation · US 155 mm artillery, 2022-2026, future 2 of ready · Mobilize"
    )
    page.reload()
    page.wait_for_selector(".situation")


def test_what_is_not_there_is_said_in_words(open_page, address: str, done: str):
    page = open_page(path="/lab/nothing-here")
    expect(page.locator("body")).to_contain_text("There are no such results on this machine.")
    page.get_by_role("button", name="Home").click()
    page.wait_for_selector(".home .card")
    for path in ("/api/lab/nothing/report.html", f"/api/lab/{done}/secret"):
        assert page.request.get(address + path).status == 404
    assert page.request.get(f"{address}/api/lab/{done}/run-99999.zip").status == 409
    csv = page.request.get(f"{address}/api/lab/{done}/runs.csv").text()
    assert csv.count("\n") == 3 * 3 + 24 * 2 * 3 + 1
