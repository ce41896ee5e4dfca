"""A game as one page to keep, print and send: no script, nothing fetched, the same bytes again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from html import escape

import numpy as np

from mobilize import __version__
from mobilize.game.after import ROUTINE, by_item, choices, happened, start, timeline
from mobilize.game.deeds import deeds
from mobilize.game.game import Game, fingerprint, play
from mobilize.game.page import Cell, facts, page, table, text
from mobilize.game.pictures import (
    PANELS,
    draw_flows,
    draw_metrics,
    draw_timeline,
    draw_worth,
    largest,
)
from mobilize.game.telling import named, names_of
from mobilize.game.things import about, thing
from mobilize.game.worth import KINDS, Figure, Review, Worth, figures, looked_back
from mobilize.metrics import LABEL, ROWS
from mobilize.model import Model
from mobilize.playing import HONEST
from mobilize.record import PROGRAM_SERIES
from mobilize.scenario import Scenario, months
from mobilize.scenario.cells import CONFIDENCES
from mobilize.why import why
from policies.package import BASE

YEAR = 12
EVENTS = 60  # that are listed; the rest is in the CSV
CHAIN = 12  # figures of one decision that are listed
WORTH = (
    "The game played again without one decision, all others as they were. Here: in the game's own "
    "luck. Mean: over {worlds} worlds of other luck from the same start, with its 90 % interval. "
    "Effects do not add up: decisions need each other."
)
SECTIONS = {
    "decided": "What was decided",
    "timeline": "Decision, delay, effect",
    "flows": "Deliveries and stocks",
    "deterrence": "Deterrence",
    "worth": "What each decision was worth",
    "why": "Why the worst item stands where it stands",
    "rests": "What this rests on",
    "again": "How to play it again",
}


def report_html(game: Game, found: Review | None = None) -> str:
    """Return the after-action report of a game as one self-contained HTML page.

    Parameters
    ----------
    found : Review, optional
        The game looked back on; made here if it is not given.
    """
    found = found or looked_back(game)
    plain = start(replace(game, opening=(), turns=())).run(game.month)
    parts = {
        "decided": decided_part(found),
        "timeline": timeline_part(found),
        "flows": flows_part(game, plain),
        "deterrence": deterrence_part(game, plain),
        "worth": worth_part(found),
        "why": why_part(game),
        "rests": rests_part(found),
        "again": again_part(game),
    }
    sections = {key: (SECTIONS[key], body) for key, body in parts.items()}
    return page(f"After action: {game.scenario.title}", head(game), sections)


def _label(game: Game, month: int) -> str:
    return months.label(game.scenario.start + month)


def head(game: Game) -> str:
    """Return what a game is: its scenario, luck, version and fingerprint."""
    scenario = game.scenario
    last = _label(game, game.month - 1) if game.month else "not begun"
    rows = {
        "Scenario": f"{scenario.name} (content {scenario.digest[:12]})",
        "Played": f"{_label(game, 0)} to {last}: {game.month} of {scenario.horizon} months, "
        f"{len(game.turns)} turns",
        "Luck": f"seed {game.seed}, world {game.world}",
        "Mobilize": __version__,
        "Fingerprint of the run": fingerprint(play(game)),
    }
    return text(scenario.summary, "muted") + facts(rows) + text(HONEST, "note")


def decided_part(found: Review, seats: Sequence[str] = ()) -> str:
    """Return what was decided, a row a decision; `seats` names who did, by number of a decision."""
    game, rows = found.game, timeline(found.game, found.effects)
    others = deeds(game)
    if not rows and not others:
        return text("Nothing was decided.")
    head = ("", *(("seat",) if seats else ()), "turn", "month", "lever", "aimed at", "set to",
            "once [MUSD]", "a year [MUSD]", "authority", "confidence")  # fmt: skip
    cells = [
        (str(r["number"]), *_by(seats, r["number"] - 1), str(r["turn"] or "before"), r["decided"],
         r["title"], r["target"], r["value"], r["once_musd"], r["yearly_musd"],
         f"{r['authority']}: {r['basis']}", r["confidence"])
        for r in rows
    ]  # fmt: skip
    told = table(head, cells, f"{len(rows)} in {len(game.turns)} turns") if rows else ""
    return told + (_beside(game, seats) if others else "")


def _beside(game: Game, seats: Sequence[str]) -> str:
    """Return what was done beside levers."""
    head = ("", *(("seat",) if seats else ()), "turn", "month", "what", "about", "size", "who",
            "why")  # fmt: skip
    names = names_of(game.scenario)
    cells = [
        (str(d.number + 1), *_by(seats, d.number), str(d.turn), months.label(d.first.date), d.title,
         about(names, d), d.size, names(d.first.who), d.first.why)
        for d in deeds(game)
    ]  # fmt: skip
    return table(head, cells, "Done beside levers")


def _by(seats: Sequence[str], number: int) -> tuple[str, ...]:
    return (seats[number],) if seats else ()


def timeline_part(found: Review) -> str:
    """Return decision, delay, effect, and what others did and what befell."""
    game = found.game
    if not game.month:
        return ""
    rows = timeline(game, found.effects)
    head = ("", "lever", "decided", "took effect", "state", "what moved first", "output first",
            "deliveries first")  # fmt: skip
    cells = [
        (str(r["number"]), r["title"], r["decided"], _due(r["due"], r["delay"]), r["state"],
         _moved(r["moved"], r["terms"]), _first(r["made"]), _first(r["delivered"]))
        for r in rows
    ]  # fmt: skip
    told = [d for d in happened(game) if d.kind not in ROUTINE]
    names = names_of(game.scenario)
    events = [
        (_label(game, d.month), d.kind, names(d.who), thing(names, d.target), named(d.why, names))
        for d in told[:EVENTS]
    ]
    more = f" The first {EVENTS} of {len(told)}." if len(told) > EVENTS else ""
    return (
        draw_timeline(found)
        + text("Each decision against the same game, in the same luck, without it.", "muted")
        + (table(head, cells) if cells else "")
        + "<h3>What others decided and what befell</h3>"
        + (table(("month", "kind", "who", "about", "what"), events, more) if events
           else text("Nothing beside contracts and firms' own investments."))
    )  # fmt: skip


def _due(due: str | None, delay: int | None) -> str:
    return "-" if due is None else f"{due} ({delay} months)"


def _moved(month: str | None, terms: list[str]) -> str:
    return "no term" if month is None else f"{month}: {'; '.join(terms)}"


def _first(seen: dict[str, str | float] | None) -> str:
    if seen is None:
        return "none to be seen"
    change = float(seen["difference"])
    return f"{seen['month']}: {change:+,.3g} {seen['unit']} of {seen['item']}"


def _ordered(game: Game) -> list[tuple[int, str]]:
    """Return the items that are bought, those with most money on contract first."""
    model = play(game)
    ids, net = model.world.names, model.world.net
    names = {f.key: f.text for f in figures(game.scenario) if f.kind == "delivered"}
    value = by_item(model, "paid")[-1] if game.month else np.zeros(len(ids.items))
    at = [ids.items.index(key) for key in names if ids.items.index(key) in net.p_item]
    at.sort(key=lambda i: -value[i])
    return [(i, names[ids.items[i]]) for i in at]


def flows_part(game: Game, plain: Model) -> str:
    """Return deliveries and stocks by item, against the same luck with nothing decided."""
    if not game.month or not (items := _ordered(game)):
        return ""
    model = play(game)
    flows = {name: (by_item(model, name), by_item(plain, name))
             for name in ("delivered", "stock", "unmet")}  # fmt: skip
    goal = np.bincount(model.world.net.p_item, model.world.objective(), len(flows["stock"][0][0]))
    units = {f.text: f.unit for f in figures(game.scenario)}
    rows = []
    for i, name in items:
        total, without = (f[:, i].sum() for f in flows["delivered"])
        last = flows["delivered"][0][-YEAR:, i].mean()
        stock, unmet = flows["stock"][0][-1, i], flows["unmet"][0][:, i].sum()
        share = f"{stock / goal[i]:.0%}" if goal[i] > 0 else "-"
        rows.append((name, units[name], total, without, last, stock, share, unmet))
    head = ("item", "unit", "delivered", "with nothing decided", "a month, last year", "stock",
            "of objective", "fires not met")  # fmt: skip
    drawn = f", the {PANELS} with most money" if len(items) > PANELS else ""
    said = f"Deliveries a month, mean of 3{drawn}; dashed: the same luck, nothing decided."
    return draw_flows(game, plain, items) + text(said, "muted") + table(head, rows)


def deterrence_part(game: Game, plain: Model) -> str:
    """Return the metrics of deterrence, where the scenario has them."""
    if not (model := play(game)).watched or not game.month:
        return ""
    from mobilize.deterrence import SERIES

    at = sorted({0, *range(YEAR - 1, game.month, YEAR), game.month - 1})
    head = ("", "metric", "unit", *(_label(game, m) for m in at), "end, nothing decided")
    rows: list[Sequence[Cell]] = []
    for name, words, series, unit in ROWS:
        n = SERIES.index(series)
        values = [float(model.record.metrics[n, m]) for m in at]
        rows.append((name, words, unit, *values, float(plain.record.metrics[n, game.month - 1])))
    return text(LABEL, "note") + draw_metrics(game, plain) + table(head, rows)


def worth_part(
    found: Review,
    seats: Sequence[str] = (),
    numbers: Collection[int] | None = None,
    figures: Collection[Figure] | None = None,
) -> str:
    """Return what each decision was worth.

    Parameters
    ----------
    seats : sequence of str
        Who decided, by number of a decision; not told without it.
    numbers : collection of int, optional
        Decisions that are told; all by default.
    figures : collection of Figure, optional
        Figures that are told; all by default.
    """
    every = (*found.worths, *found.deeds)
    told = [w for w in every if numbers is None or w.number in numbers]
    if not told:
        return ""
    worlds = max(w.worlds for w in every)
    parts = [text(WORTH.format(worlds=worlds))]
    if found.deeds:
        parts.append(text("An outcome that was overridden is weighed in the game's own luck only."))
    if numbers is None and found.worths and largest(found):
        parts.append(draw_worth(found))
        parts.append(text("Bars: mean; lines: 90 % interval; diamonds: this game.", "muted"))
    named = titles(found.game)
    for worth in told:
        who = f" ({seats[worth.number]})" if seats else ""
        parts.append(f"<h3>{escape(f'{worth.number + 1}. {named[worth.number]}{who}')}</h3>")
        parts.append(_weighed(worth, figures))
    return "".join(parts)


def titles(game: Game) -> list[str]:
    """Return every decision of a game in few words, by number."""
    names = names_of(game.scenario)
    levers = [
        c.lever.title if c.setting.target == BASE else f"{c.lever.title}: {names(c.setting.target)}"
        for c in choices(game)
    ]
    return levers + [f"{deed.title}: {about(names, deed)}" for deed in deeds(game)]


def _weighed(worth: Worth, figures: Collection[Figure] | None) -> str:
    rows = [r for r in worth.rows if r.felt and (figures is None or r.figure in figures)]
    if not rows:
        return text("Changed no figure at the end.")
    head = ("what", "", "unit", "as played", "without it", "here", "mean", "low", "high",
            "higher in")  # fmt: skip
    cells = [
        (KINDS[r.figure.kind], f"{r.figure.metric} {r.figure.text}".strip(), r.figure.unit,
         r.played, r.without, r.here, r.mean, r.low, r.high,
         f"{r.higher:.0%}" if worth.worlds else "-")
        for r in rows
    ]  # fmt: skip
    return table(head, cells)


def worst(game: Game) -> str | None:
    """Return the item that stands worst: fires not met in the last year, else least of objective.

    Shares, so that items compare, of those that were delivered or fired; None where none was.
    """
    if not game.month:
        return None
    model = play(game)
    ids, net, last = model.world.names, model.world.net, slice(max(0, game.month - YEAR), None)
    flows = {name: by_item(model, name) for name in PROGRAM_SERIES[:4]}
    goal = np.bincount(net.p_item, model.world.objective(), len(ids.items))
    unmet, stock = flows["unmet"][last].sum(axis=0), flows["stock"][-1]
    bad = {}
    for i in (i for i, _ in _ordered(game)):
        asked = unmet[i] + flows["delivered"][last, i].sum()
        lack = max(0.0, 1.0 - stock[i] / goal[i]) if goal[i] > 0 else 0.0
        if asked > 0:
            bad[i] = (unmet[i] / asked, lack)
    return ids.items[max(bad, key=lambda i: bad[i])] if bad else None


def why_part(game: Game) -> str:
    """Return why the item that stands worst stands where it stands."""
    item = worst(game)
    if item is None:
        return ""
    names = {f.key: f.text for f in figures(game.scenario)}
    said = f"The worst by fires not met in the last year, then by stock: {names[item]}."
    return text(said) + f"<pre>{escape(why(play(game), item).text())}</pre>\n"


def confidence(scenario: Scenario) -> dict[str, dict[str, int]]:
    """Return how many rows of each table of a scenario rest on what."""
    found = {}
    for name, rows in scenario.tables.items():
        if "confidence" in rows.columns and len(rows) and name != "provenance":
            count = Counter(str(c) for c in rows["confidence"])
            found[name] = {tag: count.get(tag, 0) for tag in CONFIDENCES}
    return found


def rests_part(found: Review) -> str:
    """Return on what the scenario and the levers rest, by confidence."""
    counts = confidence(found.game.scenario)
    total = {tag: sum(c[tag] for c in counts.values()) for tag in CONFIDENCES}
    levers = Counter(c.lever.confidence for c in choices(found.game))
    rows: list[Sequence[Cell]] = [
        (name, *(c[tag] for tag in CONFIDENCES)) for name, c in counts.items()
    ]
    rows.append(("all", *(total[tag] for tag in CONFIDENCES)))
    rows.append(("decisions", *(levers.get(tag, 0) for tag in CONFIDENCES)))
    every = sum(total.values())
    said = f"{total['notional']} of {every} rows of the scenario are notional: modelling choices."
    caption = "Rows of each table by confidence, and the levers that were set"
    return text(said) + table(("table", *CONFIDENCES), rows, caption)


def again_part(game: Game) -> str:
    """Return how to play the game again."""
    words = (
        "Save the game as JSON, then: mobilize replay game.json. The fingerprint above says "
        f"whether every figure is the same. It needs Mobilize {__version__} and the scenario "
        f"{game.scenario.name} with the content {game.scenario.digest}; give a folder of your own "
        "with --scenario FOLDER."
    )
    return text(words)
