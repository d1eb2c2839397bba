"""``sym.random``: random arrays in a graph, drawn anew by each run.

Each function takes numbers as parameters, and the graph draws an array of `shape`; or symbols, and it draws `shape`
numbers for each of their elements. See the function of the same name in `glueball.nd.random` for the parameters.
"""

from __future__ import annotations

from typing import Any

from ..core.errors import MXNetError
from ..ops.attrs import Null
from .namespace import functions
from .symbol import Symbol

__all__ = [
    "exponential", "exponential_like", "gamma", "gamma_like", "generalized_negative_binomial",
    "generalized_negative_binomial_like", "multinomial", "negative_binomial", "negative_binomial_like", "normal",
    "normal_like", "poisson", "poisson_like", "randint", "randn", "shuffle", "uniform", "uniform_like",
]  # fmt: skip

exponential_like = functions["_random_exponential_like"]
gamma_like = functions["_random_gamma_like"]
generalized_negative_binomial_like = functions["_random_generalized_negative_binomial_like"]
negative_binomial_like = functions["_random_negative_binomial_like"]
normal_like = functions["_random_normal_like"]
poisson_like = functions["_random_poisson_like"]
uniform_like = functions["_random_uniform_like"]


def _draw(name: str, parameters: dict[str, Any], shape: Any, dtype: Any, options: dict[str, Any]) -> Symbol:
    symbols = [isinstance(value, Symbol) for value in parameters.values()]
    dtype = Null if dtype is None else dtype
    if all(symbols):
        return functions[f"_sample_{name}"](*parameters.values(), shape=shape, dtype=dtype, **options)
    if any(symbols):
        raise MXNetError(f"random.{name}: the parameters must be all numbers or all symbols; received both")
    return functions[f"_random_{name}"](**parameters, shape=shape, dtype=dtype, **options)


def uniform(low: Any = 0, high: Any = 1, shape: Any = Null, dtype: Any = Null, **kwargs: Any) -> Symbol:
    """Draw numbers spread evenly over [low, high)."""
    return _draw("uniform", {"low": low, "high": high}, shape, dtype, kwargs)


def normal(loc: Any = 0, scale: Any = 1, shape: Any = Null, dtype: Any = Null, **kwargs: Any) -> Symbol:
    """Draw from normal distributions with mean `loc` and standard deviation `scale`."""
    return _draw("normal", {"loc": loc, "scale": scale}, shape, dtype, kwargs)


def randn(*shape: int, **kwargs: Any) -> Symbol:
    """Draw from normal distributions as `normal` does, with the shape as separate arguments.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.sym.random.randn(2, 3, scale=0.1).eval()[0].shape
    (2, 3)
    """
    if "shape" in kwargs:
        raise TypeError(f"random.randn: the shape must be given as separate ints; received shape={kwargs['shape']!r}")
    return normal(shape=shape, **kwargs)


def poisson(lam: Any = 1, shape: Any = Null, dtype: Any = Null, **kwargs: Any) -> Symbol:
    """Draw from Poisson distributions with mean `lam`."""
    return _draw("poisson", {"lam": lam}, shape, dtype, kwargs)


def exponential(scale: Any = 1, shape: Any = Null, dtype: Any = Null, **kwargs: Any) -> Symbol:
    """Draw from exponential distributions with mean `scale`."""
    rate = functions["_RDivScalar"](scale, scalar=1.0) if isinstance(scale, Symbol) else 1.0 / scale
    return _draw("exponential", {"lam": rate}, shape, dtype, kwargs)


def gamma(alpha: Any = 1, beta: Any = 1, shape: Any = Null, dtype: Any = Null, **kwargs: Any) -> Symbol:
    """Draw from gamma distributions with shape `alpha` and scale `beta`."""
    return _draw("gamma", {"alpha": alpha, "beta": beta}, shape, dtype, kwargs)


def negative_binomial(k: Any = 1, p: Any = 1, shape: Any = Null, dtype: Any = Null, **kwargs: Any) -> Symbol:
    """Draw how many failures come before the `k`-th success of probability `p`."""
    return _draw("negative_binomial", {"k": k, "p": p}, shape, dtype, kwargs)


def generalized_negative_binomial(
    mu: Any = 1, alpha: Any = 1, shape: Any = Null, dtype: Any = Null, **kwargs: Any
) -> Symbol:
    """Draw from generalized negative binomial distributions with mean `mu` and dispersion `alpha`."""
    return _draw("generalized_negative_binomial", {"mu": mu, "alpha": alpha}, shape, dtype, kwargs)


def multinomial(data: Symbol, shape: Any = Null, get_prob: bool = True, dtype: Any = "int32", **kwargs: Any) -> Symbol:
    """Draw indices with the probabilities in the last axis of `data`, and give their log-probabilities too."""
    return functions["_sample_multinomial"](data, shape=shape, get_prob=get_prob, dtype=dtype, **kwargs)


def randint(low: int, high: int, shape: Any = Null, dtype: Any = Null, **kwargs: Any) -> Symbol:
    """Draw integers of [low, high)."""
    return _draw("randint", {"low": low, "high": high}, shape, dtype, kwargs)


def shuffle(data: Symbol, **kwargs: Any) -> Symbol:
    """Put the rows of `data` into a random order."""
    return functions["_shuffle"](data, **kwargs)
