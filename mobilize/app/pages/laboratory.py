"""Laboratory: studies to choose from, the one that runs, results to look at."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara

from experiments.laboratory.house import LaboratoryError
from mobilize.app.present import the_laboratory, use_latest
from mobilize.app.views.laboratory import laboratory

PAUSE = 0.25  # seconds between two pictures of progress


@solara.component_vue("../components/laboratory.vue")
def Laboratory(
    lab: dict[str, Any],
    fault: str,
    event_home: Callable[[Any], None],
    event_begin: Callable[[dict[str, Any]], None],
    event_halt: Callable[[str], None],
    event_look: Callable[[str], None],
) -> None:
    """Show the studies and the results."""


@solara.component
def LaboratoryPage(go: Callable[[str], None]) -> None:
    """Let a person start, stop and look at studies."""
    house = the_laboratory()
    bench = use_latest(house, lambda: house.bench, PAUSE)
    fault, set_fault = solara.use_state("")
    shown = solara.use_memo(lambda: laboratory(bench), [bench])

    def begin(wanted: dict[str, Any]) -> None:
        try:
            house.start(str(wanted.get("name", "")), bool(wanted.get("small")))
        except LaboratoryError as error:
            set_fault(str(error))
        else:
            set_fault("")

    Laboratory(
        lab=shown,
        fault=fault,
        event_home=lambda _: go("/"),
        event_begin=begin,
        event_halt=lambda folder: house.stop(str(folder)),
        event_look=lambda folder: go(f"/lab/{folder}"),
    )
