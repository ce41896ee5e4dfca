"""The command line: what it prints, what it writes, and how it refuses."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from mobilize.cli import main


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


TWO = """
title = "Two levers"
[[set]]
date = "2022-05"
lever = "project-start"
target = "marion-charges-plant"
[[set]]
date = "2022-05"
lever = "contract-type"
target = "us-155-charges"
value = "multiyear"
"""


def printed(capsys, *arguments, code=0):
    assert main(arguments) == code
    return capsys.readouterr()


def data(capsys, *arguments):
    return json.loads(printed(capsys, *arguments, "--json").out)


def test_scenarios_lists_every_shipped_scenario(capsys):
    names = {row["name"] for row in data(capsys, "scenarios")}
    assert names >= {"arsenal-2026", "artillery-2022"}
    assert all(name in printed(capsys, "scenarios").out for name in names)


@pytest.mark.parametrize("name", ["arsenal-2026", "artillery-2022"])
def test_shipped_scenarios_have_no_fault(capsys, name):
    import mobilize

    folder = f"{mobilize.__path__[0]}/scenarios/{name}"
    assert "no fault" in printed(capsys, "check", folder).out


def test_check_lists_faults_and_exits_with_one(capsys, here):
    (here / "scenario.toml").write_text("titel = 3\n")
    out = printed(capsys, "check", str(here), code=1).out
    assert "titel" in out
    assert "lines.csv" in out


def test_levers_lists_every_lever_with_every_field(capsys):
    from policies.levers import catalogue

    found = data(capsys, "levers")
    assert [row["name"] for row in found] == list(catalogue())
    text = printed(capsys, "levers").out
    assert [name for name in catalogue() if name not in text] == []
    head = text.splitlines()[2].split()
    assert head == ["name", "title", "mover", "target", "onset", "cost", "confidence"]


def test_levers_prints_one_as_a_page(capsys):
    [lever] = [row for row in data(capsys, "levers") if row["name"] == "sosa-sign"]
    assert data(capsys, "levers", "sosa-sign") == lever
    page = printed(capsys, "levers", "sosa-sign").out
    words = " ".join(page.split())
    for key in ("name", "title", "basis", "mover", "only", "cost", "evidence", "source", "lesson"):
        assert lever[key] in words, key
    assert "12 / 21 / 39 months" in words
    assert "`sosa`" in words
    assert "side effect `assured`" in words


def test_run_writes_results_a_picture_and_a_manifest(capsys, here):
    out = data(capsys, "run", "artillery-2022", "--worlds", "2", "--months", "12", "--out", "r")
    assert out["manifest"]["worlds"] == [0, 1]
    assert {row["item"] for row in out["items"]} >= {"projectile-155", "charge-155"}
    files = sorted(path.name for path in (here / "r").iterdir())
    assert files == ["deliveries.png", "items.parquet", "manifest.json", "programs.parquet"]
    assert not list(here.glob("*.part"))


def test_the_same_run_writes_the_same_bytes(capsys, here):
    for folder in ("a", "b"):
        main(["run", "artillery-2022", "--worlds", "2", "--months", "8", "--out", folder])
    for path in (here / "a").iterdir():
        assert path.read_bytes() == (here / "b" / path.name).read_bytes(), path.name


def test_compare_prints_paired_differences_in_the_same_luck(capsys, here):
    found = data(
        capsys, "compare", "artillery-2022", "--policy", "baseline", "--policy", "charges-first",
        "--worlds", "4",
    )  # fmt: skip
    whole = {row["what"]: row for row in found["differences"] if row["period"] == "all"}
    assert whole["charge-155"]["difference"] > 0  # a plant decided a year earlier
    assert whole["projectile-155"]["difference"] == 0  # and nothing it does not touch
    assert set(found["kusd_per_extra_unit"]) == {"charge-155"}
    assert found["largest_effect"]["item"] == "charge-155"
    assert "valleyfield-charges" in found["largest_effect"]["baseline"]


def test_attribution_splits_a_policy_among_its_levers(capsys, tmp_path):
    page = tmp_path / "two.toml"
    page.write_text(TWO, encoding="utf-8")
    picture = tmp_path / "split.png"
    found = data(
        capsys, "attribution", "artillery-2022", "--policy", str(page), "--worlds", "2",
        "--out", str(picture),
    )  # fmt: skip
    parts = [p for p in found["parts"] if p["item"] == "charge-155"]
    assert {p["lever"] for p in parts} == {"project-start", "contract-type"}
    shares = sum(p["share"] for p in parts)
    assert shares == pytest.approx(found["whole"]["charge-155"])
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert "charge-155" in printed(
        capsys, "attribution", "artillery-2022", "--policy", str(page), "--worlds", "1",
        "--item", "charge-155",
    ).out  # fmt: skip


def test_why_prints_a_chain_and_the_upper_bound(capsys):
    arguments = ("why", "artillery-2022", "--item", "us-155-charges", "--month", "2024-09")
    found = data(capsys, *arguments)
    assert found["links"][-1]["line"] == "valleyfield-charges"
    assert found["upper_bounds"][0]["bound"] == pytest.approx(18_000)
    assert "bound by equipment" in printed(capsys, *arguments).out


def test_hindcast_prints_every_dated_row(capsys):
    found = data(capsys, "hindcast", "artillery-2022", "--worlds", "2")
    assert len(found["points"]) > 10
    assert 0 < found["mape"]["projectile-155"] < 0.15


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("run", "arsenal"), "arsenal-2026"),
        (("levers", "sosa-sing"), "did you mean sosa-sign"),
        (("levers", ""), "`mobilize levers` lists all"),
        (("run", "artillery-2022", "--policy", "nope"), "no such package"),
        (("run", "artillery-2022", "--months", "999"), "allowed: 1 to 58"),
        (("why", "artillery-2022", "--item", "tank"), "projectile-155"),
        (("why", "artillery-2022", "--item", "us-155-charges", "--month", "1999-01"), "2026-11"),
        (("why", "artillery-2022", "--item", "us-155-charges", "--month", "soon"), "0 to 57"),
        (("compare", "artillery-2022", "--policy", "baseline"), "twice"),
        (("hindcast", "arsenal-2026"), "artillery-2022"),
        (("run", "artillery-2022", "--worlds", "1", "--out", "/dev/null/x"), "--out"),
    ],
)
def test_a_wrong_request_is_answered_with_what_is_allowed(capsys, here, arguments, words):
    told = printed(capsys, *arguments, code=2).err
    assert words in told
    assert "Traceback" not in told


def test_help_starts_without_the_slow_libraries():
    code = "import sys; from mobilize.cli import parser; parser(); print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    slow = {"numpy", "numba", "pandas", "scipy", "matplotlib", "mesa", "rich", "pyarrow"}
    assert not slow & set(run.stdout.split())
