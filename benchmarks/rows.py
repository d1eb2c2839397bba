"""The rows of the benchmark: the only place to add one."""

from __future__ import annotations

from typing import NamedTuple

from benchmarks.target import Above, AtMost, Ratio, Target
from benchmarks.workloads import Workload
from benchmarks.workloads.arrays import Add
from benchmarks.workloads.convolution import ConvBackward, ConvForward
from benchmarks.workloads.dense import DenseForward
from benchmarks.workloads.files import LoadParams
from benchmarks.workloads.images import ImageBatches, LoadedImageBatches
from benchmarks.workloads.normalization import BatchNormForward
from benchmarks.workloads.recurrent import RecurrentForward, RecurrentStep
from benchmarks.workloads.residual import FirstGraphCall, ResidualForward
from benchmarks.workloads.residual_step import ResidualStep
from benchmarks.workloads.training import DigitsStep
from benchmarks.workloads.zoo import ZooForward, ZooGraph


class Row(NamedTuple):
    """One line of the table.

    Without a workload, it measures the import of each library in a fresh process; with `fresh`, the first call of the
    workload in a fresh process. Of the rows of one group, the table has the geometric mean too.
    """

    name: str
    workload: Workload | None
    targets: tuple[Target, ...] = ()
    fresh: bool = False
    group: str = ""


_NEVER_SLOWER = Ratio(1.0, "glueball graph", "glueball")


def _targets(mxnet: float, *peers: Target) -> tuple[Target, ...]:
    return (_NEVER_SLOWER, Ratio(mxnet, "glueball graph", "best mxnet"), *peers)


def _small_targets(mxnet: float) -> tuple[Target, ...]:
    """Of MobileNet: the multiple is one of MXNet's time without a backend."""
    return (_NEVER_SLOWER, Ratio(mxnet, "glueball graph", "mxnet graph"), Ratio(1.03, "best engine", "best peer"))


_LAYERS, _NETWORKS = "layers", "networks"
_FASTEST = Ratio(1.0, "best engine", "best peer")


def _layer(name: str, shape: tuple[int, int, int, int], filters: int, *more: int, **options: int) -> Row:
    workload = ConvForward(shape, filters, *more, **options)
    extra = (Above(10e-6),) if shape == (1, 16, 8, 8) else ()
    return Row(f"Conv2D+ReLU {name}", workload, (*extra, _NEVER_SLOWER, _FASTEST), group=_LAYERS)


#: Of each group of rows, what its geometric mean should be.
GROUPS: dict[str, tuple[Target, ...]] = {
    _LAYERS: (Ratio(0.75, "glueball graph", "best mxnet"), Ratio(0.9, "best engine", "best runtime")),
    _NETWORKS: (),
}

ROWS = [
    Row(
        "resnet50_v1, batch 1",
        ZooForward("resnet50_v1", (1, 3, 224, 224)),
        _targets(0.98, Ratio(1.02, "best engine", "openvino")),
    ),
    Row(
        "resnet50_v1, batch 8",
        ZooForward("resnet50_v1", (8, 3, 224, 224)),
        _targets(0.95, Ratio(1.02, "best engine", "openvino")),
    ),
    Row(
        "mobilenetv2_1.0, batch 1",
        ZooForward("mobilenetv2_1.0", (1, 3, 224, 224)),
        _small_targets(0.17),
    ),
    Row(
        "mobilenetv2_1.0, batch 8",
        ZooForward("mobilenetv2_1.0", (8, 3, 224, 224)),
        _small_targets(0.21),
    ),
    Row(
        "vgg16, batch 1", ZooForward("vgg16", (1, 3, 224, 224)), _targets(0.72, Ratio(0.72, "best engine", "openvino"))
    ),
    Row(
        "resnet50_v1 training step 8x3x128x128",
        ResidualStep((8, 3, 128, 128)),
        _targets(0.98, Ratio(0.93, "best engine", "best peer")),
    ),
    Row(
        "the same in bfloat16, MXNet in float32",
        ResidualStep((8, 3, 128, 128), kind="bfloat16"),
        (_NEVER_SLOWER, Ratio(0.62, "glueball graph", "best mxnet")),
    ),
    _layer("3x3 56x56 64", (1, 64, 56, 56), 64),
    _layer("1x1 56x56 64>256", (1, 64, 56, 56), 256, 1),
    _layer("3x3 28x28 128", (1, 128, 28, 28), 128),
    _layer("3x3 14x14 256", (1, 256, 14, 14), 256),
    _layer("3x3 7x7 512", (1, 512, 7, 7), 512),
    _layer("depthwise 56x56 144", (1, 144, 56, 56), 144, groups=144),
    _layer("depthwise 14x14 384", (1, 384, 14, 14), 384, groups=384),
    _layer("32 groups 56x56 128", (1, 128, 56, 56), 128, groups=32),
    _layer("3x3 8x8 16", (1, 16, 8, 8), 16),
    _layer("7x7 /2 224x224 3>64", (1, 3, 224, 224), 64, 7, 2),
    _layer("3x3 /2 56x56 64>128", (1, 64, 56, 56), 128, 3, 2),
    _layer("1x1 14x14 1024>256", (1, 1024, 14, 14), 256, 1),
    Row("Conv2D+ReLU 3x3 56x56 64, batch 8", ConvForward((8, 64, 56, 56), 64), (_NEVER_SLOWER,)),
    Row("Conv2D+ReLU 3x3 28x28 128, batch 8", ConvForward((8, 128, 28, 28), 128), (_NEVER_SLOWER,)),
    Row("Conv2D+ReLU forward+backward 1x16x8x8", ConvBackward((1, 16, 8, 8)), (_NEVER_SLOWER,)),
    Row("Conv2D+ReLU forward+backward 1x64x56x56", ConvBackward((1, 64, 56, 56)), (_NEVER_SLOWER,)),
    Row("Conv2D+ReLU forward+backward 8x64x56x56", ConvBackward((8, 64, 56, 56)), (_NEVER_SLOWER,)),
    Row("BatchNorm forward 1x16x8x8", BatchNormForward((1, 16, 8, 8)), (_NEVER_SLOWER,)),
    Row("4 x Dense forward, 1 x 16", DenseForward(1, (16, 32, 32, 32, 10)), (_NEVER_SLOWER,)),
    Row("resnet18_v1 forward 1x3x64x64", ResidualForward((1, 3, 64, 64)), (_NEVER_SLOWER,)),
    Row("digits training step, batch 64", DigitsStep(64), (_NEVER_SLOWER,)),
    Row("LSTM 2x256, 64 steps, batch 16", RecurrentForward("LSTM"), _targets(1.0)),
    Row("LSTM 2x256 training step, 64 steps, batch 16", RecurrentStep("LSTM"), _targets(1.0)),
    Row("GRU 2x256, 64 steps, batch 16", RecurrentForward("GRU"), _targets(1.0)),
    Row("GRU 2x256 training step, 64 steps, batch 16", RecurrentStep("GRU"), _targets(1.0)),
    Row("nd.add 100", Add((100,))),
    Row("load 100 MiB .params", LoadParams(100), (Ratio(2.0, "glueball", "torch"),)),
    Row("2,000 JPEGs 300x300 to batches", ImageBatches(2000), (Ratio(1.0, "glueball", "mxnet"),)),
    Row("2,000 JPEGs 300x300, DataLoader", LoadedImageBatches(2000), (Ratio(1.0, "glueball", "mxnet"),)),
    Row(
        "resnet50_v1 trace, call 1x3x224x224",
        FirstGraphCall((1, 3, 224, 224)),
        (AtMost(1.0, "glueball graph"),),
        fresh=True,
    ),
    Row("import", None, (Above(0.2),)),
]

_ZOO = (
    "alexnet", "densenet121", "densenet161", "densenet169", "densenet201", "inceptionv3",
    "mobilenet0.25", "mobilenet0.5", "mobilenet0.75", "mobilenet1.0",
    "mobilenetv2_0.25", "mobilenetv2_0.5", "mobilenetv2_0.75", "mobilenetv2_1.0",
    "resnet18_v1", "resnet18_v2", "resnet34_v1", "resnet34_v2", "resnet50_v1", "resnet50_v2",
    "resnet101_v1", "resnet101_v2", "resnet152_v1", "resnet152_v2", "squeezenet1.0", "squeezenet1.1",
    "vgg11", "vgg11_bn", "vgg13", "vgg13_bn", "vgg16", "vgg16_bn", "vgg19", "vgg19_bn",
)  # fmt: skip


def _zoo_row(name: str) -> Row:
    side = 299 if name.startswith("inception") else 224
    return Row(
        name, ZooGraph(name, (1, 3, side, side)), (Ratio(1.0, "glueball graph", "mxnet graph"),), group=_NETWORKS
    )


#: Every network of the model zoo; measured with ``--zoo``, since it takes long.
ZOO = [_zoo_row(name) for name in _ZOO]
