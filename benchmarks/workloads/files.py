"""Files of arrays."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.workloads.workload import Run, Workload, values

_ROW = 1 << 18  # so many float32 are a MiB


@dataclass(frozen=True)
class LoadParams(Workload):
    """Read a ``.params`` file with one array in it, which the system has in memory already.

    With PyTorch, what is read is the bytes of that array, from a file with nothing else in it, into one tensor.
    """

    mebibytes: int
    row: int = _ROW

    def gluon(self, mx: Any) -> Run:
        folder = tempfile.TemporaryDirectory()
        path = str(Path(folder.name, "one.params"))
        mx.nd.save(path, {"weight": mx.nd.array(self._values())})

        def run() -> list[Any]:
            assert folder  # which is there as long as this function is
            return [mx.nd.load(path)["weight"]]

        return run

    def torch(self, torch: Any) -> Run:
        folder = tempfile.TemporaryDirectory()
        path = Path(folder.name, "one.bytes")
        content = self._values()
        path.write_bytes(content.tobytes())
        shape = content.shape

        def run() -> list[Any]:
            assert folder
            tensor = torch.empty(shape)
            with path.open("rb", buffering=0) as file:
                file.readinto(memoryview(tensor.numpy()).cast("B"))
            return [tensor]

        return run

    def _values(self) -> np.ndarray:
        (values_,) = values((self.mebibytes, self.row))
        return values_
