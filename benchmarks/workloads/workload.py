"""What a workload is, and the numbers it works on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import numpy as np

#: Does the work and gives the arrays that it made or changed. In MXNet they may not be computed yet.
Run = Callable[[], Sequence[Any]]


class Workload(Protocol):
    """One kind of work on one size; a frozen dataclass, whose fields say the size."""

    def gluon(self, mx: Any) -> Run:
        """Build the work with Gluon; `mx` is Glueball or MXNet."""

    def torch(self, torch: Any) -> Run:
        """Build the same work with PyTorch."""


def values(*shapes: tuple[int, ...], seed: int = 0) -> list[np.ndarray]:
    """The same float32 values in every library, between -1 and 1."""
    random = np.random.RandomState(seed)  # its stream is the same in every version of NumPy
    return [random.uniform(-1, 1, shape).astype("float32") for shape in shapes]


def numbers(array: Any) -> np.ndarray:
    """The numbers of an array of any of the libraries."""
    return array.asnumpy() if hasattr(array, "asnumpy") else array.detach().numpy().copy()
