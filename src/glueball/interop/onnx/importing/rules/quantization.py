"""Integers that stand for real numbers: they become real numbers, which are rounded where ONNX rounds."""

from __future__ import annotations

from typing import Any

from ..... import symbol as sym
from .....symbol import Symbol
from ..call import Call
from ..registry import rule
from .arithmetic import round_to_even
from .layers import padded, padding, window

_LIMITS = {"uint8": (0, 255), "int8": (-128, 127)}
_OUTPUT_TYPES = {0: "", 2: "uint8", 3: "int8"}


def _along(call: Call, number: int, rank: int, axis: int) -> Symbol:
    """Return a scale or zero point so that it broadcasts: one number, one for each along an axis, or one a block."""
    shape = call.fixed_shape(number)
    x = sym.cast(call.symbol(number), dtype="float32")
    if shape in ((), (1,)):
        return sym.reshape(x, shape=(1,) * max(rank, 1))
    block = call.attribute("block_size", 0)
    if block:
        longer = sym.repeat(x, repeats=block, axis=axis)
        return sym.slice_axis(longer, axis=axis, begin=0, end=call.fixed_shape(0)[axis])
    call.require(len(shape) == 1, "scales must be one number, or one for each along an axis")
    return sym.reshape(x, shape=(*[1] * axis, -1, *[1] * (rank - axis - 1)))


def _real(call: Call, data: int, scale: int, zero: int, axis: int) -> Any:
    """Return what integers stand for."""
    rank = max(call.rank(data), 1)
    x = sym.cast(call.symbol(data), dtype="float32")
    if call.has(zero):
        x = sym.broadcast_sub(x, _along(call, zero, rank, axis % rank))
    return sym.broadcast_mul(x, _along(call, scale, rank, axis % rank))


def _rounded(call: Call, x: Any, rank: int, scale: int, zero: int, axis: int, kind: str) -> Any:
    """Return the integers that stand for real numbers."""
    kind = (call.type(zero) if call.has(zero) else "") or kind or "uint8"
    call.require(kind in _LIMITS, f"the integers must be uint8 or int8, not {kind}")
    x = round_to_even(sym.broadcast_div(x, _along(call, scale, rank, axis % rank)))
    if call.has(zero):
        x = sym.broadcast_add(x, _along(call, zero, rank, axis % rank))
    return sym.cast(sym.clip(x, *_LIMITS[kind]), dtype=kind, name=call.name)


@rule("QuantizeLinear")
def _quantize(call: Call) -> Any:
    kind = _OUTPUT_TYPES.get(call.attribute("output_dtype", 0))
    call.require(kind is not None, "output_dtype must be uint8 or int8")
    x = sym.cast(call.symbol(0), dtype="float32")
    return _rounded(call, x, max(call.rank(0), 1), 1, 2, call.attribute("axis", 1), kind or "")


@rule("DequantizeLinear")
def _dequantize(call: Call) -> Any:
    call.require(
        call.type(0) in (*_LIMITS, "int32", ""), f"the integers must be uint8, int8 or int32, not {call.type(0)}"
    )
    return _real(call, 0, 1, 2, call.attribute("axis", 1))


@rule("MatMulInteger")
def _product_of_integers(call: Call) -> Any:
    return sym.cast(_product(call, _whole(call, 0, -2), _whole(call, 1, -1)), dtype="int32", name=call.name)


@rule("ConvInteger")
def _convolution_of_integers(call: Call) -> Any:
    return sym.cast(_convolution(call, _whole(call, 0, 1), _whole(call, 1, 0), 1), dtype="int32", name=call.name)


@rule("QLinearMatMul")
def _quantized_product(call: Call) -> Any:
    x = _product(call, _real(call, 0, 1, 2, -2), _real(call, 3, 4, 5, -1))
    return _rounded(call, x, call.rank(0), 6, 7, 0, "")


@rule("QLinearConv")
def _quantized_convolution(call: Call) -> Any:
    x, rank = _convolution(call, _real(call, 0, 1, 2, 1), _real(call, 3, 4, 5, 0), 3), call.rank(0)
    if call.has(8):  # the bias has the scales of data and filters
        one, other = [sym.reshape(sym.cast(call.symbol(each), dtype="float32"), shape=(-1,)) for each in (1, 4)]
        scales = sym.broadcast_mul(one, other)
        bias = sym.broadcast_mul(sym.cast(call.symbol(8), dtype="float32"), scales)
        x = sym.broadcast_add(x, sym.reshape(bias, shape=(1, -1, *[1] * (rank - 2))))
    return _rounded(call, x, rank, 6, 7, 1, "")


def _whole(call: Call, number: int, axis: int) -> Any:
    """Return integers less their zero points, in a type that has room for sums of products."""
    x = sym.cast(call.symbol(number), dtype="float64")
    if not call.has(number + 2):
        return x
    rank = call.rank(number)
    return sym.broadcast_sub(x, sym.cast(_along(call, number + 2, rank, axis % rank), dtype="float64"))


def _product(call: Call, one: Any, other: Any) -> Any:
    left, right = [number for number in range(call.count) if call.rank(number) >= 2][:2]
    shapes = call.fixed_shape(left), call.fixed_shape(right)
    if len(shapes[0]) == len(shapes[1]) == 2:
        return sym.dot(one, other)
    call.require(shapes[0][:-2] == shapes[1][:-2], "stacks of matrices must have one shape")
    one, other = [sym.reshape(x, shape=(-1, *shape[-2:])) for x, shape in zip((one, other), shapes, strict=True)]
    return sym.reshape(sym.batch_dot(one, other), shape=(*shapes[0][:-1], shapes[1][-1]))


def _convolution(call: Call, x: Any, weight: Any, number: int) -> Any:
    shape = call.shape(number)
    kernel = tuple(call.attribute("kernel_shape") or shape[2:])
    x, pad = padded(x, padding(call, kernel))
    return sym.Convolution(
        x, weight, kernel=kernel, **window(call, kernel), pad=pad, num_filter=shape[0], no_bias=True,
        num_group=call.attribute("group", 1),
    )  # fmt: skip
