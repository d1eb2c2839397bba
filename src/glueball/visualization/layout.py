"""Places the boxes and lines of a drawing: layers from top to bottom, few crossings, the longest path straight.

This is layered graph drawing (Sugiyama) in four steps: ranks, places for lines that pass ranks, an order within each
rank, coordinates. Lines from one source that pass a rank share one place there. It knows only boxes, not networks.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import inf

from ..core.errors import MXNetError
from .rows import Item, order

_GAP = 26.0  # between boxes side by side
_LINE = 6.0  # the width of a passing line
RANK_GAP = 38.0
_SWEEPS = 10
_STRAIGHT = 1e12  # the weight of the longest path, which keeps it in place
_MOST_PLACES = 20_000

Edge = tuple[int, int]
Point = tuple[float, float]


@dataclass(frozen=True)
class Arrangement:
    """The positions of everything.

    Attributes
    ----------
    boxes
        The middle of each box's top side.
    routes
        For each edge, the points of its line, from the bottom of one box to the top of another; consecutive points
        with the same x are joined by a straight line. What a longer line from the same box shows too is left out, but
        for the last place that both pass.
    width, height
        The size of the drawing, whose origin is (0, 0).
    """

    boxes: list[Point]
    routes: dict[Edge, list[Point]]
    width: float
    height: float


def ranks_of(count: int, edges: Iterable[Edge]) -> list[int]:
    """Return the rank of each box: below all its sources, or, if it has none, just above its nearest user.

    An edge (a, b) must have a < b.
    """
    edges = sorted(edges, key=lambda edge: edge[1])
    ranks = [0] * count
    has_source = [False] * count
    for source, target in edges:
        ranks[target] = max(ranks[target], ranks[source] + 1)
        has_source[target] = True
    nearest: dict[int, int] = {}
    for source, target in edges:
        nearest[source] = min(nearest.get(source, ranks[target]), ranks[target])
    return [ranks[box] if has_source[box] else nearest.get(box, 1) - 1 for box in range(count)]


def arrange(sizes: Sequence[tuple[float, float]], edges: Sequence[Edge], last: int | None = None) -> Arrangement:
    """Find a place for each box.

    Parameters
    ----------
    sizes : sequence of (width, height)
        The boxes, sources before targets.
    edges : sequence of (source, target)
        The lines between them, each once.
    last : int, optional
        A box to place below all others.
    """
    if not sizes:
        return Arrangement([], {}, 0.0, 0.0)
    ranks = ranks_of(len(sizes), edges)
    if last is not None:
        ranks[last] = max(ranks[:last] + ranks[last + 1 :], default=0) + 1
    boxes, rows, chains = _items(sizes, edges, ranks)
    order(rows)
    _place(rows)
    _straighten(rows, chains)
    tops, height = _tops(rows, sizes)
    items = [item for row in rows for item in row]
    left = min(item.x - item.width / 2 for item in items)
    width = max(item.x + item.width / 2 for item in items) - left
    for item in items:
        item.x -= left
    positions = [(item.x, tops[ranks[number]][0]) for number, item in enumerate(boxes)]
    return Arrangement(positions, _routes(edges, positions, sizes, chains, ranks, tops), width, height)


def _items(
    sizes: Sequence[tuple[float, float]], edges: Sequence[Edge], ranks: Sequence[int]
) -> tuple[list[Item], list[list[Item]], list[list[Item]]]:
    """Return the boxes, the boxes and passing lines by rank, and the places that the lines of each box pass, downward.

    Lines from one box share their places: each passes some, from the first on.
    """
    main = _longest_path(edges, ranks)
    boxes = [Item(number, size[0], _STRAIGHT if number in main else 1.0) for number, size in enumerate(sizes)]
    rows: list[list[Item]] = [[] for _ in range(max(ranks) + 1)]
    for number, item in enumerate(boxes):
        rows[ranks[number]].append(item)
    chains: list[list[Item]] = [[] for _ in boxes]
    places = 0
    for source, target in edges:
        chain, passed = chains[source], ranks[target] - ranks[source] - 1
        for rank in range(ranks[source] + 1 + len(chain), ranks[target]):
            chain.append(_joined(chain[-1] if chain else boxes[source], Item(-1, _LINE, 4.0)))
            rows[rank].append(chain[-1])
            places += 1
            if places > _MOST_PLACES:
                raise MXNetError(
                    f"drawing: lines must pass at most {_MOST_PLACES} places; received {len(sizes)} boxes with "
                    f"{len(edges)} lines that pass more; draw part of it: symbol.get_internals()['name_output']"
                )
        _joined(chain[passed - 1] if passed else boxes[source], boxes[target])
    return boxes, rows, chains


def _joined(upper: Item, lower: Item) -> Item:
    upper.below.append(lower)
    lower.above.append(upper)
    return lower


def _longest_path(edges: Sequence[Edge], ranks: Sequence[int]) -> set[int]:
    """Return the boxes of a path through as many ranks as possible."""
    before: dict[int, int] = {}
    for source, target in sorted(edges, reverse=True):
        if ranks[source] == ranks[target] - 1:
            before[target] = source
    box = max(range(len(ranks)), key=lambda number: ranks[number])
    path = {box}
    while box in before:
        box = before[box]
        path.add(box)
    return path


def _place(rows: Sequence[Sequence[Item]]) -> None:
    """Give each item an x near its neighbors', keeping order and distance; the longest path stays at 0."""
    for row in rows:
        _spread(row, [0.0] * len(row))
    for sweep in range(_SWEEPS):
        for row in rows if sweep % 2 == 0 else reversed(rows):
            _spread(row, [0.0 if item.weight == _STRAIGHT else _wish(item) for item in row])


def _wish(item: Item) -> float:
    neighbors = [*item.above, *item.below]
    weights = [3.0 if item.box < 0 and other.box < 0 else 1.0 for other in neighbors]
    return sum(w * other.x for w, other in zip(weights, neighbors, strict=True)) / sum(weights) if weights else item.x


def _spread(row: Sequence[Item], wishes: Sequence[float]) -> None:
    """Set x as near to the wishes as the distances allow: least squares, by pooling neighbors that touch."""
    offset = 0.0
    offsets = []
    groups: list[list[float]] = []  # sum of weights, weighted sum of wishes, number of items
    for number, (item, wish) in enumerate(zip(row, wishes, strict=True)):
        if number:
            offset += (row[number - 1].width + item.width) / 2 + _GAP
        offsets.append(offset)
        groups.append([item.weight, item.weight * (wish - offset), 1])
        while len(groups) > 1 and groups[-2][1] / groups[-2][0] >= groups[-1][1] / groups[-1][0]:
            weight, total, count = groups.pop()
            groups[-1] = [groups[-1][0] + weight, groups[-1][1] + total, groups[-1][2] + count]
    values = [total / weight for weight, total, count in groups for _ in range(int(count))]
    for item, value, own in zip(row, values, offsets, strict=True):
        item.x = value + own


def _straighten(rows: Sequence[Sequence[Item]], chains: Iterable[Sequence[Item]]) -> None:
    """Align the places of a line vertically, as far down as the boxes beside them leave room, then the next ones."""
    row_of = {id(item): row for row in rows for item in row}
    for chain in chains:
        straight: list[Item] = []
        left, right = -inf, inf
        for item in chain:
            room = _room(item, row_of[id(item)])
            if max(left, room[0]) > min(right, room[1]):
                _align(straight, left, right)
                straight, left, right = [], -inf, inf
            straight.append(item)
            left, right = max(left, room[0]), min(right, room[1])
        _align(straight, left, right)


def _align(items: Sequence[Item], left: float, right: float) -> None:
    if items:
        middle = min(max(sum(item.x for item in items) / len(items), left), right)
        for item in items:
            item.x = middle


def _room(item: Item, row: Sequence[Item]) -> tuple[float, float]:
    """Return the range of x to which an item can be moved."""
    left, right = -inf, inf
    if item.place > 0:
        other = row[item.place - 1]
        left = other.x + (other.width + item.width) / 2 + _GAP
    if item.place < len(row) - 1:
        other = row[item.place + 1]
        right = other.x - (other.width + item.width) / 2 - _GAP
    return left - 0.01, right + 0.01


def _tops(
    rows: Sequence[Sequence[Item]], sizes: Sequence[tuple[float, float]]
) -> tuple[list[tuple[float, float]], float]:
    """Return the top and bottom of each rank, and the total height."""
    tops = []
    y = 0.0
    for row in rows:
        height = max([sizes[item.box][1] for item in row if item.box >= 0], default=0.0)
        tops.append((y, y + height))
        y += height + RANK_GAP
    return tops, y - RANK_GAP


def _routes(
    edges: Sequence[Edge],
    positions: Sequence[Point],
    sizes: Sequence[tuple[float, float]],
    chains: Sequence[Sequence[Item]],
    ranks: Sequence[int],
    tops: Sequence[tuple[float, float]],
) -> dict[Edge, list[Point]]:
    """Return the points of the lines; the longest line of a box also stands for the beginnings of its others."""
    routes = {}
    whole = set()  # the boxes whose longest line is there
    for source, target in sorted(edges, key=lambda edge: -ranks[edge[1]]):
        passed = ranks[target] - ranks[source] - 1
        first = max(passed - 1, 0) if source in whole else 0
        points = []
        if not first:
            x, y = positions[source]
            points.append((x, y + sizes[source][1]))
        for number in range(first, passed):
            x = chains[source][number].x
            points += [(x, y) for y in tops[ranks[source] + 1 + number]]
        routes[source, target] = [*points, positions[target]]
        whole.add(source)
    return {edge: routes[edge] for edge in edges}
