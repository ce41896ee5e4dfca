"""All papers of a session as files, and a page that leads to them."""

from __future__ import annotations

from html import escape

from mobilize.game.page import page, text
from mobilize.playing import HONEST
from mobilize.rooms.paper.guide import guide_html
from mobilize.rooms.paper.handout import handout_html
from mobilize.rooms.paper.style import MORE
from mobilize.rooms.roles import seat_title
from mobilize.rooms.shapes import Shape, seated
from mobilize.scenario import Scenario

GUIDE = "guide.html"


def file_of(seat: str) -> str:
    """Return the part of a file name that stands for a seat."""
    return seat.replace(":", "-")


def papers(scenario: Scenario, shape: Shape) -> dict[str, str]:
    """Return the guide, a handout for every team of a shape, and an index, by file name.

    Raises
    ------
    ShapeError
        If the shape does not fit the scenario.
    """
    seats = seated(shape, scenario)
    guide = guide_html(scenario, shape)
    handouts = {f"handout-{file_of(s)}.html": handout_html(scenario, shape, s) for s in seats}
    names = {GUIDE: "Facilitator's guide: for the white cell only"}
    names |= {name: seat_title(s, scenario) for name, s in zip(handouts, seats, strict=True)}
    index = index_html(f"{scenario.title}: {shape.title}", names)
    return {"index.html": index, GUIDE: guide, **handouts}


def index_html(title: str, names: dict[str, str]) -> str:
    """Return a page that leads to files beside it."""
    links = "".join(
        f'<li><a href="{escape(file)}">{escape(name)}</a></li>' for file, name in names.items()
    )
    return page(title, text(HONEST, "note"), {"files": ("Papers", f"<ul>{links}</ul>")}, MORE)
