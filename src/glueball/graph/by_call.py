"""Running a graph on arrays, one operator after another, as a program without a graph does.

It serves where tensors alone do not say enough: values that come later, and arrays in sparse storage, which operators
compute with by the rules of their declarations.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..core.context import Context
from ..ndarray.invoke import invoke_applied
from ..ndarray.ndarray import NDArray
from ..symbol.node import Entry, Node, topological_order


def run_by_call(
    heads: Sequence[Entry], variables: Sequence[Node], arrays: Sequence[NDArray], ctx: Context
) -> list[Any]:
    """Return the arrays of the heads, from those of the variables."""
    made: dict[Entry, Any] = {Entry(node, 0): array for node, array in zip(variables, arrays, strict=True)}
    for node in topological_order(heads):
        if not node.is_variable:
            inputs = [None if entry is None else made[entry] for entry in node.arguments()]
            result = invoke_applied(node.applied, inputs, ctx)
            outputs = result if isinstance(result, list) else [result]
            made.update({Entry(node, number): array for number, array in enumerate(outputs)})
    return [made[head] for head in heads]


def makes_sparse(heads: Sequence[Entry]) -> bool:
    """Whether an operator of the graph makes sparse arrays, so that it must be run on arrays."""
    operators = [node.applied for node in topological_order(heads) if not node.is_variable]
    return any(
        (rule := each.operator.sparse) is not None and rule.makes is not None and rule.makes(each.attributes)
        for each in operators
    )
