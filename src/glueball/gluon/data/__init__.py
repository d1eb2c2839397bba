"""``gluon.data``: datasets, samplers and the DataLoader."""

from __future__ import annotations

from typing import Any as _Any

from . import dataloader, dataset, sampler, vision
from .dataloader import DataLoader
from .dataset import ArrayDataset, Dataset, SimpleDataset
from .missing import absent as _absent
from .sampler import BatchSampler, FilterSampler, RandomSampler, Sampler, SequentialSampler

__all__ = [
    "ArrayDataset",
    "BatchSampler",
    "DataLoader",
    "Dataset",
    "FilterSampler",
    "RandomSampler",
    "Sampler",
    "SequentialSampler",
    "SimpleDataset",
    "dataloader",
    "dataset",
    "sampler",
    "vision",
]


def __getattr__(name: str) -> _Any:
    raise _absent(__name__, name, __all__, ("RecordFileDataset",))
