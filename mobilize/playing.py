"""Running worlds for a command: options checked, a progress bar shown."""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING

from mobilize.words import console

if TYPE_CHECKING:
    from rich.progress import Progress

    from mobilize.runs import Results
    from mobilize.scenario import Scenario


QUICK = 2_000_000  # line-months below which other processes cost more than they save
HONEST = (
    "A teaching and exploration model on public figures; not a forecast. "
    "Numbers tagged notional are modelling choices."
)


class CommandError(Exception):
    """Something asked for cannot be done; the text says what to do."""


def run_shown(
    scenario: Scenario, policy: str, options: argparse.Namespace, mindset: str | None = None
) -> Results:
    """Run worlds of a scenario under a policy, with a progress bar."""
    from mobilize.runs import run_worlds
    from policies.package import load_package

    package = load_package(policy, scenario)
    if options.months and options.months > scenario.horizon:
        raise CommandError(f"--months {options.months} is beyond the {scenario.horizon} of the "
                           f"scenario; allowed: 1 to {scenario.horizon}")  # fmt: skip
    size = options.worlds * len(scenario.tables["lines"]) * (options.months or scenario.horizon)
    processes = options.processes or (1 if size < QUICK else os.cpu_count() or 1)
    with progress_bar("worlds") as bar:
        task = bar.add_task(f"{scenario.name}, {package.name}", total=options.worlds)
        return run_worlds(
            scenario,
            package,
            options.worlds,
            options.seed,
            options.months,
            processes,
            lambda done: bar.update(task, completed=done),
            mindset,
        )


def progress_bar(what: str) -> Progress:
    """Return a progress bar that counts things of a kind, for the error stream."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn(what),
        TimeElapsedColumn(),
    )
    screen = console()
    screen.file = sys.stderr
    return Progress(*columns, console=screen)
