"""Credit: from 0 to 1, whole for the right answer, and no answer of any shape breaks it."""

import math
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mobilize.lessons.answers import Truth
from mobilize.lessons.calculations import binds
from mobilize.lessons.lesson import Option, Point, Question, Tolerance
from mobilize.lessons.load import lesson
from mobilize.lessons.marks import told
from mobilize.lessons.questions import (
    KINDS,
    by_rubric,
    credit,
    kendall,
    near,
    overlap,
    right,
    suggest,
)
from mobilize.lessons.worlds import Bench

brisk = settings(deadline=None, max_examples=60)
NAMES = ("a", "b", "c", "d")
OPTIONS = tuple(Option(name, f"option {name}") for name in NAMES)
TIMES = Tolerance("factor", 1.5, 3.0)


def question(kind, **more):
    usual = {"options": OPTIONS, "tolerance": TIMES, "unit": "rockets"}
    return Question("q", kind, "?", "o", "prediction", 1.0, **usual | more)


VALUES = {"a": 4.0, "b": 3.0, "c": 2.0, "d": 1.0}
CASES = {
    "choice": (question("choice"), Truth("a")),
    "several": (question("choice", several=True), Truth(["a", "c"])),
    "none of them": (question("choice", several=True), Truth([])),
    "number": (question("number"), Truth(100.0)),
    "never": (question("number"), Truth(math.inf)),
    "rank": (question("rank"), Truth(list(NAMES), VALUES, VALUES)),
    "queue": (question("queue", options=()), Truth(list(NAMES), VALUES, VALUES)),
    "constraint": (question("constraint"), Truth({"line": "a", "bound": "crew"})),
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
    | st.sampled_from(NAMES),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_the_right_answer_earns_all_and_can_be_told(case):
    asked, truth = CASES[case]
    assert credit(asked, truth.answer, truth).share == 1.0
    assert right(asked, truth)


@pytest.mark.parametrize("case", CASES)
@brisk
@given(answer=JSON)
def test_an_answer_of_any_shape_earns_from_0_to_1_and_is_told_why(case, answer):
    found = credit(*CASES[case][:1], answer, CASES[case][1])
    assert 0.0 <= found.share <= 1.0
    assert found.text


@pytest.mark.parametrize("case", CASES)
def test_no_answer_earns_nothing(case):
    asked, truth = CASES[case]
    assert credit(asked, None, truth).share == credit(asked, "", truth).share == 0.0


def test_every_kind_that_is_asked_has_its_credit():
    assert {asked.kind for asked, _ in CASES.values()} | {"reasoning"} == set(KINDS)


@brisk
@given(st.floats(0.01, 1e6), st.floats(1.0, 5.0), st.floats(1.0, 5.0), st.booleans())
def test_a_number_farther_off_never_earns_more(correct, near_by, farther, below):
    one, two = sorted((near_by, farther))
    shares = [near(correct / f if below else correct * f, correct, TIMES) for f in (one, two)]
    assert shares[0] >= shares[1]


def test_twice_and_half_earn_the_same():
    assert near(200, 100, TIMES) == pytest.approx(near(50, 100, TIMES))
    assert near(100, -100, TIMES) == 0.0


@brisk
@given(st.permutations(NAMES))
def test_each_two_things_in_wrong_order_cost_the_same(order):
    place = {name: n for n, name in enumerate(order)}
    wrong = sum(place[a] > place[b] for i, a in enumerate(NAMES) for b in NAMES[i + 1 :])
    assert kendall(order, NAMES, VALUES) == pytest.approx(max(0.0, 1 - 2 * wrong / 6))


def test_things_of_one_value_may_stand_in_any_order():
    alike = {"a": 2.0, "b": 1.0, "c": 1.0}
    assert kendall(["a", "c", "b"], ["a", "b", "c"], alike) == 1.0


def test_ticking_everything_earns_less_than_ticking_what_is_right():
    assert overlap(NAMES, ["a", "b"]) == 0.0
    assert overlap(["a"], ["a", "b"]) == 0.5
    assert overlap(["a", "b"], ["a", "b"]) == 1.0


def test_a_plant_in_the_chain_is_told_to_be_a_symptom():
    asked, _ = CASES["constraint"]
    truth = Truth({"line": "a", "bound": "crew"}, {"chain": "B <- A", "lines": "b a"})
    found = credit(asked, {"line": "b", "bound": "crew"}, truth)
    assert found.share == 0.0
    assert "waits for what stands behind it" in found.text
    assert credit(asked, {"line": "a", "bound": "input"}, truth).share == 0.5


@pytest.mark.parametrize("name", ["priority", "bottleneck"])
def test_plants_are_told_by_name_in_the_answer_the_reason_and_what_one_missed(name):
    one = lesson(name)
    ids = re.compile(
        rf"(?<![\w-])({'|'.join(map(str, one.scenario.tables['lines']['id']))})(?![\w-])"
    )
    chains = []
    for asked in (q for q in one.questions if q.kind == "constraint"):
        known = binds(Bench(one), asked, asked.calculation.arguments)
        chains.append(str(known.figures["lines"]).split())
        seen = credit(asked, {"line": chains[-1][0], "bound": "nothing"}, known).text
        bare = replace(asked, options=())
        other = binds(Bench(one), bare, asked.calculation.arguments)
        said = [right(asked, known), told(asked.why, known), seen, right(bare, other)]
        assert [text for text in said if ids.search(text)] == []
    assert max(map(len, chains)) > 1  # there is a chain to follow


def test_a_rubric_earns_by_worth_and_suggests_by_words_alone():
    asked = question(
        "reasoning",
        rubric=(Point("one", 2.0, ("plant|line", "full")), Point("two", 1.0, ("money",))),
    )
    assert by_rubric(asked, (0,)).share == pytest.approx(2 / 3)
    assert by_rubric(asked, (0, 1, 7)).share == 1.0
    assert "two" in by_rubric(asked, (0,)).text
    assert suggest(asked, "The PLANT is full.") == (0,)
    assert suggest(asked, None) == ()
