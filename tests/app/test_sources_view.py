"""The Sources page lists every number once, with what it rests on, and spoils nothing."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from mobilize.app.views.sources import PAGE, cited, figures, happened, sources
from mobilize.dictionary import evidence
from mobilize.game.game import Game
from mobilize.game.sitting import View
from mobilize.scenario import load, shipped
from mobilize.scenario.cells import CONFIDENCES
from mobilize.scenario.schema import tables

EVIL = "<script>alert(1)</script>{{ 7*7 }}"


@pytest.mark.parametrize("name", shipped())
def test_the_numbers_of_every_table_are_those_that_the_account_of_evidence_counts(name):
    scenario = load(name)
    counted = {
        line.split("|")[1].strip().strip("*"): [int(c) for c in line.split("|")[2:6]]
        for line in evidence(scenario).splitlines()[2:]
    }
    for table in tables():
        if table in counted:
            mine = [f.confidence for f in figures(scenario) if f.table == table]
            assert [mine.count(word) for word in CONFIDENCES] == counted[table]


@pytest.mark.parametrize("name", shipped())
def test_every_number_has_a_value_a_known_confidence_and_sources_with_a_title(name):
    scenario = load(name)
    titles = {}
    for f in figures(scenario):
        assert f.value
        assert f.confidence in CONFIDENCES
        for source in f.source.split("+"):
            titles[source] = cited(scenario, source)[0]
    assert all(about["title"] != key for key, about in titles.items()), titles
    view = View(Game(scenario, 1))
    assert json.loads(json.dumps(sources(view))) == sources(view)


def test_a_page_is_small_and_pages_add_up_to_all():
    view = View(Game(load("arsenal-2026"), 1))
    first = sources(view)
    assert len(first["rows"]) == PAGE < first["total"]
    assert len(json.dumps(first)) < 60_000
    lengths = [len(sources(view, page=page)["rows"]) for page in range(first["pages"])]
    assert sum(lengths) == first["total"] == sum(s["count"] for s in first["all"])
    assert sum(t["count"] for t in first["tables"]) == first["total"]


def test_filters_narrow_and_shares_follow_the_search():
    view = View(Game(load("arsenal-2026"), 1))
    found = sources(view, table="lines", text="camden RATE_max")
    assert found["matched"] > 0
    assert any(r["column"] == "rate max" for r in found["rows"])
    for row in found["rows"]:
        words = json.dumps(row).casefold()
        assert "camden" in words
        assert "rate_max" in words or "rate max" in words
    assert sum(s["count"] for s in found["shares"]) == found["matched"]
    for share in found["shares"]:
        narrowed = sources(view, "lines", share["id"], "camden rate_max")
        assert narrowed["matched"] == share["count"]
    assert sources(view, text="no such thing anywhere")["rows"] == []


def test_disturbances_to_come_are_not_told_and_those_that_came_are():
    scenario = load("industrial-gap")
    before, after = View(Game(scenario, 1)), View(Game(scenario, 1).after((), 48))
    assert happened(after)
    told = json.dumps([[f.note, f.row] for f in (*figures(scenario), *happened(before))])
    ahead = [d for d in scenario.disturbances if d.start is None or d.start > scenario.start]
    assert ahead
    assert not any(d.text in told for d in ahead)
    assert not any(f.unit == "utility" and f.table == "scenario.toml" for f in happened(after))


def test_only_web_addresses_become_links_and_markup_stays_text():
    scenario = load("artillery-2022")
    table = scenario["sources"]
    columns = {name: column.copy() for name, column in table.columns.items()}
    place = int(table.index()["S002"])
    columns["url"][place], columns["title"][place] = "javascript:alert(1)", EVIL
    evil = replace(scenario, tables={**scenario.tables, "sources": replace(table, columns=columns)})
    about = cited(evil, "S002")[0]
    assert about["url"] == ""
    assert about["title"] == EVIL
    links = [cited(scenario, s)[0]["url"] for f in figures(scenario) for s in f.source.split("+")]
    assert all(re.fullmatch(r"(https?://\S+)?", link) for link in links)
    assert any(links)
