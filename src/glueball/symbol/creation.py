"""Symbols of arrays that the graph itself creates, such as zeros, ones and arange; split_v2 and histogram."""

from __future__ import annotations

from typing import Any

from ..core.doors import door
from ..core.errors import InvalidValueError
from ..core.integers import is_int
from ..ops.attrs import Null
from ..ops.tensor.join import places_and_sections
from .namespace import functions
from .symbol import Symbol


@door
def zeros(shape: Any, dtype: Any = None, **kwargs: Any) -> Symbol:
    """Return a symbol of zeros.

    Parameters
    ----------
    shape : int or tuple of int
        The shape; a length of 0 is inferred from what it is combined with.
    dtype : str or numpy.dtype, default float32
        The type.
    **kwargs
        ``name`` and ``attr`` of the node.
    """
    return functions["_zeros"](shape=shape, dtype=_or_float32(dtype), **kwargs)


@door
def ones(shape: Any, dtype: Any = None, **kwargs: Any) -> Symbol:
    """Return a symbol of ones; the arguments are those of `zeros`."""
    return functions["_ones"](shape=shape, dtype=_or_float32(dtype), **kwargs)


@door
def full(shape: Any, val: float, dtype: Any = None, **kwargs: Any) -> Symbol:
    """Return a symbol of an array filled with `val`; the other arguments are those of `zeros`."""
    try:
        value = float(val)
    except (TypeError, ValueError) as error:
        raise type(error)(f"full: val must be a number; received {val!r}") from None
    return functions["_full"](shape=shape, dtype=_or_float32(dtype), value=value, **kwargs)


@door
def arange(
    start: float, stop: float | None = None, step: float = 1.0, repeat: int = 1, infer_range: bool = False,
    name: str | None = None, dtype: Any = None,
) -> Symbol:  # fmt: skip
    """Return a symbol of evenly spaced numbers.

    The arguments are those of `glueball.nd.arange`, but `infer_range` must be False: MXNet would infer the end from
    what the symbol is combined with. `name` is that of the node.
    """
    return functions["_arange"](
        start=start, stop=stop, step=step, repeat=repeat, infer_range=infer_range, name=name, dtype=_or_float32(dtype)
    )


@door
def eye(N: int, M: int = 0, k: int = 0, dtype: Any = None, **kwargs: Any) -> Symbol:
    """Return a symbol of a matrix of `N` rows and `M` columns (0 means `N`) with ones on the diagonal `k`."""
    return functions["_eye"](N, M, k, dtype=_or_float32(dtype), **kwargs)


@door
def linspace(
    start: float, stop: float, num: int, endpoint: bool = True, name: str | None = None, dtype: Any = None
) -> Symbol:
    """Return a symbol of `num` evenly spaced numbers from `start` to `stop`, which is the last one if `endpoint`."""
    return functions["_linspace"](
        start=start, stop=stop, num=num, endpoint=endpoint, name=name, dtype=_or_float32(dtype)
    )


@door
def split_v2(ary: Symbol, indices_or_sections: Any, axis: int = 0, squeeze_axis: bool = False) -> Symbol:
    """Split into equal parts, or at given indices; see `glueball.nd.split_v2`."""
    indices, sections = places_and_sections("split_v2", indices_or_sections)
    return functions["_split_v2"](ary, indices=indices, axis=axis, squeeze_axis=squeeze_axis, sections=sections)


@door
def histogram(a: Symbol, bins: int | Symbol = 10, range: tuple[float, float] | None = None, **kwargs: Any) -> Symbol:
    """Count the elements of an array in each of several ranges; see `glueball.nd.histogram`.

    Parameters
    ----------
    a : Symbol
        The elements.
    bins : int or Symbol, default 10
        The number of ranges, or their edges in ascending order.
    range : tuple of two floats, optional
        Where the first range begins and the last one ends; required with a number of ranges.
    **kwargs
        ``name`` and ``attr`` of the node.
    """
    if isinstance(bins, Symbol):
        return functions["_histogram"](data=a, bins=bins, **kwargs)
    if not is_int(bins):
        raise InvalidValueError(f"sym.histogram: bins must be an int or a Symbol; received {bins!r}")
    if range is None:
        raise InvalidValueError("sym.histogram: range must be given with a number of bins; received None")
    return functions["_histogram"](data=a, bin_cnt=bins, range=range, **kwargs)


def _or_float32(dtype: Any) -> Any:
    return "float32" if dtype is None or dtype is Null else dtype
