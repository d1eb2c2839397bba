"""The base class of the package's own autograd functions, with the annotation that torch's lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

__all__ = ["TensorFunction"]


class TensorFunction(torch.autograd.Function):
    """A torch.autograd.Function that returns one tensor.

    Attributes
    ----------
    reads_gradient : bool
        Whether its backward depends on the gradient of its result.
    """

    reads_gradient = True

    if TYPE_CHECKING:

        @classmethod
        def apply(cls, *args: Any, **kwargs: Any) -> Tensor: ...
