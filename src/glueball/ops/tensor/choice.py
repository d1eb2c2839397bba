"""Choosing elements of two arrays by a condition: where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from ...core.errors import MXNetError
from ..declare import cases, operator
from ..samples import Input, exactly, refused, sample
from ..shape_rule import PartialShape, all_alike, is_known, merge_all, merge_or_first
from ..sparse.places import WHERE


def _where_shapes(shapes: Sequence[PartialShape], attributes: Mapping[str, Any]) -> Sequence[PartialShape]:
    condition, *choices = shapes
    return [condition, *all_alike(choices, attributes)] if is_known(condition) else shapes


def _choices_of_result(
    inputs: Sequence[PartialShape], outputs: Sequence[PartialShape], attributes: Mapping[str, Any]
) -> Sequence[PartialShape]:
    condition, *choices = inputs
    return [condition, *(merge_or_first(choice, outputs[0]) for choice in choices)] if is_known(condition) else inputs


def _chosen_shapes(shapes: Sequence[PartialShape], attributes: Mapping[str, Any]) -> Sequence[PartialShape]:
    condition, *choices = shapes
    return [merge_all(choices) if is_known(condition) else None]


@operator(
    "where",
    gradient_names=("cond_backward", "backward", "backward"),
    aliases=["_sparse_where"],
    from_partial=_chosen_shapes,
    infer_inputs=_where_shapes,
    from_outputs=_choices_of_result,
    types="C, T, T -> T",
    kind="other",
    flops=1,
    precision="widest",
    sparse=WHERE,
)
def where(condition: Tensor, x: Tensor, y: Tensor) -> Tensor:
    """Take elements of `x` where the condition holds, and of `y` elsewhere.

    Parameters
    ----------
    condition : NDArray
        It holds where it is not 0. Of the shape of `x`, or a vector with one number for each row of `x`.
    x, y : NDArray
        Of the same shape and type.

    Returns
    -------
    NDArray
        An array of the shape and type of `x`.
    """
    if x.shape != y.shape or x.dtype is not y.dtype:
        received = " and ".join(f"{tuple(array.shape)} {str(array.dtype).removeprefix('torch.')}" for array in (x, y))
        raise MXNetError(f"where: x and y must have one shape and type; received {received}")
    if condition.shape != x.shape:
        if condition.shape != x.shape[:1]:
            raise MXNetError(
                f"where: condition must have the shape of x, {tuple(x.shape)}, or {tuple(x.shape[:1])} for whole rows; "
                f"received {tuple(condition.shape)}"
            )
        condition = condition.reshape(-1, *[1] * (x.dim() - 1))
    return torch.where(condition.detach() != 0, x, y)


cases(
    "where",
    samples=lambda: [
        sample(exactly(1, 0, -2, 0.5), (4,), (4,), derivative=False),
        sample(exactly(1, 0, dtype="int32"), (2, 3), (2, 3)),
        sample(exactly(1, 0, 0, 2, shape=(2, 2)), Input((2, 2), "float64"), Input((2, 2), "float64"), derivative=False),
        sample(exactly(1, 0), Input((2,), "int32", 0, 9), Input((2,), "int32", 0, 9), gradient=False),
        sample(exactly(1, 0, dtype="bool"), (2,), (2,), judge="numpy"),
    ],
    refusals=lambda: [
        refused("x and y must have one shape and type", exactly(1, 0), (2,), (3,)),
        refused("x and y must have one shape and type", exactly(1, 0), (2,), Input((2,), "float64")),
        refused("condition must have", exactly(1, 0, 1), (2, 3), (2, 3)),
    ],
)
