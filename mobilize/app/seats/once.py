"""A form that is sent twice, by a double click or an impatient phone, lets somebody in once."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Mapping

from mobilize.rooms.host import Joined
from mobilize.rooms.room import Refusal

TICKET = "ticket"  # the field by which a form is known again
MINUTE = 60.0  # seconds for which it is: no longer does a server keep anybody's token


def ticket() -> str:
    """Return what makes a form known again: given out with it, and told to nobody else."""
    return secrets.token_urlsafe(16)


class Once:
    """Lets people in by forms; the same form sent again gets the place that it got before."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._taken: dict[frozenset[tuple[str, str]], tuple[float, Joined]] = {}

    def take(
        self, form: Mapping[str, str], let_in: Callable[[], Joined | Refusal]
    ) -> Joined | Refusal:
        """Return who was let in by this very form a moment ago, else what `let_in` does."""
        if not form.get(TICKET):
            return let_in()
        key = frozenset(form.items())
        with self._lock:  # the second waits for the first
            now = self._clock()
            self._taken = {k: one for k, one in self._taken.items() if one[0] > now - MINUTE}
            if key in self._taken:
                return self._taken[key][1]
            found = let_in()
            if isinstance(found, Joined):
                self._taken[key] = now, found
            return found
