"""World k is world k; a fork and a saved month go on as if nothing had happened."""

from __future__ import annotations

import gc
import io
import json
import os
import signal
import subprocess
import sys
import weakref
import zipfile
from dataclasses import replace
from functools import cache
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mobilize import saves as module
from mobilize.luck import Luck, Stream
from mobilize.model import Model
from mobilize.runs import run_worlds
from mobilize.saves import SaveError, resume, save
from mobilize.synthetic import synthetic
from policies.package import Package, Setting, no_package

ROOT = Path(__file__).parents[2]
few = settings(deadline=None, max_examples=10)
with_files = settings(
    deadline=None, max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
sizes, seeds = st.integers(20, 80), st.integers(0, 10_000)


@cache
def network(firms=30, seed=1):
    return synthetic(firms, seed=seed)


def rating(scenario, month, value="DX"):
    """A policy that changes one rating, and nothing else."""
    program = str(scenario["programs"]["id"][0])
    return Package("r", "R", (Setting(scenario.start + month, "dpas-rating", program, value),))


def assert_same(one, other, panel=True):
    """Two models are in the same state and remember the same, to the last bit."""
    assert one.month == other.month
    for field, array in one.world.s._asdict().items():
        assert array.tobytes() == getattr(other.world.s, field).tobytes(), field
    for field in one.record.__slots__:
        ours, theirs = getattr(one.record, field), getattr(other.record, field)
        if isinstance(ours, np.ndarray) and (panel or ours.shape == theirs.shape):
            np.testing.assert_array_equal(ours, theirs, err_msg=field)
    assert one.decisions == other.decisions


# -------------------------------------------------------------------------- world k is world k


@pytest.mark.parametrize("processes", [1, 2])
def test_world_7_alone_is_world_7_among_64(processes):
    scenario = network()
    alone = run_worlds(scenario, no_package(), (7,), length=9)
    among = run_worlds(scenario, no_package(), 64, length=9, processes=processes)
    for series in ("programs", "items", "ledger"):
        ours, theirs = getattr(alone, series)[0], getattr(among, series)[7]
        assert ours.tobytes() == theirs.tobytes()
    assert among.worlds == tuple(range(64))


def test_worlds_differ_and_their_order_does_not_matter():
    scenario = network()
    there = run_worlds(scenario, no_package(), (3, 9, 4), length=30)
    back = run_worlds(scenario, no_package(), (4, 9, 3), length=30)
    assert there.programs.tobytes() == back.programs[::-1].tobytes()
    first, second = (Model(scenario, world=w, months=36).run().world for w in (3, 9))
    assert (first.slips != second.slips).any()


@few
@given(sizes, seeds)
def test_months_played_do_not_depend_on_the_horizon(firms, seed):
    scenario = network(firms, seed)
    short, long = Model(scenario, months=24).run(), Model(scenario, months=60).run(24)
    for field, array in short.world.s._asdict().items():
        assert array.tobytes() == getattr(long.world.s, field).tobytes(), field
    long.run()
    np.testing.assert_array_equal(short.record.programs, long.record.programs[:, :24])
    np.testing.assert_array_equal(short.record.output, long.record.output[:24])
    np.testing.assert_array_equal(short.record.ledger, long.record.ledger[:24])


# ------------------------------------------------------------------------------- common luck


@given(seeds, st.integers(0, 99), st.permutations(range(0, 40, 3)), st.sampled_from(list(Stream)))
@settings(deadline=None, max_examples=30)
def test_draws_are_functions_of_seed_world_stream_and_month_alone(seed, world, months, stream):
    told = Luck(seed, world)
    for other in Stream:  # what others draw shifts nothing
        told.uniform(other, 5, 11)
        told.normal(other, 3)
    for month in months:
        np.testing.assert_array_equal(
            told.uniform(stream, month, 7), Luck(seed, world).uniform(stream, month, 7)
        )
    row = told.uniform(stream, 0, 7)
    assert (row != Luck(seed, world + 1).uniform(stream, 0, 7)).all()
    assert (row != Luck(seed + 1, world).uniform(stream, 0, 7)).all()


@few
@given(sizes, seeds, st.integers(0, 12))
def test_a_policy_that_moves_one_rating_meets_the_same_luck(firms, seed, month):
    scenario = network(firms, seed)
    plain = Model(scenario, seed=seed, months=48)
    rated = Model(scenario, rating(scenario, month), seed=seed, months=48)
    np.testing.assert_array_equal(plain.world.slips, rated.world.slips)
    for _ in range(48):
        plain.step()
        rated.step()
    for stream, month in product(Stream, range(48)):
        drawn = [m.world.luck.uniform(stream, month, 50) for m in (plain, rated)]
        np.testing.assert_array_equal(*drawn)


def test_the_rating_of_that_policy_does_change_deliveries():
    """Else the test above would compare a world with itself."""
    changed = []
    for seed in range(6):
        scenario = network(60, seed)
        plain = Model(scenario, months=48).run()
        rated = Model(scenario, rating(scenario, 3), months=48).run()
        changed.append((plain.record.programs != rated.record.programs).any())
    assert any(changed)


# ------------------------------------------------------------------------- fork, save, resume


@few
@given(sizes, seeds, st.integers(1, 47))
def test_a_fork_goes_on_alike_and_leaves_the_original_alone(firms, seed, month):
    scenario = network(firms, seed)
    whole = Model(scenario, months=48).run()
    model = Model(scenario, months=48).run(month)
    before = {field: array.tobytes() for field, array in model.world.s._asdict().items()}
    remembered, decided = model.record.programs.tobytes(), list(model.decisions)
    twin = model.fork()
    twin.run()
    model.fork(rating(scenario, month)).run()
    assert_same(twin, whole)
    assert {f: a.tobytes() for f, a in model.world.s._asdict().items()} == before
    assert model.record.programs.tobytes() == remembered
    assert model.decisions == decided
    assert model.month == month
    assert_same(model.run(), whole)


@with_files
@given(sizes, seeds, st.integers(1, 47), st.integers(0, 12))
def test_a_saved_month_goes_on_bit_for_bit(tmp_path, firms, seed, month, date):
    scenario = network(firms, seed)
    policy = rating(scenario, date)
    whole = Model(scenario, policy, seed, 3, months=48).run()
    saved = Model(scenario, policy, seed, 3, months=48).run(month)
    save(saved, tmp_path / "month.npz")
    again = resume(tmp_path / "month.npz", scenario, policy)
    assert_same(again, saved)
    assert_same(again.run(), whole)
    assert_same(saved.run(), whole)


# ------------------------------------------------------------------------------ refused saves


# Remove when `resume` turns every kind of damage into a SaveError.
@pytest.fixture(scope="module")
def good(tmp_path_factory):
    path = tmp_path_factory.mktemp("saves") / "good.npz"
    save(Model(network(), months=12).run(6), path)
    return path


def refuse(path, data, scenario=None, policy=None):
    """Offer bytes as a saved month; they must be refused and left as they are."""
    path.write_bytes(data)
    with pytest.raises(SaveError, match=path.name) as told:
        resume(path, scenario or network(), policy)
    assert path.read_bytes() == data
    assert [p.name for p in path.parent.iterdir()] == [path.name]
    return str(told.value)


def edited(good, change):
    """Return the save with its members changed, as a whole file again."""
    with np.load(good) as file:
        arrays = {name: file[name] for name in file.files}
    change(arrays)
    whole = io.BytesIO()
    np.savez(whole, **arrays)
    return whole.getvalue()


def with_meta(**values):
    def change(arrays):
        meta = json.loads(str(arrays["meta"])) | values
        kept = {key: value for key, value in meta.items() if value is not None}
        arrays["meta"] = np.array(json.dumps(kept))

    return change


def test_a_good_save_is_taken(good):
    assert resume(good, network()).month == 6


def test_a_missing_save_is_refused(tmp_path):
    with pytest.raises(SaveError, match="nothing"):
        resume(tmp_path / "nothing.npz", network())


@pytest.mark.parametrize("data", [b"", b"PK", b"junk" * 1000, b"\x93NUMPY" + bytes(200)])
def test_what_is_no_save_is_refused(tmp_path, data):
    refuse(tmp_path / "month.npz", data)


@with_files
@given(part=st.floats(0.0, 0.999))
def test_a_save_cut_short_is_refused(tmp_path, good, part):
    data = good.read_bytes()
    refuse(tmp_path / "month.npz", data[: int(part * len(data))])


@settings(with_files, max_examples=40)
@given(where=st.floats(0.0, 0.9999), bit=st.integers(0, 7))
def test_a_save_with_a_flipped_bit_is_refused_or_unharmed(tmp_path, good, where, bit):
    data = bytearray(good.read_bytes())
    data[int(where * len(data))] ^= 1 << bit
    path = tmp_path / "month.npz"
    path.write_bytes(data)
    try:
        model = resume(path, network())
    except SaveError:
        return
    assert_same(model, resume(good, network()))


@pytest.mark.parametrize(
    "member",
    [
        "meta",
        "goods",
        "record_items",
        "ledger",
    ],
)
def test_a_save_without_one_of_its_parts_is_refused(tmp_path, good, member):
    refuse(tmp_path / "month.npz", edited(good, lambda arrays: arrays.pop(member)))


def test_a_save_with_an_unknown_part_is_refused(tmp_path, good):
    data = edited(good, lambda arrays: arrays.update(surprise=np.zeros(3)))
    refuse(tmp_path / "month.npz", data)


def test_a_save_with_an_array_of_another_size_is_refused(tmp_path, good):
    data = edited(good, lambda arrays: arrays.update(goods=np.zeros(3)))
    refuse(tmp_path / "month.npz", data)


@pytest.mark.parametrize("key", ["version", "scenario", "seed", "done"])
def test_a_save_that_does_not_say_what_it_is_is_refused(tmp_path, good, key):
    refuse(tmp_path / "month.npz", edited(good, with_meta(**{key: None})))


def test_a_save_of_another_version_is_refused_by_name(tmp_path, good, monkeypatch):
    monkeypatch.setattr(module, "__version__", "99.0")
    text = refuse(tmp_path / "month.npz", good.read_bytes())
    assert "version" in text
    assert "99.0" in text


def test_a_save_of_another_scenario_is_refused(tmp_path, good):
    assert "scenario" in refuse(tmp_path / "month.npz", good.read_bytes(), network(30, 2))
    longer = replace(network(), horizon=119)
    assert "scenario" in refuse(tmp_path / "month.npz", good.read_bytes(), longer)


def test_a_save_of_another_policy_is_refused(tmp_path, good):
    policy = rating(network(), 2)
    assert "policy" in refuse(tmp_path / "month.npz", good.read_bytes(), policy=policy)


# ------------------------------------------------------------------------------- killed saves

KILLED = """
import sys, time
import numpy as np
from pathlib import Path
from mobilize.model import Model
from mobilize.saves import save
from mobilize.synthetic import synthetic

path, when = Path(sys.argv[1]), sys.argv[2]
model = Model(synthetic(30, seed=1), months=12).run(6)
save(model, path)
model.run(3)
whole = np.savez
def half(file, **arrays):
    few = dict(list(arrays.items())[:20])
    whole(file, **few)
    file.flush()
    print("writing", flush=True)
    time.sleep(60)
if when == "writing":
    np.savez = half
print("saved", flush=True)
while True:
    save(model, path)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL on this system")
@pytest.mark.parametrize("when", ["writing", "any time"])
def test_a_killed_save_leaves_the_old_one(tmp_path, when):
    path = tmp_path / "month.npz"
    child = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(path), when],
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    try:
        assert child.stdout.readline() == b"saved\n"
        if when == "writing":
            assert child.stdout.readline() == b"writing\n"
        else:
            child.poll()
            np.random.default_rng().random(200_000)  # some milliseconds into the saves
    finally:
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdout.close()
    assert child.returncode == -signal.SIGKILL
    model = resume(path, network())
    assert model.month in ({6} if when == "writing" else {6, 9})
    assert_same(model, Model(network(), months=12).run(model.month))
    if when == "writing":
        part = next(tmp_path.glob("month.*.part.npz"))
        assert part.stat().st_size > 0
        assert zipfile.is_zipfile(path)
    save(model, path)  # what the killed save left is no obstacle
    assert resume(path, network()).month == model.month


def test_a_model_that_nobody_holds_is_gone():
    """Memory stays flat over many worlds: nothing keeps a model that has been run."""
    models = [Model(network(), months=3, world=world).run() for world in range(3)]
    gone = [weakref.ref(model) for model in models]
    states = [weakref.ref(model.world.s.due) for model in models]
    del models
    gc.collect()
    assert [ref() for ref in gone + states] == [None] * 6
