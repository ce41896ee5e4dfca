"""What the page of a study shows of assumptions: which matter, and under which a package fails."""

from __future__ import annotations

from typing import Any

from experiments.laboratory.answers import Answer
from mobilize.app.views.forest import nice
from mobilize.app.views.study import INTERVAL, Row
from mobilize.app.views.verdict import signed
from mobilize.words import number

SHOWN = 12  # assumptions of a picture
KINDS = {
    "tornado": ("What each assumption does alone",
                "Each assumption at the low and high end of its range, all others as they are, in "
                "the same luck. How assumptions work together does not show here."),
    "importance": ("Which assumptions explain the differences",
                   "Share of what differs between the sampled futures that an assumption explains "
                   "alone. Hatched ones cannot be told from chance."),
    "sobol": ("Which assumptions explain the differences",
              "Sobol' indices: the share of what differs that an assumption explains together with "
              "all others (bar) and alone (mark)."),
    "morris": ("Which assumptions move the outcome",
               "Mean size of the change when one assumption crosses its range (Morris' screens)."),
}  # fmt: skip
CHANCE = 0.05
NEARLY = 0.97  # of the way to the end of a range: as good as the end


def bars(answer: Answer, about: Row, outcome: str, of: str) -> Row:
    """Return assumptions as bars on one scale, the widest first, with intervals."""
    found = answer.value or {"kind": "", "rows": []}
    title, note = KINDS.get(found["kind"], ("Assumptions", ""))
    unit = next(o["unit"] for o in about["outcomes"] if o["name"] == outcome)
    factors = {f["name"]: f for f in about["factors"]}
    make = {"tornado": _tornado, "importance": _importance, "sobol": _sobol, "morris": _morris}
    rows = make[found["kind"]](found["rows"], factors, unit) if found["rows"] else []
    moving = [
        r for r in rows if r["bars"][0]["size"] or (len(r["bars"]) > 1 and r["bars"][1]["size"])
    ]
    limit = nice(max((abs(v) for r in moving[:SHOWN] for v in r["reach"]), default=0.0))
    both = found["kind"] == "tornado"
    for r in rows:
        _lay(r, limit, both)
    told = f"{number(limit)} {unit}" if found["kind"] in ("tornado", "morris") else f"{limit:.0%}"
    still = len(rows) - len(moving)
    return {
        "kind": found["kind"],
        "title": title,
        "note": note,
        "of": of,
        "both": both,
        "level": INTERVAL,
        "limit": told.replace("%", " %"),
        "shown": moving[:SHOWN],
        "rows": rows,
        "still": f"{still} more change nothing." if still and moving else "",
        "nothing": "No assumption makes a difference here." if rows and not moving else "",
    }


def _lay(row: Row, limit: float, both: bool) -> None:
    """Put bars and intervals on a scale of 0 to 100; where they go both ways, 50 is nothing."""

    def at(v: float) -> float:
        part = max(-1.0, min(1.0, v / limit))
        return round(50.0 + 50.0 * part if both else 100.0 * max(part, 0.0), 2)

    for bar in row["bars"]:
        bar["from"], bar["to"] = sorted((at(0.0), at(bar["size"])))
        ends = bar.pop("ends")
        bar["whisker"] = [at(v) for v in ends] if ends[0] is not None else None
        if bar.get("mark") is not None:
            bar["mark"] = at(bar["mark"])


def factor_name(factors: dict[str, Row], name: str) -> str:
    """Return the words for an assumption."""
    found = factors.get(name, {})
    title = str(found.get("title") or name)
    return title[:1].upper() + title[1:]


def value_words(factor: Row | None, value: Any) -> str:
    """Return a value of an assumption with its unit; a place between ends in words."""
    if not isinstance(value, float | int):
        return str(value)
    unit = str((factor or {}).get("unit", ""))
    if unit.startswith("place"):
        if abs(value) < 0.005:
            return "as it is"
        end = "low" if value < 0 else "high"
        return (
            f"{end} end"
            if abs(value) > NEARLY
            else f"{abs(value):.0%} towards {end}".replace("%", " %")
        )
    return f"{number(value)} {unit}".strip()


def _tornado(rows: list[Row], factors: dict[str, Row], unit: str) -> list[Row]:
    found: dict[str, Row] = {}
    for r in rows:
        mine = found.setdefault(r["factor"], {
            "id": r["factor"], "name": factor_name(factors, r["factor"]), "bars": [], "reach": [],
            "told": f"{number(r['swing'])} {unit}", "interval": _span(r, "swing", signs=False),
            "note": "",
        })  # fmt: skip
        value = value_words(factors.get(r["factor"]), r["value"])
        mine["bars"].append({"name": r["end"], "size": r["effect"], "ends": [r["low"], r["high"]],
                             "told": f"{value}: {signed(r['effect'])}"})  # fmt: skip
        mine["reach"].append(r["effect"])
        mine["note"] = "; ".join(b["told"] for b in mine["bars"])
    return list(found.values())


def _importance(rows: list[Row], factors: dict[str, Row], unit: str) -> list[Row]:
    return [
        _bar(r["factor"], factors, r["share"], (r["low"], r["high"]), _percent(r["share"]),
             _both(r["low"], r["high"]),
             _direction(r) if r["p_value"] is not None and r["p_value"] < CHANCE
             else "not told from chance", r["p_value"] is not None and r["p_value"] < CHANCE)
        for r in rows
    ]  # fmt: skip


def _sobol(rows: list[Row], factors: dict[str, Row], unit: str) -> list[Row]:
    found = []
    for r in rows:
        note = f"alone {_percent(r['S1'])} ({_both(r['S1_low'], r['S1_high'])})"
        if not r["enough"]:
            note += f"; {r['n']:,} rows are too few for a ranking"
        bar = _bar(r["factor"], factors, r["ST"] or 0.0, (r["ST_low"], r["ST_high"]),
                   _percent(r["ST"]), _both(r["ST_low"], r["ST_high"]), note, True)  # fmt: skip
        bar["bars"][0]["mark"] = r["S1"]
        found.append(bar)
    return found


def _morris(rows: list[Row], factors: dict[str, Row], unit: str) -> list[Row]:
    return [
        _bar(r["factor"], factors, r["mu_star"], (r["mu_star_low"], r["mu_star_high"]),
             f"{number(r['mu_star'])} {unit}", _span(r, "mu_star", signs=False),
             f"mean change {signed(r['mu'])}, spread {number(r['sigma'])}", True)
        for r in rows
    ]  # fmt: skip


def _bar(name: str, factors: dict[str, Row], size: float, ends: tuple[Any, Any], told: str,
         interval: str, note: str, firm: bool) -> Row:  # fmt: skip
    return {
        "id": name,
        "name": factor_name(factors, name),
        "bars": [{"name": "", "size": size, "ends": list(ends), "told": told}],
        "reach": [size, *(v for v in ends if v is not None)],
        "told": told,
        "interval": interval,
        "note": note,
        "firm": firm,
    }


def _direction(r: Row) -> str:
    if r["direction"] is None:
        return "explains by its words"
    if (r["direction_low"] or 0.0) * (r["direction_high"] or 0.0) <= 0.0:
        return "up and down"
    return "more of it, more of this" if r["direction"] > 0 else "more of it, less of this"


def _percent(v: float | None) -> str:
    return "–" if v is None else f"{v:.0%}".replace("%", " %").replace("-0 %", "0 %")


def _both(low: float | None, high: float | None) -> str:
    return "–" if low is None or high is None else f"{_percent(low)} to {_percent(high)}"


def _span(r: Row, name: str, signs: bool) -> str:
    low, high = r[f"{name}_low"], r[f"{name}_high"]
    if low is None:
        return "one world only"
    told = signed if signs else number
    return f"{told(low)} to {told(high)}"


def box(answer: Answer, about: Row, of: str) -> Row:
    """Return under which conditions a package fails: each a range on the axis of its assumption."""
    found = answer.value
    factors = {f["name"]: f for f in about["factors"]}
    fails = "misses the acceptable value" if found["missed"] == "acceptable" else (
        "is worse than the baseline")  # fmt: skip
    cases, failing = found["cases"], found["failing"]
    said = f"{of} {fails} in {failing:,} of {cases:,} sampled futures."
    boxes = [_box(b, found["ranges"], factors) for b in found["boxes"]]
    if not failing:
        said = f"{of} {fails} in none of {cases:,} sampled futures."
    elif not boxes:
        said += " No few assumptions mark them off from the others."
    return {"said": said, "boxes": boxes}


def _box(b: Row, ranges: list[Row], factors: dict[str, Row]) -> Row:
    fresh = ""
    if b["fresh_density"] is not None:
        doubt = "." if b["holds"] else "; chance may do as well, so do not build on it."
        fresh = f" Checked on futures kept apart: {_percent(b['fresh_density'])}{doubt}"
    said = (f"Here it fails in {_percent(b['density'])} of the futures, against "
            f"{_percent(b['base'])} before. The ranges hold {_percent(b['coverage'])} of the "
            f"failures and {_percent(b['mass'])} of the futures.{fresh}")  # fmt: skip
    return {
        "n": b["box"],
        "said": said,
        "holds": b["holds"],
        "rows": [_range(r, factors) for r in ranges if r["box"] == b["box"]],
    }


def _range(r: Row, factors: dict[str, Row]) -> Row:
    factor = factors.get(r["factor"])
    name = factor_name(factors, r["factor"])
    if r["words"]:
        words = (factor or {}).get("words", [])
        return {"id": r["factor"], "name": name, "told": " or ".join(r["words"]), "from": None,
                "words": [{"word": w, "on": w in r["words"]} for w in words]}  # fmt: skip
    low, high = r["range_low"], r["range_high"]
    a = low if r["low"] is None else max(low, r["low"])
    b = high if r["high"] is None else min(high, r["high"])
    width = (high - low) or 1.0
    at_low, at_high = (a - low) <= 0.005 * width, (high - b) <= 0.005 * width
    told = (f"up to {value_words(factor, b)}" if at_low else
            f"from {value_words(factor, a)}" if at_high else
            f"{value_words(factor, a)} to {value_words(factor, b)}")  # fmt: skip
    return {"id": r["factor"], "name": name, "told": told, "words": [],
            "from": round(100 * (a - low) / width, 2), "to": round(100 * (b - low) / width, 2),
            "low": value_words(factor, low), "high": value_words(factor, high)}  # fmt: skip
