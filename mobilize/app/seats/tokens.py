"""By what a browser keeps its seat: a cookie for each, which no script can read."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import Response

PREFIX = "seat-"
KEPT = 14 * 24 * 3600  # seconds; a two-week game by turns


def keep(response: Response, member: str, token: str) -> None:
    """Let a browser keep the token of a member."""
    response.set_cookie(PREFIX + member, token, max_age=KEPT, httponly=True, samesite="strict")


def token_of(cookies: Mapping[str, str] | None, member: str) -> str:
    """Return the token that a browser has for a member, or ""."""
    return (cookies or {}).get(PREFIX + member, "")


def members_of(cookies: Mapping[str, str] | None) -> dict[str, str]:
    """Return by member the tokens that a browser has."""
    found = cookies or {}
    return {name[len(PREFIX) :]: text for name, text in found.items() if name.startswith(PREFIX)}
