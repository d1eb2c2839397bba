"""Products of matrices: gemm, syrk, trmm; and trsm, which undoes trmm."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

import torch
from torch import Tensor

from ...core.errors import MXNetError
from ..attrs import Positive
from ..declare import cases, operator
from ..flops import Call
from ..samples import Input, refused, sample
from ..shape_rule import PartialShape, merge_or_first, with_axes
from ..tensor.dot import gemm2, products_shape
from .matrices import check_matrices, check_types


def _products(call: Call) -> int:
    shape, attributes = call.inputs["A"], call.attributes
    transposed = attributes.get("transpose_a", attributes.get("transpose"))
    return prod(call.output) * shape[attributes.get("axis", -2) if transposed else -1]


def _added_shape(shapes: Sequence[PartialShape], attributes: Mapping[str, Any]) -> Sequence[PartialShape]:
    """Complete the shape of what is added to products."""
    return [*shapes[:2], *products_shape(shapes, attributes)]


@operator(
    "_linalg_gemm", aliases=["linalg_gemm"], kind="dense", multiply_adds=_products, precision="single",
    infer_inputs=_added_shape, from_partial=products_shape,
)  # fmt: skip
def gemm(
    A: Tensor,
    B: Tensor,
    C: Tensor,
    *,
    transpose_a: bool = False,
    transpose_b: bool = False,
    alpha: float = 1.0,
    beta: float = 1.0,
    axis: int = -2,
) -> Tensor:
    """Multiply pairs of matrices, and add others: alpha A B + beta C.

    Parameters
    ----------
    A, B : NDArray
        Arrays of matrices, of one type, float32 or float64, and with the same leading axes.
    C : NDArray
        What is added, of the shape of the products.
    transpose_a, transpose_b : bool, default False
        Transpose the matrices of `A` or `B`.
    alpha, beta : float, default 1
        The factors.
    axis : int, default -2
        The axis of the rows; the columns are the last axis.

    Returns
    -------
    NDArray
        The sums.

    Examples
    --------
    >>> from glueball import nd
    >>> nd.linalg.gemm(nd.ones((2, 3)), nd.ones((3, 1)), nd.ones((2, 1)), alpha=2, beta=10).asnumpy().tolist()
    [[16.0], [16.0]]
    """
    check_types("linalg.gemm", A, B, C)
    products = gemm2(A, B, transpose_a=transpose_a, transpose_b=transpose_b, alpha=alpha, axis=axis)
    if C.shape != products.shape:
        raise MXNetError(
            f"linalg.gemm: C must have the shape of the products, {tuple(products.shape)}; received {tuple(C.shape)}"
        )
    return products + beta * C


cases(
    "_linalg_gemm",
    samples=lambda: [
        sample((2, 3), (3, 4), (2, 4)),
        sample((3, 2), (3, 4), (2, 4), transpose_a=True, alpha=2, beta=0.5),
        sample((2, 3), (4, 3), (2, 4), transpose_b=True, beta=0),
        sample(*[Input(shape, "float64") for shape in ((2, 3, 4), (2, 4, 5), (2, 3, 5))]),
        sample((3, 2, 4), (4, 2, 5), (3, 2, 5), axis=0),
        sample((4, 2, 3), (5, 2, 4), (3, 2, 5), axis=-3, transpose_a=True, transpose_b=True),
    ],
    refusals=lambda: [
        refused("C must have the shape of the products", (2, 3), (3, 4), (1, 4)),
        refused("C must have the shape of the products", (2, 3), (3, 4), (4,)),
        refused("must be equal", (2, 3), (4, 4), (2, 4)),
        refused("axis must be between", (2, 3), (3, 4), (2, 4), axis=-1),
        refused("float32 or float64", *[Input(shape, "float16") for shape in ((2, 3), (3, 4), (2, 4))]),
        refused("all the same", (2, 3), Input((3, 4), "float64"), (2, 4)),
    ],
)  # fmt: skip


@operator(
    "_linalg_syrk",
    names_inputs=True,
    aliases=["linalg_syrk"],
    from_outputs="nothing",
    kind="dense",
    multiply_adds=_products,
    precision="single",
)
def syrk(A: Tensor, *, transpose: bool = False, alpha: float = 1.0) -> Tensor:
    """Multiply matrices with their transposes: alpha A A^T.

    Parameters
    ----------
    A : NDArray
        An array of matrices, float32 or float64.
    transpose : bool, default False
        Multiply the transposes with the matrices instead: alpha A^T A.
    alpha : float, default 1
        The factor.

    Returns
    -------
    NDArray
        Symmetric matrices.
    """
    check_matrices("linalg.syrk", A, square=False)
    left, right = (A.mT, A) if transpose else (A, A.mT)
    return alpha * torch.matmul(left, right)


cases(
    "_linalg_syrk",
    samples=lambda: [
        sample((2, 3)),
        sample((2, 3), transpose=True, alpha=0.5),
        sample(Input((2, 2, 3, 4), "float64"), alpha=-1),
    ],
    refusals=lambda: [
        refused("at least 2 axes", (3,)),
        refused("float32 or float64", Input((2, 2), "int32")),
    ],
)


def _check_triangular(owner: str, A: Tensor, B: Tensor, rightside: bool) -> None:
    check_types(owner, A, B)
    check_matrices(owner, A)
    if A.dim() != B.dim() or A.shape[:-2] != B.shape[:-2]:
        raise MXNetError(
            f"{owner}: all axes of A and B but the last two must be the same; "
            f"received {tuple(A.shape)} and {tuple(B.shape)}"
        )
    if A.shape[-1] != B.shape[-1 if rightside else -2]:
        raise MXNetError(
            f"{owner}: B must have as many {'columns' if rightside else 'rows'} as A; "
            f"received {tuple(A.shape)} and {tuple(B.shape)}"
        )


def _triangular_products(call: Call) -> int:
    return prod(call.output) * call.inputs["A"][-1]


def _triangular_inputs(
    inputs: Sequence[PartialShape], outputs: Sequence[PartialShape], attributes: Mapping[str, Any]
) -> Sequence[PartialShape]:
    result = outputs[0]
    if result is None or len(result) < 2:
        return inputs
    side = result[-1 if attributes["rightside"] else -2]
    square = (*result[:-2], side, side)
    return [merge_or_first(inputs[0], square), result] if None in inputs else inputs


@operator(
    "_linalg_trmm", aliases=["linalg_trmm"], kind="dense", multiply_adds=_triangular_products, precision="single",
    from_partial=with_axes(lambda shapes, attributes: [shapes[1]]), from_outputs=_triangular_inputs,
)  # fmt: skip
def trmm(
    A: Tensor, B: Tensor, *, transpose: bool = False, rightside: bool = False, lower: bool = True, alpha: float = 1.0
) -> Tensor:
    """Multiply triangular matrices with others: alpha A B.

    Parameters
    ----------
    A : NDArray
        An array of square matrices; what is outside of the triangle is not read.
    B : NDArray
        An array of matrices, of the same type and with the same leading axes.
    transpose : bool, default False
        Transpose the triangular matrices.
    rightside : bool, default False
        The triangular matrices are on the right: alpha B A.
    lower : bool, default True
        Whether the triangle is the lower or the upper one.
    alpha : float, default 1
        The factor.

    Returns
    -------
    NDArray
        The products.
    """
    _check_triangular("linalg.trmm", A, B, rightside)
    triangle = A.tril() if lower else A.triu()
    triangle = triangle.mT if transpose else triangle
    return alpha * (torch.matmul(B, triangle) if rightside else torch.matmul(triangle, B))


_TRIANGULAR_REFUSALS = [
    refused("square", (2, 3), (3, 2)),
    refused("as many rows", (2, 2), (3, 2)),
    refused("as many columns", (2, 2), (2, 3), rightside=True),
    refused("all axes of A and B but the last two", (2, 2), (3, 2, 2)),
    refused("all axes of A and B but the last two", (1, 2, 2), (3, 2, 2)),
    refused("float32 or float64", Input((2, 2), "float16"), Input((2, 2), "float16")),
]

cases(
    "_linalg_trmm",
    samples=lambda: [
        sample((2, 2), (2, 3)),
        sample((3, 3), (2, 3), rightside=True, alpha=2),
        sample((2, 2), (2, 3), transpose=True, lower=False),
        sample(Input((2, 3, 3), "float64"), Input((2, 3, 1), "float64"), lower=False),
    ],
    refusals=lambda: _TRIANGULAR_REFUSALS,
)


@operator(
    "_linalg_trsm", aliases=["linalg_trsm"], kind="dense", multiply_adds=_triangular_products, precision="single",
    from_partial=with_axes(lambda shapes, attributes: [shapes[1]]), from_outputs=_triangular_inputs,
)  # fmt: skip
def trsm(
    A: Tensor, B: Tensor, *, transpose: bool = False, rightside: bool = False, lower: bool = True, alpha: float = 1.0
) -> Tensor:
    """Solve triangular equations: X with A X = alpha B.

    Parameters
    ----------
    A : NDArray
        An array of square matrices; what is outside of the triangle is not read.
    B : NDArray
        An array of matrices, of the same type and with the same leading axes.
    transpose : bool, default False
        Transpose the triangular matrices.
    rightside : bool, default False
        The triangular matrices are on the right: X A = alpha B.
    lower : bool, default True
        Whether the triangle is the lower or the upper one.
    alpha : float, default 1
        The factor.

    Returns
    -------
    NDArray
        The solutions; not finite where a triangle has a 0 on its diagonal.

    Examples
    --------
    >>> from glueball import nd
    >>> nd.linalg.trsm(nd.array([[2, 0], [1, 1]]), nd.array([[4], [5]])).asnumpy().tolist()
    [[2.0], [3.0]]
    """
    _check_triangular("linalg.trsm", A, B, rightside)
    triangle = A.mT if transpose else A
    solved: Tensor = torch.linalg.solve_triangular(triangle, alpha * B, upper=lower is transpose, left=not rightside)
    return solved


_TWO = Input((2, 2), low=1, high=2)

cases(
    "_linalg_trsm",
    samples=lambda: [
        sample(_TWO, (2, 3)),
        sample(_TWO, (3, 2), rightside=True, alpha=2),
        sample(_TWO, (2, 3), transpose=True),
        sample(_TWO, (3, 2), transpose=True, rightside=True, lower=False),
        sample(Input((2, 3, 3), "float64", 1, 2), Input((2, 3, 2), "float64"), lower=False),
    ],
    refusals=lambda: _TRIANGULAR_REFUSALS,
)


def _column_products(call: Call) -> int:
    # The first product has the rows of two matrices, the next one those of three, and so on.
    count, total = 1, 0
    for number, shape in enumerate(call.inputs.values()):
        count *= shape[0]
        total += count * shape[1] if number else 0
    return total


@operator(
    "khatri_rao",
    variadic_by="num_args",
    from_outputs="nothing",
    kind="dense",
    flops=_column_products,
    precision="single",
)
def khatri_rao(*args: Tensor, num_args: Positive) -> Tensor:
    """Multiply matrices column by column: each column of the result is the Kronecker product of columns.

    Parameters
    ----------
    *args : NDArray
        One or more matrices with the same number of columns, of one type, float32 or float64.
    num_args : int
        The number of matrices; counted if not given.

    Returns
    -------
    NDArray
        A matrix whose rows are as many as those of all matrices multiplied. Differs from MXNet: it has a gradient.

    Examples
    --------
    >>> from glueball import nd
    >>> nd.khatri_rao(nd.array([[1, 2]]), nd.array([[3, 4], [5, 6]])).asnumpy().tolist()
    [[3.0, 8.0], [5.0, 12.0]]
    """
    check_types("khatri_rao", *args)
    if any(each.dim() != 2 for each in args) or len({each.shape[-1] for each in args}) > 1:
        raise MXNetError(
            "khatri_rao: args must be matrices with the same number of columns; "
            f"received {', '.join(str(tuple(each.shape)) for each in args)}"
        )
    result = args[0].clone()
    for each in args[1:]:
        result = (result.unsqueeze(1) * each).flatten(0, 1)
    return result


cases(
    "khatri_rao",
    samples=lambda: [
        sample((2, 3), (4, 3), num_args=2, gradient=False),
        sample((2, 3), num_args=1, gradient=False),
        sample(*[Input((rows, 2), "float64") for rows in (2, 1, 3)], num_args=3, gradient=False),
    ],
    refusals=lambda: [
        refused("the same number of columns", (2, 3), (4, 2), num_args=2),
        refused("the same number of columns", (3,), (3,), num_args=2),
        refused("float32 or float64", Input((2, 3), "int32"), Input((2, 3), "int32"), num_args=2),
    ],
)
