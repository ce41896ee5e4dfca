"""The kernel that shares out goods against the rule of law order by order, `policies.dpas`."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mobilize.model import Model
from mobilize.network import RATINGS
from mobilize.physics.handle import handle
from mobilize.physics.ordering import call_off, order_inputs
from mobilize.physics.priority import allocate
from mobilize.state import CLASSES, DUE, LATEST, State
from mobilize.synthetic import synthetic
from policies.dpas import Order, Rating, hand_out, must_be_made_now, work_month
from policies.package import Package, Setting

NOW = 40  # month of the book: any, but not one in which the ring of months starts over
OLDEST = DUE - 1 - LATEST  # months overdue that the book can tell apart
UNRATED = CLASSES - 1

many = settings(deadline=None, max_examples=300)
few = settings(deadline=None, max_examples=10)


class Row(NamedTuple):
    """Units a route has on order for a month, under a rating."""

    route: int  # place among the line's routes
    rating: Rating
    due: int  # months from now
    units: float


class Book(NamedTuple):
    """A line's order book, and its work of this month and of each later one."""

    lead: int
    rows: tuple[Row, ...]
    goods: float
    pace: float
    closed: frozenset[int]  # routes that goods may not leave on


class Outcome(NamedTuple):
    """What the kernel did: units by (route, class, month), and by route against a plain queue."""

    shipped: dict[tuple[int, Rating, int], float]
    gained: np.ndarray
    state: State


@cache
def plant():
    """Return a network, a line of it with many customers, and their routes."""
    model = Model(synthetic(60, seed=4), months=1)
    net = model.world.net
    line = int(np.argmax(np.diff(net.l_sales)))
    net = net._replace(l_cover=np.zeros_like(net.l_cover))  # no stock is kept back
    return net, model.world.s, line, net.sales[net.l_sales[line] : net.l_sales[line + 1]]


ROUTES = 5
quarters = st.integers(1, 40).map(lambda n: n / 4)


@st.composite
def books(draw, ratings=tuple(Rating), overdue=OLDEST):
    lead = draw(st.integers(1, 12))
    rows = draw(
        st.lists(
            st.builds(
                Row,
                st.integers(0, ROUTES - 1),
                st.sampled_from(ratings),
                st.integers(-overdue, lead),
                quarters,
            ),
            min_size=1,
            max_size=10,
            unique_by=lambda row: row[:3],
        )
    )
    closed = draw(st.frozensets(st.integers(0, ROUTES - 1), max_size=1))
    goods = draw(st.integers(0, 120)) / 4
    return Book(lead, tuple(rows), goods, draw(st.integers(0, 40)) / 4, closed)


def kernel(book):
    """Fill the line's order book and let the compiled kernel work one month."""
    net, first, line, routes = plant()
    assert len(routes) >= ROUTES
    lead = net.l_lead.copy()
    lead[line] = book.lead
    net, s = net._replace(l_lead=lead), first.copy()
    for field in (s.due, s.owed, s.book, s.rated, s.goods):
        field[:] = 0.0
    s.first[:] = NOW + book.lead
    s.goods[line], s.in_work[line] = book.goods, book.pace * net.l_cycle[line]
    s.mix[line] = np.bincount([row.rating for row in book.rows], minlength=CLASSES)
    s.mix[line] /= s.mix[line].sum()
    for n in range(ROUTES):
        s.open[routes[n]] = n not in book.closed
    for row in book.rows:
        r, month = routes[row.route], NOW + row.due
        s.due[r, month % DUE, row.rating] += row.units
        s.owed[r] += row.units
        s.book[line] += row.units
        s.rated[line] += row.units * (row.rating < UNRATED)
        s.first[r] = min(s.first[r], month)
    before = s.due.copy()
    allocate(handle(net), handle(s), NOW)
    gone = before - s.due
    shipped = {
        (n, rating, due): gone[routes[n], (NOW + due) % DUE, rating]
        for n in range(ROUTES)
        for rating in Rating
        for due in range(-OLDEST, book.lead + 1)
    }
    return Outcome(shipped, s.gained[routes], s)


def orders(book):
    """The same book as single orders, in the order of its routes; closed routes wait."""
    rows = sorted(row for row in book.rows if row.route not in book.closed)
    return rows, [
        Order(f"o{n}", row.rating, row.units, NOW + row.due, NOW + row.due - book.lead)
        for n, row in enumerate(rows)
    ]


def by_class_and_month(rows, units):
    totals = {}
    for row, some in zip(rows, units, strict=True):
        totals[row.rating, row.due] = totals.get((row.rating, row.due), 0.0) + some
    return totals


@many
@given(books())
def test_the_kernel_makes_what_the_rule_makes_by_class_and_month(book):
    rows, asked = orders(book)
    expected = by_class_and_month(rows, work_month(asked, book.goods, [book.pace], NOW))
    shipped = kernel(book).shipped
    for (rating, due), units in expected.items():
        got = sum(shipped[n, rating, due] for n in range(ROUTES))
        assert got == pytest.approx(units, abs=1e-8), (rating.name, due)
    assert sum(shipped.values()) == pytest.approx(sum(expected.values()), abs=1e-8)


@many
@given(books())
def test_without_ties_the_kernel_makes_the_rule_order_by_order(book):
    single = {(row.rating, row.due): row for row in book.rows}
    book = book._replace(rows=tuple(single.values()))
    rows, asked = orders(book)
    shipped = kernel(book).shipped
    for row, units in zip(rows, work_month(asked, book.goods, [book.pace], NOW), strict=True):
        assert shipped[row.route, row.rating, row.due] == pytest.approx(units, abs=1e-8)


@many
@given(books())
def test_equal_orders_share_in_proportion(book):
    shipped = kernel(book).shipped
    for rating in Rating:
        for due in range(-OLDEST, book.lead + 1):
            parts = [
                shipped[row.route, rating, due] / row.units
                for row in book.rows
                if (row.rating, row.due) == (rating, due) and row.route not in book.closed
            ]
            assert max(parts, default=0) - min(parts, default=0) < 1e-8


def test_the_random_books_have_in_them_both_preference_and_none():
    """What the tests above compare is not always the plain order of receipt."""
    rows = (Row(0, Rating.UNRATED, 1, 8.0), Row(1, Rating.DO, 2, 8.0), Row(2, Rating.DX, 2, 4.0))
    tight = Book(2, rows, goods=8.0, pace=1.0, closed=frozenset())
    _, asked = orders(tight)
    assert work_month(asked, 8.0, [1.0], NOW) != hand_out(asked, 8.0)
    outcome = kernel(tight)
    assert outcome.gained[:3] == pytest.approx([-8.0, 6.0, 2.0])  # only as far as needed
    easy = tight._replace(pace=12.0)
    assert kernel(easy).gained == pytest.approx(0.0)


@many
@given(books(), st.integers(0, 12))
def test_dx_before_do_before_unrated_when_all_are_wanted_at_once(book, month):
    due = min(month, book.lead)
    rows = {(r.route, r.rating): r._replace(due=due) for r in book.rows}.values()
    book = book._replace(rows=tuple(rows), pace=0.0, closed=frozenset())
    shipped, left = kernel(book).shipped, book.goods
    for rating in Rating:
        wanted = sum(row.units for row in rows if row.rating == rating)
        got = sum(units for key, units in shipped.items() if key[1] == rating)
        assert got == pytest.approx(min(left, wanted), abs=1e-8)
        left = max(0.0, left - wanted)


@many
@given(books())
def test_dates_that_conflict_never_cost_dx_for_do_nor_rated_for_unrated(book):
    """If an unrated unit goes out, no rated order that can still be met is missed by it."""
    rows, asked = orders(book)
    shipped = kernel(book).shipped
    left = [row.units - shipped[row[:3]] for row in rows]
    made = {rating: sum(u for key, u in shipped.items() if key[1] == rating) for rating in Rating}
    missed_dx, missed_rated = must_be_made_now(asked, left, [book.pace], NOW)
    if missed_dx > 1e-8:
        must = must_be_made_now(asked, [row.units for row in rows], [book.pace], NOW)[0]
        assert must > book.goods + 1e-9 or made[Rating.DX] >= must - 1e-8
        assert made[Rating.DX] >= min(must, book.goods) - 1e-8
    if missed_rated > 1e-8:
        must = must_be_made_now(asked, [row.units for row in rows], [book.pace], NOW)[1]
        assert made[Rating.DX] + made[Rating.DO] >= min(must, book.goods) - 1e-8


@many
@given(books())
def test_nothing_is_changed_when_all_dates_can_be_met(book):
    rows, asked = orders(book)
    plain = hand_out(asked, book.goods)
    left = [order.quantity - units for order, units in zip(asked, plain, strict=True)]
    assume(max(must_be_made_now(asked, left, [book.pace], NOW)) < 1e-9)
    outcome = kernel(book)
    assert outcome.gained == pytest.approx(0.0, abs=1e-9)
    expected = by_class_and_month(rows, plain)
    for (rating, due), units in expected.items():
        got = sum(outcome.shipped[n, rating, due] for n in range(ROUTES))
        assert got == pytest.approx(units, abs=1e-8)


@many
@given(books())
def test_ratings_make_no_goods_and_no_work(book):
    _, _, line, _ = plant()
    rated = kernel(book)
    merged = {}
    for row in book.rows:
        key = (row.route, row.due)
        merged[key] = merged.get(key, 0.0) + row.units
    rows = tuple(Row(n, Rating.UNRATED, due, units) for (n, due), units in merged.items())
    plain = kernel(book._replace(rows=rows))
    for field in ("goods", "shipped", "book"):
        ours, theirs = getattr(rated.state, field)[line], getattr(plain.state, field)[line]
        assert ours == pytest.approx(theirs, abs=1e-8), field
    for field in ("finished", "started", "in_work", "wip", "output"):
        np.testing.assert_array_equal(getattr(rated.state, field), getattr(plain.state, field))
    assert rated.gained.sum() == pytest.approx(0.0, abs=1e-8)


@few
@given(st.integers(20, 80), st.integers(0, 1000), st.sampled_from([Rating.DX, Rating.DO]))
def test_a_rating_is_law_for_plants_at_home_and_abroad_only_where_honoured(firms, seed, rating):
    model = Model(synthetic(firms, seed=seed), months=1)
    world = model.world
    net, s = world.net, world.s
    s.honour[:] = np.random.default_rng(seed).random(len(s.honour)) < 0.5
    s.due[:], s.owed[:], s.book[:], s.rated[:] = 0.0, 0.0, 0.0, 0.0
    s.inputs[:] = 0.0
    s.rating[:], s.mix[:] = rating, np.eye(CLASSES)[rating]
    s.calls[:, 0] = 100.0
    s.normal_book[:] = 1e12  # nobody declines
    call_off(*world.arrays, 0)
    order_inputs(*world.arrays, 0)
    by_class = s.due.sum(axis=1)
    placed = by_class.sum(axis=1) > 0
    assert placed.sum() > firms
    law = net.l_ratings[net.r_supplier]
    taken = np.where(law | s.honour, rating, UNRATED)
    np.testing.assert_array_equal(by_class[placed].argmax(axis=1), taken[placed])
    assert ((by_class[placed] > 0).sum(axis=1) == 1).all()
    home = placed & law
    assert home.any()
    assert (~s.honour[home]).any()  # a US plant has no say
    abroad = placed & ~law
    assert abroad.any()
    assert set(by_class[abroad].argmax(axis=1)) == {int(rating), UNRATED}


@few
@given(st.integers(0, 1000))
def test_a_rating_moves_shipments_of_its_month_and_makes_nothing(seed):
    """Two worlds that differ by one month of ratings finish the same that month."""
    scenario = synthetic(60, seed=seed)
    rows = [
        Setting(scenario.start, "dpas-rating", str(i), "DX") for i in scenario["programs"]["id"]
    ]
    rows += [Setting(scenario.start, "dx-tokens", "base", 20.0)]
    plain = Model(scenario, months=2).run()
    rated = Model(scenario, Package("dx", "DX", tuple(rows)), months=2).run()
    for field in ("finished", "started", "wip", "crew"):
        np.testing.assert_allclose(
            getattr(rated.world.s, field), getattr(plain.world.s, field), rtol=1e-12
        )


def test_the_classes_of_the_kernel_are_those_of_the_rule():
    assert [rating.name for rating in Rating] == [name.upper() for name in RATINGS]
    assert [int(rating) for rating in Rating] == list(range(CLASSES))
