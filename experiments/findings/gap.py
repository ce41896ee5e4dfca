"""The industrial gap under three packages, against no change: metrics, ladder, reasons.

``python -m experiments.findings.gap docs`` renews ``docs/gap.md``, ``docs/gap.csv`` and the
pictures (two to ten minutes on two cores): each of the challenger's mindsets in every world, paired
differences in the same luck, and how they change with the figures that rest on judgement alone.
"""

from __future__ import annotations

import os
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from agents.adversary import drawn_mindset
from mobilize.ladder import MINDSETS
from mobilize.luck import Luck
from mobilize.model import Model, compiled
from mobilize.playing import progress_bar
from mobilize.programs import PRODUCTION
from mobilize.runs import Progress, Results, run_worlds
from mobilize.scenario import Scenario, load
from mobilize.state import Floats
from mobilize.why import Why, why
from policies.package import load_package

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

SCENARIO, WORLDS = "industrial-gap", 64
TRIED = 32  # worlds in which figures are varied
BASE = "baseline"
PACKAGES = {
    BASE: "No change",
    "ready-stock": "Ready stock",
    "announced-ramp": "Announced ramp",
    "whole-chain": "Whole chain",
}
CHANGED = "ready-stock"  # the package whose effect is told under other figures
VARIED = ("kappa", "short_weight", "opportunity", "window")  # kappa, w, h0 and drift of the design
LEVELS = {"low": -1.0, "high": 1.0}  # ends of the range of a figure
Case = tuple[str, str]  # a figure and an end of its range; both empty for the figures as they are
Pair = tuple[Results, Results]
ARRAYS = ("programs", "items", "ledger", "fleets", "milestones", "metrics")


@dataclass(frozen=True)
class Worst:
    """The month in which the most fires by value go unmet in the median world, and why."""

    world: int
    month: int
    program: str
    units: float
    asked: float
    answer: Why


@dataclass(frozen=True)
class Gap:
    """What the runs found.

    `runs` holds by package every mindset in every world, one mindset after the other; `cases` the
    baseline and CHANGED, mindsets drawn, with a figure varied.
    """

    runs: dict[str, Results]
    worst: Worst
    cases: dict[Case, Pair]

    def drawn(self, package: str) -> Results:
        """Return each world once, with the mindset that luck draws for it."""
        return as_drawn(self.runs[package])


def pick(results: Results, places: list[int]) -> Results:
    """Return some of the worlds of a run, by their place."""
    arrays: dict[str, Any] = {name: getattr(results, name)[places] for name in ARRAYS}
    return replace(results, worlds=tuple(results.worlds[n] for n in places), **arrays)


def join(parts: list[Results]) -> Results:
    """Return runs of one scenario and policy as one, one after the other."""
    arrays: dict[str, Any] = {
        name: np.concatenate([getattr(p, name) for p in parts]) for name in ARRAYS
    }
    return replace(parts[0], worlds=tuple(w for p in parts for w in p.worlds), **arrays)


def as_drawn(runs: Results) -> Results:
    """Return each world once, with the mindset that luck draws, from runs of every mindset.

    The same as without naming a mindset: naming one moves no other luck.
    """
    count = len(runs.worlds) // len(MINDSETS)
    mindsets = [drawn_mindset(Luck(runs.seed, world)) for world in runs.worlds[:count]]
    return pick(runs, [mindset * count + n for n, mindset in enumerate(mindsets)])


def unmet(results: Results) -> Floats:
    """Return the fires that went unmet, MUSD, shape (worlds, months, programs)."""
    net = compiled(results.scenario)[0]
    price = np.where(net.p_kind == PRODUCTION, net.p_cost, 0.0) / 1000
    value: Floats = results.series("unmet") * price
    return value


def median_world(results: Results) -> int:
    """Return the place of the world with the median value of unmet fires (the lower of two)."""
    total = unmet(results).sum(axis=(1, 2))
    return int(np.argsort(total, kind="stable")[(len(total) - 1) // 2])


def worst(results: Results) -> Worst:
    """Find the worst month of the median world, and walk its reason chain in that world again."""
    place = median_world(results)
    month, i = np.unravel_index(np.argmax(unmet(results)[place]), unmet(results)[place].shape)
    world, name = results.worlds[place], results.names.programs[i]
    mindset = MINDSETS[int(results.metric("mindset")[place, -1])]
    model = Model(results.scenario, results.policy, results.seed, world, panel=True,
                  mindset=mindset).run(int(month) + 1)  # fmt: skip
    units, asked = (float(x[i]) for x in (model.world.s.unmet, model.world.s.asked))
    return Worst(world, int(month), name, units, asked, why(model, name, relief=False))


def every_mindset(scenario: Scenario, package: str, worlds: int, progress: Progress) -> Results:
    """Run each mindset in the same worlds."""
    policy, processes = load_package(package, scenario), os.cpu_count() or 1
    parts: list[Results] = []
    for mindset in MINDSETS:
        before = len(parts) * worlds
        parts.append(run_worlds(scenario, policy, worlds, processes=processes, mindset=mindset,
                                progress=counted(progress, before)))  # fmt: skip
    return join(parts)


def counted(progress: Progress, before: int) -> Progress:
    """Return a progress that counts on from what was done before."""
    return lambda done: progress(before + done)


def try_case(job: tuple[Case, int]) -> Pair:
    """Run the baseline and CHANGED with a figure varied, in this process."""
    (name, level), worlds = job
    scenario = load(SCENARIO)
    figures = ((name, LEVELS[level]),) if name else ()
    base, changed = (
        run_worlds(scenario, load_package(package, scenario), worlds, figures=figures)
        for package in (BASE, CHANGED)
    )
    return base, changed


def try_cases(worlds: int, progress: Progress) -> dict[Case, Pair]:
    """Run every case, each in a process of its own."""
    cases = [(name, level) for name in VARIED for level in LEVELS]
    found = {}
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
        pairs = pool.map(try_case, [(case, worlds) for case in cases])
        for n, (case, pair) in enumerate(zip(cases, pairs, strict=True), 1):
            found[case] = pair
            progress(n)
    return found


def shown(bar: Bar, title: str, total: int) -> Progress:
    """Return a progress that a bar shows."""
    task = bar.add_task(title, total=total)
    return lambda done: bar.update(task, completed=done)


def find(worlds: int = WORLDS, tried: int = TRIED) -> Gap:
    """Run everything, with a progress bar."""
    scenario = load(SCENARIO)
    runs = {}
    with progress_bar("worlds") as bar:
        for package, title in PACKAGES.items():
            progress = shown(bar, title, worlds * len(MINDSETS))
            runs[package] = every_mindset(scenario, package, worlds, progress)
    base, changed = (as_drawn(runs[package]) for package in (BASE, CHANGED))
    with progress_bar("cases") as bar:
        cases = try_cases(tried, shown(bar, "figures varied", len(VARIED) * len(LEVELS)))
    first = list(range(tried))
    as_it_is = (pick(base, first), pick(changed, first))
    return Gap(runs, worst(base), {("", ""): as_it_is, **cases})


def main(folder: Path) -> None:
    """Write the figures, the page made from them, and the pictures."""
    from experiments.findings.gap_page import page, store
    from experiments.findings.gap_pictures import PICTURES
    from experiments.findings.lesson import write

    found = find()
    store(found, folder / "gap.csv")
    for name, draw in PICTURES.items():
        write(partial(draw, found), folder / "pictures" / f"gap-{name}.svg")
    (folder / "gap.md").write_text(page(found, folder / "gap.csv"), encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m experiments.findings.gap FOLDER, such as docs")
    main(Path(sys.argv[1]))
