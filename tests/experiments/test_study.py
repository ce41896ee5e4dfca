"""A study means what its file says; whatever is wrong is told at once, and how to mend it."""

from __future__ import annotations

from pathlib import Path

import pytest

from experiments.study import Study, StudyError, load_study, read_study

GOOD = """
title = "Attrition"
question = "Does it matter?"
scenario = "artillery-2022"
months = 24
seed = 5
worlds = 4
design = { kind = "sobol", points = 8, worlds = 2 }

[[package]]
name = "charges"
title = "Charges first"
use = "charges-first"

[[factor]]
varies = "parameter:attrition"

[[outcome]]
name = "shells"
measure = "deliveries"
of = "projectile-155"
"""


def read(text: str = GOOD, small: bool = False, folder: Path = Path()) -> Study:
    return read_study("attrition", text, folder, small)


def faults(text: str) -> list[str]:
    with pytest.raises(StudyError) as error:
        read(text)
    return str(error.value).split("\n")


def test_a_study_is_what_its_file_says() -> None:
    study = read()
    assert (study.months, study.seed, study.worlds) == (24, 5, 4)
    assert [p.name for p in study.packages] == ["baseline", "charges"]
    assert (study.points, study.pairs) == (9, 4 + 8 * 2)
    assert study.values(0) == {"parameter:attrition": 0.15}
    assert all(0.1 <= study.values(k)["parameter:attrition"] <= 0.2 for k in range(9))  # type: ignore[operator]


SAME = [
    "# a comment\n" + GOOD,
    GOOD.replace("Does it matter?", "Does attrition matter at all?"),
    GOOD.replace('title = "Charges first"', 'title = "Charges"'),
    GOOD.replace("months = 24\nseed = 5", "seed = 5\nmonths = 24"),
    GOOD + "[small]\nworlds = 3\n",
    GOOD.replace(
        "design = { kind = \"sobol\", points = 8, worlds = 2 }\n", ""
    ) + '[design]\nworlds = 2\npoints = 8\nkind = "sobol"\n',
]  # fmt: skip
SET = '{ date = "2022-10", lever = "title3-rule", value = "shadow" }'
OTHER = [
    GOOD.replace("seed = 5", "seed = 6"),
    GOOD.replace("months = 24", "months = 25"),
    GOOD.replace("worlds = 4", "worlds = 5"),
    GOOD.replace("points = 8", "points = 9"),
    GOOD.replace('"sobol"', '"latin"'),
    GOOD.replace('use = "charges-first"', f"set = [{SET}]"),
    GOOD.replace("parameter:attrition", "parameter:training"),
    GOOD.replace('"projectile-155"', '"charge-155"'),
    GOOD.replace("artillery-2022", "gmlrs-2022").replace("projectile-155", "all")
    .replace('use = "charges-first"', f"set = [{SET}]"),
    GOOD + "acceptable = 100\n",
]  # fmt: skip


@pytest.mark.parametrize("text", SAME)
def test_comments_words_and_layout_do_not_change_the_hash(text: str) -> None:
    assert read(text).digest == read().digest


@pytest.mark.parametrize("text", OTHER)
def test_whatever_results_follow_from_changes_the_hash(text: str) -> None:
    assert read(text).digest != read().digest


def test_a_scenario_and_packages_beside_the_file_are_found_and_count(tmp_path: Path) -> None:
    package = tmp_path / "mine.toml"
    text = GOOD.replace('"charges-first"', '"mine.toml"')
    setting = '[[set]]\ndate = "2022-06"\nlever = "title3-rule"\nvalue = "shadow"\n'
    package.write_text('title = "Mine"\n' + setting, encoding="utf-8")
    one = read(text, folder=tmp_path).digest
    package.write_text('title = "Mine"\n' + setting.replace("06", "07"), encoding="utf-8")
    assert read(text, folder=tmp_path).digest != one


def test_a_small_study_is_another_one_with_fewer_worlds_and_points() -> None:
    small = read(small=True)
    assert small.name == "attrition-small"
    assert small.pairs < read().pairs
    assert small.digest != read().digest
    chosen = read(GOOD + "[small]\nworlds = 3\npoints = 5\n", small=True)
    assert (chosen.worlds, chosen.design.points, chosen.design.worlds) == (3, 5, 3)


BAD = [
    ("title = [", "not readable as TOML"),
    (GOOD.replace('title = "Attrition"', ""), "key 'title' is missing"),
    (GOOD.replace('"Does it matter?"', "7"), "'question' '7' is not text"),
    (GOOD.replace("artillery-2022", "artilery-2022"), "did you mean 'artillery-2022'"),
    (GOOD.replace("months = 24", "months = 2400"), "allowed: a whole number, 1 to"),
    (GOOD.replace("months = 24", 'months = "two"'), "'months' 'two' cannot be"),
    (GOOD.replace("worlds = 4", ""), "key 'worlds' is missing"),
    (GOOD.replace("worlds = 4", "worlds = -4"), "'worlds' '-4' cannot be"),
    (GOOD.replace("seed = 5", "seed = 1.5"), "'seed' '1.5' cannot be"),
    ("wrlds = 3\n" + GOOD, "did you mean 'worlds'"),
    ('baseline = "charge"\n' + GOOD, "did you mean 'charges'"),
    (GOOD.replace("charges-first", "charges-frist"), "no such package"),
    (GOOD.replace('use = "charges-first"', "use = 3"), "[[package]] 1: use '3'"),
    (GOOD.replace('use = "charges-first"', ""), "do the same"),
    (GOOD.replace("use =", "uses ="), "did you mean 'use'"),
    (GOOD.replace('name = "charges"', ""), "[[package]] 1: key 'name' is missing"),
    (GOOD + GOOD[GOOD.index("[[package]]") : GOOD.index("[[factor]]")], "is taken"),
    (GOOD.replace("parameter:attrition", "parameter:atrition"), "parameter:attrition"),
    (GOOD.replace("parameter:attrition", "lever:title3-rule"), "[[factor]] 1"),
    (GOOD.replace("parameter:attrition", "mindset"), "[[factor]] 1"),
    (GOOD.replace('"parameter:attrition"', '"parameter:attrition"\nlow = 0.3\nhigh = 0.1'),
     "[[factor]] 1"),
    (GOOD.replace("sobol", "sobel"), "did you mean 'sobol'"),
    (GOOD.replace("points = 8, ", ""), "key 'points' is missing"),
    (GOOD.replace("deliveries", "deliverys"), "deliveries"),
    (GOOD.replace("projectile-155", "projectile-156"), "projectile-155"),
    (GOOD[: GOOD.index("[[outcome]]")], "no [[outcome]]"),
    (GOOD + "[factors]\nevery = ['guesses']\n", "guesses"),
    (GOOD + "[small]\nworlds = 0\n", "[small]: worlds '0'"),
    (GOOD + "[search]\n", "search"),
    (GOOD.replace("[[outcome]]", "[outcome]"), "must be written as [[outcome]] tables"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "told"), BAD)
def test_a_malformed_study_is_refused_with_what_is_wrong_and_what_is_allowed(
    text: str, told: str
) -> None:
    found = faults(text)
    assert any(told in line for line in found), found
    assert all(line.startswith("attrition.toml: ") for line in found)
    assert len(found) <= 4, "one mistake is not told many times"


def test_all_faults_are_told_at_once() -> None:
    text = GOOD
    for old, new in (
        ("worlds = 4", "worlds = 0"),
        ("charges-first", "nothing"),
        ("parameter:attrition", "parameter:nothing"),
        ("deliveries", "nothing"),
        ("sobol", "nothing"),
        ("title = \"Attrition\"", ""),
    ):  # fmt: skip
        text = text.replace(old, new)
    told = "\n".join(faults("nothing = 1\n" + text))
    for part in ("'title'", "'worlds'", "[[package]] 1", "[[factor]] 1", "[[outcome]] 1",
                 "[design]", "key 'nothing'"):  # fmt: skip
        assert part in told, told


def test_a_study_that_is_not_there_or_not_text_is_told(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="no such study"):
        load_study("nothing")
    file = tmp_path / "bytes.toml"
    file.write_bytes(b"\xff\xfe title")
    with pytest.raises(StudyError, match="not UTF-8"):
        load_study(file)
    with pytest.raises(StudyError, match="no such study"):
        load_study(tmp_path / "none\0.toml")
