"""The functions of ``nd.random`` and ``sym.random`` that draw from a distribution, made from its description.

With parameters that are numbers, they draw `shape` numbers; with parameters that are arrays (or symbols), `shape`
numbers for each element. These are two operators, such as ``_random_normal`` and ``_sample_normal``.
"""

from __future__ import annotations

import numbers
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from ..core.errors import DivisionByZeroError, InvalidTypeError, MXNetError
from .attrs import Null
from .distributions import DISTRIBUTIONS, Parameter
from .generated import compile_function

_TEMPLATE = """
def {name}({parameters}, shape=Null, dtype=Null, {more}**kwargs):
    return draw({name!r}, {{{values}}}, shape, dtype, {given}kwargs)
"""

_DOC = """Draw {summary}.

Parameters
----------
{parameters}
shape : int or tuple of int
    The shape, {shape}; for {kind}s the shape per element, by default one number.
dtype : {{'float16', 'bfloat16', 'float32', 'float64'}}, default 'float32'
    The type.
{more}

Raises
------
MXNetError
    A parameter breaks its rule, the type is not a floating-point type, or numbers and {kind}s are mixed.
"""

#: Parameters that differ from the operator's: the function takes the mean, and the operator its reciprocal.
_OWN = {"exponential": (Parameter("scale", "scale", 1, "the mean", "positive"),)}


def make_random_functions(
    kind: type, module: str, draw: Callable[..., Any], shape: str, more: tuple[str, ...], documented: str
) -> dict[str, Callable[..., Any]]:
    """Make the function of each distribution, by name.

    Parameters
    ----------
    kind : type
        The class of what they return, NDArray or Symbol; their parameters may be of it too.
    module : str
        The module that they belong to.
    draw : callable
        ``draw(name, values, shape, dtype, *more, kwargs)`` calls the operator; `values` are the operator's parameters
        by name.
    shape : str
        What the docstring says about a call with numbers and without a shape.
    more : tuple of str
        Arguments after `dtype`, None by default.
    documented : str
        The description of these and of ``**kwargs``.
    """
    made = {}
    for distribution in DISTRIBUTIONS:
        parameters = _OWN.get(distribution.name, distribution.parameters)
        names = [parameter.name for parameter in parameters]
        parts = {
            "parameters": ", ".join(f"{parameter.name}={int(parameter.default)}" for parameter in parameters),
            "values": "'lam': rate(scale)" if names == ["scale"] else ", ".join(f"{name!r}: {name}" for name in names),
            "more": "".join(f"{name}=None, " for name in more),
            "given": "".join(f"{name}, " for name in more),
        }
        scope = {"draw": draw, "Null": Null, "rate": _rate}
        function = compile_function(distribution.name, module, _TEMPLATE, parts, scope)
        function.__doc__ = _DOC.format(
            summary=distribution.summary, parameters=_describe(parameters, kind.__name__), kind=kind.__name__,
            shape=shape, more=documented,
        )  # fmt: skip
        made[distribution.name] = function
    return made


def _describe(parameters: tuple[Parameter, ...], kind: str) -> str:
    return "\n".join(
        f"{parameter.name} : float or {kind}, default {int(parameter.default)}\n"
        f"    {parameter.meaning.capitalize()}{'; ' + parameter.rule if parameter.rule else ''}."
        for parameter in parameters
    )


def _rate(scale: Any) -> Any:
    """Return 1 over the mean; anything but a number, array or symbol is refused later, like any such parameter."""
    if isinstance(scale, numbers.Real | np.bool_) and not scale:
        raise DivisionByZeroError(f"random.exponential: scale must be positive; received {scale}")
    try:
        return 1.0 / scale
    except TypeError:
        return scale


def takes_arrays(name: str, values: Mapping[str, Any], kind: type) -> bool:
    """Whether the parameters of a call are arrays (or symbols), not numbers; raises MXNetError for a mix."""
    count = sum(isinstance(value, kind) for value in values.values())
    if count not in (0, len(values)):
        raise MXNetError(f"random.{name}: the parameters must be all numbers or all {kind.__name__}s; received both")
    return count > 0


def make_randn(normal: Callable[..., Any], module: str) -> Callable[..., Any]:
    """Make the function that takes the shape as separate arguments."""

    def randn(*shape: int, **kwargs: Any) -> Any:
        """Draw numbers of a normal distribution, with the shape as separate arguments.

        Parameters
        ----------
        *shape : int
            The lengths.
        **kwargs
            The arguments of `normal` but for the shape: `loc`, `scale`, `dtype` and so on.
        """
        if "shape" in kwargs:
            raise InvalidTypeError(
                f"random.randn: the shape must be given as separate ints; received shape={kwargs['shape']!r}"
            )
        return normal(shape=shape, **kwargs)

    randn.__qualname__, randn.__module__ = "randn", module
    return randn


def refuse_arrays_for_randint(low: Any, high: Any, kind: type) -> None:
    """Raise TypeError where a bound is not a number: MXNet has no operator for that."""
    if isinstance(low, kind) or isinstance(high, kind):
        raise InvalidTypeError(
            f"random.randint: low and high must be ints; received {kind.__name__}; use uniform(...).floor()"
        )
