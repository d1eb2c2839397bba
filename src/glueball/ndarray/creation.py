"""Array creation: from lists and NumPy arrays, constants and ranges."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

from ..core import dtype as dtypes
from ..core.context import Context, current_context
from ..core.doors import door
from ..core.errors import MXNetError
from ..core.integers import is_int
from ..core.late_errors import late_errors
from ..ops.attrs import Null, as_type
from ..ops.declare import registry
from ..ops.explain import no_room
from ..ops.keywords import check_keywords
from .convert import to_tensor
from .invoke import invoke
from .namespace import as_context
from .ndarray import NDArray
from .sparse.base import BaseSparseNDArray
from .sparse.creation import array as sparse_array
from .sparse.creation import is_scipy
from .sparse.creation import zeros as sparse_zeros


@door
def array(source_array: Any, ctx: Context | None = None, dtype: Any = None) -> NDArray:
    """Make an array with the values of a list, a NumPy array, a torch tensor, another NDArray or a csr matrix of SciPy.

    Parameters
    ----------
    source_array : array_like
        The values; always copied. They may be text, as in files.
    ctx : Context, optional
        The context of the result; by default the current context, also for an NDArray source.
    dtype : str or numpy.dtype, optional
        The type; by default that of an NDArray source, and float32 for all other sources, also NumPy arrays.

    Raises
    ------
    TypeError
        The source is not an array of numbers, or a list holds numbers outside the range of the type.

    Examples
    --------
    >>> from glueball import nd
    >>> nd.array([[1, 2], [3, 4]]).shape
    (2, 2)
    """
    ctx = as_context(ctx) or current_context()
    if is_scipy(source_array) or isinstance(source_array, BaseSparseNDArray):
        return sparse_array(source_array, ctx, dtype)  # type: ignore[no-any-return]
    if isinstance(source_array, NDArray):
        kind = source_array._data.dtype if dtype is None else dtypes.to_torch(dtype, "nd.array")
        return source_array._converted(ctx, device=ctx.device, dtype=kind)
    kind = torch.float32 if dtype is None else dtypes.to_torch(dtype, "nd.array")
    values = to_tensor(source_array, "nd.array: source_array must be numbers, with rows of equal length", kind)
    if values.is_floating_point() and not kind.is_floating_point and not isinstance(source_array, np.ndarray):
        _check_convertible(values, kind)
    try:
        return NDArray(values.to(device=ctx.device, dtype=kind, copy=True).contiguous(), ctx)
    except RuntimeError as error:
        raise no_room("nd.array", error) from error.__cause__


def _check_convertible(values: torch.Tensor, kind: torch.dtype) -> None:
    """Refuse NaN and numbers beyond int64; numbers beyond a narrower type wrap around, as in MXNet."""
    if kind is not torch.bool and not bool((values.abs() < 2.0**63).all()):
        raise TypeError(f"nd.array: the numbers must fit into {dtypes.TORCH_TO_NAME[kind]}; received NaN or too large")


@door
def zeros(
    shape: Any, ctx: Context | None = None, dtype: Any = None, stype: str | None = None, **kwargs: Any
) -> NDArray:
    """Make an array of zeros.

    Parameters
    ----------
    shape : int or tuple of int
        The shape; one or more positive lengths.
    ctx : Context, optional
        The context; by default the current one.
    dtype : str or numpy.dtype, default float32
        The type.
    stype : {'default', 'csr', 'row_sparse'}, optional
        The storage type.
    out : NDArray, optional
        An array to write the zeros into instead.

    Raises
    ------
    MXNetError
        The shape is () or contains a 0, or the type is not one of MXNet's.

    Examples
    --------
    >>> from glueball import nd
    >>> nd.zeros((2,), dtype="int32").asnumpy().tolist()
    [0, 0]
    """
    if stype not in (None, "default"):
        return sparse_zeros(stype, shape, ctx, dtype, **kwargs)  # type: ignore[no-any-return]
    return _filled("_zeros", shape, ctx, dtype, kwargs)


@door
def ones(shape: Any, ctx: Context | None = None, dtype: Any = None, **kwargs: Any) -> NDArray:
    """Make an array of ones; the arguments are those of `zeros`."""
    return _filled("_ones", shape, ctx, dtype, kwargs)


def _filled(name: str, shape: Any, ctx: Any, dtype: Any, options: dict[str, Any]) -> NDArray:
    return _create(name, (shape, Null, Null if dtype is None else dtype), ctx, options)


def _create(name: str, values: tuple[Any, ...], ctx: Any, options: dict[str, Any] | None = None) -> NDArray:
    """Call an operator without inputs; `options` are the remaining keyword arguments."""
    options = dict(options or {})
    out = options.pop("out", None)
    options.pop("name", None)  # it only matters in a graph, where it names the node
    check_keywords(registry[name], options)
    return invoke(registry[name], (), values, out, as_context(ctx))  # type: ignore[return-value]


@door
def full(shape: Any, val: Any, ctx: Context | None = None, dtype: Any = np.float32, out: Any = None) -> NDArray:
    """Make an array filled with `val`.

    Parameters
    ----------
    shape : int or tuple of int
        The shape; not used with `out`.
    val : float or array_like
        The fill value, or values that broadcast to the shape.
    ctx, dtype
        As in `zeros`.
    out : NDArray, optional
        An array to write into instead.

    Examples
    --------
    >>> from glueball import nd
    >>> nd.full((2,), 7).asnumpy().tolist()
    [7.0, 7.0]
    """
    target = empty(shape, ctx, dtype) if out is None else out
    target[:] = val
    return target


@door
def empty(shape: Any, ctx: Context | None = None, dtype: Any = None, stype: str | None = None) -> NDArray:
    """Make an array whose values are to be written later.

    They are zeros until then. The arguments are those of `zeros`; lengths of 0 are allowed.
    """
    if stype not in (None, "default"):
        return sparse_zeros(stype, shape, ctx, dtype)  # type: ignore[no-any-return]
    lengths = tuple(shape) if isinstance(shape, Sequence | np.ndarray) else (shape,)
    if not all(is_int(length) and length >= 0 for length in lengths):
        raise MXNetError(f"nd.empty: shape must be ints of at least 0; received {shape!r}")
    ctx = as_context(ctx) or current_context()
    kind = torch.float32 if dtype is None else dtypes.to_torch(dtype, "nd.empty")
    try:
        return NDArray(torch.zeros(tuple(map(int, lengths)), dtype=kind, device=ctx.device), ctx)
    except (RuntimeError, TypeError, OverflowError) as error:  # torch's words for lengths beyond 2**63
        raise no_room("nd.empty", error) from error.__cause__


@door
def arange(
    start: float,
    stop: float | None = None,
    step: float = 1.0,
    repeat: int = 1,
    infer_range: bool | None = None,
    ctx: Context | None = None,
    dtype: Any = np.float32,
) -> NDArray:
    """Make the 1-D array start, start + step, ... up to but excluding `stop`.

    Parameters
    ----------
    start, stop, step : float
        As in ``range``; if `stop` is None, the range is from 0 to `start`.
    repeat : int, default 1
        How many times each number is repeated.
    infer_range : bool, optional
        Has no effect here; in a graph it leaves `stop` to the operator that uses the result.
    ctx, dtype
        As in `zeros`.

    Raises
    ------
    MXNetError
        There is no number between `start` and `stop`.

    Examples
    --------
    >>> from glueball import nd
    >>> nd.arange(3, repeat=2).asnumpy().tolist()
    [0.0, 0.0, 1.0, 1.0, 2.0, 2.0]
    """
    if stop is None:
        start, stop = 0, start
    return _create("_arange", (start, stop, step, repeat, Null, Null, dtype), ctx)


@door
def linspace(
    start: float, stop: float, num: int, endpoint: bool = True, ctx: Context | None = None, dtype: Any = np.float32
) -> NDArray:
    """Make a 1-D array of evenly spaced numbers.

    Parameters
    ----------
    start, stop : float
        The ends of the interval.
    num : int
        The number of values.
    endpoint : bool, default True
        Whether `stop` is the last value.
    ctx, dtype
        As in `zeros`.

    Examples
    --------
    >>> from glueball import nd
    >>> nd.linspace(0, 1, 5).asnumpy().tolist()
    [0.0, 0.25, 0.5, 0.75, 1.0]
    """
    if not is_int(num) or num < 0:
        raise MXNetError(f"nd.linspace: num must be an int of at least 0; received {num!r}")
    steps = num - bool(endpoint)
    try:
        values = start + torch.arange(num, dtype=torch.float64) * ((stop - start) / steps if steps > 0 else 0.0)
    except (RuntimeError, OverflowError) as error:
        raise no_room("nd.linspace", error) from error.__cause__
    if endpoint and num > 1:
        values[-1] = stop
    return array(values, ctx, as_type(dtype))


@door
def eye(N: int, M: int = 0, k: int = 0, ctx: Context | None = None, dtype: Any = None, **kwargs: Any) -> NDArray:
    """Make a matrix with ones on one diagonal and zeros elsewhere.

    Parameters
    ----------
    N, M : int
        The numbers of rows and columns; M = 0 means as many columns as rows.
    k : int, default 0
        The diagonal: above the main one when positive, below it when negative.
    ctx, dtype, out
        As in `zeros`.

    Examples
    --------
    >>> from glueball import nd
    >>> nd.eye(2, 3, k=1).asnumpy().tolist()
    [[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]
    """
    return _create("_eye", (N, M, k, Null, Null if dtype is None else dtype), ctx, kwargs)


def waitall() -> None:
    """Wait until all queued work on every GPU is done; on a CPU, return at once.

    Raises
    ------
    MXNetError
        A draw of random numbers had parameters out of range, and nobody has read it yet.
    """
    late_errors.all_read()
    if torch.cuda.is_available() and torch.cuda.is_initialized():
        torch.cuda.synchronize()
