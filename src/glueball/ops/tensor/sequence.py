"""Batches of sequences of different lengths: SequenceMask, SequenceLast, SequenceReverse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from ...core.errors import MXNetError
from ..declare import cases, operator
from ..samples import Input, exactly, refused, sample
from ..shape_rule import PartialShape, first_of_several

_LENGTHS = exactly(2, 4, 1)


def _without_lengths(attributes: Mapping[str, Any]) -> tuple[str, ...]:
    return () if attributes["use_sequence_length"] else ("sequence_length",)


def _sequence_shapes(shapes: Sequence[PartialShape], attributes: Mapping[str, Any]) -> Sequence[PartialShape]:
    data, lengths = shapes
    batch = 1 - attributes["axis"]
    if data is None or len(data) < 2 or not (lengths is None or len(lengths) == 1):
        return shapes
    return [data, (data[batch],)]


def _last_shapes(shapes: Sequence[PartialShape], attributes: Mapping[str, Any]) -> Sequence[PartialShape]:
    data, axis = shapes[0], attributes["axis"]
    return [None if data is None else (*data[:axis], *data[axis + 1 :])]


def _check(owner: str, data: Tensor, lengths: Tensor | None, use_lengths: bool, axis: int) -> None:
    if data.dim() < 2:
        raise MXNetError(f"{owner}: data must have at least 2 dimensions; received shape {tuple(data.shape)}")
    if axis not in (0, 1):
        raise MXNetError(f"{owner}: axis must be 0 or 1; received {axis}")
    if use_lengths is (lengths is None):
        rule = "given with use_sequence_length=True" if use_lengths else "left out unless use_sequence_length=True"
        raise MXNetError(
            f"{owner}: sequence_length must be {rule}; received {'nothing' if use_lengths else 'an array'}"
        )
    if lengths is not None and tuple(lengths.shape) != (data.shape[1 - axis],):
        raise MXNetError(
            f"{owner}: sequence_length must have shape {(data.shape[1 - axis],)}, one for each sequence; "
            f"received {tuple(lengths.shape)}"
        )


def _refusals() -> list[Any]:
    return [
        refused("at least 2 dimensions", (3,), None),
        refused("sequence_length must be given", (4, 3, 2), None, use_sequence_length=True),
        refused("sequence_length must be left out", (4, 3, 2), (3,)),
        refused(r"sequence_length must have shape \(3,\)", (4, 3, 2), (4,), use_sequence_length=True),
    ]


def _steps(data: Tensor, axis: int) -> Tensor:
    """Return the numbers of the steps along the time axis, to compare with the length of each sequence."""
    steps = torch.arange(data.shape[axis], device=data.device)
    return steps.unsqueeze(1 - axis)


@operator(
    "SequenceMask",
    npx="sequence_mask",
    names_gradients=True,
    computed_anew=True,
    from_partial=first_of_several,
    types="T, I=T -> T",
    omits=_without_lengths,
    infer_inputs=_sequence_shapes,
    kind="other",
    flops=0,
    output_names=("output",),
)
def sequence_mask(
    data: Tensor,
    sequence_length: Tensor | None = None,
    *,
    use_sequence_length: bool = False,
    value: float = 0.0,
    axis: int = 0,
) -> Tensor:
    """Replace the elements after the end of each sequence.

    Parameters
    ----------
    data : NDArray
        (steps, batch, ...), or with ``axis=1`` (batch, steps, ...).
    sequence_length : NDArray
        (batch,): the number of steps of each sequence; left out without `use_sequence_length`.
    use_sequence_length : bool, default False
        False returns the data unchanged.
    value : float, default 0
        The replacement.
    axis : {0, 1}, default 0
        The axis of the steps.
    """
    _check("SequenceMask", data, sequence_length, use_sequence_length, axis)
    if sequence_length is None:
        return data.clone()
    inside = _steps(data, axis) < sequence_length.long().unsqueeze(axis)
    return torch.where(inside.reshape(*inside.shape, *(1,) * (data.dim() - 2)), data, value).to(data.dtype)


cases(
    "SequenceMask",
    samples=lambda: [
        sample((4, 3, 2), _LENGTHS, use_sequence_length=True),
        sample((4, 3), _LENGTHS, use_sequence_length=True, value=-5),
        sample((3, 4, 2, 2), _LENGTHS, use_sequence_length=True, axis=1, value=1),
        sample((4, 3), None, value=2),
        sample(Input((4, 3), "float64"), exactly(0, 9, 2, dtype="float64"), use_sequence_length=True),
        sample((4, 3), exactly(2, 4, 1, dtype="int32"), use_sequence_length=True),
    ],
    refusals=lambda: [*_refusals(), refused("axis must be 0 or 1", (4, 3, 2), None, axis=2)],
)


@operator(
    "SequenceLast",
    names_gradients=True,
    computed_anew=True,
    from_partial=_last_shapes,
    types="T, I=T -> T",
    omits=_without_lengths,
    infer_inputs=_sequence_shapes,
    kind="other",
    flops=0,
    output_names=("output",),
)
def sequence_last(
    data: Tensor, sequence_length: Tensor | None = None, *, use_sequence_length: bool = False, axis: int = 0
) -> Tensor:
    """Take the last step of each sequence.

    Parameters
    ----------
    data : NDArray
        (steps, batch, ...), or with ``axis=1`` (batch, steps, ...).
    sequence_length : NDArray
        (batch,): the number of steps of each sequence, at least 1; left out without `use_sequence_length`.
    use_sequence_length : bool, default False
        False: each sequence is as long as the data.
    axis : {0, 1}, default 0
        The axis of the steps.

    Returns
    -------
    NDArray
        (batch, ...).
    """
    _check("SequenceLast", data, sequence_length, use_sequence_length, axis)
    if sequence_length is None:
        return data.select(axis, -1).clone()
    lengths = sequence_length.long()
    _check_lengths("SequenceLast", lengths, 1, data.shape[axis])
    sequences = torch.arange(lengths.shape[0], device=data.device)
    return data.movedim(axis, 0)[lengths - 1, sequences]


cases(
    "SequenceLast",
    samples=lambda: [
        sample((4, 3, 2), _LENGTHS, use_sequence_length=True),
        sample((3, 4, 2, 2), _LENGTHS, use_sequence_length=True, axis=1),
        sample((4, 3), _LENGTHS, use_sequence_length=True),
        sample((3, 4), _LENGTHS, use_sequence_length=True, axis=1),
        sample((4, 3), None, gradient=False),
        sample((4, 3, 2), None, gradient=False),
        sample((3, 4, 2), None, axis=1, gradient=False),
        sample((4, 3, 2), None, judge="numpy"),  # MXNet's gradient writes outside its memory here
    ],
    refusals=lambda: [
        *_refusals(),
        refused("axis must be 0 or 1", (4, 3, 2), None, axis=2),
        refused("must be from 1 to 4; received 5", (4, 3, 2), exactly(1, 2, 5), use_sequence_length=True),
        refused("must be from 1 to 4; received 0", (4, 3, 2), exactly(1, 2, 0), use_sequence_length=True),
    ],
)


def _check_lengths(owner: str, lengths: Tensor, least: int, most: int) -> None:
    """Refuse lengths that do not exist: on a GPU torch would end the process instead of raising."""
    if lengths.is_meta or not lengths.numel():
        return
    smallest, largest = (int(edge) for edge in torch.aminmax(lengths))
    if smallest < least or largest > most:
        worst = smallest if smallest < least else largest
        raise MXNetError(f"{owner}: sequence_length must be from {least} to {most}; received {worst}")


@operator(
    "SequenceReverse",
    names_gradients=True,
    computed_anew=True,
    from_partial=first_of_several,
    types="T, I=T -> T",
    omits=_without_lengths,
    infer_inputs=_sequence_shapes,
    kind="other",
    flops=0,
    output_names=("output",),
)
def sequence_reverse(
    data: Tensor, sequence_length: Tensor | None = None, *, use_sequence_length: bool = False, axis: int = 0
) -> Tensor:
    """Reverse each sequence; elements after its end stay in place.

    Parameters
    ----------
    data : NDArray
        (steps, batch, ...).
    sequence_length : NDArray
        (batch,): the number of steps of each sequence; left out without `use_sequence_length`.
    use_sequence_length : bool, default False
        False: each sequence is as long as the data.
    axis : {0}, default 0
        The axis of the steps.
    """
    if axis != 0:
        raise MXNetError(f"SequenceReverse: axis must be 0; received {axis}; transpose with swapaxes(0, 1)")
    _check("SequenceReverse", data, sequence_length, use_sequence_length, 0)
    if sequence_length is None:
        return data.flip(0)
    lengths = sequence_length.long()
    _check_lengths("SequenceReverse", lengths, 0, data.shape[0])
    steps = _steps(data, 0)
    source = torch.where(steps < lengths, lengths - 1 - steps, steps)
    return data[source, torch.arange(lengths.shape[0], device=data.device)]


cases(
    "SequenceReverse",
    samples=lambda: [
        sample((4, 3, 2), _LENGTHS, use_sequence_length=True),
        sample((4, 3, 2, 2), exactly(3, 4, 2), use_sequence_length=True),
        sample((4, 3), exactly(3, 4, 2), use_sequence_length=True),
        sample((4, 3), None),
        sample((4, 3, 2), None),
        sample((4, 3, 2), exactly(2, 4, 1, dtype="int32"), use_sequence_length=True),
    ],
    refusals=lambda: [
        *_refusals(),
        refused("axis must be 0", (4, 3, 2), None, axis=1),
        refused("must be from 0 to 4; received 5", (4, 3, 2), exactly(1, 2, 5), use_sequence_length=True),
    ],
)
