"""Questions of a lesson, read and checked: kind by kind, and what their calculations are given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mobilize.lessons.answers import KNOWN_BOUNDS, WAYS, Way
from mobilize.lessons.keys import Table
from mobilize.lessons.lesson import (
    ASPECTS,
    QUESTIONS,
    TEAM,
    Calculation,
    Option,
    Point,
    Question,
    Tolerance,
)
from mobilize.lessons.measures import MEASURES
from mobilize.scenario import Scenario
from mobilize.scenario.faults import hint, listed, shown
from mobilize.why import LICENCE
from policies.dpas import Order, Rating
from policies.levers import catalogue

Names = Mapping[str, Sequence[str]]
CHOOSE = ("choice", "rank", "constraint", "reasoning")  # of the last, figures for its model answer
BOUNDS = (*KNOWN_BOUNDS, LICENCE)
MOST = 100  # points of one question
WORLDS = 20  # over which a swing may be a mean
MONTH = ("until", "since")
WHOLE = {"most": (1, 10), "worlds": (1, WORLDS)}
CASES = ("case", "against", "denial", "full")


def read_question(row: Table, scenario: Scenario, names: Names) -> Question:
    """Return a question; what is wrong with it is remembered by the table."""
    kind = row.one_of("kind", QUESTIONS)
    given = row.any("answer")
    common = {k: given[k] for k in ("what",) if k in given} if isinstance(given, dict) else {}
    options = tuple(_option(o, common, scenario, names) for o in row.tables("options"))
    book, capacity, month = _book(row) if kind == "queue" or row.has("book") else ((), 0.0, 0)
    found = Question(
        name=row.text("name"),
        kind=kind,  # type: ignore[arg-type]
        text=row.text("text"),
        objective=row.one_of("objective", names["objective"]),
        aspect=row.one_of("aspect", ASPECTS),  # type: ignore[arg-type]
        points=row.number("points", 0.5, MOST, 1.0),
        part=row.one_of("part", names["part"], TEAM),
        because_of=row.text("because_of", ""),
        options=options,
        unit=row.text("unit") if kind == "number" else row.text("unit", ""),
        tolerance=_tolerance(row) if kind == "number" else None,
        book=book,
        capacity=capacity,
        month=month,
        rubric=tuple(map(_point, row.tables("rubric", "text"))),
        model=row.text("model") if kind == "reasoning" else row.text("model", ""),
        why=row.text("why", ""),
        calculation=_calculation(row, kind, options, scenario, names),
        several=row.truth("several", False),
        stated=row.any("stated"),
        source=row.one_of("source", names["source"], ""),
    )
    _by_kind(row, found)
    row.done()
    return found


def _by_kind(row: Table, q: Question) -> None:
    """Check what a kind of question needs and does not know."""
    if q.kind in ("choice", "rank") and len(q.options) < 2:
        row.wrong("options", f"{len(q.options)} given", "at least 2")
    if q.options and q.kind not in CHOOSE:
        row.wrong("options", f"a question of kind {q.kind} has none")
    if q.kind == "reasoning" and not q.rubric:
        row.wrong("rubric", "is missing", "at least one point")
    if q.rubric and q.kind != "reasoning":
        row.wrong("rubric", f"a question of kind {q.kind} has none")
    if q.several and q.kind != "choice":
        row.wrong("several", "is for questions of kind choice")
    known = [option.name for option in q.options]
    for name in sorted({n for n in known if known.count(n) > 1}):
        row.wrong("options", f"{shown(name)} is given twice", "each name once")
    if q.kind == "reasoning":
        return
    if (q.calculation is None) == (q.stated is None):
        row.wrong("answer", "needs exactly one of 'answer' and 'stated'",
                  "a calculation, or what no model knows with its source")  # fmt: skip
    if q.stated is not None:
        if not q.source:
            row.wrong("source", "is missing", "the source of what is stated")
        wanted = q.stated if isinstance(q.stated, list) else [q.stated]
        if q.kind in ("choice", "rank") and not set(map(str, wanted)) <= set(known):
            row.wrong("stated", f"{shown(q.stated)} is no option", listed(known))


def _option(row: Table, common: Mapping[str, Any], scenario: Scenario, names: Names) -> Option:
    """Return an option; `common` are arguments that all options share."""
    name, text = row.text("name"), row.text("text")
    rest = {key: value for key, value in row.row.items() if key not in ("name", "text")}
    for key in rest:
        _argument(row, key, {**common, **rest}, scenario, names)
    row.done()
    return Option(name, text, rest)


def _point(row: Table) -> Point:
    found = Point(row.text("text"), row.number("worth", 0.5, MOST, 1.0), row.texts("words", ()))
    row.done()
    return found


def _tolerance(row: Table) -> Tolerance:
    table = Table(row.any("tolerance"), f"{row.place}, tolerance", row.faults)
    kind = "amount" if table.has("amount") else "factor"
    value = table.any(kind)
    table.done()
    pair = isinstance(value, list) and len(value) == 2
    least = 0.0 if kind == "amount" else 1.0
    if pair and all(isinstance(v, int | float) for v in value) and least <= value[0] < value[1]:
        return Tolerance(kind, float(value[0]), float(value[1]))  # type: ignore[arg-type]
    allowed = "{ factor = [1.25, 2] } or { amount = [2, 6] }: full marks up to, none from"
    row.wrong("tolerance", f"{shown(value)} cannot be", allowed)
    return Tolerance("factor", 1.0, 2.0)


def _book(row: Table) -> tuple[tuple[Order, ...], float, int]:
    """Return the order book of a plant, its capacity a month, and the month it stands in."""
    ratings = {r.name: r for r in Rating}
    orders = []
    for one in row.tables("book", "id"):
        name = one.text("id")
        rating = one.one_of("rating", ratings)
        quantity = one.number("quantity", 0, 1e9)
        required, received = (one.integer(k, -240, 240) for k in ("required", "received"))
        one.done()
        if rating in ratings:
            orders.append(Order(name, ratings[rating], float(quantity), required, received))
    if len(orders) < 2:
        row.wrong("book", f"{len(orders)} orders", "at least 2, each with its own id")
    if len({order.id for order in orders}) < len(orders):
        row.wrong("book", "two orders have one id", "each id once")
    return tuple(orders), float(row.number("capacity", 1e-6, 1e9)), row.integer("month", -240, 240)


def _calculation(
    row: Table, kind: str, options: Sequence[Option], scenario: Scenario, names: Names
) -> Calculation | None:
    if not row.has("answer"):
        return None
    table = Table(row.any("answer"), f"{row.place}, answer", row.faults)
    name = table.one_of("calculate", WAYS)
    given = {key: value for key, value in table.row.items() if key != "calculate"}
    way = WAYS.get(name)
    if way is None:
        return None
    if kind not in way.kinds:
        fits = [n for n, w in WAYS.items() if kind in w.kinds]
        table.wrong("calculate", f"'{name}' answers no question of kind {kind}", listed(fits))
    for key in given:
        table.has(key)
        if key not in (*way.needs, *way.may):
            known = (*way.needs, *way.may)
            table.wrong(key, f"'{name}' knows no such key{hint(key, known)}", listed(known))
        else:
            _argument(table, key, given, scenario, names)
    _needed(table, way, given, options)
    return Calculation(name, given)


def _needed(table: Table, way: Way, given: Mapping[str, Any], options: Sequence[Option]) -> None:
    for key in way.needs:
        if key not in given:
            table.wrong(key, "is missing")
    for option in options:
        for key in option.arguments:
            if key not in way.options:
                table.wrong(key, f"option '{option.name}' may not have it",
                            listed(way.options) or "name and text")  # fmt: skip
        for key in ("what", "of"):
            if key in way.options and key not in given and key not in option.arguments:
                table.wrong(key, f"is missing, and option '{option.name}' has none")


def _argument(
    table: Table, key: str, given: Mapping[str, Any], scenario: Scenario, names: Names
) -> None:
    """Check one argument of a calculation by its name."""
    value = given[key]
    table.has(key)
    if key in CASES:
        for case in value if isinstance(value, list) else [value]:
            if case not in names["case"]:
                table.wrong(key, f"{shown(case)} is no case{hint(str(case), names['case'])}",
                            listed(names["case"]))  # fmt: skip
    elif key in MONTH:
        table.integer(key, 0, scenario.horizon)
    elif key == "what":
        table.one_of(key, MEASURES)
    elif key == "of":
        _of(table, given, scenario)
    elif key == "lever":
        table.one_of(key, catalogue())
    elif key == "way":
        table.one_of(key, ("raises", "lowers"))
    elif key in ("percent", "lowest"):
        table.truth(key, False)
    elif key in WHOLE:
        table.integer(key, *WHOLE[key])
    elif key in ("least", "amount"):
        table.number(key, 0, 1e12)
    elif key == "varies":
        _varies(table, scenario)
    elif key == "new":
        table.text(key)
    else:
        table.wrong(key, f"is unknown{hint(key, (*CASES, *MONTH, 'what', 'of'))}")


def _of(table: Table, given: Mapping[str, Any], scenario: Scenario) -> None:
    """Check what a figure is asked of; without `what` it is what a reason chain may start from."""
    from mobilize.model import compiled

    what = given.get("what")
    if what is None:
        ids = compiled(scenario)[1]
        table.one_of("of", dict.fromkeys((*ids.programs, *ids.items, *ids.lines)))
    elif what in MEASURES:
        allowed = MEASURES[what].of(scenario)
        if not allowed:
            table.wrong("of", f"{scenario.name} has nothing to measure as '{what}'")
        table.one_of("of", allowed)


def _varies(table: Table, scenario: Scenario) -> None:
    from experiments.catalogue import catalogue as factors

    table.one_of("varies", factors(scenario))
