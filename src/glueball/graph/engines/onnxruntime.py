"""The engine ``onnxruntime``: ONNX Runtime predicts on the CPU what can be said in ONNX."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import Any, ClassVar

import torch
from torch import Tensor

from ..form import AsLowered
from ..lower import Lowered, Run
from ..parts import predict_parts
from ..runtime import OpenPart, Session, empty

_ONNX_TYPES = {torch.float32: 1, torch.int32: 6, torch.int64: 7}


class _OnnxRuntime:
    shows_nodes = True
    name = "onnxruntime"
    packages: ClassVar = {"onnxruntime": "glueball[onnxruntime]", "onnx": "glueball[onnxruntime]"}
    types = frozenset(_ONNX_TYPES)

    def obstacle(self) -> str:
        """Return '': it can run wherever its packages are."""
        return ""

    def compile(self, lowered: Lowered) -> Run:
        """Return the graph with the parts in it that ONNX Runtime computes."""
        if lowered.training:
            return AsLowered.because("it is for training", lowered)
        return predict_parts(lowered, self)

    def open(self, part: OpenPart) -> Session:
        """Make a session; it has threads of its own."""
        return _Session(part)


class _Session:
    """A session of ONNX Runtime; its results are written into tensors of torch."""

    def __init__(self, part: OpenPart) -> None:
        runtime = importlib.import_module("onnxruntime")
        options = runtime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = torch.get_num_threads(), 1
        options.log_severity_level = 3  # errors, which are raised too
        values = [runtime.OrtValue.ortvalue_from_numpy(tensor.numpy()) for tensor in part.weights.values()]
        if values:
            options.add_external_initializers([array.name for array in part.weights], values)
        document = part.document.write(part.inputs, part.outputs, tuple(part.weights), part.name)
        self._session: Any = runtime.InferenceSession(document, options, providers=["CPUExecutionProvider"])
        self._inputs = [(array.name, _ONNX_TYPES[array.type], array.shape) for array in part.inputs]
        self._outputs, self._values = part.outputs, values

    def __call__(self, inputs: Sequence[Tensor]) -> tuple[Tensor, ...]:
        binding, results = self._session.io_binding(), empty(self._outputs)
        for (name, kind, shape), tensor in zip(self._inputs, inputs, strict=True):
            binding.bind_input(name, "cpu", 0, kind, shape, tensor.data_ptr())
        for array, tensor in zip(self._outputs, results, strict=True):
            binding.bind_output(array.name, "cpu", 0, _ONNX_TYPES[array.type], array.shape, tensor.data_ptr())
        self._session.run_with_iobinding(binding)
        return results


ENGINE = _OnnxRuntime()
