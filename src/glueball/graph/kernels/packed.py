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


def types() -> tuple[torch.dtype, ...]:
    """Return the types for which oneDNN has fast kernels on this CPU."""
    has_bfloat16 = torch.ops.mkldnn._is_mkldnn_bf16_supported()
    return (torch.float32, torch.bfloat16) if has_bfloat16 else (torch.float32,)


def way(call: FusedConvolution, shape: Sequence[int], kind: torch.dtype) -> Way:
    """Return the way to compute a fused convolution for data of this shape and type by oneDNN."""
    computed = call.computed(kind)
    pack, run = Pack(call, shape, computed), Packed(call)
    memory = computed.itemsize * prod(call.filters)
    return Way(
        "oneDNN",
        memory,
        pack,
        lambda: pack(torch.ones(call.filters)),
        run if computed is kind else Converted(run, computed),
    )


class Pack:
    """Puts filters into the order for data of one shape.

    Parameters
    ----------
    call : FusedConvolution
        The convolution.
    shape : sequence of int
        The shape of the data, channels first.
    kind : torch.dtype
        The type in which it is computed.
    """

    __name__ = "pack"

    def __init__(self, call: FusedConvolution, shape: Sequence[int], kind: torch.dtype) -> None:
        self._how, self._kind = (call.pad, call.stride, call.dilate, call.groups, shape), kind

    def __call__(self, weight: Tensor) -> Tensor:
        """Return the filters in that order."""
        packed: Tensor = torch.ops.mkldnn._reorder_convolution_weight(weight.to(self._kind), *self._how)
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
        after = self._after = call.activation
        self._name, self._scalars = (after.name or "none", list(after.scalars)) if after else ("none", [])
        self._is_complete = after is None or after.name != ""
        overloads = torch.ops.mkldnn._convolution_pointwise
        # Without torch's own Python around an operator, which takes as long as the call of this object.
        self._convolve, self._convolve_and_add = overloads.default._op, overloads.binary._op

    def __call__(self, data: Tensor, filters: Tensor, bias: Tensor | None, other: Tensor | None = None) -> Tensor:
        """Compute it."""
        result: Tensor
        if other is None:
            result = self._convolve(data, filters, bias, *self._window, self._name, self._scalars, "none")
            if self._is_complete:
                return result
        else:  # behind a sum oneDNN has no function but its relu
            result = self._convolve_and_add(data, other, filters, bias, *self._window, "add", 1.0, None, [], None)
        after = self._after
        return result if after is None else after.function(result, *after.arguments)


class Converted:
    """A fused convolution that is computed in another type than that of its data.

    Parameters
    ----------
    run : callable
        The convolution.
    kind : torch.dtype
        The type.
    """

    __name__ = "converted_convolution"

    def __init__(self, run: Packed, kind: torch.dtype) -> None:
        self._run, self._kind = run, kind

    def __call__(self, data: Tensor, filters: Tensor, bias: Tensor | None, other: Tensor | None = None) -> Tensor:
        """Compute it; the filters have the other type already."""
        kind = self._kind
        bias, other = [None if each is None else each.to(kind) for each in (bias, other)]
        return self._run(data.to(kind), filters, bias, other).to(data.dtype)


def is_right() -> bool:
    """Compare a convolution, a sum and an activation with torch's own."""
    data, weight, bias, other = torch.ones(1, 2, 4, 4), torch.ones(3, 2, 3, 3), torch.ones(3), torch.ones(1, 3, 4, 4)
    ones = (1, 1)
    plain = FusedConvolution(filters=(3, 2, 3, 3), stride=ones, pad=ones, dilate=ones, groups=1, last=False)
    expected, filters = torch.conv2d(data, weight, bias, padding=1), Pack(plain, data.shape, data.dtype)(weight)
    alone = Packed(plain.then(Activation("tanh", torch.tanh_)))(data, filters, bias)
    summed = Packed(plain)(data, filters, bias, other)
    return torch.allclose(alone, expected.tanh()) and torch.allclose(summed, expected + 1)
