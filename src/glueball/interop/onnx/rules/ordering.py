"""Positions of the largest and smallest, and order."""

from __future__ import annotations

from math import prod

import torch

from ..call import Call, Unsupported, rule
from ..document import Array


def _position(call: Call, kind: str, axis: int | None, keepdims: bool) -> str:
    rank = len(call.data.shape)
    data: Array | str = call.data
    if axis is None:
        data, axis = call.reshape(data, (prod(call.data.shape),)), 0
    found = call.as_result(call.add(kind, data, axis=axis, keepdims=int(keepdims)))
    return found if call["axis"] is not None and (rank > 1 or keepdims) else call.reshape(found, call.shape)


@rule("argmax", integers=True, runtimes=False)
def _argmax(call: Call) -> str:
    return _position(call, "ArgMax", call["axis"], call["keepdims"])


@rule("argmin", integers=True, runtimes=False)
def _argmin(call: Call) -> str:
    return _position(call, "ArgMin", call["axis"], call["keepdims"])


@rule("argmax_channel", runtimes=False)
def _argmax_channel(call: Call) -> str:
    return call.as_result(call.add("ArgMax", call.data, axis=1, keepdims=0))


def _sorted(call: Call, count: int | None = None) -> tuple[Array | str, str, str, int]:
    """Return the rows, the first values of each in order, their positions, and the axis."""
    data: Array | str = call.data
    if call.data.type is torch.bool:
        raise Unsupported("arrays of bool")
    shape, axis = call.data.shape, call["axis"]
    if axis is None:
        shape, axis = (prod(shape),), 0
        data = call.reshape(data, shape)
    axis %= len(shape)
    length = call.integers((count or shape[axis],))
    values, places = call.several("TopK", 2, data, length, axis=axis, largest=int(not call["is_ascend"]), sorted=1)
    return data, values, places, axis


@rule("sort", integers=True, runtimes=False)
def _sort(call: Call) -> str:
    return _sorted(call)[1]


@rule("argsort", integers=True, runtimes=False)
def _argsort(call: Call) -> str:
    return call.as_result(_sorted(call)[2])


@rule("topk", integers=True, runtimes=False)
def _topk(call: Call) -> str | tuple[str, ...]:
    data, values, places, axis = _sorted(call, call["k"] if call["k"] > 0 else None)
    wanted = call["ret_typ"]
    if wanted == "value":
        return values
    if wanted == "mask":
        zeros = call.add("Mul", data, call.number(0))
        ones = call.add("Expand", call.number(1), call.add("Shape", places))
        return call.reshape(call.add("ScatterElements", zeros, places, ones, axis=axis), call.shape)
    numbers = call.cast(places, getattr(torch, call["dtype"]))
    return (values, numbers) if wanted == "both" else numbers
