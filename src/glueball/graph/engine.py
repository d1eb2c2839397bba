"""Engines: each takes a lowered graph and returns the function that runs it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from torch import fx


def eager(module: fx.GraphModule) -> Callable[..., Any]:
    """Run the operators one after the other, by the straight-line Python that torch.fx writes for the graph."""
    # The method itself: what nn.Module.__call__ does around it is not needed and takes longer than a small operator.
    return module.forward
