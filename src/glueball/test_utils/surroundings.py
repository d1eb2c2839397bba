"""What arrays are made with when nothing is said, and what the machine has."""

from __future__ import annotations

import numpy as np

from ..core.context import Context, current_context, num_gpus


def default_context() -> Context:
    """Return the context of arrays that name none."""
    return current_context()


def default_dtype() -> type:
    """Return the type of arrays that name none: ``numpy.float32``."""
    return np.float32


def list_gpus() -> range:
    """Return the numbers of the GPUs."""
    return range(num_gpus())
