"""Pieces of work: a few at once, each once, again if a process dies, none once it is stopped."""

import threading
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool

from mobilize.pieces import TRIES, Pieces

PATIENCE = 300  # seconds; only a hang takes so long


class Processes:
    """Promises that a test keeps or breaks."""

    def __init__(self):
        self.asked, self.changed = [], threading.Condition()

    def submit(self, piece):
        promise = Future()
        with self.changed:
            self.asked.append((piece, promise))
            self.changed.notify()
        return promise

    def last(self, count):
        """Return the last promise once so many have been asked for."""
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.asked) >= count, PATIENCE)
            return self.asked[count - 1][1]


def handed_out(pieces, most=2):
    there, taken, failed = Processes(), [], []
    work = Pieces(there.submit, most, lambda *what: taken.append(what), failed.append)
    work.hand_out(pieces)
    return work, there, taken, failed


def test_every_piece_is_done_once_a_few_at_a_time_and_the_last_is_told():
    work, there, taken, failed = handed_out("abcde")
    for n in range(5):
        assert len(work.out) <= 2
        there.last(n + 1).set_result(n)
    assert work.found == dict(zip("abcde", range(5), strict=True))
    assert taken == [(p, p == "e") for p in "abcde"]
    assert failed == []


def test_a_piece_whose_process_dies_is_done_again_and_fails_if_that_goes_on():
    work, there, taken, failed = handed_out("a", 1)
    for n in range(1, TRIES):
        there.last(n).set_exception(BrokenProcessPool())
    there.last(TRIES).set_result("here")
    assert (work.found, taken, failed) == ({"a": "here"}, [("a", True)], [])
    work, there, taken, failed = handed_out("a", 1)
    for n in range(1, TRIES + 1):
        there.last(n).set_exception(BrokenProcessPool())
    assert (taken, [type(error) for error in failed]) == ([], [BrokenProcessPool])


def test_what_is_stopped_goes_on_with_what_is_missing():
    work, there, taken, _ = handed_out("abc")
    work.stop()
    there.last(2).set_result(2)
    assert (work.found, taken, work.out) == ({"b": 2}, [("b", False)], {"a"})
    work.hand_out("abc")
    assert [piece for piece, _ in there.asked] == ["a", "b", "c"]
    for n in (1, 3):
        there.last(n).set_result(n)
    assert (work.found, taken[-1]) == ({"a": 1, "b": 2, "c": 3}, ("c", True))


def test_a_fault_is_told_once_and_nothing_more_is_handed_out():
    _, there, taken, failed = handed_out("abc")
    for n in (1, 2):
        there.last(n).set_exception(ValueError(n))
    assert (len(there.asked), taken, [str(error) for error in failed]) == (2, [], ["1"])


def test_processes_that_are_closed_are_a_fault():
    _, there, _, failed = handed_out("ab")
    there.last(1).cancel()
    assert [str(error) for error in failed] == ["the processes were closed"]
