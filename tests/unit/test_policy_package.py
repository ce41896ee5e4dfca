"""Policy packages: a bad one is refused with every fault named, a good one does what it says."""

from __future__ import annotations

from functools import partial

import pytest

from mobilize.model import Model
from mobilize.scenario import load, months
from mobilize.state import IDLE, POLICY
from policies.effects import make, take_effect
from policies.package import Package, PackageError, Setting, load_package, no_package, shipped
from tests.packages import refusal

GOOD = {
    "date": '"2023-01"',
    "lever": '"dpas-rating"',
    "target": '"us-155-charges"',
    "value": '"DX"',
}


@pytest.fixture(scope="module")
def scenario():
    return load("artillery-2022")


@pytest.fixture
def refused(tmp_path, scenario):
    """Return the text with which a package is refused."""
    return partial(refusal, tmp_path, scenario)


def rows(*changes):
    """One [[set]] table for each change of the good row; None leaves the key out."""
    text = 'title = "T"\n'
    for change in changes:
        row = GOOD | change
        text += "[[set]]\n" + "".join(f"{k} = {v}\n" for k, v in row.items() if v is not None)
    return text


LEVER = {"lever": '"appropriate"'}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("title = [", ["mine.toml", "TOML"]),
        (b"title = '\xff'", ["mine.toml", "TOML"]),
        ('titel = "T"\n', ["key 'titel'", "allowed: title, include, set"]),
        ("set = 3\n", ["[[set]]"]),
        (rows({"lever": None}), ["[[set]] 1", "key 'lever' is missing"]),
        (rows({"reason": '"none"'}), ["key 'reason'", "allowed: date, lever, target, value"]),
        (rows({"lever": '"dpas-ratings"'}), ["'dpas-ratings'", "mean 'dpas-rating'", "levers`"]),
        (rows({"target": '"us-155-charge"'}), ["'us-155-charge'", "programs", "'us-155-charges'"]),
        (rows({"value": '"DXX"'}), ["value 'DXX'", "unrated, DO, DX", "mean 'DX'"]),
        (rows({"value": "3"}), ["value '3'", "unrated, DO, DX"]),
        (rows({"date": '"2023-13"'}), ["'2023-13'", "allowed: 2022-02 to 2026-11"]),
        (rows({"date": '"2021-12"'}), ["2021-12", "allowed: 2022-02 to 2026-11"]),
        (rows({"date": "2023-01-01"}), ["2023-01-01", "allowed: 2022-02 to 2026-11"]),
        (rows(LEVER | {"value": "-5"}), ["value '-5'", "0 to 10000 MUSD"]),
        (rows(LEVER | {"value": "true"}), ["value 'True'", "0 to 10000"]),
        (rows(LEVER | {"value": '"much"'}), ["value 'much'", "0 to 10000"]),
        (rows(LEVER | {"value": "nan"}), ["value 'nan'", "0 to 10000"]),
        (rows(LEVER | {"value": "[1]"}), ["value '[1]'", "0 to 10000"]),
        (rows({"value": '["DX"]'}), ["unrated, DO, DX"]),
        (rows({"target": '["us-155-charges"]'}), ["target", "programs"]),
    ],
)
def test_a_bad_package_is_refused_and_says_what_is_allowed(refused, text, words):
    told = refused(text)
    assert [word for word in words if word not in told] == []
    assert "Traceback" not in told


def test_all_faults_are_told_at_once(refused):
    told = refused(rows({"lever": '"x"'}, {}, {"date": '"1999-01"', "target": '"y"'}))
    assert told.count("[[set]] 1") == 1
    assert told.count("[[set]] 2") == 0
    assert told.count("[[set]] 3") == 2


def test_an_unknown_name_lists_what_is_shipped(scenario):
    with pytest.raises(PackageError, match="no such package") as told:
        load_package("no-such-package", scenario)
    assert [name for name in ["baseline", *shipped()] if name not in str(told.value)] == []


def test_a_package_sorts_nothing_away_and_is_known_by_what_it_does(tmp_path, scenario):
    one, other = rows({}, LEVER | {"value": "2"}), rows(LEVER | {"value": "2.0"}, {})
    for name, text in (("a", one), ("b", other)):
        (tmp_path / f"{name}.toml").write_text(text)
    one, other = (load_package(tmp_path / f"{name}.toml", scenario) for name in "ab")
    assert len(one.settings) == 2
    assert one.digest == other.digest
    assert one.digest != no_package().digest
    assert one.name == "a"
    assert one.title == "T"


def test_a_setting_is_applied_on_its_date_and_logged(tmp_path, scenario):
    (tmp_path / "p.toml").write_text(rows({}))
    model = Model(scenario, load_package(tmp_path / "p.toml", scenario))
    program = model.world.names.programs.index("us-155-charges")
    month = months.parse("2023-01") - scenario.start
    model.run(month)
    before = model.world.s.rating.copy()
    assert [d for d in model.decisions if d.kind == "policy"] == []
    model.step()
    after = model.world.s.rating
    assert before[program] == 1  # DO
    assert after[program] == 0  # DX
    assert (before != after).sum() == 1
    [decision] = [d for d in model.decisions if d.kind == "policy"]
    assert (decision.month, decision.kind, decision.target) == (month, "policy", "us-155-charges")
    assert decision.why == "T: dpas-rating = DX"
    model.run(1)
    assert len([d for d in model.decisions if d.kind == "policy"]) == 1


def applied(scenario, lever, target, value, world=None):
    """The state before and after one setting took effect, before anybody decides."""
    world = world or Model(scenario).world
    before = world.s.copy()
    make(world, Setting(scenario.start, lever, target, value), "test", "test")
    world.month = world.made[-1].due
    take_effect(world)
    return world, before


@pytest.mark.parametrize(
    ("lever", "target", "value", "expected"),
    [
        ("dpas-rating", "us-155-fuzes", "DX", {"rating", "of_country"}),
        ("contract-type", "us-155-fuzes", "framework", {"contract"}),
        ("appropriate", "us-155-fuzes", 5.0, {"appropriated"}),
        ("industrial", "US", 5.0, {"industrial"}),
        ("project-start", "graham-tnt-plant", "on", {"ledger", "phase", "left"}),
    ],
)
def test_a_lever_changes_the_quantity_it_names_and_no_other(
    scenario, lever, target, value, expected
):
    world, before = applied(scenario, lever, target, value)
    before.ledger[POLICY] = world.s.ledger[POLICY]  # what the lever itself costs
    changed = {f for f, a in before._asdict().items() if (a != getattr(world.s, f)).any()}
    assert changed == expected


def test_money_is_counted_in_thousands(scenario):
    world, before = applied(scenario, "appropriate", "us-155-fuzes", 5.0)
    program, country = world.names.programs.index("us-155-fuzes"), world.names.countries.index("US")
    assert world.s.appropriated[program] - before.appropriated[program] == pytest.approx(5000)
    world, before = applied(scenario, "industrial", "US", 7.0)
    assert world.s.industrial[country] - before.industrial[country] == pytest.approx(7000)


def test_a_project_under_way_is_not_started_again(scenario):
    world, _ = applied(scenario, "project-start", "graham-tnt-plant", "on")
    assert world.s.phase[world.names.projects.index("graham-tnt-plant")] > IDLE
    world, once = applied(scenario, "project-start", "graham-tnt-plant", "on", world)
    for field, array in once._asdict().items():
        assert (array == getattr(world.s, field)).all(), field


def test_a_package_without_settings_changes_nothing(scenario):
    plain = Model(scenario, months=24).run()
    empty = Model(scenario, Package("e", "E", ()), months=24).run()
    assert (plain.record.programs == empty.record.programs).all()
    assert plain.decisions == empty.decisions


def test_a_project_started_early_by_policy_is_not_begun_again_by_the_scenario(scenario):
    early = Setting(scenario.start, "project-start", "graham-tnt-plant", "on")
    model = Model(scenario, Package("e", "E", (early,)))
    j = model.world.names.projects.index("graham-tnt-plant")
    phases = []
    while model.month < model.months:
        model.step()
        phases.append(int(model.world.s.phase[j]))
    assert phases == sorted(phases)
