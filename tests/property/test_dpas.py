"""Rated orders one by one: what 15 CFR 700.13-700.14 promises, on random books."""

from __future__ import annotations

import doctest
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policies import dpas
from policies.dpas import EPS, Order, Rating, Schedule, respond, schedule, work_month

DX, DO, UNRATED = Rating
NOW = 3  # the month of the book: some orders are old, some already overdue

brisk = settings(deadline=None, max_examples=60)  # an offer is found by trying every month

quantities = st.integers(1, 40).map(lambda n: n / 4)
capacities = st.one_of(
    st.integers(4, 24).map(lambda n: n / 4),
    st.lists(st.integers(0, 24).map(lambda n: n / 4), min_size=1, max_size=6).map(
        lambda months: [*months, 2.5]
    ),
)


@st.composite
def books(
    draw: st.DrawFn, ratings: Sequence[Rating] = tuple(Rating), last_receipt: int = NOW
) -> list[Order]:
    rows = draw(
        st.lists(
            st.tuples(
                st.sampled_from(ratings),
                quantities,
                st.integers(0, 14),
                st.integers(0, last_receipt),
            ),
            max_size=7,
        )
    )
    return [Order(f"o{i}", *row) for i, row in enumerate(rows)]


def monthly(capacity: float | Sequence[float], months: int) -> list[float]:
    row = list(capacity) if isinstance(capacity, Sequence) else [capacity]
    return [row[min(i, len(row) - 1)] for i in range(months)]


def lateness(plan: Schedule, ratings: Sequence[Rating]) -> dict[str, float]:
    return {line.order.id: line.late for line in plan.lines if line.order.rating in ratings}


def in_sequence(
    orders: Sequence[Order], capacity: float | Sequence[float], key: object
) -> dict[str, int]:
    """Delivery months of a plain queue, all on hand, worked in the order of `key`."""
    done, queue, t = {}, sorted(orders, key=key), NOW  # type: ignore[call-overload]
    left = {order.id: order.quantity for order in orders}
    for units in monthly(capacity, dpas.HORIZON):
        for order in queue:
            used = min(units, left[order.id])
            left[order.id], units = left[order.id] - used, units - used
            if left[order.id] <= EPS:
                done.setdefault(order.id, t)
        t += 1
    return done


# Conservation


@brisk
@given(books(last_receipt=9), capacities)
def test_every_month_makes_the_lesser_of_capacity_and_what_is_on_hand(book, capacity):
    plan = schedule(book, capacity, NOW)
    months = max((len(line.made) for line in plan.lines), default=0)
    for step, units in enumerate(monthly(capacity, months)):
        on_hand = sum(
            line.order.quantity - sum(line.made[:step])
            for line in plan.lines
            if line.order.received <= NOW + step
        )
        assert sum(line.made[step] for line in plan.lines) == pytest.approx(min(units, on_hand))


@brisk
@given(books(last_receipt=9), capacities)
def test_nothing_is_negative_early_or_beyond_its_quantity(book, capacity):
    for line in schedule(book, capacity, NOW).lines:
        assert min(line.made) >= 0
        assert sum(line.made) == pytest.approx(line.order.quantity)
        first = next(i for i, units in enumerate(line.made) if units > EPS)
        last = max(i for i, units in enumerate(line.made) if units > EPS)
        assert NOW + first >= line.order.received
        assert line.completed == NOW + last


@brisk
@given(
    st.lists(st.tuples(st.sampled_from(Rating), st.floats(0, 1e6), st.integers(0, 14)), max_size=8),
    st.floats(0, 1e6),
    st.lists(st.floats(0, 1e6), max_size=5),
)
def test_a_month_conserves_units_for_any_floats(rows, now, future):
    book = [Order(str(i), rating, units, due, i % 3) for i, (rating, units, due) in enumerate(rows)]
    made = work_month(book, now, future, NOW)
    assert sum(made) == pytest.approx(min(now, sum(o.quantity for o in book)), abs=1e-6)
    assert all(0 <= units <= order.quantity for order, units in zip(book, made, strict=True))


@brisk
@given(books(), capacities)
def test_what_winners_gain_in_a_month_is_what_named_losers_lose(book, capacity):
    now, *future = monthly(capacity, 12)
    made = work_month(book, now, future, NOW)
    change = [a - b for a, b in zip(made, dpas.hand_out(book, now), strict=True)]
    for loser, winner, units in dpas.displaced(book, made, now):
        assert units > 0
        assert book[winner].rating != UNRATED
        change[loser] += units
        change[winner] -= units
    assert change == pytest.approx([0.0] * len(book), abs=1e-8)


# 700.14 preferential scheduling


@brisk
@given(books(), capacities)
def test_nothing_changes_when_receipt_order_meets_every_rated_date(book, capacity):
    as_received = in_sequence(
        book, capacity, lambda o: (o.received, o.rating, o.required, int(o.id[1:]))
    )
    if all(as_received[o.id] <= o.required for o in book if o.rating != UNRATED):
        plan = schedule(book, capacity, NOW)
        assert {line.order.id: line.completed for line in plan.lines} == as_received
        assert not any(line.displaced for line in plan.lines)


@brisk
@given(books(), capacities)
def test_dx_is_late_exactly_as_if_alone_by_delivery_date(book, capacity):
    dx = [order for order in book if order.rating == DX]
    alone = in_sequence(dx, capacity, lambda o: (o.required, o.received, int(o.id[1:])))
    expected = {o.id: max(0, alone[o.id] - o.required) for o in dx}
    assert lateness(schedule(book, capacity, NOW), [DX]) == expected


@brisk
@given(books(), books(ratings=[DO, UNRATED]), capacities)
def test_no_dx_is_made_later_than_its_date_by_orders_added_below_it(book, added, capacity):
    more = [replace(order, id=f"added {order.id}") for order in added]
    without, with_more = schedule(book, capacity, NOW), schedule([*book, *more], capacity, NOW)
    assert lateness(without, [DX]) == lateness(with_more, [DX])


@brisk
@given(books(last_receipt=9), capacities)
def test_no_rated_order_is_late_for_an_unrated_one(book, capacity):
    rated = [replace(order, received=NOW) for order in book if order.rating != UNRATED]
    unrated = [order for order in book if order.rating == UNRATED]
    without, mixed = schedule(rated, capacity, NOW), schedule([*rated, *unrated], capacity, NOW)
    assert lateness(without, [DX, DO]) == lateness(mixed, [DX, DO])


@brisk
@given(books(ratings=[DX, DO]), capacities)
def test_every_rated_date_is_met_whenever_delivery_sequence_can_meet_them(book, capacity):
    by_date = in_sequence(book, capacity, lambda o: o.required)
    if all(by_date[order.id] <= order.required for order in book):
        assert all(line.late < 1 for line in schedule(book, capacity, NOW).lines)


@brisk
@given(books(), capacities)
def test_preference_goes_no_further_than_needed(book, capacity):
    now, *future = monthly(capacity, 12)
    must_dx, must_rated = dpas.must_be_made_now(book, [o.quantity for o in book], future, NOW)
    made, plain = work_month(book, now, future, NOW), dpas.hand_out(book, now)
    if made != plain:
        assert max(must_dx, must_rated) > EPS
    gain = {
        rating: sum(
            max(0.0, m - p) for o, m, p in zip(book, made, plain, strict=True) if o.rating == rating
        )
        for rating in Rating
    }
    assert gain[DX] <= must_dx + EPS
    assert gain[DX] + gain[DO] <= must_rated + EPS
    assert gain[UNRATED] <= EPS


def test_exception_a_do_received_first_delays_a_dx_inside_its_date():
    do, dx = Order("do", DO, 10, 5, 0), Order("dx", DX, 10, 9, 1)
    alone, both = schedule([dx], 10, NOW), schedule([do, dx], 10, NOW)
    assert (alone["dx"].completed, both["dx"].completed, both["dx"].late) == (3, 4, 0)


def test_exception_a_dx_received_later_is_late_for_do_work_already_done():
    dx1, dx2 = Order("dx1", DX, 10, 4, 3), Order("dx2", DX, 10, 4, 4)
    do = Order("do", DO, 10, 9, 2)
    alone, both = schedule([dx1, dx2], 10, NOW), schedule([do, dx1, dx2], 10, NOW)
    assert [alone["dx2"].late, both["dx2"].late] == [0, 1]


def test_an_older_dx_with_time_to_spare_yields_to_a_do_due_now():
    plan = schedule([Order("dx", DX, 10, 9, 0), Order("do", DO, 10, 3, 3)], 10, NOW)
    assert plan["do"].completed == 3
    assert plan["dx"].displaced_by == {"do": 10}
    assert plan["dx"].late == 0


def test_diverted_units_are_those_needed_and_no_more():
    plan = schedule([Order("civil", UNRATED, 20, 9, 0), Order("do", DO, 15, 4, 3)], 10, NOW)
    assert plan["civil"].made == [5, 0, 10, 5]
    assert plan["do"].made == [5, 10, 0, 0]
    assert plan["civil"].displaced == [(3, "do", 5), (4, "do", 10)]


def test_losers_and_winners_pair_from_the_least_preferred_up():
    book = [
        Order("civil", UNRATED, 5, 9, 0),
        Order("patient dx", DX, 5, 9, 1),
        Order("do", DO, 4, 3, 2),
        Order("dx", DX, 4, 3, 2),
    ]
    plan = schedule(book, 10, NOW)
    assert plan["civil"].displaced_by == {"do": 3}
    assert plan["patient dx"].displaced_by == {"do": 1, "dx": 4}


# 700.13 acceptance and rejection

news = st.builds(
    Order,
    id=st.just("new"),
    rating=st.sampled_from(Rating),
    quantity=quantities,
    required=st.integers(NOW, 20),
    received=st.just(NOW),
)


def harmed(new: Order, accepted: list[Order], capacity: float | Sequence[float]) -> bool:
    """Taken for its date, `new` is late or an order it must respect is made late, or later."""
    protected = [DX] if new.rating == DX else [DX, DO]
    plan = schedule([*accepted, new], capacity, NOW)
    before = lateness(schedule(accepted, capacity, NOW), protected)
    after = lateness(Schedule(NOW, plan.lines[:-1]), protected)
    return plan["new"].late > 0 or any(after[name] > before[name] for name in before)


@brisk
@given(news, books(), capacities)
def test_an_accepted_order_keeps_every_protected_date_and_its_own(new, accepted, capacity):
    answer = respond(new, accepted, capacity, NOW)
    assert answer.accepted == (not harmed(new, accepted, capacity))
    if answer.accepted:
        assert answer.offered is None
        protected = {o.id for o in accepted if o.rating <= min(new.rating, DO)}
        assert protected.isdisjoint(answer.displaced)


@brisk
@given(news, books(), capacities)
def test_the_offer_is_the_earliest_month_and_smaller_ones_fail(new, accepted, capacity):
    answer = respond(new, accepted, capacity, NOW)
    if not answer.accepted:
        assert answer.offered is not None  # there is always a month while capacity lasts
        taken = replace(new, required=answer.offered)
        assert respond(taken, accepted, capacity, NOW).accepted
        for month in range(NOW, answer.offered):
            assert harmed(replace(new, required=month), accepted, capacity)


@brisk
@given(news, books(), books(ratings=[DO, UNRATED]), capacities)
def test_lower_rated_orders_are_no_reason_to_reject_dx(new, accepted, lower, capacity):
    """700.13(b)(1), last sentence; the lower orders that will be late are named."""
    dx = replace(new, rating=DX)
    only_dx = [order for order in accepted if order.rating == DX]
    crowd = [*only_dx, *(replace(order, id=f"low {order.id}") for order in lower)]
    free, crowded = respond(dx, only_dx, capacity, NOW), respond(dx, crowd, capacity, NOW)
    assert (free.accepted, free.offered) == (crowded.accepted, crowded.offered)


@brisk
@given(news, books(), capacities)
def test_an_answer_cites_its_paragraph_and_clock_and_names_whom_it_harms(new, accepted, capacity):
    answer = respond(new, accepted, capacity, NOW)
    clock = {DX: 10, DO: 15, UNRATED: None}[new.rating]
    assert answer.respond_within_working_days == clock
    if new.rating == UNRATED:
        assert answer.paragraph == "none"
    elif answer.accepted:
        assert answer.paragraph == "700.13(a)(1)"
    else:
        interference = "700.13(b)(3)" if new.rating == DX else "700.13(b)(2)"
        assert answer.paragraph in {interference, "700.13(b)(1)"}
    if answer.accepted:
        assert all(name in answer.reason for name in answer.displaced)


def test_700_13_b_1_an_order_that_cannot_be_filled_in_time_is_offered_the_date_it_can():
    answer = respond(Order("new", DO, 25, 4, 3), [], 10, NOW)
    assert (answer.accepted, answer.offered, answer.paragraph) == (False, 5, "700.13(b)(1)")


def test_700_13_b_2_a_do_may_not_interfere_with_an_accepted_do():
    answer = respond(Order("new", DO, 10, 3, 3), [Order("old", DO, 20, 4, 1)], 10, NOW)
    assert (answer.accepted, answer.offered, answer.paragraph) == (False, 5, "700.13(b)(2)")
    assert answer.displaced == ("old",)
    assert "old (DO)" in answer.reason


def test_700_13_b_3_a_dx_may_make_a_do_late_but_not_a_dx():
    new = Order("new", DX, 10, 3, 3)
    over_do = respond(new, [Order("old", DO, 20, 4, 1)], 10, NOW)
    over_dx = respond(new, [Order("old", DX, 20, 4, 1)], 10, NOW)
    assert (over_do.accepted, over_do.displaced) == (True, ("old",))
    assert (over_dx.accepted, over_dx.offered, over_dx.paragraph) == (False, 5, "700.13(b)(3)")


def test_exception_where_an_order_is_already_late_an_offer_can_precede_the_date_asked():
    """In its date's turn the new order comes after one that is late anyway; before it, no harm."""
    old, new = Order("old", DO, 4.5, 6, 3), Order("new", DO, 0.5, 6, 3)
    assert respond(new, [old], 1, NOW).offered == 3
    assert schedule([old, replace(new, required=3)], 1, NOW)["old"].late == 1
    assert schedule([old], 1, NOW)["old"].late == 1


def test_an_unrated_order_waits_behind_the_rated_and_is_offered_a_month():
    answer = respond(Order("civil", UNRATED, 10, 3, 3), [Order("do", DO, 10, 3, 1)], 10, NOW)
    assert (answer.accepted, answer.offered, answer.paragraph) == (False, 4, "none")
    assert "work goes first to do (DO)" in answer.reason


def test_an_unrated_order_that_only_delays_unrated_ones_is_for_the_supplier_to_take():
    answer = respond(Order("new", UNRATED, 10, 3, 3), [Order("old", UNRATED, 20, 4, 3)], 10, NOW)
    assert (answer.accepted, answer.displaced) == (True, ("old",))


# Capacity that ends, and mistakes


def test_what_capacity_never_reaches_is_never_delivered_nor_offered_a_month():
    plan = schedule([Order("a", DO, 30, 9, 0)], [10, 10, 0], NOW)
    assert plan["a"].completed is None
    assert plan["a"].late == float("inf")
    assert sum(plan["a"].made) == 20
    assert respond(Order("new", DX, 10, 9, 3), [], 0, NOW).offered is None


def test_mistakes_are_named():
    order = Order("a", DO, 1, 1, 0)
    with pytest.raises(ValueError, match="order b: quantity"):
        replace(order, id="b", quantity=float("nan"))
    with pytest.raises(ValueError, match="capacity"):
        schedule([order], [])
    with pytest.raises(ValueError, match="one id"):
        schedule([order, order], 1)
    with pytest.raises(ValueError, match="not previously accepted"):
        respond(replace(order, id="new"), [replace(order, received=5)], 1)


def test_the_worked_examples_of_the_regulation_run():
    assert doctest.testmod(dpas, optionflags=doctest.NORMALIZE_WHITESPACE).failed == 0
