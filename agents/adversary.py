"""The adversary: at the end of a month it may choose a step of its ladder for the next.

Its chances follow from its reasons (:mod:`mobilize.physics.reasons`) by quantal response; its luck
has streams of its own, so that no policy shifts it. What it does is a teaching device, not a
forecast.
"""

from __future__ import annotations

import mesa

from agents.moves import MOVES, Front, attacked, waiting_for_attack
from agents.perception import blur, reasons, signals
from agents.seat import Seat
from agents.tables import Rung, ladder, mindsets
from mobilize.ladder import MINDSETS, RUNGS
from mobilize.luck import Luck, Stream
from mobilize.network import NONE
from mobilize.physics.reasons import EXPOSURE, FRAGILE, TERMS, Terms, hazard, monthly
from mobilize.state import EPS, STEPS
from mobilize.world import Decision, World

STEP = "step"  # what somebody decides who sits for the challenger
KIND = "adversary"  # of decisions that players may not see
TOLD = 3  # largest reasons that are logged
ATTACK = RUNGS.index("attack")


def draw_mindset(world: World, wanted: str | None) -> None:
    """Give the challenger of a world its mindset: the one wanted, else as the scenario says.

    Drawn from luck once a world unless one is named.

    Raises
    ------
    ValueError
        If one is wanted in a scenario without a challenger, or no mindset is called so.
    """
    challenger = world.scenario.challenger
    if wanted is not None and (challenger is None or wanted not in MINDSETS):
        allowed = f"one of {', '.join(MINDSETS)}" if challenger else "none: it has no [challenger]"
        raise ValueError(f"mindset {wanted!r} in {world.scenario.name}; allowed: {allowed}")
    if challenger is None:
        return
    name = wanted or challenger.mindset
    world.s.mindset[0] = MINDSETS.index(name) if name in MINDSETS else drawn_mindset(world.luck)


def drawn_mindset(luck: Luck) -> int:
    """Return the place among MINDSETS of the one that luck draws for a world."""
    return int(luck.uniform(Stream.MINDSET, 0, 1)[0] * len(MINDSETS))


def veto(world: World, why: str, who: str = "white cell", rung: str = "") -> list[Decision]:
    """Strike the steps chosen for this month, or one of them; the reason stands in the log."""
    struck = [n for n in RUNGS if world.s.chosen[RUNGS.index(n)] and rung in ("", n)]
    world.s.chosen[[RUNGS.index(n) for n in struck]] = 0
    return [world.note(who, KIND, name, 0.0, "", f"vetoed: {why}") for name in struck]


def choose(world: World, n: int, who: str, why: str) -> bool:
    """Choose a step for this month, as somebody who sits for the challenger; return whether.

    Not one that stands, and no more at once than the rule may take.
    """
    full = int(world.s.chosen.sum()) >= int(world.p.steps_at_once)
    if full or stands(world, n):
        told = "as many steps are chosen as may be" if full else "it stands already"
        world.note(who, KIND, RUNGS[n], 0.0, "", f"not chosen: {told}")
        return False
    world.s.chosen[n] = 1
    world.note(who, KIND, RUNGS[n], 0.0, "", f"chosen: {why}")
    return True


def stands(world: World, n: int) -> bool:
    """Return whether a step stands already; an attack does while there is nothing to begin."""
    if n == ATTACK:
        return not waiting_for_attack(world)
    return bool(world.s.rung_left[n] > 0)


def largest(terms: Terms, rung: Rung, exposure: float, fragility: float) -> str:
    """Return the largest reasons for a step, in words with their size."""
    parts = {t: w * x for t, w, x in zip(TERMS, rung.weights, terms, strict=True)}
    parts |= {"exposure": rung.exposure * exposure, "fragility": rung.fragility * fragility,
              "price": -rung.price}  # fmt: skip
    told = [p for p in sorted(parts.items(), key=lambda p: -abs(p[1])) if abs(p[1]) > EPS][:TOLD]
    return ", ".join(f"{name} {size:+.2f}" for name, size in told)


class Adversary(Seat):
    """The challenger of a scenario; without one, or if it only watches, it stays quiet.

    It sees the signals of `delay` months ago through its mindset's filter
    (:mod:`agents.perception`).
    """

    def __init__(
        self, model: mesa.Model, name: str, front: Front | None, need_days: float, acts: bool
    ) -> None:
        super().__init__(model, name)
        self.front = front
        self.need_days = need_days
        self.acts = acts and front is not None

    def act(self, world: World) -> list[Decision]:
        """Take the steps chosen last month; end those that have run out."""
        s = world.s
        if not self.acts:
            return []
        s.rung_left[:] = [max(0, left - 1) for left in s.rung_left.tolist()]
        s.rung_left[ATTACK] = int(attacked(world))
        chosen = [n for n in range(STEPS) if s.chosen[n]]
        s.chosen[:] = 0
        return [made for n in chosen if (made := self.take(world, n)) is not None]

    def take(self, world: World, n: int) -> Decision | None:
        """Take a step of the ladder; nothing happens where it finds no target."""
        if self.front is None:
            return None
        rung = ladder(world.figures)[n]
        why = f"{rung.title}: {self.why(world, rung)}"
        target = MOVES[rung.name](world, self.front, rung)
        if target is None:
            return None
        world.s.rung_left[n] = max(1, rung.duration)
        return world.note(self.front.who, KIND, target, rung.duration, "months", why)

    def why(self, world: World, rung: Rung) -> str:
        """Return the largest reasons for a step, as they stood when it was chosen."""
        terms, exposure, fragility = self.reasons(world, max(0, world.month - 1))
        return largest(terms, rung, exposure, fragility)

    def reasons(self, world: World, month: int) -> tuple[Terms, float, float]:
        """Return its waterfall by a month's end, exposure and fragility of what it looks at."""
        name = self.mindset(world)
        row = signals(world, name, month)
        terms = reasons(world, name, self.need_days, month, blur(world, month))
        return terms, row.item(EXPOSURE), row.item(FRAGILE)

    def decide(self, world: World) -> list[Decision]:
        """Choose at most so many steps for next month, the highest drawn first; motives fade."""
        s = world.s
        if self.acts and not self.seated(world):
            luck = world.luck.uniform(Stream.ADVERSARY, world.month, STEPS).tolist()
            chances = self.chances(world)
            drawn = [n for n in reversed(range(STEPS)) if luck[n] < chances[n]]
            s.chosen[drawn[: int(world.p.steps_at_once)]] = 1
        if self.front is not None:
            s.motivation[0] *= 1.0 - world.p.motivation_decay
        return []

    def chances(self, world: World) -> list[float]:
        """Return the chance this month of each step; none for one that stands."""
        terms, exposure, fragility = self.reasons(world, world.month)
        kappa = mindsets(world.figures)[self.mindset(world)].kappa
        rungs = ladder(world.figures)
        nets = [rung.net(terms, exposure, fragility) for rung in rungs]
        return [
            0.0 if stands(world, n) else monthly(hazard(rung.opportunity, kappa, net))
            for n, (rung, net) in enumerate(zip(rungs, nets, strict=True))
        ]

    def seated(self, world: World) -> bool:
        """Return whether somebody sits for it, so that its rule is off."""
        return self.front is not None and (self.front.who, STEP) in world.seated

    @staticmethod
    def mindset(world: World) -> str:
        """Return the name of the mindset that plays, hidden from players."""
        place = int(world.s.mindset[0])
        if place == NONE:
            raise ValueError("a world without a challenger has no mindset")
        return MINDSETS[place]
