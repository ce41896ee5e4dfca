"""Scripted students: one who reasons well, one who guesses, one who does nothing."""

import math
import random
from dataclasses import replace
from functools import cache

from mobilize.lessons.answers import owns, truth
from mobilize.lessons.ask import BOUNDS
from mobilize.lessons.load import lesson, shipped
from mobilize.lessons.marks import mark, told
from mobilize.lessons.questions import suggest
from mobilize.lessons.responses import Marking, Response
from mobilize.lessons.worlds import Bench

NAMES = shipped()
OFF = 1.08  # a good estimate is a little off


@cache
def known(name, question):
    """The right answer to a question of a lesson, in its own luck."""
    one = lesson(name)
    return truth(Bench(one), one.question(question))


def right_answer(name, question, game=None):
    """What somebody answers who knows why."""
    one = lesson(name)
    found = truth(Bench(one, game), question) if owns(question) else known(name, question.name)
    if question.by_hand:
        return told(question.model, found)
    if question.kind == "number":
        return found.answer * OFF if math.isfinite(found.answer) else "never"
    return found.answer


def wrong_answer(name, question):
    """An answer that earns nothing."""
    found = known(name, question.name).answer
    if question.by_hand:
        return "It is like that."
    if question.kind == "number":
        return -1000.0 * (abs(found) + 1.0)
    if question.kind in ("rank", "queue"):
        return found[::-1]
    if question.kind == "constraint":
        return {"line": "nowhere", "bound": found["bound"]}
    names = [option.name for option in question.options]
    others = [n for n in names if n not in (found if question.several else [found])]
    return (others or []) if question.several else others[0]


def guess(question, luck):
    """An answer out of the blue, of the right shape."""
    names = [option.name for option in question.options]
    if question.by_hand:
        return "I think it depends on many things."
    if question.kind == "number":
        return 10 ** luck.uniform(0, 6)
    if question.kind == "queue":
        return luck.sample([o.id for o in question.book], len(question.book))
    if question.kind == "rank":
        return luck.sample(names, len(names))
    if question.kind == "constraint":
        return {"line": luck.choice(names), "bound": luck.choice(BOUNDS)}
    if question.several:
        return [n for n in names if luck.random() < 0.5]
    return luck.choice(names)


def responses(name, team, answer):
    """The answers of a team to all questions that are asked; `answer` of a question, or None."""
    asked = [(step.name, q) for step in lesson(name).steps for q in step.questions if q.asked]
    said = [(step, q.name, answer(q)) for step, q in asked]
    return [Response(team, "a", step, q, text, 0.0) for step, q, text in said if text is not None]


def ticks(name, given):
    """What an instructor ticks who follows the suggestions."""
    one = lesson(name)
    return [
        Marking(r.team, r.question, "instructor", "i", suggest(one.question(r.question), r.answer),
                1.0)
        for r in given
        if one.question(r.question).by_hand
    ]  # fmt: skip


def best_game(name):
    """The game of a team that decides as the reference of the lesson does."""
    one = lesson(name)
    result = next(q for q in one.questions if q.kind == "result")
    full = result.calculation.arguments["full"]
    cases = [one.case(c) for c in ([full] if isinstance(full, str) else full)]
    settings = tuple(s for case in cases for s in case.settings)
    return replace(one.game, opening=(*one.opening, *settings))


def reasoner(name, team="reasons"):
    """Responses and game of a student who reasons well."""
    game = best_game(name)
    return responses(name, team, lambda q: right_answer(name, q, game)), {team: game}


def guesser(name, seed, team="guesses"):
    """Responses of a student who guesses."""
    luck = random.Random(f"{name} {seed}")
    return responses(name, team, lambda q: guess(q, luck))


def marked(name, given, games=None):
    """The marks of a class of which an instructor marked the reasonings."""
    return mark(lesson(name), given, games, ticks(name, given))
