"""A network as a picture: SVG, written without any package."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape

from .blocks import WIDTH, Block, Slice, blocks
from .columns import cut
from .layout import Arrangement, Edge, Point, arrange
from .network import Network

_MARGIN = 32.0
_HEADER = 74.0
_GUTTER = 64.0
_PORT = (9.0, 9.0)  # where a line leaves a column or enters the next
_ROUND = 7.0
_ROOM = WIDTH - 24 - 8  # for two texts in one line
_BESIDE = 18.0  # between lines that end at the same box

# By kind of layer: the colour of the box, and of its edge and title.
_COLOURS = {
    "input": ("#ffffff", "#334155"),
    "convolution": ("#dbe8fb", "#1d5fbf"),
    "dense": ("#e0e1fb", "#4648b8"),
    "norm": ("#f0ebfa", "#7653b5"),
    "activation": ("#fdeed9", "#b45f06"),
    "pooling": ("#d6f1e8", "#0b7a5a"),
    "join": ("#fbdfe6", "#b8284f"),
    "output": ("#f8dff0", "#9c2379"),
    "shape": ("#e9edf1", "#4b5b6d"),
    "other": ("#f3eee2", "#76602c"),
}
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
# Widths of characters in parts of the font size, for the widest of the fonts above.
_NARROW = dict.fromkeys("iljtfrI.,:;'|!()[] /", 0.38)
_WIDE = dict.fromkeys("mwMW@%", 0.95)


def draw(network: Network, heading: str, facts: Sequence[str] = ()) -> str:
    """Return the drawing of a network as the text of an SVG file.

    Parameters
    ----------
    network : Network
        What to draw.
    heading : str
        Stands above it.
    facts : sequence of str
        Lines of smaller print under the heading; one about names is added where they are shortened.

    Raises
    ------
    MXNetError
        The graph is too tangled to be drawn.
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
        f"<title>{_text(heading)}</title>",
        f"<style>{_STYLE}</style>",
        f'<rect width="{width:.0f}" height="{height:.0f}" fill="#ffffff"/>',
        f'<text x="{_MARGIN:g}" y="36" class="heading">{_text(heading)}</text>',
    ]
    parts += [
        f'<text x="{_MARGIN:g}" y="{56 + 16 * number}" class="facts">{_text(fact)}</text>'
        for number, fact in enumerate(facts)
    ]
    indent = (width - columns.width) / 2 if len(columns.arrangements) == 1 else _MARGIN
    parts += [f'<g transform="translate({min(indent, 360):.1f} {top:.1f})">', *columns.parts(found), "</g>", "</svg>", ""]
    return "\n".join(parts)


class _Columns:
    """The columns of a drawing side by side, each arranged for itself, and where lines go on from one to the next."""

    def __init__(self, found: Sequence[Block], edges: Sequence[Edge]) -> None:
        self._sizes = [block.size for block in found]
        self._contents = cut(self._sizes, edges)
        self.arrangements: list[Arrangement] = []
        self._numbers: list[dict[int, int]] = []
        self._lefts: list[float] = []
        self.width = 0.0
        for number, content in enumerate(self._contents):
            self._lefts.append(self.width)
            self.arrangements.append(self._arranged(content, edges, number))
            self.width += self.arrangements[-1].width + _GUTTER
        self.width -= _GUTTER
        self.height = max(arrangement.height for arrangement in self.arrangements) + (
            26.0 if len(self._contents) > 1 else 0.0
        )

    def _arranged(self, content: Sequence[int], edges: Sequence[Edge], column: int) -> Arrangement:
        """Arrange one column; what comes from the column before enters by its first box, a port, and leaves by its last."""
        is_first, is_last = column == 0, column == len(self._contents) - 1
        numbers = {box: place for place, box in enumerate(content, start=0 if is_first else 1)}
        inner = {
            (numbers.get(source, 0), numbers[target]) for source, target in edges if target in numbers
        }  # a source that is not here enters by the port
        sizes = [self._sizes[box] for box in content]
        sizes = sizes if is_first else [_PORT, *sizes]
        self._numbers.append(numbers)
        if is_last:
            return arrange(sizes, sorted(inner))
        later = {box for rest in self._contents[column + 1 :] for box in rest}
        earlier = {source for source, target in edges if target in later and source not in later}
        leaving = {(numbers.get(source, 0), len(sizes)) for source in earlier}
        return arrange([*sizes, _PORT], sorted(inner | leaving), last=len(sizes))

    def parts(self, found: Sequence[Block]) -> list[str]:
        """The SVG elements of all columns."""
        parts = []
        for number, (arrangement, left) in enumerate(zip(self.arrangements, self._lefts, strict=True)):
            parts += _lines(arrangement, left)
            if number:
                parts.append(self._transition(number))
        for arrangement, left, numbers in zip(self.arrangements, self._lefts, self._numbers, strict=True):
            for box, place in numbers.items():
                x, y = arrangement.boxes[place]
                parts += _box(found[box], left + x - self._sizes[box][0] / 2, y)
        return parts

    def _transition(self, column: int) -> str:
        """The line from the foot of a column to the head of the next."""
        before, after = self.arrangements[column - 1], self.arrangements[column]
        x, y = before.boxes[-1]
        end_x, end_y = after.boxes[0]
        x, end_x = x + self._lefts[column - 1], end_x + self._lefts[column]
        foot = before.height + 16.0
        between = self._lefts[column] - _GUTTER / 2
        corners = [(x, y + _PORT[1]), (x, foot), (between, foot), (between, -12.0), (end_x, -12.0), (end_x, end_y)]
        middle = _PORT[1] / 2
        dots = [f'<circle cx="{a:.1f}" cy="{b + middle:.1f}" r="4" class="port"/>' for a, b in [(x, y), (end_x, end_y)]]
        return f'<path class="next" d="{_rounded_line(corners)}"/>' + "".join(dots)


def _lines(arrangement: Arrangement, left: float) -> list[str]:
    """The lines of a column, with the ends that come to the same box side by side."""
    leaving = Counter(source for source, _ in arrangement.routes)
    arriving: dict[int, list[Edge]] = {}
    for edge in arrangement.routes:
        arriving.setdefault(edge[1], []).append(edge)
    short, long = [], []
    for target, edges in arriving.items():
        for edge, offset in _ends(edges, arrangement, arrangement.boxes[target][0]):
            points = [(x + left, y) for x, y in arrangement.routes[edge]]
            points[-1] = (points[-1][0] + offset, points[-1][1])
            # A second way around what lies between.
            is_skip = len(points) > 2 and leaving[edge[0]] > 1
            (long if is_skip else short).extend(_line(points, "skip" if is_skip else "line"))
    return short + long


def _ends(edges: Sequence[Edge], arrangement: Arrangement, middle: float) -> Iterator[tuple[Edge, float]]:
    """How far beside the middle of a box each line ends that comes to it: not at all where it comes from above."""
    from_x = {edge: arrangement.routes[edge][-2][0] for edge in edges}
    left = sorted([edge for edge in edges if from_x[edge] < middle - 1], key=lambda edge: -from_x[edge])
    right = sorted([edge for edge in edges if from_x[edge] > middle + 1], key=lambda edge: from_x[edge])
    straight = [edge for edge in edges if abs(from_x[edge] - middle) <= 1]
    yield from ((edge, 0.0) for edge in straight)
    first = 1.0 if straight else 0.5 if left and right else 0.0
    step = min(_BESIDE, (WIDTH / 2 - 10) / max(len(left), len(right), 1))
    yield from ((edge, -step * (first + number)) for number, edge in enumerate(left))
    yield from ((edge, step * (first + number)) for number, edge in enumerate(right))


def _line(points: Sequence[Point], style: str) -> list[str]:
    x, y = points[-1]
    return [
        f'<path class="{style}" d="{_curve(points)}"/>',
        f'<path class="{style}-end" d="M{x:.1f} {y:.1f}l-4.5 -8h9z"/>',
    ]


def _curve(points: Sequence[Point]) -> str:
    """A line through points that runs vertically at each of them."""
    text = f"M{points[0][0]:.1f} {points[0][1]:.1f}"
    for (x, y), (next_x, next_y) in zip(points, points[1:], strict=False):
        if abs(x - next_x) < 0.05:
            text += f"V{next_y:.1f}"
        else:
            middle = (y + next_y) / 2
            text += f"C{x:.1f} {middle:.1f} {next_x:.1f} {middle:.1f} {next_x:.1f} {next_y:.1f}"
    return text


def _rounded_line(corners: Sequence[Point]) -> str:
    """Straight lines, horizontal and vertical, with round corners."""
    text = f"M{corners[0][0]:.1f} {corners[0][1]:.1f}"
    for before, (x, y), after in zip(corners, corners[1:], corners[2:], strict=False):
        enter, leave = _towards((x, y), before), _towards((x, y), after)
        text += f"L{enter[0]:.1f} {enter[1]:.1f}Q{x:.1f} {y:.1f} {leave[0]:.1f} {leave[1]:.1f}"
    return text + f"L{corners[-1][0]:.1f} {corners[-1][1]:.1f}"


def _towards(start: Point, end: Point) -> Point:
    distance = abs(end[0] - start[0]) + abs(end[1] - start[1])
    part = min(_ROUND, distance / 2) / distance if distance else 0.0
    return start[0] + (end[0] - start[0]) * part, start[1] + (end[1] - start[1]) * part


def _box(block: Block, x: float, y: float) -> list[str]:
    """The slices of a block, one below the other."""
    parts = []
    width = block.size[0]
    for number, part in enumerate(block.slices):
        fill, edge = _COLOURS[part.kind]
        upper = _ROUND if number == 0 else 0.0
        lower = _ROUND if number == len(block.slices) - 1 else 0.0
        outline = _outline(x, y, width, part.height, upper, lower)
        parts.append(f"<g><title>{_text(part.full_name)}</title>")
        parts.append(f'<path d="{outline}" fill="{fill}" stroke="{edge}" stroke-width="1.2"/>')
        parts += _minor_text(part, x, y, edge) if part.is_minor else _major_text(part, x, y, edge)
        parts.append("</g>")
        y += part.height
    return parts


def _outline(x: float, y: float, width: float, height: float, upper: float, lower: float) -> str:
    """A rectangle whose upper and lower corners are round."""
    up = f"q0 {-upper:g} {upper:g} {-upper:g}" if upper else ""
    up_right = f"q{upper:g} 0 {upper:g} {upper:g}" if upper else ""
    down = f"q0 {lower:g} {-lower:g} {lower:g}" if lower else ""
    down_left = f"q{-lower:g} 0 {-lower:g} {-lower:g}" if lower else ""
    return (
        f"M{x:.1f} {y + upper:.1f}{up}h{width - 2 * upper:g}{up_right}v{height - upper - lower:g}{down}"
        f"h{2 * lower - width:g}{down_left}z"
    )


def _major_text(part: Slice, x: float, y: float, colour: str) -> list[str]:
    right = x + WIDTH - 12
    return [
        _label(x + 12, y + 19, "title", _fit(part.title, 12.5, 150), fill=colour),
        _label(right, y + 19, "detail", _fit(part.detail, 11.5, _ROOM - _width(part.title, 13.5)), "end"),
        _label(x + 12, y + 37, "name", _fit(part.name, 10.5, _ROOM - _width(part.shape, 12))),
        _label(right, y + 37, "shape", part.shape, "end"),
    ]


def _minor_text(part: Slice, x: float, y: float, colour: str) -> list[str]:
    caption = f"{part.title} {part.detail}".strip()
    right = x + WIDTH - 12
    return [
        _label(x + 12, y + 15.5, "title", _fit(caption, 12.5, 180), fill=colour),
        _label(right, y + 15.5, "name", _fit(part.name, 10.5, _ROOM - _width(caption, 13.5)), "end"),
    ]


def _label(x: float, y: float, style: str, text: str, anchor: str = "", fill: str = "") -> str:
    extra = (f' text-anchor="{anchor}"' if anchor else "") + (f' style="fill:{fill}"' if fill else "")
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{style}"{extra}>{_text(text)}</text>' if text else ""


def _width(text: str, size: float) -> float:
    return size * sum(_NARROW.get(sign) or _WIDE.get(sign) or (0.7 if sign.isupper() else 0.6) for sign in text)


def _fit(text: str, size: float, room: float) -> str:
    """The text, or its beginning and end with … between, where it is too long."""
    if _width(text, size) <= room:
        return text
    for kept in range(min(len(text), 120) - 1, 3, -1):
        shorter = f"{text[: kept // 2]}…{text[-(kept - kept // 2) :]}"
        if _width(shorter, size) <= room:
            return shorter
    return ""


def _text(text: str) -> str:
    """Text for XML, in which control characters have no place."""
    return escape("".join([sign if sign.isprintable() else "\ufffd" for sign in text]))
