"""A factor: one thing that a study varies, over which range and on what evidence."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, get_args

Shape = Literal["uniform", "log-uniform", "triangular"]
SHAPES: tuple[Shape, ...] = get_args(Shape)
CONFIDENCES = ("documented", "estimate", "unverified", "notional")  # the firmest first
WIDE = 10.0  # times the low end, from where a range is sampled by orders of magnitude


@dataclass(frozen=True)
class Factor:
    """
    One thing that a study varies.

    Parameters
    ----------
    name : str
        Its name in the study; by default its address.
    varies : str
        Address of what it moves, such as ``parameter:training`` (see
        :func:`experiments.catalogue.catalogue`).
    low, base, high : float
        Ends of the range and the value of the scenario itself, in `unit`. Of words: places.
    shape : Shape
        How the futures are spread over the range. It serves to cover the range, and claims no
        odds.
    words : tuple of str
        The words it takes, where it takes no numbers.
    rows : str
        Pattern of the row keys that it moves, where it moves a table or list.
    only : tuple of str
        Confidences of the figures that it moves there; none: of all.
    """

    name: str
    varies: str
    low: float
    base: float
    high: float
    shape: Shape = "uniform"
    words: tuple[str, ...] = ()
    unit: str = ""
    source: str = ""
    confidence: str = ""
    title: str = ""
    rows: str = "*"
    only: tuple[str, ...] = ()
    word: str = ""  # of the scenario itself, where it takes words

    def at(self, u: float) -> float | str:
        """
        Return the value at a place in the range.

        Parameters
        ----------
        u : float
            0 (low end, or first word) to 1 (high end, or last word).

        Examples
        --------
        >>> Factor("training", "parameter:training", 2, 4, 12).at(0.5)
        7.0
        >>> Factor("mindset", "mindset", 0, 0, 2, words=("bold", "fearful", "patient")).at(0.99)
        'patient'
        """
        if self.words:
            return self.words[min(int(u * len(self.words)), len(self.words) - 1)]
        if self.shape == "log-uniform":
            value = math.exp((1.0 - u) * math.log(self.low) + u * math.log(self.high))
        elif self.shape == "triangular":
            value = self._triangular(u)
        else:
            value = (1.0 - u) * self.low + u * self.high
        return min(max(value, self.low), self.high)

    def _triangular(self, u: float) -> float:
        """Return the quantile of a triangular distribution whose mode is the base."""
        width, rise = self.high - self.low, self.base - self.low
        if width > 0.0 and u < rise / width:
            return self.low + math.sqrt(u * width * rise)
        return self.high - math.sqrt((1.0 - u) * width * (self.high - self.base))

    def place(self, value: float | str) -> float:
        """Return the place in the range at which a value stands: the inverse of :meth:`at`."""
        if isinstance(value, str):
            return (self.words.index(value) + 0.5) / len(self.words)
        if self.high <= self.low:
            return 0.5
        if self.shape == "log-uniform":
            return math.log(value / self.low) / math.log(self.high / self.low)
        if self.shape == "triangular":
            width, rise = self.high - self.low, self.base - self.low
            if value < self.base:
                return (value - self.low) ** 2 / (width * rise)
            return 1.0 - (self.high - value) ** 2 / (width * max(width - rise, 1e-300))
        return (value - self.low) / (self.high - self.low)

    def of_base(self) -> float | str:
        """Return the value that leaves the scenario as it is."""
        return self.word if self.words else self.base


def usual_shape(low: float, high: float) -> Shape:
    """Return the shape of a range that nobody gave one: by magnitude where it is wide."""
    return "log-uniform" if low > 0.0 and high >= WIDE * low else "uniform"


def weakest(confidences: list[str]) -> str:
    """Return the least firm of some confidences."""
    return max(confidences, key=CONFIDENCES.index)
