"""A game in which everybody has secrets, over a real server; and a search for them in what is sent.

Secrets are what must not reach a seat: text planted by others, events to come, hidden plants, the
mindset, stocks of other countries. Whatever a recorder took in is searched as it came.
"""

import re
from functools import cache

from mobilize.game.game import play
from mobilize.game.seen import unmapped
from mobilize.ladder import MINDSETS
from mobilize.rooms.hall import Hall
from mobilize.rooms.roles import roles
from mobilize.rooms.store import RoomStore
from tests.rooms.common import ALLY, ENEMY, FRONT, INDUSTRY, STATE, US, WHITE

PLAYERS = (US, STATE, INDUSTRY, ALLY, FRONT, ENEMY)
WATCH = ("observer", "projector")
EVERY = (*PLAYERS, *WATCH)
TURNS = 3


def canary(kind, seat, turn):
    """Return a word that stands nowhere else: letters of what it is, in another order."""
    return f"zq{turn}{(kind + seat)[::-1].replace(':', '').replace('-', '')}qz"


def plot(tabs, told, turn):
    """Let everybody do something that others must not learn; tabs are by seat."""
    for seat in PLAYERS:
        tab = tabs[seat]
        other = FRONT if seat != FRONT else US

        def do(act, tab=tab, **body):
            assert told(tab, act, body) == "", (act, body, tab.bar["fault"])

        do("note", text=canary("note", seat, turn))
        do("say", to=[WHITE], text=canary("word", seat, turn))
        do("move", text=canary("move", seat, turn))
        do("predict", kind="delivered", key="pac3-mse", value=1234.5 + turn,
           text=canary("prediction", seat, turn))  # fmt: skip
        do("offer", to=other, text=canary("offer", seat, turn),
           terms=[{"by": seat, "promise": canary("promise", seat, turn)}])  # fmt: skip
    for seat, what, target, amount in (
        (ENEMY, "step", "protest", None),
        (FRONT, "keep output", "ua-155-projectile", 2),
    ):
        body = {
            "what": what,
            "target": target,
            "amount": amount,
            "why": canary("order", seat, turn),
        }
        assert told(tabs[seat], "order", {k: v for k, v in body.items() if v is not None}) == ""


def direct(white, told, turn):
    """Let the white cell do what not everybody may learn."""
    for act, body in (
        ("inject", {"to": [ALLY], "title": canary("title", ALLY, turn), "effects": [],
                    "text": canary("inject", ALLY, turn)}),
        ("mindset", {"mindset": MINDSETS[turn % 3], "why": canary("why", WHITE, turn)}),
        ("veto", {"why": canary("veto", WHITE, turn)}),
    ):  # fmt: skip
        assert told(white, act, body) == "", white.bar["fault"]


def planted(seat, turn):
    """Return what was planted up to a turn that a seat must not be sent, by kind."""
    found = {}
    for n in range(turn + 1):
        for other in PLAYERS:
            if other != seat:
                for kind in ("note", "word", "move", "prediction"):
                    found[f"{kind} of {other}, {n}"] = canary(kind, other, n)
            sides = {other, FRONT if other != FRONT else US}
            if seat not in sides:
                for kind in ("offer", "promise"):
                    found[f"{kind} of {other}, {n}"] = canary(kind, other, n)
        for other in {ENEMY, FRONT} - {seat}:
            found[f"order of {other}, {n}"] = canary("order", other, n)
        if seat != ALLY:
            found[f"title, {n}"] = canary("title", ALLY, n)
            found[f"inject, {n}"] = canary("inject", ALLY, n)
        for kind in ("why", "veto"):
            if seat != ENEMY:  # the challenger is told how it is to think, and what was struck
                found[f"{kind}, {n}"] = canary(kind, WHITE, n)
    return found


class Truth:
    """What is so in a room, read from its file apart from the server."""

    def __init__(self, saves):
        self.store = RoomStore(saves)
        hall = Hall(self.store)
        self.room = hall.room(hall.rows()[0].id)
        self.store.close()
        self.model = play(self.room.game)

    def secrets(self, seat):
        """Return what the world hides from a seat now, by what it is."""
        world, scenario = self.model.world, self.room.game.scenario
        place, role = self.room.place(seat), roles()[self.room.place(seat).role]
        found = {}
        for event in scenario.events:
            if event.id not in world.agenda.fired:
                found[f"event {event.id}"] = event.text
                found[f"title of {event.id}"] = event.title
            found[f"expected of {event.id}"] = event.expected
        found |= {f"plant {name}": name for name in unmapped(world)}
        mine = place.country if "programs" in role.sees else ""
        country = dict(zip(world.names.programs, world.net.p_country.tolist(), strict=True))
        for name, stock in zip(world.names.programs, world.s.stock.tolist(), strict=True):
            exact = repr(stock)
            if world.names.countries[country[name]] != mine and long(exact):
                found[f"stock of {name}"] = exact[:9]
        return {what: text for what, text in found.items() if text}

    @property
    def mindset(self):
        return MINDSETS[int(self.model.world.s.mindset[0])]


def long(exact):
    """Return whether a figure has so many digits that it stands nowhere by chance."""
    return "e" not in exact and len(exact.partition(".")[2]) >= 6 and float(exact) > 1.0


@cache
def word(text):
    """Return a pattern that finds a text that is not part of a longer id."""
    return re.compile(rf"(?<![\w-]){re.escape(text)}(?![a-z_-])")


def hits(secrets, text):
    """Return which secrets stand in a text, written plainly, as JSON or as markup."""
    plain = text.replace("\\u2019", "’").replace('\\"', '"').replace("\\'", "'")
    return [
        what
        for what, secret in secrets.items()
        if (word(secret).search(plain) if what.startswith("plant") else secret in plain)
    ]
