"""The operators that a layer can apply to its own result, and how."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from .fused import Activation

SWISH = Activation("swish", F.silu, (True,))
HARD_SWISH = Activation("hardswish", F.hardswish, (True,))

_SIMPLE = {
    "relu": Activation("", torch.relu_, limits=(0.0, None)),
    "sigmoid": Activation("sigmoid", torch.sigmoid_),
    "tanh": Activation("tanh", torch.tanh_),
}

_LEAKY: dict[str, Callable[[float], Activation]] = {
    "leaky": lambda slope: Activation("leaky_relu", F.leaky_relu, (slope, True), scalars=(slope,)),
    "elu": lambda slope: Activation("", F.elu, (slope, True)),
    "selu": lambda slope: Activation("", F.selu, (True,)),
    "gelu": lambda slope: Activation("gelu", F.gelu),
}


def activation_of(name: str, how: Mapping[str, Any]) -> Activation | None:
    """Return what an operator with these attributes does to each element, or None if a layer cannot do it."""
    if name == "clip":
        low, high = how["a_min"], how["a_max"]
        limits = (low, high)
        return Activation("", torch.clamp_, limits, limits) if low <= high else None  # the operator knows crossed ones
    if name == "LeakyReLU":
        make = _LEAKY.get(how["act_type"])
        return None if make is None else make(how["slope"])
    if name == "hard_sigmoid":
        return Activation("", hard_sigmoid, (how["alpha"], how["beta"]))
    return _SIMPLE.get(how["act_type"] if name == "Activation" else name)


def swish_of(beta: float) -> Activation:
    """Return x * sigmoid(beta * x)."""
    return SWISH if beta == 1 else Activation("", swish, (beta,))


def swish(data: Tensor, beta: float) -> Tensor:
    """Multiply each element by its sigmoid, in place."""
    return data.mul_((data * beta).sigmoid_())


def hard_sigmoid(data: Tensor, alpha: float, beta: float) -> Tensor:
    """Return alpha * data + beta, limited to the range from 0 to 1, in place."""
    return data.mul_(alpha).add_(beta).clamp_(0, 1)
