"""The one door into a class: an act is accepted and gives the next class, or is refused in words.

Pure: time is given from outside and nothing is kept, so that the log of a class played through it
again gives the same class. No model is run here: games advance as values.
"""

from __future__ import annotations

import json
from dataclasses import replace
from types import MappingProxyType

from mobilize.lessons.classroom import answering, desking, teaching
from mobilize.lessons.classroom.kinds import ALONE, LEADER, TEAMS, Kind
from mobilize.lessons.classroom.value import INSTRUCTOR, Classroom, Entry, Person
from mobilize.rooms.door import in_order, text_of
from mobilize.rooms.fields import faults
from mobilize.rooms.kinds import RefusedError
from mobilize.rooms.room import SYSTEM, Act, Refusal

MOST = 50_000  # acts in a class
KINDS: dict[str, Kind] = {**answering.KINDS, **desking.KINDS, **teaching.KINDS}


def accept(room: Classroom, who: str, act: Act, at: float) -> Classroom | Refusal:
    """Return the class after an act, with the act in its log, or why it is refused.

    Parameters
    ----------
    who : str
        Id of somebody in the class, or "system".
    act : Act
        Its sequence must be one more than that of their last act. The same act sent again is
        refused as `known`.
    at : float
        Seconds on the server's clock; time never goes back in a class.
    """
    at = max(at, room.log[-1].at if room.log else at)
    system = Person(SYSTEM, SYSTEM, "", sequence=len(room.log))
    person = system if who == SYSTEM else room.members.get(who)
    if person is None:
        return Refusal("You are not in this class any more: join it again.")
    try:
        text = text_of(act)
        in_order(person.sequence, person.last, act, text)
        if act.kind not in KINDS:
            raise RefusedError(f"There is no act '{act.kind[:40]}'.")
        kind = KINDS[act.kind]
        _may(room, person, kind)
        if wrong := faults(act.body, kind.fields):
            raise RefusedError("; ".join(wrong[:5]))
        if len(room.log) >= MOST and kind.who == TEAMS:  # it can still be led, joined and ended
            raise RefusedError(f"A class holds {MOST:,} acts at most.")
        after = kind.do(room, person, act.body, at)
    except RefusedError as error:
        return Refusal(*error.args)
    return _logged(after, room, person, act, at, text)


def _may(room: Classroom, person: Person, kind: Kind) -> None:
    """Refuse what is not this person's, or not of this phase."""
    people = LEADER if person.team == INSTRUCTOR else TEAMS
    who = ALONE if person.id == SYSTEM else people
    if kind.who != who:
        raise RefusedError(f"Only the {kind.who} can {kind.title}.")
    if room.phase not in kind.phases:
        when = {"lobby": "the lesson has not begun", "paused": "the lesson is paused"}
        told = when.get(room.phase, "it is under way" if room.phase == "work" else "it is over")
        raise RefusedError(f"You cannot {kind.title} now: {told}.")


def _logged(
    after: Classroom, room: Classroom, person: Person, act: Act, at: float, text: str
) -> Classroom:
    """Return the class with the act in its log, as it was when it was done."""
    step = room.step.name if room.step else ""
    entry = Entry(len(room.log) + 1, at, person.id, person.team, step, room.phase, act.kind,
                  MappingProxyType(json.loads(text)), act.sequence)  # fmt: skip
    if person.id in after.members:
        mine = replace(after.members[person.id], sequence=act.sequence, last=(act.kind, text))
        after = after.with_person(mine)
    return replace(after, log=(*after.log, entry))
