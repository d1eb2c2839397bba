"""The interface of modules: their state, the methods of a subclass, and parameters in files."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping, Sequence
from typing import Any

from .. import ndarray as nd
from ..core.doors import guard
from ..core.errors import MXNetError, RefusedError
from ..core.strangers import call
from ..initializer import Uniform
from ..ndarray import NDArray
from ..serialization.checkpoint import with_kinds


@guard
class ModuleInterface:
    """The methods that a subclass of `BaseModule` implements, and those built on them without a loop over batches."""

    def __init__(self, logger: Any = logging) -> None:
        # The module logging, not the root logger: its functions add a handler to a root logger that has none, so that
        # log lines appear on stderr, as with MXNet.
        self.logger: Any = logging if logger is None else logger
        self.binded = False
        self.for_training = False
        self.inputs_need_grad = False
        self.params_initialized = False
        self.optimizer_initialized = False
        self._symbol: Any = None

    def _glueball_require(self, method: str, *states: str) -> None:
        """Refuse a method that requires an earlier step; states are ``'bound'``, ``'params'``, ``'optimizer'``."""
        steps = {
            "bound": (self.binded, "bind()"),
            "params": (self.params_initialized, "init_params() or set_params()"),
            "optimizer": (self.optimizer_initialized, "init_optimizer()"),
        }
        for state in states:
            done, step = steps[state]
            if not done:
                raise RefusedError(f"{type(self).__name__}.{method}: it must come after {step}; call that first")

    def _glueball_not_implemented(self, name: str) -> NotImplementedError:
        return NotImplementedError(f"{type(self).__name__}: {name} must be implemented by the subclass")

    # --- properties -----------------------------------------------------------------------------------------

    @property
    def symbol(self) -> Any:
        """The graph, or None."""
        return self._symbol

    @property
    def data_names(self) -> list[str]:
        """The names of the inputs."""
        raise self._glueball_not_implemented("data_names")

    @property
    def output_names(self) -> list[str]:
        """The names of the outputs."""
        raise self._glueball_not_implemented("output_names")

    @property
    def data_shapes(self) -> Any:
        """Names and shapes of the inputs."""
        raise self._glueball_not_implemented("data_shapes")

    @property
    def label_shapes(self) -> Any:
        """Names and shapes of the labels; empty or None without labels."""
        raise self._glueball_not_implemented("label_shapes")

    @property
    def output_shapes(self) -> Any:
        """Names and shapes of the outputs."""
        raise self._glueball_not_implemented("output_shapes")

    # --- for subclasses -------------------------------------------------------------------------------------

    def bind(
        self,
        data_shapes: Sequence[Any],
        label_shapes: Sequence[Any] | None = None,
        for_training: bool = True,
        inputs_need_grad: bool = False,
        force_rebind: bool = False,
        shared_module: Any = None,
        grad_req: Any = "write",
    ) -> None:
        """Allocate the arrays for given input shapes; see `Module.bind`."""
        raise self._glueball_not_implemented("bind")

    def init_params(
        self,
        initializer: Any = Uniform(0.01),  # noqa: B008  (it is never modified)
        arg_params: Mapping[str, NDArray] | None = None,
        aux_params: Mapping[str, NDArray] | None = None,
        allow_missing: bool = False,
        force_init: bool = False,
        allow_extra: bool = False,
    ) -> None:
        """Initialize the parameters; see `Module.init_params`."""
        raise self._glueball_not_implemented("init_params")

    def init_optimizer(
        self,
        kvstore: Any = "local",
        optimizer: Any = "sgd",
        optimizer_params: Any = (("learning_rate", 0.01),),
        force_init: bool = False,
    ) -> None:
        """Set the optimizer; see `Module.init_optimizer`."""
        raise self._glueball_not_implemented("init_optimizer")

    def prepare(self, data_batch: Any, sparse_row_id_fn: Any = None) -> None:
        """Prepare for a batch before `forward`.

        MXNet copies the rows of sparse parameters that the batch needs from its store; here they are all in place.

        Parameters
        ----------
        data_batch : DataBatch
            The batch.
        sparse_row_id_fn : callable, optional
            Takes the batch, and returns a dict of the rows that each sparse parameter needs. It is called, as in MXNet.

        Raises
        ------
        AssertionError
            It returns something else.
        """
        if sparse_row_id_fn is None:
            return
        found = call(sparse_row_id_fn, data_batch)
        if not isinstance(found, dict):
            raise RefusedError(
                f"Module.prepare: sparse_row_id_fn must return a dict of rows by the names of parameters; received "
                f"{type(found).__name__}"
            )

    def forward(self, data_batch: Any, is_train: bool | None = None) -> None:
        """Compute the outputs for a batch; see `Module.forward`."""
        raise self._glueball_not_implemented("forward")

    def backward(self, out_grads: Any = None) -> None:
        """Compute the gradients; see `Module.backward`."""
        raise self._glueball_not_implemented("backward")

    def forward_backward(self, data_batch: Any) -> None:
        """Compute outputs and gradients for a batch, in training mode."""
        self.forward(data_batch, is_train=True)
        self.backward()

    def update(self) -> None:
        """Update the parameters from the gradients."""
        raise self._glueball_not_implemented("update")

    def update_metric(self, eval_metric: Any, labels: Any, pre_sliced: bool = False) -> None:
        """Update a metric with the last outputs; see `Module.update_metric`."""
        raise self._glueball_not_implemented("update_metric")

    def get_outputs(self, merge_multi_context: bool = True) -> Any:
        """Return the outputs of the last `forward`; see `Module.get_outputs`."""
        raise self._glueball_not_implemented("get_outputs")

    def get_input_grads(self, merge_multi_context: bool = True) -> Any:
        """Return the gradients of the inputs; see `Module.get_input_grads`."""
        raise self._glueball_not_implemented("get_input_grads")

    def get_states(self, merge_multi_context: bool = True) -> Any:
        """Return the states; a module that has none returns an empty list."""
        self._glueball_require("get_states", "bound", "params")
        return []

    def set_states(self, states: Any = None, value: Any = None) -> None:
        """Set the states; a module that has none accepts none."""
        self._glueball_require("set_states", "bound", "params")
        if states or value:
            raise MXNetError(f"{type(self).__name__}.set_states: there must be states; this module has none")

    def install_monitor(self, mon: Any) -> None:
        """Install a monitor."""
        raise self._glueball_not_implemented("install_monitor")

    # --- parameters -----------------------------------------------------------------------------------------

    def get_params(self) -> tuple[dict[str, NDArray], dict[str, NDArray]]:
        """Return the parameters and the auxiliary states by name."""
        raise self._glueball_not_implemented("get_params")

    def set_params(
        self,
        arg_params: Mapping[str, NDArray] | None,
        aux_params: Mapping[str, NDArray] | None,
        allow_missing: bool = False,
        force_init: bool = True,
        allow_extra: bool = False,
    ) -> None:
        """Set parameters and auxiliary states; see `Module.set_params`."""
        self.init_params(
            initializer=None,
            arg_params=arg_params,
            aux_params=aux_params,
            allow_missing=allow_missing,
            force_init=force_init,
            allow_extra=allow_extra,
        )

    def save_params(self, fname: str | os.PathLike[str]) -> None:
        """Save parameters and auxiliary states to a file that MXNet reads too.

        Parameters
        ----------
        fname : path
            The file; it is replaced atomically.
        """
        nd.save(fname, with_kinds(*self.get_params()))

    def load_params(self, fname: str | os.PathLike[str]) -> None:
        """Set parameters and auxiliary states from a file that `save_params` or MXNet wrote.

        Parameters
        ----------
        fname : path
            The file.

        Raises
        ------
        ValueError
            A name in it does not begin with ``arg:`` or ``aux:``.
        MXNetError
            It is missing, damaged, or does not match the graph.
        """
        found = nd.load(fname)
        kinds: dict[str, dict[str, NDArray]] = {"arg": {}, "aux": {}}
        for full_name, value in found.items() if isinstance(found, dict) else enumerate(found):
            kind, _, name = str(full_name).partition(":")
            if kind not in kinds or not name:
                raise ValueError(
                    f"{type(self).__name__}.load_params: names must begin with 'arg:' or 'aux:'; received "
                    f"{full_name!r} in {os.fspath(fname)!r}"
                )
            kinds[kind][name] = value
        self.set_params(kinds["arg"], kinds["aux"])
