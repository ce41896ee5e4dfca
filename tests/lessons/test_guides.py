"""Guides and the page of evidence: computed, complete, and no answer where students read."""

import json
import re
from dataclasses import replace
from html import escape
from html.parser import HTMLParser
from pathlib import Path

import pytest

from mobilize.cli import main
from mobilize.lessons import handbook
from mobilize.lessons.answers import owns
from mobilize.lessons.guides import INSTRUCTOR, instructor, student, write_guides
from mobilize.lessons.handbook import FILE, gaps, page
from mobilize.lessons.lesson import TEAM
from mobilize.lessons.load import lesson
from mobilize.lessons.marks import told
from mobilize.lessons.mistakes import mistakes
from mobilize.lessons.questions import right
from mobilize.lessons.words import course_objectives
from mobilize.words import number
from tests.lessons.students import NAMES, known

DOCS = Path(__file__).parents[2] / "docs"


class Reader(HTMLParser):
    """The words of a page, and what it would load."""

    def __init__(self, text):
        super().__init__()
        self.words, self.loads, self.headings = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.loads += [v for k, v in attrs if k in ("src", "href")] + [tag] * (tag == "script")
        self.headings += [int(tag[1])] if re.fullmatch("h[1-6]", tag) else []

    def handle_data(self, data):
        self.words.append(data)


def answers(name, before):
    """Texts that tell answers of a lesson: figures, why-texts, model answers, points."""
    one, found = lesson(name), []
    first = next(n for n, step in enumerate(one.steps) if step.kind == "see")
    for step in one.steps if before else one.steps[first:]:
        for q in step.questions:
            k = known(name, q.name)
            found += [told(q.why, k), told(q.model, k), *(p.text for p in q.rubric)]
            if q.kind == "number" and not owns(q):
                found.append(f"{number(float(k.answer))} {q.unit}")
            if q.kind in ("rank", "queue", "constraint"):
                found.append(right(q, k))
            found += [m.text for m in mistakes(q, k) if q.kind == "number"]
        found += [step.guide, step.board]
    return [text for text in found if len(text) > 3]


@pytest.mark.parametrize("name", NAMES)
def test_pages_of_students_hold_no_answer(name):
    one = lesson(name)
    for part in one.parts:
        before, after = student(one, part), student(one, part, after=True)
        for text in answers(name, before=True):
            assert escape(text) not in before, text
        for text in answers(name, before=False):
            assert escape(text) not in after, text
        assert escape(part.told) in before
        others = [p.told for p in one.parts if p is not part]
        assert not any(escape(text) in before + after for text in others)


@pytest.mark.parametrize("name", NAMES)
def test_each_role_is_asked_its_own_questions_once_before_or_after(name):
    one = lesson(name)
    for part in one.parts:
        both = student(one, part) + student(one, part, after=True)
        for q in one.questions:
            mine = q.asked and q.part in (part.name, TEAM)
            assert both.count(f": {escape(q.text)}</h3>") == mine, q.name
            assert not mine or f"<h3>Question {one.number(q)}, " in both


@pytest.mark.parametrize("name", NAMES)
def test_the_instructors_guide_has_every_answer_and_minute(name):
    one = lesson(name)
    text = instructor(one)
    for q in one.questions:
        assert escape(q.text) in text
        if q.asked and not q.by_hand and not owns(q):
            assert f"Answer: {escape(right(q, known(name, q.name)).rstrip('.'))}." in text
    assert one.homework or f"to {one.minutes}</td>" in text
    assert not re.search(r"\{[a-z_-]+\}", Reader(text).words and " ".join(Reader(text).words[9:]))


@pytest.mark.parametrize("name", NAMES)
def test_guides_stand_alone_and_have_headings_in_order(name, tmp_path):
    for path in write_guides(lesson(name), tmp_path):
        if path.suffix != ".html":
            continue
        text = path.read_text(encoding="utf-8")
        page_ = Reader(text)
        assert not page_.loads
        assert 'lang="en"' in text
        assert page_.headings[0] == 1
        assert page_.headings.count(1) == 1
        assert all(b - a <= 1 for a, b in zip(page_.headings, page_.headings[1:], strict=False))


def test_guides_are_the_same_bytes_again(tmp_path):
    one, two = (write_guides(lesson("priority"), tmp_path / n) for n in ("a", "b"))
    assert [p.read_bytes() for p in one] == [p.read_bytes() for p in two]


@pytest.mark.parametrize("name", NAMES)
def test_a_mistake_earns_less_than_the_answer(name):
    for q in (q for q in lesson(name).questions if q.asked and not owns(q) and not q.by_hand):
        found = mistakes(q, known(name, q.name))
        assert found, q.name
        assert all(0 <= m.share < 1 for m in found), q.name


def test_from_objective_to_question_to_evidence_there_is_no_gap():
    assert gaps() == []
    assert {o.policy for n in NAMES for o in lesson(n).objectives} == set(course_objectives())


def test_a_gap_is_told(monkeypatch):
    kept = [one for one in handbook.lessons() if one.name != "four-paths"]
    objectives = tuple(replace(o, levers=()) for o in kept[0].objectives)
    monkeypatch.setattr(handbook, "lessons", lambda: [replace(kept[0], objectives=objectives)])
    found = gaps()
    assert "objective 3 has no lesson" in found
    assert "term 'hybrid' is taught nowhere" in found
    assert any("has no lever" in gap for gap in found)


def test_the_page_on_teaching_is_current():
    renew = "python -m mobilize.lessons.handbook docs"
    assert (DOCS / FILE).read_text(encoding="utf-8") == page(), f"renew it: {renew}"


def test_the_commands_list_lessons_and_write_guides(tmp_path, capsys):
    assert main(["lessons", "--json"]) == 0
    assert {row["name"] for row in json.loads(capsys.readouterr().out)} == set(NAMES)
    assert main(["lesson", "assumptions", "--out", str(tmp_path)]) == 0
    assert {INSTRUCTOR, "motors-first.toml"} <= {p.name for p in tmp_path.iterdir()}
    assert main(["lesson", "priorty"]) == 2
    assert "did you mean 'priority'" in capsys.readouterr().err
