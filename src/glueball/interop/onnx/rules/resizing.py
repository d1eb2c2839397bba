"""Images of another size."""

from __future__ import annotations

import numpy as np

from ..call import Call, rule
from ..document import Array
from ..lengths import varies


@rule("UpSampling")
def _upsampling(call: Call) -> str:
    if call["sample_type"] == "bilinear":
        return _spread(call)
    height = call.data.shape[2] * call["scale"]
    enlarged = [_enlarged(call, array, height // array.shape[2]) for array in call.arrays]
    if len(enlarged) == 1:
        return enlarged[0]
    if call["multi_input_mode"] == "sum":
        return call.add("Sum", *enlarged)
    return call.add("Concat", *enlarged, axis=1)


def _enlarged(call: Call, image: Array, times: int) -> str:
    """Repeat each pixel."""
    sizes: tuple[Array | str | None, ...] = (None, call.document.constant(np.array((1, 1, times, times), np.float32)))
    if not any(map(varies, image.shape)):
        n, c, h, w = image.shape
        sizes = (None, None, call.integers((n, c, h * times, w * times)))
    return call.add(
        "Resize", image, *sizes,
        mode="nearest", coordinate_transformation_mode="asymmetric", nearest_mode="floor",
    )  # fmt: skip


def _spread(call: Call) -> str:
    scale, weight = call["scale"], call.array(1)
    pad = (scale // 2, scale // 2)
    return call.add(
        "ConvTranspose", call.data, weight, kernel_shape=weight.shape[2:], strides=(scale, scale), pads=pad + pad,
        group=call["num_filter"],
    )  # fmt: skip
