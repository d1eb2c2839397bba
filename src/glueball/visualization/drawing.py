"""Draws a network as SVG, without any package."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from .blocks import WIDTH, Block, blocks
from .columns import cut
from .layout import Arrangement, Edge, Point, arrange
from .network import Network
from .svg import box, curve, rounded_line, text_of

_MARGIN = 32.0
_HEADER = 74.0
_GUTTER = 64.0
_PORT = (9.0, 9.0)  # the size of the point where a line leaves a column or enters the next
_LINE_GAP = 18.0  # between lines that end at the same box

_STYLE = """
text { font-family: Helvetica, Arial, "Liberation Sans", "DejaVu Sans", sans-serif; fill: #1e293b; }
.heading { font-size: 20px; font-weight: bold; }
.facts { font-size: 12.5px; fill: #475569; }
.title { font-size: 12.5px; font-weight: bold; }
.detail { font-size: 11.5px; }
.name { font-size: 10.5px; fill: #526076; }
.shape { font-size: 11px; font-weight: bold; fill: #334155; }
.line { fill: none; stroke: #64748b; stroke-width: 1.6; }
.skip { fill: none; stroke: #c2416b; stroke-width: 2.2; }
.line-end, .port { fill: #64748b; }
.skip-end { fill: #c2416b; }
.next { fill: none; stroke: #64748b; stroke-width: 1.6; stroke-dasharray: 5 4; }
"""


def draw(network: Network, heading: str, facts: Sequence[str] = ()) -> str:
    """Return the drawing of a network as the text of an SVG file.

    Parameters
    ----------
    network : Network
        The network to draw.
    heading : str
        The title of the drawing.
    facts : sequence of str
        Lines in small print below the heading; one about names is added if they are shortened.

    Raises
    ------
    MXNetError
        The graph is too complex to draw.
    """
    found, edges, prefix = blocks(network)
    facts = [*facts, f"Names begin with {prefix}"] if prefix else list(facts)
    columns = _Columns(found, edges)
    top = _HEADER + 16.0 * max(0, len(facts) - 1)
    width = max(columns.width, 9.5 * len(heading), *[7.0 * len(fact) for fact in facts], 0.0) + 2 * _MARGIN
    height = columns.height + top + _MARGIN
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" '
        f'viewBox="0 0 {width:.0f} {height:.0f}" role="img">',
        f"<title>{text_of(heading)}</title>",
        f"<style>{_STYLE}</style>",
        f'<rect width="{width:.0f}" height="{height:.0f}" fill="#ffffff"/>',
        f'<text x="{_MARGIN:g}" y="36" class="heading">{text_of(heading)}</text>',
    ]
    parts += [
        f'<text x="{_MARGIN:g}" y="{56 + 16 * number}" class="facts">{text_of(fact)}</text>'
        for number, fact in enumerate(facts)
    ]
    indent = (width - columns.width) / 2 if len(columns.arrangements) == 1 else _MARGIN
    parts += [
        f'<g transform="translate({min(indent, 360):.1f} {top:.1f})">',
        *columns.parts(found),
        "</g>",
        "</svg>",
        "",
    ]
    return "\n".join(parts)


class _Columns:
    """The columns of a drawing side by side, each with its own layout, and the lines from one to the next."""

    def __init__(self, found: Sequence[Block], edges: Sequence[Edge]) -> None:
        self._sizes = [block.size for block in found]
        self._contents = cut(self._sizes, edges)
        within, crossing = _by_column(self._contents, edges)
        self.arrangements: list[Arrangement] = []
        self._numbers: list[dict[int, int]] = []
        self._lefts: list[float] = []
        self.width = 0.0
        for number, content in enumerate(self._contents):
            self._lefts.append(self.width)
            self.arrangements.append(self._arranged(content, within[number], crossing[number], number))
            self.width += self.arrangements[-1].width + _GUTTER
        self.width -= _GUTTER
        self.height = max(arrangement.height for arrangement in self.arrangements) + (
            26.0 if len(self._contents) > 1 else 0.0
        )

    def _arranged(
        self, content: Sequence[int], edges: Sequence[Edge], crossing: Sequence[int], column: int
    ) -> Arrangement:
        """Arrange one column; lines from the previous column enter by a port, its first box, and leave by its last."""
        is_first, is_last = column == 0, column == len(self._contents) - 1
        numbers = {box: place for place, box in enumerate(content, start=0 if is_first else 1)}
        # A source in another column enters by the port.
        inner = {(numbers.get(source, 0), numbers[target]) for source, target in edges}
        sizes = [self._sizes[box] for box in content]
        sizes = sizes if is_first else [_PORT, *sizes]
        self._numbers.append(numbers)
        if is_last:
            return arrange(sizes, sorted(inner))
        leaving = {(numbers.get(source, 0), len(sizes)) for source in crossing}
        return arrange([*sizes, _PORT], sorted(inner | leaving), last=len(sizes))

    def parts(self, found: Sequence[Block]) -> list[str]:
        """Return the SVG elements of all columns."""
        parts = []
        for number, (arrangement, left) in enumerate(zip(self.arrangements, self._lefts, strict=True)):
            parts += _lines(arrangement, left)
            if number:
                parts.append(self._transition(number))
        for arrangement, left, numbers in zip(self.arrangements, self._lefts, self._numbers, strict=True):
            for number, place in numbers.items():
                x, y = arrangement.boxes[place]
                parts += box(found[number], left + x - self._sizes[number][0] / 2, y)
        return parts

    def _transition(self, column: int) -> str:
        """Return the line from the bottom of a column to the top of the next."""
        before, after = self.arrangements[column - 1], self.arrangements[column]
        x, y = before.boxes[-1]
        end_x, end_y = after.boxes[0]
        x, end_x = x + self._lefts[column - 1], end_x + self._lefts[column]
        foot = before.height + 16.0
        between = self._lefts[column] - _GUTTER / 2
        corners = [(x, y + _PORT[1]), (x, foot), (between, foot), (between, -12.0), (end_x, -12.0), (end_x, end_y)]
        middle = _PORT[1] / 2
        dots = [f'<circle cx="{a:.1f}" cy="{b + middle:.1f}" r="4" class="port"/>' for a, b in [(x, y), (end_x, end_y)]]
        return f'<path class="next" d="{rounded_line(corners)}"/>' + "".join(dots)


def _by_column(contents: Sequence[Sequence[int]], edges: Sequence[Edge]) -> tuple[list[list[Edge]], list[list[int]]]:
    """Return the lines that end in each column, and the boxes whose lines cross its end."""
    column_of = {box: column for column, content in enumerate(contents) for box in content}
    within: list[list[Edge]] = [[] for _ in contents]
    last = dict.fromkeys(column_of, 0)  # the last column to which a box has a line
    for source, target in edges:
        within[column_of[target]].append((source, target))
        last[source] = max(last[source], column_of[target])
    crossing: list[list[int]] = [[] for _ in contents]
    for source, end in last.items():
        for column in range(column_of[source], end):
            crossing[column].append(source)
    return within, crossing


def _lines(arrangement: Arrangement, left: float) -> list[str]:
    """Return the lines of a column; those that end at the same box end side by side."""
    leaving = Counter(source for source, _ in arrangement.routes)
    arriving: dict[int, list[Edge]] = {}
    for edge in arrangement.routes:
        arriving.setdefault(edge[1], []).append(edge)
    short: list[str] = []
    long: list[str] = []
    for target, edges in arriving.items():
        for edge, offset in _ends(edges, arrangement, arrangement.boxes[target][0]):
            points = [(x + left, y) for x, y in arrangement.routes[edge]]
            points[-1] = (points[-1][0] + offset, points[-1][1])
            # A second path that bypasses the boxes between.
            is_skip = len(points) > 2 and leaving[edge[0]] > 1
            (long if is_skip else short).extend(_line(points, "skip" if is_skip else "line"))
    return short + long


def _ends(edges: Sequence[Edge], arrangement: Arrangement, middle: float) -> Iterator[tuple[Edge, float]]:
    """Yield each line that ends at a box with its offset from the box's middle, which is 0 if it comes from above."""
    from_x = {edge: arrangement.routes[edge][-2][0] for edge in edges}
    left = sorted([edge for edge in edges if from_x[edge] < middle - 1], key=lambda edge: -from_x[edge])
    right = sorted([edge for edge in edges if from_x[edge] > middle + 1], key=lambda edge: from_x[edge])
    straight = [edge for edge in edges if abs(from_x[edge] - middle) <= 1]
    yield from ((edge, 0.0) for edge in straight)
    first = 1.0 if straight else 0.5 if left and right else 0.0
    step = min(_LINE_GAP, (WIDTH / 2 - 10) / max(len(left), len(right), 1))
    yield from ((edge, -step * (first + number)) for number, edge in enumerate(left))
    yield from ((edge, step * (first + number)) for number, edge in enumerate(right))


def _line(points: Sequence[Point], style: str) -> list[str]:
    x, y = points[-1]
    return [
        f'<path class="{style}" d="{curve(points)}"/>',
        f'<path class="{style}-end" d="M{x:.1f} {y:.1f}l-4.5 -8h9z"/>',
    ]
