"""Shapes and types of all arrays of a graph, from those of some: what ``Symbol.infer_shape`` and its sisters ask.

Shapes follow by running each operator on tensors without values, so that there is no second copy of any arithmetic;
backwards, and where something is unknown, by what the operators' declarations say (`Operator.infer_inputs`,
`Operator.elementwise`) and by `probe`. Types follow from `Operator.types`.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import torch

from ...core import dtype as dtypes
from ...core.errors import MXNetError, nearest
from ...core.integers import is_int
from ...ops.applied import Applied
from ...ops.shape_rule import PartialShape, is_known
from ...ops.type_rule import PartialType
from ..node import Entry, Node, auxiliary_states, leaves_length_open, topological_order
from .shapes import infer_shapes, without_negatives
from .types import infer_types

if TYPE_CHECKING:
    from ..symbol import Symbol

Lists = tuple[Any, Any, Any]

_NOTHING: Lists = (None, None, None)


@dataclass(frozen=True)
class Inferred:
    """What is known of the arrays of a graph.

    Attributes
    ----------
    shapes : dict of Entry to tuple of int or None
        None is an unknown shape, 0 an unknown length.
    types : dict of Entry to torch.dtype or None
        The types.
    """

    shapes: Mapping[Entry, PartialShape]
    types: Mapping[Entry, PartialType]

    @property
    def complete(self) -> bool:
        """Whether all shapes and types are known."""
        return all(map(is_known, self.shapes.values())) and None not in self.types.values()

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
        Shapes of variables by name, where 0 is an unknown length.
    types : mapping of str to torch.dtype
        Types of variables by name.
    default : torch.dtype, optional
        The type of variables that nothing decides; None leaves them unknown.

    Raises
    ------
    MXNetError
        They contradict one another; the message names the node.
    """
    nodes = topological_order(entries)
    found = infer_types(nodes, types, default)
    return Inferred(infer_shapes(nodes, shapes, found), found)


def infer_shape(symbol: Symbol, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Lists:
    """See `Symbol.infer_shape`."""
    shapes = _inferred_shapes(symbol, "infer_shape", args, kwargs)
    unknown = [entry for entry, shape in shapes.items() if not is_known(shape)]
    if not unknown:
        return _lists(symbol, shapes)
    _warn("shape", "a length of 0 is unknown", {entry: shapes[entry] or () for entry in unknown})
    return _NOTHING


def infer_shape_partial(symbol: Symbol, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Lists:
    """See `Symbol.infer_shape_partial`."""
    shapes = _inferred_shapes(symbol, "infer_shape_partial", args, kwargs)
    return _lists(symbol, {entry: shape or () for entry, shape in shapes.items()})


def infer_type(symbol: Symbol, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Lists:
    """See `Symbol.infer_type`."""
    types = _inferred_types(symbol, "infer_type", args, kwargs)
    unknown = [entry for entry, kind in types.items() if kind is None]
    if not unknown:
        return _type_lists(symbol, types)
    _warn("type", "None is unknown", {entry: None for entry in unknown})
    return _NOTHING


def infer_type_partial(symbol: Symbol, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Lists:
    """See `Symbol.infer_type_partial`."""
    return _type_lists(symbol, _inferred_types(symbol, "infer_type_partial", args, kwargs))


def _inferred_shapes(
    symbol: Symbol, owner: str, args: Sequence[Any], kwargs: Mapping[str, Any]
) -> dict[Entry, PartialShape]:
    given = _by_name(symbol, owner, args, kwargs, read_shape)
    nodes = topological_order(symbol._entries)
    return infer_shapes(nodes, given, infer_types(nodes, {}, torch.float32))


def _inferred_types(
    symbol: Symbol, owner: str, args: Sequence[Any], kwargs: Mapping[str, Any]
) -> dict[Entry, PartialType]:
    given = _by_name(symbol, owner, args, kwargs, dtypes.to_torch)
    return infer_types(topological_order(symbol._entries), given)


def _type_lists(symbol: Symbol, types: Mapping[Entry, PartialType]) -> Lists:
    return _lists(symbol, {entry: kind and dtypes.TORCH_TO_NUMPY[kind] for entry, kind in types.items()})


def _by_name(
    symbol: Symbol, owner: str, args: Sequence[Any], kwargs: Mapping[str, Any], read: Callable[[Any, str], Any]
) -> dict[str, Any]:
    """Read what the user knows, given by position or by name; None is unknown."""
    names = symbol.list_arguments()
    if args and kwargs:
        raise ValueError(
            f"{owner}: everything must be given by position, or everything by name; "
            f"received {len(args)} by position and {sorted(kwargs)} by name"
        )
    if len(args) > len(names):
        raise MXNetError(f"{owner}: at most {len(names)} can be given, for {names}; received {len(args)}")
    given = dict(zip(names, args, strict=False)) if args else dict(kwargs)
    known = {*names, *symbol.list_auxiliary_states()}
    for name in given:
        if name not in known:
            raise MXNetError(
                f"{owner}: a name must be that of an argument, one of {names}; "
                f"received {name!r}{nearest(name, sorted(known))}"
            )
    return {name: read(value, f"{owner}: {name}") for name, value in given.items() if kwargs or value is not None}


def read_shape(value: Any, owner: str) -> PartialShape:
    """Read a shape that a user gives for inference, in which 0 and -1 are unknown lengths."""
    if not isinstance(value, tuple) or not all(map(is_int, value)):
        raise TypeError(f"{owner} must be a tuple of ints, 0 for an unknown length; received {value!r}")
    lengths = tuple([length.__index__() for length in value])
    if any(length < -1 for length in lengths):
        raise MXNetError(f"{owner} must have lengths of 0 or more, 0 being unknown; received {value!r}")
    return without_negatives(lengths)


def _lists(symbol: Symbol, facts: Mapping[Entry, Any]) -> Lists:
    """What is known of arguments, outputs and auxiliary states, each in the symbol's own order."""
    nodes = topological_order(symbol._entries)
    states = dict.fromkeys(auxiliary_states(nodes))
    return (
        [facts[Entry(node, 0)] for node in nodes if node.is_variable and node not in states],
        [facts[entry] for entry in symbol._entries],
        [facts[Entry(node, 0)] for node in states],
    )


def _warn(what: str, sign: str, unknown: Mapping[Entry, Any]) -> None:
    variables = [f"{entry.node.name} {fact}" for entry, fact in unknown.items() if entry.node.is_variable]
    nodes = [f"{entry.node.output_names[entry.index]} {fact}" for entry, fact in unknown.items()]
    # Naming each inner array would hide the arguments, which are what a user can give.
    listed = variables or nodes[:1]
    warnings.warn(
        f"infer_{what}: the {what} of everything must follow from what is given; unknown are {', '.join(listed)} "
        f"({sign}); give more, or ask infer_{what}_partial",
        UserWarning,
        stacklevel=4,
    )
