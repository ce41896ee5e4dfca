"""The log tells players what they may know, all of it, in words; and nothing else."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

import pytest

from mobilize.app.views.log import PAGE, feed, log, log_csv, rows
from mobilize.game.game import Game, decide
from mobilize.game.seen import seen
from mobilize.game.sitting import View
from mobilize.game.telling import ID, KINDS, Names
from mobilize.scenario import load, shipped
from mobilize.world import Decision

EVIL = "<img src=x onerror=alert(1)>{{ 7*7 }}"
FEED = {"event", "disturbance", "policy", "ally", "industry", "conflict"}


def played(name, months=24, settings=()):
    game = Game(load(name), 1)
    chosen = tuple(decide(game, *setting) for setting in settings)
    return View(game.after(chosen, min(months, game.left)))


@pytest.fixture(scope="module")
def gap():
    return played("industrial-gap", 48, (("publicity", "base", "on"),))


def everything(view):
    return [r for page in range(log(view)["pages"]) for g in log(view, page=page)["groups"]
            for r in g["rows"]]  # fmt: skip


@pytest.mark.parametrize("name", shipped())
def test_every_row_of_every_scenario_says_who_or_what_in_words(name):
    view = played(name)
    ids = {str(i) for table in ("programs", "lines") for i in view.game.scenario[table]["id"]}
    for row in rows(view):
        assert row.what
        assert row.kind in KINDS
        assert not ids & set(ID.findall(f"{row.what} {row.why}"))
    assert json.loads(json.dumps(log(view))) == log(view)
    news = feed(view, 12)
    assert json.loads(json.dumps(news)) == news
    assert {n["chip"] for n in news} <= FEED
    assert all(n["text"] for n in news)


def test_what_players_may_not_see_is_in_no_view(gap):
    hidden = [d for d in gap.model.decisions if d.kind in ("adversary", "motivation")]
    assert hidden  # there is something to hide
    reasons = {d.why for d in hidden}
    told = json.dumps([everything(gap), feed(gap, 1000), log_csv(gap)])
    assert not any(why in told for why in reasons)
    mind = [d for d in gap.model.decisions if d.kind == "disturbance" and d.unit == "utility"]
    assert mind
    assert not any(d.why in told for d in mind)
    assert "utility" not in told


def test_what_was_done_to_the_base_shows_without_who_did_it(gap):
    hit = [d for d in gap.model.decisions if d.kind == "disturbance" and d.unit != "utility"]
    shown_ids = {r.id for r in rows(gap)}
    assert {gap.model.decisions.index(d) for d in hit} <= shown_ids


def test_an_event_that_only_the_white_cell_is_told_of_or_puts_off_is_hidden(gap):
    scenario = gap.game.scenario
    event = scenario.events[0]
    fired = Decision(3, "events list", "event", event.id, 0.0, "", f"{event.title}: {event.text}")
    assert seen(fired, scenario)
    assert not seen(fired._replace(why="skipped: we run late"), scenario)
    secret = replace(scenario, events=(replace(event, audience=("white cell",)),))
    assert not seen(fired, secret)


def test_pages_hold_every_row_once_the_newest_first(gap):
    found = everything(gap)
    ids = [r["id"] for r in found]
    assert len(ids) == len(set(ids)) == log(gap)["total"] > PAGE
    assert [r["month"] for r in found] == sorted((r["month"] for r in found), reverse=True)
    last = log(gap, page=10_000)
    assert last["page"] == last["pages"] - 1
    assert last["last"] == last["total"]


def test_filters_agree_with_their_counts(gap):
    whole = log(gap)
    for kind in whole["kinds"]:
        assert log(gap, kind["id"])["matched"] == kind["count"]
    japan = log(gap, country="JP")
    assert 0 < japan["matched"] < whole["total"]
    words = log(gap, text="JAPAN pac-3")["matched"]
    assert 0 < words < whole["total"]
    assert log(gap, text="no such thing anywhere")["groups"] == []


def test_own_settings_are_marked_with_their_turn():
    game = Game(load("artillery-2022"), 1)
    game = game.after((), 3)
    lever = decide(game, "dpas-rating", "us-155-charges", "DX")
    game = game.after((lever,), 3)
    (mine,) = [r for r in rows(View(game)) if r.mine]
    assert (mine.turn, mine.who) == (2, "You")
    assert "DX" in mine.what
    assert "US Army" in mine.what or "charges" in mine.what
    assert mine.ask == ("program", "us-155-charges")


def test_markup_in_a_scenario_stays_text_and_formulas_stay_cells():
    scenario = load("artillery-2022")
    dated = replace(scenario.disturbances[0], text=EVIL, start=scenario.start + 1)
    formula = replace(dated, id="formula", text="=HYPERLINK(1)")
    view = View(Game(replace(scenario, disturbances=(dated, formula)), 1).after((), 3))
    assert any(r["what"] == EVIL for r in everything(view))
    cells = list(csv.DictReader(io.StringIO(log_csv(view))))
    told = {row["what"] for row in cells}
    assert EVIL in told
    assert "'=HYPERLINK(1)" in told
    assert len(cells) == log(view)["total"]


def test_the_feed_tells_many_contracts_as_one_with_what_they_cost(gap):
    news = feed(gap, 400)
    contracts = [n for n in news if "contracts" in n["text"]]
    assert contracts
    assert any("MUSD" in n["text"] for n in contracts)
    quarters = [(n["at"] // 3, n["text"].split(" signed")[0]) for n in contracts]
    assert len(quarters) == len(set(quarters))
    assert feed(gap, 5) == news[:5]


def test_names_of_routes_and_makers_are_readable():
    names = Names(load("artillery-2022"))
    assert names("us-primer-a-line>cn-antimony-line").count(" to ") == 1
    assert names("its own expansion of iowa-lap").startswith("its own expansion of ")
    assert names.question("us-primer-a-line>cn-antimony-line") == ("line", "us-primer-a-line")
    assert names.question("US") is None
