"""Where elements are, as in ``mx.np``: the largest, the smallest, those that are not 0."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor

from ...core.errors import MXNetError, NotImplementedForSymbol
from ..axes import one_axis
from ..declare import cases, operator
from ..flops import per_input
from ..gradient import without_gradient
from ..samples import Input, exactly, refused, sample

_DOC = """Return where the {what} element is: its int64 index.

Parameters
----------
data : NDArray
    Numbers or bool, at least one for each element of the result. If there is a NaN, the first one is found.
axis : int, optional
    The axis to search along; by default all, in row-major order.
keepdims : bool, default False
    Whether the searched axes stay, with length 1.
"""


def _declare_position(name: str, find: Callable[..., Tensor], what: str) -> None:
    @operator(name, types="T -> int64", kind="other", flops=per_input(), precision="any")
    def position(data: Tensor, *, axis: int | None = None, keepdims: bool = False) -> Tensor:
        numbers = data.detach().to(torch.uint8) if data.dtype is torch.bool else data.detach()
        rank = data.dim()
        along = None if axis is None or (rank == 0 and axis in (0, -1)) else one_axis(name, axis, rank)
        if not (data.numel() if along is None else data.shape[along]):
            raise MXNetError(
                f"{name}: data must have an element for each of the result; received shape {tuple(data.shape)} and "
                f"axis={axis}; check for emptiness first"
            )
        if along is not None:
            return without_gradient(find(numbers, dim=along, keepdim=keepdims), data)
        found = find(numbers)
        return without_gradient(found.reshape((1,) * rank) if keepdims else found, data)

    position.__name__ = name
    position.__doc__ = _DOC.format(what=what)
    distinct = Input((2, 3, 4), distinct=True)
    cases(
        name,
        samples=lambda: [
            sample(distinct, gradient=False),
            sample(distinct, axis=1, gradient=False),
            sample(distinct, axis=-1, keepdims=True, gradient=False),
            sample(exactly(1, 3, 3, 0, 0, 0, 2, 2, 1, shape=(3, 3)), axis=1, gradient=False),
            sample(exactly(1, 3, math.nan, math.nan, shape=(2, 2)), axis=1, gradient=False),
            sample(exactly(5, 7, 7, 3, dtype="int32"), axis=0, gradient=False),
            sample((0, 3), axis=1, gradient=False),
            sample((), axis=0, gradient=False),
            sample(exactly(0, 1, 0, dtype="bool"), judge="numpy", gradient=False),
        ],
        refusals=lambda: [
            refused("axis must be from -2 to 1", (2, 3), axis=2),
            refused("axis must be an int, or None", (2, 3), axis=(0, 1)),
            refused("must have an element", (2, 0), axis=1),
            refused("must have an element", (2, 0)),
        ],
    )


_declare_position("_npi_argmax", torch.argmax, "largest")
_declare_position("_npi_argmin", torch.argmin, "smallest")


@operator(
    "_npx_nonzero", aliases=["_npi_nonzero"], types="T -> int64", reads_values=True, decides_by_value=True,
    names_inputs=True, kind="other", flops=per_input(), precision="any",
)  # fmt: skip
def nonzero(x: Tensor) -> Tensor:
    """Return where the elements are that differ from 0.

    Parameters
    ----------
    x : NDArray
        Numbers or bool; an array without axes counts as one with one element.

    Returns
    -------
    NDArray
        int64, (number of such elements, number of axes).
    """
    if x.is_meta:
        raise NotImplementedForSymbol("_npx_nonzero: how many elements are not 0 is in the values, which a graph lacks")
    return without_gradient(torch.nonzero(x.detach() if x.dim() else x.detach().reshape(1)), x)


cases(
    "_npx_nonzero",
    samples=lambda: [
        sample(exactly(1, 0, math.nan, 2, 0, 0, shape=(2, 3)), gradient=False),
        sample(exactly(1, 0, 3, dtype="int32"), gradient=False),
        sample(exactly(1, 0, 0, 1, shape=(2, 2), dtype="bool"), gradient=False),
        sample((0, 3), gradient=False),
        sample((), gradient=False),
        sample(exactly(0, shape=()), gradient=False),
    ],
)
