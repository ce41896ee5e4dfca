"""What every act is looked at for, whatever it is done to: its size, its form, its number."""

from __future__ import annotations

import json
from collections.abc import Mapping

from mobilize.rooms.fields import size
from mobilize.rooms.kinds import RefusedError
from mobilize.rooms.room import Act

LARGEST = 20_000  # letters in the body of one act


def text_of(act: Act) -> str:
    """Return the body of an act as it is kept, or refuse what no file can hold."""
    kind: object = act.kind  # what comes from a browser may be anything
    body: object = act.body
    if not isinstance(kind, str) or not isinstance(body, Mapping):
        raise RefusedError("What was sent is no act.")
    try:
        if size(act.body) > LARGEST:
            raise RefusedError(f"That is too long: at most {LARGEST:,} letters in one act.")
        return json.dumps(dict(act.body), sort_keys=True, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise RefusedError("What was sent is no act.") from error


def in_order(sequence: int, last: tuple[str, str], act: Act, text: str) -> None:
    """Refuse an act that is not the next of a member whose last had number `sequence`."""
    number: object = act.sequence
    if isinstance(number, bool) or not isinstance(number, int) or abs(number) > 10**9:
        raise RefusedError("The act has no number.")
    if act.sequence == sequence and (act.kind, text) == last:
        raise RefusedError("This was accepted already.", True)
    if act.sequence != sequence + 1:
        raise RefusedError(
            f"This is act {act.sequence} from here, awaited is {sequence + 1}: "
            "something was sent from another window. Load the page again."
        )
