"""Broken packages are refused with place and remedy; no other exception escapes."""

from __future__ import annotations

import string
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mobilize.scenario import load
from policies.package import TOLD, PackageError, load_package, read_package
from tests.packages import refusal


@pytest.fixture(scope="module")
def scenario():
    return load("artillery-2022")


@pytest.fixture
def refused(tmp_path, scenario):
    """Return the text with which a package is refused."""
    return partial(refusal, tmp_path, scenario)


def row(**keys):
    """One [[set]] table; by default a good one, None leaves a key out."""
    good = {"date": "2023-01", "lever": "dpas-rating", "target": "us-155-fuzes", "value": "DX"}
    given = {k: v for k, v in (good | keys).items() if v is not None}
    body = "".join(f"{k} = {_toml(v)}\n" for k, v in given.items())
    return f"[[set]]\n{body}"


class Raw(str):
    """A value written as it stands."""


def _toml(value):
    if isinstance(value, Raw):
        return str(value)
    return f'"{value}"' if isinstance(value, str) else str(value).lower()


def amount(value):
    return row(lever="appropriate", value=value)


def switch(lever, target):
    return row(lever=lever, target=target, value=None)


FILES = {
    "not TOML": ("title = [", "not readable as TOML"),
    "cut off": (row()[:-3], "not readable as TOML"),
    "not UTF-8": (b"title = '\xff\xfe'", "byte 9 is not UTF-8; save it as UTF-8"),
    "UTF-16": ("title = 'T'".encode("utf-16"), "not UTF-8"),
    "zeros": (b"\0" * 100, "not readable as TOML"),
    "brackets without end": (f"a = {'[' * 100_000}", "not readable as TOML"),
    "a number without end": (f"a = {'9' * 10_000}", "not readable as TOML"),
    "a key twice": ('title = "a"\ntitle = "b"', "not readable as TOML"),
    "no table": ("set = 3", "[[set]] tables"),
    "one table": ("[set]\nlever = 'x'", "[[set]] tables"),
    "a list of words": ("set = ['a']", "[[set]] tables"),
    "title no text": ("title = 3", "title '3' is not text"),
}
ROWS = {
    "unknown key": (row(valeu="DX"), "key 'valeu' is unknown; allowed: date, lever"),
    "no lever": (row(lever=None), "key 'lever' is missing"),
    "no date": (row(date=None), "key 'date' is missing"),
    "near name": (row(lever="dpas-ratting"), "did you mean 'dpas-rating'?"),
    "old name": (row(lever="nonsense-lever"), "`mobilize levers` lists all"),
    "long name": (row(lever="x" * 100_000), "..."),
    "lever no word": (row(lever=3), "lever '3' is unknown"),
    "lever a list": (row(lever=Raw("['dpas-rating']")), "is unknown"),
    "no target": (row(target=None), "key 'target' is missing: one of the programs"),
    "wrong id": (row(target="us-155-fuse"), "did you mean 'us-155-fuzes'?; allowed: us-155"),
    "id of another table": (row(target="US"), "is not an id of programs"),
    "target a number": (row(target=7), "target '7' is not an id of programs"),
    "target a list": (row(target=Raw("['US']")), "is not an id of programs"),
    "not for this lever": (row(target="ca-155-m107"), "can move (home programs); allowed: us-155"),
    "home is no partner": (switch("sosa-sign", "US"), "(partners without an arrangement)"),
    "has one already": (switch("sosa-sign", "CA"), "allowed: PL, BE"),
    "adversary": (switch("sosa-sign", "CN"), "(partners without an arrangement)"),
    "already decided": (switch("project-start", "minden-rebuild"), "(undecided projects)"),
    "none here": (switch("idle-allied-capacity", "graham-tnt"), "none in this scenario"),
    "target on the base": (switch("dpa-lapse", "US"), "takes no target, not 'US'; leave"),
    "word not allowed": (row(value="DXX"), "unrated, DO, DX, off; did you mean 'DX'?"),
    "word missing": (row(value=None), "value 'on' is not one of unrated, DO, DX"),
    "word a bool": (row(value=True), "value 'True' is not one of"),
    "word a list": (row(value=Raw('["DX"]')), "is not one of unrated, DO, DX"),
    "amount missing": (amount(None), "value 'on' is not an amount from 0 to 10000 MUSD"),
    "amount below": (amount(-1), "value '-1' is not an amount from 0 to 10000 MUSD"),
    "amount above": (amount(10_001), "value '10001' is not an amount from 0 to 10000"),
    "amount a bool": (amount(True), "value 'True' is not an amount"),
    "amount a list": (amount(Raw("[1]")), "value '[1]' is not an amount"),
    "amount a table": (amount(Raw("{ a = 1 }")), "is not an amount"),
    "amount in quotes": (amount("5"), "value '5' is not an amount from 0 to 10000 MUSD; write"),
    "amount no number": (amount(Raw("nan")), "value 'nan' is not an amount"),
    "amount without end": (amount(Raw("inf")), "value 'inf' is not an amount"),
    "amount beyond floats": (amount(Raw("9" * 400)), "is not an amount"),
    "bad date": (row(date="2023-13"), "date '2023-13' is not a month"),
    "date without zero": (row(date="2023-1"), "such as '2027-01'; allowed: 2022-02 to 2026-11"),
    "date a day": (row(date=Raw("2023-01-01")), "date '2023-01-01' is not a month in quotes"),
    "date a number": (row(date=202301), "date '202301' is not a month in quotes"),
    "date a bool": (row(date=True), "is not a month"),
    "too early": (row(date="2022-01"), "outside the scenario; allowed: 2022-02 to 2026-11"),
    "too late": (row(date="2026-12"), "outside the scenario; allowed: 2022-02 to 2026-11"),
    "bad size": (row(size="big"), "size 'big' is not one of low, base, high"),
    "size a list": (row(size=Raw("[1]")), "size '[1]' is not one of low, base, high"),
}


def cases(table):
    return [pytest.param(*case, id=name) for name, case in table.items()]


@pytest.mark.parametrize(("text", "words"), cases(FILES))
def test_a_file_that_is_no_package_is_refused(refused, text, words):
    assert words in refused(text)


@pytest.mark.parametrize(("text", "words"), cases(ROWS))
def test_a_bad_row_is_refused_with_place_and_remedy(refused, text, words):
    told = refused(row() + text)
    assert "mine.toml: [[set]] 2: " in told
    assert words in told
    assert "[[set]] 1" not in told
    assert max(map(len, told.splitlines())) < 400


def test_the_same_lever_twice_in_a_month_is_refused(refused):
    told = refused(row() + row(value="DO"))
    assert "'dpas-rating' is set twice on 'us-155-fuzes' in 2023-01; allowed: once a month" in told


def test_all_faults_are_told_at_once(refused):
    bad = [text for text, _ in ROWS.values()]
    told = refused("titel = 'T'\n" + "".join(bad) + row() + row())
    assert "key 'titel'" in told
    for n in range(1, len(bad) + 1):
        assert f"[[set]] {n}: " in told
    assert "set twice" in told
    told = refused("titel = 'T'\ntitle = 1\nset = 1\n")
    assert told.count("mine.toml: ") == 3


@pytest.mark.parametrize("text", ["", "\n\n", "# only a remark\n", 'title = "T"\n', "set = []\n"])
def test_an_empty_package_is_one_that_changes_nothing(tmp_path, scenario, text):
    (tmp_path / "empty.toml").write_text(text)
    assert load_package(tmp_path / "empty.toml", scenario).settings == ()


def test_a_mark_of_byte_order_does_no_harm(tmp_path, scenario):
    (tmp_path / "marked.toml").write_text(row(), encoding="utf-8-sig")
    assert len(load_package(tmp_path / "marked.toml", scenario).settings) == 1


def test_a_file_that_is_not_there_or_no_file_is_refused(tmp_path, scenario):
    (tmp_path / "folder.toml").mkdir()
    for source in (tmp_path / "none.toml", tmp_path / "folder.toml", "", "a\0b", "a\0.toml", "x/y"):
        with pytest.raises(PackageError, match="no such package; shipped are baseline"):
            load_package(source, scenario)


def test_ten_thousand_rows_are_read_and_refused_in_a_few_lines(tmp_path, scenario, refused):
    good = "".join(
        row(date=f"{2022 + (n + 1) // 12}-{(n + 1) % 12 + 1:02d}", lever="appropriate", value=n)
        for n in range(58)
    )
    (tmp_path / "many.toml").write_text(good)
    assert len(load_package(tmp_path / "many.toml", scenario).settings) == 58
    told = refused(row() * 10_000)
    assert told.count("set twice") == 1
    told = refused("".join(row(target=f"us-155-fuzez{n}") for n in range(10_000)))
    assert len(told.splitlines()) == TOLD + 1
    assert told.endswith(f"and {10_000 - TOLD} faults more")


PLAIN = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(string.printable, max_size=20),
    st.dates(), st.sampled_from(["2023-01", "dpas-rating", "appropriate", "us-155-fuzes", "DX"]),
)  # fmt: skip
NESTED = st.recursive(PLAIN, lambda v: st.lists(v, max_size=3) | st.dictionaries(st.text(), v))
KEY = st.sampled_from(["date", "lever", "target", "value", "size", "reason", "set", "title"])


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(KEY, NESTED), st.lists(st.dictionaries(KEY, NESTED), max_size=4))
def test_whatever_stands_in_a_package_it_is_read_or_refused(scenario, top, rows):
    for content in (top, top | {"set": rows}):
        told = "any.toml: "
        try:
            read_package("any", content, scenario, "any.toml")
        except PackageError as fault:
            told = str(fault)
        assert told.startswith("any.toml: ")
