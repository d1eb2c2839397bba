"""Sums, products, extremes and other functions that make one number of many, over all axes or some."""

from __future__ import annotations

from typing import Any

from ..ops.attrs import Null
from ..ops.declare import Operator, registry
from .face import Face, function

_SUM, _PROD, _MEAN = registry["_np_sum"], registry["_np_prod"], registry["_npi_mean"]
_CUMSUM = registry["_np_cumsum"]


def unless(default: Any, value: Any) -> Any:
    """Return the value, or Null for the default: MXNet's graph files have it only where it was given."""
    return Null if value is default else value


def typed(dtype: Any) -> Any:
    """Return the value of an attribute ``dtype``, which no graph file has as None."""
    return Null if dtype is None else dtype


@function("np.sum")
def sum(
    face: Face,
    a: Any,
    axis: Any = None,
    dtype: Any = None,
    keepdims: bool = False,
    initial: Any = None,
    out: Any = None,
) -> Any:
    """Return the sum of the elements over axes.

    Parameters
    ----------
    a : ndarray
        Numbers; bool counts as int64.
    axis : int or tuple of int, optional
        The axes to sum over; by default all.
    dtype : str or numpy.dtype, optional
        The type of the result; by default that of `a`. A result of integers loses its fraction at the end.
    keepdims : bool, default False
        Whether the axes stay, with length 1.
    initial : float, optional
        A number to begin with.
    out : ndarray, optional
        Where to write the result, of its shape and type.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.np.sum(mx.np.ones((2, 3)), axis=1)
    array([3., 3.])
    """
    values = (unless(None, axis), typed(dtype), unless(False, keepdims), unless(None, initial))
    return face.call(_SUM, (a,), values, out)


@function("np.ndarray.sum")
def sum_of(face: Face, self: Any, axis: Any = None, dtype: Any = None, out: Any = None, keepdims: bool = False) -> Any:
    """Return the sum of the elements over axes; see `glueball.np.sum`."""
    return face.call(_SUM, (self,), (axis, typed(dtype), keepdims, Null), out)


_PRODUCT = """Return the product of the elements over axes.

Parameters
----------
a : ndarray
    Numbers; bool counts as int64.
axis, dtype, out, keepdims
    As in `sum`.
{example}"""

_PRODUCT_EXAMPLE = """
Examples
--------
>>> import glueball as mx
>>> mx.np.prod(mx.np.array([2, 3, 4]))
array(24.)
"""


def _declare_product(name: str, example: str = "") -> None:
    def product(
        face: Face, a: Any, axis: Any = None, dtype: Any = None, out: Any = None, keepdims: bool = False
    ) -> Any:
        values = (unless(None, axis), typed(dtype), unless(False, keepdims), Null)
        return face.call(_PROD, (a,), values, out, hint=name)

    product.__doc__ = _PRODUCT.format(example=example)
    function(f"np.{name}")(product)


_declare_product("prod", _PRODUCT_EXAMPLE)
_declare_product("product")


@function("np.ndarray.prod")
def prod_of(face: Face, self: Any, axis: Any = None, dtype: Any = None, out: Any = None, keepdims: bool = False) -> Any:
    """Return the product of the elements over axes; see `glueball.np.prod`."""
    return face.call(_PROD, (self,), (axis, typed(dtype), keepdims, Null), out)


@function("np.mean")
def mean(face: Face, a: Any, axis: Any = None, dtype: Any = None, out: Any = None, keepdims: bool = False) -> Any:
    """Return the arithmetic mean of the elements over axes.

    Parameters
    ----------
    a : ndarray
        Numbers; the mean of integers is float32, and that of no elements NaN.
    axis, dtype, out, keepdims
        As in `sum`.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.np.mean(mx.np.array([1, 2], dtype="int32"))
    array(1.5)
    """
    return face.call(_MEAN, (a,), (axis, typed(dtype), keepdims, Null), out)


@function("np.ndarray.mean")
def mean_of(face: Face, self: Any, axis: Any = None, dtype: Any = None, out: Any = None, keepdims: bool = False) -> Any:
    """Return the arithmetic mean of the elements over axes; see `glueball.np.mean`."""
    return mean(face, self, axis, dtype, out, keepdims)


@function("np.cumsum")
def cumsum(face: Face, a: Any, axis: Any = None, dtype: Any = None, out: Any = None) -> Any:
    """Return the sums of the elements up to each.

    Parameters
    ----------
    a : ndarray
        Numbers; bool counts as int64.
    axis : int, optional
        The axis to sum along; by default all elements are in a row.
    dtype : str or numpy.dtype, optional
        The type to sum in; by default that of `a`.
    out : ndarray, optional
        Where to write the result.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.np.cumsum(mx.np.array([[1, 2], [3, 4]]), axis=0)
    array([[1., 2.],
           [4., 6.]])
    """
    return face.call(_CUMSUM, (a,), (unless(None, axis), typed(dtype)), out)


@function("np.ndarray.cumsum")
def cumsum_of(face: Face, self: Any, axis: Any = None, dtype: Any = None, out: Any = None) -> Any:
    """Return the sums of the elements up to each; see `glueball.np.cumsum`."""
    return face.call(_CUMSUM, (self,), (axis, typed(dtype)), out)


_DOC = """Return {what} over axes.

Parameters
----------
a : ndarray
    {operand}
axis : int or tuple of int, optional
    The axes; by default all.
keepdims : bool, default False
    Whether the axes stay, with length 1.
out : ndarray, optional
    Where to write the result.
"""


def _declare(name: str, operator: Operator, what: str, operand: str, rest: tuple[Any, ...], method: bool) -> None:
    def reduction(face: Face, a: Any, axis: Any = None, keepdims: bool = False, out: Any = None) -> Any:
        return face.call(operator, (a,), (unless(None, axis), unless(False, keepdims), *rest), out, hint=name)

    def method_of_array(face: Face, self: Any, axis: Any = None, out: Any = None, keepdims: bool = False) -> Any:
        return face.call(operator, (self,), (axis, keepdims, *rest), out)

    reduction.__doc__ = _DOC.format(what=what, operand=operand)
    function(f"np.{name}")(reduction)
    if method:
        method_of_array.__doc__ = f"Return {what} over axes; see `glueball.np.{name}`."
        function(f"np.ndarray.{name}")(method_of_array)


_NUMBERS = "Numbers or bool, at least one for each element of the result; NaN gives NaN."
_TRUTHS = "Numbers or bool; NaN differs from 0."

for _name, _operator, _what, _operand, _rest, _method in [
    ("max", "_np_max", "the largest element", _NUMBERS, (Null,), True),
    ("amax", "_np_max", "the largest element", _NUMBERS, (Null,), False),
    ("min", "_np_min", "the smallest element", _NUMBERS, (Null,), True),
    ("amin", "_np_min", "the smallest element", _NUMBERS, (Null,), False),
    ("all", "_np_all", "whether all elements differ from 0", _TRUTHS, (), True),
    ("any", "_np_any", "whether any element differs from 0", _TRUTHS, (), True),
    ("sometrue", "_np_any", "whether any element differs from 0", _TRUTHS, (), False),
]:
    _declare(_name, registry[_operator], _what, _operand, _rest, _method)
