"""Broken phases, uses and substitutes of conflicts are refused with place and remedy."""

import pytest

from mobilize.scenario import check
from tests.scenarios import edit, write_war

OUTBREAK = 'outbreak = "2022-06"\n'
NORTH = 'outbreak = "attack"\n'
USE = 'program = "new-shell-buy"\nphase = "opening"\nper_day = 5\n'
HIT = 'program = "radar-care"\nphase = "opening"\n'
INSTEAD = 'instead = "us-shell-buy"'
NEED = 'need_days = 21\nsource = "MODEL"\nconfidence = "notional"\n'
SUBSTITUTE = 'program = "new-shell-buy"\ninstead = "us-shell-buy"\nunits = 2\n'
WHOLE = f'[[conflict.substitute]]\n{SUBSTITUTE}source = "MODEL"\nconfidence = "notional"\n'

CASES = [  # what stands there, its replacement, lines from there to the fault, key, words
    (USE, USE.replace("opening", "openning"), 1, "conflict 2, use 1: phase",
     "unknown phase 'openning' (did you mean 'opening'?); allowed: opening, gap, protracted"),
    (USE, USE + 'from = "2022-03"\nto = "2022-04"\n', 1, "conflict 2, use 1: phase",
     "both a phase and dates are given; allowed: either phase, or from and to"),
    (USE, USE.replace('phase = "opening"\n', ""), -1, "conflict 2, use 1: from",
     "neither a phase nor dates are given; allowed: either phase, or from and to"),
    (USE, USE.replace('phase = "opening"', 'from = "2022-03"'), -1, "conflict 2, use 1: to",
     "the key is missing; allowed: either phase, or from and to"),
    (USE, USE + 'phrase = "gap"\n', 3, "conflict 2, use 1: phrase", "did you mean 'phase'?"),
    (HIT, HIT.replace("care", "car"), 0, "conflict 2, use 3: program",
     "did you mean 'radar-care'?"),
    (HIT, HIT.replace("radar-care", "new-shell-work"), 0, "conflict 2, use 3: program",
     "a development program has nothing in use"),
    ("months = 3\n\n[[conflict.ph", "months = 0\n\n[[conflict.ph", 0, "conflict 2, phase 2: months",
     "0 is below 1"),
    ('name = "gap"', 'name = "opening"', 0, "conflict 2, phase 2: name",
     "'opening' is the name of conflict 2, phase 1 too; allowed: a name of its own"),
    (OUTBREAK, 'outbreak = "soon"\n', 0, "conflict 2: outbreak",
     "'soon' is not a month; allowed: a month, such as \"2026-12\", or \"attack\""),
    (OUTBREAK, "outbreak = 2022\n", 0, "conflict 2: outbreak", 'a month, such as "2026-12", or'),
    (OUTBREAK, 'outbreak = "2021-03"\n', 0, "conflict 2: outbreak",
     "none of the war, 2021-03 to 2022-01, falls in the run; allowed: a month of the run, 2022-02"),
    (OUTBREAK, 'outbreak = "2027-02"\n', 0, "conflict 2: outbreak",
     "none of the war, 2027-02 to 2027-12, falls in the run"),
    (NORTH, "", -3, "conflict 3: outbreak", "the key is missing: its phases never begin"),
    (NEED, NEED.replace("21", "0"), 0, "conflict 2: need_days", "0 is not above 0"),
    (NEED, NEED.replace('source = "MODEL"\n', ""), -4, "conflict 2: source",
     "the key is missing: need_days and phases are figures; allowed: source = ..."),
    (NEED, NEED.replace("MODEL", "S9"), 1, "conflict 2: source", "unknown source 'S9'"),
    (NEED, NEED.replace("notional", "documented"), 2, "conflict 2: confidence",
     "'documented' is too much for a modelling choice; allowed: notional or estimate"),
    (NORTH, NORTH + "need_days = 9\n", 1, "conflict 3: need_days",
     "conflict 2 has need_days too; allowed: one reference conflict in a scenario"),
    ('name = "opening"\nmonths = 2\n', 'name = "opening"\nmonths = 2\n[[conflict.phase]]\n'
     'name = "gap again"\nmonths = "two"\n', 4, "conflict 2, phase 2: months", "not a number"),
    (SUBSTITUTE, SUBSTITUTE.replace("us-shell", "us-shel"), 1, "conflict 2, substitute 1: instead",
     "did you mean 'us-shell-buy'?"),
    (SUBSTITUTE, SUBSTITUTE.replace("us-shell", "new-shell"), 1,
     "conflict 2, substitute 1: instead",
     "'new-shell-buy' stands in for itself; allowed: another program"),
    (SUBSTITUTE, SUBSTITUTE.replace("us-shell-buy", "radar-care"), 1,
     "conflict 2, substitute 1: instead",
     "'radar-care' is a sustainment program; allowed: a program of kind production"),
    (SUBSTITUTE, SUBSTITUTE.replace("us-shell-buy", "new-shell-work"), 1,
     "conflict 2, substitute 1: instead", "'new-shell-work' is a development program"),
    (SUBSTITUTE, SUBSTITUTE.replace('am = "new-shell-buy"', 'am = "us-shell-buy"')
     .replace(INSTEAD, 'instead = "new-shell-buy"').replace("2", "-2"), 2,
     "conflict 2, substitute 1: units", "-2 is negative; allowed: > 0"),
    (WHOLE, WHOLE + WHOLE, 8, "conflict 2, substitute 2: instead",
     "the same as conflict 2, substitute 1; allowed: each pair once"),
    (USE, USE.replace("new-shell-buy", "us-shell-buy"), 21, "conflict 2, substitute 1: program",
     "the conflict uses no 'new-shell-buy'; allowed: a program of its uses"),
]  # fmt: skip


@pytest.fixture
def war(tmp_path):
    return write_war(tmp_path / "war")


@pytest.mark.parametrize(
    ("old", "new", "lines", "key", "said"),
    [pytest.param(*one, id=f"{place} {one[3]}") for place, one in enumerate(CASES)],
)
def test_one_mistake_in_a_conflict_is_one_fault_with_place_and_remedy(
    war, old, new, lines, key, said
):
    text = (war / "scenario.toml").read_text(encoding="utf-8")
    there = text[: text.index(old)].count("\n") + 1
    edit(war, "scenario.toml", old, new)
    (fault,) = check(war)
    assert (fault.file, fault.row, fault.column) == ("scenario.toml", there + lines, key)
    assert said in str(fault)


def test_a_war_without_phases_hears_of_all_that_follows(war):
    phases = '[[conflict.phase]]\nname = "all of it"\nmonths = 4\n'
    edit(war, "scenario.toml", phases, "")
    assert [(fault.column, fault.problem) for fault in check(war)] == [
        ("conflict 3: outbreak", "the conflict has no phases"),
        ("conflict 3, use 1: phase", "unknown phase 'all of it'"),
    ]


def test_a_reference_that_fires_nothing_in_its_first_phase_counts_no_days(war):
    text = (war / "scenario.toml").read_text(encoding="utf-8")
    text = text.replace('phase = "opening"', 'phase = "gap"')
    (war / "scenario.toml").write_text(text, encoding="utf-8")
    (fault,) = check(war)
    assert fault.column == "conflict 2: need_days"
    assert "nothing is used in the first phase, so no days of fires can be counted" in str(fault)


def test_a_substitute_from_another_countrys_stock_is_refused(war):
    edit(war, "programs.csv", "us-shell-buy,Shells,US", "us-shell-buy,Shells,CA")
    said = [str(fault) for fault in check(war) if fault.column.startswith("conflict")]
    assert len(said) == 1
    assert "a stock of 'CA', which is not its own; allowed: a program of country US" in said[0]


def test_mistakes_in_several_conflicts_are_reported_at_once(war):
    edit(war, "scenario.toml", "per_day = 5\n", "per_day = -5\n")
    edit(war, "scenario.toml", "units = 2\n", 'units = "two"\n')
    edit(war, "scenario.toml", NORTH, NORTH + 'need_days = "many"\n')
    assert {fault.column for fault in check(war)} == {
        "conflict 2, use 1: per_day",
        "conflict 2, substitute 1: units",
        "conflict 3: need_days",
    }
