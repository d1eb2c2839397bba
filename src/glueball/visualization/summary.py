"""The table that ``mx.viz.print_summary`` prints."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from typing import Any

from ..core.doors import door
from ..ops.shape_rule import PartialShape, shown_lengths
from ..symbol.symbol import Symbol
from .network import Layer, study, total

_TITLES = ("Layer (type)", "Output Shape", "Param #", "Previous Layer")


@door
def print_summary(
    symbol: Symbol,
    shape: Mapping[str, tuple[int, ...]] | None = None,
    line_length: int = 120,
    positions: Sequence[float] = (0.44, 0.64, 0.74, 1.0),
) -> None:
    """Print a table of the layers of a graph.

    Parameters
    ----------
    symbol : Symbol
        The graph.
    shape : dict of str to tuple of int, optional
        The shapes of inputs by name; if given, the table shows output shapes, without the batch axis.
    line_length : int
        The width of the table in characters.
    positions : list of 4 float or int
        The ends of the columns: as fractions of `line_length`, or in characters if the last is more than 1.

    Raises
    ------
    TypeError
        An argument has another type than above.
    ValueError
        The given shapes do not determine all others, or there are not 4 positions.
    MXNetError
        The shapes contradict one another.

    Differs from MXNet
    ------------------
    MXNet estimates parameters from attributes. Here those of every operator are counted, in any layout, and shared ones
    once; a question mark means that a shape is unknown. Running means and variances are states and do not count, as in
    MXNet.

    Examples
    --------
    >>> import glueball as mx
    >>> net = mx.sym.FullyConnected(mx.sym.var("data"), num_hidden=2, name="fc")
    >>> mx.viz.print_summary(net, shape={"data": (1, 3)}, line_length=70, positions=[0.4, 0.6, 0.75, 1.0])
    ______________________________________________________________________
    Layer (type)                Output Shape  Param #   Previous Layer
    ======================================================================
    data(null)                  3             0
    ______________________________________________________________________
    fc(FullyConnected)          2             8         data
    ======================================================================
    Total params: 8
    ______________________________________________________________________
    """
    require_symbol(symbol, "print_summary")
    ends = _column_ends(line_length, positions)
    require_complete(symbol, shape, "print_summary")
    layers = study(symbol, shape, owner="print_summary").layers
    # As in MXNet, an input has a row, and is named as a previous layer, only if it is the first node of the graph.
    shown = [number for number, layer in enumerate(layers) if number == 0 or not layer.is_input]
    print("_" * line_length)
    print(_line(_TITLES, ends))
    print("=" * line_length)
    for number in shown:
        layer = layers[number]
        previous = [layers[source].name for source, _ in layer.inputs if source in (0,) or not layers[source].is_input]
        output = _output_shape(layer) if shape is not None else ""
        print(_line((f"{layer.name}({layer.operator})", output, _count(layer), *previous[:1]), ends))
        for name in previous[1:]:
            print(_line(("", "", "", name), ends))
        print(("=" if number == shown[-1] else "_") * line_length)
    whole = total([array.size for layer in layers for array in layer.parameters if not array.is_state])
    print(f"Total params: {_number(whole)}")
    print("_" * line_length)


def require_symbol(symbol: Any, owner: str) -> None:
    """Refuse what is not a Symbol."""
    if not isinstance(symbol, Symbol):
        raise TypeError(f"{owner}: symbol must be a Symbol; received {type(symbol).__name__}")


def require_complete(symbol: Symbol, shape: Any, owner: str) -> None:
    """Refuse shapes from which the others cannot all be inferred; None means no shapes."""
    if shape is None:
        return
    if not isinstance(shape, Mapping):
        raise TypeError(f"{owner}: shape must be a dict of name to shape; received {shape!r}; write {{'data': (...)}}")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        if symbol.get_internals().infer_shape(**shape)[1] is not None:
            return
    reason = str(caught[-1].message) if caught else ""
    raise ValueError(f"{owner}: shape must determine the shapes of all arrays; received {dict(shape)!r}; {reason}")


def _column_ends(line_length: int, positions: Sequence[float]) -> list[int]:
    if not isinstance(line_length, int) or not isinstance(positions, list | tuple):
        raise TypeError(
            "print_summary: line_length must be an int and positions a list of numbers; received "
            f"{line_length!r} and {positions!r}"
        )
    if len(positions) != len(_TITLES):
        raise ValueError(f"print_summary: positions must be {len(_TITLES)} numbers; received {positions!r}")
    scale = line_length if positions[-1] <= 1 else 1
    return [int(scale * position) for position in positions]


def _line(fields: Sequence[str], ends: Sequence[int]) -> str:
    line = ""
    for text, end in zip([*fields, ""][: len(ends)], ends, strict=False):
        line = (line + text)[:end].ljust(end)
    return line.ljust(ends[-1])


def _output_shape(layer: Layer) -> str:
    """Return the shape of the output named ``output``, as in MXNet; operators with several outputs have none."""
    names = ("output",) if layer.is_input else layer.node.applied.output_names
    return plain(layer.shapes[names.index("output")]) if "output" in names else ""


def plain(shape: PartialShape) -> str:
    """Format a shape without the batch axis as ``3x32x32``."""
    return "x".join(map(str, (shown_lengths(shape) or ())[1:]))


def _count(layer: Layer) -> str:
    return _number(total([array.size for array in layer.parameters if not array.is_state]))


def _number(count: int | None) -> str:
    return "?" if count is None else str(count)
