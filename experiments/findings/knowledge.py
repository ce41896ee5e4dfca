"""Agreements are worth what people know of them."""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.figure import Figure

from experiments.findings.lesson import BLUE, ORANGE, Lesson, Rows, label, panels
from experiments.findings.small import at, good, network, plant, play, program, route
from mobilize.scenario import Scenario

ASKED, CAPACITY = 200.0, 100.0  # rounds a month: wanted, and what each of two makers can make
DECIDED = 12  # month in which policy changes
SINCE, MONTHS = 60, 84  # months that are counted, when orders have moved
CASES: dict[str, tuple[bool, tuple[str, ...]]] = {
    "home only, by rule": (True, ("domestic-only-rule",)),
    "no memorandum": (False, ()),
    "no memorandum, offices trained": (False, ("program-office-training",)),
    "memorandum, known as today": (True, ()),
    "memorandum, offices trained": (True, ("program-office-training",)),
    "price factor waived": (False, ("buy-american-waiver",)),
}  # is there a memorandum (RDP MOU), and which levers are set


@dataclass(frozen=True)
class Case:
    """Rounds a month from home and from the ally's plant."""

    home: float
    ally: float

    @property
    def together(self) -> float:
        """Return all rounds a month."""
        return self.home + self.ally


def base(memorandum: bool) -> Scenario:
    """Return an army that wants twice what its maker can make, and an ally's idle plant."""
    return network(
        "knowledge",
        items=[good("round", "end_item")],
        plants=[
            plant("home", "round", CAPACITY, start_rate=90),
            plant("ally", "round", CAPACITY, "DE", start_rate=10),
        ],
        routes=[route("army", "home", 0.9), route("army", "ally", 0.1)],
        programs=[program("army", "round", ASKED, 100)],
        months=MONTHS,
        countries=[{"id": "DE", "rdp_mou": "yes" if memorandum else "no"}],
    )


def find() -> dict[str, Case]:
    """Play every case."""
    found = {}
    for name, (memorandum, levers) in CASES.items():
        scenario = base(memorandum)
        settings = [at(scenario, DECIDED, lever, "base") for lever in levers]
        model = play(scenario, *settings)
        made = model.record.output[SINCE:].mean(axis=0)
        lines = model.world.names.lines
        found[name] = Case(*(float(made[lines.index(line)]) for line in ("home", "ally")))
    return found


def draw(found: dict[str, Case]) -> Figure:
    """Draw where the rounds come from in each case."""
    figure, (axis,) = panels(1, 2.8)
    for y, case in enumerate(found.values()):
        axis.barh(y, case.home, color=BLUE, edgecolor="white", height=0.7)
        axis.barh(y, case.ally, left=case.home, color=ORANGE, edgecolor="white", height=0.7)
        label(axis, case.together + 2, y, f"{case.together:.0f}")
    label(axis, 3, 0, "home", "white")
    label(axis, CAPACITY + 3, len(found) - 1, "ally")
    axis.set_yticks(range(len(found)), list(found))
    axis.invert_yaxis()
    axis.set_xlim(0, 1.05 * ASKED)
    axis.set_xlabel("rounds made a month")
    axis.set_title("What an ally's idle plant makes depends on who knows the rule")
    return figure


def told(found: dict[str, Case]) -> str:
    """Tell the figures."""
    ally = {name: case.ally for name, case in found.items()}
    return (
        f"An ally's plant that could make {CAPACITY:.0f} rounds a month makes "
        f"{ally['no memorandum']:.0f} without a memorandum, "
        f"{ally['memorandum, known as today']:.0f} with one that offices know as today and "
        f"{ally['memorandum, offices trained']:.0f} once they are trained. Training without a "
        f"memorandum changes nothing ({ally['no memorandum, offices trained']:.0f}); a rule for "
        f"home alone leaves {ally['home only, by rule']:.0f}."
    )


def table(found: dict[str, Case]) -> Rows:
    """Return the table beside the picture."""
    rows: Rows = [("Case", "From home", "From the ally", "In all")]
    for name, case in found.items():
        rows.append((name, f"{case.home:.1f}", f"{case.ally:.1f}", f"{case.together:.1f}"))
    return rows


def alt(found: dict[str, Case]) -> str:
    """Describe the picture."""
    return (
        "Bars of rounds a month: the part from home is the same in all; the ally's part grows from "
        "the home-only rule over a memorandum that few know to one that is known."
    )


LESSON = Lesson(
    "knowledge",
    "Agreements are worth what people know",
    find,
    draw,
    told,
    table,
    alt,
    "Levers `program-office-training`, `rdp-mou-sign`, `buy-american-waiver` and "
    "`domestic-only-rule`; a source abroad is weighed by how far it is considered "
    "(`mobilize.physics.sourcing.welcome`).",
    "How many offices know a memorandum, and how far a price factor keeps a buyer away, are "
    "notional (the factor itself is not). What is learnt fades as people leave. The home maker is "
    "at its limit: with room at home the ally's plant would get little in any case.",
)
