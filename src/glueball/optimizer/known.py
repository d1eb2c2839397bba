"""Tensors that were found to be what they must be, so that no step looks at the same ones again."""

from __future__ import annotations

import weakref
from operator import is_
from typing import Any

from torch import Tensor

_Reference = weakref.ref[Tensor]


class Known:
    """The weights and gradients of the last step.

    They are told by identity, since no tensor of an array changes its shape, type or device, and are not kept alive.

    Examples
    --------
    >>> import torch
    >>> from glueball.optimizer.known import Known
    >>> known, weight, gradient = Known(), torch.ones(2), torch.ones(2)
    >>> known.are([weight], [gradient])
    False
    >>> known.remember([weight], [gradient])
    >>> known.are([weight], [gradient]), known.are([weight], [gradient.clone()])
    (True, False)
    """

    def __init__(self) -> None:
        self._weights: list[_Reference] = []
        self._gradients: list[_Reference] = []

    def are(self, weights: list[Tensor], gradients: list[Tensor]) -> bool:
        """Whether these are the tensors that were remembered."""
        return _are(self._weights, weights) and _are(self._gradients, gradients)

    def remember(self, weights: list[Tensor], gradients: list[Tensor]) -> None:
        """Remember tensors in place of those before."""
        self._weights, self._gradients = list(map(weakref.ref, weights)), list(map(weakref.ref, gradients))

    def __reduce__(self) -> tuple[Any, ...]:
        """Copies and pickles know nothing: they have tensors of their own."""
        return Known, ()


def _are(references: list[_Reference], tensors: list[Tensor]) -> bool:
    return len(references) == len(tensors) and all(map(is_, [reference() for reference in references], tensors))
