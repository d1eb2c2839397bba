"""Softmax and output layers, as they predict."""

from __future__ import annotations

from math import inf, prod

import torch

from ..call import Call, Unsupported, rule
from ..document import Array


def _tempered(call: Call) -> Array | str:
    """Return the data in the type of the result, divided by the temperature."""
    wide = max(call.type, call.data.type, key=lambda kind: kind.itemsize)
    data: Array | str = call.data if call.data.type is wide else call.cast(call.data, wide)
    temperature = call["temperature"]
    return data if temperature in (None, 1.0) else call.add("Div", data, call.number(temperature, wide))


def _along_axis(call: Call, kind: str, data: Array | str) -> str:
    """Apply a softmax, along the first elements only where lengths are given: the others are 0."""
    axis, wide = call["axis"], max(call.type, call.data.type, key=lambda kind: kind.itemsize)
    inside = _inside(call) if call["use_length"] else None
    if inside is not None:
        data = call.add("Where", inside, data, call.number(-inf, wide))
    result = call.add(kind, data, axis=axis)
    if inside is not None:
        result = call.add("Where", inside, result, call.number(0, wide))
    return result if wide is call.type else call.cast(result, call.type)


def _inside(call: Call) -> str:
    rank = len(call.data.shape)
    axis = call["axis"] % rank
    lengths = call.add("Unsqueeze", call.cast(call.array(1), torch.int64), call.integers((axis,)))
    return call.add("Less", call.along(call.range(call.data.shape[axis]), rank, axis), lengths)


@rule("softmax")
def _softmax(call: Call) -> str:
    return _along_axis(call, "Softmax", _tempered(call))


@rule("log_softmax")
def _log_softmax(call: Call) -> str:
    if call["use_length"]:
        raise Unsupported("lengths")
    return _along_axis(call, "LogSoftmax", _tempered(call))


@rule("softmin")
def _softmin(call: Call) -> str:
    return _along_axis(call, "Softmax", call.add("Neg", _tempered(call)))


@rule("SoftmaxActivation")
def _softmax_activation(call: Call) -> str:
    return call.add("Softmax", call.data, axis=1 if call["mode"] == "channel" else -1)


@rule("SoftmaxOutput")
def _softmax_output(call: Call) -> str:
    data, shape = call.data, call.data.shape
    if call["multi_output"] or len(shape) == 2:
        return call.add("Softmax", data, axis=1)
    if call["preserve_shape"]:
        return call.add("Softmax", data, axis=-1)
    rows = call.reshape(data, (shape[0], prod(shape[1:])))
    return call.reshape(call.add("Softmax", rows, axis=1), shape)


@rule("LogisticRegressionOutput")
def _logistic(call: Call) -> str:
    return call.add("Sigmoid", call.data)


@rule("LinearRegressionOutput", "MAERegressionOutput", "SVMOutput")
def _identity(call: Call) -> str:
    return call.add("Identity", call.data)
