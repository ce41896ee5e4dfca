"""The page on studies is what the code says, and its examples can be run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from experiments.designs import NEED
from experiments.handbook import DESIGNS, page
from experiments.study import read_study

DOCS = Path(__file__).parents[2] / "docs"


def test_the_page_on_studies_is_current() -> None:
    assert (DOCS / "studies.md").read_text(encoding="utf-8") == page()


def test_every_kind_of_design_is_told() -> None:
    assert DESIGNS.keys() == NEED.keys()


@pytest.mark.parametrize("search", ["", "search"])
def test_the_examples_are_studies(search: str) -> None:
    study, further = re.findall(r"```toml\n(.*?)```", page(), re.DOTALL)
    money = '[[outcome]]\nname = "paid"\nmeasure = "paid"\nof = "all"\n'
    found = read_study("example", study + money + (further if search else ""), Path())
    assert len(found.packages) == 2
    assert len(found.factors) > 50
    assert (found.search is not None) == bool(search)
