"""The caption of a layer in a drawing, and its kind, which determines its color."""

from __future__ import annotations

from ..ops.captions import sizes
from ..ops.shape_rule import UNKNOWN, PartialShape
from .network import Layer


def kind(layer: Layer) -> str:
    """Return the kind of its operator, or ``'input'``."""
    return "input" if layer.is_input else layer.node.applied.operator.kind


def is_minor(layer: Layer) -> bool:
    """Return whether a layer belongs to the one before it, as a norm or an activation belongs to its convolution."""
    return kind(layer) in ("norm", "activation") or (not layer.is_input and layer.node.applied.operator.minor)


def title(layer: Layer) -> str:
    """Return the operator's name, without the prefixes of MXNet's namespaces."""
    return "input" if layer.is_input else layer.operator.removeprefix("_contrib_").lstrip("_")


def detail(layer: Layer) -> str:
    """Return the most important attributes, such as ``3x3, 64, /2`` for 64 filters and a stride of 2."""
    if layer.is_input:
        return ""
    applied = layer.node.applied
    caption = applied.operator.caption
    return caption.format_map(applied.attributes) if isinstance(caption, str) else caption(applied.attributes)


def lengths(shape: PartialShape) -> str:
    """Format a shape as ``1x3x224x224``, with a question mark for unknown lengths."""
    if shape is None:
        return ""
    return sizes(["?" if length == UNKNOWN else length for length in shape]) or "scalar"
