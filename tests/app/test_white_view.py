"""What the white cell and the watchers are shown: in words, whole, and of each only its own."""

from __future__ import annotations

import json
from functools import cache

import pytest

from mobilize.app.rooms.downloads import FILES, File, may_have, report_of
from mobilize.app.rooms.watch import for_wall, picture, team_rows
from mobilize.app.rooms.white.after import decision_page, decision_rows
from mobilize.app.rooms.white.control import asked_rows, people_rows, seat_rows, to_do, turn_rows
from mobilize.app.rooms.white.effects import effect_kinds, targets_of
from mobilize.app.rooms.white.events import event_rows, pending_rows, told_rows
from mobilize.app.rooms.white.log import Told, log_page
from mobilize.app.rooms.white.planning import acts_of, aims_of, lever_groups, plan_told
from mobilize.app.rooms.white.rulings import (
    challenger_told,
    move_rows,
    outcome_rows,
    override_rows,
    override_targets,
    promise_rows,
    trouble_rows,
)
from mobilize.app.rooms.white.talk import message_rows, offer_rows
from mobilize.app.rooms.white.whatif import compared, what_if
from mobilize.app.rooms.white.world import PARTS, parts_of
from mobilize.game.interventions import faults_of
from mobilize.game.telling import names_of
from mobilize.interventions import Intervention
from mobilize.rooms.accept import KINDS
from mobilize.rooms.acted import act_told
from mobilize.rooms.decided import decided, without
from mobilize.rooms.roles import WHITE_CELL
from mobilize.rooms.sight import sight
from mobilize.rooms.told import (
    done_told,
    effect_told,
    feed_told,
    order_told,
    seat_name,
)
from mobilize.scenario import load, shipped
from tests.rooms.common import ALLY, FRONT, STATE, US, WHITE, gap, quick

FILTER = {"kind": "", "seat": "", "turn": "", "text": "", "page": 0}


@cache
def played():
    """Return a room of the largest scenario in which everything happened once."""
    t = gap()
    t.must("a", "set", lever="title3-appropriation", target="base", value=400)
    t.must("a", "move", text="We ring the prime")
    t.must("a", "say", to=[ALLY], text="Can you lend us twenty?")
    t.must("a", "offer", to=ALLY, text="", terms=[{"by": ALLY, "promise": "We keep it open"}])
    t.must("j", "answer", offer=1, accept=True)
    t.must("a", "predict", kind="metric", key="fires", value=30, text="more stock")
    t.must("j", "order", what="lend", target="us-tomahawk", amount=0.2, why="they ask")
    t.must("a", "submit")
    t.must("w", "timer", do="set", seconds=600)
    t.must("w", "event", do="fire", event="booster-fire")
    t.must("w", "event", do="skip", event="norway-first", why="too much")
    lines = targets_of(t.room.game.scenario, "line")
    line = next(x["id"] for x in lines if x["name"] == "PAC-3 MSE interceptor, Camden, Arkansas")
    effect = {"what": "outage", "target": line, "amount": 0.9, "delay": 1}
    t.must("w", "rule", move=1, text="It halts", effects=[effect])
    moved = {"what": "licence_time", "how": "scale", "target": "JP", "amount": 0.5, "months": 6}
    t.must("w", "inject", to=["all"], title="Tokyo", text="Licences go faster", effects=[moved])
    t.must("w", "veto", why="not yet")
    t.must("w", "mindset", mindset="fearful", why="a change")
    t.must("w", "say", to=["all"], text="Five minutes")
    for _ in range(3):
        t.must("w", "next")
    t.must("w", "override", what="stock", target="us-tomahawk", amount=900, why="found")
    t.must("w", "judge", promise=1, kept=False)
    return t.room


@cache
def seen():
    return sight(played(), WHITE)


# ------------------------------------------------------------------------------ what to do now


def test_after_the_last_turn_of_a_session_the_debrief_comes_though_the_scenario_goes_on():
    t = quick()
    for _ in range(3):
        t.must("w", "next")
    assert t.room.phase == "brief"
    last, earlier = (to_do(sight(t.room, WHITE), turns) for turns in (1, 2))
    assert last["press"] == ""
    assert "debrief" in last["text"]
    assert last["rows"][0]["page"] == "after"
    assert earlier == to_do(sight(t.room, WHITE))
    assert earlier["press"] == "Next turn"


def test_what_a_seat_gives_or_withholds_is_told_with_who_gets_it():
    names = names_of(load("industrial-gap"))
    told = {act: order_told(names, act, "ua-155-projectile", 0.5) for act in ("lend", "give")}
    assert told["lend"] == "lends stock to Ukraine 155 mm projectiles (allied supply), 50%"
    assert told["give"].startswith("gives stock to")
    assert order_told(names, "withhold", "ua-155-projectile", 3.0) == (
        "lets nothing leave for Ukraine, 3 months"
    )
    held = Intervention(0, "sit", "lockheed-martin", "invest", who="lockheed-martin")
    assert (
        done_told(gap().room, held) == "Lockheed Martin neither expands nor leaves by its own rule"
    )


def test_in_every_phase_one_sentence_says_what_to_do_and_which_button_to_press():
    t, told = gap(), []
    for press in ("Lock plans", "Resolve turn", "Begin brief", "Next turn"):
        now = to_do(sight(t.room, WHITE))
        assert now["press"] == press
        told.append(now["text"])
        t.must("w", "next")
    assert len(set(told)) == 4
    assert all(told)


def test_whoever_has_not_handed_in_is_named_and_nobody_afterwards():
    t = quick()
    assert "Waiting for" in to_do(sight(t.room, WHITE))["text"]
    for who in ("a", "s", "i", "c"):
        t.must(who, "submit")
    text = to_do(sight(t.room, WHITE))["text"]
    assert "Every team has handed in" in text


def test_without_any_team_it_says_that_the_game_may_begin_all_the_same():
    from tests.rooms.common import QUICK, Table

    assert "you may begin" in to_do(sight(Table(QUICK).room, WHITE))["text"]


def test_what_waits_leads_to_the_page_on_which_it_is_done():
    t = gap()
    t.must("a", "move", text="We ring the prime")
    rows = to_do(sight(t.room, WHITE))["rows"]
    assert rows == [{"page": "rulings", "text": "1 move in words to rule on"}]


def test_seats_with_people_come_first_with_the_size_of_their_plans():
    t = gap()
    t.must("a", "set", lever="title3-appropriation", value=400)
    t.must("w", "stand-in", seat=STATE, on=True)
    rows = seat_rows(sight(t.room, WHITE))
    assert len(rows) == len(t.room.seats)
    by = {row["id"]: row for row in rows}
    assert by[US]["levers"] == 1
    assert by[STATE]["stand_in"]
    assert [bool(row["people"]) for row in rows] == sorted(bool(r["people"]) for r in rows)[::-1]
    assert {p["name"] for p in people_rows(sight(t.room, WHITE))} == {
        m.name for m in t.room.members.values()
    }


def test_what_is_asked_is_told_in_words_with_the_word_on_it_so_far():
    t = gap()
    group = next(
        x for g in lever_groups(t.room, US) for x in g["levers"] if x["title"].endswith("(asks)")
    )
    value = {"switch": "on"}.get(group["setting"], group["values"][-1])
    t.must("a", "set", lever=group["id"], target=group["targets"][0], value=value)
    scenario = t.room.game.scenario
    row = asked_rows(scenario, t.room, sight(t.room, WHITE)["world"]["all"]["asked"])[0]
    assert (row["yes"], row["said"]) == (True, False)
    t.must("w", "grant", seat=US, lever=row["lever"], target=row["target"], yes=False, why="no")
    row = asked_rows(scenario, t.room, sight(t.room, WHITE)["world"]["all"]["asked"])[0]
    assert (row["yes"], row["said"]) == (False, True)
    assert row["who"] == "US acquisition"


def test_every_resolved_turn_can_be_gone_back_to_the_latest_first():
    t = quick()
    assert turn_rows(t.room) == []
    t.turn().turn()
    assert [row["turn"] for row in turn_rows(t.room)] == [2, 1]


# ------------------------------------------------------------------------------ planning for a seat


def test_what_the_white_cell_can_plan_for_a_seat_is_what_the_seat_accepts():
    t = quick()
    groups = lever_groups(t.room, US)
    lever = next(x for g in groups for x in g["levers"] if x["setting"] == "switch")
    aim = aims_of(t.room, groups, lever["id"])[0]["id"]
    t.must("w", "set", lever=lever["id"], target=aim, value="on", seat=US)
    plan = plan_told(t.room, t.room.draft(US))
    assert [row["lever"] for row in plan["levers"]] == [lever["id"]]


@pytest.mark.parametrize("seat", [US, STATE, "industry", ALLY, FRONT, "neutral:CH", "adversary"])
def test_every_act_offered_for_a_seat_is_accepted_at_its_least_size(seat):
    t = gap()
    for row in acts_of(t.room, seat):
        size = {"amount": row["low"]} if row["high"] > row["low"] else {}
        at = row["targets"][0]["id"]
        t.must("w", "order", what=row["id"], target=at, seat=seat, **size)


# ------------------------------------------------------------------------------ events


def test_an_event_stands_in_words_with_what_is_planned_for_it():
    t = gap()
    rows = {r["id"]: r for r in event_rows(t.room, sight(t.room, WHITE)["world"]["all"]["events"])}
    assert all(r["open"] and r["state"] == "to come" for r in rows.values())
    assert rows["booster-fire"]["effects"][0].startswith("Fire or explosion at a plant: ")
    t.must("w", "event", do="fire", event="booster-fire")
    rows = {r["id"]: r for r in event_rows(t.room, sight(t.room, WHITE)["world"]["all"]["events"])}
    assert rows["booster-fire"]["state"] == "fires in the coming turn"
    assert not rows["booster-fire"]["open"]
    assert [p["text"] for p in pending_rows(t.room)] == ["fire the event Fire at Elkton"]
    t.must("w", "cancel", number=1)
    assert pending_rows(t.room) == []


def test_fired_and_skipped_events_are_done_and_what_was_told_stands_the_latest_first():
    room = played()
    rows = {r["id"]: r for r in event_rows(room, seen()["world"]["all"]["events"])}
    assert rows["booster-fire"]["state"] == "fired"
    assert rows["norway-first"]["state"] == "skipped"
    told = told_rows(room)
    assert [t["title"] for t in told] == ["Tokyo", "Fire at Elkton"]
    assert told[0]["to"] == "everybody"
    assert "US acquisition" in told[1]["to"]


@pytest.mark.parametrize("name", shipped())
def test_every_effect_offered_can_befall_in_its_scenario(name):
    scenario = load(name)
    for group in effect_kinds(scenario):
        for kind in group["kinds"]:
            what = f"term:{kind['what']}:{kind['how']}" if kind["how"] else kind["what"]
            for form in kind["forms"]:
                at = targets_of(scenario, form["id"])[0]["id"]
                one = Intervention(scenario.start, "befall", at, what, kind["size"], 1)
                assert faults_of(one, scenario) == [], (name, what, at)
                assert effect_told(names_of(scenario), what, at, None, None)


def test_what_a_scenario_lacks_is_not_offered():
    for name in shipped():
        scenario = load(name)
        kinds = [k for g in effect_kinds(scenario) for k in g["kinds"]]
        assert all(targets_of(scenario, f["id"]) for k in kinds for f in k["forms"])
    assert targets_of(load("mrap-2007"), "no such form") == []


# ------------------------------------------------------------------------------ rulings


def test_an_override_stands_with_its_old_value_its_new_one_who_and_why():
    (row,) = override_rows(played())
    assert (row["new"], row["why"], row["who"]) == ("900", "found", "name of w")
    assert row["old"] != row["new"]
    assert row["what"] == "stock, United States Tomahawk"


def test_every_outcome_can_be_looked_up_where_it_may_be_overridden():
    room = played()
    for row in outcome_rows():
        rows = override_targets(room, row["id"])
        assert rows
        assert all(r["name"] and r["old"] == r["old"] for r in rows)
    now = {r["id"]: r["old"] for r in override_targets(room, "stock")}
    assert now["us-tomahawk"] == 900
    assert override_targets(room, "nothing of the sort") == []


def test_moves_without_a_ruling_come_first_and_promises_not_judged_too():
    t = gap()
    for text in ("one", "two"):
        t.must("a", "move", text=text)
    t.must("w", "rule", move=2, text="nothing comes of it")
    assert [m["text"] for m in move_rows(t.room)] == ["one", "two"]
    assert [p["kept"] for p in promise_rows(played())] == [False]


def test_only_a_scenario_with_a_challenger_has_a_mindset_to_set():
    assert challenger_told(quick().room, {"mindset": None, "chosen": []}) is None
    told = challenger_told(played(), seen()["world"]["all"])
    assert told is not None
    assert told["mindset"] == "fearful"


def test_disturbances_are_told_with_the_months_that_are_left():
    rows = trouble_rows(played(), seen()["world"]["all"]["troubles"])
    assert any("Elkton" in row["text"] for row in rows)
    assert all(row["left"] >= 0 for row in rows)


# ------------------------------------------------------------------------------ world, talk, log


@pytest.mark.parametrize("part", list(PARTS))
def test_every_part_of_the_world_is_plain_data_and_can_be_searched(part):
    shown = parts_of(played(), seen(), part, "", 0)
    assert json.loads(json.dumps(shown)) == shown
    assert shown["rows"] or shown["pictures"] or part in ("plans",)
    assert parts_of(played(), seen(), part, "no such words at all", 0)["rows"] == []


@pytest.mark.parametrize("name", ["mrap-2007", "arctic-cutter"])
def test_the_world_stands_also_before_the_first_turn_and_without_a_challenger(name):
    from tests.rooms.common import Table

    room = Table(name).room
    for part in PARTS:
        parts_of(room, sight(room, WHITE), part, "", 0)


def test_every_message_and_offer_is_there_for_the_white_cell():
    rows, place = message_rows(played(), {"seat": "", "text": "", "page": 0})
    assert [r["text"] for r in rows] == ["Five minutes", "Can you lend us twenty?"]
    assert place["matched"] == 2
    rows, _ = message_rows(played(), {"seat": ALLY, "text": "twenty", "page": 0})
    assert [r["to"] for r in rows] == ["Large ally · Japan"]
    (offer,) = offer_rows(played())
    assert offer["terms"] == ["Large ally · Japan promises: We keep it open"]


def test_the_log_holds_every_act_in_words_and_cuts_nothing():
    room = played()
    rows = Told().of(room)
    assert [row["number"] for row in rows] == list(range(1, len(room.log) + 1))
    assert all(row["what"] and row["who"] for row in rows)
    shown, place = log_page(rows, FILTER)
    assert place["matched"] == len(room.log)
    assert shown[0]["number"] == len(room.log)
    why, _ = log_page(rows, FILTER | {"text": "FOUND tomahawk"})
    assert [row["kind"] for row in why] == ["override"]
    turns, _ = log_page(rows, FILTER | {"turn": "1", "kind": "event", "seat": WHITE})
    assert len(turns) == 2


def test_a_log_goes_on_from_where_it_was_put_into_words():
    t, told = quick(), Told()
    first = list(told.of(t.room))
    t.must("a", "note", text="a thought")
    assert told.of(t.room)[: len(first)] == first
    assert told.rows[-1]["what"] == "notes: a thought"


def test_every_kind_of_act_is_told_in_words():
    from mobilize.rooms.acted import ACTS

    assert set(ACTS) == set(KINDS)


def test_everything_done_in_a_turn_and_everything_that_befell_is_told_in_words():
    room = played()
    for turn in room.play.turns:
        assert all(done_told(room, one) for _, one in turn.interventions)
    for row in seen()["feed"]:
        told = feed_told(row, room.game.scenario)
        assert told["what"]
        assert told["month"] == row["month"]


def test_a_seat_is_called_by_its_country_only_where_there_are_several():
    room = played()
    assert seat_name(room, US) == "US acquisition"
    assert seat_name(room, ALLY) == "Large ally · Japan"
    assert act_told(room, "say", {"to": ["all"], "text": "x"}) == "to everybody: x"


# ------------------------------------------------------------------------------ afterwards


def test_a_decision_left_out_is_shown_by_the_figures_that_it_made():
    room = played()
    every = decided(room)
    rows = decision_rows(room, every)
    assert {row["number"] for row in rows} == {one.number for one in every}
    fire = next(r["number"] for r in rows if r["what"] == "fire the event Fire at Elkton")
    one = next(d for d in every if d.number == fire)
    found = compared(room.game, without(room.game, one))
    assert found
    assert [abs(f.share) for f in found] == sorted((abs(f.share) for f in found), reverse=True)
    told = what_if(room.game, without(room.game, one))
    assert json.loads(json.dumps(told)) == told
    assert len(told["dates"]) == room.game.month
    assert told["series"][0]["title"].startswith("M4")  # what changed most is drawn first
    assert told["series"][0]["played"] != told["series"][0]["without"]
    assert compared(room.game, room.game) == []


def test_decisions_can_be_searched():
    room = played()
    rows = decision_rows(room, decided(room))
    shown, place = decision_page(rows, {"text": "override tomahawk", "page": 0})
    assert place["matched"] == len(shown) == 1


def test_a_report_made_in_another_process_is_that_of_the_room_itself():
    from mobilize.game.worth import review
    from mobilize.rooms.file import write_room
    from mobilize.rooms.report.room import room_report_html
    from mobilize.rooms.report.team import team_report_html

    room = quick().turn().room
    found = review(room.game, 1)
    session = write_room(room)
    assert report_of(session, "", room.game, found) == room_report_html(room, found)
    assert report_of(session, US, room.game, found) == team_report_html(room, US, found)


def test_files_of_the_session_are_the_white_cells_and_those_of_a_team_its_own():
    whole = FILES["session.json"]
    own = File("Report", "", "text/html", lambda room, seat: "", of_team=True)
    assert may_have(whole, "", frozenset({WHITE_CELL}))
    assert not may_have(whole, "", frozenset({US}))
    assert not may_have(whole, US, frozenset({US}))
    assert not may_have(whole, "", frozenset())
    assert may_have(own, US, frozenset({US}))
    assert may_have(own, US, frozenset({WHITE_CELL}))
    assert not may_have(own, ALLY, frozenset({US}))
    assert not may_have(own, "", frozenset({US}))


# ------------------------------------------------------------------------------ who watches


def test_the_wall_shows_no_more_than_the_projector_may_see():
    room = played()
    own = sight(room, "projector")
    shown = json.dumps(for_wall(picture(room, room.game.scenario, own)))
    assert "Five minutes" in shown
    assert "Tokyo" in shown
    for secret in ("twenty", "fearful", "We ring the prime", "too much", "900", "Seoul needs"):
        assert secret not in shown
    assert own["world"].keys() == {"public"}


def test_the_wall_cuts_long_lists_and_says_how_much_is_left():
    many = {"wars": [], "unmet": [str(n) for n in range(25)], "made": [{}] * 30, "told": [{}] * 9,
            "spoken": [{}] * 3, "feed": [{}] * 40}  # fmt: skip
    wall = for_wall(many)
    assert len(wall["unmet"]) + wall["more"] == 25
    assert len(wall["spoken"]) == 1
    assert max(len(wall[key]) for key in ("made", "told", "feed")) <= 10


def test_teams_on_the_wall_are_those_in_which_somebody_sits():
    t = quick()
    t.must("a", "submit")
    rows = team_rows(sight(t.room, "projector"))
    assert (rows[0]["id"], rows[0]["submitted"]) == (US, True)
    assert len(rows) == 4
