"""Pooling, where torch has the same windows."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from .....ops.nn.window import channels_last
from ..call import Call, Unsupported, arguments, rule, sizes


@rule("Pooling")
def _pooling(call: Call) -> str:
    kind, rank = call["pool_type"], len(call.data.shape) - 2
    if channels_last(call["layout"]):
        raise Unsupported(f"layout {call['layout']}")
    if call["pooling_convention"] == "same":
        raise Unsupported("pooling_convention same")
    if kind not in ("max", "avg", "sum"):
        raise Unsupported(f"pool_type {kind}")
    if call["global_pool"]:
        axes = tuple(range(2, rank + 2))
        if kind == "sum":
            return f"{call.x}.sum({axes}, keepdim=True)"
        return f"F.adaptive_{kind}_pool{rank}d({call.x}, 1)"
    kernel, stride = call["kernel"], call["stride"] or (1,) * rank
    pad = call["pad"] or (0,) * rank
    is_ceil = call["pooling_convention"] == "full"
    _check(call, kernel, stride, pad, is_ceil)
    more: dict[str, tuple[object, object]] = {}
    if kind == "avg":
        is_counted = call["count_include_pad"] is not False or not any(pad)
        more = {"count_include_pad": (is_counted, True)}
    text = arguments(
        call.x, sizes(kernel), stride=(sizes(stride), sizes(kernel)), padding=(sizes(pad), 0),
        ceil_mode=(is_ceil, False), **more,
    )  # fmt: skip
    if kind == "sum":
        if rank == 1:
            return f"F.avg_pool1d({text}) * {prod(kernel)}"
        return f"F.avg_pool{rank}d({text}, divisor_override=1)"
    return f"F.{kind}_pool{rank}d({text})"


def _check(call: Call, kernel: Sequence[int], stride: Sequence[int], pad: Sequence[int], is_ceil: bool) -> None:
    """Refuse windows that torch does not lay out as MXNet does."""
    if any(2 * p > k for p, k in zip(pad, kernel, strict=True)):
        raise Unsupported("padding of more than half a window")
    if len(kernel) == 3 and any(k > length for k, length in zip(kernel, call.data.shape[2:], strict=True)):
        raise Unsupported("windows larger than the data")
    axes = zip(call.data.shape[2:], kernel, stride, pad, call.shape[2:], strict=True)
    for length, k, s, p, count in axes:
        whole, rest = divmod(length + 2 * p - k, s)
        torch_has = whole + 1 + (is_ceil and rest > 0)
        if is_ceil and (torch_has - 1) * s >= length + p:
            torch_has -= 1
        if torch_has != count:
            raise Unsupported("windows that begin behind the data")
        if is_ceil and rest and call["pool_type"] == "sum" and len(kernel) == 1:
            raise Unsupported("sums of windows that are cut off")


@rule("_contrib_AdaptiveAvgPooling2D")
def _adaptive_pooling(call: Call) -> str:
    return f"F.adaptive_avg_pool2d({call.x}, {sizes(call.shape[2:])})"


@rule("UpSampling")
def _upsampling(call: Call) -> str:
    if call["sample_type"] != "nearest" or len(call.given) > 1:
        raise Unsupported("bilinear, or of several images")
    return f'F.interpolate({call.x}, scale_factor={call["scale"]}, mode="nearest")'


@rule("_contrib_BilinearResize2D")
def _bilinear_resize(call: Call) -> str:
    if not call["align_corners"] or call.has(1):
        raise Unsupported("align_corners=False, or the size of another array")
    return f'F.interpolate({call.x}, size={call.shape[2:]}, mode="bilinear", align_corners=True)'
