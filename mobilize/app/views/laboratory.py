"""What the laboratory shows: studies as cards, the one that runs, results of this machine."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from experiments.laboratory.apart import processes
from experiments.laboratory.described import Size, Told
from experiments.laboratory.house import BUSY, GONE, STARTING, Bench, Work

STATES = {
    "new": ("not begun", ""),
    STARTING: ("starting", "info"),
    "running": ("running", "info"),
    "stopped": ("stopped", "warn"),
    "broken": ("broke off", "bad"),
    GONE: ("broke off", "bad"),
    "finished": ("finished", "good"),
}
"""Word and chip of each state."""
LOST = (
    "Its process ended without a word, as at a power cut. What is done is kept; Go on finishes it."
)
MINUTE, HOUR, DAY = 60, 3600, 86_400
DESIGNS = {
    "none": "the scenario as it is",
    "one-at-a-time": "one assumption at a time",
    "factorial": "a grid of assumptions",
    "latin": "sampled assumptions",
    "sobol": "sampled assumptions",
    "saltelli": "sampled for sensitivity",
    "morris": "screened assumptions",
    "search": "a search over mixes of levers",
}


@dataclass(frozen=True)
class _Found:
    """The results of a study as it is now, by size."""

    full: Work | None
    small: Work | None


def laboratory(bench: Bench) -> dict[str, Any]:
    """Return the page: cards of the studies, then results that belong to none of them."""
    taken: set[str] = set()
    cards = [_card(told, bench, taken) for told in bench.studies]
    return {
        "cards": cards,
        "others": [work_row(work) for work in bench.works if work.folder not in taken],
        "busy": work_row(bench.busy) if bench.busy else None,
        "reading": bench.reading,
        "processes": processes(),
    }


def _card(told: Told, bench: Bench, taken: set[str]) -> dict[str, Any]:
    found = _Found(_latest(told.full, bench), _latest(told.small, bench))
    taken |= {work.folder for work in (found.full, found.small) if work is not None}
    works = [w for w in (found.full, found.small) if w is not None]
    shown = next((w for w in works if w.state in BUSY), works[0] if works else None)
    return {
        "name": told.name,
        "title": told.title or told.name,
        "question": " ".join(told.question.split()),
        "scenario": told.scenario,
        "span": told.span,
        "fault": told.fault,
        "packages": list(told.packages),
        "outcomes": list(told.outcomes),
        "numbers": [
            {"n": len(told.packages), "of": "package" if len(told.packages) == 1 else "packages"},
            {"n": told.futures or 1, "of": "futures" if told.futures > 1 else "future"},
            {"n": told.full.runs, "of": "runs"},
        ],
        "design": DESIGNS.get(told.design, told.design),
        "factors": told.factors,
        "full": _offer("full", told, found.full),
        "small": _offer("small", told, found.small),
        "work": work_row(shown) if shown is not None else None,
    }


def _latest(size: Size, bench: Bench) -> Work | None:
    """Return the latest results of a study in a size; those of other code have a number behind."""
    mine = [w for w in bench.works
            if w.folder == size.folder or w.folder.startswith(f"{size.folder}-")]  # fmt: skip
    return mine[0] if size.folder and mine else None


def _offer(name: str, told: Told, work: Work | None) -> dict[str, Any]:
    """Return what a start of a study in a size would do: runs, time, and the word for it."""
    size: Size = getattr(told, name)
    left = size.runs - (work.progress.done if work else 0)
    seconds = max(0, left) * told.seconds / processes()
    word = "Start" if work is None else "Go on"
    if work is not None and work.state == "finished":
        word = ""
    return {
        "word": word,
        "runs": left,
        "time": duration(seconds) if seconds > 0.0 else "",
        "all": size.runs,
    }


def work_row(work: Work) -> dict[str, Any]:
    """Return results as a row, or as the state of a card."""
    p = work.progress
    word, chip = STATES.get(work.state, (work.state, ""))
    return {
        "folder": work.folder,
        "title": work.title,
        "scenario": work.scenario,
        "small": work.study.endswith("-small"),
        "state": work.state,
        "word": word,
        "chip": chip,
        "busy": work.state in BUSY,
        "done": p.done,
        "runs": p.runs,
        "percent": round(100 * p.done / p.runs, 1) if p.runs else 0,
        "rate": f"{p.rate:,.0f} runs/s"
        if p.rate >= 10
        else f"{p.rate:.1f} runs/s"
        if p.rate
        else "",
        "left": duration(p.left) if work.state == "running" and p.left == p.left else "",
        "failed": p.failed,
        "when": _when(work.created),
        "fault": work.fault or (LOST if work.state == GONE else ""),
    }


def _when(created: str) -> str:
    try:
        return datetime.fromisoformat(created).strftime("%Y-%m-%d")
    except ValueError:
        return ""


def duration(seconds: float) -> str:
    """Return a length of time as people say it.

    >>> duration(4.2), duration(100), duration(9000), duration(400000)
    ('a few seconds', '2 minutes', '2.5 hours', '4.6 days')
    """
    if seconds < 10:
        return "a few seconds"
    if seconds < 0.9 * MINUTE:
        return f"{10 * round(seconds / 10)} seconds"
    if seconds < HOUR:
        minutes = max(1, round(seconds / MINUTE))
        return f"{minutes} minute{'' if minutes == 1 else 's'}"
    if seconds < 2 * DAY:
        return f"{seconds / HOUR:.1f} hours"
    return f"{seconds / DAY:.1f} days"
