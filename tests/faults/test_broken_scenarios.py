"""Broken scenarios are refused with file, row, column and remedy; nothing else escapes."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mobilize.scenario import Fault, ScenarioError, check, load
from mobilize.scenario.defaults import default
from tests.scenarios import TABLES, edit, write_small


@pytest.fixture
def small(tmp_path):
    return write_small(tmp_path / "small")


def only_fault(folder):
    """Load a scenario that has one fault, and return it."""
    with pytest.raises(ScenarioError) as caught:
        load(folder)
    assert len(caught.value.faults) == 1, str(caught.value)
    return caught.value.faults[0]


def case(file, old, new, row, column, *said):
    """One replacement in one file; the fault it makes stands in that file."""
    return pytest.param(file, old, new, file, row, column, said, id=f"{file}: {new[:30]!r}")


def elsewhere(file, old, new, fault_file, row, column, *said):
    """One replacement in one file; the fault stands in another."""
    return pytest.param(file, old, new, fault_file, row, column, said, id=f"{file}: {new[:30]!r}")


CELLS = [
    case("lines.csv", ",2,40,120,", ",2,-40,120,", 3, "msr", "-40 is negative", ">= 0"),
    case("lines.csv", ",2,40,120,", ",2,nan,120,", 3, "msr", "'nan' is not a finite number"),
    case("lines.csv", ",2,40,120,", ",2,1e999,120,", 3, "msr", "too large", ">= 0"),
    case("lines.csv", ",2,40,120,", ',2,"1,000",120,', 3, "msr", "comma; write 1000 for thou"),
    case("lines.csv", ",2,40,120,", ",2,1_0,120,", 3, "msr", "'1_0' is not a number", ">= 0"),
    case("lines.csv", ",2,40,120,", ",2,４０,120,", 3, "msr", "is not a number"),
    case("lines.csv", ",2,40,120,", ",2,,120,", 3, "msr", "empty", ">= 0"),
    case("lines.csv", "40.8,-91.2", "40.8,-191.2", 2, "lon", "below -180", "-180 to 180"),
    case("lines.csv", "41.4,-75.7,2,", "41.4,-75.7,2.5,", 3, "tier", "not a whole", "1 to 4"),
    case("lines.csv", "41.4,-75.7,2,", "41.4,-75.7,7,", 3, "tier", "above 4", "1 to 4"),
    case("lines.csv", "0.5,0,0,yes", "0.5,0,0,Yes", 2, "qualified", "mean 'yes'", "yes, no"),
    case("items.csv", "round,licence,3.5", "round,licence,0", 2, "cost", "not above 0", "> 0"),
    case("items.csv", "end_item,round", "enditem,round", 2, "kind", "did you mean 'end_item'?"),
    case("budgets.csv", "fy22,US", "FY 22,US", 2, "id", "'FY 22'", "lower-case words"),
    case("countries.csv", "CA,Canada", "mex,Mexico,1,,1,no,no,S1,estimate\nCA,Canada", 3, "id",
         "'mex'", "two capital letters"),
    case("budgets.csv", "2022-05", "May-22", 2, "date", "'May-22'", "YYYY-MM, such as 2022-02"),
    case("bom.csv", "shell,body,1,S1,documented", "shell,body,1,S1,documentd", 2, "confidence",
         "did you mean 'documented'?", "documented, estimate, unverified, notional"),
    case("bom.csv", "shell,body,1,S1,", "shell,body,1,S1;S2,", 2, "source", "'S1;S2'", "joined by"),
    case("bom.csv", "shell,body,1,S1,", "shell,body,1,S1+S9,", 2, "source", "unknown source 'S9'"),
    case("bom.csv", "shell,body,1,S1,", "shell,body,1,MODEL,", 2, "confidence",
         "too much for a modelling choice", "notional or estimate"),
    case("sources.csv", ",,,,B", ",,,,X", 3, "grade", "unknown word 'X'", "A, B, C, R, M"),
]  # fmt: skip

HEADERS = [
    case("lines.csv", "msr [units/month]", "msr [units/year]", 1, "msr", "units/year",
         "'msr [units/month]'"),
    case("lines.csv", "msr [units/month]", "msr", 1, "msr", "no unit", "'msr [units/month]'"),
    case("lines.csv", "civil_share [fraction]", "civil_shar [fraction]", 1, "civil_shar",
         "unknown column", "did you mean 'civil_share'?"),
    case("lines.csv", "cover [months]", "civil_share [fraction]", 1, "civil_share", "twice"),
    case("lines.csv", "place,", "place [m],", 1, "place", "takes no unit", "'place'"),
    case("lines.csv", "cover [months]", "", 1, None, "cell 16 of the header is empty"),
    case("sources.csv", "id,title,publisher,year,url,grade", "id;title;publisher", 1, None,
         "semicolons", "commas"),
]  # fmt: skip

ROWS = [
    case("routes.csv", "assembly,us-bodies,1,1,1.5,yes", "assembly,us-bodies,1,1,1,5,yes", 3,
         None, "the row has 9 cells", "8 cells", "needs quotes"),
    case("routes.csv", "us-bodies,mill,1,1,,,S2,estimate", "us-bodies,mill,1", 6, None,
         "the row has 3 cells", "8 cells"),
    case("firms.csv", '"Prime, Inc."', '"Prime, Inc.', 2, None, "a quote is opened here"),
    case("firms.csv", '"Prime, Inc."', '"Prime" Inc.', 2, None, "broken quoting"),
    case("firms.csv", "Steel works", "x" * 200_000, 5, None, "too long", "131,072 characters"),
    case("firms.csv", "Steel works", "Steel\0works", 5, None, "NUL byte", "plain text"),
    case("firms.csv", "Steel works", "Steel\x1b[2Jworks", 5, None, "control character (0x1B)"),
]  # fmt: skip

NAMES = [
    case("firms.csv", "bodies,Body works,US", "bodies,Body works,UX", 3, "country",
         "unknown id 'UX'", "did you mean 'US'?", "an id of countries.csv"),
    case("routes.csv", "assembly,us-bodies,1", "assembly,us-bodys,1", 3, "supplier",
         "did you mean 'us-bodies'?", "an id of lines.csv"),
    case("routes.csv", "us-shell-buy,", "us-shel-buy,", 2, "buyer",
         "did you mean 'us-shell-buy'?", "lines.csv or programs.csv"),
    case("budgets.csv", "US,industrial", "US,industry", 3, "purpose",
         "did you mean 'industrial'?", "an id of programs.csv or industrial"),
    case("projects.csv", "capacity,US", "capacity,USA", 2, "payer", "countries.csv or firms.csv"),
    case("sources.csv", "S2,Newspaper,,,,B", "S2,Newspaper,,,,B\nS2,Other,,,,B", 4, "id",
         "repeats row 3", "one row for each id"),
    case("bom.csv", "body,steel,0.05,S2,estimate", "body,steel,0.05,S2,estimate\nbody,steel,1,S2,"
         "estimate", 5, "component", "repeats row 4", "one row for each item and component"),
    case("routes.csv", "us-bodies,mill,1,1,,,S2,estimate", "us-bodies,mill,0.5,1,,,S2,estimate"
         "\nus-bodies,mill,0.5,1,,,S2,estimate", 7, "supplier", "repeats row 6"),
    elsewhere("firms.csv", "steelworks,Steel works,US,supplier,MODEL,notional",
         "steelworks,Steel works,US,supplier,MODEL,notional\nmill,Mill,US,supplier,S1,estimate",
         "lines.csv", 6, "id", "'mill' is the id of firms.csv row 6", "an id that no"),
    case("provenance.csv", "lines,mill,msr", "lines,mil,msr", 2, "id", "did you mean 'mill'?"),
    case("provenance.csv", "lines,mill,msr", "lines,mill,mrs", 2, "column", "did you mean 'msr'?"),
    case("provenance.csv", "assembly>ca-charges", "ca-charges", 5, "id", "buyer>supplier of a row"),
    case("provenance.csv", "lines,*,labour", "lines,*,msr", 4, "column", "repeats row 3"),
    case("hindcast.csv", "deliveries,us-shell-buy", "deliveries,assembly", 2, "target",
         "unknown target", "an id of programs.csv or items.csv for deliveries"),
    case("hindcast.csv", "capacity,assembly", "capacity,asembly", 4, "target",
         "did you mean 'assembly'?"),
]  # fmt: skip

NETWORK = [
    elsewhere("routes.csv", "us-bodies,mill,1,1,,,S2,estimate\n", "", "lines.csv", 3, "item",
         "no route brings 'steel' to 'us-bodies'", "buyer us-bodies and as supplier one of mill"),
    elsewhere("routes.csv", "us-bodies,mill,1,1,,,", "us-bodies,mill,1,1,,no,", "lines.csv", 3,
         "item", "no qualified route brings 'steel' to 'us-bodies'"),
    elsewhere("routes.csv", "us-shell-buy,assembly,1,1,,yes,S1,documented\n", "",
         "programs.csv", 2, "item", "no route brings 'shell' to 'us-shell-buy'", "assembly"),
    case("routes.csv", "assembly,us-bodies,1,", "assembly,us-bodies,0.9,", 3, "share",
         "sum to 0.9", "a sum of 1"),
    case("routes.csv", "us-bodies,mill,1,1,,,S2,estimate", "us-bodies,mill,1,1,,,S2,estimate\n"
         "assembly,mill,1,1,,,S2,estimate", 7, "supplier",
         "'mill' makes 'steel', which 'assembly' does not need", "body or charge"),
    elsewhere("lines.csv", "45.3,-74.1,2,", "45.3,-74.1,1,", "routes.csv", 4, "supplier",
         "'ca-charges' is on tier 1", "deeper tier"),
    case("lines.csv", ",40,120,250,", ",130,120,250,", 3, "msr", "130 is above rate_185 120"),
    case("lines.csv", ",40,120,250,", ",40,300,250,", 3, "rate_185", "above rate_max 250"),
    case("lines.csv", "5,60,80,50,1,3,0.2,0.9,", "5,60,80,90,1,3,0.2,0.1,", 6, "start_rate",
         "90 is above rate_max 80"),
    case("lines.csv", "0,100,200,0,", "0,100,200,10,", 5, "start_rate", "not qualified", "0, or"),
    elsewhere("bom.csv", "body,steel,0.05", "body,steel,0.5", "lines.csv", 6, "rate_max",
         "buyers draw 50 a month from 'mill' and civil customers 45, above its 80", ">= 95"),
    elsewhere("routes.csv", "ca-charges,1,1,,yes,S1,estimate\nassembly,us-charges,1,1,,no",
         "ca-charges,0.5,1,,yes,S1,estimate\nassembly,us-charges,0.5,1,,yes",
         "routes.csv", 5, "qualified", "its supplier 'us-charges' is not", "no"),
]  # fmt: skip

PLANS = [
    case("projects.csv", "us-charges,new_source", "us-charges,capacity", 3, "kind",
         "'us-charges', which is not qualified", "new_source"),
    case("projects.csv", ",2,18,6,4,6,", ",0,0,0,0,0,", 3, "build", "0 months", "at least one"),
    case("constraints.csv", "2023-01,mill", "2012-01,mill", 2, "date", "outside the run"),
    case("constraints.csv", "2023-01,mill", "2023-01,mil", 2, "target", "did you mean 'mill'?"),
    case("hindcast.csv", "2022-12,deliveries", "2012-12,deliveries", 2, "date",
         "2012-12 is outside the run", "2022-02 to 2027-01"),
]  # fmt: skip

TOML = [
    case("scenario.toml", 'title = "Small"', "title = Small", 2, None, "broken TOML", "key ="),
    case("scenario.toml", 'title = "Small"\n', "", None, "title", "missing", "title = ..."),
    case("scenario.toml", "horizon = 60", 'horizon = "60"', 5, "horizon", "not a number"),
    case("scenario.toml", "horizon = 60", "horizon = true", 5, "horizon", "not a number"),
    case("scenario.toml", "horizon = 60", "horizon = 0", 5, "horizon", "below 1", "1 to 1200"),
    case("scenario.toml", "horizon = 60", f"horizon = 0x{'f' * 9000}", 5, "horizon", "too large"),
    case("scenario.toml", "horizon = 60", f"horizon = {'9' * 9000}", None, None, "broken TOML"),
    case("scenario.toml", "seed = 7", "sed = 7", 6, "sed", "unknown key", "did you mean 'seed'?"),
    case("scenario.toml", "seed = 7", f"x = {'[' * 5000}", None, None, "too deeply"),
    case("scenario.toml", "seed = 7", f"x.{'a.' * 3000}a = 1", None, "x", "unknown key"),
    case("scenario.toml", "seed = 7", "seed = nan", 6, "seed", "not a finite number"),
    case("scenario.toml", 'start = "2022-02"', "start = 2022-02-01", 4, "start", '"2022-02"'),
    case("scenario.toml", "[[objective]]\ntext = \"Deliver\"", "[[objectiv]]\ntext = \"Deliver\"",
         None, "objectiv", "did you mean 'objective'?"),
    case("scenario.toml", 'to = "2023-12"', 'to = "2022-01"', 15, "conflict 1, use 1: to",
         "2022-01 is before from = 2022-03", "2022-03 or later"),
    case("scenario.toml", 'from = "2024-01"\nto = "2024-06"', 'from = "2034-01"\nto = "2034-06"',
         22, "conflict 1, use 2: from", "none of the use falls in the run", "2022-02 to 2027-01"),
    case("scenario.toml", "per_day = 2\n", "per_day = 2\nper_night = 2\n", 25,
         "conflict 1, use 2: per_night", "did you mean 'per_day'?"),
    case("scenario.toml", "months = 3", "months = -3", 33, "disturbance 1: months", "negative"),
    case("scenario.toml", 'target = "mill"', 'target = "mil"', 31, "disturbance 1: target",
         "did you mean 'mill'?", "a line"),
    case("scenario.toml", "severity = 0.5", "severity = 5", 34, "disturbance 1: severity",
         "5 for the outage", "0 to 1 fraction"),
    case("scenario.toml", 'start = "2022-08"\n', "", 28, "disturbance 1: start",
         "neither a date nor an event"),
    case("scenario.toml", 'start = "2022-08"', 'start = "2012-08"', 32, "disturbance 1: start",
         "none of the disturbance falls in the run", "2022-02 to 2027-01"),
    case("scenario.toml", 'id = "border"', 'id = "mill-fire"', 41, "disturbance 2: id",
         "the id of disturbance 1 too"),
    case("scenario.toml", 'target = "assembly>ca-charges"', 'target = "assembly>mill"', 43,
         "disturbance 2: target", "unknown target", "a country, or BUYER>SUPPLIER"),
    case("scenario.toml", "{ us-shell-buy = 1 }", "{ us-shel-buy = 1 }", 54, "set 1: parts",
         "did you mean 'us-shell-buy'?", "programs.csv"),
    case("scenario.toml", "{ us-shell-buy = 1 }", "{ us-shell-buy = 0 }", 54, "set 1: parts",
         "units of 'us-shell-buy': 0 is not above 0"),
    case("scenario.toml", "stock = 20000\n", "", 56, "objective 1: stock", "neither is given"),
    case("scenario.toml", 'month = "2025-01"', 'month = "2035-01"', 65, "objective 2: month",
         "2035-01 is outside the run"),
    case("scenario.toml", 'kind = "walkout"', 'kind = "walkot"', 70, "disturbance 3: kind",
         "did you mean 'walkout'?"),
    case("scenario.toml", 'target = "steelworks"', 'target = "steelworks"\nstart = "2022-05"', 72,
         "disturbance 3: start", "both a date and an event"),
    case("scenario.toml", 'effects = ["walkout"]', 'effects = ["walkout", "mil-fire"]', 82,
         "event 1: effects", "did you mean 'mill-fire'?"),
    case("scenario.toml", ", below = 0 }", " }", 79, "event 1: trigger", "0 bounds are given"),
    case("scenario.toml", 'of = "us-shell-buy", b', 'of = "us-shel-buy", b', 79, "event 1: trigger",
         "did you mean 'us-shell-buy'?"),
    case("scenario.toml", 'on = "stock"', 'on = "stok"', 79, "event 1: trigger", "stok"),
    case("scenario.toml", "trigger = {", 'when = "2022-05"\ntrigger = {', 79, "event 1: when",
         "both are given"),
    case("scenario.toml", 'targets = ["base"]', 'targets = ["bas"]', 89, "hazard 1: targets",
         "did you mean 'base'?"),
    case("scenario.toml", "per_year = 0.0001", "per_year = 0", 90, "hazard 1: per_year",
         "not above 0"),
    case("scenario.toml", 'targets = ["base"]', 'targets = ["base", "base"]', 89,
         "hazard 1: targets", "'base' given more than once", "each text once"),
    case("scenario.toml", ", below = 0 }", ", below = 0, months = 2 }", 79, "event 1: trigger",
         "months are given", 'for on = "after"'),
    case("scenario.toml", 'on = "stock", of = "us-shell-buy", below = 0',
         'on = "after", of = "pay", months = 2', 79, "event 1: trigger", "waits for itself"),
    case("scenario.toml", 'on = "stock", of', 'on = "stok", if', 79, "event 1: trigger",
         "unknown key 'if'; unknown word 'stok'", "below, above, months"),
    case("scenario.toml", 'title = "Pay dispute"', 'title = "Pay\\u001b[31m dispute"', 78,
         "event 1: title", "holds control characters"),
    case("scenario.toml", "[[set]]", "[[without]]\nlines = [\"mill\"]\n\n[[set]]", 51, "without",
         "names no rows", "a table [without]"),
    case("scenario.toml", "[[set]]", "[[challenger]]\nacts = true\n\n[[set]]", 51, "challenger",
         "not a table", "one [challenger] header"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("file", "old", "new", "fault_file", "row", "column", "said"),
    [*CELLS, *HEADERS, *ROWS, *NAMES, *NETWORK, *PLANS, *TOML],
)
def test_one_mistake_is_one_fault_with_its_place_and_remedy(
    small, file, old, new, fault_file, row, column, said
):
    edit(small, file, old, new)
    fault = only_fault(small)
    assert (fault.file, fault.row, fault.column) == (fault_file, row, column), str(fault)
    for words in said:
        assert words in str(fault)


def test_one_fault_reads_as_one_line(small):
    edit(small, "lines.csv", ",2,40,120,", ",2,-3,120,")
    assert str(only_fault(small)) == "lines.csv row 3, column 'msr': -3 is negative; allowed: >= 0"
    edit(small, "lines.csv", ",2,-3,120,", ",2,3,120,")
    edit(small, "scenario.toml", "months = 3", "months = -3")
    said = "scenario.toml line 33, key 'disturbance 1: months': -3 is negative; allowed: a whole "
    assert str(only_fault(small)).startswith(said)


@pytest.mark.parametrize(
    "name", ["countries", "items", "bom", "firms", "lines", "routes", "sources"]
)
def test_a_missing_file_is_the_only_fault_reported(small, name):
    (small / f"{name}.csv").unlink()
    fault = only_fault(small)
    assert (fault.file, fault.row, fault.column) == (f"{name}.csv", None, None)
    assert str(fault) == f"{name}.csv: the file is missing; allowed: a file {name}.csv"


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\xef\xbb\xbf", b" , ,\n"])
def test_an_empty_file_says_so(small, data):
    (small / "lines.csv").write_bytes(data)
    fault = only_fault(small)
    assert (fault.file, fault.row) == ("lines.csv", 1)
    assert "empty; allowed: a header row" in str(fault)


def test_a_header_alone_says_so(small):
    (small / "countries.csv").write_text(TABLES["countries"].splitlines()[0] + "\n")
    faults = check(small)
    assert faults[0] == Fault(
        "countries.csv", None, None, "no rows under the header", "at least one row"
    )


def test_a_missing_column_is_named_with_its_unit(small):
    header, *rows = TABLES["bom"].splitlines()
    rows = [row.split(",") for row in (header, *rows)]
    text = "\n".join(",".join(row[:2] + row[3:]) for row in rows)
    (small / "bom.csv").write_text(text + "\n")
    fault = only_fault(small)
    assert (fault.file, fault.row, fault.column) == ("bom.csv", 1, "quantity")
    assert "allowed: a column 'quantity [units/unit]'" in str(fault)


def test_bytes_that_are_not_utf8_are_located(small):
    path = small / "firms.csv"
    path.write_bytes(path.read_bytes().replace(b"Charge works", b"Usine \xe0 charges"))
    fault = only_fault(small)
    assert (fault.file, fault.row) == ("firms.csv", 4)
    assert "(0xE0) is not UTF-8; allowed: UTF-8 text" in str(fault)


def test_utf16_is_named(small):
    (small / "firms.csv").write_bytes(TABLES["firms"].encode("utf-16"))
    assert "firms.csv row 1: the file is UTF-16" in str(only_fault(small))


def test_a_folder_in_the_place_of_a_file(small):
    (small / "firms.csv").unlink()
    (small / "firms.csv").mkdir()
    assert "firms.csv: this is not a file" in str(only_fault(small))


def test_a_misspelt_table_is_not_ignored(small):
    (small / "budgets.csv").rename(small / "budget.csv")
    fault = only_fault(small)
    assert fault.file == "budget.csv"
    assert "did you mean 'budgets.csv'?" in str(fault)


def test_rows_are_counted_as_a_spreadsheet_does(small):
    edit(small, "firms.csv", '"Prime, Inc."', '"Prime\nand\nsons"')
    edit(small, "firms.csv", "bodies,Body works,US", "\n,,,,,\nbodies,Body works,UX")
    fault = only_fault(small)
    assert (fault.row, fault.column) == (5, "country")


@pytest.mark.parametrize("name", ["no-such-thing", "", "a\0b", "x" * 5000, "~/../..", "/dev/null"])
def test_what_is_no_scenario_folder_says_so(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ScenarioError, match=r"folder|missing"):
        load(name)


def test_a_parameter_must_be_known_and_keep_its_unit(small):
    name, unit = default("parameters")["name"][0], default("parameters")["unit"][0]
    (small / "parameters.csv").write_text(
        "name,value,low,high,unit,source,confidence,description\n"
        f"{name},1,,,{unit}s,S1,estimate,other unit\n"
        f"{name}x,1,,,{unit},S1,estimate,other name\n"
        f"{name},9,1,2,{unit},S1,estimate,repeated\n"
    )
    faults = check(small)
    assert [(fault.row, fault.column) for fault in faults] == [
        (2, "unit"), (3, "name"), (4, "name"), (4, "value"),
    ]  # fmt: skip
    assert f"allowed: '{unit}'" in str(faults[0])
    assert f"did you mean '{name}'?" in str(faults[1])
    assert "repeats row 2" in str(faults[2])
    assert "9 lies outside 1 to 2" in str(faults[3])


def test_a_parameter_outside_its_range_is_refused(small):
    name, unit = default("parameters")["name"][0], default("parameters")["unit"][0]
    (small / "parameters.csv").write_text(
        "name,value,low,high,unit,source,confidence,description\n"
        f"{name},5,1,2,{unit},S1,estimate,too much\n"
    )
    fault = only_fault(small)
    assert (fault.row, fault.column) == (2, "value")
    assert "allowed: low <= value <= high" in str(fault)


def test_a_circle_in_the_bill_of_materials_is_named(small):
    text = TABLES["bom"] + "steel,charge,1,S2,estimate\ncharge,body,1,S2,estimate\n"
    (small / "bom.csv").write_text(text)
    circles = [str(fault) for fault in check(small) if "part of itself" in str(fault)]
    assert len(circles) == 1
    assert circles[0].startswith("bom.csv row 6, column 'component': ")
    assert "body > steel > charge > body; allowed: components without a circle" in circles[0]


def test_a_target_that_is_two_things_is_refused(small):
    edit(small, "items.csv", "steel,Steel,", "mill,Steel,")
    edit(small, "bom.csv", "body,steel,", "body,mill,")
    edit(small, "lines.csv", "steelworks,steel,", "steelworks,mill,")
    edit(small, "hindcast.csv", "capacity,assembly", "capacity,mill")
    assert "'mill' is an id of lines and of items" in str(only_fault(small))


def test_a_run_into_the_year_10000_is_refused(small):
    edit(small, "scenario.toml", 'start = "2022-02"', 'start = "9999-01"')
    fault = only_fault(small)
    assert (fault.row, fault.column) == (4, "start")
    assert "the run ends after the year 9999; allowed: an earlier start" in str(fault)


def test_mistakes_of_every_kind_are_reported_at_once(small):
    edit(small, "scenario.toml", "horizon = 60", "horizon = -1")
    edit(small, "countries.csv", "CA,Canada,0.95", "CA,Canada,95")
    edit(small, "items.csv", "cost [kUSD/unit]", "cost [USD/unit]")
    edit(small, "lines.csv", ",2,40,120,", ",2,140,120,")
    edit(small, "routes.csv", "us-bodies,mill,1,", "us-bodies,mil,1,")
    edit(small, "hindcast.csv", "capacity,assembly", "capacity,asembly")
    (small / "programs.csv").unlink()
    places = {(fault.file, fault.row, fault.column) for fault in check(small)}
    assert places == {
        ("scenario.toml", 5, "horizon"),
        ("countries.csv", 3, "alignment"),
        ("items.csv", 1, "cost"),
        ("lines.csv", 3, "msr"),
        ("routes.csv", 6, "supplier"),
        ("programs.csv", None, None),
        ("hindcast.csv", 4, "target"),
    }


def test_two_faults_of_one_row_are_both_reported(small):
    edit(small, "lines.csv", "Scranton,41.4,-75.7,2,40,", "Scranton,141.4,-75.7,9,-40,")
    assert [(fault.row, fault.column) for fault in check(small)] == [
        (3, "lat"), (3, "tier"), (3, "msr"),
    ]  # fmt: skip


def test_a_hundred_thousand_faults_are_counted_and_shown_briefly(small):
    line = ",firm,shell,Iowa,40,-91,1,-1,150,300,0,1,2,0.5,0,0,yes,S1,documented"
    header = TABLES["lines"].splitlines()[0]
    rows = "\n".join(f"line-{number}{line}" for number in range(100_000))
    (small / "lines.csv").write_text(f"{header}\n{rows}\n".replace(",firm,", ",prime,"))
    edit(small, "routes.csv", TABLES["routes"].split("\n", 1)[1], "")
    with pytest.raises(ScenarioError) as caught:
        load(small)
    message = str(caught.value).splitlines()
    in_lines = [fault for fault in caught.value.faults if fault.column == "msr"]
    assert len(in_lines) == 100_000
    assert sum(text.startswith("lines.csv row") for text in message) == 20
    assert any(text.startswith("and ") and text.endswith(" more in lines.csv") for text in message)
    assert message[-1] == f"{len(caught.value.faults):,} faults in 2 files"


def test_a_long_message_is_cut_per_file():
    faults = [Fault("lines.csv", row, "msr", "bad") for row in range(100_000)]
    message = str(ScenarioError([*faults, Fault("bom.csv", 2, None, "bad")])).splitlines()
    assert message[20] == "and 99,980 more in lines.csv"
    assert message[21:] == ["bom.csv row 2: bad", "100,001 faults in 2 files"]
    assert str(ScenarioError(faults[:1])).splitlines()[-1] == "1 fault in lines.csv"


@pytest.mark.parametrize("row", ["#REF!" + ",?" * 17, "x" * 50, '"', "ö,ü;" * 9])
def test_noise_of_a_hundred_thousand_rows_is_refused(small, row):
    header = TABLES["lines"].splitlines()[0]
    (small / "lines.csv").write_text(header + "\n" + f"{row}\n" * 100_000, encoding="utf-8")
    faults = check(small)
    assert any(fault.file == "lines.csv" for fault in faults)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    file=st.sampled_from(["scenario.toml", *(f"{name}.csv" for name in TABLES)]),
    noise=st.binary(max_size=40)
    | st.text('",\n[]=+-.0123456789eabc>{}', max_size=12).map(str.encode),
    place=st.floats(0, 1),
    cut=st.integers(0, 30),
)
def test_no_damage_makes_a_traceback(tmp_path_factory, file, noise, place, cut):
    folder = write_small(tmp_path_factory.mktemp("damage") / "small")
    data = (folder / file).read_bytes()
    at = int(place * len(data))
    (folder / file).write_bytes(data[:at] + noise + data[at + cut :])
    faults = check(folder)
    assert all(isinstance(fault, Fault) and str(fault) for fault in faults)
    if not faults:
        assert load(folder).digest
