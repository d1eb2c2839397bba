"""MXNet's own two files: ``NAME-symbol.json`` and ``NAME-0000.params``."""

from __future__ import annotations

from collections.abc import Mapping

from torch import Tensor

from ...core.context import cpu
from ...ndarray import NDArray
from ...serialization.checkpoint import checkpoint_file, with_kinds
from ...symbol.files import save_with_arrays
from .._model import run_graph
from .._model_files import load
from .._target import Job, Target, register

_ENDING = "-symbol.json"


def _write(job: Job, path: str) -> None:
    symbol = job.sized.model.symbol
    states = set(symbol.list_auxiliary_states())
    arrays = {name: NDArray(tensor, cpu()) for name, tensor in job.sized.arrays.items()}
    kinds = with_kinds(
        {name: array for name, array in arrays.items() if name not in states},
        {name: array for name, array in arrays.items() if name in states},
    )
    save_with_arrays("convert", symbol, path, kinds, checkpoint_file("convert", path.removesuffix(_ENDING), 0), True)


def _outputs(path: str, inputs: Mapping[str, Tensor]) -> list[Tensor]:
    return run_graph(load("convert", path), inputs)


register(
    Target(
        name="mxnet",
        title="MXNet's -symbol.json and .params",
        endings=(_ENDING,),
        write=_write,
        outputs=_outputs,
        runtime=lambda: "Glueball",
    )
)
