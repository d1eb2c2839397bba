"""Export to ONNX, as MXNet's ``mx.onnx.export_model`` is called."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from ..core import dtype as dtypes
from ..core.doors import door
from ..core.errors import InvalidTypeError, MXNetError
from ..interop.onnx.exporting import Translation, write_model
from ..interop.onnx.exporting.export import OPSET
from ..interop.onnx.rules import RULES
from ..ndarray import NDArray, load
from ..ndarray.files import tensors_of
from ..serialization.checkpoint import without_kind
from ..symbol import Symbol
from ..symbol import load as load_symbol

__all__ = ["export_model", "get_operator_support"]

_OWNER = "onnx.export_model"

Parameters = Mapping[str, NDArray]


class CountError(MXNetError, AssertionError):
    """There are not as many types or shapes as inputs. MXNet raises AssertionError."""


@door
def export_model(
    sym: Symbol | str | os.PathLike[str],
    params: Parameters | Sequence[Parameters] | str | os.PathLike[str],
    in_shapes: Sequence[Sequence[int]] | None = None,
    in_types: Any = "float32",
    onnx_file_path: str | os.PathLike[str] = "model.onnx",
    verbose: bool = False,
    dynamic: bool = False,
    dynamic_input_shapes: Sequence[Sequence[int | str | None]] | None = None,
    run_shape_inference: bool = False,
    input_type: Any = None,
    input_shape: Sequence[Sequence[int]] | None = None,
    *,
    opset_version: int = OPSET,
) -> str:
    """Write a network as a file of ONNX.

    It predicts: Dropout is left out, batch normalization uses its moving statistics, and output layers such as
    SoftmaxOutput need no labels. The file appears whole or not at all. It needs ``pip install 'glueball[onnx]'``.

    Parameters
    ----------
    sym : Symbol or path
        The graph, or its ``-symbol.json`` file.
    params : dict of str to NDArray, list of two dicts, or path
        The parameters and auxiliary states, in one dict or in one each; or the ``.params`` file.
    in_shapes : list of tuple of int
        The shapes of the inputs, in the order of ``sym.list_inputs()`` without the parameters. Labels may be left out.
    in_types : dtype or list of dtype, default 'float32'
        The type of all inputs, or of each.
    onnx_file_path : path, default 'model.onnx'
        The file. Weights of more than 2 GB lie in a second one beside it, ``model.onnx.data``.
    verbose : bool, default False
        Log the inputs and outputs of the file.
    dynamic : bool, default False
        Some lengths of the inputs vary from run to run. MXNet's files then say so without making sure of it; here
        every operator is written for lengths that vary.
    dynamic_input_shapes : list of tuple, optional
        Which ones: the shapes of the inputs with None, or a name, in the place of a length, as in
        ``[(None, 3, 224, 224)]``. By default all that the parameters do not determine.
    run_shape_inference : bool, default False
        Add the shapes of all arrays to the file, for tools that show them.
    input_type, input_shape
        Older names of `in_types` and `in_shapes`.
    opset_version : int, default 17
        The version of ONNX's operators, 13 to 21. MXNet takes the newest of the installed package.

    Returns
    -------
    str
        The path of the file.

    Raises
    ------
    MXNetError
        Operators have no counterpart in ONNX: the message names all of them. Or shapes are missing or do not fit, or
        the file cannot be written.

    Examples
    --------
    >>> import os, tempfile
    >>> import glueball as mx
    >>> net = mx.sym.FullyConnected(mx.sym.var("data"), num_hidden=2, name="fc")
    >>> params = {"fc_weight": mx.nd.ones((2, 3)), "fc_bias": mx.nd.zeros(2)}
    >>> path = os.path.join(tempfile.mkdtemp(), "net.onnx")
    >>> written = mx.onnx.export_model(
    ...     net, params, [(1, 3)], onnx_file_path=path, dynamic=True, dynamic_input_shapes=[(None, 3)])
    >>> import onnx
    >>> graph = onnx.load(written).graph
    >>> [node.op_type for node in graph.node], graph.input[0].name, graph.output[0].name
    (['Gemm'], 'data', 'fc')
    """
    symbol = sym if isinstance(sym, Symbol) else load_symbol(sym)
    arrays = _arrays(params)
    shapes = _shapes(symbol, arrays, in_shapes if input_shape is None else input_shape)
    types = _types(shapes, in_types if input_type is None else input_type)
    opened: Any = bool(dynamic)
    if dynamic_input_shapes is not None:
        if not dynamic:
            raise MXNetError(f"{_OWNER}: dynamic must be True where dynamic_input_shapes is given; received False")
        opened = _dynamic(shapes, dynamic_input_shapes)
    written = write_model(
        symbol, arrays, onnx_file_path, shapes,
        types=types, dynamic=opened, opset=opset_version, infer=bool(run_shape_inference), owner=_OWNER,
    )  # fmt: skip
    if verbose:
        _report(written, opset_version, onnx_file_path)
    return os.fspath(onnx_file_path)


@door
def get_operator_support(opset_version: int | None = None) -> list[str]:
    """Return the names of the operators that `export_model` can write.

    Parameters
    ----------
    opset_version : int, optional
        The version of ONNX's operators; by default the one that is written by default.

    Examples
    --------
    >>> import glueball as mx
    >>> "Convolution" in mx.onnx.get_operator_support()
    True
    """
    version = OPSET if opset_version is None else opset_version
    return sorted(["null", *[name for name, rule in RULES.items() if rule.since <= version]])


def _arrays(params: Any) -> dict[str, Tensor]:
    """Return tensors by name, without the prefixes of files."""
    if isinstance(params, str | os.PathLike):
        params = load(params)
        if not isinstance(params, dict):
            raise MXNetError(f"{_OWNER}: the arrays of the file must have names; received a list of {len(params)}")
    dicts = [params] if isinstance(params, Mapping) else params
    found: dict[str, Tensor] = {}
    for each in dicts:
        if not isinstance(each, Mapping):
            raise InvalidTypeError(
                f"{_OWNER}: params must be a dict of NDArrays, a list of two, or a path; received {type(each).__name__}"
            )
        tensors = tensors_of(_OWNER, each)
        assert isinstance(tensors, Mapping)
        found.update({without_kind(name): tensor for name, tensor in tensors.items()})
    return found


def _shapes(symbol: Symbol, arrays: Mapping[str, Tensor], given: Any) -> dict[str, tuple[int, ...]]:
    inputs = [name for name in symbol.list_inputs() if name not in arrays]
    if given is None:
        raise InvalidTypeError(
            f"{_OWNER}: in_shapes must be a list of shapes, one for each of {', '.join(inputs)}; received None"
        )
    shapes = [tuple(shape) for shape in given]
    if len(shapes) > len(inputs):
        raise CountError(
            f"{_OWNER}: there must be a shape for each of {len(inputs)} inputs ({', '.join(inputs) or 'none'}); "
            f"received {len(shapes)}: {shapes}"
        )
    return dict(zip(inputs, shapes, strict=False))


def _types(shapes: Mapping[str, object], given: Any) -> dict[str, torch.dtype]:
    kinds = list(given) if isinstance(given, list | tuple) else [given] * len(shapes)
    if len(kinds) != len(shapes):
        raise CountError(f"{_OWNER}: in_types must be one type, or {len(shapes)}; received {len(kinds)}: {kinds}")
    return {name: dtypes.to_torch(kind, _OWNER) for name, kind in zip(shapes, kinds, strict=True)}


def _dynamic(shapes: Mapping[str, tuple[int, ...]], given: Any) -> dict[str, tuple[int | str | None, ...]]:
    opened = [tuple(shape) for shape in given]
    if [len(shape) for shape in opened] != [len(shape) for shape in shapes.values()]:
        raise CountError(
            f"{_OWNER}: dynamic_input_shapes must be as many and as long as in_shapes, {list(shapes.values())}; "
            f"received {opened}"
        )
    return dict(zip(shapes, opened, strict=True))


def _report(written: Translation, opset: int, path: str | os.PathLike[str]) -> None:
    logging.info("ONNX file %s, version %d of the operators", os.fspath(path), opset)
    for output in written.outputs:
        logging.info("output %s of type %s", output.name, dtypes.TORCH_TO_NAME[output.type])
