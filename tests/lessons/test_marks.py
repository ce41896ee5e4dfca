"""Marks: who reasons earns more than who guesses, and a reason more than a lucky result."""

import json
from statistics import mean

import pytest

from mobilize.game.file import read_game, write_game
from mobilize.game.game import play
from mobilize.lessons.lesson import ASPECTS
from mobilize.lessons.load import lesson
from mobilize.lessons.marks import mark
from mobilize.lessons.questions import suggest
from mobilize.lessons.responses import Marking, Response, ResponsesError, from_lines, to_lines
from tests.lessons.students import (
    NAMES,
    guesser,
    known,
    marked,
    reasoner,
    responses,
    right_answer,
    ticks,
    wrong_answer,
)


@pytest.mark.parametrize("name", NAMES)
def test_reasoning_guessing_and_nothing_get_clearly_different_marks(name):
    good, games = reasoner(name)
    games["nothing"] = lesson(name).game
    guessed = [guesser(name, seed, f"guesses {seed}") for seed in range(10)]
    marks = marked(name, [*good, *(r for one in guessed for r in one)], games)
    guesses = [t.total for t in marks.teams if t.team.startswith("guesses")]
    assert marks.team("reasons").total > 90
    assert 1 < mean(guesses) < 40
    assert max(guesses) < 60
    assert marks.team("nothing").total == 0


@pytest.mark.parametrize("name", NAMES)
def test_a_right_result_by_a_wrong_reason_earns_less_than_the_reverse(name):
    one = lesson(name)
    assert one.reason_first
    for reason in (q for q in one.questions if q.because_of):
        result = one.question(reason.because_of)

        def lucky(q, result=result):
            return right_answer(name, q) if q.name == result.name else wrong_answer(name, q)

        def thoughtful(q, reason=reason):
            return right_answer(name, q) if q.name == reason.name else wrong_answer(name, q)

        given = responses(name, "lucky", lucky) + responses(name, "thoughtful", thoughtful)
        marks = marked(name, given)
        assert 0 < marks.team("lucky").total < marks.team("thoughtful").total


@pytest.mark.parametrize("name", NAMES)
def test_shares_of_aspects_are_the_marks_of_a_perfect_answer(name):
    one = lesson(name)
    assert sum(one.percent(q) for q in one.questions) == pytest.approx(100)
    assert one.shares["prediction"] + one.shares["reasoning"] > one.shares["result"]
    good, games = reasoner(name)
    team = marked(name, good, games).team("reasons")
    for aspect in ASPECTS:
        assert team.of_aspect(aspect) <= one.shares[aspect] + 1e-9


def test_marks_follow_from_the_export_alone():
    good, games = reasoner("priority")
    given = [*good, *guesser("priority", 1)]
    by_hand = ticks("priority", given)
    before = mark(lesson("priority"), given, games, by_hand)
    exported = to_lines(given, by_hand)
    again = {t: read_game(write_game(g), t, g.scenario).game for t, g in games.items()}
    responses_read, markings_read = from_lines(exported)
    assert mark(lesson("priority"), responses_read, again, markings_read) == before


def test_the_latest_answer_of_a_team_counts_whoever_gave_it():
    q = lesson("priority").question("sum")
    answers = [Response("t", m, "predict", q.name, a, at)
               for m, a, at in (("a", "leaves", 1.0), ("b", "raises", 2.0))]  # fmt: skip
    row = mark(lesson("priority"), answers).team("t").rows[0]
    assert (row.answer, row.share) == ("raises", 0.0)
    row = mark(lesson("priority"), answers[:1]).team("t").rows[0]
    assert row.share == 1.0


def test_a_denial_in_the_game_of_a_team_counts_once():
    one = lesson("hedge")
    step = next(step for step in one.steps if step.happens)
    plain = one.game.after((), step.months)
    struck = one.game.after((), step.months, one.befalls(step))
    assert play(struck).world.log != play(plain).world.log
    first, second = mark(one, (), {"plain": plain, "struck": struck}).teams
    assert [row.share for row in first.rows] == [row.share for row in second.rows]


def test_only_the_instructor_marks_a_reasoning():
    given = [Response("t", "a", "explain", "why-sum", "Because.", 0.0)]

    def row(*markings):
        team = mark(lesson("priority"), given, None, markings).team("t")
        return next(r for r in team.rows if r.question == "why-sum")

    peer = Marking("t", "why-sum", "peer", "b", (0, 1), 5.0)
    assert (row().share, row().open) == (0.0, True)
    assert (row(peer).share, row(peer).open) == (0.0, True)
    assert row(peer).expected == pytest.approx(0.8)
    boss = Marking("t", "why-sum", "instructor", "i", (0,), 1.0)
    assert (row(peer, boss).share, row(peer, boss).open) == (pytest.approx(0.4), False)


@pytest.mark.parametrize("name", NAMES)
def test_the_model_answer_makes_every_point_of_its_rubric(name):
    for q in (q for q in lesson(name).questions if q.by_hand):
        said = right_answer(name, q)
        assert suggest(q, said) == tuple(range(len(q.rubric))), q.name
        assert "{" not in said, q.name
        assert suggest(q, "I think it depends on many things.") == ()


@pytest.mark.parametrize("name", NAMES)
def test_every_question_that_is_no_teams_own_has_an_answer(name):
    for q in lesson(name).questions:
        found = known(name, q.name)
        assert q.by_hand or found.answer is not None, q.name


def test_a_broken_export_tells_every_line_that_is_wrong():
    good = json.loads(to_lines([Response("t", "a", "s", "q", 1, 0.0)]))
    rows = [good | {"at": "late"}, good | {"team": 3}, {"team": "t"}]
    text = "".join(json.dumps(row) + "\n" for row in rows) + "nonsense\n"
    with pytest.raises(ResponsesError) as told:
        from_lines(text)
    for n, word in enumerate(("at", "team", "neither", "JSON"), 1):
        assert any(f"line {n}" in fault and word in fault for fault in str(told.value).split("\n"))
