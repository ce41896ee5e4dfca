"""The class now: its step, the plan by the minute, who is there, how to join, what to do next."""

from __future__ import annotations

from typing import Any

from mobilize.app.classes.leading.marking import waiting
from mobilize.app.seats.invitation import joining
from mobilize.lessons.classroom.progress import TeamProgress, progress
from mobilize.lessons.classroom.value import INSTRUCTOR, Classroom
from mobilize.lessons.lesson import Step

Plain = dict[str, Any]
MINUTE = 60.0  # seconds
NAMED = 4  # teams called by name in a sentence


def now_view(room: Classroom) -> Plain:
    """Return the step that is worked on, the plan by the minute, and the teams."""
    teams = progress(room).teams
    return {
        "phase": room.phase,
        "here": _here(room),
        "plan": plan(room),
        "times": times(room),
        "teams": [_team(room, team) for team in teams],
        "parts": [{"name": part.name, "title": part.title} for part in room.lesson.parts],
        "advice": advice(room),
        "may_back": room.phase in ("work", "paused") and bool(room.before),
    }


def _here(room: Classroom) -> Plain | None:
    """Return what the instructor reads of the step now, or of the first before it begins."""
    step = room.step or room.lesson.steps[0]
    return {"name": step.name, "kind": step.kind, "title": step.title, "text": step.text,
            "guide": step.guide, "board": step.board, "months": step.months}  # fmt: skip


def plan(room: Classroom) -> list[Plain]:
    """Return every step with its minutes from the start, and what can be done with it."""
    rows, at = [], 0
    for n, step in enumerate(room.lesson.steps):
        reached = n <= room.now
        rows.append(
            {
                "name": step.name,
                "kind": step.kind,
                "title": step.title,
                "from": at,
                "until": at + step.minutes,
                "state": "now" if n == room.now else "done" if reached else "ahead",
                "asks": len(room.asked(step)),
                "open": room.takes(step),
                "revealed": step.name in room.revealed,
                "may_reveal": reached and bool(step.questions) and step.name not in room.revealed,
                "may_reopen": reached and room.phase == "work" and not room.takes(step)
                and bool(room.asked(step) or (step is room.step and step.levers)),
            }
        )  # fmt: skip
        at += step.minutes
    return rows


def times(room: Classroom) -> Plain:
    """Return the clock, when the lesson began and ended (s), and its minutes by the plan.

    A browser works out how far behind the plan the class is: the end of this step by the clock,
    less its end by the plan.
    """
    at = {entry.kind: entry.at for entry in room.log if entry.kind in ("begin", "end")}
    steps = room.lesson.steps
    planned = sum(step.minutes for step in steps[: room.now + 1])
    return {
        "timed": not room.lesson.homework,
        "begun": at.get("begin"),
        "ended": at.get("end"),
        "ends": room.clock.ends,
        "left": room.clock.left,
        "planned": MINUTE * planned,
        "rest": MINUTE * sum(step.minutes for step in steps[room.now + 1 :]),
        "whole": MINUTE * room.lesson.minutes,
    }


def _team(room: Classroom, team: TeamProgress) -> Plain:
    titles = {part.name: part.title for part in room.lesson.parts}
    return {
        "name": team.team,
        "people": [
            {"id": one.id, "name": one.name, "part": one.part, "title": titles.get(one.part, "")}
            for one in room.people(team.team)
        ],
        "here": team.here,
        "asked": team.asked_here,
        "state": state(room, team),
        "planned": len(team.planned),
    }


def state(room: Classroom, team: TeamProgress) -> str:
    """Return what a team does in the step: handed, work, empty, closed, or none to do."""
    step = room.step
    if step is None or not (room.asked(step) or step.levers):
        return "none" if team.people else "empty"
    if team.handed:
        return "handed"
    if not team.people:
        return "empty"
    return "work" if room.takes(step) or room.phase == "paused" else "closed"


def join_view(address: str, code: str, local: bool) -> Plain:
    """Return how to join: address, code and a QR code; `local`: from this machine alone."""
    how = joining(address, code)
    return {"address": address.removeprefix("http://"), "code": how.code, "local": local,
            "qr": {"size": how.size, "path": how.path}}  # fmt: skip


def advice(room: Classroom) -> list[Plain]:
    """Return what to do next, the most pressing first: a sentence, and a button where there is one.

    A button sends an act (`act` with `body`), opens a page (`page`), or is the bar's own (`next`).
    """
    if room.phase == "over":
        told = "The lesson is over. Talk about it, then take the files home."
        files = _do("Marks, reflections and the class as files.", "Take home", page="home")
        return [*_to_mark(room), *_to_reveal(room), _do(told, "Debrief", page="debrief"), files]
    if room.phase == "paused":
        told = "Paused: nobody can answer. Go on when the room is ready."
        return [_do(told, "Go on", "pause", {"phase": room.phase})]
    if room.step is None:
        return [_lobby(room)]
    return [_work(room, room.step), *_to_reveal(room), *_to_mark(room), *_to_show(room)]


def _do(
    text: str, label: str = "", act: str = "", body: Plain | None = None, page: str = ""
) -> Plain:
    return {"text": text, "label": label, "act": act, "body": body or {}, "page": page}


def _lobby(room: Classroom) -> Plain:
    students = [one for one in room.members.values() if one.team != INSTRUCTOR]
    if not students:
        return _do("Nobody is here yet: show the address and the code.")
    empty = [name for name in room.teams if not room.people(name)]
    some = f" Nobody is in {listed(empty)}." if empty else ""
    told = f"{people(len(students))} in {len(room.teams) - len(empty)} of {len(room.teams)} teams."
    return _do(f"{told}{some} Begin when everybody is here (n).")


def _work(room: Classroom, step: Step) -> Plain:
    """Return for whom the class waits in a step."""
    there = [team for team in progress(room).teams if team.people]
    last = room.now + 1 == len(room.lesson.steps)
    on = "end the lesson" if last else f"go on to '{room.lesson.steps[room.now + 1].title}'"
    if not room.takes(step):
        return _do(f"This step is closed: {on} (n).")
    if not (room.asked(step) or step.levers):
        return _do(f"Nothing is handed in here: {on} when you are ready (n).")
    late = [team.team for team in there if not team.handed]
    if not there:
        return _do("No team has anybody in it.")
    if late:
        done = len(there) - len(late)
        return _do(f"{done} of {len(there)} teams {'has' if done == 1 else 'have'} handed in. "
                   f"Waiting for {listed(late)}.")  # fmt: skip
    return _do(f"Every team has handed in: {on} (n).")


def _to_reveal(room: Classroom) -> list[Plain]:
    """Return the steps whose answers are due and not shown yet: their months have passed.

    Teams see their marks once those of every step are shown.
    """
    seen = [n for n, step in enumerate(room.lesson.steps) if step.months]
    out = []
    for n, step in enumerate(room.reached):
        due = [m for m in seen if m > n]
        ready = room.phase == "over" or (room.now >= due[0] if due else room.now > n)
        if step.questions and step.name not in room.revealed and ready and not room.takes(step):
            told = f"The answers of '{step.title}' can be shown to the teams."
            out.append(_do(told, "Show answers", "reveal", {"step": step.name}))
    return out


def _to_mark(room: Classroom) -> list[Plain]:
    count = len(waiting(room))
    if not count:
        return []
    told = "1 reasoning waits" if count == 1 else f"{count} reasonings wait"
    return [_do(f"{told} for your marks.", "Mark", page="progress")]


def _to_show(room: Classroom) -> list[Plain]:
    if any(step.months for step in room.reached):
        return [_do("Show what came of it.", "Debrief", page="debrief")]
    return []


def listed(names: list[str]) -> str:
    """Return names in a sentence, the first few by name.

    Examples
    --------
    >>> listed(["Red", "Blue"]), listed(["a", "b", "c", "d", "e", "f"])
    ('Red and Blue', 'a, b, c, d and 2 more')
    """
    if len(names) > NAMED:
        return f"{', '.join(names[:NAMED])} and {len(names) - NAMED} more"
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]])) if names else ""


def people(count: int) -> str:
    """Return a number of people in words."""
    return "1 person" if count == 1 else f"{count} people"
