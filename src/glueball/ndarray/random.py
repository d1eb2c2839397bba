"""``nd.random``: random arrays.

Each function takes numbers as parameters and draws an array of `shape`, or takes arrays and draws `shape` numbers for
each of their elements. The generator of the context is used, which `glueball.random.seed` seeds: the same seed gives
the same numbers again. Differs from MXNet: the numbers themselves are torch's, since MXNet's streams cannot be
reproduced.
"""

from __future__ import annotations

import numbers
from collections.abc import Sequence
from typing import Any

import numpy as np

from ..core.context import Context
from ..core.errors import MXNetError
from ..ops.attrs import Null
from ..ops.declare import registry
from .invoke import Result, invoke
from .namespace import as_context, make_function
from .ndarray import NDArray

__all__ = [
    "exponential", "exponential_like", "gamma", "gamma_like", "generalized_negative_binomial",
    "generalized_negative_binomial_like", "multinomial", "negative_binomial", "negative_binomial_like", "normal",
    "normal_like", "poisson", "poisson_like", "randint", "randn", "shuffle", "uniform", "uniform_like",
]  # fmt: skip

exponential_like = make_function(registry["_random_exponential_like"], "exponential_like")
gamma_like = make_function(registry["_random_gamma_like"], "gamma_like")
generalized_negative_binomial_like = make_function(
    registry["_random_generalized_negative_binomial_like"], "generalized_negative_binomial_like"
)
negative_binomial_like = make_function(registry["_random_negative_binomial_like"], "negative_binomial_like")
normal_like = make_function(registry["_random_normal_like"], "normal_like")
poisson_like = make_function(registry["_random_poisson_like"], "poisson_like")
uniform_like = make_function(registry["_random_uniform_like"], "uniform_like")


def _draw(
    name: str, parameters: Sequence[Any], shape: Any, dtype: Any, ctx: Context | None, out: Any, options: dict[str, Any]
) -> Result:
    """Call ``_sample_<name>`` for arrays and ``_random_<name>`` for numbers."""
    _only_name(name, options)
    dtype, ctx = Null if dtype is None else dtype, as_context(ctx)
    if all(isinstance(value, NDArray) for value in parameters):
        if ctx is not None and ctx is not parameters[0]._ctx:
            raise MXNetError(
                f"random.{name}: ctx must be that of the parameters, {parameters[0]._ctx}; received {ctx}; leave it out"
            )
        return invoke(registry[f"_sample_{name}"], parameters, (shape, dtype), out)
    for value in parameters:
        if isinstance(value, NDArray):
            raise MXNetError(f"random.{name}: the parameters must be all numbers or all NDArrays; received both")
        if not isinstance(value, numbers.Real | np.bool_):
            raise ValueError(f"random.{name}: a parameter must be a number or an NDArray; received {value!r}")
    shape, dtype, ctx = _as_out(shape, dtype, ctx, out)
    return invoke(registry[f"_random_{name}"], (), (*parameters, shape, Null, dtype), out, ctx)


def _as_out(shape: Any, dtype: Any, ctx: Context | None, out: Any) -> tuple[Any, Any, Context | None]:
    """Fill in what was not given: from `out` where there is one."""
    if isinstance(out, NDArray):
        shape = out.shape if shape is Null else shape
        dtype = out.dtype if dtype is Null else dtype
        return shape, dtype, ctx or out._ctx
    return (1,) if shape is Null else shape, dtype, ctx


def _only_name(function: str, options: dict[str, Any]) -> None:
    """``name=`` would name the node of a graph; nothing else is accepted beyond the signature."""
    for keyword in options:
        if keyword != "name":
            raise MXNetError(f"random.{function}: {keyword!r} is not one of its arguments; see help(random.{function})")


def uniform(
    low: Any = 0, high: Any = 1, shape: Any = Null, dtype: Any = Null, ctx: Context | None = None, out: Any = None,
    **kwargs: Any,
) -> Result:  # fmt: skip
    """Draw numbers spread evenly over [low, high).

    Parameters
    ----------
    low, high : float or NDArray
        Where the range begins and ends.
    shape : int or tuple of int
        How many: for numbers by default (1,), or the shape of `out`; for arrays how many for each element, by default
        one.
    dtype : {'float16', 'bfloat16', 'float32', 'float64'}
        The type, by default that of `out` or float32.
    ctx : Context, optional
        Where; by default that of `out`, of the parameters, or the current one.
    out : NDArray, optional
        An array to write the numbers into.
    **kwargs
        ``name``, which only nodes of a graph have.

    Raises
    ------
    MXNetError
        The range is empty, the type is not a floating-point type, or numbers and arrays are mixed.
    ValueError
        A parameter is neither a number nor an array.

    Examples
    --------
    >>> from glueball import nd
    >>> x = nd.random.uniform(-1, 1, shape=(2, 3))
    >>> x.shape, bool(x.abs().max() <= 1)
    ((2, 3), True)
    >>> nd.random.uniform(nd.array([0, 10]), nd.array([1, 11]), shape=4).shape
    (2, 4)
    """
    return _draw("uniform", (low, high), shape, dtype, ctx, out, kwargs)


def normal(
    loc: Any = 0, scale: Any = 1, shape: Any = Null, dtype: Any = Null, ctx: Context | None = None, out: Any = None,
    **kwargs: Any,
) -> Result:  # fmt: skip
    """Draw numbers of a normal distribution with mean `loc` and standard deviation `scale`, which is positive.

    Each parameter is a number or an NDArray; the other arguments are those of `uniform`.
    """
    return _draw("normal", (loc, scale), shape, dtype, ctx, out, kwargs)


def randn(*shape: int, **kwargs: Any) -> Result:
    """Draw numbers of a normal distribution, with the shape as separate arguments.

    Parameters
    ----------
    *shape : int
        The lengths.
    loc, scale : float or NDArray, default 0 and 1
        Mean and standard deviation.
    dtype, ctx, out
        As in `uniform`.

    Examples
    --------
    >>> from glueball import nd
    >>> nd.random.randn(2, 3).shape
    (2, 3)
    """
    if "shape" in kwargs:
        raise TypeError(f"random.randn: the shape must be given as separate ints; received shape={kwargs['shape']!r}")
    loc, scale = kwargs.pop("loc", 0), kwargs.pop("scale", 1)
    dtype, ctx, out = kwargs.pop("dtype", Null), kwargs.pop("ctx", None), kwargs.pop("out", None)
    return _draw("normal", (loc, scale), shape, dtype, ctx, out, kwargs)


def exponential(
    scale: Any = 1, shape: Any = Null, dtype: Any = Null, ctx: Context | None = None, out: Any = None, **kwargs: Any
) -> Result:
    """Draw numbers of an exponential distribution with mean `scale`, which is positive.

    `scale` is a number or an NDArray; the other arguments are those of `uniform`.
    """
    if isinstance(scale, numbers.Real) and scale == 0:
        raise MXNetError("random.exponential: scale must be positive; received 0")
    rate: Any = 1.0 / scale if isinstance(scale, (numbers.Real, NDArray)) else scale
    return _draw("exponential", (rate,), shape, dtype, ctx, out, kwargs)


def gamma(
    alpha: Any = 1, beta: Any = 1, shape: Any = Null, dtype: Any = Null, ctx: Context | None = None, out: Any = None,
    **kwargs: Any,
) -> Result:  # fmt: skip
    """Draw numbers of a gamma distribution with shape `alpha` and scale `beta`: the mean is alpha times beta.

    Each parameter is a positive number or an NDArray; the other arguments are those of `uniform`.
    """
    return _draw("gamma", (alpha, beta), shape, dtype, ctx, out, kwargs)


def poisson(
    lam: Any = 1, shape: Any = Null, dtype: Any = Null, ctx: Context | None = None, out: Any = None, **kwargs: Any
) -> Result:
    """Draw counts, in a floating-point type, of a Poisson distribution with mean `lam`.

    `lam` is a number or an NDArray; the other arguments are those of `uniform`.
    """
    return _draw("poisson", (lam,), shape, dtype, ctx, out, kwargs)


def negative_binomial(
    k: Any = 1, p: Any = 1, shape: Any = Null, dtype: Any = Null, ctx: Context | None = None, out: Any = None,
    **kwargs: Any,
) -> Result:  # fmt: skip
    """Draw how many trials fail before the `k`-th succeeds, each with probability `p`.

    Each parameter is a number or an NDArray; the other arguments are those of `uniform`.
    """
    return _draw("negative_binomial", (k, p), shape, dtype, ctx, out, kwargs)


def generalized_negative_binomial(
    mu: Any = 1, alpha: Any = 1, shape: Any = Null, dtype: Any = Null, ctx: Context | None = None, out: Any = None,
    **kwargs: Any,
) -> Result:  # fmt: skip
    """Draw counts with mean `mu` and variance mu + alpha mu^2.

    Each parameter is a number or an NDArray; the other arguments are those of `uniform`.
    """
    return _draw("generalized_negative_binomial", (mu, alpha), shape, dtype, ctx, out, kwargs)


def randint(
    low: int, high: int, shape: Any = Null, dtype: Any = Null, ctx: Context | None = None, out: Any = None,
    **kwargs: Any,
) -> Result:  # fmt: skip
    """Draw whole numbers from `low` to `high` - 1.

    Parameters
    ----------
    low, high : int
        The range, without `high`.
    shape, ctx, out, **kwargs
        As in `uniform`.
    dtype : {'int32', 'int64'}, default 'int32'
        The type.

    Examples
    --------
    >>> from glueball import nd
    >>> nd.random.randint(0, 10, shape=(2, 2)).dtype
    <class 'numpy.int32'>
    """
    _only_name("randint", kwargs)
    if isinstance(low, NDArray) or isinstance(high, NDArray):
        raise TypeError("random.randint: low and high must be ints; received an NDArray; use uniform(...).floor()")
    shape, dtype, ctx = _as_out(shape, Null if dtype is None else dtype, as_context(ctx), out)
    return invoke(registry["_random_randint"], (), (low, high, shape, Null, dtype), out, ctx)


def multinomial(
    data: NDArray, shape: Any = Null, get_prob: bool = False, out: Any = None, dtype: Any = "int32", **kwargs: Any
) -> Result:
    """Draw numbers of categories.

    Parameters
    ----------
    data : NDArray
        (..., K): the probabilities of K categories in each row, which sum to 1.
    shape : int or tuple of int, optional
        How many draws for each row, by default one.
    get_prob : bool, default False
        Return the logarithms of the drawn categories' probabilities as well.
    out : NDArray or list of NDArray, optional
        Arrays to write into.
    dtype : str, default 'int32'
        The type of the numbers.
    **kwargs
        As in `uniform`.

    Examples
    --------
    >>> from glueball import nd
    >>> nd.random.multinomial(nd.array([[0, 1], [1, 0]]), shape=3).asnumpy().tolist()
    [[1, 1, 1], [0, 0, 0]]
    """
    _only_name("multinomial", kwargs)
    return invoke(registry["_sample_multinomial"], (data,), (shape, get_prob, dtype), out)


def shuffle(data: NDArray, **kwargs: Any) -> Result:
    """Return the array with its slices along the first axis in random order; ``out=`` receives the result.

    Examples
    --------
    >>> from glueball import nd
    >>> sorted(nd.random.shuffle(nd.arange(3)).asnumpy().tolist())
    [0.0, 1.0, 2.0]
    """
    out = kwargs.pop("out", None)
    _only_name("shuffle", kwargs)
    return invoke(registry["_shuffle"], (data,), (), out)
