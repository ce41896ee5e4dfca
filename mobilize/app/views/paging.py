"""A long list, a page of it at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


def paged(found: Sequence[T], page: int, size: int) -> tuple[Sequence[T], dict[str, int]]:
    """Return one page of what was found, and where it stands in the whole.

    Parameters
    ----------
    page : int
        From 0; one that is not there is the last, or the first.
    size : int
        Rows of a page.

    Returns
    -------
    rows : sequence
    place : dict
        How many were found (`matched`), the `page` and how many `pages` there are, and the
        numbers of the `first` and `last` row, from 1.

    Examples
    --------
    >>> paged("abcde", 9, 2)
    ('e', {'matched': 5, 'page': 2, 'pages': 3, 'first': 5, 'last': 5})
    """
    pages = max(1, -(-len(found) // size))
    page = min(max(0, page), pages - 1)
    begin, end = page * size, min(len(found), (page + 1) * size)
    first = begin + 1 if found else 0
    place = {"matched": len(found), "page": page, "pages": pages, "first": first, "last": end}
    return found[begin:end], place
