"""Checkpoints: a graph in one file, and its parameters in one file per epoch."""

from __future__ import annotations

import logging
import os
from collections import namedtuple
from collections.abc import Mapping
from typing import Any

from .. import ndarray as nd
from .. import symbol as sym
from ..core.doors import door
from ..core.errors import MXNetError
from ..ndarray import NDArray
from ..serialization.checkpoint import checkpoint_file, graph_file, with_kinds
from ..serialization.formats import FORMATS
from ..symbol.files import save_with_arrays

__all__ = ["BatchEndParam", "load_checkpoint", "load_params", "save_checkpoint"]

# The argument of batch-end callbacks. The type name is MXNet's and shows when one is printed.
BatchEndParam = namedtuple("BatchEndParams", ["epoch", "nbatch", "eval_metric", "locals"])  # type: ignore[name-match]

Arrays = dict[str, NDArray]


@door
def save_checkpoint(
    prefix: str | os.PathLike[str],
    epoch: int,
    symbol: Any,
    arg_params: Mapping[str, NDArray],
    aux_params: Mapping[str, NDArray],
    remove_amp_cast: bool = True,
) -> None:
    """Save a graph to ``PREFIX-symbol.json`` and its parameters to ``PREFIX-EPOCH.params``; MXNet reads both.

    Parameters
    ----------
    prefix : path
        Prefix of the file names.
    epoch : int
        The epoch of the parameters; it is written with at least four digits.
    symbol : Symbol or None
        The graph; None saves the parameters only.
    arg_params, aux_params : dict of str to NDArray
        The parameters, and the auxiliary states such as running means.
    remove_amp_cast : bool, default True
        Save the graph without the casts that mixed precision inserted.

    Raises
    ------
    MXNetError
        A file cannot be written. Existing files are left intact: both are replaced, or neither.

    Examples
    --------
    >>> import os, tempfile
    >>> import glueball as mx
    >>> prefix = os.path.join(tempfile.mkdtemp(), "net")
    >>> mx.model.save_checkpoint(prefix, 7, None, {"fc_bias": mx.nd.ones((2,))}, {})
    >>> os.path.basename(prefix + "-0007.params") in os.listdir(os.path.dirname(prefix))
    True
    >>> mx.model.load_params(prefix, 7)[0]["fc_bias"].shape
    (2,)
    """
    path = checkpoint_file("save_checkpoint", prefix, epoch)
    for name, given in (("arg_params", arg_params), ("aux_params", aux_params)):
        if not isinstance(given, Mapping):
            raise MXNetError(f"save_checkpoint: {name} must be a dict of NDArrays; received {type(given).__name__}")
    arrays = with_kinds(arg_params, aux_params)
    if symbol is None:
        nd.save(path, arrays)
    elif isinstance(symbol, sym.Symbol):
        graph = graph_file("save_checkpoint", prefix)
        save_with_arrays("save_checkpoint", symbol, graph, arrays, path, remove_amp_cast)
    else:
        raise MXNetError(f"save_checkpoint: symbol must be a Symbol or None; received {type(symbol).__name__}")
    logging.info('Checkpoint written to "%s"', path)


@door
def load_params(prefix: str | os.PathLike[str], epoch: int) -> tuple[Arrays, Arrays]:
    """Load the parameters that `save_checkpoint` wrote.

    Where there is no file ``.params``, one beside it with the extension of another format, such as ``.safetensors``, is
    read.

    Parameters
    ----------
    prefix : path
        Prefix of the file name.
    epoch : int
        The epoch.

    Returns
    -------
    tuple of dict of str to NDArray
        The parameters and the auxiliary states.

    Raises
    ------
    MXNetError
        The file is missing, damaged, or holds arrays without names.
    ValueError
        A name in it lacks the prefix ``arg:`` or ``aux:``.
    """
    path = _file_of("load_params", prefix, epoch)
    found = nd.load(path)
    if not isinstance(found, dict):
        if found:
            raise MXNetError(
                f"load_params: the arrays must have names; received a list of {len(found)} in {path!r}; "
                "read it with mx.nd.load"
            )
        found = {}
    if not found:
        logging.warning("load_params: there are no parameters in %r", path)
    kinds: dict[str, Arrays] = {"arg": {}, "aux": {}}
    for full_name, value in found.items():
        kind, colon, name = full_name.partition(":")
        if not colon:
            raise ValueError(
                f"load_params: names must begin with 'arg:' or 'aux:'; received {full_name!r} in {path!r}; it may be "
                "a file of Block.save_parameters, which Block.load_parameters reads"
            )
        if kind in kinds:
            kinds[kind][name] = value
        else:
            logging.warning("load_params: %r in %r has neither prefix arg: nor aux: and is skipped", full_name, path)
    return kinds["arg"], kinds["aux"]


def _file_of(owner: str, prefix: str | os.PathLike[str], epoch: int) -> str:
    """Return the file of an epoch: the first that exists."""
    path = checkpoint_file(owner, prefix, epoch)
    stem = path.removesuffix(".params")
    others = [stem + ending for each in FORMATS.values() if each.write_arrays for ending in each.endings]
    return next((each for each in [path, *others] if os.path.exists(each)), path)


@door
def load_checkpoint(prefix: str | os.PathLike[str], epoch: int) -> tuple[Any, Arrays, Arrays]:
    """Load a checkpoint written by `save_checkpoint` or by MXNet.

    Parameters
    ----------
    prefix : path
        Prefix of the file names.
    epoch : int
        The epoch.

    Returns
    -------
    symbol : Symbol
        The graph.
    arg_params, aux_params : dict of str to NDArray
        The parameters and the auxiliary states.

    Raises
    ------
    MXNetError
        A file is missing or damaged.
    """
    symbol = sym.load(graph_file("load_checkpoint", prefix))
    return symbol, *load_params(prefix, epoch)
