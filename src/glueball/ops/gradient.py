"""Results that no gradient flows through, although backward() reaches what they were computed from."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor


class _Severed(torch.autograd.Function):
    """Hands a result on. Its backward sends "nothing" to the inputs, which costs the graph behind them nothing."""

    @staticmethod
    def forward(ctx: Any, result: Tensor, *inputs: Tensor) -> Tensor:
        ctx.set_materialize_grads(False)
        return result

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor | None) -> tuple[None, ...]:
        return (None,) * len(ctx.needs_input_grad)


def without_gradient(result: Tensor, *inputs: Tensor) -> Tensor:
    """Return `result` as computed from `inputs`, with a gradient of zero.

    In MXNet a comparison, an argmax or a rounded value belongs to the recorded graph: backward() can start from it, and
    writes zeros to variables that nothing else depends on. torch would leave it out of the graph. The zeros are never
    computed: what lies behind is not differentiated, so that an infinite slope there cannot make a NaN of them.
    """
    for array in inputs:
        if array.requires_grad:
            # Integers carry no gradient in torch at all.
            return _Severed.apply(result.detach(), *inputs) if result.is_floating_point() else result
    return result
