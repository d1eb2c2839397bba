"""UpSampling: images enlarged by an integer factor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any, Literal

import torch
import torch.nn.functional as F
from torch import Tensor

from ...core.errors import MXNetError
from ..attrs import Positive
from ..captions import TIMES
from ..checks import check_image
from ..declare import cases, operator
from ..flops import Call
from ..samples import Input, refused, sample
from ..shape_rule import UNKNOWN, PartialShape


def _weight_shape(shapes: Sequence[PartialShape], attributes: Mapping[str, Any]) -> Sequence[PartialShape]:
    if attributes["sample_type"] != "bilinear" or len(shapes) != 2:
        return shapes
    kernel = _bilinear_kernel(attributes["scale"])
    return [shapes[0], (attributes["num_filter"], 1, kernel, kernel)]


def _enlarged_shape(shapes: Sequence[PartialShape], attributes: Mapping[str, Any]) -> Sequence[PartialShape] | None:
    """Return what follows from the first image and all channels; as in MXNet, nothing where there is a weight."""
    known = [shape for shape in shapes if shape is not None and len(shape) == 4]
    if attributes["sample_type"] == "bilinear" or len(known) < len(shapes):
        return None
    batch, channels, *size = known[0]
    if attributes["multi_input_mode"] == "concat":
        every = [shape[1] for shape in known]
        channels = UNKNOWN if UNKNOWN in every else sum(every)
    scale = attributes["scale"]
    return [(batch, channels, *[length if length == UNKNOWN else scale * length for length in size])]


def _bilinear_kernel(scale: int) -> int:
    """Return the length of the kernel that spreads a pixel over `scale` pixels."""
    return 2 * scale - scale % 2


def _flops(call: Call) -> int:
    first, *others = call.inputs.values()
    if call.attributes["sample_type"] == "bilinear":
        # Each pixel is multiplied into all outputs that its channel's kernel reaches, and added there.
        return 2 * prod(first) * prod(others[0][2:])
    return len(others) * prod(call.output) if call.attributes["multi_input_mode"] == "sum" else 0


@operator(
    "UpSampling",
    variadic_by="num_args",
    initializers={"arg1": '["bilinear", {}]'},
    infer_inputs=_weight_shape,
    from_partial=_enlarged_shape,
    from_outputs="nothing",
    kind="pooling",
    flops=_flops,
    caption=f"{TIMES} {{scale}}",
    output_names=("output",),
)
def upsampling(
    *data: Tensor,
    scale: Positive,
    num_filter: int = 0,
    sample_type: Literal["nearest", "bilinear"],
    multi_input_mode: Literal["concat", "sum"] = "concat",
    num_args: Positive,
    workspace: int = 512,
) -> Tensor:
    """Enlarge images.

    Parameters
    ----------
    *data : NDArray
        For 'nearest' one array (N, C, H, W) or several, which are enlarged to one size. For 'bilinear' the image and a
        weight of shape (num_filter, 1, k, k) with k = 2 scale - scale % 2, which `glueball.init.Bilinear` fills.
    scale : int
        The factor by which the first array is enlarged.
    num_filter : int, default 0
        For 'bilinear': the number of channels C.
    sample_type : {'nearest', 'bilinear'}
        Repeat each pixel, or spread it with the weight.
    multi_input_mode : {'concat', 'sum'}, default 'concat'
        For 'nearest': concatenate the channels of several arrays, or add the arrays.
    num_args : int
        The number of arrays; an nd function counts them itself.
    workspace
        A hint on how to compute, which never changes the result; torch decides itself.

    Returns
    -------
    NDArray
        (N, channels, scale H, scale W).
    """
    for array in data:
        check_image("UpSampling", array)
    if sample_type == "bilinear":
        return _spread(data, scale, num_filter)
    height, width = data[0].shape[2] * scale, data[0].shape[3] * scale
    enlarged = []
    for array in data:
        times = height // array.shape[2]
        if array.shape[2] * times != height or array.shape[3] * times != width:
            raise MXNetError(
                f"UpSampling: arrays must have sizes that divide that of the result, {(height, width)}, by one factor; "
                f"received {tuple(array.shape[2:])}"
            )
        enlarged.append(array.repeat_interleave(times, 2).repeat_interleave(times, 3))
    if multi_input_mode == "concat":
        return torch.cat(enlarged, 1)
    if len({array.shape[:2] for array in data}) > 1:
        raise MXNetError(
            "UpSampling: arrays must have the same number of channels for multi_input_mode='sum'; "
            f"received {', '.join(str(tuple(array.shape)) for array in data)}"
        )
    return torch.stack(enlarged).sum(0)


cases(
    "UpSampling",
    samples=lambda: [
        sample((2, 3, 4, 5), scale=2, sample_type="nearest"),
        sample((1, 2, 2, 2), (1, 3, 1, 1), (1, 1, 4, 4), scale=2, sample_type="nearest"),
        sample((1, 2, 2, 2), (1, 2, 1, 1), scale=3, sample_type="nearest", multi_input_mode="sum"),
        sample((1, 2, 3, 3), (2, 1, 4, 4), scale=2, sample_type="bilinear", num_filter=2),
        sample((1, 2, 3, 4), (2, 1, 5, 5), scale=3, sample_type="bilinear", num_filter=2),
    ],
    refusals=lambda: [
        refused("data must have 4 dimensions", (2, 3, 4), scale=2, sample_type="nearest"),
        refused("sizes that divide", (1, 2, 2, 2), (1, 2, 3, 3), scale=2, sample_type="nearest"),
        refused("sizes that divide", (1, 2, 2, 2), (1, 2, 3, 4), scale=2, sample_type="nearest"),
        refused("sizes that divide", (1, 2, 2, 2), (1, 2, 2, 3), scale=2, sample_type="nearest"),
        refused("floating-point", Input((1, 2, 2, 2), "int32"), scale=2, sample_type="nearest"),
        refused("the same number of channels", (1, 2, 2, 2), (1, 3, 1, 1), scale=2, sample_type="nearest",
                multi_input_mode="sum"),
        refused("takes the data and a weight", (1, 2, 2, 2), scale=2, sample_type="bilinear", num_filter=2),
        refused("weight must have shape", (1, 2, 2, 2), (2, 1, 3, 3), scale=2, sample_type="bilinear", num_filter=2),
        refused("num_filter must be the number of channels", (1, 2, 2, 2), (3, 1, 4, 4), scale=2,
                sample_type="bilinear", num_filter=3),
        refused("scale must be an int of at least 1", (1, 2, 2, 2), scale=0, sample_type="nearest"),
    ],
)  # fmt: skip


def _spread(data: tuple[Tensor, ...], scale: int, channels: int) -> Tensor:
    """Enlarge with a depthwise transposed convolution."""
    if len(data) != 2:
        raise MXNetError(
            f"UpSampling: sample_type='bilinear' takes the data and a weight; received {len(data)} arrays; "
            "make the weight with glueball.init.Bilinear"
        )
    image, weight = data
    kernel = _bilinear_kernel(scale)
    if channels != image.shape[1]:
        raise MXNetError(
            f"UpSampling: num_filter must be the number of channels, {image.shape[1]}; received {channels}"
        )
    if tuple(weight.shape) != (channels, 1, kernel, kernel):
        raise MXNetError(
            f"UpSampling: weight must have shape {(channels, 1, kernel, kernel)}; received {tuple(weight.shape)}"
        )
    return F.conv_transpose2d(image, weight, None, scale, scale // 2, 0, channels)
