"""The Mesa model: a scenario, its agents, a policy and the luck of one world."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy

import mesa
import numpy as np

from agents.adversary import Adversary, draw_mindset
from agents.government import Government
from agents.industry import Prime, Supplier
from agents.need import feel_need
from agents.politics import play_politics
from agents.seat import Seat
from agents.tables import Figures
from mobilize.arrays import compile_network
from mobilize.conflicts import advance, fires, follow_the_calendar
from mobilize.crises.course import bear
from mobilize.crises.events import play_events
from mobilize.crises.hazards import play_hazards
from mobilize.deterrence import assess, first_look, front, watch
from mobilize.development import develop
from mobilize.interventions import Intervention, intervene
from mobilize.ladder import MINDSETS
from mobilize.luck import Luck, Stream
from mobilize.month import disturb, work
from mobilize.network import Names, Network
from mobilize.parameters import parameters
from mobilize.record import Record
from mobilize.scenario import Scenario, by_content, load
from mobilize.script import Script, play, read_script
from mobilize.start import first_state
from mobilize.state import Ints, State
from mobilize.world import Decision, World
from policies.effects import make, take_effect
from policies.package import Package, no_package

PANEL_LIMIT = 2000  # lines up to which every line is remembered unless told otherwise


class Model(mesa.Model):
    """One world of a scenario, a month at a time.

    Parameters
    ----------
    scenario : Scenario or str
        A scenario, or the name or folder of one.
    policy : Package, optional
        Dated changes; none by default.
    seed, world : int
        Luck: world `world` of seed `seed` is the same whatever else runs.
    months : int, optional
        Horizon; the scenario's by default.
    panel : bool, optional
        Remember every line each month; by default up to 2,000 lines.
    state : State, optional
        State to continue from; by default the balance of the scenario's start.
    mindset : str, optional
        How the challenger thinks; by default as the scenario says. Only where it has one.
    figures : tuple of (str, float), optional
        Figures of the challenger that are varied, and how far: see :func:`agents.tables.moved`.
    interventions : tuple of Intervention, optional
        What people do beside setting levers, in the order in which it is done.

    Examples
    --------
    >>> from mobilize.model import Model
    >>> model = Model("artillery-2022", months=12)
    >>> model.run().month
    12
    """

    def __init__(
        self,
        scenario: Scenario | str,
        policy: Package | None = None,
        seed: int | None = None,
        world: int = 0,
        months: int | None = None,
        panel: bool | None = None,
        state: State | None = None,
        mindset: str | None = None,
        figures: Figures = (),
        interventions: tuple[Intervention, ...] = (),
    ) -> None:
        scenario = load(scenario) if isinstance(scenario, str) else scenario
        seed = scenario.seed if seed is None else seed
        super().__init__(rng=np.random.default_rng((seed, world)))
        self.months = months or scenario.horizon
        net, ids = compiled(scenario)
        p = parameters(scenario)
        first = state or first_state(net, p)
        luck = Luck(seed, world)
        self.world = World(scenario, net, ids, p, first, luck, ~net.l_hidden, figures=figures)
        if state is None:
            draw_mindset(self.world, mindset)
            first_look(self.world)
        self.first_mindset = int(self.world.s.mindset[0])
        self.interventions = interventions
        self.watched = watch(self.world) is not None
        self.policy = policy or no_package()
        self.history: tuple[tuple[int, Package], ...] = ((0, self.policy),)
        self.script = scripted(scenario, self.months)
        panel = len(net.l_item) <= PANEL_LIMIT if panel is None else panel
        self.record = Record.empty(net, len(ids.items), self.months, panel, self.watched)
        self._passed = np.zeros(len(net.j_line), np.int32)
        self._seat_agents()

    def _seat_agents(self) -> None:
        """Give every government, prime and the adversary a seat; suppliers share one."""
        world = self.world
        firms = world.scenario.tables["firms"]
        roles = firms["role"]
        owners = world.net.l_firm
        busy = set(world.net.p_country.tolist()) | set(world.net.l_country.tolist())
        self.governments = [
            Government(self, name, c, world)
            for c, name in enumerate(world.names.countries)
            if c in busy
        ]
        firm_lines = np.split(np.argsort(owners, kind="stable"), _ends(owners, len(roles)))
        primes = np.flatnonzero(roles == "prime").tolist()
        self.primes = [
            Prime(self, world.names.firms[f], n, firm_lines[f].astype(np.int32), world)
            for n, f in enumerate(primes)
        ]
        others = np.flatnonzero((roles == "supplier")[owners]).astype(np.int32)
        self.suppliers = [Supplier(self, "suppliers", len(primes), others, world)]
        self.seats: list[Seat] = [*self.governments, *self.primes, *self.suppliers]
        plan, challenger = watch(world), world.scenario.challenger
        acts = challenger is not None and challenger.acts
        need = plan.need_days if plan else 0.0
        self.adversary = Adversary(self, "adversary", front(world), need, acts)
        getattr(mesa.Agent, "_ids", {}).pop(self, None)  # Mesa 3.3 keeps every model there ever was

    @property
    def month(self) -> int:
        """Months since the start."""
        return self.world.month

    @property
    def decisions(self) -> list[Decision]:
        """Everything decided so far."""
        return self.world.log

    def step(self) -> None:
        """Play one month: disturb, decide, work, judge, remember."""
        for stage in self.stages():
            stage()

    def stages(self) -> tuple[Callable[[], None], ...]:
        """Return what happens in a month, in order."""
        return self.begin, self.disturb, self.decide, self.work, self.judge, self.remember

    def begin(self) -> None:
        """Let what is dated, called for or due by chance happen; then set levers."""
        world = self.world
        self.policy = [package for since, package in self.history if since <= world.month][-1]
        play(self.script, world)
        follow_the_calendar(world)
        intervene(world, self.interventions, late=False)
        self.adversary.act(world)
        play_events(world)
        play_hazards(world)
        bear(world)
        self._set_levers()

    def disturb(self) -> None:
        """Let accidents happen."""
        world = self.world
        chance = world.luck.uniform(Stream.INCIDENTS, world.month, len(world.net.l_item))
        disturb(*world.arrays, chance)

    def decide(self) -> None:
        """Let every country feel its need and every seat decide."""
        feel_need(self.world)
        for seat in self.seats:
            seat.decide(self.world)

    def work(self) -> None:
        """Let plants and depots work; open the routes of sources that passed their tests."""
        world, t = self.world, self.world.month
        licences = world.luck.uniform(Stream.LICENCES, t, len(world.net.r_slot))
        uses = fires(world)
        passed = work(*world.arrays, t, world.slips, licences, uses, self._passed)
        for j in self._passed[:passed]:
            world.qualify(int(j))
        develop(world)
        play_politics(world)

    def judge(self) -> None:
        """Take the metrics of deterrence; let the adversary choose its next move by them."""
        assess(self.world)
        self.adversary.decide(self.world)

    def remember(self) -> None:
        """Record the month and go on to the next."""
        world = self.world
        intervene(world, self.interventions, late=True)
        self.record.remember(world)
        advance(world)
        world.month += 1

    def _set_levers(self) -> None:
        """Make the settings that the policy has for this month."""
        world = self.world
        now = world.scenario.start + world.month
        for setting in self.policy.settings:
            if setting.date == now:
                why = f"{self.policy.title}: {setting.lever} = {setting.value}"
                make(world, setting, self.policy.name, why)
        take_effect(world)

    def run(self, months: int | None = None) -> Model:
        """Play `months` months, or to the horizon; return the model."""
        last = self.months if months is None else min(self.months, self.month + months)
        while self.month < last:
            self.step()
        return self

    def fork(
        self,
        policy: Package | None = None,
        luck: Luck | None = None,
        interventions: tuple[Intervention, ...] | None = None,
    ) -> Model:
        """Return a copy to run on from here, with another policy or luck; this one stays.

        Other luck leaves what is true of this world (which firms are known to whom), but draws
        what nobody has seen anew: how projects go on, and how the challenger thinks.
        """
        world = self.world
        other, luck = luck is not None, luck or world.luck
        twin = Model(
            world.scenario,
            policy or self.policy,
            luck.seed,
            luck.world,
            self.months,
            panel=False,
            state=world.s.copy(),
            figures=world.figures,
            interventions=self.interventions if interventions is None else interventions,
        )
        twin.world.month, twin.world.log = self.month, list(world.log)
        twin.world.made, twin.world.unsettled = list(world.made), world.unsettled
        twin.world.troubles, twin.world.agenda = list(world.troubles), deepcopy(world.agenda)
        twin.world.answered, twin.world.seated = dict(world.answered), world.seated
        twin.world.words = dict(world.words)
        twin.first_mindset = self.first_mindset
        twin.record = self.record.copy()
        twin.history = (*self.history, (self.month, twin.policy))
        if other:
            for drawn in ("lottery", "intelligence", "signatory"):
                setattr(twin.world, drawn, getattr(world, drawn))
            twin.world.illuminate()
            draw_mindset(twin.world, None)
            twin.first_mindset = int(twin.world.s.mindset[0])
        return twin

    def again(self, length: int) -> Model:
        """Return the same world from its start, under the same policies in the same months."""
        luck = self.world.luck
        first = self.history[0][1]
        place = self.first_mindset
        mindset = MINDSETS[place] if place >= 0 else None
        twin = Model(self.world.scenario, first, luck.seed, luck.world, length, panel=True,
                     mindset=mindset, figures=self.world.figures,
                     interventions=self.interventions)  # fmt: skip
        twin.history = self.history
        return twin


def _ends(owners: Ints, count: int) -> np.ndarray:
    """Return where the lines of each owner but the last end, in lines sorted by owner."""
    return np.cumsum(np.bincount(owners, minlength=count))[:-1]


@by_content()
def compiled(scenario: Scenario) -> tuple[Network, Names]:
    """Return the arrays of a scenario, compiled once a process."""
    return compile_network(scenario, parameters(scenario))


@by_content()
def scripted(scenario: Scenario, length: int) -> Script:
    """Return the dated events of a scenario, read once a process."""
    return read_script(scenario, compiled(scenario)[1], length)
