"""`mobilize` with workers that have faults, for tests: ``python -m tests.experiments.faulty ...``.

FAULTS in the environment is a JSON object: `die`, `fail`, `hang` and `stall` list worlds in which
runs of the package "second" end their process, raise, never end, or never end a month; `pause` are
seconds before every run; `trace` is a file that gets a line for each run begun; `patch` sets
figures of modules.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import time

from experiments import work as real
from experiments.plan import Chunk

RUN = real._run


class Model:
    """One that never ends, or never ends a month."""

    month, months = 0, 1

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    def step(self) -> None:
        time.sleep(self.seconds)


class Varied:
    """A scenario whose model has the fault."""

    def __init__(self, fault: str) -> None:
        self.fault = fault

    def model(self, *args: object) -> Model:
        if self.fault == "fail":
            raise ValueError("a fault of this run")
        return Model({"hang": 0.05, "stall": 1000.0}[self.fault])


def faults() -> dict[str, object]:
    return json.loads(os.environ.get("FAULTS", "{}"))


def run(job, varied, package, world):
    told = faults()
    if "trace" in told:
        with open(told["trace"], "a") as file:
            file.write(f"{world} {package.name}\n")
    time.sleep(told.get("pause", 0.0))
    if package.name == "second" and world in told.get("die", ()):
        os._exit(3)
    for fault in ("fail", "hang", "stall"):
        if package.name == "second" and world in told.get(fault, ()):
            varied = Varied(fault)
    return RUN(job, varied, package, world)


def work(packed: bytes, chunk: Chunk):
    real._run = run
    patch()
    return real.work(packed, chunk)


def patch() -> None:
    for name, value in faults().get("patch", {}).items():
        module, _, figure = name.rpartition(".")
        setattr(importlib.import_module(module), figure, value)


if __name__ == "__main__":
    from experiments import engine
    from mobilize.cli import main
    from tests.experiments import faulty

    engine.work = faulty.work
    patch()
    sys.exit(main())
