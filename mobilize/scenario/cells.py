"""Reading the cells of one column: text becomes numbers, months and words, or faults."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from mobilize.scenario import months
from mobilize.scenario.faults import Fault, Hints, listed, shown
from mobilize.scenario.schema import Attribute
from mobilize.scenario.table import Column, array, missing

CONFIDENCES = ("documented", "estimate", "unverified", "notional")

_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_INTEGER = re.compile(r"[+-]?[0-9]{1,18}")
_SOURCE = re.compile(r"[A-Za-z0-9][\w.-]*", re.ASCII)
_SOURCES = re.compile(rf"{_SOURCE.pattern}(?:\+{_SOURCE.pattern})*", re.ASCII)
_KEYS = {
    "countries": (re.compile(r"[A-Z]{2}"), "two capital letters (ISO 3166 alpha-2), such as US"),
    "parameters": (re.compile(r"[a-z][a-z0-9_]*"), "lower-case letters, digits and underscores"),
    "sources": (_SOURCE, "letters, digits, '.', '-' and '_'"),
}
_KEBAB = (
    re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*"),
    "lower-case words joined by '-', such as us-m795",
)

Reader = Callable[[str], Any]


class CellError(ValueError):
    """A cell that says nothing its column can hold: what is wrong, and what would be right."""

    def __init__(self, problem: str, allowed: str = "") -> None:
        super().__init__(problem, allowed)
        self.problem = problem
        self.allowed = allowed


def read_column(
    cells: Sequence[str], file_rows: Sequence[int], attribute: Attribute, file: str
) -> tuple[Column, list[Fault]]:
    """
    Read one column.

    A faulty cell becomes a missing number, or keeps its text, so that one mistake is
    reported once.
    """
    read, blank, values = reader(attribute), missing(attribute), []
    keeps_text = attribute.type not in ("number", "integer", "month", "source")
    faults: list[Fault] = []
    known: dict[str, Any] = {}
    for cell, row in zip(cells, file_rows, strict=True):
        if cell in known:
            values.append(known[cell])
            continue
        try:
            known[cell] = read(cell)
            values.append(known[cell])
        except CellError as error:
            values.append(cell if keeps_text else blank)
            faults.append(Fault(file, row, attribute.column, error.problem, error.allowed))
    return array(values, attribute), faults


def reader(attribute: Attribute) -> Reader:
    """Return the function that reads one cell of a column."""
    read = _typed(attribute)
    filler, blank = attribute.filler, missing(attribute)
    filled = read(filler) if filler else blank
    required, allowed = attribute.required, allowed_text(attribute)

    def cell(text: str) -> Any:
        if text:
            return read(text)
        if required:
            raise CellError("the cell is empty", allowed)
        return filled

    return cell


def allowed_text(attribute: Attribute) -> str:
    """Say what a column may hold."""
    match attribute.type:
        case "number":
            return str(attribute.limits)
        case "integer":
            return f"a whole number, {attribute.limits}"
        case "month":
            return "YYYY-MM, such as 2022-02"
        case "key":
            return _KEYS.get(attribute.table, _KEBAB)[1]
        case "source":
            return "ids of sources.csv joined by '+', or MODEL"
        case "confidence":
            return listed(CONFIDENCES)
    if attribute.refers_to:
        ids = " or ".join(f"{table}.csv" for table in attribute.refers_to)
        return " or ".join([f"an id of {ids}", *attribute.words])
    return listed(attribute.choices) or "text"


def _typed(attribute: Attribute) -> Reader:
    match attribute.type:
        case "number":
            return _number(attribute)
        case "integer":
            return _integer(attribute)
        case "month":
            return _month
        case "key":
            return _matching(*_KEYS.get(attribute.table, _KEBAB))
        case "source":
            return _matching(_SOURCES, allowed_text(attribute))
        case "confidence":
            return _word(CONFIDENCES)
    if attribute.choices and not attribute.refers_to:
        return _word(attribute.choices)
    return str


def _number(attribute: Attribute) -> Reader:
    limits = attribute.limits
    allowed, low, high = str(limits), limits.low, limits.high
    exclusive, match = limits.above, _NUMBER.fullmatch

    def read(text: str) -> float:
        if match(text) is None:
            raise CellError(_not_a_number(text), allowed)
        number = float(text) + 0.0
        if number in (float("inf"), -float("inf")):
            raise CellError(f"{shown(text)} is too large a number", allowed)
        if low <= number <= high and not (exclusive and number == low):
            return number
        raise CellError(limits.problem(number), allowed)

    return read


def _integer(attribute: Attribute) -> Reader:
    limits, allowed = attribute.limits, allowed_text(attribute)

    def read(text: str) -> int:
        if _INTEGER.fullmatch(text) is None:
            problem = "is not a whole number" if _NUMBER.fullmatch(text) else ""
            raise CellError(f"{shown(text)} {problem}" if problem else _not_a_number(text), allowed)
        problem = limits.problem(int(text))
        if problem:
            raise CellError(problem, allowed)
        return int(text)

    return read


def _not_a_number(text: str) -> str:
    without = text.replace(",", "")
    if without != text and _NUMBER.fullmatch(without):
        return f"{shown(text)} has a comma; write {without} for thousands, a point for decimals"
    if text.casefold().lstrip("+-") in ("nan", "inf", "infinity"):
        return f"{shown(text)} is not a finite number"
    return f"{shown(text)} is not a number"


def _month(text: str) -> int:
    try:
        return months.parse(text)
    except ValueError:
        raise CellError(f"{shown(text)} is not a month", "YYYY-MM, such as 2022-02") from None


def _matching(pattern: re.Pattern[str], allowed: str) -> Reader:
    match = pattern.fullmatch

    def read(text: str) -> str:
        if match(text) is None:
            raise CellError(f"{shown(text)} is not written as one", allowed)
        return text

    return read


def _word(words: Sequence[str]) -> Reader:
    hints, allowed, known = Hints(words), listed(words), frozenset(words)

    def read(text: str) -> str:
        if text not in known:
            raise CellError(f"unknown word {shown(text)}{hints(text)}", allowed)
        return text

    return read
