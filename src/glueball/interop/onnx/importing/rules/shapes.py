"""What moves numbers: shapes, parts, order, and arrays side by side."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from ..... import symbol as sym
from .....symbol import Symbol
from ..call import Call
from ..registry import rule
from ..values import UNKNOWN, CannotImport


@rule("Reshape")
def _reshape(call: Call) -> Any:
    shape = call.constant(1) if call.has(1) else np.asarray(call.attribute("shape"), np.int64)
    if shape is None:
        raise CannotImport("the new shape must be constant")
    call.require(not (call.attribute("allowzero", 0) and (shape == 0).any()), "lengths of 0 are not allowed")
    target: list[int] = []
    for axis, length in enumerate(shape.reshape(-1).tolist()):
        if length <= UNKNOWN + 64:  # a length that varies: it must be that of the same axis
            same = UNKNOWN - length == axis and all(each == 0 for each in target)
            length = 0 if same else -1
        target.append(length)
    call.require(target.count(-1) <= 1, "at most one length may follow from the others")
    if not target:
        target = [1]
    return sym.reshape(call.symbol(0), shape=tuple(target), name=call.name)


@rule("Flatten")
def _flatten(call: Call) -> Any:
    axis, x = call.attribute("axis", 1), call.symbol(0)
    if axis == 1:
        return sym.Flatten(x, name=call.name)
    shape = call.fixed_shape(0)
    axis = axis + len(shape) if axis < 0 else axis
    return sym.reshape(x, shape=(int(np.prod(shape[:axis])), -1), name=call.name)


@rule("Transpose")
def _transpose(call: Call) -> Any:
    axes = call.attribute("perm")
    return sym.transpose(call.symbol(0), axes=tuple(axes or ()), name=call.name)


@rule("Squeeze")
def _squeeze(call: Call) -> Any:
    axes = call.integers(1, "axes")
    return sym.squeeze(call.symbol(0), **({} if axes is None else {"axis": axes}), name=call.name)


@rule("Unsqueeze")
def _unsqueeze(call: Call) -> Any:
    axes = call.integers(1, "axes")
    result = call.symbol(0)
    rank = call.rank(0) + len(axes) if min(axes) < 0 else 0
    for axis in sorted([axis + rank if axis < 0 else axis for axis in axes]):
        result = sym.expand_dims(result, axis=axis)
    return result


@rule("Concat")
def _concat(call: Call) -> Any:
    sizes = [None if (known := call.constant(number)) is None else known.size for number in range(call.count)]
    parts = [call.symbol(number) for number, size in enumerate(sizes) if size != 0]
    return sym.concat(*parts, dim=call.attribute("axis", 1), name=call.name)


@rule("Split")
def _split(call: Call) -> Any:
    axis, count = call.attribute("axis", 0), len(call.node.outputs)
    sizes = call.integers(1, "split")
    length = call.shape(0)[axis]
    if sizes is None:
        call.require(length > 0, "the length that is split must be known")
        part = -(-length // count)
        sizes = [min(part, length - number * part) for number in range(count)]
    ends = np.cumsum([0, *sizes]).tolist()
    x = call.symbol(0)
    return [sym.slice_axis(x, axis=axis, begin=a, end=b) if a < b else _nothing(call, axis) for a, b in pairwise(ends)]


def _nothing(call: Call, axis: int) -> np.ndarray:
    """Return a part of no length, a constant, which Concat leaves out: MXNet's graphs have no such arrays."""
    shape = list(call.fixed_shape(0))
    shape[axis] = 0
    return np.zeros(shape, call.type(0) or np.float32)


@rule("Slice")
def _cut(call: Call) -> Any:
    starts, ends = call.integers(1, "starts"), call.integers(2, "ends")
    axes = call.integers(3, "axes") or tuple(range(len(starts)))
    steps = call.integers(4, "steps") or (1,) * len(starts)
    empty = _empty(call, zip(starts, ends, axes, steps, strict=True))
    if empty is not None:
        return [empty]
    result = call.symbol(0)
    for start, end, axis, step in zip(starts, ends, axes, steps, strict=True):
        result = _cut_axis(call, result, start, end, axis, step)
    return result


def _empty(call: Call, cuts: Any) -> np.ndarray | None:
    """Return a part that has no numbers, or None if there are some."""
    lengths = call.shape(0)
    for start, end, axis, step in cuts:
        if lengths[axis] and not range(*slice(start, end, step).indices(lengths[axis])):
            return _nothing(call, axis)
    return None


def _cut_axis(call: Call, x: Symbol, start: int, end: int, axis: int, step: int) -> Any:
    shape = call.shape(0)
    axis %= len(shape)
    length = shape[axis]
    if length:
        first, last, _ = slice(start, end, step).indices(length)
        begin: Any = first
        stop: Any = None if last < 0 else last
    else:
        begin, stop = start, None if end > 2**30 or end < -(2**30) else end
    if step == 1:
        return sym.slice_axis(x, axis=axis, begin=begin, end=stop)
    before = (None,) * axis
    return sym.slice(x, begin=(*before, begin), end=(*before, stop), step=(*before, step))


@rule("Gather")
def _gather(call: Call) -> Any:
    axis, x = call.attribute("axis", 0), call.symbol(0)
    indices = call.constant(1)
    if indices is not None:
        length = call.shape(0)[axis]
        if indices.shape == ():
            position = int(indices)
            call.require(position >= 0 or length > 0, "positions from the end need a known length")
            position = position + length if position < 0 else position
            return sym.squeeze(
                sym.slice_axis(x, axis=axis, begin=position, end=position + 1), axis=axis, name=call.name
            )
        if (indices < 0).any():
            call.require(length > 0, "positions from the end need a known length")
            indices = np.where(indices < 0, indices + length, indices)
        return sym.take(x, call.parameter("indices", indices.astype(np.int64)), axis=axis, mode="clip", name=call.name)
    return sym.take(x, call.symbol(1), axis=axis, mode="wrap", name=call.name)


@rule("GatherElements")
def _gather_elements(call: Call) -> Any:
    axis, shape = call.attribute("axis", 0) % call.rank(0), call.fixed_shape(1)
    index = sym.cast(call.symbol(1), dtype="int32")
    index = index + call.fixed_shape(0)[axis] * (index < 0)
    places = [call.parameter(f"places{number}", each) for number, each in enumerate(call.places(shape))]
    places[axis] = index
    return sym.gather_nd(call.symbol(0), sym.stack(*places, axis=0), name=call.name)


@rule("GatherND")
def _gather_nd(call: Call) -> Any:
    rank, batch = call.rank(1), call.attribute("batch_dims", 0)
    axes = (rank - 1, *range(rank - 1))
    places = sym.transpose(call.symbol(1), axes=axes)
    if batch:  # the places along the first axes are those of the result
        shape = call.fixed_shape(1)[:-1]
        first = call.parameter("batch", call.places(shape)[:batch])
        places = sym.concat(first, sym.cast(places, dtype="int32"), dim=0)
    return sym.gather_nd(call.symbol(0), places, name=call.name)


@rule("Expand")
def _expand(call: Call) -> Any:
    wanted, shape = call.known(1, "the new shape").reshape(-1).tolist(), call.fixed_shape(0)
    result = np.broadcast_shapes(tuple(wanted), shape)
    x = (
        sym.reshape(call.symbol(0), shape=(1,) * (len(result) - len(shape)) + shape)
        if len(result) > len(shape)
        else call.symbol(0)
    )
    return sym.broadcast_to(x, shape=result, name=call.name)


@rule("Tile")
def _tile(call: Call) -> Any:
    return sym.tile(call.symbol(0), reps=tuple(call.known(1, "the repeats").reshape(-1).tolist()), name=call.name)


@rule("Pad")
def _pad(call: Call) -> Any:
    mode: Any = call.attribute("mode", "constant")
    pads, rank = call.integers(1, "pads"), call.rank(0)
    if pads is None:
        pads = tuple(call.attribute("paddings"))
    axes = call.integers(3, "axes") or tuple(range(rank))
    value = call.number(2, "value", 0.0)
    pairs = [(0, 0)] * rank
    for number, axis in enumerate(axes):
        pairs[axis % rank] = (pads[number], pads[number + len(axes)])
    x = call.symbol(0)
    for axis, (before, behind) in enumerate(pairs):
        if min(before, behind) < 0:
            x = sym.slice_axis(x, axis=axis, begin=max(-before, 0), end=min(behind, 0) or None)
    pairs = [(max(before, 0), max(behind, 0)) for before, behind in pairs]
    if not any(map(any, pairs)):
        return sym.identity(x, name=call.name)
    if rank in (4, 5) and mode != "wrap" and not any(map(any, pairs[:2])):
        width, kind = tuple([number for pair in pairs for number in pair]), call.type(0)
        is_real = kind.startswith("float") or not kind
        x = x if is_real else sym.cast(x, dtype="float64")
        result = sym.pad(x, mode=mode, pad_width=width, constant_value=value, name=call.name)
        return result if is_real else sym.cast(result, dtype=kind)
    if mode != "constant":
        return _continued(x, pairs, mode)
    return _padded(x, pairs, call.fixed_shape(0), float(value))


def _continued(x: Symbol, pairs: list[tuple[int, int]], mode: str) -> Any:
    """Return an array with more numbers at both ends: copies of the last, others in the other order, or from afar."""
    for axis, (before, behind) in enumerate(pairs):
        parts: list[Any] = [x]
        if before:
            parts.insert(0, _copied(x, axis, mode, before, is_first=True))
        if behind:
            parts.append(_copied(x, axis, mode, behind, is_first=False))
        x = sym.concat(*parts, dim=axis) if len(parts) > 1 else x
    return x


def _copied(x: Symbol, axis: int, mode: str, count: int, is_first: bool) -> Any:
    if mode == "edge":
        last = sym.slice_axis(x, axis=axis, begin=0 if is_first else -1, end=1 if is_first else None)
        return sym.repeat(last, repeats=count, axis=axis)
    if mode == "wrap":
        return sym.slice_axis(x, axis=axis, begin=-count if is_first else 0, end=None if is_first else count)
    begin, end = (1, count + 1) if is_first else (-count - 1, -1)
    return sym.reverse(sym.slice_axis(x, axis=axis, begin=begin, end=end), axis=axis)


def _padded(x: Symbol, pairs: list[tuple[int, int]], shape: tuple[int, ...], value: float) -> Any:
    lengths = list(shape)
    for axis, (before, behind) in enumerate(pairs):
        parts = []
        for count in (before, behind):
            block = [*lengths[:axis], count, *lengths[axis + 1 :]]
            parts.append(sym.full(tuple(block), value) if count else None)
        sides = [part for part in (parts[0], x, parts[1]) if part is not None]
        x = sym.concat(*sides, dim=axis) if len(sides) > 1 else x
        lengths[axis] += before + behind
    return x


@rule("DepthToSpace")
def _depth_to_space(call: Call) -> Any:
    size = call.attribute("blocksize")
    if call.attribute("mode", "DCR") == "DCR":
        return sym.depth_to_space(call.symbol(0), block_size=size, name=call.name)
    _, channels, height, width = call.fixed_shape(0)
    x = sym.reshape(call.symbol(0), shape=(-1, channels // size**2, size, size, height, width))
    x = sym.transpose(x, axes=(0, 1, 4, 2, 5, 3))
    return sym.reshape(x, shape=(-1, channels // size**2, height * size, width * size), name=call.name)


@rule("SpaceToDepth")
def _space_to_depth(call: Call) -> Any:
    size = call.attribute("blocksize")
    if call.attribute("mode", "DCR") == "DCR":
        return sym.space_to_depth(call.symbol(0), block_size=size, name=call.name)
    _, channels, height, width = call.fixed_shape(0)
    x = sym.reshape(call.symbol(0), shape=(-1, channels, height // size, size, width // size, size))
    x = sym.transpose(x, axes=(0, 1, 3, 5, 2, 4))
    return sym.reshape(x, shape=(-1, channels * size**2, height // size, width // size), name=call.name)


@rule("OneHot")
def _one_hot(call: Call) -> Any:
    depth, (off, on) = int(call.known(1, "the depth").reshape(-1)[0]), call.known(2, "the values").tolist()
    rank, axis = call.rank(0) + 1, call.attribute("axis", -1)
    index = call.symbol(0)
    hot = sym.one_hot(index + depth * (index < 0), depth=depth, on_value=on, off_value=off)
    order = list(range(rank - 1))
    order.insert(axis % rank, rank - 1)
    return sym.transpose(hot, axes=tuple(order), name=call.name)
