"""ONNX Runtime, with its own CPU kernels."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.workloads import Run


def load(onnxruntime: Any, path: str, data: np.ndarray, threads: int) -> Run:
    """Read a network; all its optimizations of graphs are on by default."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    inputs = {session.get_inputs()[0].name: data}
    return lambda: session.run(None, inputs)
