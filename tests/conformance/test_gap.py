"""The page on the industrial gap is what the model gives, checked on part of its worlds."""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from agents.tables import ladder, mindsets
from experiments.findings import gap
from experiments.findings.gap import BASE, PACKAGES, SCENARIO, unmet
from experiments.findings.gap_page import ATTACKED, FIRES, banded, differ, metrics, read, rows_of
from experiments.findings.gap_pictures import PICTURES
from mobilize.compare import paired
from mobilize.ladder import MINDSETS
from mobilize.metrics import LABEL, ROWS
from mobilize.model import Model
from mobilize.runs import run_worlds
from mobilize.scenario import load, months
from mobilize.why import why
from policies.package import load_package

DOCS = Path(__file__).parents[2] / "docs"
RENEW = "renew it: python -m experiments.findings.gap docs"
CHECKED = (0, 5)  # worlds that are run again


@cache
def text():
    return (DOCS / "gap.md").read_text(encoding="utf-8")


@cache
def run(package):
    scenario = load(SCENARIO)
    return run_worlds(scenario, load_package(package, scenario), CHECKED)


@pytest.mark.parametrize("package", PACKAGES)
def test_stored_figures_are_those_of_a_run_whose_mindset_luck_draws(package):
    with (DOCS / "gap.csv").open(encoding="utf-8", newline="") as file:
        stored = {tuple(row[:3]): row[3:] for row in csv.reader(file)}
    for row in rows_of(run(package), package):
        found = [float(cell) for cell in stored[tuple(row[:3])]]
        assert found == pytest.approx([float(cell) for cell in row[3:]], rel=1e-4), RENEW


def test_the_tables_of_the_page_are_made_from_the_stored_figures():
    figures = read(DOCS / "gap.csv")
    assert metrics(figures) in text(), RENEW
    last = list(figures)[-1][1]
    assert banded(figures[BASE, last][FIRES]) in text()
    for _, name, series, unit in ROWS:  # every metric in a row of its own, levels and differences
        cell = differ(figures, "ready-stock", last, series)
        assert re.search(
            rf"\| {re.escape(name)} \| {re.escape(unit)} \|.*{re.escape(cell)}", text()
        )


def test_the_reason_chain_is_that_of_the_worst_month_of_the_world_it_names():
    world, date, program = re.search(
        r"world (\d+).*?`(\d{4}-\d{2})`.*?`([\w-]+)`", text(), re.DOTALL
    ).groups()
    scenario = load(SCENARIO)
    again = run_worlds(scenario, load_package(BASE, scenario), (int(world),))
    value = unmet(again)[0]
    month, i = np.unravel_index(np.argmax(value), value.shape)
    assert (again.names.programs[i], months.label(scenario.start + int(month))) == (program, date)
    model = Model(scenario, world=int(world), panel=True).run(int(month) + 1)
    assert why(model, program, relief=False).chain() in text(), RENEW


def change(package, month, series):
    """The paired difference of a package to no change, from the stored figures of all worlds."""
    stored = read(DOCS / "gap.csv")
    date = months.label(load(SCENARIO).start + month)
    a, b = (stored[name, date][series] for name in (BASE, package))
    return paired(series, date, "", a, b)


def test_what_the_page_says_is_surprising_is_so():
    changed = [package for package in PACKAGES if package != BASE]
    stored = read(DOCS / "gap.csv")
    for package in changed:
        attacks = change(package, 59, ATTACKED)
        assert attacks.low <= 0 <= attacks.high
        assert abs(attacks.difference) < 0.03
    for package in PACKAGES:
        assert np.median(stored[package, "2027-01"]["fires"]) == 29
        assert np.median(stored[package, "2028-01"]["fires"]) == 1
    assert 0 < change("ready-stock", 6, "fires").difference < 2
    assert change("ready-stock", 36, FIRES).high < 0
    early, late = (change("ready-stock", month, FIRES) for month in (36, 59))
    assert early.difference < late.difference < late.high < 0
    for munition in ("gem-t", "nsm", "stinger", "javelin"):
        assert re.search(rf"\| {munition} \| [^|]+ \| \+", text())
    assert change("announced-ramp", 24, "announced").low > 0.1
    assert abs(change("announced-ramp", 24, "replenish_seen").difference) < 0.1
    for mindset in MINDSETS:
        assert 0 <= change("announced-ramp", 36, f"view {mindset}").difference < 1
    assert change("announced-ramp", 59, FIRES).low > 0
    cut = {package: change(package, 59, FIRES) for package in changed}
    assert cut["whole-chain"].difference < 3 * cut["ready-stock"].difference
    assert change("whole-chain", 36, "view patient").high < 0
    for mindset in ("opportunist", "fearful"):
        assert change("whole-chain", 36, f"view {mindset}").low > 0


def test_what_the_page_says_stands_whatever_the_figure_does_in_its_table():
    part = text().split("## What this rests on")[1].split("## The metrics")[0]
    rows = [line.split(" | ") for line in part.splitlines() if line.startswith("| ")][2:]
    assert len(rows) == 1 + 2 * len(gap.VARIED)
    for row in rows:
        attacked, fires = row[4].strip(), row[5]
        assert attacked == "0" or attacked.startswith("[")
        assert fires.startswith("-")
    assert {row[1].strip("[")[0] for row in rows} >= {"+", "-"}  # the opportunist, both ways


def test_the_median_world_and_its_worst_month_are_found():
    found = run(BASE)
    total = unmet(found).sum(axis=(1, 2))
    place = gap.median_world(found)
    assert total[place] == total.min()  # the lower of two
    worst = gap.worst(found)
    assert worst.world == found.worlds[place]
    assert 0 < worst.units <= worst.asked


def test_the_page_says_what_it_is_and_shows_no_single_score():
    assert LABEL in text()
    for name in PICTURES:
        assert f"pictures/gap-{name}.svg" in text()
        assert b"<text" in (DOCS / "pictures" / f"gap-{name}.svg").read_bytes()
    for word in ("M1", "M2", "M3", "M4", "M5", "M6", "M7", *MINDSETS, *PACKAGES.values()):
        assert word in text()
    assert not re.search(r"(total|composite|overall) (score|index)", text())


def test_each_mindset_in_all_worlds_holds_the_one_that_is_drawn():
    scenario = load(SCENARIO)
    parts = [run_worlds(scenario, load_package(BASE, scenario), 3, length=2, mindset=name)
             for name in MINDSETS]  # fmt: skip
    joined = gap.join(parts)
    assert joined.metric("mindset")[:, 0].tolist() == [0, 0, 0, 1, 1, 1, 2, 2, 2]
    plain = run_worlds(scenario, load_package(BASE, scenario), 3, length=2)
    drawn = gap.as_drawn(joined)
    assert drawn.worlds == plain.worlds
    assert np.array_equal(drawn.metrics, plain.metrics)
    assert np.array_equal(drawn.programs, plain.programs)


def test_a_figure_is_varied_in_all_mindsets_and_steps():
    assert {m.kappa for m in mindsets((("kappa", -1.0),)).values()} == {1.0}
    more = [a.opportunity / b.opportunity
            for a, b in zip(ladder((("opportunity", 1.0),)), ladder(), strict=True)]  # fmt: skip
    assert min(more) > 1.5
    with pytest.raises(ValueError, match=r"cannot vary 'courage' to -1.0; allowed: short_weight"):
        mindsets((("courage", -1.0),))


def test_a_flat_choice_makes_all_views_alike():
    """With kappa at its low end every index lies nearer to 50, the state of no preference."""
    plain = run(BASE)
    scenario = load(SCENARIO)
    low = (("kappa", -1.0),)
    flat = run_worlds(scenario, load_package(BASE, scenario), CHECKED, length=1, figures=low)
    for mindset in MINDSETS:
        near, far = (abs(r.metric(f"view {mindset}")[:, 0] - 50) for r in (flat, plain))
        assert (near < far).all()
