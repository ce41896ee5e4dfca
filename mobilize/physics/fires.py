"""How long stocks last in the reference conflict, and how soon they come back: M1 and M2."""

from __future__ import annotations

import math

import numpy as np

from mobilize.network import Network
from mobilize.parameters import Parameters
from mobilize.physics.capability import deliveries, ramped
from mobilize.physics.kernel import kernel
from mobilize.state import AHEAD, EPS, Floats, Ints, State
from mobilize.terms import HIRE_LIMIT

DAYS = 365.25 / 12  # days in a month
M1, M1_WHO, M2, M2_WHO, M2_SEEN, OUTPUT, ANNOUNCED = range(7)
MEASURES = 7  # then days of fires and months to replenish as they will be, by horizon


@kernel
def days_of_fires(stock: float, monthly: float, daily: float, longest: float) -> float:
    """Return M1: the first whole day on which a stock is used up, at most `longest`.

    `monthly` is what is delivered in a month, `daily` what is fired in a day.

    >>> days_of_fires(600.0, 40.0, 60.0, 365.0), days_of_fires(2400.0, 40.0, 60.0, 365.0)
    (11.0, 41.0)
    """
    drain = daily - monthly / DAYS
    if drain * longest <= stock:
        return longest
    return max(1.0, float(math.ceil(stock / drain - EPS)))


@kernel
def fires_last(
    net: Network, s: State, war: int, critical: Ints, involved: Ints, daily: Floats, stock: Floats,
    monthly: Floats, left: Floats, longest: float,
) -> tuple[float, int]:  # fmt: skip
    """Return M1, days until something asked for is not fired, and its place in `critical`.

    A program alone lasts as :func:`days_of_fires` says; what is short is fired from what stands
    in for it in this war, day by day. `left` is room to work in, shape (programs,).
    """
    first, who = longest, 0
    for n in range(len(critical)):
        days = days_of_fires(stock[critical[n]], monthly[critical[n]], daily[n], longest)
        if days < first:
            first, who = days, n
    if len(involved) == len(critical) and not any_stands_in(net, s, war):
        return first, who
    for i in involved:
        left[i] = stock[i] + monthly[i] / DAYS * (first - 1.0)
    for n in range(len(critical)):
        left[critical[n]] -= daily[n] * (first - 1.0)  # enough of each until then
    for day in range(int(first), int(longest)):
        for i in involved:
            left[i] += monthly[i] / DAYS
        for n in range(len(critical)):
            if fire(net, s, war, critical[n], daily[n], left) > EPS:
                return float(day), n
    return longest, who


@kernel
def any_stands_in(net: Network, s: State, war: int) -> bool:
    """Return whether anything stands in for what is short in a war."""
    found = False
    for u in range(len(net.u_conflict)):
        found = found or stands_in(net, s, war, u)
    return found


@kernel
def stands_in(net: Network, s: State, war: int, u: int) -> bool:
    """Return whether a substitute may be fired in a war: it is that war's, or of one under way."""
    return net.u_conflict[u] == war or s.war[net.u_conflict[u]] >= 0


@kernel
def fire(net: Network, s: State, war: int, i: int, units: float, left: Floats) -> float:
    """Fire a day's units of a program, or of what stands in for it; return what goes unfired."""
    taken = min(units, max(0.0, left[i]))
    left[i] -= taken
    short = units - taken
    for u in range(len(net.u_conflict)):
        if short > EPS and net.u_program[u] == i and stands_in(net, s, war, u):
            other = net.u_instead[u]
            covered = min(short, max(0.0, left[other]) / net.u_units[u])
            left[other] -= covered * net.u_units[u]
            short -= covered
    return short


@kernel
def months_to_replenish(deliveries: Floats, baseline: float, expended: float) -> float:
    """Return M2: months until deliveries above the baseline make up for what was expended.

    `deliveries` holds the units of each month from 0 on; their number is the most returned.

    >>> months_to_replenish(np.full(240, 40.0), 20.0, 1800.0)
    90.0
    """
    made = 0.0
    for month in range(len(deliveries)):
        if made >= expended - EPS:
            return float(month)
        made += deliveries[month] - baseline
    return float(len(deliveries))


@kernel
def replenished(
    capable: Floats, i: int, first: float, growth: float, since: float, baseline: float,
    expended: float, path: Floats,
) -> float:  # fmt: skip
    """Return M2 of a program by what the base can do, at most the length of `path`.

    Deliveries are worked out beyond the last horizon only for what is not back by then.
    """
    near = path[: AHEAD[len(AHEAD) - 1]]
    deliveries(capable, i, first, growth, since, near)
    months = months_to_replenish(near, baseline, expended)
    if months < len(near):
        return months
    deliveries(capable, i, first, growth, since, path)
    return months_to_replenish(path, baseline, expended)


@kernel
def measure(
    net: Network, s: State, p: Parameters, war: int, critical: Ints, involved: Ints, daily: Floats,
    horizons: Floats, found: Floats,
) -> None:  # fmt: skip
    """Write M1, M2 and the surge of the critical programs, today and at some horizons.

    Parameters
    ----------
    war : int
        The reference conflict.
    critical, involved : ndarray of int32
        Programs that it uses; the same and those that stand in for them.
    daily : ndarray, shape (critical,)
        Units a day in its first phase.
    horizons : ndarray
        Months ahead; for each, days of fires and months to replenish if the visible ramp is
        carried out are written after the first MEASURES.
    found : ndarray, shape (MEASURES + 2 * horizons,)
        M1 and the highest M2 with the place of their program in `critical`.
    """
    found[:] = 0.0
    path, stock = np.zeros(int(p.replenish_longest)), s.stock.copy()
    left = np.zeros(len(stock))
    found[M1], found[M1_WHO] = fires_last(
        net, s, war, critical, involved, daily, stock, s.recent, left, p.fires_longest
    )
    worth, announced, before = 0.0, 0.0, 0.0
    for n in range(len(critical)):
        i = critical[n]
        now, growth = s.recent[i], hiring(net, s, p, i)
        spent = p.replenish_days * daily[n]
        months = replenished(s.capable[0], i, now, growth, 0.0, net.p_use[i], spent, path)
        if months > found[M2]:
            found[M2], found[M2_WHO] = months, n
        months = replenished(s.capable[1], i, now, growth, 0.0, net.p_use[i], spent, path)
        found[M2_SEEN] = max(found[M2_SEEN], months)
        worth += now * net.p_cost[i]
        before += net.p_on_order[i] / net.p_span[i] * net.p_cost[i]
        announced += ramped(s.capable[1], i, now, growth, AHEAD[3]) * net.p_cost[i]
    found[OUTPUT] = worth / before if before > EPS else 1.0
    found[ANNOUNCED] = announced / before if before > EPS else 1.0
    monthly = s.recent.copy()
    coming = np.zeros((len(involved), int(horizons.max()) + 1))
    for n in range(len(involved)):
        stocks_ahead(net, s, p, involved[n], coming[n])
    for h in range(len(horizons)):
        for n in range(len(involved)):
            i = involved[n]
            stock[i] = coming[n, int(horizons[h])]
            monthly[i] = ramped(s.capable[1], i, s.recent[i], hiring(net, s, p, i), horizons[h])
        found[MEASURES + 2 * h], _ = fires_last(
            net, s, war, critical, involved, daily, stock, monthly, left, p.fires_longest
        )
        for n in range(len(critical)):
            i, growth = critical[n], hiring(net, s, p, critical[n])
            spent = p.replenish_days * daily[n]
            months = replenished(
                s.capable[1], i, monthly[i], growth, horizons[h], net.p_use[i], spent, path
            )
            found[MEASURES + 2 * h + 1] = max(found[MEASURES + 2 * h + 1], months)


@kernel
def hiring(net: Network, s: State, p: Parameters, i: int) -> float:
    """Return how fast the makers of a program's item can grow their people, a month."""
    return 1.0 + p.hire_limit * s.of_country[HIRE_LIMIT, net.p_country[i]]


@kernel
def stocks_ahead(net: Network, s: State, p: Parameters, i: int, stocks: Floats) -> None:
    """Write the stock of a program by month from now on, if the visible ramp comes."""
    now, growth = s.recent[i], hiring(net, s, p, i)
    stocks[0] = s.stock[i]
    for t in range(len(stocks) - 1):
        stocks[t + 1] = stocks[t] + (ramped(s.capable[1], i, now, growth, float(t)) - now)
