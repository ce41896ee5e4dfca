"""What a page of a long table is filtered by, as a browser asks for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara

LONGEST = 100  # characters of a search that are looked at


def use_filter(*names: str) -> tuple[dict[str, Any], Callable[[dict[str, Any]], None]]:
    """Return the words wanted by name with the page, and how to change them; at first none."""
    wanted, want = solara.use_state({**dict.fromkeys(names, ""), "page": 0})

    def show(given: dict[str, Any]) -> None:
        words = {name: str(given.get(name, ""))[:LONGEST] for name in names}
        want({**words, "page": int(given.get("page", 0))})

    return wanted, show
