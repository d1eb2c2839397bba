"""``mx.runtime``: the features of this installation, which are those of its PyTorch."""

from __future__ import annotations

import platform
from dataclasses import dataclass

import torch

from .core.doors import guard
from .core.errors import nearest

__all__ = ["Feature", "Features", "feature_list"]


@dataclass(frozen=True, repr=False)
class Feature:
    """A feature, under MXNet's name for it.

    Parameters
    ----------
    name : str
        Its name, in upper case.
    enabled : bool
        Whether it is available.
    """

    name: str
    enabled: bool

    def __repr__(self) -> str:
        return f"{'✔' if self.enabled else '✖'} {self.name}"


@guard
class Features(dict[str, Feature]):
    """All features by name.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.runtime.Features().is_enabled("opencv")
    False
    """

    def __init__(self) -> None:
        super().__init__((feature.name, feature) for feature in feature_list())

    def __repr__(self) -> str:
        return str(list(self.values()))

    def is_enabled(self, feature_name: str) -> bool:
        """Return whether a feature is available.

        Parameters
        ----------
        feature_name : str
            Its name, case-insensitive.

        Raises
        ------
        RuntimeError
            MXNet has no feature of that name.
        """
        name = feature_name.upper()
        if name not in self:
            raise RuntimeError(
                f"Features: feature_name must be one of {', '.join(self)}; received {feature_name!r}"
                f"{nearest(name, list(self))}"
            )
        return self[name].enabled


def feature_list() -> list[Feature]:
    """Return every feature that MXNet 1.9.1 knows, and whether this PyTorch has it."""
    x86 = platform.machine() in ("x86_64", "AMD64")
    vectors = torch.backends.cpu.get_cpu_capability()
    cuda = torch.backends.cuda.is_built()
    has = {
        "CUDA": cuda,
        "CUDNN": torch.backends.cudnn.is_available(),
        "NCCL": torch.distributed.is_available() and torch.distributed.is_nccl_available(),
        "CUDA_RTC": cuda,
        "TENSORRT": False,
        "CPU_SSE": x86,
        "CPU_SSE2": x86,
        "CPU_SSE3": x86,
        "CPU_SSE4_1": x86 and vectors != "DEFAULT",
        "CPU_SSE4_2": x86 and vectors != "DEFAULT",
        "CPU_SSE4A": False,
        "CPU_AVX": x86 and vectors.startswith("AVX"),
        "CPU_AVX2": x86 and vectors.startswith("AVX"),
        "OPENMP": torch.backends.openmp.is_available(),
        "SSE": x86,
        "F16C": x86 and vectors.startswith("AVX"),
        "JEMALLOC": False,
        "BLAS_OPEN": "BLAS_INFO=open" in torch.__config__.show(),
        "BLAS_ATLAS": "BLAS_INFO=atlas" in torch.__config__.show(),
        "BLAS_MKL": torch.backends.mkl.is_available(),
        "BLAS_APPLE": "BLAS_INFO=accelerate" in torch.__config__.show(),
        "LAPACK": bool(torch._C.has_lapack),
        "MKLDNN": torch.backends.mkldnn.is_available(),
        "OPENCV": False,
        "CAFFE": False,
        "PROFILER": False,
        "DIST_KVSTORE": False,
        "CXX14": True,
        "INT64_TENSOR_SIZE": True,
        "SIGNAL_HANDLER": False,
        "DEBUG": bool(torch.version.debug),
        "TVM_OP": False,
    }
    return [Feature(name, enabled) for name, enabled in has.items()]
