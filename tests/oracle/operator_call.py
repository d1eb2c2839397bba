"""A call of one operator by its registry name, the same in both libraries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np

from tests.oracle import wire

_FAMILIES = {
    "_contrib_": "contrib",
    "_linalg_": "linalg",
    "_image_": "image",
    "_random_": "random",
    "_sparse_": "sparse",
}


class OperatorCall(NamedTuple):
    """An operator call.

    ``inputs`` are arrays, or None for an omitted optional input. ``head_gradients`` requests gradients: one array
    per output, or None for an output without one. ``train`` is the mode of Dropout, BatchNorm and similar operators.
    ``out`` names the inputs that receive the results, where any do.
    """

    name: str
    inputs: Sequence[np.ndarray | None]
    attributes: Mapping[str, Any] = MappingProxyType({})
    head_gradients: Sequence[np.ndarray | None] | None = None
    train: bool = False
    out: Sequence[int] = ()


class OperatorResult(NamedTuple):
    """The result: outputs, the gradient of each floating-point input, and inputs that the call changed."""

    outputs: list[np.ndarray]
    gradients: list[np.ndarray | None]
    changed: dict[int, np.ndarray]


def is_np(name: str) -> bool:
    """Whether an operator belongs to ``mx.np`` or ``mx.npx``."""
    return name.startswith(("_np_", "_npi_", "_npx_"))


def find_operator(library: Any, name: str) -> Any:
    """The nd function of an operator: ``_plus_scalar``, ``Convolution``, ``_contrib_box_nms`` ..."""
    if name.startswith("_npi_"):
        return getattr(library.nd.np._internal, name.removeprefix("_npi_"))
    if name.startswith(("_np_", "_npx_")) and library.__name__ == "glueball":
        return library.ndarray.namespace.functions[name]  # our public function, which calls it, has other arguments
    if name.startswith("_npx__image_"):
        return getattr(library.npx.image, name.removeprefix("_npx__image_"))
    if is_np(name):
        group = library.nd.np if name.startswith("_np_") else library.nd.npx
        return getattr(group, name.split("_", 2)[2])
    for namespace in ("op", "_internal"):
        function = getattr(getattr(library.nd, namespace, None), name, None)
        if function is not None:
            return function
    for prefix, family in _FAMILIES.items():
        if name.startswith(prefix):
            function = getattr(getattr(library.nd, family, None), name[len(prefix) :], None)
            if function is not None:
                return function
    return getattr(library.nd, name)


def as_input(library: Any, name: str, array: np.ndarray | None) -> Any:
    """The array as an operator takes it: as one of ``mx.np`` where it belongs there."""
    if array is None:
        return None
    return library.np.array(array, dtype=array.dtype) if is_np(name) else library.nd.array(array, dtype=array.dtype)


def call_operator(library: Any, call: OperatorCall) -> tuple[list[Any], list[Any], dict[int, Any]]:
    """Run the call and its backward pass."""
    with library.util.np_shape(True) if is_np(call.name) else nullcontext():
        return _call(library, call)


def _call(library: Any, call: OperatorCall) -> tuple[list[Any], list[Any], dict[int, Any]]:
    function = find_operator(library, call.name)
    inputs = [as_input(library, call.name, array) for array in call.inputs]
    if call.head_gradients is None:
        with library.autograd.train_mode() if call.train else library.autograd.predict_mode():
            outputs = _as_list(function(*inputs, **call.attributes, **_out(inputs, call.out)))
        gradients: list[Any] = []
    else:
        differentiable = [array is not None and _is_floating(array.dtype) for array in call.inputs]
        for array, wanted in zip(inputs, differentiable, strict=True):
            if wanted:
                array.attach_grad()
        with library.autograd.record(train_mode=call.train):
            outputs = _as_list(function(*inputs, **call.attributes))
        _backward(library, call.name, outputs, call.head_gradients)
        gradients = [array.grad if wanted else None for array, wanted in zip(inputs, differentiable, strict=True)]
    for gradient in gradients:
        if gradient is not None and gradient.size:  # nobody sees what fails where there are no numbers
            gradient.wait_to_read()  # while MXNet's Deconvolution runs backward, its weight is in another order
    return outputs, gradients, _changed(call.inputs, inputs)


def _out(inputs: list[Any], positions: Sequence[int]) -> dict[str, Any]:
    targets = [inputs[position] for position in positions]
    return {"out": targets[0] if len(targets) == 1 else targets} if targets else {}


def _is_floating(dtype: np.dtype[Any]) -> bool:
    return dtype.kind == "f" or dtype == wire.BFLOAT16


def _as_list(outputs: Any) -> list[Any]:
    return list(outputs) if isinstance(outputs, (list, tuple)) else [outputs]


def _backward(library: Any, name: str, outputs: list[Any], head_gradients: Sequence[np.ndarray | None]) -> None:
    if len(outputs) != len(head_gradients):
        raise ValueError(f"oracle: {len(outputs)} outputs need as many head gradients; received {len(head_gradients)}.")
    pairs = [(output, head) for output, head in zip(outputs, head_gradients, strict=True) if head is not None]
    heads = [as_input(library, name, head) for _, head in pairs]
    library.autograd.backward([output for output, _ in pairs], heads)


def _changed(before: Sequence[np.ndarray | None], after: list[Any]) -> dict[int, np.ndarray]:
    arrays = {position: array.asnumpy() for position, array in enumerate(after) if array is not None}
    return {
        position: array
        for position, array in arrays.items()
        if array.tobytes() != np.ascontiguousarray(before[position]).tobytes()
    }
