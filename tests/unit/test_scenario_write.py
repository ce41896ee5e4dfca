"""A scenario that is written to a folder is read back as the same, to the digest."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mobilize.game.game import fingerprint
from mobilize.model import Model
from mobilize.scenario import load, shipped
from mobilize.scenario.table import Table
from mobilize.scenario.write import WriteError, write_scenario

TEXTS = st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1).map(str.strip)


@pytest.mark.parametrize("name", shipped())
def test_every_shipped_scenario_comes_back_the_same_and_alone(name: str, tmp_path: Path):
    scenario = load(name)
    write_scenario(scenario, tmp_path / name)
    again = load(tmp_path / name)
    assert again.digest == scenario.digest
    assert again.based_on is None
    for kept in ("lines", "provenance", "parameters"):
        assert again[kept].keys() == scenario[kept].keys()


def test_a_run_of_what_was_written_has_the_same_bytes(tmp_path: Path):
    scenario = load("industrial-gap")
    write_scenario(scenario, tmp_path / "again")
    runs = [Model(s, seed=5).run(8) for s in (scenario, load(tmp_path / "again"))]
    assert fingerprint(runs[0]) == fingerprint(runs[1])


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(title=TEXTS.filter(bool), shares=st.lists(st.floats(0.0, 1.0), min_size=1, max_size=5))
def test_any_figure_comes_back_to_its_last_digit(title: str, shares: list[float], tmp_path: Path):
    scenario = load("jdam-2003")
    table = scenario["parameters"]
    low, high = table["low"], table["high"]
    part = np.resize(shares, len(table))
    value = np.where(
        np.isfinite(low) & np.isfinite(high),
        np.clip(low + part * (high - low), low, high),
        table["value"],
    )
    parameters = Table("parameters", table.columns | {"value": value}, table.file_rows)
    varied = replace(scenario, title=title, tables=scenario.tables | {"parameters": parameters})
    write_scenario(varied, tmp_path / "varied")
    again = load(tmp_path / "varied")
    assert again["parameters"]["value"].tobytes() == value.tobytes()
    assert again.title == title
    assert again.digest == varied.digest


def test_what_files_cannot_hold_is_told(tmp_path: Path):
    scenario = replace(load("jdam-2003"), title=" spaces around are cut ")
    with pytest.raises(WriteError, match="jdam-2003"):
        write_scenario(scenario, tmp_path / "x")
