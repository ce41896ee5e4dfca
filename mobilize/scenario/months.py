"""Months as plain integers: ``year * 12 + month - 1``, so that they subtract and compare."""

import re

MISSING = -1
"""Stands for a month that was left empty."""

_WRITTEN = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")


def parse(text: str) -> int:
    """
    Read a month written ``YYYY-MM``.

    Raises
    ------
    ValueError
        If `text` is anything else.

    Examples
    --------
    >>> parse("2022-03") - parse("2022-02")
    1
    """
    written = _WRITTEN.fullmatch(text)
    if written is None:
        raise ValueError(f"{text!r} is not a month; allowed: YYYY-MM, such as 2022-02")
    return int(written[1]) * 12 + int(written[2]) - 1


def label(month: int) -> str:
    """
    Write a month as ``YYYY-MM``.

    Raises
    ------
    ValueError
        If `month` lies outside the years 0 to 9999.

    Examples
    --------
    >>> label(parse("2022-12") + 1)
    '2023-01'
    """
    if not 0 <= month < 120_000:
        raise ValueError(f"{month} is not a month; allowed: 0 (0000-01) to 119999 (9999-12)")
    return f"{month // 12:04d}-{month % 12 + 1:02d}"
