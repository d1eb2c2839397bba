"""A `CustomOp` as torch calls it: tensors in, tensors out, with the user's own gradient.

Each call pays for what is here, so that it is kept short: what all runs of an operator have in common is in `Owner`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import torch
from torch import Tensor

from ..autograd.scopes import Scope
from ..core.context import Context
from ..core.errors import MXNetError
from ..core.integer_tape import gradient_edge
from ..core.observers import users_code
from ..core.strangers import call
from ..ndarray import NDArray
from .custom_op import CustomOp
from .declarations import Needs, Undeclared


class Owner(NamedTuple):
    """The operator whose runs these are.

    Attributes
    ----------
    name : str
        What messages call it.
    kind : str
        The name under which a program has registered it.
    needs : Needs
        Which arrays its gradient reads; the others are not kept.
    before_gradients : callable
        Called before each gradient.
    """

    name: str
    kind: str
    needs: Needs
    before_gradients: Callable[[], None]


class Run:
    """One run of a `CustomOp`: its arrays, from forward to backward.

    Parameters
    ----------
    owner : Owner
        Whose run it is.
    op : CustomOp
        The user's object.
    ctx : Context
        Where the arrays are.
    inputs, states : sequence of Tensor
        What it takes.
    outputs : sequence of Tensor
        The memory that it writes to.
    training : bool
        Whether the network is in training mode.
    done : callable, optional
        Called with `op` when nothing needs it anymore.
    """

    def __init__(
        self,
        owner: Owner,
        op: CustomOp,
        ctx: Context,
        inputs: Sequence[Tensor],
        states: Sequence[Tensor],
        outputs: Sequence[Tensor],
        training: bool,
        done: Callable[[CustomOp], None] | None,
    ) -> None:
        self.owner, self._op, self._ctx, self._training, self._done = owner, op, ctx, training, done
        self._states = states
        self._forms: Sequence[tuple[Sequence[int], torch.dtype]] = ()
        self._in_data = [NDArray(tensor.data, ctx) for tensor in inputs]
        self._out_data = [NDArray(tensor, ctx) for tensor in outputs]

    def _arrays(self, tensors: Sequence[Tensor]) -> list[NDArray]:
        return [NDArray(tensor, self._ctx) for tensor in tensors]

    def forward(self) -> tuple[Tensor, ...]:
        """Let the user compute, and return the outputs, followed by the new values of the states."""
        new_states = [state.detach().clone() for state in self._states]
        requests = ["write"] * len(self._out_data)
        given = (int(self._training), requests, self._in_data, self._out_data, self._arrays(new_states))
        with Scope(False, self._training), users_code(self.owner.kind):
            call(call_forward, self._op, *given)
        return (*[array._data for array in self._out_data], *new_states)

    def keep(self) -> None:
        """Keep for the gradient what it reads, and nothing else."""
        self._forms = [(array._data.shape, array._data.dtype) for array in self._in_data]
        self._drop_unread()

    def _drop_unread(self) -> None:
        needs = self.owner.needs
        for what, kept, arrays in (
            ("in_data", needs.in_data, self._in_data), ("out_data", needs.out_data, self._out_data)
        ):  # fmt: skip
            if False in kept:
                self._drop(what, kept, arrays)

    def _drop(self, what: str, kept: Sequence[bool], arrays: list[NDArray]) -> None:
        """Put something without values in the place of arrays that the gradient does not read."""
        for number, keep in enumerate(kept):
            if not keep:
                arrays[number] = Undeclared(f"{what}[{number}]", self._ctx)

    def backward(self, gradients: Sequence[Tensor], needed: Sequence[bool]) -> list[Tensor | None]:
        """Let the user compute the gradients of the inputs; None for those that nobody needs."""
        owner, device = self.owner, self._ctx.device
        owner.before_gradients()
        in_grad = [torch.zeros(shape, dtype=kind, device=device) for shape, kind in self._forms]
        requests = ["write" if need else "null" for need in needed]
        # copies: torch may use the same tensor elsewhere, and a user may write to what is given here
        out_grad = self._arrays([gradient.clone() for gradient in gradients])
        if False in owner.needs.out_grad:
            self._drop("out_grad", owner.needs.out_grad, out_grad)
        given = (requests, out_grad, self._in_data, self._out_data, self._arrays(in_grad),
                 self._arrays(self._states))  # fmt: skip
        with Scope(False, self._training), users_code(f"_backward_{owner.kind}"):
            call(call_backward, self._op, *given)
        self.release()
        return [gradient if need else None for gradient, need in zip(in_grad, needed, strict=True)]

    def release(self) -> None:
        """Say that nothing needs the user's object anymore."""
        if self._done is not None:
            self._done(self._op)


def call_forward(op: CustomOp, is_train: Any, req: Any, in_data: Any, out_data: Any, aux: Any) -> None:
    """Call the user's method as MXNet does, by keyword."""
    op.forward(is_train=is_train, req=req, in_data=in_data, out_data=out_data, aux=aux)


def call_backward(op: CustomOp, req: Any, out_grad: Any, in_data: Any, out_data: Any, in_grad: Any, aux: Any) -> None:
    """Call the user's method as MXNet does, by keyword."""
    op.backward(req=req, out_grad=out_grad, in_data=in_data, out_data=out_data, in_grad=in_grad, aux=aux)


def refuse_create_graph(owner: Owner) -> None:
    """Refuse to differentiate what the user's `backward` computes."""
    if torch.is_grad_enabled():  # only with create_graph=True
        raise MXNetError(
            f"{owner.name}: the gradient of a CustomOp cannot be differentiated; received create_graph=True; write it "
            "with operators instead"
        )


class _Recorded(torch.autograd.Function):
    """A run as torch's autograd records it."""

    @staticmethod
    def forward(ctx: Any, run: Run, *inputs: Tensor) -> Any:
        ctx.run, ctx.kinds = run, [tensor.dtype for tensor in inputs]
        results = run.forward()
        ctx.count = len(run._out_data)
        run.keep()
        if len(results) > ctx.count:
            ctx.mark_non_differentiable(*results[ctx.count :])
        return results

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor | None) -> Any:
        refuse_create_graph(ctx.run.owner)
        found = ctx.run.backward(gradients[: ctx.count], ctx.needs_input_grad[1:])
        # The gradient of integers is recorded with real numbers.
        return (None, *[None if each is None else each.to(kind) for each, kind in zip(found, ctx.kinds, strict=True)])


def compute(run: Run, inputs: Sequence[Tensor]) -> Tensor | tuple[Tensor, ...]:
    """Run, and let torch record it if an input has a gradient; what is returned is what an operator returns."""
    results = _results(run, inputs)
    return results[0] if len(results) == 1 else results


def _results(run: Run, inputs: Sequence[Tensor]) -> tuple[Tensor, ...]:
    edges = [gradient_edge(tensor) for tensor in inputs]
    if torch.is_grad_enabled() and True in [edge.requires_grad for edge in edges]:
        results: tuple[Tensor, ...] = _Recorded.apply(run, *edges)  # type: ignore[no-untyped-call]
        return results
    computed = run.forward()
    run.release()
    return computed
