"""A class for these tests: the shipped taster, people who act in turn, and a clock."""

from dataclasses import asdict, replace
from functools import cache

from mobilize.lessons.classroom.accept import accept
from mobilize.lessons.classroom.desking import next_case
from mobilize.lessons.classroom.value import INSTRUCTOR, found
from mobilize.lessons.desk.mark import model_answer
from mobilize.lessons.desk.solve import solve
from mobilize.lessons.load import load_lesson
from mobilize.rooms.room import SYSTEM, Act, Refusal

LESSON = "priority"
TEACHER = "t"
BOOK = ["urgent-dx", "army-do", "navy-do", "pump-civil"]
GOOD = {
    "sum": "leaves",
    "gain": 4000,
    "losers": ["pl", "ro", "gb", "fi"],
    "place": BOOK,
    "late": ["pump-civil"],
}
BAD = {
    "sum": "raises",
    "gain": 90000,
    "losers": ["javelin"],
    "place": BOOK[::-1],
    "late": ["army-do", "navy-do"],
}
TOOLS = ("dx-on-plant-equipment", "title3-motor-tooling", "on")


@cache
def lesson(name=LESSON):
    return load_lesson(name)


class Class:
    """A class and a clock that the test moves: each act is sent as the person's next."""

    def __init__(self, teams=("Red", "Blue"), people=None, of=LESSON, **parts):
        self.room = found(lesson(of), teams, **parts)
        self.now, self.refused = 1000.0, None
        self.join(TEACHER, INSTRUCTOR)
        for who, team, part in people or [(f"p{n}", team, "") for n, team in enumerate(teams)]:
            self.join(who, team, part)

    def join(self, who, team, part=""):
        body = {"member": who, "name": f"name of {who}", "team": team, "part": part}
        return self.must(SYSTEM, "join", **body)

    def send(self, who, act, *, sequence=None, body=None, **rest):
        """Send an act; return whether it was accepted."""
        self.now += 1
        if sequence is None:
            mine = self.room.members.get(who)
            last = len(self.room.log) if mine is None else mine.sequence
            sequence = last + 1
        one = Act(act, rest if body is None else body, sequence)
        after = accept(self.room, who, one, self.now)
        self.refused = after if isinstance(after, Refusal) else None
        if self.refused is None:
            self.room = after
        return self.refused is None

    def must(self, who, act, **body):
        assert self.send(who, act, **body), self.refused.why
        return self

    def told(self, who, act, **body):
        """Send an act that has to be refused; return why, in words."""
        before = self.room
        assert not self.send(who, act, **body), (who, act, body)
        assert self.room is before
        assert self.refused.why
        return self.refused.why

    def begin(self, until="read"):
        """Let the instructor go on until a step."""
        self.must(TEACHER, "begin")
        while self.room.step.name != until:
            self.must(TEACHER, "next")
        return self

    def next(self):
        return self.must(TEACHER, "next")

    def answers(self, who, given):
        for question, answer in given.items():
            self.must(who, "answer", question=question, answer=answer)
        return self

    def set(self, who, lever, target, value):
        return self.must(who, "set", lever=lever, target=target, value=value)


def right_at_the_desk(room, who, level):
    """Return the right answer to the next case of somebody."""
    one = model_answer(solve(next_case(room, who, level)))
    told = asdict(replace(one, slips={}, ratings={})) | {"sequence": list(one.sequence)}
    return told | {"slips": dict(one.slips), "ratings": dict(one.ratings)}


@cache
def taught():
    """Return the whole taster: one team reasons well, one guesses, one does nothing."""
    room = Class(("Red", "Blue", "Idle"), [("a", "Red", ""), ("b", "Red", "contracts"),
                                           ("c", "Blue", ""), ("d", "Idle", "")])  # fmt: skip
    room.begin("predict").answers("a", {k: GOOD[k] for k in ("sum", "gain", "losers")})
    room.answers("b", {k: GOOD[k] for k in ("place", "late")}).answers("c", BAD)
    room.next()
    room.set("a", "project-start", "title3-motor-tooling", "on").set("b", *TOOLS)
    room.set("c", "dpas-rating", "us-gmlrs", "DX")
    room.next().next()
    said = "Capacity of the motor plant is fixed; Poland waits; only tooling changes the sum."
    room.answers("a", {"why-sum": said, "where-dx-works": "tools"})
    room.answers("a", {"binds": {"line": "aerojet-gmlrs-motor", "bound": "equipment"}})
    room.answers("c", {"why-sum": "=cmd()|'x' DX makes more", "where-dx-works": "rockets"})
    room.must("a", "desk", level=1, number=0, answer=right_at_the_desk(room.room, "a", 1))
    room.must("c", "desk", level=1, number=0, answer={"decision": "decline"})
    room.must(TEACHER, "mark", team="Red", question="why-sum", points=[0, 1, 2])
    room.must(TEACHER, "end")
    return room
