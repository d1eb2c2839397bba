"""LRN, which scales by neighboring channels."""

from __future__ import annotations

from math import prod
from typing import Annotated

import torch
import torch.nn.functional as F
from torch import Tensor

from ...core.errors import MXNetError
from ..attrs import AtLeast
from ..checks import not_float
from ..declare import cases, operator
from ..flops import Call
from ..samples import Input, refused, sample


def _flops(call: Call) -> int:
    # The squares of `nsize` channels and their sum; then two products or sums with constants, a power and a division.
    channels: int = call.attributes["nsize"]
    return (2 * channels + 3) * prod(call.output)


@operator(
    "LRN",
    from_partial="nothing",
    output_names=("output",),
    hidden_outputs=1,
    kind="norm",
    flops=_flops,
    precision=("single", "any"),
)
def lrn(
    data: Tensor,
    *,
    alpha: float = 1e-4,
    beta: float = 0.75,
    knorm: float = 2.0,
    nsize: Annotated[int, AtLeast(1)],
) -> Tensor:
    """Divide each number by (knorm + alpha / nsize (sum of squares of the `nsize` channels around it)) ^ beta.

    Parameters
    ----------
    data : NDArray
        (N, C, H, W). MXNet's CPU build takes float32 only; here every floating-point type works.
    alpha : float, default 0.0001
        The weight of the neighbors.
    beta : float, default 0.75
        The exponent.
    knorm : float, default 2
        Added to the sum.
    nsize : int
        The number of channels summed, centered on the number's own; odd.
    """
    if data.dim() != 4:
        raise MXNetError(f"LRN: data must have 4 dimensions; received shape {tuple(data.shape)}")
    if not data.is_floating_point():
        raise not_float("LRN", data)
    if nsize % 2 == 0:
        raise MXNetError(f"LRN: nsize must be odd; received {nsize}")
    kind = torch.float32 if data.dtype in (torch.float16, torch.bfloat16) else data.dtype  # torch has no 16-bit form
    return F.local_response_norm(data.to(kind), nsize, alpha, beta, knorm).to(data.dtype)


cases(
    "LRN",
    samples=lambda: [
        sample((2, 5, 3, 4), nsize=3),
        sample((2, 7, 3, 4), nsize=5, alpha=0.5, beta=0.6, knorm=1.5),
        sample((2, 3, 2, 2), nsize=7, alpha=1, beta=1, knorm=1),
        sample(Input((1, 4, 2, 2), "float64"), nsize=1, judge="numpy"),
    ],
    refusals=lambda: [
        refused("data must have 4 dimensions", (2, 3, 4), nsize=3),
        refused("nsize must be odd", (2, 3, 4, 4), nsize=2),
        refused("nsize must be an int of at least 1", (2, 3, 4, 4), nsize=0),
        refused("floating-point", Input((2, 3, 4, 4), "int32"), nsize=3),
    ],
)
