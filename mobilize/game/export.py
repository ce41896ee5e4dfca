"""A game in files: decisions, worth and monthly series as CSV in one zip, and all of it as JSON."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from mobilize.deterrence import SERIES
from mobilize.game.after import happened, timeline
from mobilize.game.deeds import deeds
from mobilize.game.file import write_game
from mobilize.game.game import Game, fingerprint, play
from mobilize.game.worth import Review, looked_back
from mobilize.metrics import LABEL
from mobilize.record import FLEET_SERIES, PROGRAM_SERIES
from mobilize.scenario import months
from mobilize.state import LEDGER

SECRET = ("mindset",)  # series of deterrence that players may not see before the end
MONEY = ("obligated", "paid")  # program series in kUSD, since the start
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # how a text begins that a spreadsheet would compute
COLUMNS = (
    *("number", "turn", "decided", "lever", "title", "target", "value", "once_musd", "yearly_musd"),
    *("authority", "basis", "confidence", "due", "state", "moved"),
)
EPOCH = (1980, 1, 1, 0, 0, 0)  # the same date in every archive, so that its bytes are the same
README = """A game of Mobilize, one file a table; UTF-8, comma-separated, one header line.

decisions.csv  what was decided, when it took effect, and what was first seen of it
events.csv     what others decided and what befell
worth.csv      what each decision was worth: the game played again without it
deeds.csv      what was done beside levers, where anything was; numbered after the levers
programs.csv   by month and program; units of the item, money in kUSD since the start
items.csv      units finished by month and item
ledger.csv     money since the start by month and account, kUSD
fleets.csv     units by month and fleet, where the scenario has fleets
metrics.csv    deterrence by month, where the scenario has a reference conflict
game.json      the game itself: `mobilize replay game.json` plays it again

A teaching and exploration model on public figures; not a forecast. Numbers tagged notional are
modelling choices.
"""
Cells = Iterable[Sequence[object]]


def tables(game: Game, found: Review | None = None) -> dict[str, str]:
    """Return every table of a game as CSV, by file name.

    Parameters
    ----------
    found : Review, optional
        The game looked back on; made here if it is not given.
    """
    found = found or looked_back(game)
    return {
        "decisions.csv": _decisions(found),
        "events.csv": _events(game),
        "worth.csv": _worth(found),
        **({"deeds.csv": _deeds(game)} if deeds(game) else {}),
        **_series(game),
    }


def export_zip(game: Game, found: Review | None = None) -> bytes:
    """Return the tables and the game as one archive; the same game gives the same bytes."""
    return zipped({"README.txt": README, **tables(game, found), "game.json": _game(game)})


def zipped(files: dict[str, str]) -> bytes:
    """Return files as one archive; the same files give the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            archive.writestr(entry, text, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def export_json(game: Game, found: Review | None = None) -> str:
    """Return everything about a game as JSON: its file, decisions, worth, events and series."""
    found = found or looked_back(game)
    data = {
        "label": LABEL,
        "game": json.loads(_game(game)),
        "title": game.scenario.title,
        "decisions": timeline(game, found.effects),
        "worth": [
            {"number": w.number + 1, "worlds": w.worlds, "figures": [asdict(r) for r in w.rows]}
            for w in (*found.worths, *found.deeds)
        ],
        "events": [{**d._asdict(), "month": _label(game, d.month)} for d in happened(game)],
        "series": series(game),
    }
    whole = json.loads(json.dumps(data), parse_constant=lambda _: None)
    return json.dumps(whole, indent=1, allow_nan=False) + "\n"


def series(game: Game) -> dict[str, Any]:
    """Return the monthly series of a game as plain lists, one value a month."""
    model = play(game)
    record, ids, span = model.record, model.world.names, game.month
    return {
        "months": [_label(game, m) for m in range(span)],
        "programs": {
            name: {s: record.series(s)[:, i].tolist() for s in PROGRAM_SERIES}
            for i, name in enumerate(ids.programs)
        },
        "items": {
            name: record.items[:span, i].tolist() for i, name in enumerate(ids.items)
        },
        "ledger_kusd": {
            name: record.ledger[:span, i].tolist() for i, name in enumerate(LEDGER)
        },
        "fleets": {
            name: {s: record.fleet(s)[:, i].tolist() for s in FLEET_SERIES}
            for i, name in enumerate(ids.fleets)
        },
        "metrics": {
            name: record.metrics[n, :span].tolist() for n, name in _metrics(game)
        },
    }  # fmt: skip


def _metrics(game: Game) -> list[tuple[int, str]]:
    """Return places and names of the series of deterrence that may be told now."""
    if not play(game).watched:
        return []
    return [(n, name) for n, name in enumerate(SERIES) if name not in SECRET or not game.left]


def _game(game: Game) -> str:
    return write_game(game, fingerprint(play(game)))


def _label(game: Game, month: int) -> str:
    return months.label(game.scenario.start + month)


def as_csv(head: Sequence[str], rows: Cells) -> str:
    """Return a table as text; the same rows give the same bytes."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(head)
    writer.writerows([_cell(cell) for cell in row] for row in rows)
    return out.getvalue()


def _cell(value: object) -> object:
    """Return a cell that no spreadsheet takes for a formula; what is not known is empty."""
    if isinstance(value, str) and value.startswith(FORMULA):
        return f"'{value}"
    if isinstance(value, float):
        return repr(value) if value == value else ""
    return value


def _decisions(found: Review) -> str:
    rows = timeline(found.game, found.effects)
    head = [*COLUMNS, "terms"]
    for what in ("made", "delivered"):
        head += [f"{what}_{part}" for part in ("month", "item", "difference", "unit")]
    cells = []
    for row in rows:
        line = [row[name] for name in COLUMNS] + ["; ".join(row["terms"])]
        for what in ("made", "delivered"):
            seen = row[what] or {}
            line += [seen.get(part, "") for part in ("month", "item", "difference", "unit")]
        cells.append(line)
    return as_csv(head, cells)


def _events(game: Game) -> str:
    rows = [
        (_label(game, d.month), d.who, d.kind, d.target, d.amount, d.unit, d.why)
        for d in happened(game)
    ]
    return as_csv(("month", "who", "kind", "target", "amount", "unit", "why"), rows)


def _deeds(game: Game) -> str:
    """Return what was done beside levers, a row a deed."""
    head = ("number", "turn", "month", "kind", "title", "about", "size", "who", "why")
    rows = [
        (d.number + 1, d.turn, months.label(d.first.date), d.kind, d.title, d.target, d.size,
         d.first.who, d.first.why)
        for d in deeds(game)
    ]  # fmt: skip
    return as_csv(head, rows)


def _worth(found: Review) -> str:
    head = ("number", "kind", "metric", "what", "name", "unit", "played", "without", "here",
            "mean", "low_90", "high_90", "share_of_worlds_higher", "worlds")  # fmt: skip
    rows = [
        (w.number + 1, r.figure.kind, r.figure.metric, r.figure.key, r.figure.text, r.figure.unit,
         r.played, r.without, r.here, r.mean, r.low, r.high, r.higher, w.worlds)
        for w in (*found.worths, *found.deeds)
        for r in w.rows
    ]  # fmt: skip
    return as_csv(head, rows)


def _series(game: Game) -> dict[str, str]:
    """Return the tables of the months played."""
    model, data = play(game), series(game)
    table, dates = game.scenario.tables["items"], data["months"]
    units = dict(zip(table["id"].tolist(), table["unit"].tolist(), strict=True))
    item_of = [model.world.names.items[i] for i in model.world.net.p_item]
    programs = [
        (date, name, item, units[item], *(values[s][m] for s in PROGRAM_SERIES))
        for m, date in enumerate(dates)
        for (name, values), item in zip(data["programs"].items(), item_of, strict=True)
    ]
    heads = (f"{s}_kusd" if s in MONEY else s for s in PROGRAM_SERIES)
    found = {
        "programs.csv": as_csv(("month", "program", "item", "unit", *heads), programs),
        "items.csv": as_csv(
            ("month", "item", "unit", "finished"),
            [
                (date, name, units[name], values[m])
                for m, date in enumerate(dates)
                for name, values in data["items"].items()
            ],
        ),
        "ledger.csv": _wide(dates, {f"{k}_kusd": v for k, v in data["ledger_kusd"].items()}),
    }
    if data["fleets"]:
        rows = [
            (date, name, *(values[s][m] for s in FLEET_SERIES))
            for m, date in enumerate(dates)
            for name, values in data["fleets"].items()
        ]
        found["fleets.csv"] = as_csv(("month", "program", *FLEET_SERIES), rows)
    if data["metrics"]:
        found["metrics.csv"] = _wide(dates, data["metrics"])
    return found


def _wide(dates: list[str], columns: dict[str, list[float]]) -> str:
    rows = [(date, *(values[m] for values in columns.values())) for m, date in enumerate(dates)]
    return as_csv(("month", *columns), rows)
