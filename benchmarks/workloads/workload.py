"""The base of workloads, and their random data."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

#: Does the work and returns the arrays that it made or changed. In MXNet they may not be computed yet.
Run = Callable[[], Sequence[Any]]

#: The modes of a workload, each a method that takes a library and builds a `Run`: ``gluon`` with Glueball or MXNet,
#: ``graph`` with a network that either of them has hybridized, ``torch`` with PyTorch, ``compiled`` with torch.compile,
#: ``file`` with a runtime that reads a file of the network.
WAYS = ("gluon", "graph", "torch", "compiled", "file")


class Workload:
    """One kind of work of one size; a frozen dataclass, whose fields are the size.

    It has the methods in `WAYS` that it supports.
    """

    #: Whether another backend can run its graph.
    backends = False
    #: Whether it changes the network.
    trains = False

    @property
    def tolerance(self) -> float:
        """How far results may be from another's, norm-wise; rounding errors accumulate over two training steps."""
        return 1e-4

    def ways(self) -> list[str]:
        """The modes that this workload supports."""
        return [way for way in WAYS if hasattr(self, way)]


class NetworkWorkload(Workload):
    """A workload with a network, which runs imperatively and as a graph."""

    backends = True

    def network(self, mx: Any) -> Any:
        """Create the network with its parameters."""
        raise NotImplementedError

    def run(self, mx: Any, net: Any) -> Run:
        """Build the work with the network."""
        raise NotImplementedError

    def gluon(self, mx: Any) -> Run:
        """Build the work with Gluon; `mx` is Glueball or MXNet."""
        return self.run(mx, self.network(mx))

    def graph(self, mx: Any, backend: str | None = None) -> Run:
        """Build the same work with the network hybridized."""
        net = self.network(mx)
        hybridize(net, backend)
        return self.run(mx, net)


def hybridize(net: Any, backend: str | None = None) -> None:
    """Hybridize a network, with the options that are fastest in MXNet."""
    chosen = {} if backend is None else {"backend": backend}
    net.hybridize(static_alloc=True, static_shape=True, **chosen)


def values(*shapes: tuple[int, ...], seed: int = 0) -> list[np.ndarray]:
    """Return the same float32 values for every library, between -1 and 1."""
    random = np.random.RandomState(seed)  # its stream is the same in all versions of NumPy
    return [random.uniform(-1, 1, shape).astype("float32") for shape in shapes]


def numbers(array: Any) -> np.ndarray:
    """Return an array of any of the libraries as a NumPy array of its own."""
    if isinstance(array, np.ndarray):
        return array.copy()
    return array.asnumpy() if hasattr(array, "asnumpy") else array.detach().contiguous().numpy().copy()
