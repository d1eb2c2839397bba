"""Lets a convolution add the zeros that Pad adds before it."""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor, fx

from ..draft import Draft
from ..fused import FusedConvolution, NotFinite
from ..matching import arguments, attributes, is_used_once, operator_name

SAVES_WORK = True


def rewrite(draft: Draft) -> int:
    """Fold each Pad with as many zeros before as after, of which a convolution alone takes the result.

    A kernel does not multiply the zeros of its own padding, so that what is not finite in the weights would not meet
    them: such weights are refused when they are prepared.
    """
    count = 0
    for node in list(draft.graph.nodes):
        call = node.target
        if not isinstance(call, FusedConvolution) or call.last:
            continue
        padding, weight, bias, other = arguments(node)
        if operator_name(padding) != "Pad" or not is_used_once(padding):
            continue
        lengths = _lengths(padding)
        if lengths is None:
            continue
        wider = replace(call, pad=tuple([one + more for one, more in zip(call.pad, lengths, strict=True)]))
        weight = draft.insert(node, finite, weight)
        new = draft.replace(node, wider, arguments(padding)[0], weight, bias, other, source=node)
        new.meta["sources"] = padding.meta["sources"] + new.meta["sources"]
        draft.graph.erase_node(padding)
        count += 1
    return count


def _lengths(padding: fx.Node) -> tuple[int, int] | None:
    """Return the numbers of rows and columns of zeros on each side; None if it is another padding."""
    how = attributes(padding)
    if how["mode"] != "constant" or how["constant_value"] != 0 or len(how["pad_width"]) != 8:
        return None
    *others, top, bottom, left, right = how["pad_width"]
    return (top, left) if not any(others) and top == bottom >= 0 and left == right >= 0 else None


def finite(weight: Tensor) -> Tensor:
    """Return filters, which must be finite."""
    if not torch.isfinite(weight).all():
        raise NotFinite
    return weight
