"""A search finds known fronts, asks nothing twice, and goes on where it was stopped."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from experiments.analysis.front import undominated
from experiments.measures import Outcome, figure, read_outcomes
from experiments.pareto import hypervolume
from experiments.search import FAILED, Found, find, generations
from experiments.space import Choice, Limit, Search, package_of, read_search
from mobilize.model import Model
from mobilize.scenario import load, months
from policies.levers import SIZES
from policies.package import Setting, read_package

pytest.importorskip("optuna", minversion="5")

NAMES = tuple(f"program-{n}" for n in range(8))
STEPS = tuple(float(v) for v in range(0, 1001, 25))
DATE = 24325


def outcome(name, goal="less"):
    return Outcome(name, name, "paid", "all", "sum", 0, 9, "MUSD", goal)


def amounts(**changed):
    """Return a search over eight amounts with two objectives."""
    levers = tuple(Choice("appropriate", name, (DATE,), STEPS, ordered=True) for name in NAMES)
    search = Search(levers, (outcome("near"), outcome("far")), (), generations=6, population=20)
    return replace(search, **changed)


def place(settings):
    """Return the amounts of a package between 0 and 1, one for each program."""
    at = dict.fromkeys(NAMES, 0.0) | {s.target: float(s.value) / 1000 for s in settings}
    return np.array([at[name] for name in NAMES])


def zdt1(x):
    """Return a problem with a known front (Zitzler, Deb and Thiele 2000): all others at 0.3.

    The best compromise is far = 1 - sqrt(near).
    """
    g = 1.0 + 9.0 * float(np.abs(x[1:] - 0.3).mean())
    return {"near": float(x[0]), "far": g * (1.0 - math.sqrt(x[0] / g))}


class Store:
    """Keeps figures as an engine does, and counts what was run."""

    def __init__(self, problem=lambda candidate: zdt1(place(candidate.package.settings))):
        self.kept, self.runs, self.asked, self.problem = {}, [], [], problem

    def __call__(self, candidates):
        self.asked.append([candidate.name for candidate in candidates])
        for candidate in candidates:
            if candidate.name not in self.kept:
                self.runs.append(candidate.name)
                self.kept[candidate.name] = self.problem(candidate)
        return [self.kept[candidate.name] for candidate in candidates]


def covered(figures):
    """Return the share of the box up to (1, 5) that figures dominate."""
    gain = (np.array([1.0, 5.0]) - [[f["near"], f["far"]] for f in figures]) / [1.0, 5.0]
    return hypervolume(gain[(gain >= 0.0).all(axis=1)])


@pytest.mark.parametrize("seed", range(3))
def test_a_known_front_is_found_far_better_than_by_chance(seed):
    store = Store()
    found = find(amounts(generations=20, population=40), seed, store)
    rng = np.random.default_rng(seed)
    chance = [zdt1(rng.choice(STEPS, len(NAMES)) / 1000) for _ in store.runs]
    best = covered([{"near": t, "far": 1.0 - math.sqrt(t)} for t in np.linspace(0, 1, 41)])
    missed, by_chance = (
        1.0 - covered(figures) / best for figures in ([e.figures for e in found.evaluated], chance)
    )
    assert missed < 0.07
    assert missed < by_chance / 2


def test_the_same_seed_gives_the_same_search_and_another_seed_another():
    first, second, other = (find(amounts(), seed, Store()) for seed in (1, 1, 2))
    assert first == second
    assert {e.candidate.name for e in first.evaluated} != {
        e.candidate.name for e in other.evaluated
    }


@pytest.mark.parametrize("stop", range(6))
def test_a_search_stopped_after_any_generation_goes_on_as_if_it_never_had(stop):
    whole, store = find(amounts(), 7, Store()), Store()
    begun = generations(amounts(), 7, store)
    for _ in range(stop):
        next(begun)
    begun.close()
    before = list(store.runs)
    again = find(amounts(), 7, store)
    assert again == whole
    assert store.runs == [e.candidate.name for e in whole.evaluated]
    assert store.runs[: len(before)] == before


def test_a_search_killed_within_a_generation_runs_only_what_is_missing():
    whole, store = find(amounts(), 7, Store()), Store()

    def dies(candidates):
        if len(store.asked) == 2:
            store(candidates[:5])
            raise KeyboardInterrupt
        return store(candidates)

    with pytest.raises(KeyboardInterrupt):
        find(amounts(), 7, dies)
    assert find(amounts(), 7, store) == whole
    assert len(store.runs) == len(set(store.runs)) == len(whole.evaluated)


def test_more_generations_later_go_on_from_the_same_ones():
    short = find(amounts(generations=3), 5, Store())
    long = find(amounts(generations=6), 5, Store())
    assert long.generations[:3] == short.generations


def test_nothing_is_evaluated_twice_even_where_there_is_little_to_choose():
    levers = tuple(Choice("appropriate", n, (DATE,), ("off", 100.0)) for n in NAMES[:4])
    store = Store()
    found = find(amounts(levers=levers, generations=8, population=6), 3, store)
    asked = [name for names in store.asked for name in names]
    assert len(asked) == len(set(asked)) == len(found.evaluated)
    assert len(asked) == 2**4  # all there is
    assert all(store.asked)  # nobody is called for nothing


def test_a_date_does_not_count_for_a_lever_that_is_left_alone():
    levers = (Choice("appropriate", NAMES[0], (DATE, DATE + 1, DATE + 2), ("off", 100.0)),
              Choice("appropriate", NAMES[1], (DATE,), ("off", 100.0)))  # fmt: skip
    search = amounts(levers=levers, generations=6, population=4)
    assert search.size() == (1 + 3) * (1 + 1)
    assert len(find(search, 0, Store()).evaluated) == search.size()


def test_the_ends_of_every_lever_are_looked_at_first():
    first, second = find(amounts(generations=1), 0, Store()).evaluated[:2]
    assert place(first.candidate.package.settings).tolist() == [0.0] * len(NAMES)
    assert place(second.candidate.package.settings).tolist() == [1.0] * len(NAMES)
    levers = (replace(amounts().levers[0], values=("off", 5.0)), *amounts().levers[1:])
    nothing = amounts(levers=tuple(replace(c, values=("off", 5.0)) for c in levers), generations=1)
    package = find(nothing, 0, Store()).evaluated[0].candidate.package
    assert (package.settings, package.title) == ((), "No change")


@pytest.mark.parametrize("spoilt", [{}, {"near": 0.1}, {"near": 0.1, "far": math.nan},
                                    {"near": -math.inf, "far": 0.0}])  # fmt: skip
def test_a_candidate_that_failed_is_never_on_the_front_and_the_search_goes_on(spoilt):
    def problem(candidate):
        x = place(candidate.package.settings)
        return spoilt if x[1] > 0.5 else zdt1(x)

    found = find(amounts(), 4, Store(problem))
    failed = [e for e in found.evaluated if e.violation >= FAILED]
    assert failed
    assert all(place(e.candidate.package.settings)[1] > 0.5 for e in failed)
    assert all(e.feasible for e in found.front)
    share = [np.mean([e.feasible for e in g]) for g in found.generations]
    assert np.mean(share[3:]) > share[0] + 0.2  # what fails is bred no further


def test_limits_are_kept_on_the_front_and_steer_the_search():
    limit = Limit("near", "at least", 0.8)
    found = find(amounts(within=(limit,)), 4, Store())
    assert found.front
    assert all(e.figures["near"] >= 0.8 for e in found.front)
    share = [np.mean([e.feasible for e in g]) for g in found.generations]
    assert np.mean(share[3:]) > share[0] + 0.2
    assert {e.feasible for e in found.evaluated} == {True, False}


def test_a_search_in_which_all_fail_ends_with_an_empty_front():
    found = find(amounts(generations=2), 4, Store(lambda candidate: {}))
    assert (found.front, found.hypervolume().tolist()) == ((), [0.0, 0.0])
    assert not found.frame()["front"].any()


def test_the_front_is_what_nothing_dominates_whichever_way_is_better():
    objectives = (outcome("near", "more"), outcome("far"))
    found = find(amounts(objectives=objectives), 4, Store())
    values = np.array([[e.figures["near"], -e.figures["far"]] for e in found.evaluated])
    wanted = {found.evaluated[n].candidate.name for n in np.flatnonzero(undominated(values))}
    assert {e.candidate.name for e in found.front} == wanted
    frame = found.frame()
    assert set(frame.loc[frame["front"], "package"]) == wanted
    assert len(frame) == len(found.evaluated)


def test_hypervolume_never_falls_and_ends_at_that_of_the_front():
    found = find(amounts(), 4, Store())
    volumes = found.hypervolume()
    assert volumes.shape == (6,)
    assert (np.diff(volumes) >= 0.0).all()
    assert 0.0 < volumes[0] < volumes[-1] <= 1.0
    only = Found(found.search, (found.front,))
    box = Found(found.search, (found.evaluated,))
    assert box.hypervolume()[0] == pytest.approx(volumes[-1])
    assert len(only.front) == len(found.front)


def test_a_name_follows_from_the_settings_alone():
    settings = [Setting(DATE + n, "appropriate", name, 100.0) for n, name in enumerate(NAMES[:3])]
    assert package_of(settings) == package_of(settings[::-1])
    others = [replace(settings[0], size=size) for size in SIZES]
    assert len({package_of([one]).name for one in others}) == len(SIZES)
    assert package_of(settings[:1]).title == "Money for a program (program-0): 100 MUSD, 2027-02"


TABLE = {
    "generations": 3,
    "population": 6,
    "objectives": ["charges", "paid"],
    "within": ["paid <= 1e6", "charges>=10"],
    "lever": [
        {"lever": "appropriate", "target": "us-155-charges", "date": "2022-04", "low": 0,
         "high": 2000, "step": 500},
        {"lever": "contract-type", "target": "us-155-charges", "date": ["2022-06", "2022-03"],
         "values": ["off", "multiyear"]},
    ],
}  # fmt: skip
OUTCOMES = [
    {"name": "charges", "measure": "deliveries", "of": "us-155-charges"},
    {"name": "paid", "measure": "paid"},
]


@pytest.fixture(scope="module")
def artillery():
    scenario = load("artillery-2022")
    return scenario, read_outcomes(OUTCOMES, scenario, 24)[0]


def table(**changed):
    return {**TABLE, **changed}


def test_a_table_is_read_as_it_says(artillery):
    search, faults = read_search(table(), *artillery)
    assert faults == []
    assert search.levers[0].values == (0.0, 500.0, 1000.0, 1500.0, 2000.0)
    assert search.levers[0].ordered
    start = artillery[0].start  # 2022-02
    assert search.levers[1].dates == (start + 1, start + 4)
    assert search.within == (Limit("paid", "at most", 1e6), Limit("charges", "at least", 10.0))
    assert search.size() == 5 * (1 + 2)
    assert [o.name for o in search.objectives] == ["charges", "paid"]


def test_found_packages_run_and_are_what_a_package_file_would_hold():
    scenario, length = load("mrap-2007"), 24
    rows = [{"name": "vehicles", "measure": "deliveries", "of": "us-mrap"},
            {"name": "paid", "measure": "paid"}]  # fmt: skip
    outcomes, _ = read_outcomes(rows, scenario, length)
    lever = {"lever": "industrial", "target": "US", "date": "2007-03", "low": 0, "high": 500,
             "step": 100}  # fmt: skip
    contract = {"lever": "contract-type", "target": "us-mrap", "date": "2007-03",
                "values": ["off", "multiyear"]}  # fmt: skip
    asked = {"generations": 4, "population": 6, "objectives": ["vehicles", "paid"]}
    search, faults = read_search(asked | {"lever": [lever, contract]}, scenario, outcomes)
    assert faults == []

    def evaluate(candidates):
        models = [Model(scenario, c.package, months=length, panel=False).run() for c in candidates]
        return [{o.name: figure(model, o) for o in outcomes} for model in models]

    found = find(search, 0, evaluate)
    assert len(found.evaluated) == search.size()
    by_vehicles = [(e.figures["vehicles"], e.figures["paid"]) for e in found.front]
    assert len(by_vehicles) > 1
    assert by_vehicles == sorted(by_vehicles)  # more vehicles for more money
    assert by_vehicles[-1][1] > by_vehicles[0][1]
    best = found.front[-1].candidate.package
    rows = [
        {"date": months.label(s.date), "lever": s.lever, "target": s.target, "value": s.value}
        for s in best.settings
    ]
    assert read_package("same", {"set": rows}, scenario, "same").digest == best.digest


def test_every_fault_of_a_table_is_told_at_once(artillery):
    lever = {"lever": "appropriate", "target": "us-155-charges", "date": "2022-04"}
    amount = {"low": 0, "high": 100, "step": 50}
    wrong = {
        "generation": 3,
        "population": 2,
        "objectives": ["charge", "paid", "paid"],
        "within": ["payd <= 5", "paid < 5", 3],
        "lever": [
            {**lever, "lever": "apropriate", "low": 0, "high": 100, "step": 50},
            {**lever, **amount, "target": "us-155-charge"},
            {**lever, **amount, "date": "2031-01"},
            {**lever, **amount, "date": ["2022-04", "2022-04"], "sise": "low"},
            {**lever, "low": 0, "high": 100, "step": 30},
            {**lever, "low": 0, "high": 100},
            {**lever, "low": 0, "high": 100_000, "step": 50_000},
            {**lever},
            {**lever, "values": ["off", "much"]},
            {**lever, "values": [100, 100]},
            {**lever, **amount, "values": [1, 2]},
            {**lever, **amount, "size": "huge"},
            {**amount},
        ],
    }
    search, told = read_search(wrong, *artillery)
    expected = [
        "[search]: unknown key 'generation' (did you mean 'generations'?)",
        "[search]: key 'generations' is missing; a whole number, 1 to 1000",
        "[search]: key 'population': '2' is not allowed; a whole number, 4 to 1000",
        "[search]: key 'objectives': 'charge' is no outcome (did you mean 'charges'?)",
        "[search]: key 'objectives' must name 1 to 4 outcomes, each once",
        "[search]: key 'within': 'payd' is no outcome (did you mean 'paid'?)",
        "[search]: key 'within': 'paid < 5' is not an outcome, <= or >=, and a number",
        "[search]: key 'within': '3' is not an outcome",
        "[[search.lever]] 1: lever 'apropriate' is unknown; did you mean 'appropriate'?",
        "[[search.lever]] 2: target 'us-155-charge' is not an id of programs",
        "[[search.lever]] 3: date 2031-01 is outside the scenario",
        "[[search.lever]] 4: unknown key 'sise' (did you mean 'size'?)",
        "[[search.lever]] 4: key 'date': each month once",
        "[[search.lever]] 5: key 'step': from 0 to 100 is not a whole number of steps of 30",
        "[[search.lever]] 6: key 'step' must be a number: low, high and step go together",
        "[[search.lever]] 7: value '50000.0' is not an amount from 0 to 10000 MUSD",
        "[[search.lever]] 7: value '100000.0' is not an amount from 0 to 10000 MUSD",
        "[[search.lever]] 8: give low, high and step: what lever 'appropriate' may be set to",
        "[[search.lever]] 9: value 'much' is not an amount",
        "[[search.lever]] 10: key 'values': each value once",
        "[[search.lever]] 11: 'values' or low, high, step, not both",
        "[[search.lever]] 12: size 'huge' is not one of low, base, high",
        "[[search.lever]] 13: key 'date' is missing",
        "[[search.lever]] 13: key 'lever' is missing",
    ]
    assert search is None
    for line, start in zip(told, expected, strict=True):
        assert line.startswith(start), line


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"lever": []}, "[search]: no lever to search over"),
        ({"lever": [*TABLE["lever"], TABLE["lever"][0]]},
         "[[search.lever]] 3: key 'date': [[search.lever]] 1 sets the same lever in 2022-04 too"),
        ({"population": 16}, "[search]: key 'population': there are only 15 packages"),
        ({"objectives": "paid"}, "[search]: key 'objectives' must be a list"),
        ({"within": "paid <= 5"}, "[search]: key 'within': 'paid <= 5' is not a list"),
    ],
)  # fmt: skip
def test_what_cannot_be_searched_is_refused(artillery, changed, fault):
    search, told = read_search(table(**changed), *artillery)
    assert search is None
    assert len(told) == 1
    assert told[0].startswith(fault)


def test_a_switch_is_on_or_off_unless_told(artillery):
    from policies.levers import catalogue
    from policies.targets import targets

    scenario, outcomes = artillery
    name, of = next((lever.name, targets(lever, scenario)[0]) for lever in catalogue().values()
                    if lever.setting == "switch" and lever.target == "programs")  # fmt: skip
    row = {"lever": name, "target": of, "date": "2022-05"}
    search, faults = read_search(table(lever=[row, *TABLE["lever"]]), scenario, outcomes)
    assert faults == []
    assert search.levers[0].values == ("off", "on")
