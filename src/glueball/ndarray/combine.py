"""Functions that join and split arrays or reorder their axes, with MXNet's Python signatures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..core.doors import door
from ..core.errors import MXNetError
from ..ops.attrs import Null
from ..ops.axes import one_axis
from ..ops.declare import registry
from ..ops.tensor.join import places_and_sections
from .invoke import Result, invoke
from .ndarray import NDArray


@door
def concatenate(arrays: Sequence[NDArray], axis: int = 0, always_copy: bool = True) -> NDArray:
    """Join arrays along an existing axis.

    Parameters
    ----------
    arrays : list of NDArray
        One or more arrays of one type, whose shapes differ along `axis` at most.
    axis : int, default 0
        The axis to join along.
    always_copy : bool, default True
        If False, a single array is returned as is.

    Examples
    --------
    >>> from glueball import nd
    >>> nd.concatenate([nd.zeros((1, 2)), nd.ones((2, 2))]).shape
    (3, 2)
    """
    if len(arrays) == 1 and not always_copy:
        return arrays[0]
    if not arrays:
        raise registry["Concat"].missing_arrays()
    # Concat has one result, of which `invoke` cannot know.
    joined: NDArray = invoke(registry["Concat"], tuple(arrays), (len(arrays), axis))  # type: ignore[assignment]
    return joined._view(lambda tensor: tensor, arrays[0]._ctx)


@door
def split_v2(
    ary: NDArray, indices_or_sections: int | tuple[int, ...], axis: int = 0, squeeze_axis: bool = False
) -> Result:
    """Split an array into equal parts, or at given indices.

    Parameters
    ----------
    ary : NDArray
        The array.
    indices_or_sections : int or tuple of int
        The number of equal parts, or the indices at which the parts after the first begin.
    axis : int, default 0
        The axis to split along.
    squeeze_axis : bool, default False
        Drop the axis; each part must then have length 1 there.

    Returns
    -------
    list of NDArray
        The parts; a single part is returned as an NDArray.

    Raises
    ------
    ValueError
        `indices_or_sections` is neither an int nor a tuple of ints, or the parts would not be equal.

    Examples
    --------
    >>> from glueball import nd
    >>> [part.shape for part in nd.split_v2(nd.zeros((5, 2)), (1, 3))]
    [(1, 2), (2, 2), (2, 2)]
    """
    places, sections = places_and_sections("nd.split_v2", indices_or_sections)
    if not places:
        length = ary.shape[one_axis("nd.split_v2", axis, ary.ndim)]
        if sections < 1 or length % sections:
            raise ValueError(f"nd.split_v2: the parts must be equal; received {sections} parts for length {length}")
    return invoke(registry["_split_v2"], (ary,), (tuple(places), axis, squeeze_axis, sections))


@door
def moveaxis(tensor: NDArray, source: int | Sequence[int], destination: int | Sequence[int]) -> NDArray:
    """Return a copy with the axes `source` moved to `destination`; the others keep their order.

    Parameters
    ----------
    tensor : NDArray
        The array.
    source, destination : int or sequence of int
        Axes in equal number, each named once; negative axes count from the end.

    Raises
    ------
    ValueError
        An axis does not exist or is named twice.

    Examples
    --------
    >>> from glueball import nd
    >>> nd.moveaxis(nd.zeros((2, 3, 4)), 0, -1).shape
    (3, 4, 2)
    """
    sources = _axes("source", source, tensor)
    targets = _axes("destination", destination, tensor)
    if len(sources) != len(targets):
        raise ValueError(
            f"nd.moveaxis: source and destination must have the same length; received {source} and {destination}"
        )
    order = [axis for axis in range(tensor.ndim) if axis not in sources]
    for target, axis in sorted(zip(targets, sources, strict=True)):
        order.insert(target, axis)
    return invoke(registry["transpose"], (tensor,), (tuple(order),))  # type: ignore[return-value]


def _axes(name: str, given: Any, tensor: NDArray) -> list[int]:
    axes = [given] if isinstance(given, int) else list(given)
    rank = tensor.ndim
    if not all(-rank <= axis < rank for axis in axes):
        raise ValueError(f"nd.moveaxis: {name} must be from {-rank} to {rank - 1}; received {given}")
    axes = [axis % rank for axis in axes]
    if len(set(axes)) < len(axes):
        raise ValueError(f"nd.moveaxis: {name} must name each axis once; received {given}")
    return axes


@door
def onehot_encode(indices: NDArray, out: NDArray) -> NDArray:
    """Write each index to `out` as a one-hot row, and return `out`.

    Parameters
    ----------
    indices : NDArray
        (N,); an index out of range gives a row of zeros.
    out : NDArray
        (N, K).

    Examples
    --------
    >>> from glueball import nd
    >>> nd.onehot_encode(nd.array([1, 0]), nd.empty((2, 2))).asnumpy().tolist()
    [[0.0, 1.0], [1.0, 0.0]]
    """
    if out.ndim != 2 or indices.shape != out.shape[:1]:
        raise MXNetError(
            f"nd.onehot_encode: indices and out must be (N,) and (N, K); received {indices.shape} and {out.shape}"
        )
    return invoke(registry["one_hot"], (indices,), (out.shape[1], Null, Null, out.dtype), out)  # type: ignore
