"""The recurrent part of GRUs and plain layers with gradients of our own, for CPUs.

torch records each step, and multiplies for the gradient of the weights at each. Here the factors of all steps are
computed at once; what remains for a step is one product, and the gradient of the weights is one for all steps.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.autograd.function import once_differentiable

from .rnn_steps import State, Weights


def _order(steps: int, backwards: bool) -> range:
    return range(steps - 1, -1, -1) if backwards else range(steps)


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
    after, shown, gates, rows = whole.unbind(), gradient.unbind(), factors.unbind(), factors.flatten(2).unbind()
    shares = None if kept is None else kept.unbind()
    carried: Tensor | None = None
    for step in reversed(_order(steps, backwards)):
        state = after[step]
        torch.add(shown[step], carried, out=state) if carried is not None else state.copy_(shown[step])
        gates[step].mul_(state.unsqueeze(1))
        carried = rows[step] @ weight if shares is None else torch.addmm(state * shares[step], rows[step], weight)
    assert carried is not None
    after[steps].copy_(carried)
    return whole


class _Gru(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, given: Tensor, first: Tensor, weight: Tensor, bias: Tensor, backwards: bool) -> Tensor:
        steps, batch, units = given.shape[0], given.shape[1], first.shape[1]
        hidden, gates = torch.empty_like(given), torch.empty_like(given)
        out = given.new_empty(steps, batch, units)
        # Both gates together, and the rest, of each step.
        (given_to, given_of), (hidden_to, hidden_of), (both, new) = [
            [part.unbind() for part in each.split([2 * units, units], 2)] for each in (given, hidden, gates)
        ]
        resets, updates = [part.unbind() for part in gates.chunk(3, 2)[:2]]
        all_hidden, shown = hidden.unbind(), out.unbind()
        state, across = first, weight.t()
        for step in _order(steps, backwards):
            torch.addmm(bias, state, across, out=all_hidden[step])
            torch.add(given_to[step], hidden_to[step], out=both[step]).sigmoid_()
            torch.addcmul(given_of[step], resets[step], hidden_of[step], out=new[step]).tanh_()
            state = torch.lerp(new[step], state, updates[step], out=shown[step])
        ctx.save_for_backward(hidden, gates, out, first, weight)
        ctx.backwards = backwards
        return out

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:
        hidden, gates, out, first, weight = ctx.saved_tensors
        (reset, update, new), units = gates.chunk(3, 2), out.shape[2]
        before = _before(out, first, ctx.backwards)
        of_new = (1 - update).mul_(1 - new * new)
        factors = out.new_empty(*out.shape[:2], 3, units)
        torch.mul(of_new, reset, out=factors[:, :, 2])
        torch.mul(factors[:, :, 2], hidden[:, :, 2 * units :], out=factors[:, :, 0]).mul_(1 - reset)
        torch.mul(before - new, update, out=factors[:, :, 1]).mul_(1 - update)
        whole = _through_time(gradient, factors, update, weight, ctx.backwards)
        rows = factors.flatten(2).flatten(0, 1)
        of_weight, of_bias = rows.t() @ before.flatten(0, 1), rows.sum(0)
        torch.mul(whole[:-1], of_new, out=factors[:, :, 2])  # what was given is not multiplied by the reset gate
        return factors.flatten(2), whole[-1], of_weight, of_bias, None


class _Plain(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any, given: Tensor, first: Tensor, weight: Tensor, bias: Tensor, backwards: bool, is_relu: bool
    ) -> Tensor:
        out, state, across = torch.empty_like(given), first, weight.t()
        given_to, shown = (given + bias).unbind(), out.unbind()
        for step in _order(len(shown), backwards):
            torch.addmm(given_to[step], state, across, out=shown[step])
            state = shown[step].relu_() if is_relu else shown[step].tanh_()
        ctx.save_for_backward(out, first, weight)
        ctx.backwards, ctx.is_relu = backwards, is_relu
        return out

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:
        out, first, weight = ctx.saved_tensors
        factors = ((out > 0).to(out.dtype) if ctx.is_relu else 1 - out * out).unsqueeze(2)
        whole = _through_time(gradient, factors, None, weight, ctx.backwards)
        rows, before = factors.flatten(0, 2), _before(out, first, ctx.backwards).flatten(0, 1)
        return factors.squeeze(2), whole[-1], rows.t() @ before, rows.sum(0), None, None


_RECURRENT: dict[str, Callable[..., Tensor]] = {
    "gru": _Gru.apply,
    "rnn_relu": lambda *inputs: _Plain.apply(*inputs, True),  # type: ignore[no-untyped-call]
    "rnn_tanh": lambda *inputs: _Plain.apply(*inputs, False),  # type: ignore[no-untyped-call]
}  # fmt: skip


def can_record(mode: str, data: Tensor) -> bool:
    """Whether these gradients are of use: 16 bits need sums in more."""
    kinds = (torch.float32, torch.float64)
    return mode in _RECURRENT and data.device.type == "cpu" and data.dtype in kinds


def record_direction(
    mode: str, data: Tensor, state: State, weights: Weights, *, backwards: bool
) -> tuple[Tensor, State]:
    """Return the outputs of one direction of a layer, and its last state, with gradients."""
    given = F.linear(data, weights.i2h, weights.i2h_bias)
    out = _RECURRENT[mode](given, state[0], weights.h2h, weights.h2h_bias, backwards)
    return out, (out[0 if backwards else -1],)
