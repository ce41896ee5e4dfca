"""A lesson as a student meets it: plain data for the components, from what one may know of it."""

from __future__ import annotations

from typing import Any

from mobilize.app.views.plants import BINDS
from mobilize.why import LICENCE

Json = dict[str, Any]
KINDS = {"read": "Read", "predict": "Predict", "decide": "Decide", "see": "See",
         "explain": "Explain"}  # fmt: skip
ASPECTS = {"prediction": "Prediction", "reasoning": "Reasoning", "result": "Result"}
BOUND = {b["key"]: f"{b['name']}: {b['note']}" for b in BINDS}


def step_of(told: Json, name: str = "") -> Json | None:
    """Return a step that was reached by name, by default the one that is worked on."""
    steps: list[Json] = told["steps"]
    return next((step for step in steps if step["name"] == name), steps[-1] if steps else None)


def head(told: Json, name: str = "") -> Json:
    """Return the steps to choose from, the one that is shown, and in words how it stands."""
    lesson, step = told["class"], step_of(told, name)
    reached = {one["name"]: one for one in told["steps"]}
    tone, state = state_of(told, step)
    return {
        "lesson": lesson["lesson"],
        "summary": lesson["summary"],
        "minutes": lesson["minutes"],
        "begun": step is not None,
        "steps": [
            {
                "name": one["name"],
                "title": one["title"],
                "kind": KINDS[one["kind"]],
                "minutes": one["minutes"],
                "reached": one["name"] in reached,
                "current": lesson["step"] == n,
                "revealed": reached.get(one["name"], {}).get("revealed", False),
            }
            for n, one in enumerate(lesson["steps"], 1)
        ],
        "shown": step["name"] if step else "",
        "kind": KINDS[step["kind"]] if step else "",
        "title": step["title"] if step else "",
        "text": step["text"] if step else "",
        "stepMinutes": step["minutes"] if step else 0,
        "months": step["months"] if step else 0,
        "date": told["game"]["date"],
        "past": step is not None and step is not told["steps"][-1],
        "now": told["steps"][-1]["title"] if told["steps"] else "",
        "state": state,
        "tone": tone,
    }


def state_of(told: Json, step: Json | None) -> tuple[str, str]:
    """Return how a step stands: a tone, and words that say what one can do."""
    phase = told["class"]["phase"]
    if step is None:
        return "", "Not begun yet. Your instructor starts the lesson; this page follows by itself."
    if step["revealed"]:
        if not told["shown"]:
            return "info", "Closed. The answers are being worked out and show here in a moment."
        return "good", "Closed, and its answers are shown: compare them with yours."
    if phase == "over":
        return "", "The lesson is over. Your answers stand; what is right shows here when shown."
    if phase == "paused":
        return "warn", "Paused. Nobody can answer until your instructor goes on; all is kept."
    if not step["open"]:
        return "", "Closed. Your answers stand; what is right shows here when it is shown."
    if not step["questions"] and not step["levers"] and not step["others"]:
        return (
            "info",
            "Open. Nothing to answer here: read, look, talk. Your instructor goes on.",
        )
    return "info", "Open. All you give is saved at once and can be changed until the step closes."


def card(told: Json) -> Json:
    """Return who sits here, the cards of the parts that are theirs, and who is in the team."""
    you = told["you"]
    titles = {part["name"]: part["title"] for part in you["parts"]}
    own = sorted(told["cards"], key=lambda one: one["name"] != you["part"])
    return {
        "team": you["team"],
        "cards": [one | {"mine": one["name"] == you["part"]} for one in own],
        "people": [
            {"name": p["name"], "part": titles.get(p["part"], "no part of their own"),
             "you": p["name"] == you["name"]}
            for p in you["people"]
        ],
    }  # fmt: skip


def question(told: Json, step: Json, asked: Json) -> Json:
    """Return a question with the words around it."""
    titles = {part["name"]: part["title"] for part in told["you"]["parts"]}
    whose = titles.get(asked["part"], "the whole team")
    if asked["has"]:
        whose += f" ({', '.join(asked['has'])})"
    known = {q["name"]: q for one in told["steps"] for q in one["questions"]}
    cause = known.get(asked["because_of"])
    return asked | {
        "whose": whose,
        "tag": ASPECTS[asked["aspect"]],
        "bounds": [{"name": b, "text": _bound(b)} for b in asked.get("bounds", [])],
        "because": {"text": cause["text"], "said": cause["said"]} if cause else None,
        "team": told["you"]["team"],
        "who": told["you"]["id"],
        "paused": told["class"]["phase"] == "paused",
    }


def _bound(name: str) -> str:
    """Return in words what binds a plant, by its name in an answer."""
    return BOUND["licence"] if name == LICENCE else BOUND.get(name, name)


def marks(told: Json) -> Json | None:
    """Return the marks at the end, and what to remember: why each answer is as it is."""
    found = told["marks"]
    if found is None:
        return None
    asked = [q for step in told["steps"] for q in step["questions"]]
    lost = sorted((q for q in asked if q.get("why")), key=_lost, reverse=True)
    return {
        "total": found["total"],
        "open": found["open"],
        "aspects": [{"name": ASPECTS[a], **row} for a, row in found["aspects"].items()],
        "objectives": found["objectives"],
        "remember": [
            {"text": q["text"], "right": q["right"], "why": q["why"], "share": q["share"],
             "waits": q["waits"]}
            for q in lost
            if q["kind"] != "reasoning"
        ],
    }  # fmt: skip


def _lost(asked: Json) -> float:
    return float(asked["percent"] * (1.0 - asked["share"]))
