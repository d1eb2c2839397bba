"""The initializer of the packed parameters of recurrent layers."""

from __future__ import annotations

from typing import Any

from ..core.arguments import checked
from ..core.errors import RefusedError
from ..ndarray import NDArray
from ..ops.nn.rnn_gates import GATE_NAMES, features_of, gate_parts
from .base import InitDesc, Initializer, create, register


@register
class FusedRNN(Initializer):
    """Fill the packed parameters of recurrent layers, each matrix and bias by itself.

    Parameters
    ----------
    init : Initializer, str or None
        Fills them; None for the initializer of the whole network.
    num_hidden : int
        The number of units of each layer.
    num_layers : int
        The number of layers.
    mode : {'lstm', 'gru', 'rnn_relu', 'rnn_tanh'}
        The kind of layer.
    bidirectional : bool, default False
        Whether each layer goes through time in both directions.
    forget_bias : float, default 1.0
        What the bias of the forget gate of an LSTM is filled with.

    Examples
    --------
    >>> import glueball as mx
    >>> packed = mx.nd.zeros((4 * 2 * (3 + 2 + 2),))
    >>> mx.init.FusedRNN(mx.init.One(), num_hidden=2, num_layers=1, mode="lstm")._init_weight("packed", packed)
    >>> packed[40:].asnumpy().tolist()
    [0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0]
    """

    @checked
    def __init__(
        self,
        init: Any,
        num_hidden: int,
        num_layers: int,
        mode: str,
        bidirectional: bool = False,
        forget_bias: float = 1.0,
    ) -> None:
        if mode not in GATE_NAMES:
            raise RefusedError(f"FusedRNN: mode must be one of {', '.join(GATE_NAMES)}; received {mode!r}")
        self._init = create(init) if isinstance(init, str) else init
        super().__init__(
            init=None if self._init is None else self._init.dumps(), num_hidden=num_hidden, num_layers=num_layers,
            mode=mode, bidirectional=bidirectional, forget_bias=forget_bias,
        )  # fmt: skip
        self._num_hidden = num_hidden
        self._num_layers = num_layers
        self._mode = mode
        self._bidirectional = bidirectional
        self._forget_bias = forget_bias

    def _init_weight(self, name: str, arr: NDArray) -> None:
        layout = (self._mode, self._num_hidden, self._num_layers, self._bidirectional)
        features = features_of(arr.size, *layout)
        if features is None:
            raise RefusedError(
                f"FusedRNN: the array must hold the weights of {self._num_layers} layers of {self._num_hidden} units; "
                f"{name!r} has {arr.size} numbers"
            )
        overall = getattr(name, "global_init", None)
        fill = self._init or overall
        if fill is None:
            raise RefusedError(f"FusedRNN: init must be an Initializer where there is no other for {name!r}")
        for part in gate_parts(self._mode, features, *layout[1:]):
            values = arr[part.first : part.first + part.size].reshape(part.shape)
            if self._mode == "lstm" and part.name.endswith("_f_bias"):
                values[:] = self._forget_bias
            else:
                fill(InitDesc(part.name, global_init=overall), values)
