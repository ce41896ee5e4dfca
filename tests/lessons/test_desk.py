"""The DPAS desk: the worked examples of the regulation, single rules, cases and marks."""

import doctest
import json
from collections import Counter
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path

import pytest

from mobilize.lessons.desk import regulation
from mobilize.lessons.desk import solve as solving
from mobilize.lessons.desk.case import Case, CaseError, Incoming, Need
from mobilize.lessons.desk.examples import examples
from mobilize.lessons.desk.generate import generate, levels
from mobilize.lessons.desk.handbook import handbook
from mobilize.lessons.desk.mark import Answer, AnswerError, mark, model_answer, read_answer, worst
from mobilize.lessons.desk.regulation import amendments, paragraphs, programs, read_rating
from mobilize.lessons.desk.solve import solve, working_day
from policies.dpas import Order, Rating

DX, DO, UNRATED = Rating


@pytest.mark.parametrize("example", examples(), ids=lambda one: one.id)
def test_every_worked_example_of_the_regulation_comes_out_as_it_says(example):
    assert example.source
    assert example.confidence in ("documented", "unverified")
    if example.case is None:
        assert all(read_rating(rating)[1] in programs() for rating in example.ratings)
        return
    marked = mark(example.case, example.expected)
    assert {part: marked[part].share for part in example.asserted} == dict.fromkeys(
        example.asserted, 1.0
    )


def test_every_paragraph_that_decides_is_told_with_its_source_and_how_sure_it_is():
    for level in range(1, len(levels()) + 1):
        for number in range(80):
            right = solve(generate(level, 3, number))
            cited = [ground for grounds in right.ways.values() for ground in grounds]
            cited += [placed.paragraph for placed in right.suppliers.values()]
            cited += [right.clock] if right.clock else []
            for paragraph in cited:
                assert paragraphs()[paragraph].source
                assert paragraphs()[paragraph].confidence in ("documented", "unverified")
            assert right.why.endswith(".")
    assert {one.paragraph for one in amendments().values()} <= set(paragraphs())


@pytest.mark.parametrize("level", range(1, len(levels()) + 1))
def test_a_case_is_the_same_for_the_same_seed_and_its_model_answer_has_full_marks(level):
    for number in range(60):
        case = generate(level, 11, number)
        assert case == generate(level, 11, number)
        right = solve(case)
        sent = read_answer(json.loads(json.dumps(asdict_of(model_answer(right)))))
        assert mark(case, sent).share == 1.0
    assert generate(level, 11, 0) != generate(level, 12, 0)


def asdict_of(answer: Answer) -> dict:
    told = asdict(replace(answer, slips={}, ratings={}))
    return told | {"slips": dict(answer.slips), "ratings": dict(answer.ratings)}


def test_every_decision_and_ground_is_met_at_some_level():
    found = Counter()
    for level in range(1, len(levels()) + 1):
        for number in range(150):
            right = solve(generate(level, 5, number))
            found.update(list(right.ways))
            found.update(ground for grounds in right.ways.values() for ground in grounds)
    assert {"accept", "offer", "decline", "ordinary", "prefer", "carry on"} <= set(found)
    assert {f"700.13(b)({n})" for n in (1, 2, 3, 4)} <= set(found)
    assert {f"700.13(c)({n})" for n in (1, 2, 3, 4)} <= set(found)
    assert {f"700.12(a)({n})" for n in (1, 2, 3, 4)} <= set(found)


def test_levels_grow_harder():
    def weight(level):
        cases = [generate(level, 1, n) for n in range(100)]
        return sum(len(case.book) + len(solve(case).slips) for case in cases)

    weights = [weight(level) for level in range(1, len(levels()) + 1)]
    assert weights[0] == min(weights)
    assert weights[-1] == max(weights)
    with pytest.raises(ValueError, match="level 9"):
        generate(9, 1)


# single rules


def case_of(**parts):
    order = parts.pop("order", Order("new", DO, 10, 5, 3))
    paper = {k: parts.pop(k) for k in list(parts) if k in Incoming.__dataclass_fields__}
    new = Incoming(order, **{"program": "A6", "received_on": date(2027, 3, 1)} | paper)
    whole = {"id": "c", "level": 0, "plant": "p", "month": 3, "capacity": (10.0,), "book": ()}
    return Case(**whole | parts, incoming=new)


@pytest.mark.parametrize(
    ("lack", "paragraph"),
    [
        ({"program": ""}, "700.12(a)(1)"),
        ({"words": "immediately"}, "700.12(a)(2)"),
        ({"signed": False}, "700.12(a)(3)"),
        ({"statement": False}, "700.12(a)(4)"),
    ],
)
def test_an_order_that_lacks_an_element_has_neither_preference_nor_clock(lack, paragraph):
    rated = Order("do", DO, 10, 3, 1)
    right = solve(case_of(order=Order("new", DX, 10, 3, 3), book=(rated,), **lack))
    assert right.ways == {"ordinary": (paragraph,)}
    assert not right.slips
    assert right.answer_by is None


@pytest.mark.parametrize(
    ("ground", "paragraph"),
    [
        ({"terms_met": False}, "700.13(c)(1)"),
        ({"supplied": False}, "700.13(c)(2)"),
        ({"own_use": True}, "700.13(c)(3)"),
        ({"customer_makes_it": True}, "700.13(c)(4)"),
    ],
)
def test_what_may_be_rejected_may_be_accepted_too(ground, paragraph):
    case = case_of(**ground)
    for decision, cited in (("decline", paragraph), ("accept", "700.13(a)(1)")):
        marked = mark(case, Answer(decision, cited))
        assert marked["decision"].share == marked["ground"].share == 1
    assert mark(case, Answer("accept", paragraph))["ground"].share < 1


def test_the_government_may_order_what_it_makes_itself():
    assert "decline" not in solve(case_of(customer_makes_it=True, government=True)).ways


def test_the_clock_counts_the_plants_working_days_and_hours_where_the_order_gives_them():
    start = date(2027, 3, 1)  # a Monday
    assert solve(case_of()).answer_by == date(2027, 3, 22)
    assert solve(case_of(order=Order("new", DX, 5, 5, 3))).answer_by == date(2027, 3, 15)
    assert solve(case_of(closed=(date(2027, 3, 5),))).answer_by == date(2027, 3, 23)
    assert working_day(start, 5, [date(2027, 3, 6)]) == date(2027, 3, 8)  # a Saturday shut anyway
    hurry = solve(case_of(hours=6))
    assert (hurry.answer_by, hurry.hours, hurry.clock) == (None, 6, "700.13(d)(2)")
    unrated = solve(case_of(order=Order("new", UNRATED, 5, 5, 3), program=""))
    assert (unrated.answer_by, unrated.clock) == (None, "")


def test_ratings_flow_to_suppliers_as_the_part_says():
    needs = (
        Need("castings", "part", 1e6),
        Need("rags", "supplies", 1e6),
        Need("bar", "stock", 1e6),
        Need("lathe", "equipment", 1e6),
        Need("bolts", "part", 500.0),
    )
    dx = solve(case_of(order=Order("new", DX, 5, 5, 3), program="A2", needs=needs)).suppliers
    assert {name: placed.ratings for name, placed in dx.items()} == {
        "castings": ("DX-A2",),
        "rags": ("DX-H7",),
        "bar": ("DO-A2", "none"),  # never DX
        "lathe": ("none",),
        "bolts": ("DX-A2", "none"),
    }
    civil = solve(case_of(order=Order("new", UNRATED, 5, 5, 3), program="", needs=needs)).suppliers
    assert {placed.ratings for placed in civil.values()} == {("none",)}


def test_amendments_count_as_a_new_order_a_new_rating_or_nothing():
    book = (Order("a", DO, 10, 6, 0), Order("b", DO, 10, 3, 0))
    same = solve(case_of(order=Order("a", DO, 10, 6, 3), book=book, change="destination"))
    assert same.ways == {"carry on": ("700.16(d)",)}
    earlier = solve(case_of(order=Order("a", DO, 10, 3, 3), book=book, change="earlier"))
    assert earlier.ways == {"offer": ("700.13(b)(1)",)}
    assert "700.16(c)" in earlier.why
    assert earlier.offered == 4
    raised = solve(case_of(order=Order("a", DX, 10, 3, 3), book=book, change="rating"))
    assert raised.ways == {"prefer": ("700.16(b)",)}
    assert raised.slips == {"b": 1}
    assert raised.late == ("b",)


def test_orders_of_one_day_are_accepted_by_their_dates():
    first, new = Order("first", DO, 10, 3, 3), Order("new", DO, 15, 4, 3)
    right = solve(case_of(order=new, same_day=(first,)))
    assert right.ways == {"offer": ("700.13(b)(4)",)}
    assert right.offered == 5
    alone = solve(case_of(order=new, same_day=(replace(first, required=5),)))
    assert list(alone.ways) == ["accept"]


def test_an_order_that_lacks_an_element_goes_behind_every_rated_one_of_its_day():
    first, new = Order("first", DO, 10, 5, 3), Order("new", DO, 10, 3, 3)
    right = solve(case_of(order=new, same_day=(first,), signed=False))
    assert right.ways == {"ordinary": ("700.12(a)(3)",)}
    assert dict(right.deliveries) == {"first": 3, "new": 4}
    assert right.offered == 4
    whole = solve(case_of(order=new, same_day=(first,)))
    assert dict(whole.deliveries) == {"new": 3}  # due earlier, it is answered before the other


def test_wrong_parts_lose_and_each_part_says_what_is_right():
    case = case_of(order=Order("new", DX, 10, 3, 3), book=(Order("do", DO, 10, 3, 1),))
    wrong = mark(case, Answer("offer", "700.13(b)(3)", 4, ("do", "new"), {}, "2027-03-22"))
    assert wrong.share == 0
    assert wrong["slips"].right == "do: 1"
    assert "do" in wrong["slips"].why
    half = mark(case, Answer("accept", "700.13(a)(2)", None, ("new", "do"), {"do": 2}))
    assert (half["ground"].share, half["sequence"].share, half["slips"].share) == (0.5, 1, 0.5)
    assert worst([wrong, half]) == "answer_by"
    named = mark(case, Answer("accept", slips={"do": 1, "new": 4}))
    assert named["slips"].share == 0.5  # naming everybody does not pay


@pytest.mark.parametrize(
    "odd",
    [None, [], "accept", {}, {"decision": "maybe"}, {"decision": "accept", "offered": -1},
     {"decision": "accept", "slips": ["a"]}, {"decision": "accept", "slips": {"a": "b"}},
     {"decision": "accept", "sequence": "a"}, {"decision": "accept", "ratings": {"a": 5}},
     {"decision": "accept", "ground": "x" * 99}, {"decision": "accept", "extra": 1},
     {"decision": "accept", "sequence": ["x"] * 99}],
)  # fmt: skip
def test_what_is_no_answer_is_refused_in_words(odd):
    with pytest.raises(AnswerError, match=r"allowed|table"):
        read_answer(odd)


def test_a_case_without_an_answer_is_refused_with_every_fault():
    with pytest.raises(CaseError, match=r"(?s)capacity.*one id.*same_day.*program ZZ"):
        case_of(
            capacity=(10.0, 0.0),
            book=(Order("a", DO, 1, 1, 0), Order("a", DO, 1, 1, 0)),
            same_day=(Order("b", UNRATED, 1, 4, 3),),
            program="ZZ",
        )


def test_the_page_on_the_desk_is_what_the_desk_says():
    page = Path(__file__).parents[2] / "docs" / "dpas-desk.md"
    assert page.read_text(encoding="utf-8") == handbook()


def test_the_examples_in_docstrings_run():
    for module in (regulation, solving):
        assert doctest.testmod(module).failed == 0
    with pytest.raises(ValueError, match="is no rating"):
        read_rating("DZ-A1")
