"""When the gradient of an operator is computed: the nodes of torch's autograd that it has made say so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

from .records import now


def next_number() -> int:
    """Return the number that autograd's next node gets in this thread."""
    number: int = torch._C._autograd._get_sequence_nr()
    return number


def follow(results: Sequence[Tensor], number: int, record: Callable[[int, int], None]) -> None:
    """Have the gradient of results recorded: of the nodes that were made since autograd had come to a number.

    Parameters
    ----------
    results : sequence of Tensor
        What was computed.
    number : int
        What `next_number` returned before.
    record : callable
        Is told when the first of the nodes begins, and, for the time of all of them, an end.
    """
    nodes = _made_since(results, number)
    if not nodes:
        return
    begins: list[int] = []
    durations: list[int] = []
    last = nodes[-1]

    for node in nodes:
        # Hooks keep nothing alive that the graph would not: a node has them, and they have no node.
        is_last = node is last

        def before(_gradients: Any) -> None:
            begins.append(now())

        def after(_inputs: Any, _outputs: Any, is_last: bool = is_last) -> None:
            end = now()
            if not begins:  # a graph that is used by two threads at once
                return
            durations.append(end - begins[-1])
            if is_last:
                record(end - sum(durations), end)
                begins.clear()
                durations.clear()

        node.register_prehook(before)
        node.register_hook(after)


def _made_since(results: Sequence[Tensor], number: int) -> list[Any]:
    """Return autograd's nodes of results that have at least a number, the newest first."""
    found: dict[int, Any] = {}
    waiting = [result.grad_fn for result in results if result.grad_fn is not None]
    while waiting:
        node: Any = waiting.pop()
        made = node._sequence_nr()
        if made < number or hasattr(node, "variable") or made in found:
            continue
        found[made] = node
        waiting += [each for each, _ in node.next_functions if each is not None]
    return [found[made] for made in sorted(found, reverse=True)]
