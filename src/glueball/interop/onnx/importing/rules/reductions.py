"""Reductions along axes, order statistics, and sums that run."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..... import symbol as sym
from .....symbol import Symbol
from ..call import Call
from ..registry import rule

_PLAIN = {"ReduceMax": "max", "ReduceMean": "mean", "ReduceMin": "min", "ReduceProd": "prod", "ReduceSum": "sum"}

_COMPOSED = {
    "ReduceL1": lambda x, how: sym.sum(sym.abs(x), **how),
    "ReduceL2": lambda x, how: sym.sqrt(sym.sum(sym.square(x), **how)),
    "ReduceSumSquare": lambda x, how: sym.sum(sym.square(x), **how),
    "ReduceLogSum": lambda x, how: sym.log(sym.sum(x, **how)),
}


def _axes(call: Call) -> dict[str, Any] | None:
    """Return how to reduce; None if nothing is reduced."""
    axes, keep = call.integers(1, "axes"), bool(call.attribute("keepdims", 1))
    if not axes:
        if call.attribute("noop_with_empty_axes", 0):
            return None
        axes = tuple(range(call.rank(0)))
    return {"axis": axes, "keepdims": keep}


@rule(*_PLAIN, *_COMPOSED)
def _reduction(call: Call) -> Any:
    how, x, name = _axes(call), call.symbol(0), call.node.operator
    if how is None:
        call.require(name in _PLAIN, "without axes, only plain reductions have a counterpart")
        return sym.identity(x, name=call.name)
    result: Symbol = getattr(sym, _PLAIN[name])(x, **how) if name in _PLAIN else _COMPOSED[name](x, how)
    return result


@rule("ReduceLogSumExp")
def _log_sum_exp(call: Call) -> Any:
    how, x = _axes(call), call.symbol(0)
    if how is None:
        return sym.identity(x, name=call.name)
    highest = sym.max(x, axis=how["axis"], keepdims=True)
    total = sym.log(sym.sum(sym.exp(sym.broadcast_sub(x, highest)), **how))
    return sym.broadcast_add(total, highest if how["keepdims"] else sym.max(x, **how))


@rule("ArgMax", "ArgMin")
def _position(call: Call) -> Any:
    find = sym.argmax if call.node.operator == "ArgMax" else sym.argmin
    axis, x, is_last = call.attribute("axis", 0), call.symbol(0), bool(call.attribute("select_last_index", 0))
    found = find(
        sym.reverse(x, axis=axis % call.rank(0)) if is_last else x,
        axis=axis,
        keepdims=bool(call.attribute("keepdims", 1)),
    )
    if is_last:
        found = call.fixed_shape(0)[axis] - 1 - found
    return sym.cast(found, dtype="int64", name=call.name)


@rule("TopK")
def _topk(call: Call) -> Any:
    count = int(call.known(1, "k").reshape(-1)[0]) if call.opset >= 10 else call.attribute("k")
    found = sym.topk(
        call.symbol(0), k=count, axis=call.attribute("axis", -1), ret_typ="both", dtype="int64",
        is_ascend=not call.attribute("largest", 1), name=call.name,
    )  # fmt: skip
    return [found[0], found[1]]


@rule("CumSum")
def _cumulative_sum(call: Call) -> Any:
    axis, x, is_reverse = int(call.known(1, "the axis").reshape(-1)[0]), call.symbol(0), call.attribute("reverse", 0)
    axis %= call.rank(0)
    total = sym.cumsum(sym.reverse(x, axis=axis), axis=axis) if is_reverse else sym.cumsum(x, axis=axis)
    total = sym.reverse(total, axis=axis) if is_reverse else total
    return total - x if call.attribute("exclusive", 0) else total


@rule("MaxRoiPool")
def _roi_pool(call: Call) -> Any:
    return sym.ROIPooling(
        call.symbol(0), call.symbol(1), pooled_size=tuple(call.attribute("pooled_shape")),
        spatial_scale=call.attribute("spatial_scale", 1.0), name=call.name,
    )  # fmt: skip


@rule("Det")
def _determinant(call: Call) -> Any:
    return sym.linalg.det(call.symbol(0), name=call.name)


@rule("ConstantOfShape")
def _constant_of_shape(call: Call) -> Any:
    value = call.attribute("value", np.zeros(1, np.float32))
    shape = call.known(0, "the shape").reshape(-1).tolist()
    return sym.full(tuple(shape), float(value.reshape(-1)[0]), dtype=str(value.dtype))
