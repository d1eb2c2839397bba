"""AdaGrad with one rate for each row of a weight, as for embeddings."""

from __future__ import annotations

import torch
from torch import Tensor

from ...core.errors import MXNetError
from ..declare import cases, operator
from ..samples import Input, refused, sample
from ..shape_rule import PartialShape
from ..sparse.steps import BY_ROW
from .common import alike, refusals_of, require_alike, used_gradient


def _rows(shapes: list[PartialShape], attributes: object) -> list[PartialShape]:
    weight = shapes[0] if shapes[1] is None else shapes[1]
    return [weight, weight, None if weight is None else (weight[0], *[1] * (len(weight) - 1))]


@operator("_contrib_group_adagrad_update", auxiliary=("history",), infer_inputs=_rows, kind="other",
          flops=7, sparse=BY_ROW)  # fmt: skip
def group_adagrad_update(
    weight: Tensor, grad: Tensor, history: Tensor, *, lr: float, rescale_grad: float = 1.0,
    clip_gradient: float = -1.0, epsilon: float = 1e-5,
) -> tuple[Tensor, Tensor]:  # fmt: skip
    """Return the weight after a step of AdaGrad with one rate for each row, and store the new history.

    history += mean(grad ** 2 of a row), and weight - lr * grad / sqrt(history + epsilon) is returned.

    Parameters
    ----------
    weight, grad : NDArray
        The parameter and its gradient, of two or more axes; ``out=weight`` updates the parameter.
    history : NDArray
        (rows, 1, ...), the sum of the means of each row, which is overwritten.
    lr, rescale_grad, clip_gradient
        As for `sgd_update`.
    epsilon : float, default 1e-5
        Avoids division by zero.
    """
    require_alike("group_adagrad_update", ("grad",), weight, (grad,), mixed=False)
    expected = (weight.shape[0], *[1] * (weight.dim() - 1)) if weight.dim() else ()
    if weight.dim() < 2 or tuple(history.shape) != expected:
        raise MXNetError(
            f"group_adagrad_update: the weight must have two or more axes, and history one number for each row of it; "
            f"received {tuple(weight.shape)} and {tuple(history.shape)}"
        )
    gradient = used_gradient(grad, rescale_grad, clip_gradient)
    history = history + (gradient * gradient).mean(dim=tuple(range(1, gradient.dim())), keepdim=True)
    return weight - lr * gradient / torch.sqrt(history + epsilon), history


@operator("_sparse_adagrad_update", elementwise=True, auxiliary=("history",), flops=7, sparse=BY_ROW)
@alike
def adagrad_update(
    weight: Tensor, grad: Tensor, history: Tensor, *, lr: float, epsilon: float = 1e-7, wd: float = 0.0,
    rescale_grad: float = 1.0, clip_gradient: float = -1.0,
) -> tuple[Tensor, Tensor]:  # fmt: skip
    """Return the weight after a step of AdaGrad, and store the new history; of a row_sparse gradient only its rows.

    history += grad ** 2, and weight - lr * (grad / sqrt(history + epsilon) + wd * weight) is returned.

    Parameters
    ----------
    weight, grad : NDArray
        The parameter and its gradient; ``out=weight`` updates the parameter.
    history : NDArray
        The sum of the squares, which is overwritten.
    lr, wd, rescale_grad, clip_gradient
        As for `sgd_update`.
    epsilon : float, default 1e-7
        Avoids division by zero.
    """
    gradient = used_gradient(grad, rescale_grad, clip_gradient)
    history = history + gradient * gradient
    return weight - lr * (gradient / torch.sqrt(history + epsilon) + wd * weight), history


cases(
    "_sparse_adagrad_update",
    samples=lambda: [
        sample((2, 3), (2, 3), Input((2, 3), low=0.1), lr=0.1, judge="numpy", gradient=False),
        sample((2, 3), (2, 3), Input((2, 3), low=0.1), lr=0.1, wd=0.01, rescale_grad=0.5, clip_gradient=0.3,
               judge="numpy", gradient=False),
    ],
    refusals=refusals_of(3),
)  # fmt: skip


_HISTORY = Input((2, 1), low=0.1)

# MXNet has it for sparse gradients only; tests/optimizer/test_steps.py says what is right.
cases(
    "_contrib_group_adagrad_update",
    samples=lambda: [
        sample((2, 3), (2, 3), _HISTORY, lr=0.1, judge="numpy", gradient=False),
        sample((2, 3), (2, 3), _HISTORY, lr=0.1, rescale_grad=0.5, clip_gradient=0.3, epsilon=0.1, judge="numpy",
               gradient=False),
    ],
    refusals=lambda: [
        refused("lr must be given", (2, 3), (2, 3), _HISTORY),
        refused("history one number for each row", (2, 3), (2, 3), (2,), lr=0.1),
        refused("grad must have the shape", (2, 3), (3, 2), _HISTORY, lr=0.1),
    ],
)  # fmt: skip
