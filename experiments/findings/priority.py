"""Priority reorders and adds no capacity."""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.figure import Figure

from experiments.findings.lesson import BLUE, GREY, ORANGE, Lesson, Rows, label, panels
from experiments.findings.small import at, good, network, plant, play, program, route
from mobilize.model import Model
from mobilize.scenario import Scenario

CAPACITY = 100.0  # seekers a month
ASKED = {"army": 60.0, "navy": 60.0, "ally": 30.0}  # units a month
RATED_FROM = 24  # month in which the rating changes
SINCE, UNTIL = 30, 66  # months that are counted: orders placed before the change are out by then
CASES: dict[str, dict[str, str]] = {
    "army DO, navy DO": {},
    "army DX, navy DO": {"army": "DX"},
    "army DO, navy DX": {"navy": "DX"},
    "army DX, navy DX": {"army": "DX", "navy": "DX"},
}
MORE = "a fourth more seekers"


@dataclass(frozen=True)
class Case:
    """Units a month: seekers made, missiles to each customer, what the rating moved to each."""

    name: str
    made: float
    received: dict[str, float]
    moved: dict[str, float]  # against plain order of receipt; who loses has less than nothing

    def gain(self, base: Case) -> dict[str, float]:
        """Return what each customer gets more than in another case."""
        return {who: self.received[who] - base.received[who] for who in self.received}


def base(capacity: float = CAPACITY, rating: str = "DO", months: int = UNTIL) -> Scenario:
    """Return one maker of seekers for three missiles: army and navy rated, an ally's not."""
    missiles = {who: f"{who}-missile" for who in ASKED}
    states = {"army": "US", "navy": "US", "ally": "DE"}
    return network(
        "priority",
        items=[
            *[good(name, "end_item") for name in missiles.values()],
            good("seeker", "component"),
        ],
        plants=[
            *[
                plant(f"{who}-line", name, 100, states[who], start_rate=30)
                for who, name in missiles.items()
            ],
            plant("seekers", "seeker", capacity, start_rate=90),
        ],
        routes=[
            *[route(who, f"{who}-line") for who in ASKED],
            *[route(f"{who}-line", "seekers") for who in ASKED],
        ],
        programs=[
            program(who, missiles[who], asked, 30, states[who], "none" if who == "ally" else rating)
            for who, asked in ASKED.items()
        ],
        months=months,
        bom=[(name, "seeker") for name in missiles.values()],
        countries=[{"id": "DE"}],
    )


def measure(name: str, model: Model) -> Case:
    """Return what a run made and who got it, a month."""
    world, span = model.world, UNTIL - SINCE
    net, names = world.net, world.names
    seekers = names.lines.index("seekers")
    delivered = model.record.series("delivered")[SINCE:].sum(axis=0) / span
    moved = model.record.gained[SINCE:].sum(axis=0) / span
    buyers = {
        names.lines[net.k_line[net.r_slot[r]]].removesuffix("-line"): float(moved[r])
        for r in range(len(net.r_slot))
        if net.r_supplier[r] == seekers
    }
    return Case(
        name,
        float(model.record.output[SINCE:, seekers].sum() / span),
        {who: float(delivered[names.programs.index(who)]) for who in ASKED},
        buyers,
    )


def find() -> dict[str, Case]:
    """Play every case; the last has a fourth more capacity instead of a rating."""
    scenario = base()
    found = {}
    for name, ratings in CASES.items():
        settings = [at(scenario, RATED_FROM, "dpas-rating", p, r) for p, r in ratings.items()]
        found[name] = measure(name, play(scenario, *settings))
    found[MORE] = measure(MORE, play(base(1.25 * CAPACITY)))
    return found


def draw(found: dict[str, Case]) -> Figure:
    """Draw who gets how much in each case, as bars end to end."""
    figure, (axis,) = panels(1, 2.8)
    colours = {"army": BLUE, "navy": ORANGE, "ally": GREY}
    for y, case in enumerate(found.values()):
        left = 0.0
        for who, units in case.received.items():
            axis.barh(y, units, left=left, color=colours[who], edgecolor="white", height=0.7)
            dark = "white" if who == "army" else "black"
            if units > 4:
                label(axis, left + units / 2, y, f"{who} {units:.0f}", dark, ha="center")
            left += units
        label(axis, left + 1.5, y, f"in all {left:.0f}")
    axis.axvline(CAPACITY, color="black", linewidth=0.8, linestyle="--")
    axis.set_yticks(range(len(found)), list(found))
    axis.invert_yaxis()
    axis.set_xlim(0, 140)
    axis.set_xlabel("missiles delivered a month; dashed: what the maker of seekers can make")
    axis.set_title("A rating moves seekers between customers; only seekers add missiles")
    return figure


def told(found: dict[str, Case]) -> str:
    """Tell the figures."""
    first, dx = found["army DO, navy DO"], found["army DX, navy DO"]
    gain = dx.gain(first)
    loser = min(gain, key=lambda who: gain[who])
    total = sum(dx.received.values()) - sum(first.received.values())
    more = sum(found[MORE].received.values()) - sum(first.received.values())
    return (
        f"DX for the army brings it {gain['army']:.1f} missiles a month more; the {loser} loses "
        f"{-gain[loser]:.1f}. The sum changes by {total:+.1f}. DX for both leaves all as it was. "
        f"A fourth more seekers adds {more:.1f}."
    )


def table(found: dict[str, Case]) -> Rows:
    """Return the table beside the picture."""
    heads = ("Case", "Seekers made", *(f"To the {who}" for who in ASKED), "In all")
    return [
        heads,
        *[
            (
                case.name,
                f"{case.made:.1f}",
                *(f"{units:.1f}" for units in case.received.values()),
                f"{sum(case.received.values()):.1f}",
            )
            for case in found.values()
        ],
    ]


def alt(found: dict[str, Case]) -> str:
    """Describe the picture."""
    return (
        "Bars of missiles a month by customer: under every rating the bars end at the same 100; "
        "only more seekers make a longer bar."
    )


LESSON = Lesson(
    "priority",
    "Priority reorders and adds no capacity",
    find,
    draw,
    told,
    table,
    alt,
    "Lever `dpas-rating`. A plant that cannot meet every date serves DX before DO before unrated, "
    "as far as the dates need (15 CFR 700.14); the engine names what each route won or lost in "
    "`gained`.",
    "One maker at its limit, rated orders from the start. Sums differ by parts in store.",
)
