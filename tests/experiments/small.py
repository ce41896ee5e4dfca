"""A small study for tests of what happens to studies: two packages, forty worlds, two months."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import pytest

from experiments.crew import Here
from experiments.run import run_study
from experiments.study import Study, load_study, read_study

ROOT = Path(__file__).parents[2]
WORLDS = 40
TEXT = """
title = "A small one"
question = "Does it hold?"
scenario = "artillery-2022"
months = 2
worlds = 40

[[package]]
name = "second"
title = "The second"
use = "charges-first"

[[outcome]]
name = "delivered"
measure = "deliveries"
of = "all"
"""
LONG = 300.0  # seconds in which whatever is waited for must have come


def study(text: str = TEXT) -> Study:
    return read_study("small", text, ROOT)


def here(folder: Path, text: str = TEXT, **options: Any) -> Path:
    """Run a study in this process; return its folder."""
    run_study(study(text), folder, Here(), **options)
    return folder


def written(folder: Path) -> Path:
    """Return the path of the study's file."""
    path = folder / "small.toml"
    path.write_text(TEXT)
    assert load_study(path).digest == study().digest
    return path


def files(folder: Path) -> dict[str, bytes]:
    """Return the files of results with their bytes."""
    return {path.name: path.read_bytes() for path in sorted((folder / "runs").iterdir())}


def leftovers(folder: Path) -> list[str]:
    """Return what is neither results nor belongs to them."""
    odd = [path.name for path in folder.rglob("*") if ".part" in path.name or path.name == "stop"]
    beside = [p.name for p in folder.parent.iterdir() if p.name.startswith(f"{folder.name}.")]
    return odd + beside + [path.name for path in (folder / "chunks").iterdir()]


def events(folder: Path, event: str) -> list[dict[str, Any]]:
    lines = map(json.loads, (folder / "log.jsonl").read_text().splitlines())
    return [line for line in lines if line["event"] == event]


def start(*arguments: object, **faults: Any) -> subprocess.Popen[str]:
    """Start `mobilize experiment`, in a process group of its own."""
    environment = os.environ | {"PYTHONPATH": str(ROOT), "FAULTS": json.dumps(faults)}
    return subprocess.Popen(
        [sys.executable, "-m", "tests.experiments.faulty", "experiment", *map(str, arguments)],
        cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        start_new_session=True,
    )  # fmt: skip


def until(found: Callable[[], Any], what: str) -> Any:
    """Wait until something is there, and return it."""
    end = time.monotonic() + LONG
    while time.monotonic() < end:
        if there := found():
            return there
        time.sleep(0.02)
    return pytest.fail(f"no {what} within {LONG:g} s")


def begun(folder: Path, event: str = "start", times: int = 1) -> None:
    """Wait until the log of a study has so many lines of an event."""
    log = folder / "log.jsonl"
    until(lambda: log.exists() and log.read_text().count(f'"event": "{event}"') >= times, event)


def family(process: subprocess.Popen[str]) -> list[psutil.Process]:
    """Return the processes that one has started, and theirs."""
    try:
        return psutil.Process(process.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def command(process: psutil.Process) -> str:
    """Return how a process was started; nothing of one that has ended meanwhile."""
    with suppress(psutil.NoSuchProcess):
        return " ".join(process.cmdline())
    return ""


def workers(process: subprocess.Popen[str]) -> list[psutil.Process]:
    return [p for p in family(process) if "spawn_main" in command(p)]


def gone(those: list[psutil.Process]) -> None:
    """Wait until processes have ended."""
    until(lambda: not any(command(p) for p in those), "end")


def kill(process: psutil.Process) -> None:
    with suppress(psutil.NoSuchProcess):
        process.kill()
