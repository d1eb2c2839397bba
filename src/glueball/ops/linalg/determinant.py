"""Numbers that tell about a whole matrix (det, slogdet, sumlogdiag), and its inverse."""

from __future__ import annotations

import torch
from torch import Tensor

from ...core.errors import MXNetError
from ..declare import cases, operator
from ..gradient import without_gradient
from ..samples import Input, exactly, refused, sample
from ..shape_rule import with_axes
from .matrices import check_matrices, numbers_of, one_axis_at_least, per_matrix

_REFUSALS = [
    refused("square", (2, 3)),
    refused("at least 2 axes", (3,)),
    refused("float32 or float64", Input((2, 2), "float16")),
]
_SINGULAR = exactly(1, 2, 2, 4, 2, 1, 1, 3, shape=(2, 2, 2))


def _regular(A: Tensor) -> tuple[Tensor, Tensor]:
    """Return which matrices have determinant 0, and all matrices with identities in the place of those."""
    singular = torch.linalg.det(A.detach()) == 0
    identity = torch.eye(A.shape[-1], dtype=A.dtype, device=A.device)
    return singular, torch.where(singular[..., None, None], identity, A)


@operator(
    "_linalg_det",
    names_inputs=True,
    aliases=["_npi_det", "linalg_det"],
    hidden_outputs=2,
    from_partial=with_axes(lambda shapes, attributes: [numbers_of(shapes[0])]),
    kind="other",
    flops=per_matrix(2),
    precision="single",
)
def det(A: Tensor) -> Tensor:
    """Compute determinants.

    Parameters
    ----------
    A : NDArray
        An array of square matrices.

    Returns
    -------
    NDArray
        A number for each matrix; of one matrix shape (1,). Its gradient is 0 where it is 0.
    """
    check_matrices("linalg.det", A)
    if not A.requires_grad:
        return one_axis_at_least(torch.linalg.det(A))
    singular, regular = _regular(A)
    return one_axis_at_least(torch.where(singular, 0.0, torch.linalg.det(regular)))


cases(
    "_linalg_det",
    samples=lambda: [
        sample((3, 3)),
        sample(Input((2, 3, 3), "float64")),
        sample(_SINGULAR, derivative=False),
        sample((2, 1, 1)),
    ],
    refusals=lambda: _REFUSALS,
)


@operator(
    "_linalg_slogdet", names_inputs=True,
    aliases=["_npi_slogdet", "linalg_slogdet"], types="T -> T, T", outputs=2, hidden_outputs=2, kind="other",
    flops=per_matrix(2), precision="single",
    from_partial=with_axes(lambda shapes, attributes: [numbers_of(shapes[0])] * 2),
)  # fmt: skip
def slogdet(A: Tensor) -> tuple[Tensor, Tensor]:
    """Compute the signs of determinants, and the logarithms of their absolute values.

    Parameters
    ----------
    A : NDArray
        An array of square matrices.

    Returns
    -------
    list of two NDArrays
        The signs, which have a gradient of 0, and the logarithms; of determinants of 0 they are 0 and -infinity, and
        have a gradient of 0.
    """
    check_matrices("linalg.slogdet", A)
    if not A.requires_grad:
        sign, logarithm = torch.linalg.slogdet(A)
    else:
        singular, regular = _regular(A)
        sign, logarithm = torch.linalg.slogdet(regular)
        sign = torch.where(singular, 0.0, sign.detach())
        logarithm = torch.where(singular, -torch.inf, logarithm)
    return without_gradient(one_axis_at_least(sign), A), one_axis_at_least(logarithm)


cases(
    "_linalg_slogdet",
    samples=lambda: [
        sample((3, 3)),
        sample(Input((2, 2, 3, 3), "float64")),
        sample(_SINGULAR, derivative=False),
    ],
    refusals=lambda: _REFUSALS,
)


@operator(
    "_linalg_inverse", names_inputs=True,
    aliases=["_npi_inv", "linalg_inverse"], elementwise=True, reads_values=True, flops=per_matrix(6),
    precision="single", from_outputs="nothing")  # fmt: skip
def inverse(A: Tensor) -> Tensor:
    """Invert matrices.

    Parameters
    ----------
    A : NDArray
        An array of square matrices.

    Returns
    -------
    NDArray
        The inverse matrices.

    Raises
    ------
    MXNetError
        A matrix has no inverse.
    """
    check_matrices("linalg.inverse", A)
    try:
        inverses: Tensor = torch.linalg.inv(A)
    except torch.linalg.LinAlgError as error:  # type: ignore[attr-defined]
        raise MXNetError(
            f"linalg.inverse: A must hold matrices that have an inverse; received one without, in {tuple(A.shape)}"
        ) from error
    return inverses


_REGULAR = exactly(4, 1, -1, 1, 5, 2, 3, 2, 6, shape=(3, 3))

cases(
    "_linalg_inverse",
    samples=lambda: [
        sample(_REGULAR),
        sample(exactly(2, 1, 1, 3, 0, 1, -2, 1, shape=(2, 2, 2), dtype="float64")),
    ],
    refusals=lambda: [*_REFUSALS, refused("have an inverse", exactly(1, 2, 2, 4, shape=(2, 2)))],
)


@operator(
    "_linalg_sumlogdiag", names_inputs=True, aliases=["linalg_sumlogdiag"], kind="other", flops=2, precision="single",
    from_partial=with_axes(lambda shapes, attributes: [numbers_of(shapes[0])]),
)  # fmt: skip
def sumlogdiag(A: Tensor) -> Tensor:
    """Add up the logarithms of diagonals.

    Parameters
    ----------
    A : NDArray
        An array of square matrices.

    Returns
    -------
    NDArray
        A number for each matrix; of one matrix shape (1,).
    """
    check_matrices("linalg.sumlogdiag", A)
    return one_axis_at_least(A.diagonal(dim1=-2, dim2=-1).log().sum(-1))


cases(
    "_linalg_sumlogdiag",
    samples=lambda: [
        sample(Input((3, 3), low=0.5)),
        sample(Input((2, 2, 3, 3), "float64", 0.5)),
        sample(exactly(-1, 2, 3, 1, shape=(2, 2)), derivative=False),
    ],
    refusals=lambda: _REFUSALS,
)
