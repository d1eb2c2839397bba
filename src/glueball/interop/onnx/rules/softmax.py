"""Softmax and output layers, as they predict."""

from __future__ import annotations

from math import prod

import torch

from ..call import Call, Unsupported, rule
from ..document import Array


def _tempered(call: Call) -> Array | str:
    if call["use_length"] or call["dtype"] not in (None, torch.float32):
        raise Unsupported("lengths, or another type for the result")
    temperature = call["temperature"]
    return call.data if temperature in (None, 1.0) else call.add("Div", call.data, call.number(temperature))


@rule("softmax")
def _softmax(call: Call) -> str:
    return call.add("Softmax", _tempered(call), axis=call["axis"])


@rule("log_softmax")
def _log_softmax(call: Call) -> str:
    return call.add("LogSoftmax", _tempered(call), axis=call["axis"])


@rule("softmin")
def _softmin(call: Call) -> str:
    return call.add("Softmax", call.add("Neg", _tempered(call)), axis=call["axis"])


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
