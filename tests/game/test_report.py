"""What is taken home: self-contained, the same bytes again, and nothing in it does anything."""

import csv
import io
import json
import re
import subprocess
import sys
import zipfile
from html.parser import HTMLParser

import pytest

from mobilize.cli import main
from mobilize.game.export import export_json, export_zip, tables
from mobilize.game.file import read_game, write_game
from mobilize.game.game import Game, fingerprint, play
from mobilize.game.report import report_html, worst
from mobilize.game.worth import looked_back, review
from mobilize.metrics import LABEL
from mobilize.record import PROGRAM_SERIES
from mobilize.scenario import load, shipped
from mobilize.words import number
from tests.game.common import fresh, sample, turn
from tests.scenarios import edit, write_small

EVIL = "</title><script>alert(1)</script><img src=x onerror=alert(2)>&$\\\\frac{1}$"
VOID = {"meta", "br", "img", "hr", "link", "input"}


class Page(HTMLParser):
    """What a page consists of; it notes tags that are not closed in their order."""

    def __init__(self, text):
        super().__init__()
        self.open, self.tags, self.ids, self.links, self.wrong = [], [], [], [], []
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        if tag not in VOID:
            self.open.append(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(value)
            if name in ("href", "src", "xlink:href", "srcset", "action", "data"):
                self.links.append(value)
            if name.startswith("on"):
                self.wrong.append(name)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)

    def handle_data(self, data):
        self.words += data


@pytest.fixture(scope="module")
def game():
    return sample()


@pytest.fixture(scope="module")
def report(game):
    return report_html(game)


@pytest.fixture(scope="module")
def evil(tmp_path_factory):
    folder = write_small(tmp_path_factory.mktemp("evil") / "small")
    edit(folder, "scenario.toml", 'title = "Small"', f'title = "{EVIL}"')
    edit(folder, "scenario.toml", 'text = "Fire at the mill"', 'text = "=1+1 <b>Fire</b>"')
    edit(folder, "items.csv", "shell,Shell,", "shell,<i>$\\frac$ Shell</i>,")
    return turn(Game(load(folder), 3), 12, ("end-item-reserve", "us-shell-buy", 2.0))


def test_a_report_needs_nothing_from_anywhere(report):
    found = Page(report)
    assert (found.open, found.wrong) == ([], [])
    assert not {"script", "link", "iframe", "object", "img"} & set(found.tags)
    assert all(link.startswith("#") for link in found.links)
    assert "@import" not in report
    assert {m[1:] for m in re.findall(r"url\(([^)]*)\)", report)} <= set(found.ids)
    assert {link[1:] for link in found.links} <= set(found.ids)
    assert len(found.ids) == len(set(found.ids))


def test_the_same_game_gives_the_same_report_again_and_in_another_process(game, report, tmp_path):
    assert report_html(game, review(game)) == report
    path = tmp_path / "game.json"
    path.write_text(write_game(game))
    command = "import sys; from mobilize.cli import main; sys.exit(main(sys.argv[1:]))"
    out = tmp_path / "new" / "report.html"
    subprocess.run([sys.executable, "-c", command, "replay", str(path), "--report", str(out)],
                   check=True, capture_output=True)  # fmt: skip
    assert out.read_text(encoding="utf-8") == report


def test_a_report_says_what_was_decided_what_it_was_worth_and_what_it_rests_on(game, report):
    words = Page(report).words
    for said in ("After action: US 155 mm artillery", "seed 5, world 0", fingerprint(play(game)),
                 "Start one project now", "Charge plant at Marion", "notional",
                 "Why the worst item stands", "mobilize replay"):  # fmt: skip
        assert said in words
    for row in looked_back(game).worths[2].rows:
        if row.felt:
            assert number(row.mean) in words


def test_every_picture_has_words_and_a_table_beside_it(report):
    pictures = re.findall(r"<svg[^>]*>", report)
    assert pictures
    for picture in pictures:
        assert re.search(r'role="img" aria-label="[^"]{20,}"', picture)
    for section in report.split("<section")[1:]:
        assert "<svg" not in section or "<table" in section


@pytest.mark.parametrize("name", shipped())
def test_every_shipped_scenario_gives_a_report(name):
    game = turn(fresh(name), 3, ("title3-award-waiver", "base", "on"))
    text = report_html(game, review(game, 1))
    assert (Page(text).open, Page(text).wrong) == ([], [])
    assert (LABEL in text) == play(game).watched
    assert "nan" not in Page(text).words.lower().replace("nano", "").replace("finan", "")


def test_a_game_not_begun_gives_a_report_too():
    text = report_html(fresh())
    assert Page(text).open == []
    assert "not begun" in text
    assert worst(fresh()) is None


def test_words_of_a_scenario_do_nothing_in_a_report(evil):
    text = report_html(evil, review(evil, 1))
    found = Page(text)
    assert (found.open, found.wrong) == ([], [])
    assert not {"script", "img", "i", "b"} & set(found.tags)
    assert "<script>alert(1)</script>" in found.words
    assert "$\\frac$ Shell" in found.words


def test_words_of_a_scenario_are_no_formula_in_a_table(evil):
    for name, text in tables(evil, review(evil, 1)).items():
        for row in csv.reader(io.StringIO(text)):
            for cell in row:
                assert not cell.startswith(("=", "+", "@")), name
                assert not cell.startswith("-") or float(cell) < 0, name
    assert "'=1+1 <b>Fire</b>" in tables(evil, review(evil, 1))["events.csv"]


def test_tables_hold_the_figures_of_the_run_to_the_digit(game):
    model, files = play(game), tables(game)
    rows = list(csv.DictReader(io.StringIO(files["programs.csv"])))
    assert len(rows) == game.month * len(model.world.names.programs)
    for row, place in ((rows[0], (0, 0)), (rows[-1], (game.month - 1, -1))):
        for n, series in enumerate(PROGRAM_SERIES):
            name = f"{series}_kusd" if series in ("obligated", "paid") else series
            assert float(row[name]) == model.record.programs[n][place]
    worths = list(csv.DictReader(io.StringIO(files["worth.csv"])))
    found = [row for worth in looked_back(game).worths for row in worth.rows]
    assert [float(row["mean"]) for row in worths] == [row.mean for row in found]
    assert len(list(csv.DictReader(io.StringIO(files["decisions.csv"])))) == 6


def test_an_archive_is_the_same_bytes_again_and_its_game_plays(game):
    content = export_zip(game)
    assert content == export_zip(game, review(game))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        kept = read_game(archive.read("game.json"), "game.json")
        listed = set(re.findall(r"^([a-z]+\.\w+) ", archive.read("README.txt").decode(), re.M))
        assert {n for n in archive.namelist() if n != "README.txt"} <= listed
    assert kept.game.identity == game.identity
    assert kept.result == fingerprint(play(game))


def test_all_of_it_as_json_is_plain_and_whole(game):
    text = export_json(game)
    data = json.loads(text, parse_constant=lambda word: pytest.fail(word))
    assert read_game(json.dumps(data["game"]), "x").game.identity == game.identity
    assert len(data["decisions"]) == len(data["worth"]) == 6
    assert data["series"]["items"]["charge-155"] == play(game).record.items[
        : game.month, play(game).world.names.items.index("charge-155")
    ].tolist()  # fmt: skip


def test_the_mindset_is_in_no_table_before_the_end():
    game = fresh("arsenal-2026").after((), 2)
    head = tables(game, review(game, 1))["metrics.csv"].splitlines()[0].split(",")
    assert "fires" in head
    assert "mindset" not in head
    assert "mindset" not in json.loads(export_json(game, review(game, 1)))["series"]["metrics"]


def test_a_report_that_cannot_be_written_is_told_plainly(game, tmp_path, capsys):
    path = tmp_path / "game.json"
    path.write_text(write_game(game))
    (tmp_path / "file").write_text("")
    assert main(["replay", str(path), "--report", str(tmp_path / "file" / "x.html")]) == 2
    assert "cannot write" in capsys.readouterr().err
