"""Layers: convolution, dense products, normalization, softmax."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from ..... import symbol as sym
from .....symbol import Symbol
from ..call import Call
from ..registry import rule

#: How many numbers come before and behind each axis.
Pads = tuple[tuple[int, int], ...]


def window(call: Call, kernel: tuple[int, ...]) -> dict[str, Any]:
    """Return stride and dilation of a window."""
    axes = len(kernel)
    stride, dilate = call.attribute("strides"), call.attribute("dilations")
    return {"stride": tuple(stride or [1] * axes), "dilate": tuple(dilate or [1] * axes)}


def padding(call: Call, kernel: tuple[int, ...], data: int = 0) -> Pads:
    """Return the padding before and behind each axis, where a node may say it in words."""
    axes, how = len(kernel), call.attribute("auto_pad", "NOTSET")
    if how in ("NOTSET", ""):
        pads = call.attribute("pads") or [0] * (2 * axes)
        return tuple([(pads[axis], pads[axis + axes]) for axis in range(axes)])
    if how == "VALID":
        return ((0, 0),) * axes
    steps = window(call, kernel)
    found = []
    for axis, length in enumerate(call.fixed_shape(data)[2:]):
        stride, reach = steps["stride"][axis], steps["dilate"][axis] * (kernel[axis] - 1) + 1
        total = max((-(-length // stride) - 1) * stride + reach - length, 0)
        found.append((total // 2, total - total // 2) if how == "SAME_UPPER" else (total - total // 2, total // 2))
    return tuple(found)


def padded(x: Symbol, pads: Pads, value: float = 0.0) -> tuple[Symbol, tuple[int, ...]]:
    """Return data and what a layer can pad itself: the same on both sides."""
    if all(before == behind for before, behind in pads):
        return x, tuple([before for before, _ in pads])
    return extended(x, pads, value), (0,) * len(pads)


def extended(x: Symbol, pads: Pads, value: float) -> Symbol:
    """Return data with more numbers before and behind each axis but the first two."""
    if not any(map(any, pads)):
        return x
    if len(pads) == 1:  # there is no padding of fewer than four axes
        x = sym.expand_dims(x, axis=2)
        return sym.squeeze(extended(x, ((0, 0), *pads), value), axis=2)
    width = (0, 0, 0, 0, *[number for pair in pads for number in pair])
    return sym.pad(x, mode="constant", pad_width=width, constant_value=value)


@rule("Conv")
def _conv(call: Call) -> Any:
    shape = call.shape(1)
    kernel = tuple(call.attribute("kernel_shape") or shape[2:])
    x, pad = padded(call.symbol(0), padding(call, kernel))
    return sym.Convolution(
        x, call.symbol(1), call.symbol(2) if call.has(2) else None, kernel=kernel, **window(call, kernel), pad=pad,
        num_filter=shape[0], no_bias=not call.has(2), num_group=call.attribute("group", 1), name=call.name,
    )  # fmt: skip


@rule("ConvTranspose")
def _conv_transpose(call: Call) -> Any:
    shape, group = call.shape(1), call.attribute("group", 1)
    kernel = tuple(call.attribute("kernel_shape") or shape[2:])
    steps, axes = window(call, kernel), len(kernel)
    adj = tuple(call.attribute("output_padding") or [0] * axes)
    pads, adj = _transposed_padding(call, kernel, steps, adj)
    pad = tuple([min(pair) for pair in pads])
    result: Any = sym.Deconvolution(
        call.symbol(0), call.symbol(1), call.symbol(2) if call.has(2) else None, kernel=kernel, **steps,
        pad=pad, adj=adj, num_filter=shape[1] * group, no_bias=not call.has(2), num_group=group, name=call.name,
    )  # fmt: skip
    for axis, (before, behind) in enumerate(pads):
        if before != behind:
            cut = min(before, behind)
            result = sym.slice_axis(result, axis=axis + 2, begin=before - cut, end=-(behind - cut) or None)
    return result


def _transposed_padding(
    call: Call, kernel: tuple[int, ...], steps: dict[str, Any], adj: tuple[int, ...]
) -> tuple[list[tuple[int, int]], tuple[int, ...]]:
    wanted, axes = call.attribute("output_shape"), len(kernel)
    how = call.attribute("auto_pad", "NOTSET")
    if not wanted and how in ("NOTSET", "", "VALID"):
        return list(padding(call, kernel)), adj
    lengths = call.fixed_shape(0)[2:]
    full = [
        (length - 1) * stride + dilate * (size - 1) + 1 + more
        for length, stride, dilate, size, more in zip(
            lengths, steps["stride"], steps["dilate"], kernel, adj, strict=True
        )
    ]
    wanted = (
        wanted[-axes:] if wanted else [length * stride for length, stride in zip(lengths, steps["stride"], strict=True)]
    )
    found = []
    for whole, part in zip(full, wanted, strict=True):
        total = max(whole - part, 0)
        smaller, larger = total // 2, total - total // 2
        found.append((larger, smaller) if how == "SAME_LOWER" else (smaller, larger))
    return found, tuple([more + max(part - whole, 0) for more, whole, part in zip(adj, full, wanted, strict=True)])


@rule("BatchNormalization")
def _batch_norm(call: Call) -> Any:
    call.require(not call.attribute("training_mode", 0), "training_mode must be 0")
    call.require(call.attribute("spatial", 1) == 1, "spatial must be 1")
    for number in (3, 4):
        call.values.state(call.node.inputs[number])
    data, gamma, beta, mean, variance = call.symbols()
    return sym.BatchNorm(
        data, gamma, beta, mean, variance, eps=call.attribute("epsilon", 1e-5), fix_gamma=False,
        momentum=call.attribute("momentum", 0.9), use_global_stats=False, name=call.name,
    )  # fmt: skip


@rule("InstanceNormalization")
def _instance_norm(call: Call) -> Any:
    data, gamma, beta = call.symbols()
    return sym.InstanceNorm(data, gamma, beta, eps=call.attribute("epsilon", 1e-5), name=call.name)


@rule("LayerNormalization")
def _layer_norm(call: Call) -> Any:
    rank, axis = call.rank(0), call.attribute("axis", -1)
    axis = axis % rank
    x, eps, is_alone = call.symbol(0), call.attribute("epsilon", 1e-5), len(call.node.outputs) == 1
    if axis == rank - 1 and call.has(2) and is_alone:
        return sym.LayerNorm(x, call.symbol(1), call.symbol(2), axis=-1, eps=eps, name=call.name)
    axes = tuple(range(axis, rank))
    mean = sym.mean(x, axis=axes, keepdims=True)
    centered = sym.broadcast_sub(x, mean)
    scale = sym.sqrt(sym.mean(sym.square(centered), axis=axes, keepdims=True) + eps)
    result = sym.broadcast_mul(sym.broadcast_div(centered, scale), call.symbol(1))
    return [sym.broadcast_add(result, call.symbol(2)) if call.has(2) else result, mean, 1 / scale]


@rule("GroupNormalization")
def _group_norm(call: Call) -> Any:
    call.require(
        call.opset >= 21, "GroupNormalization must be that of version 21 or later, with a scale for each channel"
    )
    shape, groups = call.shape(0), call.attribute("num_groups")
    x, eps = sym.reshape(call.symbol(0), shape=(0, groups, -1)), call.attribute("epsilon", 1e-5)
    centered = sym.broadcast_sub(x, sym.mean(x, axis=2, keepdims=True))
    scale = sym.sqrt(sym.mean(sym.square(centered), axis=2, keepdims=True) + eps)
    result = sym.reshape_like(sym.broadcast_div(centered, scale), call.symbol(0))
    ends = [sym.reshape(call.symbol(number), shape=(1, -1, *[1] * (len(shape) - 2))) for number in (1, 2)]
    return sym.broadcast_add(sym.broadcast_mul(result, ends[0]), ends[1])


@rule("RMSNormalization")
def _rms_norm(call: Call) -> Any:
    rank, x = call.rank(0), call.symbol(0)
    axes = tuple(range(call.attribute("axis", -1) % rank, rank))
    scale = sym.sqrt(sym.mean(sym.square(x), axis=axes, keepdims=True) + call.attribute("epsilon", 1e-5))
    return sym.broadcast_mul(sym.broadcast_div(x, scale), call.symbol(1), name=call.name)


@rule("LRN")
def _lrn(call: Call) -> Any:
    return sym.LRN(
        call.symbol(0), nsize=call.attribute("size"), alpha=call.attribute("alpha", 1e-4),
        beta=call.attribute("beta", 0.75), knorm=call.attribute("bias", 1.0), name=call.name,
    )  # fmt: skip


@rule("LpNormalization")
def _lp_normalization(call: Call) -> Any:
    x, axis, p = call.symbol(0), call.attribute("axis", -1), call.attribute("p", 2)
    length = sym.norm(x, ord=p, axis=axis, keepdims=True)
    return sym.broadcast_div(x, length + (length == 0), name=call.name)


@rule("MeanVarianceNormalization")
def _mean_variance(call: Call) -> Any:
    axes, x = tuple(call.attribute("axes", [0, 2, 3])), call.symbol(0)
    centered = sym.broadcast_sub(x, sym.mean(x, axis=axes, keepdims=True))
    return sym.broadcast_div(centered, sym.sqrt(sym.mean(sym.square(centered), axis=axes, keepdims=True)) + 1e-9)


@rule("Gemm")
def _gemm(call: Call) -> Any:
    a, alpha, beta = call.symbol(0), call.attribute("alpha", 1.0), call.attribute("beta", 1.0)
    weight, is_transposed = call.constant(1), bool(call.attribute("transB", 0))
    bias = call.constant(2) if call.has(2) else None
    is_dense = weight is not None and is_transposed and not call.attribute("transA", 0) and alpha == beta == 1
    if is_dense and weight is not None and (not call.has(2) or (bias is not None and bias.shape == weight.shape[:1])):
        return sym.FullyConnected(
            a, call.symbol(1), call.symbol(2) if call.has(2) else None, num_hidden=weight.shape[0],
            no_bias=not call.has(2), flatten=False, name=call.name,
        )  # fmt: skip
    product = sym.dot(
        a, call.symbol(1), transpose_a=bool(call.attribute("transA", 0)), transpose_b=is_transposed, name=call.name
    )
    result = product if alpha == 1 else product * alpha
    if call.has(2):
        result = sym.broadcast_add(result, call.symbol(2) if beta == 1 else call.symbol(2) * beta)
    return result


@rule("MatMul")
def _matmul(call: Call) -> Any:
    one, other = call.rank(0), call.rank(1)
    if other == 2 and one >= 2:
        return sym.dot(call.symbol(0), call.symbol(1), name=call.name)
    if one == other == 3 and call.shape(0)[0] == call.shape(1)[0]:
        return sym.batch_dot(call.symbol(0), call.symbol(1), name=call.name)
    if one == 1 and other > 2:  # of a row for each matrix
        shape = call.fixed_shape(1)
        rows = sym.broadcast_to(sym.reshape(call.symbol(0), shape=(1, 1, -1)), shape=(prod(shape[:-2]), 1, shape[-2]))
        product = sym.batch_dot(rows, sym.reshape(call.symbol(1), shape=(-1, *shape[-2:])))
        return sym.reshape(product, shape=(*shape[:-2], shape[-1]), name=call.name)
    if min(one, other) == 1:
        return sym.dot(call.symbol(0), call.symbol(1), name=call.name)
    return _stacked(call)


def _stacked(call: Call) -> Any:
    """Return the products of stacks of matrices: the stacks broadcast."""
    shapes = [call.fixed_shape(number) for number in (0, 1)]
    stack = np.broadcast_shapes(shapes[0][:-2], shapes[1][:-2])
    flat = []
    for number, shape in enumerate(shapes):
        full = (1,) * (len(stack) + 2 - len(shape)) + shape
        x = sym.broadcast_to(sym.reshape(call.symbol(number), shape=full), shape=(*stack, *shape[-2:]))
        flat.append(sym.reshape(x, shape=(-1, *shape[-2:])))
    product = sym.batch_dot(flat[0], flat[1])
    return sym.reshape(product, shape=(*stack, shapes[0][-2], shapes[1][-1]), name=call.name)


@rule("Softmax", "LogSoftmax", "Hardmax")
def _softmax(call: Call) -> Any:
    x, name = call.symbol(0), call.node.operator
    if call.opset >= 13:
        axis = call.attribute("axis", -1)
        return _softmax_along(name, x, axis, call)
    rank, axis = call.rank(0), call.attribute("axis", 1)
    if axis % rank == rank - 1:
        return _softmax_along(name, x, -1, call)
    flat = _softmax_along(name, sym.reshape(x, shape=(*[0] * (axis % rank), -1)), -1, call)
    return sym.reshape_like(flat, x)


def _softmax_along(name: str, x: Symbol, axis: int, call: Call) -> Any:
    if name == "Softmax":
        return sym.softmax(x, axis=axis, name=call.name)
    if name == "LogSoftmax":
        return sym.log_softmax(x, axis=axis, name=call.name)
    rank = call.rank(0)
    length = call.fixed_shape(0)[axis]
    hot = sym.one_hot(sym.argmax(x, axis=axis), depth=length)
    order = list(range(rank - 1))
    order.insert(axis % rank, rank - 1)
    return sym.transpose(hot, axes=tuple(order))
