"""For which size of pictures a network was made, where nobody says it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from torch import Tensor

from ..core.errors import MXNetError
from ..symbol import Symbol
from ..symbol.infer import Inferred, infer
from ..symbol.node import Entry, Node, topological_order

_SIZES = (
    224,
    299,
    28,
    32,
    227,
    256,
    16,
    24,
    48,
    64,
    96,
    100,
    112,
    128,
    160,
    192,
    240,
    300,
    320,
    331,
    384,
    416,
    448,
    512,
    8,
)
_LARGE, _SMALL = 224, 32
_STRIDE = 16  # a network that makes pictures fewer times smaller than this was made for small ones


class Guess(NamedTuple):
    """The shape of a batch of one picture, and how it was found."""

    shape: tuple[int, ...]
    note: str


def guess(symbol: Symbol, data: str, saved: Mapping[str, Tensor], size: tuple[int, int] | None = None) -> Guess | None:
    """Return the shape of the input of a network that begins with convolutions, or with a dense layer.

    Parameters
    ----------
    symbol : Symbol
        The graph.
    data : str
        The name of the input.
    saved : mapping of str to Tensor
        The parameters by name.
    size : pair of int, optional
        The height and width of pictures, if they are known.
    """
    nodes = topological_order(symbol._entries)
    for node in nodes:
        if node.operator is None or not _takes(node, data, saved):
            continue
        weight = node.inputs[1].node.name
        if node.operator.name == "FullyConnected":
            return Guess((1, saved[weight].shape[1]), "the shape of the data follows from the first layer")
        if node.operator.name == "Convolution" and saved[weight].dim() == 4:
            values = node.applied.attributes
            last = str(values.get("layout") or "").endswith("C")
            channels = saved[weight].shape[3] if last else saved[weight].shape[1] * int(values["num_group"])
            if size:
                shape = (1, *size, channels) if last else (1, channels, *size)
                return Guess(shape, "the layout of the data follows from the first layer")
            return _sized(symbol, nodes, data, saved, channels, last)
    return None


def _takes(node: Node, data: str, saved: Mapping[str, Tensor]) -> bool:
    """Whether a layer with a weight reads the input, perhaps after operators that keep its channels."""
    if len(node.inputs) < 2 or node.inputs[1].node.name not in saved:
        return False
    source = node.inputs[0].node
    while not source.is_variable and source.inputs:
        source = source.inputs[0].node
    return source.name == data


def _sized(
    symbol: Symbol, nodes: list[Node], data: str, saved: Mapping[str, Tensor], channels: int, last: bool
) -> Guess | None:
    fitting: dict[int, tuple[tuple[int, ...], Inferred]] = {}
    shapes = {name: tuple(tensor.shape) for name, tensor in saved.items()}
    types = {name: tensor.dtype for name, tensor in saved.items()}
    for size in _SIZES:
        shape: tuple[int, ...] = (1, size, size, channels) if last else (1, channels, size, size)
        try:
            fitting[size] = shape, infer(symbol._entries, {**shapes, data: shape}, types)
        except MXNetError:
            continue
    if not fitting:
        return None
    if len(fitting) > len(_SIZES) // 2 and _LARGE in fitting and _SMALL in fitting:
        _, facts = fitting[_LARGE]
        axis = 1 if last else 2
        images = [facts.shapes[Entry(node, 0)] or () for node in nodes if not node.is_variable]
        lengths = [found[axis] or 0 for found in images if len(found) == 4]
        smallest = min([length for length in lengths if length > 1], default=1)
        size = _SMALL if _LARGE // smallest < _STRIDE else _LARGE
        return Guess(fitting[size][0], "the file fits pictures of any size; assumed")
    size = next(iter(fitting))
    return Guess(fitting[size][0], "the shape of the data follows from the layers")
