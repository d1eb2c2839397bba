"""Gradients are computed once before a program depends on them, for engines that prepare them only then.

torch.compile compiles the backward pass when backward() is called, and what fails there is too late to run the graph
otherwise: the forward pass is done, and some gradients are written already.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from .lower import Run
from .remembered import make_room

_KEPT = 100  # sets of shapes that are remembered


class Rehearsed:
    """The function of an engine, whose first recorded call with tensors of some shapes computes their gradients, too.

    Attributes
    ----------
    form, reason
        Those of the function.
    """

    def __init__(self, run: Run) -> None:
        self._run = run
        self.form = getattr(run, "form", None)
        self.reason = getattr(run, "reason", "")
        self._rehearsed: dict[Any, bool] = {}

    def __call__(self, *arguments: Any) -> tuple[Tensor, ...]:
        """Run the graph."""
        if torch.is_grad_enabled():
            kind = tuple([(a.shape, a.dtype, a.requires_grad) for a in arguments if isinstance(a, Tensor)])
            if kind not in self._rehearsed and any(requires for _, _, requires in kind):
                self._rehearse(arguments)
                make_room(self._rehearsed, _KEPT)
                self._rehearsed[kind] = True
        return self._run(*arguments)

    def _rehearse(self, arguments: tuple[Any, ...]) -> None:
        copies = [a.detach().requires_grad_(a.requires_grad) if isinstance(a, Tensor) else a for a in arguments]
        wanted = [each for each in copies if isinstance(each, Tensor) and each.requires_grad]
        results = [each for each in self._run(*copies) if each.requires_grad]
        if results:
            torch.autograd.grad(results, wanted, [torch.ones_like(each) for each in results], allow_unused=True)
