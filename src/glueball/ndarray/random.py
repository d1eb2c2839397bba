"""``nd.random``: random arrays.

Each function takes numbers as parameters and draws an array of `shape`, or takes arrays and draws `shape` numbers for
each of their elements. The generator of the context is used, which `glueball.random.seed` seeds; the same seed gives
the same numbers. Differs from MXNet: the numbers themselves are torch's, since MXNet's streams cannot be
reproduced.

Examples
--------
>>> from glueball import nd
>>> x = nd.random.uniform(-1, 1, shape=(2, 3))
>>> x.shape, bool(x.abs().max() <= 1)
((2, 3), True)
>>> nd.random.uniform(nd.array([0, 10]), nd.array([1, 11]), shape=4).shape
(2, 4)
>>> nd.random.randn(2, 3).shape
(2, 3)
"""

from __future__ import annotations

import numbers
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from ..core.context import Context
from ..core.doors import door
from ..core.errors import InvalidValueError, MXNetError
from ..ops.attrs import Null, as_type
from ..ops.declare import registry
from ..ops.keywords import check_keywords
from ..ops.random_functions import make_randn, make_random_functions, refuse_arrays_for_randint, takes_arrays
from .invoke import Result, invoke
from .namespace import as_context, make_function
from .ndarray import NDArray

__all__ = [
    "exponential", "exponential_like", "gamma", "gamma_like", "generalized_negative_binomial",
    "generalized_negative_binomial_like", "multinomial", "negative_binomial", "negative_binomial_like", "normal",
    "normal_like", "poisson", "poisson_like", "randint", "randn", "shuffle", "uniform", "uniform_like",
]  # fmt: skip


def _draw(
    name: str, values: Mapping[str, Any], shape: Any, dtype: Any, ctx: Context | None, out: Any, options: dict[str, Any]
) -> Result:
    """Call ``_sample_<name>`` for arrays and ``_random_<name>`` for numbers."""
    options.pop("name", None)  # it only matters in a graph, where it names the node
    check_keywords(registry[f"_random_{name}"], options)
    parameters = tuple(values.values())
    dtype, ctx = as_type(dtype), as_context(ctx)
    if takes_arrays(name, values, NDArray):
        if ctx is not None and ctx is not parameters[0]._ctx:
            raise MXNetError(
                f"random.{name}: ctx must be that of the parameters, {parameters[0]._ctx}; received {ctx}; leave it out"
            )
        return invoke(registry[f"_sample_{name}"], parameters, (shape, dtype), out)
    for value in parameters:
        if not isinstance(value, numbers.Real | np.bool_):
            raise InvalidValueError(f"random.{name}: a parameter must be a number or an NDArray; received {value!r}")
    shape, dtype, ctx = _as_out(shape, dtype, ctx, out)
    return invoke(registry[f"_random_{name}"], (), (*parameters, shape, Null, dtype), out, ctx)


def _as_out(shape: Any, dtype: Any, ctx: Context | None, out: Any) -> tuple[Any, Any, Context | None]:
    """Fill in the missing arguments, from `out` if it is given."""
    if isinstance(out, NDArray):
        shape = out.shape if shape is Null else shape
        dtype = out.dtype if dtype is Null else dtype
        return shape, dtype, ctx or out._ctx
    return (1,) if shape is Null else shape, dtype, ctx


_MORE = """\
ctx : Context, optional
    The context; by default that of `out`, of the parameters, or the current one.
out : NDArray, optional
    An array to write the numbers into; its shape and type are then the defaults.
**kwargs
    ``name``, which only matters in a graph."""

_made = make_random_functions(NDArray, __name__, _draw, "for numbers by default (1,)", ("ctx", "out"), _MORE)
uniform = _made["uniform"]
normal = _made["normal"]
randn = make_randn(normal, __name__)
exponential = _made["exponential"]
gamma = _made["gamma"]
poisson = _made["poisson"]
negative_binomial = _made["negative_binomial"]
generalized_negative_binomial = _made["generalized_negative_binomial"]


def _like(name: str) -> Callable[..., Result]:
    return make_function(registry[f"_random_{name}_like"], f"{name}_like")


uniform_like = _like("uniform")
normal_like = _like("normal")
exponential_like = _like("exponential")
gamma_like = _like("gamma")
poisson_like = _like("poisson")
negative_binomial_like = _like("negative_binomial")
generalized_negative_binomial_like = _like("generalized_negative_binomial")


@door
def randint(
    low: int, high: int, shape: Any = Null, dtype: Any = Null, ctx: Context | None = None, out: Any = None,
    **kwargs: Any,
) -> Result:  # fmt: skip
    """Draw whole numbers from `low` to `high` - 1.

    Parameters
    ----------
    low, high : int
        The range; `high` is excluded.
    shape, ctx, out, **kwargs
        As in `uniform`.
    dtype : {'int32', 'int64'}, default 'int32'
        The type.

    Differs from MXNet
    ------------------
    An empty range is refused by the call. MXNet refuses it when the numbers are read, and ends the process if both
    bounds are equal.

    Examples
    --------
    >>> from glueball import nd
    >>> nd.random.randint(0, 10, shape=(2, 2)).dtype
    <class 'numpy.int32'>
    """
    kwargs.pop("name", None)
    check_keywords(registry["_random_randint"], kwargs)
    refuse_arrays_for_randint(low, high, NDArray)
    shape, dtype, ctx = _as_out(shape, as_type(dtype), as_context(ctx), out)
    return invoke(registry["_random_randint"], (), (low, high, shape, Null, dtype), out, ctx)


@door
def multinomial(
    data: NDArray, shape: Any = Null, get_prob: bool = False, out: Any = None, dtype: Any = "int32", **kwargs: Any
) -> Result:
    """Draw indices of categories.

    Parameters
    ----------
    data : NDArray
        (..., K): the probabilities of K categories in each row, which sum to 1.
    shape : int or tuple of int, optional
        The number of draws for each row, by default one.
    get_prob : bool, default False
        Return the logarithms of the drawn categories' probabilities as well.
    out : NDArray or list of NDArray, optional
        Arrays to write into.
    dtype : str, default 'int32'
        The type of the indices.
    **kwargs
        As in `uniform`.

    Examples
    --------
    >>> from glueball import nd
    >>> nd.random.multinomial(nd.array([[0, 1], [1, 0]]), shape=3).asnumpy().tolist()
    [[1, 1, 1], [0, 0, 0]]
    """
    kwargs.pop("name", None)
    check_keywords(registry["_sample_multinomial"], kwargs)
    return invoke(registry["_sample_multinomial"], (data,), (shape, get_prob, dtype), out)


@door
def shuffle(data: NDArray, **kwargs: Any) -> Result:
    """Return the array with its slices along the first axis in random order; ``out=`` receives the result.

    Examples
    --------
    >>> from glueball import nd
    >>> sorted(nd.random.shuffle(nd.arange(3)).asnumpy().tolist())
    [0.0, 1.0, 2.0]
    """
    out = kwargs.pop("out", None)
    kwargs.pop("name", None)
    check_keywords(registry["_shuffle"], kwargs)
    return invoke(registry["_shuffle"], (data,), (), out)
