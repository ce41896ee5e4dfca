"""What a scenario asks for: its objectives, and complete sets of things useless apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mobilize.runs import Results
from mobilize.scenario import months

SMOOTH = 3  # a monthly rate is the mean of this many months up to its date
YEAR = 12


@dataclass(frozen=True)
class Goal:
    """One objective: what was asked, the median world, and in how many worlds it was met."""

    text: str
    month: str
    asked: float
    reached: float
    met: int
    worlds: int


@dataclass(frozen=True)
class CompleteSets:
    """Complete sets a month in the last year (median world), and what there is least of."""

    name: str
    per_month: float
    short_of: str


def goals(results: Results) -> list[Goal]:
    """Return the objectives that fall inside the run."""
    found = []
    for objective in results.scenario.objectives:
        month = objective.month - results.scenario.start
        if not 0 <= month < results.months:
            continue
        program = results.names.programs.index(objective.program)
        if objective.stock is not None:
            asked, reached = objective.stock, results.series("stock")[:, month, program]
        else:
            asked = objective.deliveries or 0.0
            span = slice(max(0, month + 1 - SMOOTH), month + 1)
            reached = results.series("delivered")[:, span, program].mean(axis=1)
        met = int((reached >= asked).sum())
        date = months.label(objective.month)
        middle = float(np.median(reached))
        found.append(Goal(objective.text, date, asked, middle, met, len(reached)))
    return found


def complete_sets(results: Results) -> list[CompleteSets]:
    """Return for each set the complete ones a month: the least of its parts, counted in sets."""
    delivered = np.median(results.series("delivered")[:, -YEAR:].mean(axis=1), axis=0)
    found = []
    for one in results.scenario.sets:
        rates = {
            program: float(delivered[results.names.programs.index(program)]) / units
            for program, units in one.parts.items()
        }
        least = min(rates, key=lambda program: rates[program])
        found.append(CompleteSets(one.name, rates[least], least))
    return found
