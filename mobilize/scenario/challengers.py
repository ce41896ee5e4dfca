"""Rules about the challenger: a country of the scenario, with a war to be deterred from."""

from collections.abc import Iterator

from mobilize.scenario.draft import Draft, needs
from mobilize.scenario.faults import Fault, Hints, shown


@needs("countries")
def challengers_are_countries(draft: Draft) -> Iterator[Fault]:
    """Check that a challenger and the ally near it are two countries of the scenario."""
    known = set(draft["countries"]["id"].tolist())
    for entry in draft.settings.challenger:
        for key in ("country", "near"):
            value = entry.get(key)
            if value is not None and value not in known:
                problem = f"unknown id {shown(value)}{Hints(known)(value)}"
                yield entry.fault(key, problem, "an id of countries.csv")
        if entry.get("near") is not None and entry.get("near") == entry.get("country"):
            yield entry.fault("near", "the challenger itself", "an ally near it")


def challengers_have_a_reference(draft: Draft) -> Iterator[Fault]:
    """Check that a conflict says how many days of fires the plan requires: what it looks at."""
    reference = any(conflict.given("need_days") for conflict in draft.settings.conflicts)
    for entry in draft.settings.challenger:
        if not reference:
            problem = "no conflict has need_days, so there is nothing to deter it with"
            yield entry.fault("country", problem, "a [[conflict]] with need_days")
