import csv
import doctest
import importlib
import pickle

import numpy as np
import pytest

from mobilize.scenario import Provenance, ScenarioError, check, load, months, shipped
from mobilize.scenario import schema as scenario_schema
from mobilize.scenario.defaults import default, faults
from tests.scenarios import KIND_TABLES, TABLES, TOML, edit, write_small


@pytest.fixture
def small(tmp_path):
    return write_small(tmp_path / "small")


def test_the_small_scenario_has_no_faults(small):
    assert check(small) == []


@pytest.mark.parametrize("name", ["months", "faults", "schema"])
def test_the_examples_of_the_docstrings_hold(name):
    result = doctest.testmod(importlib.import_module(f"mobilize.scenario.{name}"))
    assert result.attempted > 0
    assert result.failed == 0


def test_every_shipped_scenario_is_named_by_its_folder():
    assert all(name == name.lower() and " " not in name for name in shipped())


def test_the_head_of_a_scenario_is_read(small):
    scenario = load(small)
    assert (scenario.name, scenario.title, scenario.horizon, scenario.seed) == (
        "small",
        "Small",
        60,
        7,
    )
    assert months.label(scenario.start) == "2022-02"


def test_the_seed_may_be_left_out(small):
    edit(small, "scenario.toml", "seed = 7\n", "")
    assert load(small).seed == 1


def test_columns_have_the_types_of_the_schema(small):
    scenario = load(small)
    for attribute in scenario_schema.attributes():
        column = scenario[attribute.table][attribute.column]
        expected = {"number": np.float64, "integer": np.int64, "month": np.int64}
        assert column.dtype == expected.get(attribute.type, object)
        assert len(column) == len(scenario[attribute.table])


def test_numbers_land_in_their_rows(small):
    lines = load(small)["lines"]
    row = lines.index()["mill"]
    assert (lines["msr"][row], lines["rate_max"][row], lines["tier"][row]) == (5.0, 80.0, 4)
    assert lines["lon"][row] == -80.0
    assert lines.file_rows[row] == 6


def test_empty_cells_and_absent_columns_take_the_default(small):
    scenario = load(small)
    lines = scenario["lines"]
    assert lines["qualified"].tolist() == ["yes", "yes", "yes", "no", "yes"]
    assert lines["civil_share"][1] == 0
    assert scenario["items"]["control"].tolist() == ["licence", "none", "none", "none"]
    assert scenario["items"]["learning"][1] == 0.95
    assert scenario["firms"]["cash_discipline"].tolist() == [0.5] * 4
    assert scenario["countries"]["itar_exemption"].tolist() == ["none", "none"]


def test_a_missing_month_is_minus_one_and_a_missing_number_nan(small):
    (small / "parameters.csv").unlink(missing_ok=True)
    name, unit = default("parameters")["name"][0], default("parameters")["unit"][0]
    (small / "parameters.csv").write_text(
        "name,value,unit,source,confidence,description\n" + f"{name},1,{unit},S1,estimate,why\n"
    )
    scenario = load(small)
    assert scenario["projects"]["decided"].tolist() == [months.parse("2022-09"), -1]
    assert np.isnan(scenario["parameters"]["low"][0])


def test_quoted_commas_stay_in_their_cell(small):
    assert load(small)["firms"]["name"][0] == "Prime, Inc."


def test_optional_tables_may_be_left_out(small):
    for name in scenario_schema.OPTIONAL_TABLES:
        (small / f"{name}.csv").unlink(missing_ok=True)
    scenario = load(small)
    assert set(scenario.tables) == set(scenario_schema.tables())
    assert len(scenario["budgets"]) == 0
    assert scenario["budgets"]["amount"].dtype == np.float64


def test_conflicts_disturbances_sets_and_objectives_are_read(small):
    scenario = load(small)
    assert [(use.conflict, use.program, use.per_day) for use in scenario.uses] == [
        ("east", "us-shell-buy", 3.5),
        ("east", "us-shell-buy", 2.0),
    ]
    assert scenario.uses[0].end == months.parse("2023-12")
    assert scenario.conflicts[0].name == "War in the east"
    fire, border, walkout = scenario.disturbances
    assert (walkout.start, walkout.severity, walkout.months) == (None, 0.8, 3)  # of its kind
    assert scenario.events[0].effects == ("walkout",)
    assert scenario.events[0].trigger.below == 0.0
    assert scenario.hazards[0].targets == ("base",)
    assert (fire.target, fire.months, fire.severity, fire.recovery) == ("mill", 3, 0.5, 2)
    assert (border.kind, border.severity) == ("closure", 1.0)
    assert scenario.sets[0].parts == {"us-shell-buy": 1.0}
    assert [(goal.stock, goal.deliveries) for goal in scenario.objectives] == [
        (20000.0, None),
        (None, 300.0),
    ]


@pytest.mark.parametrize(
    ("table", "row", "column", "expected"),
    [
        ("lines", "mill", "msr", ("MODEL", "notional")),
        ("lines", "assembly", "msr", ("S2", "unverified")),
        ("lines", "assembly", "rate_max", ("S1", "documented")),
        ("routes", "assembly>ca-charges", "share", ("S2", "unverified")),
        ("routes", "us-bodies>mill", "share", ("S2", "estimate")),
        ("bom", "shell>body", "quantity", ("S1", "documented")),
    ],
)
def test_the_most_specific_provenance_wins(small, table, row, column, expected):
    assert load(small).provenance(table, row, column) == Provenance(*expected)


@pytest.mark.parametrize(
    "cell",
    [
        ("lines", "nowhere", "msr"),
        ("lines", "mill", "x"),
        ("x", "mill", "msr"),
        ("sources", "S1", "title"),
    ],
)
def test_provenance_of_no_cell_is_a_key_error(small, cell):
    with pytest.raises(KeyError):
        load(small).provenance(*cell)


def test_tables_cannot_be_changed_by_accident(small):
    with pytest.raises(ValueError, match="read-only"):
        load(small)["lines"]["msr"][0] = 1


def test_a_byte_order_mark_and_dos_lines_are_tolerated(small):
    before = load(small).digest
    for name in ("lines.csv", "scenario.toml"):
        data = (small / name).read_text()
        (small / name).write_bytes(b"\xef\xbb\xbf" + data.replace("\n", "\r\n").encode())
    assert load(small).digest == before


def test_comments_quoting_and_column_order_leave_the_digest_alone(small):
    before = load(small).digest
    edit(small, "scenario.toml", "# a comment", "# another comment")
    for name in TABLES:
        with (small / f"{name}.csv").open(newline="") as file:
            rows = [row[::-1] for row in csv.reader(file)]
        with (small / f"{name}.csv").open("w", newline="") as file:
            csv.writer(file, quoting=csv.QUOTE_ALL).writerows([*rows, [""] * len(rows[0])])
    assert load(small).digest == before


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("lines.csv", "mill,steelworks,steel,Pittsburgh", "mill,steelworks,steel,Braddock"),
        ("lines.csv", ",5,60,80,", ",4,60,80,"),
        ("scenario.toml", "per_day = 3.5", "per_day = 3.6"),
        ("scenario.toml", "seed = 7", "seed = 8"),
        ("provenance.csv", "a guess", "a good guess"),
    ],
)
def test_any_change_of_content_changes_the_digest(small, file, old, new):
    before = load(small).digest
    edit(small, file, old, new)
    assert load(small).digest != before


def test_moving_a_value_to_the_next_cell_changes_the_digest(small):
    edit(small, "sources.csv", "Newspaper,,,,B", "Newspaper,x,,,B")
    before = load(small).digest
    edit(small, "sources.csv", "Newspaper,x,,,B", "Newspaper,,x,,B")
    assert load(small).digest != before


def test_a_scenario_and_its_error_can_be_pickled(small):
    scenario = load(small)
    assert pickle.loads(pickle.dumps(scenario)).digest == scenario.digest
    (small / "bom.csv").unlink()
    with pytest.raises(ScenarioError) as caught:
        load(small)
    assert pickle.loads(pickle.dumps(caught.value)).faults == caught.value.faults


def test_the_packages_own_tables_are_sound_and_cite_known_sources():
    assert faults() == []
    known = set(default("sources")["id"])
    cited = {part for source in default("parameters")["source"] for part in source.split("+")}
    assert cited <= known | {"MODEL"}
    table = default("parameters")
    assert not (table["value"] < table["low"]).any()
    assert not (table["value"] > table["high"]).any()


def test_a_parameter_of_the_scenario_replaces_the_default(small):
    base = default("parameters")
    row = len(base) - 1
    name, unit, value = base["name"][row], base["unit"][row], base["value"][row]
    (small / "parameters.csv").write_text(
        "name,value,low,high,unit,source,confidence,description\n"
        f"{name},{value + 1},,,{unit},S1,estimate,here otherwise\n"
    )
    scenario = load(small)
    assert scenario["parameters"]["name"].tolist() == base["name"].tolist()
    assert scenario["parameters"]["value"][row] == value + 1
    assert scenario["parameters"]["value"][0] == base["value"][0]
    assert scenario.provenance("parameters", name, "value") == Provenance("S1", "estimate")


def test_sources_of_the_package_come_with_every_scenario(small):
    ids = load(small)["sources"]["id"].tolist()
    assert ids[:2] == ["S1", "S2"]
    assert set(default("sources")["id"]) <= set(ids)


def test_rows_are_plain_values(small):
    first = next(load(small)["countries"].rows())
    assert (first["id"], first["labour_pool"], type(first["alignment"])) == ("US", 50000.0, float)


def test_a_name_of_a_shipped_scenario_is_enough(small, monkeypatch):
    module = importlib.import_module("mobilize.scenario.load")
    monkeypatch.setattr(module, "SHIPPED", small.parent)
    assert shipped() == ["small"]
    assert load("small").title == "Small"
    faults = check("smal")
    assert len(faults) == 1
    assert "did you mean 'small'?" in str(faults[0])


def test_every_key_of_the_small_settings_is_in_use(small):
    """The fixture exercises what the tests of broken scenarios break."""
    assert all(
        f"[[{name}]]" in TOML
        for name in ("conflict", "disturbance", "event", "hazard", "set", "objective")
    )
    assert {*TABLES, *KIND_TABLES} == set(scenario_schema.tables()) - {"parameters"}
