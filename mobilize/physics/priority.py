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
    return s.owed[r] > EPS and s.open[r] and s.blocked[r] < EPS and s.squeeze[r] < 1.0


@kernel
def add_up_book(net: Network, s: State, t: int, line: int, book: Floats) -> int:
    """Add up what a line can deliver on, shape (DUE, CLASSES), by month due and class.

    Returns the first row in use; the last is that of the line's lead.
    """
    book[:] = 0.0
    due, end = s.due, t + net.l_lead[line] + 1
    start = end
    for n in range(net.l_sales[line], net.l_sales[line + 1]):
        r = net.sales[n]
        if deliverable(s, r):
            let = 1.0 - s.squeeze[r]
            start = min(start, s.first[r])
            for month in range(s.first[r], end):
                row, place = month - t + NOW, month & (DUE - 1)
                for c in range(CLASSES):
                    book[row, c] += due[r, place, c] * let
    return start - t + NOW


@kernel
def give_in_order(
    book: Floats, given: Floats, start: int, end: int, low: int, high: int, units: float
) -> tuple[float, int]:
    """Give `units` to classes `low` to `high` - 1 in order of receipt.

    Inside a month the class decides. Returns what was given and the row where goods ran out.
    """
    left, row = units, start
    while row < end and (left >= EPS or row == 0):  # the oldest orders take even crumbs
        for c in range(low, high):
            part = max(0.0, min(left, book[row, c] - given[row, c]))
            given[row, c] += part
            left -= part
        row += 1
    return units - left, row


@kernel
def must_work(
    book: Floats, given: Floats, start: int, end: int, pace: float
) -> tuple[float, float]:
    """Return the least further work this month must do for every required date to hold.

    Of DX, and of DX and DO: the largest, over required dates, of the work due by then and not
    given, less what `pace` units a month can still do between next month and then.
    """
    dx, rated, must_dx, must = 0.0, 0.0, 0.0, 0.0
    for row in range(start, end):
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
def prefer(book: Floats, given: Floats, start: int, end: int, units: float, pace: float) -> int:
    """Give rated orders what they must have now, DX first; the rest goes in order of receipt.

    Returns the row from which nobody is given anything.
    """
    given[:] = 0.0
    dx, rated = must_work(book, given, start, end, pace)
    first, stop_dx = give_in_order(book, given, start, end, 0, 1, min(units, dx))
    second, stop_do = give_in_order(book, given, start, end, 1, UNRATED, min(units, rated) - first)
    rest = units - (first + second)
    _, stop = give_in_order(book, given, start, end, 0, CLASSES, rest)
    return max(stop_dx, stop_do, stop)


@kernel
def to_shares(book: Floats, given: Floats, plain: Floats, start: int, stop: int) -> None:
    """Turn units given into shares of what is due, in the rows `start` to `stop` - 1."""
    for row in range(start, stop):
        for c in range(CLASSES):
            due, here, usual = book[row, c], given[row, c], plain[row, c]
            if here + usual < EPS:
                given[row, c], plain[row, c] = 0.0, 0.0
            else:
                given[row, c], plain[row, c] = min(1.0, here / due), min(1.0, usual / due)


@kernel
def first_due(s: State, r: int, first: int, last: int) -> int:
    """Return the first month from `first` on with an order on a route, at most `last`."""
    for month in range(first, last):
        for c in range(CLASSES):
            if s.due[r, month & (DUE - 1), c] >= EPS:
                return month
    return last


@kernel
def ship_line(
    net: Network, s: State, t: int, line: int, given: Floats, plain: Floats, stop: int
) -> None:
    """Send the given shares of what is due on their way.

    `plain` are the shares that the order of receipt would have given; from row `stop` on
    nobody is given anything.
    """
    due, last, end = s.due, t + net.l_lead[line], t - NOW + stop
    for n in range(net.l_sales[line], net.l_sales[line + 1]):
        r = net.sales[n]
        if not deliverable(s, r):
            continue
        sent, rated, usual, let = 0.0, 0.0, 0.0, 1.0 - s.squeeze[r]
        earliest = first_due(s, r, max(end, s.first[r]), last)
        for back in range(1, end - s.first[r] + 1):
            month = end - back
            row, place = month - t + NOW, month & (DUE - 1)
            for c in range(CLASSES):
                there = due[r, place, c]
                real = there if there >= EPS else 0.0
                part = real * let * given[row, c]
                usual += real * let * plain[row, c]
                due[r, place, c] = there - part
                sent += part
                rated += part if c < UNRATED else 0.0
                earliest = month if there - part > EPS else earliest
        s.first[r] = earliest
        s.gained[r] = sent - usual
        s.sent[r] = sent
        s.owed[r] -= sent
        s.moving[r] += sent
        s.transit[r, (t + net.r_transit[r] + s.detour[r]) % TRANSIT] += sent
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
        start, end = add_up_book(net, s, t, line, book), NOW + net.l_lead[line] + 1
        plain[:] = 0.0
        _, stop = give_in_order(book, plain, start, end, 0, CLASSES, units)
        pace = s.in_work[line] / net.l_cycle[line]
        chosen = plain  # in order of receipt, if every required date can be met that way
        if s.rated[line] > EPS and max(*must_work(book, plain, start, end, pace)) > EPS:
            chosen, stop = given, max(stop, prefer(book, given, start, end, units, pace))
        to_shares(book, chosen, plain, start, stop)
        ship_line(net, s, t, line, chosen, plain, stop)
