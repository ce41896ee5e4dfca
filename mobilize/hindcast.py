"""Model against history, date by date."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np

from mobilize.model import Model, compiled
from mobilize.scenario import Scenario, months
from mobilize.state import BOUND, EPS, INPUT, Floats
from policies.package import Package, load_package

SINCE_START = ("cumulative", "made")  # read as all units up to the date
SMOOTH = 3  # an announced monthly rate is read as the mean of this many months up to its date


@dataclass(frozen=True)
class Point:
    """One dated figure of history and the model's, over worlds (median, 10 %, 90 %)."""

    date: str
    metric: str
    target: str
    actual: float
    model: float
    low: float
    high: float
    scored: bool
    source: str
    note: str

    @property
    def error(self) -> float:
        """Return the model's error as a share of the figure; NaN where the figure is zero."""
        return (self.model - self.actual) / self.actual if self.actual else float("nan")


@dataclass(frozen=True)
class Constraint:
    """What bound a line in fact, and what binds it in most worlds of the model, in which share.

    `made` is the share of what was wanted of the line that it made, median over worlds.
    """

    date: str
    target: str
    history: str
    model: str
    share: float
    made: float
    source: str


@dataclass(frozen=True)
class Hindcast:
    """All points of a scenario; `calibrated` names the parameters set from data rows."""

    scenario: str
    worlds: int
    points: tuple[Point, ...]
    calibrated: tuple[str, ...]
    constraints: tuple[Constraint, ...] = ()

    def mape(self, target: str | None = None) -> float:
        """Return the mean absolute percentage error over scored points (of a target)."""
        errors = [
            abs(p.error) for p in self.points if p.scored and (target is None or p.target == target)
        ]
        return float(np.nanmean(errors)) if errors else float("nan")

    def targets(self) -> list[str]:
        """Return the targets with scored points."""
        return list(dict.fromkeys(p.target for p in self.points if p.scored))


def hindcast(scenario: Scenario, worlds: int = 16, seed: int | None = None) -> Hindcast:
    """Run a scenario as it was and read the model at every dated figure of its hindcast table."""
    policy = as_it_was(scenario)
    runs = [Model(scenario, policy, seed, world, panel=True).run() for world in range(worlds)]
    points = []
    for row in scenario.tables["hindcast"].rows():
        month = int(row["date"]) - scenario.start
        values = np.array([reading(run, row["metric"], row["target"], month) for run in runs])
        low, middle, high = np.quantile(values, (0.1, 0.5, 0.9))
        points.append(
            Point(
                months.label(int(row["date"])),
                str(row["metric"]),
                str(row["target"]),
                float(row["value"]),
                float(middle),
                float(low),
                float(high),
                row["scored"] == "yes",
                str(row["source"]),
                str(row["note"]),
            )
        )
    held = tuple(constraint(runs, row) for row in scenario.tables["constraints"].rows())
    return Hindcast(scenario.name, worlds, tuple(points), calibrated(scenario), held)


def constraint(runs: list[Model], row: dict[str, Any]) -> Constraint:
    """Read what binds a line in the months up to a date, over worlds."""
    first = runs[0].world
    line, month = first.names.lines.index(str(row["target"])), int(row["date"])
    span = slice(
        max(0, month - first.scenario.start + 1 - SMOOTH), month - first.scenario.start + 1
    )
    bounds = Counter(what for run in runs for what in binding(run, line, span))
    made = [
        run.record.output[span, line].sum() / max(run.record.wanted[span, line].sum(), EPS)
        for run in runs
    ]
    what, count = bounds.most_common(1)[0]
    history, source = str(row["constraint"]), str(row["source"])
    share, middle = count / bounds.total(), float(np.median(made))
    date = months.label(month)
    return Constraint(date, str(row["target"]), history, what, share, middle, source)


def binding(run: Model, line: int, span: slice) -> list[str]:
    """Return what binds a line in each month of a span: the part that it is short of by name."""
    net, names = run.world.net, run.world.names
    found = zip(run.record.bound[span, line], run.record.bound_slot[span, line], strict=True)
    return [
        f"short of {names.items[net.k_item[slot]]}" if bound == INPUT else BOUND[bound]
        for bound, slot in found
    ]


def as_it_was(scenario: Scenario) -> Package | None:
    """Return the package that tells what was decided in fact, if the scenario names one."""
    return load_package(scenario.history, scenario) if scenario.history else None


def calibrated(scenario: Scenario) -> tuple[str, ...]:
    """Return the parameters whose value was taken from data rows, with their source."""
    return tuple(
        f"{row['name']} = {row['value']:g} {row['unit']} ({row['source']}): {row['description']}"
        for row in scenario.tables["parameters"].rows()
        if row["confidence"] == "estimate"
    )


def reading(run: Model, metric: str, target: str, month: int) -> float:
    """Return what the model says for a metric and target in a month of a run."""
    if not 0 <= month < run.record.months:
        return float("nan")
    series = _series(run, metric, target)
    if metric in SINCE_START:
        return float(series[: month + 1].sum())
    if metric == "monthly":
        return float(series[month])
    return float(series[max(0, month + 1 - SMOOTH) : month + 1].mean())


def _series(run: Model, metric: str, target: str) -> Floats:
    net, names = compiled(run.world.scenario)
    record = run.record
    if metric in ("deliveries", "cumulative"):
        delivered = record.series("delivered")
        if target in names.programs:
            out: Floats = delivered[:, names.programs.index(target)]
            return out
        mine = net.p_item == names.items.index(target)
        return np.asarray(delivered[:, mine].sum(axis=1))
    panel = record.equipment if metric == "capacity" else record.output
    if target in names.lines:
        return np.asarray(panel[: record.months, names.lines.index(target)])
    makers = net.l_item == names.items.index(target)
    return np.asarray(panel[: record.months, makers].sum(axis=1))
