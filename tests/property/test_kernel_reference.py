"""The compiled kernels do what the same functions do as plain Python."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from mobilize.model import Model
from mobilize.synthetic import synthetic

ROOT = Path(__file__).parents[2]
MONTHS = 18
PLAY = """
import sys
import numba
import numpy as np
from mobilize.model import Model
from mobilize.physics.handle import handle
from mobilize.synthetic import synthetic

assert numba.config.DISABLE_JIT
model = Model(synthetic(25, seed=5), months=18)
world = model.world
world.p = world.p._replace(incident_rate=0.4)
world.arrays = (*world.arrays[:2], handle(world.p))
model.run()
np.savez(sys.argv[1], programs=model.record.programs, **world.s._asdict())
"""


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """Return the arrays of a run without compilation."""
    path = tmp_path_factory.mktemp("plain") / "run.npz"
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", PLAY, path], check=True, env=environment, timeout=300)
    with np.load(path) as file:
        return dict(file)


@pytest.fixture(scope="module")
def compiled():
    from mobilize.physics.handle import handle

    model = Model(synthetic(25, seed=5), months=MONTHS)
    world = model.world
    world.p = world.p._replace(incident_rate=0.4)
    world.arrays = (*world.arrays[:2], handle(world.p))
    model.run()
    return {"programs": model.record.programs, **world.s._asdict()}


def test_compiled_and_plain_runs_agree(plain, compiled):
    assert plain.keys() == compiled.keys()
    for name, reference in plain.items():
        values = compiled[name]
        assert values.dtype == reference.dtype, name
        if values.dtype == np.float64:
            scale = np.abs(reference).max(initial=1.0)
            np.testing.assert_allclose(values, reference, rtol=1e-10, atol=1e-10 * scale)
        else:
            np.testing.assert_array_equal(values, reference, err_msg=name)


def test_the_run_compared_is_no_standstill(plain):
    assert plain["loss"].max() > 0  # accidents
    assert plain["programs"][0].sum(axis=0).min() > 0  # deliveries
    assert np.ptp(plain["wanted"] / np.maximum(plain["plan"], 1e-9)) > 0.01
