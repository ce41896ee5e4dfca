"""The scenario industrial-gap: stocks end before factories begin, and three answers differ."""

from __future__ import annotations

import csv
from functools import cache

import numpy as np
import pytest

from mobilize.conflicts import DAYS, reference
from mobilize.invariants import faults
from mobilize.model import Model
from mobilize.scenario import load, months
from mobilize.scenario.load import SHIPPED
from policies.package import load_package

NAME = "industrial-gap"
PACKAGES = ("baseline", "ready-stock", "announced-ramp", "whole-chain")
ROUNDS = ("us-lrasm", "us-jassm-er", "us-tomahawk", "us-nsm", "us-gem-t", "us-pac3-mse")


@cache
def run(policy="baseline", world=0):
    scenario = load(NAME)
    return Model(scenario, load_package(policy, scenario), world=world, panel=False).run()


def series(name, program, policy="baseline"):
    found = run(policy)
    return found.record.series(name)[:, found.world.names.programs.index(program)]


def month(label):
    return months.parse(label) - load(NAME).start


def total(name, policy, programs=ROUNDS, start="2027-01", end="2032-01"):
    span = slice(month(start), month(end))
    return sum(series(name, program, policy)[span].sum() for program in programs)


@pytest.mark.parametrize("policy", PACKAGES)
def test_every_run_ends_sound(policy):
    model = run(policy)
    assert faults(model.world.net, model.world.s) == []


def test_the_run_begins_in_the_second_month_of_a_war_that_outlasts_it():
    scenario = load(NAME)
    assert scenario.conflicts[0].outbreak == scenario.start - 1
    length = sum(phase.months for phase in scenario.phases if phase.conflict == "strait")
    assert scenario.conflicts[0].outbreak + length >= scenario.start + scenario.horizon


def test_an_analyst_can_read_the_folder():
    files = list((SHIPPED / NAME).glob("*.csv"))
    rows = sum(len(list(csv.reader(path.open(encoding="utf-8")))) for path in files)
    base = sum(len(load(NAME)[path.stem]) for path in (SHIPPED / "arsenal-2026").glob("*.csv"))
    assert rows < base / 10
    assert load(NAME)["lines"]["id"].tolist() == load("arsenal-2026")["lines"]["id"].tolist()


def test_every_stock_that_differs_from_the_base_says_how_it_was_worked_out():
    notes = {row["id"]: row["note"] for row in load(NAME)["provenance"].rows() if row["note"]}
    with (SHIPPED / NAME / "programs.csv").open(encoding="utf-8") as file:
        changed = [row["id"] for row in csv.DictReader(file)]
    assert [program for program in changed if program not in notes] == []


def test_the_reference_is_a_third_of_the_pace_of_the_published_wargames():
    found = reference(load(NAME))
    names = run().world.names.programs
    daily = {name: found.per_day[names.index(name)] * found.need_days for name in names}
    assert daily["us-jassm-er"] == pytest.approx(4000 / 3, rel=0.02)
    assert daily["us-lrasm"] == pytest.approx(450 / 3, rel=0.02)
    assert daily["us-tomahawk"] == pytest.approx(400 / 3, rel=0.02)


def test_ships_are_fired_at_with_what_was_meant_for_land_until_that_is_gone():
    asked = 2 * DAYS
    first = series("substituted", "us-lrasm")[1:6]
    assert (first > 0.5 * asked).all()  # LRASM are gone, others stand in
    assert total("unmet", "baseline", ("us-lrasm",), end="2027-09") == pytest.approx(0, abs=1e-6)
    left = series("stock", "us-tomahawk")
    gone = int(np.argmax(left < 1))
    assert month("2027-08") <= gone <= month("2028-04")  # about month 12 of the war
    assert (series("unmet", "us-lrasm")[gone + 1 : gone + 12] > 0).all()


def test_money_and_loans_buy_months_and_make_little():
    early = {"start": "2027-01", "end": "2028-06"}
    assert total("unmet", "ready-stock", **early) < 0.9 * total("unmet", "baseline", **early)
    late = {"start": "2030-01", "end": "2032-01"}
    made = total("delivered", "ready-stock", **late) / total("delivered", "baseline", **late)
    assert made == pytest.approx(1.0, abs=0.1)


def test_two_billion_for_primes_alone_bring_nothing_more():
    more = total("delivered", "announced-ramp") - total("delivered", "baseline")
    assert more < 0.01 * total("delivered", "baseline")
    spent = [run(name).world.s.ledger.sum() for name in ("baseline", "announced-ramp")]
    assert spent[1] - spent[0] > 1e6  # kUSD


def test_the_whole_chain_brings_back_the_missiles_that_chinese_metals_stopped():
    stopped = ("us-nsm", "us-gem-t")
    late = {"start": "2030-01", "end": "2032-01"}
    assert total("delivered", "baseline", stopped, **late) < 10
    assert total("delivered", "whole-chain", stopped, **late) > 200
    early = {"start": "2027-01", "end": "2028-01"}
    assert total("delivered", "whole-chain", stopped, **early) == pytest.approx(
        total("delivered", "baseline", stopped, **early), rel=0.05
    )  # not in the first year
