"""Outcomes of a run are the figures that results and commands show, of any window."""

from __future__ import annotations

import doctest
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments import outcome as outcomes_of
from experiments.measurable import ALL, MEASURES
from experiments.measures import figure, read_outcomes, series
from experiments.outcome import COUNTS, HOWS, SUMS
from mobilize.compare import ACCOUNTS
from mobilize.model import Model
from mobilize.programs import KINDS, PRODUCTION, SUSTAINMENT
from mobilize.runs import run_worlds
from mobilize.scenario import load, shipped
from mobilize.state import LEDGER
from mobilize.upkeep import developments, fleets
from policies.package import no_package

LENGTH = 18


@pytest.fixture(scope="module")
def model():
    return Model(load("industrial-gap"), months=LENGTH, panel=False).run()


@pytest.fixture(scope="module")
def results(model):
    return run_worlds(model.world.scenario, no_package(), 1, length=LENGTH)


def read(model, **row):
    """Return the outcome of a table without fault."""
    table = {"name": "x", **row}
    found, faults = read_outcomes([table], model.world.scenario, model.months)
    assert faults == []
    return found[0]


def value(model, **row):
    return figure(model, read(model, **row))


def faults_of(*rows, scenario="industrial-gap", length=60):
    return read_outcomes(list(rows), load(scenario), length)[1]


def every_row(scenario):
    """Return a table for each measure a scenario has, of the first, the last and of all."""
    for measure in MEASURES.values():
        if measure.lacks(scenario):
            continue
        known = measure.of(scenario)
        for of in sorted({*known[:1], *known[-1:]}) or [None]:
            for how in HOWS[measure.kind]:
                row = {"measure": measure.name, "how": how, "goal": "less"}
                row |= {"of": of} if of is not None else {}
                yield row | ({"level": 0.5} if how in COUNTS else {})


@pytest.mark.parametrize("name", shipped())
def test_every_measure_a_scenario_has_can_be_read_and_is_a_finite_figure(name):
    scenario, length = load(name), 13
    rows = [{"name": f"x{n}", **row} for n, row in enumerate(every_row(scenario))]
    found, faults = read_outcomes(rows, scenario, length)
    assert (len(found), faults) == (len(rows), [])
    model = Model(scenario, months=length, panel=False).run()
    assert all(series(model, one).shape == (length,) for one in found)
    assert np.isfinite([figure(model, one) for one in found]).all()


@pytest.mark.parametrize("name", shipped())
def test_a_measure_that_a_scenario_lacks_is_a_fault_that_says_why(name):
    scenario = load(name)
    for measure in MEASURES.values():
        told = faults_of({"name": "x", "measure": measure.name, "goal": "less"}, scenario=name,
                         length=scenario.horizon)  # fmt: skip
        lacks = measure.lacks(scenario)
        assert [line for line in told if f"has no '{measure.name}': " in line] == (
            [f"[[outcome]] 1: key 'measure': scenario {name} has no '{measure.name}': {lacks}"]
            if lacks
            else []
        )
    assert bool(MEASURES["fires"].lacks(scenario)) == (
        name not in ("arsenal-2026", "industrial-gap")
    )
    assert bool(MEASURES["rung"].lacks(scenario)) == (name != "industrial-gap")


def test_figures_are_those_of_the_results_of_the_same_world(model, results):
    delivered = results.by_item("delivered")[0]
    item = results.names.items.index("lrasm")
    assert value(model, measure="deliveries", of="lrasm") == pytest.approx(delivered[:, item].sum())
    window = {"from": "2027-02", "to": 6}
    program = int(results.series("unmet")[0, 1:7].sum(axis=0).argmax())
    of, unmet = results.names.programs[program], results.series("unmet")[0, 1:7, program]
    assert value(model, measure="unmet", of=of, **window) == pytest.approx(unmet.sum())
    assert value(model, measure="unmet", of=of, how="highest", **window) == unmet.max()
    made = results.items[0, :, item]
    assert value(model, measure="finished", of="lrasm", how="mean") == pytest.approx(made.mean())
    assert min(delivered[:, item].sum(), unmet.sum(), made.sum()) > 0.0


def test_the_value_of_unmet_fires_is_that_of_the_finding(model, results):
    from experiments.findings.gap import unmet

    assert value(model, measure="unmet") == pytest.approx(unmet(results).sum())
    assert value(model, measure="unmet") > 0.0


def test_all_counts_spare_parts_as_deliveries_but_not_as_fires_and_no_development_at_all():
    model = Model(load("arsenal-2026"), months=2, panel=False).run()
    model.record.programs[:] = 1.0
    net = model.world.net
    value_of = [net.p_cost[net.p_kind == kind].sum() / 1000 for kind in range(len(KINDS))]
    assert value(model, measure="unmet") == pytest.approx(2 * value_of[PRODUCTION])
    both = value_of[PRODUCTION] + value_of[SUSTAINMENT]
    assert value(model, measure="deliveries") == pytest.approx(2 * both)
    assert min(value_of) > 0.0


def test_stock_is_the_share_of_the_objective_that_the_run_command_prints(model, results):
    from mobilize.commands import _summary

    for row in _summary(results):
        if np.isfinite(row["of_objective"]):
            share = value(model, measure="stock", of=row["item"])
            assert share == pytest.approx(row["of_objective"])


def test_money_is_that_of_the_ledger_and_adds_up(model, results):
    parts = [value(model, measure="paid", of=account) for account in ACCOUNTS]
    ledger = results.ledger[0, -1, [LEDGER.index(account) for account in ACCOUNTS]] / 1000
    assert parts == pytest.approx(ledger.tolist())
    assert value(model, measure="paid") == pytest.approx(sum(parts))


def test_fleets_and_developments_are_those_of_the_upkeep_tables(model, results):
    for row in fleets(results):
        share = value(model, measure="ready", of=row["fleet"], how="mean", **{"from": LENGTH - 12})
        assert share == pytest.approx(row["last_year"])
    [row] = developments(results)
    assert np.floor(value(model, measure="milestones")) == row["passed"]


def test_a_development_is_ready_when_every_milestone_is_passed():
    scenario = load("arsenal-2026")
    found, _ = read_outcomes(
        [{"name": "gpi", "measure": "milestones", "how": "months until"}], scenario, 120
    )
    [of] = Model(scenario, months=1).world.names.developments
    wanted = int((scenario.tables["milestones"]["program"] == of).sum())
    assert (found[0].level, found[0].of, found[0].goal) == (wanted, of, "less")


def test_metrics_of_deterrence_are_those_of_the_results(model, results):
    for name in ("fires", "replenish", "cohesion", "announced"):
        last = results.metric(name)[0, -1]
        assert value(model, measure=name) == last
    view = results.metric("view fearful")[0]
    assert value(model, measure="view", of="fearful", how="highest") == view.max()
    window = results.metric("fearful window")[0].mean()
    reason = {"measure": "reason", "of": "fearful window", "goal": "less"}
    assert value(model, how="mean", **reason) == pytest.approx(window)


def test_attacked_is_whether_the_rung_ever_stands():
    worlds = run_worlds(load("industrial-gap"), no_package(), 6, length=LENGTH)
    stood = (worlds.metric("rung attack") > 0.5).any(axis=1)
    found = []
    for world in worlds.worlds:
        model = Model(worlds.scenario, seed=worlds.seed, world=world, months=LENGTH, panel=False)
        found.append(value(model.run(), measure="rung", of="attack", how="ever"))
    assert found == stood.astype(float).tolist()
    assert 0 < sum(found) < len(found)


@given(cut=st.integers(0, LENGTH - 2), measure=st.sampled_from(["deliveries", "unmet", "paid"]))
def test_sums_over_two_windows_add_up_to_that_over_both(model, cut, measure):
    first, second = {"to": cut}, {"from": cut + 1}
    parts = sum(value(model, measure=measure, **window) for window in (first, second))
    assert parts == pytest.approx(value(model, measure=measure))


@given(
    first=st.integers(0, LENGTH - 1),
    more=st.integers(0, LENGTH),
    level=st.floats(0, 2),
    measure=st.sampled_from(["stock", "fires", "deliveries"]),
)
def test_ways_to_count_months_agree_with_each_other(model, first, more, level, measure):
    window = {"from": first, "to": min(LENGTH - 1, first + more)}
    row = {"measure": measure, "level": level, **window}
    share = value(model, how="share of months", **row)
    assert value(model, how="ever", **row) == float(share > 0)
    below = value(model, how="share of months at most", **row)
    assert share + below >= 1.0 - 1e-12  # a month exactly at the level counts on both sides
    span = window["to"] + 1 - first
    if MEASURES[measure].kind == "stock":
        wait = value(model, how="months until", **row)
        assert (wait == span) == (share == 0.0)
        assert wait <= span * (1.0 - share) + 1e-9


def made(monkeypatch, values, **fields):
    """Return the figure of an outcome whose series is made up."""
    kind = fields.pop("kind", "stock")
    fake = replace(MEASURES["stock"], kind=kind, take=lambda model, of: np.array(values, float))
    monkeypatch.setitem(outcomes_of.MEASURES, "stock", fake)
    base = {"name": "x", "title": "x", "measure": "stock", "of": ALL, "first": 0, "unit": ""}
    base |= {"last": len(values) - 1, "goal": "more"}
    return figure(None, outcomes_of.Outcome(**(base | fields)))


def test_months_until_counts_those_before_and_the_whole_window_where_it_is_never(monkeypatch):
    values = [0, 1, 2, 3, 2]
    assert made(monkeypatch, values, how="months until", level=2.0) == 2
    assert made(monkeypatch, values, how="months until", level=2.0, first=1) == 1
    assert made(monkeypatch, values, how="months until", level=0.0) == 0
    assert made(monkeypatch, values, how="months until", level=9.0) == 5
    assert made(monkeypatch, values, how="months until") == 1  # above zero
    assert made(monkeypatch, values[::-1], how="months until at most", level=1.0) == 3


def test_a_rate_is_reached_when_the_mean_of_twelve_months_is(monkeypatch):
    lumpy = [120, *[0] * 11, *[12] * 12]
    asked = {"kind": "flow", "how": "months until"}
    assert made(monkeypatch, lumpy, level=10.0, **asked) == 11
    assert made(monkeypatch, lumpy, level=11.0, **asked) == 22
    assert made(monkeypatch, lumpy, level=13.0, **asked) == 24
    assert made(monkeypatch, lumpy, level=0.5, kind="flow", how="share of months") == 13 / 24


def test_a_run_that_is_too_short_is_refused(model):
    with pytest.raises(ValueError, match="outcome x needs 19 months; the run has 18"):
        figure(model, replace(read(model, measure="unmet"), last=LENGTH))


@pytest.mark.parametrize(
    ("measure", "how", "goal"),
    [
        ("deliveries", "sum", "more"),
        ("deliveries", "months until", "less"),
        ("deliveries", "share of months", "more"),
        ("unmet", "sum", "less"),
        ("unmet", "months until", "more"),
        ("unmet", "months until at most", "less"),
        ("unmet", "share of months", "less"),
        ("unmet", "share of months at most", "more"),
        ("paid", "sum", "less"),
    ],
)
def test_sooner_is_better_where_more_is_better(model, measure, how, goal):
    level = {"level": 1} if how in COUNTS else {}
    assert read(model, measure=measure, how=how, **level).goal == goal


def test_units_and_titles_say_what_the_figure_is(model):
    told = read(model, measure="deliveries", of="us-lrasm", how="months until", level=20)
    assert told.unit == "months (18 if never)"
    assert told.title == ("Delivered: United States LRASM, months until at least 20 (mean of 12 "
                          "months), 2027-01 to 2028-06")  # fmt: skip
    assert read(model, measure="deliveries", of="us-lrasm").unit == "missile"
    assert read(model, measure="unmet", how="mean").unit == "MUSD a month"
    assert read(model, measure="rung", of="attack", how="ever").unit == "yes or no"


def test_every_fault_of_every_table_is_told_at_once():
    told = faults_of(
        {"name": "Bad name", "measure": "deliverys", "frm": 1, "goal": "up", "level": True},
        {"measure": "deliveries", "of": "us-lrsam", "from": 70, "to": "2027-13"},
        {"name": "a", "measure": "visibility", "how": "sum", "acceptable": "much"},
        {"name": "a", "measure": "ready", "from": 5, "to": 4, "level": 3},
        {"name": "status", "measure": "stock", "how": "ever at most", "title": ""},
        {"name": "b", "measure": "deliveries", "how": "months until", "level": 3, "to": 5},
        {"name": "c", "measure": ["deliveries"], "of": 3, "how": []},
        {"name": "d", "measure": "fires", "of": "all", "how": "months until at most"},
        {"name": "e", "measure": "visibility"},
    )
    expected = [
        "1: unknown key 'frm' (did you mean 'from'?)",
        "1: key 'name': 'Bad name' is not a name",
        "1: key 'goal': 'up' is neither",
        "1: key 'level': 'True' is not a number",
        "1: key 'measure': 'deliverys' is unknown (did you mean 'deliveries'?)",
        "2: key 'name' is missing",
        "2: key 'from': '70' is outside the run; allowed: 0 to 59, or 2027-01 to 2031-12",
        "2: key 'to': '2027-13' is not a month",
        "2: key 'of': 'us-lrsam' has no 'deliveries' (did you mean 'us-lrasm'?)",
        "3: key 'acceptable': 'much' is not a number",
        "3: key 'how': 'sum' is not for 'visibility'",
        "4: key 'to': '4' comes before 'from'",
        "4: key 'of' is missing: 'ready' is of one of us-patriot-care, us-f135-care",
        "4: key 'level' says nothing with how = 'last'",
        "4: key 'name': 'a' is the name of [[outcome]] 3 too",
        "5: key 'name': 'status' is the name of another column",
        "5: key 'title': '' is not a text",
        "5: key 'how': 'ever at most' is not for 'stock'",
        "6: key 'to': how = 'months until' takes means of 12 months",
        "7: key 'measure': \"['deliveries']\" is unknown",
        "8: key 'of': 'fires' is of the whole",
        "8: key 'level' is missing: how = 'months until at most' compares with it",
        "9: key 'goal' is missing",
    ]
    assert len(told) == len(expected)
    for line, start in zip(told, expected, strict=True):
        assert line.startswith(f"[[outcome]] {start}"), line


def test_dates_and_month_numbers_mean_the_same(model):
    by_date = read(model, measure="unmet", **{"from": "2027-03", "to": "2028-01"})
    by_number = read(model, measure="unmet", **{"from": 2, "to": 12})
    assert by_date == by_number


def test_what_stands_at_the_end_of_a_month_is_not_added_up():
    assert "sum" in HOWS["flow"]
    assert "sum" not in HOWS["stock"]
    assert set(HOWS["stock"]) == {*SUMS, *COUNTS} - {"sum"}


def test_examples_hold():
    assert doctest.testmod(outcomes_of, optionflags=doctest.NORMALIZE_WHITESPACE).failed == 0
