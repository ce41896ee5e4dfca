"""Whatever happens to processes, no run is lost, none is done again, and the bytes are the same.

KILLS in the environment is how often the killing test kills; it is few unless told otherwise.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter

import pyarrow.parquet as pq
import pytest

from experiments.engine import AHEAD
from experiments.plan import Table
from tests.experiments.small import (
    ROOT,
    WORLDS,
    begun,
    events,
    family,
    files,
    gone,
    here,
    kill,
    leftovers,
    start,
    study,
    workers,
    written,
)  # fmt: skip

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals")
KILLS = int(os.environ.get("KILLS", "3"))
PROCESSES = 2


def ends(process: subprocess.Popen[str]) -> tuple[int, str]:
    """Return the exit code and what was said; nothing may be left running."""
    those = family(process)
    _, said = process.communicate(timeout=300)
    gone(those)
    assert "Traceback" not in said
    return process.returncode, said


def test_killed_at_any_moment_a_study_ends_as_if_nothing_had_happened(tmp_path, out, undisturbed):
    trace, path = tmp_path / "trace", written(tmp_path)
    moment = random.Random(20260101)
    starts = 0

    def begin(pause: float) -> subprocess.Popen[str]:
        nonlocal starts
        process = start(path, "--out", out, "--processes", PROCESSES, trace=str(trace), pause=pause)
        starts += 1
        begun(out, "start", starts)
        return process

    process = begin(0.03)
    for n in range(KILLS):
        time.sleep(moment.uniform(0.0, 2.5))
        if n % 3 != 1 and (there := workers(process)):
            kill(moment.choice(there))
        if n % 3 != 0:
            there = family(process)
            process.kill()
            process.communicate()
            gone(there)
            process = begin(0.03)
    code, said = ends(process)
    assert code == 0, said
    assert files(out) == undisturbed
    assert leftovers(out) == []
    runs = Counter(trace.read_text().splitlines())
    assert len(runs) == 2 * WORLDS
    chunk = len(Table(study(), study().packages).chunk(0).specs)
    # Each kill loses what was handed out; what a worker's death makes suspect is tried alone.
    assert sum(runs.values()) - len(runs) <= KILLS * 2 * AHEAD * PROCESSES * chunk


def test_runs_that_end_their_process_raise_or_never_end_are_found_and_no_others(
    tmp_path, out, undisturbed
):
    process = start(written(tmp_path), "--out", out, "--processes", PROCESSES, "--timeout", 3,
                    die=[4], fail=[6, 7], hang=[30])  # fmt: skip
    code, said = ends(process)
    assert code == 0, said
    (name,) = files(out)
    rows = pq.read_table(out / "runs" / name).to_pylist()
    wrong = {(r["world"], r["package"]): (r["status"], r["error"]) for r in rows
             if r["status"] != "ok"}  # fmt: skip
    ended = ("died", "ended its process whenever it was tried, alone")
    assert wrong == {
        (4, "second"): ended,
        (6, "second"): ("error", "ValueError: a fault of this run"),
        (7, "second"): ("error", "ValueError: a fault of this run"),
        (30, "second"): ("timeout", "took longer than 3 s"),
    }
    there = tmp_path / "undisturbed.parquet"
    there.write_bytes(undisturbed[name])
    as_ever = pq.read_table(there).to_pylist()
    assert [r for r in rows if r["status"] == "ok"] == [
        r for r in as_ever if (r["world"], r["package"]) not in wrong
    ]


@pytest.mark.parametrize("how", ["Ctrl+C", "SIGTERM"])
def test_it_stops_when_asked_says_how_to_go_on_and_goes_on(tmp_path, out, undisturbed, how):
    path = written(tmp_path)
    process = start(path, "--out", out, "--processes", 1, pause=0.05)
    begun(out, "done")
    if how == "Ctrl+C":
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does
    else:
        process.terminate()
    code, said = ends(process)
    assert code == 130
    assert "the same command goes on" in said
    done = events(out, "stopped")[0]["done"]
    assert 0 < done < 2 * WORLDS
    here(out)
    assert files(out) == undisturbed
    assert events(out, "start")[-1]["done"] >= done
    assert leftovers(out) == []


def test_a_run_that_hangs_inside_a_month_ends_its_process_after_its_time():
    code = (
        "from experiments.plan import Table\n"
        "from experiments.work import Job\n"
        "from tests.experiments import faulty\n"
        "from tests.experiments.small import study\n"
        "job = Job.of(study(), longest=0.2)\n"
        "faulty.work(job.packed(), Table(study(), study().packages).chunk(0))\n"
    )
    told = {"stall": [0], "patch": {"experiments.work.GRACE": 0.1}}
    environment = os.environ | {"PYTHONPATH": str(ROOT), "FAULTS": json.dumps(told)}
    run = [sys.executable, "-c", code]
    ended = subprocess.run(run, env=environment, capture_output=True, timeout=300, check=False)
    assert (ended.returncode, ended.stderr) == (1, b"")
