"""Initializers without randomness."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from ..core.arguments import checked
from ..ndarray import NDArray
from .base import Initializer, alias, register


@register
@alias("zeros")
class Zero(Initializer):
    """Fill weights with 0; also named ``'zeros'``.

    Examples
    --------
    >>> import glueball as mx
    >>> weight = mx.gluon.Parameter('weight', shape=(2,), init="zeros")
    >>> weight.initialize()
    >>> weight.data().asnumpy().tolist()
    [0.0, 0.0]
    """

    def __init__(self) -> None:
        super().__init__()

    def _init_weight(self, name: str, arr: NDArray) -> None:
        arr[...] = 0.0


@register
@alias("ones")
class One(Initializer):
    """Fill weights with 1; also named ``'ones'``.

    Examples
    --------
    >>> import glueball as mx
    >>> weight = mx.gluon.Parameter('weight', shape=(2,), init="ones")
    >>> weight.initialize()
    >>> weight.data().asnumpy().tolist()
    [1.0, 1.0]
    """

    def __init__(self) -> None:
        super().__init__()

    def _init_weight(self, name: str, arr: NDArray) -> None:
        arr[...] = 1.0


@register
class Constant(Initializer):
    """Fill weights with a number, or with an array of values.

    Parameters
    ----------
    value : float or array_like
        The number, or values that broadcast to the weight's shape.

    Examples
    --------
    >>> import glueball as mx
    >>> net = mx.gluon.nn.Dense(1, in_units=3)
    >>> net.initialize(mx.init.Constant([1, 2, 3]))
    >>> net.weight.data().asnumpy().tolist()
    [[1.0, 2.0, 3.0]]
    """

    def __init__(self, value: Any) -> None:
        super().__init__(value=value)
        self.value = value

    def dumps(self) -> str:
        """Return the name and the value as JSON; an array becomes a list."""
        value = self.value
        if isinstance(value, NDArray | np.ndarray | np.generic):
            value = value.tolist() if not isinstance(value, NDArray) else value.asnumpy().tolist()
        return json.dumps(["constant", {"value": value}])

    def _init_weight(self, name: str, arr: NDArray) -> None:
        arr[...] = self.value


@register
class Bilinear(Initializer):
    """Fill the weight of a transposed convolution for upsampling by bilinear interpolation.

    Every output channel gets the same kernel. The weight has 4 axes, (input channels, output channels,
    height, width).

    Examples
    --------
    >>> import glueball as mx
    >>> weight = mx.nd.zeros((1, 1, 4, 4))
    >>> mx.init.Bilinear()(mx.init.InitDesc("weight"), weight)
    >>> weight[0, 0, 1].asnumpy().tolist()
    [0.1875, 0.5625, 0.5625, 0.1875]
    """

    def __init__(self) -> None:
        super().__init__()

    def _init_weight(self, name: str, arr: NDArray) -> None:
        self._init_bilinear(name, arr)


@register
class LSTMBias(Initializer):
    """Fill the bias of an LSTM with 0, and its second quarter, for the forget gate, with another number.

    It fills biases only as the parameter's own initializer (``bias_initializer=...``); as the initializer of a
    whole network it sets them to 0, like every other initializer.

    Parameters
    ----------
    forget_bias : float, default 1.0
        The bias of the forget gate.

    Examples
    --------
    >>> import glueball as mx
    >>> bias = mx.gluon.Parameter('bias', shape=(8,), init=mx.init.LSTMBias(forget_bias=1.0))
    >>> bias.initialize()
    >>> bias.data().asnumpy().tolist()
    [0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0]
    """

    @checked
    def __init__(self, forget_bias: float = 1.0) -> None:
        super().__init__(forget_bias=forget_bias)
        self.forget_bias = forget_bias

    def _init_weight(self, name: str, arr: NDArray) -> None:
        quarter = arr.shape[0] // 4
        arr[:] = 0.0
        arr[quarter : 2 * quarter] = self.forget_bias
