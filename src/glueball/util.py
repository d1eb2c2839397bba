"""``mx.util``: settings of the process. MXNet's NumPy interface is not provided, so it is never on."""

from __future__ import annotations

import os

from .core.context import gpu_memory_info, num_gpus
from .core.doors import door
from .core.errors import MXNetError

__all__ = ["get_gpu_count", "get_gpu_memory", "getenv", "is_np_array", "is_np_shape", "set_np_shape", "setenv"]

_HYBRID_FORWARD = "write blocks with hybrid_forward and mx.nd"
_INSTEAD = {
    "np_array": _HYBRID_FORWARD,
    "np_shape": "shapes such as () and (0, 3) are always allowed",
    "reset_np": "the NumPy interface is never on",
    "set_np": _HYBRID_FORWARD,
    "use_np": _HYBRID_FORWARD,
    "use_np_array": _HYBRID_FORWARD,
    "use_np_shape": "shapes such as () and (0, 3) are always allowed",
    "get_cuda_compute_capability": "use torch.cuda.get_device_capability(ctx.device_id)",
}


def is_np_array() -> bool:
    """Return whether MXNet's NumPy interface is on: False, since there is none."""
    return False


def is_np_shape() -> bool:
    """Return whether 0 in a shape means length 0, as in NumPy, rather than unknown: False, the default in MXNet."""
    return False


@door
def set_np_shape(active: bool) -> bool:
    """Switch NumPy's meaning of shapes off; it always is.

    Parameters
    ----------
    active : False
        True is refused.

    Returns
    -------
    bool
        The previous setting: False.

    Raises
    ------
    MXNetError
        `active` is True.
    """
    if active:
        raise MXNetError(
            f"set_np_shape: active must be False, the NumPy interface is not provided; received {active!r}; "
            f"{_HYBRID_FORWARD}"
        )
    return False


def get_gpu_count() -> int:
    """Return how many GPUs there are."""
    return num_gpus()


@door
def get_gpu_memory(gpu_dev_id: int) -> tuple[int, int]:
    """Return the free and the total memory of a GPU.

    Parameters
    ----------
    gpu_dev_id : int
        The device ID of the GPU.

    Returns
    -------
    free, total : int
        In bytes.

    Raises
    ------
    MXNetError
        There is no such GPU.
    """
    return gpu_memory_info(gpu_dev_id)


@door
def getenv(name: str) -> str | None:
    """Return an environment variable of the process, or None."""
    return os.environ.get(name)


@door
def setenv(name: str, value: str | None) -> None:
    """Set an environment variable of the process; None removes it.

    Parameters
    ----------
    name : str
        The variable.
    value : str or None
        The new value.

    Differs from MXNet
    ------------------
    ``os.environ`` shows the change.
    """
    if value is None:
        os.environ.pop(name, None)
    else:
        os.environ[name] = value
