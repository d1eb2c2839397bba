"""What Horovod says of how it was built, here of torch's; and its timeline, which there is not."""

from __future__ import annotations

import torch

from ...core.errors import MXNetError


def mpi_threads_supported() -> bool:
    """Whether MPI is used, which it is not."""
    return False


def mpi_enabled() -> bool:
    """Whether MPI is used, which it is not."""
    return False


def mpi_built() -> bool:
    """Whether MPI is used, which it is not."""
    return False


def gloo_built() -> bool:
    """Whether torch has Gloo."""
    return torch.distributed.is_available() and torch.distributed.is_gloo_available()


def gloo_enabled() -> bool:
    """Whether arrays of the CPU are sent by Gloo, which they are."""
    return gloo_built()


def nccl_built() -> int:
    """Whether torch has NCCL."""
    return int(torch.distributed.is_available() and torch.distributed.is_nccl_available())


def cuda_built() -> bool:
    """Whether torch is built for CUDA."""
    return torch.version.cuda is not None


def rocm_built() -> bool:
    """Whether torch is built for ROCm."""
    return torch.version.hip is not None


def ddl_built() -> bool:
    """Whether IBM's DDL is used, which it is not."""
    return False


def ccl_built() -> bool:
    """Whether Intel's oneCCL is used, which it is not."""
    return False


def start_timeline(file_path: str, mark_cycles: bool = False) -> None:
    """Refused: there is no timeline."""
    raise MXNetError(
        f"hvd.start_timeline: there is no timeline here; received {file_path!r}; mx.profiler measures the operators of "
        "a process"
    )


def stop_timeline() -> None:
    """Refused: there is no timeline."""
    raise MXNetError("hvd.stop_timeline: there is no timeline here; leave it out")
