"""Time to survive and time to recover: exact on small chains, and against simulation."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from experiments.findings.small import at, good, network, plant, program, route
from mobilize.model import Model
from mobilize.network import NONE
from mobilize.physics.recovery import RULES
from mobilize.removal import remove
from mobilize.scenario import load
from mobilize.state import EPS
from mobilize.stress import GROUPS, Survey, UnknownNodeError
from mobilize.synthetic import synthetic
from policies.package import Package

ROOT = Path(__file__).parents[2]
RATE = 100.0
GOODS = [good("kit", "end_item"), good("part"), good("metal", "material")]
CYCLE, TRANSIT, STOCK, KITS = 2, 1, 1, 1  # months: part, way, parts at the buyer, kits in work


def chain(plants=(), routes=(), parts=None, hedge=0.0, items=GOODS, **more):
    """Return kits made of parts, in balance; `plants` and `routes` come in addition."""
    part = {"start_rate": RATE, "cycle": CYCLE} | (parts or {})
    return network(
        "chain",
        items=items,
        plants=[plant("kits", "kit", 500, start_rate=RATE), plant("parts", "part", 500, **part),
                *plants],
        routes=[route("army", "kits"), route("kits", "parts", part.pop("share", 1.0), hedge=hedge),
                *routes],
        programs=[program("army", "kit", RATE, RATE), *more.pop("programs", ())],
        months=60,
        bom=[("kit", "part"), *more.pop("bom", ())],
        **more,
    )  # fmt: skip


def start(scenario):
    model = Model(scenario, panel=True)
    return model, Survey(model.world)


def survives(scenario, *lines):
    _, survey = start(scenario)
    names = survey.world.names.lines
    return survey.stop(np.array([names.index(line) for line in lines], np.int32)).survives


def test_a_chain_survives_as_long_as_its_pipeline_and_stocks():
    bare = CYCLE + TRANSIT + STOCK + KITS + TRANSIT
    assert survives(chain(), "parts") == pytest.approx(bare)
    assert survives(chain(parts={"cover": 1.5}), "parts") == pytest.approx(bare + 1.5)
    assert survives(chain(hedge=3.0), "parts") == pytest.approx(bare + 3.0)
    assert survives(chain(), "kits") == pytest.approx(KITS + TRANSIT)


def test_of_two_buyers_the_one_with_less_stock_fails_first():
    other = {"items": [*GOODS, good("gun", "end_item")], "bom": [("gun", "part")]}
    scenario = chain(
        [plant("guns", "gun", 500, start_rate=50, cycle=3)],
        [route("navy", "guns"), route("guns", "parts", hedge=2)],
        parts={"start_rate": 1.5 * RATE},
        programs=[program("navy", "gun", 50, 50)],
        **other,
    )
    _, survey = start(scenario)
    node = survey.node("parts")
    months = CYCLE + TRANSIT + STOCK + KITS + TRANSIT
    assert (node.program, node.survives) == ("army", pytest.approx(months))
    fell = {scenario["programs"]["id"][i]: v[0] for i, v in survey.stop(survey.lines("parts"))
            .programs.items()}  # fmt: skip
    assert fell["navy"] == pytest.approx(months + 2 + 3 - KITS)
    assert set(node.stops) == {"army", "navy"}


def split(own, other):
    """Return kits whose parts come from two plants; the other has a fifth more crew time."""
    return network(
        "split",
        items=GOODS,
        plants=[
            plant("kits", "kit", 500, start_rate=own + other),
            plant("parts", "part", 500, start_rate=own, cycle=CYCLE),
            plant("others", "part", 500, start_rate=other, cycle=CYCLE),
        ],
        routes=[
            route("army", "kits"),
            route("kits", "parts", own / (own + other)),
            route("kits", "others", other / (own + other)),
        ],
        programs=[program("army", "kit", own + other, own + other)],
        months=60,
        bom=[("kit", "part")],
    )


def test_an_alternate_with_half_the_room_doubles_the_time_that_parts_last():
    months = CYCLE + TRANSIT + KITS + TRANSIT + (60 + 150) / 30  # 30 of 60 are missing
    assert survives(split(60, 150), "parts") == pytest.approx(months)


def test_an_alternate_with_all_the_room_covers_a_stop_for_ever():
    assert survives(split(30, 150), "parts") == np.inf
    assert survives(split(30, 150), "parts", "others") < np.inf


def test_two_buyers_share_an_alternate_by_what_they_lack():
    items = [*GOODS, good("gun", "end_item")]
    two = network(
        "two",
        items=items,
        plants=[
            plant("kits", "kit", 500, start_rate=100),
            plant("guns", "gun", 500, start_rate=100),
            plant("parts", "part", 500, start_rate=100, cycle=CYCLE),
            plant("others", "part", 500, start_rate=100, cycle=CYCLE),
        ],
        routes=[
            route("army", "kits"),
            route("navy", "guns"),
            *(route(b, s, 0.5) for b in ("kits", "guns") for s in ("parts", "others")),
        ],
        programs=[program("army", "kit", 100, 100), program("navy", "gun", 100, 100)],
        months=60,
        bom=[("kit", "part"), ("gun", "part")],
    )
    _, survey = start(two)
    lost = [v[1] for v in survey.stop(survey.lines("parts")).programs.values()]
    assert lost == pytest.approx([0.4, 0.4])  # 100 lost, 20 covered, 200 needed


def fed(room):
    """Return two makers of a part that draw on one mine; the second has room or not."""
    return network(
        "fed",
        items=GOODS,
        plants=[
            plant("kits", "kit", 500, start_rate=130),
            plant("parts", "part", 500, start_rate=30),
            plant("others", "part", 500 if room else 100, start_rate=100),
            plant("mine", "metal", 500, start_rate=130),
        ],
        routes=[
            route("army", "kits"),
            route("kits", "parts", 30 / 130),
            route("kits", "others", 100 / 130),
            route("parts", "mine"),
            route("others", "mine"),
        ],
        programs=[program("army", "kit", 130, 130)],
        months=60,
        bom=[("kit", "part"), ("part", "metal")],
    )


def test_makers_that_fail_together_cannot_stand_in_for_each_other():
    assert survives(fed(room=True), "mine") == pytest.approx(1 + 1 + 1 + 1 + 1 + 1 + 1 + 1)
    _, survey = start(fed(room=True))
    stop = survey.stop(survey.lines("parts"))
    assert [v[1] for v in stop.programs.values()] == pytest.approx([10 / 130])  # 20 covered


def test_a_group_stops_with_all_its_lines():
    _, survey = start(split(30, 150))
    assert survey.node("part").kind == "item"
    assert survey.node("part").survives == survives(split(30, 150), "parts", "others")
    with pytest.raises(UnknownNodeError, match="did you mean part or parts"):
        survey.node("partz")


@pytest.mark.parametrize("months", [3, 8])
def test_a_stop_shorter_than_the_stocks_is_not_felt(months):
    model, survey = start(chain(hedge=3.0))
    node = survey.node("parts")
    assert node.absorbs == pytest.approx(STOCK + 3.0)
    found = remove(model, "parts", survey.lines("parts").tolist(), months, 40)
    if months < node.absorbs:
        assert found.survived is None
    else:
        assert found.survived == pytest.approx(node.survives, abs=1)


def test_a_pipeline_delays_a_gap_and_does_not_fill_it():
    slow = chain(parts={"cycle": 20}, parameters={"recover_component": 22.0})
    node = start(slow)[1].node("parts")
    assert node.state == "late"
    assert node.survives > node.recovers > node.absorbs
    assert start(chain(parameters={"recover_component": 22.0}))[1].node("parts").fragile


@pytest.mark.parametrize("hedge", [0.0, 2.0, 5.0])
def test_a_hedge_lengthens_survival_by_its_months_in_the_run_too(hedge):
    scenario = chain(hedge=hedge)
    model, survey = start(scenario)
    line = survey.lines("parts").tolist()
    bare = remove(Model(chain(), panel=True), "parts", line, 40, 40).survived
    hedged = remove(model, "parts", line, 40, 40).survived
    assert hedged - bare == pytest.approx(hedge, abs=EPS)
    assert survey.node("parts").survives == pytest.approx(hedged, abs=1)


def test_the_stockpile_lever_lengthens_survival_as_predicted():
    abroad = chain(parts={"country": "CH"}, countries=[{"id": "CH", "neutral": "yes"}])
    lever = Package("hedged", "Hedged", (at(abroad, 0, "parts-stockpile", "army", 6.0),))
    told, seen = [], []
    for package in (None, lever):
        model = Model(abroad, package, months=60, panel=True).run(30)
        told.append(Survey(model.world).node("parts").survives)
        line = Survey(model.world).lines("parts").tolist()
        seen.append(remove(model, "parts", line, 30, 30).survived)
    assert told[1] - told[0] > 4
    assert seen[1] - seen[0] == pytest.approx(told[1] - told[0], abs=1)


def test_rated_orders_are_served_from_what_unrated_ones_lose():
    scenario = network(
        "shared",
        items=GOODS[:1],
        plants=[plant("kits", "kit", 500, start_rate=1.5 * RATE, cycle=9, lead=12)],
        routes=[route("army", "kits"), route("partner", "kits")],
        programs=[
            program("army", "kit", RATE, RATE),
            program("partner", "kit", 50, 50, rating="none"),
        ],
        months=60,
    )
    model, survey = start(scenario)
    stop = survey.stop(survey.lines("kits"))
    by_name = {model.world.names.programs[i]: v[0] for i, v in stop.programs.items()}
    assert by_name["partner"] < by_name["army"] - 1
    found = remove(model, "kits", survey.lines("kits").tolist(), 30, 30)
    seen = {f.name: f.simulated for f in found.falls if f.kind == "program"}
    assert seen["partner"] < seen["army"] - 1


def test_what_governments_do_not_know_is_marked():
    model = Model("arsenal-2026")
    survey = Survey(model.world)
    hidden = {n.name for n in survey.nodes() if n.hidden}
    names = np.array(model.world.names.lines)
    assert hidden == set(names[~model.world.visible & survey.sweep.feeds])
    assert 0 < len(hidden) < survey.sweep.feeds.sum()


def recovery(scenario, node="parts"):
    found = start(scenario)[1].node(node)
    assert found.rule in RULES
    return found.rule, found.recovers


def test_recovery_goes_by_the_project_that_the_scenario_names():
    fresh = plant("fresh", "part", 400, start_rate=0, qualified="no")
    source = {"id": "source", "line": "fresh", "kind": "new_source", "payer": "US", "fund": 1,
              "build": 2, "equip": 3, "qualify": 6, "ramp": 2, "adds": 400, "cost": 5}  # fmt: skip
    late = route("kits", "fresh", qualified="no")
    assert recovery(chain([fresh], [late], projects=[source])) == ("project", 12.0)
    small = source | {"adds": 40}  # too little to replace it
    assert recovery(chain([fresh], [late], projects=[small]))[0] == "new plant"
    begun = source | {"decided": "2025-09"}
    assert recovery(chain([fresh], [late], projects=[begun])) == ("project", 12.0)
    model = Model(chain([fresh], [late], projects=[begun])).run(1)
    assert Survey(model.world).node("parts").recovers == pytest.approx(12.0 - 4.0 - 1.0)


def test_recovery_goes_by_who_else_makes_the_item():
    assert recovery(split(60, 150)) == ("alternate", 10.0)
    civil = {"civil_share": 0.6, "start_rate": 250}
    assert recovery(chain(parts=civil)) == ("commercial", 8.5)
    elsewhere = [
        plant("guns", "gun", 90, start_rate=50),
        plant("others", "part", 90, start_rate=50),
    ]
    known = chain(
        elsewhere,
        [route("navy", "guns"), route("guns", "others")],
        items=[*GOODS, good("gun", "end_item")],
        bom=[("gun", "part")],
        programs=[program("navy", "gun", 50, 50)],
    )
    assert recovery(known) == ("second source", 22.0)


def test_recovery_without_another_maker_goes_by_the_kind_of_plant():
    assert recovery(chain()) == ("new plant", 26.0)
    assert recovery(chain(), "kits") == ("new plant", 19.5)
    assert recovery(fed(room=False), "mine") == ("new plant", 53.5)
    powder = [good("kit", "end_item"), good("part") | {"plant": "energetics"}]
    assert recovery(chain(items=powder)) == ("new plant", 24.0)


@pytest.mark.parametrize("scenario", ["arsenal-2026", "gmlrs-2022", "synthetic"])
def test_the_fragile_share_is_that_of_the_table(scenario):
    given = synthetic(300, seed=4) if scenario == "synthetic" else load(scenario)
    model = Model(given).run(6)
    nodes = Survey(model.world).nodes()
    share = sum(n.fragile for n in nodes) / len(nodes)
    assert 0.05 < share < 1.0
    assert Survey(model.world).fragile() == pytest.approx(share)


def test_a_survey_changes_nothing():
    model = Model("gmlrs-2022").run(5)
    before = model.world.s.copy()
    survey = Survey(model.world)
    for kind in GROUPS:
        assert survey.nodes(kind)
    Survey(model.world).fragile()
    for name, value in before._asdict().items():
        np.testing.assert_array_equal(getattr(model.world.s, name), value, err_msg=name)


def sole_sources(survey):
    """Return the lines whose buyers all have no other source, and whose loss is felt."""
    net, f = survey.world.net, survey.sweep
    for x in np.flatnonzero(f.feeds).tolist():
        routes = net.sales[net.l_sales[x] : net.l_sales[x + 1]]
        buys = np.maximum(net.r_slot, net.r_program)[routes] != NONE
        served = routes[(f.weight[routes] > EPS) & buys]
        if (f.weight[served] > 1 - EPS).all() and survey.stop(np.array([x])).survives < np.inf:
            yield x


def differences(scenario, month, follow, step=1):
    """Return by how many months simulated survival differs from predicted, a node each."""
    model = Model(scenario, panel=True)
    model.run(month)
    survey, found = Survey(model.world), []
    for x in list(sole_sources(survey))[::step]:
        told = survey.stop(np.array([x], np.int32)).survives
        seen = remove(model, "", [x], follow, follow).survived
        if told < follow - 3:
            assert seen is not None, model.world.names.lines[x]
            found.append(seen - int(told + 0.05))
    return np.abs(found)


def test_sole_sources_of_rockets_fail_in_the_predicted_month_give_or_take_one():
    apart = differences("gmlrs-2022", 6, 36)
    assert len(apart) >= 20
    assert (apart <= 1).all()


def test_most_sole_sources_of_the_arsenal_fail_near_the_predicted_month():
    apart = differences("arsenal-2026", 12, 40, step=4)
    assert len(apart) >= 20
    assert (apart <= 1).mean() >= 0.7
    assert (apart <= 3).mean() >= 0.85


def test_most_sole_sources_of_random_networks_fail_near_the_predicted_month():
    apart = np.concatenate([differences(synthetic(200, seed=n), 3, 40) for n in (1, 2, 3, 4)])
    assert len(apart) >= 40
    assert (apart <= 1).mean() >= 0.55
    assert (apart <= 3).mean() >= 0.8


PLAIN = """
import sys
import numba
import numpy as np
from mobilize.model import Model
from mobilize.stress import Survey
from mobilize.synthetic import synthetic

survey = Survey(Model(synthetic(40, seed=3)).run(2).world)
nodes = survey.nodes()
assert numba.config.DISABLE_JIT == int(sys.argv[1])
print([(n.name, round(n.survives, 6), round(n.recovers, 6), round(n.exposure, 3)) for n in nodes])
print(round(survey.fragile(), 9))
"""


def test_compiled_and_plain_surveys_agree():
    told = []
    for plain in ("0", "1"):
        environment = {**os.environ, "NUMBA_DISABLE_JIT": plain, "PYTHONPATH": str(ROOT)}
        run = [sys.executable, "-c", PLAIN, plain]
        told.append(subprocess.run(run, check=True, env=environment, capture_output=True).stdout)
    assert told[0] == told[1]
    assert len(told[0]) > 500


def test_the_fragile_share_is_found_where_a_failing_source_never_fails_in_time():
    """In month 84 of this world two sources of a part fail, one of them never: it took for ever."""
    model = Model("arsenal-2026", world=7, panel=False).run(86)
    assert 0.0 < Survey(model.world).fragile() < 1.0


def test_a_shelf_that_lasts_a_million_months_does_not_hold_up_the_search():
    """Two sources fail in different months, and what is left of the need is next to nothing."""
    scenario = chain(
        parts={"share": 0.6, "start_rate": 60},
        plants=[plant("others", "part", 500, start_rate=40, cycle=CYCLE + 1),
                plant("mill", "metal", 500, start_rate=RATE)],
        routes=[route("kits", "others", 0.4), route("parts", "mill"), route("others", "mill")],
        bom=[("part", "metal")],
    )  # fmt: skip
    model, survey = start(scenario)
    kits = model.world.names.lines.index("kits")
    model.world.s.in_work[kits] = 1e-5
    model.world.s.inputs[model.world.net.l_slots[kits]] = 200.0
    survey.measure()
    stop = survey.stop(np.array([model.world.names.lines.index("mill")], np.int32))
    assert 1e6 < stop.lines[kits][0] < np.inf
