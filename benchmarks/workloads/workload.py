"""What a workload is, and the numbers it works on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

#: Does the work and gives the arrays that it made or changed. In MXNet they may not be computed yet.
Run = Callable[[], Sequence[Any]]

#: The ways in which work can be written, each a method that is handed a library and builds a `Run`: ``gluon`` with
#: Glueball or MXNet, ``graph`` with a network that either of them has hybridized, ``torch`` with PyTorch.
WAYS = ("gluon", "graph", "torch")


class Workload:
    """One kind of work on one size; a frozen dataclass, whose fields say the size.

    It has those of the methods in `WAYS` that there are for it.
    """

    def ways(self) -> list[str]:
        """The ways in which this work is written."""
        return [way for way in WAYS if hasattr(self, way)]


class NetworkWorkload(Workload):
    """Work with a network, which is done by the network as it is and by the graph of it."""

    def network(self, mx: Any) -> Any:
        """Make the network, with its values."""
        raise NotImplementedError

    def run(self, mx: Any, net: Any) -> Run:
        """Build the work with the network."""
        raise NotImplementedError

    def gluon(self, mx: Any) -> Run:
        """Build the work with Gluon; `mx` is Glueball or MXNet."""
        return self.run(mx, self.network(mx))

    def graph(self, mx: Any) -> Run:
        """Build the same work with the network hybridized."""
        net = self.network(mx)
        hybridize(net)
        return self.run(mx, net)


def hybridize(net: Any) -> None:
    """Let a network run as a graph, in the way that is fastest in MXNet."""
    net.hybridize(static_alloc=True, static_shape=True)


def values(*shapes: tuple[int, ...], seed: int = 0) -> list[np.ndarray]:
    """The same float32 values in every library, between -1 and 1."""
    random = np.random.RandomState(seed)  # its stream is the same in every version of NumPy
    return [random.uniform(-1, 1, shape).astype("float32") for shape in shapes]


def numbers(array: Any) -> np.ndarray:
    """The numbers of an array of any of the libraries."""
    return array.asnumpy() if hasattr(array, "asnumpy") else array.detach().numpy().copy()
