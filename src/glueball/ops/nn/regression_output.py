"""Output layers for regression and margins: they return the prediction, and backward() starts at them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from ...core.errors import MXNetError
from ..checks import not_float, one_type
from ..declare import cases, operator
from ..gradient import with_gradient
from ..samples import Input, exactly, refused, sample
from ..shape_rule import PartialShape, first_of_several
from ..sparse.reductions import CSR_LABEL

_REGRESSION = """Return {result}, with the gradient of {loss}, ignoring the incoming gradient.

Parameters
----------
data : NDArray
    (N, ...) of a floating-point type: the predictions.
label : NDArray
    The targets, of the type and the shape of the data; for data of shape (N, 1) also (N,).
grad_scale : float, default 1
    Multiplies the gradient, which is {gradient}, divided by the number of elements of each of the N entries.
"""


def _check(owner: str, data: Tensor, label: Tensor) -> None:
    if not data.is_floating_point():
        raise not_float(owner, data)
    if label.dtype is not data.dtype:
        raise one_type(owner, data=data, label=label)


def _alike(shapes: Sequence[PartialShape], attributes: Mapping[str, Any]) -> Sequence[PartialShape]:
    data, label = shapes
    if label is not None or data is None:
        return shapes
    return [data, data[:1] if data[1:] == (1,) else data]


def _less_one_axis(shapes: Sequence[PartialShape], attributes: Mapping[str, Any]) -> Sequence[PartialShape]:
    data, label = shapes
    return [data, data[:-1]] if data and (label is None or len(label) == len(data) - 1) else shapes


def _sign(difference: Tensor) -> Tensor:
    """Return 1 above 0, else -1: even a perfect prediction has a gradient, as in MXNet."""
    return torch.where(difference > 0, 1.0, -1.0).to(difference.dtype)


def _declare_regression(
    name: str,
    transform: Callable[[Tensor], Tensor],
    slope: Callable[[Tensor], Tensor],
    flops: int,
    **words: str,
) -> None:
    @operator(
        name,
        aliases=[f"_sparse_{name}"],
        from_partial="nothing",
        infer_inputs=_alike,
        kind="output",
        flops=flops,
        precision="single",
        own_gradient=True,
        sparse=None if name.startswith("MAE") else CSR_LABEL,
    )
    def regression_output(data: Tensor, label: Tensor, *, grad_scale: float = 1.0) -> Tensor:
        _check(name, data, label)
        if label.shape != data.shape and not (data.shape[1:] == (1,) and label.shape == data.shape[:1]):
            raise MXNetError(
                f"{name}: label must have the shape of the data, {tuple(data.shape)}; received {tuple(label.shape)}"
            )
        result = transform(data)
        scale = grad_scale * data.shape[0] / max(data.numel(), 1)
        return with_gradient(result, data, label, lambda: slope(result - label.reshape(data.shape)) * scale)

    cases(
        name,
        samples=lambda: [
            sample((2, 3), (2, 3), derivative=False),
            sample((2, 3, 4), (2, 3, 4), grad_scale=2.5, derivative=False),
            sample((3, 1), (3,), derivative=False),
            sample((3,), (3,), derivative=False),
            sample(exactly(1, 0, 2), exactly(1, 0, 3), derivative=False),
            sample(
                Input((2, 3), "float64"), Input((2, 3), "float64"), derivative=False, rtol=1e-7
            ),  # its scale has single precision
        ],
        refusals=lambda: [
            refused("label must have the shape of the data", (2, 3), (6,)),
            refused("one floating-point type", (2,), Input((2,), "int32")),
            refused("floating-point", Input((2,), "int32"), Input((2,), "int32")),
        ],
    )

    regression_output.__name__ = name
    regression_output.__doc__ = _REGRESSION.format(**words)


_declare_regression(
    "LinearRegressionOutput", lambda data: data.clone(), lambda difference: difference, flops=0,
    result="the data", loss="half the squared error", gradient="data - label",
)  # fmt: skip
_declare_regression(
    "LogisticRegressionOutput", torch.sigmoid, lambda difference: difference, flops=1,
    result="the logistic function of the data", loss="the cross-entropy to the label",
    gradient="sigmoid(data) - label",
)  # fmt: skip
_declare_regression(
    "MAERegressionOutput", lambda data: data.clone(), _sign, flops=0,
    result="the data", loss="the absolute error", gradient="1 where data > label, else -1",
)  # fmt: skip


@operator(
    "SVMOutput",
    names_gradients=True,
    computed_anew=True,
    from_partial=first_of_several,
    infer_inputs=_less_one_axis,
    kind="output",
    flops=0,
    precision="single",
    output_names=("output",),
)
def svm_output(
    data: Tensor,
    label: Tensor,
    *,
    margin: float = 1.0,
    regularization_coefficient: float = 1.0,
    use_linear: bool = False,
) -> Tensor:
    """Return the data, with the gradient of a support vector machine's loss, ignoring the incoming gradient.

    The score of the correct class should be above `margin`, all others below -`margin`.

    Parameters
    ----------
    data : NDArray
        (N, ...) of a floating-point type: scores; the classes are the last axis.
    label : NDArray
        Class numbers, of the type of the data and of its shape without the last axis.
    margin : float, default 1
        How far from 0 a score should be.
    regularization_coefficient : float, default 1
        Multiplies the gradient.
    use_linear : bool, default False
        The loss is the distance to the margin; if False, its square.
    """
    _check("SVMOutput", data, label)
    if data.dim() < 2:
        raise MXNetError(f"SVMOutput: data must have at least 2 dimensions; received shape {tuple(data.shape)}")
    if label.shape != data.shape[:-1]:
        raise MXNetError(f"SVMOutput: label must have shape {tuple(data.shape[:-1])}; received {tuple(label.shape)}")

    def gradient() -> Tensor:
        right = label.unsqueeze(-1).long() == torch.arange(data.shape[-1], device=data.device)
        direction = torch.where(right, 1.0, -1.0).to(data.dtype)
        missing = margin - direction * data
        slope = (missing > 0).to(data.dtype) if use_linear else 2 * missing.clamp_min(0)
        return -regularization_coefficient * direction * slope

    return with_gradient(data.clone(), data, label, gradient)


cases(
    "SVMOutput",
    samples=lambda: [
        sample((3, 4), exactly(0, 3, 1), derivative=False),
        sample((3, 4), exactly(0, 3, 7), use_linear=True, derivative=False),
        sample((3, 4), exactly(0, -1, 1), margin=0.5, regularization_coefficient=2, derivative=False),
        sample((3, 4), exactly(0, 3, 1), margin=0.5, regularization_coefficient=2, use_linear=True, derivative=False),
        sample(exactly(1, -1, 2, shape=(1, 3)), exactly(0), use_linear=True, derivative=False),
        sample((2, 2, 3), exactly(0, 5, 2, 0, shape=(2, 2)), derivative=False),
    ],
    refusals=lambda: [
        refused(r"label must have shape \(2,\)", (2, 3), (3,)),
        refused("at least 2 dimensions", (3,), (3,)),
        refused("one floating-point type", (2, 3), Input((2,), "int32")),
    ],
)
