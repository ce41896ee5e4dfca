"""Projects: a building is not capacity until its first-article tests are passed."""

from __future__ import annotations

import math

import numpy as np

from mobilize.network import Network
from mobilize.physics.kernel import kernel
from mobilize.state import (
    BUILD,
    DONE,
    EPS,
    EQUIP,
    FUND,
    IDLE,
    QUALIFY,
    RAMP,
    Floats,
    Ints,
    State,
)
from mobilize.terms import NEW_SOURCE_TIME, PROJECT_TIME, TITLE3_WAIT


@kernel
def phase_months(net: Network, slips: Floats, j: int, phase: int) -> float:
    """Return how long a phase takes in this world: its median, with its slip."""
    return net.j_phases[j, phase - 1] * math.exp(net.j_spread[j] * slips[j, phase - 1])


@kernel
def begin(net: Network, s: State, slips: Floats, j: int, months_ago: float) -> None:
    """Start a project, as if decided `months_ago` months ago."""
    s.phase[j] = FUND
    s.added[j] = 0.0
    s.left[j] = phase_months(net, slips, j, FUND) - months_ago
    advance(net, s, slips, j)


@kernel
def advance(net: Network, s: State, slips: Floats, j: int) -> None:
    """Pass every phase whose time is over; equipment counts in the ramp, bit by bit."""
    while s.phase[j] < DONE and s.left[j] < EPS:
        over = s.left[j]
        if s.phase[j] == RAMP:
            bring(net, s, j, net.j_adds[j] - s.added[j])
        s.phase[j] += 1
        if s.phase[j] == QUALIFY:
            s.coming[net.j_line[j]] += net.j_adds[j]
        if s.phase[j] < DONE:
            s.left[j] = over + phase_months(net, slips, j, s.phase[j])


@kernel
def bring(net: Network, s: State, j: int, share: float) -> None:
    """Move equipment from coming to qualified, and with it the trained people who come along."""
    line = net.j_line[j]
    c = net.l_country[line]
    people = min(s.pool[c], net.j_crew[j] * share / net.j_adds[j])
    s.pool[c] -= people
    s.crew[line] += people
    s.added[j] += share
    s.equip[line] += share
    s.coming[line] = max(0.0, s.coming[line] - share)


@kernel
def pace(net: Network, s: State, j: int) -> float:
    """Return the planned months of work a project does in a month of its present phase."""
    phase, c = s.phase[j], net.l_country[net.j_line[j]]
    if phase == FUND:
        public = net.j_payer[j] >= 0 and net.c_home[net.j_payer[j]]
        return 1.0 / s.of_country[TITLE3_WAIT, c] if public else 1.0
    if phase == QUALIFY:
        new = s.of_country[NEW_SOURCE_TIME, c] if net.j_source[j] else 1.0
        return 1.0 / (new * s.haste[j, 1])
    if phase == EQUIP:
        return 1.0 / (s.of_country[PROJECT_TIME, c] * s.haste[j, 0])
    return 1.0 / s.of_country[PROJECT_TIME, c] if phase == BUILD else 1.0


@kernel
def build(net: Network, s: State, slips: Floats, finished: Ints) -> int:
    """Carry every running project on by a month.

    Writes the projects that passed their first-article tests into `finished` and returns how
    many: from then on a new source's routes count.
    """
    count = 0
    for j in range(len(s.phase)):
        if s.phase[j] == IDLE or s.phase[j] == DONE:
            continue
        before = s.phase[j]
        s.left[j] -= pace(net, s, j)
        if before == RAMP and s.left[j] > EPS:
            bring(net, s, j, (net.j_adds[j] - s.added[j]) / (s.left[j] + 1.0))
        advance(net, s, slips, j)
        if before <= QUALIFY < s.phase[j]:
            finished[count] = j
            count += 1
    return count


@kernel
def most_relief(
    s: State, projects: Ints, items: Ints, adds: Floats, value: Floats, short: Floats
) -> Ints:  # fmt: skip
    """Return the places of idle projects that relieve a shortage, most relief first.

    Parameters
    ----------
    projects, items : ndarray of int32
        Projects to choose from, and what each adds to.
    adds : ndarray
        Units a month that each adds.
    value : ndarray
        Worth of a unit a month, per cost.
    short : ndarray, shape (items,)
        Units a month that are missing.
    """
    found, relief, count = np.empty(len(projects), np.int32), np.empty(len(projects)), 0
    for n in range(len(projects)):
        missing = short[items[n]]
        if missing >= EPS and s.phase[projects[n]] == IDLE:
            found[count], relief[count] = n, min(missing, adds[n]) * value[n]
            count += 1
    return found[:count][np.argsort(-relief[:count], kind="mergesort")]
