"""One door into a class: who may do what and when, and what becomes of it."""

import pytest

from mobilize.game.game import play
from mobilize.lessons.classroom import desking
from mobilize.lessons.classroom.accept import KINDS, accept
from mobilize.lessons.classroom.desking import answered, next_case, standings
from mobilize.lessons.classroom.sight import common
from mobilize.lessons.classroom.value import INSTRUCTOR, TEAMS, ClassroomError, found
from mobilize.lessons.desk.solve import solve
from mobilize.rooms.room import Act, Clock, Refusal
from tests.lessons.common import BAD, GOOD, TEACHER, TOOLS, Class, lesson, right_at_the_desk

ESSAY = "why-sum"


def test_a_class_opens_with_teams_by_name_or_number_and_refuses_what_is_wrong():
    assert list(found(lesson(), 3).teams) == ["Team 1", "Team 2", "Team 3"]
    assert found(lesson()).title == lesson().handout
    for teams in ((), 0, TEAMS + 1, ("a", "A "), ("x" * 99,), (INSTRUCTOR,), ("a\x00",)):
        with pytest.raises(ClassroomError, match="team"):
            found(lesson(), teams)
    with pytest.raises(ClassroomError, match="title"):
        found(lesson(), 2, "x" * 999)


def test_people_come_in_by_a_name_of_their_own_into_a_team_that_there_is():
    room = Class()
    join = {"member": "x", "name": "Eve", "team": "Red", "part": "program"}
    for wrong, why in (
        ({"team": "Green"}, "no team"),
        ({"name": " NAME of p0 "}, "another name"),
        ({"part": "admiral"}, "no part"),
        ({"team": INSTRUCTOR}, "no part"),
        ({"name": " "}, "name"),
    ):
        assert why in room.told("system", "join", **join | wrong)
    room.must("system", "join", **join)
    assert "Only the system" in room.told("p0", "join", **join)


def test_an_answer_may_be_changed_until_the_next_step_closes_it():
    room = Class().begin("predict")
    room.answers("p0", {"sum": "raises"}).answers("p0", {"sum": "leaves"})
    assert room.room.answers["Red", "sum"].answer == "leaves"
    room.next()
    assert "closed" in room.told("p0", "answer", question="sum", answer="raises")
    room.must(TEACHER, "reopen", step="predict").answers("p0", {"sum": "raises"})
    room.must(TEACHER, "reveal", step="predict")
    assert "closed" in room.told("p0", "answer", question="sum", answer="leaves")
    assert "shown already" in room.told(TEACHER, "reveal", step="predict")


def test_nothing_is_answered_ahead_before_in_a_pause_or_after_the_end():
    room = Class()
    assert "not begun" in room.told("p0", "answer", question="sum", answer="leaves")
    room.begin("read")
    assert "no question" in room.told("p0", "answer", question="sum", answer="leaves")
    room.next().must(TEACHER, "pause")
    assert "paused" in room.told("p0", "answer", question="sum", answer="leaves")
    room.must(TEACHER, "pause").answers("p0", {"sum": "leaves"}).must(TEACHER, "end")
    assert "over" in room.told("p0", "answer", question="sum", answer="raises")
    assert "over" in room.told(TEACHER, "next")


@pytest.mark.parametrize(
    ("question", "wrong"),
    [
        ("sum", "perhaps"), ("sum", ["leaves"]), ("sum", None), ("sum", {"a": 1}),
        ("gain", "many"), ("gain", True), ("gain", float("inf")), ("gain", 1e99),
        ("losers", "pl"), ("losers", ["pl", "pl"]), ("losers", ["xx"]), ("losers", [["pl"]]),
        ("place", GOOD["place"][:2]), ("place", [*GOOD["place"], "army-do"]), ("place", None),
    ],
)  # fmt: skip
def test_what_is_no_answer_to_a_question_is_refused_in_words(question, wrong):
    room = Class().begin("predict")
    assert room.told("p0", "answer", question=question, answer=wrong)


@pytest.mark.parametrize("wrong", ["x" * 4001, 5, "\x00", ["a"]])
def test_reasoning_is_bounded_text(wrong):
    room = Class().begin("explain")
    assert "allowed" in room.told("p0", "answer", question=ESSAY, answer=wrong)
    binds = {"line": "aerojet-gmlrs-motor"}
    assert "bound" in room.told("p0", "answer", question="binds", answer=binds)
    room.answers("p0", {ESSAY: "Because.\nAnd so.", "binds": binds | {"bound": "equipment"}})


def test_none_of_them_and_never_are_answers():
    room = Class().begin("predict").answers("p0", {"losers": [], "gain": "never"})
    assert room.room.answers["Red", "losers"].answer == []


def test_work_of_a_part_is_of_whoever_has_it_and_of_all_where_nobody_has():
    people = [("a", "Red", "program"), ("b", "Red", "contracts"), ("c", "Blue", "")]
    room = Class(people=people).begin("predict")
    assert "Somebody else" in room.told("a", "answer", question="place", answer=GOOD["place"])
    room.answers("b", {"place": GOOD["place"]}).answers("c", {"place": GOOD["place"]})
    assert room.room.answers["Red", "place"].member == "b"
    assert room.room.answers["Blue", "place"].member == "c"
    room.answers("a", {"sum": "leaves"})
    assert room.room.answers["Red", "sum"].member == ""
    room.next()
    assert "Somebody else" in room.told("a", "set", lever="dpas-rating", target="us-gmlrs",
                                        value="DX")  # fmt: skip


def test_levers_are_set_within_what_the_step_opens_and_can_be_taken_back():
    room = Class().begin("predict")
    rate = {"lever": "dpas-rating", "target": "us-gmlrs", "value": "DX"}
    assert "not open" in room.told("p0", "set", **rate)
    room.next()
    for wrong, why in (
        ({"lever": "sosa-sign", "target": "JP", "value": "on"}, "not open"),
        ({"target": "pl-gmlrs"}, "open here for"),
        ({"value": "unrated"}, "may be set here"),
        ({"lever": "contract-type", "value": "nonsense"}, ""),
        ({"value": [1]}, "value"),
    ):
        assert why in room.told("p0", "set", **rate | wrong)
    room.must("p0", "set", **rate).must("p0", "set", **rate | {"value": "DO"})
    assert [s.value for s in room.room.teams["Red"].draft] == ["DO"]
    room.must("p0", "unset", lever="dpas-rating", target="us-gmlrs")
    assert "not set" in room.told("p0", "unset", lever="dpas-rating", target="us-gmlrs")
    assert room.room.teams["Red"].draft == ()


def test_no_more_levers_are_set_than_a_step_allows_and_one_can_be_changed_for_another():
    room = Class(of="agreements").begin("decide").set("p0", "sosa-sign", "PL", "on")
    room.set("p0", "rdp-mou-sign", "KR", "on").set("p0", "rdp-mou-sign", "KR", "on")
    body = {"lever": "program-office-training", "target": None, "value": "on"}
    assert "take one out" in room.told("p0", "set", **body)
    room.must("p0", "unset", lever="sosa-sign", target="PL").must("p0", "set", **body)
    assert len(room.room.teams["Red"].draft) == 2
    room.must("p1", "set", **body)


def test_every_team_plays_its_own_game_in_the_same_luck_when_the_months_pass():
    room = Class().begin("decide")
    room.set("p0", "project-start", "title3-motor-tooling", "on").set("p0", *TOOLS)
    room.next()
    red, blue = (room.room.teams[name].game for name in ("Red", "Blue"))
    assert (red.month, blue.month) == (36, 36)
    assert (red.seed, red.world) == (blue.seed, blue.world) == (lesson().seed, lesson().world)
    assert [len(game.turns[0].settings) for game in (red, blue)] == [2, 0]
    assert room.room.teams["Red"].draft == ()
    assert "not open" in room.told("p0", "set", lever=TOOLS[0], target=TOOLS[1], value="on")


def test_a_step_taken_by_mistake_is_taken_back_with_the_months_it_played():
    room = Class().begin("decide").set("p0", *TOOLS).must("p0", "hand in", done=True)
    before = room.room
    room.next().must(TEACHER, "back")
    assert room.room.teams == before.teams
    assert room.room.step == before.step
    assert (room.room.locked, room.room.before) == (before.locked, before.before)
    room.set("p0", "dpas-rating", "us-gmlrs", "DX").next()
    assert len(room.room.teams["Red"].game.turns[0].settings) == 2
    first = Class().must(TEACHER, "begin")
    assert "first step" in first.told(TEACHER, "back")


def test_a_team_hands_in_and_takes_it_back():
    room = Class().begin("predict").must("p0", "hand in", done=True)
    assert room.room.teams["Red"].handed == {"predict"}
    room.must("p0", "hand in", done=False)
    assert not room.room.teams["Red"].handed


def test_the_clock_runs_stands_in_a_pause_and_can_be_given_minutes():
    room = Class().begin("predict")
    left = room.room.clock.remaining(room.now)
    assert left == 60 * room.room.step.minutes
    room.must(TEACHER, "pause")
    stood = room.room.clock.remaining(room.now)
    room.now += 500
    assert room.room.clock.remaining(room.now) == stood
    room.must(TEACHER, "minutes", minutes=5)
    assert room.room.clock.remaining(room.now) == stood + 300
    room.must(TEACHER, "pause")
    room.now += 100
    assert room.room.clock.remaining(room.now) == stood + 200
    room.must(TEACHER, "minutes", minutes=-600)
    assert room.room.clock.remaining(room.now) == 0
    assert "'minutes'" in room.told(TEACHER, "minutes", minutes=1e9)


def test_what_is_pressed_twice_or_by_two_instructors_happens_once():
    room = Class().begin("predict")
    room.must(TEACHER, "next", step="predict")
    assert "another step by now: 'One decision'" in room.told(TEACHER, "next", step="predict")
    room.must(TEACHER, "back", step="decide")
    assert "another step" in room.told(TEACHER, "back", step="decide")
    assert "another step" in room.told(TEACHER, "end", step="decide")
    room.must(TEACHER, "pause", phase="work")
    assert "is paused already" in room.told(TEACHER, "pause", phase="work")
    room.must(TEACHER, "pause", phase="paused")
    assert "goes on already" in room.told(TEACHER, "pause", phase="paused")
    room.must(TEACHER, "end", step="predict")


def test_what_need_not_be_said_may_be_left_out():
    room = Class().begin("predict").must("system", "join", member="n", name="Nia", team="Red")
    room.must(TEACHER, "reveal").must(TEACHER, "reopen")
    room.must(TEACHER, "move", member="n", team="Blue")
    room.must(TEACHER, "next")
    assert "is open here for" in room.told("n", "set", lever="project-start", value="on")


def test_homework_runs_by_no_clock_in_any_step_pause_or_step_back():
    room = Class(of="assumptions").must(TEACHER, "begin")
    for act in ("next", "pause", "pause", "next", "back"):
        room.must(TEACHER, act)
        assert room.room.clock == Clock()
        assert not common(room.room)["timed"]
    assert "no clock" in room.told(TEACHER, "minutes", minutes=5)
    assert room.send("p0", "answer", question="worth", answer=700)


def test_the_instructor_moves_people_and_sends_them_out():
    room = Class().begin("predict").answers("p0", {"sum": "leaves"})
    room.must(TEACHER, "move", member="p0", team="Blue", part="partners")
    assert room.room.members["p0"].team == "Blue"
    assert room.room.answers["Red", "sum"].answer == "leaves"  # a team keeps what was answered
    assert "team to team" in room.told(TEACHER, "move", member=TEACHER, team="Red", part="")
    assert "this id" in room.told(TEACHER, "move", member="zz", team="Red", part="")
    assert "yourself" in room.told(TEACHER, "remove", member=TEACHER)
    room.must(TEACHER, "remove", member="p1")
    assert "join it again" in room.told("p1", "answer", question="sum", answer="leaves")
    room.must("system", "join", member="p9", name="name of p1", team="Blue", part="")


def test_rubrics_are_ticked_when_the_step_is_closed_and_only_the_instructors_ticks_count():
    room = Class().begin("explain").answers("p0", {ESSAY: "Because."})
    ticks = {"team": "Red", "question": ESSAY, "points": [0, 2, 2]}
    assert "still open" in room.told("p1", "tick", **ticks)
    room.must(TEACHER, "reveal", step=None)
    for wrong, why in (
        ({"points": [9]}, "3 points"),
        ({"question": "sum"}, "no rubric"),
        ({"team": "Green"}, "no team"),
        ({"points": [-1]}, "points"),
    ):
        assert why in room.told("p1", "tick", **ticks | wrong)
    room.must("p1", "tick", **ticks).must("p0", "tick", **ticks | {"points": [1]})
    room.must(TEACHER, "mark", **ticks).must(TEACHER, "mark", **ticks | {"points": [0]})
    found = {(m.by, m.who): m.points for m in room.room.markings}
    assert found == {("peer", "p1"): (0, 2), ("self", "p0"): (1,), ("instructor", TEACHER): (0,)}


def test_at_the_desk_all_get_the_same_cases_in_one_order_and_the_first_answer_counts():
    room = Class().begin("predict")
    assert next_case(room.room, "p0", 2) == next_case(room.room, "p1", 2)
    first = right_at_the_desk(room.room, "p0", 2)
    room.must("p0", "desk", level=2, number=0, answer=first)
    assert next_case(room.room, "p0", 2) != next_case(room.room, "p1", 2)
    again = {"level": 2, "number": 0, "answer": first}
    assert "number 1" in room.told("p0", "desk", **again)
    for wrong in ({"answer": {}}, {"answer": 5}, {"level": 9}, {"number": True}):
        assert room.told("p1", "desk", **again | wrong)
    room.must("p1", "desk", level=2, number=0, answer={"decision": "carry on"})
    shares = [one.marked.share for one in answered(room.room)]
    assert shares[0] == 1.0
    assert shares[1] < 0.5
    told = [(one.member, one.cases, one.mean, one.weakest) for one in standings(room.room)]
    assert told[0] == ("p0", 1, 1.0, "")
    assert told[1] == ("p1", 1, shares[1], told[1][3])
    assert told[1][3]


def test_a_case_that_a_whole_class_answers_is_solved_once(monkeypatch):
    solved = []
    monkeypatch.setattr(desking, "solve", lambda case: solved.append(case.id) or solve(case))
    desking._solved.cache_clear()
    room = Class(("Red", "Blue"), [(f"p{n}", "Red", "") for n in range(20)])
    for n in range(20):
        room.must(f"p{n}", "desk", level=2, number=0, answer={"decision": "accept"})
        standings(room.room)
    assert solved == [desking.case_of(room.room, 2, 0).id]


def test_teams_cannot_lead_and_the_instructor_cannot_answer():
    room = Class().begin("predict")
    for kind, one in KINDS.items():
        who = {"teams": TEACHER, "instructor": "p0", "system": "p0"}[one.who]
        assert f"Only the {one.who}" in room.told(who, kind)


def test_the_same_act_sent_again_is_known_and_one_out_of_order_refused():
    room = Class().begin("predict").answers("p0", {"sum": "leaves"})
    again = Act("answer", {"question": "sum", "answer": "leaves"}, 1)
    told = accept(room.room, "p0", again, room.now)
    assert isinstance(told, Refusal)
    assert told.known
    assert "another window" in room.told("p0", "answer", sequence=7, question="sum",
                                         answer="leaves")  # fmt: skip
    assert "no act" in room.told("p0", "dance")
    assert "too long" in room.told("p0", "answer", question="sum", answer="x" * 30_000)


def test_the_lesson_goes_step_by_step_and_no_further_than_its_end():
    room = Class()
    room.must(TEACHER, "begin")
    assert "under way" in room.told(TEACHER, "begin")
    assert "no step" in room.told(TEACHER, "reveal", step="predict")
    for _ in lesson().steps[1:]:
        room.next()
    assert "last step" in room.told(TEACHER, "next")
    assert room.room.locked == {step.name for step in lesson().steps[:-1]}
    room.must(TEACHER, "end")
    assert room.room.locked == {step.name for step in lesson().steps}


def test_a_class_that_is_full_of_acts_can_still_be_led_to_its_end(monkeypatch):
    room = Class().begin("predict")
    monkeypatch.setattr("mobilize.lessons.classroom.accept.MOST", len(room.room.log))
    assert "at most" in room.told("p0", "answer", question="sum", answer="leaves")
    room.must(TEACHER, "end").must(TEACHER, "reveal", step="predict").join("late", "Red")


def test_time_never_goes_back():
    room = Class().begin("predict")
    room.now = 0.0
    room.answers("p0", BAD)
    times = [entry.at for entry in room.room.log]
    assert times == sorted(times)


def test_what_a_step_says_happens_befalls_every_team():
    room = Class(of="hedge").begin("see")
    denial = lesson("hedge").case("denial").acts
    assert denial
    assert {game.interventions for game in room.room.games.values()} == {denial}
    struck = [d for d in play(room.room.games["Red"]).decisions if d.why == denial[0].why]
    assert struck


def test_a_team_gives_out_no_more_money_than_a_step_has():
    room = Class(of="four-paths").begin("choose")

    def giving(target, value):
        return {"lever": "appropriate", "target": target, "value": value}

    room.must("p0", "set", **giving("partner-fms", 30))
    room.must("p0", "set", **giving("partner-idle", 30))
    told = room.told("p0", "set", **giving("partner-dcs", 30))
    assert "makes 90 million dollars; your team has 60" in told
    assert "makes 90" in room.told("p0", "set", **giving("partner-fms", 60))
    room.must("p0", "unset", lever="appropriate", target="partner-idle")
    room.must("p0", "set", **giving("partner-fms", 60))


def test_a_project_that_is_begun_by_name_counts_with_its_cost():
    room = Class(of="ramp").begin("decide")
    room.must("p0", "set", lever="project-start", target="hall", value="on")
    rounds = {"lever": "appropriate", "target": "army", "value": 12}
    assert "makes 24 million dollars; your team has 12" in room.told("p0", "set", **rounds)
    room.must("p0", "unset", lever="project-start", target="hall").must("p0", "set", **rounds)
