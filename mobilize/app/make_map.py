"""Makes ``assets/world.json``, the map: ``python -m mobilize.app.make_map FILE``.

FILE is ``countries-110m.json`` (TopoJSON) of the npm package ``world-atlas`` 2.0.2: the countries
of Natural Earth 4.1 at 1:110 million, which is in the public domain (naturalearthdata.com); the
package is under the ISC licence (copyright 2013-2019 Michael Bostock).

The projection is Patterson's (Patterson, Savric, Jenny 2015, "Introducing the Patterson
Cylindrical Projection", Cartographic Perspectives 78), cut at 60 degrees east, so that both the
Atlantic and the Pacific lie whole.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from itertools import pairwise
from math import radians
from pathlib import Path
from typing import Any

CUT = 60.0  # degrees east: where the map begins and ends
WIDTH, SOUTH, NORTH = 1800, -46.0, 76.0  # units; degrees
PATTERSON = (1.0148, 0.23185, -0.14499, 0.02406)
LEAST = 5.0  # square units: smaller islands are left out
OUT = Path(__file__).parent / "assets" / "world.json"
LEFT_OUT = ("Antarctica",)
Point = tuple[float, float]


def project(lon: float, lat: float) -> Point:
    """Return where a place (degrees) lies on the map, units from its upper left corner.

    >>> project(60.0, 76.0), round(project(59.999, 0.0)[0])
    ((0.0, 0.0), 1800)
    """
    return (lon - CUT) % 360.0 / 360.0 * WIDTH, _down(lat)


def _down(lat: float) -> float:
    return (_patterson(NORTH) - _patterson(lat)) * WIDTH / radians(360.0)


def _patterson(lat: float) -> float:
    p = radians(lat)
    a, b, c, d = PATTERSON
    return a * p + b * p**5 + c * p**7 + d * p**9


HEIGHT = round(_down(SOUTH))


def read_arcs(topology: dict[str, Any]) -> list[list[Point]]:
    """Return the arcs of a quantized topology in degrees."""
    (kx, ky), (x0, y0) = topology["transform"]["scale"], topology["transform"]["translate"]
    found = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * kx + x0, y * ky + y0))
        found.append(points)
    return found


def rings(shape: dict[str, Any], arcs: list[list[Point]]) -> list[list[Point]]:
    """Return the rings of a country, holes included, in degrees."""
    parts = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
    found = []
    for part in parts:
        for ring in part:
            points: list[Point] = []
            for n in ring:
                points += (arcs[n] if n >= 0 else arcs[~n][::-1])[1 if points else 0 :]
            found.append(points)
    return found


def clip(ring: list[Point], axis: int, limit: float, above: bool) -> list[Point]:
    """Return the part of a ring on one side of a line (Sutherland and Hodgman 1974)."""

    def inside(p: Point) -> bool:
        return p[axis] >= limit if above else p[axis] <= limit

    found: list[Point] = []
    for p, q in pairwise([*ring, *ring[:1]]):
        if inside(p):
            found.append(p)
        if inside(p) != inside(q):
            part = (limit - p[axis]) / (q[axis] - p[axis])
            found.append((p[0] + part * (q[0] - p[0]), p[1] + part * (q[1] - p[1])))
    return found


def unwrap(ring: list[Point]) -> list[Point]:
    """Return a ring whose longitudes go on past 180 degrees instead of jumping."""
    found = ring[:1]
    for lon, lat in ring[1:]:
        found.append((lon - 360.0 * round((lon - found[-1][0]) / 360.0), lat))
    return found


def pieces(ring: list[Point]) -> list[list[Point]]:
    """Return a ring cut at the edges of the map, in units."""
    cut = []
    for turn in (-360.0, 0.0, 360.0):
        part = [(lon + turn - CUT, lat) for lon, lat in unwrap(ring)]
        for axis, limit, above in ((0, 0.0, True), (0, 360.0, False), (1, SOUTH - 2, True)):
            part = clip(part, axis, limit, above)
        if len(part) > 2:
            cut.append([(lon / 360.0 * WIDTH, _down(min(lat, 84.0))) for lon, lat in part])
    return cut


def area(ring: list[Point]) -> float:
    """Return the area of a ring."""
    closed = pairwise([*ring, ring[0]])
    return abs(sum(p[0] * q[1] - q[0] * p[1] for p, q in closed)) / 2


def middle(ring: list[Point]) -> Point:
    """Return the mean of the corners of a ring."""
    return sum(p[0] for p in ring) / len(ring), sum(p[1] for p in ring) / len(ring)


def path(ring: list[Point], closed: bool = True) -> str:
    """Return a ring as an SVG path of whole units."""
    points = [(round(x), round(y)) for x, y in ring]
    steps = [(q[0] - p[0], q[1] - p[1]) for p, q in pairwise(points)]
    steps = [s for s in steps if s != (0, 0)]
    if len(steps) < (2 if closed else 1):
        return ""
    said = "".join(f"{dx}{dy}" if dy < 0 else f"{dx} {dy}" for dx, dy in steps[:1])
    for dx, dy in steps[1:]:
        said += (f"{dx}" if dx < 0 else f" {dx}") + (f"{dy}" if dy < 0 else f" {dy}")
    return f"M{points[0][0]} {points[0][1]}l{said}" + ("z" if closed else "")


def borders(topology: dict[str, Any], arcs: list[list[Point]]) -> str:
    """Return the lines between countries: arcs that two of them share."""
    used: Counter[int] = Counter()
    for shape in topology["objects"]["countries"]["geometries"]:
        parts = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
        used.update(n if n >= 0 else ~n for part in parts for ring in part for n in ring)
    found = []
    for n in sorted(n for n, count in used.items() if count > 1):
        run: list[Point] = []
        for lon, lat in arcs[n]:
            spot = project(lon, lat)
            if run and abs(spot[0] - run[-1][0]) > WIDTH / 2:
                found.append(path(run, False) if len(run) > 1 else "")
                run = []
            run.append(spot)
        found.append(path(run, False) if len(run) > 1 else "")
    return "".join(found)


def make(topology: dict[str, Any]) -> dict[str, Any]:
    """Return the map: countries by name with path and label point, and the borders."""
    arcs = read_arcs(topology)
    countries = {}
    for shape in topology["objects"]["countries"]["geometries"]:
        name = shape["properties"]["name"]
        parts = [p for ring in rings(shape, arcs) for p in pieces(ring)]
        large = [p for p in parts if area(p) >= LEAST] or sorted(parts, key=area)[-1:]
        if name in LEFT_OUT or not large:
            continue
        x, y = middle(max(large, key=area))
        said = "".join(path(p) for p in large)
        if said:
            countries[name] = {"d": said, "x": round(x), "y": round(y)}
    return {
        "source": "Natural Earth 4.1, 1:110m, public domain; by world-atlas 2.0.2 (ISC)",
        "width": WIDTH,
        "height": HEIGHT,
        "cut": CUT,
        "north": NORTH,
        "countries": countries,
        "borders": borders(topology, arcs),
    }


if __name__ == "__main__":
    with Path(sys.argv[1]).open(encoding="utf-8") as file:
        found = make(json.load(file))
    OUT.write_text(json.dumps(found, separators=(",", ":"), ensure_ascii=False) + "\n", "utf-8")
    print(f"{OUT.name}: {OUT.stat().st_size:,} bytes, {len(found['countries'])} countries")
