"""What stands between the convolutions of networks, in C: pooling, a factor for each channel, images side by side.

See ``pool.c``, ``scale.c`` and ``join.c``; and ``layout.c`` for another memory format.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from typing import Any

from ..fused import Activation
from .compiled import Compiled, Library, fields_of, is_switched_on
from .native import CannotCompile

_KINDS = {"max": 0, "avg": 1}


class Pool(Compiled):
    """The maximum or the mean of each window.

    Parameters
    ----------
    attributes : mapping
        Those of a Pooling that suits, with `kernel`, `stride` and `pad`.
    shape, out_shape : sequence of int
        The shapes of the data and of the result.
    """

    __name__ = "pool"
    kernel = "pooling"

    def __init__(self, attributes: Mapping[str, Any], shape: Sequence[int], out_shape: Sequence[int]) -> None:
        window = _window(attributes, shape)
        size = _KINDS[attributes["pool_type"]]
        if size and (attributes["count_include_pad"] is False or not any(window[2])):
            size = 2
        super().__init__(_library("pool"), shape, out_shape, fields_of(shape, out_shape, *window), size=size)

    @staticmethod
    def suits(attributes: Mapping[str, Any], shape: Sequence[int], out_shape: Sequence[int]) -> bool:
        """Whether there is a kernel for a Pooling of images; each of its windows must meet the image."""
        if len(shape) != 4 or attributes["pool_type"] not in _KINDS or not _is_for(shape, shape[1]):
            return False
        kernel, stride, pad = _window(attributes, shape)
        axes = zip(shape[2:], out_shape[2:], kernel, stride, pad, strict=True)
        return all(p < k and (out - 1) * s - p < length for length, out, k, s, p in axes)


class Scale(Compiled):
    """A factor and a number to add for each channel, and an activation.

    Parameters
    ----------
    shape : sequence of int
        The shape of the data.
    activation : Activation or None
        What is applied at the end.
    """

    __name__ = "scale"
    kernel = "scale of channels"

    def __init__(self, shape: Sequence[int], activation: Activation | None) -> None:
        super().__init__(_library("scale"), shape, shape, fields_of(shape, shape), activation)

    @staticmethod
    def suits(shape: Sequence[int]) -> bool:
        """Whether there is a kernel for data of this shape."""
        return len(shape) == 4 and _is_for(shape, shape[1])


class Join(Compiled):
    """One of several images that lie side by side, along the channels.

    Parameters
    ----------
    shape, out_shape : sequence of int
        The shapes of the image and of all together.
    before : int
        The number of channels before it.
    """

    __name__ = "join"
    kernel = "join"
    continues = True

    def __init__(self, shape: Sequence[int], out_shape: Sequence[int], before: int) -> None:
        super().__init__(_library("join"), shape, out_shape, fields_of(shape, out_shape), size=before)

    @staticmethod
    def suits(shape: Sequence[int]) -> bool:
        """Whether there is a kernel for a result of this shape."""
        return len(shape) == 4 and _is_for(shape, shape[1])


class Rearranged(Compiled):
    """Images in the memory format that has the channels last, of such that have them first.

    Parameters
    ----------
    shape : sequence of int
        The shape of the data.
    """

    __name__ = "rearranged"
    kernel = "channels last"
    takes_last = False

    def __init__(self, shape: Sequence[int]) -> None:
        super().__init__(_library("layout"), shape, shape, fields_of(shape, shape))


def _window(attributes: Mapping[str, Any], shape: Sequence[int]) -> tuple[Sequence[int], ...]:
    if attributes["global_pool"]:
        return tuple(shape[2:]), (1, 1), (0, 0)
    return attributes["kernel"], attributes["stride"][:2] or (1, 1), attributes["pad"][:2] or (0, 0)


def _is_for(shape: Sequence[int], channels: int) -> bool:
    return min(shape) > 0 and is_switched_on() and not obstacle() and channels >= _library("join").vector


@functools.cache
def obstacle() -> str:
    """Return a sentence that says why there are no such kernels on this machine, or '' if there are."""
    try:
        for name in ("pool", "scale", "join", "layout"):
            _library(name)
    except (CannotCompile, OSError) as error:  # OSError: a package in an archive, or a system without /proc
        return str(error)
    return ""


@functools.cache
def _library(name: str) -> Library:
    return Library(name)
