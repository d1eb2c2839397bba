"""Comparisons of arrays."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core.doors import door
from ..ndarray import NDArray

#: (relative, absolute) by type; a comparison of two types uses the larger ones. Integers must be equal.
_TOLERANCES = {"float16": (1e-2, 1e-1), "float32": (1e-4, 1e-3), "float64": (1e-5, 1e-20)}


@door
def same(a: Any, b: Any) -> bool:
    """Return whether two arrays have the same shape and the same values, exactly.

    Parameters
    ----------
    a, b : NDArray or array-like
        The arrays to compare.
    """
    return bool(np.array_equal(_as_numpy(a), _as_numpy(b)))


@door
def almost_equal(
    a: Any,
    b: Any,
    rtol: float | None = None,
    atol: float | None = None,
    equal_nan: bool = False,
    use_broadcast: bool = True,
) -> bool:
    """Return whether ``|a - b| <= atol + rtol * |b|`` everywhere.

    Parameters
    ----------
    a, b : NDArray or array-like
        The arrays to compare.
    rtol, atol : float, optional
        By default 1e-5 and 1e-20, for all types.
    equal_nan : bool, default False
        Whether NaN equals NaN.
    use_broadcast : bool, default True
        Whether shapes may differ if one broadcasts to the other.

    Raises
    ------
    AssertionError
        The shapes differ and `use_broadcast` is False.

    Differs from MXNet
    ------------------
    Takes NDArrays too.
    """
    left, right = _as_numpy(a), _as_numpy(b)
    _check_shapes(left, right, ("a", "b"), use_broadcast)
    rtol, atol = 1e-5 if rtol is None else rtol, 1e-20 if atol is None else atol
    return bool(np.allclose(left, right, rtol=rtol, atol=atol, equal_nan=equal_nan))


@door
def assert_almost_equal(
    a: Any,
    b: Any,
    rtol: float | None = None,
    atol: float | None = None,
    names: tuple[str, str] = ("a", "b"),
    equal_nan: bool = False,
    use_broadcast: bool = True,
    mismatches: tuple[int, int] = (10, 10),
) -> None:
    """Raise an error unless ``|a - b| <= atol + rtol * |b|`` everywhere.

    Parameters
    ----------
    a, b : NDArray or array-like
        The arrays to compare.
    rtol, atol : float, optional
        By default those of the less precise type: 1e-2 and 1e-1 for float16, 1e-4 and 1e-3 for float32, 1e-5 and
        1e-20 for float64, 0 and 0 for integers.
    names : tuple of two str, default ('a', 'b')
        What the message calls the arrays.
    equal_nan : bool, default False
        Whether NaN equals NaN.
    use_broadcast : bool, default True
        Whether shapes may differ if one broadcasts to the other.
    mismatches : tuple of two int, default (10, 10)
        The message shows at most as many values as the smaller of the two.

    Raises
    ------
    AssertionError
        They differ; the message shows the largest differences.
    ValueError
        The shapes do not broadcast.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.test_utils.assert_almost_equal(mx.nd.ones(3), mx.nd.ones(3) + 1e-6)
    """
    left, right = _as_numpy(a), _as_numpy(b)
    default = np.max([_TOLERANCES.get(array.dtype.name, (0.0, 0.0)) for array in (left, right)], axis=0)
    rtol, atol = default[0] if rtol is None else rtol, default[1] if atol is None else atol
    _check_shapes(left, right, names, use_broadcast)
    left, right = np.broadcast_arrays(left, right)
    wrong = ~np.isclose(left, right, rtol=rtol, atol=atol, equal_nan=equal_nan)
    if wrong.any():
        raise AssertionError(_describe(left, right, wrong, names, rtol, atol, min(mismatches)))


def _check_shapes(left: np.ndarray, right: np.ndarray, names: tuple[str, str], use_broadcast: bool) -> None:
    if not use_broadcast and left.shape != right.shape:
        raise AssertionError(f"{' and '.join(names)} must have the same shape; received {left.shape}, {right.shape}")


def _describe(
    left: np.ndarray, right: np.ndarray, wrong: np.ndarray, names: tuple[str, str], rtol: float, atol: float, count: int
) -> str:
    wide = (left.astype("float64"), right.astype("float64"))
    # NaN comes first: it counts as infinitely far from any number
    distance = np.nan_to_num(np.abs(wide[0] - wide[1]), nan=np.inf)
    distance[~wrong] = -1.0
    order = np.argsort(-distance, axis=None)[: min(count, int(wrong.sum()))]
    lines = [
        f"{names[0]} and {names[1]} must be equal within rtol={rtol:g}, atol={atol:g}; "
        f"{int(wrong.sum())} of {wrong.size} values are not:"
    ]
    for place in (tuple(int(i) for i in np.unravel_index(index, wrong.shape)) for index in order):
        lines.append(f"  {place}: {names[0]}={left[place]!s}, {names[1]}={right[place]!s}")
    return "\n".join(lines)


def _as_numpy(array: Any) -> np.ndarray:
    return array.asnumpy() if isinstance(array, NDArray) else np.asarray(array)
