"""Rules about conflicts: their phases, what they use, and what stands in for it."""

from collections.abc import Iterator

from mobilize.scenario.draft import Draft, needs
from mobilize.scenario.faults import Fault, hint, listed, shown
from mobilize.scenario.keys import ATTACK
from mobilize.scenario.settings import Entry

_DATES = ("from", "to")
_FORMS = "either phase, or from and to"


def _of(entries: tuple[Entry, ...], conflict: Entry) -> list[Entry]:
    """Return the entries that are parts of a conflict."""
    return [entry for entry in entries if entry.owner == conflict.name]


def uses_have_one_form(draft: Draft) -> Iterator[Fault]:
    """Check that a use says when: in a phase of its conflict, or from one month to another."""
    for conflict in draft.settings.conflicts:
        phases = [phase.get("name") for phase in _of(draft.settings.phases, conflict)]
        for use in _of(draft.settings.uses, conflict):
            dates = [key for key in _DATES if use.given(key)]
            if not use.given("phase"):
                yield from _undated(use, dates)
            elif dates:
                yield use.fault("phase", "both a phase and dates are given", _FORMS)
            elif use.get("phase") not in (None, *phases):
                name = use.get("phase")
                problem = f"unknown phase {shown(name)}{hint(name, list(filter(None, phases)))}"
                allowed = listed(filter(None, phases)) or "a [[conflict.phase]] of the conflict"
                yield use.fault("phase", problem, allowed)


def _undated(use: Entry, dates: list[str]) -> Iterator[Fault]:
    """Yield a fault for each date that a use without a phase lacks."""
    for key in _DATES if dates else ("from",):
        if key not in dates:
            problem = "the key is missing" if dates else "neither a phase nor dates are given"
            yield use.fault(key, problem, _FORMS)


def phases_follow_an_outbreak(draft: Draft) -> Iterator[Fault]:
    """Check that a conflict has phases if, and only if, it breaks out."""
    for conflict in draft.settings.conflicts:
        phases = _of(draft.settings.phases, conflict)
        if conflict.given("outbreak") and not phases:
            allowed = "at least one [[conflict.phase]], or no outbreak"
            yield conflict.fault("outbreak", "the conflict has no phases", allowed)
        if phases and not conflict.given("outbreak"):
            allowed = f'a month, or "{ATTACK}"'
            yield conflict.fault("outbreak", "the key is missing: its phases never begin", allowed)


def phases_are_named_once(draft: Draft) -> Iterator[Fault]:
    """Check that no two phases of a conflict have the same name."""
    first: dict[tuple[str, str], Entry] = {}
    for phase in draft.settings.phases:
        name = phase.get("name")
        other = first.setdefault((phase.owner, name), phase) if name else phase
        if other is not phase:
            problem = f"{shown(name)} is the name of {other.name} too"
            yield phase.fault("name", problem, "a name of its own")


def plans_are_cited(draft: Draft) -> Iterator[Fault]:
    """Check that a conflict with phases or days of need says where they come from."""
    for conflict in draft.settings.conflicts:
        if conflict.given("need_days") or _of(draft.settings.phases, conflict):
            for key in ("source", "confidence"):
                if not conflict.given(key):
                    problem = "the key is missing: need_days and phases are figures"
                    yield conflict.fault(key, problem, f"{key} = ...")


def one_reference(draft: Draft) -> Iterator[Fault]:
    """Check that at most one conflict has days of need, and uses something in its first phase."""
    first: Entry | None = None
    for conflict in draft.settings.conflicts:
        if not conflict.given("need_days"):
            continue
        if first is not None:
            problem = f"{first.name} has need_days too"
            yield conflict.fault("need_days", problem, "one reference conflict in a scenario")
        first = first or conflict
        phases = _of(draft.settings.phases, conflict)
        opening = phases[0].get("name") if phases else None
        used = [use.get("phase") for use in _of(draft.settings.uses, conflict)]
        if not phases or (opening is not None and opening not in used):
            problem = "nothing is used in the first phase, so no days of fires can be counted"
            allowed = "a [[conflict.use]] in the first [[conflict.phase]]"
            yield conflict.fault("need_days", problem, allowed)


def substitutes_are_others(draft: Draft) -> Iterator[Fault]:
    """Check that a substitute is another program, named once for what it stands in for."""
    first: dict[tuple[str, str, str], Entry] = {}
    for entry in draft.settings.substitutes:
        program, instead = entry.get("program"), entry.get("instead")
        if None in (program, instead):
            continue
        if program == instead:
            problem = f"{shown(instead)} stands in for itself"
            yield entry.fault("instead", problem, "another program")
        other = first.setdefault((entry.owner, program, instead), entry)
        if other is not entry:
            yield entry.fault("instead", f"the same as {other.name}", "each pair once")


@needs("programs")
def substitutes_are_fired(draft: Draft) -> Iterator[Fault]:
    """Check that both are stocks to fire, of one country: allies' stocks are theirs to lend."""
    table = draft["programs"]
    for entry in draft.settings.substitutes:
        rows = {key: draft.programs.get(entry.get(key)) for key in ("program", "instead")}
        known = {key: row for key, row in rows.items() if row is not None}
        for key, row in known.items():
            if table["kind"][row] != "production":
                problem = f"{shown(entry.get(key))} is a {table['kind'][row]} program"
                yield entry.fault(key, problem, "a program of kind production")
        countries = {key: table["country"][row] for key, row in known.items()}
        if len(set(countries.values())) > 1:
            problem = f"a stock of {shown(countries['instead'])}, which is not its own"
            allowed = f"a program of country {countries['program']}"
            yield entry.fault("instead", problem, allowed)


def substitutes_stand_in_for_what_is_used(draft: Draft) -> Iterator[Fault]:
    """Check that a conflict uses what it has a substitute for."""
    for conflict in draft.settings.conflicts:
        used = {use.get("program") for use in _of(draft.settings.uses, conflict)}
        for entry in _of(draft.settings.substitutes, conflict):
            program = entry.get("program")
            if program is not None and program not in used:
                problem = f"the conflict uses no {shown(program)}"
                yield entry.fault("program", problem, "a program of its uses")
