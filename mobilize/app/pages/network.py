"""The page of the supply network, and its small picture for other pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara

from mobilize.app.present import Ask
from mobilize.app.views import network
from mobilize.game.sitting import Sitting, View


@solara.component_vue("../components/network.vue")
def NetworkPicture(
    plan: dict[str, Any],
    now: dict[str, Any],
    choices: list[dict[str, Any]],
    compact: bool,
    event_pick: Callable[[str], None],
    event_ask: Callable[[str], None],
) -> None:
    """Draw a layout and the state of its plants."""


@solara.component
def NetworkPage(sitting: Sitting, view: View, ask: Ask) -> None:
    """Show the network of one item, at first of the one that falls furthest short."""
    model = view.model
    chosen, choose = solara.use_state("")
    first = solara.use_memo(lambda: network.worst_item(model.world), [sitting.key])
    item = {"": first, "*": network.ALL}.get(chosen, chosen)
    plan = network.layout(model, item)
    now = solara.use_memo(lambda: network.state(model, plan), [view.game, item])
    listed = solara.use_memo(lambda: network.choices(model), [sitting.key])
    with solara.Div(classes=["panel"]):
        NetworkPicture(
            plan=plan,
            now=now,
            choices=listed,
            compact=False,
            event_pick=lambda picked: choose(picked or "*"),
            event_ask=lambda line: ask("line", line, None),
        )


@solara.component
def SmallNetwork(view: View, ask: Ask) -> None:
    """Show what holds up the item that falls furthest short, with its neighbours."""
    model = view.model
    plan, now = solara.use_memo(lambda: network.small(model), [view.game])
    NetworkPicture(
        plan=plan,
        now=now,
        choices=[],
        compact=True,
        event_pick=lambda _: None,
        event_ask=lambda line: ask("line", line, None),
    )
