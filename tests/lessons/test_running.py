"""What a guide says on running a lesson: true of the pages, of the lesson, and of the commands."""

import re
from html import unescape
from pathlib import Path

import pytest

from mobilize.app import classes
from mobilize.app.classes.hosting import WORDS
from mobilize.app.seats import door
from mobilize.app.seats.invitation import how_to_join
from mobilize.cli import parser
from mobilize.lessons import running
from mobilize.lessons.classroom.answering import ESSAY
from mobilize.lessons.classroom.school import School
from mobilize.lessons.guides import instructor, student
from mobilize.lessons.load import FOLDER, lesson
from mobilize.rooms.store import RoomStore
from tests.lessons.students import NAMES

HERE = Path(classes.__file__).parent
SHOWN = re.compile(r"""[>"'`]\s*([^<>"'`{}]+?)\s*(?=[<"'`{])""")


def words_of_pages():
    """Texts that stand alone in the pages of a class: between tags, or quoted."""
    files = [*HERE.rglob("*.vue"), *HERE.rglob("*.py"), Path(door.__file__)]
    return {text for file in files for text in SHOWN.findall(file.read_text(encoding="utf-8"))}


def keys(text):
    return [unescape(key) for key in re.findall(r'<b class="key">(.*?)</b>', text)]


@pytest.mark.parametrize("name", NAMES)
def test_every_button_and_page_that_a_guide_names_stands_on_the_pages(name):
    titles = {step.title for step in lesson(name).steps}
    shown, named = words_of_pages(), keys(instructor(lesson(name)))
    assert {"Begin", "Show answers", "Debrief", "Copy this class", "Pause"} <= set(named)
    for key in named:
        if key.startswith("Next: "):
            assert key.removeprefix("Next: ") in titles | {"..."}
            key = "Next:"
        assert key in shown, key


def test_a_word_that_no_page_has_is_noticed():
    assert "Start the lesson" not in words_of_pages()


@pytest.mark.parametrize("name", NAMES)
def test_every_command_in_a_guide_is_understood(name):
    found = re.findall(r"<code>(.*?)</code>", instructor(lesson(name)))
    typed = [unescape(text).removeprefix(running.COMMAND).split() for text in found]
    typed = [words for words in typed if words and words != ["mobilize"]
             and not words[0].startswith("--")]  # fmt: skip
    assert ["teach", name, "--lan", "--teams", "N"] in typed
    for words in typed:
        parser().parse_args(["3" if word == "N" else word for word in words])


@pytest.mark.parametrize("name", NAMES)
def test_a_guide_goes_from_step_to_step_and_shows_answers_after_the_months(name):
    one = lesson(name)
    pressed = [keys(running.pressed(one, step)) for step in one.steps]
    assert pressed[0][0] == "Begin"
    assert [p[0] for p in pressed[1:]] == [f"Next: {step.title}" for step in one.steps[1:]]
    assert [p for p in pressed if "End the lesson" in p] == pressed[-1:]
    asked = [step for step in one.steps if any(q.asked for q in step.questions)]
    told = [running.pressed(one, step) for step in one.steps]
    for step in asked:
        at = [n for n, text in enumerate(told) if f"on '{step.title}'" in text]
        assert len(at) == 1, step.name
        months = [n for n, other in enumerate(one.steps) if other.months]
        assert at[0] >= min((n for n in months if n > one.steps.index(step)),
                            default=one.steps.index(step))  # fmt: skip


def test_homework_has_no_plan_by_the_minute_and_says_how_its_week_and_study_are_run():
    home, room = instructor(lesson("assumptions")), instructor(lesson("priority"))
    assert "How the week is run" in home
    assert "experiment motors-first.toml" in home
    assert "Plan of the week" in home
    assert "0 to 60" not in home
    assert "How the week is run" not in room
    assert "The batch study" not in room


@pytest.mark.parametrize("name", NAMES)
def test_a_length_that_a_lesson_tells_is_what_its_page_takes(name):
    text = (FOLDER / f"{name}.toml").read_text(encoding="utf-8")
    assert {int(n.replace(",", "")) for n in re.findall(r"([\d,]+) letters", text)} <= {ESSAY}


@pytest.mark.parametrize("name", NAMES)
def test_students_read_names_and_not_ids_and_have_room_for_their_decision(name):
    one = lesson(name)
    for part in one.parts:
        page = student(one, part) + student(one, part, after=True)
        for lever in (lever for step in one.steps for lever in step.levers):
            for target in lever.targets:
                assert not re.search(f"<td>([^<]*, )?{target}(<|, )", page)
        assert page.count("Our decision, and what") == sum(bool(s.levers) for s in one.steps)


def test_what_the_server_prints_on_going_on_opens_no_other_class(tmp_path):
    school = School(RoomStore(tmp_path / "classes.sqlite"))
    school.open(lesson("priority"))
    said = how_to_join(school, WORDS, ("localhost",), 1, tmp_path, lan=True)
    again = re.search(r"`(.*?)`", said.splitlines()[-1]).group(1).removeprefix(running.COMMAND)
    options = parser().parse_args(again.split())
    assert options.lesson is None
    assert options.lan
