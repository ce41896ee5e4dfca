"""Three reforms in the default scenario, each alone and together, against no change.

``python -m experiments.findings.reforms docs`` renews ``docs/reforms.md`` and its picture (about a
minute): paired differences in the same luck, what a unit more cost, and why.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from experiments.findings.lesson import BLUE, GREY, ORANGE, write
from mobilize import __version__
from mobilize.compare import Difference, compare, cost_per_unit, largest_effect
from mobilize.dictionary import table
from mobilize.runs import run_worlds
from mobilize.scenario import Scenario, load
from mobilize.words import number
from policies.package import load_package, no_package

SCENARIO, WORLDS = "arsenal-2026", 64
PACKAGES = {
    "title3-to-allies": "Title III to allies",
    "sosa-standing": "SOSA standing",
    "itar-reform": "ITAR reform",
    "three-reforms": "All three",
}
SHOWN = 4  # items told year by year for each package
HEAD = """# Three reforms

Written by `python -m experiments.findings.reforms docs`; do not edit by hand. Mobilize {version},
scenario `{scenario}`, seed {seed}, {worlds} worlds in the same luck under every policy: means of
paired differences with 90 % intervals. A teaching model on public figures: read which way and how
far apart, not the level.

Each is a package of `policies/packages`. *Title III to allies*: 500 million dollars a year for
three years, open to all partners with an arrangement. *SOSA standing*: standing in law for their
requests, codes of conduct in Japan, South Korea and Germany. *ITAR reform*: lighter lists, more
officers, parallel review, exemptions that are used.

![Deliveries over ten years, per cent more, by end item and package.](pictures/reforms.svg)

"""
COSTS = """In brackets: the interval holds zero. What a unit more cost, kUSD: what programs paid
more, and a part by value of what policies and projects cost more; only where deliveries clearly
rose. Below zero where prices fell.

"""
SURPRISES = """## What surprised us

- **Paper beat money for one missile.** A licence for boosters from Norway, asked for when orders
  outgrow it and a year in the making, holds Tomahawk up more than any plant that Title III can
  fund. A finding of the model; that a licence covers twice the flow of the start
  (`licence_headroom`) is notional.
- **Priority for partners takes from others.** Standing brings partners' orders into plants in the
  United States; end items that share parts with them lose a little. That is the rule at work, and
  the price of reciprocity.
- **What frees one item can cost another.** ITAR reform brings Tomahawk a tenth more and takes about
  a hundredth from SM-6 and LRASM, which draw on the same makers further up.
- **Money for allies goes mostly home.** The rule follows the value held up, and most of what holds
  the base up stands in the United States: a few of some twenty grants cross a border. A finding
  about the rule and this network, not about allies.
- **Effects come late and are small.** Little is clear before the fourth year; over ten years most
  items move by less than two per cent. Crews and the base's own swings limit it as much as paper.
- **Together is about the sum.** For most items the three neither help nor hinder each other.
"""
SMALL = 0.05  # units below which a difference is told as none


@dataclass(frozen=True)
class Reform:
    """What a package changed."""

    name: str
    differences: list[Difference]
    costs: dict[str, float]
    reasons: dict[str, str | int]

    def whole(self) -> dict[str, Difference]:
        """Return the differences over the whole run by what they are of."""
        return {d.what: d for d in self.differences if d.period == "all"}


def find(scenario: Scenario, worlds: int = WORLDS) -> list[Reform]:
    """Run every package in the same worlds as the baseline."""
    base = run_worlds(scenario, no_package(), worlds)
    found = []
    for name in PACKAGES:
        moved = run_worlds(scenario, load_package(name, scenario), worlds)
        found.append(
            Reform(
                name,
                compare(base, moved),
                cost_per_unit(base, moved),
                largest_effect(base, moved),
            )
        )
    return found


def clear(d: Difference) -> bool:
    """Return whether the interval leaves zero out."""
    return d.low > 0 or d.high < 0


def page(found: list[Reform], scenario: Scenario, worlds: int) -> str:
    """Return the text of the page."""
    head = HEAD.format(
        version=__version__, scenario=scenario.name, seed=scenario.seed, worlds=worlds
    )
    return "\n".join([head + "## Over ten years\n", totals(found), costs(found),
                      *(section(reform) for reform in found), SURPRISES])  # fmt: skip


def told(reform: Reform) -> dict[str, Difference]:
    """Return the differences worth telling: of accounts, and of items of which some were made."""
    return {w: d for w, d in reform.whole().items() if d.unit == "MUSD" or d.a >= 1}


def totals(found: list[Reform]) -> str:
    """Return the differences of every item and account under every package."""
    rows = []
    for what, first in told(found[0]).items():
        cells = [cell(reform.whole()[what]) for reform in found]
        rows.append((what, first.unit, number(first.a), *cells))
    return table(("What", "Unit", "No change", *PACKAGES.values()), rows)


def cell(d: Difference) -> str:
    """Return a difference with its interval, in brackets if it may be none."""
    if max(map(abs, (d.low, d.high))) < SMALL:
        return "0"
    said = f"{signed(d.difference)} ({signed(d.low)} to {signed(d.high)})"
    return said if clear(d) else f"[{said}]"


def signed(value: float) -> str:
    """Return a figure with its sign, to a tenth where it is small."""
    if abs(value) < SMALL:
        return "0"
    return f"{value:+,.0f}" if abs(value) >= 10 else f"{value:+.1f}"


def costs(found: list[Reform]) -> str:
    """Return what a unit more cost, by item and package."""
    items = [
        item
        for item, first in told(found[0]).items()
        if any(item in r.costs and r.whole()[item].difference >= SMALL for r in found)
        and first.unit != "MUSD"
    ]
    rows = [(i, *(number(r.costs[i]) if i in r.costs else "-" for r in found)) for i in items]
    return COSTS + table(("Item", *PACKAGES.values()), rows)


def section(reform: Reform) -> str:
    """Return a package year by year, and why its largest effect came about."""
    items = [d for d in told(reform).values() if clear(d) and d.unit != "MUSD"]
    items.sort(key=lambda d: -abs(d.difference) / max(d.a, 1.0))
    years = list(dict.fromkeys(d.period for d in reform.differences if d.period != "all"))
    rows = []
    for item in items[:SHOWN]:
        by_year = {d.period: d for d in reform.differences if d.what == item.what}
        rows.append((item.what, *(cell(by_year[year]) for year in years)))
    why = reform.reasons
    chains = "\n\n".join(f"{who}:\n\n```\n{why[key]}\n```" for who, key in
                         (("No change", "baseline"), ("With it", reform.name)))  # fmt: skip
    return "\n".join(
        (
            f"## {PACKAGES[reform.name]}, year by year\n",
            table(("Item", *(year[:4] for year in years)), rows),
            f"The largest effect is on `{why['item']}`; it shows in {why['month']} "
            f"(world {why['world']}).\n",
            chains,
            "",
        )
    )


def draw(found: list[Reform]) -> Figure:
    """Draw the differences of every item, per cent, a row to an item and a mark to a package."""
    items = [d.what for d in told(found[0]).values() if d.unit != "MUSD"]
    figure = Figure(figsize=(8, 0.42 * len(items) + 1), layout="constrained")
    axis = figure.subplots()
    looks = {"title3-to-allies": (BLUE, "o"), "sosa-standing": (ORANGE, "s"),
             "itar-reform": (GREY, "^"), "three-reforms": ("black", "D")}  # fmt: skip
    for n, reform in enumerate(found):
        colour, mark = looks[reform.name]
        whole = reform.whole()
        base = np.array([whole[i].a for i in items])
        low, middle, high = (100 * np.array([getattr(whole[i], f) for i in items]) / base
                             for f in ("low", "difference", "high"))  # fmt: skip
        rows = np.arange(len(items)) + 0.18 * (n - 1.5)
        axis.errorbar(middle, rows, xerr=(middle - low, high - middle), fmt=mark, color=colour,
                      markersize=4, linewidth=1, label=PACKAGES[reform.name])  # fmt: skip
    axis.axvline(0.0, color="black", linewidth=0.6)
    axis.set_yticks(range(len(items)), items, fontsize=8)
    axis.invert_yaxis()
    axis.set_xlabel("deliveries over ten years, per cent more than without", fontsize=8)
    axis.legend(fontsize=8, frameon=False, loc="lower right")
    return figure


def main(folder: Path) -> None:
    """Write the page and its picture."""
    scenario = load(SCENARIO)
    found = find(scenario)
    write(lambda: draw(found), folder / "pictures" / "reforms.svg")
    (folder / "reforms.md").write_text(page(found, scenario, WORLDS), encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m experiments.findings.reforms FOLDER, such as docs")
    main(Path(sys.argv[1]))
