"""Normalization, with the moving statistics where there are any."""

from __future__ import annotations

from math import prod

import numpy as np

from ..call import Call, Unsupported, rule
from ..document import Array
from .layout import first, last


@rule("BatchNorm", "_contrib_SyncBatchNorm")
def _batch_norm(call: Call) -> tuple[str, ...]:
    data, gamma, beta, mean, variance = call.arrays
    rank = len(data.shape)
    axis = call.attributes.get("axis", 1) % rank
    if rank < 2 or axis not in (1, rank - 1):
        raise Unsupported("another axis than the second and the last")
    weight = call.filled(gamma.shape, 1, gamma.type) if call["fix_gamma"] else gamma.name
    numbers: list[Array | str] = [weight, beta, mean, variance]
    if gamma.type is not data.type and call.document.opset < 15:
        numbers = [call.cast(each, data.type) for each in numbers]
    is_last = axis != 1
    result = call.add("BatchNormalization", first(call, data, is_last), *numbers, epsilon=call["eps"])
    result = last(call, result, rank, is_last)
    if not call["output_mean_var"]:
        return (result,)
    spread = call.add("Sqrt", call.add("Add", variance, call.number(call["eps"], variance.type)))
    return result, call.add("Identity", mean), call.add("Reciprocal", spread)


@rule("BatchNorm_v1", runtimes=False)
def _batch_norm_v1(call: Call) -> tuple[str, ...]:
    """Return the variance itself, not the reciprocal of its root."""
    result, *others = _batch_norm(call)
    return (result, others[0], call.add("Identity", call.array(4))) if others else (result,)


@rule("_contrib_BatchNormWithReLU")
def _batch_norm_with_relu(call: Call) -> tuple[str, ...]:
    result, *others = _batch_norm(call)
    return call.add("Relu", result), *others


def _statistics(call: Call, data: Array | str, axis: int) -> tuple[str, str, str]:
    """Return the mean along an axis, the difference to it, and the root of the variance and eps."""
    mean = call.reduce("ReduceMean", data, (axis,))
    difference = call.add("Sub", data, mean)
    variance = call.reduce("ReduceMean", call.add("Mul", difference, difference), (axis,))
    return mean, difference, call.add("Sqrt", call.add("Add", variance, call.number(call["eps"])))


@rule("LayerNorm")
def _layer_norm(call: Call) -> str | tuple[str, ...]:
    data, gamma, beta = call.arrays
    rank = len(data.shape)
    axis = call["axis"] % rank
    if call["output_mean_var"] or call.document.opset < 17:
        mean, difference, spread = _statistics(call, data, axis)
        scaled = call.add("Mul", call.add("Div", difference, spread), call.along(gamma.name, rank, axis))
        result = call.add("Add", scaled, call.along(beta.name, rank, axis))
        return (result, mean, spread) if call["output_mean_var"] else result
    if axis == rank - 1:
        return call.add("LayerNormalization", data, gamma, beta, axis=-1, epsilon=call["eps"])
    others = [number for number in range(rank) if number != axis]
    result = call.add(
        "LayerNormalization", call.transpose(data, (*others, axis)), gamma, beta, axis=-1, epsilon=call["eps"]
    )
    return call.transpose(result, np.argsort((*others, axis)).tolist())


@rule("InstanceNorm")
def _instance_norm(call: Call) -> str:
    return call.add("InstanceNormalization", *call.arrays, epsilon=call["eps"])


@rule("GroupNorm")
def _group_norm(call: Call) -> str | tuple[str, ...]:
    data, gamma, beta = call.arrays
    groups = call["num_groups"]  # each with one gamma and one beta: like a channel of InstanceNorm
    rows = call.reshape(data, (data.shape[0], groups, prod(data.shape[1:]) // groups))
    result = call.reshape(call.add("InstanceNormalization", rows, gamma, beta, epsilon=call["eps"]), data.shape)
    if not call["output_mean_var"]:
        return result
    mean, _, spread = _statistics(call, rows, 2)
    flat = (data.shape[0], groups)
    return result, call.reshape(mean, flat), call.reshape(spread, flat)


@rule("LRN")
def _lrn(call: Call) -> str:
    # As a pooling along the channels: OpenVINO's LRN gives other numbers for large alpha.
    n, channels, *image = call.data.shape
    size = call["nsize"]
    rows = call.reshape(call.add("Mul", call.data, call.data), (n, 1, channels, prod(image)))
    means = call.add(
        "AveragePool", rows, kernel_shape=(size, 1), pads=(size // 2, 0, size // 2, 0), count_include_pad=1
    )
    scaled = call.add("Add", call.add("Mul", means, call.number(call["alpha"])), call.number(call["knorm"]))
    divisor = call.reshape(call.add("Pow", scaled, call.number(call["beta"])), call.data.shape)
    return call.add("Div", call.data, divisor)


@rule("L2Normalization")
def _l2_normalization(call: Call) -> str:
    data, rank = call.data, len(call.data.shape)
    axes = (1,) if call["mode"] == "channel" else tuple(range(1 if call["mode"] == "instance" else 2, rank))
    squares = call.add("Mul", data, data)
    if axes:
        squares = call.add("ReduceSum", squares, call.integers(axes), keepdims=1)
    return call.add("Div", data, call.add("Sqrt", call.add("Add", squares, call.number(call["eps"]))))
