"""Hazards: kinds of disturbance that may happen in any month, by the luck of the world."""

from __future__ import annotations

import math

import numpy as np

from mobilize.crises.course import befall
from mobilize.crises.kinds import PLANTS, kinds
from mobilize.crises.places import lines_of, stands_for
from mobilize.luck import Stream
from mobilize.scenario import Hazard
from mobilize.state import EPS
from mobilize.terms import INCIDENT_RATE
from mobilize.world import World

DRAWS = 4  # of each hazard in a month: whether, where, how hard, how long
YEAR = 12


def play_hazards(world: World) -> None:
    """Let each hazard happen at most once this month."""
    hazards = world.scenario.hazards
    if not hazards:
        return
    luck = world.luck.uniform(Stream.HAZARDS, world.month, DRAWS * len(hazards))
    for hazard, draws in zip(hazards, luck.reshape(-1, DRAWS).tolist(), strict=True):
        happen(world, hazard, *draws)


def happen(world: World, hazard: Hazard, whether: float, where: float, hard: float, long: float
           ) -> None:  # fmt: skip
    """Let a hazard happen, or not, by four draws from 0 to 1."""
    of = kinds()[hazard.kind]
    most = hazard.per_year * max(1.0, float(world.s.of_country[INCIDENT_RATE].max()))
    if whether >= 1.0 - math.exp(-most / YEAR):
        return  # whatever it could strike
    targets, weights = exposed(world, hazard)
    rate = hazard.per_year * weights.mean() if len(targets) else 0.0
    if whether >= 1.0 - math.exp(-rate / YEAR):
        return
    place = np.searchsorted(np.cumsum(weights), where * weights.sum(), side="right")
    befall(
        world,
        hazard.kind,
        targets[min(int(place), len(targets) - 1)],
        of.severity.between(hard),
        round(of.months.between(long)),
        round(of.recovery.between(long)),
        "chance",
        hazard.text,
    )


def exposed(world: World, hazard: Hazard) -> tuple[list[str], np.ndarray]:
    """Return what a hazard may strike and how likely each is against the others.

    Of a plant, lines at work, likelier where policy or the size of the base raises accidents
    (term `incident_rate`).
    """
    of = kinds()[hazard.kind]
    targets = list(hazard.targets)
    if "line" not in of.targets:
        return targets, np.ones(len(targets))
    s, net = world.s, world.net
    struck = (lines_of(world, stands_for(world.names, PLANTS, t), t) for t in targets)
    lines = np.unique(np.concatenate(list(struck)))
    lines = lines[s.alive[lines] & (s.equip[lines] > EPS)]
    weights = s.of_country[INCIDENT_RATE, net.l_country[lines]]
    if weights.sum() < EPS:
        return [], np.zeros(0)
    return [world.names.lines[line] for line in lines.tolist()], weights
