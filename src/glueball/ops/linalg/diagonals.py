"""Diagonals and triangles of matrices as rows of numbers, and back: extractdiag, makediag, extracttrian, maketrian."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from ...core.errors import MXNetError
from ..declare import cases, operator
from ..samples import Input, refused, sample
from .matrices import check_matrices, check_types

_REFUSALS = [
    refused("square", (2, 3)),
    refused("at least 2 axes", (3,)),
    refused("float32 or float64", Input((2, 2), "int32")),
    refused("offset must leave", (3, 3), offset=3),
    refused("offset must leave", (3, 3), offset=-5),
]


def _check_offset(owner: str, A: Tensor, offset: int) -> None:
    check_matrices(owner, A)
    if abs(offset) >= A.shape[-1]:
        raise MXNetError(f"{owner}: offset must leave a part of the matrices, of {A.shape[-1]} rows; received {offset}")


def _triangle(rows: int, offset: int, lower: bool, device: torch.device) -> Tensor:
    """Return the places of a triangle in the numbers of a matrix: a lower one row by row, an upper one by columns."""
    long, short = torch.tril_indices(rows, rows, -abs(offset), device=device)
    below = lower if offset == 0 else offset < 0
    places: Tensor = long * rows + short if below else short * rows + long
    return places


@operator(
    "_linalg_extractdiag",
    names_inputs=True,
    aliases=["linalg_extractdiag"],
    from_outputs="nothing",
    kind="shape",
    flops=0,
    precision="single",
)
def extractdiag(A: Tensor, *, offset: int = 0) -> Tensor:
    """Return diagonals.

    Parameters
    ----------
    A : NDArray
        An array of square matrices.
    offset : int, default 0
        The diagonal: above the main one when positive, below it when negative.

    Returns
    -------
    NDArray
        A row for each matrix.
    """
    _check_offset("linalg.extractdiag", A, offset)
    return A.diagonal(offset, -2, -1).clone()


cases(
    "_linalg_extractdiag",
    samples=lambda: [sample((3, 3)), sample((2, 3, 3), offset=1), sample(Input((2, 2, 3, 3), "float64"), offset=-2)],
    refusals=lambda: _REFUSALS,
)


@operator(
    "_linalg_makediag",
    names_inputs=True,
    aliases=["linalg_makediag"],
    from_outputs="nothing",
    kind="shape",
    flops=0,
    precision="single",
)
def makediag(A: Tensor, *, offset: int = 0) -> Tensor:
    """Make matrices with the given diagonals, and zeros elsewhere.

    Parameters
    ----------
    A : NDArray
        A row for each matrix.
    offset : int, default 0
        The diagonal: above the main one when positive, below it when negative.

    Returns
    -------
    NDArray
        An array of square matrices.

    Examples
    --------
    >>> from glueball import nd
    >>> nd.linalg.makediag(nd.array([1, 2])).asnumpy().tolist()
    [[1.0, 0.0], [0.0, 2.0]]
    """
    check_types("linalg.makediag", A)
    return torch.diag_embed(A, offset)


cases(
    "_linalg_makediag",
    samples=lambda: [sample((3,)), sample((2, 3), offset=1), sample(Input((2, 2, 3), "float64"), offset=-2)],
    refusals=lambda: [
        refused("float32 or float64", Input((2,), "int32")),
    ],
)


@operator(
    "_linalg_extracttrian",
    names_inputs=True,
    aliases=["linalg_extracttrian"],
    from_outputs="nothing",
    kind="shape",
    flops=0,
    precision="single",
)
def extracttrian(A: Tensor, *, offset: int = 0, lower: bool = True) -> Tensor:
    """Return triangles: lower ones row by row, upper ones column by column.

    Parameters
    ----------
    A : NDArray
        An array of square matrices.
    offset : int, default 0
        The diagonal that the triangle begins with. A positive one means the triangle above it, a negative one that
        below it.
    lower : bool, default True
        With an `offset` of 0, whether it is the lower or the upper triangle.

    Returns
    -------
    NDArray
        A row for each matrix.
    """
    _check_offset("linalg.extracttrian", A, offset)
    rows = A.shape[-1]
    return A.flatten(-2).index_select(-1, _triangle(rows, offset, lower, A.device))


cases(
    "_linalg_extracttrian",
    samples=lambda: [
        sample((3, 3)),
        sample((3, 3), lower=False),
        sample((2, 3, 3), offset=1),
        sample(Input((2, 2, 4, 4), "float64"), offset=-2, lower=False),
    ],
    refusals=lambda: _REFUSALS,
)


@operator(
    "_linalg_maketrian",
    names_inputs=True,
    aliases=["linalg_maketrian"],
    from_outputs="nothing",
    kind="shape",
    flops=0,
    precision="single",
)
def maketrian(A: Tensor, *, offset: int = 0, lower: bool = True) -> Tensor:
    """Make matrices with the given triangles, and zeros elsewhere.

    Parameters
    ----------
    A : NDArray
        A row for each matrix: 1, 3, 6, 10 ... numbers, which are a triangle in the order of
        `extracttrian`.
    offset, lower
        The place of the triangle, as in `extracttrian`.

    Returns
    -------
    NDArray
        An array of square matrices.

    Examples
    --------
    >>> from glueball import nd
    >>> nd.linalg.maketrian(nd.array([1, 2, 3])).asnumpy().tolist()
    [[1.0, 0.0], [2.0, 3.0]]
    """
    check_types("linalg.maketrian", A)
    count = A.shape[-1]
    side = (math.isqrt(8 * count + 1) - 1) // 2
    if side * (side + 1) // 2 != count:
        raise MXNetError(
            f"linalg.maketrian: the last axis of A must have the length of a triangle, 1, 3, 6, 10 ...; "
            f"received {tuple(A.shape)}"
        )
    rows = side + abs(offset)
    zeros = A.new_zeros((*A.shape[:-1], rows * rows))
    filled = zeros.index_copy(-1, _triangle(rows, offset, lower, A.device), A)
    return filled.reshape(*A.shape[:-1], rows, rows)


cases(
    "_linalg_maketrian",
    samples=lambda: [
        sample((3,)),
        sample((6,), lower=False),
        sample((2, 3), offset=1),
        sample(Input((2, 2, 6), "float64"), offset=-2),
    ],
    refusals=lambda: [
        refused("the length of a triangle", (4,)),
        refused("float32 or float64", Input((3,), "int32")),
    ],
)
