"""Seven metrics of deterrence, M1-M7, never merged (design: policy, 2.3).

They are taken each month where a scenario has a reference conflict: one that says how many days
of fires the plan requires. What the base could deliver ahead is swept each quarter.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from agents.moves import Front
from agents.perception import views, visibility
from agents.requests import honour_chance
from agents.tables import handles, horizons
from mobilize.cohesion import cohesion, commitments_kept
from mobilize.conflicts import reference
from mobilize.ladder import MINDSETS, RUNGS
from mobilize.network import Network
from mobilize.physics.capability import assured_supply, dependence, look_ahead, passing
from mobilize.physics.fires import (
    ANNOUNCED,
    M1,
    M1_WHO,
    M2,
    M2_SEEN,
    M2_WHO,
    MEASURES,
    OUTPUT,
    measure,
)
from mobilize.physics.reasons import TERMS, index
from mobilize.scenario import Scenario, by_content
from mobilize.state import AGES, Flags, Floats, Ints
from mobilize.stress import Survey
from mobilize.world import QUARTER, World

SERIES = (
    "fires",  # M1, days: the lowest of the critical programs
    "fires_program",  # which
    "replenish",  # M2, months: the highest of the critical programs
    "replenish_program",  # which
    "replenish_seen",  # M2 as far as a challenger sees the base
    "output",  # M3, value of critical deliveries against the start
    "announced",  # the same three years ahead, if what is seen to be added is used
    "fragile",  # M4, share of critical lines that would fail before they recover
    "assured",  # M5, A
    "dependence",  # M5, D
    "cohesion",  # M7
    "kept",  # M7, share of requests and promised loans honoured
    "exposure",  # share of critical chains that passes through the challenger's plants
    "visibility",  # share of all this that is public
    "mindset",  # place among MINDSETS of the one that plays, -1 without a challenger
    "rung",  # highest step that stands, 0 for quiet
    *(f"view {name}" for name in MINDSETS),  # M6, index 0-100
    *(f"{name} {term}" for name in MINDSETS for term in TERMS),  # M6, its waterfall
    *(f"rung {name}" for name in RUNGS),  # 1 while the step stands
)
"""Names of the series, in the order of :attr:`mobilize.record.Record.metrics`."""


@dataclass(frozen=True)
class Watch:
    """What stays the same in a scenario: the reference conflict and who sees what of the base."""

    need_days: float
    war: int  # the reference conflict
    critical: Ints  # programs that it uses
    involved: Ints  # the same, and those that stand in for them
    daily: Floats  # (critical,) units a day in its first phase
    order: Ints  # lines, the deepest first
    every: Flags  # (lines,) all true
    prime: Flags  # (lines,) of primes, known to everybody
    visible: Flags  # (lines,) of firms that are known to governments
    abroad: Flags  # (lines,) plants on the challenger's soil


def metric(world: World, name: str) -> float:
    """Return one of SERIES as it stood at the end of last month, or at the start."""
    return float(world.s.metrics[SERIES.index(name)])


def watch(world: World) -> Watch | None:
    """Return what the metrics of a world start from, or None without a reference conflict."""
    return _watch(world.scenario, net=world.net)


@by_content()
def _watch(scenario: Scenario, *, net: Network) -> Watch | None:
    found = reference(scenario)
    if found is None:
        return None
    critical = np.flatnonzero(found.per_day > 0.0).astype(np.int32)
    ids = scenario.tables["countries"]["id"]
    challenger = scenario.challenger.country if scenario.challenger else ""
    hostile = ids == challenger
    prime = (scenario.tables["firms"]["role"] == "prime")[net.l_firm]
    return Watch(
        need_days=found.need_days,
        war=found.number,
        critical=critical,
        involved=np.union1d(critical, net.u_instead),
        daily=found.per_day[critical],
        order=np.ascontiguousarray(net.l_order[::-1]),
        every=np.ones(len(net.l_item), np.bool_),
        prime=prime,
        visible=~net.l_hidden,
        abroad=hostile[net.l_country],
    )


def front(world: World) -> Front | None:
    """Return where the challenger of a scenario stands, or None without one."""
    plan, challenger = watch(world), world.scenario.challenger
    if plan is None or challenger is None:
        return None
    return Front(challenger.country, challenger.near, plan.critical, plan.order,
                 plan.prime | plan.visible, plan.abroad)  # fmt: skip


def assess(world: World) -> None:
    """Take this month's metrics and this month's signals into the state."""
    plan = watch(world)
    if plan is None:
        return
    s = world.s
    s.recent[:] += (s.delivered - s.recent) / world.p.delivery_memory
    if world.month % QUARTER == 0:
        _sweep(world, plan)
    _take(world, plan)


def first_look(world: World) -> None:
    """Take the metrics of the balance that a run begins with: the oldest there is to see."""
    plan = watch(world)
    if plan is not None:
        _sweep(world, plan)
        _take(world, plan)


def _take(world: World, plan: Watch) -> None:
    """Write metrics and signals; before there were others, this month's stand for all."""
    s = world.s
    figures = np.zeros(MEASURES + 2 * len(MINDSETS))
    measure(
        *world.arrays,
        plan.war,
        plan.critical,
        plan.involved,
        plan.daily,
        horizons(world.figures),
        figures,
    )
    found = figures.tolist()
    assured, dependent, exposure, public, kept, fragile = s.leverage.tolist()
    signals = [found[M1], found[M2_SEEN], assured, public, exposure, fragile, *found[MEASURES:]]
    s.signals[world.month % AGES if world.month else slice(None)] = signals
    seen = views(world, plan.need_days, world.month)
    standing = (s.rung_left > 0).tolist()
    s.metrics[:] = [
        found[M1], plan.critical.item(int(found[M1_WHO])),
        found[M2], plan.critical.item(int(found[M2_WHO])), found[M2_SEEN],
        found[OUTPUT], found[ANNOUNCED], fragile, assured, dependent,
        cohesion(world), kept, exposure, public,
        s.mindset.item(0), max((n + 1 for n, stands in enumerate(standing) if stands), default=0),
        *(index(handles(world.figures)[n], sum(t)) for n, t in zip(MINDSETS, seen, strict=True)),
        *(part for terms in seen for part in terms),
        *standing,
    ]  # fmt: skip


def _sweep(world: World, plan: Watch) -> None:
    """Sweep the base for what it could deliver ahead, who would help, and who could hurt."""
    net, s, _ = world.arrays
    look_ahead(net, s, world.month, plan.order, plan.every, sighted(world, plan))
    through = np.zeros(len(plan.order))
    passing(net, s, plan.order, plan.critical, through)
    assured_supply(net, s, through, honour_chance(world), world.s.leverage)
    part = np.zeros(len(world.net.p_item))
    dependence(net, s, plan.order, plan.abroad, part)
    exposure = part[plan.critical].mean()
    public = visibility(world, plan.critical)
    rest = (exposure, public, commitments_kept(world), fragile_share(world, plan))
    world.s.leverage[2:] = rest


def fragile_share(world: World, plan: Watch) -> float:
    """Return M4: the share of lines that feed critical programs and fail before they recover."""
    if world.survey is None:
        world.survey = Survey(world, [world.names.programs[i] for i in plan.critical.tolist()])
    return float(world.survey.fragile())


def sighted(world: World, plan: Watch) -> Flags:
    """Return the lines whose capacity a challenger knows: primes, and the share `sight` of others.

    Which of the visible suppliers these are is drawn once a world; where the rest stand it knows.
    """
    return plan.prime | (plan.visible & (world.intelligence < world.p.sight))
