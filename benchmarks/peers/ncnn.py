"""ncnn, for a batch of one: its arrays have no axis for more."""

from __future__ import annotations

import importlib.util
import subprocess
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.workloads import Run


def load(ncnn: Any, path: str, data: np.ndarray, threads: int) -> Run:
    """Convert a network with ncnn's own tool, and read it."""
    _convert(Path(path))
    net = ncnn.Net()
    net.opt.num_threads = threads
    for narrow in ("use_fp16_packed", "use_fp16_storage", "use_fp16_arithmetic", "use_bf16_storage"):
        setattr(net.opt, narrow, False)
    for suffix, read in ((".ncnn.param", net.load_param), (".ncnn.bin", net.load_model)):
        if read(str(Path(path).with_suffix(suffix))) != 0:
            raise RuntimeError(f"ncnn does not read {Path(path).with_suffix(suffix)}")
    batch = ncnn.Mat(data[0]).clone()  # which holds its own numbers
    (given,), (wanted,) = net.input_names(), net.output_names()

    def run() -> list[np.ndarray]:
        extractor = net.create_extractor()
        extractor.input(given, batch)
        status, output = extractor.extract(wanted)
        if status != 0:
            raise RuntimeError(f"ncnn does not run {path}: status {status}")
        return [np.asarray(output)[None]]

    return run


def _convert(path: Path) -> None:
    """Write the files .ncnn.param and .ncnn.bin beside an ONNX file, with float32 weights."""
    spec = importlib.util.find_spec("pnnx")
    if spec is None or spec.origin is None:
        raise RuntimeError("ncnn reads only what pnnx converts, which is not installed; 'make peers' installs both")
    tool = Path(spec.origin).with_name("pnnx")  # its Python package would import torch
    subprocess.run([tool, path.name, "fp16=0"], cwd=path.parent, check=True, capture_output=True)
