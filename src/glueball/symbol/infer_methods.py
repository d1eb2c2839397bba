"""``Symbol.infer_shape``, ``Symbol.infer_type`` and their partial variants."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch

from ..core import dtype as dtypes
from ..core.errors import MXNetError, nearest
from ..core.integers import is_int
from ..core.methods import method_of
from ..core.numpy_mode import numpy_mode
from ..core.warning import warn
from ..ops.shape_rule import PartialShape, is_known, read_lengths, shown_lengths
from ..ops.type_rule import PartialType
from .infer.shapes import infer_shapes
from .infer.types import infer_types
from .node import Entry, auxiliary_states, topological_order
from .symbol import Symbol

Lists = tuple[Any, Any, Any]

_NOTHING: Lists = (None, None, None)


@method_of(Symbol)
def infer_shape(self: Symbol, *args: Any, **kwargs: Any) -> Lists:
    """Return the shapes of arguments, outputs and auxiliary states from those of some variables.

    Parameters
    ----------
    *args : tuple of int or None
        Shapes in the order of `list_arguments`.
    **kwargs : tuple of int
        Shapes by name; 0 is an unknown length, or -1 with NumPy's meaning of shapes.

    Returns
    -------
    arg_shapes, out_shapes, aux_shapes : list of tuple
        All None, with a warning, if some cannot be inferred from those given.

    Raises
    ------
    MXNetError
        The shapes contradict one another, or a name is not an argument.

    Examples
    --------
    >>> import glueball as mx
    >>> net = mx.sym.FullyConnected(mx.sym.var("data"), num_hidden=2, name="fc")
    >>> net.infer_shape(data=(4, 3))
    ([(4, 3), (2, 3), (2,)], [(4, 2)], [])
    """
    shapes = _inferred_shapes(self, "infer_shape", args, kwargs)
    unknown = [entry for entry, shape in shapes.items() if not is_known(shape)]
    if not unknown:
        return _lists(self, shapes)
    sign = "a length of -1, or None, is unknown" if numpy_mode.shapes else "a length of 0 is unknown"
    _warn("shape", sign, {entry: shown_lengths(shapes[entry]) for entry in unknown})
    return _NOTHING


@method_of(Symbol)
def infer_shape_partial(self: Symbol, *args: Any, **kwargs: Any) -> Lists:
    """Like `infer_shape`, with 0 for an unknown length and () for an unknown shape.

    With NumPy's meaning of shapes these are -1 and None.
    """
    shapes = _inferred_shapes(self, "infer_shape_partial", args, kwargs)
    return _lists(self, {entry: shown_lengths(shape) for entry, shape in shapes.items()})


@method_of(Symbol)
def infer_type(self: Symbol, *args: Any, **kwargs: Any) -> Lists:
    """Return the types of arguments, outputs and auxiliary states from those of some variables.

    Parameters
    ----------
    *args : str, numpy.dtype or None
        Types in the order of `list_arguments`.
    **kwargs : str or numpy.dtype
        Types by name.

    Returns
    -------
    arg_types, out_types, aux_types : list of type
        All None, with a warning, if some cannot be inferred from those given.

    Raises
    ------
    MXNetError
        The types contradict one another, or a name is not an argument.

    Examples
    --------
    >>> import glueball as mx
    >>> (mx.sym.var("x") > 1).infer_type(x="float64")
    ([<class 'numpy.float64'>], [<class 'numpy.float64'>], [])
    """
    types = _inferred_types(self, "infer_type", args, kwargs)
    unknown = [entry for entry, kind in types.items() if kind is None]
    if not unknown:
        return _type_lists(self, types)
    _warn("type", "None is unknown", {entry: None for entry in unknown})
    return _NOTHING


@method_of(Symbol)
def infer_type_partial(self: Symbol, *args: Any, **kwargs: Any) -> Lists:
    """Like `infer_type`, with None for an unknown type."""
    return _type_lists(self, _inferred_types(self, "infer_type_partial", args, kwargs))


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
    """Read the arguments, given by position or by name; None is unknown."""
    names = symbol.list_arguments()
    if args and kwargs:
        raise ValueError(
            f"{owner}: arguments must be given all by position or all by name; "
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
    """Read a shape for inference; see `read_lengths`."""
    sign = "-1" if numpy_mode.shapes else "0"
    if not isinstance(value, tuple) or not all(map(is_int, value)):
        raise TypeError(f"{owner} must be a tuple of ints, {sign} for an unknown length; received {value!r}")
    lengths = tuple([length.__index__() for length in value])
    if any(length < -1 for length in lengths):
        raise MXNetError(f"{owner} must have lengths of 0 or more, {sign} being unknown; received {value!r}")
    return read_lengths(lengths)


def _lists(symbol: Symbol, facts: Mapping[Entry, Any]) -> Lists:
    """Return the facts about arguments, outputs and auxiliary states, in the symbol's order."""
    nodes = topological_order(symbol._entries)
    states = dict.fromkeys(auxiliary_states(nodes))
    return (
        [facts[Entry(node, 0)] for node in nodes if node.is_variable and node not in states],
        [facts[entry] for entry in symbol._entries],
        [facts[Entry(node, 0)] for node in states],
    )


def _warn(what: str, sign: str, unknown: Mapping[Entry, Any]) -> None:
    variables = [f"{entry.node.name} {fact}" for entry, fact in unknown.items() if entry.node.is_variable]
    nodes = [f"{entry.node.output_name(entry.index)} {fact}" for entry, fact in unknown.items()]
    # Listing inner arrays would hide the arguments, which a user can give.
    listed = variables or nodes[:1]
    warn(
        f"infer_{what}: each {what} must follow from those that are given; unknown are {', '.join(listed)} "
        f"({sign}); give more, or use infer_{what}_partial",
        UserWarning,
    )
