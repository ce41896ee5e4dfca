"""The shipped studies: read, fair where they say so, and of packages that do something."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from experiments.crew import Here
from experiments.results import open_results
from experiments.run import run_study
from experiments.study import Study, load_study, shipped
from mobilize.model import Model
from mobilize.state import LEDGER
from policies.package import Package

NAMED = [name for name in shipped() if load_study(name).search is None]
MOST_RUNS = 4_500  # three minutes on two quiet cores
EQUAL = 0.1  # how far apart packages of the same money may be in what they put in
GRANT = "Title III grant to "


@cache
def study(name: str) -> Study:
    return load_study(name)


def package(name: str, of: str) -> Package:
    return next(p for p in study(name).packages if p.name == of)


@cache
def played(name: str, of: str) -> Model:
    return Model(study(name).scenario, package(name, of), world=0, panel=False).run()


def grants(model: Model) -> dict[str, float]:
    """Return the money of Title III grants by country, MUSD."""
    names, net = model.world.names, model.world.net
    found: dict[str, float] = {}
    for decision in model.decisions:
        if decision.kind == "project" and decision.target.startswith(GRANT):
            line = names.lines.index(decision.target.removeprefix(GRANT))
            country = names.countries[net.l_country[line]]
            found[country] = found.get(country, 0.0) + decision.amount
    return found


@pytest.mark.parametrize("name", shipped())
def test_every_shipped_study_and_its_small_form_read_without_fault(name: str) -> None:
    whole, small = study(name), load_study(name, small=True)
    assert small.pairs * len(small.packages) < whole.pairs * len(whole.packages) or whole.search
    assert whole.pairs * len(whole.packages) <= MOST_RUNS


@pytest.mark.parametrize("name", NAMED)
def test_a_study_says_what_is_good_enough_and_varies_what_nobody_knows(name: str) -> None:
    assert any(outcome.acceptable is not None for outcome in study(name).outcomes)
    assert {"notional", "unverified", "estimate"} <= {f.confidence for f in study(name).factors}


@pytest.mark.parametrize("name", NAMED)
def test_every_run_succeeds_and_every_package_makes_a_difference(name: str, tmp_path: Path) -> None:
    few = study(name)
    few = replace(few, worlds=1, design=replace(few.design, points=2, worlds=1))
    tally = run_study(few, tmp_path / name, Here())
    assert (tally.done, tally.failed) == (few.pairs * len(few.packages), 0)
    runs = open_results(tmp_path / name).runs()
    nominal = runs[runs["point"] == 0].set_index("package")
    figures = nominal[[outcome.name for outcome in few.outcomes]]
    base = figures.loc[few.packages[0].name]
    same = [name for name, row in figures.iterrows() if (row == base).all()]
    assert same == [few.packages[0].name]


def test_title_iii_packages_spend_the_same_and_where_they_say() -> None:
    spent = {p.name: grants(played("title3-to-allies", p.name))
             for p in study("title3-to-allies").packages}  # fmt: skip
    assert not spent.pop("no-money")
    for money in spent.values():
        assert sum(money.values()) == pytest.approx(1200, rel=EQUAL)
    law = {"US", "CA", "GB", "AU"}
    aimed = {"japan": {"JP"}, "korea": {"KR"}, "germany-norway": {"DE", "NO"}}
    for name, partners in aimed.items():
        assert set(spent[name]) <= law | partners
        assert 270 < sum(spent[name].get(c, 0.0) for c in partners) < 370
    assert set(spent["at-home"]) <= law
    assert sum(v for c, v in spent["all-partners"].items() if c not in law) > 600


def put_in(name: str, of: str) -> float:
    """Return the public money that a package puts in, MUSD: grants, projects, policies, rounds."""
    model, settings = played(name, of), package(name, of).settings
    costs = study(name).scenario["projects"]
    price = dict(zip(costs["id"], costs["cost"], strict=True))
    rounds = sum(float(s.value) for s in settings if s.lever == "appropriate")
    started = sum(price[s.target] for s in settings
                  if s.lever in ("project-start", "second-source"))  # fmt: skip
    policy = float(model.record.ledger[-1, LEDGER.index("policy")]) / 1000
    return rounds + float(started) + policy + sum(grants(model).values())


def test_every_use_of_a_billion_puts_in_about_a_billion() -> None:
    name = "one-more-billion"
    assert put_in(name, "baseline") == 0.0
    for p in study(name).packages[1:]:
        assert put_in(name, p.name) == pytest.approx(1000, rel=EQUAL), p.name


def test_the_shipped_search_runs_to_its_last_generation(tmp_path: Path) -> None:
    pytest.importorskip("optuna")
    small = load_study("one-more-billion-search", small=True)
    tally = run_study(small, tmp_path / "search", Here())
    assert small.search is not None
    assert tally.failed == 0
    assert tally.done > small.search.population
