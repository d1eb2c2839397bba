"""Norms of vectors and matrices, as ``mx.np.linalg`` has them."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from ...core.errors import InvalidValueError
from ...core.integer_tape import converted
from ..attrs import Shape
from ..axes import distinct_axes
from ..declare import cases, operator
from ..flops import per_input
from ..samples import Input, refused, sample

#: What MXNet's attribute ``flag`` says: the root of the sum of all squares; that over axes; the sum of the singular
#: values. Other values leave it to the number of axes whether `ord` is of a vector or of a matrix.
_ALL, _SQUARES, _NUCLEAR = -2, 1, 2

_OF_MATRICES = (1.0, -1.0, 2.0, -2.0, float("inf"), float("-inf"))


@operator("_npi_norm", types="T -> T/", hidden_outputs=3, kind="other", flops=per_input(2), precision="single")
def norm(
    data: Tensor, *, ord: float = 2.0, axis: Shape | None = None, keepdims: bool = False, flag: int = -1
) -> Tensor:
    """Return norms of vectors or matrices.

    Parameters
    ----------
    data : NDArray
        Numbers; integers count as float32.
    ord : float, default 2
        Which norm: that of vectors over one axis, that of matrices over two.
    axis : tuple of int, optional
        The axes; by default the only one, or the last two.
    keepdims : bool, default False
        Whether the axes stay, with length 1.
    flag : int, default -1
        -2 for the root of the sum of the squares of all elements; 1 for that over the axes, and 2 for the sum of the
        singular values, whatever `ord` is; other values for the norm that `ord` says.
    """
    x = data if data.is_floating_point() else converted(data, torch.float32)
    if flag == _ALL:
        whole: Tensor = torch.linalg.vector_norm(x, dim=tuple(range(x.dim())), keepdim=keepdims)
        return whole
    axes = (
        tuple(range(max(0, x.dim() - 2), x.dim()))
        if axis is None
        else tuple(distinct_axes("np.linalg.norm", axis, x.dim()))
    )
    if len(axes) not in (1, 2) or (flag == _NUCLEAR and len(axes) != 2):
        raise InvalidValueError(
            f"np.linalg.norm: a norm must be over one axis, or two for one of matrices; "
            f"received axis {axis} and shape {tuple(x.shape)}"
        )
    if flag == _SQUARES or len(axes) == 1:
        return _explained(x, 2.0 if flag == _SQUARES else ord, axes, keepdims)
    if flag != _NUCLEAR and ord not in _OF_MATRICES:
        raise InvalidValueError(
            f"np.linalg.norm: ord of a matrix must be 1, -1, 2, -2, inf or -inf; received {ord}; "
            "give one axis for the norm of vectors"
        )
    computed = converted(x, torch.float32) if x.dtype in (torch.float16, torch.bfloat16) else x
    found = torch.linalg.matrix_norm(computed, "nuc" if flag == _NUCLEAR else ord, axes, keepdims)
    return converted(found, x.dtype)


def _explained(x: Tensor, ord: float, axes: Shape, keepdims: bool) -> Tensor:
    try:
        found: Tensor = torch.linalg.vector_norm(x, ord, axes, keepdims)
        return found
    except RuntimeError as error:
        raise InvalidValueError(
            f"np.linalg.norm: there must be an element for the norm {ord}; received shape {tuple(x.shape)}"
        ) from error
    return found


_MATRIX_NORMS: list[tuple[tuple[int, ...], dict[str, Any]]] = [
    ((2, 3), {"flag": 2}),
    ((2, 3, 4), {"axis": (1, 2), "flag": 2, "keepdims": True}),
    ((2, 3), {"ord": 2}),
    ((2, 3), {"ord": 1}),
    ((2, 3), {"ord": float("inf")}),
    ((2, 3), {"ord": -2, "axis": (0, 1), "flag": 0}),
]

cases(
    "_npi_norm",
    samples=lambda: [
        sample((2, 3), flag=-2),
        sample((2, 3), flag=-2, keepdims=True),
        sample((2, 3, 4), axis=(0, 2), flag=1),
        *[
            # MXNet multiplies the gradients of norms of matrices twice by that of the result.
            sample(Input(shape, distinct=True), gradient=judge == "numpy", judge=judge, **attributes)
            for shape, attributes in _MATRIX_NORMS
            for judge in ("mxnet", "numpy")
        ],
        sample((2, 3), ord=3, axis=(1,)),
        sample((3,), ord=1),
        sample(Input((2, 3), "float64"), ord=2.5, axis=(-1,), keepdims=True),
        sample((), flag=-2),
    ],
    refusals=lambda: [
        refused("from -2 to 1", (2, 3), axis=(2,)),
        refused("one axis, or two", (2, 3, 4), axis=(0, 1, 2)),
        refused("must be 1, -1, 2", (2, 3), ord=3),
        refused("there must be an element", (0,), ord=float("inf")),
    ],
)
