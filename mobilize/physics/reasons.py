"""The challenger's view: what it makes of what it sees, as an ordered list of reasons.

Pure functions on plain numbers (design: policy, 2.4; every coefficient is notional and stands in
``agents/mindsets.csv``). A teaching index, not a forecast.
"""

from __future__ import annotations

from math import exp, log
from typing import NamedTuple

from mobilize.physics.kernel import kernel
from mobilize.state import Floats

# Places in a row of `State.signals`; LATER begins days of fires and months to replenish at the
# horizon of each mindset, as they will be if the visible ramp is carried out.
FIRES, REPLENISH, ASSURED, PUBLIC, EXPOSURE, FRAGILE, LATER = range(7)
MONTHS = 3  # in a quarter
Terms = tuple[float, ...]
TERMS = ("victory", "failure", "war", "trade", "window", "motivation", "status quo")


class Mindset(NamedTuple):
    """How one kind of challenger weighs things; units and ranges stand in ``mindsets.csv``."""

    short_weight: float
    short_slope: float
    long_slope: float
    long_months: float
    long_allies: float
    victory: float
    failure: float
    war: float
    trade: float
    status_quo: float
    kappa: float
    window: float
    horizon: float
    bias: float
    noise: float
    delay: float


class Picture(NamedTuple):
    """What a challenger believes of the coalition."""

    fires: float  # M1, days of sustained fires
    replenish: float  # M2, months to replenish
    assured: float  # A of M5, 0-1


@kernel
def logistic(x: float) -> float:
    """Return the logistic function, without overflow.

    >>> logistic(0.0), logistic(-1e9)
    (0.5, 0.0)
    """
    return 1.0 / (1.0 + exp(-x)) if x > -700.0 else 0.0


@kernel
def short_war(m: Mindset, fires: float, need_days: float) -> float:
    """Return the chance it gives a fast war: small where fires outlast what the plan needs."""
    return logistic(-m.short_slope * log(max(fires, 1.0) / need_days))


@kernel
def long_war(m: Mindset, replenish: float, assured: float) -> float:
    """Return the chance it gives a long war: small where stocks come back soon and allies help."""
    return logistic(m.long_slope * (replenish - m.long_months) - m.long_allies * (assured - 0.5))


@kernel
def success(m: Mindset, seen: Picture, need_days: float) -> float:
    """Return the chance of success it believes in, the short war weighed by `short_weight`."""
    quick = short_war(m, seen.fires, need_days)
    return m.short_weight * quick + (1.0 - m.short_weight) * long_war(
        m, seen.replenish, seen.assured
    )


@kernel
def drift(m: Mindset, now: Picture, later: Picture, need_days: float, reassured: float) -> float:
    """Return what it expects to lose by waiting: the closing window, less what reassures it.

    `later` is the picture at its planning horizon if the ramp that it sees is carried out.
    """
    closing = max(0.0, success(m, now, need_days) - success(m, later, need_days))
    return m.window * closing * (1.0 - reassured)


@kernel
def waterfall(
    m: Mindset, seen: Picture, need_days: float, drifting: float, motivation: float
) -> Terms:
    """Return the parts, in the order of TERMS, of the utility of acting less that of waiting."""
    p = success(m, seen, need_days)
    return (
        p * m.victory,
        -(1.0 - p) * m.failure,
        -m.war,
        -m.trade * seen.assured,
        drifting,
        motivation,
        -m.status_quo,
    )


@kernel
def index(m: Mindset, net: float) -> float:
    """Return M6, 0-100: a teaching index, not a forecast."""
    return 100.0 * logistic(m.kappa * net)


def hazard(opportunity: float, kappa: float, net: float) -> float:
    """Return the chance a quarter of a step whose opportunity comes so often (quantal response).

    At a net utility of zero it is the opportunity itself, at most twice as much.
    """
    return min(1.0, 2.0 * opportunity * logistic(kappa * net))


def monthly(quarterly: float) -> float:
    """Return the chance a month that makes up a chance a quarter."""
    return float(1.0 - (1.0 - quarterly) ** (1.0 / MONTHS))


@kernel
def perceive(m: Mindset, truth: Picture, luck: Floats, visibility: float) -> Picture:
    """Return what it sees of what is: biased as a whole, and blurred where little is public.

    `luck` holds a standard normal number for each part, `visibility` lies above 0 and is at most
    1. A bias below zero sees a coalition weaker than it is: fewer days of fires, more months to
    replenish, less assured help.
    """
    fires = m.noise * luck[0] / visibility
    replenish = m.noise * luck[1] / visibility
    assured = m.noise * luck[2] / visibility
    return Picture(
        max(1.0, truth.fires * (1.0 + m.bias + fires)),
        max(0.0, truth.replenish * (1.0 - m.bias + replenish)),
        min(1.0, max(0.0, truth.assured * (1.0 + m.bias + assured))),
    )


@kernel
def reasons(
    m: Mindset, row: Floats, horizon: int, luck: Floats, need_days: float, reassured: float,
    motivation: float,
) -> Terms:  # fmt: skip
    """Return the waterfall of a mindset: what acting is worth less what waiting is.

    Parameters
    ----------
    row : ndarray, shape (SIGNALS,)
        The signals that have reached it.
    horizon : int
        Place in the row of the picture at its planning horizon.
    luck : ndarray, shape (3,)
        Standard normal luck in seeing, one for each part of a picture.
    need_days : float
        Days of fires that the plan requires.
    reassured, motivation : float
        Share of its fear of a closing window that is taken away, 0-1; its own reasons, utility.
    """
    assured, public = row[ASSURED], row[PUBLIC]
    seen = perceive(m, Picture(row[FIRES], row[REPLENISH], assured), luck, public)
    later = perceive(m, Picture(row[horizon], row[horizon + 1], assured), luck, public)
    return waterfall(m, seen, need_days, drift(m, seen, later, need_days, reassured), motivation)
