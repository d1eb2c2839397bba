"""The workloads. Each is written in several modes: for Gluon, which both Glueball and MXNet run, for a network that
either of them has hybridized, for PyTorch, and for what runs PyTorch's networks: its compiler, and runtimes that read
a file.

This is also imported by MXNet's Python and by the runtimes', so nothing here imports a library: each is passed in.
"""

from benchmarks.workloads.arrays import Add
from benchmarks.workloads.convolution import ConvBackward, ConvForward
from benchmarks.workloads.dense import DenseForward
from benchmarks.workloads.files import LoadParams
from benchmarks.workloads.images import ImageBatches, LoadedImageBatches
from benchmarks.workloads.normalization import BatchNormForward
from benchmarks.workloads.portable import PortableWorkload
from benchmarks.workloads.recurrent import RecurrentForward, RecurrentStep
from benchmarks.workloads.residual import FirstGraphCall, ResidualForward
from benchmarks.workloads.residual_step import ResidualStep
from benchmarks.workloads.training import DigitsStep
from benchmarks.workloads.workload import WAYS, NetworkWorkload, Run, Workload, numbers
from benchmarks.workloads.zoo import ZooForward, ZooGraph

__all__ = ["KINDS", "WAYS", "NetworkWorkload", "PortableWorkload", "Run", "Workload", "numbers"]

_KINDS: tuple[type[Workload], ...] = (
    Add, BatchNormForward, ConvBackward, ConvForward, DenseForward, DigitsStep, FirstGraphCall, ImageBatches,
    LoadedImageBatches, LoadParams, RecurrentForward, RecurrentStep, ResidualForward, ResidualStep, ZooForward,
    ZooGraph,
)  # fmt: skip
KINDS = {kind.__name__: kind for kind in _KINDS}
