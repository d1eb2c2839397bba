"""The rows of the benchmark: the only place to add one."""

from __future__ import annotations

from typing import NamedTuple

from benchmarks.target import Above, AtMost, Ratio, Target
from benchmarks.workloads import Workload
from benchmarks.workloads.arrays import Add
from benchmarks.workloads.convolution import ConvBackward, ConvForward
from benchmarks.workloads.dense import DenseForward
from benchmarks.workloads.files import LoadParams
from benchmarks.workloads.normalization import BatchNormForward
from benchmarks.workloads.residual import FirstGraphCall, ResidualForward
from benchmarks.workloads.training import DigitsStep
from benchmarks.workloads.zoo import ZooForward


class Row(NamedTuple):
    """One line of the table.

    Without a workload, it measures the import of each library in a fresh process; with `fresh`, the first call of the
    workload in a fresh process.
    """

    name: str
    workload: Workload | None
    targets: tuple[Target, ...] = ()
    fresh: bool = False


_NEVER_SLOWER = Ratio(1.0, "glueball graph", "glueball")
_NOT_BEHIND_MXNET = Ratio(0.98, "glueball graph", "mxnet graph")
_WITHIN_1_5_S = AtMost(1.5, "glueball graph")

ROWS = [
    Row("Conv2D+ReLU forward 1x16x8x8", ConvForward((1, 16, 8, 8)), (Above(10e-6), _NEVER_SLOWER)),
    Row("Conv2D+ReLU forward 1x64x56x56", ConvForward((1, 64, 56, 56)), (_NEVER_SLOWER,)),
    Row("Conv2D+ReLU forward 8x64x56x56", ConvForward((8, 64, 56, 56)), (_NEVER_SLOWER,)),
    Row("Conv2D+ReLU forward+backward 1x16x8x8", ConvBackward((1, 16, 8, 8)), (_NEVER_SLOWER,)),
    Row("Conv2D+ReLU forward+backward 1x64x56x56", ConvBackward((1, 64, 56, 56)), (_NEVER_SLOWER,)),
    Row("Conv2D+ReLU forward+backward 8x64x56x56", ConvBackward((8, 64, 56, 56)), (_NEVER_SLOWER,)),
    Row("BatchNorm forward 1x16x8x8", BatchNormForward((1, 16, 8, 8)), (_NEVER_SLOWER,)),
    Row("4 x Dense forward, 1 x 16", DenseForward(1, (16, 32, 32, 32, 10)), (_NEVER_SLOWER,)),
    Row("resnet18_v1 forward 1x3x64x64", ResidualForward((1, 3, 64, 64)), (_NEVER_SLOWER,)),
    Row(
        "resnet50_v1 forward 1x3x224x224",
        ZooForward("resnet50_v1", (1, 3, 224, 224)),
        (_NEVER_SLOWER, _NOT_BEHIND_MXNET),
    ),
    Row(
        "mobilenetv2_1.0 forward 1x3x224x224",
        ZooForward("mobilenetv2_1.0", (1, 3, 224, 224)),
        (_NEVER_SLOWER, Ratio(0.5, "glueball graph", "mxnet graph")),
    ),
    Row("digits training step, batch 64", DigitsStep(64), (_NEVER_SLOWER,)),
    Row("nd.add 100", Add((100,))),
    Row("load 100 MiB .params", LoadParams(100), (Ratio(2.0, "glueball", "torch"),)),
    Row("resnet50_v1 trace, call 1x3x224x224", FirstGraphCall((1, 3, 224, 224)), (_WITHIN_1_5_S,), fresh=True),
    Row("import", None, (Above(0.2),)),
]
