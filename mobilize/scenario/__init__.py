"""Scenario folders: read, checked as a whole, and refused with every reason at once."""

from mobilize.scenario.content import (
    CompleteSet,
    Conflict,
    Disturbance,
    Event,
    Hazard,
    Objective,
    Provenance,
    Scenario,
    Trigger,
    Use,
)
from mobilize.scenario.faults import Fault, ScenarioError
from mobilize.scenario.load import check, load, shipped
from mobilize.scenario.table import Table

__all__ = [
    "CompleteSet",
    "Conflict",
    "Disturbance",
    "Event",
    "Fault",
    "Hazard",
    "Objective",
    "Provenance",
    "Scenario",
    "ScenarioError",
    "Table",
    "Trigger",
    "Use",
    "check",
    "load",
    "shipped",
]
