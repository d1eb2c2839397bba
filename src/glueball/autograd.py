"""Automatic differentiation: record what is computed, then ask for gradients.

The graph itself is torch's; this module says when it is recorded and where the gradients go.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType
from typing import Any

import torch
from torch import Tensor

from .errors import MXNetError
from .mode import mode
from .ndarray.ndarray import NDArray

__all__ = [
    "Function", "backward", "get_symbol", "grad", "is_recording", "is_training", "mark_variables", "pause",
    "predict_mode", "record", "set_recording", "set_training", "train_mode",
]  # fmt: skip


def is_recording() -> bool:
    """Return whether this thread records operators."""
    return mode.recording


def is_training() -> bool:
    """Return whether operators of this thread run in training mode: Dropout drops, BatchNorm uses the batch."""
    return mode.training


def set_recording(is_recording: bool) -> bool:
    """Switch recording on or off in this thread, and return what it was."""
    before, mode.recording = mode.recording, bool(is_recording)
    return before


def set_training(train_mode: bool) -> bool:
    """Switch training mode on or off in this thread, and return what it was."""
    before, mode.training = mode.training, bool(train_mode)
    return before


class _Scope:
    """A ``with`` block that sets one or both switches and restores them."""

    __slots__ = ("_before", "_recording", "_training")

    def __init__(self, recording: bool | None, training: bool | None) -> None:
        self._recording, self._training = recording, training
        self._before: list[tuple[bool, bool]] = []

    def __enter__(self) -> None:
        self._before.append((mode.recording, mode.training))
        if self._recording is not None:
            mode.recording = self._recording
        if self._training is not None:
            mode.training = self._training

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        mode.recording, mode.training = self._before.pop()


def record(train_mode: bool = True) -> _Scope:
    """Return a ``with`` block inside which operators are recorded for differentiation.

    Parameters
    ----------
    train_mode : bool, default True
        Whether operators also run in training mode.

    Examples
    --------
    >>> from glueball import autograd, nd
    >>> x = nd.array([1, 2, 3])
    >>> x.attach_grad()
    >>> with autograd.record():
    ...     y = (x * x).sum()
    >>> y.backward()
    >>> x.grad.asnumpy().tolist()
    [2.0, 4.0, 6.0]
    """
    return _Scope(True, bool(train_mode))


def pause(train_mode: bool = False) -> _Scope:
    """Return a ``with`` block, used inside `record`, in which nothing is recorded."""
    return _Scope(False, bool(train_mode))


def train_mode() -> _Scope:
    """Return a ``with`` block in which operators run in training mode; recording is left as it is."""
    return _Scope(None, True)


def predict_mode() -> _Scope:
    """Return a ``with`` block in which operators run in prediction mode; recording is left as it is."""
    return _Scope(None, False)


def mark_variables(
    variables: NDArray | Sequence[NDArray],
    gradients: NDArray | Sequence[NDArray],
    grad_reqs: str | Sequence[str] = "write",
) -> None:
    """Make arrays variables, with the given arrays as their gradients.

    Parameters
    ----------
    variables, gradients : NDArray or sequence of NDArray
        As many gradients as variables, each of its variable's shape and type.
    grad_reqs : {'write', 'add', 'null'} or sequence of these
        What backward() does with each gradient.
    """
    variables = [variables] if isinstance(variables, NDArray) else list(variables)
    gradients = [gradients] if isinstance(gradients, NDArray) else list(gradients)
    requests = [grad_reqs] * len(variables) if isinstance(grad_reqs, str) else list(grad_reqs)
    if not len(variables) == len(gradients) == len(requests):
        raise MXNetError(
            "mark_variables: variables, gradients and grad_reqs must be equally many; "
            f"received {len(variables)}, {len(gradients)} and {len(requests)}"
        )
    for variable, gradient, request in zip(variables, gradients, requests, strict=True):
        if gradient.shape != variable.shape or gradient.dtype != variable.dtype:
            raise MXNetError(
                f"mark_variables: a gradient must have its variable's shape and type, {variable.shape} "
                f"{variable.dtype}; received {gradient.shape} {gradient.dtype}"
            )
        variable._mark(gradient, request)


def _heads(
    owner: str, heads: NDArray | Sequence[NDArray], head_grads: Any
) -> tuple[list[NDArray], list[Tensor], list[Tensor]]:
    """Return the heads with their recorded tensors and the gradients to start from."""
    heads = [heads] if isinstance(heads, NDArray) else list(heads)
    given = [head_grads] if isinstance(head_grads, NDArray) else head_grads
    given = [None] * len(heads) if given is None else list(given)
    if len(given) != len(heads):
        raise MXNetError(f"{owner}: head_grads must be one per head, {len(heads)}; received {len(given)}")
    tapes, starts = [], []
    for head, start in zip(heads, given, strict=True):
        if head._tape is None:
            raise MXNetError(
                f"{owner}: the array must have been computed from a variable inside autograd.record(); received an "
                f"array of shape {head.shape} that no recorded graph leads to; call attach_grad() on the inputs, "
                "compute inside the block, and call backward() once (or with retain_graph=True)"
            )
        if start is not None and start.shape != head.shape:
            raise MXNetError(f"{owner}: a head gradient must have its head's shape {head.shape}; received {start.shape}")
        tapes.append(head._tape)
        starts.append(torch.ones_like(head._tape) if start is None else _start(start).to(head._data.dtype))
    return heads, tapes, starts


def _start(gradient: NDArray) -> Tensor:
    return gradient._source()


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
        What to differentiate; several are summed.
    head_grads : NDArray or sequence of NDArray or None, optional
        The gradient with respect to each head; ones by default.
    retain_graph : bool, default False
        Keep the recorded graph for another call.
    train_mode : bool, default True
        Differs from MXNet: without effect, since each operator is differentiated in the mode in which it ran.
    """
    heads, tapes, starts = _heads("backward", heads, head_grads)
    try:
        torch.autograd.backward(tapes, starts, retain_graph=retain_graph)
    except RuntimeError as error:
        raise _explain(error) from error
    if not retain_graph:
        for head in heads:
            if head._tape is not None and not head._tape.is_leaf:
                head._tape = None


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
        Keep the recorded graph; default the value of `create_graph`.
    create_graph : bool, default False
        Record the gradients too, so that they can be differentiated again. Every operator can be, where MXNet has a
        second derivative only for some.

    Returns
    -------
    list of NDArray
        One per variable; zeros for a variable that the heads do not depend on.

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
    _, tapes, starts = _heads("grad", heads, head_grads)
    variables = [variables] if isinstance(variables, NDArray) else list(variables)
    for number, variable in enumerate(variables):
        if variable._tape is None or not variable._tape.is_leaf:
            raise MXNetError(
                f"grad: each variable must require a gradient; received one that does not, number {number}; "
                "call attach_grad() on it before recording"
            )
    try:
        gradients = torch.autograd.grad(
            tapes, [variable._tape for variable in variables], starts,
            retain_graph=create_graph if retain_graph is None else retain_graph,
            create_graph=create_graph, allow_unused=True,
        )  # fmt: skip
    except RuntimeError as error:
        raise _explain(error) from error
    return [_as_gradient(variable, gradient) for variable, gradient in zip(variables, gradients, strict=True)]


def _as_gradient(variable: NDArray, gradient: Tensor | None) -> NDArray:
    if gradient is None:
        return NDArray(torch.zeros_like(variable._data), variable._ctx)
    return NDArray(gradient.data, variable._ctx, gradient if gradient.requires_grad else None)


def _explain(error: RuntimeError) -> MXNetError:
    if isinstance(error, MXNetError):
        return error
    if "second time" in str(error):
        return MXNetError(
            "backward: the recorded graph is gone after the first backward(); pass retain_graph=True to that call"
        )
    return MXNetError(f"backward: {str(error).splitlines()[0]}")


def get_symbol(x: NDArray) -> Any:
    """Refused: a recorded graph cannot be turned into a Symbol."""
    raise MXNetError("autograd.get_symbol: recorded graphs are torch's and have no Symbol; export a HybridBlock instead")


class _Bridge(torch.autograd.Function):
    """A user's Function as torch calls it."""

    @staticmethod
    def forward(ctx: Any, function: Function, arrays: Sequence[NDArray], *tensors: Tensor) -> Any:
        ctx.function, ctx.contexts = function, [array._ctx for array in arrays]
        with pause(train_mode=mode.training):
            results = function.forward(*[array.detach() for array in arrays])
        function._single = isinstance(results, NDArray)
        results = [results] if isinstance(results, NDArray) else list(results)
        function._output_contexts = [result._ctx for result in results]
        return tuple(result._data.clone() for result in results)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> Any:
        contexts = ctx.function._output_contexts
        arrays = [NDArray(gradient.data, context) for gradient, context in zip(gradients, contexts, strict=True)]
        with pause():
            results = ctx.function.backward(*arrays)
        results = [results] if isinstance(results, NDArray) else list(results)
        if len(results) != len(ctx.contexts):
            raise MXNetError(
                f"{type(ctx.function).__name__}.backward: it must return one gradient per input of forward, "
                f"{len(ctx.contexts)}; received {len(results)}"
            )
        return (None, None, *[result._data for result in results])


class Function:
    """A differentiable function with a gradient of your own; subclass it and write `forward` and `backward`.

    One object is one call: make a new one each time.

    Examples
    --------
    >>> from glueball import autograd, nd
    >>> class Sigmoid(autograd.Function):
    ...     def forward(self, x):
    ...         y = 1 / (1 + nd.exp(-x))
    ...         self.save_for_backward(y)
    ...         return y
    ...     def backward(self, dy):
    ...         (y,) = self.saved_tensors
    ...         return dy * y * (1 - y)
    >>> x = nd.zeros((1,))
    >>> x.attach_grad()
    >>> with autograd.record():
    ...     y = Sigmoid()(x)
    >>> y.backward()
    >>> x.grad.asscalar()
    np.float32(0.25)
    """

    def __init__(self) -> None:
        self._used = False
        self._single = True
        self._output_contexts: list[Any] = []
        self.saved_tensors: tuple[NDArray, ...] = ()

    def save_for_backward(self, *args: NDArray) -> None:
        """Keep arrays for `backward`, where they are ``self.saved_tensors``."""
        self.saved_tensors = args

    def __call__(self, *inputs: NDArray) -> NDArray | list[NDArray]:
        """Run `forward`, and record it when recording."""
        if self._used:
            raise MXNetError(f"{type(self).__name__}: each Function object can be called once; make a new one")
        self._used = True
        if mode.recording:
            tensors = _Bridge.apply(self, inputs, *[array._source() for array in inputs])
            results = [
                NDArray(tensor.data, context, tensor if tensor.requires_grad else None)
                for tensor, context in zip(tensors, self._output_contexts, strict=True)
            ]
            return results[0] if self._single else results
        with pause(train_mode=mode.training):
            return self.forward(*inputs)

    def forward(self, *inputs: NDArray) -> NDArray | Sequence[NDArray]:
        """Compute the outputs from the inputs; overridden by the user."""
        raise NotImplementedError(f"{type(self).__name__}: forward must be written")

    def backward(self, *output_grads: NDArray) -> NDArray | Sequence[NDArray]:
        """Compute the gradients of the inputs from those of the outputs; overridden by the user."""
        raise NotImplementedError(f"{type(self).__name__}: backward must be written")
