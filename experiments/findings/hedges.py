"""Hedges turn months into days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure

from experiments.findings.lesson import BLUE, GREEN, ORANGE, RED, Lesson, Rows, label, panels
from experiments.findings.small import at, closure, good, network, plant, play, program, route
from mobilize.scenario import Scenario
from mobilize.state import Floats
from policies.package import Setting

KITS = 80.0  # a month
CLOSED_IN, CLOSED_FROM, CLOSED = "2029-01", 36, 10  # the border closes for so many months
MONTHS = 96
DAYS = 365.25 / 12  # in a month
BARE, STOCK, BOTH = "no hedge", "12 months of stock", "half at home, 6 months of stock"


@dataclass(frozen=True)
class Loss:
    """What a closure costs: months of output missing at worst, months below half, deliveries."""

    behind: float
    below_half: int
    delivered: Floats  # units by month


@dataclass(frozen=True)
class Hedges:
    """Losses by hedge; the months from crisis to tests of a source with and without a licence."""

    losses: dict[str, Loss]
    tests: tuple[float, float]


def base(home: float, closed: bool) -> Scenario:
    """Return a kit whose crystals come from a neutral country, and a share of them from home.

    Parameters
    ----------
    home : float
        Share of the crystals that a second source at home makes in peace; with 0 there is only
        a project that would build one.
    closed : bool
        The border closes for 10 months.
    """
    running = "yes" if home else "no"
    return network(
        "hedges",
        items=[good("kit", "end_item"), good("crystal", "component")],
        plants=[
            plant("kits", "kit", 120, start_rate=KITS),
            plant("abroad", "crystal", 160, "CH", start_rate=KITS * (1 - home), lead=2),
            plant("home", "crystal", 120, start_rate=KITS * home, lead=2, qualified=running),
        ],
        routes=[
            route("army", "kits"),
            route("kits", "abroad", 1 - home),
            route("kits", "home", home, qualified=running),
        ],
        programs=[program("army", "kit", KITS, KITS)],
        months=MONTHS,
        bom=[("kit", "crystal")],
        countries=[{"id": "CH", "neutral": "yes"}],
        projects=[] if home else [
            {"id": "source", "line": "home", "kind": "new_source", "payer": "US", "fund": 1,
             "build": 2, "equip": 3, "qualify": 6, "ramp": 2, "adds": 120, "cost": 5}],
        events=closure("kits", "abroad", CLOSED_IN, CLOSED) if closed else "",
    )  # fmt: skip


def loss(home: float = 0.0, levers: Sequence[tuple[int, str, str, float | str]] = ()) -> Loss:
    """Return what the closure costs against the same policy without it."""
    quiet, crisis = base(home, closed=False), base(home, closed=True)

    def run(scenario: Scenario) -> Floats:
        settings: list[Setting] = [at(scenario, *lever) for lever in levers]
        found: Floats = play(scenario, *settings).record.series("delivered")[:, 0]
        return found

    plain, hit = run(quiet), run(crisis)
    behind = float(np.cumsum(plain - hit).max()) / KITS
    return Loss(behind, int((hit < KITS / 2)[CLOSED_FROM:].sum()), hit)


def stock(months: float) -> tuple[int, str, str, float | str]:
    """Return the decision, in the first month, to hold so many months of foreign parts."""
    return 0, "parts-stockpile", "army", months


def tested(*levers: tuple[int, str, str, float | str]) -> float:
    """Return the months from the crisis until a source begun then is qualified."""
    scenario = base(0.0, closed=True)
    settings = [at(scenario, *lever) for lever in levers]
    begin = at(scenario, CLOSED_FROM, "second-source", "source")
    equipment = play(scenario, *settings, begin).record.equipment
    return float(np.flatnonzero(equipment[:, 2] > 0)[0] + 1 - CLOSED_FROM)


def find() -> Hedges:
    """Play every hedge."""
    licence = (0, "licence-hedge", "source", "on")
    begun = (CLOSED_FROM, "second-source", "source", "on")
    losses = {
        BARE: loss(),
        "3 months of stock": loss(levers=[stock(3.0)]),
        "6 months of stock": loss(levers=[stock(6.0)]),
        STOCK: loss(levers=[stock(12.0)]),
        "licence, source begun in the crisis": loss(levers=[licence, begun]),
        "half from home": loss(0.5),
        BOTH: loss(0.5, [stock(6.0)]),
    }
    return Hedges(losses, (tested(), tested(licence)))


def draw(found: Hedges) -> Figure:
    """Draw deliveries through the closure, and what each hedge leaves of the loss."""
    figure, (run, bars) = panels(2, 3.2, width_ratios=(4, 4))
    span = np.arange(CLOSED_FROM - 3, CLOSED_FROM + 24)
    run.axvspan(CLOSED_FROM, CLOSED_FROM + CLOSED, color="#EEEEEE")
    for name, colour, dash in (
        (BARE, RED, "-"),
        ("half from home", ORANGE, "--"),
        (STOCK, BLUE, "-"),
    ):
        run.plot(span, found.losses[name].delivered[span], color=colour, linestyle=dash)
    label(run, CLOSED_FROM + 0.5, 125, "border closed")
    label(run, CLOSED_FROM + 3, 6, BARE, RED)
    label(run, CLOSED_FROM + 5.5, 50, "half from home")
    label(run, CLOSED_FROM + 2, 87, STOCK, BLUE)
    run.set_ylim(0, 130)
    run.set_xlabel("month")
    run.set_ylabel("kits delivered a month")
    run.set_title("Ten months without the foreign source")
    for y, lost in enumerate(found.losses.values()):
        bars.barh(y, lost.behind, color=GREEN, height=0.6)
        label(bars, lost.behind + 0.1, y, f"{lost.behind:.1f}")
    bars.set_yticks(range(len(found.losses)), list(found.losses))
    bars.invert_yaxis()
    bars.set_xlim(0, 10.5)
    bars.set_xlabel("months of output missing at worst")
    bars.set_title("What is left of the loss")
    return figure


def told(found: Hedges) -> str:
    """Tell the figures."""
    bare, full = found.losses[BARE], found.losses[STOCK]
    both = found.losses[BOTH]
    slow, fast = found.tests
    return (
        f"Without a hedge a closure of {CLOSED} months puts output {bare.behind:.1f} months "
        f"behind; with 12 months of parts {full.behind * DAYS:.0f} days, with half from home and "
        f"6 months of parts {both.behind * DAYS:.0f} days. A licence bought before shortens a "
        f"source begun in the crisis from {slow:.0f} to {fast:.0f} months."
    )


def table(found: Hedges) -> Rows:
    """Return the table beside the picture."""
    return [
        ("Hedge", "Behind at worst, months", "The same, days", "Months below half"),
        *[
            (name, f"{lost.behind:.2f}", f"{lost.behind * DAYS:.0f}", str(lost.below_half))
            for name, lost in found.losses.items()
        ],
    ]


def alt(found: Hedges) -> str:
    """Describe the picture."""
    return (
        "Left: deliveries fall to zero without a hedge, to half with half from home, and not at "
        "all with twelve months of stock. Right: bars of months missing, from about nine without "
        "a hedge to nothing with enough stock."
    )


LESSON = Lesson(
    "hedges",
    "Hedges turn months into days",
    find,
    draw,
    told,
    table,
    alt,
    "Levers `parts-stockpile`, `licence-hedge` and `second-source`; a disturbance of kind "
    "closure. The stock is decided in the first month and takes two to three years to fill.",
    "A stock holds. A second source that runs takes the orders over at once, but its people grow "
    "by at most 6 % a month, so it covers a crisis only together with some stock. A licence "
    "shortens the tests of a source that is begun in the crisis, and comes too late for this one; "
    "the qualified alternate that saved the case of 2003 had its people.",
)
