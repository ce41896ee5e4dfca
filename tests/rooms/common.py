"""Small rooms for these tests: people who act in turn, a quick scenario, one with a challenger."""

from functools import cache

from mobilize.game.game import Game
from mobilize.rooms.accept import accept
from mobilize.rooms.room import SYSTEM, Act, Refusal, found
from mobilize.scenario import load

QUICK, GAP = "artillery-2022", "industrial-gap"
WHITE, US, STATE, ALLY, FRONT, ENEMY, INDUSTRY, NEUTRAL = (
    *("white-cell", "acquisition", "diplomacy", "large-ally:JP", "front-line:UA", "adversary"),
    *("industry", "neutral:CH"),
)


@cache
def scenario(name):
    return load(name)


class Table:
    """A room and a clock that the test moves: each act is sent as the person's next."""

    def __init__(self, name=GAP, people=(), **parts):
        self.room = found(Game(scenario(name), parts.pop("seed", 5)), **parts)
        self.now, self.refused = 0.0, None
        for who, seat in (("w", WHITE), *people):
            self.must(SYSTEM, "join", member=who, name=f"name of {who}", seat=seat)

    def send(self, who, act, *, sequence=None, body=None, **rest):
        """Send an act; return whether it was accepted."""
        if sequence is None:
            member = self.room.members.get(who)
            sequence = (len(self.room.log) if who == SYSTEM else member.sequence) + 1
        found = accept(self.room, who, Act(act, rest if body is None else body, sequence), self.now)
        self.refused = found if isinstance(found, Refusal) else None
        if self.refused is None:
            self.room = found
        return self.refused is None

    def must(self, who, act, **body):
        """Send an act that has to be accepted."""
        assert self.send(who, act, **body), self.refused.why
        return self

    def told(self, who, act, **body):
        """Send an act that has to be refused; return why, in words."""
        before = self.room
        assert not self.send(who, act, **body), (who, act, body)
        assert self.room is before
        assert self.refused.why
        return self.refused.why

    def turn(self):
        """Let the white cell take the room from plan to the next plan."""
        for _ in range(4):
            self.must("w", "next")
        return self


def quick(**parts):
    return Table(QUICK, (("a", US), ("s", STATE), ("i", INDUSTRY), ("c", "large-ally:CA")), **parts)


def gap(**parts):
    people = (("a", US), ("s", STATE), ("j", ALLY), ("u", FRONT), ("e", ENEMY), ("i", INDUSTRY))
    return Table(GAP, people, **parts)
