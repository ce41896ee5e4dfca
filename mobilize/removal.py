"""What happens when lines are taken away: the same world with them and without."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from mobilize.model import Model
from mobilize.physics.trouble import strike
from mobilize.state import EPS, Floats, Ints
from mobilize.stress import Survey

if TYPE_CHECKING:
    from mobilize.scenario import Scenario
    from policies.package import Package


@dataclass(frozen=True)
class Fall:
    """A line or program whose output falls, in months since the stop; None: it does not."""

    kind: str  # line or program
    name: str
    predicted: float | None  # by the survey of the month of the stop
    simulated: int | None
    lost: float  # share of output that the survey says is lost at worst, 0-1


@dataclass(frozen=True)
class Removal:
    """A stop, and the order in which lines and programs downstream failed."""

    node: str
    month: int  # of the stop, since the start of the scenario
    months: int  # for which it lasted
    followed: int  # months compared, from the stop on
    falls: tuple[Fall, ...]  # in order of the simulated, then of the predicted month
    delivered: dict[str, tuple[float, float]]  # units by program, without and with the stop

    @property
    def survived(self) -> int | None:
        """Months until deliveries to a program first fell; None if they did not."""
        found = [f.simulated for f in self.falls if f.kind == "program" and f.simulated is not None]
        return min(found, default=None)


def first_below(plain: Floats, hit: Floats, fallen: float) -> int | None:
    """Return the first month in which `hit` lacks more than the share `fallen` of `plain`."""
    below = np.flatnonzero((plain > EPS) & (hit < plain * (1.0 - fallen)))
    return int(below[0]) if len(below) else None


def remove(model: Model, node: str, lines: Sequence[int], months: int, follow: int) -> Removal:
    """Stop lines of a model for some months and compare with the same world undisturbed.

    Parameters
    ----------
    model : Model
        At the month of the stop, with its panel; it stays as it is.
    node : str
        What the lines are called together.
    lines : sequence of int
        Numbers of the lines, whose availability is nothing for `months` months.
    follow : int
        Months to compare, from the stop on; at most to the model's horizon.

    Raises
    ------
    ValueError
        If the model remembers no lines.
    """
    if not model.record.output.shape[1]:
        raise ValueError("remove needs a model that remembers its lines: Model(..., panel=True)")
    start = model.month
    predicted = Survey(model.world).stop(np.asarray(lines, np.int32))
    twin, struck = model.fork(), model.fork()
    for line in lines:
        strike(struck.world.arrays[1], line, 1.0, float(months), 1.0)
    for run in (twin, struck):
        run.run(follow)
    end = twin.month
    fallen = model.world.p.fallen
    falls = []
    sides = (
        ("line", model.world.names.lines, predicted.lines, [r.record.output for r in (twin, struck)]),
        ("program", model.world.names.programs, predicted.programs,
         [r.record.series("delivered") for r in (twin, struck)]),
    )  # fmt: skip
    for kind, names, reached, (plain, hit) in sides:
        for i, (when, lost, slack) in reached.items():
            if lost <= fallen:
                continue
            seen = first_below(plain[start:end, i], hit[start:end, i], fallen)
            told = when if slack < months else None
            falls.append(Fall(kind, names[i], told, seen, lost))
    falls.sort(key=lambda f: (_late(f.simulated), _late(f.predicted), f.kind, f.name))
    units = {
        name: tuple(float(r.record.series("delivered")[start:end, i].sum()) for r in (twin, struck))
        for i, name in enumerate(model.world.names.programs)
        if i in predicted.programs
    }
    return Removal(node, start, months, end - start, tuple(falls), units)  # type: ignore[arg-type]


def _late(month: float | None) -> float:
    return np.inf if month is None else month


def removal(
    scenario: Scenario | str,
    node: str,
    months: int = 6,
    at: int = 12,
    follow: int | None = None,
    policy: Package | None = None,
    seed: int | None = None,
    world: int = 0,
) -> Removal:
    """Stop a node (a line, firm, place, item or country) in a month of a scenario.

    See :func:`remove`; `at` counts from the start, `follow` is to the horizon by default.
    """
    model = Model(scenario, policy, seed, world, panel=True).run(at)
    lines: Ints = Survey(model.world).members(node)
    return remove(model, node, lines.tolist(), months, follow or model.months)
