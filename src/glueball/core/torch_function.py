"""The base class of the package's own autograd functions, with the annotation that torch's lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

__all__ = ["TensorFunction"]


class TensorFunction(torch.autograd.Function):
    """A torch.autograd.Function that returns one tensor."""

    if TYPE_CHECKING:

        @classmethod
        def apply(cls, *args: Any, **kwargs: Any) -> Tensor: ...
