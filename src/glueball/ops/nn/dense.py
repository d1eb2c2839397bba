"""The fully connected layer: a matrix product and a bias."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

import torch.nn.functional as F
from torch import Tensor

from ...core.errors import MXNetError
from ..attrs import Positive
from ..checks import one_type, same_float
from ..declare import cases, operator
from ..samples import Input, exactly, refused, sample
from ..shape_rule import UNKNOWN, PartialShape, batch_like_output
from ..weighted import Weighted
from .bias import check_bias, without_bias


def dense_shapes(shapes: Sequence[PartialShape], attributes: Mapping[str, Any]) -> Sequence[PartialShape]:
    """Complete the shapes of weight and bias: (num_hidden, features) and (num_hidden,)."""
    data, units = shapes[0], attributes["num_hidden"]
    if not data:
        return shapes
    kept = data[1:] if attributes["flatten"] else data[-1:]
    features = prod(kept) if UNKNOWN not in kept else UNKNOWN
    return [data, (units, features), (units,)]


def _output_shape(shapes: Sequence[PartialShape], attributes: Mapping[str, Any]) -> Sequence[PartialShape] | None:
    data = shapes[0]
    if not data:
        return None
    return [(*(data[:1] if attributes["flatten"] else data[:-1]), attributes["num_hidden"])]


def _diagnose(
    data: Tensor, weight: Tensor, bias: Tensor | None, num_hidden: int, no_bias: bool, error: Exception
) -> MXNetError:
    owner = "FullyConnected"
    if data.dim() == 0 or tuple(weight.shape) != (num_hidden, data.shape[-1]):
        return MXNetError(
            f"{owner}: weight must have shape (num_hidden, features) = ({num_hidden}, "
            f"{data.shape[-1] if data.dim() else '?'}); received {tuple(weight.shape)}"
        )
    check_bias(owner, bias, no_bias, num_hidden)
    if not same_float(data, weight, bias):
        return one_type(owner, data=data, weight=weight, bias=bias)
    return MXNetError(f"{owner}: {str(error).splitlines()[0]}")


@operator(
    "FullyConnected",
    npx="fully_connected",
    aliases=["_sparse_FullyConnected"],
    omits=without_bias,
    infer_inputs=dense_shapes,
    infer_outputs=_output_shape,
    from_partial=_output_shape,
    from_outputs=batch_like_output,
    weighted=Weighted(is_last=lambda attributes: True),
    kind="dense",
    multiply_adds=lambda call: prod(call.output) * call.inputs["weight"][1],
    caption="{num_hidden} units",
    precision="low",
    output_names=("output",),
)
def fully_connected(
    data: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    *,
    num_hidden: Positive,
    no_bias: bool = False,
    flatten: bool = True,
) -> Tensor:
    """Multiply each row by a matrix and add a bias: data weight^T + bias.

    Parameters
    ----------
    data : NDArray
        (N, ...).
    weight : NDArray
        (num_hidden, features), where features is the product of all lengths but the first, or with ``flatten=False``
        the last length.
    bias : NDArray
        (num_hidden,); left out with ``no_bias=True``.
    num_hidden : int
        The number of outputs for each row.
    no_bias : bool, default False
        Leave the bias out.
    flatten : bool, default True
        Read the data as N rows. False: only the last axis is multiplied, the others are kept.

    Returns
    -------
    NDArray
        (N, num_hidden); with ``flatten=False`` the shape of the data with `num_hidden` as its last length.

    Raises
    ------
    MXNetError
        Shapes do not fit; the message names the rule.
    """
    if flatten and data.dim() != 2:
        data = data.flatten(1) if data.dim() > 2 else data.reshape(-1, 1)
    try:
        # What torch would silently accept: other axes, one bias for all, integers, two types on META.
        if (
            weight.dim() != 2
            or weight.shape[0] != num_hidden
            or (bias is None) is not no_bias
            or (bias is not None and (bias.dim() != 1 or bias.shape[0] != num_hidden))
            or not weight.is_floating_point()
            or data.dtype is not weight.dtype
            or (bias is not None and bias.dtype is not weight.dtype)
        ):
            raise ValueError
        return F.linear(data, weight, bias)
    except (RuntimeError, ValueError, IndexError) as error:
        raise _diagnose(data, weight, bias, num_hidden, no_bias, error) from error


cases(
    "FullyConnected",
    samples=lambda: [
        sample((2, 4), (5, 4), (5,), num_hidden=5),
        sample((2, 3, 4), (5, 12), (5,), num_hidden=5),
        sample((2, 3, 4), (5, 4), (5,), num_hidden=5, flatten=False),
        sample((2, 4), (5, 4), None, num_hidden=5, no_bias=True),
        sample((4,), (5, 1), (5,), num_hidden=5),
        sample((4,), (5, 4), (5,), num_hidden=5, flatten=False),
        sample(Input((2, 4), "float64"), Input((5, 4), "float64"), Input((5,), "float64"), num_hidden=5),
    ],
    refusals=lambda: [
        refused("weight must have shape", (2, 4), (5, 3), (5,), num_hidden=5),
        refused("weight must have shape", (2, 4), (5, 4), (5,), num_hidden=6),
        refused("weight must have shape", (2, 4), (5, 4), None, num_hidden=6, no_bias=True),
        refused("weight must have shape", exactly(1, shape=()), (5, 4), (5,), num_hidden=5),
        refused("num_hidden must be an int of at least 1", (2, 4), (5, 4), (5,), num_hidden=0),
        refused("weight must have shape", (2, 4), (4,), None, num_hidden=4, no_bias=True),
        refused("bias must have shape", (2, 4), (5, 4), (1,), num_hidden=5),
        refused("bias must have shape", (5, 4), (5, 4), (5, 1), num_hidden=5),
        refused("bias must have shape", (5, 4), (5, 4), (5, 5), num_hidden=5),
        refused("bias must be given", (2, 4), (5, 4), None, num_hidden=5),
        refused("bias must be left out", (2, 4), (5, 4), (5,), num_hidden=5, no_bias=True),
        refused("one floating-point type", (2, 4), Input((5, 4), "float64"), (5,), num_hidden=5),
        refused("one floating-point type", Input((2, 4), "int32"), Input((5, 4), "int32"), Input((5,), "int32"),
                num_hidden=5),
    ],
)  # fmt: skip
