"""Commands about policies: list levers, compare two policies, split one by lever."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from mobilize.playing import HONEST, CommandError, run_shown
from mobilize.scenario import load
from mobilize.words import change, console, number, show, show_json

if TYPE_CHECKING:
    from policies.levers import Lever

LIST = 176  # columns that the list of levers needs


def levers(options: argparse.Namespace) -> int:
    """List the levers, or print all there is about one."""
    import difflib

    from policies.handbook import sizes
    from policies.levers import catalogue

    known = catalogue()
    if options.name is not None and options.name not in known:
        near = difflib.get_close_matches(options.name, known, 3)
        told = f"; did you mean {' or '.join(near)}?" if near else ""
        raise CommandError(f"no lever is called '{options.name}'{told} `mobilize levers` lists all")
    if options.json:
        chosen = [known[options.name]] if options.name else list(known.values())
        data = [asdict(lever) for lever in chosen]
        show_json(data[0] if options.name else data)
    elif options.name:
        print(lever_page(known[options.name]))
    else:
        rows = [
            (v.name, v.title, v.mover, v.target, sizes(v.onset), cost(v), v.confidence)
            for v in known.values()
        ]
        columns = ("name", "title", "mover", "target", "onset", "cost", "confidence")
        title = "Levers: onset in months (low / base / high), cost in MUSD"
        show(title, columns, rows, LIST)
        print(f"{len(rows)} levers; `mobilize levers NAME` prints one with its evidence")
    return 0


def cost(lever: Lever) -> str:
    """Return what a lever costs, in words as short as can be."""
    once = f"{lever.once:g} once" if lever.once else ""
    yearly = f"{lever.yearly:g}/year" if lever.yearly else ""
    return ", ".join(filter(None, (once, yearly))) or "-"


def lever_page(lever: Lever) -> str:
    """Return everything about a lever as a page to read."""
    from textwrap import fill

    from policies.handbook import aim, say, sizes, values
    from policies.levers import GROUPS

    load = "yes: needs partners' attention" if lever.coalition else "no"
    lines = [
        ("group", GROUPS[lever.group]),
        ("basis", lever.basis),
        ("mover", lever.mover),
        ("target", aim(lever)),
        ("setting", f"{lever.setting}: {values(lever)}"),
        ("onset", f"{sizes(lever.onset)} months"),
        ("lapse", f"after {lever.lapse} months" if lever.lapse else "never"),
        ("cost", f"{lever.once:g} MUSD once, {lever.yearly:g} MUSD a year; {lever.cost}"),
        *(("moves", say(move)) for move in lever.moves),
        *(("side effect", say(move)) for move in lever.side),
        ("coalition", load),
        ("evidence", lever.evidence),
        ("source", lever.source),
        ("confidence", lever.confidence),
        ("terms", ", ".join(lever.terms)),
        ("lesson", lever.lesson),
    ]
    body = [fill(f"  {name:12} {text}", 98, subsequent_indent=" " * 15) for name, text in lines]
    return "\n".join([f"{lever.name}: {lever.title}", *body])


def compare(options: argparse.Namespace) -> int:
    """Print paired differences of two policies, what a unit more cost, and why."""
    from mobilize.compare import LEVEL, cost_per_unit, largest_effect
    from mobilize.compare import compare as difference

    if len(options.policy) != 2:
        raise CommandError("compare needs --policy twice: --policy baseline --policy NAME")
    scenario = load(options.scenario)
    a, b = (run_shown(scenario, policy, options) for policy in options.policy)
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
