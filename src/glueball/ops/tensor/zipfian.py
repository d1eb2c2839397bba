"""Different classes drawn from a log-uniform distribution: the candidates of a sampled softmax."""

from __future__ import annotations

import torch
from torch import Tensor

from ...core.errors import MXNetError
from ..attrs import Positive, Shape
from ..declare import Device, Rng, cases, operator
from ..draw import draw
from ..samples import refused, sample

_OWNER = "_sample_unique_zipfian"


@operator(_OWNER, types="-> int64, int64", outputs=2, kind="other", flops=0)
def sample_unique_zipfian(
    *, range_max: Positive, shape: Shape | None = None, rng: Rng, device: Device
) -> tuple[Tensor, Tensor]:
    """Draw rows of different integers from a log-uniform distribution.

    A class is round(exp(u)) - 1, with u uniform over [0, log(range_max + 1)); range_max itself means 0. So class k has
    the probability log((k + 1.5) / (k + 0.5)) / log(range_max + 1), as in MXNet; `nd.contrib.rand_zipfian`, which does
    not round, has another one.

    Parameters
    ----------
    range_max : int
        The number of classes, which are counted from 0.
    shape : tuple of int
        (rows, classes drawn for each row).

    Returns
    -------
    list of two NDArrays
        The classes, int64 of that shape; and how often was drawn until they were different, int64 of shape (rows,).
    """
    if shape is None or len(shape) != 2 or min(shape) < 1:
        raise MXNetError(f"{_OWNER}: shape must be two positive ints; received {shape}; pass shape=(rows, classes)")
    rows, count = shape
    if count > range_max:
        raise MXNetError(f"{_OWNER}: shape must not ask for more than the {range_max} classes; received {shape}")
    drawn = draw(rng, "unique zipfian", (rows, count + 1), torch.int64, device, float(range_max))
    return drawn[:, :count].contiguous(), drawn[:, count].contiguous()


cases(
    _OWNER,
    samples=lambda: [
        sample(range_max=1000, shape=(2, 30), gradient=False, judge="statistics"),
        sample(range_max=4, shape=(1, 4), gradient=False, judge="statistics"),
    ],
    refusals=lambda: [
        refused("shape must be two positive ints", range_max=10),
        refused("shape must be two positive ints", range_max=10, shape=(5,)),
        refused("more than the 3 classes", range_max=3, shape=(1, 4)),
        refused("range_max must be", range_max=0, shape=(1, 1)),
    ],
)
