"""What happens when lines are taken away: the same world with them and without."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from mobilize.crises.course import befall
from mobilize.model import Model
from mobilize.state import EPS, Floats
from mobilize.stress import Reached, Survey

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
        befall(struck.world, "outage", model.world.names.lines[line], 1.0, months, 1, "analyst",
               "taken away to see what fails")  # fmt: skip
    for run in (twin, struck):
        run.run(follow)
    span = slice(start, twin.month)
    series = {
        "line": [run.record.output[span] for run in (twin, struck)],
        "program": [run.record.series("delivered")[span] for run in (twin, struck)],
    }
    names, fallen = model.world.names, model.world.p.fallen
    falls = [
        *_falls("line", names.lines, predicted.lines, series["line"], months, fallen),
        *_falls("program", names.programs, predicted.programs, series["program"], months, fallen),
    ]
    falls.sort(key=lambda f: (_late(f.simulated), _late(f.predicted), f.kind, f.name))
    units = {
        names.programs[i]: (float(plain), float(hit))
        for i, (plain, hit) in enumerate(zip(*(x.sum(0) for x in series["program"]), strict=True))
        if i in predicted.programs
    }
    return Removal(node, start, months, twin.month - start, tuple(falls), units)


def _falls(
    kind: str,
    names: tuple[str, ...],
    reached: Reached,
    series: Sequence[Floats],
    months: int,
    fallen: float,
) -> Iterator[Fall]:
    """Put what the survey says of each line or program beside what the two runs show."""
    plain, hit = series
    for i, (when, lost, slack) in reached.items():
        told = when if lost > fallen and slack < months else None
        seen = first_below(plain[:, i], hit[:, i], fallen)
        if told is not None or seen is not None:
            yield Fall(kind, names[i], told, seen, lost)


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
    lines = Survey(model.world).lines(node)
    return remove(model, node, lines.tolist(), months, follow or model.months)
