"""A challenger that cannot be is refused, all its faults at once, with the line they stand on."""

import pytest

from mobilize.scenario import check, load
from tests.deterrence import add_war
from tests.scenarios import edit, write_small

USES = {"us-shell-buy": 400}


@pytest.fixture
def folder(tmp_path):
    return add_war(write_small(tmp_path / "small"), USES, country="CA", near="US")


def found(folder):
    return {(f.column, f.problem, f.allowed) for f in check(folder)}


def test_a_sound_challenger_is_read(folder):
    assert check(folder) == []
    challenger = load(folder).challenger
    assert (challenger.country, challenger.acts, challenger.near) == ("CA", True, "US")
    assert challenger.mindset == "drawn"


def test_a_challenger_changes_the_digest(folder, tmp_path):
    plain = add_war(write_small(tmp_path / "plain"), USES, acts=None)
    assert load(plain).challenger is None
    assert load(plain).digest != load(folder).digest


def test_every_fault_is_told_at_once(folder):
    edit(folder, "scenario.toml", 'country = "CA"\nacts = true\nmindset = "drawn"\nnear = "US"',
         'country = "CN"\nacts = "yes"\nmindset = "bold"\nnear = "USA"\nmood = 1')  # fmt: skip
    faults = check(folder)
    assert [f.column for f in faults] == [
        "challenger: country",
        "challenger: acts",
        "challenger: mindset",
        "challenger: near",
        "challenger: mood",
    ]
    text = (folder / "scenario.toml").read_text(encoding="utf-8").split("\n")
    assert [text[f.row - 1].split(" ")[0] for f in faults[:4]] == [
        "country",
        "acts",
        "mindset",
        "near",
    ]
    problems = " ".join(f"{f.problem} {f.allowed}" for f in faults)
    for told in ("unknown id 'CN'", "neither true nor false", "opportunist, fearful, patient",
                 "unknown id 'USA' (did you mean 'US'?)", "unknown key 'mood'"):  # fmt: skip
        assert told in problems, problems


def test_missing_keys_are_told(folder):
    edit(folder, "scenario.toml", 'country = "CA"\nacts = true\nmindset = "drawn"\nnear = "US"', "")
    assert {f.column for f in check(folder)} == {"challenger: country", "challenger: acts"}


def test_a_challenger_needs_a_reference_conflict(folder):
    edit(folder, "scenario.toml", "need_days = 21\n", "")
    problems = [f.problem for f in check(folder)]
    assert problems == ["no conflict has need_days, so there is nothing to deter it with"]


def test_a_challenger_is_not_its_own_neighbour(folder):
    edit(folder, "scenario.toml", 'near = "US"', 'near = "CA"')
    assert [f.problem for f in check(folder)] == ["the challenger itself"]


def test_a_list_of_challengers_is_refused(folder):
    edit(folder, "scenario.toml", "[challenger]", "[[challenger]]")
    assert [(f.column, f.problem) for f in check(folder)] == [
        ("challenger", "this is not a table")
    ]  # fmt: skip
