"""What writes numbers to places, and what finds places: scatter, masks, triangles, reversed sequences."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..... import symbol as sym
from .....symbol import Symbol
from ..call import Call
from ..registry import rule
from ..values import MOST

_REDUCTIONS = {
    "add": "broadcast_add", "mul": "broadcast_mul", "max": "broadcast_maximum", "min": "broadcast_minimum",
}  # fmt: skip


_MOST_ROUNDS = 64


@rule("ScatterND")
def _scatter_nd(call: Call) -> Any:
    lengths = call.fixed_shape(0)
    depth, rank = call.fixed_shape(1)[-1], call.rank(1)
    limits = np.reshape(lengths[:depth], (-1, 1))
    known = call.constant(1)
    if known is not None:
        return _written_in_rounds(call, np.moveaxis(known, -1, 0).reshape(depth, -1) % limits)
    index = sym.cast(sym.transpose(call.symbol(1), axes=(rank - 1, *range(rank - 1))), dtype="int32")
    ends = call.parameter("lengths", limits.reshape(-1, *[1] * (rank - 1)).astype(np.int32))
    return _written(call, index + sym.broadcast_mul(index < 0, ends))


@rule("ScatterElements", "Scatter")
def _scatter_elements(call: Call) -> Any:
    lengths, places = call.fixed_shape(0), call.places(call.fixed_shape(1))
    axis, known = call.attribute("axis", 0) % len(lengths), call.constant(1)
    if known is not None:
        places[axis] = known % lengths[axis]
        return _written_in_rounds(call, places.reshape(len(lengths), -1))
    index = sym.cast(call.symbol(1), dtype="int32")
    along: list[Symbol] = [call.parameter(f"places{number}", each) for number, each in enumerate(places)]
    along[axis] = index + lengths[axis] * (index < 0)
    return _written(call, sym.stack(*along, axis=0))


def _written(call: Call, places: Symbol) -> Any:
    call.require(call.attribute("reduction", "none") == "none", "places must be constant where numbers are joined")
    shape = call.fixed_shape(0)
    return sym._internal._scatter_set_nd(call.symbol(0), call.symbol(2), places, shape=shape, name=call.name)


def _written_in_rounds(call: Call, places: np.ndarray) -> Any:
    """Write to places that are known: those that are written to twice, in two rounds."""
    lengths, how = call.fixed_shape(0), call.attribute("reduction", "none")
    depth, count = places.shape
    flat = np.ravel_multi_index(tuple(places), lengths[:depth])
    rounds = np.zeros(count, np.int64)
    for place, number in zip(*np.unique(flat, return_counts=True), strict=True):
        if number > 1:
            rounds[flat == place] = np.arange(number)
    call.require(rounds.max() < _MOST_ROUNDS, f"no place may be written to more than {_MOST_ROUNDS} times")
    result, numbers = call.symbol(0), sym.reshape(call.symbol(2), shape=(count, *lengths[depth:]))
    for each in range(int(rounds.max()) + 1):
        taken = np.flatnonzero(rounds == each)
        where = call.parameter("places", places[:, taken].astype(np.int32))
        new = numbers if len(taken) == count else sym.take(numbers, call.parameter("taken", taken), axis=0)
        if how != "none":
            new = getattr(sym, _REDUCTIONS[how])(sym.gather_nd(result, where), new)
        result = sym._internal._scatter_set_nd(result, new, where, shape=lengths)
    return result


@rule("NonZero")
def _non_zero(call: Call) -> Any:
    shape = call.fixed_shape(0)
    places = call.parameter("places", call.places(shape).reshape(len(shape), -1).T.copy())
    is_there = sym.reshape(call.symbol(0), shape=(-1,)) != 0
    return sym.cast(sym.transpose(sym.contrib.boolean_mask(places, is_there)), dtype="int64", name=call.name)


@rule("Compress")
def _compress(call: Call) -> Any:
    axis, x, wanted = call.attribute("axis"), call.symbol(0), call.constant(1)
    if axis is None:
        x, axis = sym.reshape(x, shape=(-1,)), 0
    if wanted is not None:
        places = np.flatnonzero(wanted)
        call.require(places.size > 0, "no part may be empty")
        return sym.take(x, call.parameter("places", places.astype(np.int64)), axis=axis, name=call.name)
    call.require(axis == 0, "axis must be 0 where the condition is not constant")
    return sym.contrib.boolean_mask(x, sym.cast(call.symbol(1), dtype="float32"), name=call.name)


@rule("Trilu")
def _triangle(call: Call) -> Any:
    height, width = call.shape(0)[-2:]
    call.require(height * width > 0, "the lengths of the last two axes must be known")
    call.require(height * width <= MOST, "the last two axes must be shorter")
    corner = np.triu if call.attribute("upper", 1) else np.tril
    kept = corner(np.ones((height, width)), int(call.number(1, "k", 0)))
    x = call.symbol(0)
    zeros = sym.zeros_like(x)
    mask = call.parameter("mask", kept.astype(call.type(0) or np.float32))
    return sym.where(sym.broadcast_add(zeros, mask), x, zeros, name=call.name)


@rule("EyeLike")
def _eye_like(call: Call) -> Any:
    shape = call.fixed_shape(0)
    kinds = {1: np.float32, 2: np.uint8, 3: np.int8, 6: np.int32, 7: np.int64, 10: np.float16, 11: np.float64}
    kind = kinds.get(call.attribute("dtype", 0), call.type(0) or np.float32)
    rows, columns = shape
    call.require(rows * columns <= MOST, "the matrix must be smaller")
    return call.parameter("eye", np.eye(rows, columns, k=call.attribute("k", 0)).astype(kind))


@rule("ReverseSequence")
def _reverse_sequence(call: Call) -> Any:
    is_batch_first = call.attribute("batch_axis", 1) == 0
    x, lengths = call.symbol(0), sym.cast(call.symbol(1), dtype="float32")
    x = sym.swapaxes(x, dim1=0, dim2=1) if is_batch_first else x
    result = sym.SequenceReverse(x, lengths, use_sequence_length=True)
    return sym.swapaxes(result, dim1=0, dim2=1, name=call.name) if is_batch_first else result


@rule("CumProd")
def _running_product(call: Call) -> Any:
    axis = int(call.known(1, "the axis").reshape(-1)[0]) % call.rank(0)
    length, x = call.fixed_shape(0)[axis], call.symbol(0)
    call.require(length <= 256, "the axis must have at most 256 numbers")
    order = range(length - 1, -1, -1) if call.attribute("reverse", 0) else range(length)
    parts = {number: sym.slice_axis(x, axis=axis, begin=number, end=number + 1) for number in order}
    product: Any = sym.ones_like(parts[order[0]])
    found = {}
    for number in order:
        before, product = product, product * parts[number]
        found[number] = before if call.attribute("exclusive", 0) else product
    return sym.concat(*[found[number] for number in range(length)], dim=axis, name=call.name)
