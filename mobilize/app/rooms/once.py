"""Views worked out once for all tabs of a seat, and kept while what they are made of stays."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")
KEPT = 1000  # views
PLAIN = (str, int, float, bool, type(None))  # of these the value counts, of others the object

_LOCK = threading.Lock()
_KEPT: OrderedDict[tuple[Any, ...], tuple[tuple[Any, ...], Any]] = OrderedDict()


def once(view: Callable[..., T], *parts: Any) -> T:
    """Return `view(*parts)`; for the same parts the same object, so nothing is painted again.

    Parts of a sight that are equal stay the same (:class:`mobilize.app.rooms.shared.Sights`).

    Examples
    --------
    >>> parts = [1, 2]
    >>> once(sorted, parts) is once(sorted, parts)
    True
    """
    return kept(view, parts, lambda: view(*parts))


def kept(name: Any, parts: tuple[Any, ...], make: Callable[[], T]) -> T:
    """Return what `make` gives, made once while `parts` are the same objects."""
    key = (name, *(p if isinstance(p, PLAIN) else id(p) for p in parts))
    with _LOCK:
        found = _KEPT.get(key)
        if found is not None:
            _KEPT.move_to_end(key)
            return found[1]
    made = make()
    with _LOCK:
        made = _KEPT.setdefault(key, (parts, made))[1]  # parts are held: an id is theirs alone
        while len(_KEPT) > KEPT:
            _KEPT.popitem(last=False)
    return made
