"""Ready stock, an announced ramp and neglect, as three mindsets of a challenger see them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from matplotlib.figure import Figure

from agents.tables import mindsets
from experiments.findings.lesson import BLUE, GREY, RED, WIDE, Lesson, Rows
from experiments.findings.small import at, challenger, good, network, plant, program, route, war
from mobilize.compare import interval
from mobilize.ladder import MINDSETS, RUNGS
from mobilize.physics.reasons import TERMS, Picture, long_war, perceive, short_war
from mobilize.runs import Results, run_worlds
from mobilize.scenario import Scenario
from mobilize.state import Flags, Floats
from policies.package import Package, Setting

WORLDS, MONTHS = 200, 66
DECIDED = 6  # month in which two of the coalitions spend the same money
LOOK = 36  # month of the table: the hall is nearly built, half the ordered rounds are in store
BUILT = 36  # months from the decision to full rate in the new hall
MONEY = 12.0  # MUSD
TRAINING, STOCK = 40.0, 600.0  # missiles a month used in peace, and in store
FIRED, NEED, WAR = 60.0, 21.0, 6  # missiles a day in war; days of fires the plan requires; months
STOCKS, RAMP, NEGLECT = "ready stock", "announced ramp", "neither"
ME, ALLY, RIVAL = "US", "XA", "XR"
LOWER = RUNGS[:-1]
LOOKS = {STOCKS: (BLUE, "-"), RAMP: (RED, "--"), NEGLECT: (GREY, "-.")}
Mean = tuple[float, float, float]  # mean over worlds with its 90 % interval


@dataclass(frozen=True)
class Seen:
    """What one mindset makes of one coalition, and does.

    `quiet` are means of worlds without an attack so far, by name of a series, in month LOOK;
    `net` the same of acting less waiting by month; `attacked` by month the share of worlds
    attacked so far; `first` by world the month of the first attack, MONTHS where there is none;
    `lower` steps below an attack a world, by step.
    """

    quiet: dict[str, float]
    net: Floats
    attacked: Floats
    first: Floats
    lower: dict[str, float]

    @property
    def steps(self) -> float:
        """Steps below an attack that are taken in a world."""
        return sum(self.lower.values())


Found = dict[str, dict[str, Seen]]  # by coalition and mindset


@cache
def base() -> Scenario:
    """Return a missile with a motor from one plant at home and a seeker from one at an ally.

    Peace uses what is made. The prime and both suppliers have room for twice that; the project
    would give the prime eight times, and its suppliers nothing.
    """
    army = program("army", "missile", TRAINING, TRAINING)
    return network(
        "deterrent",
        items=[good("missile", "end_item"), good("motor"), good("seeker")],
        plants=[
            plant("prime", "missile", 2 * TRAINING, start_rate=TRAINING),
            plant("motors", "motor", 2 * TRAINING, start_rate=TRAINING, lead=2),
            plant("seekers", "seeker", 2 * TRAINING, ALLY, start_rate=TRAINING, lead=2),
        ],
        routes=[route("army", "prime"), route("prime", "motors"), route("prime", "seekers")],
        programs=[{**army, "stock": STOCK, "training_use": TRAINING, "contract": "multiyear"}],
        months=MONTHS,
        bom=[("missile", "motor"), ("missile", "seeker")],
        countries=[{"id": ALLY, "alignment": 0.8}, {"id": RIVAL, "alignment": 0}],
        projects=[
            {"id": "hall", "line": "prime", "kind": "capacity", "payer": ME, "fund": 3,
             "build": 18, "equip": 6, "qualify": 3, "ramp": 6,
             "adds": 6 * TRAINING, "cost": MONEY}],
        events=war("army", FIRED, WAR, NEED) + challenger(RIVAL, ALLY),
    )  # fmt: skip


def coalitions() -> dict[str, tuple[Setting, ...]]:
    """Return what each coalition decides in month DECIDED."""
    return {
        STOCKS: (at(base(), DECIDED, "appropriate", "army", MONEY),),
        RAMP: (at(base(), DECIDED, "project-start", "hall"),),
        NEGLECT: (),
    }


def begun(results: Results, rung: str) -> Flags:
    """Return where a step begins, shape (worlds, months)."""
    stands = results.metric(f"rung {rung}")
    return np.asarray(np.diff(stands, axis=1, prepend=0.0) > 0.5)


def look(results: Results, mindset: str) -> Seen:
    """Return what a mindset sees and does in some worlds."""
    attacks = begun(results, "attack")
    attacked = np.maximum.accumulate(attacks, axis=1)
    calm = ~attacked
    net = sum(results.metric(f"{mindset} {term}") for term in TERMS)
    names = ("fires", "replenish", "replenish_seen", "assured", "visibility",
             *(f"{mindset} {term}" for term in TERMS))  # fmt: skip
    quiet = {name: float(results.metric(name)[calm[:, LOOK], LOOK].mean()) for name in names}
    first = np.where(attacks.any(axis=1), attacks.argmax(axis=1), MONTHS).astype(float)
    return Seen(
        quiet,
        np.nan_to_num(np.where(calm, net, 0.0).sum(axis=0) / np.maximum(1, calm.sum(axis=0))),
        attacked.mean(axis=0),
        first,
        {rung: float(begun(results, rung).sum(axis=1).mean()) for rung in LOWER},
    )


def find() -> Found:
    """Play every coalition against every mindset in the same worlds."""
    found: Found = {}
    for name, settings in coalitions().items():
        policy = Package("experiment", name, settings)
        found[name] = {m: look(run_worlds(base(), policy, WORLDS, mindset=m), m) for m in MINDSETS}
    return found


def chances(seen: Seen, mindset: str) -> tuple[float, float]:
    """Return the chances it gives a short and a long war in month LOOK, bias in and blur out."""
    m, quiet = mindsets()[mindset], seen.quiet
    truth = Picture(quiet["fires"], quiet["replenish_seen"], quiet["assured"])
    picture = perceive(m, truth, np.zeros(3), quiet["visibility"])
    return short_war(m, picture.fires, NEED), long_war(m, picture.replenish, picture.assured)


def more(found: Found, a: str, b: str, mindset: str, start: int, end: int) -> Mean:
    """Return how many more worlds of `a` than of `b` see their first attack in some months.

    A share of worlds, paired in the same luck.
    """
    hit = [(found[c][mindset].first >= start) & (found[c][mindset].first < end) for c in (a, b)]
    return interval(hit[0].astype(float) - hit[1])


def acting(seen: Seen) -> float:
    """Return the sum of the reasons, acting less waiting, in month LOOK."""
    return float(seen.net[LOOK])


def draw(found: Found) -> Figure:
    """Draw the reasons to act and the worlds attacked, by month, mindset and coalition."""
    figure = Figure(figsize=(WIDE, 5.0), layout="constrained")
    rows = figure.subplots(2, len(MINDSETS), sharex=True, sharey="row")
    for (top, below), mindset in zip(rows.T, MINDSETS, strict=True):
        for name, (colour, dash) in LOOKS.items():
            seen = found[name][mindset]
            top.plot(seen.net, color=colour, linestyle=dash)
            below.plot(100 * seen.attacked, color=colour, linestyle=dash, label=name)
        top.axhline(0.0, color="black", linewidth=0.6)
        top.set_title(mindset)
        below.set_xlabel("month")
    rows[0, 0].set_ylabel("acting less waiting, utility")
    rows[1, 0].set_ylabel("worlds attacked so far, %")
    handles, names = rows[1, 0].get_legend_handles_labels()
    figure.legend(handles, names, loc="outside lower center", ncols=len(names), frameon=False)
    return figure


def share(mean: Mean) -> str:
    """Return a difference of shares with its interval, in percentage points."""
    return "{:+.0f} ({:+.0f} to {:+.0f})".format(*(100 * m for m in mean))


def told(found: Found) -> str:
    """Tell the figures."""
    ramp, none = found[RAMP]["fearful"], found[NEGLECT]["fearful"]
    seen, true = ramp.quiet["replenish_seen"], ramp.quiet["replenish"]
    after = DECIDED + BUILT
    attacked = "; ".join(
        f"{m}: " + ", ".join(f"{found[c][m].attacked[-1]:.0%} {c}" for c in found) for m in MINDSETS
    )
    stocks = ", ".join(f"{share(more(found, STOCKS, NEGLECT, m, 0, MONTHS))} {m}" for m in MINDSETS)
    early = ", ".join(f"{share(more(found, RAMP, NEGLECT, m, 0, after))} {m}" for m in MINDSETS)
    whole = ", ".join(f"{share(more(found, RAMP, NEGLECT, m, 0, MONTHS))} {m}" for m in MINDSETS)
    return (
        "A teaching index, not a forecast: read differences. Three coalitions with the same thin "
        f"store ({STOCK:g} missiles, where a war takes {FIRED:g} a day and the plan asks for "
        f"{NEED:g} days) in {WORLDS} worlds against each mindset. In month {DECIDED} one buys "
        f"rounds for {MONEY:g} million dollars, one announces a hall for the same money at the "
        f"prime, one does neither. Worlds attacked within {MONTHS / 12:g} years: {attacked}. Ready "
        f"stock less neither, percentage points, paired, with 90 % intervals: {stocks}. Announced "
        f"ramp less neither, while the hall is built (to month {after}): {early}; over the whole "
        f"run: {whole}. In month {LOOK} the challenger believes that what a month of war takes is "
        f"made again in {seen:.0f} months; in truth it takes {true:.0f}, as without the hall "
        f"({none.quiet['replenish']:.0f}), since the only motor plant stays as it is. So the "
        "announcement lowers the chance it gives a long war and leaves the short war as it was; "
        f"but the fearful also sees a window close ({ramp.quiet['fearful window']:+.2f} of utility "
        f"against {none.quiet['fearful window']:+.2f}), which weighs more than the long war, until "
        "the hall stands. The patient looks at the long war and has time: it is deterred by the "
        "hall that makes nothing."
    )


def table(found: Found) -> Rows:
    """Return the table beside the picture."""
    rows: Rows = [
        ("Mindset", "Coalition", "M1, days", "M2, months", "M2 seen", "Chance of a short war",
         "Of a long war", "Window", "Motivation", "Acting less waiting", "Worlds attacked",
         "Lower steps a world")
    ]  # fmt: skip
    for mindset in MINDSETS:
        for name, by in found.items():
            seen = by[mindset]
            q = seen.quiet
            quick, slow = chances(seen, mindset)
            rows.append((mindset, name, f"{q['fires']:.1f}", f"{q['replenish']:.0f}",
                         f"{q['replenish_seen']:.0f}", f"{quick:.2f}", f"{slow:.2f}",
                         f"{q[f'{mindset} window']:+.2f}", f"{q[f'{mindset} motivation']:+.2f}",
                         f"{acting(seen):+.2f}", f"{seen.attacked[-1]:.1%}",
                         f"{seen.steps:.1f}"))  # fmt: skip
    return rows


def alt(found: Found) -> str:
    """Describe the picture."""
    return (
        "A column for each mindset. Above, what acting is worth less waiting: it falls with ready "
        "stock, stays where neither is done, and with the announced ramp rises for the opportunist "
        "and the fearful while the hall is built and falls for the patient. Below, the share of "
        "worlds attacked so far."
    )


LESSON = Lesson(
    "deterrent",
    "What stands in store deters the short war; what is announced may hasten it",
    find,
    draw,
    told,
    table,
    alt,
    "Levers `appropriate` and `project-start`; `mobilize.physics.reasons.waterfall` and its terms, "
    f"in month {LOOK}, means of worlds without an attack so far; a ramp counts as the challenger "
    "sees it (`mobilize.physics.capability.look_ahead`, parameter `sight`). No lever moves the "
    "term motivation: tests/property/test_deterrence.py tries every one.",
    "Every coefficient of the mindsets is notional. The share of worlds attacked follows from an "
    "opportunity rate that no history can set. The challenger's soil makes nothing that the base "
    "needs, so licences and embargoes find no target. That it takes the motor plant for no "
    "bottleneck is what `sight` = 0 says; one that knew them would believe in no ramp and feel no "
    "window. Buying rounds also trains crews, which shortens M2 a little.",
)
