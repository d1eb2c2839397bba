"""Writes a document with its weights to a file, or to two where they are too large for one."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any, BinaryIO

import torch
from torch import Tensor

from ....core.errors import MXNetError
from ....serialization.atomic import write_together
from ....serialization.path import as_path
from ..document import TYPES, Array, Document, described

#: The most bytes of weights that a file holds itself: no message of protobuf is larger than 2 GiB.
LARGEST = 2**31 - 2**24


def write_file(
    onnx: ModuleType, document: Document, inputs: Sequence[Array], outputs: Sequence[Array],
    weights: Mapping[Array, Tensor], path: str | os.PathLike[str], names: Mapping[int, str], infer: bool, owner: str,
) -> None:  # fmt: skip
    """Write a document, checked by the package onnx.

    Parameters
    ----------
    onnx : module
        The package.
    document : Document
        What to write.
    inputs, outputs : sequence of Array
        What the graph takes and returns.
    weights : dict of Array to torch.Tensor
        The values of its parameters.
    path : path
        The file.
    names : mapping of int to str
        The names of lengths that vary.
    infer : bool
        Add the shapes of all arrays.
    owner : str
        The caller's name.
    """
    name = as_path(owner, path)
    total = sum([tensor.numel() * tensor.element_size() for tensor in weights.values()])
    beside = f"{name}.data" if total > LARGEST else ""
    tensors = list(_outside(weights, Path(beside).name) if beside else _inside(onnx, weights))
    model = document.model(inputs, outputs, tensors, "glueball")
    _name_lengths(model, [*inputs, *outputs], names)
    try:
        if infer:
            model = onnx.shape_inference.infer_shapes(model, check_type=True)
        if not beside:  # the package would look for the second file
            onnx.checker.check_model(model, full_check=True)
    except (onnx.checker.ValidationError, onnx.shape_inference.InferenceError) as error:
        raise MXNetError(f"{owner}: the model must pass the checker of the package onnx; it says: {error}") from error
    written = model.SerializeToString()
    writers: dict[Any, Any] = {name: lambda file: file.write(written)}
    if beside:
        writers[beside] = lambda file: _write_values(file, weights)
    write_together(writers, owner)


def _name_lengths(model: Any, arrays: Sequence[Array], names: Mapping[int, str]) -> None:
    for described_array, array in zip([*model.graph.input, *model.graph.output], arrays, strict=True):
        for axis, length in enumerate(array.shape):
            if length in names:
                described_array.type.tensor_type.shape.dim[axis].dim_param = names[length]


def _inside(onnx: ModuleType, weights: Mapping[Array, Tensor]) -> list[Any]:
    return [
        onnx.TensorProto(name=array.name, dims=tensor.shape, data_type=TYPES[array.type], raw_data=_bytes(tensor))
        for array, tensor in weights.items()
    ]


def _outside(weights: Mapping[Array, Tensor], location: str) -> list[Any]:
    described_weights, offset = [], 0
    for array, tensor in weights.items():
        length = tensor.numel() * tensor.element_size()
        place = {"location": location, "offset": str(offset), "length": str(length)}
        described_weights.append(described(array.name, array.shape, array.type, place))
        offset += length
    return described_weights


def _write_values(file: BinaryIO, weights: Mapping[Array, Tensor]) -> None:
    for tensor in weights.values():
        file.write(_bytes(tensor))


def _bytes(tensor: Tensor) -> bytes:
    """Return the values, little-endian."""
    values = tensor.detach().cpu().contiguous()
    if values.dtype is torch.bfloat16:
        values = values.view(torch.int16)
    array = values.numpy()
    return array.astype(array.dtype.newbyteorder("<"), copy=False).tobytes()
