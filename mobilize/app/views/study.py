"""What the page of a study shows: its answers as pictures and tables, in words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from experiments.laboratory.answers import Answer
from experiments.laboratory.house import Work
from mobilize.app.views.forest import scaled
from mobilize.app.views.laboratory import work_row
from mobilize.app.views.verdict import signed
from mobilize.compare import LEVEL
from mobilize.words import number

Row = dict[str, Any]
INTERVAL = f"{LEVEL:.0%}".replace("%", " %")  # level of every interval
MEASURES = {
    "mean": ("Mean", "mean over futures"),
    "decile": ("Worst tenth", "value that nine futures in ten reach"),
    "worst": ("Worst future", "worst of the sampled futures"),
    "max_regret": ("Largest regret", "furthest behind the best package in any future"),
    "satisficing": ("Good enough", "share of the sampled futures that reach the acceptable value"),
}
VERDICTS = {
    "survives": ("holds", "the sign holds in at least 95 % of the sampled futures"),
    "mostly": ("mostly holds", "the sign holds in at least 80 % of the sampled futures"),
    "depends": ("depends", "the sign depends on the assumptions"),
    "none": ("no difference", "no difference in any sampled future"),
}
COLOURS = ("--ink", "--s1", "--s2", "--s3", "--s4", "--s5", "--s8", "--s6")


def heading(about: Row, work: Work) -> Row:
    """Return the head of the page: question, how far, what varies."""
    design, worlds = about["design"], about["worlds"]
    parts = [_times(len(about["packages"]), "package")]
    futures = about["points"] - 1
    if futures:
        parts.append(f"{futures:,} futures, {_times(design['worlds'], 'world')} each")
    parts.append(f"{_times(worlds, 'world')} of the scenario as it is")
    if about["factors"]:
        parts.append(f"{len(about['factors']):,} uncertain assumptions")
    return work_row(work) | {
        "title": about["title"],
        "question": " ".join(about["question"].split()),
        "scenario": about["scenario_title"],
        "name": about["name"],
        "facts": parts,
    }


def _times(n: int, word: str) -> str:
    return f"{n:,} {word}{'' if n == 1 else 's'}"


def choices(about: Row, wanted: Row) -> Row:
    """Return outcomes and packages to choose from, and what is chosen: always something there."""
    outcomes = [{"id": o["name"], "title": o["title"], "unit": o["unit"], "goal": o["goal"]}
                for o in about["outcomes"]]  # fmt: skip
    packages = [{"id": p["name"], "title": p["title"], "colour": COLOURS[n % len(COLOURS)]}
                for n, p in enumerate(about["packages"])]  # fmt: skip
    names, ids = [o["id"] for o in outcomes], [p["id"] for p in packages]
    chosen = {
        "outcome": _one(wanted.get("outcome"), names),
        "package": _one(wanted.get("package"), ids[1:] or ids),
    }
    other = [name for name in names if name != chosen["outcome"]]
    chosen["across"] = _one(wanted.get("across"), other) if other else ""
    return {"outcomes": outcomes, "packages": packages, "chosen": chosen,
            "sampled": wanted.get("sampled", about["points"] > 1) and about["points"] > 1,
            "futures": about["points"] > 1}  # fmt: skip


def _one(wanted: Any, allowed: list[str]) -> str:
    return wanted if wanted in allowed else allowed[0]


def state(answer: Answer) -> Row:
    """Return how an answer stands: whether it is there, out of date, or why there is none."""
    value = answer.value or {}
    return {
        "ready": bool(answer.value) and not value.get("fault"),
        "waiting": answer.waiting,
        "fault": answer.fault or value.get("fault", ""),
    }


def unit_words(found: Row) -> str:
    """Return what a case is, in words: the unit behind every share on the page."""
    cases = found["cases"]
    if found["unit"] == "world":
        return f"{_times(cases, 'world')} of the scenario as it is"
    each = found["worlds"]
    return f"{_times(cases, 'sampled future')}, each the mean of {_times(each, 'world')}"


def share(part: float | None, unit: str) -> str:
    """Return a share of cases in words.

    >>> share(0.824, "future"), share(None, "future")
    ('82 % of the sampled futures', 'unknown')
    """
    if part is None:
        return "unknown"
    of = "sampled futures" if unit == "future" else "worlds"
    told = f"{part:.0%}".replace("%", " %")
    if told == "100 %" and part < 1.0:
        told = "over 99 %"
    if told == "0 %" and part > 0.0:
        told = "under 1 %"
    return f"{told} of the {of}"


def fan(answer: Answer, offered: Row) -> Row:
    """Return the fan of every package over the quarters, the baseline and the chosen one filled."""
    found = answer.value or {"dates": [], "lines": {}, "runs": {}}
    chosen, packages = offered["chosen"], offered["packages"]
    base = packages[0]["id"]
    filled, lines = (base, chosen["package"]), []
    for p in packages:
        if p["id"] in found["lines"]:
            low, mid, high = found["lines"][p["id"]]
            lines.append({**p, "low": low, "mid": mid, "high": high, "filled": p["id"] in filled,
                          "base": p["id"] == base})  # fmt: skip
    runs = max(found["runs"].values(), default=0)
    of = "over all futures of the study" if offered["sampled"] else "of the scenario as it is"
    word = "run" if offered["sampled"] else "world"
    return {"dates": found["dates"], "lines": lines, "told": f"{_times(runs, word)} {of}",
            "title": _title(offered)}  # fmt: skip


def _title(offered: Row) -> str:
    return next(
        str(o["title"]) for o in offered["outcomes"] if o["id"] == offered["chosen"]["outcome"]
    )


def _titles(offered: Row) -> dict[str, str]:
    return {p["id"]: p["title"] for p in offered["packages"]}


def matrix(answer: Answer, offered: Row) -> Row:
    """Return whether each finding holds: a cell a package and outcome."""
    found = answer.value
    rows = {(r["package"], r["outcome"]): r for r in _findings(found)}
    packages = offered["packages"][1:]
    lines = [
        {"id": p["id"], "title": p["title"],
         "cells": [_cell(rows[p["id"], o["id"]], o, found["unit"]) for o in offered["outcomes"]]}
        for p in packages
    ]  # fmt: skip
    return {"rows": lines, "unit": unit_words(found), "said": _sentences(found, offered)}


def _findings(found: Row) -> list[Row]:
    """Return findings with the side that the mean is on, and the share of cases on that side."""
    shares = {(r["package"], r["outcome"]): r for r in found["differences"]}
    told = []
    for r in found["findings"]:
        d = shares[r["package"], r["outcome"]]
        up = r["difference"] > 0.0
        good = up == (d["goal"] == "more")
        told.append(r | {
            "up": up,
            "better": good,
            "side": d["better"] if good else d["worse"],
            "nothing": r["verdict"] == "none" or r["difference"] == 0.0,
        })  # fmt: skip
    return told


def _cell(row: Row, outcome: Row, unit: str) -> Row:
    word, why = VERDICTS[row["verdict"]]
    nothing = row["nothing"]
    firm = row["verdict"] in ("survives", "mostly") and not nothing
    tone = ("good" if row["better"] else "bad") if firm else ""
    return {
        "outcome": outcome["id"],
        "word": word,
        "why": why,
        "tone": tone,
        "strong": row["verdict"] == "survives",
        "arrow": "" if nothing else ("▲" if row["up"] else "▼"),
        "better": "" if nothing else ("better" if row["better"] else "worse"),
        "told": "0" if nothing else signed(row["difference"]),
        "unit": outcome["unit"],
        "held": ""
        if nothing
        else f"{'higher' if row['up'] else 'lower'} in {share(row['side'], unit)}",
        "interval": _interval(row),
    }


def _interval(row: Row) -> str:
    low, high = row["low"], row["high"]
    return "" if low is None else f"{signed(low)} to {signed(high)}"


def _clear(row: Row) -> bool:
    low, high = row["low"], row["high"]
    return low is not None and not low <= 0.0 <= high


def _sentences(found: Row, offered: Row) -> list[str]:
    """Return what was found on the chosen outcome, in sentences, the firmest first."""
    name = offered["chosen"]["outcome"]
    outcome = next(o for o in offered["outcomes"] if o["id"] == name)
    titles, base = _titles(offered), offered["packages"][0]["title"]
    rows = [r for r in _findings(found) if r["outcome"] == name]
    order = list(VERDICTS)
    rows.sort(key=lambda r: (order.index(r["verdict"]), -abs(r["difference"] or 0.0)))
    return [_sentence(r, titles[r["package"]], base, outcome, found["unit"]) for r in rows]


def _sentence(r: Row, title: str, base: str, outcome: Row, unit: str) -> str:
    what = f"{title} against {base}"
    if r["nothing"]:
        return f"{what}: no difference in {outcome['title']}."
    size = f"{signed(r['difference'])} {outcome['unit']}"
    if r["low"] is not None:
        size += f" ({INTERVAL} interval {_interval(r)})"
    way = "higher" if r["up"] else "lower"
    held = f"{way}, which is {'better' if r['better'] else 'worse'}, in {share(r['side'], unit)}"
    says = "" if _clear(r) else " The interval spans zero: on average no clear difference."
    on = ""
    if r["verdict"] == "depends" and r["depends_on"]:
        on = f" It depends most on {_listed(r['depends_on'])}."
    return f"{what}: {outcome['title']} {size}; {held}.{says}{on}"


def _listed(names: Iterable[str]) -> str:
    found = list(names)
    return found[0] if len(found) == 1 else f"{', '.join(found[:-1])} and {found[-1]}"


def effects(answer: Answer, offered: Row) -> Row:
    """Return paired differences to the baseline on one outcome, as dots with their intervals."""
    found, name = answer.value, offered["chosen"]["outcome"]
    outcome = next(o for o in offered["outcomes"] if o["id"] == name)
    titles = _titles(offered)
    rows = [_effect(r, titles[r["package"]], outcome, found["unit"])
            for p in offered["packages"][1:]
            for r in found["differences"]
            if (r["package"], r["outcome"]) == (p["id"], name)]  # fmt: skip
    known = [r for r in rows if r["low"] is not None]
    laid = scaled(known, "difference") if known else {"limit": ""}
    return {"rows": rows, "limit": laid["limit"], "base": offered["packages"][0]["title"],
            "unit": outcome["unit"], "goal": outcome["goal"], "told": unit_words(found),
            "title": outcome["title"], "level": INTERVAL}  # fmt: skip


def _effect(r: Row, title: str, outcome: Row, unit: str) -> Row:
    clear = "" if not _clear(r) else "more" if r["low"] > 0.0 else "less"
    good = clear and (clear == outcome["goal"])
    none = r["difference"] == 0.0 and not clear
    return {
        "id": r["package"],
        "name": title,
        "unit": outcome["unit"],
        "base": number(r["baseline_mean"]),
        "mean": number(r["package_mean"]),
        "difference": r["difference"],
        "low": r["low"],
        "high": r["high"],
        "plot": None,
        "told": signed(r["difference"]),
        "interval": _interval(r) or "one case only",
        "clear": clear,
        "good": "" if not clear else "good" if good else "bad",
        "says": "no difference" if none else f"clearly {'better' if good else 'worse'}" if clear
        else "no clear difference",
        "better": "no difference" if r["same"] == 1.0 else f"better in {share(r['better'], unit)}",
        "narrower": f"{r['narrower']:.1f} times" if r["narrower"] and r["narrower"] > 1.05 else "",
    }  # fmt: skip


def robust(answer: Answer, offered: Row) -> Row:
    """Return measures of robustness on one outcome as a table coloured by rank."""
    found, name = answer.value, offered["chosen"]["outcome"]
    measured = {r["package"]: r for r in found["robustness"] if r["outcome"] == name}
    regrets = {r["package"]: r for r in found["regret"] if r["outcome"] == name}
    shown = [m for m in MEASURES if all(r[m] is not None for r in measured.values())]
    most = max(len(measured) - 1, 1)
    rows = []
    for p in offered["packages"]:
        r = measured[p["id"]]
        cells = [{"told": f"{r[m]:.0%}".replace("%", " %") if m == "satisficing" else number(r[m]),
                  "rank": int(r[f"{m}_rank"]), "shade": round(1.0 - (r[f"{m}_rank"] - 1) / most, 3),
                  "best": r[f"{m}_rank"] == 1}
                 for m in shown]  # fmt: skip
        mean = regrets[p["id"]]
        rows.append(
            {
                "id": p["id"],
                "title": p["title"],
                "cells": cells,
                "regret": number(mean["mean"]),
                "best": share(mean["best"], found["unit"]),
            }
        )
    best = {r["measure"]: r["best"] for r in found["preferred"] if r["outcome"] == name}
    agree = [r["agree"] for r in found["preferred"] if r["outcome"] == name]
    titles = _titles(offered)
    said = ("Every measure prefers the same package." if all(agree) else
            "The measures prefer different packages, which is a finding: what is best depends on "
            "how much the worst futures count.")  # fmt: skip
    if all(cell["best"] for row in rows for cell in row["cells"]):
        said = "No measure tells these packages apart."
    noun = found["unit"]
    return {
        "measures": [{"id": m, "title": MEASURES[m][0].replace("future", noun),
                      "why": MEASURES[m][1].replace("sampled future", noun).replace("future", noun),
                      "best": _listed([titles[p] for p in best[m]])} for m in shown],
        "rows": rows,
        "said": said,
        "unit": next(o["unit"] for o in offered["outcomes"] if o["id"] == name),
        "told": unit_words(found),
    }  # fmt: skip
