"""Results survive what goes wrong while they are written: real limits, real signals."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mobilize.model import Model

ROOT = Path(__file__).parents[2]
RUN = "import sys; from mobilize.cli import main; sys.exit(main(sys.argv[1:]))"
pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals and limits of POSIX")


def start(folder, *arguments, **options):
    return subprocess.Popen(
        [sys.executable, "-c", RUN, "run", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        **options,
    )


def small_files():
    """Let no file grow beyond 10 kB: writing fails as on a full disk."""
    import resource

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))


def test_a_disk_that_takes_no_more_leaves_the_older_results(tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "manifest.json").write_text("older")
    Model("artillery-2022", months=1).run()  # kernels are compiled while files may still grow
    arguments = ("artillery-2022", "--worlds", "2", "--out", "out")
    process = start(tmp_path, *arguments, preexec_fn=small_files)
    _, told = process.communicate(timeout=120)
    assert process.returncode == 2
    assert "cannot write out" in told
    assert "Traceback" not in told
    assert [p.name for p in tmp_path.iterdir()] == ["out"]
    assert (tmp_path / "out" / "manifest.json").read_text() == "older"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_a_run_stopped_half_way_leaves_no_results(tmp_path, number):
    def interruptible():
        signal.signal(signal.SIGINT, signal.default_int_handler)

    process = start(tmp_path, "arsenal-2026", "--worlds", "2000", preexec_fn=interruptible)
    time.sleep(4)
    assert process.poll() is None
    os.killpg(process.pid, number)
    _, told = process.communicate(timeout=60)
    assert process.returncode != 0
    assert not (tmp_path / "results" / "arsenal-2026-baseline").exists()
    if number == signal.SIGINT:
        assert "nothing half-written" in told


def test_two_runs_into_one_folder_at_once_leave_it_whole(tmp_path):
    arguments = ("artillery-2022", "--worlds", "1", "--months", "6", "--out", "out")
    both = [start(tmp_path, *arguments) for _ in range(2)]
    codes = [p.wait(timeout=120) for p in both]
    assert 0 in codes
    assert [p.name for p in tmp_path.iterdir()] == ["out"]
    names = sorted(p.name for p in (tmp_path / "out").iterdir())
    assert names == ["deliveries.png", "items.parquet", "manifest.json", "programs.parquet"]
