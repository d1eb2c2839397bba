"""Files of ONNX as graphs."""

from __future__ import annotations

import os

from ....core.doors import door
from ....interop.onnx.importing import read
from ....ndarray import NDArray
from ....symbol import Symbol
from .import_onnx import as_symbol, metadata

__all__ = ["get_model_metadata", "import_model"]


@door
def import_model(model_file: str | os.PathLike[str]) -> tuple[Symbol, dict[str, NDArray], dict[str, NDArray]]:
    """Read a file of ONNX as a graph.

    It has MXNet's operators alone, so that it can be bound, trained further, and saved as MXNet's files. What follows
    from constants is computed while the file is read. It needs ``pip install 'glueball[onnx]'``.

    Parameters
    ----------
    model_file : path
        The file. Operators of the versions 7 to 21 of ONNX are known.

    Returns
    -------
    sym, arg_params, aux_params : Symbol, dict of str to NDArray, dict of str to NDArray
        The graph, whose inputs are called as in the file; its parameters; the moving statistics of its batch
        normalizations.

    Raises
    ------
    MXNetError
        The file is not there, is no file of ONNX or contradicts itself, or some nodes have no counterpart: all of them
        are named.

    Examples
    --------
    >>> import glueball as mx
    >>> import os, tempfile
    >>> net = mx.gluon.nn.Dense(2, in_units=3)
    >>> net.initialize()
    >>> x = mx.nd.ones((1, 3))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = net.export_onnx(os.path.join(folder, "dense.onnx"), x)
    ...     sym, arg_params, aux_params = mx.contrib.onnx.import_model(path)
    >>> sym.list_arguments()[0], len(arg_params), aux_params
    ('data', 2, {})
    """
    return as_symbol(read(model_file, "import_model"), "import_model")


@door
def get_model_metadata(model_file: str | os.PathLike[str]) -> dict[str, list[tuple[str, tuple[int, ...]]]]:
    """Return the names and shapes of the inputs and outputs of a file of ONNX.

    Parameters
    ----------
    model_file : path
        The file.

    Returns
    -------
    dict
        ``'input_tensor_data'`` and ``'output_tensor_data'``, each a list of (name, shape); a length that varies is 0.
    """
    return metadata(read(model_file, "get_model_metadata"))
