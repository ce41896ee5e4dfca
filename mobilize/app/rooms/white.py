"""Placeholder."""

from __future__ import annotations

from typing import Any

import solara

from mobilize.app.rooms.shared import Act, Look

WHITE_PAGES = {"table": "Table"}


@solara.component_vue("plain.vue")
def Plain(text: str, event_act: Act) -> None:
    """Show raw data."""


@solara.component
def WhitePage(key: str, look: Look, page: str, act: Act, go: Any) -> None:
    """Show a page."""
    Plain(text=str(look.sight), event_act=act)
