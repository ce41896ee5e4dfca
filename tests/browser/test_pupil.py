"""A student's pages of a class in Chromium: by keyboard, live in a team, no secret too early."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from mobilize.app.driver import Hosted, Watched, attend, new_page, taught, watch
from mobilize.lessons.classroom.school import School
from mobilize.lessons.classroom.value import Classroom
from mobilize.lessons.lesson import Lesson
from mobilize.lessons.load import FOLDER, load_lesson
from mobilize.rooms.store import RoomStore
from tests.browser.tables import until
from tests.browser.test_access import grave, tab_to

BEFORE = '[[step]]\nname = "decide"'
MORE = """[[step.question]]
name = "most"
kind = "rank"
text = "Who gets most rockets in 36 months with nothing decided? The first at the top."
objective = "no-capacity"
aspect = "prediction"
points = 2
options = [
  { name = "pl", text = "Poland", of = "pl-gmlrs" },
  { name = "us", text = "United States", of = "us-gmlrs" },
  { name = "fi", text = "Finland", of = "fi-gmlrs" },
]
answer = { calculate = "rank", what = "delivered", until = 36 }

[[step.question]]
name = "soon"
kind = "number"
text = "After how many months do all buyers have the first rocket more by motor tooling?"
objective = "binding"
aspect = "prediction"
points = 2
unit = "months"
tolerance = { factor = [1.5, 3] }
answer = { calculate = "first", case = "motors", what = "delivered", of = "gmlrs", until = 36 }

"""


@dataclass
class Served:
    """The server of this file, its lesson, and where its classes are kept."""

    hosted: Hosted
    lesson: Lesson
    saves: Path
    chrome: Browser

    def school(self) -> School:
        """Return the classes as they are on disk."""
        return School(RoomStore(self.saves), {self.lesson.name: self.lesson})


@dataclass
class Class:
    """A class of its own; everybody comes by a browser, also whoever leads it."""

    served: Served
    key: str
    code: str
    leader: Page
    opened: list[Watched] = field(default_factory=list)
    frames: dict[str, list[str]] = field(default_factory=dict)

    def lead(self, kind: str, **body: Any) -> Class:
        """Let the instructor act, and wait until it is told."""
        told = "document.querySelector('.class-bar').__vue__"
        before = self.leader.evaluate(f"{told}.sequence")
        self.leader.evaluate(f"([kind, body]) => {told}.send(kind, body)", [kind, body])
        self.leader.wait_for_function(f"(n) => {told}.sequence > n", arg=before)
        return self

    def student(self, name: str, place: str, width: int = 1440, height: int = 900) -> Page:
        """Let somebody join in a browser of their own; what it is sent is kept by name."""
        page = new_page(self.served.chrome, width, height)
        self.opened.append(watch(page, self.served.hosted.address))
        kept = self.frames.setdefault(name, [])
        page.on("websocket", lambda w: w.on("framereceived", lambda f: kept.append(str(f))))
        attend(page, self.served.hosted.address, self.code, name, place)
        page.wait_for_selector(".l-step")
        return page

    def value(self) -> Classroom:
        """Return the class as it is on disk."""
        return self.served.school().value(self.key)

    def answers(self, team: str) -> dict[str, Any]:
        """Return the answers of a team by question, as they are on disk."""
        found = self.value().answers
        return {name: one.answer for (by, name), one in found.items() if by == team}


@pytest.fixture(scope="module")
def class_server(chrome: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("taught")
    file = folder / "kinds.toml"
    text = (FOLDER / "priority.toml").read_text(encoding="utf-8")
    file.write_text(text.replace(BEFORE, MORE + BEFORE, 1), encoding="utf-8")
    saves = folder / "classes.sqlite"
    with taught(saves, folder / "log.txt", str(file)) as found:
        yield Served(found, load_lesson(file), saves, chrome)


@pytest.fixture
def class_(class_server: Served) -> Iterator[Class]:
    """A new class; at the end no page may have misbehaved."""
    opened = class_server.school().open(class_server.lesson, teams=("Red", "Blue"))
    page = new_page(class_server.chrome)
    attend(page, class_server.hosted.address, opened.staff, "Prof")
    made = Class(class_server, opened.id, opened.code, page)
    yield made
    faults = [fault for watched in made.opened for fault in watched.faults]
    for one in (page, *(watched.page for watched in made.opened)):
        one.context.close()
    assert faults == []


def step(page: Page, title: str) -> None:
    """Wait until a page shows a step."""
    expect(page.locator("#l-title")).to_have_text(title)
    page.wait_for_selector(".q, .l-plan, .l-saw")


def saved(page: Page, question: str) -> None:
    expect(page.locator(f"#q-{question} .q-state")).to_contain_text("Saved.")


def begin(class_: Class, steps: int) -> None:
    """Begin, and go on so many steps."""
    class_.lead("begin")
    for _ in range(steps):
        class_.lead("next")


def test_every_kind_of_question_is_answered_by_keyboard_alone_and_is_kept(class_):
    page = class_.student("Ann", "Red|")
    begin(class_, 1)
    step(page, "What will DX do?")
    press = page.keyboard.press
    tab_to(page, "#q-sum input")
    press("ArrowDown")
    saved(page, "sum")
    tab_to(page, "#q-gain input")
    page.keyboard.type("4,000")
    saved(page, "gain")
    tab_to(page, "#q-losers input[value=pl]")
    press("Space")
    tab_to(page, "#q-losers input[value=fi]")
    press("Space")
    saved(page, "losers")
    tab_to(page, "#q-place [data-name=urgent-dx] .up")
    for _ in range(3):
        press("ArrowUp")
    assert page.evaluate("document.activeElement.closest('li').dataset.name") == "urgent-dx"
    saved(page, "place")
    tab_to(page, "#q-most [data-name=us] .up")
    press("Enter")
    saved(page, "most")
    tab_to(page, "#q-soon .q-never input")
    press("Space")
    saved(page, "soon")
    class_.lead("next").lead("next").lead("next")
    step(page, "Why?")
    tab_to(page, "#q-why-sum textarea")
    page.keyboard.type("Motors\tare fixed; Poland waits.")
    saved(page, "why-sum")
    tab_to(page, "#q-binds select")
    press("ArrowDown")
    press("ArrowDown")
    tab_to(page, "#q-binds label:nth-child(2) select")
    press("ArrowDown")
    press("ArrowDown")
    saved(page, "binds")
    assert class_.answers("Red") == {
        "sum": "leaves",
        "gain": 4000,
        "losers": ["pl", "fi"],
        "place": ["urgent-dx", "pump-civil", "army-do", "navy-do"],
        "most": ["us", "pl", "fi"],
        "soon": "never",
        "why-sum": "Motors are fixed; Poland waits.",
        "binds": {"line": "aerojet-gmlrs-motor", "bound": "equipment"},
    }


def test_a_teammate_sees_an_answer_live_and_cannot_give_what_is_anothers(class_):
    ann, bob = class_.student("Ann", "Red|program"), class_.student("Bob", "Red|contracts")
    begin(class_, 1)
    step(bob, "What will DX do?")
    expect(bob.locator("#q-gain input")).to_be_disabled()
    expect(bob.locator("#q-gain .q-over")).to_contain_text("Program manager (Ann)")
    ann.fill("#q-gain input", "1234.5")
    expect(bob.locator("#q-gain .q-state")).to_contain_text("1,234")
    expect(bob.locator("#q-gain input")).to_have_value("1234.5")
    bob.check("#q-sum input[value=leaves]")
    expect(ann.locator("#q-sum input[value=leaves]")).to_be_checked()
    ann.check("#q-sum input[value=lowers]")
    expect(bob.locator("#q-sum input[value=lowers]")).to_be_checked()
    card = ann.locator(".l-part")
    expect(card).to_contain_text("You own US GMLRS")
    expect(card).not_to_contain_text("You sign the ratings")
    class_.lead("pause")
    expect(ann.locator(".l-state")).to_contain_text("Paused")
    expect(ann.locator("#q-sum input[value=leaves]")).to_be_disabled()


def pieces(texts: list[str]) -> list[str]:
    """Return runs of letters of some texts long enough to be known again in what is sent."""
    runs = [run for text in texts for run in re.split(r"[^ a-zA-Z,.;:()-]|\\.", text)]
    return [run.strip() for run in runs if len(run.strip()) > 24]


def test_a_team_decides_sees_what_came_and_is_told_nothing_before_its_time(class_):
    ann, eve = class_.student("Ann", "Red|"), class_.student("Eve", "Blue|")
    lesson, sent = class_.served.lesson, class_.frames["Ann"]
    whys = {s.name: pieces([q.why for q in s.questions if q.why]) for s in lesson.steps}
    secrets = pieces([q.model for q in lesson.questions] + [s.guide for s in lesson.steps])
    rubrics = pieces([point.text for q in lesson.questions for point in q.rubric])

    def seen(what: list[str]) -> list[str]:
        every = "\n".join(sent)
        return [one for one in what if one in every]

    begin(class_, 1)
    step(eve, "What will DX do?")
    eve.fill("#q-gain input", "98765")
    saved(eve, "gain")
    ann.check("#q-sum input[value=leaves]")
    saved(ann, "sum")
    for label, place in (("Our game", ".own-game"), ("DPAS desk", ".desk"), ("Words", ".words")):
        ann.locator("nav button", has_text=label).click()
        ann.wait_for_selector(place)
    ann.locator("nav button", has_text="Lesson").click()
    class_.lead("next")
    step(ann, "One decision")
    ann.select_option("#set-project-start-title3-motor-tooling", "on")
    expect(ann.locator(".l-draft")).to_contain_text("tooling and equipment for GMLRS motors")
    expect(ann.locator("[data-lever=dpas-rating]")).to_contain_text("documented")
    class_.lead("next")
    step(ann, "Three years pass")
    expect(ann.locator(".l-decided li")).to_have_count(1)
    expect(ann.locator(".l-saw tr.total")).to_contain_text("all together")
    class_.lead("next")
    step(eve, "Why?")
    eve.fill("#q-why-sum textarea", "Zanzibar makes no motors.")
    saved(eve, "why-sum")
    ann.fill("#q-why-sum textarea", "What binds is the motor.")
    saved(ann, "why-sum")
    everything = [*secrets, *rubrics, *(one for every in whys.values() for one in every)]
    assert seen([*everything, "98765", "Zanzibar"]) == []
    class_.lead("reveal", step="predict")
    ann.locator(".l-steps button", has_text="What will DX do?").click()
    expect(ann.locator("#q-sum .q-after")).to_contain_text("with DX and")
    expect(ann.locator("#q-place .q-after")).to_contain_text("urgent-dx")
    assert seen(whys["predict"])
    assert seen([*secrets, *rubrics, *whys["explain"], "98765", "Zanzibar"]) == []
    class_.lead("end").lead("reveal", step="explain").lead("reveal", step="see")
    ann.locator(".l-steps button", has_text="Why?").click()
    asked = ann.locator("#q-why-sum")
    expect(asked.locator(".q-after")).to_contain_text("A model answer.")
    asked.locator("blockquote", has_text="Zanzibar").wait_for()
    asked.locator("fieldset").nth(1).get_by_role("checkbox").nth(1).check()
    expect(eve.locator("#q-why-sum .q-rubric").get_by_text("peer")).to_have_count(1)
    asked.locator("fieldset").nth(0).get_by_role("checkbox").nth(0).check()
    assert len(seen(rubrics)) == len(rubrics)
    for one in ("read", "decide"):
        class_.lead("reveal", step=one)
    expect(ann.locator(".l-marks")).to_contain_text("of 100")
    until(lambda: sorted(one.by for one in class_.value().markings) == ["peer", "self"])
    expect(ann.locator(".l-remember li")).not_to_have_count(0)


def test_what_is_typed_outlives_a_reload_and_a_lost_connection(class_):
    page = class_.student("Ann", "Red|")
    begin(class_, 1)
    step(page, "What will DX do?")
    page.fill("#q-gain input", "777")
    page.reload()
    step(page, "What will DX do?")
    expect(page.locator("#q-gain input")).to_have_value("777")
    saved(page, "gain")
    page.evaluate("window.kept = window.mobilize.online; window.mobilize.online = () => false")
    page.fill("#q-gain input", "888")
    expect(page.locator("#q-gain .q-state")).to_contain_text("no connection")
    page.evaluate("window.mobilize.online = window.kept")
    saved(page, "gain")
    assert class_.answers("Red") == {"gain": 888}
    page.fill("#q-gain input", "about nine")
    expect(page.locator(".q-wrong")).to_be_visible()
    page.reload()
    step(page, "What will DX do?")
    expect(page.locator("#q-gain input")).to_have_value("888")


def test_an_answer_whose_act_was_lost_is_sent_again(class_):
    page = class_.student("Ann", "Red|")
    begin(class_, 1)
    step(page, "What will DX do?")
    page.evaluate("""() => { const q = document.querySelector("#q-gain").__vue__, act = q.act;
        q.act = () => { q.act = act; window.lost = true; }; }""")
    page.fill("#q-gain input", "55")
    page.wait_for_function("window.lost")
    saved(page, "gain")
    page.check("#q-sum input[value=leaves]")
    saved(page, "sum")
    assert class_.answers("Red") == {"gain": 55, "sum": "leaves"}


def test_the_desk_marks_a_case_at_once_by_keyboard_alone(class_):
    page = class_.student("Ann", "Red|")
    page.keyboard.press("3")
    page.wait_for_selector(".desk-form")
    tab_to(page, "input[name=decision]")
    page.keyboard.press("Space")
    tab_to(page, "#ground")
    page.keyboard.press("ArrowDown")
    tab_to(page, ".desk-form button[type=submit]")
    page.keyboard.press("Enter")
    expect(page.locator(".desk-marks h2")).to_contain_text("Case 1:")
    expect(page.locator(".desk-marks")).to_contain_text("700.1")
    expect(page.locator("#score")).to_contain_text("1 case at this level")
    tab_to(page, "#next-case")
    page.keyboard.press("Enter")
    expect(page.locator(".desk-paper h2")).to_contain_text("case 2")
    assert [one.number for one in class_.value().attempts] == [0]


def test_axe_finds_nothing_grave_and_nothing_is_wider_than_a_phone(class_):
    page = class_.student("Ann", "Red|", width=390, height=844)
    found: dict[str, object] = {}

    def look(what: str) -> None:
        for theme in ("light", "dark"):
            found[f"{what}, {theme}"] = grave(page)
            page.keyboard.press("t")
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        found[f"{what} is too wide by"] = max(0, wide)

    begin(class_, 1)
    page.wait_for_selector(".q")
    look("predict")
    class_.lead("reveal", step=None)
    page.wait_for_selector("#q-sum .q-after")
    look("shown")
    class_.lead("next")
    page.wait_for_selector(".l-plan")
    look("decide")
    class_.lead("next")
    page.wait_for_selector(".l-saw")
    look("see")
    for key, place in (("2", ".own-game .chart-box svg"), ("3", ".desk-form"), ("4", ".words dl")):
        page.keyboard.press(key)
        page.wait_for_selector(place)
        look(place)
    assert {name: what for name, what in found.items() if what} == {}


def test_a_step_prints_its_text_and_its_questions_without_the_bar(class_):
    page = class_.student("Ann", "Red|")
    begin(class_, 1)
    step(page, "What will DX do?")
    page.emulate_media(media="print")
    expect(page.locator(".class-bar")).to_be_hidden()
    expect(page.locator(".l-text")).to_be_visible()
    expect(page.locator("#q-place table")).to_be_visible()
    expect(page.locator(".q")).to_have_count(7)


def test_what_is_typed_while_the_lesson_stops_or_the_step_closes_is_kept_and_sent_later(class_):
    page = class_.student("Ann", "Red|")
    begin(class_, 1)
    step(page, "What will DX do?")
    state = page.locator("#q-gain .q-state")
    page.evaluate("window.kept = window.mobilize.online; window.mobilize.online = () => false")
    page.fill("#q-gain input", "777")
    class_.lead("pause")
    expect(state).to_contain_text("Not saved yet: the lesson is paused")
    page.evaluate("window.mobilize.online = window.kept")
    class_.lead("pause")
    saved(page, "gain")
    page.evaluate("window.mobilize.online = () => false")
    page.fill("#q-gain input", "888")
    class_.lead("next")
    expect(page.locator("#l-title")).to_have_text("One decision")  # the page has gone on with it
    page.locator(".l-steps button", has_text="What will DX do?").click()
    expect(state).to_contain_text("Not saved: the step closed first")
    expect(state).to_contain_text("777")
    page.evaluate("window.mobilize.online = window.kept")
    class_.lead("back")
    saved(page, "gain")
    assert class_.answers("Red") == {"gain": 888}


CLICK_AT_ONCE = """title => {
    const at = document.querySelector("#l-title");
    new MutationObserver((_, all) => {
        if (at.textContent !== title) return;
        all.disconnect();
        document.querySelectorAll(".l-steps button")[1].click();
        window.clicked = true;
    }).observe(at, { childList: true, characterData: true, subtree: true });
}"""


def test_who_reads_an_earlier_step_the_moment_the_class_moves_on_stays_there(class_):
    page = class_.student("Ann", "Red|")
    begin(class_, 1)
    for _ in range(4):
        step(page, "What will DX do?")
        page.evaluate(CLICK_AT_ONCE, "One decision")
        class_.lead("next")
        page.wait_for_function("window.clicked")
        expect(page.locator(".l-back")).to_contain_text("Back to: One decision")
        page.evaluate("window.clicked = false")
        page.wait_for_timeout(500)
        expect(page.locator("#l-title")).to_have_text("What will DX do?")
        class_.lead("back")
        expect(page.locator(".l-back")).to_have_count(0)


def test_two_of_a_team_who_write_at_once_lose_nothing(class_):
    ann, bob = class_.student("Ann", "Red|"), class_.student("Bob", "Red|")
    begin(class_, 4)
    for page in (ann, bob):
        step(page, "Why?")
    text = "#q-why-sum textarea"
    ann.fill(text, "The motor plant is full.")
    saved(ann, "why-sum")
    expect(bob.locator(text)).to_have_value("The motor plant is full.")
    ann.evaluate("window.kept = window.mobilize.online; window.mobilize.online = () => false")
    ann.fill(text, "The motor plant is full, and ")
    bob.fill(text, "Poland waits.")
    bob.locator(text).blur()
    saved(bob, "why-sum")
    expect(ann.locator("#q-why-sum .q-rival")).to_contain_text("Poland waits.")
    expect(ann.locator(text)).to_have_value("The motor plant is full, and ")
    assert class_.answers("Red") == {"why-sum": "Poland waits."}
    ann.evaluate("window.mobilize.online = window.kept")
    bob.focus(text)  # what others write does not change under one's hands, however late it comes
    ann.click("#q-why-sum .keep-mine")
    expect(bob.locator("#q-why-sum .q-rival")).to_contain_text("The motor plant is full, and")
    expect(bob.locator(text)).to_have_value("Poland waits.")
    bob.click("#q-why-sum .take-theirs")
    expect(bob.locator(text)).to_have_value("The motor plant is full, and ")
    assert class_.answers("Red") == {"why-sum": "The motor plant is full, and "}
