"""Steps of LAMB (You et al.) of several weights in one call, both phases at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from ..attrs import Positive, Shape
from ..declare import cases, operator
from ..samples import refused, sample
from .lamb import lamb_update_phase1, lamb_update_phase2
from .several import by_weight, facts, inputs_of, joined, require_one_each

_STATES = ("weight", "grad", "mean", "var")
_MIXED = (*_STATES, "weight32")


def _stepped(
    owner: str, parts: Sequence[Sequence[Tensor]], measured: Sequence[Tensor], lrs: Sequence[float],
    wds: Sequence[float], counts: Sequence[int], bounds: Mapping[str, Any], settings: Mapping[str, Any],
) -> list[tuple[Tensor, ...]]:  # fmt: skip
    """Return for each weight what `lamb_update_phase2` makes of it, and its averages; `measured` has the norms."""
    require_one_each(owner, len(parts), learning_rates=lrs, wds=wds, step_count=counts)
    results: list[tuple[Tensor, ...]] = []
    for (weight, grad, mean, var), sized, lr, wd, count in zip(parts, measured, lrs, wds, counts, strict=True):
        direction, mean, var = lamb_update_phase1(weight, grad, mean, var, t=count, wd=wd, **settings)
        norms = [torch.linalg.vector_norm(one).reshape(1) for one in (sized.to(weight.dtype), direction)]
        results.append((lamb_update_phase2(weight, direction, *norms, lr=lr, **bounds), mean, var))
    return results


@operator("_multi_lamb_update", computed_anew=True, **facts(_STATES, 18, count="num_tensors"))
def multi_lamb_update(
    *data: Tensor, learning_rates: tuple[float, ...], beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-6,
    wds: tuple[float, ...], rescale_grad: float = 1.0, lower_bound: float = -1.0, upper_bound: float = -1.0,
    clip_gradient: float = -1.0, bias_correction: bool = True, step_count: Shape, num_tensors: Positive = 1,
) -> tuple[Tensor, ...]:  # fmt: skip
    """Return several weights after a step of LAMB, and store the new averages.

    Parameters
    ----------
    *data : NDArray
        Of each weight: itself, its gradient, and its averages, which are overwritten. ``out=[weight, ...]`` updates
        the weights.
    learning_rates, wds : tuple of float
        The learning rate and the weight decay of each weight.
    step_count : tuple of int
        The number of the step of each weight, from 1.
    beta1, beta2, epsilon, rescale_grad, clip_gradient, bias_correction
        As for `lamb_update_phase1`.
    lower_bound, upper_bound
        As for `lamb_update_phase2`.
    num_tensors : int, default 1
        How many weights there are.
    """
    parts = by_weight("_multi_lamb_update", data, _STATES, num_tensors)
    bounds = {"lower_bound": lower_bound, "upper_bound": upper_bound}
    settings = {
        "beta1": beta1, "beta2": beta2, "epsilon": epsilon, "rescale_grad": rescale_grad,
        "clip_gradient": clip_gradient, "bias_correction": bias_correction,
    }  # fmt: skip
    weights = [part[0] for part in parts]
    return joined(_stepped("_multi_lamb_update", parts, weights, learning_rates, wds, step_count, bounds, settings))


@operator("_multi_mp_lamb_update", **facts(_MIXED, 18, mixed=True, count="num_tensors"))
def multi_mp_lamb_update(
    *data: Tensor, learning_rates: tuple[float, ...], beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-6,
    wds: tuple[float, ...], rescale_grad: float = 1.0, lower_bound: float = -1.0, upper_bound: float = -1.0,
    clip_gradient: float = -1.0, bias_correction: bool = True, step_count: Shape, num_tensors: Positive = 1,
) -> tuple[Tensor, ...]:  # fmt: skip
    """Return several low-precision weights after a step of LAMB, and store averages and copies.

    Parameters
    ----------
    *data : NDArray
        Of each weight: itself, its gradient, its averages and its copy, these three float32; they are overwritten.
    learning_rates, wds, step_count, num_tensors
        As for `multi_lamb_update`.
    beta1, beta2, epsilon, rescale_grad, clip_gradient, bias_correction
        As for `lamb_update_phase1`.
    lower_bound, upper_bound
        As for `lamb_update_phase2`.
    """
    parts = by_weight("_multi_mp_lamb_update", data, _MIXED, num_tensors, mixed=True)
    copies = [(copy, grad.float(), mean, var) for _, grad, mean, var, copy in parts]
    bounds = {"lower_bound": lower_bound, "upper_bound": upper_bound}
    settings = {
        "beta1": beta1, "beta2": beta2, "epsilon": epsilon, "rescale_grad": rescale_grad,
        "clip_gradient": clip_gradient, "bias_correction": bias_correction,
    }  # fmt: skip
    weights = [part[0] for part in parts]  # as in MXNet, the norms are those of the rounded weights
    results = _stepped("_multi_mp_lamb_update", copies, weights, learning_rates, wds, step_count, bounds, settings)
    return joined([
        (moved.to(weight.dtype), mean, var, moved) for weight, (moved, mean, var) in zip(weights, results, strict=True)
    ])  # fmt: skip


_SEVERAL: dict[str, Any] = {
    "learning_rates": (0.1, 0.2), "wds": (0.01, 0.0), "step_count": (1, 3), "num_tensors": 2,
}  # fmt: skip
_FURTHER: tuple[dict[str, Any], ...] = (
    {"rescale_grad": 0.5, "clip_gradient": 0.3, "beta1": 0.8, "beta2": 0.99, "epsilon": 1e-3},
    {"bias_correction": False, "lower_bound": 3.0},
    {"upper_bound": 0.5},
)


def _declare_cases(name: str, mixed: bool) -> None:
    arrays = _MIXED if mixed else _STATES
    both = inputs_of(arrays, "float16" if mixed else "float32", mixed=mixed)
    weights = (0, len(arrays))
    cases(
        name,
        samples=lambda: [
            sample(*both, gradient=False, out=weights, rtol=3e-5, **_SEVERAL, **each) for each in ({}, *_FURTHER)
        ],
        refusals=lambda: [
            refused("the arrays must be weight, grad, mean, var", *both[1:], **_SEVERAL),
            refused("step_count must have one number for each", *both, **{**_SEVERAL, "step_count": (1,)}),
        ],
    )


_declare_cases("_multi_lamb_update", mixed=False)
_declare_cases("_multi_mp_lamb_update", mixed=True)
