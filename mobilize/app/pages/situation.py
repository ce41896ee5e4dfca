"""Situation: figures, levers, charts with what lies ahead, and what binds each item."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara

from mobilize.app.pages.map import SmallMap
from mobilize.app.pages.network import SmallNetwork
from mobilize.app.present import Ask
from mobilize.app.views.charts import ALL, chart, drafted, item_choices, metric_choices
from mobilize.app.views.levers import lever_board, lever_state
from mobilize.app.views.log import feed
from mobilize.app.views.situation import item_rows, tiles
from mobilize.game.sitting import Sitting, View
from policies.package import PackageError

NEWEST = 30  # rows of the feed
CHOSEN = solara.reactive({"item": ALL, "metric": "", "account": "money"})
"""What the charts of a tab show; it stays while other pages are looked at."""
MONEY = [
    {"id": "money", "name": "Paid to programs, projects, policies"},
    {"id": "undelivered", "name": "On contract, not delivered"},
    {"id": "unmet", "name": "Asked for and not there"},
]


@solara.component_vue("../components/tiles.vue")
def Tiles(tiles: list[dict[str, Any]], event_ask: Callable[[list[str]], None]) -> None:
    """Show figures; a click asks why."""


@solara.component_vue("../components/levers.vue")
def Levers(
    board: dict[str, Any],
    state: dict[str, Any],
    fault: str,
    event_set: Callable[[dict[str, Any]], None],
    event_unset: Callable[[dict[str, str]], None],
    event_discard: Callable[[Any], None],
) -> None:
    """Show the levers and the draft."""


@solara.component_vue("../components/chart.vue")
def Chart(
    chart: dict[str, Any],
    then: list[list[float]] | None,
    waiting: bool,
    what: str,
    choices: list[dict[str, str]],
    chosen: str,
    event_choose: Callable[[str], None],
    event_ask: Callable[[int | None], None],
) -> None:
    """Show a series: the past as a line, the future as fans."""


@solara.component_vue("../components/items.vue")
def Items(
    rows: list[dict[str, Any]],
    chosen: str,
    event_choose: Callable[[str], None],
    event_ask: Callable[[str], None],
) -> None:
    """Show a row for every end item."""


@solara.component_vue("../components/feed.vue")
def Feed(
    rows: list[dict[str, Any]],
    event_ask: Callable[[dict[str, Any]], None],
    event_more: Callable[[Any], None],
) -> None:
    """Show what happened, newest first."""


@solara.component
def SituationPage(sitting: Sitting, view: View, ask: Ask) -> None:
    """Show where the game stands, and what the draft would change."""
    game, scenario = view.game, view.game.scenario
    metrics = solara.use_memo(lambda: metric_choices(scenario), [scenario.digest])
    mapped = int(view.model.world.visible.sum())
    board = solara.use_memo(lambda: lever_board(view), [scenario.digest, mapped])
    items = solara.use_memo(lambda: item_choices(scenario), [scenario.digest])
    item = _chosen("item", items)
    metric = _chosen("metric", metrics) if metrics else ""
    account = _chosen("account", MONEY)
    figures = solara.use_memo(lambda: tiles(view), [game])
    with solara.Div(classes=["situation"]):
        with solara.Div(classes=["a-tiles"]):
            Tiles(tiles=figures, event_ask=lambda about: ask(about[0], about[1], None))
        with solara.Div(classes=["a-levers"]):
            _Levers(sitting, view, board)
        with solara.Div(classes=["a-charts"]):
            _Chart(view, "delivered", item, items, item, _chooser("item"), ask)
            _Chart(view, "stock", item, items, item, _chooser("item"), ask)
            if metrics:
                _Chart(view, metric, ALL, metrics, metric, _chooser("metric"), ask)
            _Chart(view, account, item, MONEY, account, _chooser("account"), ask)
        with solara.Div(classes=["a-side"]):
            with solara.Div(classes=["panel"]):
                SmallNetwork(view, ask)
            with solara.Div(classes=["panel"]):
                SmallMap(view, ask)
        with solara.Div(classes=["a-feed"]):
            _Feed(sitting, view, ask)
        with solara.Div(classes=["a-items"]):
            rows = solara.use_memo(lambda: item_rows(view), [game, view.now, view.then, view.draft])
            Items(rows=rows, chosen=item, event_choose=_chooser("item"),
                  event_ask=lambda about: ask("item", about, None))  # fmt: skip


def _chosen(what: str, choices: list[dict[str, str]]) -> str:
    """Return what a tab has chosen to see, if this scenario has it; else its first choice."""
    known = [choice["id"] for choice in choices]
    chosen = str(CHOSEN.value[what])
    return chosen if chosen in known else known[0]


def _chooser(what: str) -> Callable[[str], None]:
    """Return how to choose what a tab sees."""

    def choose(chosen: str) -> None:
        CHOSEN.value = {**CHOSEN.value, what: str(chosen)}

    return choose


@solara.component
def _Feed(sitting: Sitting, view: View, ask: Ask) -> None:
    go = solara.use_router().push
    rows = solara.use_memo(lambda: feed(view, NEWEST), [view.game])
    Feed(
        rows=rows,
        event_ask=lambda row: ask(row["ask"][0], row["ask"][1], int(row["at"])),
        event_more=lambda _: go(f"/play/{sitting.key}/log"),
    )


@solara.component
def _Levers(sitting: Sitting, view: View, board: dict[str, Any]) -> None:
    fault, set_fault = solara.use_state("")
    state = solara.use_memo(lambda: lever_state(view), [view.game, view.draft])

    def put(wanted: dict[str, Any]) -> None:
        if not view.game.left:
            set_fault("The game has ended: nothing more can be decided. Undo takes a turn back.")
            return
        try:
            sitting.set(str(wanted["lever"]), str(wanted["target"]), wanted["value"])
            set_fault("")
        except (PackageError, KeyError) as error:
            set_fault(str(error))

    Levers(
        board=board,
        state=state,
        fault=fault or view.fault,
        event_set=put,
        event_unset=lambda s: sitting.unset(str(s["lever"]), str(s["target"])),
        event_discard=lambda _: sitting.discard(),
    )


@solara.component
def _Chart(
    view: View,
    kind: str,
    item: str,
    choices: list[dict[str, str]],
    chosen: str,
    choose: Callable[[str], None],
    ask: Ask,
) -> None:
    shown = solara.use_memo(lambda: chart(view, kind, item), [view.game, view.now, kind, item])
    parts = [view.game, view.then, view.draft, kind, item]
    then = solara.use_memo(lambda: drafted(view, kind, item), parts)
    about = ("item", item) if item != ALL else ("metric", kind)
    what = {"delivered": "Delivered", "stock": "In stock"}.get(kind, "")
    Chart(
        chart=shown,
        then=then,
        waiting=view.waiting,
        what=what,
        choices=choices,
        chosen=chosen,
        event_choose=choose,
        event_ask=lambda month: ask(*about, month),
    )
