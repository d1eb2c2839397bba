"""Elements chosen by arrays of indices."""

from __future__ import annotations

import numpy as np
import torch

from ..call import Call, Unsupported, rule
from ..document import Array


def _confined(call: Call, indices: Array, length: int) -> str:
    """Return whole numbers within an axis: those outside are moved to its ends."""
    kinds = {torch.float32: np.float32, torch.int32: np.int32, torch.int64: np.int64}
    if indices.type not in kinds:
        raise Unsupported("indices of this type")
    limits = [call.document.constant(np.array(limit, kinds[indices.type])) for limit in (0, length - 1)]
    return call.add("Cast", call.add("Clip", indices, *limits), to=7)


@rule("Embedding", integers=True)
def _embedding(call: Call) -> str:
    return call.add("Gather", call.array(1), _confined(call, call.data, call["input_dim"]), axis=0)


@rule("take", integers=True)
def _take(call: Call) -> str:
    if call["mode"] != "clip":
        raise Unsupported("indices that wrap around or are refused")
    axis = call["axis"] % len(call.data.shape)
    return call.add("Gather", call.data, _confined(call, call.array(1), call.data.shape[axis]), axis=axis)


@rule("pick", integers=True)
def _pick(call: Call) -> str:
    if call["mode"] != "clip":
        raise Unsupported("indices that wrap around")
    shape = call.data.shape
    axis = call["axis"] % len(shape)
    kept = (*shape[:axis], 1, *shape[axis + 1 :])
    index = call.reshape(_confined(call, call.array(1), shape[axis]), kept)
    return call.reshape(call.add("GatherElements", call.data, index, axis=axis), call.shape)
