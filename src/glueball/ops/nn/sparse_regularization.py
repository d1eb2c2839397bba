"""A penalty for units that are active too often: IdentityAttachKLSparseReg."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from torch import Tensor

from ...core.dtype import type_name
from ...core.errors import MXNetError
from ...core.torch_function import TensorFunction
from ..checks import check_float
from ..declare import Training, cases, operator
from ..samples import Input, refused, sample
from ..shape_rule import PartialShape, like_first
from .batch_norm import moving_statistic

_OWNER = "IdentityAttachKLSparseReg"


class _Penalized(TensorFunction):
    """The identity, whose backward adds the same row to the gradient of each row."""

    @staticmethod
    def forward(ctx: Any, data: Tensor, added: Tensor) -> Tensor:
        ctx.save_for_backward(added)
        return data.clone()

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None]:
        (added,) = ctx.saved_tensors
        return gradient + added, None


def _shapes(shapes: Sequence[PartialShape], attributes: Mapping[str, Any]) -> Sequence[PartialShape]:
    data = shapes[0]
    return shapes if data is None or len(data) < 2 else [data, (data[1],)]


@operator(
    _OWNER, names_gradients=True,
    auxiliary=("moving_avg",), states_of_training=True, initializers={"moving_avg": '["zero", {}]'},
    infer_inputs=_shapes, infer_outputs=like_first, output_names=("output",), kind="output", flops=0,
    precision="single",
)  # fmt: skip
def identity_attach_kl_sparse_reg(
    data: Tensor,
    moving_avg: Tensor,
    *,
    sparseness_target: float = 0.1,
    penalty: float = 0.001,
    momentum: float = 0.9,
    training: Training,
) -> Tensor | tuple[Tensor, ...]:
    """Return the data, and add the gradient of a penalty for units whose mean activation is far from a target.

    The penalty is the Kullback-Leibler divergence of two coins, one that shows heads as often as the target says, the
    other as often as the unit is active, by a moving average over batches. The loss itself is not changed.

    Parameters
    ----------
    data : NDArray
        (N, C), or (N, C, ...) with a last axis of C: activations between 0 and 1, such as those of sigmoid.
    moving_avg : NDArray
        (C,): the mean activations. In training mode they become momentum moving_avg + (1 - momentum) mean.
    sparseness_target : float, default 0.1
        How active a unit should be, from 0 to 1.
    penalty : float, default 0.001
        The weight of the penalty.
    momentum : float, default 0.9
        The weight of the old averages, from 0 to 1.

    Differs from MXNet
    ------------------
    MXNet has no function of arrays for it, and computes in float32 only.
    """
    check_float(_OWNER, data)
    for name, value in (("sparseness_target", sparseness_target), ("momentum", momentum)):
        if not 0 <= value <= 1:
            raise MXNetError(f"{_OWNER}: {name} must be from 0 to 1; received {value}")
    units = data.shape[1] if data.dim() > 1 else 0
    if data.dim() < 2 or data.shape[-1] != units or moving_avg.shape != (units,):
        raise MXNetError(
            f"{_OWNER}: data and moving_avg must have shapes (N, C) and (C,); "
            f"received {tuple(data.shape)} and {tuple(moving_avg.shape)}"
        )
    if moving_avg.dtype is not data.dtype:
        raise MXNetError(
            f"{_OWNER}: moving_avg must have the type of data, {type_name(data.dtype)}; "
            f"received {type_name(moving_avg.dtype)}"
        )
    average = moving_avg.detach()
    if not training:
        return data.clone(), moving_avg
    average = moving_statistic(average, data.detach().reshape(-1, units).mean(0), momentum)
    added = penalty * ((1 - sparseness_target) / (1 - average) - sparseness_target / average)
    return _Penalized.apply(data, added), average


_ACTIVE = Input((4, 3), low=0.1, high=0.9)
_AVERAGES = Input((3,), low=0.1, high=0.9)

cases(
    _OWNER,
    samples=lambda: [
        sample(_ACTIVE, _AVERAGES, training=True, penalty=0.5, judge="numpy", derivative=False),
        sample(_ACTIVE, _AVERAGES, sparseness_target=0.3, momentum=0.5, judge="numpy", derivative=False),
    ],
    refusals=lambda: [
        refused("shapes \\(N, C\\) and \\(C,\\)", (4, 3), (4,)),
        refused("shapes \\(N, C\\) and \\(C,\\)", (4,), (4,)),
        refused("shapes \\(N, C\\) and \\(C,\\)", (4, 3, 2), (3,)),
        refused("must have the type of data", (4, 3), Input((3,), "float64")),
        refused("floating-point", Input((4, 3), "int32"), (3,)),
        refused("sparseness_target must be", (4, 3), (3,), sparseness_target=1.5),
        refused("momentum must be", (4, 3), (3,), momentum=-1),
    ],
)
