"""The DPAS desk on 1,000 random books: as the rule of the model says, and a slow oracle."""

from collections import Counter
from dataclasses import replace
from datetime import date
from random import Random

from mobilize.lessons.desk.case import Case, Incoming
from mobilize.lessons.desk.solve import solve
from policies.dpas import Order, Rating, respond, schedule
from tests.lessons import desk_oracle

UNRATED = Rating.UNRATED
NOW = 2


def random_case(number: int) -> Case:
    """Return a small book in whole lots, drawn without the generator of the desk."""
    luck = Random(number)

    def order(name, received=None):
        return Order(name, luck.choice(list(Rating)), luck.randint(1, 6), luck.randint(0, 9),
                     luck.randint(0, NOW) if received is None else received)  # fmt: skip

    book = tuple(order(f"o{n}") for n in range(luck.randint(0, 5)))
    capacity = tuple(float(luck.randint(1, 5)) for _ in range(luck.randint(1, 3)))
    paper = Incoming(order("new", NOW), "A6", date(2027, 5, 3))
    return Case(str(number), 0, "A plant", NOW, capacity, book, paper)


def way(accepted: bool, rating: Rating) -> str:
    return "ordinary" if rating == UNRATED else "accept" if accepted else "offer"


def test_the_desk_says_what_the_rule_of_the_model_says_on_1000_books():
    seen = Counter()
    for number in range(1000):
        case = random_case(number)
        new, right = case.incoming.order, solve(case)
        ruled = respond(new, case.book, case.capacity, NOW)
        assert list(right.ways) == [way(ruled.accepted, new.rating)], number
        assert right.ways[way(ruled.accepted, new.rating)] == (ruled.paragraph,)
        assert right.offered == ruled.offered
        taken = new if ruled.offered is None else replace(new, required=ruled.offered)
        lines = schedule([*case.book, taken], case.capacity, NOW).lines
        assert dict(right.deliveries) == {line.order.id: line.completed for line in lines}
        seen[ruled.paragraph] += 1
    assert set(seen) == {"none", "700.13(a)(1)", *(f"700.13(b)({n})" for n in (1, 2, 3))}


def test_a_slow_oracle_written_from_the_rule_in_words_agrees_on_1000_books():
    for number in range(1000):
        case = random_case(number)
        new, right = case.incoming.order, solve(case)
        asked = (case.book, case.capacity, NOW)
        takes = desk_oracle.answer(new, *asked)
        assert list(right.ways) == [way(takes, new.rating)], number
        assert right.offered == (None if takes else desk_oracle.earliest(new, *asked)), number
        before = desk_oracle.deliveries(*asked)
        taken = new if takes else replace(new, required=right.offered)
        after = desk_oracle.deliveries([*case.book, taken], *asked[1:])
        assert dict(right.deliveries) == after, number
        later = {n: after[n] - before[n] for n in before if after[n] > before[n]}
        assert dict(right.slips) == later, number
