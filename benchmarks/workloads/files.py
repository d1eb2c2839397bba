"""Files of arrays."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.workloads.workload import Run, Workload, values


@dataclass(frozen=True)
class LoadParams(Workload):
    """Read a ``.params`` file with one array in it, which the system has in memory already.

    With PyTorch, what is read is the bytes of that array, from a file with nothing else in it, into one tensor.
    """

    mebibytes: int
    row: int = 1 << 18  # so many float32 are a MiB

    def gluon(self, mx: Any) -> Run:
        folder = tempfile.TemporaryDirectory()
        mx.nd.save(f"{folder.name}/one.params", {"weight": mx.nd.array(self._values())})
        # The folder is there as long as the function that holds it is.
        return lambda: [mx.nd.load(f"{folder.name}/one.params")["weight"]]

    def torch(self, torch: Any) -> Run:
        folder = tempfile.TemporaryDirectory()
        self._values().tofile(f"{folder.name}/one.bytes")

        def run() -> list[Any]:
            tensor = torch.empty((self.mebibytes, self.row))
            with open(f"{folder.name}/one.bytes", "rb", buffering=0) as file:
                file.readinto(memoryview(tensor.numpy()).cast("B"))
            return [tensor]

        return run

    def _values(self) -> np.ndarray:
        (content,) = values((self.mebibytes, self.row))
        return content
