"""Functions of ``nd.contrib`` that do a step of AdamW or LAMB: they order the arrays as the operators want them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..core.doors import door
from ..core.errors import MXNetError
from .creation import full
from .namespace import functions
from .ndarray import NDArray

Arrays = Sequence[NDArray]

__all__ = [
    "adamw_update", "mp_adamw_update", "multi_adamw_update", "multi_lamb_update", "multi_mp_adamw_update",
    "multi_mp_lamb_update",
]  # fmt: skip


def _scale(owner: str, rescale_grad: Any, weight: Any) -> NDArray:
    if isinstance(rescale_grad, NDArray):
        return rescale_grad
    if not isinstance(weight, NDArray):
        raise MXNetError(f"{owner}: a weight must be an NDArray; received {type(weight).__name__}")
    return full((1,), float(rescale_grad), ctx=weight.context)


@door
def adamw_update(
    weight: NDArray, grad: NDArray, mean: NDArray, var: NDArray, rescale_grad: Any, lr: float, eta: float,
    beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8, wd: float = 0, clip_gradient: float = -1,
    out: NDArray | None = None, name: str | None = None,
) -> Any:  # fmt: skip
    """Return the weight after a step of AdamW (Loshchilov and Hutter), and store the new averages.

    With ``g = clip(rescale_grad * grad)``, ``mean = beta1 * mean + (1 - beta1) * g`` and ``var = beta2 * var +
    (1 - beta2) * g ** 2``, it is ``weight - eta * (lr * mean / (sqrt(var) + epsilon) + wd * weight)``.

    Parameters
    ----------
    weight, grad : NDArray
        The parameter and its gradient; ``out=weight`` updates the parameter.
    mean, var : NDArray
        The averages of the gradient and of its square, which are overwritten.
    rescale_grad : float or NDArray
        The factor of the gradient. Where it is 0 or not finite, as after an overflow, nothing changes.
    lr, eta : float
        The learning rate, and the factor of the whole step.
    beta1, beta2, epsilon : float
        The decay rates of the averages, and what avoids division by zero.
    wd : float, default 0
        The weight decay, which acts on the weight itself.
    clip_gradient : float, default -1
        Where the gradient is clipped; a negative number is nowhere.
    out : NDArray, optional
        Receives the result.
    name : str, optional
        Without effect, as for every operator on arrays.

    Differs from MXNet
    ------------------
    The gradient stays as it is; MXNet's function writes the scaled gradient into it.

    Examples
    --------
    >>> from glueball import nd
    >>> weight, mean, var = nd.array([1]), nd.zeros((1,)), nd.zeros((1,))
    >>> nd.contrib.adamw_update(weight, nd.array([2]), mean, var, 1.0, lr=0.1, eta=1.0, out=weight).asnumpy().round(3)
    array([0.684], dtype=float32)
    """
    return functions["_adamw_update"](
        weight, grad, mean, var, _scale("adamw_update", rescale_grad, weight), lr=lr, eta=eta, beta1=beta1,
        beta2=beta2, epsilon=epsilon, wd=wd, clip_gradient=clip_gradient, out=out, name=name,
    )  # fmt: skip


@door
def mp_adamw_update(
    weight: NDArray, grad: NDArray, mean: NDArray, var: NDArray, weight32: NDArray, rescale_grad: Any, lr: float,
    eta: float, beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8, wd: float = 0,
    clip_gradient: float = -1, out: NDArray | None = None, name: str | None = None,
) -> Any:  # fmt: skip
    """Return a low-precision weight after the step of `adamw_update`, which is made with its float32 copy.

    Parameters
    ----------
    weight, grad : NDArray
        The parameter and its gradient, of type float16 or bfloat16.
    mean, var, weight32 : NDArray
        The averages and the copy, of type float32; they are overwritten.
    rescale_grad, lr, eta, beta1, beta2, epsilon, wd, clip_gradient, out, name
        As for `adamw_update`.

    Examples
    --------
    >>> from glueball import nd
    >>> copy = nd.array([1])
    >>> weight, grad = copy.astype("float16"), nd.array([2], dtype="float16")
    >>> step = nd.contrib.mp_adamw_update(weight, grad, nd.zeros((1,)), nd.zeros((1,)), copy, 1.0, lr=0.1, eta=1.0)
    >>> step.asnumpy()
    array([0.6836], dtype=float16)
    """
    return functions["_mp_adamw_update"](
        weight, grad, mean, var, weight32, _scale("mp_adamw_update", rescale_grad, weight), lr=lr, eta=eta,
        beta1=beta1, beta2=beta2, epsilon=epsilon, wd=wd, clip_gradient=clip_gradient, out=out, name=name,
    )  # fmt: skip


def _by_weight(owner: str, *columns: Arrays) -> list[NDArray]:
    """Return the arrays weight by weight."""
    if not columns[0] or len({len(column) for column in columns}) > 1:
        raise MXNetError(
            f"{owner}: there must be as many gradients and states as weights, one at least; "
            f"received {', '.join(str(len(column)) for column in columns)}"
        )
    return [array for row in zip(*columns, strict=True) for array in row]


@door
def multi_adamw_update(
    weights: Arrays, grads: Arrays, mean: Arrays, var: Arrays, rescale_grad: Any, lrs: Sequence[float],
    wds: Sequence[float], etas: Sequence[float], out: Any = None, name: str | None = None, size: int = 0, **kwargs: Any,
) -> Any:  # fmt: skip
    """Return several weights after the step of `adamw_update`, and store the new averages.

    Parameters
    ----------
    weights, grads, mean, var : list of NDArray
        The parameters, their gradients, and their averages, which are overwritten. ``out=weights`` updates them.
    rescale_grad : float or NDArray
        As for `adamw_update`, one for all.
    lrs, wds, etas : list of float
        The learning rate, the weight decay and the factor of the step of each weight.
    out : list of NDArray, optional
        Receive the results.
    name : str, optional
        Without effect, as for every operator on arrays.
    size : int, default 0
        The number of weights; 0 counts them.
    **kwargs
        ``beta1``, ``beta2``, ``epsilon`` and ``clip_gradient``, as for `adamw_update`.

    Examples
    --------
    >>> from glueball import nd
    >>> weights, grads = [nd.array([1])], [nd.array([2])]
    >>> states = [nd.zeros((1,))], [nd.zeros((1,))]
    >>> _ = nd.contrib.multi_adamw_update(weights, grads, *states, 1.0, lrs=[0.1], wds=[0], etas=[1], out=weights)
    >>> weights[0].asnumpy().round(3)
    array([0.684], dtype=float32)
    """
    arrays = _by_weight("multi_adamw_update", weights, grads, mean, var)
    return functions["_multi_adamw_update"](
        *arrays, _scale("multi_adamw_update", rescale_grad, weights[0]), lrs=lrs, wds=wds, etas=etas, out=out,
        name=name, num_weights=size or len(weights), **kwargs,
    )  # fmt: skip


@door
def multi_mp_adamw_update(
    weights: Arrays, grads: Arrays, mean: Arrays, var: Arrays, weights32: Arrays, rescale_grad: Any,
    lrs: Sequence[float], wds: Sequence[float], etas: Sequence[float], out: Any = None, name: str | None = None,
    size: int = 0, **kwargs: Any,
) -> Any:  # fmt: skip
    """Return several low-precision weights after the step of `mp_adamw_update`, and store averages and copies.

    Parameters
    ----------
    weights, grads, mean, var, weights32 : list of NDArray
        The parameters, their gradients, and their averages and copies, float32, which are overwritten.
    rescale_grad, lrs, wds, etas, out, name, size, **kwargs
        As for `multi_adamw_update`.

    Examples
    --------
    >>> from glueball import nd
    >>> copies, states = [nd.array([1])], ([nd.zeros((1,))], [nd.zeros((1,))])
    >>> weights, grads = [copies[0].astype("float16")], [nd.array([2], dtype="float16")]
    >>> _ = nd.contrib.multi_mp_adamw_update(weights, grads, *states, copies, 1.0, [0.1], [0], [1], out=weights)
    >>> weights[0].asnumpy()
    array([0.6836], dtype=float16)
    """
    arrays = _by_weight("multi_mp_adamw_update", weights, grads, mean, var, weights32)
    return functions["_multi_mp_adamw_update"](
        *arrays, _scale("multi_mp_adamw_update", rescale_grad, weights[0]), lrs=lrs, wds=wds, etas=etas, out=out,
        name=name, num_weights=size or len(weights), **kwargs,
    )  # fmt: skip


@door
def multi_lamb_update(
    weights: Arrays, grads: Arrays, mean: Arrays, var: Arrays, step_count: Sequence[int], lrs: Sequence[float],
    wds: Sequence[float], out: Any = None, num_tensors: int = 0, **kwargs: Any,
) -> Any:  # fmt: skip
    """Return several weights after a step of LAMB (You et al.), and store the new averages.

    Parameters
    ----------
    weights, grads, mean, var : list of NDArray
        The parameters, their gradients, and their averages, which are overwritten. ``out=weights`` updates them.
    step_count : list of int
        The number of the step of each weight, from 1.
    lrs, wds : list of float
        The learning rate and the weight decay of each weight.
    out : list of NDArray, optional
        Receive the results.
    num_tensors : int, default 0
        The number of weights; 0 counts them.
    **kwargs
        Further arguments of `lamb_update_phase1` and `lamb_update_phase2`.

    Examples
    --------
    >>> from glueball import nd
    >>> weights, grads = [nd.array([1])], [nd.array([2])]
    >>> states = [nd.zeros((1,))], [nd.zeros((1,))]
    >>> _ = nd.contrib.multi_lamb_update(weights, grads, *states, [1], lrs=[0.1], wds=[0], out=weights)
    >>> weights[0].asnumpy().round(3)
    array([0.9], dtype=float32)
    """
    return functions["_multi_lamb_update"](
        *_by_weight("multi_lamb_update", weights, grads, mean, var), num_tensors=num_tensors or len(weights),
        step_count=step_count, learning_rates=lrs, wds=wds, out=out, **kwargs,
    )  # fmt: skip


@door
def multi_mp_lamb_update(
    weights: Arrays, grads: Arrays, mean: Arrays, var: Arrays, weights32: Arrays, step_count: Sequence[int],
    lrs: Sequence[float], wds: Sequence[float], out: Any = None, num_tensors: int = 0, **kwargs: Any,
) -> Any:  # fmt: skip
    """Return several low-precision weights after a step of LAMB, and store averages and copies.

    Parameters
    ----------
    weights, grads, mean, var, weights32 : list of NDArray
        The parameters, their gradients, and their averages and copies, float32, which are overwritten.
    step_count, lrs, wds, out, num_tensors, **kwargs
        As for `multi_lamb_update`.

    Examples
    --------
    >>> from glueball import nd
    >>> copies, states = [nd.array([1])], ([nd.zeros((1,))], [nd.zeros((1,))])
    >>> weights, grads = [copies[0].astype("float16")], [nd.array([2], dtype="float16")]
    >>> _ = nd.contrib.multi_mp_lamb_update(weights, grads, *states, copies, [1], [0.1], [0], out=weights)
    >>> weights[0].asnumpy()
    array([0.9], dtype=float16)
    """
    return functions["_multi_mp_lamb_update"](
        *_by_weight("multi_mp_lamb_update", weights, grads, mean, var, weights32),
        num_tensors=num_tensors or len(weights), step_count=step_count, learning_rates=lrs, wds=wds, out=out, **kwargs,
    )  # fmt: skip
