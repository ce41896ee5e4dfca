"""Compare: two packages over the same worlds, and what each lever of the second brings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara

from mobilize.app.desk import desk_of
from mobilize.app.present import Ask, the_house, use_latest
from mobilize.app.views.compare import choices, comparison, progress, question
from mobilize.app.views.shares import runs, waterfall
from mobilize.game.seen import unmapped
from mobilize.game.sitting import Sitting, View

PAUSE = 0.25  # seconds between two pictures of progress


@solara.component_vue("../components/compare.vue")
def Compare(
    choices: dict[str, Any],
    progress: dict[str, Any] | None,
    result: dict[str, Any] | None,
    stale: bool,
    split: dict[str, Any] | None,
    steps: dict[str, Any] | None,
    runs: int,
    event_choose: Callable[[dict[str, Any]], None],
    event_compare: Callable[[Any], None],
    event_stop: Callable[[Any], None],
    event_divide: Callable[[Any], None],
    event_ask: Callable[[str], None],
) -> None:
    """Show what can be compared, how far that is, and what was found."""


@solara.component
def ComparePage(sitting: Sitting, view: View, ask: Ask) -> None:
    """Let a person compare two packages."""
    scenario = view.game.scenario
    desk = desk_of(sitting.key, the_house().workers)
    bench = use_latest(desk, lambda: desk.bench, PAUSE)
    wanted, want = solara.use_state({"period": "all", "item": "", **desk.wanted})
    asked, verdict = bench.asked, bench.verdict
    parts = bench.split.answer if bench.split else None
    offered = solara.use_memo(
        lambda: choices(view, wanted), [view.game, view.draft, *wanted.values()]
    )
    hidden = unmapped(view.model.world)
    result = solara.use_memo(
        lambda: comparison(verdict, scenario, wanted["period"], hidden) if verdict else None,
        [verdict, wanted["period"], hidden],
    )
    steps = solara.use_memo(
        lambda: waterfall(parts, scenario, wanted["item"]) if parts else None,
        [parts, wanted["item"]],
    )

    def choose(given: dict[str, Any]) -> None:
        desk.wanted = {**wanted, **_clean(given)}
        want(desk.wanted)

    def compare(_: Any) -> None:
        if not offered["fault"]:
            desk.ask(question(view, wanted))

    def same() -> bool:
        return (
            asked is not None and not offered["fault"] and asked.key == question(view, wanted).key
        )

    Compare(
        choices=offered,
        progress=progress(bench.progress, "worlds"),
        result=result,
        stale=result is not None and not same(),
        split=progress(bench.split, "worlds"),
        steps=steps,
        runs=runs(asked) if asked is not None and verdict is not None and asked.b.settings else 0,
        event_choose=choose,
        event_compare=compare,
        event_stop=lambda _: desk.stop(),
        event_divide=lambda _: desk.divide(),
        event_ask=lambda item: ask("item", str(item), None),
    )


def _clean(given: dict[str, Any]) -> dict[str, Any]:
    """Return choices from a browser as what they ought to be."""
    words = {k: str(v) for k, v in given.items() if k in ("a", "b", "period", "item")}
    return words | {k: int(v) for k, v in given.items() if k in ("worlds", "months")}
