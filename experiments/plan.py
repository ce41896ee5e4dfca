"""The run table: which run is which point, replication and package, and how runs go in chunks.

Packages of a pair stand together, so that a study that is half done already holds whole pairs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from experiments.study import Study
from policies.package import Package

CHUNK = 50  # runs that a worker takes at once
SPREAD = 16  # chunks at least, where there are so many pairs, so that all workers have some
PARTITION = 10_000  # runs of a file of results


@dataclass(frozen=True)
class Spec:
    """One run; `package` is its place among those of its chunk."""

    run: int
    point: int
    replication: int
    world: int
    package: int


@dataclass(frozen=True)
class Chunk:
    """Runs that are done together; `points` has the value of each factor by point."""

    specs: tuple[Spec, ...]
    packages: tuple[Package, ...]
    points: dict[int, dict[str, float | str]]

    @property
    def first(self) -> int:
        """Return the number of its first run."""
        return self.specs[0].run

    @property
    def last(self) -> int:
        """Return the number of its last run."""
        return self.specs[-1].run

    def singles(self) -> list[Chunk]:
        """Return each of its runs as a chunk of its own."""
        return [
            Chunk((spec,), self.packages, {spec.point: self.points[spec.point]})
            for spec in self.specs
        ]


@dataclass(frozen=True)
class Table:
    """The runs of some packages in every pair of a study, numbered from `offset` on."""

    study: Study
    packages: Sequence[Package]
    offset: int = 0

    @property
    def runs(self) -> int:
        """Return how many runs there are."""
        return self.study.pairs * len(self.packages)

    @property
    def _step(self) -> int:
        """Return the pairs of a chunk."""
        return max(1, min(CHUNK // len(self.packages), -(-self.study.pairs // SPREAD)))

    def __len__(self) -> int:
        """Return how many chunks there are."""
        return -(-self.study.pairs // self._step)

    def span(self, n: int) -> tuple[int, int]:
        """Return the first and last run of chunk `n`."""
        size = self._step * len(self.packages)
        first = self.offset + n * size
        return first, min(first + size, self.offset + self.runs) - 1

    def chunk(self, n: int) -> Chunk:
        """Return chunk `n`."""
        first, last = self.span(n)
        specs = tuple(self.spec(run) for run in range(first, last + 1))
        points = {point: self.study.values(point) for point in {spec.point for spec in specs}}
        return Chunk(specs, tuple(self.packages), points)

    def spec(self, run: int) -> Spec:
        """Return what run `run` is."""
        pair, package = divmod(run - self.offset, len(self.packages))
        point, replication = self._place(pair)
        world = pair if self.study.design.luck == "own" else replication
        return Spec(run, point, replication, world, package)

    def partitions(self) -> list[range]:
        """Return the chunks of each file of results."""
        size = max(1, PARTITION // (self._step * len(self.packages)))
        return [range(n, min(n + size, len(self))) for n in range(0, len(self), size)]

    def _place(self, pair: int) -> tuple[int, int]:
        """Return point and replication of a pair."""
        if pair < self.study.worlds:
            return 0, pair
        point, replication = divmod(pair - self.study.worlds, self.study.design.worlds)
        return point + 1, replication
