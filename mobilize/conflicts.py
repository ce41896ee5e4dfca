"""Conflicts: when they break out, how long each phase lasts, and what they ask of stocks.

A conflict with an outbreak is at war from then to the end of its last phase; one with dated uses
alone is at war in the months of its uses. The state knows the months since the outbreak, `war`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from mobilize.columns import lookup, refer
from mobilize.network import NONE
from mobilize.scenario import by_content
from mobilize.state import Flags, Floats

if TYPE_CHECKING:
    from mobilize.scenario import Conflict, Scenario
    from mobilize.world import World

DAYS = 365.25 / 12  # days in a month


@dataclass(frozen=True, slots=True)
class Dated:
    """Units a month asked of a program, from one month of the run to another inclusive."""

    program: int
    first: int
    last: int
    units: float


@dataclass(frozen=True, slots=True)
class Theatre:
    """What a conflict asks for: its dated uses, and the phases of its war.

    `phases` has shape (months of the war, programs), units a month; without rows it never
    breaks out.
    """

    dated: tuple[Dated, ...]
    phases: Floats

    def dated_since(self, month: int) -> int:
        """Return how many months ago its dated uses began, or NONE where none is due now."""
        if any(use.first <= month <= use.last for use in self.dated):
            return month - min(use.first for use in self.dated)
        return NONE


@dataclass(frozen=True, slots=True)
class Reference:
    """The conflict that deterrence is measured by.

    `number` is its place among the conflicts; `need_days` the days of fires that the plan
    requires; `per_day` the units a day of its first phase, shape (programs,).
    """

    conflict: Conflict
    number: int
    need_days: float
    per_day: Floats


@by_content()
def theatres(scenario: Scenario) -> tuple[Theatre, ...]:
    """Return what each conflict of a scenario asks for, worked out once a process."""
    programs = lookup(tuple(scenario.tables["programs"]["id"]))
    return tuple(_theatre(scenario, conflict, programs) for conflict in scenario.conflicts)


def _theatre(scenario: Scenario, conflict: Conflict, programs: dict[str, int]) -> Theatre:
    phases = [phase for phase in scenario.phases if phase.conflict == conflict.id]
    asked = {phase.name: np.zeros(len(programs)) for phase in phases}
    dated = []
    for use in (use for use in scenario.uses if use.conflict == conflict.id):
        program, units = programs[use.program], use.per_day * DAYS
        if use.phase is not None:
            asked[use.phase][program] += units
        elif use.start is not None and use.end is not None:
            first, last = use.start - scenario.start, use.end - scenario.start
            dated.append(Dated(program, first, last, units))
    rows = [asked[phase.name] for phase in phases for _ in range(phase.months)]
    return Theatre(tuple(dated), np.array(rows).reshape(-1, len(programs)))


def conflict_parts(scenario: Scenario) -> dict[str, np.ndarray[Any, Any]]:
    """Return the arrays of conflicts and substitutes, see :class:`mobilize.network.Network`."""
    known = theatres(scenario)
    wars = [
        _begun(scenario.start, conflict.outbreak, len(theatre.phases))
        if isinstance(conflict.outbreak, int)
        else theatre.dated_since(0)
        for conflict, theatre in zip(scenario.conflicts, known, strict=True)
    ]
    conflicts = lookup(tuple(conflict.id for conflict in scenario.conflicts))
    programs = lookup(tuple(scenario.tables["programs"]["id"]))
    substitutes = scenario.substitutes

    def places(name: str, index: dict[str, int]) -> np.ndarray[Any, Any]:
        return refer(np.array([getattr(s, name) for s in substitutes], object), index)

    return {
        "w_war": np.array(wars, np.int32),
        "u_conflict": places("conflict", conflicts),
        "u_program": places("program", programs),
        "u_instead": places("instead", programs),
        "u_units": np.array([s.units for s in substitutes], np.float64),
    }


def _begun(start: int, outbreak: int, months: int) -> int:
    """Return the months since an outbreak before the start, or NONE at peace."""
    return start - outbreak if outbreak < start < outbreak + months else NONE


def peacetime(scenario: Scenario) -> Floats:
    """Return the units a month asked of each program's stock in peace, shape (programs,)."""
    return np.asarray(scenario.tables["programs"]["training_use"], np.float64)


def fires(world: World) -> Floats:
    """Return the units asked of each program's stock this month, shape (programs,).

    Peacetime use, dated uses, and the present phase of every war under way; where a program
    sustains a fleet, the units of it that are hit.
    """
    asked = peacetime(world.scenario).copy()
    for theatre, war in zip(theatres(world.scenario), world.s.war.tolist(), strict=True):
        for use in theatre.dated:
            if use.first <= world.month <= use.last:
                asked[use.program] += use.units
        if 0 <= war < len(theatre.phases):
            asked += theatre.phases[war]
    return asked


def at_war(world: World) -> Flags:
    """Return which conflicts are under way, shape (conflicts,)."""
    return np.asarray(world.s.war >= 0)


def break_out(world: World, conflict: int, why: str) -> bool:
    """Let a war break out this month, unless it is under way; say whether it did.

    Parameters
    ----------
    conflict : int
        Place among the scenario's conflicts, as in `world.names.conflicts`.

    Raises
    ------
    ValueError
        If the conflict has no phases: nothing says what its war would use.
    """
    name = world.names.conflicts[conflict]
    length = len(theatres(world.scenario)[conflict].phases)
    if not length:
        raise ValueError(f"conflict {name} has no [[conflict.phase]], so it cannot break out")
    if world.s.war[conflict] >= 0:
        return False
    world.s.war[conflict] = 0
    world.note("scenario", "conflict", name, float(length), "months", why)
    return True


def follow_the_calendar(world: World) -> None:
    """Let wars of this date break out, and conflicts with dated uses alone come and go."""
    now = world.scenario.start + world.month
    for i, conflict in enumerate(world.scenario.conflicts):
        if conflict.outbreak == now:
            break_out(world, i, f"{conflict.name}: the date in the scenario")
        elif conflict.outbreak is None:
            world.s.war[i] = theatres(world.scenario)[i].dated_since(world.month)


def advance(world: World) -> None:
    """Let the wars under way be a month older; after its last phase a war is over."""
    for i, theatre in enumerate(theatres(world.scenario)):
        if world.s.war[i] >= 0 and len(theatre.phases):
            world.s.war[i] += 1
            if world.s.war[i] >= len(theatre.phases):
                world.s.war[i] = NONE


def reference(scenario: Scenario) -> Reference | None:
    """Return the conflict with `need_days`, or None where a scenario has none."""
    for number, conflict in enumerate(scenario.conflicts):
        if conflict.need_days is not None:
            opening = theatres(scenario)[number].phases[0]
            return Reference(conflict, number, conflict.need_days, opening / DAYS)
    return None
