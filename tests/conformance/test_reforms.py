"""The page on three reforms is what the model gives, checked on part of its worlds."""

from __future__ import annotations

from pathlib import Path

import pytest

from experiments.findings import reforms
from experiments.findings.reforms import PACKAGES, SCENARIO, clear, find, page
from mobilize.model import Model
from mobilize.scenario import load
from policies.package import load_package

WORLDS = 6


@pytest.fixture(scope="module")
def found():
    return find(load(SCENARIO), WORLDS)


def test_the_page_names_every_package_item_and_reason(found):
    text = page(found, load(SCENARIO), WORLDS)
    for title in PACKAGES.values():
        assert f"## {title}, year by year" in text
    assert text.count("Why ") == 2 * len(PACKAGES)
    shipped = (Path(__file__).parents[2] / "docs" / "reforms.md").read_text(encoding="utf-8")
    heads = [line for line in text.splitlines() if line.startswith("#")]
    assert heads == [line for line in shipped.splitlines() if line.startswith("#")]
    for what in reforms.told(found[0]):
        assert f"| {what} |" in shipped


def test_what_the_page_says_is_surprising_is_so(found):
    by = {reform.name: reform.whole() for reform in found}
    itar, money = (by[n]["tomahawk"] for n in ("itar-reform", "title3-to-allies"))
    assert clear(itar)
    assert itar.difference > money.difference > 0
    assert by["itar-reform"]["sm6"].difference < 0
    assert by["sosa-standing"]["gmlrs"].difference < 0 < by["sosa-standing"]["gem-t"].difference
    parts = sum(by[n]["tomahawk"].difference for n in list(PACKAGES)[:3])
    assert by["three-reforms"]["tomahawk"].difference == pytest.approx(parts, rel=0.3)
    early = [d for d in found[3].differences if d.period[:4] in ("2026", "2027")]
    assert all(abs(d.difference) < 0.01 * max(d.a, 1.0) for d in early)


def test_every_package_pays_for_itself_in_the_ledger(found):
    for reform in found:
        assert reform.whole()["policies"].difference > 0
    assert found[0].whole()["public projects"].difference > 1_000  # of 1,500 MUSD appropriated


def test_the_reciprocal_load_lies_in_the_range_of_the_evidence():
    """Partners' rated orders: 1 to 8 % of the hours on order in plants in the United States."""
    scenario = load(SCENARIO)
    for name in ("baseline", "sosa-standing"):
        model = Model(scenario, load_package(name, scenario)).run(72)
        net, s = model.world.net, model.world.s
        home = net.l_ratings[net.r_supplier]
        hours = net.l_labour[net.r_supplier]
        rated = (s.due[:, :, :2].sum(axis=(1, 2)) * hours)[home & ~net.c_home[net.r_buyer]].sum()
        share = rated / (s.owed * hours)[home].sum()
        assert 0.01 <= share <= 0.08
