"""Making arrays: from lists, NumPy, DLPack, or filled with numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

from .. import dtype as dtypes
from ..context import Context, current_context
from ..errors import MXNetError
from ..ops.attrs import Null
from ..ops.declare import registry
from .indexing import refuse_empty
from .invoke import invoke
from .ndarray import NDArray, from_torch


def array(source_array: Any, ctx: Context | None = None, dtype: Any = None) -> NDArray:
    """Make an array with the values of a list, a NumPy array, a torch tensor or another NDArray.

    Parameters
    ----------
    source_array : array_like
        The values; always copied.
    ctx : Context, optional
        Where to; default the current context.
    dtype : str or numpy.dtype, optional
        The type. Default that of an NDArray source, and float32 for everything else, also for a NumPy array.

    Raises
    ------
    TypeError
        The source is not an array of numbers.

    Examples
    --------
    >>> from glueball import nd
    >>> nd.array([[1, 2], [3, 4]]).shape
    (2, 2)
    """
    ctx = ctx or current_context()
    if isinstance(source_array, torch.Tensor):
        values = source_array.detach()
    elif isinstance(source_array, NDArray):
        values = source_array._data
        dtype = source_array.dtype if dtype is None else dtype
    else:
        values = _from_python(source_array)
    kind = torch.float32 if dtype is None else dtypes.to_torch(dtype, "nd.array")
    return NDArray(values.to(device=ctx.device, dtype=kind, copy=True).contiguous(), ctx)


def _from_python(source: Any) -> torch.Tensor:
    try:
        values = np.array(source)  # a copy: torch warns about sharing memory that it may not write to
        if values.dtype == dtypes.bfloat16:
            return torch.from_numpy(values.view(np.int16)).view(torch.bfloat16)
        if values.dtype.kind == "u" and values.dtype.itemsize > 1:
            values = values.astype(np.int64)
        if values.dtype.kind not in "biuf":
            raise TypeError
        return torch.as_tensor(values)
    except (TypeError, ValueError):
        raise TypeError(
            "nd.array: source_array must be a number or an array of numbers with rows of equal length; "
            f"received {type(source).__name__}"
        ) from None


def _shape(shape: Any, owner: str) -> tuple[int, ...]:
    shape = tuple(shape) if isinstance(shape, Sequence | np.ndarray) else (shape,)
    return refuse_empty(tuple(int(length) for length in shape), owner)


def _refuse_storage(stype: str | None, owner: str) -> None:
    if stype not in (None, "default"):
        raise MXNetError(f"{owner}: stype must be 'default'; received {stype!r}; sparse arrays are not provided")


def zeros(
    shape: Any, ctx: Context | None = None, dtype: Any = None, stype: str | None = None, **kwargs: Any
) -> NDArray:
    """Make an array of zeros.

    Parameters
    ----------
    shape : int or tuple of int
        Its shape; one or more positive lengths.
    ctx : Context, optional
        Where; default the current context.
    dtype : str or numpy.dtype, default float32
        Its type.
    stype : {None, 'default'}
        The storage type; sparse ones are refused.
    out : NDArray, optional
        An array to write the zeros into instead.

    Examples
    --------
    >>> from glueball import nd
    >>> nd.zeros((2,), dtype="int32").asnumpy().tolist()
    [0, 0]
    """
    _refuse_storage(stype, "nd.zeros")
    return _filled("_zeros", _shape(shape, "nd.zeros"), ctx, dtype, kwargs)


def ones(shape: Any, ctx: Context | None = None, dtype: Any = None, **kwargs: Any) -> NDArray:
    """Make an array of ones; the arguments are those of `zeros`."""
    return _filled("_ones", _shape(shape, "nd.ones"), ctx, dtype, kwargs)


def _filled(name: str, shape: tuple[int, ...], ctx: Context | None, dtype: Any, kwargs: dict[str, Any]) -> NDArray:
    out = kwargs.pop("out", None)
    if kwargs:
        raise registry[name].unknown_attribute(next(iter(kwargs)))
    return invoke(registry[name], (), (shape, Null, Null if dtype is None else dtype), out, ctx)  # type: ignore


def full(shape: Any, val: float, ctx: Context | None = None, dtype: Any = np.float32, out: Any = None) -> NDArray:
    """Make an array in which each element is `val`; the other arguments are those of `zeros`."""
    target = out if out is not None else empty(shape, ctx, dtype)
    target[:] = val
    return target


def empty(shape: Any, ctx: Context | None = None, dtype: Any = None, stype: str | None = None) -> NDArray:
    """Make an array for values to come; they are zeros until then. The arguments are those of `zeros`."""
    return zeros(shape, ctx, dtype, stype)


def arange(
    start: float,
    stop: float | None = None,
    step: float = 1.0,
    repeat: int = 1,
    infer_range: bool | None = None,
    ctx: Context | None = None,
    dtype: Any = np.float32,
) -> NDArray:
    """Make the row start, start + step, ... up to but without `stop`.

    Parameters
    ----------
    start, stop, step : float
        As in ``range``; with `stop` None, from 0 to `start`.
    repeat : int, default 1
        How many times each number stands.
    infer_range : bool, optional
        Only for graphs, where `stop` may be left to the consumer; an imperative call refuses True.
    ctx, dtype
        As in `zeros`.

    Examples
    --------
    >>> from glueball import nd
    >>> nd.arange(3, repeat=2).asnumpy().tolist()
    [0.0, 0.0, 1.0, 1.0, 2.0, 2.0]
    """
    if infer_range:
        raise MXNetError("nd.arange: infer_range=True needs a graph; pass stop=...")
    if stop is None:
        start, stop = 0, start
    return invoke(registry["_arange"], (), (start, stop, step, repeat, Null, Null, dtype), None, ctx)  # type: ignore


def linspace(
    start: float, stop: float, num: int, endpoint: bool = True, ctx: Context | None = None, dtype: Any = np.float32
) -> NDArray:
    """Make `num` evenly spaced numbers from `start` to `stop`, with `stop` itself when `endpoint` is True."""
    values = torch.linspace(start, stop, num + (not endpoint), dtype=torch.float64)[:num]
    return array(values, ctx, dtype)


def eye(N: int, M: int = 0, k: int = 0, ctx: Context | None = None, dtype: Any = None, **kwargs: Any) -> NDArray:
    """Make an N x M matrix (M = 0: N x N) with ones on diagonal `k` (positive: above the main one)."""
    out = kwargs.pop("out", None)
    if kwargs:
        raise registry["_eye"].unknown_attribute(next(iter(kwargs)))
    return invoke(registry["_eye"], (), (N, M, k, Null, Null if dtype is None else dtype), out, ctx)  # type: ignore


def from_numpy(ndarray: np.ndarray, zero_copy: bool = True) -> NDArray:
    """Make an array over the memory of a NumPy array, or over a copy with ``zero_copy=False``.

    Raises
    ------
    ValueError
        The memory is not C-contiguous or not writable, and cannot be shared.
    """
    if not isinstance(ndarray, np.ndarray):
        raise TypeError(f"nd.from_numpy: ndarray must be a numpy.ndarray; received {type(ndarray).__name__}")
    if zero_copy and not (ndarray.flags.c_contiguous and ndarray.flags.writeable):
        raise ValueError("nd.from_numpy: shared memory must be C-contiguous and writable; pass zero_copy=False")
    return from_torch(torch.from_numpy(ndarray if zero_copy else ndarray.copy()))


def from_dlpack(dlpack: Any) -> NDArray:
    """Make an array over the memory that a DLPack capsule or any object with ``__dlpack__`` holds."""
    return from_torch(torch.from_dlpack(dlpack))


def to_dlpack_for_read(data: NDArray) -> Any:
    """Return a DLPack capsule over the array's memory, for a reader."""
    return data.to_dlpack_for_read()


def to_dlpack_for_write(data: NDArray) -> Any:
    """Return a DLPack capsule over the array's memory, for a writer."""
    return data.to_dlpack_for_write()


def concatenate(arrays: Sequence[NDArray], axis: int = 0, always_copy: bool = True) -> NDArray:
    """Join arrays along an axis; with ``always_copy=False`` a single array is returned as it is."""
    if len(arrays) == 1 and not always_copy:
        return arrays[0]
    return invoke(registry["Concat"], tuple(arrays), (len(arrays), axis))  # type: ignore[return-value]


def moveaxis(tensor: NDArray, source: int | Sequence[int], destination: int | Sequence[int]) -> NDArray:
    """Return a copy in which the axes `source` stand at `destination`, the others in their old order."""
    sources = [source] if isinstance(source, int) else list(source)
    targets = [destination] if isinstance(destination, int) else list(destination)
    if len(sources) != len(targets):
        raise ValueError("nd.moveaxis: source and destination must name equally many axes")
    if not all(-tensor.ndim <= axis < tensor.ndim for axis in sources + targets):
        raise ValueError(f"nd.moveaxis: axes must fit shape {tensor.shape}; received {source}, {destination}")
    sources = [axis % tensor.ndim for axis in sources]
    order = [axis for axis in range(tensor.ndim) if axis not in sources]
    for target, axis in sorted(zip([axis % tensor.ndim for axis in targets], sources, strict=True)):
        order.insert(target, axis)
    return invoke(registry["transpose"], (tensor,), (tuple(order),))  # type: ignore[return-value]


def waitall() -> None:
    """Return when all queued work on every GPU is done; at once on a CPU."""
    if torch.cuda.is_available() and torch.cuda.is_initialized():
        torch.cuda.synchronize()
