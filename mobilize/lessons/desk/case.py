"""One order on the desk: what came in, the book it comes into, and what must be bought for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from mobilize.lessons.desk.regulation import amendments, programs
from policies.dpas import Order, Rating

NeedKind = Literal["part", "supplies", "stock", "equipment"]
NEEDS: tuple[NeedKind, ...] = ("part", "supplies", "stock", "equipment")


class CaseError(Exception):
    """A case that cannot be answered; the text lists every fault."""


@dataclass(frozen=True)
class Need:
    """Something to buy for the order.

    `kind` is a part of the item, supplies to keep the plant running, stock used for the order and
    replaced, or equipment to produce with; `dollars` is what it costs; `others` are the programs of
    other rated orders that the same stock went into.
    """

    id: str
    kind: NeedKind
    dollars: float
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class Incoming:
    """An order as it lies on the desk.

    `order` carries rating, quantity, required and received month as the paper says; `program` is
    its symbol ("" where missing); `words` stand where a date should ("" where there is one). Then
    whether it is signed and says that it is a rated order; whether the item is supplied, made for
    own use only, or made by the customer too; whether the customer meets the regular terms; and
    the hours it gives for an answer, with the hazard, where it is for emergency preparedness.
    """

    order: Order
    program: str
    received_on: date
    words: str = ""
    signed: bool = True
    statement: bool = True
    supplied: bool = True
    own_use: bool = False
    customer_makes_it: bool = False
    government: bool = False
    terms_met: bool = True
    hours: int | None = None

    @property
    def missing(self) -> tuple[str, ...]:
        """Return the paragraphs of 700.12 that a rated order lacks; none of an unrated one."""
        if self.order.rating == Rating.UNRATED:
            return ()
        lacks = {
            "700.12(a)(1)": not self.program,
            "700.12(a)(2)": bool(self.words),
            "700.12(a)(3)": not self.signed,
            "700.12(a)(4)": not self.statement,
        }
        return tuple(paragraph for paragraph, yes in lacks.items() if yes)

    @property
    def may_reject(self) -> tuple[str, ...]:
        """Return the paragraphs of 700.13(c) by which it may be rejected."""
        grounds = {
            "700.13(c)(1)": not self.terms_met,
            "700.13(c)(2)": not self.supplied,
            "700.13(c)(3)": self.own_use,
            "700.13(c)(4)": self.customer_makes_it and not self.government,
        }
        return tuple(paragraph for paragraph, yes in grounds.items() if yes)


@dataclass(frozen=True)
class Case:
    """One exercise.

    `capacity` is units a step from `month` on, the last repeating; `same_day` are other orders of
    its rating received that day and not answered yet; `closed` are days on which the plant is shut
    beside Saturdays and Sundays; with `change` (an id of 700.16) the incoming order amends the one
    of its id in the book. `step` is what one number of time stands for.
    """

    id: str
    level: int
    plant: str
    month: int
    capacity: tuple[float, ...]
    book: tuple[Order, ...]
    incoming: Incoming
    same_day: tuple[Order, ...] = ()
    needs: tuple[Need, ...] = ()
    closed: tuple[date, ...] = ()
    change: str = ""
    step: str = "month"

    def __post_init__(self) -> None:
        """Refuse what has no answer."""
        if faults := _faults(self):
            raise CaseError("\n".join(f"case {self.id}: {fault}" for fault in faults))


def _faults(case: Case) -> list[str]:
    new, ids = case.incoming.order, [order.id for order in (*case.book, *case.same_day)]
    faults = []
    if not case.capacity or min(case.capacity) < 0 or case.capacity[-1] <= 0:
        faults.append(f"capacity {case.capacity}; allowed: 0 or more, the last above 0")
    if len(set(ids)) < len(ids):
        faults.append(f"two orders with one id in {ids}")
    if (new.id in ids) != bool(case.change):
        faults.append(f"order {new.id}: in the book if it is amended, else not")
    if case.change and case.change not in amendments():
        faults.append(f"change '{case.change}'; allowed: {', '.join(amendments())}")
    late = [o.id for o in case.book if o.received > case.month]
    if late or any(o.received != case.month for o in (new, *case.same_day)):
        faults.append(f"orders are received by step {case.month}, new ones in it; not {late}")
    if any(order.rating != new.rating or new.rating == Rating.UNRATED for order in case.same_day):
        faults.append("same_day: rated orders of the rating of the incoming one")
    if case.incoming.program and case.incoming.program not in programs():
        faults.append(f"program {case.incoming.program}; allowed: {', '.join(programs())}")
    if wrong := [need.id for need in case.needs if need.kind not in NEEDS]:
        faults.append(f"needs {wrong}: allowed kinds: {', '.join(NEEDS)}")
    return faults
