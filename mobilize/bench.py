"""How fast the engine is on one core, and where a month's time goes.

Every network is measured in a process of its own, so that its peak memory is its own. What
happens once (compiling kernels, reading the scenario) is kept apart from what a run costs.
"""

from __future__ import annotations

import gc
import json
import os
import platform
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any, TypeVar

from mobilize.model import Model, compiled
from mobilize.scenario import Scenario, load, shipped
from mobilize.synthetic import synthetic

DEFAULTS = ("arsenal-2026", "artillery-2022")  # the first that is shipped is measured
BASE = 300  # lines of the network that others are compared with
ENOUGH = 3_000_000  # line-months after which a network needs no further repeat
REPEATS = (3, 9)  # at least and at most
STAGES = ("script", "disturb", "seats", "work", "judge", "remember")  # of Model.step
PARTS = {"kernels": ("disturb", "work"), "agents": ("seats", "judge"), "recording": ("remember",)}
THREADS = ("NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")

Row = dict[str, Any]
T = TypeVar("T")


def bench(
    sizes: Sequence[int] = (BASE, 10_000, 100_000),
    months: int | None = None,
    scenario: str | None = None,
) -> Row:
    """Measure the default scenario and synthetic networks, one after the other.

    Parameters
    ----------
    sizes : sequence of int
        Lines of the synthetic networks; the others are compared with the one of 300, or else
        with the first.
    months : int, optional
        Length of the runs; by default each scenario's horizon.
    scenario : str, optional
        Scenario measured beside them; by default the first of DEFAULTS that is shipped.

    Returns
    -------
    dict
        `machine`, and `rows` as :func:`measure` gives them, each with its `ratio`: cost of a
        line-month against that of the base.
    """
    name = scenario or next(n for n in DEFAULTS if n in shipped())
    networks: list[str | int] = [name, *sizes]
    rows = [_apart(network, months) for network in networks]
    base = next((row for row in rows[1:] if row["lines"] == BASE), rows[min(1, len(sizes))])
    for row in rows:
        row["ratio"] = row["us_line_month"] / base["us_line_month"]
    machine = f"{platform.machine()}, {platform.system()}, Python {platform.python_version()}"
    return {"machine": machine, "rows": rows}


def table(report: Row) -> str:
    """Return the rows of :func:`bench` as lines of text, a network to a column."""
    body = [[title, *(show(row) for row in report["rows"])] for title, show in _LINES.items()]
    widths = [max(map(len, column)) for column in zip(*body, strict=True)]
    return "\n".join(
        "  ".join([line[0].ljust(widths[0]), *map(str.rjust, line[1:], widths[1:])])
        for line in body
    )


_LINES: dict[str, Callable[[Row], str]] = {
    "": lambda row: str(row["network"]),
    "lines": lambda row: f"{row['lines']:,}",
    "routes": lambda row: f"{row['routes']:,}",
    "deciders": lambda row: f"{row['seats']:,}",
    "months": lambda row: f"{row['months']:,}",
    "seconds a run": lambda row: f"{row['seconds']:.3f}",
    "line-months a second": lambda row: f"{row['line_months_second']:,.0f}",
    "µs a line-month": lambda row: f"{row['us_line_month']:.2f}",
    "against the base": lambda row: f"{row['ratio']:.2f}",
    "kernels %": lambda row: f"{100 * row['parts']['kernels']:.0f}",
    "agents %": lambda row: f"{100 * row['parts']['agents']:.0f}",
    "recording %": lambda row: f"{100 * row['parts']['recording']:.0f}",
    "other %": lambda row: f"{100 * row['parts']['other']:.0f}",
    "s to read": lambda row: f"{row['read_seconds']:.2f}",
    "s to compile the network": lambda row: f"{row['network_seconds']:.2f}",
    "ms to make a model": lambda row: f"{row['model_ms']:.1f}",
    "ms to fork": lambda row: f"{row['fork_ms']:.1f}",
    "peak memory, MB": lambda row: f"{row['peak_mb']:,.0f}",
}


def _apart(network: str | int, months: int | None) -> Row:
    """Measure in a fresh process with one thread."""
    paths = [str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH", "")]
    settings = dict.fromkeys(THREADS, "1") | {"PYTHONPATH": os.pathsep.join(filter(None, paths))}
    command = [sys.executable, "-m", "mobilize.bench", json.dumps([network, months])]
    done = subprocess.run(
        command, env=os.environ | settings, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"measuring {network} failed:\n{done.stderr}")
    row: Row = json.loads(done.stdout)
    return row


def measure(network: str | int, months: int | None = None) -> Row:
    """Measure one network in this process, recording what the command line records.

    Parameters
    ----------
    network : str or int
        A scenario, or the lines of a synthetic network.
    months : int, optional
        Length of a run; by default the horizon.

    Returns
    -------
    dict
        `seconds` of a run (median of several, warm, the making of the model apart),
        `line_months_second`, `us_line_month`; `stages` in µs a month and `parts` as shares of
        a month; `read_seconds`, `network_seconds`, `model_ms` and `fork_ms`; `peak_mb` of a
        process that makes and runs one model.
    """
    _warm()
    read, scenario = _timed(lambda: _scenario(network))
    build, (net, _) = _timed(lambda: compiled(scenario))
    make, model = _timed(lambda: Model(scenario, months=months))
    model.run()  # warm: memory is touched, branches are learnt
    peak = _peak_mb()  # of one model: those that follow are only collected now and then
    volume = len(net.l_item) * model.months
    repeats = min(max(REPEATS[0], ENOUGH // volume), REPEATS[1])
    seconds = median(_run_seconds(scenario, months) for _ in range(repeats))
    stages = stage_times(Model(scenario, months=months))
    whole = sum(stages.values())
    parts = {part: sum(stages[s] for s in names) / whole for part, names in PARTS.items()}
    return {
        "network": model.world.scenario.name,
        "lines": len(net.l_item),
        "routes": len(net.r_slot),
        "seats": len(model.seats),
        "months": model.months,
        "repeats": repeats,
        "seconds": seconds,
        "line_months_second": volume / seconds,
        "us_line_month": seconds / volume * 1e6,
        "stages": {stage: time / model.months * 1e6 for stage, time in stages.items()},
        "parts": parts | {"other": 1.0 - sum(parts.values())},
        "read_seconds": read,
        "network_seconds": build,
        "model_ms": make * 1e3,
        "fork_ms": median(_timed(model.fork)[0] for _ in range(5)) * 1e3,
        "peak_mb": peak,
    }


def stage_times(model: Model) -> dict[str, float]:
    """Run a model to its horizon as :meth:`Model.run` does; return the seconds by stage."""
    spent = dict.fromkeys(STAGES, 0.0)
    while model.month < model.months:
        for name, stage in zip(STAGES, model.stages(), strict=True):
            begun = perf_counter()
            stage()
            spent[name] += perf_counter() - begun
    return spent


def _warm() -> None:
    """Compile every kernel, or read it from disk."""
    Model(synthetic(BASE, months=13)).run()


def _scenario(network: str | int) -> Scenario:
    return load(network) if isinstance(network, str) else synthetic(network)


def _timed(job: Callable[[], T]) -> tuple[float, T]:
    gc.collect()  # a model and its seats refer to each other
    begun = perf_counter()
    result = job()
    return perf_counter() - begun, result


def _run_seconds(scenario: Scenario, months: int | None) -> float:
    return _timed(Model(scenario, months=months).run)[0]


def _peak_mb() -> float:
    """Return the most memory this process has held.

    Linux counts in ``ru_maxrss`` what the parent held before it started this program, so its
    own high-water mark comes first.
    """
    status = Path("/proc/self/status")
    if status.is_file():
        words = status.read_text(encoding="ascii", errors="replace").split()
        return float(words[words.index("VmHWM:") + 1]) / 1024
    try:
        import resource
    except ImportError:  # Windows
        return float("nan")
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


if __name__ == "__main__":
    print(json.dumps(measure(*json.loads(sys.argv[1]))))
