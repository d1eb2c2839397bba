"""The order of axes: ONNX has the channels first."""

from __future__ import annotations

from ..call import Call
from ..document import Array


def first(call: Call, data: Array, is_last: bool) -> Array | str:
    """Return an array with its channels first."""
    rank = len(data.shape)
    return call.transpose(data, (0, rank - 1, *range(1, rank - 1))) if is_last else data


def last(call: Call, result: str, rank: int, is_last: bool) -> str:
    """Return a result with its channels where the data had them."""
    return call.transpose(result, (0, *range(2, rank), 1)) if is_last else result
