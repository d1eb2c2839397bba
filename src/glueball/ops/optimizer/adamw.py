"""Steps of AdamW (Loshchilov and Hutter): Adam whose weight decay does not pass through its averages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from ...core.errors import MXNetError
from ..attrs import Positive
from ..declare import cases, operator
from ..samples import Input, exactly, refused, sample
from ..shape_rule import PartialShape
from .common import clipped, decay_rates, require_alike
from .several import by_weight, facts, inputs_of, joined, require_one_each

_STATES = ("weight", "grad", "mean", "var")
_MIXED = (*_STATES, "weight32")


def _adamw(
    weight: Tensor, grad: Tensor, mean: Tensor, var: Tensor, scale: Tensor, *, lr: float, eta: float, wd: float,
    beta1: float, beta2: float, epsilon: float, clip_gradient: float,
) -> tuple[Tensor, Tensor, Tensor]:  # fmt: skip
    """Return the weight and the averages after a step, or as they are where the scale is 0 or not finite."""
    scale = scale.reshape(())
    usable = _usable(scale)
    gradient = clipped(grad * scale, clip_gradient)
    (kept, added), (kept_square, added_square) = decay_rates(beta1), decay_rates(beta2)
    new_mean = kept * mean + added * gradient
    new_var = kept_square * var + added_square * gradient * gradient
    moved = weight - eta * (lr * new_mean / (torch.sqrt(new_var) + epsilon) + wd * weight)
    new = ((moved, weight), (new_mean, mean), (new_var, var))
    moved, new_mean, new_var = [torch.where(usable, after, before) for after, before in new]
    return moved, new_mean, new_var


def _usable(scale: Tensor) -> Tensor:
    return torch.isfinite(scale) & (scale != 0)


def _mixed(
    weight: Tensor, grad: Tensor, mean: Tensor, var: Tensor, copy: Tensor, scale: Tensor, **settings: float
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Return the weight, the averages and the copy after a step that is made with the copy."""
    moved, mean, var = _adamw(copy, grad.float(), mean, var, scale, **settings)
    return torch.where(_usable(scale.reshape(())), moved.to(weight.dtype), weight), mean, var, moved


def _require_scale(owner: str, scale: Tensor) -> None:
    if scale.numel() != 1:
        raise MXNetError(f"{owner}: rescale_grad must have one number; received the shape {tuple(scale.shape)}")


def _shapes(shapes: list[PartialShape], attributes: object) -> list[PartialShape]:
    *arrays, _ = shapes
    known = next((shape for shape in arrays if shape is not None), None)
    return [*[known if shape is None else shape for shape in arrays], (1,) if shapes[-1] is None else shapes[-1]]


@operator("_adamw_update", auxiliary=("mean", "var"), infer_inputs=_shapes, kind="other", flops=14)  # fmt: skip
def adamw_update(
    weight: Tensor, grad: Tensor, mean: Tensor, var: Tensor, rescale_grad: Tensor, *, lr: float, beta1: float = 0.9,
    beta2: float = 0.999, epsilon: float = 1e-8, wd: float = 0.0, eta: float, clip_gradient: float = -1.0,
) -> tuple[Tensor, Tensor, Tensor]:  # fmt: skip
    """Return the weight after a step of AdamW, weight - eta * (lr * mean / (sqrt(var) + epsilon) + wd * weight).

    Parameters
    ----------
    weight, grad : NDArray
        The parameter and its gradient; ``out=weight`` updates the parameter.
    mean, var : NDArray
        The averages of the gradient and of its square, which are overwritten.
    rescale_grad : NDArray
        The factor of the gradient, one number. Where it is 0 or not finite, as after an overflow, nothing changes.
    lr, eta : float
        The learning rate, and the factor of the whole step.
    beta1, beta2, epsilon : float
        The decay rates of the averages, and what avoids division by zero.
    wd : float, default 0
        The weight decay, which acts on the weight itself.
    clip_gradient : float, default -1
        Where the gradient is clipped; a negative number is nowhere.
    """
    require_alike("_adamw_update", _STATES[1:], weight, (grad, mean, var), mixed=False)
    _require_scale("_adamw_update", rescale_grad)
    return _adamw(
        weight, grad, mean, var, rescale_grad, lr=lr, eta=eta, wd=wd, beta1=beta1, beta2=beta2, epsilon=epsilon,
        clip_gradient=clip_gradient,
    )  # fmt: skip


@operator("_mp_adamw_update", types="T, T, float32, float32, float32, float32 -> T", infer_inputs=_shapes,
          auxiliary=("mean", "var", "weight32"), kind="other", flops=14)  # fmt: skip
def mp_adamw_update(
    weight: Tensor, grad: Tensor, mean: Tensor, var: Tensor, weight32: Tensor, rescale_grad: Tensor, *, lr: float,
    beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8, wd: float = 0.0, eta: float,
    clip_gradient: float = -1.0,
) -> tuple[Tensor, Tensor, Tensor, Tensor]:  # fmt: skip
    """Return a low-precision weight after the step of `adamw_update`, which is made with its float32 copy.

    Parameters
    ----------
    weight, grad : NDArray
        The parameter and its gradient, of type float16 or bfloat16.
    mean, var, weight32 : NDArray
        The averages and the copy, of type float32; they are overwritten.
    rescale_grad, lr, beta1, beta2, epsilon, wd, eta, clip_gradient
        As for `adamw_update`.
    """
    require_alike("_mp_adamw_update", _MIXED[1:], weight, (grad, mean, var, weight32), mixed=True)
    _require_scale("_mp_adamw_update", rescale_grad)
    return _mixed(
        weight, grad, mean, var, weight32, rescale_grad, lr=lr, eta=eta, wd=wd, beta1=beta1, beta2=beta2,
        epsilon=epsilon, clip_gradient=clip_gradient,
    )  # fmt: skip


@operator("_multi_adamw_update", computed_anew=True, **facts(_STATES, 14, shared=1))
def multi_adamw_update(
    *data: Tensor, lrs: tuple[float, ...], beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8,
    wds: tuple[float, ...], etas: tuple[float, ...], clip_gradient: float = -1.0, num_weights: Positive = 1,
) -> tuple[Tensor, ...]:  # fmt: skip
    """Return several weights after the step of `adamw_update`, and store the new averages.

    Parameters
    ----------
    *data : NDArray
        Of each weight: itself, its gradient, and its averages, which are overwritten; then the factor of all gradients.
    lrs, wds, etas : tuple of float
        The learning rate, the weight decay and the factor of the step of each weight.
    beta1, beta2, epsilon, clip_gradient
        As for `adamw_update`.
    num_weights : int, default 1
        How many weights there are.
    """
    settings: dict[str, Any] = {"beta1": beta1, "beta2": beta2, "epsilon": epsilon, "clip_gradient": clip_gradient}
    parts = by_weight("_multi_adamw_update", data, _STATES, num_weights, shared=1)
    _require_scale("_multi_adamw_update", data[-1])
    require_one_each("_multi_adamw_update", num_weights, lrs=lrs, wds=wds, etas=etas)
    return joined([
        _adamw(*[*part, data[-1]], lr=lr, wd=wd, eta=eta, **settings)
        for part, lr, wd, eta in zip(parts, lrs, wds, etas, strict=True)
    ])  # fmt: skip


@operator("_multi_mp_adamw_update", **facts(_MIXED, 14, mixed=True, shared=1))
def multi_mp_adamw_update(
    *data: Tensor, lrs: tuple[float, ...], beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8,
    wds: tuple[float, ...], etas: tuple[float, ...], clip_gradient: float = -1.0, num_weights: Positive = 1,
) -> tuple[Tensor, ...]:  # fmt: skip
    """Return several low-precision weights after the step of `mp_adamw_update`, and store averages and copies.

    Parameters
    ----------
    *data : NDArray
        Of each weight: itself, its gradient, its averages and its copy, these three float32; they are overwritten. Then
        the factor of all gradients, float32.
    lrs, beta1, beta2, epsilon, wds, etas, clip_gradient, num_weights
        As for `multi_adamw_update`.
    """
    settings: dict[str, Any] = {"beta1": beta1, "beta2": beta2, "epsilon": epsilon, "clip_gradient": clip_gradient}
    parts = by_weight("_multi_mp_adamw_update", data, _MIXED, num_weights, shared=1, mixed=True)
    _require_scale("_multi_mp_adamw_update", data[-1])
    require_one_each("_multi_mp_adamw_update", num_weights, lrs=lrs, wds=wds, etas=etas)
    return joined([
        _mixed(*[*part, data[-1]], lr=lr, wd=wd, eta=eta, **settings)
        for part, lr, wd, eta in zip(parts, lrs, wds, etas, strict=True)
    ])  # fmt: skip


_SETTINGS: tuple[dict[str, Any], ...] = (
    {"lr": 0.1, "eta": 0.5},
    {"lr": 0.1, "eta": 1.0, "wd": 0.1, "beta1": 0.8, "beta2": 0.99, "epsilon": 1e-3, "clip_gradient": 0.3},
)
_SEVERAL: dict[str, Any] = {"lrs": (0.1, 0.2), "wds": (0.01, 0.0), "etas": (1.0, 0.5), "num_weights": 2}


def _one(mixed: bool) -> list[Input]:
    kind = "float16" if mixed else "float32"
    return inputs_of(_MIXED if mixed else _STATES, kind, mixed=mixed)[: 5 if mixed else 4]


def _declare_cases(mixed: bool) -> None:
    one, arrays = _one(mixed), _MIXED if mixed else _STATES
    # MXNet writes the scaled and clipped gradient into the array of the gradient; with these numbers nobody sees it.
    # tests/optimizer/test_steps.py has others.
    settings = _SETTINGS if mixed else (_SETTINGS[0], {**_SETTINGS[1], "clip_gradient": 5.0})
    scales = [exactly(number) for number in (0.5 if mixed else 1.0, 0.0, float("nan"), float("inf"))]
    cases(
        "_mp_adamw_update" if mixed else "_adamw_update",
        samples=lambda: [
            *[sample(*one, scales[0], gradient=False, rtol=3e-5, **each) for each in settings],
            *[sample(*one, scale, gradient=False, out=(0,), **settings[1]) for scale in scales],
        ],
        refusals=lambda: [
            refused("lr must be given", *one, scales[0], eta=1.0),
            refused("rescale_grad must have one number", *one, (2,), **_SETTINGS[0]),
            refused("grad must have the shape of the weight", one[0], (1, 3), *one[2:], (1,), **_SETTINGS[0]),
        ],
    )
    both: Sequence[Input] = inputs_of(arrays, one[0].dtype, mixed=mixed)
    cases(
        "_multi_mp_adamw_update" if mixed else "_multi_adamw_update",
        samples=lambda: [
            *[sample(*both, scale, gradient=False, out=(0, len(arrays)), **_SEVERAL) for scale in scales],
            sample(*both, scales[0], gradient=False, out=(0, len(arrays)), beta1=0.8, epsilon=1e-3, **_SEVERAL),
        ],
        refusals=lambda: [
            refused("the arrays must be weight, .* and 1 more", *both, **_SEVERAL),
            refused("rescale_grad must have one number", *both, (2,), **_SEVERAL),
            refused("etas must have one number", *both, (1,), **{**_SEVERAL, "etas": (1.0,)}),
        ],
    )


_declare_cases(mixed=False)
_declare_cases(mixed=True)
