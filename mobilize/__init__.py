"""Mobilize: an agent-based wargame of allied industrial mobilization."""

__version__ = "0.1.0"
