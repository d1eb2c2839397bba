"""Joining arrays and splitting them."""

from __future__ import annotations

from collections.abc import Sequence

from ....ops.tensor.join import begins_of_parts
from ..call import Call, Unsupported, rule


@rule("Concat", "_rnn_param_concat", integers=True)
def _concat(call: Call) -> str:
    return call.add("Concat", *call.arrays, axis=call["dim"] % len(call.data.shape))


@rule("stack", integers=True)
def _stack(call: Call) -> str:
    axis = call["axis"] % len(call.shape)
    places = call.integers((axis,))
    return call.add("Concat", *[call.add("Unsqueeze", each, places) for each in call.arrays], axis=axis)


@rule("SliceChannel", integers=True)
def _slice_channel(call: Call) -> tuple[str, ...]:
    axis, count = call["axis"] % len(call.data.shape), call["num_outputs"]
    return _split(call, axis, [call.data.shape[axis] // count] * count)


@rule("_split_v2", integers=True)
def _split_v2(call: Call) -> tuple[str, ...]:
    axis = call["axis"] % len(call.data.shape)
    length = call.data.shape[axis]
    begins = begins_of_parts(length.__index__(), call["sections"], call["indices"])
    return _split(call, axis, [end - begin for begin, end in zip(begins, (*begins[1:], length), strict=True)])


def _split(call: Call, axis: int, lengths: Sequence[int]) -> tuple[str, ...]:
    if 0 in lengths:
        raise Unsupported("empty parts")
    if len(lengths) == 1:
        parts: tuple[str, ...] = (call.add("Identity", call.data),)
    else:
        given = (call.data, call.integers(lengths))
        parts = call.document.add("Split", given, len(lengths), {"axis": axis})
    if call["squeeze_axis"]:
        parts = tuple([call.add("Squeeze", part, call.integers((axis,))) for part in parts])
    return parts
