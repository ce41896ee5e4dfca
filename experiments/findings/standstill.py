"""A sole source stands still: what fails, when and in what order, as foretold and as it comes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from experiments.findings.lesson import Lesson, Rows, panels
from experiments.findings.small import at
from mobilize.commands_stress import most_exposed
from mobilize.model import Model
from mobilize.plots_stress import draw_failures
from mobilize.removal import Removal, remove
from mobilize.scenario import Scenario, load, months
from mobilize.state import EPS
from mobilize.stress import Node, Survey
from mobilize.world import World
from policies.package import Package, Setting

REAL = "gmlrs-2022"
STOPPED, LATE = 12, 36  # months of the stop, from the start of the scenario
STILL, FOLLOWED = 6, 36  # months of standstill; months compared
HELD = (3, 6, 9)  # months of its goods that buyers hold on top of what they need
AHEAD = 12.0  # months of parts that programs buy ahead
BARE, PARTS = "no hedge", f"programs buy {AHEAD:g} months of parts ahead"
HEADS = (
    "buyer,supplier,share [fraction],transit [months],hedge [months],qualified,source,confidence\n"
)
CLOSE = 1  # months by which a prediction may be off and still count as right


@dataclass(frozen=True)
class Case:
    """What the survey says of the node in the month of the stop, and what then happens."""

    node: Node
    removal: Removal
    lost: float  # share by value of deliveries to the programs reached, over the months compared
    shelf: float  # months of parts on the median shelf that policy adds to; nan without such

    @property
    def close(self) -> tuple[int, int]:
        """Failures foretold to CLOSE months, and all failures; a month begun counts whole."""
        told = [(f.predicted, f.simulated) for f in self.removal.falls]
        near = sum(p is not None and s is not None and abs(int(p) - s) <= CLOSE for p, s in told)
        return near, len(told)


@dataclass(frozen=True)
class Standstill:
    """Cases by hedge, stopped in month STOPPED and in month LATE."""

    early: dict[str, Case]
    late: dict[str, Case]

    @property
    def node(self) -> Node:
        """Return the node as it is without a hedge."""
        return self.early[BARE].node


def held(cover: int) -> str:
    """Return what a stock at its buyers is called."""
    return f"{cover} months held by its buyers"


def stocked(base: Scenario, node: str, cover: int) -> Scenario:
    """Return the scenario with a stock of a line's goods at every line that buys them."""
    routes = base["routes"]
    mine = [row for row in routes.rows() if row["supplier"] == node]
    with TemporaryDirectory() as folder:
        place = Path(folder) / f"{base.name}-stocked"
        place.mkdir()
        (place / "scenario.toml").write_text(
            f'title = "Stocked"\nsummary = "Made up."\nbased_on = "{base.name}"\n'
            f'start = "{months.label(base.start)}"\n'
            f"horizon = {base.horizon}\nseed = {base.seed}\n",
            encoding="utf-8",
        )
        rows = "".join(
            f"{r['buyer']},{node},{r['share']},{r['transit']},{cover},yes,MODEL,notional\n"
            for r in mine
        )
        (place / "routes.csv").write_text(HEADS + rows, encoding="utf-8")
        return load(place)


def stop(scenario: Scenario, node: str, month: int, *settings: Setting) -> Case:
    """Return the survey of the month and what the standstill does."""
    policy = Package("experiment", "Experiment", settings)
    model = Model(scenario, policy, panel=True).run(month)
    survey = Survey(model.world)
    lines = survey.lines(node).tolist()
    shelves = shelf(model.world)
    removal = remove(model, node, lines, STILL, FOLLOWED)
    return Case(survey.node(node), removal, lost(model.world, removal), shelves)


def shelf(world: World) -> float:
    """Return the months of parts on the median shelf that policy adds to, nan without such."""
    s, net = world.s, world.net
    use = s.wanted[net.k_line] * net.k_quantity
    mine = (s.hedge > EPS) & (use > EPS)
    return float(np.median(s.inputs[mine] / use[mine])) if mine.any() else float("nan")


def lost(world: World, removal: Removal) -> float:
    """Return the share by value of what the stop takes from the programs it reaches."""
    price = dict(zip(world.names.programs, world.net.p_cost.tolist(), strict=True))
    plain, hit = (
        sum(price[name] * units[n] for name, units in removal.delivered.items()) for n in (0, 1)
    )
    return float(1.0 - hit / plain)


def find() -> Standstill:
    """Stop the most exposed sole source that governments know, with each hedge and none."""
    scenario = load(REAL)
    survey = Survey(Model(scenario, panel=True).run(STOPPED).world)
    node = most_exposed([n for n in survey.nodes() if not n.hidden])
    stocks = {held(cover): stop(stocked(scenario, node, cover), node, STOPPED) for cover in HELD}
    ahead = [at(scenario, 0, "advance-procurement", p, AHEAD)
             for p in scenario["programs"]["id"].tolist()]  # fmt: skip
    return Standstill(
        {BARE: stop(scenario, node, STOPPED), **stocks},
        {BARE: stop(scenario, node, LATE), PARTS: stop(scenario, node, LATE, *ahead)},
    )


def draw(found: Standstill) -> Figure:
    """Draw failures as foretold and as simulated, without a hedge and with a small stock."""
    figure, axes = panels(2, 3.4)
    for axis, name in zip(axes, (BARE, held(HELD[0])), strict=True):
        draw_failures(axis, found.early[name].removal)
        axis.set_xlim(0, 20)
        axis.set_title(name[0].upper() + name[1:])
        axis.set_xlabel("months since the stop (diamond foretold, dot simulated)")
    return figure


def told(found: Standstill) -> str:
    """Tell the figures."""
    bare = found.early[BARE]
    last = max(f.simulated for f in programs(bare))
    near, many = bare.close
    small, middle, large = (found.early[held(cover)] for cover in HELD)
    late, ahead = found.late[BARE], found.late[PARTS]
    return (
        f"`{found.node.name}` of scenario `{REAL}` ({found.node.item}) is the visible sole source "
        f"with the largest risk exposure. It stands still for {STILL} months from month {STOPPED} "
        "on. The survey of that month says that the first program falls after "
        f"{bare.node.survives:.1f} months; in the run it falls after {bare.removal.survived} and "
        f"the last after {last}, long after the plant works again: what is in work and under way "
        f"delays the gap and does not fill it. {near} of {many} failures come within a month of "
        f"what was foretold, in nearly the same order. With {HELD[0]} months of its goods at its "
        f"buyers the first falls after {small.removal.survived} months and deliveries lose "
        f"{small.lost:.1%} of their value in {FOLLOWED} months instead of {bare.lost:.1%}; with "
        f"{HELD[1]} months {middle.lost:.1%}, with {HELD[2]} {large.lost:.1%}. A hedge that is "
        f"ordered is not yet there: where programs buy {AHEAD:g} months of parts ahead from the "
        f"first month on, the median shelf holds {ahead.shelf:.1f} months {LATE} months later, "
        "because the plants below have little to spare while output grows. A stop in that month "
        f"then fells the first program after {ahead.removal.survived} months instead of "
        f"{late.removal.survived}, and costs {ahead.lost:.1%} instead of {late.lost:.1%}: the "
        "shelves that did fill are those of the dearest missile."
    )


def programs(case: Case) -> list[Any]:
    """Return the programs that fell."""
    return [f for f in case.removal.falls if f.kind == "program" and f.simulated is not None]


def table(found: Standstill) -> Rows:
    """Return the table beside the picture."""
    rows: Rows = [
        ("Hedge", "Stopped in month", "Time to survive, months", "Stocks absorb, months",
         "First program falls, months", "Failures foretold to a month", "Value of deliveries lost")
    ]  # fmt: skip
    for month, cases in ((STOPPED, found.early), (LATE, found.late)):
        for name, case in cases.items():
            near, many = case.close
            fell = case.removal.survived
            rows.append((name, str(month), f"{case.node.survives:.1f}", f"{case.node.absorbs:.1f}",
                         "never" if fell is None else str(fell), f"{near} of {many}",
                         f"{case.lost:.1%}"))  # fmt: skip
    return rows


def alt(found: Standstill) -> str:
    """Describe the picture."""
    order = ", ".join(f.name for f in found.early[BARE].removal.falls)
    return (
        "Two panels of failures by month since the stop, an open diamond foretold and a dot "
        f"simulated, close together; without a hedge in this order: {order}. With a stock of "
        f"{HELD[0]} months everything but the plant itself falls later."
    )


LESSON = Lesson(
    "standstill",
    "A stopped plant is felt a year later, when it has long worked again",
    find,
    draw,
    told,
    table,
    alt,
    "`mobilize.stress` foretells, `mobilize.removal` stops the lines in one of two copies of the "
    "same world; column `hedge` of routes.csv, lever `advance-procurement`.",
    "One node, one world. Time to survive is of the month of the stop and holds its rates; where "
    f"output grows meanwhile, stocks last less long, so the run fails a little sooner. A "
    "failure is a month in which something makes clearly less than in the undisturbed copy. The "
    "stock at the buyers is there from the start and costs nothing here; that energetics keep for "
    f"{HELD[2]} months is taken for granted. The lever buys parts at the primes, not what the "
    "makers of those parts use.",
)
