"""The Compare page answers as the command does, says what is clear, and can be stopped."""

from __future__ import annotations

import json
import threading
from dataclasses import replace

import pytest

from mobilize.app.desk import Desk, desk_of
from mobilize.app.views.compare import choices, comparison, defaults, question
from mobilize.app.views.shares import runs, waterfall
from mobilize.app.views.verdict import Verdict, conclude, sentences
from mobilize.attribution import attribution
from mobilize.cli import main
from mobilize.compare import ACCOUNTS, Difference
from mobilize.game.game import Game, decide
from mobilize.game.sitting import View
from mobilize.game.versus import Kept, Question, shares, versus
from mobilize.metrics import ROWS
from mobilize.scenario import load, shipped
from mobilize.workers import Workers
from policies.package import load_package, no_package
from policies.package import shipped as packages_shipped

PATIENCE = 300  # seconds after which a test gives up waiting


@pytest.fixture(scope="module")
def workers():
    crew = Workers(2)
    yield crew
    crew.close()


class Listener:
    """Hears of a job and waits for its end."""

    def __init__(self):
        self.heard, self.over = [], threading.Event()

    def __call__(self, progress):
        self.heard.append(progress)
        if progress.over:
            self.over.set()

    def answer(self):
        assert self.over.wait(PATIENCE)
        assert not self.heard[-1].fault, self.heard[-1].fault
        return self.heard[-1].answer


def asked(name="artillery-2022", policy="charges-first", worlds=4, months=24, seed=7):
    scenario = load(name)
    package = load_package(policy, scenario)
    return Question(scenario, no_package(), package, worlds, seed, months)


def as_json(data):
    return json.loads(json.dumps(data, default=float))


def test_the_page_has_the_figures_of_the_command_to_the_digit(workers, capsys):
    told = Listener()
    versus(workers, asked(worlds=5, months=30), told, Kept())
    mine = as_json(told.answer().data())
    command = ["compare", "artillery-2022", "--policy", "baseline", "--policy", "charges-first"]
    assert main([*command, "--worlds", "5", "--seed", "7", "--months", "30", "--json"]) == 0
    assert mine == json.loads(capsys.readouterr().out)
    done = [p.done for p in told.heard]
    assert done == sorted(done)
    assert done[-1] == told.heard[-1].total == 10


def test_worlds_that_were_run_are_not_run_again(workers):
    kept, first, more = Kept(), Listener(), Listener()
    versus(workers, asked(worlds=3), first, kept)
    small = first.answer().data()
    job = versus(workers, asked(worlds=5), more, kept)
    assert job.progress.total == 4  # two worlds more on each side
    grown = more.answer()
    whole = Listener()
    versus(workers, asked(worlds=5), whole, Kept())
    assert grown.data() == whole.answer().data() != small


def test_shares_of_levers_are_those_of_the_command(workers):
    scenario = load("artillery-2022")
    package = load_package("charges-first", scenario)
    told = Listener()
    shares(workers, scenario, package, 3, 7, 24, told)
    assert told.answer() == attribution(scenario, package, 3, 7, 24)


def test_a_stopped_job_says_nothing_more_and_hands_out_nothing_more(workers):
    told = Listener()
    job = versus(workers, asked(worlds=64), told, Kept())
    job.stop()
    assert not told.over.wait(3)
    assert job.progress.done < job.progress.total


def test_a_fault_in_the_runs_is_told(workers):
    broken = asked(worlds=2, seed=-1)  # no such luck
    told = Listener()
    versus(workers, broken, told, Kept())
    assert told.over.wait(PATIENCE)
    assert "the runs failed" in told.heard[-1].fault


def view_of(name, draft=(), played=()):
    game = Game(load(name), 7)
    if played:
        game = game.after(tuple(decide(game, *setting) for setting in played), 3)
    return View(game, tuple(decide(game, *setting) for setting in draft))


@pytest.mark.parametrize("name", shipped())
def test_every_scenario_offers_what_it_takes_and_says_why_not_the_rest(name):
    view = view_of(name)
    offered = choices(view, {})
    taken, refused = ([p["id"] for p in offered[k]] for k in ("packages", "refused"))
    assert taken[0] == "baseline"
    assert sorted([*taken[1:], *(n for n in refused)]) == packages_shipped()
    assert all(p["reason"] for p in offered["refused"])
    if len(taken) > 1:
        assert offered["fault"] == ""
        found = question(view, {})
        assert (found.seed, found.months) == (8, view.game.scenario.horizon)
    else:
        assert "same" in offered["fault"]


def test_what_was_played_and_the_draft_can_be_compared():
    lever = ("dpas-rating", "us-155-charges", "DX")
    other = ("publicity", "base", "on")
    view = view_of("artillery-2022", [other], [lever])
    found = question(view, {})
    assert (found.a.name, found.b.name) == ("played", "drafted")
    assert found.a.settings == view.game.policy().settings
    assert found.b.settings == view.policy.settings
    assert defaults(view_of("artillery-2022", played=[lever]))["a"] == "baseline"


def test_a_choice_that_is_not_offered_is_refused():
    view = view_of("artillery-2022")
    for wanted in ({"a": "three-reforms"}, {"worlds": 10_000}, {"months": 1}, {"b": "baseline"}):
        with pytest.raises(ValueError, match=r"allowed|same"):
            question(view, wanted)


@pytest.fixture(scope="module")
def gap(workers):
    told = Listener()
    versus(workers, asked("industrial-gap", "ready-stock", 3, 30), told, Kept(), conclude)
    return load("industrial-gap"), told.answer()


def test_the_page_shows_the_figures_of_the_verdict_and_calls_clear_only_what_is(gap):
    scenario, verdict = gap
    page = comparison(verdict, scenario)
    assert json.loads(json.dumps(page)) == page
    whole = {d.what: d for d in verdict.differences if d.period == "all"}
    for row in (*page["items"]["rows"], *page["costs"]["rows"]):
        found = whole[row["id"]]
        assert (row["difference"], row["low"], row["high"]) == (
            found.difference, found.low, found.high,
        )  # fmt: skip
        assert not row["clear"] or found.low > 0 or found.high < 0
        assert row["clear"] or found.low <= 0 <= found.high or row["says"] == "no difference"
        assert row["says"].startswith("clearly") == bool(row["clear"])
        assert row["says"] != "no difference" or abs(found.difference) < 1e-3
        if row["plot"]:
            assert 0 <= row["plot"]["low"] <= row["plot"]["middle"] <= row["plot"]["high"] <= 100
    years = [p["id"] for p in page["periods"]]
    assert len(comparison(verdict, scenario, years[0])["items"]["rows"]) == len(
        page["items"]["rows"]
    )
    assert comparison(verdict, scenario, "no such year")["period"] == "all"


def test_metrics_stand_apart_each_in_its_row_and_unit_with_the_label(gap):
    scenario, verdict = gap
    page = comparison(verdict, scenario)
    assert page["label"] == "A teaching index, not a forecast."
    assert [(m["metric"], m["name"], m["unit"]) for m in page["metrics"]] == [
        (metric, text, unit) for metric, text, _, unit in ROWS
    ]
    assert page["label"] in page["sentences"][-1]


def test_sentences_say_no_clear_difference_where_there_is_none():
    row = Difference("charge-155", "all", "set", 100.0, 101.0, 1.0, -2.0, 4.0, 0.5)
    paid = [Difference(what, "all", "MUSD", 1.0, 1.0, 0.0, 0.0, 0.0, 0.0)
            for what in ACCOUNTS.values()]  # fmt: skip
    verdict = Verdict("A", "B", 16, 12, 1, (row, *paid), {}, (), {})
    said = sentences(verdict, load("artillery-2022"))
    assert said[0] == "No clear difference in the deliveries of any item."
    assert all("no difference" in part for part in said[1].split(";"))
    clear = Difference("charge-155", "all", "set", 100.0, 90.0, -10.0, -12.0, -8.0, 0.0)
    said = sentences(replace(verdict, differences=(clear, *paid)), load("artillery-2022"))
    assert "10 sets fewer, 10% of 100 (90% interval 8 to 12); B is higher in 0 of 16" in said[1]


def test_no_metrics_where_there_is_no_reference_conflict(workers):
    told = Listener()
    versus(workers, asked(worlds=2), told, Kept(), conclude)
    page = comparison(told.answer(), load("artillery-2022"))
    assert page["metrics"] == []
    assert not any("eterrence" in s for s in page["sentences"])


def test_the_waterfall_ends_at_the_whole_and_its_table_adds_up_to_it(workers):
    scenario = load("artillery-2022")
    package = load_package("charges-first", scenario)
    told = Listener()
    shares(workers, scenario, package, 2, 7, 24, told)
    found = told.answer()
    page = waterfall(found, scenario)
    assert json.loads(json.dumps(page)) == page
    assert len(page["rows"]) == len(package.levers()) == len(page["steps"]) - 1
    assert page["steps"][-1]["name"] == "All together"
    parts = sum(p.share for p in found.parts if p.item == page["item"])
    assert parts == pytest.approx(found.whole[page["item"]])
    assert runs(Question(scenario, no_package(), package, 2, 7, 24)) == found.packages * 2
    other = page["items"][-1]["id"]
    assert waterfall(found, scenario, other)["item"] == other


def test_a_desk_answers_again_at_once_and_stops_what_nobody_waits_for(workers):
    first = question(view_of("artillery-2022"), {"b": "charges-first", "months": 24})
    small = replace(first, worlds=2)
    desk = Desk(workers)
    changed = threading.Event()
    end = desk.watch(changed.set)
    desk.ask(small)
    while desk.bench.verdict is None:
        assert changed.wait(PATIENCE)
        changed.clear()
        assert not (desk.bench.progress and desk.bench.progress.fault)
    again = Desk(workers)
    again.ask(small)
    assert again.bench.verdict is desk.bench.verdict
    desk.ask(replace(first, worlds=64, seed=8))
    desk.stop()
    assert desk.bench.progress is None
    end()
    assert desk_of("one", workers) is desk_of("one", workers) is not desk_of("two", workers)
