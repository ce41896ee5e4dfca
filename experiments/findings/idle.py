"""Idle allied capacity is the only fast output lever."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure

from experiments.findings.lesson import BLUE, ORANGE, Lesson, Rows, label, panels
from experiments.findings.small import Row, good, network, plant, play, program, route
from mobilize.columns import line_country
from mobilize.scenario import Scenario, load
from policies.levers import SIZES, Size, catalogue
from policies.package import Setting

CAPACITY, ASKED = 100.0, 140.0  # guns a month: what home can make, what the money orders
DECIDED = 12  # month
MONTHS = 108
MUCH = 10.0  # extra units a month that count as real relief
REAL = "arsenal-2026"  # gives the length of projects
PHASES = ("fund", "build", "equip", "qualify", "ramp")
IDLE, MACHINES = "idle plant with its crew", "idle machines, no crew"
CASES = {
    IDLE: ("idle-allied-capacity", "idle"),
    MACHINES: ("idle-allied-capacity", "idle"),
    "Title III grant": ("title3-award", "home"),
    "second source at home": ("second-source", "home-source"),
    "co-production abroad": ("coproduction-abroad", "allied-source"),
}  # lever and what it is aimed at
NEVER = float("inf")
MONEY = 2000.0  # MUSD, more than any grant here


@dataclass(frozen=True)
class Speed:
    """Months from decision to the first extra unit and to MUCH more a month, by onset.

    The three are for the low, base and high onset and size of the lever; infinite where it
    does not come in the run.
    """

    first: tuple[float, float, float]
    relief: tuple[float, float, float]


def medians(payers: str) -> Row:
    """Return the median phases of the new sources of the shipped scenario, months.

    `payers`: those on lines at "home" or "abroad".
    """
    scenario = load(REAL)
    table, at = scenario.tables["projects"], line_country(scenario)
    home = np.array([at[line] == "US" for line in table["line"]])
    chosen = (table["kind"] == "new_source") & (home == (payers == "home"))
    return {phase: int(np.median(table[phase][chosen])) for phase in PHASES}


def base(staffed: bool = True) -> Scenario:
    """Return a gun asked for beyond what home can make, and all that could help.

    The idle plant works for its own government alone. `staffed`: until the decision that has
    bought three times as much, so that the crew is still there.
    """
    bought = 60 if staffed else 20  # guns a month in the first year; 20 afterwards
    new: Row = {"kind": "new_source", "adds": 40, "cost": 50}
    sources = ("home", "idle", "home-new", "allied-new")
    return network(
        "idle",
        items=[good("gun", "end_item")],
        plants=[
            plant("home", "gun", CAPACITY, start_rate=90),
            plant("idle", "gun", 80, "DE", start_rate=bought),
            plant("home-new", "gun", 40, qualified="no"),
            plant("allied-new", "gun", 40, "DE", qualified="no"),
        ],
        routes=[
            route("army", "home"),
            *[route("army", name, 0, qualified="no") for name in sources[1:]],
            route("ally", "idle"),
        ],
        programs=[
            program("army", "gun", ASKED, 90),
            program("ally", "gun", 20, bought, "DE", "none"),
        ],
        months=MONTHS,
        countries=[{"id": "DE", "alignment": 0.9, "sosa": "yes", "rdp_mou": "yes"}],
        projects=[
            {"id": "home-source", "line": "home-new", "payer": "US", **new, **medians("home")},
            {"id": "allied-source", "line": "allied-new", "payer": "DE", **new,
             **medians("abroad")},
        ],
    )  # fmt: skip


def speed(scenario: Scenario, lever: str, target: str) -> Speed:
    """Return how fast a lever brings output, for each of its sizes."""
    plain = play(scenario).record.series("delivered")[:, 0]  # the army's

    def gap(size: Size) -> tuple[float, float]:
        setting = Setting(scenario.start + DECIDED, lever, target, "on", size)
        settings = [setting, *fund(setting, size)]
        more = play(scenario, *settings).record.series("delivered")[:, 0] - plain
        return since(np.cumsum(more) >= 1.0), since(more >= MUCH)

    first, relief = zip(*[gap(size) for size in SIZES], strict=True)
    return Speed(first, relief)


def fund(award: Setting, size: Size) -> list[Setting]:
    """Return the money that a grant needs, there in the month of the award."""
    if award.lever != "title3-award":
        return []
    levers = catalogue()
    early = round(levers["title3-appropriation"].onset.base)
    date = award.date + round(levers[award.lever].onset.at(size)) - early
    return [Setting(date, "title3-appropriation", "base", MONEY)]


def since(reached: np.ndarray) -> float:
    """Return the months from the decision to the first month in which something is reached."""
    found = np.flatnonzero(reached[DECIDED:])
    return float(found[0]) if len(found) else NEVER


def find() -> dict[str, Speed]:
    """Play every lever alone in the same shortage."""
    return {case: speed(base(case != MACHINES), *aimed) for case, aimed in CASES.items()}


def draw(found: dict[str, Speed]) -> Figure:
    """Draw months to the first extra unit and to real relief, with the range of onsets."""
    figure, (axis,) = panels(1, 2.6)
    for y, fast in enumerate(found.values()):
        for shift, (low, mid, high), colour, hatch, what in (
            (-0.2, fast.first, BLUE, "", "to the first extra unit"),
            (0.2, fast.relief, ORANGE, "///", f"to {MUCH:.0f} more a month"),
        ):
            shown = mid if mid < NEVER else MONTHS - DECIDED
            axis.barh(y + shift, shown, height=0.36, color=colour, hatch=hatch,
                      edgecolor="white")  # fmt: skip
            axis.plot((low, min(high, MONTHS)), (y + shift, y + shift), color="black")
            text = f"{mid:.0f}" if mid < NEVER else "never in 8 years"
            said = f"{text} {what}" if y == 0 else text
            label(axis, min(max(shown, high), MONTHS) + 1, y + shift, said)
    axis.set_yticks(range(len(found)), list(found))
    axis.invert_yaxis()
    axis.set_xlabel("months from the decision (bar: base; line: low to high)")
    axis.set_title("Only what already stands and has people is fast")
    return figure


def told(found: dict[str, Speed]) -> str:
    """Tell the figures."""
    said = ", ".join(
        f"{case} {fast.first[1]:.0f} ({fast.first[0]:.0f} to {fast.first[2]:.0f})"
        for case, fast in found.items()
    )
    return f"Months from the decision to the first extra unit (low to high): {said}."


def table(found: dict[str, Speed]) -> Rows:
    """Return the table beside the picture."""

    def say(months: tuple[float, float, float]) -> tuple[str, ...]:
        return tuple(f"{m:.0f}" if m < NEVER else "never" for m in months)

    heads = ("Way", *(f"First unit, {size}" for size in SIZES),
             *(f"{MUCH:.0f} more a month, {size}" for size in SIZES))  # fmt: skip
    return [
        heads,
        *[(case, *say(fast.first), *say(fast.relief)) for case, fast in found.items()],
    ]


def alt(found: dict[str, Speed]) -> str:
    """Describe the picture."""
    return (
        "Bars of months to the first extra unit and to real relief: idle allied capacity within "
        "a year, grant, second source and co-production after two to four years."
    )


LESSON = Lesson(
    "idle",
    "Idle allied capacity is the only fast output lever",
    find,
    draw,
    told,
    table,
    alt,
    "Levers `idle-allied-capacity`, `title3-award`, `second-source`, `coproduction-abroad`. The "
    f"new sources take the median phases of those in `{REAL}`.",
    "Months to the first unit hold the onset, the quarter in which buyers look, and the plant's "
    "own lead and transit. Buyers then move slowly: they count on the crew a plant will have and "
    "shift orders a quarter at a time, so idle machines without a crew bring a trickle for "
    "years. The lever opens routes and moves no order.",
)
