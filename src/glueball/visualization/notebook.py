"""How networks, graphs and arrays show themselves in a notebook."""

from __future__ import annotations

import math
from collections.abc import Iterator
from html import escape

from ..core.dtype import TORCH_TO_NAME
from ..core.errors import MXNetError
from ..core.methods import method_of
from ..core.tables import printable
from ..gluon.core.block import Block
from ..gluon.core.parameter import Parameter
from ..ndarray import NDArray
from ..symbol.symbol import Symbol
from .drawing import draw
from .network import study

_LONGEST = 32  # rows and columns of an array that is shown as a table
_MOST_NODES = 2000  # of a graph that is drawn
_LEFT = ' style="text-align: left"'


@method_of(Block, "_repr_html_")
def _block_as_html(self: Block) -> str:
    """Return a table of the layers and their parameters, which Jupyter shows."""
    rows, total, unknown = [], 0, False
    counted: set[Parameter] = set()
    for depth, name, block in _blocks(self, "", 0):
        own = list(block._reg_params.items())
        shapes = ", ".join([f"{key} {_shape(parameter)}" for key, parameter in own])
        sizes = [_size(parameter) for _, parameter in own if parameter not in counted]
        counted.update(parameter for _, parameter in own)
        unknown |= None in sizes
        total += sum(size or 0 for size in sizes)
        count = "" if not own else "?" if None in sizes else f"{sum(size or 0 for size in sizes):,}"
        indent = f' style="text-align: left; padding-left: {0.5 + 1.2 * depth:g}em"'
        cells = [
            f"<td{indent}>{_text(name or block.name)}</td>", f"<td{_LEFT}>{_text(_kind(block))}</td>",
            f"<td{_LEFT}>{_text(shapes)}</td>", f"<td>{count}</td>",
        ]  # fmt: skip
        rows.append(f"<tr>{''.join(cells)}</tr>")
    sum_of_all = f"{total:,} parameters"
    if unknown:
        sum_of_all = f"at least {sum_of_all}; some shapes are unknown before the first call"
    head = f"<tr><th{_LEFT}>layer</th><th{_LEFT}>kind</th><th{_LEFT}>parameters</th><th>count</th></tr>"
    return (
        f"<table><thead>{head}</thead><tbody>{''.join(rows)}</tbody></table>"
        f"<p>{_text(type(self).__name__)} {_text(self.name)}: {sum_of_all}</p>"
    )


def _blocks(block: Block, name: str, depth: int) -> Iterator[tuple[int, str, Block]]:
    """Yield a block and all in it, with their depths and names as attributes."""
    yield depth, name, block
    for key, child in block._children.items():
        yield from _blocks(child, key, depth + 1)


def _kind(block: Block) -> str:
    """Return the class of a block, and of a layer its settings too."""
    text = repr(block)
    return type(block).__name__ if "\n" in text else text


def _shape(parameter: Parameter) -> str:
    shape = parameter.shape
    return "?" if shape is None else "x".join([str(length) if length > 0 else "?" for length in shape]) or "1"


def _size(parameter: Parameter) -> int | None:
    shape = parameter.shape
    return None if shape is None or any(length <= 0 for length in shape) else math.prod(shape)


@method_of(NDArray, "_repr_html_")
def _array_as_html(self: NDArray) -> str | None:
    """Return a table of a small array, which Jupyter shows; None has Jupyter print others."""
    if self.ndim not in (1, 2) or self._data.is_meta or not 0 < max(self.shape) <= _LONGEST or not min(self.shape):
        return None
    lines = repr(self).strip().split("\n")
    kind = TORCH_TO_NAME[self._data.dtype]
    array = self.astype("float32") if kind == "bfloat16" else self  # NumPy has no such type
    values = array.asnumpy().reshape(-1, self.shape[-1])
    rows = "".join([f"<tr>{''.join([f'<td>{_number(value)}</td>' for value in row])}</tr>" for row in values])
    return f"<table><tbody>{rows}</tbody></table><p>{_text(lines[-1][1:-1])}, {kind}</p>"


def _number(value: object) -> str:
    return f"{value:.6g}" if str(getattr(value, "dtype", "")).startswith("float") else str(value)


@method_of(Symbol, "_repr_svg_")
def _symbol_as_svg(self: Symbol) -> str | None:
    """Return a drawing of the graph, which Jupyter shows; None has Jupyter print those that cannot be drawn."""
    try:
        network = study(self, owner="Symbol")
        if len(network.layers) > _MOST_NODES:
            return None
        return draw(network, printable(self.name or "Group"))
    except MXNetError:
        return None


def _text(text: str) -> str:
    return escape(printable(text))
