"""What a way to compute fused convolutions is."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from torch import Tensor


class Way(NamedTuple):
    """A way to compute one fused convolution of two-dimensional images, for data of one shape and type.

    Attributes
    ----------
    name : str
        What it is called.
    memory : int
        The bytes of what `prepare` returns, which are kept between calls.
    prepare : callable
        Takes the weight, and returns what `run` needs of it.
    blank : callable
        Returns something of the same kind, without values, with which `run` can be timed.
    run : callable
        Takes the data, what `prepare` returned, and the bias and the other array or None for each. All arrays have
        channels first.
    """

    name: str
    memory: int
    prepare: Callable[[Tensor], Tensor]
    blank: Callable[[], Tensor]
    run: Callable[..., Tensor]


def unchanged(weight: Tensor) -> Tensor:
    """Prepare nothing: the kernel reads the weight itself."""
    return weight
