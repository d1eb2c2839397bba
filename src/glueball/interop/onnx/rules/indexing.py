"""Elements chosen by arrays of indices."""

from __future__ import annotations

import torch

from ..call import Call, Unsupported, rule
from ..document import Array
from ..lengths import varies


def confined(call: Call, indices: Array, length: int, mode: str = "clip") -> str:
    """Return whole numbers within an axis: those outside are moved to its ends, or wrap around."""
    if mode not in ("clip", "wrap"):
        raise Unsupported("indices that are refused")
    if mode == "wrap":
        return call.add("Mod", call.cast(indices, torch.int64), call.scalar(length))
    if varies(length) or indices.type not in (torch.float32, torch.float64, torch.int32, torch.int64):
        limits = call.scalar(0), call.scalar(length - 1)
        return call.add("Clip", call.cast(indices, torch.int64), *limits)
    bounds = [call.number(limit, indices.type) for limit in (0, length - 1)]
    return call.cast(call.add("Clip", indices, *bounds), torch.int64)


@rule("Embedding", "_contrib_SparseEmbedding", integers=True)
def _embedding(call: Call) -> str:
    return call.add("Gather", call.array(1), confined(call, call.data, call["input_dim"]), axis=0)


@rule("take", integers=True)
def _take(call: Call) -> str:
    axis = call["axis"] % len(call.data.shape)
    indices = confined(call, call.array(1), call.data.shape[axis], call["mode"])
    return call.add("Gather", call.data, indices, axis=axis)


@rule("pick", integers=True)
def _pick(call: Call) -> str:
    shape = call.data.shape
    axis = call["axis"] % len(shape)
    kept = (*shape[:axis], 1, *shape[axis + 1 :])
    index = call.reshape(confined(call, call.array(1), shape[axis], call["mode"]), kept)
    return call.reshape(call.add("GatherElements", call.data, index, axis=axis), call.shape)
