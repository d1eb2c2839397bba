"""The distributions that random operators draw from: their parameters, the rules for these, and how to draw.

A drawing function fills an array of a floating-point type with draws from a torch generator. Its parameters, in the
order in which they are declared, are numbers, or arrays that broadcast against the result.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from ..core.errors import MXNetError

Value = float | Tensor
Draw = Callable[..., Tensor]


@dataclass(frozen=True)
class Parameter:
    """One parameter of a distribution.

    Attributes
    ----------
    name, sample_name
        Its name when it is one number, and when it is an array of numbers.
    default
        Its default as a number.
    meaning, rule
        What it is, and the rule that its values must satisfy, in words; '' if there is no rule.
    holds
        Whether the rule holds, given one value (or an array, element-wise).
    whole
        Whether it is a count, which makes it an int attribute.
    """

    name: str
    sample_name: str
    default: float
    meaning: str
    rule: str = ""
    holds: Callable[[Value], bool | Tensor] | None = None
    whole: bool = False


@dataclass(frozen=True)
class Distribution:
    """A distribution: `name` is the middle of its operators' names (``_random_<name>``, ``_sample_<name>``).

    `in_half`: whether half precision, if requested, is drawn directly; by default it is drawn in float32 and rounded.
    """

    name: str
    summary: str
    parameters: tuple[Parameter, ...]
    draw: Draw
    in_half: bool = False

    def check(self, owner: str, values: Mapping[str, Value]) -> None:
        """Refuse parameters that break a rule; `values` has the names in `parameters`."""
        for parameter in self.parameters:
            value = values[parameter.name]
            if parameter.holds is None or (isinstance(value, Tensor) and value.is_meta):
                continue
            holds = parameter.holds(value)
            if not (bool(holds.all()) if isinstance(holds, Tensor) else holds):
                name = parameter.sample_name if isinstance(value, Tensor) else parameter.name
                raise MXNetError(f"{owner}: {name} must be {parameter.rule}; received {_brief(value)}")
        if self.name == "uniform":
            _check_range(owner, values["low"], values["high"])


def _check_range(owner: str, low: Value, high: Value) -> None:
    ordered = low <= high
    if isinstance(ordered, Tensor):
        ordered = ordered.is_meta or bool(ordered.all())
    if not ordered:
        raise MXNetError(f"{owner}: low must not be above high; received {_brief(low)} and {_brief(high)}")


def _brief(value: Value) -> str:
    return f"values from {value.min()} to {value.max()}" if isinstance(value, Tensor) else str(value)


def _full(out: Tensor, value: Value) -> Tensor:
    """Return a parameter in the shape and type of the result."""
    if isinstance(value, Tensor):
        return value.to(out.dtype).expand(out.shape).contiguous()
    return torch.full_like(out, value)


def _uniform(out: Tensor, rng: torch.Generator, low: Value, high: Value) -> Tensor:
    if isinstance(low, Tensor) or isinstance(high, Tensor):
        return out.uniform_(generator=rng).mul_(high - low).add_(low)
    return out.uniform_(low, high, generator=rng)


def _normal(out: Tensor, rng: torch.Generator, loc: Value, scale: Value) -> Tensor:
    return out.normal_(generator=rng).mul_(scale).add_(loc)


def _exponential(out: Tensor, rng: torch.Generator, lam: Value) -> Tensor:
    return out.exponential_(generator=rng).div_(lam)


def _gamma(out: Tensor, rng: torch.Generator, alpha: Value, beta: Value) -> Tensor:
    return torch._standard_gamma(_full(out, alpha), generator=rng).mul_(beta)


def _poisson(out: Tensor, rng: torch.Generator, lam: Value) -> Tensor:
    return torch.poisson(_full(out, lam), generator=rng)


def _negative_binomial(out: Tensor, rng: torch.Generator, k: Value, p: Value) -> Tensor:
    # A Poisson variable whose rate is itself gamma-distributed.
    return _poisson(out, rng, _gamma(out, rng, k, (1 - p) / p))


def _generalized_negative_binomial(out: Tensor, rng: torch.Generator, mu: Value, alpha: Value) -> Tensor:
    spread = _full(out, alpha)
    rates = _gamma(out, rng, 1 / spread.clamp(min=1e-30), 1.0).mul_(spread).mul_(mu)
    return _poisson(out, rng, torch.where(spread > 0, rates, _full(out, mu)))  # without dispersion: Poisson


def _positive(value: Value) -> bool | Tensor:
    return value > 0


def _at_least_0(value: Value) -> bool | Tensor:
    return value >= 0


def _probability(value: Value) -> bool | Tensor:
    return (value > 0) & (value <= 1)


DISTRIBUTIONS = (
    Distribution(
        "uniform", "numbers from a uniform distribution over [low, high)",
        (
            Parameter("low", "low", 0.0, "the smallest number"),
            Parameter("high", "high", 1.0, "the end of the range, at least `low`"),
        ),
        _uniform, in_half=True,  # rounding up to `high` would leave the range
    ),
    Distribution(
        "normal", "numbers from a normal (Gaussian) distribution",
        (
            Parameter("loc", "mu", 0.0, "the mean"),
            Parameter("scale", "sigma", 1.0, "the standard deviation", "positive", _positive),
        ),
        _normal,
    ),
    Distribution(
        "exponential", "numbers from an exponential distribution",
        (Parameter("lam", "lam", 1.0, "the rate, 1 over the mean", "positive", _positive),),
        _exponential,
    ),
    Distribution(
        "gamma", "numbers from a gamma distribution",
        (
            Parameter("alpha", "alpha", 1.0, "the shape", "positive", _positive),
            Parameter("beta", "beta", 1.0, "the scale: the mean is alpha times beta", "positive", _positive),
        ),
        _gamma,
    ),
    Distribution(
        "poisson", "counts from a Poisson distribution",
        (Parameter("lam", "lam", 1.0, "the mean", "at least 0", _at_least_0),),
        _poisson,
    ),
    Distribution(
        "negative_binomial", "numbers of failures before the k-th success",
        (
            Parameter("k", "k", 1, "the number of successes", "at least 0", _at_least_0, whole=True),
            Parameter("p", "p", 1.0, "the probability of success", "above 0 and at most 1", _probability),
        ),
        _negative_binomial,
    ),
    Distribution(
        "generalized_negative_binomial", "counts from a negative binomial distribution, given its mean and dispersion",
        (
            Parameter("mu", "mu", 1.0, "the mean", "at least 0", _at_least_0),
            Parameter(
                "alpha", "alpha", 1.0, "the dispersion: the variance is mu + alpha mu^2; 0 is Poisson", "at least 0",
                _at_least_0,
            ),
        ),
        _generalized_negative_binomial,
    ),
)  # fmt: skip
