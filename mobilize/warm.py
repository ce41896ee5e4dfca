"""Compiles the month ahead of time: `python -m mobilize.warm`, half a minute, a second once done.

The compiled kernels are kept beside their source until that changes, so that nobody waits for
them at the first run, and processes that start together do not all compile the same.
"""

from __future__ import annotations

from mobilize.model import Model

SCENARIOS = ("arsenal-2026", "industrial-gap")  # between them they use every kernel of the month
MONTHS = 13  # a year, and the first month after it


def warm() -> None:
    """Play a year of scenarios that use everything."""
    for name in SCENARIOS:
        Model(name).run(MONTHS)


if __name__ == "__main__":
    warm()
