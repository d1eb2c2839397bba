"""The engine ``eager``: the operators one after the other, each as soon as it is reached."""

from __future__ import annotations

from ..lower import Lowered, Run


class _Eager:
    shows_nodes = True

    def obstacle(self) -> str:
        """Nothing is in its way."""
        return ""

    def compile(self, lowered: Lowered) -> Run:
        """Return the straight-line Python that torch.fx has written for the graph."""
        # The method itself: what nn.Module.__call__ does around it takes longer than a small operator.
        return lowered.module.forward


ENGINE = _Eager()
