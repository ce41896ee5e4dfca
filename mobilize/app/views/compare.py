"""Two packages side by side: what can be compared, and what the page shows of the answer."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from mobilize.app.views.forest import difference_row, item_row, metric_rows, scaled
from mobilize.app.views.verdict import Verdict, first, sentences
from mobilize.compare import ACCOUNTS, LEVEL
from mobilize.game.seen import unmapped, unnamed
from mobilize.game.sitting import View
from mobilize.game.telling import Names, named, names_of
from mobilize.game.versus import Progress, Question
from mobilize.metrics import LABEL
from mobilize.scenario import Scenario, by_content, months
from policies.package import Package, PackageError, load_package, no_package, shipped

WORLDS = (16, 32, 64)
LAST_SEED = 2**63 - 1
LENGTHS = (24, 36, 60, 120)  # months that may be asked for, and the horizon
BASELINE, PLAYED, DRAFTED = "baseline", "played", "drafted"


def packages(view: View) -> dict[str, Package]:
    """Return what can be compared in a game, by id."""
    game = view.game
    found = {BASELINE: no_package(), **_shipped(game.scenario)[0]}
    if game.policy().settings:
        found[PLAYED] = replace(game.policy(), name=PLAYED, title="As played so far")
    if view.draft:
        title = "As played, with the draft"
        found[DRAFTED] = replace(view.policy, name=DRAFTED, title=title)
    return found


@by_content(32)
def _shipped(scenario: Scenario) -> tuple[dict[str, Package], dict[str, str]]:
    """Return the shipped packages that a scenario takes, and why it refuses the others."""
    taken, refused = {}, {}
    for name in shipped():
        try:
            taken[name] = load_package(name, scenario)
        except PackageError as error:
            faults = str(error).splitlines()
            more = f" (and {len(faults) - 1} faults more)" if len(faults) > 1 else ""
            refused[name] = faults[0] + more
    return taken, refused


def defaults(view: View) -> dict[str, Any]:
    """Return what is compared unless something else is chosen."""
    here = packages(view)
    second = next((name for name in (DRAFTED, PLAYED) if name in here), "")
    second = second or next((name for name in here if name != BASELINE), BASELINE)
    first = PLAYED if second == DRAFTED and PLAYED in here else BASELINE
    return {"a": first, "b": second, "worlds": WORLDS[0], "months": view.game.scenario.horizon}


def question(view: View, wanted: dict[str, Any]) -> Question:
    """Return the question that some choices make.

    Raises
    ------
    ValueError
        If one of them is not among those offered.
    """
    here, scenario = packages(view), view.game.scenario
    chosen = {**defaults(view), **wanted}
    for side in ("a", "b"):
        if chosen[side] not in here:
            raise ValueError(f"{chosen[side]!r} is not to be compared; allowed: {', '.join(here)}")
    if chosen["worlds"] not in WORLDS or chosen["months"] not in lengths(scenario):
        raise ValueError(f"worlds {WORLDS}, months {lengths(scenario)} are allowed")
    a, b = here[chosen["a"]], here[chosen["b"]]
    if a.settings == b.settings:
        raise ValueError("both sides are the same; choose two that differ")
    return Question(scenario, a, b, chosen["worlds"], _other_luck(view), chosen["months"])


def _other_luck(view: View) -> int:
    """Return the seed of worlds to compare in: never the game's own, whose future it would tell."""
    return view.game.seed + 1 if view.game.seed < LAST_SEED else 0


def lengths(scenario: Scenario) -> list[int]:
    """Return the months that may be compared over."""
    return [m for m in LENGTHS if m < scenario.horizon] + [scenario.horizon]


def choices(view: View, wanted: dict[str, Any]) -> dict[str, Any]:
    """Return what can be chosen, what is, and what keeps the choice from being compared."""
    scenario, chosen = view.game.scenario, {**defaults(view), **wanted}
    try:
        question(view, wanted)
        fault = ""
    except ValueError as error:
        fault = str(error)
    taken = [{"id": name, "title": p.title, "reason": ""} for name, p in packages(view).items()]
    hidden = unmapped(view.model.world)
    refused = [{"id": n, "title": n, "reason": unnamed(why, hidden)}
               for n, why in _shipped(scenario)[1].items()]  # fmt: skip
    end = scenario.start - 1
    return {
        "packages": taken,
        "refused": refused,
        "worlds": list(WORLDS),
        "months": [{"id": m, "title": f"{m} months, to {months.label(end + m)}"}
                   for m in lengths(scenario)],
        "chosen": {name: chosen[name] for name in ("a", "b", "worlds", "months")},
        "fault": fault,
    }  # fmt: skip


def progress(found: Progress | None, what: str) -> dict[str, Any] | None:
    """Return how far a job is, in words; None where nothing is under way."""
    if found is None or found.answer is not None:
        return None
    left = found.left
    return {
        "what": what,
        "done": found.done,
        "total": found.total,
        "left": "" if left is None or not found.total else f"about {seconds(left)} left",
        "fault": found.fault,
    }


def seconds(length: float) -> str:
    """Return a time for people.

    >>> seconds(3.2), seconds(200)
    ('5 s', '4 min')
    """
    return f"{max(5, 5 * round(length / 5))} s" if length < 90 else f"{-(-length // 60):.0f} min"


def comparison(
    verdict: Verdict, scenario: Scenario, period: str = "all",
    hidden: frozenset[str] = frozenset(),
) -> dict[str, Any]:  # fmt: skip
    """Return a comparison as the page shows it.

    Parameters
    ----------
    period : str
        Of the items: "all", or a year as :func:`mobilize.compare.compare` names it.
    hidden : frozenset of str
        Ids that are not told.
    """
    names = names_of(scenario)
    items = [d for d in verdict.differences if d.what not in ACCOUNTS.values()]
    periods = list(dict.fromkeys(d.period for d in items))
    period = period if period in periods else "all"
    shown = [item_row(d, verdict, first(names(d.what))) for d in items if d.period == period]
    costs = [difference_row(d, d.what.capitalize(), verdict) for d in verdict.differences
             if d.what in ACCOUNTS.values()]  # fmt: skip
    last = scenario.start + verdict.months - 1
    span = f"{months.label(scenario.start)} to {months.label(last)}"
    return {
        "a": verdict.a,
        "b": verdict.b,
        "worlds": verdict.worlds,
        "span": span,
        "level": f"{LEVEL:.0%}",
        "period": period,
        "periods": [{"id": p, "title": span if p == "all" else p} for p in periods],
        "items": scaled(shown, "percent"),
        "costs": scaled(costs, "difference"),
        "metrics": metric_rows(verdict),
        "label": LABEL,
        "sentences": sentences(verdict, scenario),
        "parting": _parting(verdict, names, hidden),
    }


def _parting(verdict: Verdict, names: Names, hidden: frozenset[str]) -> dict[str, Any] | None:
    """Return where the two part first, and why things stood as they stood on each side."""
    found = verdict.reasons
    if not found:
        return None
    sides = ((verdict.a, "under_a"), (verdict.b, "under_b"))
    return {
        "item": names(str(found["item"])),
        "month": found["month"],
        "world": found["world"],
        "sides": [{"title": title, "lines": _chain(named(unnamed(str(found[key]), hidden), names))}
                  for title, key in sides if key in found],
    }  # fmt: skip


def _chain(text: str) -> list[dict[str, Any]]:
    """Return the lines of a reason chain with their depth, links apart from their causes."""
    rows = []
    for line in text.splitlines()[1:]:
        body = line.lstrip(" ")
        link = body.startswith("- ")
        depth = (len(line) - len(body)) // 2
        rows.append({"text": body.removeprefix("- "), "depth": depth, "link": link})
    return rows
