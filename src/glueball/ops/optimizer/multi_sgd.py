"""Gradient descent of several weights in one call, with rates that are attributes or that are arrays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from torch import Tensor

from ..attrs import Positive
from ..declare import cases, operator
from ..samples import Input, refused, sample
from .common import Step
from .several import by_weight, facts, inputs_of, joined, require_one_each
from .sgd import mp_sgd_mom_update, mp_sgd_update, sgd_mom_update, sgd_update

_PLAIN = ("weight", "grad")
_MOMENTUM = ("weight", "grad", "mom")
_MIXED = ("weight", "grad", "weight32")
_MIXED_MOMENTUM = ("weight", "grad", "mom", "weight32")

_RATES: dict[str, Any] = {"lrs": (0.1, 0.2), "wds": (0.01, 0.0)}
_FURTHER: dict[str, Any] = {"num_weights": 2, "rescale_grad": 0.5, "clip_gradient": 0.3}


def _stepped(
    owner: str, step: Step, arrays: Sequence[str], data: Sequence[Tensor], num_weights: int,
    lrs: Sequence[float], wds: Sequence[float], **settings: float,
) -> tuple[Tensor, ...]:  # fmt: skip
    parts = by_weight(owner, data, arrays, num_weights, mixed=owner.startswith("multi_mp_"))
    require_one_each(owner, num_weights, lrs=lrs, wds=wds)
    return joined([step(*part, lr=lr, wd=wd, **settings) for part, lr, wd in zip(parts, lrs, wds, strict=True)])


def _preloaded(
    owner: str, step: Step, arrays: Sequence[str], data: Sequence[Tensor], num_weights: int, **settings: float
) -> tuple[Tensor, ...]:
    mixed = owner.startswith("preloaded_multi_mp_")
    parts = by_weight(owner, data, arrays, num_weights, shared=2, mixed=mixed)
    lrs, wds = data[-2:]
    require_one_each(owner, num_weights, lrs=lrs.reshape(-1), wds=wds.reshape(-1))
    rates = zip(parts, lrs.reshape(-1), wds.reshape(-1), strict=True)
    return joined([step(*part, lr=lr, wd=wd, **settings) for part, lr, wd in rates])


@operator("multi_sgd_update", **facts(_PLAIN, 3, listed=True))
def multi_sgd_update(
    *data: Tensor, lrs: tuple[float, ...], wds: tuple[float, ...], rescale_grad: float = 1.0,
    clip_gradient: float = -1.0, num_weights: Positive = 1,
) -> tuple[Tensor, ...]:  # fmt: skip
    """Return several weights after the step of `sgd_update`.

    Parameters
    ----------
    *data : NDArray
        Of each weight: itself and its gradient. ``out=[weight, ...]`` updates the weights.
    lrs, wds : tuple of float
        The learning rate and the weight decay of each weight.
    rescale_grad, clip_gradient
        As for `sgd_update`.
    num_weights : int, default 1
        How many weights there are.
    """
    return _stepped(
        "multi_sgd_update", sgd_update, _PLAIN, data, num_weights, lrs, wds,
        rescale_grad=rescale_grad, clip_gradient=clip_gradient,
    )  # fmt: skip


@operator("multi_sgd_mom_update", **facts(_MOMENTUM, 5, listed=True))
def multi_sgd_mom_update(
    *data: Tensor, lrs: tuple[float, ...], wds: tuple[float, ...], momentum: float = 0.0, rescale_grad: float = 1.0,
    clip_gradient: float = -1.0, num_weights: Positive = 1,
) -> tuple[Tensor, ...]:  # fmt: skip
    """Return several weights after the step of `sgd_mom_update`, and store the new momenta.

    Parameters
    ----------
    *data : NDArray
        Of each weight: itself, its gradient and its momentum, which is overwritten. ``out=[weight, ...]`` updates
        the weights.
    lrs, wds, rescale_grad, clip_gradient, num_weights
        As for `multi_sgd_update`.
    momentum : float, default 0
        How much of the momentum is kept.
    """
    return _stepped(
        "multi_sgd_mom_update", sgd_mom_update, _MOMENTUM, data, num_weights, lrs, wds,
        momentum=momentum, rescale_grad=rescale_grad, clip_gradient=clip_gradient,
    )  # fmt: skip


@operator("multi_mp_sgd_update", **facts(_MIXED, 3, mixed=True, listed=True), from_outputs="nothing")
def multi_mp_sgd_update(
    *data: Tensor, lrs: tuple[float, ...], wds: tuple[float, ...], rescale_grad: float = 1.0,
    clip_gradient: float = -1.0, num_weights: Positive = 1,
) -> tuple[Tensor, ...]:  # fmt: skip
    """Return several low-precision weights after the step of `mp_sgd_update`, and store their new copies.

    Parameters
    ----------
    *data : NDArray
        Of each weight: itself, its gradient and its float32 copy, which is overwritten.
    lrs, wds, rescale_grad, clip_gradient, num_weights
        As for `multi_sgd_update`.
    """
    return _stepped(
        "multi_mp_sgd_update", mp_sgd_update, _MIXED, data, num_weights, lrs, wds,
        rescale_grad=rescale_grad, clip_gradient=clip_gradient,
    )  # fmt: skip


@operator("multi_mp_sgd_mom_update", **facts(_MIXED_MOMENTUM, 5, mixed=True, listed=True))
def multi_mp_sgd_mom_update(
    *data: Tensor, lrs: tuple[float, ...], wds: tuple[float, ...], momentum: float = 0.0, rescale_grad: float = 1.0,
    clip_gradient: float = -1.0, num_weights: Positive = 1,
) -> tuple[Tensor, ...]:  # fmt: skip
    """Return several low-precision weights after the step of `mp_sgd_mom_update`, and store momenta and copies.

    Parameters
    ----------
    *data : NDArray
        Of each weight: itself, its gradient, its momentum and its copy, both float32; they are overwritten.
    lrs, wds, momentum, rescale_grad, clip_gradient, num_weights
        As for `multi_sgd_mom_update`.
    """
    return _stepped(
        "multi_mp_sgd_mom_update", mp_sgd_mom_update, _MIXED_MOMENTUM, data, num_weights, lrs, wds,
        momentum=momentum, rescale_grad=rescale_grad, clip_gradient=clip_gradient,
    )  # fmt: skip


@operator("preloaded_multi_sgd_update", **facts(_PLAIN, 3, shared=2))
def preloaded_multi_sgd_update(
    *data: Tensor, rescale_grad: float = 1.0, clip_gradient: float = -1.0, num_weights: Positive = 1
) -> tuple[Tensor, ...]:
    """Return several weights after the step of `multi_sgd_update`, with rates that are arrays.

    Parameters
    ----------
    *data : NDArray
        The arrays of `multi_sgd_update`; then the learning rates and the weight decays, a number for each weight.
    rescale_grad, clip_gradient, num_weights
        As for `multi_sgd_update`.
    """
    return _preloaded(
        "preloaded_multi_sgd_update", sgd_update, _PLAIN, data, num_weights,
        rescale_grad=rescale_grad, clip_gradient=clip_gradient,
    )  # fmt: skip


@operator("preloaded_multi_sgd_mom_update", **facts(_MOMENTUM, 5, shared=2))
def preloaded_multi_sgd_mom_update(
    *data: Tensor, momentum: float = 0.0, rescale_grad: float = 1.0, clip_gradient: float = -1.0,
    num_weights: Positive = 1,
) -> tuple[Tensor, ...]:  # fmt: skip
    """Return several weights after the step of `multi_sgd_mom_update`, with rates that are arrays.

    Parameters
    ----------
    *data : NDArray
        The arrays of `multi_sgd_mom_update`; then the learning rates and the weight decays, a number for each weight.
    momentum, rescale_grad, clip_gradient, num_weights
        As for `multi_sgd_mom_update`.
    """
    return _preloaded(
        "preloaded_multi_sgd_mom_update", sgd_mom_update, _MOMENTUM, data, num_weights,
        momentum=momentum, rescale_grad=rescale_grad, clip_gradient=clip_gradient,
    )  # fmt: skip


@operator("preloaded_multi_mp_sgd_update", **facts(_MIXED, 3, mixed=True, shared=2))
def preloaded_multi_mp_sgd_update(
    *data: Tensor, rescale_grad: float = 1.0, clip_gradient: float = -1.0, num_weights: Positive = 1
) -> tuple[Tensor, ...]:
    """Return several low-precision weights after the step of `multi_mp_sgd_update`, with rates that are arrays.

    Parameters
    ----------
    *data : NDArray
        The arrays of `multi_mp_sgd_update`; then the learning rates and the weight decays, float32.
    rescale_grad, clip_gradient, num_weights
        As for `multi_sgd_update`.
    """
    return _preloaded(
        "preloaded_multi_mp_sgd_update", mp_sgd_update, _MIXED, data, num_weights,
        rescale_grad=rescale_grad, clip_gradient=clip_gradient,
    )  # fmt: skip


@operator("preloaded_multi_mp_sgd_mom_update", **facts(_MIXED_MOMENTUM, 5, mixed=True, shared=2))
def preloaded_multi_mp_sgd_mom_update(
    *data: Tensor, momentum: float = 0.0, rescale_grad: float = 1.0, clip_gradient: float = -1.0,
    num_weights: Positive = 1,
) -> tuple[Tensor, ...]:  # fmt: skip
    """Return several low-precision weights after the step of `multi_mp_sgd_mom_update`, with rates that are arrays.

    Parameters
    ----------
    *data : NDArray
        The arrays of `multi_mp_sgd_mom_update`; then the learning rates and the weight decays, float32.
    momentum, rescale_grad, clip_gradient, num_weights
        As for `multi_sgd_mom_update`.
    """
    return _preloaded(
        "preloaded_multi_mp_sgd_mom_update", mp_sgd_mom_update, _MIXED_MOMENTUM, data, num_weights,
        momentum=momentum, rescale_grad=rescale_grad, clip_gradient=clip_gradient,
    )  # fmt: skip


def _declare_cases(name: str, arrays: Sequence[str], preloaded: bool) -> None:
    mixed = "_mp_" in name
    momentum: dict[str, Any] = {"momentum": 0.9} if "mom" in arrays else {}
    kind = "float16" if mixed else "float32"
    rates = [Input((2,), low=0.05, high=0.3), Input((2,), low=0.0, high=0.1)] if preloaded else []
    given = {} if preloaded else _RATES
    weights = (0, len(arrays))
    both = [*inputs_of(arrays, kind, mixed=mixed), *rates]
    cases(
        name,
        samples=lambda: [
            sample(*both, num_weights=2, gradient=False, out=weights, **given),
            sample(*both, gradient=False, out=weights, **momentum, **given, **_FURTHER),
        ],
        refusals=lambda: [
            refused(rf"the arrays must be .* of each of the 3 weights.*received {len(both)}", *both, num_weights=3,
                    **given),
            refused(r"grad 1 must have the shape of the weight, \(4,\)",
                    *[Input((5,), each.dtype) if place == len(arrays) + 1 else each for place, each in enumerate(both)],
                    num_weights=2, **given),
            *([] if preloaded else [refused("lrs must have one number for each of the 2 weights; received 1", *both,
                                            num_weights=2, lrs=(0.1,), wds=(0, 0))]),
        ],
    )  # fmt: skip


for _arrays, _name in (
    (_PLAIN, "multi_sgd_update"), (_MOMENTUM, "multi_sgd_mom_update"),
    (_MIXED, "multi_mp_sgd_update"), (_MIXED_MOMENTUM, "multi_mp_sgd_mom_update"),
):  # fmt: skip
    _declare_cases(_name, _arrays, preloaded=False)
    _declare_cases(f"preloaded_{_name}", _arrays, preloaded=True)
