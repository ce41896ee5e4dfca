"""Spreading the base: more incidents, fewer full stops, unless the sources share a node."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure

from experiments.findings.lesson import BLUE, ORANGE, RED, Lesson, Rows, label, panels
from experiments.findings.small import good, network, plant, program, route
from mobilize.compare import interval
from mobilize.model import Model
from mobilize.scenario import Scenario

SOURCES = (1, 2, 3, 4, 6)
HAZARD, OUTAGE = 0.25, 9.0  # accidents a year at a plant, months that each stops all of it
PARTS, SPARE = 80.0, 1.5  # parts a month in peace; capacity of all sources over that
STOPPED = 0.05  # of the usual parts: less is a full stop
MONTHS, WORLDS = 120, 60
YEARS = MONTHS / 12

Mean = tuple[float, float, float]  # mean over worlds with its 90 % interval


@dataclass(frozen=True)
class Spread:
    """By number of sources: incidents a year and months of full stop a year.

    `apart`: every source has its own mill of the material; `shared`: one mill serves all.
    `expected` is the number of incidents a year that the hazard gives: sources x hazard.
    """

    incidents: dict[int, Mean]
    expected: dict[int, float]
    apart: dict[int, Mean]
    shared: dict[int, Mean]


def base(count: int, shared: bool) -> Scenario:
    """Return a kit whose part comes from some sources, with a mill each or one for all."""
    mills = ["mill"] * count if shared else [f"mill-{n}" for n in range(count)]
    sources = [f"source-{n}" for n in range(count)]
    size, use = SPARE * PARTS / count, PARTS / count
    by_mill = count if shared else 1
    return network(
        "spread",
        items=[
            good("kit", "end_item"),
            good("part", "component"),
            good("powder", "material"),
        ],
        plants=[
            plant("kits", "kit", 2 * PARTS, start_rate=PARTS),
            *[plant(name, "part", size, start_rate=use, lead=2) for name in sources],
            *[
                plant(name, "powder", size * by_mill, start_rate=use * by_mill, lead=2)
                for name in dict.fromkeys(mills)
            ],
        ],
        routes=[
            route("army", "kits"),
            *[route("kits", name, 1 / count) for name in sources],
            *[route(name, mill) for name, mill in zip(sources, mills, strict=True)],
        ],
        programs=[program("army", "kit", PARTS, PARTS)],
        months=MONTHS,
        bom=[("kit", "part"), ("part", "powder")],
        parameters={"incident_rate": HAZARD, "incident_loss": 1.0, "incident_months": OUTAGE,
                    "incident_recovery": 1.0},
    )  # fmt: skip


def worlds(scenario: Scenario) -> tuple[Mean, Mean]:
    """Return incidents at sources and months without parts, a year, over worlds."""
    incidents, stops = np.zeros(WORLDS), np.zeros(WORLDS)
    for world in range(WORLDS):
        model = Model(scenario, world=world)
        names = model.world.names.lines
        sources = [n for n, name in enumerate(names) if name.startswith("source")]
        before = np.zeros(len(sources))
        while model.month < MONTHS:
            model.step()
            loss = model.world.s.loss[sources]
            incidents[world] += ((loss > 0) & (before <= 0)).sum() / YEARS
            made = model.world.s.finished[sources].sum()
            stops[world] += (made < STOPPED * PARTS) / YEARS
            before = loss.copy()
    return interval(incidents), interval(stops)


def find() -> Spread:
    """Play every number of sources in the same luck, with mills apart and shared."""
    apart = {count: worlds(base(count, shared=False)) for count in SOURCES}
    shared = {count: worlds(base(count, shared=True)) for count in SOURCES}
    return Spread(
        {count: found[0] for count, found in apart.items()},
        {count: count * HAZARD for count in SOURCES},
        {count: found[1] for count, found in apart.items()},
        {count: found[1] for count, found in shared.items()},
    )


def draw(found: Spread) -> Figure:
    """Draw incidents and full stops by number of sources, with intervals."""
    figure, (incidents, stops) = panels(2, 3.0)
    for axis, means, colour, mark in (
        (incidents, found.incidents, ORANGE, "o-"),
        (stops, found.apart, BLUE, "o-"),
        (stops, found.shared, RED, "s--"),
    ):
        counts = list(means)
        middle, low, high = np.array(list(means.values())).T
        axis.errorbar(counts, middle, (middle - low, high - middle), fmt=mark, color=colour)
    incidents.plot(list(found.expected), list(found.expected.values()), color="black",
                   linewidth=0.6, linestyle=":")  # fmt: skip
    label(incidents, 3.4, found.expected[4] + 0.08, "sources × hazard", ha="right")
    incidents.set_title("More sources, more incidents")
    incidents.set_ylabel("incidents a year")
    stops.set_title("Fewer full stops, unless a node is shared")
    stops.set_ylabel("months without parts a year")
    label(stops, 4.0, found.shared[4][0] + 0.25, "one mill for all", RED, ha="center")
    label(stops, 4.0, found.apart[4][0] + 0.35, "a mill for each", BLUE, ha="center")
    for axis in (incidents, stops):
        axis.set_ylim(bottom=0)
        axis.set_xlabel("sources of the part")
        axis.set_xticks(SOURCES)
    return figure


def told(found: Spread) -> str:
    """Tell the figures."""
    one, most = SOURCES[0], SOURCES[-1]
    return (
        f"From {one} to {most} sources, incidents rise from {found.incidents[one][0]:.2f} to "
        f"{found.incidents[most][0]:.2f} a year; months without any part fall from "
        f"{found.apart[one][0]:.2f} to {found.apart[most][0]:.2f} a year where each has its own "
        f"mill, but only to {found.shared[most][0]:.2f} where one mill serves all "
        f"({WORLDS} worlds of {YEARS:.0f} years)."
    )


def table(found: Spread) -> Rows:
    """Return the table beside the picture: means and 90 % intervals."""

    def say(mean: Mean) -> str:
        return "{:.2f} ({:.2f} to {:.2f})".format(*mean)

    heads = (
        "Sources",
        "Incidents a year",
        "Sources × hazard",
        "Months without parts a year, a mill for each",
        "The same, one mill for all",
    )
    return [
        heads,
        *[
            (
                str(count),
                say(found.incidents[count]),
                f"{found.expected[count]:.2f}",
                say(found.apart[count]),
                say(found.shared[count]),
            )
            for count in SOURCES
        ],
    ]


def alt(found: Spread) -> str:
    """Describe the picture."""
    return (
        "Left: incidents a year rise in a straight line with the number of sources. Right: months "
        "without parts fall to almost nothing when each source has its own mill and stay high "
        "when one mill serves all."
    )


LESSON = Lesson(
    "spread",
    "A spread base has more incidents and fewer full stops, unless sources share a node",
    find,
    draw,
    told,
    table,
    alt,
    "Lever `second-source` and its relatives. Accidents strike each line on its own "
    "(`mobilize.physics.trouble`); what is shared is the line they all buy from.",
    f"The hazard is {HAZARD:g} a year and an accident stops a plant for {OUTAGE:g} months, far "
    "above the parameter `incident_rate`, so that ten years show it. Leaks and attacks that aim "
    "at many sites at once are not in it. Stocks of powder at many sources soften the shared stop.",
)
