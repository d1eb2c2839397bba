"""``.pt2`` files: a network as torch.export writes it, which torch loads without Glueball."""

from __future__ import annotations

import io
import os
from typing import Any

import torch

from ...core.doors import door
from ...core.errors import MXNetError
from ...gluon.core.block import Block
from ...ops.kept import exporting
from ...serialization import atomic_write
from ...symbol import Symbol
from .module import as_module
from .prediction import Arrays, prediction_of
from .quiet import quiet, reason

Path = str | os.PathLike[str]


@door
def export_program(
    path: Path,
    model: Block | Symbol,
    inputs: Any,
    arg_params: Arrays | None = None,
    aux_params: Arrays | None = None,
    *,
    dynamic_batch: bool = False,
) -> None:
    """Write a network as a program of torch.export; ``torch.export.load(path).module()`` runs it without Glueball.

    Parameters
    ----------
    path : path
        The file, by custom ``name.pt2``; replaced whole or not at all.
    model : Block or Symbol
        An initialized HybridBlock, or a graph. An output that is a loss in training is what it predicts, and its label
        is no input.
    inputs : NDArray, list of NDArray, or dict of str to NDArray
        An example of the inputs: in order, or of a Symbol by name. Arrays of NumPy and torch are taken too.
    arg_params, aux_params : dict of str to NDArray, optional
        The arrays of a Symbol.
    dynamic_batch : bool, default False
        Whether the first axis of the inputs, which is then one and the same for all, may have any length; the example
        must have at least 2 there.

    Raises
    ------
    MXNetError
        An array is missing, the block is no graph, the file cannot be written, or torch.export refuses the network.

    Examples
    --------
    >>> import os, tempfile, torch
    >>> from glueball import nd
    >>> from glueball.gluon import nn
    >>> from glueball.interop.torch import check_program, export_program
    >>> net = nn.Dense(2)
    >>> net.initialize()
    >>> path = os.path.join(tempfile.mkdtemp(), "net.pt2")
    >>> export_program(path, net, nd.ones((1, 3)))
    >>> torch.export.load(path).module()(torch.ones(1, 3)).shape
    torch.Size([1, 2])
    >>> check_program(path, net, nd.ones((1, 3)))
    0.0
    """
    found = prediction_of("export_program", model, inputs, arg_params, aux_params)
    examples = tuple([each._data for each in found.inputs.values()])
    module = as_module(found.block, *examples).eval()
    batch = torch.export.Dim("batch", min=1)
    dynamic = ({0: batch},) * len(examples) if dynamic_batch else None
    if dynamic_batch and any(each.dim() == 0 or each.shape[0] < 2 for each in examples):
        raise MXNetError(
            "export_program: with dynamic_batch=True the first axis of the example must have a length of at least 2; "
            f"received {[tuple(each.shape) for each in examples]}"
        )
    try:
        with exporting(), quiet():
            shapes = None if dynamic is None else {"inputs": dynamic}
            program = torch.export.export(module, examples, dynamic_shapes=shapes, strict=False)
            written = io.BytesIO()
            torch.export.save(program, written)
    except Exception as error:
        raise MXNetError(f"export_program: torch.export must take the network; it says: {reason(error)}") from error
    with atomic_write(path, "export_program") as file:
        file.write(written.getbuffer())


@door
def check_program(
    path: Path,
    model: Block | Symbol,
    inputs: Any,
    arg_params: Arrays | None = None,
    aux_params: Arrays | None = None,
) -> float:
    """Load what `export_program` wrote and return its largest difference to the network on these inputs.

    Parameters
    ----------
    path : path
        The file.
    model, inputs, arg_params, aux_params
        As in `export_program`.

    Returns
    -------
    float
        The largest absolute difference of a number of the outputs.

    Raises
    ------
    MXNetError
        The file cannot be read, or shapes differ.
    """
    found = prediction_of("check_program", model, inputs, arg_params, aux_params)
    return found.difference("check_program", load_program(path, "check_program").module())


def load_program(path: Path, owner: str) -> torch.export.ExportedProgram:
    """Return the program of a file, which torch runs in part in order to load it."""
    try:
        with quiet():
            return torch.export.load(os.fspath(path))
    except Exception as error:  # of a damaged file, errors of many kinds
        raise MXNetError(
            f"{owner}: the program must be a torch.export.ExportedProgram, or a file of one; received {path!r}: "
            f"{reason(error)}"
        ) from error
