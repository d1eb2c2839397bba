"""Pooling: by MXNet's operator, and where its windows are others, as parts of the images that are joined."""

from __future__ import annotations

from itertools import product
from math import prod
from typing import Any

import numpy as np

from ..... import symbol as sym
from .....symbol import Symbol
from ..call import Call
from ..registry import rule
from .layers import Pads, extended, padded, padding, window

_POOLS: dict[str, Any] = {"MaxPool": "max", "AveragePool": "avg", "LpPool": "lp"}
_MOST_PLACES = 128  # of a window whose places become operators
_LOWEST = float(np.finfo(np.float32).min)


@rule(*_POOLS)
def _pool(call: Call) -> Any:
    kernel, kind = tuple(call.attribute("kernel_shape")), _POOLS[call.node.operator]
    steps, pads = window(call, kernel), padding(call, kernel)
    call.require(len([name for name in call.node.outputs if name]) == 1, "the places of maxima have no counterpart")
    is_full = bool(call.attribute("ceil_mode", 0))
    if set(steps["dilate"]) != {1} or (is_full and _ends_behind(call, kernel, steps["stride"], pads)):
        return _by_parts(call, kernel, kind, pads)
    how = {"kernel": kernel, "stride": steps["stride"], "pooling_convention": "full" if is_full else "valid"}
    x, includes = call.symbol(0), bool(call.attribute("count_include_pad", 0))
    if kind == "avg" and not includes and any(before != behind for before, behind in pads):
        totals = [_pooled(array, pads, 0.0, pool_type="sum", **how) for array in (x, sym.ones_like(x))]
        return sym.broadcast_div(totals[0], totals[1], name=call.name)
    if kind == "avg":
        how["count_include_pad"] = includes
    if kind == "lp":
        p = call.attribute("p", 2)
        return _pooled(sym.abs(x) ** p, pads, 0.0, pool_type="sum", **how) ** (1 / p)
    is_real = call.type(0).startswith("float") or not call.type(0)
    x = x if is_real else sym.cast(x, dtype="float32")
    result = _pooled(x, pads, _LOWEST if kind == "max" else 0.0, pool_type=kind, name=call.name, **how)
    return result if is_real else sym.cast(result, dtype=call.type(0))


def _pooled(x: Symbol, pads: Pads, value: float, *, pool_type: Any, **how: Any) -> Any:
    x, pad = padded(x, pads, value)
    return sym.Pooling(x, pad=pad, pool_type=pool_type, **how)


def _ends_behind(call: Call, kernel: tuple[int, ...], stride: tuple[int, ...], pads: Pads) -> bool:
    """Whether MXNet would count windows that begin behind the image, which ONNX does not."""
    for length, size, step, (before, behind) in zip(call.fixed_shape(0)[2:], kernel, stride, pads, strict=True):
        count = -(-(length + before + behind - size) // step) + 1
        if (count - 1) * step >= length + before:
            return True
    return False


def _by_parts(call: Call, kernel: tuple[int, ...], kind: str, pads: Pads) -> Any:
    """Join a part of the images for each place in a window: windows with gaps, which MXNet's operator has not."""
    call.require(prod(kernel) <= _MOST_PLACES, f"windows with gaps must have at most {_MOST_PLACES} places")
    counts, beyond = _counts(call, kernel, pads)

    def joined(data: Symbol, value: float, inside: float, join: Any) -> Any:
        """Return what windows have, with numbers in the padding and others beyond it."""
        data = extended(extended(data, pads, inside), beyond, value)
        result: Any = None
        for place in product(*map(range, kernel)):
            part = _part(call, data, place, counts)
            result = part if result is None else join(result, part)
        return result

    x = call.symbol(0)
    if kind == "max":
        return joined(x, _LOWEST, _LOWEST, sym.broadcast_maximum)
    if kind == "lp":
        p = call.attribute("p", 2)
        return joined(sym.abs(x) ** p, 0.0, 0.0, sym.broadcast_add) ** (1 / p)
    inside = 1.0 if call.attribute("count_include_pad", 0) else 0.0
    count = joined(sym.ones_like(x), 0.0, inside, sym.broadcast_add)
    return sym.broadcast_div(joined(x, 0.0, 0.0, sym.broadcast_add), count, name=call.name)


def _counts(call: Call, kernel: tuple[int, ...], pads: Pads) -> tuple[list[int], Pads]:
    """Return the number of windows along each axis, and how far the last ones reach beyond the padding."""
    steps, is_full = window(call, kernel), bool(call.attribute("ceil_mode", 0))
    counts, beyond = [], []
    for axis, (length, (before, behind)) in enumerate(zip(call.fixed_shape(0)[2:], pads, strict=True)):
        stride, reach = steps["stride"][axis], steps["dilate"][axis] * (kernel[axis] - 1) + 1
        room = length + before + behind - reach
        count = (-(-room // stride) if is_full else room // stride) + 1
        if is_full and (count - 1) * stride >= length + before:
            count -= 1  # no window begins behind the image
        counts.append(count)
        beyond.append((0, max((count - 1) * stride - room, 0)))
    return counts, tuple(beyond)


def _part(call: Call, data: Symbol, place: tuple[int, ...], counts: list[int]) -> Any:
    """Return the numbers that all windows have at a place."""
    steps = window(call, (1,) * len(place))
    begin = [number * gap for number, gap in zip(place, steps["dilate"], strict=True)]
    ends = [a + (count - 1) * step + 1 for a, count, step in zip(begin, counts, steps["stride"], strict=True)]
    before = (None, None)
    return sym.slice(data, begin=(*before, *begin), end=(*before, *ends), step=(*before, *steps["stride"]))


@rule("GlobalAveragePool", "GlobalMaxPool")
def _global_pool(call: Call) -> Any:
    kind: Any = "avg" if "Average" in call.node.operator else "max"
    axes = call.rank(0) - 2
    return sym.Pooling(call.symbol(0), kernel=(1,) * axes, global_pool=True, pool_type=kind, name=call.name)


@rule("GlobalLpPool")
def _global_lp_pool(call: Call) -> Any:
    axes = tuple(range(2, call.rank(0)))
    p = call.attribute("p", 2)
    return sym.sum(sym.abs(call.symbol(0)) ** p, axis=axes, keepdims=True) ** (1 / p)
