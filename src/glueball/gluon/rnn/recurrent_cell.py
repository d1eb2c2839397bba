"""RecurrentCell and HybridRecurrentCell: one step of a recurrent network, and how steps become a sequence."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from ... import ndarray as nd
from ...core.errors import RefusedError
from ...core.strangers import call
from ..core.block import Block
from ..core.hybrid_block import HybridBlock
from ..core.parameter_dict import ParameterDict
from ..nn.activations import LeakyReLU
from .sequences import _format_sequence, _get_begin_state, _mask_sequence_variable_length, last_valid

__all__ = ["HybridRecurrentCell", "RecurrentCell"]

_OF_NAMES = {"relu", "sigmoid", "softsign", "tanh"}  # activations that are operators, too


class RecurrentCell(Block):
    """The base class of cells: a block that takes an input and states, and returns an output and new states.

    A subclass defines `state_info` and computes a step.

    Parameters
    ----------
    prefix, params
        As in `Block`.

    Examples
    --------
    >>> from glueball import gluon, nd
    >>> class Sum(gluon.rnn.HybridRecurrentCell):
    ...     def state_info(self, batch_size=0):
    ...         return [{"shape": (batch_size, 2), "__layout__": "NC"}]
    ...     def hybrid_forward(self, F, inputs, states):
    ...         total = states[0] + inputs
    ...         return total, [total]
    >>> outputs, states = Sum().unroll(3, nd.ones((1, 3, 2)), merge_outputs=True)
    >>> outputs.asnumpy().tolist()
    [[[1.0, 1.0], [2.0, 2.0], [3.0, 3.0]]]
    """

    def __init__(self, prefix: str | None = None, params: ParameterDict | None = None) -> None:
        super().__init__(prefix, params)
        self._modified = False  # whether a ModifierCell has it, which must then be called in its place
        self.reset()

    def reset(self) -> None:
        """Forget what is of one sequence, and count steps from 0 again, in this cell and its children."""
        self._init_counter = -1
        self._counter = -1
        for child in self._children.values():
            if isinstance(child, RecurrentCell):  # an activation that is a block has nothing to forget
                child.reset()

    def state_info(self, batch_size: int = 0) -> list[dict[str, Any]]:
        """Return ``shape`` and ``__layout__`` of each state."""
        raise NotImplementedError(f"{type(self).__name__}: state_info must be implemented")

    def begin_state(self, batch_size: int = 0, func: Callable[..., Any] = nd.zeros, **kwargs: Any) -> list[Any]:
        """Return states for the first step.

        Parameters
        ----------
        batch_size : int, default 0
            The number of sequences; 0 if `func` makes symbols, whose shapes are inferred.
        func : callable, default nd.zeros
            Makes a state; it is called with ``name``, ``shape``, ``__layout__`` and `kwargs`.
        **kwargs
            Further arguments of `func`, such as ``ctx``, or others in place of the above.

        Examples
        --------
        >>> from glueball import gluon, sym
        >>> cell = gluon.rnn.RNNCell(3, prefix="rnn_")
        >>> cell.begin_state(batch_size=2)[0].shape
        (2, 3)
        >>> cell.begin_state(func=sym.var)
        [<Symbol rnn_begin_state_1>]
        """
        if self._modified:
            raise RefusedError(
                f"{self.name}.begin_state: the cell belongs to another one, such as a ZoneoutCell; call that one's"
            )
        states = []
        for info in self.state_info(batch_size):
            self._init_counter += 1
            name = f"{self._prefix}begin_state_{self._init_counter}"
            states.append(call(functools.partial(func, name=name, **{**(info or {}), **kwargs})))
        return states

    def unroll(
        self, length: int, inputs: Any, begin_state: Any = None, layout: str = "NTC",
        merge_outputs: bool | None = None, valid_length: Any = None,
    ) -> tuple[Any, list[Any]]:  # fmt: skip
        """Run the cell over a sequence, step by step.

        Parameters
        ----------
        length : int
            The number of steps.
        inputs : NDArray, Symbol or list of these
            The sequence, as one array or with an array for each step.
        begin_state : list of NDArray or Symbol, optional
            The states before the first step; default: zeros.
        layout : {'NTC', 'TNC'}, default 'NTC'
            The axes of a sequence that is one array.
        merge_outputs : bool, optional
            Whether the outputs are one array or a list. By default a list, but one array with `valid_length`.
        valid_length : NDArray or Symbol, optional
            The number of steps of each sequence. Outputs behind it are zeros, and the states returned are those after
            the last valid step.

        Returns
        -------
        outputs : NDArray, Symbol or list of these
            The output of each step.
        states : list of NDArray or Symbol
            The states after the last step.

        Examples
        --------
        >>> from glueball import gluon, nd
        >>> cell = gluon.rnn.GRUCell(5)
        >>> cell.initialize()
        >>> outputs, states = cell.unroll(3, nd.ones((2, 3, 4)), merge_outputs=True)
        >>> outputs.shape, states[0].shape
        ((2, 3, 5), (2, 5))
        """
        self.reset()
        inputs, axis, F, batch_size = _format_sequence(length, inputs, layout, False)
        states = _get_begin_state(self, F, begin_state, inputs, batch_size)
        outputs: Any = []
        after = []
        for number in range(length):
            output, states = self(inputs[number], states)
            outputs.append(output)
            if valid_length is not None:
                after.append(states)
        if valid_length is not None:
            states = last_valid(F, after, valid_length)
            outputs = _mask_sequence_variable_length(F, outputs, length, valid_length, axis, True)
        return _format_sequence(length, outputs, layout, merge_outputs)[0], states

    def _get_activation(self, F: Any, inputs: Any, activation: Any, **kwargs: Any) -> Any:
        """Apply an activation: a name, a block or a function that takes what an operator does."""
        if isinstance(activation, str):
            if activation in _OF_NAMES:
                return getattr(F, activation)(inputs, **kwargs)
            return F.Activation(inputs, act_type=activation, **kwargs)
        if isinstance(activation, LeakyReLU):
            return F.LeakyReLU(inputs, act_type="leaky", slope=activation._alpha, **kwargs)
        return call(functools.partial(activation, inputs, **kwargs))

    def forward(self, inputs: Any, states: Any) -> Any:
        """Compute a step: the output, and the list of the new states."""
        self._counter += 1
        return super().forward(inputs, states)


class HybridRecurrentCell(RecurrentCell, HybridBlock):
    """The base class of cells that can be traced to a graph; see `RecurrentCell`.

    Parameters
    ----------
    prefix, params
        As in `Block`.
    """

    def __init__(self, prefix: str | None = None, params: ParameterDict | None = None) -> None:
        super().__init__(prefix, params)
