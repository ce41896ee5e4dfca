"""A DX rating cuts waiting where the wait is a queue, and does nothing where capacity lacks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure

from experiments.findings.lesson import BLUE, ORANGE, Lesson, Rows, label, panels
from experiments.findings.small import at, good, network, outage, plant, play, program, route
from mobilize.model import Model
from mobilize.scenario import Scenario
from mobilize.state import Floats
from policies.package import Package

RATED_FROM = 12  # month of the DX rating; the fire at the supplier is over by then
MONTHS = 48
SINCE, UNTIL = 18, 30  # months over which waits are averaged
ROLLING = 6  # months in which a wait is measured
QUOTED = 2  # months from order to shipment that the supplier quotes
DECIDED, DECIDED_MONTH = "2027-01", 12  # of the tool projects
TOOLS = {
    "laser cutter": {"equip": 6},
    "machine shop": {"equip": 12},
    "new hall": {"build": 12},
}  # months of a project's phases
ADDS = 50.0  # units a month that a project adds


@dataclass(frozen=True)
class Wait:
    """Months from order to shipment of the army's parts, under DO and with DX from RATED_FROM.

    `series` are the months of the run; the others are means over SINCE to UNTIL; `made` is what
    the supplier makes, units a month.
    """

    series: tuple[Floats, Floats]
    wait: tuple[float, float]
    made: tuple[float, float]


@dataclass(frozen=True)
class Queues:
    """Waits at a supplier with a queue and at one without capacity; months to have a tool."""

    queue: Wait
    full: Wait
    tools: dict[str, tuple[int, int]]  # without and with DX on the equipment


def supplier(army: float, navy: float, fire: bool) -> Scenario:
    """Return a maker of parts for two vehicles, all orders rated DO, capacity 100 a month.

    Parameters
    ----------
    army, navy : float
        Units a month that each asks for.
    fire : bool
        Six months without output leave a queue of orders behind.
    """
    asked = {"army": army, "navy": navy}
    usual = {who: min(units, 80.0) for who, units in asked.items()}
    return network(
        "queues",
        items=[
            *[good(f"{who}-vehicle", "end_item") for who in asked],
            good("part", "component"),
        ],
        plants=[
            *[plant(f"{w}-line", f"{w}-vehicle", 200, start_rate=usual[w]) for w in asked],
            plant("parts", "part", 100, start_rate=sum(usual.values()), lead=QUOTED),
        ],
        routes=[
            *[route(who, f"{who}-line") for who in asked],
            *[route(f"{who}-line", "parts") for who in asked],
        ],
        programs=[
            program(who, f"{who}-vehicle", units, usual[who]) for who, units in asked.items()
        ],
        months=MONTHS,
        bom=[(f"{who}-vehicle", "part") for who in asked],
        events=outage("parts", "2026-07", 6) if fire else "",
    )


def waits(scenario: Scenario, rating: str) -> tuple[Floats, float]:
    """Return the army's wait by month, and what the supplier makes a month from SINCE on.

    The wait is orders open over orders shipped, both over some months (Little's law).
    """
    settings = (at(scenario, RATED_FROM, "dpas-rating", "army", rating),)
    model = Model(scenario, Package(rating, rating, settings))
    world = model.world
    parts = world.names.lines.index("parts")
    army = world.names.lines.index("army-line")
    slot = int(world.net.l_slots[army])
    r = int(np.flatnonzero((world.net.r_slot == slot) & (world.net.r_supplier == parts))[0])
    owed, sent = np.zeros(MONTHS), np.zeros(MONTHS)
    for month in range(MONTHS):
        model.step()
        owed[month], sent[month] = world.s.owed[r], world.s.sent[r]
    window = np.ones(ROLLING)
    total = np.maximum(np.convolve(sent, window)[:MONTHS], 1.0)
    return np.convolve(owed, window)[:MONTHS] / total, float(
        model.record.output[SINCE:UNTIL, parts].mean()
    )


def both(scenario: Scenario) -> Wait:
    """Return the waits under DO and under DX."""
    (do, made), (dx, made_dx) = waits(scenario, "DO"), waits(scenario, "DX")
    span = slice(SINCE, UNTIL)
    return Wait((do, dx), (float(do[span].mean()), float(dx[span].mean())), (made, made_dx))


def tool(phases: dict[str, int], hastened: bool) -> int:
    """Return the months from decision to capacity of a project, with or without DX for tools."""
    project = {"fund": 0, "build": 0, "equip": 0, "qualify": 0, "ramp": 0, **phases}
    scenario = network(
        "tools",
        items=[good("part", "end_item")],
        plants=[plant("parts", "part", 100, start_rate=100)],
        routes=[route("army", "parts")],
        programs=[program("army", "part", 100, 100)],
        projects=[{"id": "tool", "line": "parts", "kind": "capacity", "payer": "US",
                   "decided": DECIDED, "adds": ADDS, "cost": 5, **project}],
        months=36,
    )  # fmt: skip
    settings = [at(scenario, DECIDED_MONTH, "dx-on-plant-equipment", "tool")] if hastened else []
    equipment = play(scenario, *settings).record.equipment[:, 0]
    return int(np.flatnonzero(equipment > 100 + ADDS / 2)[0]) + 1 - DECIDED_MONTH


def find() -> Queues:
    """Run the experiments."""
    return Queues(
        both(supplier(army=20, navy=70, fire=True)),
        both(supplier(army=130, navy=0.1, fire=False)),
        {name: (tool(phases, False), tool(phases, True)) for name, phases in TOOLS.items()},
    )


def draw(found: Queues) -> Figure:
    """Draw waits by month, and months to a tool."""
    figure, (queue, full, tools) = panels(3, 3.0, width_ratios=(3, 3, 2))
    months = np.arange(MONTHS)
    for axis, wait, title in (
        (queue, found.queue, "A queue of other orders"),
        (full, found.full, "Capacity lacks"),
    ):
        axis.plot(months, wait.series[0], color=ORANGE, linewidth=3)
        axis.plot(months, wait.series[1], color=BLUE, linewidth=1.4, linestyle="--")
        axis.axvline(RATED_FROM, color="black", linewidth=0.6, linestyle=":")
        axis.set_title(title)
        axis.set_ylim(0, 15)
        axis.set_xlim(0, MONTHS - 1)
        axis.set_xlabel("month")
    queue.set_ylabel("months from order to shipment")
    label(queue, 29, 7.2, "DO")
    label(queue, 29, 1.0, "DX from month 12", BLUE)
    label(full, 14, 9.5, "DO and DX: the same")
    for y, (slow, fast) in enumerate(found.tools.values()):
        tools.barh(y - 0.2, slow, height=0.36, color=ORANGE)
        tools.barh(y + 0.2, fast, height=0.36, color=BLUE, hatch="///", edgecolor="white")
        label(tools, slow + 0.2, y - 0.2, f"{slow}")
        label(tools, fast + 0.2, y + 0.2, f"{fast} with DX")
    tools.set_yticks(range(len(found.tools)), list(found.tools))
    tools.invert_yaxis()
    tools.set_xlim(0, 19)
    tools.set_xlabel("months to capacity")
    tools.set_title("Tools on order")
    return figure


def told(found: Queues) -> str:
    """Tell the figures."""
    cutter = found.tools["laser cutter"]
    return (
        f"Behind the queue that a fire left, the army waits {found.queue.wait[0]:.1f} months "
        f"under DO and {found.queue.wait[1]:.1f} with DX, of {QUOTED} quoted; the plant makes "
        f"the same. Where orders exceed capacity it waits {found.full.wait[0]:.1f} and "
        f"{found.full.wait[1]:.1f} months. DX brings a laser cutter in {cutter[1]} instead of "
        f"{cutter[0]} months, a hall not a month sooner."
    )


def table(found: Queues) -> Rows:
    """Return the table beside the picture."""
    rows: Rows = [("Wait for", "Under DO, months", "With DX, months", "Made a month, DO and DX")]
    for name, wait in (("parts behind a queue", found.queue), ("parts, no capacity", found.full)):
        made = " and ".join(f"{units:.1f}" for units in wait.made)
        rows.append((name, *(f"{months:.1f}" for months in wait.wait), made))
    for name, (slow, fast) in found.tools.items():
        rows.append((name, str(slow), str(fast), ""))
    return rows


def alt(found: Queues) -> str:
    """Describe the picture."""
    return (
        "Three panels. Behind a queue the DX line falls well below the DO line; without capacity "
        "the two lines lie on each other; bars of months to capacity shrink with DX for tools "
        "and not for a hall."
    )


LESSON = Lesson(
    "queues",
    "DX helps where the wait is a queue, not where capacity lacks",
    find,
    draw,
    told,
    table,
    alt,
    "Levers `dpas-rating` and `dx-on-plant-equipment`. Waits are orders open over orders shipped, "
    "of six months.",
    "A new rating holds for new orders only, so the wait falls half a year after it. The other "
    "customer waits longer. How much DX shortens the wait for tools is the lever's own size "
    "(documented case, range by choice).",
)
