"""A game as a file: read back whole, or refused with every fault told."""

import json
import random
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mobilize.cli import main
from mobilize.game.file import KEYS, LARGEST, MOST, GameError, load_game, read_game, write_game
from mobilize.game.game import decide, fingerprint, play
from tests.game.common import fresh, games, sample, scenario
from tests.scenarios import write_small

GONE = object()


@settings(max_examples=40, deadline=None)
@given(games())
def test_a_game_comes_back_from_its_file_as_it_was(game):
    text = write_game(game, "0" * 64)
    kept = read_game(text, "x.json")
    assert kept.game.identity == game.identity
    assert write_game(kept.game, kept.result) == text


def test_a_replayed_file_has_the_fingerprint_it_was_kept_with():
    game = sample()
    kept = read_game(write_game(game, fingerprint(play(game))), "x.json")
    assert fingerprint(play(kept.game)) == kept.result != ""


def test_openings_sizes_and_mindsets_come_back():
    first = fresh("arsenal-2026", mindset="patient")
    early = decide(first, "title3-award-waiver", "base", "on", "high")
    late = decide(first.after((), 9), "licensing-officers", "base", 1.5, "low")
    game = fresh("arsenal-2026", mindset="patient", opening=(early, late)).after((), 1)
    assert read_game(write_game(game), "x").game.identity == game.identity


def test_a_game_of_a_folder_is_read_with_that_folder(tmp_path):
    from mobilize.scenario import load

    own = load(write_small(tmp_path / "own"))
    from mobilize.game.game import Game

    text = write_game(Game(own, 3).after((), 2))
    assert read_game(text, "x", own).game.month == 2
    with pytest.raises(GameError, match=r"scenario 'own' is not among .*give its folder"):
        read_game(text, "x")


def content():
    return json.loads(write_game(sample()))


def changed(*path_and_value):
    """Return the text of the sample game with one place changed (GONE: taken away)."""
    *path, value = path_and_value
    data = content()
    place = data
    for key in path[:-1]:
        place = place[key]
    if value is GONE:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return json.dumps(data)


SET = ("turns", 1, "set")
BROKEN = {
    "empty": ("", "not readable as JSON"),
    "no json": ("{", "not readable as JSON"),
    "not utf-8": (b"\xff\xfe{", "not readable as JSON"),
    "too deep": ("[" * 100_000, "not readable as JSON"),
    "too long a number": ('{"kind": ' + "9" * 5000 + "}", "not readable as JSON"),
    "key twice": ('{"kind": "mobilize game", "kind": "x"}', "'kind' stands twice"),
    "a list": ("[]", "not a game"),
    "other kind": (changed("kind", "package"), "not a game"),
    "other format": (changed("format", 2), "format 2; this version reads 1"),
    "unknown key": (changed("sed", 1), "key 'sed' is unknown; allowed: kind"),
    "no scenario": (changed("scenario", "atlantis"), "'atlantis' is not among those here"),
    "scenario no text": (changed("scenario", [1]), "is not among those here"),
    "other content": (changed("scenario_sha256", "0" * 64), "played in another 'artillery-2022'"),
    "seed a fraction": (changed("seed", 1.5), "'seed' is 1.5; allowed: 0 to"),
    "seed true": (changed("seed", True), "'seed' is True; allowed: 0 to"),
    "seed below": (changed("seed", -1), "'seed' is -1; allowed: 0 to"),
    "seed long": (changed("seed", "9" * 999), "'seed' is '999"),
    "world of forecasts": (changed("world", 1_000_000), "'world' is 1000000; allowed: 0 to 999999"),
    "mindset": (changed("mindset", "patient"), "'mindset' is 'patient'; allowed: null"),
    "mindset a list": (changed("mindset", []), "'mindset' is []; allowed: null"),
    "result": (changed("result_sha256", 5), "'result_sha256' is 5; allowed: 64 digits"),
    "opening no list": (changed("opening", {}), "opening: the settings are not a list"),
    "opening undated": (changed("opening", [{"lever": "dpas-rating"}]), "key 'date' is missing"),
    "opening outside": (
        changed("opening", [{"date": "1999-01", "lever": "title3-award-waiver"}]),
        "1999-01 is outside the scenario",
    ),
    "turns no list": (changed("turns", "none"), "'turns' is not a list of turns"),
    "turn no table": (changed("turns", 0, 3), "'turns' is not a list of turns"),
    "turn unknown key": (changed("turns", 0, "sets", []), "turn 1: key 'sets' is unknown"),
    "turn of nothing": (changed("turns", 0, "months", 0), "turn 1: months is 0; allowed: 1 to 58"),
    "turn too long": (changed("turns", 3, "months", 99), "turn 4: months is 99; allowed: 1 to 49"),
    "turn misplaced": (changed("turns", 2, "month", "2022-01"), "turn 3: month is '2022-01'"),
    "too many turns": (changed("turns", [{"months": 1}] * 59), "59 turns; the scenario has 58"),
    "set no list": (changed(*SET, 7), "turn 2: the settings are not a list"),
    "set too many": (changed(*SET, [{}] * (MOST + 1)), f"allowed: {MOST} at most"),
    "set dated": (changed(*SET, 0, "date", "2022-04"), "has no date of its own"),
    "set unknown lever": (changed(*SET, 0, "lever", "magic"), "lever 'magic' is unknown"),
    "set lever a list": (changed(*SET, 0, "lever", []), "lever '[]' is unknown"),
    "set no lever": (changed(*SET, 0, "lever", GONE), "key 'lever' is missing"),
    "set unknown target": (changed(*SET, 0, "target", "nowhere"), "target 'nowhere' is not an id"),
    "set no target": (changed(*SET, 0, "target", GONE), "key 'target' is missing"),
    "set wrong value": (changed(*SET, 0, "value", 3), "value '3' is not one of"),
    "set value NaN": (changed("turns", 2, "set", 0, "value", float("nan")), "is not an amount"),
    "set value huge": (changed("turns", 2, "set", 0, "value", 10**400), "is not an amount"),
    "set size": (changed(*SET, 0, "size", "huge"), "size 'huge' is not one of"),
    "set twice": (
        changed("turns", 0, "set", [content()["turns"][1]["set"][1]] * 2),
        "is set twice on 'us-155-charges' in 2022-02",
    ),
    "half a letter": (changed(*SET, 0, "lever", "\ud800"), "is unknown"),
    **{f"no {key}": (changed(key, GONE), f"key '{key}' is missing") for key in KEYS[3:]},
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_refused_and_its_fault_named(name):
    text, said = BROKEN[name]
    with pytest.raises(GameError) as told:
        read_game(text, "mine.json")
    words = str(told.value)
    assert said in words
    assert all(line.startswith("mine.json: ") for line in words.splitlines())
    assert len(words) < 40_000
    words.encode()


def test_all_faults_are_told_at_once():
    data = content()
    data |= {"seed": -1, "world": "x", "extra": 1, "result_sha256": "zz"}
    data["turns"][1]["set"][0]["lever"] = "magic"
    data["turns"][2]["set"][0]["value"] = -4
    data["turns"][3]["months"] = 0
    with pytest.raises(GameError) as told:
        read_game(json.dumps(data), "mine.json")
    for said in (
        "'seed'",
        "'world'",
        "'extra'",
        "'result_sha256'",
        "'magic'",
        "'-4'",
        "months is 0",
    ):
        assert said in str(told.value)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=300))
def test_noise_is_refused(noise):
    with pytest.raises(GameError):
        read_game(noise, "noise")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=6,
)


@settings(max_examples=250, deadline=None)
@given(st.data())
def test_a_file_with_any_part_replaced_is_read_or_refused(data):
    whole = content()
    place, key = whole, data.draw(st.sampled_from(KEYS))
    while isinstance(place[key], dict | list) and place[key] and data.draw(st.booleans()):
        place = place[key]
        keys = list(place) if isinstance(place, dict) else range(len(place))
        key = data.draw(st.sampled_from(list(keys)))
    place[key] = data.draw(JSON)
    with suppress(GameError):
        read_game(json.dumps(whole), "changed")


def test_a_file_cut_anywhere_or_with_a_bit_turned_is_read_or_refused():
    text = write_game(sample()).encode()
    luck = random.Random(1)
    for _ in range(300):
        noise = bytearray(text)
        noise[luck.randrange(len(noise))] ^= 1 << luck.randrange(8)
        cut = noise[: luck.randrange(len(noise))] if luck.random() < 0.3 else noise
        with suppress(GameError):
            read_game(bytes(cut), "x")


def test_files_that_are_too_large_or_not_there_are_refused(tmp_path):
    large = tmp_path / "large.json"
    large.write_bytes(b" " * (LARGEST + 1))
    with pytest.raises(GameError, match="larger than 5,000,000 bytes"):
        load_game(large)
    for path in (tmp_path / "none.json", tmp_path):
        with pytest.raises(GameError, match="cannot be read"):
            load_game(path)


def test_replay_says_that_a_game_is_as_it_was_played(tmp_path, capsys):
    game = sample()
    path = tmp_path / "game.json"
    path.write_text(write_game(game, fingerprint(play(game))))
    assert main(["replay", str(path)]) == 0
    said = capsys.readouterr().out
    assert "exactly as it was played" in said
    assert "Start one project now" in said


def test_replay_says_that_a_game_is_not_as_it_was_played(tmp_path, capsys):
    game = sample()
    path = tmp_path / "game.json"
    path.write_text(write_game(game, fingerprint(play(game))).replace('"seed": 5', '"seed": 6'))
    assert main(["replay", str(path)]) == 1
    assert "NOT as it was played" in capsys.readouterr().out
    assert main(["replay", str(path), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["same"] is False


def test_replay_reads_a_scenario_folder_and_tells_faults_plainly(tmp_path, capsys):
    from mobilize.game.game import Game
    from mobilize.scenario import load

    folder = write_small(tmp_path / "own")
    path = tmp_path / "game.json"
    path.write_text(write_game(Game(load(folder), 3).after((), 4)))
    assert main(["replay", str(path), "--scenario", str(folder), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["same"] is None
    assert main(["replay", str(path)]) == 2
    said = capsys.readouterr().err
    assert "give its folder" in said
    assert "Traceback" not in said


def test_a_scenario_keeps_its_name_in_the_file():
    assert content()["scenario"] == scenario().name
