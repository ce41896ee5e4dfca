"""Random cases of a level, the same for the same seed anywhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

from mobilize.lessons.desk.case import NEEDS, Case, Incoming, Need
from mobilize.lessons.desk.regulation import amendments, programs, small_order, table
from mobilize.lessons.desk.solve import SATURDAY
from policies.dpas import Order, Rating

PLANTS = ("Energetics plant", "Forging shop", "Rocket motor line", "Fuze works", "Radar house")
FIRST = date(2027, 1, 4)  # of the drawn days of receipt
NOW, SOON, FAR = 3, 1, 7  # step of a case; steps ahead that dates are drawn from
RATINGS = (Rating.DX, Rating.DO, Rating.UNRATED)
LOTS = 5.0  # units
LACKS: tuple[dict[str, Any], ...] = (
    *({"program": ""}, {"words": "as soon as possible"}, {"signed": False}, {"statement": False}),
)
GROUNDS: tuple[dict[str, Any], ...] = (
    *({"terms_met": False}, {"supplied": False}, {"own_use": True}, {"customer_makes_it": True}),
)


def levels() -> list[str]:
    """Return the titles of the levels; the first is level 1."""
    return [row["title"] for row in table("levels.toml")["level"]]


def generate(level: int, seed: int, number: int = 0) -> Case:
    """Return one random case.

    Parameters
    ----------
    level : int
        1 to the number of levels.
    seed, number : int
        The same numbers give the same case.

    Raises
    ------
    ValueError
        If there is no such level.
    """
    if not 1 <= level <= len(levels()):
        raise ValueError(f"level {level}; allowed: 1 to {len(levels())}")
    how, luck = table("levels.toml")["level"][level - 1], Random(f"desk {level} {seed} {number}")
    capacity = _capacity(how, luck)
    book = _book(how, luck, capacity[0])
    received = _day(luck)
    incoming = _incoming(how, luck, capacity[0], received)
    same_day: tuple[Order, ...] = ()
    change = ""
    if luck.random() < how["change"]:
        book, incoming, change = _amended(luck, book, incoming)
    elif incoming.order.rating != Rating.UNRATED and luck.random() < how["same_day"]:
        same_day = _same_day(luck, incoming.order, capacity[0])
    return Case(
        f"L{level}-{seed}-{number}",
        level,
        luck.choice(PLANTS),
        NOW,
        capacity,
        book,
        incoming,
        same_day,
        _needs(how, luck),
        _closed(luck, received) if level > 1 else (),
        change,
    )


def _capacity(how: dict[str, Any], luck: Random) -> tuple[float, ...]:
    usual = LOTS * luck.randint(2, 6)
    if not how["varying"]:
        return (usual,)
    months = [max(0.0, usual + LOTS * luck.randint(-2, 2)) for _ in range(luck.randint(2, 4))]
    return (*months, usual)


def _quantity(luck: Random, capacity: float, most: float = 1.5) -> float:
    return LOTS * max(1, round(luck.uniform(0.3, most) * capacity / LOTS))


def _rating(luck: Random, dx: float, unrated: float) -> Rating:
    drawn = luck.random()
    rated = Rating.DX if luck.random() < dx else Rating.DO
    return Rating.UNRATED if drawn < unrated else rated


def _book(how: dict[str, Any], luck: Random, capacity: float) -> tuple[Order, ...]:
    orders = luck.randint(*how["orders"])
    spread = FAR if luck.random() > how["crowded"] else max(SOON + 1, orders)
    return tuple(
        Order(
            f"{chr(ord('A') + n)}",
            _rating(luck, how["dx"], how["unrated_book"]),
            _quantity(luck, capacity),
            NOW + luck.randint(0, spread),
            luck.randint(0, NOW),
        )
        for n in range(orders)
    )


def _day(luck: Random) -> date:
    day = FIRST + timedelta(days=luck.randint(0, 300))
    return day + timedelta(days=7 - day.weekday()) if day.weekday() >= SATURDAY else day


def _closed(luck: Random, start: date) -> tuple[date, ...]:
    days = sorted({start + timedelta(days=luck.randint(1, 18)) for _ in range(luck.randint(0, 3))})
    return tuple(day for day in days if day.weekday() < SATURDAY)


def _incoming(how: dict[str, Any], luck: Random, capacity: float, received: date) -> Incoming:
    rating = _rating(luck, how["dx"], how["unrated"])
    required = NOW + luck.randint(0, SOON + len(RATINGS))
    order = Order("new", rating, _quantity(luck, capacity), required, NOW)
    rated = rating != Rating.UNRATED
    program = luck.choice([p for p in programs() if p != "N1"]) if rated else ""
    new = Incoming(order, program, received, signed=rated, statement=rated)
    new = replace(new, government=luck.random() < 0.5)
    if rated and luck.random() < how["lacks"]:
        return replace(new, **luck.choice(LACKS))
    if rated and luck.random() < how["may_reject"]:
        return replace(new, **luck.choice(GROUNDS))
    if rated and luck.random() < how["emergency"]:
        return replace(new, program="N1", hours=luck.choice([6, 12, 24]))
    return new


def _amended(
    luck: Random, book: tuple[Order, ...], incoming: Incoming
) -> tuple[tuple[Order, ...], Incoming, str]:
    """Return the incoming paper as an amendment of an order in the book, and its kind."""
    kind = luck.choice(sorted(amendments()))
    old = luck.choice(book)
    if kind == "rating":
        old = replace(old, rating=luck.choice([Rating.DO, Rating.UNRATED]))
    elif old.rating == Rating.UNRATED:
        old = replace(old, rating=Rating.DO)
    new = replace(old, received=NOW)
    if kind == "rating":
        new = replace(new, rating=Rating.DX if old.rating == Rating.DO else Rating.DO)
    elif kind == "earlier":
        new = replace(new, required=max(NOW, old.required - luck.randint(1, 3)))
    elif kind == "less":
        new = replace(new, quantity=max(LOTS, old.quantity - LOTS))
    rest = tuple(old if order.id == old.id else order for order in book)
    paper = Incoming(new, incoming.program or "A6", incoming.received_on, government=True)
    return rest, replace(paper, program="A6" if paper.program == "N1" else paper.program), kind


def _same_day(luck: Random, order: Order, capacity: float) -> tuple[Order, ...]:
    """Return one or two orders of its rating, received with it, due on other dates."""
    dates = [d for d in range(NOW, NOW + SOON + 4) if d != order.required]
    return tuple(
        Order(f"P{n + 1}", order.rating, _quantity(luck, capacity, 1.0), due, NOW)
        for n, due in enumerate(luck.sample(dates, luck.randint(1, 2)))
    )


def _needs(how: dict[str, Any], luck: Random) -> tuple[Need, ...]:
    wanted = luck.randint(*how["needs"])
    names = {"part": "castings", "supplies": "lubricants", "stock": "bar steel taken from stock",
             "equipment": "a new lathe"}  # fmt: skip
    kinds = ["part", *luck.sample(NEEDS[1:], len(NEEDS) - 1)][:wanted]
    return tuple(
        Need(names[kind], kind, float(round(luck.choice([0.2, 3.0, 9.0]) * small_order(), -3)))
        for kind in kinds
    )
