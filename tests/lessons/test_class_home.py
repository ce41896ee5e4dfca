"""What a class leaves: progress, mistakes, a league, a debrief, and files to take home."""

import csv
import io
import json
import re
import zipfile

import pytest

from mobilize.lessons.classroom import export, xapi
from mobilize.lessons.classroom.debrief import paths, predictions, reason, weighed
from mobilize.lessons.classroom.file import read_class, write_class
from mobilize.lessons.classroom.progress import marks, mistakes, progress, table
from mobilize.lessons.classroom.value import ClassroomError
from mobilize.lessons.marks import mark
from mobilize.lessons.responses import from_lines
from tests.lessons import xapi_rules
from tests.lessons.common import GOOD, TEACHER, Class, lesson, taught


@pytest.fixture(scope="module")
def room():
    return taught().room


@pytest.fixture(scope="module")
def found(room):
    return marks(room)


@pytest.fixture(scope="module")
def files(room, found):
    return export.files(room, found)


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text)))


def test_progress_counts_answers_by_team_and_by_question_as_they_come():
    one = Class().begin("predict").answers("p0", {"sum": "leaves", "gain": 5})
    red, blue = progress(one.room).teams
    assert (red.answered, red.asked, red.here, blue.answered) == (2, 5, 2, 0)
    assert red.people == ("name of p0",)
    by_name = {q.question: q for q in progress(one.room).questions}
    assert (by_name["sum"].answered, by_name["sum"].missing) == (("Red",), ("Blue",))
    assert by_name["sum"].open
    one.must("p0", "hand in", done=True)
    assert [team.handed for team in progress(one.room).teams] == [True, False]
    assert not progress(one.next().room).questions[0].open


def test_marks_tell_reasoning_guessing_and_nothing_apart(found, room):
    red, blue, idle = (found.team(name).total for name in ("Red", "Blue", "Idle"))
    assert red > blue + 20
    assert blue >= idle
    assert table(room, found)[0].team == "Red"
    assert found.team("Blue").open == ("why-sum",)


def test_equal_marks_share_a_place():
    one = Class(("A", "B", "C")).begin("predict").answers("p1", {"sum": GOOD["sum"]})
    places = table(one.room, marks(one.room))
    assert [(p.rank, p.team) for p in places] == [(1, "B"), (2, "A"), (2, "C")]


def test_common_mistakes_are_told_by_question_with_the_teams_that_made_them(room, found):
    told = mistakes(room, found)
    assert {m.question for m in told} >= {"sum", "losers"}
    assert all(m.teams == ("Blue",) for m in told if m.question == "sum")
    by_sum = next(m for m in told if m.question == "sum")
    assert by_sum.given.startswith("raises")
    assert by_sum.right != by_sum.given
    assert not [m for m in told if m.question == "why-sum"]
    many = Class(("A", "B", "C")).begin("predict")
    for who, answer in (("p0", "lowers"), ("p1", "raises"), ("p2", "raises")):
        many.answers(who, {"sum": answer})
    first, second = mistakes(many.room, marks(many.room))
    assert (first.teams, second.teams) == (("B", "C"), ("A",))


def test_predictions_stand_against_what_happened(room, found):
    told = {one.question: one for one in predictions(room, found)}
    assert set(told) == {q.name for q in lesson().questions if q.aspect == "prediction"}
    assert [said.team for said in told["sum"].said] == ["Red", "Blue"]
    assert [said.share for said in told["sum"].said] == [1.0, 0.0]
    assert told["sum"].mean == 0.5


def test_the_fan_lies_about_the_paths_and_luck_is_the_same(room):
    one = paths(room, worlds=6)
    assert one.item == "gmlrs"
    assert len(one.months) == len(one.plain) == 36
    assert all(len(path) == 36 for path in one.teams.values())
    assert all(low <= high for low, high in zip(one.lines[0], one.lines[-1], strict=True))
    assert one.teams["Idle"] == one.plain  # nothing decided, in the luck of the class
    assert one.teams["Red"][-1] > one.plain[-1]
    assert list(one.plain) == sorted(one.plain)
    with pytest.raises(ValueError, match="allowed"):
        paths(room, "nonsense")


def test_each_decision_has_its_worth_and_the_chain_its_reason(room):
    red = weighed(room.teams["Red"].game)
    assert len(red) == 2
    assert any(figures.figures for figures in red)
    assert weighed(room.teams["Idle"].game) == ()
    chain = reason(room.teams["Idle"].game, "us-gmlrs")
    assert chain.links
    assert chain.links[-1].cause
    assert reason(room.teams["Idle"].game).target


def test_marks_are_worked_out_again_from_the_class_file_alone(room, found, files):
    again = read_class(files["class.json"], "class.json")
    assert again.log == room.log
    assert marks(again) == found
    assert write_class(again) == files["class.json"]
    responses, ticks = from_lines(files["responses.jsonl"])
    assert mark(lesson(), responses, again.games, ticks).team("Red") == found.team("Red")


def test_the_same_class_gives_the_same_bytes(room, found, files):
    assert export.files(room, found) == files
    assert export.class_zip(room) == export.class_zip(room)
    with zipfile.ZipFile(io.BytesIO(export.class_zip(room))) as archive:
        assert set(archive.namelist()) == set(files)
    assert all(f"{name} " in export.README for name in files if name != "README.txt")


def test_tables_agree_with_the_marks(found, files):
    for row in rows_of(files["marks.csv"]):
        team = found.team(row["team"])
        assert float(row["total"]) == pytest.approx(team.total, abs=1e-3)
        got = [float(a["got_percent"]) for a in rows_of(files["answers.csv"])
               if a["team"] == row["team"]]  # fmt: skip
        assert sum(got) == pytest.approx(team.total, abs=1e-2)


def test_reflections_hold_what_was_written_and_no_formula(files):
    red, blue = rows_of(files["reflections.csv"])
    assert red["marked_by"] == "instructor"
    assert red["share"] == "1.0"
    assert blue["answer"].startswith("'=cmd")
    assert (blue["marked_by"], blue["ticked"]) == ("", "")
    assert {row["name"] for row in rows_of(files["people.csv"])} == {f"name of {n}" for n in "abcd"}


def test_the_desk_is_taken_home_part_by_part(files):
    rows = rows_of(files["desk.csv"])
    assert {row["share"] for row in rows if row["id"] == "a"} == {"1.0"}
    assert all(float(row["share"]) < 1 for row in rows if row["id"] == "c")
    assert all(row["right"] for row in rows)


def test_every_statement_keeps_the_rules_of_xapi(files):
    lines = files["xapi.jsonl"].splitlines()
    told = [json.loads(line) for line in lines]
    assert {one["verb"]["id"].rsplit("/", 1)[1] for one in told} == {
        "attended", "answered", "scored", "completed"}  # fmt: skip
    for one in told:
        assert xapi_rules.faults(one) == []
    assert len({one["id"] for one in told}) == len(told)
    assert not re.search(r"name of|Red|Blue|mailto", files["xapi.jsonl"])


BROKEN = [
    (lambda s: s.pop("actor"), "actor is missing"),
    (lambda s: s.update(id="5"), "UUID"),
    (lambda s: s["verb"].update(id="answered"), "IRI"),
    (lambda s: s["verb"].update(display={"english": "x"}), "language map"),
    (lambda s: s["actor"].update(mbox="mailto:a@b"), "unknown"),
    (lambda s: s["actor"]["account"].update(homePage=None), "null"),
    (lambda s: s["result"]["score"].update(scaled=2), "scaled"),
    (lambda s: s["result"]["score"].update(raw=1e9), "raw"),
    (lambda s: s["result"].update(success="true"), "boolean"),
    (lambda s: s["object"]["definition"].update(interactionType="essay"), "interactionType"),
    (lambda s: s.update(timestamp="2026-01-01"), "RFC 3339"),
    (lambda s: s["context"]["team"].update(objectType="Agent"), "Group"),
    (lambda s: s.update(extra=1), "unknown"),
]


@pytest.mark.parametrize(("spoil", "told"), BROKEN)
def test_the_check_of_statements_finds_what_is_broken(room, found, spoil, told):
    answered = next(s for s in xapi.statements(room, found)
                    if "answered" in s["verb"]["id"] and "score" in s["result"])  # fmt: skip
    one = json.loads(json.dumps(answered))
    spoil(one)
    assert any(told in fault for fault in xapi_rules.faults(one))


def test_statements_score_as_the_marks_do_and_wait_where_the_instructor_has_not_marked(room, found):
    told = xapi.statements(room, found)
    whole = [s for s in told if s["actor"]["objectType"] == "Group"]
    assert [s["result"]["score"]["raw"] for s in whole] == pytest.approx(
        [team.total for team in found.teams], abs=1e-5
    )
    essays = [s for s in told if s["object"]["id"].endswith("/why-sum")]
    assert ["score" in s["result"] for s in essays] == [True, False]


def test_a_statement_keeps_its_id_while_the_class_goes_on():
    one = Class().begin("predict").answers("p0", {"sum": "leaves"})
    early = {s["id"] for s in xapi.statements(one.room, marks(one.room))}
    one.answers("p1", {"sum": "raises"}).next()
    late = {s["id"] for s in xapi.statements(one.room, marks(one.room))}
    assert early < late


def test_two_exports_have_no_two_statements_of_one_id():
    one = Class().begin("explain").answers("p0", {"why-sum": "Poland waits."}).must(TEACHER, "end")
    before = {s["id"]: s for s in xapi.statements(one.room, marks(one.room))}
    one.must(TEACHER, "mark", team="Red", question="why-sum", points=[1])
    after = {s["id"]: s for s in xapi.statements(one.room, marks(one.room))}
    both = before.keys() & after.keys()
    assert {key: before[key] for key in both} == {key: after[key] for key in both}
    assert both
    assert len(before.keys() - both) == 2  # the answer, and the mark of its team


def test_whoever_answered_at_the_desk_stands_in_the_list_of_people_also_when_sent_out():
    one = Class().must("p0", "desk", level=1, number=0, answer={"decision": "accept"})
    one.must(TEACHER, "move", member="p0", team="Blue", part="contracts")
    one.must(TEACHER, "remove", member="p0")
    made = export.files(one.room)
    rows = {row["id"]: row for row in rows_of(made["people.csv"])}
    assert {row["id"] for row in rows_of(made["desk.csv"])} <= rows.keys()
    told = (rows["p0"]["name"], rows["p0"]["team"], rows["p0"]["here_at_the_end"])
    assert told == ("name of p0", "Blue", "no")
    assert rows["p1"]["here_at_the_end"] == "yes"


def test_a_damaged_class_file_is_told(files):
    good = json.loads(files["class.json"])
    for change, told in (
        ({"kind": "mobilize room"}, "not a class"),
        ({"format": 9}, "format 9"),
        ({"lesson": "nonsense"}, "not among"),
        ({"lesson_sha256": "0"}, "another version"),
        ({"seed": 1 + good["seed"]}, "luck"),
        ({"teams": "Red"}, "teams"),
        ({"acts": 5}, "not a list"),
        ({"acts": good["acts"][1:]}, "act 1"),
        ({"more": 1}, "unknown"),
        ({"teams": ["Red", "Other", "Idle"]}, "not accepted here"),
    ):
        with pytest.raises(ClassroomError, match=told):
            read_class(json.dumps(good | change), "class.json")
    with pytest.raises(ClassroomError, match="JSON"):
        read_class("{", "class.json")
