"""Calls of a `CustomOp` with sparse arrays: it is handed arrays in the storage types that its class says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

from ..autograd.scopes import Scope
from ..core.context import Context
from ..core.mode import mode
from ..core.observers import users_code
from ..core.sparse_forms import FORMS, Form, as_form, to_dense
from ..core.strangers import call
from ..ndarray import NDArray
from ..ndarray.sparse.arrays import array_of
from ..ndarray.sparse.base import form_of
from ..ndarray.sparse.tape import as_gradient, as_torch, edge_for, edge_of
from .bridge import Owner, Run, call_backward, call_forward, refuse_create_graph
from .custom_op import CustomOp
from .storage import ForwardStypes, Storage, Stypes

Value = Form | Tensor


class SparseRun(Run):
    """One run of a `CustomOp` on arrays of any storage.

    Parameters
    ----------
    owner : Owner
        Whose run it is.
    op : CustomOp
        The user's object.
    ctx : Context
        Where the arrays are.
    inputs, states, outputs : sequence of Csr, Rows or Tensor
        What it takes, and the memory that it writes to.
    training : bool
        Whether the network is in training mode.
    done : callable, optional
        Called with `op` when nothing needs it anymore.
    storage : Storage
        What the user's class says about storage.
    stypes : ForwardStypes
        How the arrays are stored.
    in_grad : tuple of str
        How the gradients of the inputs are stored, as far as that is known.
    """

    def __init__(
        self,
        owner: Owner,
        op: CustomOp,
        ctx: Context,
        inputs: Sequence[Value],
        states: Sequence[Value],
        outputs: Sequence[Value],
        training: bool,
        done: Callable[[CustomOp], None] | None,
        storage: Storage,
        stypes: ForwardStypes,
        in_grad: Stypes,
    ) -> None:
        super().__init__(owner, op, ctx, (), (), (), training, done)
        self._storage, self._stypes, self._in_grad = storage, stypes, in_grad
        self._in_data, self._out_data = self._made(inputs), self._made(outputs)
        self._forms = [(array.shape, array._kind) for array in self._in_data]
        self.states, self.results = states, outputs

    def _made(self, values: Sequence[Value]) -> list[NDArray]:
        return [array_of(value, self._ctx) for value in values]

    def compute(self) -> None:
        """Let the user compute: `results` and `states` are the outputs and the new states then."""
        states = self._made([_copied(state) for state in self.states])
        requests = ["write"] * len(self._out_data)
        given = (int(self._training), requests, self._in_data, self._out_data, states)
        with Scope(False, self._training), users_code(self.owner.kind):
            call(call_forward, self._op, *given)
        self.states = [form_of(state) for state in states]
        self.results = [form_of(array) for array in self._out_data]

    def gradients(self, found: Sequence[Tensor | None], needed: Sequence[bool]) -> list[Value | None]:
        """Let the user compute the gradients of the inputs; None for those that nobody needs."""
        out_grad = [
            torch.zeros(array.shape, dtype=array._kind, device=self._ctx.device) if one is None else as_gradient(one)
            for one, array in zip(found, self._out_forms, strict=True)
        ]
        said = self._storage.backward(tuple(map(_stype, out_grad)), self._stypes, self._in_grad)
        in_grad = self._made([
            empty(stype, shape, kind, self._ctx.device)
            for stype, (shape, kind) in zip(said.in_grad, self._forms, strict=True)
        ])  # fmt: skip
        given = self._made([_copied(stored(one, stype)) for one, stype in zip(out_grad, said.out_grad, strict=True)])
        self._drop("out_grad", self.owner.needs.out_grad, given)
        requests = ["write" if need else "null" for need in needed]
        with Scope(False, self._training), users_code(f"_backward_{self.owner.kind}"):
            call(
                call_backward,
                self._op,
                requests,
                given,
                self._in_data,
                self._out_data,
                in_grad,
                self._made(self.states),
            )
        self.release()
        return [form_of(gradient) if need else None for gradient, need in zip(in_grad, needed, strict=True)]

    def keep(self) -> None:
        """Keep for the gradient what it reads, and nothing else."""
        self._out_forms = list(self._out_data)
        self._drop_unread()


def _stype(value: Value) -> str:
    return "default" if isinstance(value, Tensor) else value.stype


def stored(value: Value, stype: str) -> Value:
    """Return a value in the storage that a class asks for, if it does."""
    return value if stype == "undefined" else as_form(value, stype)


def _copied(value: Value) -> Value:
    """Copy, since a user may write to it."""
    if isinstance(value, Tensor):
        return value.detach().clone()
    return value.with_values(value.values.clone())


def empty(stype: str, shape: Sequence[int], kind: torch.dtype, device: torch.device) -> Value:
    """Return zeros; in a sparse form, none of them is stored."""
    if stype in FORMS:
        return FORMS[stype].empty(tuple(shape), kind, device)
    return torch.zeros(shape, dtype=kind, device=device)


class _Recorded(torch.autograd.Function):
    """A run as torch's autograd records it: an edge stands for each sparse array."""

    @staticmethod
    def forward(ctx: Any, run: SparseRun, sparse_to: Sequence[bool], *edges: Tensor | None) -> Any:
        ctx.run, ctx.sparse_to = run, sparse_to
        ctx.set_materialize_grads(False)
        ctx.kinds = [None if edge is None else edge.dtype for edge in edges]
        return tuple([value if isinstance(value, Tensor) else edge_for(value) for value in run.results])

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor | None) -> Any:
        refuse_create_graph(ctx.run.owner)
        needed = ctx.needs_input_grad[2:]
        if all(gradient is None for gradient in gradients):
            return (None,) * (2 + len(needed))
        found = ctx.run.gradients(gradients, needed)
        results = [
            None if one is None else as_torch(one) if sparse else to_dense(one).to(kind)
            for one, sparse, kind in zip(found, ctx.sparse_to, ctx.kinds, strict=True)
        ]
        return (None, None, *results)


def record(run: SparseRun, arrays: Sequence[NDArray]) -> Sequence[Tensor | None]:
    """Record a run that has computed; return the tensor of each output that stands for it in torch's graph."""
    edges = [edge_of(array) for array in arrays]
    if not mode.recording or all(edge is None or not edge.requires_grad for edge in edges):
        run.release()
        return [None] * len(run.results)
    run.keep()
    # A tensor on which torch goes on to compute gets a dense gradient, as its own functions need it.
    sparse_to = [
        edge is not None and (edge.is_leaf or array.stype != "default")
        for edge, array in zip(edges, arrays, strict=True)
    ]
    with torch.enable_grad():
        found: Sequence[Tensor] = _Recorded.apply(run, sparse_to, *edges)  # type: ignore[no-untyped-call]
    return found
