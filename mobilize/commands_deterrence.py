"""The command `deterrence`: seven metrics in their own rows, three mindsets side by side."""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from agents.tables import ladder
from mobilize.conflicts import reference
from mobilize.ladder import MINDSETS, RUNGS
from mobilize.metrics import LABEL, ROWS, dates
from mobilize.physics.reasons import TERMS
from mobilize.playing import CommandError, run_shown
from mobilize.scenario import load, months
from mobilize.words import number, show, show_json
from policies.package import load_package

if TYPE_CHECKING:
    from mobilize.runs import Results

BAND = (0.05, 0.5, 0.95)
SURGE = (6, 12, 24, 36)  # months at which the surge profile is read
LEAST = {"M1": ("fires_program", "least"), "M2": ("replenish_program", "slowest")}


def deterrence(options: argparse.Namespace) -> int:
    """Print M1-M7 at several dates, paired differences, the three views and the ladder."""
    scenario = load(options.scenario)
    if options.mindset and scenario.challenger is None:
        raise CommandError(f"--mindset {options.mindset}: {scenario.name} has no [challenger]")
    if reference(scenario) is None:
        raise CommandError(f"{scenario.name} has no reference conflict: one with need_days")
    policies = options.policy if isinstance(options.policy, list) else ["baseline"]
    packages = {load_package(name, scenario).name for name in policies}  # all faults before a run
    if len(packages) < len(policies):
        raise CommandError(f"--policy {' '.join(policies)}: two have the same name; give each once")
    runs = [run_shown(scenario, name, options, options.mindset) for name in policies]
    folder = Path(options.out or Path("results") / f"{scenario.name}-deterrence")
    try:
        for run in runs:
            run.write(folder / run.policy.name, partial(draw, run))
    except OSError as error:
        raise CommandError(f"cannot write {folder}: {error.strerror}; give another --out") from None
    if options.json:
        show_json(as_data(runs))
        return 0
    for run in runs:
        show_metrics(run)
        show_views(run)
        show_ladder(run)
    for run in runs[1:]:
        show_differences(runs[0], run)
    print(f"results and pictures in {folder}\n{LABEL}")
    return 0


def draw(results: Results, folder: Path) -> None:
    """Draw the picture of a policy's deterrence in its results folder."""
    from mobilize.plots_deterrence import plot_deterrence

    plot_deterrence(results, folder / "deterrence.png")


def band(values: np.ndarray) -> list[float]:
    """Return low, median and high of some worlds."""
    return [float(v) for v in np.quantile(values, BAND)]


def half_of_announced(results: Results) -> np.ndarray:
    """Return by world the month in which half of what was announced is made, or nan.

    Half-way from the output of the start to the most that was announced up to then; nan where
    nothing was announced above the start, or it never came.
    """
    output, announced = results.metric("output"), results.metric("announced")
    most = np.maximum.accumulate(announced, axis=1)
    there = (output >= (1.0 + most) / 2.0) & (most > 1.05)
    return np.where(there.any(axis=1), there.argmax(axis=1), np.nan)


def surge(results: Results) -> dict[int, list[float]]:
    """Return M3, P(m) / P(0), by month: low, median and high."""
    output = results.metric("output")
    return {m: band(output[:, m]) for m in SURGE if m < results.months}


def show_metrics(results: Results) -> None:
    """Print each metric in a row of its own: median and 90 % of worlds at each date."""
    at = dates(results)
    start = results.scenario.start
    rows = []
    for name, text, series, unit in ROWS:
        values = results.metric(series)
        cells = [banded(values[:, month]) for month in at]
        rows.append((name, text, unit, *cells))
    show(f"{results.scenario.title}, {results.policy.name}: deterrence, {len(results.worlds)} "
         "worlds, median (5-95 %)",
         ("", "metric", "unit", *(months.label(start + m) for m in at)), rows, 150)  # fmt: skip
    for name, (series, word) in LEAST.items():
        who = np.bincount(results.metric(series)[:, -1].astype(int)).argmax()
        print(f"{name} at the end: the {word} is {results.names.programs[who]} in most worlds")
    if profile := [f"{m}: {number(middle)}" for m, (_, middle, _) in surge(results).items()]:
        print(f"M3: deliveries to the start's after so many months: {', '.join(profile)}")
    half = half_of_announced(results)
    reached = np.isfinite(half)
    when = f", in month {number(float(np.median(half[reached])))}" if reached.any() else ""
    print(f"M3: half of what was announced is made in {reached.sum()} of {len(half)} worlds{when}")


def banded(values: np.ndarray) -> str:
    """Return median and band as a cell."""
    low, middle, high = band(values)
    return f"{number(middle)} ({number(low)}-{number(high)})"


def show_views(results: Results) -> None:
    """Print what each mindset makes of the last month: index and every term of its waterfall."""
    found = {term: [mean_of(results, f"{name} {term}") for name in MINDSETS] for term in TERMS}
    found["acting less waiting"] = np.sum(list(found.values()), axis=0).tolist()
    rows = [(term, *(f"{value:+.2f}" for value in values)) for term, values in found.items()]
    views = (number(mean_of(results, f"view {name}")) for name in MINDSETS)
    rows.append(("M6, 0-100", *views))
    show("M6 at the end, mean of worlds: the reasons that each mindset adds up",
         ("reason", *MINDSETS), rows)  # fmt: skip


def mean_of(results: Results, series: str) -> float:
    """Return the mean of worlds in the last month."""
    return float(results.metric(series)[:, -1].mean())


def ladder_shares(results: Results) -> dict[str, dict[str, Any]]:
    """Return by mindset that plays: its worlds, and by date the share in which each rung stands.

    `quiet` is the share with no rung; `ever` the share of worlds with the rung at any time.
    """
    found: dict[str, dict[str, Any]] = {}
    playing = results.metric("mindset")[:, -1]
    rung = np.stack([results.metric(f"rung {name}") for name in RUNGS]) > 0.5
    for n, name in enumerate(MINDSETS):
        mine = rung[:, playing == n]
        if mine.shape[1]:
            found[name] = {
                "worlds": int(mine.shape[1]),
                "quiet": [float(v) for v in 1.0 - mine.any(axis=0).mean(axis=0)],
                **{r: [float(v) for v in mine[k].mean(axis=0)] for k, r in enumerate(RUNGS)},
                "ever": {r: float(mine[k].any(axis=1).mean()) for k, r in enumerate(RUNGS)},
            }
    return found


def show_ladder(results: Results) -> None:
    """Print the share of worlds on each rung, by the mindset that plays."""
    at = dates(results)
    titles = {"quiet": "quiet"} | {rung.name: rung.title for rung in ladder()}
    rows = []
    for mindset, shares in ladder_shares(results).items():
        for rung, title in titles.items():
            ever = shares["ever"].get(rung)
            cells = (f"{shares[rung][m]:.0%}" for m in at)
            rows.append((f"{mindset} ({shares['worlds']} worlds)", title, *cells,
                         "-" if ever is None else f"{ever:.0%}"))  # fmt: skip
    if not rows:
        print("no [challenger] in this scenario: nobody plays the ladder")
        return
    heads = (months.label(results.scenario.start + m) for m in at)
    show("Ladder: share of worlds in which each step stands", ("mindset", "step", *heads, "ever"),
         rows, 120)  # fmt: skip


def show_differences(a: Results, b: Results) -> None:
    """Print the paired differences of two policies: the effect, not the level."""
    from mobilize.compare import compare_metrics

    at = dates(a)
    found = compare_metrics(a, b)
    rows = []
    for n, (name, text, _, unit) in enumerate(ROWS):
        part = found[n * len(at) : (n + 1) * len(at)]
        cells = (
            f"{signed(d['difference'])} ({signed(d['low'])} to {signed(d['high'])})" for d in part
        )
        rows.append((name, text, unit, *cells))
    show(f"{b.policy.name} less {a.policy.name}: mean paired difference with 90 % interval",
         ("", "metric", "unit", *(months.label(a.scenario.start + m) for m in at)),
         rows, 170)  # fmt: skip


def signed(value: float) -> str:
    """Return a difference with its sign; what is below a two-thousandth is none.

    >>> signed(0.0141), signed(-2.75), signed(7e-7)
    ('+0.014', '-2.8', '0')
    """
    return "0" if abs(value) < 5e-4 else f"{value:+.2g}"


def as_data(runs: list[Results]) -> dict[str, Any]:
    """Return everything shown as plain data; nowhere a single score."""
    from mobilize.compare import compare_metrics

    first = runs[0]
    at = dates(first)
    return {
        "label": LABEL,
        "dates": [months.label(first.scenario.start + m) for m in at],
        "policies": {
            run.policy.name: {
                "metrics": [
                    {"metric": name, "text": text, "unit": unit,
                     "low_median_high": [band(run.metric(series)[:, m]) for m in at]}
                    for name, text, series, unit in ROWS
                ],
                "waterfalls": {
                    name: {t: mean_of(run, f"{name} {t}") for t in TERMS} for name in MINDSETS
                },
                "surge_profile": surge(run),
                "half_of_announced": [
                    None if v != v else int(v) for v in half_of_announced(run).tolist()
                ],
                "ladder": {
                    name: {k: [v[m] for m in at] if isinstance(v, list) else v
                           for k, v in shares.items()}
                    for name, shares in ladder_shares(run).items()
                },
            }
            for run in runs
        },
        "differences": {b.policy.name: compare_metrics(first, b) for b in runs[1:]},
    }  # fmt: skip
