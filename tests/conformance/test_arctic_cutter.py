"""Arctic Security Cutters, 2025-2036: build abroad first, then at home, against home alone."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import numpy as np
import pytest

from mobilize.invariants import faults
from mobilize.model import Model
from mobilize.scenario import Scenario, load, months
from mobilize.scenario.load import SHIPPED
from mobilize.why import why
from policies.acts import start, transfer_skill
from policies.package import load_package

WORLDS = 6
ORDERED = {"asc-rauma": 2, "asc-helsinki": 2, "asc-houma": 4, "asc-galveston": 3}
ABROAD, HOME = ("asc-rauma", "asc-helsinki"), ("asc-houma", "asc-galveston")
NEVER = 10_000  # months


def delivered(run: Model, *programs: str) -> np.ndarray:
    """Return ships delivered to some programs up to each month."""
    at = [run.world.names.programs.index(p) for p in programs]
    return run.record.series("delivered")[:, at].sum(axis=1).cumsum()


def whole(run: Model, ships: int, *programs: str) -> int:
    """Return the months from the start until so many whole ships have been delivered."""
    reached = np.flatnonzero(delivered(run, *programs) >= ships - 1e-6)
    return int(reached[0]) if len(reached) else NEVER


def first(run: Model, *programs: str) -> int:
    """Return the months until one of some programs has its first whole ship.

    Halves of a ship at two yards are no ship.
    """
    return min(whole(run, 1, program) for program in programs)


def made(run: Model, *lines: str) -> float:
    """Return cutters finished by some yards."""
    at = [run.world.names.lines.index(line) for line in lines]
    return float(run.record.output[:, at].sum())


def with_package(scenario: Scenario, name: str) -> list[Model]:
    """Run the worlds under a shipped package."""
    policy = load_package(name, scenario)
    return [Model(scenario, policy, world=world).run() for world in range(WORLDS)]


def rewrite(path: Path, change: dict[str, dict[str, str]]) -> None:
    """Change cells of a table, by id and column."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row.update(change.get(row["id"], {}))
    assert change.keys() <= {row["id"] for row in rows}
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load("arctic-cutter")


@pytest.fixture(scope="module")
def runs(scenario: Scenario) -> list[Model]:
    return [Model(scenario, world=world).run() for world in range(WORLDS)]


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> list[Model]:
    """The same eleven ships and money with no yard abroad and nobody to teach the yards at home."""
    folder = tmp_path_factory.mktemp("scenarios") / "alone"
    shutil.copytree(SHIPPED / "arctic-cutter", folder)
    taken = {"houma-alone": "2025-12", "texas-alone": "2026-02"}
    dates = {"houma-with-rauma": "", "texas-with-helsinki": "", **taken}
    rewrite(folder / "projects.csv", {p: {"decided": d} for p, d in dates.items()})
    moved = {"rauma-contract": "asc-houma", "helsinki-contract": "asc-galveston"}
    rewrite(folder / "budgets.csv", {b: {"purpose": p} for b, p in moved.items()})
    goals = {"asc-houma": "6", "asc-galveston": "5"}
    rewrite(folder / "programs.csv", {p: {"objective [units]": n} for p, n in goals.items()})
    return [Model(load(folder), world=world).run() for world in range(WORLDS)]


def test_four_ships_are_paid_abroad_and_seven_at_home_for_6100_million(scenario: Scenario) -> None:
    budgets = scenario.tables["budgets"]
    money = dict.fromkeys(ORDERED, 0.0)
    for row in budgets.rows():
        if row["purpose"] in money:
            money[str(row["purpose"])] += float(row["amount"])
    assert sum(money.values()) == pytest.approx(6100, rel=0.001)
    share = sum(money[p] for p in ABROAD) / sum(money.values())
    assert share == pytest.approx(4 / 11, rel=0.001)


def test_every_ship_ordered_is_delivered_once_and_no_more(runs: list[Model]) -> None:
    for run in runs:
        for program, ships in ORDERED.items():
            assert delivered(run, program)[-1] == pytest.approx(ships, abs=0.02), program
        assert not faults(run.world.net, run.world.s)


def test_ships_abroad_use_up_hulls_made_abroad(runs: list[Model]) -> None:
    """Hulls of the two Finnish yards cover all that was finished out of them."""
    for run in runs:
        made = run.record.output.sum(axis=0)
        line = run.world.names.lines.index
        for yard, others in (("rauma", 0.9 * made[line("rauma-corvettes")]), ("helsinki", 0.0)):
            hulls = made[line(f"{yard}-hull")]
            before = run.world.net.l_start[line(f"{yard}-hull")] * 24  # in stock and in work
            assert hulls + before >= made[line(f"{yard}-asc")] + others - 1e-6


def test_the_first_hull_comes_from_abroad_and_the_first_at_home_follows(runs: list[Model]) -> None:
    for run in runs:
        abroad, home = first(run, *ABROAD), first(run, *HOME)
        assert abroad + 6 <= home
        assert whole(run, 1, "asc-houma") < whole(run, 1, "asc-galveston")


def test_first_hulls_come_near_the_plan_and_not_before_it(runs: list[Model]) -> None:
    """Plan: 26 months abroad (24-30), 40 at home (36-60); the model is late, by no more than this.

    Stages of a ship are scaled from the plan, so a hit would prove little; a miss would.
    """
    abroad = np.mean([first(run, *ABROAD) for run in runs])
    home = np.mean([first(run, *HOME) for run in runs])
    assert 26 <= abroad <= 36
    assert 36 <= home <= 60


def test_home_alone_comes_years_later_than_building_abroad_first(
    runs: list[Model], alone: list[Model]
) -> None:
    for with_partner, without in zip(runs, alone, strict=True):
        assert not delivered(without, *ABROAD).any()
        assert first(without, *HOME) >= 84
        assert first(without, *HOME) >= first(with_partner, *HOME) + 36
        assert first(without, *HOME) >= first(with_partner, *ABROAD) + 48
    typical = np.median([first(run, *HOME) for run in alone])
    assert 84 <= typical <= 132


def test_cutters_delay_the_canadian_icebreaker_that_shares_the_finnish_hall(
    runs: list[Model], alone: list[Model]
) -> None:
    for with_cutters, without in zip(runs, alone, strict=True):
        assert whole(with_cutters, 1, "ca-polar-max") > whole(without, 1, "ca-polar-max")


def test_no_cutter_is_delivered_at_home_before_a_yard_is_qualified(runs: list[Model]) -> None:
    """What the token rate of an unqualified yard makes is no ship."""
    for run in runs:
        assert delivered(run, "asc-houma")[24] < 0.05
        assert delivered(run, "asc-galveston")[36] < 0.05


def test_a_third_yard_abroad_that_teaches_brings_the_ships_at_home_sooner(
    scenario: Scenario, runs: list[Model]
) -> None:
    for world, before in enumerate(runs[:2]):
        model = Model(scenario, world=world)
        start(model.world, "vancouver-third-yard", 0.0)
        transfer_skill(model.world, "vancouver-third-yard", 0.6)
        model.run()
        for program in HOME:
            assert whole(model, 1, program) < whole(before, 1, program), program
        for program, ships in ORDERED.items():
            assert delivered(model, program)[-1] == pytest.approx(ships, abs=0.02)


def test_a_rule_for_home_yards_only_moves_a_cutter_home_and_delays_texas(
    scenario: Scenario, runs: list[Model]
) -> None:
    """Houma's project beside Rauma has begun and goes on: the rule cannot undo that."""
    yards = ("rauma-asc", "helsinki-asc", "vancouver-asc")
    for before, after in zip(runs, with_package(scenario, "cutter-domestic-only"), strict=True):
        assert made(after, *yards) < made(before, *yards) - 0.9
        assert whole(after, 1, "asc-galveston") >= whole(before, 1, "asc-galveston") + 3
        assert whole(after, 11, *ORDERED) >= whole(before, 11, *ORDERED) + 6
        assert whole(after, 2, "asc-helsinki") >= whole(before, 2, "asc-helsinki") + 36
        assert abs(whole(after, 1, "asc-houma") - whole(before, 1, "asc-houma")) <= 1


def test_building_abroad_first_brings_the_first_cutter_at_home_sooner(
    scenario: Scenario, runs: list[Model]
) -> None:
    for before, after in zip(runs, with_package(scenario, "cutter-build-abroad"), strict=True):
        assert first(after, *HOME) < first(before, *HOME)
        for program in HOME:
            assert whole(after, 1, program) < whole(before, 1, program), program
        assert whole(after, 11, *ORDERED) < whole(before, 11, *ORDERED)


def test_plans_are_shown_and_never_scored(scenario: Scenario) -> None:
    """At the last report read nothing had been delivered: there is no outcome to score."""
    table = scenario.tables["hindcast"]
    assert len(table) >= 8
    for row in table.rows():
        assert row["scored"] == "no"
        assert "plan, not an outcome" in str(row["note"]) or row["value"] == 0
        assert int(row["date"]) >= months.parse("2025-12")


def test_polar_max_and_corvettes_meet_their_plans(runs: list[Model]) -> None:
    """Both were set to, alone; the cutters beside them may cost a few months and no more."""
    begin = months.parse("2025-12")
    for run in runs:
        assert begin + whole(run, 1, "ca-polar-max") <= months.parse("2030-12")
        assert begin + whole(run, 4, "fi-squadron") <= months.parse("2029-12")


def test_why_leads_from_the_cutters_of_rauma_to_the_hulls_it_builds_beside_corvettes(
    scenario: Scenario,
) -> None:
    model = Model(scenario).run(months.parse("2027-12") - scenario.start)
    links = why(model, "asc-rauma", relief=False).links
    assert [link.line for link in links[:2]] == ["rauma-asc", "rauma-hull"]
