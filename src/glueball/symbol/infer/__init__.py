"""Infers the shapes and types of all arrays of a graph from those of some.

Shapes are inferred forward by running each operator on meta tensors, so that no shape arithmetic is written twice;
backward, and where something is unknown, from the operators' declarations (`Operator.infer_inputs`,
`Operator.elementwise`) and by `probe`. Types are inferred from `Operator.types`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import torch

from ...ops.operator import Applied
from ...ops.shape_rule import PartialShape, is_known, read_lengths
from ...ops.type_rule import PartialType
from ..node import Entry, Node, leaves_length_open, topological_order
from .shapes import infer_shapes
from .types import infer_types


@dataclass(frozen=True)
class Inferred:
    """What is known of the arrays of a graph.

    Attributes
    ----------
    shapes : dict of Entry to tuple of int or None
        None is an unknown shape, UNKNOWN an unknown length.
    types : dict of Entry to torch.dtype or None
        The types.
    """

    shapes: Mapping[Entry, PartialShape]
    types: Mapping[Entry, PartialType]

    @property
    def complete(self) -> bool:
        """Whether all shapes and types are known."""
        return all(map(is_known, self.shapes.values())) and None not in self.types.values()

    @property
    def undecided(self) -> list[str]:
        """The variables whose shape or type is not known."""
        return [
            name for name, entry in self._variables.items()
            if not is_known(self.shapes[entry]) or self.types[entry] is None
        ]  # fmt: skip

    @cached_property
    def _variables(self) -> dict[str, Entry]:
        return {entry.node.name: entry for entry in self.shapes if entry.node.is_variable}

    def shape(self, name: str) -> PartialShape:
        """The shape of a variable."""
        return self.shapes[self._variables[name]]

    def type(self, name: str) -> PartialType:
        """The type of a variable."""
        return self.types[self._variables[name]]

    def applied(self, node: Node) -> Applied:
        """Return ``node.applied`` with the lengths that the graph leaves to inference, as in ``zeros((0, 8))``."""
        if not leaves_length_open(node):
            return node.applied
        operator = node.applied.operator
        return operator.applied_named(
            {**node.applied.attributes, operator.shape_attribute: self.shapes[Entry(node, 0)]}
        )


def infer(
    entries: Iterable[Entry],
    shapes: Mapping[str, PartialShape],
    types: Mapping[str, torch.dtype],
    default: PartialType = torch.float32,
) -> Inferred:
    """Find the shapes and types of all arrays of a graph.

    Parameters
    ----------
    entries : iterable of Entry
        The outputs of the graph.
    shapes : mapping of str to tuple of int
        Shapes of variables by name, as a user writes them; see `read_lengths`.
    types : mapping of str to torch.dtype
        Types of variables by name.
    default : torch.dtype, optional
        The type of variables that nothing else determines; None leaves them unknown.

    Raises
    ------
    MXNetError
        They contradict one another; the message names the node.
    """
    nodes = topological_order(entries)
    found = infer_types(nodes, types, default)
    known = {name: read_lengths(shape) for name, shape in shapes.items()}
    return Inferred(infer_shapes(nodes, known, found), found)
