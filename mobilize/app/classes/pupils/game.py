"""The team's own game, to look at: nothing ahead of it, for that is what is to be predicted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara

from mobilize.app.pages.situation import MONEY, Chart, Feed, Items, Tiles
from mobilize.app.present import Ask
from mobilize.app.views.charts import ALL, item_choices, metric_choices
from mobilize.app.views.log import feed
from mobilize.app.views.own_game import past_chart
from mobilize.app.views.situation import item_rows, tiles
from mobilize.game.sitting import View

BEFORE = "No month has passed yet: this is where your team begins. Charts come with the months."
NEWEST, MOST = 30, 400  # rows of what happened, at first and at most


@solara.component
def GamePage(view: View, ask: Ask) -> None:
    """Show the game as it stands."""
    scenario = view.game.scenario
    items = solara.use_memo(lambda: item_choices(scenario), [scenario.digest])
    metrics = solara.use_memo(lambda: metric_choices(scenario), [scenario.digest])
    item, set_item = solara.use_state(items[0]["id"])
    metric, set_metric = solara.use_state(metrics[0]["id"] if metrics else "")
    account, set_account = solara.use_state(MONEY[0]["id"])
    count, set_count = solara.use_state(NEWEST)
    figures = solara.use_memo(lambda: tiles(view), [view.game])
    rows = solara.use_memo(lambda: feed(view, count), [view.game, count])
    with solara.Div(classes=["own-game"]):
        Tiles(tiles=figures, event_ask=lambda about: ask(about[0], about[1], None))
        if view.game.month:
            with solara.Div(classes=["own-charts"]):
                for kind in ("delivered", "stock"):
                    _Chart(view, kind, item, items, item, set_item, ask).key(kind)
                if metrics:
                    _Chart(view, metric, ALL, metrics, metric, set_metric, ask).key("metric")
                _Chart(view, account, item, MONEY, account, set_account, ask).key("account")
        else:
            solara.Div(classes=["panel", "note"], children=[BEFORE])
        Feed(
            rows=rows,
            event_ask=lambda row: ask(row["ask"][0], row["ask"][1], int(row["at"])),
            event_more=lambda _: set_count(MOST),
        )
        Items(
            rows=solara.use_memo(lambda: _rows(view), [view.game]),
            chosen=item,
            event_choose=lambda name: set_item(str(name)),
            event_ask=lambda about: ask("item", about, None),
        )


def _rows(view: View) -> list[dict[str, Any]]:
    """Return a row for every end item, without what lies ahead."""
    return [{k: v for k, v in row.items() if k not in ("now", "then")} for row in item_rows(view)]


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
    shown = solara.use_memo(lambda: past_chart(view, kind, item), [view.game, kind, item])
    about = ("item", item) if item != ALL else ("metric", kind)
    Chart(
        chart=shown,
        then=None,
        waiting=False,
        what={"delivered": "Delivered", "stock": "In stock"}.get(kind, ""),
        choices=choices,
        chosen=chosen,
        event_choose=lambda name: choose(str(name)),
        event_ask=lambda month: ask(*about, month),
    )
