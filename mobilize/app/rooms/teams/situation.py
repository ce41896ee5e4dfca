"""Situation: what a seat knows of its own and of the world."""

from __future__ import annotations

from typing import Any

import solara

from mobilize.app.rooms.once import once
from mobilize.app.rooms.teams.given import Given
from mobilize.app.rooms.teams.views import pictures

Plain = dict[str, Any]


@solara.component_vue("tiles.vue")
def SeatTiles(tiles: list[Plain]) -> None:
    """Show figures."""


@solara.component_vue("grid.vue")
def Grid(grid: Plain) -> None:
    """Show a table; search it where it is long."""


@solara.component_vue("series.vue")
def Series(title: str, name: str, picks: list[Plain], dates: list[str]) -> None:
    """Show lines by month, and the table beside."""


@solara.component_vue("public.vue")
def PublicPicture(picture: Plain) -> None:
    """Show wars and whose fires go unmet."""


@solara.component
def SituationPage(given: Given) -> None:
    """Show a seat's situation, part by part of what it sees."""
    world, scenario = given.sight["world"], given.scenario
    dates = once(pictures.dates, given.sight["room"], scenario)
    picture = once(pictures.public_picture, world["public"], scenario)
    with solara.Div(classes=["seat-situation"]):
        SeatTiles(tiles=once(pictures.tiles, world))
        with solara.Div(classes=["a-own"]):
            if "programs" in world:
                Series(title="Delivered and in stock", name="own", dates=dates,
                       picks=once(pictures.program_picks, world["programs"], scenario))  # fmt: skip
                Grid(grid=once(pictures.program_grid, world["programs"], scenario))
            if "firms" in world:
                Grid(grid=once(pictures.firm_grid, world["firms"], scenario))
            if "ladder" in world:
                Grid(grid=once(pictures.ladder_grid, world["ladder"]))
                Grid(grid=once(pictures.reason_grid, world["ladder"]))
            if world.get("metrics"):
                Series(title="Deterrence by month", name="metrics", dates=dates,
                       picks=once(pictures.metric_picks, world["metrics"]))  # fmt: skip
                Grid(grid=once(pictures.metric_grid, world["metrics"]))
        with solara.Div(classes=["a-world"]):
            PublicPicture(picture=picture)
            Grid(grid=picture["made"])
            if "base" in world:
                Grid(grid=once(pictures.base_grid, world["base"], scenario))
