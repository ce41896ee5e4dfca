"""The command `stress`: which nodes are fragile, and what fails when one is taken away."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mobilize.playing import HONEST, CommandError
from mobilize.scenario import load, months
from mobilize.whole import write_file
from mobilize.words import number, show, show_json

if TYPE_CHECKING:
    from mobilize.removal import Removal
    from mobilize.stress import Node

AFTER = 36  # months followed after a stop, where the scenario lasts so long


def stress(options: argparse.Namespace) -> int:
    """Print nodes by risk exposure, and the order of failure when one is taken away."""
    from mobilize.commands import month_of
    from mobilize.model import Model
    from mobilize.removal import remove
    from mobilize.stress import Survey
    from policies.package import load_package

    scenario = load(options.scenario)
    month = month_of(options.month, scenario)
    package = load_package(options.policy, scenario)
    model = Model(scenario, package, options.seed, options.world, panel=True).run(month)
    survey = Survey(model.world)
    nodes = survey.nodes(options.by)
    share = survey.fragile()
    chosen = options.node or most_exposed(nodes)
    found = None
    if chosen:
        lines = survey.lines(chosen).tolist()
        found = remove(model, chosen, lines, options.months, AFTER)
    folder = Path(options.out or Path("results") / f"{scenario.name}-stress")
    _draw(nodes[: options.top], found, folder)
    if options.json:
        show_json(
            {
                "month": months.label(scenario.start + month),
                "fragile_share": share,
                "nodes": [plain(n) for n in nodes[: options.top]],
                "single_points": [n.name for n in nodes if n.stops],
                "removal": None if found is None else _removal(found),
            }
        )
        return 0
    if options.node:
        _print_node(survey.node(chosen))
    else:
        _print_nodes(nodes, options, f"{scenario.title}, {months.label(scenario.start + month)}")
        print(f"share of lines feeding a program that are fragile: {share:.0%}")
    if found is not None:
        _print_removal(found)
    print(f"picture in {folder}\n{HONEST}")
    return 0


def plain(node: Node) -> dict[str, Any]:
    """Return a node as plain data; what never happens is nothing."""
    more = {"state": node.state, "exposure": node.exposure}
    data = {**asdict(node), **more}
    return {k: None if v == float("inf") else v for k, v in data.items()}


def most_exposed(nodes: list[Node]) -> str:
    """Return the most exposed node that some buyer has no other source for, or nothing."""
    return next((n.name for n in nodes if n.sole and n.exposure > 0), "")


def _draw(nodes: list[Node], found: Removal | None, folder: Path) -> None:
    from mobilize.plots_stress import plot_failures, plot_survival

    try:
        write_file(folder / "survival.png", partial(plot_survival, nodes))
        if found is not None:
            write_file(folder / "failures.png", partial(plot_failures, found))
    except OSError as error:
        raise CommandError(f"cannot write {folder}: {error.strerror}; give another --out") from None


def _removal(found: Removal) -> dict[str, Any]:
    return {**asdict(found), "survived": found.survived}


def until(value: float | None) -> str:
    """Return months in words: what does not end is never.

    >>> until(float("inf")), until(None), until(7.25)
    ('never', 'never', '7.2')
    """
    return "never" if value is None or value == float("inf") else f"{value:.1f}"


def _print_nodes(nodes: list[Node], options: argparse.Namespace, title: str) -> None:
    rows = [
        (
            n.name + (" (hidden)" if n.hidden else ""),
            n.country,
            until(n.survives),
            until(n.recovers),
            n.rule,
            n.state,
            "sole" if n.sole else "",
            n.program or "-",
            number(n.held_up),
            number(n.exposure),
        )
        for n in nodes[: options.top]
    ]
    show(
        f"{title}: time to survive (TTS) and to recover (TTR), months; lost, MUSD a month; "
        "exposure = lost x TTR, MUSD",
        (options.by, "country", "TTS", "TTR", "TTR by", "state", "source", "fails first", "lost",
         "exposure"),
        rows,
        132,
    )  # fmt: skip
    single = [n.name for n in nodes if n.stops]
    print(f"{len(single)} of {len(nodes)} stop a program wholly (single points of failure)")


def _print_node(node: Node) -> None:
    print(
        f"{node.kind} {node.name}: {node.state}; TTS {until(node.survives)}, TTR "
        f"{until(node.recovers)} months by {node.rule}; stocks absorb {until(node.absorbs)} months"
    )
    print(
        f"holds up {number(node.held_up)} MUSD a month; exposure {number(node.exposure)} MUSD; "
        f"{'sole source' if node.sole else 'its buyers have other sources'}"
        f"{'; hidden from governments' if node.hidden else ''}"
    )
    if node.program:
        print(f"{node.program} falls first; months that its stock then lasts: "
              f"{until(node.stock)} at peacetime use, {until(node.stock_now)} at what is asked "
              "of it now")  # fmt: skip
    if node.stops:
        print(f"stops wholly: {', '.join(node.stops)}")


def _print_removal(found: Removal) -> None:
    rows = [
        (f.name, f.kind, until(f.predicted), "never" if f.simulated is None else str(f.simulated),
         f"{f.lost:.0%}")
        for f in found.falls
    ]  # fmt: skip
    show(
        f"{found.node} stands still for {found.months} months: first month of less than usual, "
        f"after the stop, {found.followed} months followed",
        ("what", "kind", "predicted", "simulated", "share lost"),
        rows[:25],
    )
    if len(rows) > 25:
        print(f"and {len(rows) - 25} more, with --json")
