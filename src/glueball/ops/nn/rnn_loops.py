"""GRUs and plain layers in loops of our own, for CPUs.

torch allocates every result of a step, multiplies by a transposed matrix in each, and for a gradient records them all
and multiplies for that of the weights in each. Here steps write where their results stay, and the matrix is transposed
once. For the gradient, the factors of all steps are computed at once; what remains for a step is one product, and the
gradient of the weights is one product for all steps. The gradient of a gradient comes from torch's record of all steps.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from .rnn_steps import Cell, State, Weights, gru_cell, plain_cell, run_direction

aten = torch.ops.aten
_MANY = 16  # so many steps, and more, are worth a copy of the weights
_MUCH = (
    2**16
)  # elements of all states of a layer; a GRU with fewer predicts faster in torch's loop, which is not Python's


def _order(steps: int, backwards: bool) -> range:
    return range(steps - 1, -1, -1) if backwards else range(steps)


def _across(weight: Tensor, steps: int) -> Tensor:
    """Return the transposed matrix by which states are multiplied."""
    return weight.t().contiguous() if steps >= _MANY else weight.t()


def _before(out: Tensor, first: Tensor, backwards: bool) -> Tensor:
    """Return the state before each step."""
    return torch.cat([out[1:], first[None]]) if backwards else torch.cat([first[None], out[:-1]])


def _through_time(gradient: Tensor, factors: Tensor, kept: Tensor | None, weight: Tensor, backwards: bool) -> Tensor:
    """Multiply the factors by the gradients of the states, in place, and return these, and that of the first state.

    Parameters
    ----------
    gradient : Tensor
        (steps, batch, units), of what was put out.
    factors : Tensor
        (steps, batch, gates, units): by what the gradient of a state is multiplied for each gate.
    kept : Tensor, optional
        (steps, batch, units): which share of a state the next one keeps as it is.
    weight : Tensor
        (gates * units, units).
    backwards : bool
        The direction of the layer.
    """
    steps, batch, units = gradient.shape
    whole = gradient.new_empty(steps + 1, batch, units)
    whole[:steps].copy_(gradient)
    whole[steps].zero_()
    after, gates, rows = whole.unbind(), factors.unbind(), factors.flatten(2).unbind()
    shares = None if kept is None else kept.unbind()
    order = _order(steps, not backwards)
    for step, before in zip(order, [*order[1:], steps], strict=True):
        state, carried = after[step], after[before]
        gates[step].mul_(state.unsqueeze(1))
        carried.addmm_(rows[step], weight)
        if shares is not None:
            carried.addcmul_(state, shares[step])
    return whole


def _products(rows: Tensor, inputs: Tensor) -> Tensor:
    """Return the gradient of the matrix by which inputs were multiplied, in all steps together."""
    return rows.t() @ inputs.flatten(0, 1)


def _recorded(cell: Cell, inputs: Sequence[Tensor], backwards: bool, gradient: Tensor) -> list[Tensor | None]:
    """Return the gradients of the data, the first state and the weights such that they have gradients themselves."""
    # Views: one input may depend on another, and its gradient must not come from there as well.
    data, first, *weights = views = [each.view_as(each) for each in inputs]
    out, _ = run_direction(cell, None, data, (first,), Weights(*weights), backwards=backwards)
    wanted = [each for each in views if each.requires_grad]
    found = iter(torch.autograd.grad(out, wanted, gradient, create_graph=True))
    return [next(found) if each.requires_grad else None for each in views]


def _gru(
    data: Tensor, first: Tensor, weights: Weights, backwards: bool, parts: Sequence[Tensor]
) -> tuple[Tensor, Tensor]:
    """Return the outputs, and the gates of all steps.

    What the reset gate is multiplied by is written to `parts`: a tensor for each step, or one for all of them.
    """
    steps, batch, units = len(data), data.shape[1], first.shape[1]
    of_part = weights.h2h_bias[2 * units :]
    bias = torch.cat([weights.i2h_bias[: 2 * units] + weights.h2h_bias[: 2 * units], weights.i2h_bias[2 * units :]])
    gates, across = F.linear(data, weights.i2h, bias), _across(weights.h2h, steps)
    out = gates.new_empty(steps, batch, units)
    both, news = [part.unbind() for part in gates.split([2 * units, units], 2)]
    resets, updates = [part.unbind() for part in gates.chunk(3, 2)[:2]]
    to_both, to_part = across.split([2 * units, units], 1)
    shown, state = out.unbind(), first
    for step in _order(steps, backwards):
        part, new = parts[step], news[step]
        both[step].addmm_(state, to_both).sigmoid_()
        torch.addmm(of_part, state, to_part, out=part)
        new.addcmul_(resets[step], part).tanh_()
        state = torch.lerp(new, state, updates[step], out=shown[step])
    return out, gates


class _Gru(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, data: Tensor, first: Tensor, backwards: bool, *weights: Tensor) -> Tensor:
        parts = data.new_empty(*data.shape[:2], first.shape[1])
        out, gates = _gru(data, first, Weights(*weights), backwards, parts.unbind())
        ctx.save_for_backward(data, first, *weights, parts, gates, out)
        ctx.backwards = backwards
        return out

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:
        *inputs, parts, gates, out = ctx.saved_tensors
        data, first, i2h, h2h, *_ = inputs
        if torch.is_grad_enabled():
            of_data, of_first, *of_weights = _recorded(gru_cell, inputs, ctx.backwards, gradient)
            return of_data, of_first, None, *of_weights
        (reset, update, new), units = gates.chunk(3, 2), out.shape[2]
        before = _before(out, first, ctx.backwards)
        of_new = aten.tanh_backward(1 - update, new)
        factors = out.new_empty(*out.shape[:2], 3, units)
        torch.mul(of_new, reset, out=factors[:, :, 2])
        aten.sigmoid_backward(of_new * parts, reset, grad_input=factors[:, :, 0])
        aten.sigmoid_backward(before - new, update, grad_input=factors[:, :, 1])
        whole = _through_time(gradient, factors, update, h2h, ctx.backwards)
        rows = factors.flatten(2).flatten(0, 1)
        of_h2h, of_h2h_bias = _products(rows, before), rows.sum(0)
        torch.mul(whole[:-1], of_new, out=factors[:, :, 2])  # the reset gate does not reach what comes from the data
        of_data = (rows @ i2h).view(data.shape) if ctx.needs_input_grad[0] else None
        return of_data, whole[-1], None, _products(rows, data), of_h2h, rows.sum(0), of_h2h_bias


def _plain(data: Tensor, first: Tensor, weights: Weights, backwards: bool, is_relu: bool) -> Tensor:
    """Return the outputs."""
    out = F.linear(data, weights.i2h, weights.i2h_bias + weights.h2h_bias)
    state, across, shown = first, _across(weights.h2h, len(data)), out.unbind()
    for step in _order(len(shown), backwards):
        state = shown[step].addmm_(state, across)
        state.relu_() if is_relu else state.tanh_()
    return out


class _Plain(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, data: Tensor, first: Tensor, backwards: bool, is_relu: bool, *weights: Tensor) -> Tensor:
        out = _plain(data, first, Weights(*weights), backwards, is_relu)
        ctx.save_for_backward(data, first, *weights, out)
        ctx.backwards, ctx.is_relu = backwards, is_relu
        return out

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:
        *inputs, out = ctx.saved_tensors
        data, first, i2h, h2h, *_ = inputs
        if torch.is_grad_enabled():
            cell = plain_cell(torch.relu if ctx.is_relu else torch.tanh)
            of_data, of_first, *of_weights = _recorded(cell, inputs, ctx.backwards, gradient)
            return of_data, of_first, None, None, *of_weights
        factors = ((out > 0).to(out.dtype) if ctx.is_relu else 1 - out * out).unsqueeze(2)
        whole = _through_time(gradient, factors, None, h2h, ctx.backwards)
        rows, before = factors.flatten(0, 2), _before(out, first, ctx.backwards)
        of_data = (rows @ i2h).view(data.shape) if ctx.needs_input_grad[0] else None
        of_bias = rows.sum(0)
        return of_data, whole[-1], None, None, _products(rows, data), _products(rows, before), of_bias, of_bias


def can_loop(mode: str, data: Tensor, first: Tensor, recorded: bool) -> bool:
    """Whether these loops are of use: 16 bits need sums in more."""
    if mode == "lstm" or data.device.type != "cpu" or data.dtype not in (torch.float32, torch.float64):
        return False
    # What traces would unroll them, and cannot take that they write to parts of tensors.
    if torch.compiler.is_compiling() or torch.jit.is_tracing():  # type: ignore[attr-defined, no-untyped-call]
        return False
    steps = len(data)
    return recorded or (steps >= _MANY and (mode != "gru" or steps * first.numel() >= _MUCH))


def loop_direction(
    mode: str, recorded: bool, data: Tensor, state: State, weights: Weights, *, backwards: bool
) -> tuple[Tensor, State]:
    """Return the outputs of one direction of a layer, and its last state; with gradients if `recorded`."""
    first, is_relu = state[0], mode == "rnn_relu"
    if mode == "gru" and recorded:
        out = _Gru.apply(data, first, backwards, *weights[:4])  # type: ignore[no-untyped-call]
    elif mode == "gru":
        part = data.new_empty(data.shape[1], first.shape[1])
        out, _ = _gru(data, first, weights, backwards, [part] * len(data))
    elif recorded:
        out = _Plain.apply(data, first, backwards, is_relu, *weights[:4])  # type: ignore[no-untyped-call]
    else:
        out = _plain(data, first, weights, backwards, is_relu)
    return out, (out[0 if backwards else -1],)
