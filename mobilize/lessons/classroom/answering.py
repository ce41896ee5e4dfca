"""What teams do in a class: come in, answer, set levers of their game, hand in, tick rubrics."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import Any

from mobilize.game.game import decide
from mobilize.lessons.answers import NEVER
from mobilize.lessons.classroom.kinds import ALONE, BEGUN, TEAMS, Body, Kind
from mobilize.lessons.classroom.value import INSTRUCTOR, PEOPLE, Classroom, Person, Phase
from mobilize.lessons.lesson import OpenLever, Question, Step
from mobilize.lessons.money import given_out
from mobilize.lessons.responses import Marking, Response
from mobilize.rooms.fields import (
    LINE,
    NAME,
    faults,
    number,
    optional,
    several,
    text,
    value_of_lever,
    whole,
    yes_or_no,
)
from mobilize.rooms.kinds import RefusedError
from mobilize.words import number as figure
from policies.package import BASE, PackageError

ESSAY = 4000  # letters of a reasoning
LIST = 60  # names in an answer
POINTS = 30  # of a rubric


def join(room: Classroom, _: Person, body: Body, at: float) -> Classroom:
    """Let somebody in, by a name that nobody else has."""
    team, part, name = body["team"], body.get("part") or "", body["name"].strip()
    place(room, team, part)
    if name.casefold() in {one.name.casefold() for one in room.members.values()}:
        raise RefusedError(f"Somebody here is called {name}: choose another name.")
    if len(room.members) >= PEOPLE:
        raise RefusedError(f"A class holds {PEOPLE} people at most.")
    return room.with_person(Person(body["member"], name, team, part))


def place(room: Classroom, team: str, part: str) -> None:
    """Refuse a team or a part that the class does not have."""
    if team not in (*room.teams, INSTRUCTOR):
        raise RefusedError(f"There is no team '{team}'; there are {', '.join(room.teams)}.")
    parts = [one.name for one in room.lesson.parts]
    if part and (team == INSTRUCTOR or part not in parts):
        raise RefusedError(f"There is no part '{part}'; there are {', '.join(parts) or 'none'}.")


def question_of(room: Classroom, name: str) -> tuple[Step, Question]:
    """Return a question that has been asked, and its step."""
    for step in room.reached:
        for question in room.asked(step):
            if question.name == name:
                return step, question
    raise RefusedError(f"There is no question '{name}' so far.")


def answer(room: Classroom, person: Person, body: Body, at: float) -> Classroom:
    """Give or change an answer, until its step is locked or its answers are shown."""
    step, question = question_of(room, body["question"])
    if not room.takes(step):
        raise RefusedError(f"'{step.title}' is closed: its answers stand.")
    if not room.does(person, question.part):
        raise RefusedError("Somebody else of your team has this question.")
    if told := answer_fault(question, body["answer"]):
        raise RefusedError(f"The answer; allowed: {told}.")
    mine = person.id if question.part else ""
    one = Response(person.team, mine, step.name, question.name, body["answer"], at)
    answers = {**room.answers, (person.team, question.name): one}
    return replace(room, answers=MappingProxyType(answers))


def answer_fault(question: Question, given: Any) -> str:
    """Return what is allowed as an answer, where this is not; "" where it is."""
    names = [option.name for option in question.options]
    if question.kind == "choice" and not question.several:
        return "" if given in names and isinstance(given, str) else ", ".join(names)
    if question.kind == "number":
        return "" if given == NEVER else number(-1e15, 1e15)(given) and f"a number, or '{NEVER}'"
    if question.kind == "reasoning":
        return text(ESSAY)(given)
    if question.kind == "constraint":
        return "; ".join(faults(given, {"line": text(LINE, 1), "bound": text(LINE, 1)}))
    return _names_fault(question, given, names)


def _names_fault(question: Question, given: Any, names: list[str]) -> str:
    """Return what is allowed as some names, or as all of them in an order."""
    names = [order.id for order in question.book] if question.kind == "queue" else names
    if told := several(text(LINE, 1), LIST)(given):
        return told
    whole_order = question.kind != "choice"
    unknown = set(given) - set(names)
    if unknown or len(set(given)) < len(given) or (whole_order and len(given) < len(names)):
        return f"{'each' if whole_order else 'some'} of {', '.join(names)} once"
    return ""


def set_lever(room: Classroom, person: Person, body: Body, at: float) -> Classroom:
    """Set a lever of the team's own game, as far as the step opens it."""
    lever, target, value = body["lever"], body.get("target") or BASE, body["value"]
    row, team = opened(room, person, lever), room.teams[person.team]
    if row.targets and target not in row.targets:
        raise RefusedError(f"{lever} is open here for {', '.join(row.targets)}.")
    if row.values and value not in row.values:
        raise RefusedError(f"{lever} may be set here to {', '.join(map(str, row.values))}.")
    try:
        setting = decide(team.game, lever, target, value)
    except PackageError as error:
        raise RefusedError(str(error)) from error
    rest = tuple(s for s in team.draft if (s.lever, s.target) != (setting.lever, setting.target))
    most = room.step.most if room.step else 0
    if most and len(rest) >= most:
        raise RefusedError(f"Your team may set {most} here: take one out first.")
    draft = (*rest, setting)
    money, spent = room.step.money if room.step else 0.0, given_out(team.game.scenario, draft)
    if money and spent > money and spent > given_out(team.game.scenario, team.draft):
        told = f"That makes {figure(spent)} million dollars; your team has {figure(money)} here."
        raise RefusedError(told)
    return room.with_team(replace(team, draft=draft))


def unset_lever(room: Classroom, person: Person, body: Body, at: float) -> Classroom:
    """Take a lever out of what the team plans."""
    opened(room, person, body["lever"])
    team, key = room.teams[person.team], (body["lever"], body.get("target") or BASE)
    rest = tuple(s for s in team.draft if (s.lever, s.target) != key)
    if rest == team.draft:
        raise RefusedError(f"{body['lever']} is not set.")
    return room.with_team(replace(team, draft=rest))


def opened(room: Classroom, person: Person, lever: str) -> OpenLever:
    """Return a lever that is open for a person in the step that is worked on."""
    step = room.step
    rows = [] if step is None or not room.takes(step) else list(step.levers)
    mine = [row for row in rows if row.lever == lever]
    if not mine:
        told = ", ".join(row.lever for row in rows) or "none"
        raise RefusedError(f"{lever} is not open now; open levers: {told}.")
    row = next((row for row in mine if room.does(person, row.part)), None)
    if row is None:
        raise RefusedError(f"Somebody else of your team sets {lever}.")
    return row


def hand_in(room: Classroom, person: Person, body: Body, at: float) -> Classroom:
    """Say that the team is done with the step, or take that back."""
    step, team = room.step, room.teams[person.team]
    if step is None or not room.takes(step):
        raise RefusedError("There is nothing to hand in now.")
    handed = team.handed | {step.name} if body["done"] else team.handed - {step.name}
    return room.with_team(replace(team, handed=handed))


def tick(room: Classroom, person: Person, body: Body, at: float) -> Classroom:
    """Tick the rubric of a reasoning: another team's, or one's own; the instructor decides."""
    step, question = question_of(room, body["question"])
    if room.takes(step):
        raise RefusedError(f"'{step.title}' is still open: rubrics are ticked afterwards.")
    by = "self" if body["team"] == person.team else "peer"
    return with_ticks(room, person, question, body, at, by)


def with_ticks(
    room: Classroom, person: Person, question: Question, body: Body, at: float, by: str
) -> Classroom:
    """Return the class in which somebody ticked points of a rubric for a team."""
    if not question.by_hand:
        raise RefusedError(f"'{question.name}' has no rubric: the model marks it.")
    if body["team"] not in room.teams:
        raise RefusedError(f"There is no team '{body['team']}'.")
    if any(point >= len(question.rubric) for point in body["points"]):
        raise RefusedError(f"The rubric has {len(question.rubric)} points, from 0.")
    points = tuple(sorted(set(body["points"])))
    one = Marking(body["team"], question.name, by, person.id, points, at)
    key = (one.team, one.question, one.by, one.who)
    rest = [m for m in room.markings if (m.team, m.question, m.by, m.who) != key]
    return replace(room, markings=(*rest, one))


TARGET = optional(text(LINE, 1))
TICKED = {
    "team": text(NAME, 1),
    "question": text(LINE, 1),
    "points": several(whole(0, POINTS - 1), POINTS),
}
JOIN = {
    "member": text(LINE, 1),
    "name": text(NAME, 1),
    "team": text(NAME, 1),
    "part": optional(text(NAME)),
}
WORK: tuple[Phase, ...] = ("work",)
KINDS = {
    "join": Kind("come in", ALONE, JOIN, join),
    "answer": Kind("answer", TEAMS, {"question": text(LINE, 1), "answer": lambda _: ""}, answer,
                   WORK),
    "set": Kind("set a lever", TEAMS,
                {"lever": text(LINE, 1), "target": TARGET, "value": value_of_lever}, set_lever,
                WORK),
    "unset": Kind("unset a lever", TEAMS, {"lever": text(LINE, 1), "target": TARGET},
                  unset_lever, WORK),
    "hand in": Kind("hand in", TEAMS, {"done": yes_or_no}, hand_in, WORK),
    "tick": Kind("tick a rubric", TEAMS, TICKED, tick, BEGUN),
}  # fmt: skip
