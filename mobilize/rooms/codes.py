"""Codes to come in by, tokens to come back by, and a limit on guessing."""

from __future__ import annotations

import secrets
from collections import deque

LETTERS = "BCDFGHJKLMNPQRSTVWXZ23456789"  # no vowels (no words), nothing read as another
LONG = 7  # 28^7 = 13 thousand million codes
WRONG, EVERYBODY, SPAN = 8, 200, 600.0  # wrong codes from one place and from all, in seconds
PLACES = 10_000  # remembered


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


class Attempts:
    """Counts wrong codes by where they come from; too many are not even looked at."""

    def __init__(self) -> None:
        self._wrong: dict[str, deque[float]] = {}
        self._all: deque[float] = deque(maxlen=EVERYBODY)

    def wait(self, source: str, now: float) -> float:
        """Return for how many seconds no code is taken from a source; 0 if one is."""
        mine = self._wrong.get(source, deque())
        waits = [
            times[0] + SPAN - now
            for times, most in ((mine, WRONG), (self._all, EVERYBODY))
            if len(times) >= most
        ]
        return max(0.0, *waits) if waits else 0.0

    def wrong(self, source: str, now: float) -> None:
        """Remember a wrong code."""
        if source not in self._wrong and len(self._wrong) >= PLACES:
            self._wrong.pop(next(iter(self._wrong)))
        self._wrong.setdefault(source, deque(maxlen=WRONG)).append(now)
        self._all.append(now)
