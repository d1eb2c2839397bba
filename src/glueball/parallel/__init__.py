"""Training with copies of the parameters, on several contexts and in several processes.

`Trainer`, `Module` and `KVStore` share it.
"""

from __future__ import annotations

from . import for_operators  # noqa: F401  # operators ask it of the other processes
from .across import ProcessCollectives
from .collectives import Collectives, mean, sum_on
from .compression import compression_of
from .metrics import reduce_metric
from .processes import Processes, connected, place
from .updates import ParallelUpdater

__all__ = ["Collectives", "ParallelUpdater", "ProcessCollectives", "Processes"]
__all__ += ["compression_of", "connected", "mean", "place", "reduce_metric", "sum_on"]
