"""The arrays of an executor: by name, checked, filled and resized."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from .. import ndarray as nd
from ..core.errors import InvalidTypeError, MissingNameError, MXNetError, nearest
from ..core.integer_tape import IntegerTape, gradient_edge
from ..ndarray.ndarray import NDArray
from ..ops.gradient import reads_gradient
from ..symbol.infer import Inferred


def by_name(kind: str, names: Sequence[str], arrays: Sequence[Any]) -> dict[str, Any]:
    """Return arrays by name; raises ValueError if two share a name."""
    refuse_duplicates(kind, names)
    return dict(zip(names, arrays, strict=True))


def refuse_duplicates(kind: str, names: Sequence[str]) -> None:
    """Raise ValueError if two variables share a name: it could not tell their arrays apart."""
    duplicates = [name for name, count in Counter(names).items() if count > 1]
    if duplicates:
        raise ValueError(
            f"Executor: the {kind} must have distinct names; received more than one {', '.join(sorted(duplicates))}"
        )


def leaf(tensor: Tensor) -> Tensor:
    """Return a tensor that torch differentiates with respect to, over the same memory."""
    return tensor.detach().requires_grad_() if tensor.is_floating_point() else IntegerTape.leaf(tensor)


def as_bool(is_train: Any) -> bool:
    """Return `is_train`, which may be an integer as in MXNet, as a bool; raises TypeError for anything else."""
    if not isinstance(is_train, int | np.bool_):
        raise TypeError(f"Executor.forward: is_train must be a bool; received {is_train!r}")
    return bool(is_train)


def require_input(name: str, value: Any, arguments: Mapping[str, NDArray]) -> None:
    """Refuse a value that cannot be copied into an argument."""
    if name not in arguments:
        raise TypeError(f"Executor.forward: {name!r} must be an argument{nearest(name, tuple(arguments))}")
    if not isinstance(value, NDArray | np.ndarray):
        raise ValueError(f"Executor.forward: {name} must be an NDArray; received {type(value).__name__}")
    if tuple(value.shape) != arguments[name].shape:
        raise ValueError(
            f"Executor.forward: {name} must have shape {arguments[name].shape}; received {tuple(value.shape)}; "
            "use reshape() for another shape"
        )


def output_gradients(names: Sequence[str], out_grads: Any, results: Sequence[Tensor]) -> dict[int, Tensor]:
    """Return the gradients of outputs given to `Executor.backward`, by number, each in the type of its output.

    An output that reads no gradient, because it is a loss or has none, needs none; one that is given is not looked at.
    """
    needed = [number for number, result in enumerate(results) if result.requires_grad]
    if out_grads is None:
        return {number: torch.ones_like(gradient_edge(results[number])) for number in needed}
    arrays = _listed(names, out_grads)
    gradients = {}
    for number in needed:
        edge = gradient_edge(results[number])
        if not reads_gradient(edge):
            gradients[number] = torch.ones_like(edge)
        elif number >= len(arrays):
            raise MXNetError(
                f"Executor.backward: out_grads must hold the gradient of each output that is not a loss, such as "
                f"{names[number]}, in the order of the outputs; received {len(arrays)} for {len(results)} outputs"
            )
        else:
            gradients[number] = _fitting(names[number], arrays[number], edge)
    return gradients


def _listed(names: Sequence[str], out_grads: Any) -> list[Any]:
    if isinstance(out_grads, NDArray):
        return [out_grads]
    if isinstance(out_grads, Mapping):
        missing = [name for name in names if name not in out_grads]
        if missing:
            raise MissingNameError(
                f"Executor.backward: out_grads must hold the gradient of each output; it lacks {', '.join(missing)}"
                f"{nearest(missing[0], tuple(out_grads))}"
            )
        return [out_grads[name] for name in names]
    if not isinstance(out_grads, list | tuple):
        raise TypeError(
            "Executor.backward: out_grads must be an NDArray, or a list or dict of them; "
            f"received {type(out_grads).__name__}"
        )
    return list(out_grads)


def _fitting(name: str, array: Any, edge: Tensor) -> Tensor:
    if not isinstance(array, NDArray):
        raise InvalidTypeError(
            f"Executor.backward: the gradient of {name} must be an NDArray; received {type(array).__name__}"
        )
    if array.shape != tuple(edge.shape):
        raise MXNetError(
            f"Executor.backward: the gradient of {name} must have the shape {tuple(edge.shape)}; received {array.shape}"
        )
    return array._strided()._data.to(edge.device, edge.dtype)


def matched(
    arrays: Mapping[str, NDArray], values: Mapping[str, NDArray], kind: str, allow_extra: bool
) -> Iterator[tuple[NDArray, NDArray]]:
    """Yield each array with its value, after checking that the value fits."""
    for name, value in values.items():
        if name in arrays:
            if not isinstance(value, NDArray) or value.shape != arrays[name].shape:
                raise MXNetError(
                    f"Executor.copy_params_from: {name} must be an NDArray of shape {arrays[name].shape}; received "
                    f"{value.shape if isinstance(value, NDArray) else type(value).__name__}"
                )
            yield arrays[name], value
        elif not allow_extra:
            raise ValueError(
                f"Executor.copy_params_from: {name!r} must be one of the {kind}{nearest(name, tuple(arrays))}; "
                "allow_extra_params=True ignores it"
            )


def resized(name: str, array: NDArray, shape: tuple[int, ...], allow_up_sizing: bool) -> NDArray:
    """Return the array itself if its shape is unchanged; otherwise part of its memory, or a new array to grow."""
    if array.shape == shape:
        return array
    if array.stype != "default":
        return nd.zeros(shape, ctx=array.context, dtype=array.dtype, stype=array.stype)
    size = int(np.prod(shape, dtype=np.int64))
    if size > array.size:
        if not allow_up_sizing:
            raise MXNetError(
                f"Executor.reshape: {name} would grow from {array.shape} to {shape}; pass allow_up_sizing=True"
            )
        return nd.empty(shape, ctx=array.context, dtype=array.dtype)
    return array.reshape((-1,))[:size].reshape(shape)


def undecided(owner: str, found: Inferred, given: Mapping[str, Any]) -> MXNetError:
    """Return the error for a graph whose variables have no shape yet; it names them."""
    names = found.undecided
    missing = f"those of {', '.join(names)} do not" if names else "those of some results do not"
    fix = f"; pass the shape of one of them, such as {names[0]}=(...)" if names else ""
    return MXNetError(
        f"{owner}: the shapes of all variables must follow from those given; {missing}; received "
        f"{dict(given) or 'no shapes'}{fix}"
    )
