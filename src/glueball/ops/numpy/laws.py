"""The distributions that ``mx.np`` draws from: each is a function of standard numbers and of its parameters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from ..signature import REQUIRED

Value = float | Tensor
#: Draws numbers whose distribution has no parameters, of a kind of `ops/draw.py`.
Standard = Callable[..., Tensor]


@dataclass(frozen=True)
class Parameter:
    """A parameter of a distribution: its default, what it is, and the rule for its values."""

    name: str
    default: Any
    meaning: str
    rule: str = ""


@dataclass(frozen=True)
class Law:
    """A distribution.

    Attributes
    ----------
    names : tuple of str
        Its operators.
    summary : str
        What they draw.
    parameters : tuple of Parameter
        One or two.
    compute : callable
        Takes a function that draws standard numbers, by kind, and the parameters; returns the draws.
    differentiable : bool
        Whether MXNet has the gradient with respect to the parameters; otherwise it is zero.
    has_ctx, has_dtype : bool
        Which attributes its operators have.
    """

    names: tuple[str, ...]
    summary: str
    parameters: tuple[Parameter, ...]
    compute: Callable[..., Tensor]
    differentiable: bool = True
    has_ctx: bool = True
    has_dtype: bool = False


def _uniform(standard: Standard, low: Value, high: Value) -> Tensor:
    return standard("uniform", 0.0, 1.0) * (high - low) + low


def _normal(standard: Standard, loc: Value, scale: Value) -> Tensor:
    return standard("normal", 0.0, 1.0) * scale + loc


def _gamma(standard: Standard, shape: Value, scale: Value) -> Tensor:
    if isinstance(shape, Tensor):
        return standard("gamma", shape.detach(), torch.ones_like(shape)) * scale
    return standard("gamma", shape, 1.0) * scale


def _exponential(standard: Standard, scale: Value) -> Tensor:
    return standard("exponential", 1.0) * scale


def _gumbel(standard: Standard, loc: Value, scale: Value) -> Tensor:
    return loc - standard("exponential", 1.0).log() * scale


def _logistic(standard: Standard, loc: Value, scale: Value) -> Tensor:
    # The difference of two Gumbel variables: no logarithm of 0, as u / (1 - u) could have.
    one, other = standard("exponential", 1.0), standard("exponential", 1.0)
    return loc + (one.log() - other.log()) * scale


def _pareto(standard: Standard, a: Value) -> Tensor:
    return torch.expm1(standard("exponential", 1.0) / a)


def _power(standard: Standard, a: Value) -> Tensor:
    return torch.exp(-standard("exponential", 1.0) / a)


def _rayleigh(standard: Standard, scale: Value) -> Tensor:
    return (2 * standard("exponential", 1.0)).sqrt() * scale


def _weibull(standard: Standard, a: Value) -> Tensor:
    return standard("exponential", 1.0) ** (1 / a)


_LOC = Parameter("loc", REQUIRED, "the location")
_SCALE = Parameter("scale", REQUIRED, "the scale", "at least 0")
_OPTIONAL_SCALE = Parameter("scale", 1.0, "the scale", "at least 0")
_SHAPE = Parameter("a", None, "the shape of the distribution", "positive")

LAWS = (
    Law(
        ("_npi_uniform", "_npi_uniform_n"), "from a uniform distribution over [low, high)",
        (Parameter("low", REQUIRED, "the smallest number"), Parameter("high", REQUIRED, "the end of the range")),
        _uniform, differentiable=False, has_dtype=True,
    ),
    Law(
        ("_npi_normal", "_npi_normal_n"), "from a normal (Gaussian) distribution",
        (Parameter("loc", REQUIRED, "the mean"), Parameter("scale", REQUIRED, "the standard deviation", "at least 0")),
        _normal, has_dtype=True,
    ),
    Law(
        ("_npi_gamma",), "from a gamma distribution, whose mean is shape times scale",
        (
            Parameter("shape", REQUIRED, "the shape of the distribution", "positive"),
            Parameter("scale", REQUIRED, "the scale", "positive"),
        ),
        _gamma, differentiable=False, has_dtype=True,
    ),
    Law(
        ("_npi_exponential",), "from an exponential distribution, whose mean is the scale", (_OPTIONAL_SCALE,),
        _exponential,
    ),
    Law(("_npi_gumbel",), "from a Gumbel distribution", (_LOC, _SCALE), _gumbel),
    Law(("_npi_logistic",), "from a logistic distribution", (_LOC, _SCALE), _logistic),
    Law(("_npi_pareto",), "from a Pareto II (Lomax) distribution, which begins at 0", (_SHAPE,), _pareto),
    Law(
        ("_npi_powerd",), "from a power distribution over [0, 1], with density a x^(a-1)", (_SHAPE,), _power,
        differentiable=False, has_ctx=False,
    ),
    Law(("_npi_rayleigh",), "from a Rayleigh distribution", (_OPTIONAL_SCALE,), _rayleigh),
    Law(("_npi_weibull",), "from a Weibull distribution with scale 1", (_SHAPE,), _weibull),
)  # fmt: skip
