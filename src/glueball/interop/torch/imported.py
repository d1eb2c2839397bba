"""Programs of torch.export as graphs of MXNet's operators."""

from __future__ import annotations

import os
import tempfile

import torch

from ...core.context import Context
from ...core.doors import door
from ...core.errors import MXNetError
from ...core.extras import required
from ...ndarray import NDArray
from ...ndarray.invoke import wrap
from ...symbol import Symbol
from ..onnx.importing import Document, import_document, read
from .program import Path, load_program
from .quiet import quiet, reason

_CPU = Context("cpu", 0)


@door
def import_program(
    program: torch.export.ExportedProgram | Path,
) -> tuple[Symbol, dict[str, NDArray], dict[str, NDArray]]:
    """Return a program of torch.export as a graph, its parameters, and its auxiliary states.

    torch writes the program as ONNX, and the graph has what `mx.contrib.onnx.import_model` makes of that. It needs
    ``pip install 'glueball[pt2]'``. To load a file is to run it: torch executes what a program says of its lengths, so
    give it one that you trust.

    Parameters
    ----------
    program : torch.export.ExportedProgram or path
        The program, or a ``.pt2`` file with one.

    Raises
    ------
    MXNetError
        The file has no program, or operators have no counterpart: they are named.

    Examples
    --------
    >>> import torch
    >>> from glueball.interop.torch import import_program
    >>> program = torch.export.export(torch.nn.Linear(3, 2), (torch.ones(1, 3),))
    >>> sym, arg_params, aux_params = import_program(program)  # doctest: +SKIP
    >>> sorted(arg_params)  # doctest: +SKIP
    ['bias', 'weight']
    """
    if not isinstance(program, torch.export.ExportedProgram):
        program = load_program(program, "import_program")
    document, _ = document_of_program(program, "import_program")
    found = import_document(document, "import_program")
    arrays = [{name: wrap(tensor, _CPU) for name, tensor in each.items()} for each in (found.arguments, found.states)]
    return found.symbol, arrays[0], arrays[1]


def document_of_program(
    program: torch.export.ExportedProgram, owner: str
) -> tuple[Document, torch.export.ExportedProgram]:
    """Return a program as the content of a file of ONNX; and the program of simpler operators that this was made of.

    What is in between has the same names in both, as far as it is in both.
    """
    required("onnx", "pt2", owner)
    required("onnxscript", "pt2", owner)
    with tempfile.TemporaryDirectory(prefix="glueball-program-") as folder, quiet():
        path = os.path.join(folder, "program.onnx")
        try:
            written = torch.onnx.export(program, (), path, dynamo=True, verbose=False, optimize=True)
        except Exception as error:  # torch.onnx has classes of its own, and raises others for what fails inside
            raise MXNetError(
                f"{owner}: torch.onnx must be able to write the program as ONNX; it says: {reason(error)}"
            ) from error
        simpler = written.exported_program if written else None
        return read(path, owner), simpler or program
