"""Multiplies constants before and after a convolution into its weights, and adds those after it to its bias."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, fx

from ..draft import Draft
from ..fused import FusedConvolution
from ..matching import arguments, attributes, is_used_once, operator_name, unfinished_convolution

SAVES_WORK = True

_LARGEST = 2.0**20  # a weight times a number that is larger, or smaller than its inverse, may leave the range of floats


def rewrite(draft: Draft) -> int:
    """Fold numbers, and after a convolution also constants with a number for each channel."""
    return _fold_before(draft) + _fold_after(draft)


def _fold_before(draft: Draft) -> int:
    """Fold products with numbers; a sum cannot be folded, since the padding stays 0."""
    count = 0
    for node in list(draft.graph.nodes):
        if not isinstance(node.target, FusedConvolution):
            continue
        data, weight, bias, other = arguments(node)
        fold = _SCALES.get(operator_name(data))
        if fold is None or len(arguments(data)) > 1 or not is_used_once(data):
            continue
        number = attributes(data)["scalar"]
        if not _is_tame(number):
            continue
        weight = draft.insert(node, fold, weight, number)
        new = draft.replace(node, node.target, arguments(data)[0], weight, bias, other, source=node)
        new.meta["sources"] = data.meta["sources"] + new.meta["sources"]
        draft.graph.erase_node(data)
        count += 1
    return count


def _fold_after(draft: Draft) -> int:
    count, constants = 0, draft.constants()
    for node in draft.calls(*_SCALES, *_SHIFTS):
        for convolution, by in _operands(node):
            call = unfinished_convolution(convolution)
            if call is None or arguments(convolution)[3] is not None or not _is_constant(by, call, node, constants):
                continue
            data, weight, bias, _ = arguments(convolution)
            name = operator_name(node)
            if name in _SCALES:
                weight = draft.insert(node, _SCALES[name], weight, by)
                bias = None if bias is None else draft.insert(node, _SCALES[name], bias, by)
            else:
                bias = draft.insert(node, _SHIFTS[name], bias, by, weight)
            draft.replace(node, call, data, weight, bias, None, source=convolution)
            draft.graph.erase_node(convolution)
            count += 1
            break
    return count


def _operands(node: fx.Node) -> list[tuple[Any, Any]]:
    """Return what may be a convolution, with what may be folded into it."""
    given = arguments(node)
    if len(given) == 1:
        return [(given[0], attributes(node)["scalar"])]
    return [given, given[::-1]] if operator_name(node) in ("broadcast_add", "broadcast_mul") else [given]


def _is_constant(by: Any, call: FusedConvolution, node: fx.Node, constants: set[fx.Node]) -> bool:
    if not isinstance(by, fx.Node):
        return _is_tame(by) if operator_name(node) in _SCALES else math.isfinite(by)
    channels = call.filters[0]
    shape = (1, 1, 1, channels) if call.last else (1, channels, 1, 1)
    return by in constants and by.meta.get("shape") == shape


def _is_tame(number: float) -> bool:
    return 1 / _LARGEST <= abs(number) <= _LARGEST


def _along(by: Tensor | float, tensor: Tensor) -> Tensor | float:
    """Return numbers of channels in the shape in which they meet the filters, or the biases."""
    return by.reshape(-1, *[1] * (tensor.dim() - 1)) if isinstance(by, Tensor) else by


def multiplied(tensor: Tensor, by: Tensor | float) -> Tensor:
    """Multiply filters or biases."""
    return tensor * _along(by, tensor)


def divided(tensor: Tensor, by: Tensor | float) -> Tensor:
    """Divide filters or biases."""
    return tensor / _along(by, tensor)


def raised(bias: Tensor | None, by: Tensor | float, weight: Tensor) -> Tensor:
    """Add to biases, which may be none."""
    bias = torch.zeros_like(weight[:, 0, 0, 0]) if bias is None else bias
    return bias + _along(by, bias)


def reduced(bias: Tensor | None, by: Tensor | float, weight: Tensor) -> Tensor:
    """Subtract from biases, which may be none."""
    return raised(bias, -by, weight)


_SCALES: dict[str, Callable[..., Tensor]] = {
    "_mul_scalar": multiplied, "_div_scalar": divided, "broadcast_mul": multiplied, "broadcast_div": divided,
}  # fmt: skip
_SHIFTS: dict[str, Callable[..., Tensor]] = {
    "_plus_scalar": raised, "_minus_scalar": reduced, "broadcast_add": raised, "broadcast_sub": reduced,
}  # fmt: skip
