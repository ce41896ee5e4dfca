"""The command `deterrence` prints metrics apart, the label, and never a single score."""

import json

import numpy as np
import pytest

from mobilize.cli import main
from mobilize.commands_deterrence import (
    LABEL,
    ROWS,
    as_data,
    half_of_announced,
    ladder_shares,
)
from mobilize.compare import compare_metrics
from mobilize.deterrence import SERIES
from mobilize.ladder import MINDSETS
from mobilize.runs import run_worlds
from mobilize.words import show_json
from policies.package import no_package
from tests.deterrence import add_war
from tests.scenarios import write_small

MONTHS = 14


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    small = write_small(tmp_path_factory.mktemp("command") / "small")
    return add_war(small, {"us-shell-buy": 400}, country="CA", near="US")


@pytest.fixture(scope="module")
def results(folder):
    from mobilize.scenario import load

    return run_worlds(load(folder), no_package(), 6, length=MONTHS)


def run(folder, tmp_path, *options):
    return main(["deterrence", str(folder), "--worlds", "2", "--months", str(MONTHS),
                 "--out", str(tmp_path / "out"), *options])  # fmt: skip


def test_it_prints_every_metric_in_its_row_and_the_label(folder, tmp_path, capsys):
    assert run(folder, tmp_path, "--policy", "baseline") == 0
    text = capsys.readouterr().out
    for name in ("M1", "M2", "M3", "M4", "M5", "M6", "M7", *MINDSETS, "quiet", "attack", LABEL):
        assert name in text, name
    made = {path.name for path in (tmp_path / "out" / "baseline").iterdir()}
    assert {"deterrence.png", "deterrence.parquet", "manifest.json"} <= made


def test_its_data_hold_bands_waterfalls_and_no_total(folder, tmp_path, capsys):
    assert run(folder, tmp_path, "--json", "--mindset", "patient") == 0
    data = json.loads(capsys.readouterr().out)
    assert data["label"] == LABEL
    found = data["policies"]["baseline"]
    assert [row["text"] for row in found["metrics"]] == [row[1] for row in ROWS]
    assert list(found["ladder"]) == ["patient"]
    assert list(found["surge_profile"]) == ["6", "12"]
    assert list(found["waterfalls"]) == list(MINDSETS)
    assert not {"score", "total", "composite"} & {key for row in found["metrics"] for key in row}


@pytest.mark.parametrize(
    ("scenario", "options", "told"),
    [
        ("artillery-2022", ("--worlds", "1", "--months", "2"), "no reference conflict"),
        ("artillery-2022", ("--mindset", "fearful"), "has no [challenger]"),
    ],
)
def test_what_cannot_be_done_is_said_plainly(scenario, options, told, capsys):
    assert main(["deterrence", scenario, *options]) == 2
    assert told in capsys.readouterr().err


def test_a_policy_against_itself_differs_nowhere(results):
    found = compare_metrics(results, results)
    assert all(d["difference"] == d["low"] == d["high"] == 0 for d in found)
    assert as_data([results, results])["differences"]


def test_shares_of_the_ladder_are_shares_of_the_worlds_of_a_mindset(results):
    shares = ladder_shares(results)
    assert sum(part["worlds"] for part in shares.values()) == 6
    for part in shares.values():
        assert all(0.0 <= v <= 1.0 for v in part["quiet"])
        assert part["ever"]["protest"] >= max(part["protest"])


def test_half_of_what_was_announced_is_halfway_from_the_start(results):
    from dataclasses import replace

    metrics = np.zeros_like(results.metrics[:2])
    output, announced = (SERIES.index(name) for name in ("output", "announced"))
    metrics[:, announced, 3:] = 3.0
    metrics[0, output] = 1.0 + 0.2 * np.arange(MONTHS)
    metrics[1, output] = 1.0
    half = half_of_announced(replace(results, metrics=metrics))
    assert half[0] == 5
    assert np.isnan(half[1])


def strict(text):
    """Read JSON that holds nothing but what the standard allows."""

    def refuse(word):
        raise ValueError(f"{word} is no JSON")

    return json.loads(text, parse_constant=refuse)


@pytest.mark.filterwarnings("error")
def test_one_world_and_one_month_give_a_picture_and_standard_json(folder, tmp_path, capsys):
    options = ["--worlds", "1", "--months", "1", "--json", "--out", str(tmp_path / "out")]
    policies = ["--policy", "baseline", "--policy", "ready-stock"]
    assert main(["deterrence", "industrial-gap", *options, *policies]) == 0
    found = strict(capsys.readouterr().out)["policies"]
    assert {path.name for path in (tmp_path / "out").iterdir()} == set(found) == {*policies[1::2]}


def test_what_is_no_number_is_null_in_json(capsys):
    show_json({"a": [float("nan"), float("inf"), np.float64(2.5)], "b": (1, None, "NaN")})
    assert strict(capsys.readouterr().out) == {"a": [None, None, 2.5], "b": [1, None, "NaN"]}


def test_a_policy_given_twice_is_refused_before_anything_runs(folder, tmp_path, capsys):
    assert run(folder, tmp_path, "--policy", "baseline", "--policy", "baseline") == 2
    assert "give each once" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
