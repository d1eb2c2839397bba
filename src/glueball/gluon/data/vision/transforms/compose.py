"""Transforms made of transforms."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any

from .....core.errors import InvalidTypeError
from .....core.strangers import call
from ....containers import HybridSequential, Lambda, Sequential
from ....core.block import Block
from ....core.hybrid_block import HybridBlock

__all__ = ["Compose", "RandomApply"]


class Compose(Sequential):
    """Transforms that run one after another.

    Parameters
    ----------
    transforms : sequence of Block or callable
        The transforms, in order. Adjacent HybridBlocks are merged into one HybridSequential.

    Examples
    --------
    >>> from glueball import nd
    >>> from glueball.gluon.data.vision import transforms
    >>> transform = transforms.Compose([transforms.ToTensor(), transforms.Normalize(0.5, 0.25)])
    >>> transform(nd.zeros((28, 28, 1), dtype="uint8")).shape
    (1, 28, 28)
    """

    def __init__(self, transforms: Sequence[Block | Callable[[Any], Any]]) -> None:
        super().__init__()
        for is_hybrid, group in groupby(transforms, lambda transform: isinstance(transform, HybridBlock)):
            neighbors = list(group)
            if is_hybrid and len(neighbors) > 1:
                together = HybridSequential()
                together.add(*neighbors)
                together.hybridize()
                self.add(together)
            else:
                self.add(*[_as_block(transform) for transform in neighbors])


def _as_block(transform: Block | Callable[[Any], Any]) -> Block:
    return transform if isinstance(transform, Block) else Lambda(transform)


class RandomApply(Sequential):
    """Another transform, applied with a probability.

    It draws from Python's generator: ``random.seed`` seeds it.

    Parameters
    ----------
    transforms : Block or callable
        The transform; of several, make one with `Compose`.
    p : float, default 0.5
        The probability; otherwise the picture stays as it is.

    Examples
    --------
    >>> from glueball import nd
    >>> from glueball.gluon.data.vision import transforms
    >>> transform = transforms.RandomApply(transforms.RandomFlipLeftRight(), p=0.3)
    >>> transform(nd.zeros((4, 6, 3), dtype="uint8")).shape
    (4, 6, 3)
    """

    def __init__(self, transforms: Callable[[Any], Any], p: float = 0.5) -> None:
        if not callable(transforms):
            raise InvalidTypeError(
                f"RandomApply: transforms must be one transform; received {transforms!r}; make one of several with "
                "transforms.Compose"
            )
        super().__init__()
        self.transforms = transforms
        self.p = p

    def forward(self, x: Any) -> Any:
        return x if random.random() > self.p else call(self.transforms, x)
