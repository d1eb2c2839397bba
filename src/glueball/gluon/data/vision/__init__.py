"""``gluon.data.vision``: image datasets and transforms."""

from __future__ import annotations

from typing import Any as _Any

from ..missing import absent as _absent
from . import datasets, transforms
from .datasets import MNIST, FashionMNIST

__all__ = ["MNIST", "FashionMNIST", "datasets", "transforms"]


def __getattr__(name: str) -> _Any:
    planned = ("CIFAR10", "CIFAR100", "ImageFolderDataset", "ImageRecordDataset")
    raise _absent(__name__, name, __all__, planned)
