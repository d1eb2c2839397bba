"""Writes a graph and its arrays as a file of ONNX."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from ....core.errors import MXNetError
from ....core.extras import required
from ....symbol.node import Entry, Node, topological_order
from ....symbol.symbol import Symbol
from ..document import FORMATS
from .shapes import Inputs, Varying, can_vary, infer_cases
from .translation import Translation, translate, unused_labels
from .weights import write_file

#: The version of ONNX's operators that is written unless another is asked for: all runtimes of the last years read it.
OPSET = 17

#: A shape, some lengths of which vary: None, or a name that is shared by all axes of the same length.
OpenShape = Sequence[int | str | None]


class NoCounterpartError(MXNetError, AttributeError):
    """Operators of a graph cannot be said in ONNX. MXNet raises AttributeError."""


def write_model(
    symbol: Symbol,
    arrays: Mapping[str, Tensor],
    path: str | os.PathLike[str],
    shapes: Mapping[str, Sequence[int]],
    *,
    types: Mapping[str, torch.dtype] | None = None,
    dynamic: Mapping[str, OpenShape] | bool = False,
    opset: int = OPSET,
    infer: bool = False,
    owner: str = "onnx.export_model",
) -> Translation:
    """Write a graph and its arrays as a file of ONNX, whole or not at all.

    Parameters
    ----------
    symbol : Symbol
        The graph.
    arrays : mapping of str to torch.Tensor
        Its parameters and states by name, without the prefixes of files; more are allowed.
    path : path
        The file. If the arrays need more than 2 GB, they lie in a second file beside it, ``path.data``.
    shapes : mapping of str to tuple of int
        The shapes of the inputs, in their order. Labels of output layers need none, and are left out then.
    types : mapping of str to torch.dtype, optional
        Their types; float32 by default.
    dynamic : mapping of str to tuple, or bool
        For inputs, which lengths vary: None or a name in the place of a length. True for all that can.
    opset : int
        The version of ONNX's operators: 13 to 21.
    infer : bool
        Add the shapes of all arrays to the file, as onnx.shape_inference finds them.
    owner : str
        The caller's name; error messages begin with it.

    Returns
    -------
    Translation
        What was written: the names and shapes of inputs and outputs.

    Raises
    ------
    NoCounterpartError
        Operators cannot be said in ONNX; the message names all of them.
    MXNetError
        An input is missing, shapes do not fit, or the file cannot be written.
    """
    onnx = required("onnx", "onnx", owner)
    if opset not in FORMATS:
        raise MXNetError(f"{owner}: the opset must be one of {min(FORMATS)} to {max(FORMATS)}; received {opset!r}")
    heads = symbol._entries
    variables = [node for node in topological_order(heads) if node.is_variable]
    left_out = unused_labels(heads, {**arrays, **shapes})
    _require_shapes(owner, variables, {**arrays, **shapes, **{node.name: () for node in left_out}})
    inputs = _inputs(variables, arrays, shapes, types or {})
    found = infer_cases(heads, inputs, _varying(owner, heads, inputs, shapes, dynamic))
    translation = translate(heads, found, opset, left_out)
    if translation.problems:
        raise _no_counterparts(owner, opset, translation.problems)
    given = [array for node, array in translation.variables.items() if node.name in shapes]
    given.sort(key=lambda array: list(shapes).index(array.name))
    used = translation.document.used()
    weights = {
        array: arrays[array.name]
        for node, array in translation.variables.items() if node.name not in shapes and array.name in used
    }  # fmt: skip
    write_file(onnx, translation.document, given, translation.outputs, weights, path, found.names, infer, owner)
    return translation


def _require_shapes(owner: str, variables: Sequence[Node], known: Mapping[str, object]) -> None:
    missing = [node.name for node in variables if node.name not in known]
    if missing:
        raise MXNetError(
            f"{owner}: each variable must be a parameter that is given, or an input with a shape; received neither for "
            f"{', '.join(missing)}; add its shape to in_shapes, or its array to params"
        )


def _inputs(
    variables: Sequence[Node], arrays: Mapping[str, Tensor], shapes: Mapping[str, Sequence[int]],
    types: Mapping[str, torch.dtype],
) -> Inputs:  # fmt: skip
    sizes = {node.name: tuple(arrays[node.name].shape) for node in variables if node.name in arrays}
    kinds = {node.name: arrays[node.name].dtype for node in variables if node.name in arrays}
    sizes.update({name: tuple(shape) for name, shape in shapes.items()})
    kinds.update({name: types.get(name, torch.float32) for name in shapes})
    return Inputs(sizes, kinds)


def _varying(
    owner: str, heads: Sequence[Entry], inputs: Inputs, shapes: Mapping[str, Sequence[int]],
    dynamic: Mapping[str, OpenShape] | bool,
) -> list[Varying]:  # fmt: skip
    """Return the lengths that vary: one for each name, and one for axes without a name in the same place, as long."""
    opened: Mapping[str, OpenShape] = {}
    if dynamic is True:
        opened = {name: [None] * len(shape) for name, shape in shapes.items()}
    elif dynamic is not False:
        opened = dynamic
    groups: dict[Any, list[tuple[str, int]]] = {}
    for name, lengths in opened.items():
        if name not in shapes or len(lengths) != len(shapes[name]):
            raise MXNetError(
                f"{owner}: a shape that varies must be as long as that of the input, which is {shapes.get(name)} for "
                f"{name}; received {list(lengths)}"
            )
        for axis, length in enumerate(lengths):
            if length is None or isinstance(length, str):
                groups.setdefault(length or (axis, inputs.shapes[name][axis]), []).append((name, axis))
    found = []
    for key, places in groups.items():
        each = Varying(_name(key, groups), tuple(places))
        if can_vary(heads, inputs, each):
            found.append(each)
        elif dynamic is not True:
            name, axis = places[0]
            raise MXNetError(
                f"{owner}: axis {axis} of {name} must be free to vary; received {list(opened[name])}, but the graph and"
                f" its parameters fit the length {inputs.shapes[name][axis]} alone; give that number in its place"
            )
    return found


def _name(key: Any, groups: Mapping[Any, object]) -> str:
    if isinstance(key, str):
        return key
    axis, _ = key
    alone = sum(not isinstance(other, str) and other[0] == axis for other in groups) == 1
    return "batch" if axis == 0 and alone and "batch" not in groups else ""


def _no_counterparts(owner: str, opset: int, problems: Mapping[str, Sequence[str]]) -> NoCounterpartError:
    listed = "; ".join(f"{reason}: {', '.join(nodes)}" for reason, nodes in problems.items())
    return NoCounterpartError(
        f"{owner}: all operators must have a counterpart in version {opset} of ONNX's operators; received some that "
        f"have none: {listed}; export the graph up to them, by get_internals()"
    )
