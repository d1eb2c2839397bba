"""Convolutions by oneDNN, with filters in the order in which its kernel for data of one shape reads them.

torch does not promise to keep the operators that are called here.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import torch
from torch import Tensor

from ..fused import Activation, FusedConvolution
from .way import Way


def way(call: FusedConvolution, shape: Sequence[int]) -> Way:
    """Return the way to compute a fused convolution for data of this shape by oneDNN."""
    pack = Pack(call, shape)
    return Way("oneDNN", 4 * prod(call.filters), pack, lambda: pack(torch.ones(call.filters)), Packed(call))


class Pack:
    """Puts filters into the order for data of one shape.

    Parameters
    ----------
    call : FusedConvolution
        The convolution.
    shape : sequence of int
        The shape of the data, channels first.
    """

    __name__ = "pack"

    def __init__(self, call: FusedConvolution, shape: Sequence[int]) -> None:
        self._how = (call.pad, call.stride, call.dilate, call.groups, shape)

    def __call__(self, weight: Tensor) -> Tensor:
        """Return the filters in that order."""
        packed: Tensor = torch.ops.mkldnn._reorder_convolution_weight(weight, *self._how)
        return packed


class Packed:
    """A fused convolution with packed filters.

    Parameters
    ----------
    call : FusedConvolution
        The convolution.
    """

    __name__ = "packed_convolution"
    kernel = "oneDNN packed convolution"

    def __init__(self, call: FusedConvolution) -> None:
        self._window = (call.pad, call.stride, call.dilate, call.groups)
        after = call.activation
        self._name = after.name if after else ""
        self._after = None if self._name else after
        overloads = torch.ops.mkldnn._convolution_pointwise
        # Without torch's own Python around an operator, which takes as long as the call of this object.
        self._convolve, self._convolve_and_add = overloads.default._op, overloads.binary._op

    def __call__(self, data: Tensor, filters: Tensor, bias: Tensor | None, other: Tensor | None = None) -> Tensor:
        """Compute it."""
        result: Tensor
        if other is None:
            result = self._convolve(data, filters, bias, *self._window, self._name or "none", [], None)
        else:
            result = self._convolve_and_add(
                data, other, filters, bias, *self._window, "add", 1.0, self._name or None, [], None
            )
        after = self._after
        return result if after is None else after.function(result, *after.arguments)


def is_right() -> bool:
    """Compare a convolution, a sum and an activation with torch's own."""
    data, weight, bias, other = torch.ones(1, 2, 4, 4), torch.ones(3, 2, 3, 3), torch.ones(3), torch.ones(1, 3, 4, 4)
    ones = (1, 1)
    plain = FusedConvolution(filters=(3, 2, 3, 3), stride=ones, pad=ones, dilate=ones, groups=1, last=False)
    expected, filters = torch.conv2d(data, weight, bias, padding=1), Pack(plain, data.shape)(weight)
    alone = Packed(plain.then(Activation("tanh", torch.tanh_)))(data, filters, bias)
    summed = Packed(plain)(data, filters, bias, other)
    return torch.allclose(alone, expected.tanh()) and torch.allclose(summed, expected + 1)
