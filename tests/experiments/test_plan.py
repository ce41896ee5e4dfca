"""The run table: every run has its place once, pairs stand together, and chunks do not depend on
who does them.
"""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from experiments.designs import Design
from experiments.factor import Factor
from experiments.plan import CHUNK, PARTITION, Table
from tests.experiments.small import study

BASE = study()
FACTOR = Factor("x", "parameter:x", 0.0, 0.5, 1.0)


@st.composite
def tables(draw):
    """Return tables of any size, of one to nine packages."""
    points = draw(st.integers(0, 40))
    design = Design("sobol", points=points, worlds=draw(st.integers(1, 4)),
                    luck=draw(st.sampled_from(["shared", "own"])))  # fmt: skip
    first = BASE.packages[0]
    packages = [replace(first, name=f"p{n}") for n in range(draw(st.integers(1, 9)))]
    whole = replace(BASE, worlds=draw(st.integers(1, 60)), packages=tuple(packages),
                    design=design if points else Design(), factors=(FACTOR,))  # fmt: skip
    return Table(whole, packages, draw(st.integers(0, 10_000)))


def specs(table):
    return [spec for n in range(len(table)) for spec in table.chunk(n).specs]


@settings(deadline=None, max_examples=50)
@given(tables())
def test_every_run_stands_in_one_chunk_and_one_file(table):
    assert [s.run for s in specs(table)] == list(range(table.offset, table.offset + table.runs))
    assert [n for part in table.partitions() for n in part] == list(range(len(table)))
    for n in range(len(table)):
        chunk = table.chunk(n)
        assert table.span(n) == (chunk.first, chunk.last)
        assert len(chunk.specs) <= max(CHUNK, len(table.packages))


@settings(deadline=None, max_examples=50)
@given(tables())
def test_every_package_meets_every_future_in_the_same_luck(table):
    packages = range(len(table.packages))
    found = specs(table)
    luck = {(s.point, s.replication): s.world for s in found}
    assert sorted((s.point, s.replication, s.package) for s in found) == [
        (*place, package) for place in sorted(luck) for package in packages
    ]
    assert all(s.world == luck[s.point, s.replication] for s in found)
    assert len(luck) == table.study.pairs
    if table.study.design.luck == "own":
        assert len(set(luck.values())) == len(luck)


@settings(deadline=None, max_examples=50)
@given(tables())
def test_a_chunk_holds_whole_pairs_and_the_points_it_needs(table):
    for n in range(len(table)):
        chunk = table.chunk(n)
        assert len(chunk.specs) % len(table.packages) == 0
        assert chunk.points.keys() == {s.point for s in chunk.specs}
        singles = chunk.singles()
        assert [single.specs for single in singles] == [(spec,) for spec in chunk.specs]
        assert all(single.points.keys() == {single.specs[0].point} for single in singles)


def test_a_large_study_is_a_few_files_of_many_runs():
    table = Table(replace(BASE, worlds=50_000), BASE.packages)
    parts = table.partitions()
    sizes = [table.span(part[-1])[1] - table.span(part[0])[0] + 1 for part in parts]
    assert sum(sizes) == table.runs == 100_000
    assert set(sizes) == {PARTITION}
