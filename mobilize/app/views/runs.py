"""What the page of a study shows of single runs and of packages on two outcomes."""

from __future__ import annotations

from experiments.laboratory.answers import Answer
from mobilize.app.views.study import INTERVAL, Row
from mobilize.app.views.verdict import signed
from mobilize.words import number

MOST_POINTS = 400  # of a picture


def scatter(answer: Answer, offered: Row) -> Row:
    """Return packages on two outcomes, with which no other beats on both."""
    chosen = offered["chosen"]
    axes = {o["id"]: o for o in offered["outcomes"]}
    across, up = axes[chosen["across"]], axes[chosen["outcome"]]
    titles = {p["id"]: p for p in offered["packages"]}
    value = answer.value or {"rows": [], "changes": []}
    changes = {(r["package"], r["outcome"]): r for r in value["changes"]}
    rows: list[Row] = []
    base = next((r for r in value["rows"] if r["package"] == offered["packages"][0]["id"]), None)
    for r in value["rows"]:
        mixed = bool(r.get("mixed"))
        if mixed and not r["on_front"] and len(rows) > MOST_POINTS:
            continue
        own = titles.get(r["package"])
        p = own or {"id": r["package"], "title": r["package"], "colour": "--s1"}
        rows.append({
            "mixed": mixed,
            "made": "; ".join(r.get("made_of", [])),
            "id": p["id"], "title": p["title"], "colour": p["colour"],
            "x": _place(r, changes.get((p["id"], across["id"])), across, base),
            "y": _place(r, changes.get((p["id"], up["id"])), up, base),
            "front": r["on_front"],
            "share": "–" if r["share"] is None else f"{r['share']:.0%}".replace("%", " %"),
            "beaten": ", ".join(titles[b]["title"] for b in r["beaten_by"]),
        })  # fmt: skip
    return {
        "rows": rows,
        "level": INTERVAL,
        "x": {"title": across["title"], "unit": across["unit"], "goal": across["goal"]},
        "y": {"title": up["title"], "unit": up["unit"], "goal": up["goal"]},
        "others": [o for o in offered["outcomes"] if o["id"] != chosen["outcome"]],
        "chosen": chosen["across"],
        "said": _said([r for r in rows if r["front"]], len(rows)),
        "mixed": any(r["mixed"] for r in rows),
    }


def _place(row: Row, change: Row | None, outcome: Row, base: Row | None) -> Row:
    """Return what a package changes on an axis, with its paired interval; the baseline nothing."""
    mean = number(row[outcome["id"]])
    if change is None and row.get("mixed") is not None and base is not None:
        gap = row[outcome["id"]] - base[outcome["id"]]
        told = {"told": signed(gap), "interval": "", "mean": mean}
        return {"at": gap, "low": None, "high": None, **told}
    if change is None:
        return {"at": 0.0, "low": None, "high": None, "told": "0", "interval": "", "mean": mean}
    low, high = change["low"], change["high"]
    interval = "one case only" if low is None else f"{signed(low)} to {signed(high)}"
    return {"at": change["difference"], "low": low, "high": high,
            "told": signed(change["difference"]), "interval": interval, "mean": mean}  # fmt: skip


def _said(front: list[Row], count: int) -> str:
    if not front:
        return ""
    names = [r["title"] for r in front]
    if len(front) == count:
        return "No package beats another on both outcomes."
    if front[-1]["mixed"] or front[0]["mixed"]:
        return f"{len(front)} of {count} mixes of levers are beaten by no other on both outcomes."
    if len(front) == 1:
        return f"{names[0]} is as good as every other package on both outcomes, or better."
    return f"No package beats these on both: {', '.join(names[:-1])} and {names[-1]}."


def run_table(answer: Answer, offered: Row, wanted: Row, folder: str) -> Row:
    """Return a page of the runs, each with what opens it."""
    found = answer.value or {"rows": [], "matched": 0, "page": 0, "pages": 1}
    titles = {p["id"]: p["title"] for p in offered["packages"]}
    rows = [
        {
            "run": r["run"],
            "point": "as it is" if r["point"] == 0 else f"future {r['point']:,}",
            "world": r["world"],
            "package": titles.get(r["package"], r["package"]),
            "ok": r["status"] == "ok",
            "playable": r["status"] == "ok",
            "error": r["error"] or ("" if r["status"] == "ok" else r["status"]),
            "values": [number(r[o["id"]]) for o in offered["outcomes"]],
            "file": f"/api/lab/{folder}/run-{r['run']}.zip",
        }
        for r in found["rows"]
    ]
    return {
        "rows": rows,
        "columns": [{"id": o["id"], "title": o["title"], "unit": o["unit"]}
                    for o in offered["outcomes"]],
        "packages": offered["packages"],
        "matched": found["matched"],
        "page": found["page"],
        "pages": found["pages"],
        "filter": wanted,
    }  # fmt: skip
