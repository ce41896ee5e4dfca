"""The DPAS desk as a page: a case to answer, and how the last one was marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from mobilize.lessons.classroom.desking import CASES, case_of, marked, next_case
from mobilize.lessons.classroom.value import Attempt, Classroom, Person
from mobilize.lessons.desk.case import Case
from mobilize.lessons.desk.generate import levels
from mobilize.lessons.desk.mark import Marked, worst
from mobilize.lessons.desk.regulation import amendments, paragraphs, programs
from mobilize.lessons.desk.solve import DECISIONS
from policies.dpas import Order, Rating

Json = dict[str, Any]
PARTS = {
    "decision": "Decision",
    "ground": "Paragraph that decides",
    "offered": "Month offered",
    "sequence": "Order of delivery",
    "slips": "Who loses, by how many months",
    "answer_by": "Answer by",
    "ratings": "Ratings on suppliers' orders",
}
NEEDED = {
    "part": "part of the item",
    "supplies": "supplies that keep the plant running",
    "stock": "used from stock, to be replaced",
    "equipment": "equipment to produce with",
}


def desk(room: Classroom, person: Person, level: int) -> Json:
    """Return the next case of a level, how the last one was marked, and the score so far."""
    mine = [one for one in room.attempts if one.member == person.id]
    here = [one for one in mine if one.level == level]
    given = [(one, marked(room, one)) for one in mine]
    return {
        "level": level,
        "levels": [{"number": n, "title": title} for n, title in enumerate(levels(), 1)],
        "number": len(here),
        "case": None if len(here) >= CASES else case(next_case(room, person.id, level)),
        "last": _last(room, [pair for pair in given if pair[0].level == level]),
        "score": _score(given, level),
        "decisions": [{"name": name, "text": text} for name, text in DECISIONS.items()],
        "paragraphs": [
            {"name": one.id, "text": one.id if one.id == "none" else f"15 CFR {one.id}",
             "says": one.says}
            for one in paragraphs().values()
        ],
    }  # fmt: skip


def _score(given: Sequence[tuple[Attempt, Marked]], level: int) -> Json:
    """Return how many cases were answered and the mean share, at a level and in all."""
    found = [m for one, m in given if one.level == level]
    every = [m for _, m in given]
    return {
        "cases": len(found),
        "share": sum(m.share for m in found) / len(found) if found else 0.0,
        "all": len(every),
        "mean": sum(m.share for m in every) / len(every) if every else 0.0,
        "worst": PARTS.get(worst(every), ""),
    }


def _last(room: Classroom, given: Sequence[tuple[Attempt, Marked]]) -> Json | None:
    """Return the last case that was answered, with its marks."""
    if not given:
        return None
    one, found = given[-1]
    return {
        "number": one.number,
        "case": case(case_of(room, one.level, one.number)),
        "share": found.share,
        "why": found.why,
        "parts": [asdict(part) | {"name": PARTS[part.name]} for part in found.parts],
    }


def case(one: Case) -> Json:
    """Return a case as it lies on the desk: the book, the paper, what must be bought for it."""
    new = one.incoming
    lines = [_order(order, "in the book") for order in one.book if order.id != new.order.id]
    lines += [_order(order, "came in today") for order in one.same_day]
    old = next((order for order in one.book if order.id == new.order.id), None)
    if old is not None:
        lines.append(_order(old, "in the book; the paper amends it"))
    return {
        "id": one.id,
        "plant": one.plant,
        "month": one.month,
        "step": one.step,
        "capacity": list(one.capacity),
        "book": lines,
        "paper": _order(new.order, "on the desk"),
        "elements": _elements(one),
        "change": amendments()[one.change].title if one.change else "",
        "facts": _facts(one),
        "closed": [day.isoformat() for day in one.closed],
        "received": new.received_on.strftime("%a %d %B %Y"),
        "sequence": [line["id"] for line in lines if line["id"] != new.order.id] + [new.order.id],
        "needs": [
            {"id": n.id, "what": NEEDED[n.kind], "dollars": n.dollars,
             "others": ", ".join(f"DO-{p}" for p in n.others)}
            for n in one.needs
        ],
        "ratings": _ratings(one),
    }  # fmt: skip


def _order(order: Order, where: str) -> Json:
    return asdict(order) | {"rating": order.rating.name, "where": where}


def _elements(one: Case) -> list[Json]:
    """Return what is written on the paper, element by element (700.12), as it stands there."""
    new = one.incoming
    rated = new.order.rating != Rating.UNRATED
    if not rated:
        symbol = "none"
    else:
        program = f"-{new.program} ({programs()[new.program]})" if new.program else ""
        symbol = f"{new.order.rating.name}{program}"
    due = new.words or f"{one.step} {new.order.required}"
    return [
        {"name": "Rating and program", "value": symbol},
        {"name": "Quantity", "value": f"{new.order.quantity:g} units"},
        {"name": "Delivery", "value": due},
        {"name": "Signature", "value": "signed" if new.signed else "not signed"},
        {"name": "Statement that it is a rated order", "value": _yes(new.statement)},
        {"name": "Received", "value": new.received_on.strftime("%a %d %B %Y")},
    ]


def _yes(there: bool) -> str:
    return "there" if there else "not there"


def _facts(one: Case) -> list[str]:
    """Return what is known beside the paper."""
    new = one.incoming
    facts = ["The customer is the government." if new.government else "The customer is a firm."]
    facts.append(
        "It meets your regular terms of sale and payment."
        if new.terms_met
        else "It does not meet your regular terms of sale and payment."
    )
    if not new.supplied:
        facts.append("You do not supply this item and do not do this work.")
    if new.own_use:
        facts.append("You make the item for your own use only; no orders were filled in two years.")
    if new.customer_makes_it:
        facts.append("The customer makes the same item itself.")
    if new.hours is not None:
        facts.append(f"It is for emergency preparedness: answer within {new.hours} hours, it says.")
    return facts


def _ratings(one: Case) -> list[str]:
    """Return ratings to choose from for orders to suppliers."""
    program = one.incoming.program or "A6"
    found = ["none", *(f"{r}-{p}" for p in (program, "H1", "H7") for r in ("DO", "DX"))]
    return list(dict.fromkeys(found))
