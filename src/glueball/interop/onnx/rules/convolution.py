"""Convolution and its transpose."""

from __future__ import annotations

from ....ops.nn.window import channels_first, channels_last, leaps
from ..call import Call, Unsupported, rule
from .layout import first, last


@rule("Convolution", "Convolution_v1")
def _convolution(call: Call) -> str:
    kernel, is_last = call["kernel"], channels_last(call["layout"])
    ones, zeros = (1,) * len(kernel), (0,) * len(kernel)
    stride, dilate, pad = call["stride"] or ones, call["dilate"] or ones, call["pad"] or zeros
    if leaps(kernel, stride, dilate):
        raise Unsupported("windows that lie far apart")
    bias = call.inputs[2] if len(call.inputs) > 2 else None
    result = call.add(
        "Conv", first(call, call.data, is_last), first(call, call.array(1), is_last), *[bias] * (bias is not None),
        kernel_shape=kernel, strides=stride, dilations=dilate, pads=pad + pad, group=call["num_group"],
    )  # fmt: skip
    return last(call, result, len(kernel) + 2, is_last)


@rule("Deconvolution")
def _deconvolution(call: Call) -> str:
    kernel, is_last = call["kernel"], channels_last(call["layout"])
    ones, zeros = (1,) * len(kernel), (0,) * len(kernel)
    stride, dilate = call["stride"] or ones, call["dilate"] or ones
    pad, more = call["pad"] or zeros, call["adj"] or zeros
    if leaps(kernel, stride, dilate):
        raise Unsupported("windows that lie far apart")
    if call["target_shape"]:
        lengths, wanted = channels_first(call.data.shape, is_last)[2:], channels_first(call.shape, is_last)[2:]
        full = [(n - 1) * s + (k - 1) * d + 1 for n, k, s, d in zip(lengths, kernel, stride, dilate, strict=True)]
        excess = [have - want for have, want in zip(full, wanted, strict=True)]
        pad, more = tuple([(each + 1) // 2 for each in excess]), tuple([each % 2 for each in excess])
    bias = call.inputs[2] if len(call.inputs) > 2 else None
    result = call.add(
        "ConvTranspose", first(call, call.data, is_last), first(call, call.array(1), is_last),
        *[bias] * (bias is not None), kernel_shape=kernel, strides=stride, dilations=dilate, pads=pad + pad,
        output_padding=more, group=call["num_group"],
    )  # fmt: skip
    return last(call, result, len(kernel) + 2, is_last)
