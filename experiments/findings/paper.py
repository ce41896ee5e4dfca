"""Paper levers cut delay at once and output slowly."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure

from experiments.findings.lesson import BLUE, ORANGE, Lesson, Rows, label, panels
from experiments.findings.small import at
from mobilize.compare import interval
from mobilize.model import Model
from mobilize.physics.contracts import FMS, offers
from mobilize.runs import run_worlds
from mobilize.scenario import Scenario, load
from mobilize.state import Floats
from mobilize.terms import AGREEMENT_TIME
from mobilize.world import World
from policies.levers import Value
from policies.package import Package

REAL, WORLDS, MONTHS = "arsenal-2026", 12, 120
DECIDED, WATCHED = 6, 30  # month of the decision; months over which the paper is watched
SALES, EXPORTS = "FMS fast track and combined review", "ITAR reform"
LEVERS: dict[str, tuple[tuple[str, Value], ...]] = {
    SALES: (("fms-fast-track", "on"), ("fms-combined-review", "on")),
    EXPORTS: (
        ("usml-to-ccl", "both"),
        ("licensing-officers", 1.5),
        ("parallel-licence-review", "on"),
        ("aukus-exemption-adoption", "on"),
        ("expedited-licensing", "on"),
    ),
}
TO = {SALES: "abroad", EXPORTS: "in all"}  # whose deliveries are told
Mean = tuple[float, float, float]  # mean over worlds with its 90 % interval


@dataclass(frozen=True)
class Paper:
    """What a reform does to its paper and to deliveries.

    `delay`: by month, months to a contract of foreign military sales (mean of programs) or to an
    agreement (mean of partners); `onset`: months from the decision in which it falls; `extra`:
    by year from the decision, value delivered in per cent more (sales: to foreign programs).
    """

    delay: Floats
    onset: tuple[int, ...]
    extra: list[Mean]

    @property
    def saved(self) -> float:
        """Return the share of the delay that is gone in the end."""
        return float(1.0 - self.delay[-1] / self.delay[0])


def package(scenario: Scenario, name: str) -> Package:
    """Return a reform as a package."""
    settings = tuple(at(scenario, DECIDED, lever, "base", v) for lever, v in LEVERS[name])
    return Package(name, name, settings)


def sale_months(world: World) -> float:
    """Return the mean months from money to contract of foreign military sales."""
    prices, months = np.zeros_like(world.net.p_cost), np.zeros_like(world.net.p_cost)
    offers(*world.arrays, prices, months)
    return float(months[world.net.p_channel == FMS].mean())


def agreement_months(world: World) -> float:
    """Return the mean months to a technical assistance or licence agreement of a partner."""
    partners = ~world.net.c_home
    return float(world.p.agreement_time * world.s.of_country[AGREEMENT_TIME, partners].mean())


def watch(scenario: Scenario, name: str) -> Floats:
    """Return the delay of each month under a reform, months."""
    model = Model(scenario, package(scenario, name), months=WATCHED)
    measure = sale_months if name == SALES else agreement_months
    found = np.zeros(WATCHED)
    for month in range(WATCHED):
        model.step()
        found[month] = measure(model.world)
    return found


def delivered(scenario: Scenario, policy: Package) -> dict[str, Floats]:
    """Return the value delivered by world and month, kUSD, to those a reform is for.

    To foreign programs for sales; to all for exports, since licences also hold up parts that
    programs at home buy abroad.
    """
    results = run_worlds(scenario, policy, WORLDS, length=MONTHS)
    net = Model(scenario, months=1).world.net
    value, foreign = results.series("delivered") * net.p_cost, ~net.c_home[net.p_country]
    return {SALES: value[:, :, foreign].sum(axis=2), EXPORTS: value.sum(axis=2)}


def find() -> dict[str, Paper]:
    """Play both reforms and none in the same worlds."""
    scenario = load(REAL)
    without = delivered(scenario, Package("none", "No change", ()))
    found = {}
    for name in LEVERS:
        plain = without[name]
        more = delivered(scenario, package(scenario, name))[name] - plain
        years = [slice(m, m + 12) for m in range(DECIDED, MONTHS - 11, 12)]
        extra = [
            interval(100 * more[:, y].sum(axis=1) / plain[:, y].sum(axis=1).mean()) for y in years
        ]
        delay = watch(scenario, name)
        falls = np.flatnonzero(np.diff(delay) < -0.05) + 1 - DECIDED
        found[name] = Paper(delay, tuple(int(m) for m in falls), extra)
    return found


def draw(found: dict[str, Paper]) -> Figure:
    """Draw the delay by month, and extra deliveries by year."""
    figure, (delay, extra) = panels(2, 3.0)
    sales, exports = found[SALES], found[EXPORTS]
    months = np.arange(WATCHED) - DECIDED
    delay.step(months, sales.delay, color=BLUE, where="mid")
    delay.step(months, exports.delay, color=ORANGE, where="mid", linestyle="--")
    delay.set_ylim(0, 20)
    delay.set_xlabel("months from the decision")
    delay.set_ylabel("months")
    delay.set_title("Paper: steps in the months of onset")
    label(delay, -6, sales.delay[0] + 1, "to a contract (FMS)", BLUE)
    label(delay, -6, exports.delay[0] + 1, "to an agreement (ITAR)")
    for name, colour, mark, shift in (
        (SALES, BLUE, "o-", -0.08),
        (EXPORTS, ORANGE, "s--", 0.08),
    ):
        middle, low, high = np.array(found[name].extra).T
        years = np.arange(len(middle)) + 1 + shift
        extra.errorbar(years, middle, (middle - low, high - middle), fmt=mark, color=colour,
                       markersize=4)  # fmt: skip
    extra.axhline(0, color="black", linewidth=0.6)
    extra.set_xlabel("year from the decision")
    extra.set_ylabel("% more delivered (FMS: abroad)")
    extra.set_title("Output: late (round FMS, square ITAR)")
    return figure


def told(found: dict[str, Paper]) -> str:
    """Tell the figures."""
    parts = []
    for name, paper in found.items():
        onset = " and ".join(str(m) for m in paper.onset)
        first, second = paper.extra[:2]
        best = max(paper.extra)
        year = paper.extra.index(best) + 1
        parts.append(
            f"{name}: {paper.delay[0]:.1f} months become {paper.delay[-1]:.1f}, in month {onset} "
            f"from the decision; deliveries {TO[name]} change by {first[0]:+.2f} % in the first "
            f"year and {second[0]:+.2f} % in the second, most in year {year} with {best[0]:+.1f} % "
            f"({best[1]:+.1f} to {best[2]:+.1f})."
        )
    return f"{' '.join(parts)} Scenario `{REAL}`, {WORLDS} worlds, 90 % intervals."


def table(found: dict[str, Paper]) -> Rows:
    """Return the table beside the picture."""
    rows: Rows = [("Year from the decision", *(f"{name}, % more {TO[name]}" for name in found))]
    extras = [paper.extra for paper in found.values()]
    for year, cells in enumerate(zip(*extras, strict=True), 1):
        rows.append((str(year), *("{:+.2f} ({:+.2f} to {:+.2f})".format(*cell) for cell in cells)))
    return rows


def alt(found: dict[str, Paper]) -> str:
    """Describe the picture."""
    return (
        "Left: months to a contract and to an agreement fall in steps within a year of the "
        "decision. Right: extra deliveries by year stay at zero for the first years and "
        "then scatter around one or two per cent."
    )


LESSON = Lesson(
    "paper",
    "Paper levers cut delay at once and output slowly",
    find,
    draw,
    told,
    table,
    alt,
    "Levers `fms-fast-track` and `fms-combined-review`; `usml-to-ccl`, `licensing-officers`, "
    "`parallel-licence-review`, `aukus-exemption-adoption` and `expedited-licensing`.",
    "Earlier contracts move orders forward in time more than they add to them, and they do it "
    "where a line at its limit then delivers to one customer instead of another. Intervals of "
    "later years hold the swings of the base itself.",
)
