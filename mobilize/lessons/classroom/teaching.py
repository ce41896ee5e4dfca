"""What the instructor does: begin, go on, pause, reveal, reopen, give time, move people, end."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

from mobilize.lessons.classroom.answering import (
    TICKED,
    place,
    question_of,
    with_ticks,
)
from mobilize.lessons.classroom.kinds import ANY, BEGUN, LEADER, RUNNING, Body, Kind
from mobilize.lessons.classroom.value import INSTRUCTOR, Classroom, Person
from mobilize.lessons.lesson import Lesson, Step
from mobilize.rooms.fields import LINE, NAME, number, one_of, optional, text
from mobilize.rooms.kinds import RefusedError
from mobilize.rooms.room import Clock

MINUTE = 60.0  # seconds
LONGEST = 600.0  # minutes that can be added at once


def begin(room: Classroom, _: Person, body: Body, at: float) -> Classroom:
    """Go to the first step."""
    return entered(replace(room, phase="work"), 0, at)


def go_on(room: Classroom, _: Person, body: Body, at: float) -> Classroom:
    """Close the step and go to the next; in a step of kind see the months pass for every team."""
    _still(room, body)
    if room.now + 1 >= len(room.lesson.steps):
        raise RefusedError("This was the last step: end the lesson.")
    assert room.step is not None
    shut = replace(room, phase="work", locked=room.locked | {room.step.name},
                   before=(*room.before, room.teams))  # fmt: skip
    return entered(shut, room.now + 1, at)


def go_back(room: Classroom, _: Person, body: Body, at: float) -> Classroom:
    """Take the last `next` back: games stand as they did, the step is open; answers stay.

    What was shown stays shown, and cannot be answered until it is opened again.
    """
    _still(room, body)
    if not room.before:
        raise RefusedError("This is the first step.")
    number = room.now - 1
    shut = room.locked - {room.lesson.steps[number].name}
    again = replace(room, phase="work", teams=room.before[-1], before=room.before[:-1], locked=shut)
    return replace(again, now=number, clock=clock_of(room.lesson, number, at))


def _still(room: Classroom, body: Body) -> None:
    """Refuse what was meant for another step: pressed twice, or by two instructors."""
    if room.step is not None and body.get("step") not in (None, room.step.name):
        raise RefusedError(f"The class is in another step by now: '{room.step.title}'.")


def entered(room: Classroom, number: int, at: float) -> Classroom:
    """Return the class in a step, its time running."""
    step = room.lesson.steps[number]
    room = replace(room, now=number, clock=clock_of(room.lesson, number, at))
    return played(room, step) if step.months else room


def clock_of(lesson: Lesson, number: int, at: float) -> Clock:
    """Return the time of a step, running; what is done at home over days has none."""
    seconds = 0.0 if lesson.homework else MINUTE * lesson.steps[number].minutes
    return Clock(seconds, seconds, None if lesson.homework else at + seconds)


def played(room: Classroom, step: Step) -> Classroom:
    """Return the class in which every team has played the months of a step."""
    teams = {}
    for team in room.teams.values():
        try:
            game = team.game.after(team.draft, step.months, room.lesson.befalls(step))
        except ValueError as error:
            raise RefusedError(f"{team.name} cannot play on: {error}") from error
        teams[team.name] = replace(team, game=game, draft=())
    return replace(room, teams=MappingProxyType(teams))


def pause(room: Classroom, _: Person, body: Body, at: float) -> Classroom:
    """Stop the clock and all work, or let both go on."""
    if body.get("phase") not in (None, room.phase):
        now = "is paused" if room.phase == "paused" else "goes on"
        raise RefusedError(f"The lesson {now} already.")
    clock, left = room.clock, room.clock.remaining(at)
    if room.phase == "paused":
        ends = None if room.lesson.homework else at + left
        return replace(room, phase="work", clock=Clock(clock.length, left, ends))
    return replace(room, phase="paused", clock=Clock(clock.length, left))


def add_minutes(room: Classroom, _: Person, body: Body, at: float) -> Classroom:
    """Give the step more time, or less."""
    if room.lesson.homework:
        raise RefusedError("This lesson is done at home, by no clock.")
    clock, more = room.clock, MINUTE * body["minutes"]
    left = max(0.0, clock.remaining(at) + more)
    ends = None if clock.ends is None else at + left
    return replace(room, clock=Clock(max(0.0, clock.length + more), left, ends))


def named(room: Classroom, name: str | None) -> Step:
    """Return a step that was reached, by default the one that is worked on."""
    for step in room.reached:
        if step.name == name or (name is None and step is room.step):
            return step
    told = ", ".join(step.name for step in room.reached)
    raise RefusedError(f"There is no step '{name}' so far; there are {told}.")


def reveal(room: Classroom, _: Person, body: Body, at: float) -> Classroom:
    """Close a step and show its right answers."""
    step = named(room, body.get("step"))
    if step.name in room.revealed:
        raise RefusedError(f"The answers of '{step.title}' are shown already.")
    return replace(room, revealed=room.revealed | {step.name})


def reopen(room: Classroom, _: Person, body: Body, at: float) -> Classroom:
    """Let a step be answered again; its right answers are hidden again."""
    step = named(room, body.get("step"))
    if room.takes(step):
        raise RefusedError(f"'{step.title}' is open.")
    gone = {step.name}
    teams = {t.name: replace(t, handed=t.handed - gone) for t in room.teams.values()}
    return replace(room, locked=room.locked - gone, revealed=room.revealed - gone,
                   teams=MappingProxyType(teams))  # fmt: skip


def move(room: Classroom, _: Person, body: Body, at: float) -> Classroom:
    """Put somebody in another team, or in another part of it."""
    person, part = _somebody(room, body["member"]), body.get("part") or ""
    place(room, body["team"], part)
    if INSTRUCTOR in (person.team, body["team"]):
        raise RefusedError("People are moved from team to team.")
    return room.with_person(replace(person, team=body["team"], part=part))


def remove(room: Classroom, by: Person, body: Body, at: float) -> Classroom:
    """Send somebody out; their name is free again, what they answered stays."""
    person = _somebody(room, body["member"])
    if person.id == by.id:
        raise RefusedError("You cannot send yourself out.")
    rest = {key: one for key, one in room.members.items() if key != person.id}
    return replace(room, members=MappingProxyType(rest))


def _somebody(room: Classroom, key: str) -> Person:
    if key not in room.members:
        raise RefusedError("Nobody here has this id.")
    return room.members[key]


def mark_reasoning(room: Classroom, person: Person, body: Body, at: float) -> Classroom:
    """Tick the rubric of a team's reasoning: this counts."""
    _, question = question_of(room, body["question"])
    return with_ticks(room, person, question, body, at, "instructor")


def end(room: Classroom, _: Person, body: Body, at: float) -> Classroom:
    """End the lesson: all answers stand."""
    _still(room, body)
    names = frozenset(step.name for step in room.reached)
    left = room.clock.remaining(at)
    return replace(room, phase="over", locked=room.locked | names,
                   clock=Clock(room.clock.length, left))  # fmt: skip


STEP = {"step": optional(text(LINE, 1))}
MEMBER = text(LINE, 1)
KINDS = {
    "begin": Kind("begin", LEADER, {}, begin, ("lobby",)),
    "next": Kind("go to the next step", LEADER, STEP, go_on, RUNNING),
    "back": Kind("go back a step", LEADER, STEP, go_back, RUNNING),
    "pause": Kind("pause or go on", LEADER, {"phase": optional(one_of(*RUNNING))}, pause, RUNNING),
    "minutes": Kind("give more time", LEADER, {"minutes": number(-LONGEST, LONGEST)}, add_minutes,
                    RUNNING),
    "reveal": Kind("show answers", LEADER, STEP, reveal, BEGUN),
    "reopen": Kind("open a step again", LEADER, STEP, reopen, RUNNING),
    "move": Kind("move somebody", LEADER,
                 {"member": MEMBER, "team": text(NAME, 1), "part": optional(text(NAME))}, move),
    "remove": Kind("send somebody out", LEADER, {"member": MEMBER}, remove, ANY),
    "mark": Kind("mark a reasoning", LEADER, TICKED, mark_reasoning, BEGUN),
    "end": Kind("end the lesson", LEADER, STEP, end, RUNNING),
}  # fmt: skip
