"""NDArray's method that differentiates an array."""

from __future__ import annotations

from ..core.methods import method_of
from ..ndarray.ndarray import NDArray
from . import gradients


@method_of(NDArray)
def backward(
    self: NDArray, out_grad: NDArray | None = None, retain_graph: bool = False, train_mode: bool = True
) -> None:
    """Compute the gradients of this array with respect to all variables it was computed from.

    Parameters
    ----------
    out_grad : NDArray, optional
        The gradient with respect to this array; ones by default.
    retain_graph : bool, default False
        Keep the recorded graph, so that backward() can be called again.
    train_mode : bool, default True
        Differs from MXNet: has no effect, since each operator is differentiated in the mode in which it ran.
    """
    gradients.backward([self], None if out_grad is None else [out_grad], retain_graph, train_mode)
