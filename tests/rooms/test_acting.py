"""What a team is offered to do beside levers it can do: with every target, at every bound."""

from dataclasses import replace

import pytest

from mobilize.game.game import Game, play
from mobilize.game.seen import unmapped
from mobilize.rooms.acting import bounds, doable
from mobilize.rooms.acts import acts
from mobilize.rooms.players import carried_out
from mobilize.rooms.roles import places, roles
from mobilize.rooms.room import Order, found
from mobilize.scenario.load import shipped
from mobilize.world import QUARTER
from tests.rooms.common import Table, scenario


@pytest.mark.parametrize("name", shipped())
def test_every_act_that_is_offered_is_accepted_at_its_bounds(name):
    room = found(Game(scenario(name), 1))
    some = 0
    for place in places(room.game.scenario):
        for row in doable(room, place.id):
            for target in row["targets"]:
                for size in {row["low"], row["high"]} if row["unit"] else {None}:
                    assert carried_out(room, place.id, Order(0, row["name"], target, size, ""))
                    some += 1
    assert some


def test_every_act_of_a_role_has_words():
    assert {act for role in roles().values() for act in role.acts} <= set(acts())


@pytest.mark.parametrize("months", [1, 3, 12])
def test_the_size_that_is_proposed_is_allowed(months):
    for act in acts().values():
        low, high = bounds(act.name, months)
        assert low <= act.usual <= high or not act.unit


def test_no_plant_that_is_not_mapped_is_offered():
    room = found(Game(scenario("industrial-gap"), 1))
    hidden = unmapped(play(room.game).world)
    assert hidden
    offered = {t for row in doable(room, "industry") for t in row["targets"]}
    assert offered
    assert not offered & hidden


@pytest.mark.parametrize("months", [1, 2, 3])
def test_a_seat_asks_for_priority_in_a_month_without_a_round_of_requests(months):
    table = Table(people=(("a", "acquisition"),), months=months)
    for turn in range(2):
        table.must("a", "order", what="ask for priority", target="us-nsm")
        date = table.room.game.date
        table.turn()
        asked = [i for _, i in table.room.play.turns[turn].interventions if i.what != "sit"]
        month = next(i.date for i in asked if i.kind == "act")
        start = table.room.game.scenario.start
        assert date <= month < date + months
        assert (month - start) % QUARTER or months == 1


def test_no_act_of_the_last_turn_falls_after_the_game():
    scenario_ = scenario("industrial-gap")
    table = Table(people=(("a", "acquisition"), ("e", "adversary")), months=12)
    while table.room.game.left > 12:
        table.turn()
    table.room = replace(table.room, months=7)
    table.turn()
    left = table.room.game.left
    assert 0 < left < 7
    assert table.told("e", "order", what="step", target="protest", amount=left)
    table.must("e", "order", what="step", target="protest", amount=left - 1)
    table.must("a", "order", what="ask for priority", target="us-nsm")
    table.turn()
    last = scenario_.start + scenario_.horizon
    assert all(i.date < last for i in table.room.game.interventions)


def _decides(model, firm):
    """Return what of a firm its own rules do not decide."""
    return {what for name, what in model.world.seated if name == firm}


def test_a_firm_held_again_is_held_until_the_later_end():
    table = Table(people=(("i", "industry"),))
    firm = "lockheed-martin"
    held = []
    for months in (6, 6, None, None):
        if months:
            table.must("i", "order", what="hold", target=firm, amount=months)
        table.turn()
        held.append(bool(_decides(play(table.room.game), firm)))
    assert held == [True, True, True, False]  # from 0 to 6, and from 3 to 9: 9 is a new turn


def test_an_act_planned_twice_at_one_target_is_one_act_the_latest():
    table = Table(people=(("u", "front-line:UA"),))
    for amount in (2, 2, 5):
        table.must("u", "order", what="keep output", target="ua-155-projectile", amount=amount)
    (order,) = table.room.draft("front-line:UA").orders
    assert (order.number, order.amount) == (3, 5)


def test_nobody_takes_back_an_act_that_is_anothers_or_stands_in_the_place_of_another():
    table = Table(people=(("u", "front-line:UA"), ("v", "front-line:UA")))
    table.must("u", "order", what="keep output", target="ua-155-projectile", amount=2)
    table.must("u", "part", part="armaments")
    assert "Armaments agency" in table.told("v", "unorder", number=1)
    assert "not in the plan" in table.told("u", "unorder", number=1, target="another")
    table.must("u", "unorder", number=1, target="ua-155-projectile")
    assert not table.room.draft("front-line:UA").orders
