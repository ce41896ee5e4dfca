"""The Mesa model: a scenario, its agents, a policy and the luck of one world."""

from __future__ import annotations

import mesa
import numpy as np

from agents.adversary import Adversary
from agents.government import Government
from agents.industry import Prime, Supplier
from agents.seat import Seat
from mobilize.luck import Luck, Stream
from mobilize.month import disturb, work
from mobilize.network import Names, Network, compile_network, names
from mobilize.parameters import parameters
from mobilize.record import Record
from mobilize.scenario import Scenario, load
from mobilize.script import Script, play, read_script
from mobilize.start import first_state
from mobilize.state import Ints, State
from mobilize.world import Decision, World
from policies.package import Package, apply_package, no_package

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
    ) -> None:
        scenario = load(scenario) if isinstance(scenario, str) else scenario
        seed = scenario.seed if seed is None else seed
        super().__init__(rng=np.random.default_rng((seed, world)))
        self.months = months or scenario.horizon
        net, ids = compiled(scenario)
        p = parameters(scenario)
        visible = scenario.tables["firms"]["visible"] == "yes"
        state = state or first_state(net, p)
        self.world = World(scenario, net, ids, p, state, Luck(seed, world), visible[net.l_firm])
        self.policy = policy or no_package()
        self.history: tuple[tuple[int, Package], ...] = ((0, self.policy),)
        self.script = scripted(scenario, self.months)
        panel = len(net.l_item) <= PANEL_LIMIT if panel is None else panel
        self.record = Record.empty(net, len(ids.items), self.months, panel)
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
        self.adversary = Adversary(self, "adversary")
        self.seats: list[Seat] = [*self.governments, *self.primes, *self.suppliers, self.adversary]

    @property
    def month(self) -> int:
        """Months since the start."""
        return self.world.month

    @property
    def decisions(self) -> list[Decision]:
        """Everything decided so far."""
        return self.world.log

    def step(self) -> None:
        """Play one month: disturb, decide, work, remember."""
        world, t = self.world, self.world.month
        self.policy = [package for since, package in self.history if since <= t][-1]
        net, s = world.net, world.s
        play(self.script, world)
        apply_package(self.policy, world)
        disturb(*world.arrays[1:], world.luck.uniform(Stream.INCIDENTS, t, len(net.l_item)))
        for seat in self.seats:
            seat.decide(world)
        passed = work(*world.arrays, t, world.slips, self.script.uses[t], self._passed)
        for j in self._passed[:passed]:
            world.qualify(int(j))
        self.record.remember(net, s, t)
        world.month = t + 1

    def run(self, months: int | None = None) -> Model:
        """Play `months` months, or to the horizon; return the model."""
        last = self.months if months is None else min(self.months, self.month + months)
        while self.month < last:
            self.step()
        return self

    def fork(self, policy: Package | None = None) -> Model:
        """Return a copy to run on from here, with another policy if given; this one stays."""
        world = self.world
        twin = Model(
            world.scenario,
            policy or self.policy,
            world.luck.seed,
            world.luck.world,
            self.months,
            panel=False,
            state=world.s.copy(),
        )
        twin.world.month, twin.world.log = self.month, list(world.log)
        twin.record = self.record.copy()
        twin.history = (*self.history, (self.month, twin.policy))
        return twin

    def again(self, length: int) -> Model:
        """Return the same world from its start, under the same policies in the same months."""
        luck = self.world.luck
        first = self.history[0][1]
        twin = Model(self.world.scenario, first, luck.seed, luck.world, length, panel=True)
        twin.history = self.history
        return twin


def _ends(owners: Ints, count: int) -> np.ndarray:
    """Return where the lines of each owner but the last end, in lines sorted by owner."""
    return np.cumsum(np.bincount(owners, minlength=count))[:-1]


_COMPILED: dict[str, tuple[Network, Names]] = {}
_SCRIPTS: dict[tuple[str, int], Script] = {}


def compiled(scenario: Scenario) -> tuple[Network, Names]:
    """Return the arrays of a scenario, compiled once a process."""
    if scenario.digest not in _COMPILED:
        _COMPILED[scenario.digest] = (
            compile_network(scenario, parameters(scenario)),
            names(scenario),
        )
    return _COMPILED[scenario.digest]


def scripted(scenario: Scenario, length: int) -> Script:
    """Return the dated events of a scenario, read once a process."""
    key = (scenario.digest, length)
    if key not in _SCRIPTS:
        _SCRIPTS[key] = read_script(scenario, compiled(scenario)[1], length)
    return _SCRIPTS[key]
