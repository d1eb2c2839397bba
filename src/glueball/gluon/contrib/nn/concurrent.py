"""Parallel branches: blocks that take the same input and concatenate their outputs."""

from __future__ import annotations

from typing import Any

from .... import ndarray as nd
from ....core.annotations import Axis
from ....core.arguments import checked
from ...containers import HybridSequential, Sequential
from ...core.hybrid_block import HybridBlock
from ...core.parameter_dict import ParameterDict

__all__ = ["Concurrent", "HybridConcurrent", "Identity"]


class Concurrent(Sequential):
    """Give the same input to every child, and concatenate their outputs.

    Parameters
    ----------
    axis : int, default -1
        The axis to concatenate along.
    prefix, params
        As in `Block`.

    Inputs and outputs
    ------------------
    Any input that the children take; their outputs must have equal shapes except along `axis`.

    Examples
    --------
    >>> from glueball import nd
    >>> from glueball.gluon import nn
    >>> from glueball.gluon.contrib.nn import Concurrent
    >>> net = Concurrent(axis=1)
    >>> net.add(nn.Dense(2), nn.Dense(3))
    >>> net.initialize()
    >>> net(nd.ones((4, 6))).shape
    (4, 5)
    """

    @checked
    def __init__(self, axis: Axis = -1, prefix: str | None = None, params: ParameterDict | None = None) -> None:
        super().__init__(prefix, params)
        self.axis = axis

    def forward(self, x: Any) -> Any:
        return nd.concat(*(block(x) for block in self._children.values()), dim=self.axis)


class HybridConcurrent(HybridSequential):
    """`Concurrent` that can be traced to a graph as one.

    Parameters
    ----------
    axis : int, default -1
        The axis to concatenate along.
    prefix, params
        As in `Block`.

    Inputs and outputs
    ------------------
    Any input that the children take; their outputs must have equal shapes except along `axis`.

    Examples
    --------
    >>> from glueball import nd
    >>> from glueball.gluon import nn
    >>> from glueball.gluon.contrib.nn import HybridConcurrent, Identity
    >>> net = HybridConcurrent(axis=1)
    >>> net.add(Identity(), nn.Conv2D(4, 3, padding=1))
    >>> net.initialize()
    >>> net(nd.ones((2, 3, 8, 8))).shape
    (2, 7, 8, 8)
    """

    @checked
    def __init__(self, axis: Axis = -1, prefix: str | None = None, params: ParameterDict | None = None) -> None:
        super().__init__(prefix, params)
        self.axis = axis

    def hybrid_forward(self, F: Any, x: Any) -> Any:
        return F.concat(*(block(x) for block in self._children.values()), dim=self.axis)


class Identity(HybridBlock):
    """Return the input unchanged: the skip branch of a `HybridConcurrent`.

    Parameters
    ----------
    prefix, params
        As in `Block`.

    Examples
    --------
    >>> from glueball import nd
    >>> from glueball.gluon.contrib.nn import Identity
    >>> Identity()(nd.ones((2,))).asnumpy().tolist()
    [1.0, 1.0]
    """

    def __init__(self, prefix: str | None = None, params: ParameterDict | None = None) -> None:
        super().__init__(prefix, params)

    def hybrid_forward(self, F: Any, x: Any) -> Any:
        return x
