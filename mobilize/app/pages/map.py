"""The page of the map, and its small picture for other pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara

from mobilize.app.present import Ask
from mobilize.app.views import map as places
from mobilize.app.views import network
from mobilize.game.sitting import Sitting, View


@solara.component_vue("../components/map.vue")
def MapPicture(
    base: dict[str, Any],
    plan: dict[str, Any],
    now: dict[str, Any],
    choices: list[dict[str, Any]],
    compact: bool,
    event_pick: Callable[[str], None],
    event_ask: Callable[[str], None],
) -> None:
    """Draw the places of plants on the map, and how they do."""


@solara.component
def MapPage(sitting: Sitting, view: View, ask: Ask) -> None:
    """Show every plant on the map, or those that feed one item."""
    model = view.model
    item, choose = solara.use_state(network.ALL)
    listed = solara.use_memo(lambda: network.choices(model), [sitting.key])
    with solara.Div(classes=["panel"]):
        _picture(view, item, listed, False, choose, ask)


@solara.component
def SmallMap(view: View, ask: Ask) -> None:
    """Show the plants of the item that falls furthest short."""
    item = network.worst_item(view.model.world)
    _picture(view, item, [], True, lambda _: None, ask)


def _picture(
    view: View,
    item: str,
    listed: list[dict[str, Any]],
    compact: bool,
    choose: Callable[[str], None],
    ask: Ask,
) -> None:
    """Draw a map of the plants that feed an item."""
    model = view.model
    world = solara.use_memo(lambda: places.drawn(model.world.scenario), [view.game.scenario.digest])
    now = solara.use_memo(lambda: places.state(model, item), [view.game, item])
    MapPicture(
        base=world,
        plan=places.places(model, item),
        now=now,
        choices=listed,
        compact=compact,
        event_pick=choose,
        event_ask=lambda line: ask("line", line, None),
    )
