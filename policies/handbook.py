"""The page of all levers, written from the catalogue.

Renew it with ``python -m policies.handbook > docs/levers.md``.
"""

from __future__ import annotations

from mobilize.dictionary import table
from mobilize.terms import SCOPES
from policies.levers import ALL, GROUPS, SIZES, Lever, Move, Range, catalogue
from policies.package import BASE, WHOLE

HEAD = """# Levers

Written by `python -m policies.handbook > docs/levers.md`; do not edit by hand.

Every lever: who may move it on what basis, when it takes effect, what it costs, and which
terms of the model it moves by how much. `mobilize levers NAME` prints one. A size is
low / base / high; a package may choose with `size`, by a word or a number from -1 (low) over 0 to 1
(high), and the time to the first effect alone with `onset`. What each term does in the month is in
[model.md](model.md).

"""


def handbook() -> str:
    """Return the text of ``docs/levers.md``."""
    text = HEAD
    for group, title in GROUPS.items():
        levers = [lever for lever in catalogue().values() if lever.group == group]
        text += f"## {title}\n\n"
        text += "".join(entry(lever) for lever in levers)
    text += "## Terms\n\nThe quantities that levers move, with their neutral values.\n\n"
    rows = (
        (f"`{t.name}`", scope, f"{t.neutral:g}", f"{t.low:g} to {t.high:g}", t.unit, t.text)
        for scope, terms in SCOPES.items()
        for t in terms
    )
    return text + table(("Term", "By", "Neutral", "Range", "Unit", "Meaning"), rows)


def entry(lever: Lever) -> str:
    """Return the paragraph of one lever."""
    lines = [
        f"### `{lever.name}`: {lever.title}",
        "",
        f"{lever.basis}. Moved by: {lever.mover}. Aimed at: {aim(lever)}. "
        f"Set to: {values(lever)}. Onset {sizes(lever.onset)} months."
        + (f" Ends after {lever.lapse} months." if lever.lapse else ""),
        "",
        *(f"- moves {say(move)}" for move in lever.moves),
        *(f"- side effect: {say(move)}" for move in lever.side),
        f"- costs {lever.once:g} MUSD once, {lever.yearly:g} MUSD a year: {lever.cost}",
        f"- {lever.confidence} ({lever.source}): {lever.evidence}",
        f"- lesson: {lever.lesson}",
        "",
        "",
    ]
    return "\n".join(lines)


def aim(lever: Lever) -> str:
    """Say what a lever is aimed at."""
    if lever.target == BASE:
        return WHOLE
    return f"one of the {lever.target}" + (f" ({lever.only})" if lever.only != ALL else "")


def values(lever: Lever) -> str:
    """Say what a lever may be set to."""
    if lever.setting == "amount":
        low, high = lever.values
        return f"{low:g} to {high:g} {lever.unit}"
    return ", ".join(str(value) for value in lever.values)


def say(move: Move) -> str:
    """Say in words what a move does."""
    sign = {"set": "set to", "add": "add", "scale": "times", "act": "act with"}[move.how]
    at = f" ({move.where})" if move.where != "all" else ""
    word = f" when set to {move.value}" if move.value else ""
    fades = f", fading by {move.decay:.0%} a year" if move.decay else ""
    note = f"; {move.note}" if move.note else ""
    return f"`{move.quantity}`{at}: {sign} {sizes(move.size)} {move.unit}{word}{fades}{note}"


def sizes(size: Range) -> str:
    """Return low / base / high, or one number where they are the same."""
    numbers = [f"{size.at(s):g}" for s in SIZES]
    return numbers[0] if len(set(numbers)) == 1 else " / ".join(numbers)


if __name__ == "__main__":
    print(end=handbook())
