"""What the regulation asks of an order on the desk, by the rule that the model runs.

Whether it can be met, the earliest date and who loses are `policies.dpas.respond` and
`policies.dpas.schedule`; here stand what they leave out: whether the order is a rated one at all
(700.12), the grounds on which it may be rejected (700.13(c)), orders of one day (700.13(b)(4)),
amendments (700.16), the clock as a date, and what is placed on suppliers (700.15, 700.17, 700.18).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from types import MappingProxyType

from mobilize.lessons.desk.case import Case, Need
from mobilize.lessons.desk.regulation import Amendment, amendments, paragraphs, small_order
from policies.dpas import (
    HORIZON,
    WORKING_DAYS_TO_RESPOND,
    Order,
    Rating,
    Response,
    respond,
    schedule,
)

DECISIONS = {
    "accept": "Accept it for its date",
    "offer": "Reject it for its date and offer the earliest one",
    "decline": "Reject it: you may, and you choose to",
    "ordinary": "Treat it as an unrated order",
    "prefer": "Give it the preference of its new rating from today",
    "carry on": "Carry on: this makes no new order",
}
NO_RATING = "none"
SATURDAY = 5


@dataclass(frozen=True)
class Placed:
    """Ratings allowed on an order to a supplier ("none": without), and the paragraph."""

    ratings: tuple[str, ...]
    paragraph: str


@dataclass(frozen=True)
class Solution:
    """All that is right.

    `ways` are the decisions allowed with the paragraphs that decide each; `taken` is the order as
    it goes into the book, for its date or the one offered (None: it does not); `deliveries` are
    steps of delivery by order then, None for never; `slips` how many steps later than before
    others are delivered; `late` those whose customers must be told; `answer_by` the last day to
    answer, or `hours` after receipt; `suppliers` what to place for each need.
    """

    ways: Mapping[str, tuple[str, ...]]
    why: str
    offered: int | None = None
    taken: Order | None = None
    deliveries: Mapping[str, int | None] = field(default_factory=lambda: MappingProxyType({}))
    slips: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    late: tuple[str, ...] = ()
    answer_by: date | None = None
    hours: int | None = None
    clock: str = ""
    suppliers: Mapping[str, Placed] = field(default_factory=lambda: MappingProxyType({}))


def solve(case: Case) -> Solution:
    """Return what the regulation asks in a case."""
    amendment = amendments().get(case.change)
    if amendment is not None and amendment.counts == "same":
        return Solution({"carry on": (amendment.paragraph,)}, _says(amendment.paragraph))
    if case.incoming.missing:
        return _ordinary(case, case.incoming.missing)
    if amendment is not None and amendment.counts == "rating":
        return _rerated(case, amendment)
    return _answered(case)


def _ordinary(case: Case, lacks: tuple[str, ...]) -> Solution:
    """Return what becomes of an order that lacks an element: no duty, no preference, no clock."""
    order = replace(case.incoming.order, rating=Rating.UNRATED)
    why = "It is no rated order until it has every element. " + " ".join(map(_says, lacks))
    if case.incoming.words:  # no date: it cannot be scheduled
        return Solution({"ordinary": lacks}, why, suppliers=_suppliers(case, order))
    answer = respond(order, _book(case), case.capacity, case.month)
    return _with_schedule(case, Solution({"ordinary": lacks}, why), order, answer)


def _rerated(case: Case, amendment: Amendment) -> Solution:
    order = case.incoming.order
    found = Solution({"prefer": (amendment.paragraph,)}, _says(amendment.paragraph))
    return _with_schedule(case, found, order, None)


def _answered(case: Case) -> Solution:
    order = case.incoming.order
    answer = respond(order, _book(case), case.capacity, case.month)
    paragraph = answer.paragraph
    if order.rating == Rating.UNRATED:
        found = Solution({"ordinary": (paragraph,)}, f"{answer.reason}. {_says(paragraph)}")
        return _with_schedule(case, found, order, answer)
    if not answer.accepted and respond(order, _others(case), case.capacity, case.month).accepted:
        paragraph = "700.13(b)(4)"
    ways: dict[str, tuple[str, ...]] = {"accept" if answer.accepted else "offer": (paragraph,)}
    why = f"{answer.reason}. {_says(paragraph)}"
    if case.change:
        why = f"{_says(amendments()[case.change].paragraph)} {why}"
    if grounds := case.incoming.may_reject:
        ways["decline"] = grounds
        why += " " + " ".join(map(_says, grounds))
    found = replace(_with_schedule(case, Solution(ways, why), order, answer), **_clock(case))  # type: ignore[arg-type]
    return found if found.taken else replace(found, why=f"{why} No step can be offered.")


def _others(case: Case) -> list[Order]:
    """Return the book without the order that is amended."""
    return [order for order in case.book if order.id != case.incoming.order.id]


def _book(case: Case) -> list[Order]:
    """Return the book with the orders of the same day that are accepted first (700.13(b)(4)).

    Those are due earlier and can be taken; before an order that lacks an element, all that can.
    """
    book, new = _others(case), case.incoming
    for order in sorted(case.same_day, key=lambda o: o.required):
        first = bool(new.missing) or order.required <= new.order.required
        if first and respond(order, book, case.capacity, case.month).accepted:
            book.append(order)
    return book


def _with_schedule(case: Case, found: Solution, order: Order, answer: Response | None) -> Solution:
    """Return the solution with what taking the order, for its date or the offer, does."""
    offered = None if answer is None or answer.accepted else answer.offered
    suppliers = _suppliers(case, order)
    if answer is not None and not answer.accepted and offered is None:
        return replace(found, suppliers=suppliers)
    taken = order if offered is None else replace(order, required=offered)
    others = _book(case)
    planned = [*case.book, *(o for o in others if o not in case.book)]
    before = {line.order.id: line for line in schedule(planned, case.capacity, case.month).lines}
    lines = schedule([*others, taken], case.capacity, case.month).lines
    slips, late = {}, []
    for line in lines[:-1]:
        was = before[line.order.id]
        if (slip := _step(case, line.completed) - _step(case, was.completed)) > 0:
            slips[line.order.id] = slip
        if line.late > was.late and line.order.rating != Rating.UNRATED:
            late.append(line.order.id)
    return replace(
        found,
        offered=offered,
        taken=taken,
        deliveries={line.order.id: line.completed for line in lines},
        slips=slips,
        late=tuple(late),
        suppliers=suppliers,
    )


def _step(case: Case, completed: int | None) -> int:
    return case.month + HORIZON if completed is None else completed


def _clock(case: Case) -> dict[str, object]:
    """Return by when a rated order is answered (700.13(d)(1) and (2))."""
    new = case.incoming
    if new.hours is not None:
        return {"hours": new.hours, "clock": "700.13(d)(2)"}
    days = WORKING_DAYS_TO_RESPOND[new.order.rating]
    last = None if days is None else working_day(new.received_on, days, case.closed)
    return {"answer_by": last, "clock": "700.13(d)(1)"}


def working_day(start: date, days: int, closed: Sequence[date] = ()) -> date:
    """Return the working day so many after a date: the plant's, Monday to Friday but for `closed`.

    >>> working_day(date(2027, 1, 1), 10, [date(2027, 1, 18)])
    datetime.date(2027, 1, 15)
    """
    day = start
    while days:
        day += timedelta(days=1)
        days -= day.weekday() < SATURDAY and day not in closed
    return day


def _suppliers(case: Case, order: Order) -> Mapping[str, Placed]:
    return {need.id: placed(need, order.rating, case.incoming.program) for need in case.needs}


def placed(need: Need, rating: Rating, program: str) -> Placed:
    """Return which rating goes on an order to a supplier for a rated order (700.15, 700.17).

    >>> placed(Need("semiconductors", "part", 1e6), Rating.DO, "A3").ratings
    ('DO-A3',)
    """
    if rating == Rating.UNRATED:
        return Placed((NO_RATING,), "700.18(a)(1)")
    if need.kind == "equipment":
        return Placed((NO_RATING,), "700.18(a)(2)(iv)")
    if need.kind == "stock":
        several = set(need.others) - {program}
        symbol, paragraph = ("H1", "(b)(3)") if several else (program, "(b)(2)")
        return Placed((f"DO-{symbol}", NO_RATING), f"700.17{paragraph}")
    supplies = need.kind == "supplies"
    own = f"{rating.name}-{'H7' if supplies else program}"
    if need.dollars <= small_order():
        return Placed((own, NO_RATING), "700.17(f)")
    return Placed((own,), "700.17(a)(4)" if supplies else "700.15(a)")


def _says(paragraph: str) -> str:
    known = paragraphs().get(paragraph)
    number = "" if paragraph == "none" else f"15 CFR {paragraph}: "
    return f"{number}{known.says}" if known else paragraph
