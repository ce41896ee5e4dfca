"""What a team's pages show: worked out from its sight alone, in plain words."""

import json
from functools import cache

import pytest
import solara

from mobilize.app.rooms import shared
from mobilize.app.rooms.once import once
from mobilize.app.rooms.team import TEAM_PAGES, TeamPage
from mobilize.app.rooms.teams.given import given
from mobilize.app.rooms.teams.views.briefing import feed_rows, turn_rows
from mobilize.app.rooms.teams.views.foretelling import figure_groups, predicted
from mobilize.app.rooms.teams.views.helping import helped
from mobilize.app.rooms.teams.views.pictures import program_grid, program_picks, tiles
from mobilize.app.rooms.teams.views.planning import (
    begin,
    checklist,
    lever_board,
    lever_state,
    plan_rows,
    soonest,
    taken,
)
from mobilize.app.rooms.teams.views.seats import news, partners, phase_note
from mobilize.app.rooms.teams.views.talking import deal_board, offer_rows, threads
from mobilize.game.game import Game
from mobilize.game.seen import ID, unmapped
from mobilize.rooms.acting import doable
from mobilize.rooms.hall import Hall
from mobilize.rooms.sight import figures_to_predict, menu, play, sight
from mobilize.rooms.store import RoomStore
from mobilize.scenario.load import shipped
from tests.rooms.common import ENEMY, FRONT, GAP, INDUSTRY, US, gap, scenario


@cache
def played():
    """Return a room after two turns in which some things counted and some did not."""
    room = gap(seed=3)
    for turn in range(2):
        room.must("a", "set", lever="dpas-rating", target="us-nsm", value="DX")
        room.must("a", "set", lever="title3-eligible-set", value="all SOSA partners")
        room.must("i", "order", what="hold", target="lockheed-martin", amount=6)
        room.must("a", "predict", kind="delivered", key="pac3-mse", value=100.0, text="guess")
        room.must("a", "say", to=[FRONT], text="a word")
        room.must("u", "say", to=[US], text="another")
        room.must("u", "offer", to=US, terms=[
            {"by": FRONT, "act": "keep output", "target": "ua-155-charge", "amount": 3},
            {"by": US, "lever": "dpas-rating", "target": "us-thaad", "value": "DX"},
            {"by": US, "promise": "a word given"}])  # fmt: skip
        if turn:
            room.must("a", "answer", offer=2, accept=True)
        room.must("w", "grant", seat=US, lever="title3-eligible-set", yes=bool(turn))
        room.turn()
    return room.room


@pytest.fixture
def hall(tmp_path, monkeypatch):
    """Return the hall that this process serves."""
    found = Hall(RoomStore(tmp_path / "rooms.sqlite"))
    monkeypatch.setattr(shared, "hall", found)
    yield found
    found.store.close()


def of(seat):
    return sight(played(), seat)


def test_what_became_of_a_plan_is_told_with_the_rule():
    rows = turn_rows(of(US)["results"], [], [], scenario(GAP))
    assert [r["turn"] for r in rows] == [2, 1]
    counted = [{s["title"].split(" for ")[0] for s in r["counted"]} for r in rows]
    assert all("DPAS rating of a program's orders" in titles for titles in counted)
    assert [len(r["aside"]) for r in rows] == [0, 1]
    assert "did not get it" in rows[1]["aside"][0]["why"]
    mine = turn_rows(of(INDUSTRY)["results"], [], [], scenario(GAP))
    assert mine[0]["done"][0]["title"] == "Hold a firm"
    assert mine[0]["done"][0]["size"] == "6 months"


def test_of_two_words_on_one_lever_the_later_is_told_so():
    room = gap()
    for who in ("a", "s"):
        room.must(who, "set", lever="dpa-modernization", value="on")
    room.turn()
    rows = [sight(room.room, seat)["results"][0] for seat in (US, "diplomacy")]
    assert [[s["why"] for s in r["set_aside"]] for r in rows] == [[], ["first"]]


def test_predictions_come_back_beside_what_came():
    figures = figures_to_predict(played(), US)
    rows = predicted(of(US)["predictions"], figures)
    assert [r["turn"] for r in rows] == [2, 1]
    for row in rows:
        assert row["came"] > 0
        assert row["off"] == (row["came"] - 100) / max(row["came"], 100)
        assert max(row["spots"]) == 1.0
    now = next(f for g in figure_groups(figures) for f in g["figures"] if f["key"] == "pac3-mse")
    assert now["stands"] == rows[0]["came"]


def test_a_talk_is_told_by_whom_it_is_between():
    view = of(US)
    (thread,) = threads(view["messages"], view["seats"], US)
    assert thread["to"] == [FRONT]
    assert thread["title"] == "Front-line ally · Ukraine"
    assert [m["mine"] for m in thread["messages"]] == [True, False] * 2
    assert threads(of(ENEMY)["messages"], view["seats"], ENEMY) == []


def test_an_offer_says_who_gives_what_to_either_side():
    table = played()
    sides = {
        seat: offer_rows(of(seat)["offers"], of(seat)["seats"], seat, of(seat)["room"],
                         scenario(GAP))[0]
        for seat in (US, FRONT)
    }  # fmt: skip
    assert sides[US]["gives"] == sides[FRONT]["gets"]
    assert sides[US]["gets"] == sides[FRONT]["gives"]
    rated = "DPAS rating of a program's orders for United States THAAD: DX"
    assert sides[US]["gives"] == [rated, "a word given"]
    assert sides[FRONT]["gives"][0].endswith("3 months")
    assert sides[US]["state"] == "accepted"
    assert table.offers[0].state == "open"


def test_who_is_there_stands_before_empty_seats():
    rows = partners(of(US)["seats"], US)
    here = [bool(r["people"]) for r in rows if r["plays"]]
    assert here == sorted(here, reverse=True)
    assert US not in {r["id"] for r in rows}
    assert {"white-cell", ENEMY, FRONT} <= {r["id"] for r in rows}


def test_a_first_turn_is_ticked_by_what_was_done():
    room = gap()

    def done():
        member = room.room.members["a"]
        return [r["id"] for r in checklist(sight(room.room, US), member.part) if r["done"]]

    assert done() == []
    for act, body in (
        ("part", {"part": "contracting-officer"}),
        ("set", {"lever": "dpas-rating", "target": "us-nsm", "value": "DX"}),
        ("predict", {"kind": "delivered", "key": "pac3-mse", "value": 1.0}),
        ("say", {"to": [FRONT], "text": "x"}),
        ("submit", {}),
    ):
        before = done()
        room.must("a", act, **body)
        assert len(done()) == len(before) + 1


def test_a_part_of_the_team_keeps_its_levers_from_others_only():
    room = gap()
    room.must("a", "part", part="contracting-officer")
    parts = sight(room.room, US)["you"]["parts"]
    assert taken(parts, "", "groups") == dict.fromkeys(
        ("buying", "title1"), "Contracting officer decides: name of a")  # fmt: skip
    assert taken(parts, "contracting-officer", "groups") == {}


def test_news_count_what_others_did():
    room = gap()
    before = news(sight(room.room, US))
    room.must("a", "say", to=[FRONT], text="mine")
    assert news(sight(room.room, US)) == before
    room.must("u", "say", to=[US], text="theirs")
    room.must("u", "offer", to=US, terms=[{"by": FRONT, "promise": "x"}])
    assert news(sight(room.room, US))["talk"] == before["talk"] + 2
    room.turn()
    assert news(sight(room.room, US))["brief"] == before["brief"] + 1


def test_a_phase_that_is_not_planning_says_what_happens_now():
    room = gap()
    table = lambda: sight(room.room, US)["room"]  # noqa: E731
    assert phase_note(table(), False) is None
    assert phase_note(table(), True)["title"] == "Handed in"
    titles = set()
    for _ in range(3):
        room.must("w", "next")
        titles.add(phase_note(table(), False)["title"])
    assert len(titles) == 3
    assert phase_note({**table(), "left": 0}, False)["title"] == "The game is over"


def test_what_happened_is_told_in_words_with_no_id_of_a_hidden_plant():
    for seat in (US, FRONT, INDUSTRY, ENEMY):
        view = of(seat)
        rows = feed_rows(view["feed"], scenario(GAP))
        assert len(rows) == len(view["feed"])
        assert all(row["text"] and row["chip"] for row in rows)
        hidden = unmapped(play(played().shown).world)
        assert not hidden & set(ID.findall(json.dumps(rows)))


@pytest.mark.parametrize("name", shipped())
def test_every_seat_of_every_scenario_has_its_pages(name, hall):
    opened = hall.open(Game(scenario(name), 1))
    room = hall.behind(opened.code)
    teams = [p.id for p in room.seats if room.role(p.id).plays]
    for n, seat in enumerate(teams[:: max(1, len(teams) // 5)]):
        joined = hall.join(opened.code, f"n{n}", seat)
        look = shared.look(joined.room, joined.member)
        for page in TEAM_PAGES:
            box, context = solara.render(
                TeamPage(joined.room, look, page, print, print), handle_error=False
            )
            assert box.children
            context.close()


def test_tabs_of_a_seat_share_what_they_show(hall):
    opened = hall.open(Game(scenario(GAP), 1))
    looks = []
    for name in ("one", "two"):
        joined = hall.join(opened.code, name, US)
        looks.append((joined.room, shared.look(joined.room, joined.member)))
    first, second = (given(key, look, print, print) for key, look in looks)
    assert first.menu is second.menu
    assert first.figures is second.figures
    assert first.act_rows is second.act_rows
    assert once(lever_board, first.menu, (), first.scenario) is once(
        lever_board, second.menu, (), second.scenario
    )


def test_the_board_begins_with_what_is_suggested_and_has_every_lever_once():
    rows = menu(played(), US)
    some = ("project-start", "dpas-rating")
    board = lever_board(rows, some, scenario(GAP))
    first = board["groups"][0]
    assert (first["id"], board["first"]) == ("first", "first")
    assert [v["name"] for v in first["levers"]] == list(some)
    names = [v["name"] for g in board["groups"] for v in g["levers"]]
    assert sorted(names) == sorted(row["lever"] for row in rows)
    assert lever_board(rows, (), scenario(GAP))["first"] == ""
    for group in board["groups"]:
        assert all(v["aim"] == "" or board["aims"][v["aim"]] for v in group["levers"])


def test_a_first_turn_begins_with_five_levers_of_the_seat_itself_at_most():
    for seat in (US, FRONT, INDUSTRY, ENEMY):
        rows = {r["lever"]: r for r in menu(played(), seat)}
        parts = of(seat)["you"]["parts"]
        some = soonest(list(rows.values()), parts)
        assert len(some) == len(set(some)) <= 5
        assert bool(some) == any(not r["asked"] for r in rows.values())
        assert not any(rows[name]["asked"] for name in some)
        groups = [{rows[n]["group"] for n in some} & set(p["groups"]) for p in parts]
        own = [{r["group"] for r in rows.values() if not r["asked"]} & set(p["groups"])
               for p in parts]  # fmt: skip
        assert all(bool(a) == bool(b) for a, b in zip(groups, own, strict=True))


def test_what_is_suggested_comes_first_and_acts_count_among_the_five():
    rows, parts = menu(played(), US), of(US)["you"]["parts"]
    assert begin((), rows, parts) == soonest(rows, parts)
    some = begin(("pipir-forum", "ask for a loan"), rows, parts)
    assert some[0] == "pipir-forum"
    assert len(some) == 4
    assert set(some) <= {"pipir-forum", *soonest(rows, parts)}


def test_what_stands_from_earlier_turns_is_on_the_board():
    view = of(US)
    state = lever_state(view["plan"], view["results"], view["you"]["parts"], "", False)
    stands = {(s["lever"], s["target"]): s["turn"] for s in state["decided"]}
    assert stands["dpas-rating", "us-nsm"] == 2
    assert stands["title3-eligible-set", "base"] == 2


def test_an_act_that_was_agreed_is_told_beside_those_that_were_planned():
    room = gap()
    room.must("u", "order", what="keep output", target="ua-155-projectile", amount=2)
    terms = [{"by": FRONT, "act": "ask for a loan", "target": "ua-155-projectile", "amount": 0.5}]
    room.must("a", "offer", to=FRONT, terms=terms)
    room.must("u", "answer", offer=1, accept=True).turn()
    view = sight(room.room, FRONT)
    (turn,) = turn_rows(view["results"], [], [], scenario(GAP))
    assert [row["what"] for row in turn["done"]] == ["ask for a loan", "keep output"]


def test_a_plan_tells_what_is_asked_granted_and_agreed():
    room = gap()
    room.must("a", "set", lever="title3-eligible-set", value="all SOSA partners")
    room.must("u", "offer", to=US, terms=[
        {"by": US, "lever": "dpas-rating", "target": "us-thaad", "value": "DX"},
        {"by": US, "lever": "appropriate", "target": "us-thaad", "value": 400}])  # fmt: skip
    room.must("a", "answer", offer=1, accept=True)

    def plan():
        view = sight(room.room, US)
        asked = frozenset(r["lever"] for r in menu(room.room, US) if r["asked"])
        return plan_rows(view["plan"], view["granted"], asked, [], view["offers"], US, 1,
                         scenario(GAP))  # fmt: skip

    assert (plan()["settings"][0]["asked"], plan()["settings"][0]["granted"]) == (True, None)
    assert plan()["agreed"][0]["text"].endswith("THAAD: DX")
    assert [(a["asked"], a["granted"]) for a in plan()["agreed"]] == [(False, None), (True, None)]
    room.must("w", "grant", seat=US, lever="title3-eligible-set", yes=False)
    assert plan()["settings"][0]["granted"] is False
    room.must("w", "grant", seat=US, lever="appropriate", target="us-thaad", yes=True)
    assert [a["granted"] for a in plan()["agreed"]] == [None, True]


def test_a_situation_has_the_figures_of_its_sight():
    view = of(FRONT)
    own = view["world"]["programs"]
    table = program_grid(own, scenario(GAP))
    assert [row[1] for row in table["rows"]] == pytest.approx([r["stock"] for r in own], rel=1e-4)
    for pick in program_picks(own, scenario(GAP)):
        assert len(pick["lines"][0]["values"]) == view["room"]["played"]
    short = sum(r["unmet"] > 0 for r in own)
    assert next(t for t in tiles(view["world"]) if t["id"] == "short")["value"] == short


def test_what_another_seat_can_be_asked_for_follows_from_the_start_alone():
    room = played()
    model = play(room.game.before(0))
    board = deal_board(
        menu(room, INDUSTRY, model), doable(room, INDUSTRY, model), {}, scenario(GAP)
    )
    assert {a["name"] for a in board["acts"]} == {"invest", "close", "hold"}
    assert not unmapped(model.world) & set(ID.findall(json.dumps(board)))


def test_help_names_what_a_seat_decides_and_sees():
    for seat in (US, FRONT, INDUSTRY, ENEMY):
        view = of(seat)
        deeds, levers = doable(played(), seat), menu(played(), seat)
        rows = helped(view["you"], view["world"], list(TEAM_PAGES.values()), levers, deeds)
        assert len(rows["sees"]) == len(view["world"])
        told = [d for d in rows["decides"] if not d.startswith("Levers")]
        assert [d.split(":")[0] for d in told] == [deed["title"] for deed in deeds]
