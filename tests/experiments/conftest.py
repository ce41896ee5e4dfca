"""What tests of studies that are killed, stopped and damaged compare with."""

import pytest

from tests.experiments.small import files, here


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """The files of the small study, run straight through."""
    return files(here(tmp_path_factory.mktemp("undisturbed") / "out"))


@pytest.fixture
def out(tmp_path):
    return tmp_path / "out"
