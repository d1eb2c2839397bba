"""Layers with weights: convolutions, products, embeddings."""

from __future__ import annotations

from .....ops.nn.window import channels_last
from ..call import Call, Unsupported, arguments, rule, sizes


@rule("Convolution")
def _convolution(call: Call) -> str:
    return _windowed(call, "nn.Conv", {})


@rule("Deconvolution")
def _deconvolution(call: Call) -> str:
    if call["target_shape"]:
        raise Unsupported("target_shape")
    more = call["adj"] or (0,) * len(call["kernel"])
    return _windowed(call, "nn.ConvTranspose", {"output_padding": (sizes(more), 0)})


def _windowed(call: Call, kind: str, more: dict[str, tuple[str, int]]) -> str:
    kernel, channels = call["kernel"], call.data.shape[1]
    if channels_last(call["layout"]):
        raise Unsupported(f"layout {call['layout']}")
    ones, zeros = (1,) * len(kernel), (0,) * len(kernel)
    has_bias = call.has(2)
    text = arguments(
        str(channels), str(call["num_filter"]), sizes(kernel), stride=(sizes(call["stride"] or ones), 1),
        padding=(sizes(call["pad"] or zeros), 0), **more, dilation=(sizes(call["dilate"] or ones), 1),
        groups=(call["num_group"], 1), bias=(has_bias, True),
    )  # fmt: skip
    layer = call.layer(f"{kind}{len(kernel)}d({text})", {"weight": 1, "bias": 2} if has_bias else {"weight": 1})
    return f"{layer}({call.x})"


@rule("FullyConnected")
def _fully_connected(call: Call) -> str:
    shape, x = call.data.shape, call.x
    has_bias = call.has(2)
    if call["flatten"] and len(shape) != 2:
        x = f"{x}.flatten(1)" if len(shape) > 1 else f"{x}.unsqueeze(1)"
    units = call.input(1).shape[1]
    text = arguments(str(units), str(call["num_hidden"]), bias=(has_bias, True))
    return f"{call.layer(f'nn.Linear({text})', {'weight': 1, 'bias': 2} if has_bias else {'weight': 1})}({x})"


@rule("Embedding", integers=True)
def _embedding(call: Call) -> str:
    layer = call.layer(f"nn.Embedding({call['input_dim']}, {call['output_dim']})", {"weight": 1})
    return f"{layer}({call.x}.long().clamp(0, {call['input_dim'] - 1}))"


@rule("dot")
def _dot(call: Call) -> str:
    left, right = call.given
    if len(left.shape) != 2 or len(right.shape) != 2:
        raise Unsupported("of arrays that are no matrices")
    return f"{_turned(left.text(), call['transpose_a'])} @ {_turned(right.text(), call['transpose_b'])}"


@rule("batch_dot")
def _batch_dot(call: Call) -> str:
    left, right = call.given
    return f"{_turned(left.text(), call['transpose_a'])} @ {_turned(right.text(), call['transpose_b'])}"


def _turned(text: str, transposed: bool) -> str:
    return f"{text}.transpose(-2, -1)" if transposed else text
