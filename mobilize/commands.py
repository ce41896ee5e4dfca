"""What each command does: call the model, print what it says."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments import commands as experiments
from experiments.commands import bench_studies, experiment, report
from mobilize.commands_deterrence import deterrence
from mobilize.commands_game import replay
from mobilize.commands_lessons import lesson, lessons, teach
from mobilize.commands_play import bench_app, play
from mobilize.commands_policy import attribution, compare, levers
from mobilize.commands_rooms import debrief, guide, host
from mobilize.commands_stress import stress
from mobilize.game.file import GameError
from mobilize.playing import HONEST, CommandError, run_shown
from mobilize.programs import DEVELOPMENT
from mobilize.scenario import ScenarioError, load, months, shipped
from mobilize.scenario import check as check_folder
from mobilize.stress import UnknownNodeError
from mobilize.why import UnknownTargetError
from mobilize.words import number, show, show_json
from policies.package import PackageError

if TYPE_CHECKING:
    from mobilize.model import Model
    from mobilize.runs import Results
    from mobilize.scenario import Scenario


__all__ = [
    "attribution",
    "compare",
    "debrief",
    "deterrence",
    "experiment",
    "guide",
    "host",
    "lesson",
    "lessons",
    "levers",
    "play",
    "replay",
    "report",
    "stress",
    "teach",
]  # too
USER_FAULTS = (
    ScenarioError,
    PackageError,
    UnknownTargetError,
    UnknownNodeError,
    CommandError,
    GameError,
    *experiments.FAULTS,
)


def scenarios(options: argparse.Namespace) -> int:
    """List the shipped scenarios."""
    found = [load(name) for name in shipped()]
    data = [
        {
            "name": s.name,
            "title": s.title,
            "start": months.label(s.start),
            "months": s.horizon,
            "lines": len(s.tables["lines"]),
            "summary": s.summary,
        }
        for s in found
    ]
    if options.json:
        show_json(data)
        return 0
    rows = [
        (s.name, months.label(s.start), s.horizon, len(s.tables["lines"]), s.title) for s in found
    ]
    show("Scenarios", ("name", "start", "months", "lines", "title"), rows)
    return 0


def check(options: argparse.Namespace) -> int:
    """Check a folder and print every fault."""
    faults = check_folder(options.folder)
    if options.json:
        show_json([asdict(f) for f in faults])
    elif faults:
        print(ScenarioError(faults))
    else:
        print(f"{options.folder}: no fault found")
    return 1 if faults else 0


def run(options: argparse.Namespace) -> int:
    """Run worlds; print a table, save a picture and the results."""
    from mobilize.goals import complete_sets, goals
    from mobilize.plots import plot_deliveries
    from mobilize.upkeep import developments, fleets, show_upkeep

    scenario = load(options.scenario)
    results = run_shown(scenario, options.policy, options)
    folder = Path(options.out or Path("results") / f"{scenario.name}-{results.policy.name}")
    try:
        results.write(folder, lambda part: plot_deliveries(results, part / "deliveries.png"))
    except OSError as error:
        raise CommandError(f"cannot write {folder}: {error.strerror}; give another --out") from None
    if options.json:
        show_json(
            {
                "manifest": results.manifest(),
                "items": _summary(results),
                "fleets": fleets(results),
                "developments": developments(results),
                "sets": [asdict(s) for s in complete_sets(results)],
                "objectives": [asdict(g) for g in goals(results)],
            }
        )
        return 0
    _print_summary(results)
    show_upkeep(results)
    for made in complete_sets(results):
        print(f"{made.name}: {number(made.per_month)} complete a month; least of {made.short_of}")
    for goal in goals(results):
        print(
            f"{goal.text} ({goal.month}): {number(goal.reached)} of {number(goal.asked)}, "
            f"met in {goal.met} of {goal.worlds} worlds"
        )
    print(f"results and picture in {folder}\n{HONEST}")
    return 0


def _summary(results: Results) -> list[dict[str, Any]]:
    """Return the figures of every end item: yearly mean rates, stock against objective."""
    delivered, stock = results.by_item("delivered"), results.by_item("stock")
    unmet = results.by_item("unmet")
    table = results.scenario.tables["programs"]
    rows: list[dict[str, Any]] = []
    for item in results.end_items():
        name = results.names.items[item]
        last = delivered[:, -12:, item].mean(axis=1)
        objective = float(table["objective"][table["item"] == name].sum())
        end = float(np.median(stock[:, -1, item]))
        rows.append(
            {
                "item": name,
                "first_year_per_month": float(np.median(delivered[:, :12, item].mean(axis=1))),
                "last_year_per_month": float(np.median(last)),
                "low": float(np.quantile(last, 0.1)),
                "high": float(np.quantile(last, 0.9)),
                "stock": end,
                "of_objective": end / objective if objective else float("nan"),
                "unmet": float(np.median(unmet[:, :, item].sum(axis=1))),
            }
        )
    return rows


def _print_summary(results: Results) -> None:
    span = f"{months.label(results.scenario.start)}, {results.months} months"
    rows = [
        (
            r["item"],
            number(r["first_year_per_month"]),
            number(r["last_year_per_month"]),
            f"{number(r['low'])} to {number(r['high'])}",
            number(r["stock"]),
            f"{r['of_objective']:.0%}",
            number(r["unmet"]),
        )
        for r in _summary(results)
    ]
    show(
        f"{results.scenario.title} ({span}, {len(results.worlds)} worlds, {results.policy.name}): "
        "deliveries a month",
        ("item", "first year", "last year", "10-90 %", "stock", "of objective", "unmet"),
        rows,
    )


def why(options: argparse.Namespace) -> int:
    """Print the reason chain of an item, program or line in a month."""
    from mobilize.model import Model as Run
    from mobilize.why import why as explain
    from policies.package import load_package

    scenario = load(options.scenario)
    month = month_of(options.month, scenario)
    package = load_package(options.policy, scenario)
    model = Run(scenario, package, options.seed, options.world, panel=True)
    model.run(month + 1)
    answer = explain(model, options.item)
    bounds = _bounds(model, options.item)
    if options.json:
        show_json({**answer.as_dict(), "upper_bounds": bounds})
        return 0
    print(answer.text())
    if bounds:
        columns = ("program", "with", "at most a month", "delivered", "first limited by")
        keys = ("program", "case", "bound", "delivered", "line")
        rows = [tuple(b[key] for key in keys) for b in bounds]
        show("Upper bound (linear program, this program alone)", columns, rows)
    return 0


def _bounds(model: Model, target: str) -> list[dict[str, str | float]]:
    """Return what the network could deliver at most to the programs asked about."""
    from mobilize.bound import upper_bound_for

    world = model.world
    wanted = [
        i
        for i, program in enumerate(world.names.programs)
        if target in (program, world.names.items[world.net.p_item[i]])
        and world.net.p_kind[i] != DEVELOPMENT
    ]
    delivered = model.record.series("delivered")[-3:].mean(axis=0)
    largest = sorted(wanted, key=lambda i: -float(delivered[i]))[:4]
    rows: list[dict[str, str | float]] = []
    for i in largest:
        program = world.names.programs[i]
        for present, case in ((False, "equipment"), (True, "today's crew")):
            bound = upper_bound_for(world, program, present=present)
            first = bound.binding[0] if bound.binding else None
            rows.append(
                {
                    "program": program,
                    "case": case,
                    "bound": float(bound.deliveries[i]),
                    "delivered": float(delivered[i]),
                    "line": first.line if first else "-",
                    "shadow_kusd": float(first.shadow) if first else 0.0,
                }
            )
    return rows


def month_of(text: str | None, scenario: Scenario) -> int:
    """Return a month number from '18', '2024-09' or nothing (the last)."""
    if text is None:
        return scenario.horizon - 1
    last = months.label(scenario.start + scenario.horizon - 1)
    allowed = f"0 to {scenario.horizon - 1}, or {months.label(scenario.start)} to {last}"
    try:
        month = int(text) if text.isdigit() else months.parse(text) - scenario.start
    except ValueError:
        raise CommandError(f"--month {text} is not a month; allowed: {allowed}") from None
    if not 0 <= month < scenario.horizon:
        raise CommandError(f"--month {text} is outside the scenario; allowed: {allowed}")
    return month


def hindcast(options: argparse.Namespace) -> int:
    """Print model against history."""
    from mobilize.hindcast import SMOOTH
    from mobilize.hindcast import hindcast as against_history

    scenario = load(options.scenario)
    if not len(scenario.tables["hindcast"]):
        raise CommandError(f"{scenario.name} has no hindcast table; artillery-2022 has one")
    found = against_history(scenario, options.worlds, options.seed)
    if options.json:
        points = [{**asdict(p), "error": p.error} for p in found.points]
        errors = {t: found.mape(t) for t in found.targets()}
        bound = [asdict(c) for c in found.constraints]
        show_json({"points": points, "mape": errors, "constraints": bound,
                   "calibrated": found.calibrated})  # fmt: skip
        return 0
    rows = [
        (
            p.date,
            f"{p.metric} {p.target}",
            number(p.actual),
            number(p.model),
            f"{number(p.low)} to {number(p.high)}",
            "-" if p.error != p.error else f"{p.error:+.1%}",
            "yes" if p.scored else "no",
            p.source,
        )
        for p in found.points
    ]
    show(
        f"{scenario.title}: model (rates over {SMOOTH} months, {found.worlds} worlds) and history",
        ("date", "what", "history", "model", "10-90 %", "error", "scored", "source"),
        rows,
    )
    for target in found.targets():
        print(f"mean absolute error over the scored rows of {target}: {found.mape(target):.1%}")
    if found.constraints:
        show(
            "What bound: history, and the model in most worlds in the three months up to the date",
            ("date", "line", "history", "model", "worlds", "made of wanted", "source"),
            [(c.date, c.target, c.history, c.model, f"{c.share:.0%}", f"{min(1, c.made):.0%}",
              c.source) for c in found.constraints],
        )  # fmt: skip
    print("parameters set from data rows (what was changed after seeing them: docs/evidence.md):")
    for line in found.calibrated:
        print(f"  {line}")
    return 0


def bench(options: argparse.Namespace) -> int:
    """Print speed figures."""
    if options.app or options.room:
        return bench_app(options)
    if options.study:
        return bench_studies(options)
    from mobilize.bench import bench as measure
    from mobilize.bench import table

    rows = measure(sizes=(300,)) if options.quick else measure()
    if options.json:
        show_json(rows)
    else:
        print(table(rows))
    return 0
