"""The shapes and dtypes of parameters, inferred from those of the inputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch

from ...core import dtype as dtypes
from ...core.errors import MXNetError
from ...ndarray.ndarray import NDArray
from ...symbol import Symbol
from ...symbol.infer import Inferred, infer
from ..utils import shape_is_known
from .parameter import Parameter

Parameters = Sequence[Parameter]


def parameters_of(
    outputs: Symbol, inputs: Sequence[Symbol], parameters: Mapping[str, Parameter], owner: str
) -> list[Parameter]:
    """Return the parameters that a graph uses, in the order of its variables."""
    given = {symbol._node().name for symbol in inputs}
    names = [*outputs.list_arguments(), *outputs.list_auxiliary_states()]
    return [find_parameter(name, parameters, owner) for name in names if name not in given]


def find_parameter(name: str, parameters: Mapping[str, Parameter], owner: str) -> Parameter:
    """Return the parameter that a variable represents."""
    if name not in parameters:
        raise MXNetError(
            f"{owner}: every variable of the graph must be an input or a parameter of the block; {name!r} is neither; "
            "pass it as an input, or register its block as a child"
        )
    return parameters[name]


def infer_shapes(outputs: Symbol, inputs: Sequence[Symbol], arrays: Sequence[NDArray], parameters: Parameters) -> None:
    """Infer the unknown shapes of the parameters from those of the inputs.

    Raises
    ------
    MXNetError
        The shapes contradict one another, or do not determine all parameters.
    """
    found = _infer(outputs, inputs, arrays, parameters)
    for parameter in parameters:
        if shape_is_known(parameter.shape):
            continue
        shape = found.shape(parameter.name)
        if shape is None or not shape_is_known(shape):
            raise MXNetError(
                f"the shape of {parameter.name} must be inferable from the inputs; it is {parameter.shape}; pass "
                "the parameter's full shape (in_channels=..., in_units=...)"
            )
        parameter.shape = shape


def infer_types(outputs: Symbol, inputs: Sequence[Symbol], arrays: Sequence[NDArray], parameters: Parameters) -> None:
    """Infer the missing dtypes of the parameters, and check the others.

    Raises
    ------
    MXNetError
        An operator does not accept the dtypes.
    """
    found = _infer(outputs, inputs, arrays, parameters)
    for parameter in parameters:
        if parameter.dtype is None:
            kind = found.type(parameter.name)
            parameter.cast("float32" if kind is None else dtypes.TORCH_TO_NUMPY[kind])


def _infer(outputs: Symbol, inputs: Sequence[Symbol], arrays: Sequence[NDArray], parameters: Parameters) -> Inferred:
    """Infer from the inputs and the known properties of the parameters."""
    shapes: dict[str, tuple[int, ...]] = {}
    types: dict[str, torch.dtype] = {}
    for symbol, array in zip(inputs, arrays, strict=True):
        shapes[symbol._node().name], types[symbol._node().name] = array.shape, array._kind
    for parameter in parameters:
        if parameter.shape is not None:
            shapes[parameter.name] = parameter.shape
        if parameter.dtype is not None:
            types[parameter.name] = dtypes.to_torch(parameter.dtype, parameter.name)
    return infer(outputs._entries, shapes, types)
