"""What ``scenario.toml`` may hold: the keys of each entry, how they are read, what is allowed."""

from collections import Counter
from typing import Any
from unicodedata import category

from mobilize.crises.kinds import kinds
from mobilize.ladder import MINDSETS
from mobilize.scenario.cells import CellError, Reader, reader
from mobilize.scenario.faults import Hints, listed, shown
from mobilize.scenario.schema import Attribute, tables

REQUIRED = "required"
"""Marks a key that must be given."""

ATTACK = "attack"
"""Outbreak of a conflict that begins when the challenger attacks."""

METRICS = ("fires", "replenish", "fragile", "assured", "dependence", "cohesion", "kept")
"""Metrics of deterrence that may trigger an event, see `mobilize.deterrence.SERIES`."""

_LARGEST = 1e15

Schema = dict[str, tuple[Reader, Any]]


def _attribute(kind: str, allowed: str = "") -> Reader:
    return reader(Attribute("", "", kind, "", "", allowed, ""))


def _text(kind: str, allowed: str = "") -> Reader:
    """Read a TOML string as a cell of the given type."""
    read = _attribute(kind, allowed)

    def value(given: Any) -> Any:
        if not isinstance(given, str):
            raise CellError(f"{shown(given)} is not a text in quotes", 'a text, such as "2022-02"')
        if not given.strip():
            raise CellError("the text is empty", "a text in quotes")
        if any(category(sign) == "Cc" and sign not in "\n\t" for sign in given):
            raise CellError(f"{shown(given)} holds control characters", "a text without them")
        return read(given.strip())

    return value


def _number(kind: str, allowed: str) -> Reader:
    """Read a TOML number as a cell of the given type."""
    read = _attribute(kind, allowed)

    def value(given: Any) -> Any:
        if isinstance(given, bool) or not isinstance(given, int | float):
            raise CellError(f"{shown(given)} is not a number", "a number without quotes")
        if abs(given) > _LARGEST:
            raise CellError(f"{shown(given)} is too large a number", f"at most {_LARGEST:g}")
        return read(repr(given))

    return value


def _outbreak(given: Any) -> Any:
    """Read a month, or the word for a conflict that a challenger's attack begins."""
    if given == ATTACK:
        return ATTACK
    try:
        return _text("month")(given)
    except CellError as error:
        raise CellError(error.problem, f'a month, such as "2026-12", or "{ATTACK}"') from None


def _texts(given: Any) -> tuple[str, ...]:
    """Read a list of texts; one or more, each once."""
    if not isinstance(given, list) or not given:
        raise CellError(f"{shown(given)} is no list of texts", '["text", "text"]')
    read = _text("text")
    texts = tuple(read(text) for text in given)
    again = [text for text, count in Counter(texts).items() if count > 1]
    if again:
        raise CellError(f"{listed(map(shown, again))} given more than once", "each text once")
    return texts


def _trigger(given: Any) -> dict[str, Any]:
    """Read what fires an event."""
    allowed = '{ on = "unmet", of = "program-id", above = 0 }'
    if not isinstance(given, dict):
        raise CellError(f"{shown(given)} is no trigger", allowed)
    wrong = [CellError(f"unknown key {shown(key)}", listed(TRIGGER))
             for key in given if key not in TRIGGER]  # fmt: skip
    found: dict[str, Any] = {}
    for key, (read, default) in TRIGGER.items():
        try:
            if key not in given and default is REQUIRED:
                raise CellError(f"the key {shown(key)} is missing", allowed)
            found[key] = read(given[key]) if key in given else default
        except CellError as error:
            wrong.append(error)
    if wrong:
        told = dict.fromkeys(error.allowed for error in wrong)
        raise CellError("; ".join(error.problem for error in wrong), "; ".join(told))
    return found


def _flag(given: Any) -> bool:
    """Read true or false."""
    if not isinstance(given, bool):
        raise CellError(f"{shown(given)} is neither true nor false", "true or false")
    return given


def _parts(given: Any) -> dict[str, float]:
    """Read the parts of a complete set: units of each program."""
    if not isinstance(given, dict) or not given:
        raise CellError(f"{shown(given)} names no parts", "{ program-id = units }")
    return {program: _units(program, number) for program, number in given.items()}


def _without(given: Any) -> tuple[tuple[str, str], ...]:
    """Read the rows of the base to leave out: tables, each with a list of keys."""
    if not isinstance(given, dict) or not given:
        raise CellError(f"{shown(given)} names no rows", 'a table [without] with lines = ["id"]')
    for table in given:
        if table not in tables():
            raise CellError(
                f"unknown table {shown(table)}{Hints(tables())(table)}", listed(tables())
            )
    return tuple((table, key) for table, keys in given.items() for key in _texts(keys))


def _units(program: str, given: Any) -> float:
    try:
        return float(_number("number", ">0")(given))
    except CellError as error:
        raise CellError(f"units of {shown(program)}: {error.problem}", error.allowed) from None


SCALARS: Schema = {
    "title": (_text("text"), REQUIRED),
    "summary": (_text("text"), REQUIRED),
    "start": (_text("month"), REQUIRED),
    "horizon": (_number("integer", "1..1200"), REQUIRED),
    "seed": (_number("integer", ">=0"), 1),
    "based_on": (_text("text"), None),
    "without": (_without, ()),
    "history": (_text("key"), ""),
}
CITED: Schema = {
    "source": (_text("source"), REQUIRED),
    "confidence": (_text("confidence"), REQUIRED),
}
NAMED: Schema = {
    "id": (_text("key"), REQUIRED),
    "name": (_text("text"), REQUIRED),
}
CONFLICT: Schema = {
    **NAMED,
    "outbreak": (_outbreak, None),
    "need_days": (_number("number", ">0"), None),
    "source": (_text("source"), None),
    "confidence": (_text("confidence"), None),
}
PHASE: Schema = {
    "name": (_text("text"), REQUIRED),
    "months": (_number("integer", "1..1200"), REQUIRED),
}
USE: Schema = {
    "program": (_text("text"), REQUIRED),
    "phase": (_text("text"), None),
    "from": (_text("month"), None),
    "to": (_text("month"), None),
    "per_day": (_number("number", ">=0"), REQUIRED),
    **CITED,
}
SUBSTITUTE: Schema = {
    "program": (_text("text"), REQUIRED),
    "instead": (_text("text"), REQUIRED),
    "units": (_number("number", ">0"), REQUIRED),
    **CITED,
}
DISTURBANCE: Schema = {
    "id": (_text("key"), REQUIRED),
    "kind": (_text("choice", "|".join(kinds())), REQUIRED),
    "target": (_text("text"), REQUIRED),
    "start": (_text("month"), None),
    "months": (_number("integer", "0..1200"), None),
    "severity": (_number("number", ">=0"), None),
    "recovery": (_number("integer", "0..1200"), None),
    "text": (_text("text"), REQUIRED),
    **CITED,
}
TRIGGER: Schema = {
    "on": (_text("choice", "unmet|stock|metric|conflict|rung|after"), REQUIRED),
    "of": (_text("text"), REQUIRED),
    "below": (_number("number", ">=0"), None),
    "above": (_number("number", ">=0"), None),
    "months": (_number("integer", "0..1200"), 0),
}
EVENT: Schema = {
    "id": (_text("key"), REQUIRED),
    "title": (_text("text"), REQUIRED),
    "when": (_text("month"), None),
    "trigger": (_trigger, None),
    "audience": (_texts, REQUIRED),
    "text": (_text("text"), REQUIRED),
    "effects": (_texts, ()),
    "expected": (_text("text"), REQUIRED),
    "objective": (_text("text"), REQUIRED),
}
HAZARD: Schema = {
    "id": (_text("key"), REQUIRED),
    "kind": (_text("choice", "|".join(kinds())), REQUIRED),
    "targets": (_texts, REQUIRED),
    "per_year": (_number("number", ">0"), REQUIRED),
    "text": (_text("text"), REQUIRED),
    **CITED,
}
SET: Schema = {**NAMED, "parts": (_parts, REQUIRED)}
OBJECTIVE: Schema = {
    "text": (_text("text"), REQUIRED),
    "program": (_text("text"), REQUIRED),
    "month": (_text("month"), REQUIRED),
    "stock": (_number("number", ">=0"), None),
    "deliveries": (_number("number", ">=0"), None),
}
CHALLENGER: Schema = {
    "country": (_text("text"), REQUIRED),
    "acts": (_flag, REQUIRED),
    "mindset": (_text("choice", "|".join(("drawn", *MINDSETS))), "drawn"),
    "near": (_text("text"), None),
    **CITED,
}
LISTS = {
    "conflict": CONFLICT,
    "disturbance": DISTURBANCE,
    "event": EVENT,
    "hazard": HAZARD,
    "set": SET,
    "objective": OBJECTIVE,
}
OF_CONFLICT = {"use": USE, "phase": PHASE, "substitute": SUBSTITUTE}
