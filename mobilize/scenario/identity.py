"""Rules about names: what an id, a source or a target in one table means in another."""

from collections.abc import Iterator

from mobilize.network import HOME
from mobilize.scenario import schema
from mobilize.scenario.draft import Draft, needs
from mobilize.scenario.faults import Fault, Hints, listed, shown

MODEL = "MODEL"
"""Source id of a modelling choice of this project."""

_MODEL_CONFIDENCES = ("notional", "estimate")
_BUYERS_AND_PLACES = ("countries", "firms", "lines", "programs")
_HINDCAST_TARGETS = {
    "deliveries": ("programs", "items"),
    "cumulative": ("programs", "items"),
    "output": ("lines", "items"),
    "capacity": ("lines", "items"),
    "monthly": ("lines", "items"),
    "made": ("lines", "items"),
}


def references(draft: Draft) -> Iterator[Fault]:
    """Check that every id that a table refers to exists."""
    for attribute in schema.attributes():
        if not attribute.refers_to or not draft.complete(*attribute.refers_to):
            continue
        known = set(attribute.words).union(*(draft[table]["id"] for table in attribute.refers_to))
        hints = Hints(known)
        allowed = " or ".join(f"{table}.csv" for table in attribute.refers_to)
        allowed = " or ".join([f"an id of {allowed}", *attribute.words])
        for row, value in draft.rows(attribute.table, attribute.column):
            if value and value not in known:
                problem = f"unknown id {shown(value)}{hints(value)}"
                yield draft.fault(attribute.table, row, attribute.column, problem, allowed)


def repeated_rows(draft: Draft) -> Iterator[Fault]:
    """Check that no two rows of a table have the same id, or the same pair.

    Parameters are merged with the defaults by now; `defaults` looks for their repeats.
    """
    for name in draft.tables:
        columns = schema.key_columns(name)
        if name == "parameters":
            continue
        first: dict[tuple[object, ...], int] = {}
        for row, *key in draft.rows(name, *columns):
            if "" in key or -1 in key:
                continue
            other = first.setdefault(tuple(key), row)
            if other != row:
                problem = f"the row repeats {draft.where(name, other)}"
                allowed = f"one row for each {' and '.join(columns)}"
                yield draft.fault(name, row, columns[-1], problem, allowed)


def ids_shared_by_tables(draft: Draft) -> Iterator[Fault]:
    """Check that countries, firms, lines and programs share no id: a buyer may be any of them."""
    owner: dict[str, tuple[str, int]] = {}
    for name in _BUYERS_AND_PLACES:
        for row, value in draft.rows(name, "id"):
            other, place = owner.setdefault(value, (name, row))
            if value and other != name:
                problem = f"{shown(value)} is the id of {other}.csv {draft.where(other, place)}"
                allowed = "an id that no country, firm, line or other program has"
                yield draft.fault(name, row, "id", problem, allowed)


@needs("sources")
def known_sources(draft: Draft) -> Iterator[Fault]:
    """Check that every cited source stands in sources.csv."""
    known = {MODEL, *draft["sources"]["id"]}
    hints = Hints(known)
    allowed = "ids of sources.csv joined by '+', or MODEL"
    for name, columns in schema.tables().items():
        if "source" in columns:
            for row, cited in draft.rows(name, "source"):
                for source in _unknown(cited, known):
                    problem = f"unknown source {shown(source)}{hints(source)}"
                    yield draft.fault(name, row, "source", problem, allowed)
    for entry in draft.settings:
        for source in _unknown(entry.get("source") or "", known):
            yield entry.fault("source", f"unknown source {shown(source)}{hints(source)}", allowed)


def the_lead_is_at_home(draft: Draft) -> Iterator[Fault]:
    """Check that the United States lead or have no stance, and nobody else leads."""
    for row, country, stance in draft.rows("countries", "id", "stance"):
        if country == HOME and stance not in ("lead", "none"):
            problem = f"{shown(stance)} for the United States, whose law the lead's rules use"
            yield draft.fault("countries", row, "stance", problem, "lead or none")
        elif country != HOME and stance == "lead":
            problem = f"{shown(country)} cannot lead: ratings and tokens are United States law"
            yield draft.fault(
                "countries", row, "stance", problem, "none, large, front_line, neutral"
            )


def _unknown(cited: str, known: set[str]) -> list[str]:
    if cited in known:
        return []
    return [source for source in cited.split("+") if source and source not in known]


def modelling_choices(draft: Draft) -> Iterator[Fault]:
    """Check that whatever rests on MODEL says that it is notional or an estimate."""
    allowed = f"{' or '.join(_MODEL_CONFIDENCES)}, as the source is {MODEL}"
    for name, columns in schema.tables().items():
        if "source" in columns:
            for row, source, confidence in draft.rows(name, "source", "confidence"):
                if _overstated(source, confidence):
                    problem = f"{shown(confidence)} is too much for a modelling choice"
                    yield draft.fault(name, row, "confidence", problem, allowed)
    for entry in draft.settings:
        if _overstated(entry.get("source") or "", entry.get("confidence") or ""):
            problem = f"{shown(entry.get('confidence'))} is too much for a modelling choice"
            yield entry.fault("confidence", problem, allowed)


def _overstated(source: str, confidence: str) -> bool:
    return confidence in ("documented", "unverified") and MODEL in source.split("+")


def provenance_targets(draft: Draft) -> Iterator[Fault]:
    """Check that every row of provenance.csv points at a column and a row that exist."""
    keys: dict[str, set[str]] = {}
    for row, name, key, column in draft.rows("provenance", "table", "id", "column"):
        if name not in draft.tables:
            continue
        columns = [word for word in schema.tables()[name] if word not in ("source", "confidence")]
        if column and column not in columns:
            problem = f"{name}.csv has no column {shown(column)}{Hints(columns)(column)}"
            yield draft.fault("provenance", row, "column", problem, listed(columns))
        if name not in keys:
            keys[name] = {"*", *draft[name].keys()}
        if key and key not in keys[name] and draft.complete(name):
            problem = f"{name}.csv has no row {shown(key)}{Hints(keys[name])(key)}"
            wanted = ">".join(schema.key_columns(name))
            yield draft.fault("provenance", row, "id", problem, f"{wanted} of a row, or *")


def hindcast_targets(draft: Draft) -> Iterator[Fault]:
    """Check that the target of a hindcast row is something its metric can be measured on."""
    ids = {name: set(draft[name]["id"]) for name in ("programs", "items", "lines")}
    for row, metric, target in draft.rows("hindcast", "metric", "target"):
        tables = _HINDCAST_TARGETS.get(metric, ())
        if not tables or not target or not draft.complete(*tables):
            continue
        found = [name for name in tables if target in ids[name]]
        allowed = f"an id of {' or '.join(f'{name}.csv' for name in tables)} for {metric}"
        if not found:
            near = Hints(set().union(*(ids[name] for name in tables)))(target)
            problem = f"unknown target {shown(target)}{near}"
            yield draft.fault("hindcast", row, "target", problem, allowed)
        elif len(found) > 1:
            problem = f"{shown(target)} is an id of {' and of '.join(found)}"
            yield draft.fault("hindcast", row, "target", problem, "an id of one of them only")
