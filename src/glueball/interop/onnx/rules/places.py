"""Elements read and written at coordinates."""

from __future__ import annotations

from math import prod

import numpy as np
import torch

from ..call import Call, Unsupported, rule
from ..document import NUMPY, Array
from .indexing import confined
from .shape import cut


def _coordinates(call: Call, indices: Array) -> str:
    """Return coordinates as ONNX has them: those of an element along the last axis."""
    return call.transpose(call.cast(indices, torch.int64), (*range(1, len(indices.shape)), 0))


@rule("gather_nd", integers=True, runtimes=False)
def _gather_nd(call: Call) -> str:
    return call.add("GatherND", call.data, _coordinates(call, call.array(1)))


@rule("scatter_nd", integers=True, runtimes=False)
def _scatter_nd(call: Call) -> str:
    zeros = call.filled(call["shape"], 0, call.type)
    return call.add("ScatterND", zeros, _coordinates(call, call.array(1)), call.data)


@rule("_scatter_set_nd", integers=True, runtimes=False)
def _scatter_set_nd(call: Call) -> str:
    return call.add("ScatterND", call.data, _coordinates(call, call.array(2)), call.array(1))


@rule("_contrib_index_copy", integers=True, runtimes=False)
def _index_copy(call: Call) -> str:
    rows = call.add("Unsqueeze", call.cast(call.array(1), torch.int64), call.integers((1,)))
    return call.add("ScatterND", call.data, rows, call.array(2))


@rule("batch_take", integers=True, runtimes=False)
def _batch_take(call: Call) -> str:
    shape, indices = call.data.shape, call.array(1)
    rows = call.reshape(call.data, (prod(shape[:-1]), shape[-1]))
    index = call.reshape(confined(call, indices, shape[-1]), (prod(shape[:-1]), 1))
    return call.reshape(call.add("GatherElements", rows, index, axis=1), indices.shape)


@rule("one_hot", integers=True, runtimes=False)
def _one_hot(call: Call) -> str:
    rank = len(call.shape)
    places = call.along(call.range(call["depth"]), rank, rank - 1)
    wanted = call.add("Unsqueeze", call.cast(call.data, torch.int64), call.integers((rank - 1,)))
    on, off = [call.number(call[name], call.type) for name in ("on_value", "off_value")]
    return call.add("Where", call.add("Equal", wanted, places), on, off)


@rule("_onehot_encode", integers=True, runtimes=False)
def _onehot_encode(call: Call) -> str:
    wanted = call.add("Unsqueeze", call.cast(call.data, torch.int64), call.integers((1,)))
    return call.as_result(call.add("Equal", wanted, call.range(call.shape[1])))


@rule("fill_element_0index", integers=True, runtimes=False)
def _fill_element(call: Call) -> str:
    places, values = [call.add("Unsqueeze", call.array(number), call.integers((1,))) for number in (2, 1)]
    chosen = call.add("Equal", call.cast(places, torch.int64), call.range(call.shape[1]))
    return call.add("Where", chosen, values, call.data)


@rule("diag", "_linalg_extractdiag", "_linalg_makediag", integers=True, runtimes=False)
def _diag(call: Call) -> str:
    """Read a diagonal, or write one, at places in the flat matrices."""
    offset = call.attributes.get("k", call.attributes.get("offset", 0))
    shape, result = call.data.shape, call.shape
    if len(result) > len(shape):
        count, side = shape[-1], result[-1]
        places = (np.arange(count) + max(-offset, 0)) * side + np.arange(count) + max(offset, 0)
        return call.reshape(_spread(call, places, side * side), result)
    rank = len(shape)
    one, other = [axis % rank for axis in (call.attributes.get("axis1", -2), call.attributes.get("axis2", -1))]
    order = [*[axis for axis in range(rank) if axis not in (one, other)], one, other]
    rows, columns = shape[one], shape[other]
    count = min(rows + min(offset, 0), columns - max(offset, 0))
    places = (np.arange(count) + max(-offset, 0)) * columns + np.arange(count) + max(offset, 0)
    flat = call.reshape(call.transpose(call.data, order), (*[shape[axis] for axis in order[:-2]], rows * columns))
    return call.reshape(call.add("Gather", flat, call.integers(places.tolist()), axis=rank - 2), result)


def _spread(call: Call, places: np.ndarray, count: int) -> str:
    """Write the numbers along the last axis to places in rows of zeros."""
    source = np.full(count, len(places))  # a zero behind the numbers
    source[places] = np.arange(len(places))
    shape = call.data.shape
    zero = call.filled((*shape[:-1], 1), 0, call.data.type)
    longer = call.add("Concat", call.data, zero, axis=len(shape) - 1)
    return call.add("Gather", longer, call.integers(source.tolist()), axis=len(shape) - 1)


@rule("_linalg_extracttrian", runtimes=False)
def _extract_triangle(call: Call) -> str:
    shape = call.data.shape
    flat = call.reshape(call.data, (*shape[:-2], shape[-1] * shape[-1]))
    places = _triangle(shape[-1], call["offset"], call["lower"])
    return call.add("Gather", flat, call.integers(places.tolist()), axis=len(shape) - 2)


@rule("_linalg_maketrian", runtimes=False)
def _make_triangle(call: Call) -> str:
    side = call.shape[-1]
    return call.reshape(_spread(call, _triangle(side, call["offset"], call["lower"]), side * side), call.shape)


def _triangle(rows: int, offset: int, lower: bool) -> np.ndarray:
    """Return the places of a triangle in the numbers of a matrix: a lower one row by row, an upper one by columns."""
    long, short = np.tril_indices(rows, -abs(offset))
    places: np.ndarray = long * rows + short if (lower if offset == 0 else offset < 0) else short * rows + long
    return places


@rule("_ravel_multi_index", integers=True, runtimes=False)
def _ravel(call: Call) -> str:
    factors = np.cumprod([1, *call["shape"][:0:-1]])[::-1]
    rows = call.add("Mul", call.cast(call.data, torch.int64), call.document.constant(factors.reshape(-1, 1).copy()))
    return call.as_result(call.add("ReduceSum", rows, call.integers((0,)), keepdims=0))


@rule("_unravel_index", integers=True, runtimes=False)
def _unravel(call: Call) -> str:
    rest, rows = call.cast(call.data, torch.int64), list[str]()
    for length in call["shape"][:0:-1]:
        rows.append(call.add("Mod", rest, call.scalar(length), fmod=1))
        rest = call.add("Div", rest, call.scalar(length))
    rows = [call.add("Unsqueeze", row, call.integers((0,))) for row in (rest, *reversed(rows))]
    return call.as_result(call.add("Concat", *rows, axis=0))


@rule("_slice_assign", "_slice_assign_scalar", integers=True, runtimes=False)
def _slice_assign(call: Call) -> str:
    """Take each number from the new ones, behind the old, or from where it was."""
    shape = call.data.shape
    places = np.arange(prod(shape)).reshape(shape)
    steps = call["step"] or [None] * len(call["begin"])
    box = tuple([slice(*edges) for edges in zip(call["begin"], call["end"], steps, strict=True)])
    count, scalar = places[box].size, call.attributes.get("scalar")
    source = np.arange(prod(shape)).reshape(shape)
    source[box] = prod(shape) + (np.zeros(count, np.int64) if scalar is not None else np.arange(count)).reshape(
        places[box].shape
    )
    if scalar is not None:
        new = call.document.constant(np.array([scalar], NUMPY[call.type]))
    else:
        new = call.reshape(call.array(1), (count,))
    numbers = call.add("Concat", call.reshape(call.data, (prod(shape),)), new, axis=0)
    return call.add("Gather", numbers, call.document.constant(source), axis=0)


@rule("Crop", runtimes=False)
def _crop(call: Call) -> str:
    size, data = call.shape[2:], call.data
    begin = [(n - m) // 2 for n, m in zip(data.shape[2:], size, strict=True)] if call["center_crop"] else call["offset"]
    return cut(call, data, [slice(None), slice(None), *[slice(b, b + n) for b, n in zip(begin, size, strict=True)]])


def _lengths(call: Call) -> str | None:
    """Return the lengths of sequences, or None if all steps count."""
    return call.cast(call.array(1), torch.int64) if call["use_sequence_length"] else None


@rule("SequenceMask", integers=True, runtimes=False)
def _sequence_mask(call: Call) -> str:
    lengths, axis, rank = _lengths(call), call["axis"], len(call.data.shape)
    if lengths is None:
        return call.add("Identity", call.data)
    steps = call.along(call.range(call.data.shape[axis]), 2, axis)
    inside = call.add("Less", steps, call.add("Unsqueeze", lengths, call.integers((axis,))))
    if rank > 2:
        inside = call.add("Unsqueeze", inside, call.integers(range(2, rank)))
    return call.add("Where", inside, call.data, call.number(call["value"]))


@rule("SequenceLast", integers=True, runtimes=False)
def _sequence_last(call: Call) -> str:
    lengths, axis, rank = _lengths(call), call["axis"], len(call.data.shape)
    if lengths is None:
        return call.add("Gather", call.data, call.scalar(call.data.shape[axis] - 1), axis=axis)
    rows = call.data if axis == 1 else call.transpose(call.data, (1, 0, *range(2, rank)))
    place = call.add("Unsqueeze", call.add("Sub", lengths, call.scalar(1)), call.integers((1,)))
    return call.add("GatherND", rows, place, batch_dims=1)


@rule("SequenceReverse", integers=True, runtimes=False)
def _sequence_reverse(call: Call) -> str:
    lengths, rank = _lengths(call), len(call.data.shape)
    if lengths is None:
        return cut(call, call.data, [slice(None, None, -1)])
    if call["axis"] != 0:
        raise Unsupported("another axis than the first")
    steps = call.along(call.range(call.data.shape[0]), 2, 0)
    back = call.add("Sub", call.add("Sub", lengths, call.scalar(1)), steps)
    source = call.add("Where", call.add("Less", steps, lengths), back, steps)
    if rank > 2:
        source = call.add("Unsqueeze", source, call.integers(range(2, rank)))
    return call.add("GatherElements", call.data, call.add("Expand", source, call.integers(call.data.shape)), axis=0)
