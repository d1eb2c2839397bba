"""What recurrent layers have in common: one operator over whole sequences, and a parameter for each weight and bias."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ... import ndarray as nd
from ... import symbol as sym
from ...core.arguments import checked
from ...core.errors import InvalidTypeError, InvalidValueError, MXNetError, RefusedError
from ...core.numpy_mode import numpy_mode
from ...ops.nn.rnn_layout import GATES, parts
from ..core.hybrid_block import HybridBlock
from ..core.parameter import Parameter
from ..nn.arguments import at_least, layout_of, lengths
from .basic_cells import GRUCell, LSTMCell, RNNCell
from .modifier_cells import DropoutCell
from .stacked_cells import BidirectionalCell, HybridSequentialRNNCell


class _RNNLayer(HybridBlock):
    """Layers of one kind, with a parameter for each weight and bias."""

    @checked
    def __init__(
        self, hidden_size: int, num_layers: int, layout: str, dropout: float, bidirectional: bool, input_size: int,
        i2h_weight_initializer: Any, h2h_weight_initializer: Any, i2h_bias_initializer: Any, h2h_bias_initializer: Any,
        mode: str, projection_size: int | None, h2r_weight_initializer: Any, lstm_state_clip_min: float | None,
        lstm_state_clip_max: float | None, lstm_state_clip_nan: bool, dtype: Any, use_sequence_length: bool = False,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        owner = type(self).__name__
        super().__init__(**kwargs)
        self._hidden_size = at_least(owner, "hidden_size", hidden_size, 1)
        self._num_layers = at_least(owner, "num_layers", num_layers, 1)
        self._projection_size = at_least(owner, "projection_size", projection_size, 0) if projection_size else None
        self._mode, self._layout = mode, layout_of(owner, layout, ("TNC", "NTC"))
        if not 0 <= dropout <= 1:
            raise MXNetError(f"{owner}: dropout must be from 0 to 1; received {dropout}")
        if (lstm_state_clip_min is None) is not (lstm_state_clip_max is None):
            raise MXNetError(
                f"{owner}: state_clip_min and state_clip_max must be given together; received {lstm_state_clip_min} "
                f"and {lstm_state_clip_max}"
            )
        self._dropout, self._dir, self._dtype = dropout, 2 if bidirectional else 1, dtype
        self._input_size = at_least(owner, "input_size", input_size, 0)
        self._i2h_weight_initializer, self._h2h_weight_initializer = i2h_weight_initializer, h2h_weight_initializer
        self._i2h_bias_initializer, self._h2h_bias_initializer = i2h_bias_initializer, h2h_bias_initializer
        self._h2r_weight_initializer = h2r_weight_initializer
        self._lstm_state_clip_min, self._lstm_state_clip_max = lstm_state_clip_min, lstm_state_clip_max
        self._lstm_state_clip_nan = lstm_state_clip_nan
        self._use_sequence_length = bool(use_sequence_length)
        self.skip_states: bool | None = None
        self._gates = GATES[mode]
        # MXNet registers the parameters of each direction together: this is the order in files and of updates.
        for part in sorted(self._glueball_parts(), key=lambda part: (part.layer, part.direction, part.group == "h2r")):
            shape = (part.shape[0], 0) if part.shape[-1] == 0 else part.shape
            init = getattr(self, f"_{part.group}_{part.kind}_initializer")
            self._register_param(part.name, shape, init, dtype)

    def _glueball_parts(self) -> Sequence[Any]:
        """What the vector of the operator is made of, in its order."""
        return parts(
            self._mode, self._input_size, self._hidden_size, self._num_layers, bidirectional=self._dir == 2,
            projection=self._projection_size,
        )  # fmt: skip

    def _register_param(self, name: str, shape: tuple[int, ...], init: Any, dtype: Any) -> Parameter:
        parameter = self.params.get(name, shape=shape, init=init, allow_deferred_init=True, dtype=dtype)
        setattr(self, name, parameter)
        return parameter

    def __repr__(self) -> str:
        shape = lengths(self._reg_params["l0_i2h_weight"])
        parts = [f"{shape[1] or None} -> {shape[0] // self._gates}", self._layout]
        if self._num_layers != 1:
            parts.append(f"num_layers={self._num_layers}")
        if self._dropout != 0:
            parts.append(f"dropout={self._dropout}")
        if self._dir == 2:
            parts.append("bidirectional")
        return f"{type(self).__name__}({', '.join(parts)})"

    def _collect_params_with_prefix(self, prefix: str = "") -> dict[str, Parameter]:
        """In files, the parameters are called as those of the cells that do the same."""
        prefix = f"{prefix}." if prefix else ""
        found = {}
        for name, parameter in self._reg_params.items():
            place, _, kind = name.partition("_")
            cell = f"{place[0]}_cell." if self._dir == 2 else ""
            found[f"{prefix}_unfused.{place[1:]}.{cell}{kind}"] = parameter
        return found

    def state_info(self, batch_size: int = 0) -> list[dict[str, Any]]:
        """Return the shape, layout and type of each state.

        Parameters
        ----------
        batch_size : int, default 0
            The number of sequences; 0 if it is not known.

        Returns
        -------
        list of dict
            With the keys ``shape``, ``__layout__`` and ``dtype``.
        """
        count = self._num_layers * self._dir
        units = [self._projection_size or self._hidden_size]
        if self._mode == "lstm":
            units.append(self._hidden_size)
        return [{"shape": (count, batch_size, length), "__layout__": "LNC", "dtype": self._dtype} for length in units]

    def begin_state(self, batch_size: int = 0, func: Callable[..., Any] = nd.zeros, **kwargs: Any) -> list[Any]:
        """Return first states.

        Parameters
        ----------
        batch_size : int, default 0
            The number of sequences.
        func : callable, default nd.zeros
            Makes each state: it is given ``name``, ``shape``, ``__layout__`` and ``dtype``.
        **kwargs
            More arguments for `func`, such as ``ctx``; they precede.

        Returns
        -------
        list of NDArray
            One, or two for an LSTM: the state and the cells.

        Examples
        --------
        >>> from glueball.gluon import rnn
        >>> [state.shape for state in rnn.LSTM(3, num_layers=2).begin_state(batch_size=5)]
        [(2, 5, 3), (2, 5, 3)]
        """
        made = [
            func(name=f"{self.prefix}h0_{number}", **{**info, **kwargs})
            for number, info in enumerate(self.state_info(batch_size))
        ]
        return [state.as_np_ndarray() for state in made] if numpy_mode.arrays else made

    def cast(self, dtype: Any) -> None:
        """Cast the parameters, and the states that `begin_state` makes, to another dtype."""
        super().cast(dtype)
        self._dtype = dtype

    def __call__(  # type: ignore[override]  # names of inputs, as MXNet has them here
        self, inputs: Any, states: Any = None, sequence_length: Any = None, **kwargs: Any
    ) -> Any:
        """Run the layers.

        Parameters
        ----------
        inputs : NDArray
            (steps, batch, features), or (batch, steps, features) with ``layout="NTC"``.
        states : NDArray or list of NDArray, optional
            The first states; by default zeros.
        sequence_length : NDArray, optional
            With ``use_sequence_length=True``: (batch,), the number of steps of each sequence.

        Returns
        -------
        NDArray or tuple
            The outputs, in the layout of the inputs. If states were given, the outputs and a list of the last states.
        """
        self.skip_states = states is None
        if states is None:
            states = self._glueball_first_states(inputs)
        elif isinstance(states, nd.NDArray | sym.Symbol):
            states = [states]
        elif isinstance(states, list | tuple):
            states = list(states)
        else:
            raise InvalidTypeError(
                f"{type(self).__name__}: states must be an array or a list of arrays; received {states!r}"
            )
        self._glueball_check_given(states, sequence_length)
        # That the last states are not asked for must show in the structure of the inputs, by which graphs are kept.
        given = [tuple(states) if self.skip_states else states]
        if self._use_sequence_length:
            given.append(sequence_length)
        return super().__call__(inputs, *given, **kwargs)

    def _glueball_first_states(self, inputs: Any) -> list[Any]:
        if not isinstance(inputs, nd.NDArray):
            return self.begin_state(0, func=sym.zeros)
        return self.begin_state(self._glueball_batch(inputs), ctx=inputs.context, dtype=inputs.dtype)

    def _glueball_batch(self, inputs: nd.NDArray) -> int:
        """Return the number of sequences."""
        if inputs.ndim != 3:
            raise InvalidValueError(
                f"{type(self).__name__}: inputs must have 3 dimensions, {self._layout}; received {inputs.shape}"
            )
        return inputs.shape[self._layout.find("N")]

    def _glueball_check_given(self, states: list[Any], sequence_length: Any) -> None:
        owner, count = type(self).__name__, 1 + (self._mode == "lstm")
        if len(states) != count:
            raise MXNetError(f"{owner}: states must be {count} array{'s' * (count > 1)}; received {len(states)}")
        if self._use_sequence_length is (sequence_length is None):
            rule = "given with" if self._use_sequence_length else "left out unless"
            received = "nothing" if sequence_length is None else "an array"
            raise MXNetError(f"{owner}: sequence_length must be {rule} use_sequence_length=True; received {received}")

    def hybrid_forward(
        self, F: Any, inputs: Any, states: Any = None, sequence_length: Any = None, **kwargs: Any
    ) -> Any:
        if states is None:  # whoever traces the layer alone, such as export_onnx, gives the inputs of a call
            states = tuple(self._glueball_first_states(inputs))
        if F is nd and isinstance(inputs, nd.NDArray) and isinstance(states, list | tuple):
            self._glueball_check(inputs, states)
        out, last = self._forward_kernel(F, inputs, states, sequence_length, **kwargs)
        return out if isinstance(states, tuple) else (out, last)

    def _glueball_check(self, inputs: nd.NDArray, states: Sequence[Any]) -> None:
        """Refuse states of another shape; in a graph, inference does."""
        expected = [info["shape"] for info in self.state_info(self._glueball_batch(inputs))]
        received = [getattr(state, "shape", None) for state in states]
        if received != expected:
            raise InvalidValueError(
                f"{type(self).__name__}: states must have shapes {', '.join(map(str, expected))}; received "
                f"{', '.join(map(str, received))}"
            )

    def _forward_kernel(self, F: Any, inputs: Any, states: Any, sequence_length: Any, **kwargs: Any) -> Any:
        """Return the outputs, and a list of the last states."""
        batch_first = self._layout == "NTC"
        if batch_first:
            inputs = F.swapaxes(inputs, dim1=0, dim2=1)
        names = [part.name for part in self._glueball_parts()]
        if missing := [name for name in names if name not in kwargs]:
            raise InvalidTypeError(f"{type(self).__name__}: all parameters must be given by name; {missing[0]} is not")
        vectors = [kwargs[name].reshape(-1) for name in names]
        arrays = dict(zip(("state", "state_cell"), states, strict=False))
        if self._use_sequence_length:
            arrays["sequence_length"] = sequence_length
        out, *last = F.RNN(
            inputs, F._internal._rnn_param_concat(*vectors, dim=0), **arrays,
            use_sequence_length=self._use_sequence_length, state_size=self._hidden_size,
            projection_size=self._projection_size, num_layers=self._num_layers, bidirectional=self._dir == 2,
            p=self._dropout, state_outputs=True, mode=self._mode, lstm_state_clip_min=self._lstm_state_clip_min,
            lstm_state_clip_max=self._lstm_state_clip_max, lstm_state_clip_nan=self._lstm_state_clip_nan,
        )  # fmt: skip
        return F.swapaxes(out, dim1=0, dim2=1) if batch_first else out, last

    def _unfuse(self) -> HybridSequentialRNNCell:
        """Return cells that compute the same step by step, with the same parameters."""
        owner = type(self).__name__
        if self._projection_size is not None or self._lstm_state_clip_min is not None:
            what = "a projection" if self._projection_size is not None else "a range for the cells"
            raise RefusedError(f"{owner}._unfuse: a layer must be one that cells can be; it has {what}")
        stack = HybridSequentialRNNCell(prefix=self.prefix, params=self.params)
        width = self._input_size
        with stack.name_scope():
            for layer in range(self._num_layers):
                cells = [self._glueball_cell(f"{direction}{layer}_", width) for direction in "lr"[: self._dir]]
                stack.add(cells[0] if self._dir == 1 else BidirectionalCell(*cells))
                if self._dropout > 0 and layer != self._num_layers - 1:
                    stack.add(DropoutCell(self._dropout))
                width = self._hidden_size * self._dir
        return stack

    def _glueball_cell(self, prefix: str, width: int) -> Any:
        options = {
            "input_size": width, "prefix": prefix, "i2h_weight_initializer": self._i2h_weight_initializer,
            "h2h_weight_initializer": self._h2h_weight_initializer, "i2h_bias_initializer": self._i2h_bias_initializer,
            "h2h_bias_initializer": self._h2h_bias_initializer,
        }  # fmt: skip
        if self._mode in ("lstm", "gru"):
            return (LSTMCell if self._mode == "lstm" else GRUCell)(self._hidden_size, **options)
        return RNNCell(self._hidden_size, activation=self._mode.removeprefix("rnn_"), **options)
