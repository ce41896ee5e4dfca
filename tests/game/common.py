"""Small games for these tests: a quick scenario, some levers, games drawn by hypothesis."""

from functools import cache

from hypothesis import strategies as st

from mobilize.game.game import Game, decide
from mobilize.scenario import load

NAME = "artillery-2022"
LEVERS = (
    ("project-start", "marion-charges-plant", "on"),
    ("dpas-rating", "us-155-charges", "DO"),
    ("dpas-rating", "us-155-charges", "off"),
    ("appropriate", "us-155-charges", 400.0),
    ("dpas-rating", "us-155-projectiles", "DX"),
    ("end-item-reserve", "us-155-fuzes", 2.0),
)


@cache
def scenario(name=NAME):
    return load(name)


def fresh(name=NAME, **parts):
    return Game(scenario(name), parts.pop("seed", 5), **parts)


def turn(game, months, *levers):
    """Return the game after a turn in which some levers are set."""
    return game.after([decide(game, *lever) for lever in levers], months)


def sample():
    """Return a game of four turns and six decisions, one of them taken back later."""
    game = turn(fresh(), 2)
    game = turn(game, 3, LEVERS[0], LEVERS[1], LEVERS[4])
    game = turn(game, 4, LEVERS[3], LEVERS[2])
    return turn(game, 5, LEVERS[5])


@st.composite
def games(draw, most=4):
    """Draw games of a few short turns."""
    game = fresh(seed=draw(st.integers(0, 3)), world=draw(st.integers(0, 2)))
    for _ in range(draw(st.integers(0, most))):
        chosen = draw(st.lists(st.sampled_from(LEVERS), max_size=3, unique_by=lambda v: v[:2]))
        game = turn(game, draw(st.integers(1, 4)), *chosen)
    return game
