"""Array files."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.workloads.workload import Run, Workload, values


@dataclass(frozen=True)
class LoadParams(Workload):
    """Read a ``.params`` file with one array, which is already in the page cache.

    PyTorch reads the bytes of that array, from a file with nothing else, into one tensor.
    """

    mebibytes: int
    row: int = 1 << 18  # this many float32 are one MiB

    def gluon(self, mx: Any) -> Run:
        folder = tempfile.TemporaryDirectory()
        mx.nd.save(f"{folder.name}/one.params", {"weight": mx.nd.array(self._values())})
        # The directory exists as long as the function that references it.
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
