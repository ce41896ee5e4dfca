"""Every shipped lesson is taught in a class from the first step to what is taken home."""

import json

import pytest

from mobilize.lessons.classroom import export
from mobilize.lessons.classroom.debrief import paths, predictions, reason, weighed
from mobilize.lessons.classroom.file import read_class
from mobilize.lessons.classroom.progress import marks, mistakes, progress, table
from mobilize.lessons.classroom.sight import sight
from mobilize.lessons.load import shipped
from policies.levers import catalogue
from policies.package import BASE
from policies.targets import targets
from tests.lessons import xapi_rules
from tests.lessons.common import TEACHER, Class, lesson


def some_answer(question):
    """Return an answer of the right form: the first of everything."""
    names = [one.name for one in question.options]
    return {
        "choice": names[:1] if question.several else next(iter(names), ""),
        "number": 12,
        "rank": names,
        "queue": [order.id for order in question.book],
        "constraint": {"line": "a line", "bound": "equipment"},
        "reasoning": "Because.",
    }[question.kind]


def set_something(room, who):
    """Set the levers of a step, each to the first value it takes; return how many."""
    done = 0
    for row in room.room.step.levers:
        spec = catalogue()[row.lever]
        values = list(row.values or spec.values or ("on",))
        base = spec.target == BASE
        allowed = (BASE,) if base else targets(spec, room.room.lesson.scenario)
        for target in (row.targets or allowed)[:1]:
            done += any(
                room.send(who, "set", lever=row.lever, target=target, value=value)
                for value in (*values, "on")
            )
    return done


@pytest.mark.parametrize("name", shipped())
def test_a_lesson_is_taught_from_join_to_export(name):
    room = Class(("Red", "Idle"), of=name).must(TEACHER, "begin")
    decided = 0
    for step in lesson(name).steps:
        assert room.room.step == step
        for question in room.room.asked(step):
            room.must("p0", "answer", question=question.name, answer=some_answer(question))
        decided += set_something(room, "p0")
        sight(room.room, "p1")
        if step is not lesson(name).steps[-1]:
            room.next()
    assert decided or not any(step.levers for step in lesson(name).steps)
    room.must(TEACHER, "end")
    found = marks(room.room)
    assert found.team("Red").total >= found.team("Idle").total
    assert [team.answered for team in progress(room.room).teams] == [
        sum(q.asked for q in lesson(name).questions), 0]  # fmt: skip
    assert {m.teams for m in mistakes(room.room, found)} <= {("Red",)}
    assert len(table(room.room, found)) == 2
    files = export.files(room.room, found)
    assert marks(read_class(files["class.json"], name)) == found
    for line in files["xapi.jsonl"].splitlines():
        assert xapi_rules.faults(json.loads(line)) == []


@pytest.mark.parametrize("name", shipped())
def test_a_lesson_is_talked_about_with_pictures(name):
    room = Class(("Red", "Idle"), of=name).must(TEACHER, "begin")
    for _ in lesson(name).steps[1:]:
        if set_something(room, "p0"):
            break
        room.next()
    while room.room.step.kind != "see":
        room.next()
    room.next()
    red = room.room.teams["Red"].game
    assert weighed(red)
    assert reason(red).links or reason(red).target
    one = paths(room.room, worlds=2)
    assert {len(path) for path in one.teams.values()} == {len(one.months)}
    assert one.teams["Idle"] == one.plain
    asked = [q for s in room.room.reached for q in s.questions if q.aspect == "prediction"]
    assert len(predictions(room.room, marks(room.room))) == len(asked)


def test_a_denial_befalls_every_team_while_its_months_pass():
    one = lesson("hedge")
    room = Class(("Red", "Idle"), of="hedge").must(TEACHER, "begin")
    while not room.room.step.happens:
        room.next()
    acts = one.befalls(room.room.step)
    assert acts
    assert all(team.game.turns[-1].interventions == acts for team in room.room.teams.values())


@pytest.mark.parametrize("name", ["priority", "bottleneck"])
def test_a_title_that_gives_the_answer_away_is_not_sent_to_students(name):
    one = lesson(name)
    assert one.handout != one.title
    room = Class(("Red", "Idle"), of=name).must(TEACHER, "begin")
    assert one.title not in json.dumps(sight(room.room, "p0"))
