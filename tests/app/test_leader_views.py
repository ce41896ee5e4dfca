"""What an instructor sees of a class: what to do next, who is how far, marking, debrief, files."""

from __future__ import annotations

import itertools
import json
import pickle
from dataclasses import replace
from functools import cache
from types import SimpleNamespace

import numpy as np
import pytest
import segno

from mobilize.app.classes import downloads, shared
from mobilize.app.classes.leading import grid, marking, now, pictures, takehome, work
from mobilize.app.classes.leading.league import league_view
from mobilize.app.views.practice import PARTS
from mobilize.lessons.classroom import debrief, xapi
from mobilize.lessons.classroom.export import files
from mobilize.lessons.classroom.progress import marks, row_of
from mobilize.lessons.classroom.school import School
from mobilize.lessons.classroom.sight import sight
from mobilize.lessons.classroom.value import INSTRUCTOR
from mobilize.lessons.load import shipped
from mobilize.rooms.store import RoomRow, RoomStore
from tests.lessons.common import BAD, GOOD, TEACHER, TOOLS, Class, lesson, taught

WROTE = "The plant's capacity does not change; Poland waits; only tooling adds rockets."


@cache
def found():
    return marks(taught().room)


def begun(until="predict"):
    return Class(("Red", "Blue", "Idle")).begin(until)


def first(room):
    return now.advice(room)[0]["text"]


# ---------------------------------------------------------------------------- the class now


def test_the_plan_by_the_minute_is_as_long_as_the_lesson_and_has_one_step_now():
    room = begun("decide").room
    rows = now.plan(room)
    assert rows[0]["from"] == 0
    assert rows[-1]["until"] == room.lesson.minutes
    assert all(one["until"] == two["from"] for one, two in itertools.pairwise(rows))
    assert [row["state"] for row in rows] == ["done", "done", "now", "ahead", "ahead"]


def test_the_end_of_the_step_by_the_plan_follows_the_steps_so_far():
    room = begun("decide").room
    so_far = sum(step.minutes for step in room.lesson.steps[:3])
    times = now.times(room)
    assert times["planned"] == 60 * so_far
    assert times["planned"] + times["rest"] == times["whole"] == 60 * room.lesson.minutes
    assert times["begun"] == next(e.at for e in room.log if e.kind == "begin")
    assert times["ended"] is None


def test_before_the_lesson_the_instructor_is_told_who_is_missing():
    assert "Nobody is here" in first(Class(people=[("x", "Red", "")]).must(
        TEACHER, "remove", member="x").room)  # fmt: skip
    told = first(Class(people=[("x", "Red", "")]).room)
    assert "1 person in 1 of 2 teams" in told
    assert "Blue" in told
    assert "Begin" in told


def test_while_teams_work_those_that_have_not_handed_in_are_named_and_empty_ones_are_not():
    room = Class(("Red", "Blue", "Idle"), [("a", "Red", ""), ("b", "Blue", "")]).begin("predict")
    room.must("a", "hand in", done=True)
    assert first(room.room) == "1 of 2 teams has handed in. Waiting for Blue."
    room.must("b", "hand in", done=True)
    assert "Every team has handed in" in first(room.room)


def test_a_paused_class_is_told_to_go_on_and_nothing_else():
    room = begun().must(TEACHER, "pause").room
    assert [one["act"] for one in now.advice(room)] == ["pause"]


def test_showing_answers_is_proposed_only_once_the_months_have_passed():
    room = begun("decide")
    assert not [one for one in now.advice(room.room) if one["act"] == "reveal"]
    due = [one for one in now.advice(room.next().room) if one["act"] == "reveal"]
    assert [one["body"] for one in due] == [{"step": "predict"}]
    room.must(TEACHER, "reveal", step="predict")
    assert not [one for one in now.advice(room.room) if one["act"] == "reveal"]


def test_every_act_that_is_proposed_or_offered_is_accepted():
    room = begun("explain")
    for one in now.advice(room.room):
        if one["act"]:
            room.must(TEACHER, one["act"], **one["body"])
    for row in now.plan(room.room):
        if row["may_reopen"]:
            room.must(TEACHER, "reopen", step=row["name"])
        if row["may_reveal"]:
            room.must(TEACHER, "reveal", step=row["name"])


def test_when_the_lesson_is_over_marking_comes_first_then_debrief_and_files():
    room = begun("explain").answers("p0", {"why-sum": WROTE}).must(TEACHER, "end").room
    pages = [one["page"] for one in now.advice(room) if one["page"]]
    assert pages == ["progress", "debrief", "home"]


def test_whoever_follows_the_advice_after_the_lesson_shows_teams_their_marks():
    room = begun("explain").answers("p0", {"where-dx-works": "tools"}).must(TEACHER, "end")
    assert sight(room.room, "p0", marks(room.room))["marks"] is None
    for one in now.advice(room.room):
        if one["act"]:
            room.must(TEACHER, one["act"], **one["body"])
    assert sight(room.room, "p0", marks(room.room))["marks"]["total"] > 0


@pytest.mark.parametrize(
    ("step", "handed", "told"),
    [("read", False, "none"), ("predict", False, "work"), ("predict", True, "handed")],
)
def test_what_a_team_does_in_a_step_is_one_word(step, handed, told):
    room = begun(step)
    if handed:
        room.must("p0", "hand in", done=True)
    assert now.now_view(room.room)["teams"][0]["state"] == told


def test_the_qr_code_in_the_page_is_the_one_of_the_address_with_the_code():
    view = now.join_view("http://10.0.0.7:8765", "ABCD123", local=False)
    assert (view["address"], view["code"]) == ("10.0.0.7:8765", "ABCD 123")
    made = segno.make("http://10.0.0.7:8765/join?code=ABCD123", micro=False)
    dark = {tuple(map(int, one.split("h")[0].split())) for one in view["qr"]["path"].split("M")[1:]}
    n = view["qr"]["size"]
    drawn = [[int((x, y) in dark) for x in range(n)] for y in range(n)]
    assert np.array_equal(drawn, [list(row) for row in made.matrix_iter(border=4)])


# ------------------------------------------------------------------------ progress and marking


def test_the_grid_says_of_every_team_and_question_what_is_there_and_what_waits():
    room = begun("predict").answers("p0", {"sum": "leaves", "gain": 10}).next().next().next()
    room.answers("p0", {"why-sum": WROTE}).must(TEACHER, "end")
    view = grid.grid_view(room.room)
    asked = [column["name"] for column in view["columns"]]
    cells = {row["team"]: dict(zip(asked, row["cells"], strict=True)) for row in view["rows"]}
    assert {q for q, cell in cells["Red"].items() if cell == "done"} == {"sum", "gain"}
    assert {q for q, cell in cells["Red"].items() if cell == "wait"} == {"why-sum"}
    assert set(cells["Blue"].values()) == {"missing"}
    assert view["waiting"] == 1


def test_each_team_that_answered_stands_at_one_bar_and_options_that_nobody_chose_are_there():
    room = taught().room
    for _, question in grid.asked(room):
        if question.by_hand or question.several:
            continue
        rows = grid.bars(room, question, None)
        teams = [team for row in rows for team in row["teams"]]
        there = [team for team in room.teams if (team, question.name) in room.answers]
        assert sorted(teams) == sorted(there)
        if question.kind == "choice":
            assert [row["text"] for row in rows] == [option.text for option in question.options]


def test_of_several_that_may_be_right_every_option_counts_for_itself():
    room, question = taught().room, lesson().question("losers")
    teams = {row["text"]: row["teams"] for row in grid.bars(room, question, None)}
    assert teams["Poland GMLRS"] == ["Red"]
    assert teams["United States Javelin"] == ["Blue"]


def test_bars_say_right_and_wrong_as_the_marks_do():
    room = taught().room
    for _, question in grid.asked(room):
        for bar in grid.bars(room, question, found()):
            for team in bar["teams"]:
                row = row_of(found().team(team).rows, question.name)
                assert question.several or bar["tag"] == grid.earned(row.share)


def test_marks_of_an_answer_that_was_changed_since_are_not_shown_for_the_new_one():
    room = begun().answers("p0", {"sum": "leaves"})
    old = marks(room.room)
    room.answers("p0", {"sum": "raises"})
    assert {bar["tag"] for bar in grid.bars(room.room, lesson().question("sum"), old)} == {""}


def test_mistakes_stand_at_their_question_with_the_teams_and_why():
    view = grid.answers_view(taught().room, found())
    wrong = view["sum"]["mistakes"]
    assert [one["teams"] for one in wrong] == [["Blue"]]
    assert "rockets with DX" in wrong[0]["why"]
    assert not grid.answers_view(taught().room, None)["sum"]["right"]


def test_reasonings_can_be_marked_once_their_step_is_closed_and_a_suggestion_ticks_nothing():
    room = begun("explain").answers("p0", {"why-sum": WROTE})
    assert marking.marking_view(room.room) == {"rows": [], "later": 1}
    row = marking.marking_view(room.must(TEACHER, "end").room)["rows"][0]
    assert row["suggested"]
    assert row["ticked"] is None
    assert marking.waiting(room.room) == [("Red", "why-sum")]
    room.must(TEACHER, "mark", team="Red", question="why-sum", points=[])
    assert marking.marking_view(room.room)["rows"][0]["ticked"] == []
    assert marking.waiting(room.room) == []


def test_ticks_of_other_teams_are_shown_beside_and_are_not_the_instructors():
    room = begun("explain").answers("p0", {"why-sum": WROTE}).must(TEACHER, "end")
    room.must("p1", "tick", team="Red", question="why-sum", points=[1])
    row = marking.marking_view(room.room)["rows"][0]
    assert row["ticked"] is None
    assert row["others"] == [{"by": "Another team", "points": [1]}]


def test_the_desk_says_how_everybody_stands_and_is_empty_where_nobody_sat():
    rows = grid.desk_view(taught().room)
    assert [(row["team"], row["cases"], row["percent"]) for row in rows][1:] == [("Red", 1, 100)]
    assert rows[0]["team"] == "Blue"
    assert rows[0]["percent"] < 100
    assert rows[0]["weakest"] in PARTS.values()
    assert grid.desk_view(begun().room) == []


# ------------------------------------------------------------------------------- the debrief


@cache
def worked_out():
    room = taught().room
    item = pictures.first_item(room)
    of = work.played_so_far(room)
    return {
        piece: pickle.loads(pickle.dumps(work.work(piece, of)))
        for piece in pictures.pieces(room, item, work.NOTHING)
    }


def test_what_other_processes_are_given_can_be_sent_to_them():
    room = taught().room
    sent = pickle.loads(pickle.dumps(work.played_so_far(room)))
    assert sent.lesson.digest == room.lesson.digest
    assert [game.identity for game in sent.games.values()] == [
        g.identity for g in room.games.values()
    ]


def test_slides_come_in_order_and_say_what_happened_by_the_model():
    room = taught().room
    slides = pictures.slides(room, found(), worked_out())
    asked = [q for q in room.lesson.questions if q.aspect == "prediction"]
    assert [slide["title"] for slide in slides] == [q.text for q in asked]
    assert all(slide["ready"] for slide in slides)
    for slide, question in zip(slides, asked, strict=True):
        assert slide["right"] == row_of(found().teams[0].rows, question.name).right
    happened = [bar["text"] for bar in slides[2]["bars"] if bar["tag"] == "happened"]
    assert ", ".join(happened) == slides[2]["right"]
    assert slides[1]["line"]["right"]["value"] == pytest.approx(1652, abs=1)


def test_a_slide_of_a_step_that_is_open_holds_no_answer():
    room = begun().answers("p0", GOOD).answers("p1", BAD)
    for slide in pictures.slides(room.room, marks(room.room), worked_out()):
        assert slide["open"]
        assert not {"right", "why", "bars", "rows", "line"} & slide.keys()


def test_no_name_of_a_person_is_in_the_debrief():
    room, got = taught().room, worked_out()
    item = pictures.first_item(room)
    whole = [pictures.slides(room, found(), got), pictures.worth_view(room, got),
             pictures.paths_view(got["paths", item]), pictures.chain_view(got, "")]  # fmt: skip
    text = json.dumps(whole)
    assert not [one.name for one in room.members.values() if one.name in text]


def test_paths_are_those_of_the_games_and_teams_with_one_path_share_a_line():
    room, item = taught().room, pictures.first_item(taught().room)
    view = pictures.paths_view(worked_out()["paths", item])
    played = debrief.paths(room, item)
    assert view["plain"] == list(played.plain)
    assert sorted(t for line in view["teams"] for t in line["teams"]) == sorted(room.teams)
    for line in view["teams"]:
        assert all(list(played.teams[team]) == line["path"] for team in line["teams"])
    assert len(view["teams"]) == len(set(played.teams.values()))


def test_every_decision_of_every_team_is_weighed_and_who_decided_nothing_has_none():
    room = taught().room
    view = pictures.worth_view(room, worked_out())
    made = {row["team"]: len(row["made"]) for row in view["rows"]}
    assert made == {"Red": 2, "Blue": 1, "Idle": 0}
    assert view["ready"]
    names = {figure["text"] for figure in view["figures"]}
    assert all(set(m["figures"]) <= names for row in view["rows"] for m in row["made"])
    assert not pictures.worth_view(room, {})["ready"]


def test_the_chain_ends_at_one_root():
    chain = pictures.chain_view(worked_out(), work.NOTHING)
    assert chain["error"] == ""
    assert [step["root"] for step in chain["steps"]].count(True) == 1
    assert chain["steps"][-1]["root"]
    assert pictures.chain_view(worked_out(), "Red") is None


def test_nothing_is_worked_out_before_a_step_with_predictions_is_closed():
    room = begun().room
    assert pictures.pieces(room, "gmlrs", "") == []
    assert pictures.pieces(begun("decide").room, "gmlrs", "") == [pictures.FACTS]


# -------------------------------------------------------------------------- league and files


def test_teams_with_equal_marks_share_a_place_in_the_league():
    room = Class(("Red", "Blue", "Idle")).begin("predict").answers("p0", GOOD).room
    rows = league_view(room, marks(room))["rows"]
    assert [(row["rank"], row["shared"]) for row in rows] == [(1, False), (2, True), (2, True)]
    assert rows[0]["team"] == "Red"
    assert league_view(room, None)["rows"] == []


def test_a_team_that_nobody_ever_joined_is_in_no_league_count_or_statement():
    room = Class(("Red", "Blue", "Empty"), [("a", "Red", ""), ("b", "Blue", "")]).begin("predict")
    room.answers("a", GOOD).answers("b", BAD).must(TEACHER, "remove", member="b").next()
    room.set("a", *TOOLS).next().must(TEACHER, "end")
    value, marked = room.room, marks(room.room)
    assert {row["team"] for row in league_view(value, marked)["rows"]} == {"Red", "Blue"}
    assert grid.answers_view(value, marked)["sum"]["of"] == 2
    assert {slide["of"] for slide in pictures.slides(value, marked, {})} == {2}
    assert [row["team"] for row in pictures.worth_view(value, {})["rows"]] == ["Red", "Blue"]
    scored = [s for s in xapi.statements(value, marked) if s["actor"]["objectType"] == "Group"]
    assert len(scored) == 2


def test_every_file_and_guide_that_is_offered_is_there():
    room = taught().room
    view = takehome.files_view(room, "m")
    made = files(room, found())
    assert {one["name"] for one in view["files"]} <= made.keys()
    pages = [view["guide"], *(s[key] for s in view["students"] for key in ("before", "after"))]
    for href in pages:
        made_by = downloads.guide(room.lesson, href.rpartition("/")[2])
        assert made_by is not None
        assert "</html>" in made_by()
    assert downloads.guide(room.lesson, "student-nobody.html") is None


def test_a_class_is_listed_with_its_codes_and_this_one_is_known():
    head = json.dumps({"title": "Spring", "lesson": "priority", "teams": ["a", "b"]})
    rows = [RoomRow(key, f"CODE{key}12", f"STAF{key}12", "2026-03-01T08:30:00+00:00", head)
            for key in "xy"]  # fmt: skip
    view = takehome.classes_view(rows, "y")
    assert [row["own"] for row in view] == [False, True]
    assert view[0]["teams"] == 2
    assert view[0]["code"] == "CODE x12"
    assert view[0]["staff"] == "/join?code=STAFx12"
    assert view[0]["opened"] == "2026-03-01 08:30"


def test_every_shipped_lesson_is_offered_as_it_reads_and_ones_own_beside_them():
    rows = takehome.lessons_view(replace(lesson(), name="mine", title="Mine", minutes=5))
    assert rows[0] == {"name": "mine", "title": "Mine", "minutes": 5}
    assert {row["name"] for row in rows[1:]} == set(shipped())
    own = next(row for row in rows if row["name"] == lesson().name)
    assert (own["title"], own["minutes"]) == (lesson().title, lesson().minutes)
    assert len(takehome.lessons_view(lesson())) == len(shipped())


def test_a_desk_of_a_class_that_was_deleted_shows_nothing_more(tmp_path, monkeypatch):
    school = School(RoomStore(tmp_path / "classes.sqlite"))
    monkeypatch.setattr(shared, "school", school)
    opened = school.open(lesson(), teams=2)
    member = school.join(opened.code, "Ann", "Team 1").member
    assert shared.look(opened.id, member).person.name == "Ann"
    assert shared.look(opened.id, "nobody") is None
    school.forget(opened.id)
    assert shared.look(opened.id, member) is None
    school.store.close()


def test_files_of_a_class_are_for_who_leads_it_and_for_no_other_token(tmp_path, monkeypatch):
    school = School(RoomStore(tmp_path / "classes.sqlite"))
    monkeypatch.setattr(shared, "school", school)
    one, two = (school.open(lesson(), teams=2) for _ in range(2))
    leader = school.join(one.staff, "Prof", INSTRUCTOR)
    other = school.join(two.staff, "Prof", INSTRUCTOR)
    student = school.join(one.code, "Ann", "Team 1")

    def led(member, *held):
        cookies = {f"seat-{asked}": joined.token for asked, joined in held}
        request = SimpleNamespace(path_params={"member": member}, cookies=cookies)
        return downloads.led(request)

    assert led(leader.member, (leader.member, leader))[0] == one.id
    assert led(leader.member) is None
    assert led(leader.member, (leader.member, student)) is None
    assert led(leader.member, (leader.member, other)) is None
    assert led(student.member, (student.member, student)) is None
    assert led(other.member, (other.member, other))[0] == two.id
    school.store.close()


def test_where_something_befalls_the_teams_it_befalls_the_game_without_decisions_too():
    room = Class(("Red", "Blue"), of="hedge").must(TEACHER, "begin")
    while room.room.now + 1 < len(room.room.lesson.steps):
        room.next()
    of = work.played_so_far(room.room)
    happened = [s.happens for s in of.lesson.steps if s.happens]
    acts = {act for name in happened for act in of.lesson.case(name).acts}
    assert acts
    assert set(of.nothing.interventions) == acts
    assert of.nothing.month == of.games["Red"].month
