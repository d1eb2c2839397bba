"""count_sketch: random projections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from ...core.errors import MXNetError
from ..attrs import Positive
from ..checks import one_type, same_float
from ..declare import cases, operator
from ..gradient import with_zeros_for
from ..samples import Input, exactly, refused, sample
from ..shape_rule import PartialShape, is_known


def _known_output(shapes: Sequence[Any], attributes: Mapping[str, Any]) -> Sequence[PartialShape] | None:
    return [(*shapes[0][:-1], attributes["out_dim"])] if is_known(shapes[0]) and None not in shapes else None


@operator(
    "_contrib_count_sketch", names_gradients=True,
    reads_values=True, output_names=("output",), kind="other", flops=2, precision="single",
    from_partial=_known_output,
)  # fmt: skip
def count_sketch(
    data: Tensor, h: Tensor, s: Tensor, *, out_dim: Positive, processing_batch_size: Positive = 32
) -> Tensor:
    """Project vectors to a shorter length: each number is added, times its sign, to one number of the result.

    Parameters
    ----------
    data : NDArray
        (N, length) or (N, A, B, length).
    h : NDArray
        (1, length): to which number of the result each is added, from 0 to out_dim - 1.
    s : NDArray
        (1, length): what each is multiplied by, 1 or -1.
    out_dim : int
        The length of the result.
    processing_batch_size
        A hint on how to compute, which never changes the result.

    Returns
    -------
    NDArray
        (N, out_dim) or (N, A, B, out_dim). It has no gradient for `h` and `s`.
    """
    owner = "_contrib_count_sketch"
    if data.dim() not in (2, 4):
        raise MXNetError(f"{owner}: data must have 2 or 4 dimensions; received shape {tuple(data.shape)}")
    for name, given in (("h", h), ("s", s)):
        if tuple(given.shape) != (1, data.shape[-1]):
            raise MXNetError(f"{owner}: {name} must have shape (1, {data.shape[-1]}); received {tuple(given.shape)}")
    if not same_float(data, h, s):
        raise one_type(owner, data=data, h=h, s=s)
    places = h.detach()[0].long()
    if places.numel() and not places.is_meta:
        smallest, largest = (int(edge) for edge in torch.aminmax(places))
        if smallest < 0 or largest >= out_dim:
            worst = smallest if smallest < 0 else largest
            raise MXNetError(f"{owner}: h must be from 0 to out_dim - 1 = {out_dim - 1}; received {worst}")
    result = data.new_zeros((*data.shape[:-1], out_dim))
    return with_zeros_for(result.index_add(data.dim() - 1, places, data * s.detach()[0]), h, s)


cases(
    "_contrib_count_sketch",
    samples=lambda: [
        sample((3, 5), exactly(0, 2, 2, 1, 0, shape=(1, 5)), exactly(1, -1, 1, 1, -1, shape=(1, 5)), out_dim=4,
               judge="numpy", derivative=False),
        sample((2, 3, 2, 3), exactly(1, 0, 1, shape=(1, 3)), exactly(1, -1, 1, shape=(1, 3)), out_dim=2,
               processing_batch_size=1, judge="numpy", derivative=False),
    ],
    refusals=lambda: [
        refused("data must have 2 or 4 dimensions", (3, 4, 5), (1, 5), (1, 5), out_dim=4),
        refused(r"h must have shape \(1, 5\)", (3, 5), (5,), (1, 5), out_dim=4),
        refused(r"s must have shape \(1, 5\)", (3, 5), (1, 5), (1, 4), out_dim=4),
        refused("h must be from 0 to out_dim - 1 = 3; received 4", (1, 1), exactly(4, shape=(1, 1)), (1, 1), out_dim=4),
        refused("h must be from 0 to out_dim - 1 = 3; received -1", (1, 1), exactly(-1, shape=(1, 1)), (1, 1),
                out_dim=4),
        refused("one floating-point type", (3, 5), (1, 5), Input((1, 5), "float64"), out_dim=4),
    ],
)  # fmt: skip
