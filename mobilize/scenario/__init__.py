"""Scenario folders: read, checked as a whole, and refused with every reason at once."""

from mobilize.scenario.content import (
    Challenger,
    CompleteSet,
    Conflict,
    Disturbance,
    Event,
    Hazard,
    Objective,
    Phase,
    Provenance,
    Scenario,
    Substitute,
    Trigger,
    Use,
)
from mobilize.scenario.faults import Fault, ScenarioError
from mobilize.scenario.kept import by_content, forget
from mobilize.scenario.load import check, load, shipped
from mobilize.scenario.table import Table

__all__ = [
    "Challenger",
    "CompleteSet",
    "Conflict",
    "Disturbance",
    "Event",
    "Fault",
    "Hazard",
    "Objective",
    "Phase",
    "Provenance",
    "Scenario",
    "ScenarioError",
    "Substitute",
    "Table",
    "Trigger",
    "Use",
    "by_content",
    "check",
    "forget",
    "load",
    "shipped",
]
