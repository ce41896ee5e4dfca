"""Lessons are refused with every fault at once, each with its place and what is allowed."""

import re
import tomllib

import pytest

from mobilize.lessons.keys import LessonError
from mobilize.lessons.load import FIRST_LEVERS, FOLDER, lesson, load_lesson, read_lesson
from tests.lessons.students import NAMES

TASTER = (FOLDER / "priority.toml").read_text(encoding="utf-8")


def refused(text):
    with pytest.raises(LessonError) as told:
        read_lesson("mine", text)
    return str(told.value).split("\n")


def changed(*pairs):
    text = TASTER
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    return text


FAULTS = {
    "sum of minutes": (("minutes = 50", "minutes = 60"), "the steps take 50 minutes"),
    "scenario": (('scenario = "gmlrs-2022"', 'scenario = "gmlrs"'), "gmlrs-2022"),
    "key": (("turn = 6", "turm = 6\nturn = 6"), "did you mean 'turn'"),
    "lever": (('lever = "contract-type"', 'lever = "contract-tipe"'), "contract-type"),
    "target": (('targets = ["us-gmlrs"], part', 'targets = ["us-gmlsr"], part'), "us-gmlrs"),
    "program": (('of = "us-gmlrs", until = 36 }', 'of = "us-gmrls", until = 36 }'), "us-gmlrs"),
    "case": (('case = "dx", what', 'case = "dxx", what'), "did you mean 'dx'"),
    "measure": (('what = "delivered"', 'what = "deliverd"'), "did you mean 'delivered'"),
    "calculation": (('calculate = "direction"', 'calculate = "directon"'), "direction"),
    "wrong way for the kind": (('calculate = "queue"', 'calculate = "figure"'), "kind queue"),
    "month": (("until = 36, least", "until = 99, least"), "0 to 76"),
    "objective without question": (
        ("[[case]]", '[[objective]]\nname = "idle"\ntext = "x"\npolicy = 1\nterms = ["DPAS"]\n'
         'levers = ["dx-tokens"]\n\n[[case]]'), "'idle' has no question"),
    "question without objective": (
        ('objective = "no-capacity"\naspect = "prediction"\npoints = 3\noptions',
         'aspect = "prediction"\npoints = 3\noptions'), "key 'objective': is missing"),
    "term": (('terms = ["DPAS"]', 'terms = ["DPASS"]'), "DPAS"),
    "part": (('part = "program"\nunit', 'part = "programm"\nunit'), "did you mean 'program'"),
    "shares": (("prediction = 45", "prediction = 40"), "a sum of 100"),
    "reason": (("points = 5\nbecause_of", "points = 1\nbecause_of"), "is not worth more"),
    "reason of nothing": (('because_of = "sum"', 'because_of = "some"'), "is not asked"),
    "tolerance": (("factor = [1.5, 3]", "factor = [3, 1.5]"), "full marks up to"),
    "rating": (('rating = "UNRATED"', 'rating = "D0"'), "DX, DO, UNRATED"),
    "setting": (('value = "DX" }]', 'value = "DZ" }]'), "DX"),
    "step kind": (('kind = "read"', 'kind = "reed"'), "did you mean 'read'"),
    "months": (("months = 36\n", ""), "key 'months'"),
    "twice": (('name = "gain"', 'name = "sum"'), "asked twice"),
    "amount": (
        ('{ lever = "contract-type", targets = ["us-gmlrs"]',
         '{ lever = "appropriate", targets = ["us-gmlrs"], values = [-5]'), "0 to 10000 MUSD"),
    "value": (('values = ["DO", "DX"]', 'values = ["DO", "DZ"]'), "unrated, DO, DX"),
    "not TOML": (("[shares]", "[shares"), "not readable as TOML"),
}  # fmt: skip


@pytest.mark.parametrize("what", FAULTS)
def test_a_fault_is_told_with_its_place_and_what_is_allowed(what):
    change, told = FAULTS[what]
    lines = refused(changed(change))
    assert all(line.startswith("mine.toml: ") for line in lines)
    assert any(told in line for line in lines), lines


def test_all_faults_are_told_at_once():
    chosen = [FAULTS[k][0] for k in ("sum of minutes", "lever", "case", "rating", "shares")]
    lines = refused(changed(*chosen))
    assert len(lines) >= len(chosen)


def test_no_more_than_five_levers_are_open_at_first():
    one = '  { lever = "contract-type"'
    more = "".join(f'  {{ lever = "{name}" }},\n' for name in ("publicity", "nato-forum"))
    assert any(f"at most {FIRST_LEVERS}" in line for line in refused(changed((one, more + one))))


def test_a_lesson_that_is_not_there_names_the_nearest():
    with pytest.raises(LessonError, match="did you mean 'hedge'"):
        load_lesson("hegde")


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_lesson_can_be_read_and_gives_a_third_to_debrief(name):
    one = lesson(name)
    talk = sum(step.minutes for step in one.steps if step.kind in ("see", "explain"))
    assert 3 * talk >= one.minutes
    assert one.game.seed == one.seed
    assert one.months <= one.scenario.horizon
    assert {p.name for p in one.parts} == {q.part for q in one.questions if q.part} | {
        v.part for s in one.steps for v in s.levers if v.part
    }


@pytest.mark.parametrize("name", NAMES)
def test_a_step_whose_title_says_how_long_it_takes_plays_so_many_months(name):
    words = {"two": 2, "three": 3, "five": 5, "thirty": 30}
    for step in lesson(name).steps:
        said = re.match(r"(\w+) (?:more )?(years?|months?)\b(?! in)", step.title, re.IGNORECASE)
        if step.months and said:
            each = 12 if said[2].startswith("year") else 1
            assert step.months == each * words[said[1].lower()], step.title


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_stated_that_has_a_calculation(name):
    rows = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    asked = [q for step in rows["step"] for q in step.get("question", [])]
    stated = [q for q in asked if "stated" in q]
    assert all("answer" not in q and q["source"] for q in stated)
    assert len(stated) <= 1  # what no model knows is the exception
