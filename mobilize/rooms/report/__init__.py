"""Reports of a session: the room's, which the white cell releases, and each team's own."""

from mobilize.rooms.report.room import room_report_html
from mobilize.rooms.report.team import team_report_html

__all__ = ["room_report_html", "team_report_html"]
