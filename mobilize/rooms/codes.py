"""Codes to come in by, tokens to come back by, and a limit on guessing."""

from __future__ import annotations

import secrets
from collections import deque

LETTERS = "BCDFGHJKLMNPQRSTVWXZ23456789"  # no vowels (no words), nothing read as another
LONG = 7  # 28^7 = 13 thousand million codes
WRONG, EVERYBODY, SPAN = 60, 600, 600.0  # wrong codes from one place and from all, in seconds
"""600 in ten minutes find one code of 28^7 in 400 years; a class mistypes less."""
JOINS = 100  # people who join from one place in that time: a class behind one telephone, twice
PLACES = 10_000  # remembered
HERE = "127."  # how the addresses of this machine itself begin


def new_code() -> str:
    """Return a code that nobody guesses and everybody can read out."""
    return "".join(secrets.choice(LETTERS) for _ in range(LONG))


def new_token() -> str:
    """Return a secret by which a browser keeps its seat."""
    return secrets.token_urlsafe(32)


def read_code(given: object) -> str:
    """Return a code as it was meant: without spaces and dashes, in capitals."""
    text = given if isinstance(given, str) else ""
    return "".join(c for c in text[:40].upper() if c in LETTERS)


class Recent:
    """What happened of late, by the place it came from.

    Parameters
    ----------
    most : int
        Times within the span that one place has.
    span : float
        Seconds.
    """

    def __init__(self, most: int, span: float = SPAN) -> None:
        self._most, self._span = most, span
        self._times: dict[str, deque[tuple[float, str]]] = {}

    def wait(self, place: str, now: float) -> float:
        """Return for how many seconds a place has used up its times; 0 if it has not."""
        times = self._times.get(place) or deque()
        return max(0.0, times[0][0] + self._span - now) if len(times) >= self._most else 0.0

    def add(self, place: str, now: float, what: str = "") -> bool:
        """Count once more, but not what this place has tried before; return whether it counted."""
        times = self._times.setdefault(place, deque(maxlen=self._most))
        if what and any(what == before and now < at + self._span for at, before in times):
            return False
        times.append((now, what))
        if len(self._times) > PLACES:
            self._times.pop(next(iter(self._times)))
        return True


class Attempts:
    """Counts wrong codes by where they come from; too many are not even looked at.

    A class behind one address may mistype, and a code read out wrong is one code however many
    type it: only different codes count. This machine is never kept out by what others try.
    """

    def __init__(self) -> None:
        self._by_place, self._by_all = Recent(WRONG), Recent(EVERYBODY)

    def wait(self, source: str, now: float) -> float:
        """Return for how many seconds no code is taken from a source; 0 if one is."""
        everybody = 0.0 if source.startswith(HERE) else self._by_all.wait("", now)
        return max(self._by_place.wait(source, now), everybody)

    def wrong(self, source: str, now: float, code: str = "") -> None:
        """Remember a wrong code."""
        if self._by_place.add(source, now, code):
            self._by_all.add("", now)
