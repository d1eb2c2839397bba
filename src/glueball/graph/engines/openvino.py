"""The engine ``openvino``: OpenVINO predicts on the CPU what can be said in ONNX."""

from __future__ import annotations

import functools
import importlib
import io
import sys
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import torch
from torch import Tensor

from ...core.errors import MXNetError
from ..form import AsLowered
from ..lower import Lowered, Run
from ..parts import predict_parts
from ..runtime import OpenPart, Session, empty

_PRECISIONS = {"float32": "f32", "bf16": "bf16", "fp16": "f16"}


@dataclass(frozen=True)
class _OpenVINO:
    precision: str = "float32"

    shows_nodes = True
    name = "openvino"
    packages: ClassVar = {"openvino": "glueball[openvino]", "onnx": "glueball[openvino]"}
    types = frozenset({torch.float32, torch.int32})

    def obstacle(self) -> str:
        """Return '': it can run wherever its packages are."""
        return ""

    def configured(self, owner: str, options: Mapping[str, Any]) -> _OpenVINO:
        """Return the engine with another precision."""
        precision = options["precision"]
        if precision == "int8":
            raise MXNetError(f"{owner}: precision must not be 'int8', which needs a quantized network; leave it out")
        if not isinstance(precision, str) or precision not in _PRECISIONS:
            names = ", ".join(map(repr, _PRECISIONS))
            raise MXNetError(f"{owner}: precision must be one of {names}; received {precision!r}")
        needed = {"bf16": "BF16", "fp16": "FP16"}.get(precision)
        able = _core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")
        if needed and needed not in able:
            raise MXNetError(
                f"{owner}: precision {precision!r} must be one that this CPU has; it has {', '.join(able)}"
            )
        return _OpenVINO(precision)

    options = ("precision",)

    def compile(self, lowered: Lowered) -> Run:
        """Return the graph with the parts in it that OpenVINO computes."""
        if lowered.training:
            return AsLowered.because("it is for training", lowered)
        return predict_parts(lowered, self)

    def open(self, part: OpenPart) -> Session:
        """Compile a part."""
        return _Session(part, _PRECISIONS[self.precision])


_TELEMETRY = "openvino_telemetry"


@functools.cache
def _package() -> Any:
    """Import OpenVINO without the process that it forks to report that it was imported, which may hang."""
    if "openvino" in sys.modules or _TELEMETRY in sys.modules:
        return importlib.import_module("openvino")
    sys.modules[_TELEMETRY] = None  # type: ignore[assignment]  # OpenVINO does without
    try:
        return importlib.import_module("openvino")
    finally:
        del sys.modules[_TELEMETRY]


@functools.cache
def _core() -> Any:
    """Return OpenVINO's core, one for the process."""
    return _package().Core()


class _Session:
    """A compiled part; its results are written into tensors of torch."""

    def __init__(self, part: OpenPart, precision: str) -> None:
        self._openvino = openvino = _package()
        document = part.document.write((*part.inputs, *part.weights), part.outputs, name=part.name)
        model = _core().read_model(io.BytesIO(document))
        places = {place.get_friendly_name(): place for place in model.get_parameters()}
        for array, tensor in part.weights.items():
            place, constant = places[array.name], openvino.op.Constant(tensor.numpy(), shared_memory=True)
            place.output(0).replace(constant.output(0))
            model.remove_parameter(place)
        self._compiled = _core().compile_model(model, "CPU", {
            "INFERENCE_PRECISION_HINT": precision, "INFERENCE_NUM_THREADS": torch.get_num_threads(),
            "PERFORMANCE_HINT": "LATENCY", "ENABLE_CPU_PINNING": False,
        })  # fmt: skip
        self._weights, self._outputs = part.weights, part.outputs
        self._idle: deque[Any] = deque()  # requests that no thread uses

    def __call__(self, inputs: Sequence[Tensor]) -> tuple[Tensor, ...]:
        results, wrap = empty(self._outputs), self._openvino.Tensor
        try:
            request = self._idle.pop()
        except IndexError:
            request = self._compiled.create_infer_request()
        for number, tensor in enumerate(inputs):
            request.set_input_tensor(number, wrap(tensor.numpy(), shared_memory=True))
        for number, tensor in enumerate(results):
            request.set_output_tensor(number, wrap(tensor.numpy(), shared_memory=True))
        request.infer(share_outputs=True)
        self._idle.append(request)
        return results


ENGINE = _OpenVINO()
