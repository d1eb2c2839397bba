"""Numbers of several arrays at once: multi_sum_sq."""

from __future__ import annotations

from math import prod

import torch
from torch import Tensor

from ...core.dtype import type_name
from ...core.errors import MXNetError
from ..attrs import Positive
from ..declare import cases, operator
from ..samples import Input, refused, sample


@operator(
    "multi_sum_sq", monitored_stem="array_", variadic_by="num_arrays", types="T... -> float32", kind="other",
    from_partial=lambda shapes, attributes: [(attributes["num_arrays"],)],
    flops=lambda call: 2 * sum(map(prod, call.inputs.values())), precision="unlisted",
)  # fmt: skip
def multi_sum_sq(*data: Tensor, num_arrays: Positive) -> Tensor:
    """Sum the squares of each of several arrays.

    Parameters
    ----------
    *data : NDArray
        The arrays, of one floating-point type.
    num_arrays : int
        The number of arrays; an nd function counts them itself.

    Returns
    -------
    NDArray
        float32, with a number for each array.

    Examples
    --------
    >>> from glueball import nd
    >>> nd.multi_sum_sq(nd.array([3, 4]), nd.array([1]), num_arrays=2).asnumpy().tolist()
    [25.0, 1.0]
    """
    types = {type_name(each.dtype): each.is_floating_point() for each in data}
    if len(types) > 1 or not all(types.values()):
        raise MXNetError(f"multi_sum_sq: all arrays must have one floating-point type; received {', '.join(types)}")
    wide = [each if each.dtype is torch.float64 else each.float() for each in data]
    return torch.stack([(each * each).sum() for each in wide]).float()


cases(
    "multi_sum_sq",
    samples=lambda: [
        sample((2, 3), (4,), num_arrays=2, gradient=False),
        sample(Input((2, 3), "float16"), Input((4,), "float16"), num_arrays=2, gradient=False, rtol=1e-3),
        sample(Input((2, 3), "float64"), num_arrays=1, gradient=False),
    ],
    refusals=lambda: [
        refused("one floating-point type", (2,), Input((2,), "float64"), num_arrays=2),
        refused("one floating-point type", Input((2,), "int32"), num_arrays=1),
        refused("at least one array"),
    ],
)
