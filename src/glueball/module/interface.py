"""What a module is: the states it goes through, what a subclass writes, and parameters in files."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping, Sequence
from typing import Any

from .. import ndarray as nd
from ..core.errors import MXNetError
from ..initializer import Uniform
from ..ndarray import NDArray
from ..serialization.checkpoint import with_kinds


class ModuleInterface:
    """What a subclass of `BaseModule` writes, and what follows from it without a loop over batches."""

    def __init__(self, logger: Any = logging) -> None:
        # The functions of the module logging, not the root logger: a program that gave that one a level and no handler
        # gets its lines on stderr, as with MXNet.
        self.logger: Any = logging if logger is None else logger
        self.binded = False
        self.for_training = False
        self.inputs_need_grad = False
        self.params_initialized = False
        self.optimizer_initialized = False
        self._symbol: Any = None

    def _require(self, method: str, *states: str) -> None:
        """Refuse to do what needs an earlier step; states are ``'bound'``, ``'params'``, ``'optimizer'``."""
        steps = {
            "bound": (self.binded, "bind()"),
            "params": (self.params_initialized, "init_params() or set_params()"),
            "optimizer": (self.optimizer_initialized, "init_optimizer()"),
        }
        for state in states:
            done, step = steps[state]
            if not done:
                raise MXNetError(f"{type(self).__name__}.{method}: it must come after {step}; call that first")

    def _absent(self, name: str) -> NotImplementedError:
        return NotImplementedError(f"{type(self).__name__}: {name} must be written by the subclass")

    # --- what there is --------------------------------------------------------------------------------------

    @property
    def symbol(self) -> Any:
        """The graph, or None."""
        return self._symbol

    @property
    def data_names(self) -> list[str]:
        """The names of the inputs."""
        raise self._absent("data_names")

    @property
    def output_names(self) -> list[str]:
        """The names of the outputs."""
        raise self._absent("output_names")

    @property
    def data_shapes(self) -> Any:
        """Names and shapes of the inputs."""
        raise self._absent("data_shapes")

    @property
    def label_shapes(self) -> Any:
        """Names and shapes of the labels; empty or None without labels."""
        raise self._absent("label_shapes")

    @property
    def output_shapes(self) -> Any:
        """Names and shapes of the outputs."""
        raise self._absent("output_shapes")

    # --- what a subclass writes -----------------------------------------------------------------------------

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
        """Make ready to compute with inputs of certain shapes; see `Module.bind`."""
        raise self._absent("bind")

    def init_params(
        self,
        initializer: Any = Uniform(0.01),  # noqa: B008  (it is never changed)
        arg_params: Mapping[str, NDArray] | None = None,
        aux_params: Mapping[str, NDArray] | None = None,
        allow_missing: bool = False,
        force_init: bool = False,
        allow_extra: bool = False,
    ) -> None:
        """Give the parameters their first values; see `Module.init_params`."""
        raise self._absent("init_params")

    def init_optimizer(
        self,
        kvstore: Any = "local",
        optimizer: Any = "sgd",
        optimizer_params: Any = (("learning_rate", 0.01),),
        force_init: bool = False,
    ) -> None:
        """Choose how parameters are updated; see `Module.init_optimizer`."""
        raise self._absent("init_optimizer")

    def prepare(self, data_batch: Any, sparse_row_id_fn: Any = None) -> None:
        """Make ready for a batch before `forward` gets it; here nothing is to be done.

        Parameters
        ----------
        data_batch : DataBatch
            The batch.
        sparse_row_id_fn : None
            Refused otherwise: sparse parameters are not provided.
        """
        refuse_sparse("prepare", sparse_row_id_fn)

    def forward(self, data_batch: Any, is_train: bool | None = None) -> None:
        """Compute the outputs for a batch; see `Module.forward`."""
        raise self._absent("forward")

    def backward(self, out_grads: Any = None) -> None:
        """Compute the gradients; see `Module.backward`."""
        raise self._absent("backward")

    def forward_backward(self, data_batch: Any) -> None:
        """Compute outputs and gradients for a batch, as for training."""
        self.forward(data_batch, is_train=True)
        self.backward()

    def update(self) -> None:
        """Update the parameters from the gradients."""
        raise self._absent("update")

    def update_metric(self, eval_metric: Any, labels: Any, pre_sliced: bool = False) -> None:
        """Let a metric take in the last outputs; see `Module.update_metric`."""
        raise self._absent("update_metric")

    def get_outputs(self, merge_multi_context: bool = True) -> Any:
        """Return the outputs of the last `forward`; see `Module.get_outputs`."""
        raise self._absent("get_outputs")

    def get_input_grads(self, merge_multi_context: bool = True) -> Any:
        """Return the gradients of the inputs; see `Module.get_input_grads`."""
        raise self._absent("get_input_grads")

    def get_states(self, merge_multi_context: bool = True) -> Any:
        """Return the states; a module that has none returns an empty list."""
        self._require("get_states", "bound", "params")
        return []

    def set_states(self, states: Any = None, value: Any = None) -> None:
        """Set the states; a module that has none takes none."""
        self._require("set_states", "bound", "params")
        if states or value:
            raise MXNetError(f"{type(self).__name__}.set_states: there must be states; this module has none")

    def install_monitor(self, mon: Any) -> None:
        """Let a monitor watch what is computed."""
        raise self._absent("install_monitor")

    # --- parameters -----------------------------------------------------------------------------------------

    def get_params(self) -> tuple[dict[str, NDArray], dict[str, NDArray]]:
        """Return the parameters and the auxiliary states by name."""
        raise self._absent("get_params")

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
            The file; it is replaced as a whole when everything is written.
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
            It is missing, damaged, or does not fit.
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


def refuse_sparse(owner: str, sparse_row_id_fn: Any) -> None:
    """Refuse the argument of sparse parameters, which are not provided."""
    if sparse_row_id_fn is not None:
        raise MXNetError(
            f"Module.{owner}: sparse_row_id_fn must be None, since sparse parameters are not provided; received "
            f"{sparse_row_id_fn!r}"
        )
