"""The engine ``eager``: runs the operators one by one."""

from __future__ import annotations

from ..lower import Lowered, Run


class _Eager:
    shows_nodes = True

    def obstacle(self) -> str:
        return ""

    def compile(self, lowered: Lowered) -> Run:
        """Return the straight-line Python that torch.fx has generated for the graph."""
        # The bare method: the overhead of nn.Module.__call__ exceeds the time of a small operator.
        return lowered.module.forward


ENGINE = _Eager()
