"""`HybridBlock.export_onnx`: a network as a file of ONNX."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from ...core.errors import MXNetError
from ...core.methods import method_of
from ...interop.onnx.exporting import write_model
from ...interop.onnx.exporting.export import OPSET
from . import nested
from .hybrid_block import HybridBlock
from .parameter_inference import parameters_of


@method_of(HybridBlock)
def export_onnx(
    self: HybridBlock,
    path: str | os.PathLike[str],
    x: Any,
    *args: Any,
    dynamic: bool | Sequence[Sequence[int | str | None]] = False,
    opset_version: int = OPSET,
    run_shape_inference: bool = False,
) -> str:
    """Write the network as a file of ONNX, for inputs like these.

    It is the network that predicts. The block need not be hybridized. A program's own method of this name takes
    precedence: MXNet does not have this one.

    Parameters
    ----------
    path : path
        The file, which appears whole or not at all. Weights of more than 2 GB lie in a second file, ``path.data``.
    x, *args : NDArray
        The inputs of a call: their shapes and types count, not their values.
    dynamic : bool or list of tuple, default False
        Which lengths vary from run to run: True for all that can, or the shapes of the inputs with None, or a name, in
        the place of a length, as in ``[("batch", 3, 224, 224)]``.
    opset_version : int, default 17
        The version of ONNX's operators, 13 to 21.
    run_shape_inference : bool, default False
        Add the shapes of all arrays to the file.

    Returns
    -------
    str
        The path of the file.

    Raises
    ------
    MXNetError
        Operators have no counterpart in ONNX: the message names all of them. Or the block cannot be traced, or the
        file cannot be written.

    Examples
    --------
    >>> import os, tempfile
    >>> from glueball import nd
    >>> from glueball.gluon import nn
    >>> net = nn.Dense(2, in_units=3)
    >>> net.initialize()
    >>> path = net.export_onnx(os.path.join(tempfile.mkdtemp(), "net.onnx"), nd.ones((1, 3)), dynamic=[("batch", 3)])
    >>> import onnx
    >>> onnx.load(path).graph.input[0].type.tensor_type.shape.dim[0].dim_param
    'batch'
    """
    owner = f"{self.name}.export_onnx"
    inputs, outputs = self._get_graph(x, *args)
    arrays, _ = nested.flatten((x, *args), f"{type(self).__name__}: the inputs")
    found = parameters_of(outputs, inputs, dict(self.collect_params().items()), owner)
    self._glueball_initialize(found, (x, *args))
    names = [symbol._node().name for symbol in inputs]
    opened: Any = dynamic
    if not isinstance(dynamic, bool):
        if len(dynamic) != len(names):
            raise MXNetError(f"{owner}: dynamic must have a shape for each of {len(names)} inputs; received {dynamic}")
        opened = dict(zip(names, map(tuple, dynamic), strict=True))
    write_model(
        outputs, {each.name: each._reduce()._data for each in found}, path,
        {name: array.shape for name, array in zip(names, arrays, strict=True)},
        types={name: array._data.dtype for name, array in zip(names, arrays, strict=True)},
        dynamic=opened, opset=opset_version, infer=run_shape_inference, owner=owner,
    )  # fmt: skip
    return os.fspath(path)
