"""Papers of a session: the guide tells everything, a handout nothing that its seat may not know."""

import re
from dataclasses import replace
from functools import cache
from html import escape, unescape

import numpy as np
import pytest

from mobilize.cli import main
from mobilize.game.game import Game, play
from mobilize.ladder import MINDSETS
from mobilize.rooms import sight as sights
from mobilize.rooms.accept import KINDS
from mobilize.rooms.kinds import WHITE, WHITE_OR_CLOCK
from mobilize.rooms.paper.bundle import papers
from mobilize.rooms.paper.guide import guide_html
from mobilize.rooms.paper.handout import handout_html
from mobilize.rooms.paper.words import command, names, words
from mobilize.rooms.paper.world import SHOWN
from mobilize.rooms.players import hidden_at_start
from mobilize.rooms.roles import owners, roles
from mobilize.rooms.room import found
from mobilize.rooms.shapes import seated, shape, shapes
from mobilize.scenario import shipped
from tests.rooms.common import ENEMY, FRONT, GAP, QUICK, US, scenario
from tests.rooms.test_sight import secrets

every_scenario = pytest.mark.parametrize("name", shipped())
IDS = re.compile(r"[\w.-]+")


@cache
def made(name, kind="taster"):
    return papers(scenario(name), shape(kind))


def told(page):
    """Return the words of a page as people read them."""
    return unescape(re.sub(r"<[^>]*>", " ", page.split("</style>", 1)[1]))


def keeps_silent(known, text):
    """Check that a text tells no event to come, plant that is not mapped, or mindset."""
    for event in known.events:
        for secret in (event.title, event.text, event.expected, event.objective):
            assert secret not in text, event.id
    assert not hidden_at_start(known) & set(IDS.findall(text))
    challenger = known.challenger
    if challenger is not None and challenger.mindset in MINDSETS:
        assert challenger.mindset not in text


@every_scenario
def test_no_handout_tells_an_event_to_come_or_a_plant_that_is_not_mapped(name):
    known = scenario(name)
    handouts = [page for file, page in made(name).items() if file.startswith("handout-")]
    assert len(handouts) == len(seated(shape("taster"), known))
    for page in handouts:
        keeps_silent(known, told(page))


@every_scenario
def test_the_guide_tells_every_event_every_plant_that_is_not_mapped_and_every_team(name):
    known, text = scenario(name), told(made(name)["guide.html"])
    for event in known.events:
        for word in (event.title, event.text, event.expected, event.objective):
            assert word in text
    world = play(Game(known, known.seed)).world
    unmapped = [world.names.lines[n] for n in np.flatnonzero(~world.visible)]
    assert set(unmapped) <= {word.rstrip(":") for word in text.split()}
    assert command(known, shape("taster")) in text
    assert "notional" in text
    for seat in seated(shape("taster"), known):
        assert f"handout-{seat.replace(':', '-')}.html" in made(name)


@pytest.mark.parametrize("seat", [US, "diplomacy", "industry", "large-ally:JP", FRONT, ENEMY])
def test_a_handout_is_the_same_whatever_its_seat_may_not_know(seat, monkeypatch):
    known, kind = scenario(GAP), shape("course")
    plain = handout_html(known, kind, seat)
    keeps_silent(known, told(plain))
    room = found(Game(known, known.seed))
    model = play(room.game)
    twin = secrets(room, seat, model, np.random.default_rng(3))
    monkeypatch.setattr(sights, "play", lambda game: twin)
    assert handout_html(known, kind, seat) == plain


def test_a_country_is_handed_its_own_programs_alone():
    known = scenario(GAP)
    page = handout_html(known, shape("course"), FRONT)
    table = page.split("Your programs")[1].split("</table>")[0]
    rows = set(re.findall(r"<tr><td>([^<]*)", table))
    mine = {names(known)[i] for i, who in owners(known, "programs").items() if "UA" in who}
    assert rows == mine


@pytest.mark.parametrize("kind", list(shapes()))
def test_papers_are_one_file_each_without_scripts_or_anything_fetched(kind):
    files = made(QUICK, kind)
    assert files == papers(scenario(QUICK), shape(kind))  # the same bytes again
    for page in files.values():
        assert "<script" not in page
        assert "@import" not in page
        assert not re.search(r"(src|href)\s*=\s*[\"']?(https?:|//)", page)
        assert not re.search(r"\{\w*\}", told(page))  # every name in the words is filled in
    links = set(re.findall(r'href="([^"#]+)"', files["index.html"]))
    assert links == set(files) - {"index.html"}


def test_what_a_scenario_says_is_text():
    evil = "<script>alert(1)</script>"
    known = replace(scenario(QUICK), title=evil, summary=evil)
    for page in papers(known, shape("taster")).values():
        assert evil not in page
        assert escape(evil) in page or "index" in page


def test_only_teams_have_handouts():
    for seat in ("white-cell", "projector", "nonsense"):
        with pytest.raises(ValueError, match="allowed: acquisition"):
            handout_html(scenario(QUICK), shape("taster"), seat)


def test_whatever_the_white_cell_can_do_and_seats_can_see_has_words():
    white = {n for n, kind in KINDS.items() if kind.who in (WHITE, WHITE_OR_CLOCK)}
    assert white == set(words()["guide"]["acts"])
    sees = {name for role in roles().values() for name in role.sees}
    assert sees <= set(words()["sees"])
    teams = {name for role in roles().values() if role.plays for name in role.sees}
    assert teams | {"public"} == set(SHOWN)


def test_buttons_of_the_guide_are_those_of_the_page():
    from importlib.resources import files

    bar = (files("mobilize") / "app/rooms/bar.vue").read_text(encoding="utf-8")
    for phase in words()["guide"]["phase"]:
        assert f'"{phase["button"]}"' in bar
        assert f'label: "{phase["name"]}"' in bar
    assert "Hand in" in bar


def test_the_command_writes_papers_or_says_why_not(tmp_path, capsys):
    out = tmp_path / "papers"
    assert main(["guide", QUICK, "--shape", "taster", "--out", str(out)]) == 0
    assert {p.name: p.read_text(encoding="utf-8") for p in out.iterdir()} == made(QUICK)
    assert main(["guide", QUICK, "--shape", "nonsense", "--out", str(out)]) == 2
    assert "allowed: taster" in capsys.readouterr().err
    file = tmp_path / "file"
    file.write_text("")
    assert main(["guide", QUICK, "--out", str(file)]) == 2
    assert "give another --out" in capsys.readouterr().err


def test_the_guide_needs_a_shape_that_fits():
    from mobilize.rooms.shapes import ShapeError

    with pytest.raises(ShapeError, match="too few"):
        guide_html(replace(scenario(QUICK), horizon=3), shape("course"))


PAGES = ("Control", "Events", "Rulings", "Every page, top right")


def test_the_guide_names_pages_and_buttons_that_are_there():
    from importlib.resources import files

    white = files("mobilize") / "app/rooms/white"
    control = (white / "control.vue").read_text(encoding="utf-8")
    plan = (white.parent / "teams/checklist.vue").read_text(encoding="utf-8")
    assert {act["page"] for act in words()["guide"]["acts"].values()} <= set(PAGES)
    guide = told(made(GAP, "half-day")["guide.html"])
    for button in ("End practice", "Plan for it", "Start"):
        assert button in guide
        assert button in control
    assert "Your first turn" in guide
    assert "Your first turn" in plan


def test_every_command_of_the_guide_is_one_that_a_fresh_clone_has():
    from mobilize.cli import parser

    known = parser().format_help()
    for kind in shapes():
        page = told(made(QUICK, kind)["guide.html"])

        typed = re.findall(r"python3 -m mobilize (\w+)", page)
        assert typed
        assert all(f"    {name} " in known for name in typed)
        assert not re.search(
            r"(?<!python3 -m )(?<!py -m )\bmobilize (host|guide|debrief|compare)\b", page
        )
