"""A game as one page to keep, print and send: no script, nothing fetched, the same bytes again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from html import escape

import numpy as np

from mobilize import __version__
from mobilize.game.after import ROUTINE, by_item, choices, happened, start, timeline
from mobilize.game.game import Game, fingerprint, play
from mobilize.game.pictures import (
    PANELS,
    draw_flows,
    draw_metrics,
    draw_timeline,
    draw_worth,
    largest,
)
from mobilize.game.worth import KINDS, Review, figures, looked_back
from mobilize.metrics import LABEL, ROWS
from mobilize.model import Model
from mobilize.playing import HONEST
from mobilize.record import PROGRAM_SERIES
from mobilize.scenario import Scenario, months
from mobilize.scenario.cells import CONFIDENCES
from mobilize.why import why
from mobilize.words import number

YEAR = 12
EVENTS = 60  # that are listed; the rest is in the CSV
CHAIN = 12  # figures of one decision that are listed
STYLE = """
:root { color-scheme: light }
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 68rem; padding: 2rem 1.5rem; background: #fff; color: #16202c;
  font: 15px/1.5 system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .3rem }
h2 { font-size: 1.25rem; margin: 2.4rem 0 .6rem; padding-top: .6rem; border-top: 2px solid #0b5cad }
h3 { font-size: 1rem; margin: 1.4rem 0 .3rem }
p { max-width: 46rem }
.muted { color: #505b69 }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1.2rem; margin: 1rem 0 }
dt { color: #505b69 } dd { margin: 0; overflow-wrap: anywhere }
.wide { overflow-x: auto }
table { border-collapse: collapse; width: 100%; font-size: .82rem; margin: .6rem 0 }
caption { text-align: left; color: #505b69; padding: .2rem 0 }
th, td { padding: .28rem .6rem; border-bottom: 1px solid #dfe5eb; text-align: left;
  vertical-align: top }
th { border-bottom: 2px solid #9aa7b5; font-weight: 600 }
td.date { white-space: nowrap }
.num { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
svg { display: block; width: 100%; height: auto }
svg text { font-family: inherit !important }
pre { background: #f3f6f9; padding: .8rem 1rem; overflow-x: auto; font-size: .82rem;
  white-space: pre-wrap }
.note { background: #fff6e6; border-left: 4px solid #b4530a; padding: .5rem .9rem }
nav a { margin-right: 1rem } a { color: #0b5cad }
@media print { body { max-width: none; padding: 0; font-size: 10pt } nav { display: none }
  h2, h3 { break-after: avoid } tr, svg { break-inside: avoid } .wide { overflow: visible } }
@page { margin: 15mm }
"""
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
Cell = str | float | int | None


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
        "decided": _decided(found),
        "timeline": _timeline(found),
        "flows": _flows(game, plain),
        "deterrence": _deterrence(game, plain),
        "worth": _worth(found),
        "why": _why(game),
        "rests": _rests(found),
        "again": _again(game),
    }
    parts = {key: body for key, body in parts.items() if body}
    title = escape(f"After action: {game.scenario.title}")
    links = "".join(f'<a href="#{key}">{SECTIONS[key]}</a>' for key in parts)
    body = "".join(
        f'<section id="{key}"><h2>{SECTIONS[key]}</h2>{text}</section>\n'
        for key, text in parts.items()
    )
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n"
        f"<h1>{title}</h1>\n{_head(game)}<nav>{links}</nav>\n{body}</main>\n</body>\n</html>\n"
    )


def table(head: Sequence[str], rows: Iterable[Sequence[Cell]], caption: str = "") -> str:
    """Return a table: words left, figures right, everything escaped."""
    rows = [list(row) for row in rows]
    right = [all(_figure(row[n]) for row in rows) and bool(rows) for n in range(len(head))]

    def row_of(cells: Sequence[Cell], tag: str) -> str:
        told = (c if isinstance(c, str) else number(c) for c in cells)
        return "".join(
            f"<{tag}{' class=num' if num else ''}{' scope=col' if tag == 'th' else ''}>"
            f"{escape(text)}</{tag}>"
            for text, num in zip(told, right, strict=True)
        )

    body = "".join(f"<tr>{row_of(row, 'td')}</tr>\n" for row in rows)
    said = f"<caption>{escape(caption)}</caption>" if caption else ""
    return (
        f'<div class="wide"><table>{said}<thead><tr>{row_of(head, "th")}</tr></thead>\n'
        f"<tbody>{body}</tbody></table></div>\n"
    )


def _figure(cell: Cell) -> bool:
    return not isinstance(cell, str) or cell.endswith("%") or cell == "-"


def _fixed(words: str) -> str:
    """Return the class of a cell that must not be broken: a month."""
    return " class=date" if len(words) == 7 and words[4] == "-" and words[:4].isdigit() else ""


def text(words: str, kind: str = "") -> str:
    """Return a paragraph, escaped."""
    return f"<p{f' class={kind}' if kind else ''}>{escape(words)}</p>\n"


def _label(game: Game, month: int) -> str:
    return months.label(game.scenario.start + month)


def _head(game: Game) -> str:
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
    told = "".join(f"<dt>{k}</dt><dd>{escape(v)}</dd>" for k, v in rows.items())
    return f"{text(scenario.summary, 'muted')}<dl>{told}</dl>\n{text(HONEST, 'note')}"


def _decided(found: Review) -> str:
    game, rows = found.game, timeline(found.game, found.effects)
    if not rows:
        return text("Nothing was decided.")
    head = ("", "turn", "month", "lever", "aimed at", "set to", "once [MUSD]",
            "a year [MUSD]", "authority", "confidence")  # fmt: skip
    cells = [
        (str(r["number"]), str(r["turn"] or "before"), r["decided"], r["title"], r["target"],
         r["value"], r["once_musd"], r["yearly_musd"], f"{r['authority']}: {r['basis']}",
         r["confidence"])
        for r in rows
    ]  # fmt: skip
    return table(head, cells, f"{len(rows)} in {len(game.turns)} turns")


def _timeline(found: Review) -> str:
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
    events = [(_label(game, d.month), d.kind, d.who, d.target, d.why) for d in told[:EVENTS]]
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


def _flows(game: Game, plain: Model) -> str:
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


def _deterrence(game: Game, plain: Model) -> str:
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


def _worth(found: Review) -> str:
    if not found.worths:
        return ""
    worlds = found.worths[0].worlds
    parts = [
        text(
            "The game played again without one decision, all others as they were. Here: in the "
            f"game's own luck. Mean: over {worlds} worlds of other luck from the same start, with "
            "its 90 % interval. Effects do not add up: decisions need each other."
        )
    ]
    if largest(found):
        parts.append(draw_worth(found))
        parts.append(text("Bars: mean; lines: 90 % interval; diamonds: this game.", "muted"))
    for choice, worth in zip(choices(found.game), found.worths, strict=True):
        parts.append(f"<h3>{escape(f'{choice.number + 1}. {choice.lever.title}')}</h3>")
        rows = [r for r in worth.rows if r.felt]
        if not rows:
            parts.append(text("Changed no figure at the end."))
            continue
        head = ("what", "", "unit", "as played", "without it", "here", "mean", "low", "high",
                "higher in")  # fmt: skip
        cells = [
            (KINDS[r.figure.kind], f"{r.figure.metric} {r.figure.text}".strip(), r.figure.unit,
             r.played, r.without, r.here, r.mean, r.low, r.high, f"{r.higher:.0%}")
            for r in rows
        ]  # fmt: skip
        parts.append(table(head, cells))
    return "".join(parts)


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


def _why(game: Game) -> str:
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


def _rests(found: Review) -> str:
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


def _again(game: Game) -> str:
    words = (
        "Save the game as JSON, then: mobilize replay game.json. The fingerprint above says "
        f"whether every figure is the same. It needs Mobilize {__version__} and the scenario "
        f"{game.scenario.name} with the content {game.scenario.digest}; give a folder of your own "
        "with --scenario FOLDER."
    )
    return text(words)
