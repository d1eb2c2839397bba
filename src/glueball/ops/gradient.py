"""Results whose gradient is not their derivative: zero, or one that the operator defines."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from ..core.errors import MXNetError
from ..core.integer_tape import IntegerTape, gradient_edge
from ..core.torch_function import TensorFunction


class _Severed(TensorFunction):
    """Passes a result through. Its backward sends None to the inputs, so that the graph before them is skipped."""

    reads_gradient = False

    @staticmethod
    def forward(ctx: Any, result: Tensor, *inputs: Tensor) -> Tensor:
        ctx.set_materialize_grads(False)
        return result

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor | None) -> tuple[None, ...]:
        return (None,) * len(ctx.needs_input_grad)


class _Zeros(TensorFunction):
    """Passes a result through. Its backward sends zeros, which then propagate through the graph before the inputs."""

    reads_gradient = False

    @staticmethod
    def forward(ctx: Any, result: Tensor, *inputs: Tensor) -> Tensor:
        ctx.zeros = [array.new_zeros(()).expand_as(array) for array in inputs]
        return result

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        return (None, *ctx.zeros)


class _Given(TensorFunction):
    """Passes a result through. Its backward sends the given gradient to the data, ignoring the incoming gradient."""

    reads_gradient = False

    @staticmethod
    def forward(ctx: Any, result: Tensor, gradient: Tensor | None, data: Tensor, label: Tensor) -> Tensor:
        ctx.save_for_backward(gradient, label)
        return result

    @staticmethod
    def backward(ctx: Any, *heads: Tensor) -> tuple[Tensor | None, ...]:
        gradient, label = ctx.saved_tensors
        return None, None, gradient, torch.zeros_like(label) if ctx.needs_input_grad[3] else None


def with_gradient(result: Tensor, data: Tensor, label: Tensor, gradient: Callable[[], Tensor]) -> Tensor:
    """Return `result` as computed from `data`, with a gradient that it defines itself: backward() starts here.

    The incoming gradient is ignored, and the gradient of `label` is zero. `gradient` is called here, and only if the
    gradient can be needed.
    """
    if not torch.is_grad_enabled() or not (data.requires_grad or label.requires_grad):
        return result
    with torch.no_grad():
        made = gradient() if data.requires_grad else None
    return _Given.apply(result.detach(), made, data, label)


def reads_gradient(result: Tensor) -> bool:
    """Return whether a recorded result passes its gradient on, unlike a loss, which has one of its own."""
    step = gradient_edge(result).grad_fn
    while step is not None and step.name() == "CloneBackward0":
        step = step.next_functions[0][0]
    return step is None or getattr(getattr(type(step), "_forward_cls", None), "reads_gradient", True)


class _Copied(TensorFunction):
    """Passes a result through. Its backward sends the incoming gradient on as it is."""

    @staticmethod
    def forward(ctx: Any, result: Tensor, data: Tensor) -> Tensor:
        return result

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[None, Tensor]:
        return None, gradient


def as_of_a_copy(result: Tensor, data: Tensor) -> Tensor:
    """Return `result`, computed from `data` without being recorded, with the gradient that a copy of `data` has."""
    edge = gradient_edge(data)
    if not edge.requires_grad or not torch.is_grad_enabled():
        return result
    if result.is_floating_point():
        return _Copied.apply(result, edge)
    return IntegerTape.of(result, _Copied.apply(result.double(), edge))


class _WithoutDerivative(TensorFunction):
    """Passes a result through. Its backward raises an error."""

    @staticmethod
    def forward(ctx: Any, result: Tensor, data: Tensor, message: str) -> Tensor:
        ctx.message = message
        return result

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[None, ...]:
        raise MXNetError(ctx.message)


def without_derivative(result: Tensor, data: Tensor, message: str) -> Tensor:
    """Return `result`, computed from `data` without being recorded, so that backward() through it fails."""
    edge = gradient_edge(data)
    if not edge.requires_grad or not torch.is_grad_enabled():
        return result
    if result.is_floating_point():
        return _WithoutDerivative.apply(result, edge, message)
    return IntegerTape.of(result, _WithoutDerivative.apply(result.double(), edge, message))


@functools.cache
def torch_reports_nothing() -> bool:
    """Whether torch calls the hook of a variable that None was sent to; not every version does.

    The hook writes an NDArray's gradient: without it a variable would keep its previous gradient.
    """
    called: list[Tensor] = []
    variable = torch.zeros(1, requires_grad=True)
    variable.register_post_accumulate_grad_hook(called.append)
    with torch.enable_grad():
        _Severed.apply(torch.zeros(1), variable).backward()
    return bool(called)


def without_gradient(result: Tensor, *inputs: Tensor) -> Tensor:
    """Return `result` as computed from `inputs`, with a gradient of zero.

    In MXNet a comparison, an argmax or a rounded value belongs to the recorded graph: backward() can start from it, and
    writes zeros to variables that nothing else depends on. torch would leave it out of the graph. The zeros are never
    computed: what comes before is not differentiated, so that an infinite slope there cannot turn them into NaN.
    """
    for array in inputs:
        if array.requires_grad:
            if torch.compiler.is_compiling():
                return _Zeros.apply(result.detach(), *inputs) if result.is_floating_point() else result
            sever = (_Severed if torch_reports_nothing() else _Zeros).apply
            edges = [gradient_edge(each) for each in inputs]
            if result.is_floating_point():
                return sever(result.detach(), *edges)
            return IntegerTape.of(result.detach(), sever(result.detach().double(), *edges))
    return result


class _Also(TensorFunction):
    """Passes a result and its gradient through. Its backward sends zeros, or nothing, to the other inputs."""

    @staticmethod
    def forward(ctx: Any, result: Tensor, *others: Tensor) -> Tensor:
        ctx.zeros = [None if torch_reports_nothing() else other.new_zeros(()).expand_as(other) for other in others]
        return result.view_as(result)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        return (gradients[0], *ctx.zeros)


def with_zeros_for(result: Tensor, *others: Tensor) -> Tensor:
    """Return `result`, which was computed from some inputs, recorded as depending on `others` with a gradient of zero.

    Positions and indices, from which torch would record nothing: in MXNet backward() writes zeros to variables before
    them.
    """
    if not any(other.requires_grad for other in others):
        return result
    if not result.requires_grad:
        return without_gradient(result, *others)
    return _Also.apply(result, *[gradient_edge(other) for other in others])
