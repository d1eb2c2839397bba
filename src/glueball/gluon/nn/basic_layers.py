"""Basic layers: Dense, Dropout, Flatten, Embedding."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core.arguments import checked
from ...core.errors import MXNetError
from ..core.hybrid_block import HybridBlock
from .activations import Activation
from .arguments import activation_of, at_least, lengths
from .norm_layers import _BatchNorm  # noqa: F401  (MXNet has it here)

__all__ = ["Dense", "Dropout", "Embedding", "Flatten"]


class Dense(HybridBlock):
    """A fully connected layer: activation(x weight^T + bias).

    Parameters
    ----------
    units : int
        Number of output features. As in MXNet, 0 is an error when the layer is called, not here.
    activation : {None, 'relu', 'sigmoid', 'softrelu', 'softsign', 'tanh'}
        Activation function applied to the result.
    use_bias : bool, default True
        Add a learned bias per unit.
    flatten : bool, default True
        Flatten each sample to one row first; False applies the layer along the last axis.
    dtype : str or numpy.dtype, default 'float32'
        The dtype of weight and bias.
    weight_initializer, bias_initializer : Initializer or str
        How they are initialized; by default with the initializer given to ``initialize()``, and zeros.
    in_units : int, default 0
        Number of input features; 0 infers it in the first forward pass.
    **kwargs
        ``prefix`` and ``params``, as in `HybridBlock`.

    Inputs and outputs
    ------------------
    (N, ...) to (N, units); with ``flatten=False`` (..., in_units) to (..., units).

    Examples
    --------
    >>> from glueball import nd
    >>> from glueball.gluon import nn
    >>> layer = nn.Dense(5, activation="tanh")
    >>> layer.initialize()
    >>> layer(nd.ones((2, 3, 4))).shape
    (2, 5)
    """

    @checked
    def __init__(
        self, units: int, activation: str | None = None, use_bias: bool = True, flatten: bool = True,
        dtype: Any = "float32", weight_initializer: Any = None, bias_initializer: Any = "zeros", in_units: int = 0,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        self._units = at_least("Dense", "units", units, 0)
        self._in_units = at_least("Dense", "in_units", in_units, 0)
        self._flatten = flatten
        super().__init__(**kwargs)
        with self.name_scope():
            self.weight = self.params.get(
                "weight", shape=(units, in_units), dtype=dtype, init=weight_initializer, allow_deferred_init=True
            )
            self.bias = None
            if use_bias:
                self.bias = self.params.get(
                    "bias", shape=(units,), dtype=dtype, init=bias_initializer, allow_deferred_init=True
                )
            self.act = None
            if activation is not None:
                self.act = Activation(activation_of("Dense", activation), prefix=f"{activation}_")

    def hybrid_forward(self, F: Any, x: Any, weight: Any, bias: Any = None) -> Any:
        y = F.FullyConnected(
            x, weight, bias, no_bias=bias is None, num_hidden=self._units, flatten=self._flatten, name="fwd"
        )
        return y if self.act is None else self.act(y)

    def __repr__(self) -> str:
        shape = lengths(self.weight)
        return f"{type(self).__name__}({shape[1] or None} -> {shape[0]}, {self.act if self.act else 'linear'})"


class Dropout(HybridBlock):
    """In training mode, zero each element with a given probability and scale up the rest (Srivastava et al., 2014).

    Parameters
    ----------
    rate : float
        The probability, from 0 to 1; 0 means no dropout.
    axes : tuple of int, default ()
        Axes along which the mask is broadcast; ``axes=(2, 3)`` drops whole channels of an image.
    **kwargs
        ``prefix`` and ``params``, as in `HybridBlock`.

    Inputs and outputs
    ------------------
    Any shape, unchanged.

    Examples
    --------
    >>> from glueball import autograd, nd
    >>> from glueball.gluon import nn
    >>> layer = nn.Dropout(0.5)
    >>> layer(nd.ones((3,))).asnumpy().tolist()
    [1.0, 1.0, 1.0]
    >>> with autograd.train_mode():
    ...     y = layer(nd.ones((1000,)))
    >>> sorted(set(y.asnumpy().tolist()))
    [0.0, 2.0]
    """

    @checked
    def __init__(self, rate: float, axes: tuple[int, ...] = (), **kwargs: Any) -> None:
        if not 0 <= rate <= 1:
            raise MXNetError(f"Dropout: rate must be a number from 0 to 1; received {rate!r}.")
        super().__init__(**kwargs)
        self._rate = rate
        self._axes = axes

    def hybrid_forward(self, F: Any, x: Any) -> Any:
        if self._rate == 0:
            return F.identity(x)
        return F.Dropout(x, p=self._rate, axes=self._axes, name="fwd", cudnn_off=False)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(p = {self._rate}, axes={self._axes})"


class Flatten(HybridBlock):
    """Flatten each sample to one row: (N, ...) to (N, product of the rest).

    Examples
    --------
    >>> from glueball import nd
    >>> from glueball.gluon import nn
    >>> nn.Flatten()(nd.ones((2, 3, 4))).shape
    (2, 12)
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)

    def hybrid_forward(self, F: Any, x: Any) -> Any:
        return F.Flatten(x)

    def __repr__(self) -> str:
        return type(self).__name__


class Embedding(HybridBlock):
    """Map word indices to learned vectors.

    Parameters
    ----------
    input_dim : int
        Size of the vocabulary; indices are 0 to input_dim - 1.
    output_dim : int
        Length of each vector.
    dtype : str or numpy.dtype, default 'float32'
        The dtype of the vectors.
    weight_initializer : Initializer or str, optional
        How they are initialized.
    sparse_grad : bool, default False
        Give the weight a row_sparse gradient, with the rows alone that a batch has.
    **kwargs
        ``prefix`` and ``params``, as in `HybridBlock`.

    Inputs and outputs
    ------------------
    Any shape, to that shape with an additional last axis of length output_dim.

    Examples
    --------
    >>> from glueball import nd
    >>> from glueball.gluon import nn
    >>> layer = nn.Embedding(10, 4)
    >>> layer.initialize()
    >>> layer(nd.array([[1, 2, 3]])).shape
    (1, 3, 4)
    """

    @checked
    def __init__(
        self, input_dim: int, output_dim: int, dtype: Any = "float32", weight_initializer: Any = None,
        sparse_grad: bool = False, **kwargs: Any,
    ) -> None:  # fmt: skip
        self._kwargs = {
            "input_dim": at_least("Embedding", "input_dim", input_dim, 0),
            "output_dim": at_least("Embedding", "output_dim", output_dim, 0),
            "dtype": dtype,
            "sparse_grad": sparse_grad,
        }
        super().__init__(**kwargs)
        with self.name_scope():
            self.weight = self.params.get(
                "weight", shape=(input_dim, output_dim), init=weight_initializer, dtype=dtype, allow_deferred_init=True,
                grad_stype="row_sparse" if sparse_grad else "default",
            )  # fmt: skip

    def hybrid_forward(self, F: Any, x: Any, weight: Any) -> Any:
        return F.Embedding(x, weight, name="fwd", **self._kwargs)

    def __repr__(self) -> str:
        dtype = self._kwargs["dtype"]
        name = dtype if isinstance(dtype, str) else np.dtype(dtype).name
        return f"{type(self).__name__}({self._kwargs['input_dim']} -> {self._kwargs['output_dim']}, {name})"
