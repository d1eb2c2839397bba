"""Connectionist temporal classification: the loss of a sequence whose labels are not aligned with its steps."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import Any, Literal

import torch
import torch.nn.functional as F
from torch import Tensor

from ...core.errors import MXNetError
from ..checks import not_float
from ..declare import cases, operator
from ..flops import Call
from ..samples import Input, exactly, refused, sample

_HALF = (torch.float16, torch.bfloat16)
_PADDED = exactly(1, 2, 0, 3, 0, 0, shape=(2, 3))
_FULL = exactly(1, 2, 3, 3, 3, 1, shape=(2, 3))


def _omitted(attributes: Mapping[str, Any]) -> list[str]:
    return [name for name in ("data_lengths", "label_lengths") if not attributes[f"use_{name}"]]


def _check(data: Tensor, label: Tensor, data_lengths: Tensor | None, label_lengths: Tensor | None) -> None:
    if not data.is_floating_point():
        raise not_float("CTCLoss", data)
    if data.dim() != 3:
        raise MXNetError(f"CTCLoss: data must have 3 dimensions; received shape {tuple(data.shape)}")
    steps, batch, _ = data.shape
    if label.dim() != 2 or label.shape[0] != batch:
        raise MXNetError(f"CTCLoss: label must have shape ({batch}, labels); received {tuple(label.shape)}")
    if label.shape[1] > steps:
        raise MXNetError(
            f"CTCLoss: label must not be longer than the {steps} steps of the data; received {label.shape[1]}"
        )
    for name, lengths in (("data_lengths", data_lengths), ("label_lengths", label_lengths)):
        if lengths is not None and tuple(lengths.shape) != (batch,):
            raise MXNetError(f"CTCLoss: {name} must have shape {(batch,)}; received {tuple(lengths.shape)}")


def _check_given(name: str, lengths: Tensor | None, wanted: bool) -> None:
    if wanted is (lengths is None):
        rule = f"given with use_{name}=True" if wanted else f"left out unless use_{name}=True"
        raise MXNetError(f"CTCLoss: {name} must be {rule}; received {'nothing' if wanted else 'an array'}")


def _count_until(label: Tensor, padding: int) -> Tensor:
    """Count the labels before the first padding."""
    return (label != padding).long().cumprod(1).sum(1)


def _check_labels(label: Tensor, lengths: Tensor, classes: int, blank: int) -> None:
    """Refuse labels that are not classes: torch would read outside its memory."""
    if label.is_meta or not label.numel():
        return
    counted = torch.arange(label.shape[1], device=label.device) < lengths.unsqueeze(1)
    wrong = label[counted & ((label < 0) | (label >= classes) | (label == blank))]
    if wrong.numel():
        raise MXNetError(
            f"CTCLoss: label must hold classes from {'0' if blank else '1'} to {classes - 1 - bool(blank)}; "
            f"received {int(wrong[0])}"
        )


def _flops(call: Call) -> int:
    # After a softmax (5), one pass over the steps: each of the labels, and each blank around them, is reached with the
    # sum of three probabilities times that of its class (3). The two ends are added, and the logarithm negated (3).
    steps, batch, classes = call.inputs["data"]
    states = 2 * call.inputs["label"][1] + 1
    return steps * batch * (5 * classes + 3 * states) + 3 * prod(call.output)


@operator(
    "CTCLoss",
    aliases=["_contrib_CTCLoss", "_contrib_ctc_loss", "ctc_loss"],
    omits=_omitted,
    hidden_outputs=1,
    types="T, L=T, D=T, E=T -> T",
    from_partial=lambda shapes, attributes: None if None in shapes[:2] else [shapes[0][1:2]],
    kind="output",
    flops=_flops,
    precision="single",
)
def ctc_loss(
    data: Tensor,
    label: Tensor,
    data_lengths: Tensor | None = None,
    label_lengths: Tensor | None = None,
    *,
    use_data_lengths: bool = False,
    use_label_lengths: bool = False,
    blank_label: Literal["first", "last"] = "first",
) -> Tensor:
    """Return the negative log-probability that the steps spell the labels, without blanks and repetitions.

    Parameters
    ----------
    data : NDArray
        (steps, batch, classes) before softmax.
    label : NDArray
        (batch, labels): class numbers, padded at the end with 0 if the blank is first and -1 if it is last.
    data_lengths : NDArray
        With `use_data_lengths`: (batch,), the number of steps of each sequence.
    label_lengths : NDArray
        With `use_label_lengths`: (batch,), the number of labels of each sequence, instead of padding.
    use_data_lengths, use_label_lengths : bool, default False
        Whether these arrays are given.
    blank_label : {'first', 'last'}, default 'first'
        The class of the blank: 0, so that labels start at 1, or the last one.

    Returns
    -------
    NDArray
        (batch,); 0 where the steps cannot spell the labels.
    """
    _check_given("data_lengths", data_lengths, use_data_lengths)
    _check_given("label_lengths", label_lengths, use_label_lengths)
    _check(data, label, data_lengths, label_lengths)
    steps, batch, classes = data.shape
    blank, padding = (0, 0) if blank_label == "first" else (classes - 1, -1)
    targets = label.detach().long()
    lengths = _count_until(targets, padding) if label_lengths is None else label_lengths.long()
    if label_lengths is not None:
        _check_range("label_lengths", lengths, 0, label.shape[1])
    _check_labels(targets, lengths, classes, blank)
    taken = torch.full((batch,), steps, device=data.device) if data_lengths is None else data_lengths.long()
    if data_lengths is not None:
        _check_range("data_lengths", taken, 1, steps)
    if data.is_meta:
        return data.new_empty(batch)
    kind = torch.float32 if data.dtype in _HALF else data.dtype  # torch's ctc_loss has no 16-bit form
    logarithms = torch.log_softmax(data.to(kind), 2)
    # Labels that the steps cannot spell, since equal ones need a blank between them, have a loss and a gradient of 0.
    loss = F.ctc_loss(logarithms, targets.clamp(0), taken, lengths, blank, "none", zero_infinity=True)
    return loss.to(data.dtype)


cases(
    "CTCLoss",
    samples=lambda: [
        sample((5, 2, 4), _PADDED),
        sample((5, 2, 4), exactly(0, 1, -1, 2, -1, -1, shape=(2, 3)), blank_label="last"),
        sample((7, 2, 4), _FULL, exactly(6, 7), use_data_lengths=True),
        sample((7, 2, 4), _FULL, exactly(6, 7), exactly(2, 3), use_data_lengths=True, use_label_lengths=True),
        sample((5, 2, 4), exactly(1, 2, 0, 3, 0, 0, shape=(2, 3), dtype="int32")),
        # Five steps are needed for the first; MXNet leaves its gradient as the memory was.
        sample((4, 2, 4), exactly(1, 1, 1, 3, 1, 0, shape=(2, 3)), gradient=False),
    ],
    refusals=lambda: [
        refused("data must have 3 dimensions", (2, 4), _PADDED),
        refused("label must have shape", (5, 3, 4), _PADDED),
        refused("label must have shape", (5, 2, 4), (2,)),
        refused("label must not be longer", (2, 2, 4), _PADDED),
        refused("label must hold classes from 1 to 3; received 9", (5, 2, 4), exactly(9, 1, shape=(2, 1))),
        refused("data_lengths must be given", (5, 2, 4), _PADDED, use_data_lengths=True),
        refused("data_lengths must be left out", (5, 2, 4), _PADDED, (2,)),
        refused("data_lengths must have shape", (5, 2, 4), _PADDED, (3,), use_data_lengths=True),
        refused("data_lengths must be from 1 to 5", (5, 2, 4), _PADDED, exactly(5, 6), use_data_lengths=True),
        refused("data_lengths must be from 1 to 5", (5, 2, 4), _PADDED, exactly(0, 5), use_data_lengths=True),
        refused("floating-point", Input((5, 2, 4), "int32"), _PADDED),
    ],
)


def _check_range(name: str, lengths: Tensor, least: int, most: int) -> None:
    if lengths.is_meta or not lengths.numel():
        return
    smallest, largest = (int(edge) for edge in torch.aminmax(lengths))
    if smallest < least or largest > most:
        worst = smallest if smallest < least else largest
        raise MXNetError(f"CTCLoss: {name} must be from {least} to {most}; received {worst}")
