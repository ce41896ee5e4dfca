"""What a team is offered to do beside levers it can do: with every target, at every bound."""

import pytest

from mobilize.game.game import Game, play
from mobilize.game.seen import unmapped
from mobilize.rooms.acting import acts, bounds, doings
from mobilize.rooms.players import carried_out
from mobilize.rooms.roles import places, roles
from mobilize.rooms.room import Order, found
from mobilize.scenario.load import shipped
from tests.rooms.common import scenario


@pytest.mark.parametrize("name", shipped())
def test_every_act_that_is_offered_is_accepted_at_its_bounds(name):
    room = found(Game(scenario(name), 1))
    some = 0
    for place in places(room.game.scenario):
        for row in acts(room, place.id):
            for target in row["targets"]:
                for size in {row["low"], row["high"]} if row["unit"] else {None}:
                    assert carried_out(room, place.id, Order(0, row["name"], target, size, ""))
                    some += 1
    assert some


def test_every_act_of_a_role_is_put_into_words():
    assert {act for role in roles().values() for act in role.acts} == set(doings())


@pytest.mark.parametrize("months", [1, 3, 12])
def test_the_size_that_is_proposed_is_allowed(months):
    for doing in doings().values():
        low, high = bounds(doing.name, months)
        assert low <= doing.usual <= high or not doing.unit


def test_no_plant_that_is_not_mapped_is_offered():
    room = found(Game(scenario("industrial-gap"), 1))
    hidden = unmapped(play(room.game).world)
    assert hidden
    offered = {t for row in acts(room, "industry") for t in row["targets"]}
    assert offered
    assert not offered & hidden
