"""A student's pages as plain data: how a step stands, what is open, what months brought."""

import numpy as np
import pytest

from mobilize.app.views import lesson as views
from mobilize.app.views.own_game import plan, saw, turn_of
from mobilize.app.views.practice import desk
from mobilize.app.views.words import words
from mobilize.game.game import play
from mobilize.game.sitting import View
from mobilize.lessons.classroom.progress import marks
from mobilize.lessons.classroom.sight import sight
from mobilize.lessons.load import shipped
from mobilize.lessons.words import glossary
from mobilize.record import PROGRAM_SERIES
from policies.package import BASE
from tests.lessons.common import TEACHER, TOOLS, Class, lesson, right_at_the_desk

PEOPLE = [("a", "Red", "program"), ("b", "Red", "contracts"), ("c", "Blue", "")]


def told(room, who="a", shown=True):
    return sight(room.room, who, marks(room.room) if shown else None)


def view_of(room, who):
    team = room.room.teams[room.room.members[who].team]
    return View(team.game, team.draft)


def state(room, shown=True):
    return views.head(told(room, shown=shown))["state"]


def test_every_state_of_a_step_has_words_of_its_own():
    room = Class(people=PEOPLE)
    said = [state(room)]
    said.append(state(room.begin("predict")))
    said.append(state(room.must(TEACHER, "pause")))
    room.must(TEACHER, "pause").must(TEACHER, "reveal", step=None)
    said += [state(room, shown=False), state(room)]
    room.must(TEACHER, "next")
    said.append(views.head(told(room), "read")["state"])
    said.append(state(room.must(TEACHER, "end")))
    assert len(set(said)) == len(said)
    assert all(said)


def test_an_earlier_step_can_be_read_again_and_a_later_one_cannot():
    room = Class(people=PEOPLE).begin("predict")
    head = views.head(told(room), "read")
    assert (head["shown"], head["past"]) == ("read", True)
    assert views.head(told(room), "explain")["shown"] == "predict"
    assert [step["reached"] for step in head["steps"]] == [True, True, False, False, False]


def test_ones_own_card_stands_first():
    room = Class(people=PEOPLE).begin()
    cards = views.card(told(room, "b"))["cards"]
    assert [card["mine"] for card in cards] == [True, False, False]


def test_a_reason_is_asked_beside_the_answer_it_is_for():
    room = Class(people=PEOPLE).begin("predict").answers("a", {"sum": "leaves"})
    room.next().next().next()
    here = told(room)
    step = views.step_of(here)
    asked = next(q for q in step["questions"] if q["name"] == "why-sum")
    assert views.question(here, step, asked)["because"]["said"] == "leaves them within 2 percent"


def test_only_what_a_step_opens_to_somebody_can_be_set():
    room = Class(people=PEOPLE).begin("decide").set("b", "dpas-rating", "us-gmlrs", "DX")
    found = {who: plan(view_of(room, who), t, views.step_of(t))
             for who in "ab" for t in [told(room, who)]}  # fmt: skip
    names = {who: [row["name"] for row in one["levers"]] for who, one in found.items()}
    assert names["a"] == ["project-start", "contract-type"]
    assert {row["title"] for row in found["a"]["others"]}
    rating = next(row for row in found["b"]["levers"] if row["name"] == "dpas-rating")
    assert [aim["id"] for aim in rating["aims"]] == ["us-gmlrs", "us-javelin", "us-pac3"]
    assert rating["values"] == ["DO", "DX"]
    assert [s["mine"] for s in found["a"]["draft"] + found["b"]["draft"]] == [False, True]


@pytest.mark.parametrize("name", shipped())
def test_of_every_lesson_what_a_page_offers_is_taken_and_what_came_is_shown(name):
    room = Class(of=name).must(TEACHER, "begin")
    offered = 0
    for step in lesson(name).steps:
        here = told(room, "p0", shown=False)
        found = plan(view_of(room, "p0"), here, views.step_of(here))
        for row in found["levers"] if found else ():
            assert row["aims"] or row["aim"] == "", row["name"]
            for aim in row["aims"][:1]:
                target = None if aim["id"] == BASE else aim["id"]
                for value in (row["values"][0], row["values"][-1]):
                    room.must("p0", "set", lever=row["name"], target=target, value=value)
                    room.must("p0", "unset", lever=row["name"], target=target)
                    offered += 1
        if (turn := turn_of(here, step.name)) >= 0:
            found = saw(view_of(room, "p0").game, turn)
            assert found["months"] == step.months
            assert sum(row["got"] for row in found["rows"]) > 0
        if step is not lesson(name).steps[-1]:
            room.next()
    assert offered or not any(step.levers for step in lesson(name).steps)


def test_what_months_brought_is_what_the_game_recorded_and_sums_up():
    room = Class(people=PEOPLE).begin("decide").set("b", *TOOLS).next().next()
    game = room.room.teams["Red"].game
    found = saw(game, turn_of(told(room), "see"))
    record = play(game).record.programs[PROGRAM_SERIES.index("delivered")]
    assert sum(row["got"] for row in found["rows"] if not row["total"]) == pytest.approx(
        float(np.sum(record[:36])), abs=1e-6)  # fmt: skip
    total = next(row for row in found["rows"] if row["total"])
    mine = [row["got"] for row in found["rows"] if row["item"] == total["item"]]
    assert total["got"] == pytest.approx(sum(mine) - total["got"])
    assert found["item"] == "gmlrs"
    assert [s["lever"] for s in found["decided"]] == ["dx-on-plant-equipment"]
    assert found["chart"]["now"] is None
    assert len(found["chart"]["dates"]) == len(found["chart"]["past"]) == 36


def test_a_game_that_went_on_still_tells_of_the_months_of_an_earlier_step():
    room = Class(people=PEOPLE).begin("see")
    game = room.room.teams["Red"].game
    later = game.after((), 6)
    assert saw(later, 0)["rows"] == saw(game, 0)["rows"]
    assert saw(later, 1)["before"] == 6


def test_marks_at_the_end_tell_first_what_cost_most():
    room = Class(people=PEOPLE).begin("predict").answers("a", {"sum": "leaves"})
    for _ in range(3):
        room.next()
    assert views.marks(told(room)) is None
    room.must(TEACHER, "end")
    for step in lesson().steps:
        room.must(TEACHER, "reveal", step=step.name)
    found = views.marks(told(room))
    shares = [row["share"] for row in found["remember"]]
    assert shares[-1] == 1.0
    assert min(shares) == shares[0] == 0.0


def test_the_desk_shows_a_case_and_nothing_of_its_solution_until_it_is_answered():
    room = Class(people=PEOPLE).begin()
    before = desk(room.room, room.room.members["a"], 3)
    assert before["last"] is None
    assert before["case"]["sequence"][-1] == before["case"]["paper"]["id"]
    room.must("a", "desk", level=3, number=0, answer=right_at_the_desk(room.room, "a", 3))
    after = desk(room.room, room.room.members["a"], 3)
    assert after["last"]["share"] == 1.0
    assert after["last"]["case"] == before["case"]
    assert after["case"] != before["case"]
    assert (after["score"]["cases"], after["score"]["share"]) == (1, 1.0)
    assert desk(room.room, room.room.members["c"], 3)["score"]["all"] == 0


def test_the_desk_is_there_for_practice_before_during_and_after_the_lesson():
    room = Class(people=PEOPLE)
    acts = [lambda: room, lambda: room.must(TEACHER, "begin"),
            lambda: room.must(TEACHER, "pause"), lambda: room.must(TEACHER, "end")]  # fmt: skip
    for number, go in enumerate(acts):
        go().must("a", "desk", level=1, number=number, answer={"decision": "accept"})
    assert len(room.room.attempts) == len(acts)


@pytest.mark.parametrize("level", [1, 2, 3, 4, 5])
def test_the_right_answer_can_be_given_with_what_the_desk_offers(level):
    room = Class(people=PEOPLE).begin()
    for number in range(12):
        shown = desk(room.room, room.room.members["a"], level)
        right = right_at_the_desk(room.room, "a", level)
        assert right["decision"] in [d["name"] for d in shown["decisions"]]
        assert right["ground"] in [p["name"] for p in shown["paragraphs"]]
        assert set(right["sequence"]) <= set(shown["case"]["sequence"])
        assert set(right["ratings"].values()) <= set(shown["case"]["ratings"])
        room.must("a", "desk", level=level, number=number, answer=right)


def test_words_of_the_lesson_come_first_and_every_word_has_its_law():
    found = words(lesson())
    assert [row["mine"] for row in found] == sorted((row["mine"] for row in found), reverse=True)
    assert {row["name"] for row in found} == set(glossary())
    assert found[0]["mine"]
    assert all(row["basis"] and row["sources"] for row in found)
