"""Comparisons of arrays."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core.doors import door
from ..ndarray import NDArray
from .tolerance import get_etol, get_tols


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
    rtol: Any = None,
    atol: Any = None,
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
    rtol, atol : float or dict of numpy.dtype to float, optional
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
    rtol, atol = get_tols(left, right, rtol, atol)
    _check_shapes(left, right, names, use_broadcast)
    _require_close(left, right, rtol, atol, 0, names, equal_nan, mismatches)


@door
def assert_allclose(a: Any, b: Any, rtol: float = 1e-07, atol: float = 0, equal_nan: bool = True) -> None:
    """Raise an error unless ``|a - b| <= atol + rtol * |b|`` everywhere; NaN equals NaN.

    Parameters
    ----------
    a, b : NDArray or array-like
        The arrays to compare.
    rtol, atol : float, default 1e-7 and 0
        The tolerances.
    equal_nan : bool, default True
        Whether NaN equals NaN.

    Raises
    ------
    AssertionError
        They differ.
    """
    assert_almost_equal(a, b, rtol=rtol, atol=atol, equal_nan=equal_nan)


@door
def assert_almost_equal_with_err(
    a: Any,
    b: Any,
    rtol: Any = None,
    atol: Any = None,
    etol: float | None = None,
    names: tuple[str, str] = ("a", "b"),
    equal_nan: bool = False,
    mismatches: tuple[int, int] = (10, 10),
) -> None:
    """Raise an error if more than a share of the values differ.

    Parameters
    ----------
    a, b, rtol, atol, names, equal_nan, mismatches
        As for `assert_almost_equal`.
    etol : float, optional
        The share of the values that may differ, by default 0.

    Raises
    ------
    AssertionError
        More values differ.

    Examples
    --------
    >>> import numpy as np
    >>> import glueball as mx
    >>> mx.test_utils.assert_almost_equal_with_err(np.array([1.0, 2.0]), np.array([1.0, 3.0]), etol=0.5)
    """
    left, right = _as_numpy(a), _as_numpy(b)
    rtol, atol = get_tols(left, right, rtol, atol)
    _require_close(left, right, rtol, atol, get_etol(etol), names, equal_nan, mismatches)


@door
def assert_almost_equal_ignore_nan(
    a: Any, b: Any, rtol: Any = None, atol: Any = None, names: tuple[str, str] = ("a", "b")
) -> None:
    """Raise an error unless the arrays are almost equal where neither is NaN.

    Parameters
    ----------
    a, b, rtol, atol, names
        As for `assert_almost_equal`.

    Raises
    ------
    AssertionError
        They differ.
    """
    left, right = _as_numpy(a).copy(), _as_numpy(b).copy()
    is_nan = np.isnan(left) | np.isnan(right)
    left[is_nan] = right[is_nan] = 0
    assert_almost_equal(left, right, rtol, atol, names)


@door
def compare_ndarray_tuple(t1: Any, t2: Any, rtol: Any = None, atol: Any = None) -> None:
    """Raise an error unless two arrays, or two nested tuples of arrays and None, are almost equal.

    Parameters
    ----------
    t1, t2 : NDArray, tuple or None
        What to compare; nothing is, if one of them is None.
    rtol, atol : float, optional
        The tolerances.

    Raises
    ------
    AssertionError
        They differ.
    """
    if t1 is None or t2 is None:
        return
    if isinstance(t1, tuple):
        for one, other in zip(t1, t2, strict=False):
            compare_ndarray_tuple(one, other, rtol, atol)
    else:
        assert_almost_equal(t1, t2, rtol=rtol, atol=atol)


@door
def same_array(array1: NDArray, array2: NDArray) -> bool:
    """Return whether two arrays share their memory.

    Parameters
    ----------
    array1, array2 : NDArray
        The arrays, of one shape.
    """
    one, other = array1._data, array2._data
    return one.shape == other.shape and one.data_ptr() == other.data_ptr()


@door
def checkShapes(a: Any, b: Any) -> None:
    """Raise an error unless two arrays have the same shape.

    Parameters
    ----------
    a, b : NDArray or numpy.ndarray
        The arrays.

    Raises
    ------
    AssertionError
        The shapes differ.
    """
    _check_shapes(_as_numpy(a), _as_numpy(b), ("a", "b"), use_broadcast=False)


@door
def locationError(a: Any, b: Any, index: tuple[int, ...], names: tuple[str, str], maxError: bool = False) -> str:
    """Return a text with a place of two arrays and their values there.

    Parameters
    ----------
    a, b : NDArray or numpy.ndarray
        The arrays.
    index : tuple of int
        The place.
    names : tuple of two str
        What the text calls the arrays.
    maxError : bool, default False
        Whether the text says that it is the place of the largest error.
    """
    what = "maximum error" if maxError else "error"
    return f"Location of {what}: {index}, {names[0]}={a[index]:.8f}, {names[1]}={b[index]:.8f}"


def _require_close(
    left: np.ndarray, right: np.ndarray, rtol: float, atol: float, share: float, names: tuple[str, str],
    equal_nan: bool, mismatches: tuple[int, int],
) -> None:  # fmt: skip
    left, right = np.broadcast_arrays(left, right)
    wrong = ~np.isclose(left, right, rtol=rtol, atol=atol, equal_nan=equal_nan)
    if wrong.sum() > share * wrong.size:
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
