"""Operators of ``image`` that move or scale pixels."""

from __future__ import annotations

import numpy as np
import torch

from ..call import Call, rule
from .shape import cut


@rule("_image_to_tensor", integers=True, runtimes=False)
def _to_tensor(call: Call) -> str:
    rank = len(call.data.shape)
    real = call.data.type if call.data.type.is_floating_point else torch.float32
    turned = call.transpose(call.cast(call.data, real), (*range(rank - 3), rank - 1, rank - 3, rank - 2))
    return call.as_result(call.add("Div", turned, call.number(255, real)))


@rule("_image_normalize", runtimes=False)
def _normalize(call: Call) -> str:
    channels = call.data.shape[-3]
    shift, scale = [
        call.cast(call.document.constant(_for_channels(call[name], channels)), call.type) for name in ("mean", "std")
    ]
    return call.add("Div", call.add("Sub", call.data, shift), scale)


def _for_channels(values: tuple[float, ...], channels: int) -> np.ndarray:
    numbers = values * channels if len(values) == 1 else values[:channels]
    return np.array(numbers, np.float64).reshape(-1, 1, 1)


@rule("_image_crop", integers=True, runtimes=False)
def _crop(call: Call) -> str:
    x, y = call["x"], call["y"]
    box = [slice(y, y + call["height"]), slice(x, x + call["width"])]
    return cut(call, call.data, [slice(None)] * (len(call.data.shape) - 3) + box)


@rule("_image_flip_left_right", integers=True, runtimes=False)
def _flip_left_right(call: Call) -> str:
    return cut(call, call.data, [slice(None)] * (len(call.data.shape) - 2) + [slice(None, None, -1)])


@rule("_image_flip_top_bottom", integers=True, runtimes=False)
def _flip_top_bottom(call: Call) -> str:
    return cut(call, call.data, [slice(None)] * (len(call.data.shape) - 3) + [slice(None, None, -1)])
