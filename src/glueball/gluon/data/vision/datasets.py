"""Image datasets, read from local files."""

from __future__ import annotations

from .cifar import CIFAR10, CIFAR100
from .mnist import MNIST, FashionMNIST
from .pictures import ImageFolderDataset, ImageRecordDataset

__all__ = ["CIFAR10", "CIFAR100", "MNIST", "FashionMNIST", "ImageFolderDataset", "ImageRecordDataset"]
