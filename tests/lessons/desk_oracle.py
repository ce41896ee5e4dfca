"""A second, slow way to the answers of a book of orders: lot by lot, by trial.

Written from the text of 15 CFR 700.13-700.14 and the rule in words, with no code of
`policies.dpas`: whole lots go out one at a time, and what must be made now is found by trying.
"""

from functools import cache

LONG = 60  # steps looked ahead


def month_of(capacity, start, step):
    return capacity[min(step - start, len(capacity) - 1)]


def in_time(orders, left, capacity, start, now, made_now=0):
    """Can these orders meet their dates from next month on, with so many lots made already?"""
    lots = -made_now
    for due in range(now, max([now, *(o.required for o in orders)]) + 1):
        lots += sum(left[o.id] for o in orders if due == max(o.required, now))
        if lots > 0:
            return False
        lots -= month_of(capacity, start, due + 1)
    return True


def must_now(orders, left, capacity, start, now):
    lots = 0  # enough is found by trying
    while not in_time(orders, left, capacity, start, now, lots):
        lots += 1
    return lots


def one_month(orders, left, capacity, start, now):
    """Hand out the lots of one month; return lots by order."""
    here = [o for o in orders if o.received <= now and left[o.id] > 0]
    lots = month_of(capacity, start, now)
    place = {o.id: n for n, o in enumerate(orders)}

    def as_received(o):
        return (o.received, o.rating, o.required, place[o.id])

    def by_date(o):
        return (o.required, o.received, place[o.id])

    def give(rest, made, some, key, most):
        for first in sorted(some, key=key):
            while most > 0 and rest[first.id] > 0:
                rest[first.id] -= 1
                made[first.id] += 1
                most -= 1
        return most

    rest, made = dict(left), {o.id: 0 for o in orders}
    give(rest, made, here, as_received, lots)
    dx, rated = [o for o in here if o.rating == 0], [o for o in here if o.rating <= 1]
    if all(in_time(some, rest, capacity, start, now) for some in (dx, rated)):
        return made
    rest, made = dict(left), {o.id: 0 for o in orders}
    for_dx = min(lots, must_now(dx, left, capacity, start, now))
    spare = give(rest, made, dx, by_date, for_dx)
    used = for_dx - spare
    for_do = min(lots, must_now(rated, left, capacity, start, now)) - used
    spare = give(rest, made, [o for o in rated if o.rating == 1], by_date, max(0, for_do))
    used += max(0, for_do) - spare
    give(rest, made, here, as_received, lots - used)
    return made


def deliveries(orders, capacity, start):
    """Step in which each order is delivered."""
    left, done = {o.id: int(o.quantity) for o in orders}, {}
    for now in range(start, start + LONG):
        for name, lots in one_month(orders, left, capacity, start, now).items():
            left[name] -= lots
            if left[name] == 0:
                done.setdefault(name, now)
        if len(done) == len(orders):
            break
    return done


@cache
def lateness(orders, capacity, start):
    done = deliveries(orders, capacity, start)
    return {o.id: max(0, done[o.id] - o.required) for o in orders}


def answer(new, book, capacity, start, required=None):
    """Can it be taken for a date without harm to those it must respect, and itself in time?"""
    asked = type(new)(new.id, new.rating, new.quantity,
                      new.required if required is None else required, new.received)  # fmt: skip
    before, after = lateness(book, capacity, start), lateness((*book, asked), capacity, start)
    respected = [o.id for o in book if o.rating <= (0 if new.rating == 0 else 1)]
    return after[new.id] == 0 and all(after[name] <= before[name] for name in respected)


def earliest(new, book, capacity, start):
    return next(d for d in range(start, start + LONG) if answer(new, book, capacity, start, d))
