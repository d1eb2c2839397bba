"""``sym.random``: random arrays in a graph, drawn again in each run.

Each function takes numbers as parameters, and the graph draws an array of `shape`; or symbols, and it draws `shape`
numbers for each of their elements.

Examples
--------
>>> import glueball as mx
>>> mx.sym.random.randn(2, 3, scale=0.1).eval()[0].shape
(2, 3)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..core.doors import door
from ..ops.attrs import Null
from ..ops.random_functions import make_randn, make_random_functions, refuse_arrays_for_randint, takes_arrays
from .namespace import functions
from .symbol import Symbol

__all__ = [
    "exponential", "exponential_like", "gamma", "gamma_like", "generalized_negative_binomial",
    "generalized_negative_binomial_like", "multinomial", "negative_binomial", "negative_binomial_like", "normal",
    "normal_like", "poisson", "poisson_like", "randint", "randn", "shuffle", "uniform", "uniform_like",
]  # fmt: skip


def _draw(name: str, values: Mapping[str, Any], shape: Any, dtype: Any, options: dict[str, Any]) -> Symbol:
    """Call ``_sample_<name>`` for symbols and ``_random_<name>`` for numbers."""
    if takes_arrays(name, values, Symbol):
        return functions[f"_sample_{name}"](*values.values(), shape=shape, dtype=dtype, **options)
    return functions[f"_random_{name}"](**values, shape=shape, dtype=dtype, **options)


_MORE = """\
**kwargs
    ``name`` and ``attr`` of the node."""

_made = make_random_functions(
    Symbol, __name__, _draw, "for numbers it must be given, where a length of 0 is inferred", (), _MORE
)
uniform = _made["uniform"]
normal = _made["normal"]
randn = make_randn(normal, __name__)
exponential = _made["exponential"]
gamma = _made["gamma"]
poisson = _made["poisson"]
negative_binomial = _made["negative_binomial"]
generalized_negative_binomial = _made["generalized_negative_binomial"]


def _like(name: str) -> Callable[..., Symbol]:
    return functions[f"_random_{name}_like"]


uniform_like = _like("uniform")
normal_like = _like("normal")
exponential_like = _like("exponential")
gamma_like = _like("gamma")
poisson_like = _like("poisson")
negative_binomial_like = _like("negative_binomial")
generalized_negative_binomial_like = _like("generalized_negative_binomial")


@door
def multinomial(data: Symbol, shape: Any = Null, get_prob: bool = True, dtype: Any = "int32", **kwargs: Any) -> Symbol:
    """Draw indices with the probabilities in the last axis of `data`; by default, return log-probabilities too."""
    return functions["_sample_multinomial"](data, shape=shape, get_prob=get_prob, dtype=dtype, **kwargs)


@door
def randint(low: int, high: int, shape: Any = Null, dtype: Any = Null, **kwargs: Any) -> Symbol:
    """Draw integers of [low, high)."""
    refuse_arrays_for_randint(low, high, Symbol)
    return _draw("randint", {"low": low, "high": high}, shape, dtype, kwargs)


@door
def shuffle(data: Symbol, **kwargs: Any) -> Symbol:
    """Shuffle `data` along its first axis."""
    return functions["_shuffle"](data, **kwargs)
