"""The situation of a seat: its own stocks, plants or ladder, and the public picture."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from mobilize.app.rooms.teams.views.foretelling import many
from mobilize.game.telling import Names, names_of
from mobilize.scenario import Scenario, months

Plain = dict[str, Any]
DIGITS = 5  # of a figure that is sent: more than any picture shows


def neat(value: float | None) -> float | None:
    """Return a figure with the digits that are shown; nothing for what is not known."""
    return None if value is None or value != value else float(f"{value:.{DIGITS}g}")


def column(title: str, unit: str = "", number: bool = True) -> Plain:
    """Return a column of a table."""
    return {"title": title, "unit": unit, "num": number}


def grid(key: str, title: str, columns: Sequence[Plain], rows: Sequence[Sequence[Any]],
         empty: str, note: str = "", search: bool = False) -> Plain:  # fmt: skip
    """Return a table that is shown by columns and cells; the first cell names its row."""
    return {
        "id": key,
        "title": title,
        "note": note,
        "columns": list(columns),
        "rows": [[neat(c) if isinstance(c, float) else c for c in row] for row in rows],
        "empty": empty,
        "search": search,
    }


def tiles(world: Plain) -> list[Plain]:
    """Return the figures at the top: of what this seat sees, the first that it has."""
    rows: list[Plain] = []
    for part, made in TILES.items():
        if part in world:
            rows += made(world[part])
    return rows[:MOST]


MOST = 6


def _tile(key: str, label: str, value: float, unit: str, detail: str, bad: bool = False) -> Plain:
    return {"id": key, "label": label, "value": neat(value), "unit": unit, "detail": detail,
            "bad": bad}  # fmt: skip


def _of_programs(rows: list[Plain]) -> list[Plain]:
    short = sum(r["unmet"] > 0 for r in rows)
    low = sum(r["stock"] < r["objective"] for r in rows)
    lent = sum(x["lender"] == r["program"] and not x["gift"] for r in rows for x in r["loans"])
    money = sum(r["money_musd"] for r in rows)
    return [
        _tile("short", "Programs whose fires go unmet", short, "", "asked for and not there",
              short > 0),
        _tile("low", "Programs below their objective", low, f"of {len(rows)}",
              "stock on the shelf"),
        _tile("money", "Money not on contract yet", money, "MUSD", "of your programs"),
        _tile("lent", "Loans that you are owed", lent, "", "stock that comes back"),
    ]  # fmt: skip


def _of_firms(rows: list[Plain]) -> list[Plain]:
    live = [r for r in rows if r["open"]]
    more = sum(r["asked"] > r["capacity"] for r in live)
    return [
        _tile("open", "Lines open", len(live), f"of {len(rows)}", "plants that are known"),
        _tile("more", "Asked for more than they can make", more, "lines", "orders above capacity",
              more > 0),
        _tile("expanding", "Being expanded", sum(r["expanding"] for r in live), "lines",
              "under way now"),
        _tile("cash", "Cash of these lines", sum(r["cash_musd"] for r in live), "MUSD",
              "what firms can invest"),
    ]  # fmt: skip


def _of_ladder(view: Plain) -> list[Plain]:
    stand = [s["title"] for s in view["steps"] if s["stands"]]
    return [
        _tile("stand", "Steps that stand", len(stand), f"of {len(view['steps'])}",
              ", ".join(stand) or "none"),
        _tile("once", "Steps at once", view["at_once"], "", "at most"),
    ]  # fmt: skip


def _of_requests(view: Plain) -> list[Plain]:
    return [
        _tile("asked", "Requests for priority", view["asked"], "routes", "asked of your plants"),
        _tile("honoured", "Honoured", view["honoured"], "routes", "by your plants now"),
    ]


def _of_base(rows: list[Plain]) -> list[Plain]:
    closed = sum(not r["open"] for r in rows)
    return [
        _tile("plants", "Plants that are known", len(rows), "", "to governments"),
        _tile("closed", "Closed", closed, "plants", "of those", closed > 0),
    ]


def _of_public(view: Plain) -> list[Plain]:
    return [
        _tile("wars", "Wars", len(view["wars"]), "", "under way", bool(view["wars"])),
        _tile("unmet", "Programs whose fires go unmet", len(view["unmet"]), "", "of all countries",
              bool(view["unmet"])),
    ]  # fmt: skip


TILES: dict[str, Callable[[Any], list[Plain]]] = {
    "programs": _of_programs,
    "firms": _of_firms,
    "ladder": _of_ladder,
    "requests": _of_requests,
    "public": _of_public,
    "base": _of_base,
}


def program_grid(rows: list[Plain], scenario: Scenario) -> Plain:
    """Return a country's own programs: stock, objective, orders, money, loans."""
    names = names_of(scenario)
    told = [
        [names(r["program"]), r["stock"], r["objective"], r["unmet"], r["on_contract"],
         r["money_musd"], _loans(r, names)]
        for r in rows
    ]  # fmt: skip
    columns = [
        column("Program", number=False),
        *map(column, ("In stock", "Objective", "Unmet last month", "On contract")),
        column("Money left", "MUSD"),
        column("Lent and borrowed", number=False),
    ]
    return grid("programs", "Your programs", columns, told, "Your country has no programs here.")


def _loans(row: Plain, names: Names) -> str:
    told = []
    for x in row["loans"]:
        mine = x["lender"] == row["program"]
        verb = ("given to" if mine else "given by") if x["gift"] else (
            "lent to" if mine else "borrowed from"
        )  # fmt: skip
        other = x["borrower"] if mine else x["lender"]
        told.append(f"{x['units']:,.0f} {verb} {names(other)}")
    return "; ".join(told)


def program_picks(rows: list[Plain], scenario: Scenario) -> list[Plain]:
    """Return delivered and stock by month of each own program, those that lack fires first."""
    names = names_of(scenario)
    order = sorted(rows, key=lambda r: r["unmet"] <= 0)
    return [
        {
            "id": r["program"],
            "name": names(r["program"]),
            "lines": [
                _line("Delivered", f"{many(names.unit(r['program']))} a month", r["delivered"]),
                _line("In stock", many(names.unit(r["program"])), r["stocks"], r["objective"]),
            ],
        }
        for r in order
    ]


def _line(name: str, unit: str, values: list[float | None], goal: float | None = None) -> Plain:
    return {"name": name, "unit": unit, "values": [neat(v) for v in values], "goal": goal}


def metric_picks(rows: list[Plain]) -> list[Plain]:
    """Return the metrics of deterrence by month; each stands for itself."""
    return [
        {"id": f"{r['metric']}/{r['text']}", "name": f"{r['metric']} {r['text']}",
         "lines": [_line(r["text"][:1].upper() + r["text"][1:], r["unit"], r["values"])]}
        for r in rows
    ]  # fmt: skip


def metric_grid(rows: list[Plain]) -> Plain:
    """Return the metrics as they stand, beside a quarter and a year ago."""
    columns = [column("Metric", number=False), column("Now"), column("3 months ago"),
               column("12 months ago"), column("Unit", number=False)]  # fmt: skip
    told = [
        [f"{r['metric']} {r['text']}", *(_ago(r["values"], n) for n in (0, 3, 12)), r["unit"]]
        for r in rows
    ]
    note = "A teaching index, not a forecast; the metrics are never added up."
    return grid("metrics", "Deterrence", columns, told,
                "Nothing yet: the metrics come with the first month.", note)  # fmt: skip


def _ago(values: list[float | None], months_: int) -> float | None:
    return neat(values[-1 - months_]) if len(values) > months_ else None


def base_grid(rows: list[Plain], scenario: Scenario) -> Plain:
    """Return the plants that governments know of."""
    names = names_of(scenario)
    told = [
        [names(r["line"]), names(r["firm"]), names(r["country"]), "open" if r["open"] else "closed"]
        for r in rows
    ]
    columns = [column(t, number=False) for t in ("Plant", "Firm", "Country", "State")]
    note = "What each could do is its own secret. Not every plant is known."
    return grid("base", "The base that is known", columns, told, "No plant is known.", note, True)


def firm_grid(rows: list[Plain], scenario: Scenario) -> Plain:
    """Return the plants of industry at home."""
    names = names_of(scenario)
    told = [
        [names(r["line"]), names(r["firm"]), r["asked"], r["capacity"], r["finished"], r["bound"],
         r["crew"], r["cash_musd"], state(r)]
        for r in rows
    ]  # fmt: skip
    columns = [
        column("Line", number=False),
        column("Firm", number=False),
        *(column(t, "a month") for t in ("Asked for", "Capacity", "Finished")),
        column("Held up by", number=False),
        column("Crew", "people"),
        column("Cash", "MUSD"),
        column("State", number=False),
    ]
    return grid("firms", "Your lines", columns, told, "No line is known.", "", True)


def state(row: Plain) -> str:
    """Return whether a line is open, and whether it is being expanded."""
    if not row["open"]:
        return "closed"
    return "open, expanding" if row["expanding"] else "open"


def ladder_grid(view: Plain) -> Plain:
    """Return the steps of the ladder."""
    told = [
        [s["title"][:1].upper() + s["title"][1:], f"{s['months']} months" if s["months"] else "",
         "stands" if s["stands"] else "not taken"]
        for s in view["steps"]
    ]  # fmt: skip
    columns = [column(t, number=False) for t in ("Step", "Lasts", "Now")]
    note = f"At most {view['at_once']} at once."
    return grid("ladder", "Your ladder", columns, told, "There is no ladder.", note)


def reason_grid(view: Plain) -> Plain:
    """Return what speaks for acting and against it, as the challenger weighs it."""
    told = [[k[:1].upper() + k[1:], v, "for acting" if v > 0 else "against" if v < 0 else ""]
            for k, v in view.get("reasons", {}).items()]  # fmt: skip
    columns = [column("Reason", number=False), column("Weight"), column("Speaks", number=False)]
    mind = view.get("mindset")
    note = f"Your mindset: {mind}. Notional weights, not a forecast." if mind else ""
    return grid("reasons", "What speaks for a step", columns, told,
                "Nothing yet: it comes with the first month.", note)  # fmt: skip


def public_picture(view: Plain, scenario: Scenario) -> Plain:
    """Return what everybody knows: wars, whose fires go unmet, what was made."""
    names = names_of(scenario)
    columns = [
        column("End item", number=False),
        column("Made so far"),
        column("Unit", number=False),
    ]
    made = [[names(i), float(v), str(names.items[i]["unit"])] for i, v in view["made"].items()]
    return {
        "wars": [names(w) for w in view["wars"]],
        "unmet": [names(p) for p in view["unmet"]],
        "made": grid("made", "Made so far, by all", columns, made, "Nothing is made yet."),
    }


def dates(table: Plain, scenario: Scenario) -> list[str]:
    """Return the months that are played."""
    return [months.label(scenario.start + n) for n in range(table["played"])]
