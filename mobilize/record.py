"""What a run remembers: totals of every month, and on request every line."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from mobilize.network import Network
from mobilize.physics.recording import FLEET_SERIES, PROGRAM_SERIES, write, write_lines
from mobilize.state import LEDGER, METRICS, Floats

if TYPE_CHECKING:
    from mobilize.world import World

__all__ = ["FLEET_SERIES", "PROGRAM_SERIES", "Record"]


@dataclass(slots=True)
class Record:
    """Series of a run, one row a month.

    `programs` has shape (series, months, programs) in the order of PROGRAM_SERIES; `items`
    holds units finished, (months, items); `fleets` has shape (series, months, fleets) in the
    order of FLEET_SERIES; `milestones` counts those passed, the present one by its share, (months,
    developments); `metrics` (series, months) is in the order of :data:`mobilize.deterrence.SERIES`,
    empty without a reference conflict; the line panels (units a month; `equipment` is the
    maximum rate of what is qualified) are empty unless asked for.
    """

    months: int
    programs: Floats
    items: Floats
    ledger: Floats
    people: Floats
    output: Floats
    wanted: Floats
    equipment: Floats
    bound: np.ndarray
    bound_slot: np.ndarray
    gained: Floats
    fleets: Floats
    milestones: Floats
    metrics: Floats

    @classmethod
    def empty(
        cls, net: Network, items: int, months: int, panel: bool, watched: bool = False
    ) -> Record:
        """Return room for `months` months."""
        lines = len(net.l_item) if panel else 0
        routes = len(net.r_slot) if panel else 0
        return cls(
            months=0,
            programs=np.zeros((len(PROGRAM_SERIES), months, len(net.p_item))),
            items=np.zeros((months, items)),
            ledger=np.zeros((months, len(LEDGER))),
            people=np.zeros(months),
            output=np.zeros((months, lines)),
            wanted=np.zeros((months, lines)),
            equipment=np.zeros((months, lines)),
            bound=np.zeros((months, lines), np.int8),
            bound_slot=np.zeros((months, lines), np.int32),
            gained=np.zeros((months, routes)),
            fleets=np.zeros((len(FLEET_SERIES), months, len(net.f_program))),
            milestones=np.zeros((months, len(net.v_program))),
            metrics=np.zeros((METRICS if watched else 0, months)),
        )

    def remember(self, world: World) -> None:
        """Write one month."""
        month, (net, s, _) = world.month, world.arrays
        write(net, s, month, self.programs, self.items, self.ledger, self.fleets,
              self.milestones, self.metrics)  # fmt: skip
        self.people[month] = world.s.crew.sum() + world.s.trainees.sum()
        if self.output.shape[1]:
            write_lines(net, s, month, self.output, self.wanted, self.equipment, self.bound,
                        self.bound_slot, self.gained)  # fmt: skip
        self.months = month + 1

    def series(self, name: str) -> Floats:
        """Return a program series, shape (months, programs)."""
        out: Floats = self.programs[PROGRAM_SERIES.index(name), : self.months]
        return out

    def fleet(self, name: str) -> Floats:
        """Return a fleet series, shape (months, fleets)."""
        out: Floats = self.fleets[FLEET_SERIES.index(name), : self.months]
        return out

    def copy(self) -> Record:
        """Return a record that shares nothing with this one."""
        return deepcopy(self)
