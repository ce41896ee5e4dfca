"""Help of a seat: how a turn goes, what this role decides and sees, keys."""

from __future__ import annotations

from typing import Any

from policies.levers import GROUPS

Plain = dict[str, Any]
TURN = (
    ("Plan", "Move levers, plan acts, talk, make offers, predict, hand in. Whoever is late holds "
     "nobody up."),
    ("Lock", "Plans stand as they are. You can still talk."),
    ("Resolve", "Agreements come first, then seats in the order of the roles. The white cell has "
     "the last word."),
    ("Brief", "What came of it is told: what counted, what happened and why, what you expected."),
)  # fmt: skip
RULES = (
    "Of two settings of one lever at one target the first counts; the other is told as set aside.",
    "A lever marked asked needs Congress, the President or NATO, whom the white cell plays.",
    "A team that plans nothing and does not hand in is played by its country's own rules.",
    "Whoever holds a part of the team decides its levers and acts alone.",
    "An accepted offer binds both sides; a promise in words is judged by the white cell.",
    "How sure anyone is of a lever's size stands beside it: documented, estimate, unverified or "
    "notional.",
)
SEES = {
    "public": "Wars, whose fires go unmet, what was made",
    "programs": "Stock, orders and money of your own programs",
    "requests": "Requests for priority at plants on your soil",
    "base": "The plants that governments know of, not what they could do",
    "metrics": "The metrics of deterrence",
    "firms": "Lines at home: orders, capacity, crews, cash",
    "ladder": "Your ladder, and what speaks for a step",
}
HONEST = "A teaching model with notional parts, not a forecast."


def helped(
    you: Plain, world: Plain, pages: list[str], menu: list[Plain], deeds: list[Plain]
) -> Plain:
    """Return the help of a seat, by what it may do here and see."""
    groups = {row["group"] for row in menu}
    keys = [(str(n), f"Go to {page}") for n, page in enumerate(pages, 1)]
    keys += [("h", "Hand in, or reopen the plan"), ("/", "Search the levers"),
             ("t", "Light or dark")]  # fmt: skip
    return {
        "title": you["title"],
        "about": you["about"],
        "turn": [{"title": t, "text": x} for t, x in TURN],
        "decides": [f"Levers: {title}" for g, title in GROUPS.items() if g in groups]
        + [f"{act['title']}: {_small(act['does'])}" for act in deeds],
        "sees": [SEES[part] for part in SEES if part in world],
        "rules": list(RULES),
        "keys": [{"key": k, "does": d} for k, d in keys],
        "honest": HONEST,
    }


def _small(text: str) -> str:
    return text[:1].lower() + text[1:]
