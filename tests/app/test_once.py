"""A form that is sent twice lets in once, and no longer than for a minute."""

import threading
from itertools import count

import pytest

from mobilize.app.seats.once import MINUTE, TICKET, Once, ticket
from mobilize.rooms.host import Joined
from mobilize.rooms.room import Refusal

FORM = {TICKET: "known", "name": "Ann", "seat": "white-cell"}


@pytest.fixture
def door():
    """Return who lets in, in a time of its own."""
    now, members = [0.0], count(1)
    once = Once(lambda: now[0])

    def take(form, let_in=None):
        return once.take(form, let_in or (lambda: Joined("room", f"m{next(members)}", "token")))

    take.now = now
    return take


def test_the_same_form_gets_the_same_place_for_a_minute(door):
    first = door(FORM)
    assert door(dict(reversed(FORM.items()))) == first
    door.now[0] = MINUTE + 1
    assert door(FORM) != first


@pytest.mark.parametrize(
    "other",
    [FORM | {"name": "Bea"}, FORM | {TICKET: ticket()}, FORM | {"seat": "observer"}],
)
def test_another_form_gets_a_place_of_its_own(door, other):
    assert door(FORM) != door(other)


def test_a_form_without_a_ticket_is_taken_each_time(door):
    bare = {"name": "Ann"}
    assert door(bare) != door(bare)
    assert door(bare | {TICKET: ""}) != door(bare | {TICKET: ""})


def test_what_was_refused_is_tried_again(door):
    assert door(FORM, lambda: Refusal("full")) == Refusal("full")
    assert isinstance(door(FORM), Joined)


def test_two_at_the_same_time_get_one_place(door):
    waits, found = threading.Event(), []

    def slow():
        waits.wait(10)
        return Joined("room", "m", "token")

    first = threading.Thread(target=lambda: found.append(door(FORM, slow)))
    second = threading.Thread(target=lambda: found.append(door(FORM)))
    first.start()
    second.start()
    waits.set()
    first.join(10)
    second.join(10)
    assert len(found) == 2
    assert found[0] == found[1]


def test_no_two_tickets_are_alike():
    assert len({ticket() for _ in range(100)}) == 100
