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
    due, last = s.due, t + net.l_lead[line] + 1
    for n in range(net.l_sales[line], net.l_sales[line + 1]):
        r = net.sales[n]
        if deliverable(s, r):
            for month in range(s.first[r], last):
                row, place = month - t + NOW, month & (DUE - 1)
                for c in range(CLASSES):
                    book[row, c] += due[r, place, c]


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
def must_work(book: Floats, given: Floats, pace: float) -> tuple[float, float]:
    """Return the least further work this month must do for every required date to hold.

    Of DX, and of DX and DO: the largest, over required dates, of the work due by then and not
    given, less what `pace` units a month can still do between next month and then.
    """
    dx, rated, must_dx, must = 0.0, 0.0, 0.0, 0.0
    for row in range(DUE):
        first = book[row, 0] - given[row, 0]
        second = book[row, 1] - given[row, 1]
        if first + second < EPS:
            continue
        later = pace * max(0, row - NOW)
        dx += first
        rated += first + second
        if first > EPS:
            must_dx = max(must_dx, dx - later)
        must = max(must, rated - later)
    return must_dx, must


@kernel
def prefer(book: Floats, given: Floats, units: float, pace: float) -> None:
    """Give rated orders what they must have now, DX first; the rest goes in order of receipt."""
    given[:] = 0.0
    dx, rated = must_work(book, given, pace)
    done = give_in_order(book, given, 0, 1, min(units, dx))
    done += give_in_order(book, given, 1, UNRATED, min(units, rated) - done)
    give_in_order(book, given, 0, CLASSES, units - done)


@kernel
def ship_line(
    net: Network, s: State, t: int, line: int, book: Floats, given: Floats, plain: Floats
) -> None:
    """Send what was given on its way; `plain` is what the order of receipt would have given."""
    due, last = s.due, t + net.l_lead[line]
    for n in range(net.l_sales[line], net.l_sales[line + 1]):
        r = net.sales[n]
        if not deliverable(s, r):
            continue
        sent, rated, usual = 0.0, 0.0, 0.0
        earliest = last
        for back in range(last - s.first[r] + 1):
            month = last - back
            row, place = month - t + NOW, month & (DUE - 1)
            for c in range(CLASSES):
                there = due[r, place, c]
                if there < EPS:
                    continue
                if given[row, c] + plain[row, c] < EPS:
                    earliest = month
                    continue
                part = there * min(1.0, given[row, c] / book[row, c])
                usual += there * min(1.0, plain[row, c] / book[row, c])
                due[r, place, c] = there - part
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
        pace = s.in_work[line] / net.l_cycle[line]
        if s.rated[line] < EPS or max(*must_work(book, plain, pace)) < EPS:
            ship_line(net, s, t, line, book, plain, plain)  # every required date can be met
        else:
            prefer(book, given, units, pace)
            ship_line(net, s, t, line, book, given, plain)
