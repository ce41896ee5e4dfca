"""The debrief as slides: predictions, paths, what decisions were worth, the chain. No names."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from mobilize.app.classes.leading.grid import asked, bars, earned
from mobilize.app.classes.leading.work import NOTHING, Fact, Piece
from mobilize.game.worth import KINDS
from mobilize.lessons.classroom.debrief import Paths, Predicted, Weighed, predictions
from mobilize.lessons.classroom.value import Classroom
from mobilize.lessons.lesson import Question
from mobilize.lessons.marks import Marks
from mobilize.model import compiled

Plain = dict[str, Any]
Found = Mapping[Piece, Any]
FACTS: Piece = ("facts", "")
MARGIN = 0.06  # of the width beside the outermost number
FIGURES = 3  # told of each decision beside the one that is drawn


def played(room: Classroom) -> bool:
    """Return whether any months have passed."""
    return any(game.month for game in room.games.values())


def pieces(room: Classroom, item: str, team: str) -> list[Piece]:
    """Return what has to be worked out, in the order of the slides."""
    some = any(q.aspect == "prediction" and not room.takes(step) for step, q in asked(room))
    first = [FACTS] if some else []
    if not played(room):
        return first
    path = [("paths", item)] if item else []
    return [*first, *path, *(("worth", name) for name in room.teams), ("chain", team)]


def slides(room: Classroom, marks: Marks | None, found: Found) -> list[Plain]:
    """Return the slides of predictions; those of steps that are still open hold no answer."""
    known: dict[str, Fact] = found.get(FACTS, {})
    shown = {one.question: one for one in predictions(room, marks)} if marks is not None else {}
    out = []
    for step, question in asked(room):
        if question.aspect != "prediction":
            continue
        answered = sum((team, question.name) in room.answers for team in room.teams)
        slide: Plain = {
            "kind": "prediction",
            "title": question.text,
            "step": step.title,
            "open": room.takes(step),
            "answered": answered,
            "of": len(room.taking_part),
            "ready": False,
        }
        if not room.takes(step) and marks is not None and question.name in shown:
            fact = known.get(question.name)
            slide |= _predicted(room, question, shown[question.name], fact, marks)
        out.append(slide)
    return out


def _predicted(
    room: Classroom, question: Question, one: Predicted, fact: Fact | None, marks: Marks
) -> Plain:
    return {
        "ready": True,
        "right": one.right if fact is not None else "",
        "why": fact.why if fact is not None else "",
        "mean": one.mean,
        "bars": _bars(room, question, fact, marks),
        "line": number_line(room, question, fact),
        "rows": [
            {"team": said.team, "given": said.given, "tag": earned(said.share)} for said in one.said
        ],
    }


def _bars(room: Classroom, question: Question, fact: Fact | None, marks: Marks) -> list[Plain]:
    if question.kind == "number":
        return []
    rows = bars(room, question, marks)
    if question.kind == "choice" and fact is not None:
        wanted = fact.answer if isinstance(fact.answer, list) else [fact.answer]
        for option, row in zip(question.options, rows, strict=True):
            row["tag"] = "happened" if option.name in wanted else ""
    return rows


def number_line(room: Classroom, question: Question, fact: Fact | None) -> Plain | None:
    """Return numbers of the teams and what came on one line, as shares of its width.

    What is not a number ("never") stands at no place and is in the table alone.
    """
    if question.kind != "number":
        return None
    given = {team: room.answers[team, question.name].answer
             for team in room.teams if (team, question.name) in room.answers}  # fmt: skip
    values = {t: float(a) for t, a in given.items() if isinstance(a, int | float)}
    came = fact.answer if fact is not None and isinstance(fact.answer, int | float) else None
    right = float(came) if came is not None and math.isfinite(came) else None
    every = [*values.values(), *([right] if right is not None else [])]
    if not every:
        return None
    low, high = min(0.0, *every), max(0.0, *every)
    width = (high - low) or 1.0

    def place(value: float) -> float:
        return MARGIN + (1 - 2 * MARGIN) * (value - low) / width

    return {
        "unit": question.unit,
        "low": low,
        "high": high,
        "right": None if right is None else {"value": right, "at": place(right)},
        "dots": [{"team": t, "value": v, "at": place(v)} for t, v in sorted(values.items())],
    }


def items(room: Classroom) -> list[Plain]:
    """Return the items that programs of the lesson's scenario buy, by name."""
    net, ids = compiled(room.lesson.scenario)
    table = room.lesson.scenario.tables["items"]
    names = dict(zip(table["id"].tolist(), table["name"].tolist(), strict=True))
    bought = dict.fromkeys(ids.items[i] for i in net.p_item.tolist())
    return [{"id": one, "name": str(names[one])} for one in bought]


def first_item(room: Classroom) -> str:
    """Return the item that is drawn at first: one that a question asks about, where any does."""
    offered = [one["id"] for one in items(room)]
    return about(room) or next(iter(offered), "")


def about(room: Classroom) -> str:
    """Return the item that a question asks about, or a program of it; "" where none does."""
    net, ids = compiled(room.lesson.scenario)
    bought = zip(ids.programs, (ids.items[i] for i in net.p_item.tolist()), strict=True)
    known = dict(bought) | {one["id"]: one["id"] for one in items(room)}
    asked_of = (
        str(q.calculation.arguments.get("of"))
        for q in room.lesson.questions
        if q.calculation is not None
    )
    return next((known[one] for one in asked_of if one in known), "")


def paths_view(found: Paths | None) -> Plain | None:
    """Return the fan, the path with nothing decided, and those of teams; alike ones together."""
    if found is None:
        return None
    groups: dict[tuple[float, ...], list[str]] = {}
    for team, path in found.teams.items():
        groups.setdefault(path, []).append(team)
    return {
        "item": found.item,
        "unit": found.unit,
        "months": list(found.months),
        "low": [list(found.lines[0]), list(found.lines[1])],
        "high": [list(found.lines[-1]), list(found.lines[-2])],
        "plain": list(found.plain),
        "teams": [{"teams": teams, "path": list(path), "end": path[-1] if path else 0.0}
                  for path, teams in sorted(groups.items(), key=lambda g: -sum(g[0][-1:]))],
    }  # fmt: skip


def worth_view(room: Classroom, found: Found) -> Plain:
    """Return by team what each decision was worth, and the figures that can be drawn.

    Units of what the lesson asks about come first, then what decisions of more teams moved.
    """
    rows, moved = [], dict[tuple[str, str], int]()
    for team in room.taking_part:
        made: tuple[Weighed, ...] | None = found.get(("worth", team))
        for one in made or ():
            for text, unit, _, _ in one.figures:
                moved[text, unit] = moved.get((text, unit), 0) + 1
        rows.append(
            {"team": team, "ready": made is not None, "made": [_made(m) for m in made or ()]}
        )
    names = {one["id"]: one["name"] for one in items(room)}
    wanted = f"{KINDS['delivered']}: {names.get(about(room), '')}"
    order = sorted(moved, key=lambda key: (key[0] != wanted, -moved[key]))
    return {
        "rows": rows,
        "ready": all(row["ready"] for row in rows),
        "figures": [{"text": text, "unit": unit} for text, unit in order],
    }  # fmt: skip


def _made(one: Weighed) -> Plain:
    return {
        "date": one.date,
        "text": f"{one.lever}: {one.target}".rstrip(": "),
        "value": one.value,
        "figures": {text: {"unit": unit, "here": here} for text, unit, here, _ in one.figures},
    }


def chain_view(found: Found, team: str) -> Plain | None:
    """Return the chain of reasons in the game of a team, or in the one with nothing decided."""
    chain = found.get(("chain", team))
    return None if chain is None else {"team": team or NOTHING, **chain}
