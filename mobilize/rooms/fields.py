"""What the body of an act may hold: each key with a check, and words for what is wrong."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

Check = Callable[[object], str]  # what is allowed, where the value is not; "" where it is
Fields = Mapping[str, Check]
NAME, LINE, TEXT = 40, 200, 2000  # letters
BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")  # turn text round


def optional(check: Check) -> Check:
    """Return a check that nothing passes too."""
    return lambda value: "" if value is None else check(value)


def text(most: int = LINE, least: int = 0) -> Check:
    """Return a check for text: no control letters, nothing that turns its direction."""
    allowed = f"text of {least} to {most} letters, without control characters"

    def check(value: object) -> str:
        if not isinstance(value, str) or not least <= len(value.strip()) or len(value) > most:
            return allowed
        odd = any((c < " " and c != "\n") or c == "\x7f" or c in BIDI or _alone(c) for c in value)
        return allowed if odd else ""

    return check


def _alone(letter: str) -> bool:
    """Return whether this is half a letter, which no file can hold."""
    return "\ud800" <= letter <= "\udfff"


def number(low: float, high: float) -> Check:
    """Return a check for a number."""

    def check(value: object) -> str:
        numeric = isinstance(value, int | float) and not isinstance(value, bool)
        good = numeric and math.isfinite(float(str(value))) and low <= float(str(value)) <= high
        return "" if good else f"a number from {low:g} to {high:g}"

    return check


def whole(low: int, high: int) -> Check:
    """Return a check for a whole number."""

    def check(value: object) -> str:
        good = isinstance(value, int) and not isinstance(value, bool) and low <= value <= high
        return "" if good else f"a whole number from {low} to {high}"

    return check


def yes_or_no(value: object) -> str:
    """Check for true or false."""
    return "" if isinstance(value, bool) else "true or false"


def value_of_lever(value: object) -> str:
    """Check for what a lever may be set to at all: a word or a number."""
    return number(-1e9, 1e9)(value) and text(LINE, 1)(value) and "a word or a number"


def one_of(*words: str) -> Check:
    """Return a check for a word."""
    return lambda value: "" if value in words else ", ".join(words)


def several(check: Check, most: int) -> Check:
    """Return a check for a list of things that each pass a check."""

    def checked(value: object) -> str:
        if not isinstance(value, list) or len(value) > most:
            return f"a list of at most {most}"
        return next((told for each in value if (told := check(each))), "")

    return checked


def table(fields: Fields) -> Check:
    """Return a check for a table with some keys."""
    return lambda value: "; ".join(faults(value, fields))


def faults(body: object, fields: Fields) -> list[str]:
    """Return what is wrong with a body: keys unknown or missing, values not allowed."""
    if not isinstance(body, Mapping):
        return ["what is sent is not a table"]
    found = [f"'{str(key)[:40]}' is unknown; allowed: {', '.join(fields) or 'nothing'}"
             for key in body if key not in fields]  # fmt: skip
    for key, check in fields.items():
        told = check(body.get(key))
        if told:
            found.append(f"'{key}' is missing or wrong; allowed: {told}")
    return found


def size(body: Any) -> int:
    """Return how many letters a body holds, keys and texts; others count one."""
    if isinstance(body, Mapping):
        return sum(size(k) + size(v) for k, v in body.items())
    if isinstance(body, list | tuple):
        return sum(size(each) for each in body) + 1
    return len(body) if isinstance(body, str) else 1
