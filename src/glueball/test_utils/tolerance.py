"""How close arrays of a type must be, where a test does not say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..core.doors import door

#: (relative, absolute, step of a numeric gradient) by type; integers must be equal.
_REAL = {"float16": (1e-2, 1e-1, 2.0**-6), "float32": (1e-4, 1e-3, 2.0**-9), "float64": (1e-5, 1e-20, 2.0**-14)}
_DOUBLE = np.dtype(np.float64)
_EXACT = ("bool", "int8", "uint8", "int32", "uint32", "int64", "uint64")


def default_rtols() -> dict[np.dtype, float]:
    """Return the relative tolerances by type."""
    return _column(0)


def default_atols() -> dict[np.dtype, float]:
    """Return the absolute tolerances by type."""
    return _column(1)


def default_numeric_eps() -> dict[np.dtype, float]:
    """Return the steps of numeric gradients by type: powers of two, so that nothing is rounded."""
    return {np.dtype(name): numbers[2] for name, numbers in _REAL.items()}


def _column(number: int) -> dict[np.dtype, float]:
    real = {np.dtype(name): numbers[number] for name, numbers in _REAL.items()}
    return {**real, **{np.dtype(name): 0 for name in _EXACT}}


@door
def effective_dtype(dat: Any) -> np.dtype:
    """Return the type whose tolerances suit an array: its own.

    Parameters
    ----------
    dat : NDArray or numpy.ndarray
        The array.

    Differs from MXNet
    ------------------
    MXNet's GPUs may compute float32 with fewer digits, for which it returns float16.
    """
    found: np.dtype = np.dtype(dat.dtype)
    return found


@door
def get_tolerance(dat: Any, tol: Any, default_tol: Mapping[np.dtype, float]) -> float:
    """Return the tolerance for an array.

    Parameters
    ----------
    dat : NDArray or numpy.ndarray
        The array.
    tol : float or dict of numpy.dtype to float, optional
        The tolerance, or one for each type; None stands for the default.
    default_tol : dict of numpy.dtype to float
        The defaults by type.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.test_utils.get_tolerance(mx.nd.ones(2), None, mx.test_utils.default_rtols())
    0.0001
    """
    if isinstance(tol, int | float | np.number):
        return float(tol) if isinstance(tol, np.number) else tol
    return (default_tol if tol is None else tol).get(effective_dtype(dat), 0)


@door
def get_tols(x: Any, y: Any, rtol: Any, atol: Any) -> tuple[float, float]:
    """Return the relative and the absolute tolerance for comparing two arrays: those of the less precise one.

    Parameters
    ----------
    x, y : NDArray or numpy.ndarray
        The arrays.
    rtol, atol : float or dict of numpy.dtype to float, optional
        The tolerances, or one for each type.
    """
    return (
        max(get_tolerance(x, rtol, default_rtols()), get_tolerance(y, rtol, default_rtols())),
        max(get_tolerance(x, atol, default_atols()), get_tolerance(y, atol, default_atols())),
    )


@door
def get_rtol(rtol: float | None = None, dtype: Any = _DOUBLE) -> float:
    """Return a relative tolerance, by default that of a type.

    Parameters
    ----------
    rtol : float, optional
        The tolerance.
    dtype : numpy.dtype, default float64
        The type.
    """
    return default_rtols()[np.dtype(dtype)] if rtol is None else rtol


@door
def get_atol(atol: float | None = None, dtype: Any = _DOUBLE) -> float:
    """Return an absolute tolerance, by default that of a type.

    Parameters
    ----------
    atol : float, optional
        The tolerance.
    dtype : numpy.dtype, default float64
        The type.
    """
    return default_atols()[np.dtype(dtype)] if atol is None else atol


@door
def get_etol(etol: float | None = None) -> float:
    """Return which share of the values may differ, by default none.

    Parameters
    ----------
    etol : float, optional
        The share.
    """
    return 0 if etol is None else etol
