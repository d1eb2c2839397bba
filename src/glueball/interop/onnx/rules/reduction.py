"""Reductions along axes."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from ..call import Call, Unsupported, rule
from ..document import Array
from .arithmetic import in_wide_integers

_KINDS = {"sum": "ReduceSum", "mean": "ReduceMean", "prod": "ReduceProd", "max": "ReduceMax", "min": "ReduceMin"}


def _axes(rank: int, axis: Sequence[int] | None, exclude: bool = False) -> list[int]:
    if not axis:
        return list(range(rank))
    named = {number % rank for number in axis}
    return [number for number in range(rank) if (number in named) is not exclude]


def _reduce(call: Call, kind: str, data: Array | str, axes: Sequence[int], keepdims: bool) -> str:
    if not axes:
        return call.add("Identity", data)
    result = call.reduce(kind, data, axes, keepdims)
    everything = len(axes) == len(call.data.shape)
    return call.reshape(result, (1,)) if everything and not keepdims else result


def _declare(name: str, kind: str, neutral: float | None) -> None:
    @rule(name, integers="files" if neutral is None and name != "mean" else False)
    def reduction(call: Call) -> str:
        data: Array | str = call.data
        if neutral is not None:
            data = call.add("Where", call.add("IsNaN", data), call.number(neutral), data)
        axes = _axes(len(call.data.shape), call["axis"], call["exclude"])
        if call.type.itemsize > 1 or neutral is not None:
            return _reduce(call, kind, data, axes, call["keepdims"])
        return in_wide_integers(call, lambda wide: _reduce(wide, kind, wide.data, axes, wide["keepdims"]))


for _name, _kind in _KINDS.items():
    _declare(_name, _kind, None)
_declare("nansum", "ReduceSum", 0)
_declare("nanprod", "ReduceProd", 1)


@rule("norm")
def _norm(call: Call) -> str:
    axes = _axes(len(call.data.shape), call["axis"])
    data = call.data if call.type is call.data.type else call.cast(call.data, call.type)
    return _reduce(call, f"ReduceL{call['ord']}", data, axes, call["keepdims"])


@rule("moments")
def _moments(call: Call) -> tuple[str, str]:
    axes = _axes(len(call.data.shape), call["axes"])
    mean = call.reduce("ReduceMean", call.data, axes)
    difference = call.add("Sub", call.data, mean)
    variance = _reduce(call, "ReduceMean", call.add("Mul", difference, difference), axes, call["keepdims"])
    return _reduce(call, "ReduceMean", call.data, axes, call["keepdims"]), variance


@rule("Cast", "amp_cast", integers=True)
def _cast(call: Call) -> str:
    safe = call.type is torch.float32 or (call.type is torch.int32 and call.data.type is torch.float32)
    if not safe and not call.document.is_file:
        raise Unsupported("a conversion to this type")
    return call.cast(call.data, call.type)
