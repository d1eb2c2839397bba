"""The likelihood of events under a Hawkes process, in which each event makes further ones of its kind more likely."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

import torch
from torch import Tensor

from ...core.dtype import type_name
from ...core.errors import MXNetError
from ..checks import one_type, same_float
from ..declare import cases, operator
from ..flops import Call
from ..gradient import without_gradient
from ..samples import Input, exactly, refused, sample
from ..shape_rule import UNKNOWN, PartialShape

_OWNER = "_contrib_hawkesll"


def _shapes(shapes: Sequence[PartialShape], attributes: Mapping[str, Any]) -> Sequence[PartialShape]:
    """Complete the shapes from those of lda, (N, K), and lags, (N, T)."""
    lda, lags = shapes[0], shapes[4]
    rows, kinds = (lda[0], lda[1]) if lda and len(lda) == 2 else (UNKNOWN, UNKNOWN)
    events = lags[1] if lags and len(lags) == 2 else UNKNOWN
    return [
        (rows, kinds), (kinds,), (kinds,), (rows, kinds), (rows, events), (rows, events), (rows,), (rows,)
    ]  # fmt: skip


def _outputs(shapes: Sequence[PartialShape], attributes: Mapping[str, Any]) -> Sequence[PartialShape] | None:
    """Return the shapes of the results, so that no graph goes through the events to learn them."""
    completed = _shapes(shapes, attributes)
    return [(shapes[0][0],), shapes[0]] if shapes[0] and list(shapes) == completed else None


def _partly_known(shapes: Sequence[PartialShape], attributes: Mapping[str, Any]) -> Sequence[PartialShape] | None:
    """Return what follows for the results while some lengths are unknown."""
    return [shapes[0][:1], shapes[0]] if shapes[0] else None


def _flops(call: Call) -> int:
    # For each event an exponential, a logarithm and ten sums and products, and at the end once more for each kind.
    return 12 * (prod(call.inputs["lags"]) + prod(call.inputs["lda"]))


def _check(arrays: Mapping[str, Tensor], marks: Tensor) -> None:
    if not same_float(*arrays.values()):
        raise one_type(_OWNER, **arrays)
    if marks.dtype is not torch.int32:
        raise MXNetError(f"{_OWNER}: marks must be int32; received {type_name(marks.dtype)}; convert with astype(...)")
    lda, lags = arrays["lda"], arrays["lags"]
    if lda.dim() != 2 or lags.dim() != 2:
        raise MXNetError(
            f"{_OWNER}: lda and lags must have shapes (N, K) and (N, T); "
            f"received {tuple(lda.shape)} and {tuple(lags.shape)}"
        )
    rows, kinds = lda.shape
    expected = {
        "alpha": (kinds,), "beta": (kinds,), "state": (rows, kinds), "lags": (rows, lags.shape[1]),
        "marks": (rows, lags.shape[1]), "valid_length": (rows,), "max_time": (rows,),
    }  # fmt: skip
    for name, shape in expected.items():
        received = tuple((marks if name == "marks" else arrays[name]).shape)
        if received != shape:
            raise MXNetError(f"{_OWNER}: {name} must have shape {shape}; received {received}")
    if not marks.is_meta and marks.numel() and not bool(((marks >= 0) & (marks < kinds)).all()):
        raise MXNetError(
            f"{_OWNER}: marks must be from 0 to {kinds - 1}; received values from {marks.min()} to {marks.max()}"
        )


@operator(
    _OWNER, types="T, T, T, T, T, int32, T, T -> T, T", outputs=2, output_names=("output", "out_state"),
    infer_inputs=_shapes, infer_outputs=_outputs, from_partial=_partly_known, reads_values=True, kind="other",
    flops=_flops, precision="single",
)  # fmt: skip
def hawkesll(
    lda: Tensor,
    alpha: Tensor,
    beta: Tensor,
    state: Tensor,
    lags: Tensor,
    marks: Tensor,
    valid_length: Tensor,
    max_time: Tensor,
) -> tuple[Tensor, Tensor]:
    """Return the logarithm of the likelihood of sequences of events, each of one of K kinds.

    An event of kind k comes at the rate lda_k + alpha_k beta_k sum exp(-beta_k (t - t_i)), over the earlier events of
    its kind. Only `lda`, `alpha` and `beta` have a gradient, and only the first result has one.

    Parameters
    ----------
    lda : NDArray
        (N, K): the rates without earlier events.
    alpha, beta : NDArray
        (K,): how many further events one causes, and how fast that fades.
    state : NDArray
        (N, K): what earlier events still cause at the beginning, the sums of exp(-beta_k (t - t_i)).
    lags : NDArray
        (N, T): the times between events.
    marks : NDArray
        (N, T) of int32: the kinds of the events, from 0.
    valid_length : NDArray
        (N,): how many of the T events there are.
    max_time : NDArray
        (N,): how long was watched.

    Returns
    -------
    list of two NDArrays
        The logarithms, (N,), and the state at the end, (N, K).
    """
    named = {
        "lda": lda, "alpha": alpha, "beta": beta, "state": state, "lags": lags, "valid_length": valid_length,
        "max_time": max_time,
    }  # fmt: skip
    _check(named, marks)
    found, final = _follow(lda, alpha, beta, state.detach(), lags.detach(), marks.long(), valid_length, max_time)
    return found, without_gradient(final.detach(), lda, alpha, beta)


def _follow(
    lda: Tensor, alpha: Tensor, beta: Tensor, state: Tensor, lags: Tensor, marks: Tensor, valid_length: Tensor,
    max_time: Tensor,
) -> tuple[Tensor, Tensor]:  # fmt: skip
    """Go through the events in their order, all sequences at once."""
    total = lda.new_zeros(len(lda))
    now, last = lda.new_zeros(len(lda)), torch.zeros_like(state)
    for number in range(lags.shape[1]):
        there = number < valid_length
        now = now + torch.where(there, lags[:, number], 0.0)
        kind = marks[:, number : number + 1]
        passed = now - last.gather(1, kind).squeeze(1)
        a, b, rate = alpha[kind[:, 0]], beta[kind[:, 0]], lda.gather(1, kind).squeeze(1)
        before = state.gather(1, kind).squeeze(1)
        left = torch.exp(-b * passed)
        expected = rate * passed + a * before * (1 - left)
        total = total + torch.where(there, torch.log(rate + a * b * before * left) - expected, 0.0)
        state = state.scatter(1, kind, torch.where(there, 1 + before * left, before).unsqueeze(1))
        last = last.scatter(1, kind, torch.where(there, now, last.gather(1, kind).squeeze(1)).unsqueeze(1))
    passed = max_time.detach().unsqueeze(1) - last
    left = torch.exp(-beta * passed)
    return total - (lda * passed + alpha * state * (1 - left)).sum(1), state * left


_RATES = exactly(1.5, 2, 3, 1, 2, 2.5, shape=(2, 3))
_CAUSED = (_RATES, exactly(0.2, 0.3, 0.4), exactly(1, 2, 3), exactly(0.1, 0, 0.5, 0, 1, 0, shape=(2, 3)))
_EVENTS = (
    exactly(0.6, 0.7, 0.2, 0.9, 0.1, 0.2, 0.3, 0.4, shape=(2, 4)),
    exactly(0, 1, 2, 1, 0, 0, 1, 2, shape=(2, 4), dtype="int32"),
    exactly(4, 3), exactly(3, 2.5),
)  # fmt: skip

cases(
    _OWNER,
    samples=lambda: [sample(*_CAUSED, *_EVENTS, gradient=False)],
    refusals=lambda: [
        refused("one floating-point type", *_CAUSED, Input((2, 4), "float64"), *_EVENTS[1:]),
        refused("marks must be int32", *_CAUSED, _EVENTS[0], (2, 4), *_EVENTS[2:]),
        refused("shapes \\(N, K\\) and", (2,), *_CAUSED[1:], *_EVENTS),
        refused("beta must have shape", *_CAUSED[:2], (2,), _CAUSED[3], *_EVENTS),
        refused("marks must be from 0 to 2", *_CAUSED, _EVENTS[0], Input((2, 4), "int32", 3, 4), *_EVENTS[2:]),
    ],
)
