"""Arrays for tests: random ones, drawn as MXNet draws them from NumPy's generator, and some that are not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..core.context import Context
from ..core.doors import door
from ..core.errors import RefusedError
from ..core.strangers import call
from ..ndarray import NDArray, arange, array
from .sparse_arrays import rand_sparse_ndarray
from .surroundings import default_context, default_dtype

Shape = tuple[int, ...]


@door
def random_arrays(*shapes: Shape) -> Any:
    """Return arrays of normally distributed numbers, from NumPy's generator.

    Parameters
    ----------
    *shapes : tuple of int
        Their shapes.

    Returns
    -------
    numpy.ndarray or list of numpy.ndarray
        One array for one shape, else a list.
    """
    arrays: list[Any] = [np.array(np.random.randn(*shape), dtype=default_dtype()) for shape in shapes]
    return arrays if len(arrays) > 1 else arrays[0]


@door
def random_uniform_arrays(*shapes: Shape, **kwargs: Any) -> list[np.ndarray]:
    """Return arrays of uniformly distributed numbers, from NumPy's generator.

    Parameters
    ----------
    *shapes : tuple of int
        Their shapes.
    **kwargs
        ``low`` and ``high``, by default 0.0 and 1.0, and ``dtype``, by default float32.
    """
    low, high = kwargs.pop("low", 0.0), kwargs.pop("high", 1.0)
    dtype = kwargs.pop("dtype", default_dtype())
    if kwargs:
        raise TypeError(f"random_uniform_arrays: keywords must be low, high or dtype; received {', '.join(kwargs)}")
    return [np.random.uniform(size=shape, low=low, high=high).astype(dtype) for shape in shapes]


@door
def rand_ndarray(
    shape: Shape,
    stype: str = "default",
    density: float | None = None,
    dtype: Any = None,
    modifier_func: Callable[..., Any] | None = None,
    shuffle_csr_indices: bool = False,
    distribution: str | None = None,
    ctx: Context | None = None,
) -> NDArray:
    """Return an NDArray of normally distributed numbers, from NumPy's generator.

    Parameters
    ----------
    shape : tuple of int
        Its shape.
    stype : {'default', 'csr', 'row_sparse'}
        Its storage type.
    density, modifier_func, shuffle_csr_indices, distribution
        Of sparse arrays: see `rand_sparse_ndarray`.
    dtype : str or numpy.dtype, default float32
        Its type.
    ctx : Context, optional
        Where it is.

    Raises
    ------
    AssertionError
        `stype` is none of MXNet's.
    """
    if stype != "default":
        found: NDArray = rand_sparse_ndarray(
            shape, stype, density, dtype, distribution, None, None, modifier_func, shuffle_csr_indices, ctx
        )[0]
        return found
    values = np.random.randn(*shape)
    return array(values, ctx=ctx or default_context(), dtype=default_dtype() if dtype is None else dtype)


# --- shapes ---------------------------------------------------------------------------------------------------


@door
def rand_shape_2d(dim0: int = 10, dim1: int = 10, allow_zero_size: bool = False) -> Shape:
    """Return a random shape of two axes, from NumPy's generator.

    Parameters
    ----------
    dim0, dim1 : int, default 10
        The greatest lengths.
    allow_zero_size : bool, default False
        Whether a length may be 0.
    """
    return _drawn_shape((dim0, dim1), allow_zero_size)


@door
def rand_shape_3d(dim0: int = 10, dim1: int = 10, dim2: int = 10, allow_zero_size: bool = False) -> Shape:
    """Return a random shape of three axes, from NumPy's generator.

    Parameters
    ----------
    dim0, dim1, dim2 : int, default 10
        The greatest lengths.
    allow_zero_size : bool, default False
        Whether a length may be 0.
    """
    return _drawn_shape((dim0, dim1, dim2), allow_zero_size)


@door
def rand_shape_nd(num_dim: int, dim: int = 10, allow_zero_size: bool = False) -> Shape:
    """Return a random shape, from NumPy's generator.

    Parameters
    ----------
    num_dim : int
        The number of axes.
    dim : int, default 10
        The greatest length.
    allow_zero_size : bool, default False
        Whether a length may be 0.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.test_utils.rand_shape_nd(3, dim=1)
    (1, 1, 1)
    """
    return _drawn_shape((dim,) * num_dim, allow_zero_size)


def _drawn_shape(greatest: Sequence[int], allow_zero_size: bool) -> Shape:
    return tuple([int(np.random.randint(0 if allow_zero_size else 1, each + 1)) for each in greatest])


@door
def rand_coord_2d(x_low: int, x_high: int, y_low: int, y_high: int) -> tuple[int, int]:
    """Return a random place, from NumPy's generator.

    Parameters
    ----------
    x_low, x_high, y_low, y_high : int
        The ranges; the upper ends are not in them.
    """
    return int(np.random.randint(x_low, x_high)), int(np.random.randint(y_low, y_high))


@door
def random_sample(population: Sequence[Any], k: int) -> Any:
    """Return some elements in random order, from NumPy's generator.

    Parameters
    ----------
    population : list
        What to choose from.
    k : int
        How many.
    """
    copied = population[:]
    np.random.shuffle(copied)
    return copied[0:k]


# --- computing with NumPy ---------------------------------------------------------------------------------------


@door
def np_reduce(dat: np.ndarray, axis: Any, keepdims: bool, numpy_reduce_func: Callable[..., Any]) -> np.ndarray:
    """Reduce an array over several axes with a function that takes one.

    Parameters
    ----------
    dat : numpy.ndarray
        The array.
    axis : int, sequence of int or None
        The axes; None for all.
    keepdims : bool
        Whether they stay, with a length of 1.
    numpy_reduce_func : callable
        Such as ``numpy.sum``; called with ``axis=``.

    Examples
    --------
    >>> import numpy as np
    >>> import glueball as mx
    >>> mx.test_utils.np_reduce(np.ones((2, 3)), (0, 1), False, np.sum).item()
    6.0
    """
    axes = range(dat.ndim) if axis is None else [axis] if isinstance(axis, int) else axis
    result = dat
    for each in sorted(axes, reverse=True):
        result = call(lambda values, each=each: numpy_reduce_func(values, axis=each), result)
    if keepdims:
        result = result.reshape([1 if number in axes else length for number, length in enumerate(dat.shape)])
    return result


@door
def collapse_sum_like(a: np.ndarray, shape: Shape) -> np.ndarray:
    """Return the sums over the axes along which a shape broadcasts: the gradient of broadcasting.

    Parameters
    ----------
    a : numpy.ndarray
        The array.
    shape : tuple of int
        A shape that broadcasts to that of `a`.

    Raises
    ------
    AssertionError
        It does not.
    """
    missing = a.ndim - len(shape)
    ours = a.shape[max(missing, 0) :]
    if missing < 0 or any(one not in (1, other) for one, other in zip(shape, ours, strict=True)):
        raise RefusedError(f"collapse_sum_like: shape must broadcast to {a.shape}; received {shape}")
    axes = [*range(missing), *[missing + number for number, one in enumerate(shape) if one != ours[number]]]
    found: np.ndarray = np.sum(a, axis=tuple(axes)).reshape(shape)
    return found


@door
def assign_each(the_input: np.ndarray, function: Callable[[Any], Any] | None) -> np.ndarray:
    """Return a function of each element of an array.

    Parameters
    ----------
    the_input : numpy.ndarray
        The array.
    function : callable, optional
        Takes a number and returns one; without it, a copy is returned.
    """
    return np.array(the_input) if function is None else np.vectorize(function)(the_input)


@door
def assign_each2(input1: np.ndarray, input2: np.ndarray, function: Callable[[Any, Any], Any] | None) -> np.ndarray:
    """Return a function of each pair of elements of two arrays.

    Parameters
    ----------
    input1, input2 : numpy.ndarray
        The arrays, of one shape.
    function : callable, optional
        Takes two numbers and returns one; without it, a copy of the first array is returned.
    """
    return np.array(input1) if function is None else np.vectorize(function)(input1, input2)


# --- arrays that are known ----------------------------------------------------------------------------------------


@door
def create_2d_tensor(rows: int, columns: int, dtype: Any = np.int64) -> NDArray:
    """Return an NDArray in which each row is filled with its number.

    Parameters
    ----------
    rows, columns : int
        Its shape.
    dtype : str or numpy.dtype, default int64
        Its type.
    """
    return arange(0, rows, dtype=dtype).reshape((rows, 1)).broadcast_to((rows, columns))


@door
def create_vector(size: int, dtype: Any = np.int64) -> NDArray:
    """Return an NDArray of the numbers from 0.

    Parameters
    ----------
    size : int
        How many.
    dtype : str or numpy.dtype, default int64
        Their type.
    """
    return arange(0, size, dtype=dtype)


@door
def get_identity_mat(size: int) -> NDArray:
    """Return the identity matrix as an NDArray.

    Parameters
    ----------
    size : int
        The number of rows.
    """
    return array(np.identity(size))


@door
def get_identity_mat_batch(size: int) -> NDArray:
    """Return two identity matrices in one NDArray.

    Parameters
    ----------
    size : int
        The number of rows of each.
    """
    return array(np.stack([np.identity(size)] * 2))
