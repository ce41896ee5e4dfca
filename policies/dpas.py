"""Rated orders in one plant's queue: 15 CFR 700.13 (acceptance) and 700.14 (scheduling).

Nothing here makes capacity: what one order gains another, named, loses. In month ``t``, with
``K`` units of capacity now and the capacity of later months known, `work_month` does this:

1. If everything outstanding fits in ``K``, all of it is made.
2. Otherwise ``K`` goes out in the *accepted order of work*: receipt month; ties DX, DO, unrated;
   then required date; then position in the book.
3. That stands if every rated date can still be met: for DX alone, and for DX and DO together,
   and for every due month ``d >= t``, what is left and due by ``d`` is at most the capacity of
   months ``t+1..d`` (overdue is due in ``t``). 700.14(a): schedules are modified only when
   required dates cannot otherwise be met.
4. Otherwise preference, only as far as needed (700.14(b)): DX gets what DX must have now, then DO
   what DX and DO together must have now beyond it; *must have now* is the largest excess, over
   due months, of what is outstanding over later capacity. Inside a rating by required date, then
   receipt, then position (700.14(c)(1)). The rest of ``K`` goes on in the order of step 2.

Once all orders are in the book, a DX order is late exactly as if DX were alone, and no rated order
is later for an unrated one. Inside its date DX may wait for a DO received before it; and hours
spent are gone: a DX *received later* can be late because of DO work already done.

A month is the grain: required in ``d`` is made by the end of ``d``. The grounds for optional
rejection (700.13(c): terms of payment, items not supplied...) need facts an order does not carry.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum

EPS = 1e-9  # units; less is nothing
HORIZON = 240  # months; what is not made by then counts as never


class Rating(IntEnum):
    """Priority rating; the lower, the more preference (700.14(b))."""

    DX = 0
    DO = 1
    UNRATED = 2


WORKING_DAYS_TO_RESPOND = {Rating.DX: 10, Rating.DO: 15, Rating.UNRATED: None}  # 700.13(d)(1)
INTERFERENCE = {Rating.DX: "(b)(3)", Rating.DO: "(b)(2)", Rating.UNRATED: ""}  # in 700.13


@dataclass(frozen=True)
class Order:
    """One order in a plant's book; `quantity` is what is still to be made."""

    id: str  # unique in its book
    rating: Rating
    quantity: float  # units
    required: int  # month by whose end delivery is required
    received: int  # month of receipt; not worked on before

    def __post_init__(self) -> None:
        """Refuse what is no amount of work."""
        if not 0 <= self.quantity < math.inf:
            raise ValueError(f"order {self.id}: quantity must be 0 or more, got {self.quantity}")


@dataclass
class Line:
    """What a schedule does for one order."""

    order: Order
    made: list[float] = field(default_factory=list)  # units in each month of the schedule
    completed: int | None = None  # month of the last unit; None: never
    displaced: list[tuple[int, str, float]] = field(default_factory=list)  # month, winner, units

    @property
    def late(self) -> float:
        """Months after the required date: 0 when met, infinite when never delivered."""
        return math.inf if self.completed is None else max(0, self.completed - self.order.required)

    @property
    def displaced_by(self) -> dict[str, float]:
        """Units step 4 moved out of a month, by winner; a unit put off twice counts twice."""
        taken: dict[str, float] = {}
        for _, winner, units in self.displaced:
            taken[winner] = taken.get(winner, 0.0) + units
        return taken


@dataclass(frozen=True)
class Schedule:
    """Months from `month` on, one line per order, in the order given."""

    month: int
    lines: tuple[Line, ...]

    def __getitem__(self, order_id: str) -> Line:
        """Line of the order with this id."""
        return {line.order.id: line for line in self.lines}[order_id]


@dataclass(frozen=True)
class Response:
    """A supplier's answer to an order (700.13)."""

    accepted: bool  # for the date asked
    offered: int | None  # on rejection, the earliest month it can be taken for; None: no month
    paragraph: str  # that decides; "none" for an unrated order, which is ordinary commerce
    reason: str
    respond_within_working_days: int | None  # 700.13(d)(1); None: unrated
    displaced: tuple[str, ...]  # accepted orders, of any rating, its date would make late or later


def accepted_order_of_work(book: Sequence[Order]) -> list[int]:
    """Positions by receipt; ties DX, DO, unrated; then required date; then position."""
    keys = [(order.received, order.rating, order.required, i) for i, order in enumerate(book)]
    return [key[-1] for key in sorted(keys)]


def delivery_sequence(book: Sequence[Order], rating: Rating) -> list[int]:
    """Positions of one rating by required date, then receipt, then position (700.14(c)(1))."""
    keys = [(o.required, o.received, i) for i, o in enumerate(book) if o.rating == rating]
    return [key[-1] for key in sorted(keys)]


def must_be_made_now(
    book: Sequence[Order], left: Sequence[float], future: Sequence[float], month: int
) -> tuple[float, float]:
    """Units of DX, and of DX and DO together, that later months cannot make in time.

    The largest excess, over due months ``d >= month``, of `left` due by ``d`` over the capacity of
    months ``month+1..d``; never below 0. The last value of `future` repeats, an empty one is zero.
    """
    worst, total = [0.0, 0.0], [0.0, 0.0]
    for d, rating, units in sorted(
        (max(o.required, month), o.rating, n) for o, n in zip(book, left, strict=True)
    ):
        beyond = max(0, d - month - len(future)) * (future[-1] if future else 0.0)
        later = sum(future[: d - month]) + beyond
        for lowest in range(rating, Rating.UNRATED):
            total[lowest] += units
            worst[lowest] = max(worst[lowest], total[lowest] - later)
    return worst[Rating.DX], worst[Rating.DO]


def hand_out(
    outstanding: Sequence[Order], capacity: float, must: tuple[float, float] = (0.0, 0.0)
) -> list[float]:
    """Units: what `must` be made of DX, of DX and DO, then as accepted (without: steps 1, 2)."""
    made, given = [0.0] * len(outstanding), 0.0
    for sequence, up_to in (
        (delivery_sequence(outstanding, Rating.DX), min(capacity, must[0])),
        (delivery_sequence(outstanding, Rating.DO), min(capacity, must[1])),
        (accepted_order_of_work(outstanding), capacity),
    ):
        for i in sequence:
            units = max(0.0, min(outstanding[i].quantity - made[i], up_to - given))
            made[i] += units
            given += units
    return made


def work_month(
    outstanding: Sequence[Order], capacity_now: float, future_capacity: Sequence[float], month: int
) -> list[float]:
    """Units of each order to make this month: steps 1 to 4 of the module's rule.

    `outstanding` are the orders on hand, `quantity` being what is left and position the last
    tie-break; `future_capacity` is units in each later month, the last value repeating. The result
    is parallel to `outstanding` and sums to the lesser of `capacity_now` and all outstanding.
    """
    quantities = [order.quantity for order in outstanding]
    accepted = hand_out(outstanding, capacity_now)
    left = [all_of_it - units for all_of_it, units in zip(quantities, accepted, strict=True)]
    if max(must_be_made_now(outstanding, left, future_capacity, month)) <= EPS:
        return accepted
    must = must_be_made_now(outstanding, quantities, future_capacity, month)
    return hand_out(outstanding, capacity_now, must)


def displaced(
    outstanding: Sequence[Order], made: Sequence[float], capacity_now: float
) -> list[tuple[int, int, float]]:
    """Losers, winners (positions) and units: `made` against the accepted order of work.

    Paired from the least preferred up; an unrated order never wins.
    """
    accepted = hand_out(outstanding, capacity_now)
    change = [now - before for now, before in zip(made, accepted, strict=True)]
    weakest_first = sorted(range(len(made)), key=lambda i: -outstanding[i].rating)
    moves = []
    for loser in (i for i in weakest_first if change[i] < -EPS):
        for winner in (i for i in weakest_first if change[i] > EPS):
            units = min(-change[loser], change[winner])
            if units > EPS:
                moves.append((loser, winner, units))
                change[loser] += units
                change[winner] -= units
    return moves


def schedule(
    orders: Sequence[Order], capacity: float | Sequence[float], month: int = 0
) -> Schedule:
    """Work through a book of accepted orders, month by month (700.14).

    `capacity` is units a month, one number or one for each month from `month`, the last repeating.
    An order enters the book in its receipt month, unforeseen. ValueError for a capacity below zero
    or missing, or two orders with one id.

    700.14(b): a DO order is due in June (6); the unrated order it would delay must be delayed.

    >>> unrated, do = Order("unrated", Rating.UNRATED, 10, 6, 4), Order("do", Rating.DO, 10, 6, 5)
    >>> plan = schedule([unrated, do], capacity=10, month=6)
    >>> plan["do"].completed, plan["unrated"].completed, plan["unrated"].displaced_by
    (6, 7, {'do': 10.0})

    700.14(b): DX for July, DO for June, and both can be met: nothing is altered for the DX.

    >>> dx = Order("dx", Rating.DX, 10, 7, 6)
    >>> [(line.completed, line.displaced_by) for line in schedule([do, dx], 10, 6).lines]
    [(6, {}), (7, {})]

    700.14(c)(1): equal ratings in conflict go by delivery date; on one date, by receipt.

    >>> first_in, due_first = Order("a", Rating.DO, 10, 7, 1), Order("b", Rating.DO, 10, 6, 3)
    >>> [line.completed for line in schedule([first_in, do, due_first], 10, 6).lines]
    [8, 7, 6]
    """
    monthly = [*capacity] if isinstance(capacity, Sequence) else [capacity]
    if not monthly or not all(0 <= units < math.inf for units in monthly):
        raise ValueError(f"capacity: units a month, 0 or more, as 10 or [10, 25], got {capacity!r}")
    if len({order.id for order in orders}) < len(orders):
        raise ValueError(f"two orders with one id in {[order.id for order in orders]}")
    lines = tuple(Line(order) for order in orders)
    left = {order.id: order.quantity for order in orders}
    for t in range(month, month + HORIZON):
        now, ahead = monthly[0], monthly[1:] or monthly[-1:]
        open_lines = [line for line in lines if line.completed is None]
        if not open_lines or max(monthly) <= EPS:
            break
        book = [line for line in open_lines if line.order.received <= t]
        outstanding = [replace(line.order, quantity=left[line.order.id]) for line in book]
        made = work_month(outstanding, now, ahead, t)
        for loser, winner, units in displaced(outstanding, made, now):
            book[loser].displaced.append((t, outstanding[winner].id, units))
        for line in lines:
            line.made.append(0.0)
        for line, units in zip(book, made, strict=True):
            line.made[-1] = units
            left[line.order.id] -= units
            line.completed = t if left[line.order.id] <= EPS else None
        monthly = ahead
    return Schedule(month, lines)


def respond(
    new_order: Order, accepted: Sequence[Order], capacity: float | Sequence[float], month: int = 0
) -> Response:
    """Accept an order for its date, or reject it and offer the earliest date possible (700.13).

    A DX order may not make an accepted DX late, nor a DO or unrated order an accepted DX or DO;
    less preferred orders are no ground for rejection. ValueError if `accepted` came in later.

    >>> do, dx = Order("do", Rating.DO, 10, 6, 4), Order("dx", Rating.DX, 10, 6, 5)
    >>> respond(dx, [do], 10, 6).displaced, respond(replace(do, received=5), [dx], 10, 6).offered
    (('do',), 7)
    """
    if late_comers := [o.id for o in accepted if o.received > max(month, new_order.received)]:
        raise ValueError(f"{late_comers} came in after {new_order.id}: not previously accepted")
    before = schedule(accepted, capacity, month).lines
    lowest_protected = min(new_order.rating, Rating.DO)

    def attempt(required: int) -> tuple[bool, list[Order], list[Order], Sequence[Line]]:
        lines = schedule([*accepted, replace(new_order, required=required)], capacity, month).lines
        delayed = [b.order for a, b in zip(before, lines, strict=False) if b.late > a.late]
        conflicts = [order for order in delayed if order.rating <= lowest_protected]
        return lines[-1].late < 1 and not conflicts, delayed, conflicts, lines

    accept, delayed, conflicts, (*others, own) = attempt(new_order.required)
    offered, rule, why = None, "(a)(1)", "it would make late"
    named = delayed if accept else conflicts
    if not accept:
        rule = INTERFERENCE[new_order.rating] if conflicts else "(b)(1)"
        months = range(max(month, new_order.received), month + len(own.made))
        offered = next((d for d in months if attempt(d)[0]), None)
    if not (accept or conflicts):
        why, by = "work goes first to", max(0, new_order.required + 1 - month)
        ahead = [line.order for line in others if sum(line.made[:by]) > EPS]
        named = [order for order in ahead if order.rating <= new_order.rating]
    harm = f"; {why} " + ", ".join(f"{o.id} ({o.rating.name})" for o in named) if named else ""
    verb = "can" if accept else "cannot"
    offer = "" if accept else f"; earliest month {'none' if offered is None else offered}"
    return Response(
        accept,
        offered,
        "none" if new_order.rating == Rating.UNRATED else f"700.13{rule}",
        f"{new_order.id} {verb} be delivered by month {new_order.required}{harm}{offer}",
        WORKING_DAYS_TO_RESPOND[new_order.rating],
        tuple(order.id for order in delayed),
    )
