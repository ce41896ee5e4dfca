"""The worked examples in the text of 15 CFR 700.11-700.18, as cases with their answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from mobilize.lessons.desk.case import Case, Incoming, Need
from mobilize.lessons.desk.mark import Answer, read_answer
from mobilize.lessons.desk.regulation import table
from policies.dpas import Order, Rating

RECEIVED = date(2027, 6, 1)  # the examples give no day of receipt


@dataclass(frozen=True)
class Example:
    """One example: what the paragraph says, and what follows in a case, or ratings it names.

    `asserted` are the parts of the answer that the regulation itself gives.
    """

    id: str
    paragraph: str
    text: str
    source: str
    confidence: str
    ratings: tuple[str, ...] = ()
    case: Case | None = None
    expected: Answer | None = None
    asserted: tuple[str, ...] = ()


def examples() -> tuple[Example, ...]:
    """Return every worked example that was found."""
    return tuple(_read(row) for row in table("examples.toml")["example"])


def _read(row: Mapping[str, Any]) -> Example:
    told = {key: row[key] for key in ("id", "paragraph", "text", "source", "confidence")}
    if "ratings" in row:
        return Example(**told, ratings=tuple(row["ratings"]))
    asserted = tuple(row["expected"])
    return Example(
        **told, case=_case(row), expected=read_answer(row["expected"]), asserted=asserted
    )


def _case(row: Mapping[str, Any]) -> Case:
    new = dict(row["new"])
    order = _order({"id": "new"} | {k: new.pop(k) for k in ("rating", "quantity", "required")}, row)
    needs = tuple(
        Need(n["id"], n["kind"], n["dollars"], tuple(n.get("others", ())))
        for n in row.get("needs", ())
    )
    return Case(
        row["id"],
        0,
        "A plant",
        row["month"],
        tuple(float(units) for units in row["capacity"]),
        tuple(_order(one, row) for one in row.get("book", ())),
        Incoming(order, received_on=RECEIVED, **new),
        tuple(_order(one, row) for one in row.get("same_day", ())),
        needs,
        step=row.get("step", "month"),
    )


def _order(one: Mapping[str, Any], row: Mapping[str, Any]) -> Order:
    received = one.get("received", row["month"])
    rating = Rating[one["rating"]]
    return Order(one["id"], rating, float(one["quantity"]), one["required"], received)
