"""``mx.rnn.rnn``: checkpoints that hold the weights of each gate of a cell as arrays of their own."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any

from ..core.doors import door
from ..core.errors import UnfitArgumentError
from ..core.warning import warn
from ..model import load_checkpoint, save_checkpoint
from ..ndarray import NDArray
from .base_cell import BaseRNNCell, States
from .sequences import Steps

__all__ = ["do_rnn_checkpoint", "load_rnn_checkpoint", "rnn_unroll", "save_rnn_checkpoint"]

Cells = BaseRNNCell | list[BaseRNNCell]


@door
def rnn_unroll(
    cell: BaseRNNCell,
    length: int,
    inputs: Any = None,
    begin_state: States | None = None,
    input_prefix: str = "",
    layout: str = "NTC",
) -> tuple[Steps, States]:
    """Compute several steps of a cell; call its `unroll` instead.

    Parameters
    ----------
    cell : BaseRNNCell
        The cell.
    length, inputs, begin_state, layout
        As for `BaseRNNCell.unroll`.
    input_prefix : str, default ''
        Must be empty: variables for the inputs are not made.

    Differs from MXNet
    ------------------
    It works; that of MXNet 1.9.1 passes an argument that `unroll` does not have.
    """
    warn("rnn_unroll: call cell.unroll(...) instead", UserWarning)
    if input_prefix:
        raise UnfitArgumentError(
            f"rnn_unroll: input_prefix must be empty; received {input_prefix!r}; make the inputs with mx.sym.var"
        )
    return cell.unroll(length, inputs=inputs, begin_state=begin_state, layout=layout)


@door
def save_rnn_checkpoint(
    cells: Cells,
    prefix: str | os.PathLike[str],
    epoch: int,
    symbol: Any,
    arg_params: Mapping[str, NDArray],
    aux_params: Mapping[str, NDArray],
) -> None:
    """Save a graph and its parameters as `mx.model.save_checkpoint` does, but with the weights of cells unpacked.

    Parameters
    ----------
    cells : BaseRNNCell or list of BaseRNNCell
        The cells of the graph.
    prefix, epoch, symbol, arg_params, aux_params
        As for `mx.model.save_checkpoint`.

    Examples
    --------
    >>> import os, tempfile
    >>> import glueball as mx
    >>> cell = mx.rnn.RNNCell(2)
    >>> net = cell.unroll(1, mx.sym.var("data"))[0][0]
    >>> shapes = dict(zip(net.list_arguments(), net.infer_shape(data=(1, 1, 3))[0]))
    >>> arrays = {name: mx.nd.ones(shape) for name, shape in shapes.items() if name != "data"}
    >>> prefix = os.path.join(tempfile.mkdtemp(), "net")
    >>> mx.rnn.save_rnn_checkpoint(cell, prefix, 1, net, arrays, {})
    >>> sorted(mx.rnn.load_rnn_checkpoint(cell, prefix, 1)[1]) == sorted(arrays)
    True
    """
    for cell in _listed(cells):
        arg_params = cell.unpack_weights(arg_params)
    save_checkpoint(prefix, epoch, symbol, arg_params, aux_params)


@door
def load_rnn_checkpoint(
    cells: Cells, prefix: str | os.PathLike[str], epoch: int
) -> tuple[Any, dict[str, NDArray], dict[str, NDArray]]:
    """Load what `save_rnn_checkpoint` wrote, here or in MXNet.

    Parameters
    ----------
    cells : BaseRNNCell or list of BaseRNNCell
        The cells of the graph; they need not be of the kind that was saved: what a `FusedRNNCell` saved, its `unfuse`
        loads, and the other way round.
    prefix, epoch
        As for `mx.model.load_checkpoint`.

    Returns
    -------
    symbol : Symbol
        The graph.
    arg_params, aux_params : dict of str to NDArray
        The parameters and the auxiliary states.
    """
    symbol, arg_params, aux_params = load_checkpoint(prefix, epoch)
    for cell in _listed(cells):
        arg_params = cell.pack_weights(arg_params)
    return symbol, arg_params, aux_params


@door
def do_rnn_checkpoint(cells: Cells, prefix: str | os.PathLike[str], period: int = 1) -> Callable[..., None]:
    """Return an epoch-end callback that calls `save_rnn_checkpoint`.

    Parameters
    ----------
    cells : BaseRNNCell or list of BaseRNNCell
        The cells of the graph.
    prefix : path
        Prefix of the file names.
    period : int, default 1
        Save every `period` epochs; a value below 1 counts as 1.

    Returns
    -------
    callable
        Called as ``callback(epoch, symbol, arg_params, aux_params)``, with epochs counted from 0; the file names count
        from 1.
    """
    period = max(1, int(period))

    @door
    def save(iter_no: int, sym: Any = None, arg: Any = None, aux: Any = None) -> None:
        if (iter_no + 1) % period == 0:
            save_rnn_checkpoint(cells, prefix, iter_no + 1, sym, arg, aux)

    return save


def _listed(cells: Cells) -> list[BaseRNNCell]:
    return [cells] if isinstance(cells, BaseRNNCell) else list(cells)
