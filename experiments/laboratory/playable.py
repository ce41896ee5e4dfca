"""A run of a study as a game: the same scenario, luck and package, or in words why it cannot be."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.outcome import figure
from experiments.results import Results, open_results
from experiments.searching import CANDIDATES
from experiments.vary import vary
from mobilize.game.game import Game, Turn, fingerprint, play
from mobilize.scenario import Scenario, ScenarioError, load, shipped
from mobilize.state import EPS
from mobilize.words import number
from policies.package import Package, Setting

if TYPE_CHECKING:
    import pandas as pd


class NotPlayableError(Exception):
    """A run that cannot be opened as it was; the text says why."""


@dataclass(frozen=True)
class Playable:
    """A run as a game that has not begun, and the fingerprint of all its months.

    Its package is decided before the first turn. `months` are those of the study.
    """

    game: Game
    months: int
    result: str

    @property
    def played(self) -> Game:
        """Return the game with all months of the study played in one turn."""
        return replace(self.game, turns=(Turn((), self.months),))


def playable(folder: str | Path, run: int, folders: tuple[str, ...] = ()) -> Playable:
    """Return a run of a study as a game, played through once to see that it is the same.

    Parameters
    ----------
    folders : tuple of str
        Scenario folders besides the shipped ones.

    Raises
    ------
    NotPlayableError
        If it cannot be the same; with the reason.
    """
    results = open_results(folder)
    row = _row(results, run)
    game = _game(results, row, _scenario(results, folders))
    found = Playable(game, int(results.about["months"]), "")
    model = play(found.played)
    for outcome in results.outcomes:
        now, then = figure(model, outcome), float(row[outcome.name])
        if abs(now - then) > EPS * max(1.0, abs(then)):
            raise NotPlayableError(
                f"Run {run} cannot be opened as it was: played again, {outcome.title} is "
                f"{number(now)}, in the study it is {number(then)}. Another version of Mobilize "
                f"({results.manifest.get('mobilize')}) made these results; run the study again."
            )
    return replace(found, result=fingerprint(model))


def _row(results: Results, run: int) -> Mapping[str, Any]:
    """Return a run that came to its end."""
    frame: pd.DataFrame = results.runs()
    found = frame[frame["run"] == run]
    if found.empty:
        raise NotPlayableError(f"Run {run} is not there yet.")
    row = {str(name): value for name, value in found.iloc[0].items()}
    if row["status"] != "ok":
        raise NotPlayableError(f"Run {run} failed, so there is nothing to open: {row['error']}")
    return row


def _scenario(results: Results, folders: tuple[str, ...]) -> Scenario:
    """Return the scenario of a study as it was when the study ran."""
    name, digest = results.about["scenario"], results.manifest["scenario_sha256"]
    for source in (*([name] if name in shipped() else []), *folders):
        try:
            scenario = load(source)
        except ScenarioError:
            continue
        if scenario.digest == digest:
            return scenario
    raise NotPlayableError(
        f"The scenario {name} is not here as it was when the study ran ({digest[:12]}): it has "
        "changed since, or is a folder of somebody's own. Run the study again, or start with that "
        "folder: mobilize play FOLDER."
    )


def _game(results: Results, row: Mapping[str, Any], scenario: Scenario) -> Game:
    """Return the game of a run: its point is in its scenario, package and challenger."""
    point = int(row["point"])
    design = results.design.set_index("point").loc[point]
    values: dict[str, Any] = {f.name: design[f.name] for f in results.factors}
    varied = vary(scenario, results.factors, values)
    package = varied.package(package_of(results, str(row["package"])))
    there = scenario
    if varied.scenario.digest != scenario.digest:
        there = _named(varied.scenario, results, point)
    return Game(there, int(results.about["seed"]), int(row["world"]), varied.mindset,
                package.settings, (), varied.figures)  # fmt: skip


def package_of(results: Results, name: str) -> Package:
    """Return a package of a study, or one that its search made up.

    Raises
    ------
    KeyError
        If there is none of that name.
    """
    own = {row["name"]: row for row in results.about["packages"]}
    row = own[name] if name in own else candidates(results)[name]
    return Package(name, row["title"], tuple(Setting(**setting) for setting in row["settings"]))


def candidates(results: Results) -> dict[str, dict[str, Any]]:
    """Return the packages that a search made up, by name."""
    try:
        text = (results.folder / CANDIDATES).read_text(encoding="utf-8")
    except OSError:
        return {}
    return {row["package"]["name"]: row["package"] for row in json.loads(text)}


def _named(varied: Scenario, results: Results, point: int) -> Scenario:
    """Return the scenario of a point under a name that says what it is."""
    title = f"{varied.title}, future {point} of {results.name}"
    said = (
        f"Future {point} of the study “{results.about['title']}”: some of its "
        f"{len(results.factors)} uncertain figures stand elsewhere than in {varied.name}; "
        f"all else is as there. {' '.join(varied.summary.split())}"
    )
    name = f"{varied.name}-{results.name}-future-{point}"
    return replace(varied, name=name, title=title, summary=said, based_on=None)
