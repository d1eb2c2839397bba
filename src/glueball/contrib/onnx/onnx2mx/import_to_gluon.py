"""Files of ONNX as blocks."""

from __future__ import annotations

import os

from ....core.context import Context
from ....core.doors import door
from ....gluon import SymbolBlock
from ....interop.onnx.importing import read
from .import_onnx import as_block

__all__ = ["import_to_gluon"]


@door
def import_to_gluon(model_file: str | os.PathLike[str], ctx: Context | list[Context] | None = None) -> SymbolBlock:
    """Read a file of ONNX as a block; see `import_model`.

    Parameters
    ----------
    model_file : path
        The file.
    ctx : Context or list of Context, optional
        Where its parameters are to be; by default the current context.

    Examples
    --------
    >>> import glueball as mx
    >>> import os, tempfile
    >>> net = mx.gluon.nn.Dense(2, in_units=3)
    >>> net.initialize()
    >>> x = mx.nd.ones((1, 3))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = net.export_onnx(os.path.join(folder, "dense.onnx"), x)
    ...     block = mx.contrib.onnx.import_to_gluon(path)
    >>> float((block(x) - net(x)).abs().max().asscalar()) < 1e-6
    True
    """
    return as_block(read(model_file, "import_to_gluon"), ctx, "import_to_gluon")
