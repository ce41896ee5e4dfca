"""Who gets a line's finished goods: the order book and preferential scheduling.

A line quotes one lead time, so in its book the order of receipt is the order of required
dates. The rule of one month is that of :func:`policies.dpas.work_month`, over months and
classes instead of single orders: goods go out in order of receipt, unless a rated order would
then miss its required date; in that case rated orders gain, only as far as needed, DX before
DO (15 CFR 700.14(a)-(c)). Orders of one month and class share in proportion.
"""

from __future__ import annotations

import numpy as np

from mobilize.network import Network
from mobilize.physics.kernel import kernel
from mobilize.state import CLASSES, DUE, EPS, LATEST, TRANSIT, Floats, State

UNRATED = CLASSES - 1
NOW = DUE - 1 - LATEST  # row of a book's table that is due this month; overdue stands before it


@kernel
def deliverable(s: State, r: int) -> bool:
    """Return whether goods may leave on a route: qualified, not closed, licensed."""
    return s.owed[r] > EPS and s.open[r] and s.blocked[r] < EPS


@kernel
def add_up_book(net: Network, s: State, t: int, line: int, book: Floats) -> None:
    """Add up what a line can deliver on, shape (DUE, CLASSES), by month due and class."""
    book[:] = 0.0
    for n in range(net.l_sales[line], net.l_sales[line + 1]):
        r = net.sales[n]
        if deliverable(s, r):
            for month in range(s.first[r], t + net.l_lead[line] + 1):
                for c in range(CLASSES):
                    book[month - t + NOW, c] += s.due[r, month % DUE, c]


@kernel
def give_in_order(book: Floats, given: Floats, low: int, high: int, units: float) -> float:
    """Give `units` to classes `low` to `high` - 1 in order of receipt; return what was given.

    Inside a month the class decides.
    """
    left = units
    for row in range(DUE):
        for c in range(low, high):
            part = min(left, book[row, c] - given[row, c])
            if part > 0.0:
                given[row, c] += part
                left -= part
        if left < EPS:
            break
    return units - left


@kernel
def must_work(book: Floats, given: Floats, classes: int, pace: float) -> float:
    """Return the least further work this month must do for every required date to hold.

    The largest, over required dates, of the work due by then and not given, less what `pace`
    units a month can still do between next month and then. Of the first `classes` classes.
    """
    by_then, must = 0.0, 0.0
    for row in range(DUE):
        found = 0.0
        for c in range(classes):
            found += book[row, c] - given[row, c]
        by_then += found
        if found > EPS:
            must = max(must, by_then - pace * max(0, row - NOW))
    return must


@kernel
def schedule(book: Floats, given: Floats, units: float, pace: float) -> None:
    """Fill `given` with a month of work: in order of receipt, or by preference where needed."""
    given[:] = 0.0
    give_in_order(book, given, 0, CLASSES, units)
    if must_work(book, given, 1, pace) < EPS and must_work(book, given, UNRATED, pace) < EPS:
        return  # every required date can be met: nothing is changed
    given[:] = 0.0
    dx = min(units, must_work(book, given, 1, pace))
    rated = min(units, must_work(book, given, UNRATED, pace))
    done = give_in_order(book, given, 0, 1, dx)
    done += give_in_order(book, given, 1, UNRATED, rated - done)
    give_in_order(book, given, 0, CLASSES, units - done)


@kernel
def ship_line(
    net: Network, s: State, t: int, line: int, book: Floats, given: Floats, plain: Floats
) -> None:
    """Send what was given on its way; `plain` is what the order of receipt would have given."""
    for n in range(net.l_sales[line], net.l_sales[line + 1]):
        r = net.sales[n]
        if not deliverable(s, r):
            continue
        sent, rated, usual = 0.0, 0.0, 0.0
        earliest = t + net.l_lead[line]
        for back in range(t + net.l_lead[line] - s.first[r] + 1):
            month = t + net.l_lead[line] - back
            row = month - t + NOW
            for c in range(CLASSES):
                there = s.due[r, month % DUE, c]
                if there < EPS:
                    continue
                if given[row, c] + plain[row, c] < EPS:
                    earliest = month
                    continue
                part = there * min(1.0, given[row, c] / book[row, c])
                usual += there * min(1.0, plain[row, c] / book[row, c])
                s.due[r, month % DUE, c] = there - part
                sent += part
                rated += part if c < UNRATED else 0.0
                if there - part > EPS:
                    earliest = month
        s.first[r] = earliest
        s.gained[r] = sent - usual
        s.sent[r] = sent
        s.owed[r] -= sent
        s.moving[r] += sent
        s.transit[r, (t + net.r_transit[r]) % TRANSIT] += sent
        s.book[line] -= sent
        s.rated[line] -= rated
        s.goods[line] -= sent
        s.shipped[line] += sent


@kernel
def to_deliver(net: Network, s: State, line: int) -> float:
    """Return the goods for this month's orders.

    What a firm keeps in stock goes only to orders that would else be late.
    """
    reserve = net.l_cover[line] * s.forecast[line]
    late = max(0.0, s.book[line] - s.normal_book[line] - s.forecast[line])
    return min(s.goods[line], max(s.goods[line] - reserve, late))


@kernel
def allocate(net: Network, s: State, t: int) -> None:
    """Share every line's finished goods and name what preferential scheduling moved."""
    book, given, plain = (
        np.zeros((DUE, CLASSES)),
        np.zeros((DUE, CLASSES)),
        np.zeros((DUE, CLASSES)),
    )
    for r in range(len(net.r_slot)):
        s.sent[r] = 0.0
        s.gained[r] = 0.0
    for line in range(len(net.l_item)):
        s.shipped[line] = 0.0
        units = to_deliver(net, s, line)
        if units < EPS or s.book[line] < EPS:
            continue
        add_up_book(net, s, t, line, book)
        plain[:] = 0.0
        give_in_order(book, plain, 0, CLASSES, units)
        if s.rated[line] < EPS:
            ship_line(net, s, t, line, book, plain, plain)
        else:
            schedule(book, given, units, s.in_work[line] / net.l_cycle[line])
            ship_line(net, s, t, line, book, given, plain)
