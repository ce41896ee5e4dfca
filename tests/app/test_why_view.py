"""Answers to why: as the model explains itself, in plain data, for whatever is asked."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

from agents.tables import mindsets
from mobilize.app.views.answers import empty
from mobilize.app.views.plants import UNMAPPED, bind_of, call, figure
from mobilize.app.views.why import KINDS, answer
from mobilize.app.views.why_metrics import METRIC_OF, waterfall
from mobilize.app.views.why_money import ACCOUNTS
from mobilize.deterrence import metric, watch
from mobilize.game.game import play
from mobilize.ladder import MINDSETS
from mobilize.metrics import LABEL
from mobilize.physics.reasons import index
from mobilize.scenario import months
from mobilize.state import LEDGER
from mobilize.why import why
from mobilize.words import number
from mobilize.workers import Workers
from tests.app.games import SCENARIOS, finite, played, sent

WATCHED = [n for n in SCENARIOS if watch(play(played(n, 0)).world) is not None]
PEACEFUL = [n for n in SCENARIOS if n not in WATCHED]


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_program_item_and_line_has_an_answer_that_can_be_sent(name: str) -> None:
    game = played(name)
    world = play(game).world
    made = dict.fromkeys(world.names.items[i] for i in world.net.l_item.tolist())
    asked = [("program", p) for p in world.names.programs] + [("item", i) for i in made]
    asked += [("line", call(world, x)) for x in range(len(world.names.lines))]
    for kind, target in asked:
        found = answer(game, kind, target)
        assert found["error"] == "", (kind, target)
        assert set(found) == set(empty(kind, target))
        assert found["headline"]
        assert found["title"]
        assert finite(found)
        assert sent(found) < 16_000


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_chain_is_the_models(name: str) -> None:
    game = played(name)
    model = play(game)
    for program in model.world.names.programs:
        found, said = answer(game, "program", program), why(model, program, relief=False)
        assert found["month"] == said.month
        assert [s["made"] for s in found["steps"]] == [figure(link.made) for link in said.links]
        assert [s["wanted"] for s in found["steps"]] == [figure(link.wanted) for link in said.links]
        assert [s["bind"] for s in found["steps"]] == [bind_of(link.bound) for link in said.links]
        assert [s["since"] for s in found["steps"]] == [link.since for link in said.links]
        assert [s["root"] for s in found["steps"]][-1:] == [True] * bool(said.links)


@pytest.mark.parametrize("name", SCENARIOS)
def test_no_answer_names_an_unmapped_supplier(name: str) -> None:
    game = played(name)
    world = play(game).world
    hidden = np.flatnonzero(~world.visible).tolist()
    secret = {world.names.lines[x] for x in hidden}
    table = world.scenario.tables["firms"]["name"]
    secret |= {str(table[world.net.l_firm[x]]) for x in hidden}
    asked = [("program", p) for p in world.names.programs]
    asked += [("line", call(world, x)) for x in range(len(world.names.lines))]
    asked += [("metric", m) for m in METRIC_OF] + [("ledger", "all")]
    for kind, target in asked:
        found = str(answer(game, kind, target))
        assert not [s for s in secret if s in found], (kind, target)
    for x in hidden[:3]:
        assert answer(game, "line", f"#{x}")["title"].startswith(UNMAPPED)


@pytest.mark.parametrize("name", SCENARIOS)
def test_relief_comes_when_asked_for_and_is_the_models(name: str) -> None:
    game = played(name)
    program = play(game).world.names.programs[0]
    first, then = answer(game, "program", program), answer(game, "program", program, relief=True)
    assert (first["relief"], first["relief_known"]) == (None, False)
    assert then["relief_known"]
    said = why(play(game), program).relief
    if said is None:
        assert then["relief"] is None
    else:
        assert then["relief"]["units"] == figure(said.units)
        assert then["relief"]["months"] == said.months
    assert then["steps"] == first["steps"]


@pytest.mark.parametrize("name", ["gmlrs-2022", "industrial-gap"])
def test_a_month_of_the_past_is_answered_as_it_was(name: str) -> None:
    """The answer about a month is the one that a game which stopped there gives."""
    now, then = played(name), played(name, 9)
    for kind, target in (("program", play(now).world.names.programs[0]), ("metric", "undelivered")):
        found, was = answer(now, kind, target, 8, True), answer(then, kind, target, None, True)
        assert found["past"]
        assert found["at"] == 8
        assert found | {"past": False, "at": None} == was
        assert found["month"] == months.label(now.scenario.start + 8)


@pytest.mark.parametrize("name", WATCHED)
@pytest.mark.parametrize("target", METRIC_OF)
def test_every_metric_of_deterrence_has_an_answer(name: str, target: str) -> None:
    found = answer(played(name), "metric", target)
    assert found["error"] == ""
    assert found["title"].startswith(METRIC_OF[target])
    assert found["formula"]
    assert found["facts"]
    assert LABEL in found["note"]
    assert finite(found)
    assert sent(found) < 16_000


@pytest.mark.parametrize("name", WATCHED)
def test_metrics_say_what_the_model_says(name: str) -> None:
    game = played(name)
    world = play(game).world
    named = [str(n) for n in world.scenario.tables["programs"]["name"]]
    fires, slow = answer(game, "metric", "fires"), answer(game, "metric", "replenish")
    first, last = (int(metric(world, n)) for n in ("fires_program", "replenish_program"))
    assert fires["chain_of"] == named[first]
    assert slow["chain_of"] == named[last]
    assert fires["facts"][0]["value"] == number(metric(world, "fires"))
    assert slow["tables"][0]["rows"][0][0] == named[last]
    assert slow["tables"][0]["rows"][0][-1].startswith(number(metric(world, "replenish")))


@pytest.mark.parametrize("name", WATCHED)
@pytest.mark.parametrize("mindset", MINDSETS)
def test_the_waterfall_adds_up_to_the_view_of_its_mindset(name: str, mindset: str) -> None:
    world = play(played(name)).world
    found = waterfall(world, mindset)
    at = 0.0
    for term in found["terms"]:
        assert term["from"] == pytest.approx(at, abs=0.006)
        assert term["to"] - term["from"] == pytest.approx(term["value"], abs=0.011)
        at = term["to"]
    assert found["sum"] == pytest.approx(at, abs=0.006)
    shown = index(mindsets()[mindset], found["sum"])
    assert found["index"] == pytest.approx(metric(world, f"view {mindset}"), abs=0.06)
    assert shown == pytest.approx(found["index"], abs=1.0)


@pytest.mark.parametrize("name", WATCHED)
def test_which_mindset_plays_is_told_nowhere(name: str) -> None:
    """The answer is the same whichever of them plays, as long as none has acted yet."""
    scenario = played(name).scenario
    game = type(played(name))(scenario, 1)
    seen = [
        answer(type(game)(scenario, 1, 0, mindset).after((), 1), "metric", "view")
        for mindset in (MINDSETS if scenario.challenger else [None])
    ]
    assert all(found == seen[0] for found in seen)


@pytest.mark.parametrize("name", PEACEFUL)
def test_without_a_reference_war_metrics_are_refused_in_plain_words(name: str) -> None:
    found = answer(played(name), "metric", "M1")
    assert "has no reference war" in found["error"]
    assert found["steps"] == []


@pytest.mark.parametrize("name", SCENARIOS)
@pytest.mark.parametrize("series", ["delivered", "stock", "undelivered", "unmet"])
def test_series_of_programs_rest_on_a_program(name: str, series: str) -> None:
    found = answer(played(name), "metric", series)
    assert found["error"] == ""
    if found["tables"][0]["rows"]:
        assert found["chain_of"] == found["tables"][0]["rows"][0][0]
    assert finite(found)


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_ledger_shows_every_account(name: str) -> None:
    game = played(name)
    found = answer(game, "ledger", "all")
    assert {row[0] for row in found["tables"][0]["rows"]} == {ACCOUNTS[a] for a in LEDGER}
    for account in LEDGER:
        assert answer(game, "ledger", account)["title"] == ACCOUNTS[account]
    assert answer(game, "metric", "money")["title"] == found["title"]


def test_levers_in_force_are_listed_with_what_they_cost() -> None:
    from mobilize.game.game import decide
    from policies.levers import catalogue

    game = played("arsenal-2026", 0)
    lever = next(v for v in catalogue().values()
                 if v.target == "base" and v.setting == "switch" and v.yearly > 0)  # fmt: skip
    wait = int(lever.onset.base) + 2
    after = game.after((decide(game, lever.name, "base", "on"),), wait)
    told = answer(after, "ledger", "all")["tables"]
    assert len(told) == 2
    assert [row[0] for row in told[1]["rows"]] == [lever.title]
    assert told[1]["rows"][0][-1] == f"{lever.yearly:,.1f}"


@pytest.mark.parametrize(
    ("kind", "target", "month", "says"),
    [
        ("colour", "blue", None, f"allowed: {', '.join(KINDS)}"),
        ("program", "us-gmlr", None, "us-gmlrs"),
        ("item", "cannon", None, "no item 'cannon'"),
        ("line", "#9999", None, "no line '#9999'"),
        ("metric", "M9", None, "no metric 'M9'"),
        ("ledger", "gold", None, "no account 'gold'"),
        ("item", "gmlrs", 99, "Only months from 2022-09"),
        ("item", "gmlrs", -1, "Only months from 2022-09"),
    ],
)
def test_what_cannot_be_asked_gets_a_plain_error(
    kind: str, target: str, month: int | None, says: str
) -> None:
    found = answer(played("gmlrs-2022"), kind, target, month)
    assert says in found["error"]
    assert found["headline"] == ""


def test_before_the_first_month_there_is_nothing_to_ask() -> None:
    assert (
        "Nothing has been played yet" in answer(played("gmlrs-2022", 0), "item", "gmlrs")["error"]
    )


def test_a_worker_answers_as_this_process_does() -> None:
    game = played("jdam-2003")
    question = ("item", "jdam-kit", None, True)
    pickle.loads(pickle.dumps(game))
    workers = Workers(1)
    try:
        assert workers.submit(answer, game, *question).result(120) == answer(game, *question)
    finally:
        workers.close()
