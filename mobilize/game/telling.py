"""What the log of a game says, in plain words: who did what, to what, how much and why."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from mobilize.game.game import PLAYED, Game
from mobilize.model import Model
from mobilize.scenario import Scenario, by_content, months
from mobilize.words import number
from mobilize.world import Decision
from policies.levers import OFF, ON, catalogue
from policies.package import BASE, WHOLE, Setting

KINDS = {
    "policy": ("Your levers", "info"),
    "contract": ("Contracts", "good"),
    "project": ("Projects", "good"),
    "invest": ("Firms invest", "good"),
    "exit": ("Exits", "bad"),
    "milestone": ("Milestones", "good"),
    "event": ("Events", "warn"),
    "disturbance": ("Disturbances", "bad"),
    "conflict": ("Conflicts", "bad"),
    "need": ("Own need", "warn"),
    "ask": ("Calls for help", "info"),
    "response": ("Responses", "info"),
    "loan": ("Loans", "info"),
    "gift": ("Gifts", "info"),
    "repayment": ("Repayments", "info"),
    "denial": ("Denials", "bad"),
    "leak": ("Leaks", "bad"),
}  # kind of a decision: title of its filter, colour of its chip
RESPONSE = re.compile(r"(?P<lever>[a-z0-9-]+) = (?P<value>[^ ]+)\. (?P<why>.*)", re.DOTALL)
WORDS = {
    "scenario": "The scenario",
    "events list": "Events list",
    "suppliers": "Suppliers",
    "unknown": "Unknown",
    "security": "Security services",
    "engineers": "Engineers",
    "allied government": "An allied government",
    "hazard": "Chance",
}
MASSES = frozenset({"kg", "t", "MUSD", "kUSD"})  # units that have no plural
UNITS = {"yes or no", "one of the words", "on or off", ""}  # of which no amount is told


@dataclass(frozen=True)
class Row:
    """One line of the log; `mine` is what the player decided, `turn` when (1 is the first)."""

    id: int
    month: int
    date: str
    kind: str
    who: str
    what: str
    target: str
    amount: float
    unit: str
    why: str
    countries: tuple[str, ...]
    mine: bool
    turn: int | None
    ask: tuple[str, str] | None


class Names:
    """Readable names of what a scenario is made of, and whose it is.

    Examples
    --------
    >>> from mobilize.scenario import load
    >>> names = Names(load("artillery-2022"))
    >>> names("US"), names("nothing of the sort")
    ('United States', 'nothing of the sort')
    """

    def __init__(self, scenario: Scenario) -> None:
        self.events = scenario.events
        self._words: dict[str, str] = {}
        self._owner: dict[str, str] = {}
        self.programs = {str(row["id"]): row for row in scenario["programs"].rows()}
        self.items = {str(row["id"]): row for row in scenario["items"].rows()}
        self.lines = {str(row["id"]): row for row in scenario["lines"].rows()}
        self.projects = {str(row["id"]): row for row in scenario["projects"].rows()}
        self.countries = {str(row["id"]): str(row["name"]) for row in scenario["countries"].rows()}
        firms = {str(row["id"]): row for row in scenario["firms"].rows()}
        for table in ("countries", "firms", "items", "programs", "projects"):
            names = zip(scenario[table]["id"], scenario[table]["name"], strict=True)
            self._words |= {str(i): str(name) for i, name in names}
        for line, row in self.lines.items():
            item = str(self.items[row["item"]]["name"])
            self._words[line] = f"{item}, {row['place'] or firms[row['firm']]['name']}"
            self._owner[line] = str(firms[row["firm"]]["country"])
        self._words |= {c.id: c.name for c in scenario.conflicts}
        self._owner |= {c: c for c in self.countries}
        self._owner |= {i: str(row["country"]) for i, row in firms.items()}
        self._owner |= {i: str(row["country"]) for i, row in self.programs.items()}
        self._owner |= {i: self._owner[str(row["line"])] for i, row in self.projects.items()}
        self.milestones = {str(r["id"]): str(r["program"]) for r in scenario["milestones"].rows()}
        self._owner |= {m: self._owner[p] for m, p in self.milestones.items()}
        self._words |= {m: m.replace("-", " ") for m in self.milestones}

    def __call__(self, key: str) -> str:
        """Return the name of an id, of a route BUYER>SUPPLIER or ITEM@COUNTRY; else the text."""
        if key in self._words:
            return self._words[key]
        for sign, word in ((">", " to "), ("@", " made in ")):
            if sign in key:
                parts = key.split(sign)
                ends = reversed(parts) if sign == ">" else parts
                return word.join(self(part) for part in ends)
        for head in ("its own expansion of ", "Title III grant to "):
            if key.startswith(head):
                return head + self(key.removeprefix(head))
        return WORDS.get(key, key)

    def owners(self, *keys: str) -> tuple[str, ...]:
        """Return the countries that some ids belong to."""
        parts = [part for key in keys for part in re.split("[>@]", key.rsplit(" ", 1)[-1])]
        return tuple(dict.fromkeys(self._owner[part] for part in parts if part in self._owner))

    def unit(self, program: str) -> str:
        """Return the unit in which a program counts."""
        row = self.programs.get(program)
        return str(self.items[str(row["item"])]["unit"]) if row else "units"

    def question(self, target: str) -> tuple[str, str] | None:
        """Return what the Why drawer can be asked about a target, if anything."""
        if target in self.programs:
            return "program", target
        if target in self.milestones:
            return "program", self.milestones[target]
        if target in self.projects:
            return "line", str(self.projects[target]["line"])
        buyer = target.split(">", 1)[0].rsplit(" ", 1)[-1]
        if buyer in self.lines:
            return "line", buyer
        return ("item", target) if target in self.items else None


@by_content(32)
def names_of(scenario: Scenario) -> Names:
    """Return the names of a scenario, read once."""
    return Names(scenario)


Mine = dict[tuple[int, str, str], tuple[Setting, int | None]]
Telling = Callable[[Row, Decision, Names], Row]


def settings_made(game: Game, model: Model) -> Mine:
    """Return the player's settings by what the log says of them, with the turn of each."""
    turns: dict[Setting, int] = {}
    for number_, turn in enumerate(game.turns, 1):
        turns |= dict.fromkeys(turn.settings, number_)
    found: Mine = {}
    for setting in model.policy.settings:
        why = f"{model.policy.title}: {setting.lever} = {setting.value}"
        place = (setting.date - game.scenario.start, setting.target, why)
        found[place] = (setting, turns.get(setting))
    return found


def tell(
    n: int, d: Decision, scenario: Scenario, names: Names, mine: Mine,
    hidden: frozenset[str] = frozenset(),
) -> Row:  # fmt: skip
    """Return decision `n` of a log as a row; nobody is led to a line that is hidden."""
    setting, turn = mine.get((d.month, d.target, d.why), (None, None))
    own, ask = d.who == PLAYED, names.question(d.target)
    base = Row(
        n, d.month, months.label(scenario.start + d.month), d.kind, "You" if own else names(d.who),
        "", names(d.target) if d.target != BASE else WHOLE, d.amount, d.unit, d.why,
        names.owners(d.who, d.target), own, turn, None if ask and ask[1] in hidden else ask,
    )  # fmt: skip
    if setting is not None:
        return replace(base, what=_set(setting, base.target), why=_told_by(setting, turn))
    said = SAY[d.kind](base, d, names)
    return said if d.kind == "event" else replace(said, why=named(said.why, names))


def _set(setting: Setting, target: str) -> str:
    """Say what was set to what."""
    lever = catalogue().get(setting.lever)
    title, unit = (lever.title, lever.unit) if lever else (setting.lever, "")
    at = "" if setting.target == BASE else f" for {target}"
    return f"{title}{at}: {_value(setting.value, unit)}"


def _value(value: str | float, unit: str) -> str:
    if isinstance(value, str):
        return {ON: "switched on", OFF: "switched off"}.get(value, value)
    return amount(value, unit) or number(value)


def _told_by(setting: Setting, turn: int | None) -> str:
    when = f"set in turn {turn}" if turn else "set before the first turn"
    lever = catalogue().get(setting.lever)
    if lever is None or setting.value == OFF:
        return when
    onset = number(lever.onset.at(setting.of_onset))
    return f"{when}; about {onset} months to the first effect ({lever.confidence})"


def _contract(row: Row, d: Decision, names: Names) -> Row:
    unit = names.unit(d.target)
    what = f"{row.who} orders {amount(d.amount, unit)} for {row.target}"
    return replace(row, unit=unit, what=what)


def _project(row: Row, d: Decision, names: Names) -> Row:
    if not d.amount:
        return replace(row, what=f"{row.target}: {d.why}", why="")
    what = f"Project begins: {row.target}, {amount(d.amount, d.unit)} ({row.who} pays)"
    return replace(row, what=what)


def _invest(row: Row, d: Decision, names: Names) -> Row:
    by = "A supplier" if d.who == "suppliers" else row.who
    size = amount(d.amount, d.unit)
    what = f"{by} expands with its own money: {row.target}"
    return replace(row, what=what + (f", {size}" if size else ""))


def _exit(row: Row, d: Decision, names: Names) -> Row:
    if d.target in names.lines:
        return replace(row, what=f"Closed for good: {row.target}")
    share = amount(d.amount, d.unit)
    return replace(row, what=f"{row.who} leaves {row.target}" + (f", {share} of it" * bool(share)))


def _milestone(row: Row, d: Decision, names: Names) -> Row:
    what = f"Milestone passed: {row.target}, {amount(d.amount, d.unit)}"
    return replace(row, what=what)


def _event(row: Row, d: Decision, names: Names) -> Row:
    title, _, text = d.why.partition(": ")
    return replace(row, what=title, why=text, ask=None)


def _trouble(row: Row, d: Decision, names: Names) -> Row:
    size = amount(d.amount, d.unit)
    where = f"{row.target}: {size}" if size else row.target
    return replace(row, what=_sentence(d.why, names), why=where)


def _sentence(text: str, names: Names) -> str:
    """Return a text with a capital first, a country at its end by name."""
    head, space, last = text.rpartition(" ")
    whole = f"{head}{space}{names(last) if last in names.countries else last}"
    return whole[:1].upper() + whole[1:]


def _lever(row: Row, d: Decision, names: Names) -> Row:
    """Say what a rule of responses, or an act of a lever, has set."""
    said = RESPONSE.fullmatch(d.why)
    if said is None:
        size = amount(d.amount, d.unit)
        return replace(row, what=f"{row.who}: {row.target}" + (f", {size}" if size else ""))
    lever = catalogue().get(said["lever"])
    title, unit = (lever.title, lever.unit) if lever else (said["lever"], "")
    try:
        value: str | float = float(said["value"])
    except ValueError:
        value = said["value"]
    what = f"{row.who} responds for {row.target}: {title}, {_value(value, unit)}"
    return replace(row, what=what, why=said["why"])


def _handed(verb: str) -> Telling:
    def tell(row: Row, d: Decision, names: Names) -> Row:
        unit = names.unit(d.target)
        what = f"{row.who} {verb} {amount(d.amount, unit)} to {row.target}"
        return replace(row, unit=unit, what=what)

    return tell


def _denial(row: Row, d: Decision, names: Names) -> Row:
    held = amount(d.amount, d.unit)
    return replace(row, what=f"{row.who} lets no goods go to {row.target} ({held})")


def _leak(row: Row, d: Decision, names: Names) -> Row:
    return replace(row, what=f"Know-how leaks in {row.target}: licences rest for "
                             f"{amount(d.amount, d.unit)}")  # fmt: skip


def _need(row: Row, d: Decision, names: Names) -> Row:
    title, _, why = d.why.partition(": ")
    size = amount(d.amount, d.unit)
    return replace(row, what=f"{row.who}: {title[:1].lower()}{title[1:]} ({size})", why=why)


def _ask(row: Row, d: Decision, names: Names) -> Row:
    """Say who calls for help, or what somebody answers to a call."""
    if d.who == d.target:
        return replace(row, what=f"{row.who} {named(d.why, names)}", why="")
    wanted = "priority" if d.unit == "routes" else "a loan of stock"
    asked = amount(d.amount, d.unit)
    return replace(row, what=f"{row.who} calls for {wanted} for {row.target} ({asked} asked)")


def amount(size: float, unit: str) -> str:
    """Return an amount with its unit; shares as percentages, nothing for a word or a zero."""
    if unit in UNITS or not size:
        return ""
    if unit in ("fraction", "own need") or unit.startswith("share of"):
        of = " of its own output first" if unit == "own need" else unit.removeprefix("share")
        digits = 0 if size >= 0.1 else 1
        return f"{size:.{digits}%}" + ("" if unit == "fraction" else of)
    whole = number(size)
    if unit in MASSES:
        return f"{whole} {unit}"
    single = unit.removesuffix("s")
    many = f"{single[:-1]}ies" if single.endswith("y") else f"{single}s"
    return f"{whole} {single if whole == '1' else many}"


ID = re.compile(r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)+")


def named(text: str, names: Names) -> str:
    """Return a text in which ids of the scenario are names."""
    return ID.sub(lambda found: names(found[0]), text)


SAY: dict[str, Telling] = {
    "contract": _contract,
    "project": _project,
    "invest": _invest,
    "exit": _exit,
    "milestone": _milestone,
    "event": _event,
    "disturbance": _trouble,
    "conflict": _trouble,
    "response": _lever,
    "policy": _lever,
    "loan": _handed("lends"),
    "gift": _handed("gives"),
    "repayment": _handed("gives back"),
    "denial": _denial,
    "leak": _leak,
    "need": _need,
    "ask": _ask,
}
