"""Drawings of what the arguments of Conv2D mean. Which pixels a result sees, the layer itself is asked."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from glueball import autograd, nd
from glueball.gluon import nn

_CELL = 26
_GAP = 70
_COLORS = ("#2563eb", "#ea580c")
_STYLE = """<style>
text { font: 13px system-ui, sans-serif; fill: #1f2937; }
.cell { fill: #f3f4f6; stroke: #9ca3af; }
.zero { fill: #ffffff; stroke: #9ca3af; stroke-dasharray: 3 2; }
.number { font-size: 11px; fill: #6b7280; text-anchor: middle; }
</style>"""


def pictures() -> dict[str, str]:
    """Return the pictures by path."""
    return {
        "pictures/stride.svg": _windows(6, 2, strides=2),
        "pictures/padding.svg": _windows(4, 3, padding=1),
        "pictures/dilation.svg": _windows(7, 3, dilation=2),
        "pictures/plain.svg": _windows(5, 3),
        "pictures/groups.svg": _groups(4, (1, 2, 4)),
    }


def _windows(size: int, kernel: int, strides: int = 1, padding: int = 0, dilation: int = 1) -> str:
    """Draw an image, a result, and which pixels its first two numbers are made of."""
    whole = size + 2 * padding
    layer = _layer(nn.Conv2D(1, kernel, strides=strides, dilation=dilation, use_bias=False))
    result = layer(nd.zeros((1, 1, whole, whole))).shape[2]
    height = max(whole * _CELL + 50, 120)
    shapes = [
        _text(10, 18, f"{size} x {size}" + (f", and {padding} of zeros around it" if padding else "")),
        *_grid(10, 30, whole, padding),
    ]
    left = 10 + whole * _CELL + _GAP
    top = 30 + (whole - result) * _CELL // 2
    shapes += [_text(left, top - 12, f"{result} x {result}"), *_grid(left, top, result, 0)]
    for place, color in enumerate(_COLORS):
        inset = 3 + 3 * place
        for row, column in _seen(layer, (1, 1, whole, whole), (0, 0, 0, place)):
            shapes.append(_mark(10 + column * _CELL, 30 + row * _CELL, inset, color))
        shapes.append(_mark(left + place * _CELL, top, 3, color))
    middle = 30 + whole * _CELL // 2
    shapes.append(_arrow(10 + whole * _CELL + 12, middle, left - 12))
    return _svg(max(left + result * _CELL + 10, 260), height, shapes)


def _groups(channels: int, numbers: Iterable[int]) -> str:
    """Draw, for several numbers of groups, which channels of the image each channel of the result is made of."""
    shapes, left = [], 20
    for groups in numbers:
        layer = _layer(nn.Conv2D(channels, 1, groups=groups, use_bias=False))
        shapes.append(_text(left, 18, f"groups={groups}" + (", depthwise" if groups == channels else "")))
        for channel in range(channels):
            seen = _seen(layer, (1, channels, 1, 1), (0, channel, 0, 0), axes=(1, 2))
            color = _COLORS[channel * groups // channels % 2]
            top = 48 + channel * 40
            for source, _ in seen:
                shapes.append(
                    f'<line x1="{left + 26}" y1="{48 + source * 40}" x2="{left + 104}" y2="{top}" '
                    f'stroke="{color}" stroke-width="1.6"/>'
                )
            for x in (left, left + 104):
                shapes.append(f'<rect x="{x}" y="{top - 13}" width="26" height="26" rx="3" fill="{color}"/>')
        left += 180
    bottom = 48 + channels * 40
    shapes.append(_text(20, bottom, "left: channels of the image; right: channels of the result"))
    return _svg(left - 30, bottom + 16, shapes)


def _layer(layer: nn.Conv2D) -> nn.Conv2D:
    layer.initialize("ones")
    return layer


def _seen(
    layer: nn.Conv2D, shape: tuple[int, ...], place: tuple[int, ...], axes: tuple[int, int] = (2, 3)
) -> list[tuple[int, int]]:
    """Return where the number at a place of the result has a gradient in the image."""
    image = nd.zeros(shape)
    image.attach_grad()
    with autograd.record():
        number = layer(image)[place]
    number.backward()
    others = tuple(axis for axis in range(4) if axis not in axes)
    return [(int(row), int(column)) for row, column in np.argwhere(image.grad.asnumpy().any(axis=others))]


def _grid(left: int, top: int, size: int, zeros: int) -> list[str]:
    cells = []
    for row in range(size):
        for column in range(size):
            outside = min(row, column, size - 1 - row, size - 1 - column) < zeros
            x, y = left + column * _CELL, top + row * _CELL
            cells.append(
                f'<rect class="{"zero" if outside else "cell"}" x="{x}" y="{y}" width="{_CELL}" height="{_CELL}"/>'
            )
            if outside:
                cells.append(f'<text class="number" x="{x + _CELL // 2}" y="{y + _CELL // 2 + 4}">0</text>')
    return cells


def _mark(x: int, y: int, inset: int, color: str) -> str:
    side = _CELL - 2 * inset
    return (
        f'<rect x="{x + inset}" y="{y + inset}" width="{side}" height="{side}" rx="2" fill="{color}" '
        f'fill-opacity="0.15" stroke="{color}" stroke-width="2"/>'
    )


def _arrow(left: int, y: int, right: int) -> str:
    return f'<path d="M {left} {y} H {right} m -7 -5 l 7 5 l -7 5" fill="none" stroke="#4b5563" stroke-width="1.8"/>'


def _text(x: int, y: int, text: str) -> str:
    return f'<text x="{x}" y="{y}">{text}</text>'


def _svg(width: int, height: int, shapes: Iterable[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">\n'
        f'{_STYLE}\n<rect width="100%" height="100%" rx="6" fill="#ffffff"/>\n' + "\n".join(shapes) + "\n</svg>\n"
    )
