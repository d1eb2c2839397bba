"""Tensors in nested lists and tuples, which a module takes, and their structure as text that a compiler can compare."""

from __future__ import annotations

from typing import Any

from torch import Tensor

from ...core.errors import InvalidTypeError
from ...ndarray.exchange import from_torch
from ...ndarray.ndarray import NDArray

_SEVERAL = (list, tuple)  # a union of types is what the compiler of torch 2.6 does not know


def flatten(inputs: Any, leaves: list[Tensor]) -> str:
    """Append the tensors of a nest to `leaves`, in order, and return the structure."""
    if inputs is None:
        return "-"
    if isinstance(inputs, Tensor):
        leaves.append(inputs)
        return "x"
    if isinstance(inputs, _SEVERAL):
        parts = ",".join([flatten(each, leaves) for each in inputs])
        return f"[{parts}]" if isinstance(inputs, list) else f"({parts})"
    raise InvalidTypeError(
        f"as_module: an input must be a torch.Tensor, None, or a list or tuple of these; received "
        f"{type(inputs).__name__}; pass array.to_torch() or torch.as_tensor(values)"
    )


def as_arrays(inputs: Any) -> Any:
    """Return the nest with arrays in the place of tensors; they share memory, and what torch has recorded."""
    if isinstance(inputs, Tensor):
        array = from_torch(inputs)
        array._tape = inputs if inputs.requires_grad else None
        return array
    return type(inputs)(map(as_arrays, inputs)) if type(inputs) in (list, tuple) else inputs


def as_tensors(outputs: Any) -> Any:
    """Return the nest with tensors in the place of arrays, the other way round."""
    if isinstance(outputs, NDArray):
        return outputs._data if outputs._tape is None else outputs._tape
    return type(outputs)(map(as_tensors, outputs)) if type(outputs) in (list, tuple) else outputs


def as_examples(inputs: Any) -> Any:
    """Return the nest of examples that a user gave, tensors or arrays, with tensors."""
    if isinstance(inputs, NDArray):
        return inputs._data
    return type(inputs)(map(as_examples, inputs)) if type(inputs) in (list, tuple) else inputs
