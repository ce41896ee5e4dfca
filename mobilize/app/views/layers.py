"""Where the cards of a supply network stand: columns by tier, crossings of routes few.

Cards are ordered by the barycentre heuristic of Sugiyama, Tagawa and Toda (1981); the best of a few
sweeps is kept. Figures are in px of the picture; the same input gives the same picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from mobilize.network import Ints
from mobilize.state import EPS
from mobilize.world import World

FULL = 1360  # width to keep of the large picture
HEAD, TWICE, FOOT = 22, 35, 6  # of a card; TWICE for two lines of name
ROW, DOT = 20, 22  # height of a row; pitch of dots
WIDE, NARROW, SMALL, WIDEST = 180, 144, 100, 236  # least width: rows, dots, small; most
GAP, BESIDE, BETWEEN, CLOSE = 12, 14, 56, 24  # below a card, to the next column, tier; if small
SPREAD = 1.4  # of the distance between tiers, before cards grow wider
MARGIN, TITLE = 12, 30
TALL, HEIGHTS = 760, range(340, 2400, 60)  # most height of rows; heights tried
FEW = 32  # lines that are drawn as rows however tall that is
SWEEPS = 8


@dataclass
class Card:
    """One item: the lines that make it, and where it stands."""

    item: int
    tier: int
    lines: list[int]
    width: float
    dots: bool
    head: float
    x: float = 0.0
    y: float = 0.0
    at: dict[int, tuple[float, float]] = field(default_factory=dict)

    @property
    def across(self) -> int:
        """Return how many dots stand in a row, which does not change as cards grow wider."""
        return (NARROW if self.head == HEAD else SMALL) // DOT

    @property
    def height(self) -> float:
        """Return its height."""
        if self.dots:
            return self.head + DOT * -(-len(self.lines) // self.across) + FOOT
        return self.head + ROW * len(self.lines) + FOOT

    def put(self, x: float, y: float) -> None:
        """Put it, and its lines, in a place."""
        self.x, self.y = x, y
        for n, line in enumerate(self.lines):
            if self.dots:
                row, col = divmod(n, self.across)
                self.at[line] = (x + 6 + DOT * (col + 0.5), y + self.head + DOT * (row + 0.5))
            else:
                self.at[line] = (x + 16, y + self.head + ROW * (n + 0.5))


def arrange(
    world: World, lines: list[int], routes: list[int], full: int
) -> tuple[list[Card], float]:
    """Return cards in their places, and the width of it all.

    Plants are rows where that fits the width and a screen, else dots.

    Parameters
    ----------
    lines, routes : list of int
        The lines shown, and the routes between them.
    full : int
        Width to keep.
    """
    net = world.net
    cards = _cards(world, lines, full, False)
    limit = _limit(cards, full)
    if limit is None or (limit > TALL and len(lines) > FEW):
        cards = _cards(world, lines, full, True)
        limit = _limit(cards, full)
    limit = limit or HEIGHTS[-1]
    pairs = np.array([(net.r_supplier[r], net.k_line[net.r_slot[r]]) for r in routes], np.int32)
    order = _tiers(cards)
    counts = [_columns(tier, limit) for tier in order]
    width = _put(order, counts, full)
    best, least = _kept(cards), _crossings(pairs, _spots(cards, len(net.l_item)))
    for sweep in range(SWEEPS):
        _reorder(order, pairs, _spots(cards, len(net.l_item)), bool(sweep % 2))
        _put(order, counts, full)
        crossed = _crossings(pairs, _spots(cards, len(net.l_item)))
        if crossed < least:
            best, least = _kept(cards), crossed
    for card, mine, x, y in best:
        card.lines = mine
        card.put(x, y)
    return cards, width


def _kept(cards: Sequence[Card]) -> list[tuple[Card, list[int], float, float]]:
    return [(card, list(card.lines), card.x, card.y) for card in cards]


def _cards(world: World, lines: Sequence[int], full: int, dots: bool) -> list[Card]:
    """Return a card for each item that some lines make."""
    net = world.net
    width = WIDE if not dots else NARROW if full == FULL else SMALL
    head = HEAD if full == FULL else TWICE
    found = []
    for item in dict.fromkeys(net.l_item[list(lines)].tolist()):
        mine = [x for x in lines if net.l_item[x] == item]
        found.append(Card(item, int(net.l_height[mine].max()), mine, width, dots, head))
    return found


def _limit(cards: Sequence[Card], full: int) -> int | None:
    """Return the least height at which cards keep the width, or None."""
    tallest = max(c.height for c in cards) + GAP
    return next((h for h in HEIGHTS if h >= tallest and _width(cards, h, full) <= full), None)


def _tiers(cards: Sequence[Card]) -> list[list[Card]]:
    """Return the cards of each tier, the deepest first."""
    return [[c for c in cards if c.tier == t] for t in sorted({c.tier for c in cards})[::-1]]


def _columns(cards: Sequence[Card], limit: float) -> int:
    """Return in how many columns of a height cards stand."""
    count = max(1, int(np.ceil(sum(c.height + GAP for c in cards) / limit)))
    while max(_heights(_deal(cards, count))) > limit + GAP:
        count += 1
    return count


def _deal(cards: Sequence[Card], count: int) -> list[list[Card]]:
    """Return cards dealt in their order to the column that is lowest so far."""
    columns: list[list[Card]] = [[] for _ in range(count)]
    heights = [0.0] * count
    for card in cards:
        least = heights.index(min(heights))
        columns[least].append(card)
        heights[least] += card.height + GAP
    return columns


def _heights(columns: Sequence[Sequence[Card]]) -> list[float]:
    return [sum(c.height + GAP for c in column) for column in columns]


def _width(cards: Sequence[Card], limit: float, full: int) -> float:
    """Return the width of a picture of at most this height."""
    counts = [_columns(tier, limit) for tier in _tiers(cards)]
    columns = sum(counts) * cards[0].width + (sum(counts) - len(counts)) * BESIDE
    return 2 * MARGIN + columns + (len(counts) - 1) * (BETWEEN if full == FULL else CLOSE)


def _put(tiers: list[list[Card]], counts: list[int], full: int) -> float:
    """Put the cards of all tiers in their columns; return the width of it all."""
    apart = BETWEEN if full == FULL else CLOSE
    dealt = [_deal(tier, count) for tier, count in zip(tiers, counts, strict=True)]
    columns = sum(len(t) for t in dealt)
    room = full - 2 * MARGIN - (columns - len(dealt)) * BESIDE
    fair = (room - (len(dealt) - 1) * apart * SPREAD) / columns
    wide = min(max(tiers[0][0].width, fair), WIDEST)
    between = (room - columns * wide) / max(len(dealt) - 1, 1)
    between = min(max(apart, between), 3.0 * apart)
    for card in (c for tier in tiers for c in tier):
        card.width = round(wide)
    tallest = max(max(_heights(t)) for t in dealt)
    x = float(MARGIN)
    for tier in dealt:
        for column, height in zip(tier, _heights(tier), strict=True):
            loose = min((tallest - height) / (len(column) + 1), 3.0 * GAP) if column else 0.0
            y = TITLE + (tallest - height - loose * (len(column) - 1)) / 2
            for card in column:
                card.put(x, y)
                y += card.height + GAP + loose
            x += round(wide) + BESIDE
        x += between - BESIDE
    return x - between + MARGIN


def _spots(cards: Sequence[Card], lines: int) -> np.ndarray:
    """Return where lines stand, shape (lines, 2)."""
    at = np.zeros((lines, 2))
    for card in cards:
        for line, spot in card.at.items():
            at[line] = spot
    return at


def _reorder(tiers: list[list[Card]], pairs: Ints, at: np.ndarray, back: bool) -> None:
    """Order cards and their lines by the mean height of what they buy from, or sell to."""
    near, far = (1, 0) if back else (0, 1)
    lines = len(at)
    count = np.bincount(pairs[:, near], minlength=lines) if len(pairs) else np.zeros(lines)
    total = np.bincount(pairs[:, near], at[pairs[:, far], 1], lines) if len(pairs) else count
    mean = np.where(count > 0, total / np.maximum(count, 1), at[:, 1])
    for tier in tiers:
        for card in tier:
            card.lines.sort(key=lambda line: (float(mean[line]), line))
        tier.sort(key=lambda c: (float(np.mean(mean[c.lines])), c.item))


def _crossings(pairs: Ints, at: np.ndarray) -> int:
    """Return how many pairs of routes cross, drawn straight; those that share an end do not."""
    if len(pairs) < 2:
        return 0
    a, b = at[pairs[:, 0]], at[pairs[:, 1]]

    def side(p: np.ndarray, q: np.ndarray, r: np.ndarray) -> np.ndarray:
        """Return on which side of the line p-q each r lies, shape (routes, routes)."""
        d = q - p
        ahead = r[None, :, 1] - p[:, None, 1]
        out: np.ndarray = d[:, None, 0] * ahead - d[:, None, 1] * (r[None, :, 0] - p[:, None, 0])
        return out

    first = side(a, b, a) * side(a, b, b) < -EPS
    return int((first & first.T).sum() // 2)
