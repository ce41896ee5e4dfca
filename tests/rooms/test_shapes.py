"""Session shapes open a room of every scenario; first moves are few, allowed and of use."""

from dataclasses import replace
from pathlib import Path

import pytest

from mobilize.game.game import Game
from mobilize.rooms import shapes as module
from mobilize.rooms.acting import doable
from mobilize.rooms.acts import acts
from mobilize.rooms.moves import MOST, first_moves
from mobilize.rooms.paper.plan import by_the_minute
from mobilize.rooms.players import hidden_at_start
from mobilize.rooms.roles import ASKS, WATCHERS, aims, places, roles, word
from mobilize.rooms.room import found
from mobilize.rooms.shapes import ShapeError, fitted, seated, shape, shapes
from mobilize.scenario import shipped
from policies.levers import catalogue
from tests.rooms.common import GAP, QUICK, scenario

every_scenario = pytest.mark.parametrize("name", shipped())
every_shape = pytest.mark.parametrize("kind", list(shapes().values()), ids=list(shapes()))


@every_scenario
@every_shape
def test_a_shape_opens_a_room_that_has_months_for_all_its_turns(name, kind):
    known = scenario(name)
    room = found(Game(known, 1), **fitted(kind, known))
    assert kind.turns * room.months <= known.horizon
    assert 1 <= room.months <= kind.months
    teams = [p.id for p in room.seats if room.role(p.id).plays]
    assert teams == list(seated(kind, known))
    assert len(set(teams)) == len(teams) <= len(kind.seats)
    watch = [p.id for p in room.seats if p.id in WATCHERS]
    assert watch == ([] if kind.alone else list(WATCHERS))
    assert (room.clock.length > 0) == kind.clock


@every_shape
def test_minutes_add_up_and_a_third_looks_back(kind):
    slots = by_the_minute(kind)
    assert sum(slot.minutes for slot in slots) == kind.length
    assert [s.begins for s in slots] == [
        sum(s.minutes for s in slots[:n]) for n in range(len(slots))
    ]
    assert 3 * (kind.turns * kind.brief + kind.debrief) >= kind.length


def test_an_ally_sits_for_a_role_that_a_scenario_does_not_offer():
    kind, known = shape("course"), scenario(QUICK)
    offered = {place.role for place in places(known)}
    assert {"front-line", "adversary"} - offered
    seats = seated(kind, known)
    assert len(seats) == len(kind.seats)
    assert sum(seat.startswith("large-ally") for seat in seats) > kind.seats.count("large-ally")
    assert "adversary" in seated(kind, scenario(GAP))


def test_countries_that_fight_the_wars_of_a_scenario_sit_first():
    known = scenario(GAP)
    owner = dict(zip(known["programs"]["id"], known["programs"]["country"], strict=True))
    fights = {str(owner[use.program]) for use in known.uses}
    sitting = [s for s in seated(shape("course"), known) if s.startswith("front-line:")]
    assert sitting
    assert {s.partition(":")[2] for s in sitting} <= fights


def test_everything_for_which_a_shape_does_not_fit_is_told_at_once():
    short = replace(scenario(QUICK), horizon=3)
    with pytest.raises(ShapeError, match="3 months, too few for 16 turns") as told:
        fitted(replace(shape("two-day"), seats=()), short)
    assert "none of the seats" in str(told.value)
    with pytest.raises(ShapeError, match="allowed: taster, course"):
        shape("nonsense")


def test_a_data_file_of_shapes_tells_everything_that_is_wrong(tmp_path, monkeypatch):
    text = module.FILE.read_text(encoding="utf-8")
    text = text.replace("length = 50", "length = 51").replace('"industry"', '"industri"', 1)
    text = text.replace("staff = 0", "stuff = 0")
    file = tmp_path / "shapes.toml"
    file.write_text(text, encoding="utf-8")
    monkeypatch.setattr(module, "FILE", file)
    with pytest.raises(ShapeError) as told:
        shapes.__wrapped__()
    for part in ("taster: its parts take 50 minutes, its length is 51", "'industri' is no role",
                 "homework: key 'staff'", "homework: key 'stuff'"):  # fmt: skip
        assert part in str(told.value)


@every_scenario
def test_first_moves_are_few_and_the_seats_own_to_decide(name):
    known = scenario(name)
    hidden = hidden_at_start(known)
    for seat in seated(shape("taster"), known):
        place = next(p for p in places(known) if p.id == seat)
        moves = first_moves(known, seat)
        assert 1 <= len(moves) == len(set(moves)) <= MOST
        for move in moves:
            if move in acts():
                assert move in {row["name"] for row in doable(found(Game(known, 1)), seat)}
                assert acts()[move].gentle
            else:
                lever = catalogue()[move]
                assert word(roles()[place.role], lever) not in ("", ASKS)
                assert set(aims(place, lever, known)) - hidden
                assert lever.onset.base <= 12


def test_every_act_of_a_role_has_words():
    assert {act for role in roles().values() for act in role.acts} == set(acts())


@every_shape
def test_the_page_about_rooms_tells_each_shape_as_it_is(kind):
    text = (Path(__file__).parents[2] / "docs/rooms.md").read_text(encoding="utf-8")
    cells = (kind.name, kind.length, kind.turns, kind.plan, kind.brief, kind.debrief,
             kind.practice, len(kind.seats))  # fmt: skip
    assert f"| {' | '.join(map(str, cells))} |" in text
