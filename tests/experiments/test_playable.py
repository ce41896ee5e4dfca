"""A run of a study opened as a game is that run, to the last figure, or is refused in words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from experiments.laboratory.playable import NotPlayableError, playable
from experiments.outcome import figure
from experiments.results import open_results
from mobilize.game.file import GameError, read_game, write_game
from mobilize.game.game import Game, fingerprint, play
from mobilize.game.house import House
from mobilize.game.store import Store
from mobilize.model import Model
from mobilize.scenario import load
from mobilize.scenario.write import write_scenario
from mobilize.workers import Workers
from tests.experiments.little import SAMPLED, run_little, write_study

GAP = """
title = "A little gap"
question = "Do licences help?"
scenario = "industrial-gap"
months = 6
worlds = 2

[[package]]
name = "licences"
title = "Easy licences"
set = [{ date = "2027-02", lever = "usml-to-ccl", value = "both" },
       { date = "2027-02", lever = "expedited-licensing" }]

[[factor]]
varies = "challenger:bias"

[[factor]]
varies = "mindset"

[[factor]]
varies = "lever:usml-to-ccl"

[[factor]]
varies = "onset:expedited-licensing"

[[factor]]
varies = "use:per_day"

[[outcome]]
name = "delivered"
measure = "deliveries"

[design]
kind = "sobol"
points = 2
"""


@pytest.fixture(scope="module")
def little(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("little")
    run_little(write_study(folder, worlds=2, points=2, design=SAMPLED), folder / "out")
    return folder / "out"


@pytest.fixture(scope="module")
def gap(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("gap")
    (folder / "gap.toml").write_text(GAP, encoding="utf-8")
    run_little(folder / "gap.toml", folder / "out")
    return folder / "out"


@pytest.mark.parametrize("which", ["little", "gap"])
def test_every_run_played_as_a_game_from_its_files_gives_the_figures_of_its_row(
    which: str, request: pytest.FixtureRequest, tmp_path: Path
):
    results = open_results(request.getfixturevalue(which))
    for row in results.runs().to_dict("records"):
        found = playable(results.folder, row["run"])
        place = tmp_path / str(row["run"]) / found.game.scenario.name
        write_scenario(found.game.scenario, place)
        text = write_game(found.played, found.result)
        game = read_game(text, "run", load(place)).game
        model = Model(game.scenario, game.policy(), game.seed, game.world,
                      mindset=game.mindset, figures=game.figures)  # fmt: skip
        model.run(game.month)
        assert fingerprint(model) == found.result
        for outcome in results.outcomes:
            assert figure(model, outcome) == pytest.approx(row[outcome.name], rel=1e-12)


def test_what_a_point_varies_is_in_scenario_package_and_challenger(gap: Path):
    results = open_results(gap)
    rows = results.runs()
    rows = rows[(rows["point"] > 0) & (rows["package"] == "licences")]
    games = [playable(gap, int(run)).game for run in rows["run"]]
    assert all("future" in game.scenario.title for game in games)
    assert {game.mindset for game in games} - {None}
    assert all(dict(game.figures)["bias"] for game in games)
    sizes = {s.size for game in games for s in game.opening}
    onsets = {s.onset for game in games for s in game.opening}
    assert any(isinstance(size, float) for size in sizes)
    assert any(isinstance(onset, float) for onset in onsets)


def test_the_scenario_as_it_is_keeps_its_own_name(little: Path):
    game = playable(little, 0).game
    assert game.scenario.digest == load("artillery-2022").digest
    assert game.scenario.name == "artillery-2022"


def test_a_run_that_gives_other_figures_now_is_refused_with_both(little: Path, monkeypatch):
    monkeypatch.setattr("experiments.laboratory.playable.figure", lambda model, outcome: -1.0)
    with pytest.raises(
        NotPlayableError, match="played again, Shells delivered is -1, in the study"
    ):
        playable(little, 0)


def test_a_run_that_is_not_there_or_of_another_scenario_is_refused_in_words(
    little: Path, tmp_path: Path
):
    with pytest.raises(NotPlayableError, match="Run 999 is not there yet"):
        playable(little, 999)
    other = tmp_path / "other"
    other.mkdir()
    for file in little.rglob("*"):
        if file.is_file():
            place = other / file.relative_to(little)
            place.parent.mkdir(exist_ok=True, parents=True)
            place.write_bytes(file.read_bytes())
    manifest = json.loads((other / "manifest.json").read_text())
    changed = manifest | {"scenario_sha256": "0" * 64}
    (other / "manifest.json").write_text(json.dumps(changed))
    with pytest.raises(NotPlayableError, match="artillery-2022 is not here as it was"):
        playable(other, 0)


def test_a_game_in_a_kept_scenario_is_there_after_a_restart(little: Path, tmp_path: Path):
    rows = open_results(little).runs()
    game = playable(little, int(rows[rows["point"] == 1]["run"].iloc[0])).game
    workers = Workers(1)
    try:
        key = House(Store(tmp_path / "games.sqlite"), workers).begin_in(game).key
        again = House(Store(tmp_path / "games.sqlite"), workers)
        sitting = again.open(key)
        assert sitting is not None
        assert sitting.view.game.identity == game.identity
        assert again.take_in(write_game(game), "file").view.game.identity == game.identity
    finally:
        workers.close()


def test_figures_of_the_challenger_change_a_game_and_wrong_ones_are_refused(tmp_path: Path):
    scenario = load("industrial-gap")
    plain, moved = Game(scenario, 3), Game(scenario, 3, figures=(("bias", -1.0),))
    text = write_game(moved)
    assert "figures" not in write_game(plain)
    assert read_game(text, "x").game.identity == moved.identity != plain.identity
    assert play(moved).world.figures == moved.figures
    for wrong, said in (
        ("2.0", "from -1"),
        ('"high"', "numbers from -1 to 1"),
        ("true", "numbers"),
    ):
        with pytest.raises(GameError, match=said):
            read_game(text.replace("-1.0", wrong), "x")
    with pytest.raises(GameError, match="cannot vary 'luck'"):
        read_game(text.replace('"bias"', '"luck"'), "x")
