"""What xAPI 1.0.3 asks of a statement, written from the specification (Part Two: Experience Data).

Only what this project sends is allowed for: an unknown key is a fault (2.2, additional properties).
"""

import re
from uuid import UUID

IRI = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+$")
TAG = re.compile(r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?$")
TIME = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$")
INTERACTIONS = {
    *("true-false", "choice", "fill-in", "long-fill-in", "matching"),
    *("performance", "sequencing", "likert", "numeric", "other"),
}
COMPONENTS = {"choice": "choices", "sequencing": "choices"}


def faults(one):
    """Return everything in a statement that the specification does not allow."""
    found = list(_nulls(one, "statement"))
    found += _keys(one, "statement", {"actor", "verb", "object"},
                   {"id", "result", "context", "timestamp", "version"})  # fmt: skip
    found += _uuid(one.get("id"), "id") + _agent(one.get("actor", {}), "actor")
    verb = one.get("verb", {})
    found += _keys(verb, "verb", {"id"}, {"display"}) + _iri(verb.get("id"), "verb.id")
    found += _language(verb.get("display", {}), "verb.display")
    found += _activity(one.get("object", {}), "object")
    found += _result(one["result"]) if "result" in one else []
    found += _context(one["context"]) if "context" in one else []
    if "timestamp" in one and not TIME.match(str(one["timestamp"])):
        found.append("timestamp: not RFC 3339 with a time zone (4.5)")
    return found


def _nulls(value, where):
    if value is None:
        yield f"{where}: null (2.2)"
    rows = value.items() if isinstance(value, dict) else enumerate(value if isinstance(value, list)
                                                                   else [])  # fmt: skip
    for key, inner in rows:
        yield from _nulls(inner, f"{where}.{key}")


def _keys(table, where, needed, allowed=frozenset()):
    if not isinstance(table, dict):
        return [f"{where}: not an object"]
    lacks = [f"{where}: {key} is missing" for key in sorted(needed - set(table))]
    return lacks + [f"{where}: {key} is unknown" for key in sorted(set(table) - needed - allowed)]


def _uuid(value, where):
    try:
        good = isinstance(value, str) and UUID(value).variant == "specified in RFC 4122"
    except ValueError:
        good = False
    return [] if good and str(UUID(value)) == value else [f"{where}: no UUID of RFC 4122 (2.4.1)"]


def _iri(value, where):
    return [] if isinstance(value, str) and IRI.match(value) else [f"{where}: no IRI with a scheme"]


def _language(table, where):
    good = isinstance(table, dict) and all(
        TAG.match(str(key)) and isinstance(text, str) for key, text in table.items()
    )
    return [] if good else [f"{where}: no language map (4.2)"]


def _agent(one, where):
    """Agents and identified groups: exactly one identifier, here an account (2.4.2.3)."""
    found = _keys(one, where, {"account"}, {"objectType", "name"})
    if one.get("objectType", "Agent") not in ("Agent", "Group"):
        found.append(f"{where}: objectType {one['objectType']}")
    account = one.get("account", {})
    found += _keys(account, f"{where}.account", {"homePage", "name"})
    found += _iri(account.get("homePage"), f"{where}.account.homePage")
    if not isinstance(account.get("name"), str) or not account["name"]:
        found.append(f"{where}.account.name: no text")
    return found


def _activity(one, where):
    found = _keys(one, where, {"id"}, {"objectType", "definition"})
    if one.get("objectType", "Activity") != "Activity":
        found.append(f"{where}: objectType {one['objectType']}")
    return (
        found + _iri(one.get("id"), f"{where}.id") + _definition(one.get("definition", {}), where)
    )


def _definition(one, where):
    kind = one.get("interactionType")
    lists = {COMPONENTS[kind]} if kind in COMPONENTS else set()
    found = _keys(one, where, set(), {"name", "description", "type", "interactionType", *lists})
    for key in ("name", "description"):
        found += _language(one.get(key, {}), f"{where}.{key}")
    found += _iri(one["type"], f"{where}.type") if "type" in one else []
    if "cmi.interaction" in one.get("type", "") and kind not in INTERACTIONS:
        found.append(f"{where}: interactionType {kind}")
    for name in lists & set(one):
        ids = [part["id"] for part in one[name]]
        if len(set(ids)) < len(ids) or any(re.search(r"\s", one_id) for one_id in ids):
            found.append(f"{where}.{name}: ids are not distinct, or hold spaces")
        for part in one[name]:
            found += _keys(part, f"{where}.{name}", {"id"}, {"description"})
            found += _language(part.get("description", {}), f"{where}.{name}")
    return found


def _result(one):
    found = _keys(one, "result", set(), {"score", "success", "completion", "response"})
    for key in ("success", "completion"):
        if key in one and not isinstance(one[key], bool):
            found.append(f"result.{key}: no boolean")
    if "response" in one and not isinstance(one["response"], str):
        found.append("result.response: no text")
    score = one.get("score", {})
    found += _keys(score, "result.score", set(), {"scaled", "raw", "min", "max"})
    numbers = [v for v in score.values() if isinstance(v, bool) or not isinstance(v, int | float)]
    found += ["result.score: no number"] * bool(numbers)
    if not numbers and score:
        low, high = score.get("min", float("-inf")), score.get("max", float("inf"))
        if not -1 <= score.get("scaled", 0) <= 1:
            found.append("result.score.scaled: not from -1 to 1 (2.4.5.1)")
        if not low < high or not low <= score.get("raw", low) <= high:
            found.append("result.score: raw not from min to max (2.4.5.1)")
    return found


def _context(one):
    allowed = {"registration", "team", "contextActivities", "platform", "language"}
    found = _keys(one, "context", set(), allowed)
    found += _uuid(one["registration"], "context.registration") if "registration" in one else []
    if "team" in one:
        found += _agent(one["team"], "context.team")
        if one["team"].get("objectType") != "Group":
            found.append("context.team: no Group (2.4.6)")
    if "language" in one and not TAG.match(one["language"]):
        found.append("context.language: no language tag")
    around = one.get("contextActivities", {})
    found += _keys(around, "contextActivities", set(), {"parent", "grouping", "category", "other"})
    for key, values in around.items():
        for value in values:
            found += _activity(value, f"contextActivities.{key}")
    return found
