"""``nd.histogram``: how many elements lie in each of several ranges."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..core.doors import door
from ..core.errors import InvalidValueError
from ..core.integers import is_int
from ..ops.attrs import Null
from ..ops.declare import registry
from .creation import array
from .invoke import invoke
from .ndarray import NDArray


@door
def histogram(a: NDArray, bins: int | NDArray = 10, range: tuple[float, float] | None = None) -> Sequence[NDArray]:
    """Count the elements of an array in each of several ranges that follow one another.

    Parameters
    ----------
    a : NDArray
        The elements, of any shape.
    bins : int or NDArray, default 10
        The number of ranges, all equally long; or their edges in ascending order, of the type of `a`.
    range : tuple of two floats, optional
        Where the first range begins and the last one ends; by default at the smallest and the largest element. Not
        used with edges.

    Returns
    -------
    list or tuple of two NDArrays
        The counts and the edges. The counts are int64, or float32, as the edges are, with neither edges nor a `range`.
        A range holds its first edge, the last range its end, too.

    Examples
    --------
    >>> from glueball import nd
    >>> counts, edges = nd.histogram(nd.array([1, 2, 3, 4, 5]), bins=2, range=(1, 5))
    >>> counts.asnumpy().tolist(), edges.asnumpy().tolist()
    ([2, 3], [1.0, 3.0, 5.0])
    """
    if isinstance(bins, NDArray):
        return invoke(registry["_histogram"], (a, bins), (Null, Null))  # type: ignore[return-value]
    if not is_int(bins):
        raise InvalidValueError(f"nd.histogram: bins must be an int or an NDArray; received {bins!r}")
    if range is None:
        counts, edges = np.histogram(a.asnumpy(), bins=int(bins))
        return array(counts), array(edges)
    return invoke(registry["_histogram"], (a, None), (bins, range))  # type: ignore[return-value]
