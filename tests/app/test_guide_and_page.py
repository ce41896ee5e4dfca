"""The guide on paper and the pages of a class say the same of the same: numbers, dates, figures."""

import re
from calendar import month_name

import pytest

from mobilize.app.classes import desk
from mobilize.app.classes.hosting import WORDS
from mobilize.app.classes.leading import grid, pictures, work
from mobilize.app.classes.shared import Look
from mobilize.app.seats.invitation import how_to_join
from mobilize.app.views import lesson as views
from mobilize.app.views.own_game import plan, saw
from mobilize.game.game import play
from mobilize.game.sitting import View
from mobilize.lessons.calendar import dated, on
from mobilize.lessons.classroom.debrief import hardest, subject, weighed
from mobilize.lessons.classroom.school import School
from mobilize.lessons.classroom.sight import sight
from mobilize.lessons.guides import instructor, student
from mobilize.lessons.load import shipped
from mobilize.rooms.store import RoomStore
from tests.lessons.common import TEACHER, Class, lesson

MONTHS = list(month_name)[1:]


def taught(name, set_by="p0", sets=()):
    """Return a class of a lesson that went on to its last step."""
    room = Class(("Red", "Blue"), of=name).must(TEACHER, "begin")
    while room.room.now + 1 < len(room.room.lesson.steps):
        for lever, target, value in sets if room.room.step.levers else ():
            room.must(set_by, "set", lever=lever, target=target, value=value)
        room.next()
    return room.room


@pytest.mark.parametrize("name", shipped())
def test_a_question_has_one_number_on_every_page_and_in_every_guide(name):
    one, room = lesson(name), taught(name)
    told = sight(room, "p0", None)
    pages = {q["name"]: q["number"] for step in told["steps"] for q in step["questions"]}
    assert sorted(pages.values()) == list(range(1, len(pages) + 1))
    columns = {c["name"]: c["label"] for c in grid.grid_view(room)["columns"]}
    assert columns == {name: f"Q{number}" for name, number in pages.items()}
    guide = instructor(one)
    cards = "".join(student(one, part, after) for part in one.parts for after in (False, True))
    for question, number in pages.items():
        assert re.search(f"<h3>Q{number}: .*?in the files: {question}[.]", guide, re.S)
        assert f"<h3>Question {number}, " in cards


def test_months_that_a_question_counts_are_told_by_date_and_those_of_an_order_book_are_not():
    hedge, priority = lesson("hedge"), lesson("priority")
    assert dated(hedge, hedge.question("cost")) == "Month 58 is 2026-11."
    assert dated(hedge, hedge.question("bare")) == ""
    assert dated(priority, priority.question("place")) == ""
    assert on(hedge, 1) == "2022-02"


def test_where_nothing_is_asked_or_decided_nothing_is_handed_in():
    room = Class(of="hedge").must(TEACHER, "begin")
    offered = {}
    for step in room.room.lesson.steps:
        badge = desk.badge(Look(room.room.members["p0"], room.room, None, ()))
        offered[step.kind] = badge["open"]
        if step is not room.room.lesson.steps[-1]:
            room.next()
    assert offered == {"read": False, "predict": True, "decide": True, "see": False,
                       "explain": True}  # fmt: skip


def test_what_a_decision_moved_is_told_with_its_kind_so_that_units_got_are_not_units_lacked():
    room = taught("hedge", sets=[("parts-stockpile", "us-155-projectiles", 6)])
    (one,) = weighed(room.teams["Red"].game)
    moved = {text: here for text, _, here, _ in one.figures}
    assert len(moved) == len(one.figures)
    got = moved["Units delivered: M795-type projectile, loaded and packed"]
    lacked = moved["Fires asked for and not met: M795-type projectile, loaded and packed"]
    assert got > 0 > lacked
    drawn = pictures.worth_view(room, {("worth", "Red"): (one,), ("worth", "Blue"): ()})
    assert drawn["figures"][0]["text"].startswith("Units delivered: M795")
    assert "(" not in one.target


def test_the_chain_of_reasons_is_of_what_the_lesson_asks_about_in_the_months_of_its_shortage():
    room = taught("hedge")
    of = work.played_so_far(room)
    assert subject(of.lesson, of.nothing) == "us-155-projectiles"
    month = hardest(of.nothing, "us-155-projectiles")
    (stop,) = of.lesson.case("denial").acts
    assert 0 <= of.lesson.scenario.start + month - stop.date < stop.months
    assert work.chain_of(of, work.NOTHING)["at"] == month
    lacked = play(of.nothing).record.series("unmet")[:40]
    program = play(of.nothing).world.names.programs.index("us-155-projectiles")
    assert lacked[month, program] >= 0.9 * lacked[:, program].max()


def test_a_lever_that_starts_a_project_says_how_long_the_project_itself_takes():
    room = Class(of="hedge").begin("decide")
    told = sight(room.room, "p0", None)
    found = plan(View(room.room.teams["Red"].game), told, views.step_of(told))
    then = {lever["name"]: [aim["then"] for aim in lever["aims"]] for lever in found["levers"]}
    assert then["second-source"] == [48]  # two years of building, one of equipping, one of tests
    assert then["parts-stockpile"] == [0]


@pytest.mark.parametrize("name", shipped())
def test_the_month_in_which_a_lesson_says_it_is_is_the_first_of_its_game(name):
    text = lesson(name).steps[0].text
    told = re.search(r"It is (\w+) (\d{4})", text)
    if told:
        number = 1 + MONTHS.index(told[1])
        assert on(lesson(name), 1) == f"{told[2]}-{number:02d}"


def test_what_was_decided_says_when_it_took_effect():
    room = taught("agreements", sets=[("sosa-sign", "PL", "on")])
    (one,) = saw(room.teams["Red"].game, 0)["decided"]
    assert one["due"] == "took effect 2027-10"
    rows = saw(room.teams["Red"].game, 0)["rows"]
    sums = [row["item"] for row in rows if row["sums"]]
    assert len(sums) == len(set(sums))
    assert set(sums) == {row["item"] for row in rows}


def test_a_server_says_the_title_of_every_class_that_it_goes_on_with(tmp_path):
    school = School(RoomStore(tmp_path / "classes.sqlite"))
    school.open(lesson("hedge"), title="Tuesday")
    school.open(lesson("priority"))
    said = how_to_join(school, WORDS, ("localhost",), 1, tmp_path, lan=True)
    assert re.search(r"Also open +Tuesday, of \d{4}-\d\d-\d\d: code ", said)
