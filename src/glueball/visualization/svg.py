"""The pieces of a drawing as SVG: boxes with text, and lines."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from xml.sax.saxutils import escape

from .blocks import WIDTH, Block, Slice
from .layout import Point

_ROUND = 7.0  # the radius of corners
_ROOM = WIDTH - 24 - 8  # for two strings in one line

# By kind of layer: the color of the box, and of its edge and title.
_COLORS = {
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
# Widths of characters as fractions of the font size, for the widest font of the drawing.
_NARROW = dict.fromkeys("iljtfrI.,:;'|!()[] /", 0.38)
_WIDE = dict.fromkeys("mwMW@%", 0.95)


def curve(points: Sequence[Point]) -> str:
    """Return a curve through points that is vertical at each of them."""
    text = f"M{points[0][0]:.1f} {points[0][1]:.1f}"
    for (x, y), (next_x, next_y) in pairwise(points):
        if abs(x - next_x) < 0.05:
            text += f"V{next_y:.1f}"
        else:
            middle = (y + next_y) / 2
            text += f"C{x:.1f} {middle:.1f} {next_x:.1f} {middle:.1f} {next_x:.1f} {next_y:.1f}"
    return text


def rounded_line(corners: Sequence[Point]) -> str:
    """Return a path of horizontal and vertical lines with rounded corners."""
    text = f"M{corners[0][0]:.1f} {corners[0][1]:.1f}"
    for before, (x, y), after in zip(corners, corners[1:], corners[2:], strict=False):
        enter, leave = _toward((x, y), before), _toward((x, y), after)
        text += f"L{enter[0]:.1f} {enter[1]:.1f}Q{x:.1f} {y:.1f} {leave[0]:.1f} {leave[1]:.1f}"
    return text + f"L{corners[-1][0]:.1f} {corners[-1][1]:.1f}"


def _toward(start: Point, end: Point) -> Point:
    distance = abs(end[0] - start[0]) + abs(end[1] - start[1])
    part = min(_ROUND, distance / 2) / distance if distance else 0.0
    return start[0] + (end[0] - start[0]) * part, start[1] + (end[1] - start[1]) * part


def box(block: Block, x: float, y: float) -> list[str]:
    """Return the slices of a block, one below the other."""
    parts = []
    width = block.size[0]
    for number, part in enumerate(block.slices):
        fill, edge = _COLORS[part.kind]
        upper = _ROUND if number == 0 else 0.0
        lower = _ROUND if number == len(block.slices) - 1 else 0.0
        outline = _outline(x, y, width, part.height, upper, lower)
        parts.append(f"<g><title>{text_of(part.full_name)}</title>")
        parts.append(f'<path d="{outline}" fill="{fill}" stroke="{edge}" stroke-width="1.2"/>')
        parts += _minor_text(part, x, y, edge) if part.is_minor else _major_text(part, x, y, edge)
        parts.append("</g>")
        y += part.height
    return parts


def _outline(x: float, y: float, width: float, height: float, upper: float, lower: float) -> str:
    """Return a rectangle with rounded upper and lower corners."""
    up = f"q0 {-upper:g} {upper:g} {-upper:g}" if upper else ""
    up_right = f"q{upper:g} 0 {upper:g} {upper:g}" if upper else ""
    down = f"q0 {lower:g} {-lower:g} {lower:g}" if lower else ""
    down_left = f"q{-lower:g} 0 {-lower:g} {-lower:g}" if lower else ""
    return (
        f"M{x:.1f} {y + upper:.1f}{up}h{width - 2 * upper:g}{up_right}v{height - upper - lower:g}{down}"
        f"h{2 * lower - width:g}{down_left}z"
    )


def _major_text(part: Slice, x: float, y: float, color: str) -> list[str]:
    right = x + WIDTH - 12
    return [
        _label(x + 12, y + 19, "title", _fit(part.title, 12.5, 150), fill=color),
        _label(right, y + 19, "detail", _fit(part.detail, 11.5, _ROOM - _width(part.title, 13.5)), "end"),
        _label(x + 12, y + 37, "name", _fit(part.name, 10.5, _ROOM - _width(part.shape, 13.5))),
        _label(right, y + 37, "shape", part.shape, "end"),
    ]


def _minor_text(part: Slice, x: float, y: float, color: str) -> list[str]:
    caption = f"{part.title} {part.detail}".strip()
    right = x + WIDTH - 12
    return [
        _label(x + 12, y + 15.5, "title", _fit(caption, 12.5, 180), fill=color),
        _label(right, y + 15.5, "name", _fit(part.name, 10.5, _ROOM - _width(caption, 13.5)), "end"),
    ]


def _label(x: float, y: float, style: str, text: str, anchor: str = "", fill: str = "") -> str:
    extra = (f' text-anchor="{anchor}"' if anchor else "") + (f' style="fill:{fill}"' if fill else "")
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{style}"{extra}>{text_of(text)}</text>' if text else ""


def _width(text: str, size: float) -> float:
    return size * sum(_NARROW.get(sign) or _WIDE.get(sign) or (0.7 if sign.isupper() else 0.6) for sign in text)


def _fit(text: str, size: float, room: float) -> str:
    """Return the text; if it is too long, its beginning and end with … between."""
    if _width(text, size) <= room:
        return text
    for kept in range(min(len(text), 120) - 1, 3, -1):
        shorter = f"{text[: kept // 2]}…{text[-(kept - kept // 2) :]}"
        if _width(shorter, size) <= room:
            return shorter
    return ""


def text_of(text: str) -> str:
    """Escape text for XML, in which control characters are not allowed."""
    return escape("".join([sign if sign.isprintable() else "\ufffd" for sign in text]))
