"""An instructor leads a class in Chromium; students are browsers without a screen."""

from __future__ import annotations

import csv
import io
import json
import re
import urllib.error
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from mobilize.app.driver import Hosted, attend, new_page, taught, watch
from mobilize.app.scripted import Plain, Tab, Visitor
from mobilize.lessons.classroom.file import read_class
from mobilize.lessons.classroom.progress import marks, table
from mobilize.lessons.classroom.school import School
from mobilize.lessons.load import load_lesson
from mobilize.rooms.store import RoomStore
from tests.browser.test_access import grave_in_both, tab_to

SHORT = Path(__file__).parent / "lessons" / "short.toml"
ALIKE = (2, 3, 4)  # slides of predictions that look as the first one does
PAGES = ("class", "progress", "debrief", "league", "home")
ORDER = ["urgent-dx", "army-do", "pump-civil"]
GOOD = {"sum": "leaves", "gain": 150, "losers": ["pl", "ro"], "order": ["us", "pl", "ro"],
        "place": ORDER}  # fmt: skip
BAD = {"sum": "raises", "gain": 90_000, "losers": ["javelin"], "order": ["ro", "pl", "us"],
       "place": ORDER[::-1]}  # fmt: skip
WROTE = "The plant's capacity is fixed, so Poland waits; only tooling changes the sum."
QUIET = "favicon"  # asked for by the browser itself


@dataclass
class Student:
    """A student's page without a screen: every act is answered before the next is sent."""

    tab: Tab

    def act(self, kind: str, body: Plain) -> str:
        """Send an act; return why it was refused, "" where it was done."""
        assert self.tab.bar is not None
        number, heard = self.tab.bar["sequence"] + 1, self.tab.bar["fault"]["number"]
        self.tab.act(kind, body, number)
        self.tab.wait(lambda tab: tab.bar["fault"]["number"] > heard)
        told = str(self.tab.bar["fault"]["text"])
        if not told:
            self.tab.wait(lambda tab: tab.bar["sequence"] == number)
        return told

    def does(self, kind: str, **body: object) -> None:
        """Send an act that has to be done."""
        assert self.act(kind, body) == ""

    def answers(self, given: dict[str, object]) -> None:
        """Answer questions."""
        for question, answer in given.items():
            self.does("answer", question=question, answer=answer)

    def at(self, step: int) -> None:
        """Wait until the class is in a step, the first being 1."""
        self.tab.wait(lambda tab: tab.bar["lesson"]["step"] == step)


@dataclass
class Taught:
    """A server of a class, and whoever has come to it; at the end no page may have misbehaved."""

    hosted: Hosted
    chrome: Browser
    saves: Path
    students: list[Student] = field(default_factory=list)
    visitors: list[Visitor] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def leader(self) -> tuple[Page, str]:
        """Return the instructor's page, and the id by which it sits there."""
        page = self.page()
        return page, attend(page, self.hosted.address, self.hosted.staff, "Prof")

    def page(self) -> Page:
        """Return an empty page in a context of its own."""
        page = new_page(self.chrome)
        watched = watch(page, self.hosted.address)
        watched.faults = self.faults
        page.on("console", lambda m: self._unless_icon(m))
        self.pages.append(page)
        return page

    def _unless_icon(self, message: ConsoleMessage) -> None:
        if message.type == "error" and QUIET in str(message.location):
            self.faults.pop()

    def student(self, name: str, place: str) -> Student:
        """Let a student join, as "TEAM|PART"."""
        visitor = Visitor(self.hosted.address)
        one = Student(Tab(visitor, visitor.attend(self.hosted.code, name, place)).run())
        self.students.append(one)
        self.visitors.append(visitor)
        return one


@dataclass
class Serving:
    """A server with a class for every test of this file, and a browser: both start slowly."""

    hosted: Hosted
    chrome: Browser
    saves: Path
    codes: dict[str, tuple[str, str]]

    @contextmanager
    def a_class(self, name: str) -> Iterator[Taught]:
        """Come to a class; at the end no page may have misbehaved."""
        code, staff = self.codes[name]
        found = Taught(replace(self.hosted, code=code, staff=staff), self.chrome, self.saves)
        yield found
        faults = list(found.faults)
        for one in found.students:
            one.tab.close()
        for page in found.pages:
            page.context.close()
        assert faults == []


CLASSES = {
    "whole": (SHORT, 2),
    "axe": (SHORT, 2),
    "move": (SHORT, 2),
    "taster": ("priority", 6),
}


@pytest.fixture(scope="module")
def serving(chrome: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    folder = tmp_path_factory.mktemp("taught")
    saves, codes = folder / "classes.sqlite", {}
    store = RoomStore(saves)
    for name, (of, teams) in CLASSES.items():
        opened = School(store).open(load_lesson(of), teams=teams, title=f"Class {name}")
        codes[name] = (opened.code, opened.staff)
    store.close()
    log = folder / "log.txt"
    with taught(saves, log, str(SHORT)) as hosted:
        yield Serving(hosted, chrome, saves, codes)
    assert "Traceback" not in log.read_text()


def go(page: Page, name: str) -> None:
    """Open a page by its key; in the marking panel figures tick points instead."""
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press(str(PAGES.index(name) + 1))
    page.wait_for_selector(f".teach-{'now' if name == 'class' else name}")


def forth(page: Page, step: int) -> None:
    """Go on to a step, the first being 1, and wait until the bar says so."""
    page.keyboard.press("n")
    expect(page.locator(".phases li").nth(step - 1)).to_have_class("on")


def rounded(value: float) -> re.Pattern[str]:
    """Return what matches a figure with one decimal, whichever way a half is rounded."""
    return re.compile("|".join(re.escape(f"{value + less:.1f}") for less in (0.0, -0.05, 0.05)))


def csv_rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def download(page: Page, address: str, member: str, name: str) -> bytes:
    found = page.request.get(f"{address}/api/class/{member}/{name}")
    assert found.status == 200, found.text()
    return found.body()


def refused(visitor: Visitor, path: str) -> int:
    with pytest.raises(urllib.error.HTTPError) as error:
        visitor.get(path)
    return error.value.code


def play_short(ann: Student, ben: Student, on: Callable[[], None]) -> None:
    """Let two students go through the short lesson; `on` takes the class a step further."""
    for step in (1, 2):
        on()
        ann.at(step)
        ben.at(step)
    ann.answers(GOOD)
    ben.answers(BAD)
    on()
    ann.at(3)
    ann.does("set", lever="dpas-rating", target="us-gmlrs", value="DX")
    on()
    on()
    ann.at(5)
    ben.at(5)
    ann.answers({"why-sum": WROTE, "binds": {"line": "camden-gmlrs", "bound": "input"}})
    ben.answers({"why-sum": "Because."})


def test_an_instructor_leads_a_lesson_from_the_door_to_the_files(serving):
    with serving.a_class("whole") as room:
        page, member = room.leader()
        address = room.hosted.address
        expect(page.locator(".teach-do li").first).to_contain_text("Nobody is here yet")
        expect(page.locator(".teach-code").first).to_have_text(
            f"{room.hosted.code[:4]} {room.hosted.code[4:]}"
        )
        ann, ben = room.student("Ann", "Team 1|program"), room.student("Ben", "Team 2|")
        expect(page.locator(".teach-do li").first).to_contain_text("2 people in 2 of 2 teams")

        # begin and predict, all by keys
        forth(page, 1)
        forth(page, 2)
        ann.at(2)
        go(page, "progress")
        ann.answers(GOOD)
        expect(page.locator(".teach-grid tbody tr").first.locator(".done")).to_have_count(5)
        expect(page.locator(".teach-grid tbody tr").nth(1).locator(".missing")).to_have_count(5)
        expect(page.locator(".teach-answers")).not_to_contain_text("leaves them")
        tab_to(page, "#hide")
        page.keyboard.press("Enter")
        expect(page.locator(".teach-bars")).to_contain_text("leaves them")
        ben.answers(BAD)
        expect(page.locator(".teach-mistakes")).to_contain_text("Team 2")
        ann.does("hand in", done=True)
        expect(page.locator(".teach-grid tbody tr").first).to_contain_text("✓ handed in")

        # pause, minutes, reveal and reopen
        go(page, "class")
        page.keyboard.press("p")
        expect(page.locator(".teach-do li").first).to_contain_text("Paused")
        ben.tab.wait(lambda tab: tab.bar["lesson"]["phase"] == "paused")
        assert "paused" in ben.act("answer", {"question": "sum", "answer": "leaves"})
        page.keyboard.press("p")
        ben.tab.wait(lambda tab: tab.bar["lesson"]["phase"] == "work")
        ends = ben.tab.bar["lesson"]["clock"]["ends"]
        page.keyboard.press("+")
        ben.tab.wait(lambda tab: tab.bar["lesson"]["clock"]["ends"] > ends + 59)
        row = page.locator(".teach-plan li").nth(1)
        row.get_by_role("button", name="Show answers").click()
        page.keyboard.press("Escape")
        expect(row).to_contain_text("○ open")
        row.get_by_role("button", name="Show answers").click()
        page.get_by_role("alertdialog").get_by_role("button", name="Show answers").click()
        expect(row).to_contain_text("✓ answers shown")
        assert "closed" in ben.act("answer", {"question": "sum", "answer": "leaves"})
        row.get_by_role("button", name="Open again").click()
        page.get_by_role("alertdialog").get_by_role("button", name="Open again").click()
        expect(row).to_contain_text("○ open")

        # decide though it is pressed twice, a step taken back, months, explain
        page.evaluate("const next = document.querySelector('#next'); next.click(); next.click()")
        expect(page.locator(".phases li").nth(2)).to_have_class("on")
        ann.at(3)
        ann.does("set", lever="dpas-rating", target="us-gmlrs", value="DX")
        forth(page, 4)  # so nobody stands two steps further
        page.get_by_role("button", name="Back a step").click()
        page.get_by_role("alertdialog").get_by_role("button", name="Back a step").click()
        expect(page.locator(".phases li").nth(2)).to_have_class("on")
        forth(page, 4)
        forth(page, 5)
        ann.at(5)
        ben.at(5)
        ann.answers({"why-sum": WROTE, "binds": {"line": "camden-gmlrs", "bound": "input"}})
        ben.answers({"why-sum": "Because."})
        page.keyboard.press("n")
        expect(page.locator("#next")).to_contain_text("Once more")
        page.keyboard.press("n")
        ann.tab.wait(lambda tab: tab.bar["lesson"]["phase"] == "over")

        # mark by keys: a suggestion, then nothing at all
        page.get_by_role("button", name="Mark", exact=True).click()
        expect(page.locator(".teach-one blockquote")).to_have_text(WROTE)
        tab_to(page, ".teach-one")
        page.keyboard.press("s")
        expect(page.locator(".teach-rubric input:checked")).to_have_count(3)
        page.keyboard.press("3")
        page.keyboard.press("Enter")
        expect(page.locator(".teach-one blockquote")).to_have_text("Because.")
        page.keyboard.press("Enter")
        expect(page.locator("#teach-marking + span")).to_have_text("all marked")
        expect(page.locator(".teach-queue")).to_contain_text("✓ 4 of 5")

        # debrief: predictions, paths, decisions, reasons, turned by keys; no names
        go(page, "debrief")
        kinds = []
        for n in range(8):
            expect(page.locator(".teach-slide-bar .num")).to_have_text(f"{n + 1} of 8")
            expect(page.locator(".teach-slide [role=status]")).to_have_count(0)
            kinds.append(page.locator(".teach-over").inner_text())
            assert not {"Ann", "Ben"} & set(page.locator(".teach-slide").inner_text().split())
            page.keyboard.press("ArrowRight")
        assert [re.sub(r" .*", "", kind) for kind in kinds] == (
            ["Prediction"] * 5 + ["Paths", "Decisions", "Reasons"]
        )
        page.keyboard.press("ArrowLeft")
        expect(page.locator(".teach-worth")).to_contain_text("decided nothing")

        # league and files: what is shown is what follows from the class file alone
        go(page, "league")
        expect(page.locator(".teach-places tbody tr")).to_have_count(2)
        expect(page.locator("[role=status]", has_text="worked out")).to_have_count(0)
        saved = download(page, address, member, "class.json")
        again = read_class(saved, "class.json", load_lesson(SHORT))
        places = table(again, marks(again))
        rows = page.locator(".teach-places tbody tr")
        expect(rows).to_contain_text([rounded(place.total) for place in places])
        shown = rows.all_inner_texts()
        assert [re.split(r"\s*\t\s*|\n", row)[0] for row in shown] == [str(p.rank) for p in places]
        assert all(p.team in row for p, row in zip(places, shown, strict=True))
        for place, row in zip(places, shown, strict=True):
            assert float(row.split("\t")[2]) == pytest.approx(place.total, abs=0.051)
        whole = zipfile.ZipFile(io.BytesIO(download(page, address, member, "class.zip")))
        assert whole.read("class.json") == saved
        told = csv_rows(whole.read("marks.csv").decode("utf-8-sig"))
        assert {row["team"]: float(row["total"]) for row in told} == {
            p.team: pytest.approx(p.total, abs=1e-3) for p in places
        }
        assert places[0].team == "Team 1"
        assert not places[0].open
        for line in download(page, address, member, "xapi.jsonl").decode().splitlines():
            assert json.loads(line)["verb"]["id"].startswith("http://adlnet.gov/")
        guide = download(page, address, member, "instructor.html").decode()
        assert "Instructor&#x27;s guide" in guide

        # nobody else gets them
        path = f"/api/class/{member}/class.zip"
        assert refused(Visitor(address), path) == 403
        assert refused(room.visitors[0], path) == 403
        own = room.visitors[0].jar
        mine = next(cookie.name for cookie in own).removeprefix("seat-")
        assert refused(room.visitors[0], f"/api/class/{mine}/class.zip") == 403
        assert page.request.get(f"{address}/api/class/{member}/nothing.csv").status == 404

        # next term: a copy with new codes and nobody in it; deleting it asks once more
        go(page, "home")
        rows = page.locator(".teach-classes tbody tr")
        expect(rows.filter(has_text="you lead it here")).to_contain_text("Class whole")
        before = rows.count()
        page.locator("#copy").evaluate("copy => { copy.click(); copy.click(); }")  # is one copy
        new = page.locator(".teach-codes")
        expect(new).to_be_visible()
        code = new.inner_text().replace(" ", "")
        store = RoomStore(room.saves)
        kept = {row.code: row for row in store.rooms()}
        own = kept[room.hosted.code]
        assert json.loads(kept[code].header) == {"beside": own.id, **json.loads(own.header)}
        assert list(store.acts(kept[code].id)) == []
        copied = rows.filter(has_text=new.inner_text())
        copied.get_by_role("button", name="Delete").click()
        page.keyboard.press("Escape")
        expect(rows).to_have_count(before + 1)
        copied.get_by_role("button", name="Delete").click()
        page.get_by_role("button", name="Delete it for good").click()
        expect(rows).to_have_count(before)
        assert {row.code for row in store.rooms()} == kept.keys() - {code}
        store.close()


def test_axe_finds_nothing_grave_on_the_instructors_pages(serving):
    with serving.a_class("axe") as room:
        page, _ = room.leader()
        page.evaluate("localStorage.setItem('mobilize:hide', 'no')")
        faults = {}

        def look(when: str) -> None:
            for name in PAGES:
                go(page, name)
                faults[f"{when} {name}"] = grave_in_both(page)

        look("empty")
        ann, ben = room.student("Ann", "Team 1|program"), room.student("Ben", "Team 2|")
        steps = iter(range(1, 6))

        def on() -> None:
            forth(page, next(steps))

        play_short(ann, ben, on)
        go(page, "class")
        page.locator("#large").click()
        faults["large"] = grave_in_both(page)
        page.keyboard.press("Escape")
        page.get_by_role("button", name="Change Ann").click()
        page.get_by_role("button", name="Send out").click()
        faults["sure"] = grave_in_both(page)
        page.keyboard.press("Escape")
        page.keyboard.press("n")
        page.keyboard.press("n")
        ann.tab.wait(lambda tab: tab.bar["lesson"]["phase"] == "over")
        look("over")
        go(page, "debrief")
        for n in range(8):
            expect(page.locator(".teach-slide-bar .num")).to_have_text(f"{n + 1} of 8")
            expect(page.locator(".teach-slide [role=status]")).to_have_count(0)
            if n not in ALIKE:
                faults[f"slide {n}"] = grave_in_both(page)
            page.keyboard.press("ArrowRight")
        assert {name: found for name, found in faults.items() if found} == {}


def test_somebody_is_moved_to_another_team_and_sent_out_only_when_asked_twice(serving):
    with serving.a_class("move") as room:
        page, _ = room.leader()
        room.student("Ann", "Team 1|program")
        page.get_by_role("button", name="Change Ann").click()
        page.locator(".teach-person select").first.select_option("Team 2")
        page.get_by_role("button", name="Move", exact=True).click()
        expect(page.locator(".teach-team").nth(1)).to_contain_text("Ann")
        page.get_by_role("button", name="Change Ann").click()
        page.get_by_role("button", name="Send out").click()
        expect(page.get_by_role("alertdialog").get_by_role("button", name="Cancel")).to_be_focused()
        page.keyboard.press("Escape")
        expect(page.get_by_role("button", name="Send out")).to_be_focused()
        page.keyboard.press("Enter")
        page.get_by_role("alertdialog").get_by_role("button", name="Send out").click()
        expect(page.locator(".teach-person")).to_have_count(0)


TASTER = {"sum": "leaves", "gain": 1600, "losers": ["pl", "ro", "gb", "fi"],
          "place": ["urgent-dx", "army-do", "navy-do", "pump-civil"],
          "late": ["pump-civil"]}  # fmt: skip


def test_the_taster_is_taught_to_six_teams_from_join_to_export(serving):
    with serving.a_class("taster") as room:
        page, member = room.leader()
        teams = [room.student(f"S{n}", f"Team {n}|") for n in range(1, 6)]
        sixth = room.page()
        attend(sixth, room.hosted.address, room.hosted.code, "S6", "Team 6|")
        expect(page.locator(".teach-do li").first).to_contain_text("6 people in 6 of 6 teams")

        def on(step: int) -> None:
            forth(page, step)
            for one in teams:
                one.at(step)

        def by_browser(kind: str, **body: object) -> None:
            sixth.evaluate(
                "(a) => { const bar = document.querySelector('.seat-bar').__vue__;"
                " bar.act(window.mobilize.act(a.kind, a.body)); }",
                {"kind": kind, "body": body},
            )

        on(1)
        on(2)
        for n, one in enumerate(teams):
            one.answers(TASTER | {"gain": 1600 * (n + 1)})
            one.does("hand in", done=True)
        by_browser("answer", question="sum", answer="raises")
        sixth.get_by_role("button", name="Hand in").first.click()
        expect(page.locator(".teach-do li").first).to_contain_text("Every team has handed in")
        on(3)
        for lever in ("project-start", "dx-on-plant-equipment"):
            teams[0].does("set", lever=lever, target="title3-motor-tooling", value="on")
        teams[1].does("set", lever="dpas-rating", target="us-gmlrs", value="DX")
        on(4)
        on(5)
        for n, one in enumerate(teams):
            one.answers({"why-sum": WROTE, "where-dx-works": "tools" if n % 2 else "rockets"})
        page.locator("#next").click()
        page.locator("#next").click()
        teams[0].tab.wait(lambda tab: tab.bar["lesson"]["phase"] == "over")
        go(page, "progress")
        page.locator("#hide").click()
        tab_to(page, ".teach-one")
        for _ in teams:
            page.keyboard.press("1")
            page.keyboard.press("Enter")
        expect(page.locator("#teach-marking + span")).to_have_text("all marked")
        saved = download(page, room.hosted.address, member, "class.json")
        again = read_class(saved, "class.json")
        places = {p.team: p for p in table(again, marks(again))}
        told = csv_rows(
            download(page, room.hosted.address, member, "marks.csv").decode("utf-8-sig")
        )
        assert len(told) == 6
        for row in told:
            place = places[row["team"]]
            assert int(row["place"]) == place.rank
            assert float(row["total"]) == pytest.approx(place.total, abs=1e-3)
            assert place.open == 0
        assert places["Team 1"].total > places["Team 6"].total
        go(page, "league")
        expect(page.locator(".teach-places tbody tr")).to_have_count(6)
