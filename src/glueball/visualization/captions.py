"""What a drawing says about a layer in few words, and which kind of layer it is, which decides its colour."""

from __future__ import annotations

from ..ops.captions import sizes
from ..ops.shape_rule import PartialShape
from .network import Layer


def kind(layer: Layer) -> str:
    """Return the kind of its operator, or ``'input'``."""
    return "input" if layer.is_input else layer.node.applied.operator.kind


def is_minor(layer: Layer) -> bool:
    """Whether a layer goes with the one before it, as a norm or an activation goes with its convolution."""
    return kind(layer) in ("norm", "activation") or (not layer.is_input and layer.node.applied.operator.minor)


def title(layer: Layer) -> str:
    """Return the operator's name, without the prefixes that sort it into MXNet's namespaces."""
    return "input" if layer.is_input else layer.operator.removeprefix("_contrib_").lstrip("_")


def detail(layer: Layer) -> str:
    """Return the attributes that matter most, such as ``3x3, 64, /2`` for 64 filters and a stride of 2."""
    if layer.is_input:
        return ""
    applied = layer.node.applied
    caption = applied.operator.caption
    return caption.format_map(applied.attributes) if isinstance(caption, str) else caption(applied.attributes)


def lengths(shape: PartialShape) -> str:
    """Write a shape as ``1x3x224x224``, with a question mark for what is not known."""
    if shape is None:
        return ""
    return sizes([length or "?" for length in shape]) or "scalar"
