"""Training with a copy of the parameters on each of several contexts: what `Trainer`, `Module` and `KVStore` share."""

from __future__ import annotations

from .collectives import Collectives, mean, sum_on
from .updates import ParallelUpdater

__all__ = ["Collectives", "ParallelUpdater", "mean", "sum_on"]
