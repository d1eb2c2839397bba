"""Training with copies of the parameters, on several contexts and in several processes.

`Trainer`, `Module` and `KVStore` share it.
"""

from __future__ import annotations

from ..core.world import worlds
from .across import ProcessCollectives
from .collectives import Collectives, mean, sum_on
from .compression import compression_of
from .for_operators import OperatorWorld
from .metrics import reduce_metric
from .processes import Processes, connected, place
from .shard_updater import ShardUpdater
from .shards import Shards, is_sharded
from .updates import ParallelUpdater, ShardedUpdates

__all__ = [
    "Collectives",
    "ParallelUpdater",
    "ProcessCollectives",
    "Processes",
    "ShardUpdater",
    "ShardedUpdates",
    "Shards",
]
__all__ += ["compression_of", "connected", "is_sharded", "mean", "place", "reduce_metric", "sum_on"]

worlds.append(OperatorWorld())
