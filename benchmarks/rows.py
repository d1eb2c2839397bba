"""What is measured: the one place to add a row."""

from __future__ import annotations

from typing import NamedTuple

from benchmarks.workloads import Workload
from benchmarks.workloads.arrays import Add
from benchmarks.workloads.convolution import ConvBackward, ConvForward
from benchmarks.workloads.normalization import BatchNormForward
from benchmarks.workloads.training import DigitsStep


class Row(NamedTuple):
    """One line of the table.

    ``target`` is how many seconds above plain PyTorch Glueball may take. Without a workload, what is measured
    is the import of each library in a fresh process.
    """

    name: str
    workload: Workload | None
    target: float | None = None


ROWS = [
    Row("Conv2D+ReLU forward 1x16x8x8", ConvForward((1, 16, 8, 8)), target=10e-6),
    Row("Conv2D+ReLU forward 1x64x56x56", ConvForward((1, 64, 56, 56))),
    Row("Conv2D+ReLU forward 8x64x56x56", ConvForward((8, 64, 56, 56))),
    Row("Conv2D+ReLU forward+backward 1x16x8x8", ConvBackward((1, 16, 8, 8))),
    Row("Conv2D+ReLU forward+backward 1x64x56x56", ConvBackward((1, 64, 56, 56))),
    Row("Conv2D+ReLU forward+backward 8x64x56x56", ConvBackward((8, 64, 56, 56))),
    Row("digits training step, batch 64", DigitsStep(64)),
    Row("nd.add 100", Add((100,))),
    Row("BatchNorm forward 1x16x8x8", BatchNormForward((1, 16, 8, 8))),
    Row("import", None, target=0.2),
]
