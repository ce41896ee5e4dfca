"""Broken fleets, depots, milestones and partners are refused with place and remedy."""

import pytest

from mobilize.scenario import ScenarioError, check, load
from tests.scenarios import edit, write_kinds

PARTNERS = "new-shell-work,US,0.6,0.1,MODEL,notional\nnew-shell-work,CA,0.4,0.3,MODEL,notional\n"
DEPOTS = (
    "home-depot,radar-care,US,home,5,6,3,0.95,1,200,MODEL,notional\n"
    "theatre-depot,radar-care,CA,theatre,4,3,0,0.05,1,250,MODEL,notional\n"
)
CASES = [
    ("programs.csv", "notional,sustainment", "notional,sustain", "programs.csv", 3, "kind",
     "did you mean 'sustainment'?"),
    ("depots.csv", DEPOTS, DEPOTS + "third,us-shell-buy,US,home,5,6,3,1,1,0,MODEL,notional\n",
     "depots.csv", 4, "program",
     "'us-shell-buy' is a production program; allowed: a program of kind sustainment"),
    ("milestones.csv", "design,new-shell-work", "design,radar-care", "milestones.csv", 2,
     "program", "'radar-care' is a sustainment program; allowed: a program of kind development"),
    ("fleets.csv", "radar-care,100,12,0.5,MODEL,notional\n", "", "programs.csv", 3, "kind",
     "'radar-care' has no row in fleets.csv; allowed: a row of fleets.csv with program"),
    ("depots.csv", DEPOTS, "", "programs.csv", 3, "kind", "has no row in depots.csv"),
    ("partners.csv", PARTNERS, "", "programs.csv", 4, "kind", "has no row in partners.csv"),
    ("depots.csv", ",0,0.05,1,", ",0,0.15,1,", "depots.csv", 3, "share",
     "the shares of the depots of radar-care sum to 1.1; allowed: a sum of 1"),
    ("partners.csv", "CA,0.4,", "CA,0.3,", "partners.csv", 3, "share", "sum to 0.9"),
    ("partners.csv", "CA,0.4,", "US,0.4,", "partners.csv", 3, "country",
     "repeats row 2; allowed: one row for each program and country"),
    ("partners.csv", "work,US,0.6,0.1,MODEL,notional\nnew-shell-work,CA,0.4",
     "work,CA,1", "programs.csv", 4, "country",
     "'US' leads 'new-shell-work' and is no partner of it; allowed: a row of partners.csv"),
    ("fleets.csv", ",100,12,", ",100,120,", "fleets.csv", 2, "unserviceable",
     "120 is above fielded 100"),
    ("fleets.csv", "0.5,MODEL,notional\n", "0.5,MODEL,notional\nradar-care,1,0,0,MODEL,notional\n",
     "fleets.csv", 3, "program", "repeats row 2; allowed: one row for each program"),
    ("depots.csv", ",6,3,0.95", ",21,3,0.95", "depots.csv", 2, "turnaround", "1 to 20"),
    ("depots.csv", ",6,3,0.95", ",6,7,0.95", "depots.csv", 2, "transit", "0 to 6"),
    ("depots.csv", "CA,theatre", "CA,home", "depots.csv", 3, "place",
     "a home depot in 'CA' of a fleet of 'US'; allowed: theatre, or country US"),
    ("milestones.csv", "0.2,new-hall", "0.2,more-shells", "milestones.csv", 3, "then",
     "'more-shells' is decided by date; allowed: a project of projects.csv without a date"),
    ("milestones.csv", "0.2,,", "0.2,new-hall,", "milestones.csv", 3, "then",
     "'new-hall' is started by row 2 too; allowed: each project once"),
    ("milestones.csv", "0.2,new-hall", "0.2,new-hal", "milestones.csv", 3, "then",
     "did you mean 'new-hall'?"),
    ("programs.csv", "none,0,0,0,1,1,0,MODEL", "none,0,9,0,1,1,0,MODEL", "programs.csv", 4,
     "objective", "9 for a development program, which buys nothing; allowed: 0"),
    ("budgets.csv", "US,new-shell-buy", "US,new-shell-work", "budgets.csv", 5, "purpose",
     "'new-shell-work' is a development program, which buys nothing"),
    ("routes.csv", "new-shell-buy,new-assembly,1,1,,no,MODEL,notional\n",
     "new-shell-buy,new-assembly,1,1,,no,MODEL,notional\n"
     "new-shell-work,new-assembly,1,1,,no,MODEL,notional\n", "routes.csv", 9, "buyer",
     "'new-shell-work' is a development program, which buys nothing"),
]  # fmt: skip


@pytest.fixture
def kinds(tmp_path):
    return write_kinds(tmp_path / "kinds")


def test_the_scenario_to_be_broken_is_sound(kinds):
    assert check(kinds) == []


@pytest.mark.parametrize(("file", "old", "new", "fault_file", "row", "column", "said"), CASES)
def test_one_mistake_is_one_fault(kinds, file, old, new, fault_file, row, column, said):
    edit(kinds, file, old, new)
    with pytest.raises(ScenarioError) as caught:
        load(kinds)
    (fault,) = caught.value.faults
    assert (fault.file, fault.row, fault.column) == (fault_file, row, column), str(fault)
    assert said in str(fault)


def test_a_conflict_cannot_use_a_development(kinds):
    path = kinds / "scenario.toml"
    text = path.read_text().replace('program = "us-shell-buy"\nfrom = "2022-03"',
                                    'program = "new-shell-work"\nfrom = "2022-03"')  # fmt: skip
    path.write_text(text)
    (fault,) = check(kinds)
    assert "a development program has nothing in use; allowed: a program that buys" in str(fault)


def test_the_item_of_a_production_program_needs_a_qualified_source_unless_it_is_developed(kinds):
    edit(
        kinds,
        "programs.csv",
        "US,new-shell,annual,domestic,none,0,0,",
        "US,shell,annual,domestic,none,0,0,",
    )
    (fault,) = check(kinds)
    assert "no qualified route brings 'new-shell' to 'new-shell-buy'" in str(fault)


def test_mistakes_of_several_tables_are_reported_at_once(kinds):
    edit(kinds, "depots.csv", ",0,0.05,1,", ",0,0.15,1,")
    edit(kinds, "partners.csv", "CA,0.4,", "CA,0.3,")
    edit(kinds, "fleets.csv", ",100,12,", ",100,120,")
    edit(kinds, "milestones.csv", "0.2,new-hall", "0.2,more-shells")
    places = {(fault.file, fault.row, fault.column) for fault in check(kinds)}
    assert places == {
        ("depots.csv", 3, "share"),
        ("partners.csv", 3, "share"),
        ("fleets.csv", 2, "unserviceable"),
        ("milestones.csv", 3, "then"),
    }
