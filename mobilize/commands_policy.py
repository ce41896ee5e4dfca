"""Commands about policies: compare two, split one into what each lever contributed."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mobilize.playing import HONEST, CommandError, play
from mobilize.scenario import load, months
from mobilize.words import change, console, number, show, show_json

if TYPE_CHECKING:
    from mobilize.runs import Results


def compare(options: argparse.Namespace) -> int:
    """Print paired differences of two policies, what a unit more cost, and why."""
    from mobilize.compare import LEVEL, cost_per_unit
    from mobilize.compare import compare as difference

    if len(options.policy) != 2:
        raise CommandError("compare needs --policy twice: --policy baseline --policy NAME")
    scenario = load(options.scenario)
    a, b = (play(scenario, policy, options) for policy in options.policy)
    found = difference(a, b)
    costs = cost_per_unit(a, b)
    reasons = largest_effect(a, b)
    if options.json:
        show_json(
            {
                "differences": [asdict(d) for d in found],
                "kusd_per_extra_unit": costs,
                "largest_effect": reasons,
            }
        )
        return 0
    rows = [
        (
            d.what,
            d.unit,
            number(d.a),
            number(d.b),
            change(d.difference, d.a),
            f"{change(d.low, d.a)} to {change(d.high, d.a)}",
            f"{d.better:.0%}",
            number(costs.get(d.what)),
        )
        for d in found
        if d.period == "all"
    ]
    show(
        f"{scenario.title}: {b.policy.name} less {a.policy.name}, {len(a.worlds)} worlds in the "
        f"same luck, {LEVEL:.0%} interval",
        ("what", "unit", a.policy.name, b.policy.name, "difference", "interval", "higher in",
         "kUSD a unit more"),
        rows,
    )  # fmt: skip
    if reasons:
        print(f"largest effect: {reasons['item']} in {reasons['month']}, world {reasons['world']}")
        for policy in (a.policy.name, b.policy.name):
            print(f"under {policy}:\n{reasons[policy]}")
    print(f"by year with --json\n{HONEST}")
    return 0


def largest_effect(a: Results, b: Results) -> dict[str, str | int]:
    """Return the item, month and reason chains where two policies differ most in one world.

    The item whose deliveries change most against what they were, the month in which the sum
    of the differences grew fastest over a year, in the first world.
    """
    from mobilize.model import Model
    from mobilize.why import why

    da, db = (r.by_item("delivered")[:1].sum(axis=0) for r in (a, b))
    items = a.end_items()
    change = [abs((db - da)[:, i].sum()) / max(1.0, da[:, i].sum()) for i in items]
    item = items[int(np.argmax(change))]
    gap = np.convolve((db - da)[:, item], np.ones(12), "valid")
    if not np.abs(gap).max(initial=0.0) > 0.0:
        return {}
    month = min(int(np.argmax(np.abs(gap))) + 6, a.months - 1)
    name = a.names.items[item]
    found: dict[str, str | int] = {
        "item": name,
        "month": months.label(a.scenario.start + month),
        "world": int(a.worlds[0]),
    }
    for results in (a, b):
        model = Model(results.scenario, results.policy, results.seed, results.worlds[0], panel=True)
        found[results.policy.name] = why(model.run(month + 1), name, relief=False).text()
    return found


def attribution(options: argparse.Namespace) -> int:
    """Print what each lever of a policy contributed to deliveries, item by item."""
    from rich.progress import Progress

    from mobilize.attribution import attribution as split
    from mobilize.compare import LEVEL
    from mobilize.plots import plot_attribution
    from policies.package import load_package

    scenario = load(options.scenario)
    package = load_package(options.policy, scenario)
    if not package.settings:
        raise CommandError(f"{package.name} moves no lever: nothing to attribute")
    screen = console()
    with Progress(console=screen, disable=options.json) as bar:
        task = bar.add_task(f"{scenario.name}, {package.name}", total=None)
        found = split(
            scenario,
            package,
            options.worlds,
            options.seed,
            options.months,
            options.processes or 1,
            lambda done, total: bar.update(task, completed=done, total=total),
        )
    if options.item and options.item not in found.whole:
        known = ", ".join(found.whole)
        raise CommandError(f"--item {options.item} is no end item here; allowed: {known}")
    if options.out:
        plot_attribution(found, Path(options.out), options.item)
    if options.json:
        show_json(asdict(found))
        return 0
    rows = [
        (p.item, p.lever, number(p.share), f"{number(p.low)} to {number(p.high)}",
         number(p.alone), number(p.lost_without))
        for p in found.parts
        if options.item in (None, p.item) and max(map(abs, (p.share, p.alone, p.lost_without))) > 0
    ]  # fmt: skip
    rows.sort(key=lambda row: row[0])
    show(
        f"{scenario.title}: what each lever of {package.name} contributed, units delivered over "
        f"the run, {found.worlds} worlds in the same luck, {LEVEL:.0%} interval",
        ("item", "lever", "share", "interval", "alone", "lost without"),
        rows,
    )
    print(f"{found.packages} combinations of levers were run; shares add up to the whole effect")
    if options.out:
        print(f"picture in {options.out}")
    print(HONEST)
    return 0
