"""Products of matrices: dot, batch_dot, linalg.gemm2."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any, Literal

import torch
from torch import Tensor

from ...core.dtype import type_name
from ...core.errors import MXNetError
from ...core.storage import SparseStorage
from ..declare import cases, operator
from ..flops import Call
from ..samples import Input, refused, sample
from ..shape_rule import UNKNOWN, PartialShape, merge
from ..sparse.products import DOT
from ..type_rule import Conflict

Storage = Literal["csr", "default", "row_sparse"] | None


def _check_types(owner: str, lhs: Tensor, rhs: Tensor) -> None:
    if lhs.dtype is not rhs.dtype or not lhs.is_floating_point():
        received = " and ".join(type_name(array.dtype) for array in (lhs, rhs))
        raise MXNetError(
            f"{owner}: both arrays must have one floating-point type; received {received}; convert with astype(...)"
        )


def _check_storage(owner: str, forward_stype: str | None) -> None:
    if forward_stype not in (None, "default"):
        raise SparseStorage(
            f"{owner}: forward_stype must be None or 'default' for dense tensors; received {forward_stype!r}; "
            "leave it out"
        )


_MATRICES = [
    sample((2, 3), (3, 4)),
    sample((3, 2), (3, 4), transpose_a=True),
    sample((2, 3), (4, 3), transpose_b=True),
    sample(Input((3, 2), "float64"), Input((4, 3), "float64"), transpose_a=True, transpose_b=True),
]


def _dot_products(call: Call) -> int:
    return prod(call.output) * call.inputs["lhs"][0 if call.attributes["transpose_a"] else -1]


def _batch_products(call: Call) -> int:
    first = next(iter(call.inputs.values()))
    return prod(call.output) * first[-2 if call.attributes["transpose_a"] else -1]


@operator(
    "dot",
    aliases=["_sparse_dot"],
    from_outputs="nothing",
    kind="dense",
    multiply_adds=_dot_products,
    precision="widest",
    sparse=DOT,
)
def dot(
    lhs: Tensor, rhs: Tensor, *, transpose_a: bool = False, transpose_b: bool = False, forward_stype: Storage = None
) -> Tensor:
    """Multiply matrices: sum over the last axis of `lhs` and the first of `rhs`.

    Parameters
    ----------
    lhs, rhs : NDArray
        Vectors, matrices or arrays with more axes, of one floating-point type.
    transpose_a : bool, default False
        Sum over the first axis of `lhs` in place of the last.
    transpose_b : bool, default False
        Sum over the last axis of `rhs` in place of the first.
    forward_stype : {None, 'default', 'csr', 'row_sparse'}
        The storage type of the result; None leaves it to the inputs. The transpose of a csr matrix times another is
        row_sparse, and a dense matrix times a csr one is csr; all others are dense.

    Returns
    -------
    NDArray
        The other axes of `lhs`, then those of `rhs`; of two vectors shape (1,).

    Examples
    --------
    >>> from glueball import nd
    >>> nd.dot(nd.array([[1, 2], [3, 4]]), nd.array([10, 1])).asnumpy().tolist()
    [12.0, 34.0]
    """
    _check_storage("dot", forward_stype)
    _check_types("dot", lhs, rhs)
    vectors = lhs.dim() == 1 and rhs.dim() == 1
    if vectors and (transpose_a or transpose_b):
        raise MXNetError("dot: two vectors cannot be transposed; received transpose_a or transpose_b; leave them out")
    left, right = 0 if transpose_a else -1, -1 if transpose_b else 0
    if lhs.shape[left] != rhs.shape[right]:
        raise MXNetError(
            f"dot: the axes to sum over must be equal, {'first' if transpose_a else 'last'} of lhs and "
            f"{'last' if transpose_b else 'first'} of rhs; received {tuple(lhs.shape)} and {tuple(rhs.shape)}"
        )
    if vectors:
        return torch.dot(lhs, rhs).reshape(1)
    if lhs.dim() == 2 and rhs.dim() == 2:
        return torch.mm(lhs.t() if transpose_a else lhs, rhs.t() if transpose_b else rhs)
    product: Tensor = torch.tensordot(lhs, rhs, dims=([left], [right]))
    return product


cases(
    "dot",
    samples=lambda: [
        *_MATRICES,
        sample((3,), (3,)),
        sample((2, 3), (3,)),
        sample((3,), (3, 2), transpose_a=True),
        sample((2, 3, 4), (4, 5)),
        sample((2, 3, 4), (4, 5, 6)),
        sample((4, 2, 3), (5, 6, 4), transpose_a=True, transpose_b=True),
        sample((2, 3), (3, 4), forward_stype="default"),
    ],
    refusals=lambda: [
        refused("must be equal", (2, 3), (4, 5)),
        refused("must be equal", (2, 3), (3,), transpose_a=True),
        refused("vectors cannot be transposed", (3,), (3,), transpose_a=True),
        refused("vectors cannot be transposed", (3,), (3,), transpose_b=True),
        refused("one floating-point type", (2, 3), Input((3, 2), "float64")),
        refused("one floating-point type", Input((2, 3), "int32"), Input((3, 2), "int32")),
    ],
)


def _batch_dot_shapes(shapes: Sequence[PartialShape], attributes: Mapping[str, Any]) -> Sequence[PartialShape]:
    """As MXNet, which wants the last axis of the left and the middle one of the right, whether transposed or not."""
    left, right = shapes
    if left is None or right is None or len(left) != len(right) or len(left) < 3:
        return [None]
    rows, summed = left[-2:] if not attributes["transpose_a"] else left[:-3:-1]
    other, columns = right[-2:] if not attributes["transpose_b"] else right[:-3:-1]
    if UNKNOWN in (left[-1], right[-2]):
        return [None]
    if summed != other:
        raise Conflict(left, right)
    return [(*(merge(left[:-2], right[:-2]) or ()), rows, columns)]


@operator(
    "batch_dot",
    npx="batch_dot",
    gradient_names=("backward_lhs", "backward_rhs"),
    from_partial=_batch_dot_shapes,
    kind="dense",
    multiply_adds=_batch_products,
    precision="widest",
)
def batch_dot(
    lhs: Tensor, rhs: Tensor, *, transpose_a: bool = False, transpose_b: bool = False, forward_stype: Storage = None
) -> Tensor:
    """Multiply many pairs of matrices at once.

    Parameters
    ----------
    lhs, rhs : NDArray
        (..., n, k) and (..., k, m) of one floating-point type, with the same leading axes, at least one.
    transpose_a : bool, default False
        `lhs` is (..., k, n).
    transpose_b : bool, default False
        `rhs` is (..., m, k).
    forward_stype : {None, 'default'}
        The storage type of the result; sparse ones are refused.

    Returns
    -------
    NDArray
        (..., n, m).
    """
    _check_storage("batch_dot", forward_stype)
    if lhs.dim() < 3 or rhs.dim() < 3:
        raise MXNetError(
            f"batch_dot: lhs and rhs must have at least 3 axes; received {tuple(lhs.shape)} and {tuple(rhs.shape)}"
        )
    return multiply("batch_dot", lhs, rhs, transpose_a, transpose_b)


cases(
    "batch_dot",
    samples=lambda: [
        sample((2, 3, 4), (2, 4, 5)),
        sample((2, 4, 3), (2, 4, 5), transpose_a=True),
        sample((2, 3, 4), (2, 5, 4), transpose_b=True),
        sample(Input((2, 2, 3, 4), "float64"), Input((2, 2, 4, 5), "float64")),
    ],
    refusals=lambda: [
        refused("at least 3 axes", (2, 3), (3, 4)),
        refused("at least 3 axes", (2, 3), (2, 3, 4)),
        refused("at least 3 axes", (2, 3, 4), (4, 5)),
        refused("all axes but the last two", (2, 3, 4), (1, 4, 5)),
        refused("must be equal", (2, 3, 4), (2, 3, 4)),
        refused("one floating-point type", (2, 3, 4), Input((2, 4, 5), "float64")),
        refused("dense tensors", (2, 3, 4), (2, 4, 5), forward_stype="csr"),
    ],
)


def multiply(owner: str, lhs: Tensor, rhs: Tensor, transpose_a: bool, transpose_b: bool) -> Tensor:
    """Multiply the matrices in the last two axes; the other axes must be the same."""
    _check_types(owner, lhs, rhs)
    if lhs.shape[:-2] != rhs.shape[:-2]:
        raise MXNetError(
            f"{owner}: all axes but the last two must be the same; received {tuple(lhs.shape)} and {tuple(rhs.shape)}"
        )
    left = lhs.transpose(-2, -1) if transpose_a else lhs
    right = rhs.transpose(-2, -1) if transpose_b else rhs
    if left.shape[-1] != right.shape[-2]:
        raise MXNetError(
            f"{owner}: the columns of the first matrices and the rows of the second, transposed as requested, "
            f"must be equal; received {tuple(left.shape)} and {tuple(right.shape)}"
        )
    return torch.matmul(left, right)


def products_shape(shapes: Sequence[PartialShape], attributes: Mapping[str, Any]) -> Sequence[PartialShape]:
    """Return the shape of products of matrices, as far as it is known."""
    A, B = shapes[:2]
    axis = attributes["axis"]
    if A is None or B is None or len(A) != len(B) or not -len(A) <= axis < len(A) - 1 or axis == -1:
        return [None]
    found = list(A)
    found[axis], found[-1] = A[-1 if attributes["transpose_a"] else axis], B[axis if attributes["transpose_b"] else -1]
    return [tuple(found)]


@operator(
    "_linalg_gemm2",
    aliases=["linalg_gemm2"],
    from_outputs="nothing",
    from_partial=products_shape,
    kind="dense",
    multiply_adds=_batch_products,
    precision="single",
)
def gemm2(
    A: Tensor, B: Tensor, *, transpose_a: bool = False, transpose_b: bool = False, alpha: float = 1.0, axis: int = -2
) -> Tensor:
    """Multiply pairs of matrices, and the result by a number.

    Parameters
    ----------
    A, B : NDArray
        Arrays of matrices, of one floating-point type and with the same leading axes.
    transpose_a, transpose_b : bool, default False
        Transpose the matrices of `A` or `B`.
    alpha : float, default 1
        The number.
    axis : int, default -2
        The axis of the rows; the columns are the last axis.

    Returns
    -------
    NDArray
        The products.
    """
    rank = A.dim()
    if rank < 2 or B.dim() != rank:
        raise MXNetError(
            f"linalg.gemm2: A and B must have the same number of axes and at least 2 axes; "
            f"received {tuple(A.shape)} and {tuple(B.shape)}"
        )
    if not -rank <= axis < rank - 1 or axis == -1:
        raise MXNetError(
            f"linalg.gemm2: axis must be between {-rank} and {rank - 2}, not the last one; received {axis}"
        )
    product = multiply("linalg.gemm2", A.movedim(axis, -2), B.movedim(axis, -2), transpose_a, transpose_b)
    return (product if alpha == 1 else product * alpha).movedim(-2, axis)


cases(
    "_linalg_gemm2",
    samples=lambda: [
        *_MATRICES,
        sample((2, 3, 4), (2, 4, 5), alpha=0.5),
        sample((2, 2, 3, 4), (2, 2, 4, 5)),
        sample((3, 2, 4), (4, 2, 5), axis=0),
    ],
    refusals=lambda: [
        refused("at least 2 axes", (3,), (3,)),
        refused("the same number of axes", (2, 3), (1, 3, 4)),
        refused("axis must be between", (2, 3, 4), (2, 4, 5), axis=2),
        refused("axis must be between", (2, 3, 4), (2, 4, 5), axis=-1),
        refused("all axes but the last two", (2, 3, 4), (1, 4, 5)),
        refused("must be equal", (2, 3), (2, 3)),
    ],
)  # fmt: skip
