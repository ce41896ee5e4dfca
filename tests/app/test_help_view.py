"""Help fits the scenario, names what exists, and its keys are those that the frame takes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import mobilize.app
from mobilize.app.views.help import GLOSSARY, METRICS, SHORTCUTS, TOUR, glossary, help_page
from mobilize.game.game import Game
from mobilize.game.sitting import View
from mobilize.metrics import ROWS
from mobilize.scenario import load, shipped
from policies.levers import catalogue

APP = Path(mobilize.app.__file__).parent


@pytest.mark.parametrize("name", shipped())
def test_help_fits_every_scenario(name):
    scenario = load(name)
    said = help_page(View(Game(scenario, 1)))
    assert json.loads(json.dumps(said)) == said
    told = [m["id"] for m in said["metrics"]]
    if any(c.need_days for c in scenario.conflicts):
        assert told == [m for m in METRICS if m != "M6" or scenario.challenger]
        assert said["label"] == "A teaching index, not a forecast."
    else:
        assert told == []


def test_every_metric_that_is_measured_is_explained():
    assert set(METRICS) == {metric for metric, *_ in ROWS}


def test_the_glossary_is_in_order_and_names_levers_that_exist():
    terms = [row["term"] for row in glossary()]
    assert terms == sorted(terms, key=str.casefold)
    assert len(terms) == len(set(terms))
    for term, text, basis, lever in GLOSSARY:
        assert text.endswith("."), term
        assert not lever or lever in catalogue(), lever
        assert basis or not lever, term
    wanted = ("rated order", "DO and DX", "Preferential scheduling", "Minimum sustaining rate",
              "First-article test", "Technical assistance agreement", "SOSA", "FMS", "DCS",
              "Title I", "Title III", "RDP MOU", "NTIB", "ITAR", "EAR")  # fmt: skip
    assert all(any(word in row["term"] for row in glossary()) for word in wanted)


def test_every_key_that_help_names_is_taken_by_the_frame():
    frame = (APP / "components/frame.vue").read_text(encoding="utf-8")
    for row in SHORTCUTS:
        key = {"Space": " ", "Esc": None, "1-8": None}.get(row["key"], row["key"])
        assert key is None or f'e.key === "{key}"' in frame, row["key"]


def test_the_tour_has_five_steps_that_point_somewhere():
    assert [step["selector"] for step in TOUR] == [
        "#tiles", "#levers", ".a-charts", "#advance", "#feed",
    ]  # fmt: skip
    assert all(set(step) == {"title", "text", "selector"} and all(step.values()) for step in TOUR)
