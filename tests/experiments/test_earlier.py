"""A larger study takes over what a smaller one has run, and gives the same bytes."""

from __future__ import annotations

from pathlib import Path

import pytest

from experiments.crew import Here
from experiments.run import run_study
from experiments.store import StoreError
from experiments.study import Study, read_study

TEXT = """
title = "Larger"
question = "Is it the same?"
scenario = "artillery-2022"
months = 4
worlds = 3
design = {{ kind = "{kind}", points = {points}, worlds = 1 }}
package = [{{ name = "charges", title = "Charges first", use = "charges-first" }}]
factor = [{{ varies = "parameter:attrition" }}, {{ varies = "parameter:training" }}]
outcome = [{{ name = "shells", measure = "deliveries", of = "all" }}]
"""


def study(points: int, kind: str = "sobol") -> Study:
    return read_study("larger", TEXT.format(points=points, kind=kind), Path())


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (folder / "runs").iterdir()}


def test_a_longer_sobol_study_runs_only_its_new_points(tmp_path: Path) -> None:
    small, large = tmp_path / "small", tmp_path / "large"
    run_study(study(40), small, Here())
    tally = run_study(study(100), large, Here(), earlier=small)
    assert tally.done == tally.runs == (3 + 100) * 2
    assert tally.fresh < (100 - 40 + 25) * 2, "only whole chunks are taken over"
    whole = tmp_path / "whole"
    assert run_study(study(100), whole, Here()).fresh == tally.runs
    assert bytes_of(large) == bytes_of(whole)


@pytest.mark.parametrize(("kind", "points"), [("sobol", 200), ("latin", 40)])
def test_what_is_no_smaller_version_is_refused(tmp_path: Path, kind: str, points: int) -> None:
    run_study(study(points, kind), tmp_path / "other", Here())
    with pytest.raises(StoreError, match="no smaller version"):
        run_study(study(100, kind), tmp_path / "large", Here(), earlier=tmp_path / "other")


def test_runs_of_another_version_are_not_taken_over(tmp_path: Path) -> None:
    small = tmp_path / "small"
    run_study(study(10), small, Here())
    file = small / "manifest.json"
    text = file.read_text(encoding="utf-8")
    start = text.index('"code_sha256": "') + len('"code_sha256": "')
    file.write_text(text[:start] + "0" * 64 + text[start + 64 :], encoding="utf-8")
    with pytest.raises(StoreError, match="another version"):
        run_study(study(20), tmp_path / "large", Here(), earlier=small)


def test_damaged_runs_are_not_taken_over(tmp_path: Path) -> None:
    small = tmp_path / "small"
    run_study(study(40), small, Here())
    (file,) = (small / "runs").iterdir()
    file.write_bytes(file.read_bytes()[:-9])
    with pytest.raises(StoreError, match="is damaged"):
        run_study(study(100), tmp_path / "large", Here(), earlier=small)
