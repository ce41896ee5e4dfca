"""Home: choose a scenario, go on with a game, open one from a file."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

import solara

from mobilize.app.present import the_house
from mobilize.app.views.home import kept, scenario_cards
from mobilize.game.file import GameError
from mobilize.game.sitting import KeepError
from policies.package import PackageError


@solara.component_vue("../components/home.vue")
def Home(
    cards: list[dict[str, Any]],
    games: list[dict[str, Any]],
    fault: str,
    event_begin: Callable[[dict[str, Any]], None],
    event_resume: Callable[[str], None],
    event_forget: Callable[[str], None],
    event_upload: Callable[[dict[str, str]], None],
    event_lab: Callable[[Any], None],
) -> None:
    """Show the scenarios and the games."""


@solara.component
def HomePage(go: Callable[[str], None]) -> None:
    """Let a person begin, resume or open a game."""
    house = the_house()
    fault, set_fault = solara.use_state("")
    changes, set_changes = solara.use_state(0)
    cards = solara.use_memo(lambda: scenario_cards(house), [])
    games = solara.use_memo(lambda: kept(house), [changes])

    def begin(wanted: dict[str, Any]) -> None:
        try:
            seed = int(wanted["seed"]) if str(wanted.get("seed", "")).strip() else None
            if seed is not None and seed < 0:
                raise ValueError(f"seed {seed}; allowed: a whole number from 0")
            mindset, package = wanted.get("mindset") or None, str(wanted.get("package") or "")
            sitting = house.begin(str(wanted["name"]), seed, mindset, package)
        except (KeyError, ValueError, PackageError, KeepError) as error:
            set_fault(str(error))
            return
        go(f"/play/{sitting.key}/situation")

    def take_in(given: dict[str, str]) -> None:
        try:
            sitting = house.take_in(str(given["text"]), str(given["name"])[:80])
        except (GameError, KeepError) as error:
            set_fault(str(error))
            return
        go(f"/play/{sitting.key}/situation")

    def forget(key: str) -> None:
        try:
            house.forget(str(key))
        except sqlite3.Error as error:
            set_fault(f"The game cannot be deleted: {error}")
        set_changes(changes + 1)

    Home(
        cards=cards,
        games=games,
        fault=fault,
        event_begin=begin,
        event_resume=lambda key: go(f"/play/{key}/situation"),
        event_forget=forget,
        event_upload=take_in,
        event_lab=lambda _: go("/lab"),
    )
