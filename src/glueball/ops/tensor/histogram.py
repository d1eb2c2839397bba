"""How many elements lie in each of several ranges: histogram."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from ...core.errors import MXNetError
from ..attrs import NonNegative
from ..declare import cases, operator
from ..flops import per_input
from ..gradient import without_gradient
from ..samples import Input, exactly, refused, sample
from ..shape_rule import UNKNOWN, PartialShape

_OWNER = "_histogram"


def _without_bins(attributes: Mapping[str, Any]) -> tuple[str, ...]:
    return () if attributes["bin_cnt"] is None else ("bins",)


def _edges(data: Tensor, bin_cnt: int, limits: tuple[float, ...]) -> Tensor:
    """Return evenly spaced edges, in the type of the data."""
    if len(limits) != 2 or limits[0] > limits[1]:
        raise MXNetError(f"{_OWNER}: range must be two numbers, the smaller one first; received {limits}")
    low, high = limits if limits[0] < limits[1] else (limits[0] - 0.5, limits[1] + 0.5)
    steps = torch.arange(bin_cnt + 1, dtype=torch.float64, device=data.device)
    return (low + steps * (high - low) / max(bin_cnt, 1)).to(data.dtype)


def _known_outputs(shapes: Sequence[PartialShape], attributes: Mapping[str, Any]) -> Sequence[PartialShape] | None:
    count = attributes["bin_cnt"]
    if count is not None:
        return [(count,), (count + 1,)]
    bins = shapes[1]
    return None if bins is None else [(UNKNOWN if bins[0] == UNKNOWN else bins[0] - 1,), bins]


@operator(
    "_histogram", aliases=["_npi_histogram"], types="T, T -> int64, T", outputs=2, omits=_without_bins, kind="other",
    flops=per_input(4), from_partial=_known_outputs,
)  # fmt: skip
def histogram(
    data: Tensor, bins: Tensor | None = None, *, bin_cnt: NonNegative | None = None,
    range: tuple[float, ...] | None = None,
) -> tuple[Tensor, Tensor]:  # fmt: skip
    """Count the elements in each of several ranges that follow one another.

    Parameters
    ----------
    data : NDArray
        The elements, of any shape. No gradient flows to them.
    bins : NDArray
        (n + 1,): the edges of n ranges in ascending order, of the type of the data; left out with `bin_cnt`.
    bin_cnt : int, optional
        The number of ranges, all equally long.
    range : tuple of two floats
        With `bin_cnt`, where the first range begins and the last one ends.

    Returns
    -------
    list of two NDArrays
        The counts, int64, and the edges. A range holds its first edge, the last range its end, too.
    """
    if (bin_cnt is None) is not (range is None) or (bin_cnt is None) is (bins is None):
        raise MXNetError(
            f"{_OWNER}: bins, or else bin_cnt and range, must be given; received "
            f"{'no bins' if bins is None else 'bins'}, bin_cnt={bin_cnt} and range={range}"
        )
    if bin_cnt is not None and range is not None:
        bins = _edges(data, bin_cnt, range)
    assert bins is not None
    if bins.dim() != 1 or (bin_cnt is None and len(bins) < 2) or bins.dtype is not data.dtype:
        raise MXNetError(
            f"{_OWNER}: bins must be two or more edges in a row, of the type of data; "
            f"received shape {tuple(bins.shape)}"
        )
    values, edges, last = data.detach().flatten(), bins.detach(), len(bins) - 2
    if last < 0:
        counts = values.new_zeros(0, dtype=torch.int64)
    else:
        inside = (values >= edges[0]) & (values <= edges[-1])
        place = (torch.searchsorted(edges, values, right=True) - 1).clamp(0, last)
        counts = torch.zeros(last + 1, dtype=torch.int64, device=data.device).scatter_add(0, place, inside.long())
    return without_gradient(counts, data), without_gradient(edges.clone(), data)


_DATA = exactly(1, 2, 3, 4, 5, -1, 2.5, float("nan"), 6, shape=(3, 3))

cases(
    _OWNER,
    samples=lambda: [
        sample(_DATA, bin_cnt=3, range=(1, 5), gradient=False),
        sample(_DATA, bin_cnt=2, range=(2, 2), gradient=False),
        sample(_DATA, exactly(0, 2, 2.5, 5), gradient=False),
        sample(Input((5, 40), "float64"), bin_cnt=7, range=(-1.5, 1.25), gradient=False),
        sample(Input((50,), "int32", 0, 9), bin_cnt=3, range=(0, 7), gradient=False),
        sample(Input((50,), "uint8", 0, 9), exactly(1, 3, 8, dtype="uint8"), gradient=False),
    ],
    refusals=lambda: [
        refused("bins, or else bin_cnt and range, must be given", (4,)),
        refused("bins, or else bin_cnt and range, must be given", (4,), bin_cnt=2),
        refused("bins, or else bin_cnt and range, must be given", (4,), (3,), bin_cnt=2, range=(0, 1)),
        refused("two numbers, the smaller one first", (4,), bin_cnt=2, range=(1, 0)),
        refused("two numbers, the smaller one first", (4,), bin_cnt=2, range=(1,)),
        refused("two or more edges", (4,), (1,)),
        refused("two or more edges", (4,), (2, 2)),
        refused("of the type of data", (4,), Input((3,), "int32")),
        refused("bin_cnt must be", (4,), bin_cnt=-1, range=(0, 1)),
    ],
)
