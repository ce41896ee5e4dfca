"""Disturbances under way, and what has become of the events list: both are saved."""

from __future__ import annotations

from dataclasses import dataclass, field

from mobilize.crises.kinds import Kind, kind_of


@dataclass(frozen=True, slots=True)
class Trouble:
    """One disturbance of a world; months count from the start of the run.

    In full force from month `since` for `months`, then less by equal steps over `recovery`.
    """

    kind: str
    target: str
    severity: float
    since: int
    months: int
    recovery: int
    who: str
    text: str

    @property
    def of(self) -> Kind:
        """Return its kind."""
        return kind_of(self.kind)

    def force(self, month: int) -> float:
        """Return the share of its severity that is felt in a month, 0 to 1."""
        past = month - self.since - self.months
        if past < 0:
            return 1.0
        return max(0.0, 1.0 - (past + 1) / (self.recovery + 1))

    def changes(self, month: int) -> bool:
        """Return whether its force may differ from last month's: it has begun, or is passing."""
        return month <= self.since + 1 or month >= self.since + self.months

    def over(self, month: int) -> bool:
        """Return whether nothing of it is felt any more."""
        return month >= self.since + self.months + self.recovery


@dataclass(slots=True)
class Agenda:
    """What has become of the events list: by event the month it fired, or may fire from.

    A skipped event fires no more, unless somebody fires it.
    """

    fired: dict[str, int] = field(default_factory=dict)
    not_before: dict[str, int] = field(default_factory=dict)
    skipped: list[str] = field(default_factory=list)
