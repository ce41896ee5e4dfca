"""What a kind of act in a class is: who may do it and when, what it holds, and what it does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from mobilize.lessons.classroom.value import Classroom, Person, Phase
from mobilize.rooms.fields import Fields

Body = Mapping[str, Any]
Do = Callable[[Classroom, Person, Body, float], Classroom]
TEAMS, LEADER, ALONE = "teams", "instructor", "system"
BEGUN: tuple[Phase, ...] = ("work", "paused", "over")
RUNNING: tuple[Phase, ...] = ("work", "paused")
ANY: tuple[Phase, ...] = ("lobby", "work", "paused", "over")


@dataclass(frozen=True)
class Kind:
    """One kind of act; `title` is how it is called in words."""

    title: str
    who: str
    fields: Fields
    do: Do
    phases: tuple[Phase, ...] = ANY
