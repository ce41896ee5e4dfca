"""The league of a class: places by the lesson's own marks and objectives."""

from __future__ import annotations

from typing import Any

from mobilize.lessons.classroom.progress import table
from mobilize.lessons.classroom.value import Classroom
from mobilize.lessons.marks import Marks

Plain = dict[str, Any]


def league_view(room: Classroom, found: Marks | None) -> Plain:
    """Return the places of the teams; without marks the heads alone."""
    there = set(room.taking_part)
    places = [one for one in table(room, found) if one.team in there] if found is not None else []
    shares = [place.rank for place in places]
    return {
        "seed": room.lesson.seed,
        "over": room.phase == "over",
        "aspects": [{"name": name, "percent": share} for name, share in room.lesson.shares.items()],
        "objectives": [
            {"name": one.name, "label": f"O{n}", "text": one.text}
            for n, one in enumerate(room.lesson.objectives, 1)
        ],
        "waiting": sum(place.open for place in places),
        "rows": [
            {
                "rank": place.rank,
                "shared": shares.count(place.rank) > 1,
                "team": place.team,
                "total": place.total,
                "aspects": [place.aspects[name] for name in room.lesson.shares],
                "objectives": [place.objectives[one.name] for one in room.lesson.objectives],
                "open": place.open,
            }
            for place in places
        ],
    }
