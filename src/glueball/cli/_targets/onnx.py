"""Files of ONNX."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from ...core.errors import MXNetError
from ...core.extras import required
from ...interop.onnx.exporting import write_model
from ...interop.onnx.exporting.export import OPSET
from .._target import Job, Target, register


def _write(job: Job, path: str) -> None:
    sized = job.sized
    shapes = {name: sized.shapes[name] for name in sized.model.data}
    write_model(
        sized.model.symbol, sized.arrays, path, shapes,
        types={name: sized.variables[name][1] for name in shapes},
        dynamic={name: ("batch", *shape[1:]) for name, shape in shapes.items()} if job.dynamic_batch else False,
        opset=job.opset or OPSET, owner="convert",
    )  # fmt: skip


def _outputs(path: str, inputs: Mapping[str, Tensor]) -> list[Tensor]:
    feed = {name: tensor.numpy() for name, tensor in inputs.items()}
    try:
        found = _run(path, feed)
    except Exception as error:  # the runtimes have classes of their own
        raise MXNetError(f"convert: {_runtime()} must run the file; it says: {error}") from error
    return [torch.from_numpy(array.copy()) for array in found]


def _run(path: str, feed: dict[str, Any]) -> list[Any]:
    if not _has_runtime():
        evaluator = required("onnx.reference", "onnx", "convert").ReferenceEvaluator(path)
        found: list[Any] = evaluator.run(None, {name: feed[name] for name in evaluator.input_names})
        return found
    runtime = required("onnxruntime", "onnxruntime", "convert")
    options = runtime.SessionOptions()
    options.log_severity_level = 3  # errors
    session = runtime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    found = session.run(None, {each.name: feed[each.name] for each in session.get_inputs()})
    return found


def _has_runtime() -> bool:
    return importlib.util.find_spec("onnxruntime") is not None


def _runtime() -> str:
    return "ONNX Runtime" if _has_runtime() else "the reference evaluator of onnx"


register(
    Target(
        name="onnx",
        title="a file of ONNX",
        endings=(".onnx",),
        write=_write,
        outputs=_outputs,
        runtime=_runtime,
        options=("dynamic_batch", "opset"),
    )
)
