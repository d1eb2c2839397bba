"""A `CustomOp` as torch calls it: tensors in, tensors out, with the user's own gradient."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

from ..autograd.scopes import pause
from ..core.context import Context
from ..core.errors import MXNetError
from ..core.integer_tape import gradient_edge
from ..core.observers import users_code
from ..core.strangers import call
from ..ndarray import NDArray
from .custom_op import CustomOp
from .declarations import Needs, Undeclared


class Run:
    """One run of a `CustomOp`: its arrays, from forward to backward.

    Parameters
    ----------
    owner : str
        What messages call the operator.
    op : CustomOp
        The user's object.
    inputs, states : sequence of Tensor
        What it takes.
    outputs : sequence of Tensor
        The memory that it writes to.
    training : bool
        Whether the network is in training mode.
    done : callable
        Called with `op` when nothing needs it anymore.
    kind : str
        The name under which a program has registered the operator.
    needs : Needs
        Which arrays its gradient reads; the others are not kept.

    Attributes
    ----------
    before_gradients : callable
        Called before the first gradient.
    """

    before_gradients: Callable[[], None]

    def __init__(
        self,
        owner: str,
        op: CustomOp,
        inputs: Sequence[Tensor],
        states: Sequence[Tensor],
        outputs: Sequence[Tensor],
        training: bool,
        done: Callable[[CustomOp], None],
        kind: str,
        needs: Needs,
    ) -> None:
        device = outputs[0].device if outputs else torch.device("cpu")
        self._ctx = Context("gpu", device.index or 0) if device.type == "cuda" else Context("cpu")
        self._owner, self._op, self._training, self._done = owner, op, training, done
        self._states, self._kind, self._needs = states, kind, needs
        self._new_states = [state.detach().clone() for state in states]
        self._in_data, self._out_data = self._arrays(inputs), self._arrays(outputs)

    def _arrays(self, tensors: Sequence[Tensor]) -> list[NDArray]:
        return [NDArray(tensor.detach(), self._ctx) for tensor in tensors]

    def forward(self) -> tuple[Tensor, ...]:
        """Let the user compute, and return the outputs, followed by the new values of the states."""
        requests = ["write"] * len(self._out_data)
        given = (int(self._training), requests, self._in_data, self._out_data, self._arrays(self._new_states))
        with pause(train_mode=self._training), users_code(self._kind):
            call(_forward, self._op, *given)
        return (*[array._data for array in self._out_data], *self._new_states)

    def keep(self) -> None:
        """Keep for the gradient what it reads, and nothing else."""
        self._like = self._forms(self._in_data), self._forms(self._out_data)
        for what, kept, arrays in (
            ("in_data", self._needs.in_data, self._in_data), ("out_data", self._needs.out_data, self._out_data)
        ):  # fmt: skip
            if not all(kept):
                arrays[:] = [
                    array if keep else Undeclared(f"{what}[{number}]", self._ctx)
                    for number, (array, keep) in enumerate(zip(arrays, kept, strict=True))
                ]

    def _forms(self, arrays: Sequence[NDArray]) -> list[tuple[torch.Size, torch.dtype]]:
        return [(array._data.shape, array._data.dtype) for array in arrays]

    def _zeros(self, shape: torch.Size, kind: torch.dtype) -> Tensor:
        return torch.zeros(shape, dtype=kind, device=self._ctx.device)

    def _out_grad(self, gradients: Sequence[Tensor | None]) -> list[NDArray]:
        made = [
            self._zeros(*like) if gradient is None else gradient.detach().clone()
            for gradient, like in zip(gradients, self._like[1], strict=True)
        ]
        return [
            array if keep else Undeclared(f"out_grad[{number}]", self._ctx)
            for number, (array, keep) in enumerate(zip(self._arrays(made), self._needs.out_grad, strict=True))
        ]

    def backward(self, gradients: Sequence[Tensor | None], needed: Sequence[bool]) -> list[Tensor | None]:
        """Let the user compute the gradients of the inputs; None for those that nobody needs."""
        self.before_gradients()
        in_grad = [self._zeros(*like) for like in self._like[0]]
        requests = ["write" if need else "null" for need in needed]
        given = (requests, self._out_grad(gradients), self._in_data, self._out_data, self._arrays(in_grad),
                 self._arrays(self._states))  # fmt: skip
        with pause(train_mode=self._training), users_code(f"_backward_{self._kind}"):
            call(_backward, self._op, *given)
        self._done(self._op)
        return [gradient if need else None for gradient, need in zip(in_grad, needed, strict=True)]

    def release(self) -> None:
        """Say that there will be no backward."""
        self._done(self._op)


def _forward(op: CustomOp, is_train: Any, req: Any, in_data: Any, out_data: Any, aux: Any) -> None:
    op.forward(is_train=is_train, req=req, in_data=in_data, out_data=out_data, aux=aux)


def _backward(op: CustomOp, req: Any, out_grad: Any, in_data: Any, out_data: Any, in_grad: Any, aux: Any) -> None:
    op.backward(req=req, out_grad=out_grad, in_data=in_data, out_data=out_data, in_grad=in_grad, aux=aux)


class _Recorded(torch.autograd.Function):
    """A run as torch's autograd records it."""

    @staticmethod
    def forward(ctx: Any, run: Run, owner: str, *inputs: Tensor) -> Any:
        ctx.run, ctx.owner, ctx.kinds = run, owner, [tensor.dtype for tensor in inputs]
        results = run.forward()
        ctx.count = len(run._out_data)
        run.keep()
        ctx.mark_non_differentiable(*results[ctx.count :])
        return results

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor | None) -> Any:
        if torch.is_grad_enabled():  # only with create_graph=True
            raise MXNetError(
                f"{ctx.owner}: the gradient of a CustomOp cannot be differentiated; received create_graph=True; "
                "write it with operators instead"
            )
        found = ctx.run.backward(gradients[: ctx.count], ctx.needs_input_grad[2:])
        # The gradient of integers is recorded with real numbers.
        return (
            None,
            None,
            *[None if each is None else each.to(kind) for each, kind in zip(found, ctx.kinds, strict=True)],
        )


def compute(owner: str, run: Run, inputs: Sequence[Tensor]) -> Tensor | tuple[Tensor, ...]:
    """Run, and let torch record it if an input has a gradient; what is returned is what an operator returns."""
    results = _results(owner, run, inputs)
    return results[0] if len(results) == 1 else results


def _results(owner: str, run: Run, inputs: Sequence[Tensor]) -> tuple[Tensor, ...]:
    edges = [gradient_edge(tensor) for tensor in inputs]
    if torch.is_grad_enabled() and any(edge.requires_grad for edge in edges):
        results: tuple[Tensor, ...] = _Recorded.apply(run, owner, *edges)  # type: ignore[no-untyped-call]
        return results
    computed = run.forward()
    run.release()
    return computed
