"""dynamic_unroll: a cell over a sequence as a loop of the graph, whose length is that of the sequence."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

from .... import ndarray as nd
from .... import symbol as sym
from ....core.doors import door
from ....core.errors import RefusedError
from ....ndarray.ndarray import NDArray
from ...rnn.sequences import tensor_types

__all__ = ["dynamic_unroll"]


@door
def dynamic_unroll(
    cell: Any, inputs: Any, begin_state: Any, drop_inputs: float = 0, drop_outputs: float = 0, layout: str = "TNC",
    valid_length: Any = None,
) -> tuple[Any, list[Any]]:  # fmt: skip
    """Run a cell over a sequence, as the loop `contrib.foreach`: one graph serves sequences of every length.

    Parameters
    ----------
    cell : RecurrentCell
        The cell.
    inputs : NDArray or Symbol
        The sequence, as one array.
    begin_state : list of NDArray or Symbol
        The states before the first step, as ``cell.begin_state(...)`` makes them.
    drop_inputs, drop_outputs : float, default 0
        The probability of variational dropout of the inputs and of the outputs.
    layout : {'TNC', 'NTC'}, default 'TNC'
        The axes of inputs and outputs.
    valid_length : NDArray or Symbol, optional
        The number of steps of each sequence; outputs behind it are zeros, and the states are those after it.

    Returns
    -------
    outputs : NDArray or Symbol
        The output of each step, as one array.
    states : list of NDArray or Symbol
        The states after the last step.

    Notes
    -----
    As in MXNet, dropout with the layout 'NTC' uses one mask for the batch, and not for the steps.

    Examples
    --------
    >>> from glueball import gluon, nd
    >>> cell = gluon.rnn.LSTMCell(5, input_size=3)
    >>> cell.initialize()
    >>> unroll = gluon.contrib.rnn.rnn_cell.dynamic_unroll
    >>> outputs, states = unroll(cell, nd.ones((7, 2, 3)), cell.begin_state(batch_size=2))
    >>> outputs.shape
    (7, 2, 5)
    """
    if not isinstance(inputs, tensor_types):
        raise RefusedError(f"dynamic_unroll: inputs must be one array; received {type(inputs).__name__}; stack them")
    if not isinstance(begin_state, (list, tuple, *tensor_types)):
        raise RefusedError(
            f"dynamic_unroll: begin_state must be a list of states; received {type(begin_state).__name__}; "
            "pass cell.begin_state(...)"
        )
    F: Any = nd if isinstance(inputs, NDArray) else sym
    axis = layout.find("T")
    order = list(range(len(layout)))
    order[0], order[axis] = order[axis], order[0]
    whole = inputs if axis == 0 else F.transpose(inputs, axes=order)
    if drop_inputs:
        whole = F.Dropout(whole, p=drop_inputs, axes=(axis,))
    outputs, states = _looped(F, cell, whole, begin_state, valid_length)
    if drop_outputs:
        outputs = F.Dropout(outputs, p=drop_outputs, axes=(axis,))
    if axis != 0:
        outputs = F.transpose(outputs, axes=order)
    if valid_length is not None:
        outputs = F.SequenceMask(outputs, sequence_length=valid_length, use_sequence_length=True, axis=axis)
    return outputs, states


def _looped(F: Any, cell: Any, inputs: Any, begin_state: Any, valid_length: Any) -> tuple[Any, Any]:
    """Run the loop; with lengths, the number of the step is one more state."""
    if valid_length is None:
        result: tuple[Any, Any] = F.contrib.foreach(cell, inputs, begin_state)
        return result

    def step(each: Any, states: Any) -> tuple[Any, list[Any]]:
        *before, number = states
        output, after = cell(each, before)
        kept = [
            F.where(F.broadcast_greater(valid_length, number), new, old)
            for new, old in zip(after, before, strict=False)
        ]
        return output, [*kept, number + 1]

    with inputs.context if F is nd else nullcontext():
        start = F.zeros(1)
    outputs, states = F.contrib.foreach(step, inputs, [*begin_state, start])
    return outputs, states[:-1]
