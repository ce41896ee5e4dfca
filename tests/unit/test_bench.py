"""The figures are there and fit together; no test asserts a time."""

from __future__ import annotations

import json

import numpy as np
import pytest

from mobilize import bench as module
from mobilize.bench import PARTS, STAGES, bench, measure, stage_times, table
from mobilize.model import Model
from mobilize.synthetic import synthetic

MONTHS = 4


@pytest.fixture(scope="module")
def report():
    return bench(sizes=(20, 40), months=MONTHS, scenario="artillery-2022")


@pytest.fixture(scope="module")
def row():
    return measure(30, MONTHS)


def test_every_network_has_its_row(report):
    assert [row["network"] for row in report["rows"]] == [
        "artillery-2022",
        "synthetic-20-1",
        "synthetic-40-1",
    ]
    assert [row["lines"] for row in report["rows"][1:]] == [20, 40]
    assert report["machine"]


def test_rates_follow_from_lines_months_and_seconds(report):
    for row in report["rows"]:
        volume = row["lines"] * row["months"]
        assert row["months"] == MONTHS
        assert row["line_months_second"] == pytest.approx(volume / row["seconds"])
        assert row["us_line_month"] == pytest.approx(1e6 / row["line_months_second"])


def test_the_first_synthetic_network_is_the_base_where_none_has_300_lines(report):
    base = report["rows"][1]["us_line_month"]
    for row in report["rows"]:
        assert row["ratio"] == pytest.approx(row["us_line_month"] / base)


def test_a_scenario_alone_is_its_own_base(monkeypatch):
    monkeypatch.setattr(module, "_apart", lambda *_: {"us_line_month": 2.0, "lines": 44})
    assert [row["ratio"] for row in bench(sizes=())["rows"]] == [1.0]


def test_a_month_is_split_without_rest(row):
    assert tuple(row["stages"]) == STAGES
    assert all(time > 0 for time in row["stages"].values())
    assert set(row["parts"]) == {*PARTS, "other"}
    assert sum(row["parts"].values()) == pytest.approx(1.0)
    for part, stages in PARTS.items():
        share = sum(row["stages"][stage] for stage in stages) / sum(row["stages"].values())
        assert row["parts"][part] == pytest.approx(share)


def test_what_happens_once_is_measured_too(row):
    for figure in ("read_seconds", "network_seconds", "model_ms", "fork_ms", "peak_mb"):
        assert row[figure] > 0
    assert row["repeats"] >= 3


def test_timing_the_stages_changes_nothing_in_the_run():
    scenario = synthetic(40, months=24)
    timed, plain = Model(scenario), Model(scenario).run()
    stage_times(timed)
    assert timed.month == plain.month == 24
    assert timed.decisions == plain.decisions
    for a, b in zip(timed.world.s, plain.world.s, strict=True):
        np.testing.assert_array_equal(a, b)
    np.testing.assert_array_equal(timed.record.output, plain.record.output)


def test_the_report_can_be_written_as_json(report):
    assert json.loads(json.dumps(report)) == report


def test_the_table_has_a_column_for_each_network(report):
    lines = table(report).splitlines()
    assert lines[0].split() == [row["network"] for row in report["rows"]]
    assert len({len(line) for line in lines}) == 1
    assert any(line.startswith("µs a line-month") for line in lines)


def test_a_failure_in_the_other_process_is_told():
    with pytest.raises(RuntimeError, match="no-such-scenario"):
        bench(sizes=(), scenario="no-such-scenario")
