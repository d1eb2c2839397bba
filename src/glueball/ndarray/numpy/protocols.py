"""NumPy's own functions on arrays of ``mx.np``: ``numpy.mean(x)`` is ``mx.np.mean(x)``.

NumPy asks its arguments first (NEP 13 and NEP 18). What MXNet hands on to ``mx.np`` is computed there, on the array's
device, and recorded; the rest NumPy computes on copies.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np

from ...core.errors import InvalidTypeError
from ...core.methods import method_of
from .by_numpy import by_numpy
from .face import documented
from .np_array import ndarray

#: NumPy's functions that are those of ``mx.np``.
FUNCTIONS = (
    "all", "amax", "amin", "any", "append", "argmax", "argmin", "argsort", "around", "array_split", "atleast_1d",
    "atleast_2d", "atleast_3d", "bincount", "broadcast_arrays", "broadcast_to", "clip", "column_stack", "concatenate",
    "copy", "cumsum", "delete", "diag", "diag_indices_from", "diagflat", "diagonal", "diff", "dot", "dsplit", "dstack",
    "ediff1d", "einsum", "empty_like", "expand_dims", "fix", "flip", "fliplr", "flipud", "full_like", "hsplit",
    "hstack", "inner", "insert", "isneginf", "isposinf", "linalg.cholesky", "linalg.eig", "linalg.eigh",
    "linalg.eigvals", "linalg.eigvalsh", "linalg.inv", "linalg.norm", "linalg.pinv", "linalg.solve", "linalg.tensorinv",
    "linalg.tensorsolve", "max", "may_share_memory", "mean", "meshgrid", "min", "nan_to_num", "nonzero", "ones_like",
    "outer", "pad", "percentile", "polyval", "prod", "quantile", "ravel", "repeat", "reshape", "resize", "roll",
    "round", "shape", "shares_memory", "sort", "split", "squeeze", "stack", "std", "sum", "swapaxes", "take",
    "tensordot", "tile", "trace", "transpose", "tril", "unique", "unravel_index", "var", "vdot", "vsplit", "vstack",
    "where", "zeros_like",
)  # fmt: skip

#: NumPy's universal functions that are those of ``mx.np``.
UFUNCS = (
    "absolute", "add", "arccos", "arccosh", "arcsin", "arcsinh", "arctan", "arctan2", "arctanh", "bitwise_and",
    "bitwise_or", "bitwise_xor", "cbrt", "ceil", "copysign", "cos", "cosh", "degrees", "equal", "exp", "expm1", "fabs",
    "floor", "greater", "greater_equal", "hypot", "invert", "isfinite", "isinf", "isnan", "lcm", "less", "less_equal",
    "log", "log10", "log2", "logical_not", "matmul", "maximum", "minimum", "multiply", "negative", "not_equal", "power",
    "reciprocal", "remainder", "rint", "sign", "sin", "sinh", "sqrt", "square", "subtract", "tan", "tanh",
    "true_divide", "trunc",
)  # fmt: skip


@cache
def _names() -> Mapping[Any, str]:
    """Return the names of NumPy's functions that are those of ``mx.np``, by function."""
    found = {}
    for name in (*FUNCTIONS, *UFUNCS):
        module, _, rest = name.rpartition(".")
        found[getattr(getattr(np, module) if module else np, rest)] = name
    return found


def of_this_library(name: str) -> Any:
    """Return a function of ``mx.np`` by its name, such as ``linalg.norm``."""
    found: Any = documented.find(name)
    if found is None:
        found = sys.modules[__package__]  # what only arrays have, and modules within
        for part in name.split("."):
            found = getattr(found, part)
    return found


def _owner(function: Any) -> str:
    """Return what messages call a function of NumPy's."""
    return f"{getattr(function, '__module__', None) or 'numpy'}.{function.__name__}"


@method_of(ndarray, "__array_function__")
def _array_function(self: ndarray, func: Any, types: Any, args: Any, kwargs: Any) -> Any:
    """Call a function of NumPy's."""
    name = _names().get(func)
    if name is None:
        return by_numpy(_owner(func), func, args, kwargs)
    if not all(issubclass(kind, ndarray) for kind in types):
        return NotImplemented  # NumPy says which types they are
    return of_this_library(name)(*args, **kwargs)


@method_of(ndarray, "__array_ufunc__")
def _array_ufunc(self: ndarray, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
    """Call a universal function of NumPy's."""
    if method != "__call__":
        return NotImplemented
    out = kwargs.pop("out", (None,))
    if not all(each is None or isinstance(each, ndarray) for each in out):
        raise InvalidTypeError(
            f"{_owner(ufunc)}: out must be an array of mx.np, since an argument is one; received {out!r}; leave it out"
        )
    if len(out) > 1:
        raise InvalidTypeError(f"{_owner(ufunc)}: out must be left out for several results; received {len(out)} arrays")
    if out[0] is not None:
        kwargs["out"] = out[0]
    name = _names().get(ufunc)
    if name is None:
        return by_numpy(_owner(ufunc), ufunc, inputs, kwargs)
    # NumPy hands over its own numbers as arrays without axes where it compares them with one of these.
    values = [each.item() if type(each) is np.ndarray and not each.ndim else each for each in inputs]
    return of_this_library(name)(*values, **kwargs)
