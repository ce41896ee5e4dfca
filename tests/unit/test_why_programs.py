"""Why for fleets and developments: what binds, in words, and what relief is worth."""

from __future__ import annotations

import json

import pytest

from mobilize.cli import main
from mobilize.model import Model
from mobilize.scenario import load
from mobilize.why import why
from tests.scenarios import edit, write_kinds


@pytest.fixture
def folder(tmp_path):
    return write_kinds(tmp_path / "kinds")


def answer(folder, month, target, relief=True):
    return why(Model(load(folder)).run(month), target, relief)


def test_a_long_way_home_is_what_binds_at_first(folder):
    found = answer(folder, 2, "radar-care")
    assert found.bound == "transit"
    assert found.relief.units > 0
    assert "a month less each way to home-depot" in found.text()


def test_a_small_depot_binds_by_its_capacity(folder):
    edit(folder, "depots.csv", "US,home,5,", "US,home,0.5,")
    edit(folder, "depots.csv", "CA,theatre,4,", "CA,theatre,0.2,")
    found = answer(folder, 30, "radar-care")
    assert found.bound == "capacity"
    assert found.relief.units > 0


def test_a_lack_of_spares_goes_on_to_their_maker(folder):
    edit(folder, "depots.csv", "0.95,1,200", "0.95,9,200")
    edit(folder, "depots.csv", "0.05,1,250", "0.05,9,250")
    found = answer(folder, 30, "radar-care")
    assert found.bound == "spares"
    assert found.links[0].line == "module-works"
    assert "module-works started" in found.text()


def test_missing_money_names_the_partner(folder):
    edit(folder, "partners.csv", "CA,0.4,0.3,", "CA,0.4,1,")
    texts = [why(Model(load(folder), world=w).run(6), "new-shell-work").bound for w in range(6)]
    assert "the money of CA" in texts
    assert set(texts) <= {"the money of CA", "time"}


def test_a_development_in_time_is_bound_by_time_and_a_finished_one_by_nothing(folder):
    edit(folder, "partners.csv", "US,0.6,0.1,", "US,0.6,0,")
    edit(folder, "partners.csv", "CA,0.4,0.3,", "CA,0.4,0,")
    model = Model(load(folder)).run(6)
    assert why(model, "new-shell-work").bound == "time"
    assert why(model, "new-shell-work").relief.units > 0
    model.run(40)
    assert why(model, "new-shell-work").bound == "nothing"
    assert why(model, "new-shell-work").relief is None


def test_the_line_of_a_new_item_names_the_milestone_it_waits_for(folder):
    said = answer(folder, 3, "new-shell-buy", relief=False).text()
    assert "new-hall starts when the milestone tests is passed" in said


def test_the_commands_speak_of_fleets_and_developments(folder, tmp_path, capsys):
    run = ["run", str(folder), "--worlds", "2", "--out", str(tmp_path / "out")]
    assert main(run) == 0
    said = capsys.readouterr().out
    assert "Fleets: share serviceable" in said
    assert "Developments: when the new item is qualified" in said
    assert main([*run, "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["fleets"][0]["fielded"] == 100.0
    assert data["developments"][0]["worlds_qualified"] == 1.0
    assert {p.name for p in (tmp_path / "out").iterdir()} >= {
        "fleets.parquet",
        "developments.parquet",
    }
    assert main(["why", str(folder), "--item", "radar-care", "--month", "5", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["bound"] in ("transit", "time in repair")
