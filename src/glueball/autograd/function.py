"""Function: an operation with a user-defined gradient."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from ..core.doors import guard
from ..core.errors import MXNetError, RefusedError
from ..core.integer_tape import gradient_edge
from ..core.mode import mode
from ..ndarray.ndarray import NDArray
from .gradients import as_arrays
from .scopes import pause


class _Bridge(torch.autograd.Function):
    """A user's Function as torch calls it."""

    @staticmethod
    def forward(ctx: Any, function: Function, arrays: Sequence[NDArray], *tensors: Tensor) -> Any:
        ctx.function, ctx.shapes = function, [array.shape for array in arrays]
        with pause(train_mode=mode.training):
            results = function.forward(*[array.detach() for array in arrays])
        if isinstance(results, list | tuple):
            function._result_kind = tuple if isinstance(results, tuple) else list
        arrays = _returned(function, "forward", results)
        function._output_kinds = [(array._face, array._ctx) for array in arrays]
        return tuple(array._data.clone() for array in arrays)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> Any:
        name = type(ctx.function).__name__
        if torch.is_grad_enabled():  # only with create_graph=True
            raise MXNetError(
                f"{name}: the gradient of an autograd.Function cannot be differentiated; "
                "received create_graph=True; write it with operators instead"
            )
        # copies: torch may use the same tensor elsewhere, and a user may write to what is given here
        arrays = [
            face(gradient.clone(), context)
            for gradient, (face, context) in zip(gradients, ctx.function._output_kinds, strict=True)
        ]
        with pause():
            results = _returned(ctx.function, "backward", ctx.function.backward(*arrays))
        received = [result.shape for result in results]
        if received != ctx.shapes:
            raise MXNetError(
                f"{name}.backward: it must return one gradient for each input of "
                f"forward, of the shapes {ctx.shapes}; received {received}"
            )
        return (None, None, *[result._data for result in results])


def _returned(function: Function, method: str, results: Any) -> list[NDArray]:
    """Check the results of a user's `forward` or `backward`."""
    arrays = list(results) if isinstance(results, list | tuple) else [results]
    for array in arrays:
        if not isinstance(array, NDArray):
            error = TypeError if method == "forward" else MXNetError
            raise error(
                f"{type(function).__name__}.{method}: it must return an NDArray or a list of NDArrays; "
                f"received {type(array).__name__}"
            )
    return arrays


@guard
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

    # On the class, so that a subclass need not call super().__init__().
    _used = False
    _result_kind: type[list[Any]] | type[tuple[Any, ...]] | None = None
    _output_kinds: Sequence[Any] = ()
    saved_tensors: tuple[NDArray, ...] = ()

    def __init__(self) -> None:
        """Make a function for one call; a subclass may take arguments here and keep them."""

    def save_for_backward(self, *args: NDArray) -> None:
        """Keep arrays for `backward`, as ``self.saved_tensors``."""
        self.saved_tensors = args

    def __call__(self, *inputs: NDArray) -> Any:
        """Run `forward`, and record it when recording; the result is what `forward` returns."""
        if self._used:
            raise RefusedError(f"{type(self).__name__}: a Function can be called only once; make a new one")
        self._used = True
        if not mode.recording:
            return self.forward(*inputs)
        arrays = as_arrays(type(self).__name__, "inputs of a recorded call", inputs)
        with torch.enable_grad():
            tensors = _Bridge.apply(  # type: ignore[no-untyped-call]
                self, arrays, *[gradient_edge(array._source()) for array in arrays]
            )
        results = [
            face(tensor.data, context, tensor if tensor.requires_grad else None)
            for tensor, (face, context) in zip(tensors, self._output_kinds, strict=True)
        ]
        return results[0] if self._result_kind is None else self._result_kind(results)

    if TYPE_CHECKING:
        # Any parameters: a subclass declares, and may annotate, those that it needs.
        def forward(self, *args: Any, **kwargs: Any) -> Any: ...
        def backward(self, *args: Any, **kwargs: Any) -> Any: ...
    else:

        def forward(self, *inputs: NDArray) -> NDArray | Sequence[NDArray]:
            """Compute the outputs from the inputs; overridden by the user."""
            raise NotImplementedError(f"{type(self).__name__}: forward must be implemented")

        def backward(self, *output_grads: NDArray) -> NDArray | Sequence[NDArray]:
            """Compute the gradients of the inputs from those of the outputs; overridden by the user."""
            raise NotImplementedError(f"{type(self).__name__}: backward must be implemented")
