"""Functions of ``mx.np`` that NumPy computes, on copies of the arrays.

They return arrays of ``mx.np`` where they are given one, and what NumPy returns where they are not. They have no
gradient, and refuse to be recorded.
"""

from __future__ import annotations

import contextlib
import inspect
from collections.abc import Callable
from typing import Any

import numpy as onp

from ..core.doors import door
from ..core.errors import MXNetError
from ..ndarray.numpy.by_numpy import by_numpy

_NAMES = (
    "allclose", "apply_along_axis", "apply_over_axes", "argpartition", "argwhere", "array_equal", "array_equiv",
    "choose", "compress", "corrcoef", "correlate", "count_nonzero", "cov", "digitize", "divmod", "extract",
    "flatnonzero", "float_power", "frexp", "heaviside", "histogram2d", "histogram_bin_edges", "histogramdd", "i0",
    "interp", "intersect1d", "isclose", "isin", "ix_", "lexsort", "min_scalar_type", "modf", "nanargmax", "nanargmin",
    "nancumprod", "nancumsum", "nanmax", "nanmedian", "nanmin", "nanpercentile", "nanprod", "nanquantile", "nanstd",
    "nansum", "nanvar", "ndim", "packbits", "partition", "piecewise", "poly", "polyadd", "polydiv", "polyfit",
    "polyint", "polymul", "polysub", "positive", "promote_types", "ptp", "real", "result_type", "rollaxis", "roots",
    "searchsorted", "select", "setdiff1d", "setxor1d", "signbit", "size", "spacing", "take_along_axis",
    "tril_indices_from", "trim_zeros", "triu_indices_from", "union1d", "unpackbits", "unwrap", "vander",
)  # fmt: skip

#: Functions that MXNet's fallback has and its ``mx.np`` has not.
_NOT_IN_NP = ("nanstd", "nansum", "nanvar", "pmt")


def _in1d(ar1: Any, ar2: Any, assume_unique: bool = False, invert: bool = False) -> Any:
    return onp.isin(onp.ravel(ar1), ar2, assume_unique=assume_unique, invert=invert)


def _msort(a: Any) -> Any:
    return onp.sort(a, axis=0)


#: What NumPy has no longer, or under another name.
_FORMER: dict[str, Callable[..., Any]] = {
    "alltrue": onp.all,
    "in1d": _in1d,
    "msort": _msort,
    "trapz": getattr(onp, "trapezoid", None) or vars(onp)["trapz"],
}

#: What NumPy 1.20 removed, so that MXNet raises RuntimeError.
_FINANCIAL = ("mirr", "npv", "pmt", "ppmt", "pv", "rate")

_DOC = """Return what NumPy's function {name!r} returns, as arrays of ``mx.np``.

It works on copies, has no gradient, and refuses to be recorded. Its arguments are those of NumPy; without an array
of ``mx.np`` among them, the result is NumPy's.
"""


def copied_from_numpy(name: str, compute: Callable[..., Any], public: str, module: str) -> Callable[..., Any]:
    """Return a function of ``mx.np`` that NumPy computes.

    Parameters
    ----------
    name : str
        Its name.
    compute : callable
        NumPy's function.
    public : str
        The path that messages say.
    module : str
        The module that it is in.
    """

    def function(*args: Any, **kwargs: Any) -> Any:
        return by_numpy(public, compute, args, kwargs)

    function.__name__ = function.__qualname__ = name
    function.__module__, function.__doc__ = module, _DOC.format(name=name)
    with contextlib.suppress(ValueError):  # those written in C mostly have no signature
        function.__signature__ = inspect.signature(compute)  # type: ignore[attr-defined]
    return door(function)


def _removed(name: str) -> Callable[..., Any]:
    def function(*args: Any, **kwargs: Any) -> Any:
        raise MXNetError(
            f"np.{name}: it must be called on a NumPy before 1.20, which had it; received {onp.__version__}; "
            f"use numpy_financial.{name} on NumPy's arrays"
        )

    function.__name__ = function.__qualname__ = name
    function.__module__, function.__doc__ = __name__, f"Refuse: NumPy has no {name!r} since 1.20.\n"
    return function


for _name in _NAMES:
    globals()[_name] = copied_from_numpy(_name, getattr(onp, _name), f"np.{_name}", __name__)
for _name, _compute in _FORMER.items():
    globals()[_name] = copied_from_numpy(_name, _compute, f"np.{_name}", __name__)
for _name in _FINANCIAL:
    globals()[_name] = _removed(_name)

__all__ = sorted({*_NAMES, *_FORMER, *_FINANCIAL} - {*_NOT_IN_NP})
