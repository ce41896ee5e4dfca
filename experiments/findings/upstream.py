"""A shared upstream line caps everything downstream of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure

from experiments.findings.lesson import BLUE, ORANGE, Lesson, Rows, label, panels
from experiments.findings.small import good, network, plant, play, program, route
from mobilize.bound import upper_bound, upper_bound_for
from mobilize.model import Model
from mobilize.scenario import Scenario

CAPACITY = 100.0  # units of propellant mixed a month, one a motor
LITTLE, MUCH = 40.0, 80.0  # units a month that the money of a program buys
FUNDED = {
    "money for neither": (LITTLE, LITTLE),
    "money for A": (MUCH, LITTLE),
    "money for B": (LITTLE, MUCH),
    "money for both": (MUCH, MUCH),
}
MORE = "both, and a second mixer"
SINCE, UNTIL = 48, 84  # months that are counted
REAL, WHEN = "arsenal-2026", (1, 36, 100)  # a shipped scenario, months of its base run


@dataclass(frozen=True)
class Upstream:
    """Missiles a month of A and B by case; upper bounds alone and together.

    `bounds` are the most of A alone, of B alone and of both together, missiles a month; `real`
    by month of the shipped scenario the sum of the bounds of every end item alone over the joint
    bound, by value.
    """

    delivered: dict[str, tuple[float, float]]
    bounds: tuple[float, float, float]
    real: dict[int, float]


def base(a: float, b: float, capacity: float = CAPACITY) -> Scenario:
    """Return two missiles whose motors share one mixer of propellant; all else is ample."""
    kinds = ("a", "b")
    return network(
        "upstream",
        items=[
            *[good(f"missile-{k}", "end_item") for k in kinds],
            *[good(f"motor-{k}", "component") for k in kinds],
            good("propellant", "material"),
        ],
        plants=[
            *[plant(f"line-{k}", f"missile-{k}", 150, start_rate=LITTLE) for k in kinds],
            *[plant(f"motors-{k}", f"motor-{k}", 150, start_rate=LITTLE) for k in kinds],
            plant("mixer", "propellant", capacity, start_rate=2 * LITTLE),
        ],
        routes=[
            *[route(k, f"line-{k}") for k in kinds],
            *[route(f"line-{k}", f"motors-{k}") for k in kinds],
            *[route(f"motors-{k}", "mixer") for k in kinds],
        ],
        programs=[program(k, f"missile-{k}", units, LITTLE) for k, units in (("a", a), ("b", b))],
        months=UNTIL,
        bom=[
            *[(f"missile-{k}", f"motor-{k}") for k in kinds],
            *[(f"motor-{k}", "propellant") for k in kinds],
        ],
    )


def deliveries(scenario: Scenario) -> tuple[float, float]:
    """Return the missiles of A and of B delivered a month."""
    a, b = play(scenario).record.series("delivered")[SINCE:].mean(axis=0)
    return float(a), float(b)


def overcount() -> dict[int, float]:
    """Return by month how far the separate bounds of all end items exceed the joint one."""
    found = {}
    model = Model(REAL)
    items = model.world.net.p_item
    for month in WHEN:
        model.run(month - model.month)
        alone = [
            upper_bound(model.world, ask=np.where(items == item, np.inf, 0.0)).value
            for item in np.unique(items)
        ]
        found[month] = sum(alone) / upper_bound(model.world).value
    return found


def find() -> Upstream:
    """Play every case; solve the bounds."""
    delivered = {name: deliveries(base(*money)) for name, money in FUNDED.items()}
    delivered[MORE] = deliveries(base(MUCH, MUCH, 2 * CAPACITY))
    world = Model(base(MUCH, MUCH), months=1).world
    alone = [float(upper_bound_for(world, k).deliveries.sum()) for k in ("a", "b")]
    joint = float(upper_bound(world).deliveries.sum())
    return Upstream(delivered, (alone[0], alone[1], joint), overcount())


def draw(found: Upstream) -> Figure:
    """Draw deliveries by case, and the bounds alone and together."""
    figure, (cases, bounds) = panels(2, 2.8, width_ratios=(5, 3))
    for y, (a, b) in enumerate(found.delivered.values()):
        cases.barh(y, a, color=BLUE, height=0.7, edgecolor="white")
        cases.barh(y, b, left=a, color=ORANGE, height=0.7, edgecolor="white")
        label(cases, a / 2, y, f"A {a:.0f}", "white", ha="center")
        label(cases, a + b / 2, y, f"B {b:.0f}", ha="center")
        label(cases, a + b + 2, y, f"{a + b:.0f}")
    cases.axvline(CAPACITY, color="black", linewidth=0.8, linestyle="--")
    cases.set_yticks(range(len(found.delivered)), list(found.delivered))
    cases.invert_yaxis()
    cases.set_xlim(0, 190)
    cases.set_xlabel("missiles a month; dashed: one mixer")
    cases.set_title("Money for both brings no more than for one")
    a, b, joint = found.bounds
    bounds.bar(0, a, color=BLUE, width=0.6)
    bounds.bar(0, b, bottom=a, color=ORANGE, width=0.6, hatch="///", edgecolor="white")
    bounds.bar(1, joint, color="black", width=0.6)
    label(bounds, 0, a / 2, "A alone", "white", ha="center")
    label(bounds, 0, a + b / 2, "B alone", ha="center")
    label(bounds, 1, joint + 8, f"{joint:.0f}", ha="center")
    label(bounds, 0, a + b + 8, f"{a + b:.0f}", ha="center")
    bounds.set_xticks((0, 1), ("sum of bounds", "joint bound"))
    bounds.set_ylim(0, 230)
    bounds.set_ylabel("missiles a month")
    bounds.set_title("Counted twice")
    return figure


def told(found: Upstream) -> str:
    """Tell the figures."""
    one, two = sum(found.delivered["money for A"]), sum(found.delivered["money for both"])
    a, b, joint = found.bounds
    real = ", ".join(f"{times - 1:.1%} in month {month}" for month, times in found.real.items())
    return (
        f"Money for A alone brings {one:.1f} missiles a month in all, money for both {two:.1f}; "
        f"with a second mixer both get {sum(found.delivered[MORE]):.0f}. Each alone could reach "
        f"{a:.0f}, together {joint:.0f}, not {a + b:.0f}. In `{REAL}` the bounds of the "
        f"end items alone sum to more than the joint bound, by value: {real}."
    )


def table(found: Upstream) -> Rows:
    """Return the table beside the picture."""
    return [
        ("Case", "A a month", "B a month", "Together"),
        *[
            (name, f"{a:.1f}", f"{b:.1f}", f"{a + b:.1f}")
            for name, (a, b) in found.delivered.items()
        ],
    ]


def alt(found: Upstream) -> str:
    """Describe the picture."""
    return (
        "Left: with money for A, for B or for both the bars end at the same 100 missiles; a "
        "second mixer makes it 160. Right: the two separate bounds stacked are twice the joint "
        "bound."
    )


LESSON = Lesson(
    "upstream",
    "A shared upstream caps everything downstream",
    find,
    draw,
    told,
    table,
    alt,
    "No lever: the bill of materials, and `mobilize.bound` for the steady state. Look for the "
    "shared line with `mobilize why` before money is asked for each end item on its own.",
    "One shared material in a fixed amount; a real chain has stocks that hide the cap for months. "
    "In the shipped scenario the end item lines themselves bind at first, so that little is "
    "counted twice until they have grown; its bounds leave out crews and money.",
)
