"""Changes of shape and of the order of elements, and plain copies. Shapes are known, so that only they are written."""

from __future__ import annotations

from math import prod

import numpy as np

from ....ops.axes import one_axis
from ..call import Call, Unsupported, rule
from ..document import Array
from ..lengths import varies

#: Numbers in front of and behind every array.
_BEFORE, _BEHIND = np.iinfo(np.int32).min, np.iinfo(np.int32).max


@rule(
    "_copy", "BlockGrad", "make_loss", "MakeLoss", "_contrib_gradientmultiplier", "_identity_with_attr_like_rhs",
    "IdentityAttachKLSparseReg", "_copyto", "_CrossDeviceCopy", "cast_storage", integers=True,
)  # fmt: skip
def _identity(call: Call) -> str:
    return call.add("Identity", call.data)


@rule("Dropout")
def _dropout(call: Call) -> str:
    if call["mode"] == "always":
        raise Unsupported("random numbers")
    return call.add("Identity", call.data)


@rule("Reshape", "Flatten", "reshape_like", "expand_dims", "squeeze", integers=True)
def _reshape(call: Call) -> str:
    if prod(call.shape) == prod(call.data.shape):
        return call.reshape(call.data, call.shape)
    flat = call.reshape(call.data, (prod(call.data.shape),))  # of a shape for fewer elements, these are the first
    first = call.add("Slice", flat, *[call.integers((number,)) for number in (0, prod(call.shape), 0)])
    return call.reshape(first, call.shape)


@rule("transpose", integers=True)
def _transpose(call: Call) -> str:
    rank = len(call.data.shape)
    return call.transpose(call.data, [axis % rank for axis in call["axes"] or range(rank - 1, -1, -1)])


@rule("SwapAxis", integers=True)
def _swap_axis(call: Call) -> str:
    axes = list(range(len(call.data.shape)))
    one, other = call["dim1"], call["dim2"]
    axes[one], axes[other] = axes[other], axes[one]
    return call.transpose(call.data, axes)


@rule("reverse", integers=True)
def _reverse(call: Call) -> str:
    if not call["axis"]:
        return call.add("Identity", call.data)
    parts = [slice(None, None, -1) if axis else slice(None) for axis in _marked(call)]
    return cut(call, call.data, parts)


def _marked(call: Call) -> list[bool]:
    rank = len(call.data.shape)
    named = {axis % rank for axis in call["axis"]}
    return [number in named for number in range(rank)]


def cut(call: Call, data: Array, parts: list[slice]) -> str:
    """Add a slice with a part for each of the first axes."""
    edges = [
        (axis, *(_as_given(part) if varies(length) else _counted(part, length)))
        for axis, (part, length) in enumerate(zip(parts, data.shape, strict=False))
        if not (varies(length) and part == slice(None))
    ]
    if not edges:
        return call.add("Identity", data)
    axes, starts, stops, steps = zip(*edges, strict=True)
    return call.add("Slice", data, *[call.integers(numbers) for numbers in (starts, stops, axes, steps)])


def _counted(part: slice, length: int) -> tuple[int, int, int]:
    """Return start, stop and step within a length."""
    span = range(*part.indices(length))
    # Backwards to the beginning: ONNX counts other negative numbers from the end.
    return span.start, span.stop if span.stop >= 0 else _BEFORE, span.step


def _as_given(part: slice) -> tuple[int, int, int]:
    """Return start, stop and step for a length that varies: ONNX counts negative numbers from the end, too."""
    step = 1 if part.step is None else part.step
    first, last = (0, _BEHIND) if step > 0 else (_BEHIND, _BEFORE)
    return first if part.start is None else part.start, last if part.stop is None else part.stop, step


@rule("slice", integers=True)
def _slice(call: Call) -> str:
    begin, end = call["begin"], call["end"]
    if not begin:
        return call.add("Identity", call.data)
    return cut(
        call, call.data, [slice(*edges) for edges in zip(begin, end, call["step"] or [None] * len(begin), strict=True)]
    )


@rule("slice_axis", integers=True)
def _slice_axis(call: Call) -> str:
    axis = one_axis("slice_axis", call["axis"], len(call.data.shape))
    return cut(call, call.data, [slice(None)] * axis + [slice(call["begin"], call["end"])])


@rule("slice_like", integers=True)
def _slice_like(call: Call) -> str:
    return cut(call, call.data, [slice(0, length) for length in call.shape])


@rule("broadcast_to", "broadcast_axis", "broadcast_like", integers=True)
def _expand(call: Call) -> str:
    return call.add("Expand", call.data, call.integers(call.shape))


@rule("tile", integers=True)
def _tile(call: Call) -> str:
    data, reps = call.data, call["reps"]
    rank = max(len(reps), len(data.shape))
    shape = (*[1] * (rank - len(data.shape)), *data.shape)
    times = (*[1] * (rank - len(reps)), *reps)
    wide = data if rank == len(data.shape) else call.reshape(data, shape)
    return call.add("Tile", wide, call.integers(times))


@rule("repeat", integers=True)
def _repeat(call: Call) -> str:
    shape, axis = call.data.shape, call["axis"]
    shape, axis = ((prod(shape),), 0) if axis is None else (shape, axis % len(shape))
    apart = (*shape[: axis + 1], 1, *shape[axis + 1 :])
    many = (*shape[: axis + 1], call["repeats"], *shape[axis + 1 :])
    return call.reshape(call.add("Expand", call.reshape(call.data, apart), call.integers(many)), call.shape)


@rule("depth_to_space")
def _depth_to_space(call: Call) -> str:
    return call.add("DepthToSpace", call.data, blocksize=call["block_size"], mode="DCR")


@rule("space_to_depth")
def _space_to_depth(call: Call) -> str:
    return call.add("SpaceToDepth", call.data, blocksize=call["block_size"])


@rule("Pad")
def _pad(call: Call) -> str:
    widths, mode = call["pad_width"], call["mode"]
    value = [call.number(call["constant_value"])] if mode == "constant" else []
    return call.add("Pad", call.data, call.integers((*widths[::2], *widths[1::2])), *value, mode=mode)
