"""What mixed precision needs of several arrays: one type for all, and whether all numbers are finite."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from ...errors import MXNetError
from ..attrs import Positive
from ..declare import operator
from ..samples import Input, exactly, refused, sample

_HALF = Input((2,), "float16")
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXY"


def _multicast_types(attributes: Mapping[str, Any]) -> str:
    """The inputs may be of any types; the results agree, but for integers among them."""
    inputs = _LETTERS[: attributes["num_outputs"]]
    return f"{', '.join(inputs)} -> Z..."


@operator(
    "amp_multicast",
    variadic_by="num_outputs",
    outputs=lambda attributes: attributes["num_outputs"],
    output_names=("output0",),
    types=_multicast_types,
    samples=lambda: [
        sample((2, 3), (4,), num_outputs=2),
        sample((2, 3), Input((2,), "int32", 0, 9), num_outputs=2, derivative=False),
        # MXNet's CPU build cannot convert here.
        sample(_HALF, (2, 3), Input((2,), "int32", 0, 9), num_outputs=3, judge="numpy", gradient=False),
        sample(_HALF, (2, 3), num_outputs=2, cast_narrow=True, judge="numpy", gradient=False),
    ],
    refusals=lambda: [refused("at least one array")],
)
def amp_multicast(*data: Tensor, num_outputs: Positive, cast_narrow: bool = False) -> tuple[Tensor, ...]:
    """Bring floating-point arrays to one type.

    Parameters
    ----------
    *data : NDArray
        The arrays. Those of integers stay what they are.
    num_outputs : int
        How many arrays there are; an nd function counts them itself.
    cast_narrow : bool, default False
        Take the narrowest type among them, in place of the widest.

    Returns
    -------
    list of NDArray
        As many arrays.
    """
    sizes = {array.dtype.itemsize: array.dtype for array in data if array.is_floating_point()}
    if not sizes:
        return tuple([array.clone() for array in data])
    kind = sizes[(min if cast_narrow else max)(sizes)]
    return tuple([array.to(kind, copy=True) if array.is_floating_point() else array.clone() for array in data])


def _check_init(owner: str, init_output: bool) -> None:
    if not init_output:
        raise MXNetError(
            f"{owner}: init_output must be True, an operator does not read its result; received False; "
            "multiply the answers"
        )


@operator(
    "all_finite",
    types="T -> float32",
    samples=lambda: [
        sample((2, 3), gradient=False),
        sample(exactly(1, float("inf")), gradient=False),
        sample(exactly(1, float("nan")), gradient=False),
    ],
    refusals=lambda: [refused("init_output must be True", (2,), init_output=False)],
)
def all_finite(data: Tensor, *, init_output: bool = True) -> Tensor:
    """Return 1 where all numbers are finite, else 0.

    Parameters
    ----------
    data : NDArray
        Of a floating-point type.
    init_output : {True}
        MXNet's False, which reads what the array given as `out` holds, is not provided.

    Returns
    -------
    NDArray
        float32, of shape (1,).
    """
    _check_init("all_finite", init_output)
    return torch.isfinite(data).all().float().reshape(1)


@operator(
    "multi_all_finite",
    variadic_by="num_arrays",
    types="A... -> float32",
    samples=lambda: [
        sample((2, 3), (4,), num_arrays=2, gradient=False),
        sample((2, 3), exactly(1, float("-inf")), num_arrays=2, gradient=False),
    ],
    refusals=lambda: [refused("at least one array"), refused("init_output must be True", (2,), init_output=False)],
)
def multi_all_finite(*data: Tensor, num_arrays: Positive = 1, init_output: bool = True) -> Tensor:
    """Return 1 where all numbers of all arrays are finite, else 0.

    Parameters
    ----------
    *data : NDArray
        The arrays.
    num_arrays : int
        How many arrays there are; an nd function counts them itself.
    init_output
        As in `glueball.nd.all_finite`.

    Returns
    -------
    NDArray
        float32, of shape (1,).
    """
    _check_init("multi_all_finite", init_output)
    finite = [torch.isfinite(array).all() for array in data]
    return torch.stack(finite).all().float().reshape(1)
