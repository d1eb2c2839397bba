"""From a recorded graph to gradients: backward, grad, and the arrays they are written to."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from ..core.doors import door
from ..core.dtype import type_name
from ..core.errors import MXNetError, RefusedError
from ..core.failed_gradients import explained
from ..core.freed_graphs import free
from ..core.gradient_request import check_request
from ..core.integer_tape import converted, gradient_edge
from ..core.locks import process_lock
from ..core.waiting import joint
from ..ndarray.ndarray import NDArray
from ..ndarray.sparse.tape import edge_of
from ..ops.gradient import without_gradient
from .joint import Heads, completed

# Held by the thread that writes gradients: torch does not protect the hooks of variables, which threads may share.
_writing = process_lock()


@door
def mark_variables(
    variables: NDArray | Sequence[NDArray],
    gradients: NDArray | Sequence[NDArray],
    grad_reqs: str | Sequence[str] = "write",
) -> None:
    """Make arrays variables, with the given arrays as their gradients.

    Parameters
    ----------
    variables, gradients : NDArray or sequence of NDArray
        One gradient per variable, of the variable's shape and type.
    grad_reqs : {'write', 'add', 'null'} or sequence of these
        What backward() does with each gradient.

    Raises
    ------
    MXNetError
        Their numbers differ, or a gradient does not match its variable.
    KeyError
        A request is none of the three.

    Examples
    --------
    >>> from glueball import autograd, nd
    >>> x, gradient = nd.array([3]), nd.zeros((1,))
    >>> autograd.mark_variables(x, gradient)
    >>> with autograd.record():
    ...     y = x * x
    >>> y.backward()
    >>> gradient.asscalar()
    np.float32(6.0)
    """
    variables = as_arrays("mark_variables", "variables", variables)
    gradients = as_arrays("mark_variables", "gradients", gradients)
    requests = [grad_reqs] * len(variables) if isinstance(grad_reqs, str) else list(grad_reqs)
    if not len(variables) == len(gradients) == len(requests):
        raise MXNetError(
            "mark_variables: variables, gradients and grad_reqs must have the same length; "
            f"received {len(variables)}, {len(gradients)} and {len(requests)}"
        )
    for request in requests:
        check_request("mark_variables", request, KeyError)
    for variable, gradient, request in zip(variables, gradients, requests, strict=True):
        if gradient.shape != variable.shape or gradient.dtype != variable.dtype:
            raise MXNetError(
                f"mark_variables: a gradient must have its variable's shape and type, {variable.shape} "
                f"{variable.dtype}; received {gradient.shape} {gradient.dtype}"
            )
        variable._mark(gradient, request)


def _heads(
    owner: str, heads: NDArray | Sequence[NDArray], head_grads: Any
) -> tuple[list[NDArray], list[Tensor], list[Tensor | None]]:
    """Return the heads, the tensors to differentiate, and their head gradients; None is 1, for a scalar."""
    heads = as_arrays(owner, "heads", heads)
    if head_grads is None:
        given: list[NDArray | None] = [None] * len(heads)
    elif isinstance(head_grads, list | tuple):
        given = list(head_grads)
    else:
        given = [head_grads]
    as_arrays(owner, "head_grads", [start for start in given if start is not None])
    if len(given) != len(heads) or not heads:
        raise RefusedError(
            f"{owner}: heads must hold at least one array, and head_grads one for each; "
            f"received {len(heads)} and {len(given)}"
        )
    tapes: list[Tensor] = []
    starts: list[Tensor | None] = []
    for head, start in zip(heads, given, strict=True):
        recorded = head._recorded()
        if recorded is None or head._is_freed():
            raise MXNetError(
                f"{owner}: the array must have been computed from a variable inside autograd.record(); "
                f"received an array of shape {head.shape} that has no recorded graph; "
                "call attach_grad() on the inputs, compute inside the block, and call backward() once "
                "(or with retain_graph=True)"
            )
        if start is None:
            # The gradient of a sum is ones. Given ones, torch first imports its symbolic shapes, which takes 0.5 s.
            with torch.enable_grad():
                tapes.append(gradient_edge(recorded).sum())
            starts.append(None)
        else:
            tapes.append(gradient_edge(recorded))
            starts.append(_start(owner, head, start).to(tapes[-1].dtype))
    return heads, tapes, starts


def as_arrays(owner: str, name: str, given: Any) -> list[NDArray]:
    """Return the array, or the arrays of a list or tuple, as a list."""
    arrays = list(given) if isinstance(given, list | tuple) else [given]
    for array in arrays:
        if not isinstance(array, NDArray):
            raise MXNetError(
                f"{owner}: {name} must be NDArrays; received {type(array).__name__}; convert it with mx.nd.array(...)"
            )
    return arrays


def _start(owner: str, head: NDArray, gradient: NDArray) -> Tensor:
    if gradient.shape != head.shape or gradient._kind is not head._kind:
        raise MXNetError(
            f"{owner}: a head gradient must have its head's shape and type, {head.shape} {_type(head)}; "
            f"received {gradient.shape} {_type(gradient._strided())}; convert it with reshape(...) or astype(...)"
        )
    return gradient._strided()._source().to(head._ctx.device)


def _type(array: NDArray) -> str:
    return type_name(array._kind)


def _forget(heads: Sequence[NDArray], tapes: Sequence[Tensor]) -> None:
    """Release the graph of heads that are not variables: it has been used, and what was computed there is constant."""
    free(tapes)
    for head in heads:
        recorded = head._recorded()
        if recorded is not None and not recorded.is_leaf:
            head._forget()


@door
def backward(
    heads: NDArray | Sequence[NDArray],
    head_grads: NDArray | Sequence[NDArray | None] | None = None,
    retain_graph: bool = False,
    train_mode: bool = True,
) -> None:
    """Compute the gradients of `heads` with respect to all variables they were computed from.

    Parameters
    ----------
    heads : NDArray or sequence of NDArray
        The arrays to differentiate; several are summed.
    head_grads : NDArray or sequence of NDArray or None, optional
        The gradient with respect to each head, of its shape and type; ones by default.
    retain_graph : bool, default False
        Keep the recorded graph for another call.
    train_mode : bool, default True
        Has no effect, since each operator is differentiated in the mode in which it ran.

    Raises
    ------
    MXNetError
        A head was not recorded, its graph was freed, or a head gradient does not match.

    Notes
    -----
    The loss of a context that shares a SyncBatchNorm with others is differentiated with those of the others, in the
    call for the last of them.

    Differs from MXNet: `train_mode` has no effect; a head that is given twice counts twice.
    """
    heads, tapes, starts = _heads("backward", heads, head_grads)
    if joint.used:
        together = completed(Heads(heads, tapes, starts))
        if together is None:
            return
        heads, tapes, starts = together
    try:
        # A pass within a pass, that of a Function, runs in any thread of torch's, which the outer pass waits for.
        with contextlib.nullcontext() if torch._C._current_graph_task_id() >= 0 else _writing:
            torch.autograd.backward(tapes, starts, retain_graph=retain_graph)
    except Exception as error:
        told = _explained(error, tapes)
        if told is None:
            raise
        raise told from error
    if not retain_graph:
        _forget(heads, tapes)


@door
def grad(
    heads: NDArray | Sequence[NDArray],
    variables: NDArray | Sequence[NDArray],
    head_grads: NDArray | Sequence[NDArray | None] | None = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    train_mode: bool = True,
) -> list[NDArray]:
    """Return the gradients of `heads` with respect to `variables`, without touching the variables' ``grad``.

    Parameters
    ----------
    heads, head_grads, train_mode
        As in `backward`.
    variables : NDArray or sequence of NDArray
        Arrays with ``attach_grad()``.
    retain_graph : bool, optional
        Keep the recorded graph; by default the value of `create_graph`.
    create_graph : bool, default False
        Record the gradients too, so that they can be differentiated again. This works for every operator; MXNet
        has second derivatives only for some.

    Returns
    -------
    list of NDArray
        One per variable; zeros for a variable that the heads do not depend on, where MXNet raises an error.

    Raises
    ------
    MXNetError
        There are no variables, one has no ``attach_grad()``, or `backward` would refuse the heads.

    Examples
    --------
    >>> from glueball import autograd, nd
    >>> x = nd.array([3])
    >>> x.attach_grad()
    >>> with autograd.record():
    ...     y = x * x * x
    ...     (dx,) = autograd.grad(y, [x], create_graph=True)
    >>> dx.backward()
    >>> dx.asscalar(), x.grad.asscalar()
    (np.float32(27.0), np.float32(18.0))
    """
    heads, tapes, starts = _heads("grad", heads, head_grads)
    variables = as_arrays("grad", "variables", variables)
    if not variables:
        raise RefusedError("grad: variables must hold at least one array; received none")
    retain_graph = create_graph if retain_graph is None else retain_graph
    leaves = [_leaf(number, variable) for number, variable in enumerate(variables)]
    try:
        gradients = torch.autograd.grad(
            tapes,
            leaves,
            starts,
            retain_graph=retain_graph,
            create_graph=create_graph,
            allow_unused=True,
        )
    except Exception as error:
        told = _explained(error, tapes)
        if told is None:
            raise
        raise told from error
    if not retain_graph:
        _forget(heads, tapes)
    recorded = leaves if create_graph else []
    return [_as_gradient(variable, gradient, recorded) for variable, gradient in zip(variables, gradients, strict=True)]


def _leaf(number: int, variable: NDArray) -> Tensor:
    edge = edge_of(variable)
    if edge is None or not edge.is_leaf:
        raise MXNetError(
            f"grad: each variable must require a gradient; received one that does not, number {number}; "
            "call attach_grad() on it before recording"
        )
    return edge


def _as_gradient(variable: NDArray, gradient: Tensor | None, leaves: Sequence[Tensor]) -> NDArray:
    """Return a gradient as an array; if `leaves` are given, as one that is recorded as computed from them."""
    if variable.stype != "default":
        zero = variable._zero_gradient(None)
        zero._accept(gradient, "write")
        return zero
    if gradient is None:
        gradient = torch.zeros_like(variable._data)
    with torch.enable_grad():
        # A copy: torch may return one tensor for two equal gradients, or the head gradient itself.
        gradient = converted(gradient, variable._data.dtype, copy=True)
        if not gradient.requires_grad:  # a constant, such as that of a sum: its own gradient is zero
            gradient = without_gradient(gradient, *leaves)
    return variable._face(gradient.data, variable._ctx, gradient if gradient.requires_grad else None)


def _explained(error: Exception, tapes: Sequence[Tensor]) -> MXNetError | None:
    """Return the error to raise in the place of what torch's backward pass raised, or None for a user's own."""
    is_torchs = isinstance(error, RuntimeError) and not isinstance(error, MXNetError)
    if is_torchs and "second time" in str(error):
        return MXNetError(
            "backward: the recorded graph is freed by the first backward(); pass retain_graph=True to that call"
        )
    if is_torchs and "modified by an inplace operation" in str(error):
        return MXNetError(
            "backward: an array was written to (+=, x[:] =, out=) inside autograd.record() after its values "
            "had been used there; write to a copy, or after the block"
        )
    told = explained(error, tapes)
    if told is None and is_torchs:
        return MXNetError(f"backward: {str(error).splitlines()[0]}")
    return told
