"""Sequences as cells take them: one array with an axis for the steps, or a list with an array for each step.

The functions have the names that MXNet has them by: packages with cells of their own import them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from typing import Any

from ... import ndarray as nd
from ... import symbol as sym
from ...core.errors import RefusedError
from ...ndarray.ndarray import NDArray
from ...symbol.symbol import Symbol

#: What holds a whole sequence, or one step of it.
tensor_types = (Symbol, NDArray)


def _format_sequence(
    length: int | None, inputs: Any, layout: str, merge: bool | None, in_layout: str | None = None
) -> tuple[Any, int, Any, int]:
    """Return a sequence as one array or as a list, the axis of its steps, ``nd`` or ``sym``, and the batch size.

    Parameters
    ----------
    length : int, optional
        The number of steps, which the sequence must have; None takes any.
    inputs : NDArray, Symbol or sequence of these
        The sequence.
    layout : str
        The axes of the result if it is one array: ``'NTC'`` or ``'TNC'``.
    merge : bool, optional
        Whether it is to be one array; None leaves it as it is.
    in_layout : str, optional
        The axes of `inputs` if it is one array; default: those of the result.

    Returns
    -------
    tuple
        The batch size is 0 for symbols, which do not have it yet.
    """
    if inputs is None:
        raise RefusedError("unroll: inputs must be arrays or symbols; received None; make variables with sym.var")
    axis, batch_axis = layout.find("T"), layout.find("N")
    own_axis = axis if in_layout is None else in_layout.find("T")
    if isinstance(inputs, tensor_types):
        if own_axis < 0 and merge is False:
            raise RefusedError(f"unroll: layout must name the axis of the steps, T, as 'NTC' does; received {layout!r}")
        return _from_whole(length, inputs, axis, batch_axis, own_axis, merge)
    if not isinstance(inputs, Sequence) or not inputs or not isinstance(inputs[0], tensor_types):
        raise RefusedError(f"unroll: inputs must be an array, or one for each step; received {type(inputs).__name__}")
    if length is not None and len(inputs) != length:
        raise RefusedError(f"unroll: length must be the number of inputs, {len(inputs)}; received {length}")
    space: Any = nd if isinstance(inputs[0], NDArray) else sym
    first: Any = inputs[0]
    batch_size = first.shape[layout.replace("T", "").find("N")] if space is nd else 0
    if merge is True:
        return space.stack(*inputs, axis=axis), axis, space, batch_size
    return inputs, axis, space, batch_size


def _from_whole(
    length: int | None, inputs: Any, axis: int, batch_axis: int, own_axis: int, merge: bool | None
) -> tuple[Any, int, Any, int]:
    space: Any = nd if isinstance(inputs, NDArray) else sym
    batch_size = inputs.shape[batch_axis] if space is nd else 0
    if merge is not False:
        whole = inputs if own_axis == axis else space.swapaxes(inputs, dim1=own_axis, dim2=axis)
        return whole, axis, space, batch_size
    steps = inputs.shape[own_axis] if space is nd else length
    if length is not None and steps != length:
        raise RefusedError(
            f"unroll: length must be the number of steps, {steps}, which axis {own_axis} of the inputs has; "
            f"received {length}"
        )
    parts = space.split(inputs, num_outputs=steps, axis=own_axis, squeeze_axis=1)
    return _parts(parts, steps), axis, space, batch_size


def _parts(value: Any, steps: int | None) -> list[Any]:
    """Return the results of a split, which are no list if there is one."""
    return [value] if steps == 1 else list(value)


def _get_begin_state(cell: Any, F: Any, begin_state: Any, inputs: Any, batch_size: int) -> Any:
    """Return `begin_state`, or zeros where the inputs are."""
    if begin_state is not None:
        return begin_state
    first: Any = inputs if isinstance(inputs, tensor_types) else inputs[0]
    with first.context if F is nd else nullcontext():
        return cell.begin_state(func=F.zeros, batch_size=batch_size)


def _mask_sequence_variable_length(
    F: Any,
    data: Any,
    length: int,
    valid_length: Any,
    time_axis: int,
    merge: bool,
) -> Any:
    """Put zeros behind the end of each sequence; the result is one array, or a list unless `merge`."""
    if not isinstance(data, tensor_types):
        data = F.stack(*data, axis=time_axis)
    masked = F.SequenceMask(data, sequence_length=valid_length, use_sequence_length=True, axis=time_axis)
    if merge:
        return masked
    return _parts(F.split(masked, num_outputs=length, axis=time_axis, squeeze_axis=True), length)


def _reverse_sequences(sequences: Sequence[Any], unroll_step: int, valid_length: Any = None) -> list[Any]:
    """Return the steps backwards; with lengths, only as many of each sequence as are valid."""
    if valid_length is None:
        return list(reversed(sequences))
    space: Any = nd if isinstance(sequences[0], NDArray) else sym
    turned = space.SequenceReverse(
        space.stack(*sequences, axis=0), sequence_length=valid_length, use_sequence_length=True
    )
    return _parts(space.split(turned, axis=0, num_outputs=unroll_step, squeeze_axis=True), unroll_step)


def last_valid(F: Any, steps: Sequence[Sequence[Any]], valid_length: Any) -> list[Any]:
    """Return for each state what it is after the last valid step, from the states after each step."""
    return [
        F.SequenceLast(F.stack(*states, axis=0), sequence_length=valid_length, use_sequence_length=True, axis=0)
        for states in zip(*steps, strict=True)
    ]


def shares(states: Sequence[Any], cells: Any) -> Iterator[tuple[Any, Sequence[Any]]]:
    """Yield each cell with the states that are its own."""
    start = 0
    for cell in cells:
        count = len(cell.state_info())
        yield cell, states[start : start + count]
        start += count


def _cells_state_info(cells: Any, batch_size: int) -> list[Any]:
    """Return what all cells say of their states."""
    return [info for cell in cells for info in cell.state_info(batch_size)]


def _cells_begin_state(cells: Any, **kwargs: Any) -> list[Any]:
    """Return the first states of all cells."""
    return [state for cell in cells for state in cell.begin_state(**kwargs)]


def rows_of(cells: Any, text: Callable[[Any], str] = repr) -> str:
    """Return a line for each cell, as a stack of cells shows them."""
    return "\n".join(f"({number}): " + text(cell).replace("\n", "\n  ") for number, cell in cells)
