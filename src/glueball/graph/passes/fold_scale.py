"""Multiplies constants before and after a layer into its weight, and adds those after it to its bias."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, fx

from ..draft import Draft
from ..fused import FusedLayer, Spread
from ..matching import arguments, attributes, is_used_once, operator_name, unfinished

SAVES_WORK = True

_LARGEST = 2.0**20  # a weight times a number that is larger, or smaller than its inverse, may leave the range of floats


def rewrite(draft: Draft) -> int:
    """Fold numbers, and after a layer also constants with a number for each channel."""
    return _fold_before(draft) + _fold_after(draft)


def _fold_before(draft: Draft) -> int:
    """Fold products with numbers; a sum cannot be folded, since the padding stays 0."""
    count = 0
    for node in list(draft.graph.nodes):
        if not isinstance(node.target, FusedLayer):
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
        for layer, by in _operands(node):
            call = unfinished(layer)
            if call is None or arguments(layer)[3] is not None or not _is_constant(by, call, node, constants):
                continue
            data, weight, bias, _ = arguments(layer)
            name = operator_name(node)
            if name in _SCALES:
                met = draft.insert(node, Spread(call), by, weight) if isinstance(by, fx.Node) else by
                weight = draft.insert(node, _SCALES[name], weight, met)
                bias = None if bias is None else draft.insert(node, _SCALES[name], bias, _row(draft, node, by))
            else:
                bias = draft.insert(node, zeros, weight, call.channels.count) if bias is None else bias
                bias = draft.insert(node, _SHIFTS[name], bias, _row(draft, node, by))
            draft.replace(node, call, data, weight, bias, None, source=layer)
            draft.graph.erase_node(layer)
            count += 1
            break
    return count


def _operands(node: fx.Node) -> list[tuple[Any, Any]]:
    """Return what may be a layer, with what may be folded into it."""
    given = arguments(node)
    if len(given) == 1:
        return [(given[0], attributes(node)["scalar"])]
    return [given, given[::-1]] if operator_name(node) in ("broadcast_add", "broadcast_mul") else [given]


def _is_constant(by: Any, call: FusedLayer, node: fx.Node, constants: set[fx.Node]) -> bool:
    if not isinstance(by, fx.Node):
        return _is_tame(by) if operator_name(node) in _SCALES else math.isfinite(by)
    return by in constants and by.meta.get("shape") == call.channels.shape


def _is_tame(number: float) -> bool:
    return 1 / _LARGEST <= abs(number) <= _LARGEST


def _row(draft: Draft, node: fx.Node, by: Any) -> Any:
    """Return numbers of channels in the shape of a bias."""
    return draft.insert(node, flat, by) if isinstance(by, fx.Node) else by


def flat(numbers: Tensor) -> Tensor:
    """Return numbers of channels in the shape of a bias."""
    return numbers.reshape(-1)


def zeros(weight: Tensor, count: int) -> Tensor:
    """Return the bias of a layer that has none."""
    return weight.new_zeros(count)


_SCALES: dict[str, Callable[..., Tensor]] = {
    "_mul_scalar": torch.mul, "_div_scalar": torch.div, "broadcast_mul": torch.mul, "broadcast_div": torch.div,
}  # fmt: skip
_SHIFTS: dict[str, Callable[..., Tensor]] = {
    "_plus_scalar": torch.add, "_minus_scalar": torch.sub, "broadcast_add": torch.add, "broadcast_sub": torch.sub,
}  # fmt: skip
