"""What somebody in a team is sent: their own work, and nothing before its time."""

import json

import pytest

from mobilize.lessons.classroom.progress import marks
from mobilize.lessons.classroom.sight import sight
from tests.lessons.common import GOOD, TEACHER, Class, lesson

PEOPLE = [("a", "Red", "program"), ("b", "Red", "contracts"), ("c", "Blue", "")]


def sent(room, who):
    return json.dumps(sight(room.room, who, marks(room.room)))


def test_right_answers_come_only_when_the_instructor_shows_them():
    room = Class(people=PEOPLE).begin("predict").answers("a", {"sum": "leaves"})
    step = sight(room.room, "a", marks(room.room))["steps"][-1]
    assert not any({"right", "why", "share", "rubric"} & set(q) for q in step["questions"])
    room.must(TEACHER, "reveal", step=None)
    step = sight(room.room, "a", marks(room.room))["steps"][-1]
    shown = {q["name"]: q for q in step["questions"]}
    assert shown["sum"]["right"]
    assert shown["sum"]["share"] == 1.0
    assert not any("right" in q for q in sight(room.room, "a")["steps"][-1]["questions"])


def test_guides_model_answers_and_later_steps_are_never_sent():
    room = Class(people=PEOPLE)
    assert sight(room.room, "a")["steps"] == []
    room.begin("decide")
    told = sent(room, "a")
    later = [step for step in lesson().steps if step not in room.room.reached]
    hidden = [step.guide for step in lesson().steps] + [step.text for step in later]
    hidden += [q.model for q in lesson().questions if q.model]
    assert not [text for text in hidden if text and json.dumps(text)[1:-1] in told]


def test_another_teams_answers_and_another_parts_card_are_not_sent():
    room = Class(people=PEOPLE).begin("predict").answers("a", {"gain": 4321.5})
    assert "4321.5" in sent(room, "b")
    assert "4321.5" not in sent(room, "c")
    cards = {who: [card["name"] for card in sight(room.room, who)["cards"]] for who in "abc"}
    assert cards["a"] == ["program", "partners", "industry"]  # two that nobody in Red has
    assert cards["b"] == ["contracts", "partners", "industry"]
    assert len(cards["c"]) == len(lesson().parts)


def test_levers_are_shown_where_they_can_be_set():
    room = Class(people=PEOPLE).begin("decide")
    levers = {who: {row["lever"] for row in sight(room.room, who)["steps"][-1]["levers"]}
              for who in "ab"}  # fmt: skip
    assert "dpas-rating" in levers["b"] - levers["a"]
    room.set("b", "dpas-rating", "us-gmlrs", "DX")
    assert sight(room.room, "a")["draft"][0]["value"] == "DX"
    room.next()
    assert not sight(room.room, "b")["steps"][-2]["levers"]


def test_a_rubric_is_shown_when_its_step_is_closed():
    room = Class(people=PEOPLE).begin("explain")
    assert "only more of what binds" not in sent(room, "a")
    room.must(TEACHER, "end")
    why = next(q for q in sight(room.room, "a")["steps"][-1]["questions"] if q["name"] == "why-sum")
    assert len(why["rubric"]) == 3
    assert "right" not in why


def test_the_instructor_has_no_team_to_see_with():
    room = Class(people=PEOPLE).begin("predict").answers("b", {"place": GOOD["place"]})
    with pytest.raises(KeyError):
        sight(room.room, TEACHER)


def explained():
    """Return a class whose last step was answered by both teams and is closed."""
    room = Class(people=PEOPLE).begin("explain").answers("a", {"why-sum": "Motors are fixed."})
    return room.answers("c", {"why-sum": "Others wait."}).must(TEACHER, "end")


def question(room, who, name):
    steps = sight(room.room, who, marks(room.room))["steps"]
    return next(q for step in steps for q in step["questions"] if q["name"] == name)


def test_another_teams_reasoning_is_shown_to_be_ticked_with_the_answers_and_not_before():
    room = explained()
    assert "peer" not in question(room, "a", "why-sum")
    assert "Others wait." not in sent(room, "a")
    room.must(TEACHER, "reveal", step="explain")
    peer = question(room, "a", "why-sum")["peer"]
    assert peer == {"team": "Blue", "text": "Others wait.", "points": None}
    room.must("a", "tick", team="Blue", question="why-sum", points=[1])
    assert question(room, "a", "why-sum")["peer"]["points"] == [1]
    assert question(room, "b", "why-sum")["peer"]["points"] is None
    assert question(room, "c", "why-sum")["ticked"] == [
        {"by": "peer", "points": [1], "mine": False}]  # fmt: skip


def test_what_a_teams_own_game_earned_comes_with_the_answers():
    room = explained()
    results = {s["name"]: s["results"] for s in sight(room.room, "a", marks(room.room))["steps"]}
    assert not any(results.values())
    room.must(TEACHER, "reveal", step="see")
    step = next(s for s in sight(room.room, "a", marks(room.room))["steps"] if s["name"] == "see")
    assert [row["name"] for row in step["results"]] == ["result"]


def test_a_question_says_who_of_the_team_has_it():
    room = Class(people=PEOPLE).begin("predict")
    assert question(room, "a", "place")["has"] == ["name of b"]
    assert not question(room, "a", "place")["mine"]
    assert question(room, "a", "losers")["has"] == []
    assert question(room, "a", "losers")["mine"]


def test_marks_say_what_each_aspect_is_worth():
    room = explained()
    for step in lesson().steps:
        room.must(TEACHER, "reveal", step=step.name)
    found = sight(room.room, "a", marks(room.room))["marks"]
    assert {name: row["of"] for name, row in found["aspects"].items()} == lesson().shares
    assert found["total"] == pytest.approx(sum(row["got"] for row in found["aspects"].values()))
