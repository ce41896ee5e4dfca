"""A team's own game in a class: what is open to decide, and what the months of a step brought."""

from __future__ import annotations

from typing import Any

import numpy as np

from mobilize.app.views.charts import chart, end_items, past, rounded, taker
from mobilize.app.views.levers import lever_board, lever_state, names_of
from mobilize.app.views.log import feed
from mobilize.game.game import Game, play
from mobilize.game.sitting import View
from mobilize.lessons.money import given_out
from mobilize.model import compiled
from mobilize.programs import DEVELOPMENT
from mobilize.record import PROGRAM_SERIES
from mobilize.scenario import months
from policies.levers import catalogue
from policies.package import BASE, Setting

Json = dict[str, Any]
NEWEST = 40  # rows of what happened


def plan(view: View, told: Json, step: Json) -> Json | None:
    """Return the levers that a step opens, each with its targets and values, and the draft.

    None where the step opens none to the team. What may be set is what the step's rows allow.
    """
    rows, others = step["levers"], step["others"]
    if not rows and not others:
        return None
    board = lever_board(view)
    known = {one["name"]: one for group in board["groups"] for one in group["levers"]}
    titles = {part["name"]: part["title"] for part in told["you"]["parts"]}
    state = lever_state(view)
    open_rows = [
        _open(board, known[row["lever"]], row, _takes(view.game, row["lever"]))
        for row in rows
        if row["lever"] in known
    ]
    mine = {(row["name"], aim["id"]) for row in open_rows for aim in row["aims"]}
    return {
        "open": step["open"],
        "most": step["most"],
        "money": step["money"],
        "spent": given_out(view.game.scenario, view.draft),
        "date": months.label(view.game.date),
        "levers": open_rows,
        "others": [
            {"title": known[row["lever"]]["title"], "part": titles.get(row["part"], "")}
            for row in others
            if row["lever"] in known
        ],
        "draft": [
            {**_said(view.game, s, known), "mine": (s.lever, s.target) in mine} for s in view.draft
        ],
        "decided": state["decided"],
        "cost": state["cost"],
    }


def _takes(game: Game, name: str) -> dict[str, int]:
    """Return by id the months of the projects that a lever starts, until they are qualified."""
    if not catalogue()[name].begins:
        return {}
    rows = game.scenario.tables["projects"]
    phases = np.sum([rows[phase] for phase in ("fund", "build", "equip", "qualify")], axis=0)
    return dict(zip(map(str, rows["id"]), map(int, phases), strict=True))


def _open(board: Json, lever: Json, row: Json, begun: dict[str, int]) -> Json:
    """Return a lever as far as a row opens it; `begun` are months of projects that it starts."""
    aims = board["aims"].get(lever["aim"], [{"id": BASE, "name": ""}])
    wanted = row["targets"]
    if lever["setting"] == "switch":
        values = [v for v in row["values"] if v != "off"] or ["on"]
    else:
        values = row["values"] or lever["values"]
    fixed = bool(row["values"]) or lever["setting"] != "amount"
    return lever | {
        "aims": [
            aim | {"then": begun.get(aim["id"], 0)}
            for aim in aims
            if not wanted or aim["id"] in wanted
        ],
        "values": [v for v in values if v != "off"],
        "amount": not fixed,
        "ends": not row["values"] or "off" in row["values"],
    }


def _said(game: Game, setting: Setting, known: Json) -> Json:
    """Return a setting in words."""
    lever = known.get(setting.lever)
    table = "" if lever is None else lever["aim"].split("/")[0]
    names = names_of(game.scenario, table) if table else {}
    return {
        "lever": setting.lever,
        "target": setting.target,
        "value": setting.value,
        "title": lever["title"] if lever else setting.lever,
        "aimed": "" if setting.target == BASE else names.get(setting.target, setting.target),
        "unit": lever["unit"] if lever else "",
    }


def turn_of(told: Json, name: str) -> int:
    """Return which turn of the team's game a step of kind see played, from 0; -1 if none."""
    played = [step["name"] for step in told["steps"] if step["months"]]
    return played.index(name) if name in played else -1


def saw(game: Game, turn: int, item: str = "") -> Json:
    """Return what the months of a turn brought in a team's own game.

    Parameters
    ----------
    turn : int
        Number of the turn; the game may have gone on since.
    item : str
        Which deliveries are charted; by default those of the item that most programs buy.
    """
    upto = game.before(turn + 1)
    view = View(upto)
    since = upto.month - upto.turns[-1].months
    ids = end_items(game.scenario)
    item = item if item in ids else _common(game, ids)
    names = names_of(game.scenario, "items")
    board = lever_board(view)
    known = {one["name"]: one for group in board["groups"] for one in group["levers"]}
    start = game.scenario.start
    return {
        "since": months.label(start + since),
        "until": months.label(start + upto.month - 1),
        "months": upto.month - since,
        "before": min(since, upto.month - since),
        "decided": [
            _said(game, s, known) | {"due": _due(view, s)} for s in upto.turns[-1].settings
        ],
        "rows": _by_program(upto, since),
        "item": item,
        "items": [{"id": i, "name": names[i]} for i in ids],
        "chart": past_chart(view, "delivered", item),
        "feed": [row for row in feed(view, NEWEST) if row["at"] >= since],
    }


def _due(view: View, setting: Setting) -> str:
    """Return in words when a setting took effect, or will."""
    made = [one.due for one in view.model.world.made if one.setting == setting]
    if not made:
        return ""
    date = months.label(view.game.scenario.start + made[-1])
    return f"took effect {date}" if made[-1] < view.game.month else f"not before {date}"


def past_chart(view: View, kind: str, item: str) -> Json:
    """Return a chart of all that has been played, with nothing of what lies ahead."""
    game = view.game
    behind = rounded(past(view.model.record, taker(game.scenario, kind, item)))
    dates = [months.label(game.scenario.start + n) for n in range(len(behind))]
    return chart(view, kind, item) | {"dates": dates, "first": 0, "past": behind, "now": None}


def _common(game: Game, ids: list[str]) -> str:
    """Return the item that most programs buy; of equals the first."""
    net, names = compiled(game.scenario)
    bought = [names.items[i] for i in net.p_item[net.p_kind != DEVELOPMENT].tolist()]
    return max(ids, key=bought.count)


def _by_program(game: Game, since: int) -> list[Json]:
    """Return deliveries of every program before and in the last months, and a sum by item.

    Rows that are `sums` are together all there is of every item.
    """
    model = play(game)
    net, ids = compiled(game.scenario)
    end, span = game.month, game.month - since
    delivered = model.record.programs[PROGRAM_SERIES.index("delivered"), :end]
    unmet = model.record.programs[PROGRAM_SERIES.index("unmet"), :end]
    owed = model.world.s.undelivered
    stock = model.world.s.stock
    names, items = names_of(game.scenario, "programs"), names_of(game.scenario, "items")
    units = dict(zip(map(str, game.scenario.tables["items"]["id"]),
                     map(str, game.scenario.tables["items"]["unit"]), strict=True))  # fmt: skip
    rows = []
    kept = np.flatnonzero(net.p_kind != DEVELOPMENT)
    for number in dict.fromkeys(net.p_item[kept].tolist()):
        item = ids.items[number]
        mine = [p for p in kept.tolist() if net.p_item[p] == number]
        groups = [([p], names[ids.programs[p]], False) for p in mine]
        if len(mine) > 1:
            groups.append((mine, f"{items[item]}: all together", True))
        for who, name, total in groups:
            rows.append(
                {
                    "name": name,
                    "total": total,
                    "sums": total or len(mine) == 1,
                    "item": items[item],
                    "unit": units[item],
                    "before": float(delivered[max(0, since - span) : since, who].sum()),
                    "got": float(delivered[since:, who].sum()),
                    "unmet": float(unmet[since:, who].sum()),
                    "owed": float(owed[who].sum()),
                    "stock": float(stock[who].sum()),
                }
            )
    return rows
