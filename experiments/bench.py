"""How fast studies run: runs a second, overhead of a run against the bare model, memory.

Each case runs in a process of its own, so that its peak memory is its own; overhead is taken in
CPU time, which other programs on the machine disturb little.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from experiments.crew import Processes
from experiments.plan import Table
from experiments.run import run_study
from experiments.study import Study, read_study
from experiments.vary import vary

SIZES = (1_024, 10_240)
BARE = 60  # runs of the bare model
PAUSE = 0.3  # seconds
STUDY = """
title = "Speed"
question = "How fast are studies?"
scenario = "arsenal-2026"
worlds = 64
design = {{ kind = "sobol", points = {points}, worlds = 64, luck = "shared" }}
factors = {{ every = ["notional"] }}
package = [
  {{ name = "title3", title = "Title III to allies", use = "title3-to-allies" }},
  {{ name = "sosa", title = "Standing", use = "sosa-standing" }},
  {{ name = "itar", title = "Export control reform", use = "itar-reform" }},
]
outcome = [
  {{ name = "value", title = "Deliveries", measure = "deliveries", of = "all" }},
  {{ name = "paid", title = "Paid", measure = "paid", of = "all" }},
]
"""


@dataclass(frozen=True)
class Case:
    """One measured case; CPU in ms a run, memory in MB at its peak."""

    runs: int
    processes: int
    seconds: float
    runs_a_second: float
    cpu: float
    bare: float
    coordinator: float
    worker: float

    @property
    def overhead(self) -> float:
        """Return the CPU of a run above that of the bare model, ms."""
        return self.cpu - self.bare


def study(runs: int) -> Study:
    """Return ten years of `arsenal-2026`: 64 worlds x 4 packages x as many points as needed."""
    return read_study("speed", STUDY.format(points=max(2, runs // 256 - 1)), Path())


def measure(quick: bool = False, told: Callable[[str], None] = lambda text: None) -> list[Case]:
    """Measure one and two processes, and a small study against one of ten times its runs."""
    cases = [(SIZES[0], 1), (SIZES[0], 2)]
    if not quick:
        cases += [(SIZES[1], 1), (SIZES[1], 2)]
    found = []
    for runs, processes in cases:
        told(f"{runs:,} runs, {processes} at a time")
        words = [sys.executable, "-m", "experiments.bench", str(runs), str(processes)]
        told_by = subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True).stdout
        found.append(Case(**json.loads(told_by)))
    return found


def case(runs: int, processes: int) -> Case:
    """Measure one case in this process, which does nothing else before or after."""
    what = study(runs)
    crew = Processes(processes)
    with tempfile.TemporaryDirectory() as place:
        before = _spent(crew, what)
        began = time.perf_counter()
        tally = run_study(what, Path(place) / "study", crew)
        seconds = time.perf_counter() - began
        after = _spent(crew, None)
        crew.close()
    cpu = sum(after[who][0] - before[who][0] for who in after) / tally.fresh
    own = after.pop(os.getpid())[1]
    worker = max(memory for _, memory in after.values())
    bare = _bare(what)
    return Case(tally.fresh, processes, seconds, tally.fresh / seconds, 1000 * cpu, 1000 * bare,
                own, worker)  # fmt: skip


def _bare(what: Study) -> float:
    """Return the CPU seconds of a run without any of this package but the model."""
    table = Table(what, what.packages)
    _warm(what)
    step = table.runs // BARE
    total = 0.0
    for run in range(0, step * BARE, step):
        spec = table.spec(run)
        varied = vary(what.scenario, what.factors, what.values(spec.point))
        model = varied.model(what.packages[spec.package], what.seed, spec.world, what.months)
        began = time.process_time()
        model.run()
        total += time.process_time() - began
    return total / BARE


def _spent(crew: Processes, what: Study | None) -> dict[int, tuple[float, float]]:
    """Return CPU seconds and peak memory, MB, of this process and each of a crew's."""
    found = {os.getpid(): _own(None, 0.0)[1:]}
    while len(found) <= crew.size:
        asked = [crew.submit(_own, what, PAUSE) for _ in range(crew.size)]
        found |= {promise.result()[0]: promise.result()[1:] for promise in asked}
    return found


def _own(what: Study | None, pause: float) -> tuple[int, float, float]:
    """Return number, CPU seconds and peak memory of this process, warm if asked."""
    import resource

    if what is not None:
        _warm(what)
    time.sleep(pause)  # long enough for each process to take one
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return os.getpid(), usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def _warm(what: Study) -> None:
    """Compile everything, so that no case pays for it."""
    vary(what.scenario, what.factors, what.values(0)).model(what.packages[0], 1, 0, 24).run()


if __name__ == "__main__":
    print(json.dumps(asdict(case(int(sys.argv[1]), int(sys.argv[2])))))
