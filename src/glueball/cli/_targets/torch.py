"""What PyTorch loads without Glueball: programs of torch.export, and Python files with a state dict."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping

import torch
from torch import Tensor

from ...core.context import cpu
from ...core.errors import MXNetError
from ...interop.torch import export_program, export_python
from ...interop.torch.program import load_program
from ...interop.torch.quiet import quiet
from ...ndarray import NDArray
from .._target import Job, Target, register

#: Runs the code of a network where there is only torch, on inputs in a file; the outputs go to another one.
_ALONE = """
import importlib.util, sys
import torch
path, inputs, outputs = sys.argv[1:]
spec = importlib.util.spec_from_file_location("network", path)
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
with torch.no_grad():
    found = module.load()(*torch.load(inputs, weights_only=True))
assert not any(name.split(".")[0] == "glueball" for name in sys.modules)
torch.save(list(found) if isinstance(found, (list, tuple)) else [found], outputs)
"""


def _write_program(job: Job, path: str) -> None:
    model = job.sized.model
    sample = job.sized.sample()
    inputs = {name: sample[name] for name in model.data}
    if job.dynamic_batch:  # torch.export takes an axis of length 1 for one that never varies
        inputs = {name: _doubled(array) for name, array in inputs.items()}
    export_program(path, model.symbol, inputs, _arrays(job), dynamic_batch=job.dynamic_batch)


def _doubled(array: NDArray) -> NDArray:
    return NDArray(torch.cat([array._data, array._data]), cpu())


def _write_code(job: Job, path: str) -> None:
    sample = job.sized.sample()
    inputs = {name: sample[name] for name in job.sized.model.data}
    export_python(path, job.sized.model.symbol, inputs, _arrays(job))


def _arrays(job: Job) -> dict[str, NDArray]:
    return {name: NDArray(tensor, cpu()) for name, tensor in job.sized.arrays.items()}


def _outputs_of_program(path: str, inputs: Mapping[str, Tensor]) -> list[Tensor]:
    program = load_program(path, "convert")
    with quiet(), torch.no_grad():
        found = program.module()(*inputs.values())
    return list(found) if isinstance(found, list | tuple) else [found]


def _outputs_of_code(path: str, inputs: Mapping[str, Tensor]) -> list[Tensor]:
    with tempfile.TemporaryDirectory(prefix="glueball-convert-") as folder:
        given, results = os.path.join(folder, "given.pt"), os.path.join(folder, "results.pt")
        torch.save(list(inputs.values()), given)
        done = subprocess.run(
            [sys.executable, "-I", "-B", "-c", _ALONE, path, given, results],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            last = (done.stderr.strip().splitlines() or ["no reason"])[-1]
            raise MXNetError(f"convert: the file must run where there is only torch; it says: {last}")
        found: list[Tensor] = torch.load(results, weights_only=True)
        return found


register(
    Target(
        name="torch",
        title="a program of torch.export",
        endings=(".pt2",),
        write=_write_program,
        outputs=_outputs_of_program,
        runtime=lambda: f"PyTorch {torch.__version__}",
        options=("dynamic_batch",),
    )
)
register(
    Target(
        name="torch-code",
        title="a Python file for PyTorch, with a state dict beside it",
        endings=(".py",),
        write=_write_code,
        outputs=_outputs_of_code,
        runtime=lambda: f"PyTorch {torch.__version__} in a process without Glueball",
        options=("dynamic_batch",),
    )
)
