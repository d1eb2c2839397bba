"""OpenVINO on the CPU."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.workloads import Run


def load(openvino: Any, path: str, data: np.ndarray, threads: int) -> Run:
    """Read a network; one request at a time gets all threads, and nothing is copied on the way in or out."""
    settings = {
        "PERFORMANCE_HINT": "LATENCY",
        "INFERENCE_NUM_THREADS": threads,
        "INFERENCE_PRECISION_HINT": "f32",  # on CPUs with AMX it would choose bfloat16
    }
    core = openvino.Core()
    request = core.compile_model(path, "CPU", settings).create_infer_request()
    request.set_input_tensor(openvino.Tensor(data, shared_memory=True))
    outputs = [request.get_output_tensor().data]

    def run(data: np.ndarray = data) -> list[np.ndarray]:  # the request does not keep the numbers alive
        request.infer(share_outputs=True)
        return outputs

    return run
