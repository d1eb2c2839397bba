"""Groups layers that are drawn as one box, such as a convolution with its norm and its activation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from .captions import detail, is_minor, kind, lengths, title
from .layout import Edge
from .network import Layer, Network

WIDTH = 272.0
_MAJOR = 46.0
_MINOR = 23.0


@dataclass(frozen=True)
class Slice:
    """The text of one layer in a drawing; `height` also determines whether it has one or two lines."""

    title: str
    detail: str
    name: str
    full_name: str
    shape: str
    kind: str
    height: float

    @property
    def is_minor(self) -> bool:
        """Whether it has only one line of text."""
        return self.height == _MINOR


@dataclass
class Block:
    """Consecutive layers in one box, by number; `is_minor` if all of them are."""

    layers: list[int] = field(default_factory=list)
    is_minor: bool = True
    slices: list[Slice] = field(default_factory=list)

    @property
    def size(self) -> tuple[float, float]:
        """Width and height."""
        return WIDTH, sum(part.height for part in self.slices)


def blocks(network: Network) -> tuple[list[Block], list[Edge], str]:
    """Return the boxes of a drawing, the lines between them, and the common prefix of all names, which is omitted.

    The boxes are in the order of the layers, and a line goes from a lower number to a higher one.
    """
    layers = network.layers
    found: list[Block] = []
    block_of: dict[int, int] = {}
    uses = Counter(source for layer in layers for source in {number for number, _ in layer.inputs})
    uses.update({number for number, _ in network.outputs})
    for number, layer in enumerate(layers):
        sources = {source for source, _ in layer.inputs}
        previous = sources.pop() if len(sources) == 1 else None
        # Since nothing else uses it, the input is the last in its box.
        if (
            previous is not None
            and uses[previous] == 1
            and _continues(found[block_of[previous]], layers[previous], layer)
        ):
            block_of[number] = block_of[previous]
        else:
            block_of[number] = len(found)
            found.append(Block())
        block = found[block_of[number]]
        block.layers.append(number)
        block.is_minor = block.is_minor and is_minor(layer)
    prefix = _common_prefix([layer.name for layer in layers if not layer.is_input])
    for block in found:
        block.slices = _slices(layers, block, prefix)
    edges = {
        (block_of[source], block_of[number])
        for number, layer in enumerate(layers)
        for source, _ in layer.inputs
        if block_of[source] != block_of[number]
    }
    return found, sorted(edges), prefix


def _continues(block: Block, last: Layer, layer: Layer) -> bool:
    """Return whether a layer is drawn in the box of its input, which nothing else uses."""
    if last.is_input or len(last.shapes) > 1:
        return False
    return is_minor(layer) or (block.is_minor and kind(layer) in ("convolution", "dense", "pooling"))


def _slices(layers: Sequence[Layer], block: Block, prefix: str) -> list[Slice]:
    inside = [layers[number] for number in block.layers]
    major = next((layer for layer in inside if not is_minor(layer)), inside[0])
    slices = []
    for layer in inside:
        # A new shape is always shown.
        is_same = layer is not major and (layer.shapes[0] == major.shapes[0] or is_minor(layer))
        two_lines = layer is major or not is_same
        slices.append(
            Slice(
                title(layer), detail(layer), layer.name.removeprefix(prefix) or layer.name, layer.name,
                lengths(layer.shapes[0]) if two_lines else "", kind(layer), _MAJOR if two_lines else _MINOR,
            )
        )  # fmt: skip
    return slices


def _common_prefix(names: Sequence[str]) -> str:
    """Return the common prefix of all names, in whole words: ``resnetv10_`` but not ``resnetv10_st``."""
    if len(names) < 3:
        return ""
    # The common prefix of the alphabetically first and last names is that of all.
    first, last = min(names), max(names)
    same = next((place for place, pair in enumerate(zip(first, last, strict=False)) if len(set(pair)) > 1), len(first))
    return first[: first.rfind("_", 0, same) + 1]
