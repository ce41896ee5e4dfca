"""Rules about kinds of program: fleets and depots, milestones and partners."""

from collections.abc import Iterator

from mobilize.scenario.draft import Draft, needs
from mobilize.scenario.faults import Fault, shown

_TOLERANCE = 1e-6
_PARTS = {"sustainment": ("fleets", "depots"), "development": ("milestones", "partners")}
_BUYING = ("stock", "objective", "on_order", "training_use")


def _kinds(draft: Draft) -> dict[str, str]:
    """Return the kind of each program."""
    return {program: kind for _, program, kind in draft.rows("programs", "id", "kind")}


@needs("programs")
def parts_of_their_kind(draft: Draft) -> Iterator[Fault]:
    """Check that fleets and depots are of sustainment, milestones and partners of development."""
    kinds = _kinds(draft)
    for wanted, tables in _PARTS.items():
        for table in tables:
            for row, program in draft.rows(table, "program"):
                kind = kinds.get(program, wanted)
                if kind != wanted and kind in ("production", *_PARTS):
                    problem = f"{shown(program)} is a {kind} program"
                    allowed = f"a program of kind {wanted}"
                    yield draft.fault(table, row, "program", problem, allowed)


@needs("fleets", "depots", "milestones", "partners")
def whole_programs(draft: Draft) -> Iterator[Fault]:
    """Check that sustainment has a fleet and a depot, development a milestone and a partner."""
    having = {table: set(draft[table]["program"]) for parts in _PARTS.values() for table in parts}
    for row, program, kind in draft.rows("programs", "id", "kind"):
        for table in _PARTS.get(kind, ()):
            if program and program not in having[table]:
                problem = f"{shown(program)} has no row in {table}.csv"
                allowed = f"a row of {table}.csv with program {program}, or another kind"
                yield draft.fault("programs", row, "kind", problem, allowed)


def shares_of_a_whole(draft: Draft) -> Iterator[Fault]:
    """Check that the shares of a fleet's depots, and of a development's partners, sum to 1."""
    for table in ("depots", "partners"):
        sums: dict[str, float] = {}
        last: dict[str, int] = {}
        for row, program, share in draft.rows(table, "program", "share"):
            sums[program] = sums.get(program, 0.0) + share
            last[program] = row
        for program, total in sums.items():
            if abs(total - 1) > _TOLERANCE and draft.complete(table):
                problem = f"the shares of the {table} of {program} sum to {total:.6g}"
                yield draft.fault(table, last[program], "share", problem, "a sum of 1")


def fleets_in_numbers(draft: Draft) -> Iterator[Fault]:
    """Check that no more units are unserviceable than fielded."""
    for row, fielded, broken in draft.rows("fleets", "fielded", "unserviceable"):
        if broken > fielded:
            problem = f"{broken:g} is above fielded {fielded:g}"
            yield draft.fault("fleets", row, "unserviceable", problem, "at most fielded")


@needs("programs")
def depots_at_home(draft: Draft) -> Iterator[Fault]:
    """Check that a home depot stands in the country that owns the fleet."""
    owners = draft["programs"]["country"]
    for row, program, country, place in draft.rows("depots", "program", "country", "place"):
        owner = owners[draft.programs[program]] if program in draft.programs else country
        if place == "home" and country != owner:
            problem = f"a home depot in {shown(country)} of a fleet of {shown(owner)}"
            yield draft.fault("depots", row, "place", problem, f"theatre, or country {owner}")


@needs("programs", "partners")
def leaders_pay(draft: Draft) -> Iterator[Fault]:
    """Check that the country whose program it is has a share: it is the one that stays."""
    partners = draft["partners"]
    pairs = set(zip(partners["program"], partners["country"], strict=True))
    paid = {program for program, _ in pairs}
    for row, program, country, kind in draft.rows("programs", "id", "country", "kind"):
        if kind == "development" and program in paid and (program, country) not in pairs:
            problem = f"{shown(country)} leads {shown(program)} and is no partner of it"
            allowed = f"a row of partners.csv for {program} and {country}"
            yield draft.fault("programs", row, "country", problem, allowed)


@needs("projects")
def milestones_start_options(draft: Draft) -> Iterator[Fault]:
    """Check that what a milestone starts is a project nobody has decided, and once."""
    decided = dict(zip(draft["projects"]["id"], draft["projects"]["decided"].tolist(), strict=True))
    first: dict[str, int] = {}
    for row, project in draft.rows("milestones", "then"):
        if not project or project not in decided:
            continue
        if decided[project] >= 0:
            problem = f"{shown(project)} is decided by date"
            allowed = "a project of projects.csv without a date in 'decided'"
            yield draft.fault("milestones", row, "then", problem, allowed)
        if first.setdefault(project, row) != row:
            other = draft.where("milestones", first[project])
            problem = f"{shown(project)} is started by {other} too"
            yield draft.fault("milestones", row, "then", problem, "each project once")


def developments_buy_nothing(draft: Draft) -> Iterator[Fault]:
    """Check that a development program has no stock, orders, routes, budget or use."""
    kinds = _kinds(draft)
    for row, kind, *figures in draft.rows("programs", "kind", *_BUYING):
        for column, figure in zip(_BUYING, figures, strict=True):
            if kind == "development" and figure > 0:
                problem = f"{figure:g} for a development program, which buys nothing"
                yield draft.fault("programs", row, column, problem, "0")
    allowed = "a program that buys; partners.csv says who pays for a development"
    for table, column in (("routes", "buyer"), ("budgets", "purpose")):
        for row, program in draft.rows(table, column):
            if kinds.get(program) == "development":
                problem = f"{shown(program)} is a development program, which buys nothing"
                yield draft.fault(table, row, column, problem, allowed)
    for use in draft.settings.uses:
        if kinds.get(str(use.get("program"))) == "development":
            yield use.fault("program", "a development program has nothing in use", allowed)
