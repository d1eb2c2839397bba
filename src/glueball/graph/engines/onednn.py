"""The engine ``onednn``: prediction on the CPU with oneDNN's kernels, for which convolutions are fused and packed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod
from typing import Any

import torch
from torch import Tensor, fx

from ...ops.nn.window import channels_first, to_channels_first, to_channels_last
from ...ops.shape_rule import is_known
from ..draft import Draft
from ..fused import FusedConvolution
from ..lower import Lowered, Run
from ..matching import arguments, operator_name
from ..prediction import Prediction
from ..tuning import fastest

_SMALL = 20480  # numbers in an image up to which torch may do without oneDNN


class _OneDNN:
    shows_nodes = True

    def obstacle(self) -> str:
        """Look for oneDNN, and try torch's operators that call it, since torch does not promise to keep them."""
        if not torch.backends.mkldnn.is_available():
            return "this torch was built without oneDNN"
        try:
            works = _is_right()
        except (AttributeError, RuntimeError, TypeError):
            works = False
        return "" if works else "torch's operators for oneDNN's convolutions have changed"

    def compile(self, lowered: Lowered) -> Run:
        """Return the graph in a form for oneDNN, or as it was lowered if it has nothing for oneDNN."""
        if lowered.training or not any(operator_name(node) == "Convolution" for node in lowered.module.graph.nodes):
            return lowered.module.forward
        return Prediction(lowered, _call_kernels)


def pack(
    weight: Tensor, pad: Sequence[int], stride: Sequence[int], dilate: Sequence[int], groups: int, shape: Sequence[int]
) -> Tensor:
    """Put filters into the order in which the kernel for data of this shape reads them."""
    packed: Tensor = torch.ops.mkldnn._reorder_convolution_weight(weight, pad, stride, dilate, groups, shape)
    return packed


def _convolve() -> Callable[..., Tensor]:
    return torch.ops.mkldnn._convolution_pointwise.default


def _convolve_and_add() -> Callable[..., Tensor]:
    return torch.ops.mkldnn._convolution_pointwise.binary


def _is_right() -> bool:
    """Compare a convolution, a sum and an activation with torch's own."""
    data, weight, bias, other = torch.ones(1, 2, 4, 4), torch.ones(3, 2, 3, 3), torch.ones(3), torch.ones(1, 3, 4, 4)
    window = ((1, 1), (1, 1), (1, 1), 1)
    packed = pack(weight, *window, data.shape)
    expected = torch.conv2d(data, weight, bias, padding=1)
    alone = _convolve()(data, packed, bias, *window, "tanh", [], None)
    summed = _convolve_and_add()(data, other, packed, bias, *window, "add", 1.0, None, [], None)
    return torch.allclose(alone, expected.tanh()) and torch.allclose(summed, expected + 1)


def _call_kernels(draft: Draft) -> int:
    """Call oneDNN for the fused convolutions of float32 for which it is faster; return their number."""
    count = 0
    for node in list(draft.graph.nodes):
        call = node.target
        if not isinstance(call, FusedConvolution) or node.meta.get("type") is not torch.float32:
            continue
        data = arguments(node)[0]
        if is_known(data.meta.get("shape")) and _is_worthwhile(call, node, data):
            _call_kernel(draft, node, call)
            count += 1
    return count


def _is_worthwhile(call: FusedConvolution, node: fx.Node, data: fx.Node) -> bool:
    """Whether oneDNN is faster than torch.

    It is, but for two cases that are tried: torch computes small convolutions as plain products of matrices; and oneDNN
    has the channels last, so that an output must be converted.
    """
    shape, is_result = channels_first(data.meta["shape"], call.last), any(user.op == "output" for user in node.users)
    is_large = shape[0] > 1 or call.groups > 1 or prod(shape) > _SMALL
    if is_large and not is_result:
        return True
    image, weight = torch.ones(shape), torch.ones(call.filters)
    if data.op != "placeholder":  # the result of another convolution
        image = image.contiguous(memory_format=torch.channels_last)
    window = (call.pad, call.stride, call.dilate, call.groups)
    packed, bare = pack(weight, *window, shape), (call.stride, call.pad, call.dilate, False, (0, 0), call.groups)

    def finished(result: Tensor) -> Tensor:
        return result.contiguous() if is_result and not call.last else result

    key = ("Convolution", shape, call.filters, window, image.stride(), is_result, call.last)
    return not fastest(key, [
        lambda: finished(_convolve()(image, packed, None, *window, "none", [], None)),
        lambda: finished(torch.convolution(image, weight, None, *bare)),
    ])  # fmt: skip


def _call_kernel(draft: Draft, node: fx.Node, call: FusedConvolution) -> None:
    data, weight, bias, other = arguments(node)
    shape = channels_first(data.meta["shape"], call.last)
    if call.last:
        data = draft.insert(node, to_channels_first, data)
        other = None if other is None else draft.insert(node, to_channels_first, other)
    window = (call.pad, call.stride, call.dilate, call.groups)
    packed = draft.insert(node, pack, weight, *window, shape)
    after = call.activation
    name = after.name if after else ""
    if other is None:
        result = draft.insert(node, _convolve(), data, packed, bias, *window, name or "none", [], None)
    else:
        given: tuple[Any, ...] = (data, other, packed, bias, *window, "add", 1.0, name or None, [], None)
        result = draft.insert(node, _convolve_and_add(), *given)
    if after and not name:
        result = draft.insert(node, after.function, result, *after.arguments)
    if call.last:
        result = draft.insert(node, to_channels_last, result)
    draft.substitute(node, result)


ENGINE = _OneDNN()
