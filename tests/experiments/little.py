"""Studies small enough for tests, and their results."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from experiments.crew import Here
from experiments.run import Tally, run_study
from experiments.study import load_study
from tests.experiments.small import command

TEXT = """
title = "A little study"
question = "Does the fund deliver more shells?"
scenario = "artillery-2022"
months = 24
worlds = {worlds}

[[package]]
name = "early"
title = "An early fund"
set = [{{ date = "2022-06", lever = "title3-appropriation", value = 400.0 }}]

[[package]]
name = "charges"
title = "Charges first"
use = "charges-first"

{factors}

[[outcome]]
name = "shells"
title = "Shells delivered"
measure = "deliveries"
of = "us-155-projectiles"
acceptable = 400000

[[outcome]]
name = "paid"
title = "Money paid"
measure = "paid"

[design]
{design}

[small]
worlds = 2
points = 2
"""
FACTORS = """
[[factor]]
varies = "parameter:training"

[[factor]]
varies = "table:lines.rates"

[[factor]]
varies = "onset:title3-appropriation"
"""
SAMPLED = 'kind = "sobol"\npoints = {points}\nworlds = 2'


def write_study(
    folder: Path,
    worlds: int = 3,
    points: int = 4,
    factors: str = FACTORS,
    design: str = SAMPLED,
    name: str = "little",
) -> Path:
    """Write a study of artillery-2022; its runs take milliseconds."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.toml"
    text = TEXT.format(worlds=worlds, factors=factors, design=design.format(points=points))
    path.write_text(text, encoding="utf-8")
    return path


@contextmanager
def held_up(server: int | None = None) -> Iterator[None]:
    """Let the study that a process has started, or this one, not go on for a while."""
    started = psutil.Process(server).children(recursive=True)
    those = [p for p in started if "experiment" in command(p).split()]
    those += [child for p in those for child in p.children(recursive=True)]
    assert those, "no study runs"
    for one in those:
        one.suspend()
    yield
    for one in those:
        with suppress(psutil.NoSuchProcess):
            one.resume()


def run_little(path: Path, folder: Path) -> Tally:
    """Run a study in this process."""
    return run_study(load_study(path), folder, Here())
