"""What an event or a ruling may do, and at what it may be aimed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mobilize.crises.kinds import FORMS, HOWS, kind_of, kinds, moving
from mobilize.game.telling import names_of
from mobilize.game.things import kind_told
from mobilize.interventions import BASE
from mobilize.model import compiled
from mobilize.rooms.told import unit_told
from mobilize.scenario import Scenario, by_content
from mobilize.terms import SCOPES
from policies.package import WHOLE

Plain = dict[str, Any]
WORDS = {"line": "a plant", "firm": "a firm", "item": "everything of one kind", "route": "a route",
         "item@country": "one kind made in one country", "country": "a country",
         "program": "a program", "project": "a project", BASE: WHOLE}  # fmt: skip
SCOPE = {"base": "Of the whole base", "country": "Of a country", "program": "Of a program"}
if set(WORDS) != set(FORMS):
    raise AssertionError("a form of target without words, or the other way round")


@by_content()
def effect_kinds(scenario: Scenario) -> list[Plain]:
    """Return what may befall in a scenario, in groups: only what has something to strike."""
    forms = {form for form in FORMS if targets_of(scenario, form)}
    found = {"Something goes wrong": [_kind(k, forms) for k in kinds()]}
    for scope, terms in SCOPES.items():
        title = f"Change a term of the model. {SCOPE[scope]}"
        found[title] = [_term(t.name, how, forms) for t in terms for how in HOWS]
    groups = [{"title": t, "kinds": [k for k in rows if k["forms"]]} for t, rows in found.items()]
    return [group for group in groups if group["kinds"]]


def _kind(name: str, forms: set[str]) -> Plain:
    of = kind_of(name)
    low, high = of.bounds
    return {
        "id": name,
        "what": name,
        "how": "",
        "title": of.title,
        "unit": unit_told(of.unit),
        "low": low,
        "high": high,
        "size": of.severity.base,
        "months": round(of.months.base),
        "recovery": round(of.recovery.base),
        "expected": of.expected,
        "forms": [{"id": f, "name": WORDS[f]} for f in of.targets if f in forms],
    }


def _term(term: str, how: str, forms: set[str]) -> Plain:
    name = moving(term, how)
    return _kind(name, forms) | {"what": term, "how": how, "title": kind_told(name)}


@by_content()
def _tables(scenario: Scenario) -> dict[str, list[Plain]]:
    return {form: find(scenario) for form, find in TARGETS.items()}


def targets_of(scenario: Scenario, form: str) -> list[Plain]:
    """Return what of a form a scenario has, by name; nothing for a form that is none."""
    return _tables(scenario).get(form, [])


def _of(table: str) -> Callable[[Scenario], list[Plain]]:
    def find(scenario: Scenario) -> list[Plain]:
        names = names_of(scenario)
        rows = [{"id": t, "name": names(t)} for t in getattr(compiled(scenario)[1], table)]
        return sorted(rows, key=lambda row: row["name"])

    return find


def _routes(scenario: Scenario) -> list[Plain]:
    names = names_of(scenario)
    ids = [">".join(pair) for pair in compiled(scenario)[1].routes]
    return sorted(({"id": i, "name": names(i)} for i in ids), key=lambda row: row["name"])


def _made_there(scenario: Scenario) -> list[Plain]:
    net, ids = compiled(scenario)
    names = names_of(scenario)
    pairs = sorted({*zip(net.l_item.tolist(), net.l_country.tolist(), strict=True)})
    found = [f"{ids.items[i]}@{ids.countries[c]}" for i, c in pairs]
    return sorted(({"id": t, "name": names(t)} for t in found), key=lambda row: row["name"])


TARGETS: dict[str, Callable[[Scenario], list[Plain]]] = {
    "line": _of("lines"),
    "firm": _of("firms"),
    "item": _of("items"),
    "country": _of("countries"),
    "program": _of("programs"),
    "project": _of("projects"),
    "route": _routes,
    "item@country": _made_there,
    "base": lambda scenario: [{"id": BASE, "name": WORDS["base"]}],
}
