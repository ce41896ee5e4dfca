"""What a lesson teaches is there in the model, in its own luck and in others."""

from functools import cache

import pytest

from mobilize.lessons.answers import truth
from mobilize.lessons.load import lesson
from mobilize.lessons.measures import read
from mobilize.lessons.worlds import NONE, Bench
from policies.dpas import accepted_order_of_work

LUCKS = (0, 1, 2, 3)


@cache
def known(name, question, world):
    one = lesson(name)
    return truth(Bench(one, None, world), one.question(question))


@pytest.mark.parametrize("world", LUCKS)
def test_dx_moves_rockets_between_buyers_and_not_their_sum(world):
    def get(question):
        return known("priority", question, world)

    assert get("sum").answer == "leaves"
    assert {"pl", "ro", "gb", "fi"} <= set(get("losers").answer)
    gained, of_all = get("gain").figures["difference"], get("sum").figures["difference"]
    assert gained > 1000
    assert abs(of_all) < gained / 4
    assert get("where-dx-works").answer == "tools"
    assert get("binds").answer == {"line": "aerojet-gmlrs-motor", "bound": "equipment"}


def test_the_queue_of_the_taster_is_neither_by_receipt_nor_by_rating_alone():
    q = lesson("priority").question("place")
    answer = known("priority", "place", 0).answer
    assert answer != [q.book[n].id for n in accepted_order_of_work(q.book)]
    assert answer[0] == "urgent-dx"
    assert answer[-1] == "pump-civil"
    assert known("priority", "late", 0).answer == ["pump-civil"]


@pytest.mark.parametrize("world", LUCKS)
def test_charges_set_the_pace_and_only_a_charge_plant_brings_rounds(world):
    assert known("bottleneck", "scarce", world).answer[0] == "charges"
    assert known("bottleneck", "remedy", world).answer == ["charges"]
    assert known("bottleneck", "cheapest", world).answer == "charges"
    assert known("bottleneck", "binds", world).answer["line"] == "valleyfield-charges"
    bench = Bench(lesson("bottleneck"), None, world)
    bodies, charges = (
        read(bench.run(NONE, 36), "delivered", f"us-155-{part}", 24)
        for part in ("projectiles", "charges")
    )
    rounds = known("bottleneck", "rounds", world).answer
    assert charges * 0.99 < rounds < bodies


@pytest.mark.parametrize("world", LUCKS)
def test_a_store_saves_a_denial_that_a_second_source_is_too_late_for(world):
    assert known("hedge", "rank-hedges", world).answer == ["stock-12", "stock-6", "second"]
    behind = known("hedge", "rank-hedges", world).values
    bare = known("hedge", "bare", world).answer
    assert behind["stock-12"] < bare / 4
    assert behind["stock-6"] < bare * 0.6
    assert behind["second"] == pytest.approx(bare, rel=0.01)
    assert known("hedge", "why-late", world).answer == "leaves"
    assert known("hedge", "arrangement", world).answer == "leaves"


@pytest.mark.parametrize("world", LUCKS)
def test_idle_capacity_is_years_ahead_of_a_new_line(world):
    order = known("four-paths", "order", world)
    assert order.answer == ["idle", "dcs", "fms", "line"]
    assert order.values["idle"] < 12
    assert order.values["line"] > 36
    assert known("four-paths", "waits", world).answer == "lowers"
    assert known("four-paths", "who", world).answer == ["fms", "dcs"]


@pytest.mark.parametrize("world", LUCKS[:2])
def test_each_agreement_changes_its_one_thing(world):
    moves = {name: known("agreements", f"{name}-moves", world).answer
             for name in ("sosa", "mou", "ntib", "award")}  # fmt: skip
    assert moves == {
        "sosa": ["honour"],
        "mou": ["considered"],
        "ntib": ["qualifying"],
        "award": ["capacity", "grants"],
    }
    assert known("agreements", "worth-more", world).answer == "training"
    assert known("agreements", "code-adds", world).answer == "raises"


@pytest.mark.parametrize("world", LUCKS[1:])
def test_a_visible_ramp_hurries_the_fearful_and_deters_the_patient(world):
    assert known("ramp", "ramp-fearful", world).answer == "raises"
    assert known("ramp", "ramp-patient", world).answer == "lowers"
    assert known("ramp", "stock-all", world).answer == ["opportunist", "fearful", "patient"]
    assert known("ramp", "truth", world).answer == "leaves"
    assert known("ramp", "seen", world).answer == "lowers"
    assert known("ramp", "word", world).answer == "lowers"


@pytest.mark.parametrize("world", [0, 3])
def test_two_assumptions_drive_the_result_of_the_homework(world):
    found = known("assumptions", "guess-two", world)
    assert found.answer == ["rates", "hire"]
    assert found.values["rates"] > 1.5 * found.values["training"]
    assert found.values["sosa"] == 0  # what has nothing to do with it moves nothing
    assert known("assumptions", "sure-training", world).answer == "notional"
