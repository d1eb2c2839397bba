"""The defaults for new arrays, and the GPUs of the machine."""

from __future__ import annotations

import numpy as np

from ..core.context import Context, current_context, num_gpus


def default_context() -> Context:
    """Return the context of arrays created without one."""
    return current_context()


def default_dtype() -> type:
    """Return the type of arrays created without one: ``numpy.float32``."""
    return np.float32


def list_gpus() -> range:
    """Return the ids of the GPUs."""
    return range(num_gpus())
