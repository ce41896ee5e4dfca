"""What all tests share."""

import pytest
from hypothesis import HealthCheck, settings

# How long an example takes says nothing of a property: machines are busy.
settings.register_profile(
    "patient", settings.default, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("patient")


@pytest.fixture
def not_served(tmp_path, capsys):
    """Return how to learn what a command says that does not serve `kept.sqlite`."""
    from mobilize.cli import main

    def said(command, *options):
        saves = str(tmp_path / "kept.sqlite")
        assert main([command, *options, "--no-browser", "--saves", saves]) == 2
        return capsys.readouterr().err

    return said
