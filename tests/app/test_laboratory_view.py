"""What the laboratory shows: states, offers, findings and assumptions in words that are right."""

from __future__ import annotations

from typing import Any

import pytest

from experiments.laboratory.answers import Answer
from experiments.laboratory.described import Size, Told
from experiments.laboratory.house import GONE, Bench, Work
from experiments.results import Progress
from mobilize.app.views.laboratory import laboratory
from mobilize.app.views.runs import scatter
from mobilize.app.views.study import choices, effects, heading, matrix, robust, share, state
from mobilize.app.views.uncertain import bars, box, value_words

MADE = {"study_sha256": "a"}
STUDY = Told("little", "little", "A little study", "Why?", "Artillery", "2022-02 to 2024-01",
             ("No change", "Fund"), 3, 8, ("Shells",), "sobol", 0.01,
             Size("little-1", MADE, 100), Size("little-small-2", MADE, 10))  # fmt: skip
ABOUT: dict[str, Any] = {
    "title": "A little study", "question": "Why?", "scenario_title": "Artillery", "name": "little",
    "months": 24, "worlds": 3, "points": 9, "design": {"kind": "sobol", "worlds": 2},
    "packages": [{"name": "baseline", "title": "No change"}, {"name": "fund", "title": "Fund"}],
    "outcomes": [{"name": "shells", "title": "Shells", "unit": "round", "goal": "more"},
                 {"name": "paid", "title": "Paid", "unit": "MUSD", "goal": "less"}],
    "factors": [{"name": "training", "title": "time to train", "unit": "months", "words": []},
                {"name": "rates", "title": "output of lines", "unit": "place", "words": []},
                {"name": "mind", "title": "", "unit": "", "words": ["bold", "fearful"]}],
}  # fmt: skip


def work(folder: str, status: str, done: int = 40, runs: int = 100, study: str = "little") -> Work:
    left = (runs - done) / 5.0
    return Work(folder, study, "A little study", "Artillery", MADE, "2026-01-01T00:00:00+00:00",
                Progress(status, runs, done, 1, 5.0, left, "", 0.0))  # fmt: skip


def card(*works: Work) -> dict[str, Any]:
    found: dict[str, Any] = laboratory(Bench((STUDY,), works, False))["cards"][0]
    return found


def difference(package: str, outcome: str, low: float, size: float, high: float, better: float):
    goal = next(o["goal"] for o in ABOUT["outcomes"] if o["name"] == outcome)
    return {"package": package, "outcome": outcome, "goal": goal, "baseline_mean": 100.0,
            "package_mean": 100.0 + size, "difference": size, "low": low, "high": high,
            "better": better, "same": 0.0, "worse": 1.0 - better, "narrower": 3.0}  # fmt: skip


def finding(package: str, outcome: str, verdict: str, low: float, size: float, high: float):
    return {"package": package, "outcome": outcome, "verdict": verdict, "sign": 1, "low": low,
            "difference": size, "high": high, "depends_on": ("training",)}  # fmt: skip


WHOLE = {
    "unit": "future", "cases": 50, "worlds": 2, "left_out": 0, "fault": "",
    "differences": [difference("fund", "shells", 5.0, 9.0, 13.0, 0.96),
                    difference("fund", "paid", -4.0, -1.0, 2.0, 0.62)],
    "findings": [finding("fund", "shells", "survives", 5.0, 9.0, 13.0),
                 finding("fund", "paid", "depends", -4.0, -1.0, 2.0)],
}  # fmt: skip


def test_a_study_that_was_never_run_offers_to_start_with_runs_and_time():
    found = card()
    assert found["work"] is None
    assert (found["full"]["word"], found["full"]["all"]) == ("Start", 100)
    assert found["small"]["word"] == "Start"
    assert {n["of"]: n["n"] for n in found["numbers"]} == {"packages": 2, "futures": 8, "runs": 100}


def test_a_study_that_stopped_offers_to_go_on_with_what_is_left():
    found = card(work("little-1", "stopped"))
    assert (found["full"]["word"], found["full"]["runs"]) == ("Go on", 60)
    assert found["work"]["word"] == "stopped"
    assert found["work"]["percent"] == 40.0
    assert found["work"]["left"] == ""


def test_a_study_that_runs_tells_rate_time_left_and_failures():
    found = card(work("little-1", "running"))["work"]
    assert (found["rate"], found["left"], found["failed"]) == ("5.0 runs/s", "10 seconds", 1)
    assert found["busy"]


def test_a_finished_study_offers_nothing_more_in_that_size():
    found = card(work("little-1", "finished", 100))
    assert found["full"]["word"] == ""
    assert found["small"]["word"] == "Start"


def test_a_process_that_is_gone_is_told_in_words():
    assert "without a word" in card(work("little-1", GONE))["work"]["fault"]


def test_results_of_another_version_of_a_study_are_listed_apart():
    found = laboratory(Bench((STUDY,), (work("little-9", "finished"),), False))
    assert found["cards"][0]["work"] is None
    assert [w["folder"] for w in found["others"]] == ["little-9"]


def test_results_that_other_code_began_give_way_to_the_later_ones_beside_them():
    works = (work("little-1-2", "running"), work("little-1", "finished", 100))
    assert card(*works)["work"]["folder"] == "little-1-2"


def test_choices_of_what_is_not_there_fall_back_to_what_is():
    found = choices(ABOUT, {"outcome": "nonsense", "package": 7, "across": "shells"})
    assert found["chosen"] == {"outcome": "shells", "package": "fund", "across": "paid"}


def test_a_heading_counts_what_the_study_holds():
    head = heading(ABOUT, work("little-1", "running"))
    assert head["facts"] == [
        "2 packages",
        "8 futures, 2 worlds each",
        "3 worlds of the scenario as it is",
        "3 uncertain assumptions",
    ]


def test_a_finding_is_told_with_its_size_interval_and_share_of_futures():
    found = matrix(Answer(WHOLE), choices(ABOUT, {}))
    shells, paid = found["rows"][0]["cells"]
    assert (shells["word"], shells["tone"], shells["held"]) == (
        "holds", "good", "higher in 96 % of the sampled futures")  # fmt: skip
    assert (paid["word"], paid["tone"], paid["better"]) == ("depends", "", "better")
    assert paid["held"] == "lower in 62 % of the sampled futures"
    assert found["said"] == [
        "Fund against No change: Shells +9 round (90 % interval +5 to +13); higher, which is "
        "better, in 96 % of the sampled futures."
    ]


def test_a_finding_whose_interval_spans_zero_says_so_and_what_it_depends_on():
    found = matrix(Answer(WHOLE), choices(ABOUT, {"outcome": "paid"}))
    assert "spans zero" in found["said"][0]
    assert "depends most on training" in found["said"][0]


def test_an_effect_is_good_or_bad_by_the_goal_of_its_outcome():
    worse = {**WHOLE, "differences": [difference("fund", "paid", 3.0, 4.0, 5.0, 0.0)]}
    row = effects(Answer(worse), choices(ABOUT, {"outcome": "paid"}))["rows"][0]
    assert (row["good"], row["says"]) == ("bad", "clearly worse")
    assert row["better"] == "better in 0 % of the sampled futures"


def test_an_effect_of_one_case_has_no_interval_and_no_verdict():
    alone = {**WHOLE, "differences": [difference("fund", "shells", None, 4.0, None, 1.0)]}
    row = effects(Answer(alone), choices(ABOUT, {}))["rows"][0]
    assert (row["interval"], row["clear"], row["plot"]) == ("one case only", "", None)


@pytest.mark.parametrize(
    ("part", "told"),
    [(0.824, "82 %"), (1.0, "100 %"), (0.999, "over 99 %"), (0.001, "under 1 %"), (0.0, "0 %")],
)
def test_a_share_is_never_rounded_to_all_or_none(part: float, told: str):
    assert share(part, "future") == f"{told} of the sampled futures"
    assert share(part, "world") == f"{told} of the worlds"


def test_measures_of_robustness_that_disagree_are_told_as_a_finding():
    def row(package: str, mean: float, worst: float, ranks: tuple[int, int]) -> dict[str, Any]:
        blank = {"decile": None, "max_regret": None, "satisficing": None}
        return {"package": package, "outcome": "shells", "mean": mean, "worst": worst, **blank,
                "mean_rank": ranks[0], "worst_rank": ranks[1]}  # fmt: skip

    whole = {
        **WHOLE,
        "robustness": [row("baseline", 5.0, 4.0, (2, 1)), row("fund", 9.0, 1.0, (1, 2))],
        "regret": [{"package": p, "outcome": "shells", "mean": 1.0, "best": 0.5}
                   for p in ("baseline", "fund")],
        "preferred": [{"outcome": "shells", "measure": m, "best": (p,), "agree": False}
                      for m, p in (("mean", "fund"), ("worst", "baseline"))],
    }  # fmt: skip
    found = robust(Answer(whole), choices(ABOUT, {}))
    assert [m["title"] for m in found["measures"]] == ["Mean", "Worst future"]
    assert [m["best"] for m in found["measures"]] == ["Fund", "No change"]
    assert "prefer different packages" in found["said"]


def test_a_tornado_goes_both_ways_from_the_middle_and_tells_the_values():
    ends = [{"factor": "training", "end": end, "value": value, "effect": effect, "low": None,
             "high": None, "swing": 30.0, "swing_low": None, "swing_high": None}
            for end, value, effect in (("low", 2.0, -10.0), ("high", 12.0, 20.0))]  # fmt: skip
    found = bars(Answer({"kind": "tornado", "rows": ends}), ABOUT, "shells", "Fund")
    low, high = found["shown"][0]["bars"]
    assert low["to"] == high["from"] == 50.0
    assert low["from"] < 50.0 < high["to"]
    assert found["shown"][0]["note"] == "2 months: -10; 12 months: +20"
    assert found["shown"][0]["interval"] == "one world only"


def test_assumptions_that_change_nothing_are_counted_and_not_drawn():
    rows = [{"factor": f, "share": s, "low": 0.0, "high": 0.2, "p_value": 0.5, "direction": 0.1,
             "direction_low": -1.0, "direction_high": 1.0}
            for f, s in (("training", 0.1), ("rates", 0.0))]  # fmt: skip
    found = bars(Answer({"kind": "importance", "rows": rows}), ABOUT, "shells", "Fund")
    assert [r["name"] for r in found["shown"]] == ["Time to train"]
    assert found["still"] == "1 more change nothing."
    assert found["shown"][0]["note"] == "not told from chance"
    none = bars(Answer({"kind": "importance", "rows": rows[1:]}), ABOUT, "shells", "Fund")
    assert none["nothing"]


def test_conditions_are_ranges_on_their_axes_with_what_checks_them():
    found = {
        "missed": "acceptable", "cases": 200, "failing": 50,
        "boxes": [{"box": 1, "n": 40, "mass": 0.2, "coverage": 0.7, "density": 0.9, "base": 0.25,
                   "fresh_density": 0.8, "holds": True}],
        "ranges": [
            {"box": 1, "factor": "training", "low": 7.0, "high": None, "words": [],
             "range_low": 2.0, "range_high": 12.0},
            {"box": 1, "factor": "mind", "low": None, "high": None, "words": ["bold"],
             "range_low": None, "range_high": None},
        ],
    }  # fmt: skip
    shown = box(Answer(found), ABOUT, "Fund")
    assert shown["said"] == "Fund misses the acceptable value in 50 of 200 sampled futures."
    training, mind = shown["boxes"][0]["rows"]
    assert (training["from"], training["to"], training["told"]) == (50.0, 100.0, "from 7 months")
    assert [w["on"] for w in mind["words"]] == [True, False]
    assert "fails in 90 % of the futures, against 25 % before" in shown["boxes"][0]["said"]
    never = box(Answer({**found, "failing": 0, "boxes": [], "ranges": []}), ABOUT, "Fund")
    assert "in none of 200" in never["said"]


@pytest.mark.parametrize(
    ("value", "told"),
    [(0.0, "as it is"), (-1.0, "low end"), (0.5, "50 % towards high"), (-0.25, "25 % towards low")],
)
def test_a_place_between_ends_is_told_in_words(value: float, told: str):
    assert value_words({"unit": "place from low (-1) to high (1)"}, value) == told


def test_two_outcomes_stand_at_their_paired_differences_with_the_baseline_at_nothing():
    one = {"shells": 1.0, "paid": 2.0, "share": 0.97}
    rows = [
        {**one, "package": "baseline", "on_front": False, "beaten_by": ("fund",)},
        {**one, "package": "fund", "on_front": True, "beaten_by": ()},
    ]
    changes = [difference("fund", o, 1.0, 2.0, 3.0, 1.0) for o in ("shells", "paid")]
    found = scatter(Answer({"rows": rows, "changes": changes, "fault": ""}), choices(ABOUT, {}))
    base, fund = found["rows"]
    assert (base["x"]["at"], base["y"]["at"], base["beaten"]) == (0.0, 0.0, "Fund")
    assert (fund["x"]["at"], fund["x"]["interval"], fund["share"]) == (2.0, "+1 to +3", "97 %")


def test_an_answer_that_is_not_there_yet_is_neither_ready_nor_wrong():
    assert state(Answer(waiting=True)) == {"ready": False, "waiting": True, "fault": ""}
    assert state(Answer({"fault": "no runs yet"}))["fault"] == "no runs yet"
