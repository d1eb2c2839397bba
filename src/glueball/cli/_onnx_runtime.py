"""Runs files of ONNX for the checks of ``glueball convert``, with what is installed."""

from __future__ import annotations

import importlib.util
import os
import tempfile
from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from ..core.errors import MXNetError
from ..core.extras import required


def outputs_of_onnx(path: str, inputs: Mapping[str, Tensor]) -> list[Tensor]:
    """Return the outputs of a file of ONNX.

    Raises
    ------
    MXNetError
        It does not run.
    """
    feed = {name: tensor.numpy() for name, tensor in inputs.items()}
    try:
        found = _run(path, feed)
    except Exception as error:  # the runtimes have classes of their own
        raise MXNetError(f"convert: {runtime()} must run the file; it says: {error}") from error
    return [torch.from_numpy(array.copy()) for array in found]


def values_of_onnx(path: str, inputs: Mapping[str, Tensor], names: Sequence[str]) -> dict[str, Tensor]:
    """Return arrays that a file of ONNX computes in between, those of `names` that it has, by name.

    Raises
    ------
    MXNetError
        It does not run.
    """
    onnx = required("onnx", "onnx", "convert")
    model = onnx.load(path)
    there = {name for node in model.graph.node for name in node.output}
    found = [name for name in names if name in there]
    del model.graph.output[:]
    model.graph.output.extend([onnx.ValueInfoProto(name=name) for name in found])
    with tempfile.TemporaryDirectory(prefix="glueball-convert-") as folder:
        changed = os.path.join(folder, "values.onnx")
        onnx.save(model, changed, save_as_external_data=True, location="values.bin")
        return dict(zip(found, outputs_of_onnx(changed, inputs), strict=True))


def _run(path: str, feed: dict[str, Any]) -> list[Any]:
    if not _has_runtime():
        evaluator = required("onnx.reference", "onnx", "convert").ReferenceEvaluator(path)
        found: list[Any] = evaluator.run(None, {name: feed[name] for name in evaluator.input_names})
        return found
    onnxruntime = required("onnxruntime", "onnxruntime", "convert")
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3  # errors
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    found = session.run(None, {each.name: feed[each.name] for each in session.get_inputs()})
    return found


def _has_runtime() -> bool:
    return importlib.util.find_spec("onnxruntime") is not None


def runtime() -> str:
    """Return what runs files of ONNX, for people."""
    return "ONNX Runtime" if _has_runtime() else "the reference evaluator of onnx"
