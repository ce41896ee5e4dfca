"""A scenario based on another: what it takes over, replaces, adds and leaves out."""

import numpy as np
import pytest

from mobilize.model import Model
from mobilize.scenario import ScenarioError, check, load, schema
from mobilize.scenario.content import Provenance
from tests.scenarios import TABLES, TOML, edit, write_small

PROGRAM = (
    TABLES["programs"].splitlines()[0]
    + "\nus-shell-buy,Shells,US,shell,annual,domestic,DO,777,20000,1200,12,6,10,MODEL,notional\n"
)


@pytest.fixture
def pair(tmp_path):
    """The small scenario, and one beside it that is based on it and changes nothing."""
    base = write_small(tmp_path / "small")
    (tmp_path / "variant").mkdir()
    return base, based_on("../small", tmp_path / "variant")


def based_on(name, folder, more=""):
    text = TOML.replace("seed = 7", f'seed = 7\nbased_on = "{name}"') + more
    (folder / "scenario.toml").write_text(text, encoding="utf-8")
    return folder


def without(folder, rows):
    return based_on("../small", folder, f"\n[without]\n{rows}\n")


def put(folder, table, text):
    (folder / f"{table}.csv").write_text(text, encoding="utf-8")


def only_fault(folder):
    with pytest.raises(ScenarioError) as caught:
        load(folder)
    assert len(caught.value.faults) == 1, str(caught.value)
    return caught.value.faults[0]


# ------------------------------------------------------------------------- what is taken over


def test_a_variant_that_changes_nothing_is_its_base_but_for_history(pair):
    base, variant = map(load, pair)
    assert variant.based_on == "../small"
    for name in set(schema.tables()) - {"hindcast"}:
        for column, values in base[name].columns.items():
            same = values == variant[name][column]
            if values.dtype == np.float64:
                same |= np.isnan(values)
            assert same.all(), (name, column)
    assert (len(base["hindcast"]), len(variant["hindcast"])) == (4, 0)
    runs = [Model(one, months=24).run().record for one in (base, variant)]
    assert runs[0].programs.tobytes() == runs[1].programs.tobytes()


def test_a_shipped_scenario_may_be_the_base(tmp_path):
    text = '[[objective]]\ntext = "t"\nprogram = "us-155-projectiles"\nmonth = "2024-01"\nstock = 1'
    (tmp_path / "scenario.toml").write_text(
        'title = "t"\nsummary = "s"\nstart = "2023-01"\nhorizon = 24\n'
        f'based_on = "artillery-2022"\n{text}\n'
    )
    variant, base = load(tmp_path), load("artillery-2022")
    assert variant["lines"]["id"].tolist() == base["lines"]["id"].tolist()
    assert (variant.uses, variant.conflicts) == ((), ())  # scenario.toml is its own


def test_a_row_with_the_same_key_replaces_in_place_and_a_new_key_is_added(pair):
    base, variant = pair
    header, *rows = TABLES["firms"].splitlines()
    put(variant, "firms", f"{header}\nnew,New works,CA,supplier,MODEL,notional\n"
        "bodies,Other body works,US,supplier,MODEL,notional\n")  # fmt: skip
    put(variant, "routes", TABLES["routes"].splitlines()[0]
        + "\nus-bodies,mill,1,4,,,S2,estimate\n")  # fmt: skip
    found = load(variant)
    assert found["firms"]["id"].tolist() == [*load(base)["firms"]["id"], "new"]
    assert found["firms"]["name"][1] == "Other body works"
    assert found["routes"]["transit"].tolist() == [1, 1, 1, 1, 4]
    assert len(rows) == len(found["firms"]) - 1


def test_rows_named_under_without_are_taken_away_with_their_provenance(pair):
    base, variant = pair
    without(variant, 'routes = ["assembly>us-charges"]\nprojects = ["home-charges"]\n'
            'lines = ["us-charges"]')  # fmt: skip
    found = load(variant)
    assert found["lines"]["id"].tolist() == ["assembly", "us-bodies", "ca-charges", "mill"]
    assert found["projects"]["id"].tolist() == ["more-shells"]
    put(base, "provenance", TABLES["provenance"] + "lines,us-charges,msr,S2,unverified,\n")
    assert check(base) == check(variant) == []
    assert "us-charges" not in load(variant)["provenance"]["id"].tolist()


def test_parameters_and_sources_are_laid_over_base_and_package(pair):
    base, variant = pair
    head = "name,value,low,high,unit,source,confidence,description\n"
    put(base, "parameters", head + "attrition,0.2,0,1,1/year,S1,estimate,of the base\n"
        "cover,2,0,9,months,S1,estimate,of the base\n")  # fmt: skip
    put(variant, "parameters", head + "cover,3,0,9,months,S3,estimate,here\n")
    put(variant, "sources", TABLES["sources"].splitlines()[0] + "\nS3,Third,,,,B\n")
    found = load(variant)
    values = dict(zip(found["parameters"]["name"], found["parameters"]["value"], strict=True))
    assert (values["attrition"], values["cover"]) == (0.2, 3.0)
    assert found["sources"]["id"].tolist()[:3] == ["S1", "S2", "S3"]


def test_the_digest_is_of_the_content_not_of_how_it_came_about(pair):
    _, variant = pair
    first = load(variant).digest
    put(variant, "programs", TABLES["programs"])  # the rows of the base, repeated
    assert load(variant).digest == first
    put(variant, "programs", PROGRAM)
    assert load(variant).digest != first


# ------------------------------------------------------------------- where figures come from


def test_a_figure_repeated_from_the_base_keeps_its_source_and_a_changed_one_has_the_rows(pair):
    put(pair[1], "programs", PROGRAM)
    said = load(pair[1]).provenance
    assert said("programs", "us-shell-buy", "stock") == Provenance("MODEL", "notional")
    assert said("programs", "us-shell-buy", "objective") == Provenance("S1", "documented")


def test_what_the_base_says_of_a_cell_or_column_does_not_vouch_for_a_changed_figure(pair):
    row = "mill,steelworks,steel,Pittsburgh,40.4,-80,4,9,60,80,50,1,3,0.25,0.9,1,yes,S1,documented"
    put(pair[1], "lines", f"{TABLES['lines'].splitlines()[0]}\n{row}\n")
    said = load(pair[1]).provenance
    own = Provenance("S1", "documented")
    assert said("lines", "mill", "msr") == own  # the base: MODEL, for the very cell
    assert said("lines", "mill", "labour") == own  # the base: MODEL, for the column
    assert said("lines", "us-bodies", "labour") == Provenance("MODEL", "notional")
    assert said("lines", "mill", "rate_max") == Provenance("S2", "estimate")  # unchanged


def test_what_a_variant_says_in_its_own_provenance_comes_first(pair):
    put(pair[1], "programs", PROGRAM)
    rows = "programs,us-shell-buy,stock,S2,unverified,\nprograms,*,objective,S2,estimate,\n"
    put(pair[1], "provenance", f"{TABLES['provenance'].splitlines()[0]}\n{rows}")
    said = load(pair[1]).provenance
    assert said("programs", "us-shell-buy", "stock") == Provenance("S2", "unverified")
    assert said("programs", "us-shell-buy", "objective") == Provenance("S2", "estimate")


# ------------------------------------------------------------------------------------ faults


def test_a_fault_names_the_file_it_stands_in(pair):
    base, variant = pair
    put(variant, "programs", PROGRAM.replace(",777,", ",-777,"))
    assert str(only_fault(variant)).startswith("programs.csv row 2, column 'stock': -777")
    put(variant, "programs", PROGRAM)
    edit(base, "lines.csv", ",2,40,120,", ",2,-40,120,")
    assert str(only_fault(variant)).startswith("../small/lines.csv row 3, column 'msr': -40")


def test_a_row_of_the_base_that_a_change_breaks_is_named_with_the_remedy(pair):
    without(pair[1], 'firms = ["bodies"]')
    fault = only_fault(pair[1])
    assert (fault.file, fault.row, fault.column) == ("../small/lines.csv", 3, "firm")
    assert str(fault).endswith("or here a row in its place, or its key under [without]")


def test_two_rows_of_a_variant_with_one_key_are_a_fault(pair):
    put(pair[1], "programs", PROGRAM + PROGRAM.splitlines()[1] + "\n")
    fault = only_fault(pair[1])
    assert (fault.file, fault.row, fault.column) == ("programs.csv", 3, "id")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (
            "../smal",
            "no such folder or shipped scenario; allowed: a folder beside this one, or one",
        ),
        ("arsenal-2025", "did you mean 'arsenal-2026'?"),
        ("../variant", "based on itself; allowed: another scenario"),
        (".", "based on itself"),
    ],
)
def test_a_base_that_is_none_is_refused(pair, name, said):
    based_on(name, pair[1])
    fault = only_fault(pair[1])
    assert (fault.file, fault.row, fault.column) == ("scenario.toml", 7, "based_on")
    assert said in str(fault)


def test_a_base_must_stand_alone(pair, tmp_path):
    (tmp_path / "third").mkdir()
    fault = only_fault(based_on("../variant", tmp_path / "third"))
    assert "'../variant' is itself based on '../small'; allowed: a scenario that stands" in str(
        fault
    )


def test_a_base_without_a_readable_scenario_toml_is_named(pair):
    (pair[0] / "scenario.toml").write_text("title = x")
    assert str(only_fault(pair[1])).startswith("../small/scenario.toml line 1")


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ('lines = ["mil"]', "lines.csv of the base has no row 'mil' (did you mean 'mill'?); "
         "allowed: id of a row of the base"),
        ('routes = ["assembly"]', "allowed: buyer>supplier of a row of the base"),
        ('line = ["mill"]', "unknown table 'line' (did you mean 'lines'?)"),
        ("lines = []", "is no list of texts"),
        ('programs = ["us-shell-buy"]', "'us-shell-buy' stands in programs.csv too; allowed: "
         "either of them"),
    ],
)  # fmt: skip
def test_rows_that_cannot_be_taken_away_are_named(pair, rows, said):
    without(pair[1], rows)
    put(pair[1], "programs", PROGRAM)
    fault = only_fault(pair[1])
    assert (fault.file, fault.column) == ("scenario.toml", "without")
    assert said in str(fault)
    lines = (pair[1] / "scenario.toml").read_text().splitlines()
    assert lines[fault.row - 1] == "[without]"


def test_without_needs_a_base(pair):
    edit(pair[0], "scenario.toml", "seed = 7", 'seed = 7\nwithout = { lines = ["mill"] }')
    fault = only_fault(pair[0])
    assert (fault.row, fault.column) == (7, "without")
    assert "there is no base; allowed: based_on =" in str(fault)


def test_the_name_of_a_base_may_be_anything_without_a_traceback(tmp_path):
    for name in ("x" * 5000, "\u2603", "/", ".."):
        (tmp_path / "scenario.toml").write_text(
            f'title = "T"\nsummary = "S"\nstart = "2022-02"\nhorizon = 9\nbased_on = "{name}"\n',
            encoding="utf-8",
        )
        faults = check(tmp_path)
        assert faults
        assert "cannot be read" not in str(faults[0])
