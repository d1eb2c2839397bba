"""The simplest optimizer, which MXNet's own tests use."""

from __future__ import annotations

from typing import Any

from ..ndarray import NDArray
from .optimizer import Optimizer
from .steps import zeros_like

__all__ = ["Test"]


@Optimizer.register
class Test(Optimizer):
    """``weight += rescale_grad * gradient``, and the weight is the state: for tests of what calls optimizers.

    There are neither rates nor counts.

    Parameters
    ----------
    **kwargs
        Those of `Optimizer`.

    Examples
    --------
    >>> import glueball as mx
    >>> weight, optimizer = mx.nd.array([1, 2]), mx.optimizer.Test(rescale_grad=2)
    >>> optimizer.update(0, weight, mx.nd.array([1, 1]), optimizer.create_state(0, weight))
    >>> weight.asnumpy().tolist()
    [3.0, 4.0]
    """

    __test__ = False  # pytest takes classes of this name for tests

    glueball_saved_attributes = ()

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)

    def create_state(self, index: Any, weight: NDArray) -> NDArray:
        """Create the array that will be a copy of the weight."""
        return zeros_like(weight)

    def update(self, index: Any, weight: Any, grad: Any, state: Any) -> None:
        """Update a weight and its state in place."""
        weight[:] += grad * self.rescale_grad
        state[:] = weight
