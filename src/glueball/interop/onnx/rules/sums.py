"""Sums, tests and losses over whole arrays, running sums, and Fourier's transform."""

from __future__ import annotations

from math import prod

import torch

from ..call import Call, rule
from ..document import Array


@rule("_np_cumsum", integers=True, runtimes=False)
def _cumsum(call: Call) -> str:
    wide = torch.float32 if call.type.is_floating_point else torch.int64
    kind = call.type if call.type.itemsize > 2 else wide
    data: Array | str = call.data if call.data.type is kind else call.cast(call.data, kind)
    axis = call["axis"]
    if axis is None:
        data, axis = call.reshape(data, (prod(call.data.shape),)), 0
    sums = call.add("CumSum", data, call.scalar(axis))
    return sums if kind is call.type else call.as_result(sums)


def _finite(call: Call, data: Array) -> str:
    """Return 1 if all numbers are finite, else 0."""
    wide: Array | str = data if data.type in (torch.float32, torch.float64) else call.cast(data, torch.float32)
    wrong = call.add("Or", call.add("IsNaN", wide), call.add("IsInf", wide))
    number = call.cast(call.add("Not", wrong), call.type)
    return call.reshape(call.reduce("ReduceMin", number, range(len(data.shape))), (1,))


@rule("all_finite", "multi_all_finite", runtimes=False)
def _all_finite(call: Call) -> str:
    found = [_finite(call, array) for array in call.arrays]
    return call.add("Min", *found) if len(found) > 1 else found[0]


@rule("multi_sum_sq", runtimes=False)
def _multi_sum_sq(call: Call) -> str:
    sums = []
    for array in call.arrays:
        wide: Array | str = array if array.type is torch.float64 else call.cast(array, torch.float32)
        total = call.add("ReduceSum", call.add("Mul", wide, wide), keepdims=0)
        sums.append(call.reshape(call.as_result(total), (1,)))
    return call.add("Concat", *sums, axis=0)


@rule("softmax_cross_entropy", runtimes=False)
def _softmax_cross_entropy(call: Call) -> str:
    classes = call.data.shape[1]
    number = call.add("Mod", call.cast(call.array(1), torch.int64), call.scalar(classes))
    place = call.add("Unsqueeze", number, call.integers((1,)))
    chosen = call.add("GatherElements", call.add("LogSoftmax", call.data, axis=1), place, axis=1)
    return call.reshape(call.add("Neg", call.add("ReduceSum", chosen, keepdims=0)), (1,))


@rule("_contrib_fft", since=17, runtimes=False)
def _fft(call: Call) -> str:
    rows = call.add("Unsqueeze", call.data, call.integers((len(call.data.shape),)))
    return call.reshape(_transform(call, rows, inverse=0), call.shape)


@rule("_contrib_ifft", since=17, runtimes=False)
def _ifft(call: Call) -> str:
    *others, last = call.data.shape
    pairs = call.reshape(call.data, (*others, last // 2, 2))
    back = _transform(call, pairs, inverse=1)
    real = call.add("Gather", back, call.scalar(0), axis=len(others) + 1)
    return call.add("Mul", real, call.number(last // 2))


def _transform(call: Call, numbers: str, inverse: int) -> str:
    """Transform along the last axis but that of the parts of a complex number."""
    axis = len(call.data.shape) - 1
    if call.document.opset >= 20:
        return call.add("DFT", numbers, None, call.scalar(axis), inverse=inverse)
    return call.add("DFT", numbers, axis=axis, inverse=inverse)


@rule("amp_multicast", integers=True, runtimes=False)
def _multicast(call: Call) -> tuple[str, ...]:
    mixed = (torch.float16, torch.bfloat16, torch.float32)
    return tuple([
        call.cast(array, call.type) if array.type in mixed else call.add("Identity", array) for array in call.arrays
    ])  # fmt: skip
