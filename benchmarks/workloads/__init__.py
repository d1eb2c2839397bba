"""The work that is timed. Each kind is written twice: for Gluon, which both Glueball and MXNet run, and for PyTorch.

This is imported under MXNet's Python too, so nothing here imports a library: each is handed in.
"""

from benchmarks.workloads.arrays import Add
from benchmarks.workloads.convolution import ConvBackward, ConvForward
from benchmarks.workloads.normalization import BatchNormForward
from benchmarks.workloads.training import DigitsStep
from benchmarks.workloads.workload import Run, Workload, numbers

__all__ = ["KINDS", "Run", "Workload", "numbers"]

KINDS = {kind.__name__: kind for kind in (Add, BatchNormForward, ConvBackward, ConvForward, DigitsStep)}
