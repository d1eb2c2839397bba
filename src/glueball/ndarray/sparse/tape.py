"""How computations with sparse arrays are recorded for torch's autograd.

The edge of a sparse array is a tensor of its shape, without memory, that stands for it in torch's graph. A gradient of
slices travels as torch's sparse tensor with one sparse axis, to sparse arrays and to variables; anything else that
torch has recorded gets it dense.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from ...core.integer_tape import gradient_edge
from ...core.mode import mode
from ...core.sparse_forms import Form, Rows, to_dense
from ...core.torch_function import TensorFunction
from ...ops.sparse.rule import DENSE, Call, Sparse, Value
from ..ndarray import NDArray


def as_gradient(tensor: Tensor) -> Value:
    """Return a gradient of torch's autograd as a form, or dense."""
    if not tensor.is_sparse:
        return tensor
    indices = tensor._indices()[0]  # torch forgets that it has nothing to add up, and would sort again
    if not _increase(indices):
        tensor = tensor.coalesce()
        indices = tensor.indices()[0]
    return Rows(tensor._values(), indices, tuple(tensor.shape))


def _increase(indices: Tensor) -> bool:
    return bool((indices.diff() > 0).all())


def as_torch(value: Value) -> Tensor:
    """Return a gradient as torch's autograd takes it."""
    if not isinstance(value, Rows):
        return to_dense(value)
    indices, values = value.indices, value.values
    if not _increase(indices):
        order = torch.argsort(indices)
        indices, values = indices[order], values[order]
    return torch.sparse_coo_tensor(indices[None], values, value.shape, is_coalesced=True, check_invariants=False)


class _Computed(TensorFunction):
    """The result of an operator's rule, with the gradient that the rule says."""

    @staticmethod
    def forward(ctx: Any, result: Tensor, call: Call, rule: Sparse, sparse_to: Sequence[bool], *edges: Any) -> Tensor:
        ctx.call, ctx.rule, ctx.sparse_to = call, rule, sparse_to
        ctx.set_materialize_grads(False)
        return result

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx: Any, gradient: Tensor | None) -> Any:
        needed = ctx.needs_input_grad[4:]
        if gradient is None:
            return (None,) * (4 + len(needed))
        given = as_gradient(gradient)
        found: Any = ()
        if ctx.rule.gradient is not None:
            found = ctx.rule.gradient(ctx.call, given)
        if ctx.rule.gradient is None or any(asked and one is DENSE for asked, one in zip(needed, found, strict=True)):
            found = _dense_gradients(ctx.call, to_dense(given), needed)
        results = [
            None if one is None or not asked else as_torch(one) if sparse else to_dense(one)
            for one, asked, sparse in zip(found, needed, ctx.sparse_to, strict=True)
        ]
        return (None, None, None, None, *results)


def _dense_gradients(call: Call, gradient: Tensor, needed: Sequence[bool]) -> list[Tensor | None]:
    """Compute gradients as those of the dense operator."""
    with torch.enable_grad():
        inputs = [
            None if one is None else to_dense(one).detach().requires_grad_(asked)
            for one, asked in zip(call.inputs, needed, strict=True)
        ]
        wanted = [one for one, asked in zip(inputs, needed, strict=True) if asked and one is not None]
        result = call.function(*inputs)
    found = iter(torch.autograd.grad(result, wanted, gradient, allow_unused=True))
    return [next(found) if asked else None for asked in needed]


def edge_of(array: NDArray | None) -> Tensor | None:
    """Return the tensor through which the gradient of an array flows, or None."""
    if array is None:
        return None
    if array.stype != "default":
        edge: Tensor | None = array._edge  # type: ignore[attr-defined]
        return edge
    return None if array._tape is None else gradient_edge(array._tape)


def recorded(found: Value, call: Call, rule: Sparse, arrays: Sequence[NDArray | None]) -> Tensor | None:
    """Return the recorded tensor for a result: itself if it is dense, else its edge; None if nothing is recorded."""
    edges = [edge_of(array) for array in arrays]
    if not mode.recording or all(edge is None for edge in edges):
        return None
    # A tensor on which torch goes on to compute gets a dense gradient, as its own functions need it.
    sparse_to = [
        edge is not None and array is not None and (edge.is_leaf or array.stype != "default")
        for edge, array in zip(edges, arrays, strict=True)
    ]
    result = found if isinstance(found, Tensor) else edge_for(found)
    with torch.enable_grad():
        return _Computed.apply(result, call, rule, sparse_to, *edges)


def edge_for(form: Form) -> Tensor:
    """Return a new edge: a tensor of the shape of a sparse array, without memory of its own."""
    return form.values.new_zeros(()).expand(form.shape)


class _Dense(TensorFunction):
    """The dense copy of a sparse array, whose gradient is that of the array."""

    @staticmethod
    def forward(ctx: Any, dense: Tensor, edge: Tensor) -> Tensor:
        return dense

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[None, Tensor]:
        return None, gradient


def densified(array: Any) -> NDArray:
    """Return a sparse array as a dense one, recorded as such."""
    dense = to_dense(array._form)
    if not mode.recording or array._edge is None:
        return NDArray(dense, array._ctx)
    with torch.enable_grad():
        tape = _Dense.apply(dense, array._edge)
    return NDArray(tape.data, array._ctx, tape)
