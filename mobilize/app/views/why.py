"""Why: the chain from what was asked about to its root, as plain data for the drawer.

:func:`answer` runs in a worker: it takes a game as a value and gives data that can be sent.
"""

from __future__ import annotations

import difflib

import numpy as np

from mobilize.app.views.answers import Answer, empty, fact
from mobilize.app.views.plants import (
    bind_of,
    call,
    called,
    figure,
    item_name,
    label,
    plain,
    plant,
    said,
)
from mobilize.app.views.why_metrics import METRIC_OF, SAID, about_metric, about_programs
from mobilize.app.views.why_money import about_money
from mobilize.game.game import Game, play
from mobilize.model import Model
from mobilize.scenario import months
from mobilize.state import BOUND, DEMAND, EPS, INPUT, LEDGER
from mobilize.why import Link, Relief, UnknownTargetError, Why, why
from mobilize.why_programs import ProgramWhy
from mobilize.words import number
from mobilize.world import World

KINDS = ("program", "item", "line", "metric", "ledger")
NEXT = 6  # further questions offered
MONEY = ("money", "obligated", "paid")  # asked about as metrics, answered by the ledger


class AnswerError(ValueError):
    """A question that has no answer; the text says why and what can be asked."""


def answer(
    game: Game, kind: str, target: str, month: int | None = None, relief: bool = False
) -> Answer:
    """Answer a question about a game; never fails.

    Parameters
    ----------
    game : Game
    kind : str
        One of KINDS.
    target : str
        An id of the scenario; for a line also the number of one that is not mapped (`#12`); for
        a metric M1 to M7 or a name of a series; for the ledger an account or `all`.
    month : int, optional
        Months from the start of the scenario; by default the last one played.
    relief : bool
        Also measure what relaxing the root would have been worth: the same world runs twice again.

    Returns
    -------
    dict
        See :func:`mobilize.app.views.answers.empty`; `error` is not empty where there is no
        answer.
    """
    try:
        return _answer(game, kind, target, month, relief)
    except (AnswerError, UnknownTargetError) as error:
        return empty(kind, target) | {"error": str(error)}


def _answer(game: Game, kind: str, target: str, month: int | None, relief: bool) -> Answer:
    if kind not in KINDS:
        raise AnswerError(f"'{kind}' cannot be asked about; allowed: {', '.join(KINDS)}")
    model = _at(game, month)
    if kind == "ledger" or (kind == "metric" and target in MONEY):
        if target not in (*LEDGER, *MONEY, "all", ""):
            known = ", ".join((*LEDGER, "all"))
            raise AnswerError(f"no account '{target}'; there are: {known}")
        return _dated(about_money(model, target if target in LEDGER else "all"), model, month)
    if kind != "metric":
        return _dated(about(model, kind, target, relief), model, month)
    if target in SAID:
        found, asked = about_programs(model, target)
    elif target in METRIC_OF:
        if not model.watched:
            raise AnswerError(
                f"{game.scenario.title} has no reference war, so the metrics of deterrence do not "
                "apply; ask about an item, a program or a plant"
            )
        found, asked = about_metric(model, target)
    else:
        known = ", ".join(dict.fromkeys([*METRIC_OF.values(), *SAID]))
        raise AnswerError(f"no metric '{target}'; there are: {known}")
    if asked:
        below = about(model, "program", asked, relief)
        found |= {k: below[k] for k in ("steps", "says", "relief", "relief_known")}
        found["chain_of"] = below["title"]
        found["next"] = [*found["next"], {"name": below["title"], "kind": "program",
                                          "target": asked}, *below["next"]][:NEXT]  # fmt: skip
    return _dated(found, model, month)


def _at(game: Game, month: int | None) -> Model:
    """Return the model of a game as it stood after a month."""
    model = play(game)
    if not model.month:
        raise AnswerError("Nothing has been played yet. Play a month, then ask again.")
    if month is None or month == model.month - 1:
        return model
    start = game.scenario.start
    if not 0 <= month < model.month:
        last = months.label(start + model.month - 1)
        raise AnswerError(f"Only months from {months.label(start)} to {last} have been played.")
    return model.again(model.months).run(month + 1)


def _dated(found: Answer, model: Model, asked: int | None) -> Answer:
    return found | {
        "month": months.label(model.world.scenario.start + model.month - 1),
        "past": asked is not None,
        "at": asked,
    }


# -------------------------------------------------------------- programs, items and lines


def about(model: Model, kind: str, target: str, relief: bool) -> Answer:
    """Answer why a program, an item or a line stands where it stands.

    Raises
    ------
    AnswerError
        If the scenario has no such thing.
    """
    world = model.world
    target = called(world, target)
    names = world.names
    known = {"program": names.programs, "item": _made(world), "line": names.lines}[kind]
    if target not in known:
        shown = known if kind != "line" else [call(world, x) for x in range(len(known))]
        near = difflib.get_close_matches(target, shown, 3) or shown[:6]
        raise AnswerError(f"no {kind} '{target}' here; for example: {', '.join(near)}")
    found = why(model, target, relief)
    title = _title(world, kind, target)
    shown = call(world, names.lines.index(target)) if kind == "line" else target
    out = empty(kind, shown) | {
        "title": title,
        "headline": _headline(world, found, title),
        "facts": _facts(model, kind, target),
        "steps": [
            step(world, link, n == len(found.links) - 1) for n, link in enumerate(found.links)
        ],
        "relief": _relief(world, found, title),
        "relief_known": relief,
        "next": _next(world, kind, target, found),
    }
    if isinstance(found, ProgramWhy):
        out["says"] = [plain(world, text) for text in found.says]
    return out


def _made(world: World) -> list[str]:
    return [world.names.items[i] for i in dict.fromkeys(world.net.l_item.tolist())]


def _title(world: World, kind: str, target: str) -> str:
    tables, names = world.scenario.tables, world.names
    if kind == "program":
        return str(tables["programs"]["name"][names.programs.index(target)])
    if kind == "item":
        return item_name(world.scenario, names.items.index(target))
    line = names.lines.index(target)
    return f"{label(world, line)}: {item_name(world.scenario, int(world.net.l_item[line]))}"


def step(world: World, link: Link, root: bool) -> Answer:
    """Return a link of a chain as a step of the drawer."""
    line = world.names.lines.index(link.line)
    who = plant(world, line)
    wanted = link.wanted
    return {
        **{k: who[k] for k in ("firm", "place", "country", "unit", "unmapped", "confidence")},
        "item": who["item_name"],
        "made": figure(link.made),
        "wanted": figure(wanted),
        "share": figure(min(1.0, link.made / wanted)) if wanted > 0.0 else 1.0,
        "bind": bind_of(link.bound),
        "binds": link.bound,
        "since": link.since,
        "cause": plain(world, link.cause),
        "root": root,
        "ask": {"kind": "line", "target": who["id"]},
    }


def _headline(world: World, found: Why, title: str) -> str:
    """Return the answer in a sentence."""
    if isinstance(found, ProgramWhy):
        bound = plain(world, found.bound)
        return f"{title}: held up by {bound} since {found.since}."
    root = found.links[-1]
    line = world.names.lines.index(root.line)
    at, part = said(world, line), item_name(world.scenario, int(world.net.l_item[line]))
    if root.bound == BOUND[DEMAND]:
        if len(found.links) == 1:
            return f"{_first(at)} makes what is asked of it."
        return f"What is short is {part}: {at} keeps its dates, so it was ordered late."
    if root.bound == BOUND[INPUT]:
        return f"{_first(at)} ({part}) has no open source for what it lacks, since {root.since}."
    where = "It ends at" if len(found.links) > 1 else "It is held up at"
    return f"{where} {at} ({part}), bound by {root.bound} since {root.since}."


def _first(text: str) -> str:
    """Return a text as a sentence begins."""
    return text[:1].upper() + text[1:]


def _relief(world: World, found: Why, title: str) -> Answer | None:
    """Return what relaxing the root would have been worth, in words and figures."""
    if found.relief is None:
        return None
    r: Relief = found.relief
    since = found.since if isinstance(found, ProgramWhy) else found.links[-1].since
    more = f"{number(r.units)} {r.unit}"
    if r.unit == "units":
        few = "fewer" if r.units < 0 else "more"
        more = f"{number(abs(r.units))} {few} of {title}" if abs(r.units) > EPS else "no more"
    change = plain(world, r.change)
    text = f"With {change} since {since}: {more} in {r.months} months, in the same luck."
    return {"text": text, "units": figure(r.units), "unit": r.unit, "months": r.months}


def _facts(model: Model, kind: str, target: str) -> list[Answer]:
    """Return the figures of what was asked about."""
    world = model.world
    s, net, names = world.s, world.net, world.names
    if kind == "program":
        i = names.programs.index(target)
        unit = str(world.scenario.tables["items"]["unit"][net.p_item[i]])
        return [
            fact("Delivered this month", s.delivered[i], unit),
            fact("In stock", s.stock[i], unit, f"objective {number(float(world.objective()[i]))}"),
            fact("On contract, not delivered", s.undelivered[i], unit),
            fact("Asked for and not there", s.unmet[i], f"{unit} this month"),
        ]
    if kind == "item":
        mine = np.flatnonzero(net.l_item == names.items.index(target))
        unit = str(world.scenario.tables["items"]["unit"][names.items.index(target)])
        return [
            fact("Work started", s.started[mine].sum(), f"{unit} this month"),
            fact("Wanted", s.wanted[mine].sum(), f"{unit} a month"),
            fact("Plants", len(mine), "lines"),
        ]
    line = names.lines.index(target)
    unit = str(world.scenario.tables["items"]["unit"][net.l_item[line]])
    return [
        fact("Work started", s.started[line], f"{unit} this month"),
        fact("Wanted", s.wanted[line], f"{unit} a month"),
        fact("On order", s.book[line], unit, f"{number(float(s.rated[line]))} of it rated"),
        fact("Trained people", s.crew[line], "people"),
        fact("Price", s.price[line] / 1000, f"MUSD per {unit}"),
    ]


def _next(world: World, kind: str, target: str, found: Why) -> list[Answer]:
    """Return what may be asked next: programs and items that what was asked about serves."""
    net, names = world.net, world.names
    programs = world.scenario.tables["programs"]["name"]
    if kind == "program":
        item = int(net.p_item[names.programs.index(target)])
        if not (net.l_item == item).any():
            return []
        name = item_name(world.scenario, item)
        return [{"name": name, "kind": "item", "target": names.items[item]}]
    lines = (
        np.flatnonzero(net.l_item == names.items.index(target))
        if kind == "item"
        else np.array([names.lines.index(target)])
    )
    routes = np.isin(net.r_supplier, lines)
    buyers = dict.fromkeys(net.r_program[routes & (net.r_program >= 0)].tolist())
    items = dict.fromkeys(net.l_item[net.k_line[net.r_slot[routes & (net.r_slot >= 0)]]].tolist())
    served = [(str(programs[i]), "program", names.programs[i]) for i in buyers]
    served += [(item_name(world.scenario, i), "item", names.items[i]) for i in items]
    return [{"name": n, "kind": k, "target": t} for n, k, t in served[:NEXT]]
