"""What a player must not know is in nothing that a page or a file is made of."""

from __future__ import annotations

import json

import pytest

from mobilize.app.views import compare, levers, log, map, network, sources
from mobilize.app.views.after import after_view
from mobilize.game.after import happened
from mobilize.game.game import Game, play
from mobilize.game.seen import ID, unmapped, without_names
from mobilize.game.sitting import View
from mobilize.scenario import load, shipped
from mobilize.world import Decision


@pytest.fixture(scope="module", params=shipped())
def view(request) -> View:
    """Return a game after two years in which nobody looked for suppliers."""
    scenario = load(request.param)
    return View(Game(scenario, scenario.seed).after((), min(24, scenario.horizon - 1)))


def ids(told: object) -> set[str]:
    """Return every word of what is sent that could be an id."""
    return set(ID.findall(json.dumps(told, ensure_ascii=False, default=str)))


def names(view: View) -> list[str]:
    """Return the names of firms that nobody has mapped."""
    firms = view.game.scenario.tables["firms"]
    hidden = unmapped(view.model.world)
    rows = zip(firms["id"], firms["name"], strict=True)
    return [str(name) for key, name in rows if str(key) in hidden]


def shown(view: View) -> dict[str, object]:
    """Return what each page shows in a game, every row of it."""
    model = view.model
    return {
        "log": log.log(view, size=100_000),
        "file": log.log_csv(view),
        "feed": log.feed(view, 1000),
        "sources": sources.sources(view, size=1_000_000),
        "network": [network.layout(model), network.state(model, network.layout(model))],
        "map": [map.places(model, ""), map.state(model, "")],
        "compare": compare.choices(view, {}),
        "after": after_view(view.game, {}),
        "export": [d._asdict() for d in happened(view.game)],
    }


def test_no_page_and_no_file_names_a_supplier_that_is_not_mapped(view):
    hidden = unmapped(view.model.world)
    strange = names(view)
    for page, told in shown(view).items():
        text = json.dumps(told, ensure_ascii=False, default=str)
        assert ids(told) & hidden == set(), page
        assert [name for name in strange if name in text] == [], page
    assert not {t["id"] for aim in levers.lever_board(view)["aims"].values() for t in aim} & hidden


def test_a_decision_about_a_hidden_supplier_is_told_without_its_name():
    hidden = frozenset({"plant-a", "firm-a"})
    row = Decision(3, "firm-a", "invest", "plant-a", 1.0, "MUSD", "plant-a>plant-ab, plant-b")
    told = without_names(row, hidden)
    assert (told.who, told.target) == ("an unmapped supplier", "an unmapped supplier")
    assert told.why == "an unmapped supplier>plant-ab, plant-b"
    assert told[:1] + told[4:6] == row[:1] + row[4:6]


def test_at_the_end_files_tell_everything():
    scenario = load("mrap-2007")
    game = Game(scenario, scenario.seed).after((), scenario.horizon)
    rows = [d for d in play(game).decisions if d.kind != "policy"]
    assert happened(game) == rows


def test_sources_say_how_many_numbers_they_leave_out(view):
    told = sources.sources(view)
    every = len(sources.figures(view.game.scenario)) + len(sources.happened(view))
    assert told["total"] + told["hidden"] == every
    assert (told["hidden"] > 0) == bool(unmapped(view.model.world))
