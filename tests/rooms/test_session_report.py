"""Reports of a session: made again from its file, no secrets in a team's, each decision weighed."""

import csv
import io
import re
import zipfile
from dataclasses import replace
from functools import cache
from html import unescape

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from mobilize.cli import main
from mobilize.game.deeds import deeds, left_out, numbers
from mobilize.game.export import tables as export
from mobilize.game.game import play
from mobilize.game.report import report_html
from mobilize.game.seen import unmapped
from mobilize.game.worth import jobs, review, work, worth
from mobilize.rooms.decided import decided, difference, seats_of
from mobilize.rooms.file import read_room, write_room
from mobilize.rooms.players import predictable
from mobilize.rooms.report import room_report_html, team_report_html
from mobilize.rooms.report.bundle import reports
from mobilize.rooms.report.parts import counts
from mobilize.rooms.roles import roles
from mobilize.rooms.shapes import fitted, shape
from mobilize.rooms.tables import tables
from mobilize.rooms.told import seat_name
from tests.rooms.common import ALLY, ENEMY, FRONT, GAP, US, WHITE, Table, gap, quick, scenario
from tests.rooms.test_file import SENT
from tests.rooms.test_paper import IDS, told
from tests.rooms.test_sight import TEAMS, canary, played


@cache
def session():
    """Return a session in which everything happens that a report tells."""
    room = gap(seed=3)
    line = str(scenario(GAP)["lines"]["id"][3])
    firm = str(scenario(GAP)["lines"]["firm"][3])
    for turn in range(3):
        if turn == 0:
            room.must("a", "set", lever="dpas-rating", target="us-nsm", value="DX")
            room.must("s", "set", lever="licensing-officers", value=2.0)
            room.must("u", "order", what="ask for a loan", target="ua-155-projectile", amount=0.5)
            room.must("i", "order", what="hold", target=firm, amount=6, why="hold it")
            room.must("w", "inject", to=["all"], title="A fire", text="Half a hall",
                      effects=[{"what": "outage", "target": line, "months": 4}])  # fmt: skip
            rating = {"by": US, "lever": "dpas-rating", "target": "us-lrasm", "value": "DO"}
            terms = [{"by": ALLY, "promise": "in public"}, rating]
            room.must("a", "offer", to=ALLY, text="words", terms=terms)
            room.must("j", "answer", offer=1, accept=True)
            room.must("w", "judge", promise=1, kept=False)
        if turn == 1:
            room.must("e", "order", what="step", target="embargo", why="to see")
            room.must("w", "veto", why="too early")
        room.must("a", "predict", kind="delivered", key="nsm", value=10.0 * (turn + 1))
        room.must("u", "move", text=f"a depot {turn}")
        room.must("w", "rule", move=turn + 1, text="nobody pays", effects=[])
        for _ in range(3):
            room.must("w", "next")
        if turn == 1:
            room.must("w", "override", what="trust", target="JP", amount=0.2, why="a speech")
        room.must("w", "next")
    return room.room


@cache
def looked(worlds=2):
    return review(session().game, worlds)


BY_PEOPLE = {"people", "turns", "overrides", "white", "moves", "agreed", "predictions", "messages",
             "told"}  # fmt: skip  # sections of reports


def rows(room, name):
    return list(csv.DictReader(io.StringIO(tables(room)[name])))


def test_a_report_is_the_same_from_the_session_file():
    again = read_room(write_room(session()), "session.json").room
    assert room_report_html(again, looked()) == room_report_html(session(), looked())
    for seat in (US, ENEMY):
        assert team_report_html(again, seat, looked()) == team_report_html(
            session(), seat, looked()
        )


@settings(max_examples=15, deadline=None, phases=[Phase.generate])
@given(st.lists(SENT, max_size=40))
def test_numbers_of_a_report_are_those_of_the_tables(sent):
    room = quick()
    for who, kind, body in sent:
        room.send(who, kind, body=body)
    room = room.room
    moves, acts = rows(room, "moves.csv"), rows(room, "acts.csv")
    found = counts(room)
    assert found["Acts accepted"] == len(acts)
    assert found["Turns undone"] == sum(r["kind"] == "undo" for r in acts)
    lever = [r["state"] for r in moves if r["kind"] == "lever"]
    assert found["Levers that counted"] == lever.count("counted")
    assert found["Levers set aside"] == lever.count("set aside")
    assert found["Outcomes overridden"] == len(rows(room, "overrides.csv"))
    assert found["Predictions"] == len(rows(room, "predictions.csv"))
    assert found["Offers in all"] == len(rows(room, "offers.csv"))
    stood = sum(r["state"] == "rules played" for r in moves)
    assert found["Turns in which rules stood in for a team"] == stood


def test_the_room_report_tells_what_the_tables_hold():
    text = told(room_report_html(session(), looked()))
    (override,) = rows(session(), "overrides.csv")
    for value in (override["old"], override["new"], override["why"], override["who"]):
        assert value in text
    assert "Overridden in all: 1." in text
    for name in ("messages.csv", "offers.csv", "promises.csv"):
        for row in rows(session(), name):
            assert row["text"] in text
    for row in rows(session(), "predictions.csv"):
        assert float(row["came"]) > 0
        assert f"{float(row['expected']):.3g}" in text
    for move in session().moves:
        assert move.text in text
        assert move.ruling in text
    for word in ("too early", "A fire", session().game.scenario.digest, "seed 3"):
        assert word in text


def test_what_each_decision_was_worth_names_the_seat_that_decided():
    page = told(room_report_html(session(), looked()))
    section = page[page.index("all others as they were") :]
    every = decided(session())
    assert [one.number for one in every] == list(range(1, len(every) + 1))
    assert seats_of(session()) == tuple(one.seat for one in every)
    by = {(one.what.lever if hasattr(one.what, "lever") else one.what.kind): one for one in every}
    for key, seat in (("dpas-rating", US), ("licensing-officers", "diplomacy"), ("act", FRONT),
                      ("hold", "industry"), ("step", ENEMY), ("veto", WHITE),
                      ("override", WHITE), ("befall", WHITE)):  # fmt: skip
        assert by[key].seat == seat
        who = re.escape(seat_name(session(), by[key].seat))
        assert re.search(rf"\b{by[key].number}\. [^\n]*\({who}\)", section)


def test_what_people_did_is_told_by_names_and_not_by_ids():
    scenario = session().game.scenario
    known = ("programs", "lines", "firms", "projects", "items")
    ids = {i for name in known for i in map(str, scenario.tables[name]["id"]) if "-" in i}
    ids |= {p.id for p in session().seats if ":" in p.id}
    pages = [room_report_html(session(), looked()), team_report_html(session(), US, looked())]
    for page in pages:
        found = dict(re.findall(r'<section id="(\w+)">(.*?)</section>', page, re.DOTALL))
        sections = BY_PEOPLE & found.keys()
        assert len(sections) >= 4
        for name in sections:
            words = set(re.findall(r"[\w:-]+", re.sub(r"<[^>]*>", " ", found[name])))
            assert words & ids == set(), name


def test_a_deed_is_worth_what_the_game_differs_without_it():
    for one in decided(session()):
        here = {
            r.figure: r.here
            for w in (*looked().worths, *looked().deeds)
            if w.number == one.number - 1
            for r in w.rows
            if r.here == r.here
        }
        differs = {d.figure: d.played - d.without for d in difference(session(), one)}
        assert {f: v for f, v in here.items() if v} == pytest.approx(differs), one


def test_in_other_luck_a_deed_is_left_out_of_the_same_worlds_it_was_done_in():
    game = session().game
    at = next(d.number for d in deeds(game) if d.kind == "befall")
    found = worth(game, at, worlds=2)
    other = left_out(game, at)[0]
    for world in (1, 2):
        with_it, without = (play(replace(g, world=world)) for g in (game, other))
        assert with_it.record.items.tobytes() != without.record.items.tobytes()
    assert found.worlds == 2
    assert any(r.mean for r in found.rows)


def test_an_overridden_outcome_is_weighed_in_the_games_own_luck_only():
    game = session().game
    at = next(d.number for d in deeds(game) if d.kind == "override")
    asked = [job for job in jobs(game, 2) if job.number == at]
    assert [job.worlds for job in asked] == [(game.world,)]
    assert looked().deeds[at - len(looked().worths)].worlds == 0


def test_a_veto_of_a_turn_and_a_firm_held_are_one_deed_each():
    found = {d.kind: d for d in deeds(session().game)}
    assert len(found["veto"].done) == 3
    assert len(found["hold"].done) == 4
    for kind in ("veto", "hold"):
        rest = left_out(session().game, found[kind].number)[0]
        assert len(rest.interventions) == len(session().game.interventions) - len(found[kind].done)
        assert kind not in {d.kind for d in deeds(rest)}
    with pytest.raises(ValueError, match="allowed: 0 to"):
        left_out(session().game, len(numbers(session().game)))


def test_pieces_of_work_put_together_are_the_review():
    game = session().game
    done = {job: work(game, job) for job in jobs(game, 2)}
    assert repr(review(game, 2, done)) == repr(looked())


@pytest.mark.parametrize("seat", TEAMS)
def test_a_team_report_holds_no_word_plant_or_event_of_others(seat):
    room = played(1).room
    page = told(team_report_html(room, seat, review(room.shown, 0)))
    parties = {US: set(TEAMS), FRONT: {US, FRONT}}.get(seat, {seat})
    for other in TEAMS:
        mine = other == seat
        for kind in ("note", "word", "move", "prediction", "order", "draft", "inject"):
            assert canary(kind, other) not in page or mine, kind
        for kind in ("offer", "promise"):
            assert canary(kind, other) not in page or other in parties, kind
    assert canary("note", seat) in page
    assert canary("prediction", seat) in page
    model = play(room.shown)
    assert not unmapped(model.world) & set(IDS.findall(page))
    for event in room.game.scenario.events:
        assert event.expected not in page
        if event.id not in model.world.agenda.fired:
            assert event.text not in page
    if "metrics" not in roles()[seat.partition(":")[0]].sees:
        assert "Deterrence at the end" not in page


def test_a_turn_that_is_not_told_is_in_no_team_report():
    room = Table.__new__(Table)
    room.room, room.now, room.refused = session(), 0.0, None
    before = team_report_html(room.room, US, looked())
    room.must("w", "next").must("w", "next")
    assert room.room.phase == "resolve"
    assert team_report_html(room.room, US, looked()) == before
    whole = room_report_html(room.room, review(room.room.game, 0))
    assert "Turn 4:" in whole
    room.must("w", "next")
    assert "Turn 4" in told(team_report_html(room.room, US, review(room.room.game, 0)))


def test_words_of_people_are_text_in_reports():
    evil = "<img src=x onerror=alert(1)>"
    room = quick(title=evil)
    room.must("a", "say", to=[WHITE], text=evil)
    room.must("a", "note", text=evil)
    key = predictable(room.room, US)[0].key
    room.must("a", "predict", kind="delivered", key=key, value=1.0, text=evil)
    room.turn()
    for page in (room_report_html(room.room), team_report_html(room.room, US)):
        assert evil not in page
        assert evil in unescape(page)
        assert "<script" not in page


def test_a_report_of_a_room_that_nobody_entered_is_a_report():
    room = Table("mrap-2007").room
    files = reports(room)
    assert set(files) == {"index.html", "room.html", "tables.zip"}
    assert "No turn was played." in files["room.html"]


def test_only_teams_have_reports():
    with pytest.raises(ValueError, match="allowed: acquisition"):
        team_report_html(session(), "projector")


def test_the_command_writes_reports_and_says_if_a_session_is_not_as_it_was(tmp_path, capsys):
    room = Table("mrap-2007", (("a", US),))
    program = str(scenario("mrap-2007")["programs"]["id"][0])
    room.must("a", "set", lever="dpas-rating", target=program, value="DX")
    room.turn()
    file, out = tmp_path / "session.json", tmp_path / "out"
    file.write_text(write_room(room.room), encoding="utf-8")
    assert main(["debrief", str(file), "--processes", "1", "--out", str(out)]) == 0
    assert {p.name for p in out.iterdir()} == {
        "index.html", "room.html", "team-acquisition.html", "tables.zip"}  # fmt: skip
    whole = (out / "room.html").read_text(encoding="utf-8")
    assert whole == room_report_html(room.room)  # other processes find the same
    with zipfile.ZipFile(out / "tables.zip") as archive:
        assert archive.read("session.json").decode() == file.read_text(encoding="utf-8")
    archive_of = [str(out / "tables.zip"), "--processes", "1", "--out", str(tmp_path / "again")]
    assert main(["debrief", *archive_of]) == 0
    assert (tmp_path / "again" / "room.html").read_text(encoding="utf-8") == whole
    text = file.read_text(encoding="utf-8")
    mark = re.search(r'"result_sha256": "(\w+)"', text).group(1)
    file.write_text(text.replace(mark, "0" * 64), encoding="utf-8")
    assert main(["debrief", str(file), "--out", str(out)]) == 1
    assert "NOT as it was played" in capsys.readouterr().out
    assert main(["debrief", str(tmp_path / "none.json")]) == 2


def test_deeds_are_in_the_tables_of_the_game_and_weighed_there():
    found = export(session().game, looked())
    told = list(csv.DictReader(io.StringIO(found["deeds.csv"])))
    assert [int(r["number"]) for r in told] == [d.number + 1 for d in deeds(session().game)]
    weighed = {int(r["number"]) for r in csv.DictReader(io.StringIO(found["worth.csv"]))}
    assert weighed == {n + 1 for n in numbers(session().game)}
    page = report_html(session().game, looked())
    assert "Done beside levers" in page


def test_a_room_is_hosted_in_a_shape(tmp_path, monkeypatch, capsys):
    opened = []
    monkeypatch.setattr("mobilize.app.rooms.hosting.host", lambda *given: opened.append(given[1]))
    saves = ["--saves", str(tmp_path / "rooms.sqlite")]
    assert main(["host", "mrap-2007", "--shape", "course", "--minutes", "5", *saves]) == 0
    known = scenario("mrap-2007")
    assert opened == [{**fitted(shape("course"), known), "minutes": 5.0}]
    assert main(["host", "mrap-2007", "--shape", "nonsense", *saves]) == 2
    assert main(["host", "--shape", "course", *saves]) == 2
    assert "name a scenario" in capsys.readouterr().err
