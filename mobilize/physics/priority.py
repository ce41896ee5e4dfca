"""Who gets a line's finished goods: the order book and preferential scheduling.

A line quotes one lead time, so in its book the order of receipt is the order of required
dates. The rule of one month is that of :func:`policies.dpas.work_month`, over months and
classes instead of single orders: goods go out in order of receipt, unless a rated order would
then miss its required date; in that case rated orders gain, only as far as needed, DX before
DO (15 CFR 700.14(a)-(c)).
"""

from __future__ import annotations

import numpy as np

from mobilize.network import Network
from mobilize.physics.kernel import kernel
from mobilize.state import CLASSES, DUE, EPS, LATEST, TRANSIT, Floats, State

UNRATED = CLASSES - 1


@kernel
def deliverable(s: State, r: int) -> bool:
    """Return whether goods may leave on a route: qualified, not closed, licensed."""
    return s.owed[r] > EPS and s.open[r] and s.blocked[r] < EPS


@kernel
def first_due(net: Network, s: State, t: int, line: int) -> int:
    """Return a month before which nothing deliverable is due."""
    month = t + LATEST
    for n in range(net.l_sales[line], net.l_sales[line + 1]):
        r = net.sales[n]
        if deliverable(s, r):
            month = min(month, s.first[r])
    return month


@kernel
def ship(net: Network, s: State, t: int, r: int, c: int, month: int, units: float) -> None:
    """Send units of one month and class of a route's order book on their way."""
    line = net.r_supplier[r]
    s.due[r, month % DUE, c] -= units
    s.owed[r] -= units
    s.book[line] -= units
    if c < UNRATED:
        s.rated[line] -= units
    s.goods[line] -= units
    s.shipped[line] += units
    s.sent[r] += units
    s.transit[r, (t + net.r_transit[r]) % TRANSIT] += units
    s.moving[r] += units


@kernel
def work_book(
    net: Network, s: State, t: int, line: int, low: int, high: int, units: float
) -> float:
    """Ship up to `units` of classes `low` to `high` - 1 in order of receipt.

    Inside a month the class decides, then the place in the book. Returns what was shipped.
    """
    left = units
    for month in range(first_due(net, s, t, line), t + LATEST + 1):
        if left < EPS:
            break
        for c in range(low, high):
            for n in range(net.l_sales[line], net.l_sales[line + 1]):
                r = net.sales[n]
                if month < s.first[r] or not deliverable(s, r):
                    continue
                part = min(left, s.due[r, month % DUE, c])
                if part > EPS:
                    ship(net, s, t, r, c, month, part)
                    left -= part
    return units - left


@kernel
def would_work(net: Network, s: State, t: int, line: int, units: float, rated: Floats) -> None:
    """Note what working `units` in order of receipt would do, without shipping.

    Writes into `rated`, shape (2, DUE), what would be left of DX and of DX and DO by month
    due (overdue counts as due now), and as a loss into `gained` what each route would get.
    """
    left = units
    for month in range(first_due(net, s, t, line), t + LATEST + 1):
        for c in range(CLASSES):
            for n in range(net.l_sales[line], net.l_sales[line + 1]):
                r = net.sales[n]
                if month < s.first[r] or not deliverable(s, r):
                    continue
                there = s.due[r, month % DUE, c]
                part = min(left, there)
                s.gained[r] -= part
                left -= part
                ahead = max(0, month - t)
                if c == 0:
                    rated[0, ahead] += there - part
                if c < UNRATED:
                    rated[1, ahead] += there - part


@kernel
def must_work(rated: Floats, pace: float) -> float:
    """Return the least work this month must do for every required date to hold.

    The largest, over required dates, of the work due by then less what `pace` units a month
    can still do between next month and then.
    """
    by_then, must = 0.0, 0.0
    for ahead in range(LATEST + 1):
        by_then += rated[ahead]
        if rated[ahead] > EPS:
            must = max(must, by_then - pace * ahead)
    return must


@kernel
def allocate_line(net: Network, s: State, t: int, line: int, rated: Floats) -> None:
    """Share a line's finished goods among its orders for one month.

    What a firm keeps in stock goes only to orders that would else be late.
    """
    reserve = net.l_cover[line] * s.forecast[line]
    late = max(0.0, s.book[line] - s.normal_book[line] - s.forecast[line])
    units = min(s.goods[line], max(s.goods[line] - reserve, late))
    if s.rated[line] < EPS or (s.book[line] - s.rated[line] < EPS and s.mix[line, 0] < EPS):
        work_book(net, s, t, line, 0, CLASSES, units)  # one class: nothing to prefer
        return
    pace = s.in_work[line] / net.l_cycle[line]
    rated[:] = 0.0
    would_work(net, s, t, line, units, rated)
    if must_work(rated[0], pace) < EPS and must_work(rated[1], pace) < EPS:
        for n in range(net.l_sales[line], net.l_sales[line + 1]):
            s.gained[net.sales[n]] = 0.0
        work_book(net, s, t, line, 0, CLASSES, units)
        return
    prefer(net, s, t, line, units, pace, rated)


@kernel
def prefer(
    net: Network, s: State, t: int, line: int, units: float, pace: float, rated: Floats
) -> None:
    """Give rated orders what they must have now, DX first; the rest goes in order of receipt."""
    rated[:] = 0.0
    outstanding(net, s, t, line, rated)
    dx = min(units, must_work(rated[0], pace))
    all_rated = min(units, must_work(rated[1], pace))
    done = work_book(net, s, t, line, 0, 1, dx)
    done += work_book(net, s, t, line, 1, UNRATED, all_rated - done)
    work_book(net, s, t, line, 0, CLASSES, units - done)
    for n in range(net.l_sales[line], net.l_sales[line + 1]):
        r = net.sales[n]
        s.gained[r] = s.gained[r] + s.sent[r]


@kernel
def outstanding(net: Network, s: State, t: int, line: int, rated: Floats) -> None:
    """Add up DX, and DX and DO, on a line's book by months ahead (overdue counts as now)."""
    for n in range(net.l_sales[line], net.l_sales[line + 1]):
        r = net.sales[n]
        if not deliverable(s, r):
            continue
        for month in range(s.first[r], t + LATEST + 1):
            ahead = max(0, month - t)
            rated[0, ahead] += s.due[r, month % DUE, 0]
            rated[1, ahead] += s.due[r, month % DUE, 0] + s.due[r, month % DUE, 1]


@kernel
def allocate(net: Network, s: State, t: int) -> None:
    """Share every line's finished goods and name what preferential scheduling moved."""
    rated = np.zeros((2, DUE))
    for r in range(len(net.r_slot)):
        s.sent[r] = 0.0
        s.gained[r] = 0.0
    for line in range(len(net.l_item)):
        s.shipped[line] = 0.0
        if s.goods[line] < EPS or s.book[line] < EPS:
            continue
        allocate_line(net, s, t, line, rated)
        for n in range(net.l_sales[line], net.l_sales[line + 1]):
            tidy(s, t, net.sales[n])


@kernel
def tidy(s: State, t: int, r: int) -> None:
    """Move a route's `first` to its earliest month with an order."""
    while s.first[r] < t + LATEST:
        for c in range(CLASSES):
            if s.due[r, s.first[r] % DUE, c] > EPS:
                return
        s.first[r] += 1
