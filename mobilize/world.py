"""What a run consists of: fixed structure, changing state, luck, and what was decided."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import numpy as np

from mobilize.crises.trouble import Agenda, Trouble
from mobilize.luck import Luck, Stream
from mobilize.network import NONE, Names, Network
from mobilize.parameters import Parameters
from mobilize.physics.building import begin
from mobilize.physics.buying import objective, shortfall
from mobilize.physics.handle import handle
from mobilize.physics.investing import (
    beyond_equipment,
    has_room,
    ready_to_invest,
    ready_to_leave,
)
from mobilize.physics.politics import resent
from mobilize.programs import awaited
from mobilize.state import DONE, EPS, IDLE, INVESTMENT, PROJECTS, Flags, Floats, Ints, State
from mobilize.terms import VISIBILITY

if TYPE_CHECKING:
    from agents.tables import Figures
    from mobilize.scenario import Scenario
    from policies.package import Setting

QUARTER = 3
T = TypeVar("T")
Lines = dict[int, list[int]]
Answer = tuple[str, str, str]  # rule of responses, who, target


class Decision(NamedTuple):
    """One thing decided, by whom and why.

    `kind` is one of contract, project, invest, exit, milestone, disturbance, event, conflict,
    policy, leak, response, need, ask, loan, gift, repayment, denial, override, seat, adversary,
    motivation (players may not see these two); `target` an id of the scenario; `amount` is in
    `unit`.
    """

    month: int
    who: str
    kind: str
    target: str
    amount: float
    unit: str
    why: str


@dataclass(frozen=True, slots=True)
class Made:
    """A lever set in a month, in force from month `due`; by a rule of responses, or by policy."""

    setting: Setting
    month: int
    due: int
    rule: str = ""


@dataclass(slots=True)
class World:
    """One world of a scenario at a point in time."""

    scenario: Scenario
    net: Network
    names: Names
    p: Parameters
    s: State
    luck: Luck
    known: Flags  # (lines,) firm known to governments before any mapping
    month: int = 0
    log: list[Decision] = field(default_factory=list)
    made: list[Made] = field(default_factory=list)  # levers set so far
    answered: dict[Answer, int] = field(default_factory=dict)  # month of each response
    unsettled: bool = False  # terms move next month without a new setting
    troubles: list[Trouble] = field(default_factory=list)  # disturbances under way
    agenda: Agenda = field(default_factory=Agenda)  # what became of the events list
    figures: Figures = ()  # of the challenger that are varied
    seated: frozenset[tuple[str, str]] = frozenset()  # whose rules for what are off: a seat decides
    words: dict[str, tuple[float, int]] = field(default_factory=dict)
    """By country the share of requests for priority that a seat honours, and up to which month."""
    slips: Floats = field(init=False)
    lengths: Floats = field(init=False)  # (milestones,) months at full funding, slips counted
    arrays: tuple[Any, Any, Any] = field(init=False)  # net, s and p as kernels take them
    visible: Flags = field(init=False)  # (lines,) known to governments now
    lottery: Floats = field(init=False)  # (lines,) the share mapped at which a firm is known
    intelligence: Floats = field(init=False)  # (lines,) sight at which a challenger knows a firm
    signatory: Floats = field(init=False)  # (lines,) coverage at which a firm has signed a code
    requests: int = field(init=False)  # routes into foreign plants: a rating is a request there
    decider: Ints = field(init=False)  # (lines,) number of the firm's seat that decides
    _seen: dict[str, tuple[int, Any]] = field(default_factory=dict, repr=False)
    survey: Any = field(default=None, repr=False)  # kept ready for M4; not saved

    def __post_init__(self) -> None:
        """Draw the luck that is drawn once; ready the arrays for the kernels."""
        self.requests = int((~self.net.l_ratings[self.net.r_supplier]).sum())
        self.decider = np.zeros(len(self.net.l_item), np.int32)
        self.arrays = (handle(self.net), handle(self.s), handle(self.p))
        projects, phases = self.net.j_phases.shape
        firms = len(self.names.firms)
        self.lottery = self.luck.uniform(Stream.MAPPING, 0, firms)[self.net.l_firm]
        self.intelligence = self.luck.uniform(Stream.SIGHT, 0, firms)[self.net.l_firm]
        self.signatory = self.luck.uniform(Stream.SIGNATURES, 0, firms)[self.net.l_firm]
        self.illuminate()
        self.slips = self.luck.normal(Stream.SLIPS, projects * phases).reshape(projects, phases)
        slips = self.luck.normal(Stream.MILESTONES, len(self.net.m_months))
        self.lengths = self.net.m_months * np.exp(self.net.m_spread * slips)

    def illuminate(self) -> None:
        """Let governments see the share of hidden firms that has been mapped."""
        mapped = self.s.of_country[VISIBILITY, self.net.l_country]
        self.visible = self.known | (self.lottery < mapped)

    def resent(self, step: float) -> None:
        """Add to the resistance at home to foreign sources, at most 1."""
        resent(self.arrays[1], step)

    def note(
        self, who: str, kind: str, target: str, amount: float, unit: str, why: str
    ) -> Decision:
        """Write a decision into the log and return it."""
        decision = Decision(self.month, who, kind, target, amount, unit, why)
        self.log.append(decision)
        return decision

    def rests(self, answer: Answer, cooldown: int) -> bool:
        """Return whether a rule of responses has worked on a target less than `cooldown` ago."""
        return answer in self.answered and self.month - self.answered[answer] < cooldown

    def this_month(self, name: str, compute: Callable[[World], T]) -> T:
        """Return something all agents look at, computed once a month."""
        found = self._seen.get(name)
        if found is None or found[0] != self.month:
            found = self._seen[name] = (self.month, compute(self))
        value: T = found[1]
        return value

    def forget(self, name: str) -> None:
        """Let what is computed once a month be computed again: something has changed."""
        self._seen.pop(name, None)

    def ready_to_invest(self) -> Lines:
        """Return by decider the lines long asked for more than they can make.

        Only those whose firm believes in the demand and builds nothing on them yet.
        """
        return self.this_month("ready", World._ready_to_invest)

    def _ready_to_invest(self) -> Lines:
        return self._by_decider(ready_to_invest(*self.arrays))

    def idle(self) -> Lines:
        """Return by decider the lines without orders long below their minimum sustaining rate."""
        return self.this_month("idle", World._idle)

    def _idle(self) -> Lines:
        return self._by_decider(ready_to_leave(*self.arrays[1:]))

    def _by_decider(self, lines: Ints) -> Lines:
        found: Lines = {}
        for line in lines.tolist():
            found.setdefault(self.decider.item(line), []).append(line)
        return found

    def firm_options(self) -> dict[int, int]:
        """Return by line the undecided project that a firm, not a government, would pay for."""
        return self.this_month("firm_options", World._firm_options)

    def _firm_options(self) -> dict[int, int]:
        table = self.scenario.tables["projects"]
        states = set(self.names.countries)
        undecided = np.flatnonzero((table["decided"] < 0) & ~awaited(self.scenario)).tolist()
        return {
            self.net.j_line.item(j): j for j in undecided if str(table["payer"][j]) not in states
        }

    def shortfall(self) -> Floats:
        """Return the units each program still lacks, counting its use until they come."""
        return shortfall(*self.arrays[:2])

    def objective(self) -> Floats:
        """Return the stock each government wants, units, shape (programs,)."""
        return objective(*self.arrays[:2])

    def private(self, line: int) -> int:
        """Return the project by which a firm expands a line with its own money."""
        return len(self.names.projects) + line

    def grant(self, line: int) -> int:
        """Return the project by which Title III money expands a line."""
        return len(self.names.projects) + len(self.net.l_item) + line

    def grant_cost(self, line: int) -> float:
        """Return what a grant costs at a line, kUSD: less where skilled people wait for work."""
        full = float(self.net.j_cost[self.grant(line)])
        c = self.net.l_country[line]
        crew = self.p.grant_step * self.net.l_rate[line, 2] * self.net.l_labour[line]
        spare = self.s.pool[c] > 10.0 * crew and not self.net.c_home[c]
        return full / self.p.leverage if spare else full

    def project_name(self, j: int) -> str:
        """Return how a project is called: by its id, or by what expands which line."""
        own, lines = len(self.names.projects), len(self.net.l_item)
        if j < own:
            return self.names.projects[j]
        kind = "its own expansion of" if j < own + lines else "Title III grant to"
        return f"{kind} {self.names.lines[(j - own) % lines]}"

    def has_room(self, step: float) -> Flags:
        """Return which sites have room for `step` more of their design, shape (lines,)."""
        return has_room(*self.arrays[:2], step)

    def start_project(self, j: int, ago: float = 0.0, cost: float | None = None) -> None:
        """Start project `j`, as if decided `ago` months ago, and pay for it.

        A firm pays from its own cash. A public project is entered in the ledger; where the
        money comes from is the caller's business. What was decided before the start is paid.
        """
        cost = float(self.net.j_cost[j]) if cost is None else cost
        public = self.net.j_payer[j] != NONE
        if ago < EPS and public:
            self.s.ledger[PROJECTS] += cost
        elif ago < EPS:
            self.s.cash[self.net.j_line[j]] -= cost
            self.s.ledger[INVESTMENT] += cost
        net, s, _ = self.arrays
        begin(net, s, self.slips, j, ago)

    def under_way(self) -> Flags:
        """Return which projects have begun and are not done, shape (projects,)."""
        return (self.s.phase > IDLE) & (self.s.phase < DONE)

    def beyond_equipment(self) -> Floats:
        """Return what each line is asked for beyond its equipment, units/month, shape (lines,)."""
        return beyond_equipment(*self.arrays[:2])

    def qualify(self, j: int) -> None:
        """Open the routes of a new source that has passed its first-article tests.

        On routes that need a licence, orders wait for it (see :mod:`mobilize.physics.licences`).
        """
        net = self.net
        if not net.j_source[j]:
            return
        line = net.j_line[j]
        for r in net.sales[net.l_sales[line] : net.l_sales[line + 1]]:
            self.open_route(int(r))

    def open_route(self, r: int) -> None:
        """Let a buyer order on a route from now on."""
        if not self.s.open[r]:
            self.s.open[r] = True
            self._share_with_newcomer(r)

    def _share_with_newcomer(self, r: int) -> None:
        """Give a new route everything where the buyer had no other source."""
        net, s = self.net, self.s
        k, i = int(net.r_slot[r]), int(net.r_program[r])
        rivals = (
            np.arange(net.k_routes[k], net.k_routes[k + 1])
            if k >= 0
            else net.p_sales[net.p_routes[i] : net.p_routes[i + 1]]
        )
        if s.share[rivals].sum() < 0.5:
            s.share[r] = 1.0
