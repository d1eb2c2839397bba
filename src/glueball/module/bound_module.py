"""A graph bound to contexts and shapes: the computation of a module, without initialization and optimizer."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Sequence
from typing import Any

from ..core.context import Context, cpu
from ..core.errors import MXNetError, RefusedError
from ..io import DataDesc
from ..ndarray import NDArray
from ..symbol import Symbol
from .base_module import BaseModule
from .executor_group import DataParallelExecutorGroup
from .inputs import described, named_arguments, require_batch


class BoundModule(BaseModule):
    """The part of `Module` that binds and computes; its arguments are those of `Module`."""

    def __init__(
        self,
        symbol: Any,
        data_names: Sequence[str] | None = ("data",),
        label_names: Sequence[str] | None = ("softmax_label",),
        logger: Any = logging,
        context: Any = cpu(),  # noqa: B008  (contexts are constants)
        work_load_list: Sequence[float] | None = None,
        fixed_param_names: Sequence[str] | None = None,
        state_names: Sequence[str] | None = None,
        group2ctxs: Any = None,
        compression_params: Any = None,
    ) -> None:
        super().__init__(logger)
        self._compression_params = compression_params
        if not isinstance(symbol, Symbol):
            raise MXNetError(f"Module: symbol must be a Symbol; received {symbol!r}")
        self._symbol = symbol
        self._group2ctxs = group2ctxs
        self._context = list(context) if isinstance(context, list | tuple) else [context]
        self._work_load_list = [1] * len(self._context) if work_load_list is None else work_load_list
        self._glueball_check_contexts()
        self._data_names = named_arguments(symbol, "data_names", data_names)
        self._label_names = named_arguments(symbol, "label_names", label_names)
        self._state_names = named_arguments(symbol, "state_names", state_names)
        self._fixed_param_names = named_arguments(symbol, "fixed_param_names", fixed_param_names)
        inputs = {*self._data_names, *self._label_names, *self._state_names}
        self._param_names = [name for name in symbol.list_arguments() if name not in inputs]
        self._aux_names = symbol.list_auxiliary_states()
        self._output_names = symbol.list_outputs()
        self._exec_group: Any = None
        self._data_shapes: list[DataDesc] | None = None
        self._label_shapes: list[DataDesc] | None = None

    def _glueball_check_contexts(self) -> None:
        if not self._context or not all(isinstance(one, Context) for one in self._context):
            raise MXNetError(f"Module: context must be one or more Contexts; received {self._context}")
        if not isinstance(self._work_load_list, list | tuple) or len(self._work_load_list) != len(self._context):
            raise RefusedError(
                f"Module: work_load_list must have a number for each of the {len(self._context)} contexts; "
                f"received {self._work_load_list}"
            )

    # --- properties -----------------------------------------------------------------------------------------

    @property
    def data_names(self) -> list[str]:
        """The names of the inputs."""
        return self._data_names

    @property
    def label_names(self) -> list[str]:
        """The names of the labels."""
        return self._label_names

    @property
    def output_names(self) -> list[str]:
        """The names of the outputs."""
        return self._output_names

    @property
    def data_shapes(self) -> Any:
        """Descriptions of the inputs, once bound."""
        self._glueball_require("data_shapes", "bound")
        return self._data_shapes

    @property
    def label_shapes(self) -> Any:
        """Descriptions of the labels, once bound; None without labels."""
        self._glueball_require("label_shapes", "bound")
        return self._label_shapes

    @property
    def output_shapes(self) -> Any:
        """Names and shapes of the outputs for a full batch, once bound."""
        self._glueball_require("output_shapes", "bound")
        return self._exec_group.get_output_shapes()

    # --- binding --------------------------------------------------------------------------------------------

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
        """Allocate the arrays for given input shapes, from which the shapes of all parameters are inferred.

        Parameters
        ----------
        data_shapes : list of DataDesc or of (name, shape)
            The inputs of a batch, such as the `provide_data` of an iterator.
        label_shapes : list of DataDesc or of (name, shape), optional
            The labels.
        for_training : bool, default True
            Whether to compute gradients.
        inputs_need_grad : bool, default False
            Whether to compute gradients of the inputs too.
        force_rebind : bool, default False
            Bind again; otherwise a bound module is left unchanged, and a warning is logged.
        shared_module : Module, optional
            A bound module whose parameters this one shares, without copying.
        grad_req : {'write', 'add', 'null'}, list or dict of these, default 'write'
            The gradient request, for all parameters, for each argument, or by name.

        Raises
        ------
        ValueError
            The names in `data_shapes` are not the `data_names`. (For labels it is a UserWarning.)
        MXNetError
            The shapes do not match the graph, one another or the parameters.
        """
        if self.binded and not force_rebind:
            self.logger.warning("Module.bind: it is already bound and left unchanged; force_rebind=True binds it again")
            return
        if inputs_need_grad and not for_training:
            raise RefusedError("Module.bind: inputs_need_grad=True must go with for_training=True; received False")
        if shared_module is not None and not (isinstance(shared_module, BoundModule) and shared_module.binded):
            raise RefusedError(f"Module.bind: shared_module must be a bound Module; received {shared_module!r}")
        data, labels = self._glueball_describe(data_shapes, label_shapes)
        if self.binded and self.params_initialized:
            self.get_params()  # fetch the latest values before their arrays are replaced
        self._exec_group = DataParallelExecutorGroup(
            self._symbol,
            self._context,
            self._work_load_list,
            data,
            labels,
            self._param_names,
            for_training,
            inputs_need_grad,
            None if shared_module is None else shared_module._exec_group,
            self.logger,
            self._fixed_param_names,
            grad_req,
            self._state_names,
            self._group2ctxs,
        )
        self._data_shapes, self._label_shapes = data, labels
        self.for_training, self.inputs_need_grad = for_training, inputs_need_grad
        self.binded = True
        self._glueball_fill_bound(shared_module)

    def _glueball_fill_bound(self, shared_module: Any) -> None:
        """Set the newly bound parameters to their known values; a subclass implements it."""
        raise self._glueball_not_implemented("_glueball_fill_bound")

    def _glueball_describe(self, data_shapes: Any, label_shapes: Any) -> tuple[list[DataDesc], list[DataDesc] | None]:
        return described(self._symbol, (self._data_names, data_shapes), (self._label_names, label_shapes))

    def reshape(self, data_shapes: Sequence[Any], label_shapes: Sequence[Any] | None = None) -> None:
        """Continue with inputs of other shapes; the parameters are kept.

        Parameters
        ----------
        data_shapes, label_shapes : list of DataDesc or of (name, shape)
            The new shapes, as for `bind`.
        """
        self._glueball_require("reshape", "bound")
        data, labels = self._glueball_describe(data_shapes, label_shapes)
        self._reset_bind(data, labels)

    def _reset_bind(self, data: list[DataDesc], labels: list[DataDesc] | None) -> None:
        self._exec_group.reshape(data, labels)
        self._data_shapes, self._label_shapes = data, labels

    # --- computing ------------------------------------------------------------------------------------------

    def forward(self, data_batch: Any, is_train: bool | None = None) -> None:
        """Compute the outputs for a batch.

        Parameters
        ----------
        data_batch : DataBatch
            The batch, or any object that has ``data`` and, if there are labels, ``label``. The batch size may
            differ from the last one.
        is_train : bool, optional
            Whether to run in training mode; by default the `for_training` of `bind`.
        """
        self._glueball_require("forward", "bound", "params")
        is_train = self.for_training if is_train is None else bool(is_train)
        require_batch(data_batch, self._data_names)
        self._glueball_fit_shapes(data_batch)
        self._exec_group.forward(data_batch, is_train)

    def _glueball_fit_shapes(self, batch: Any) -> None:
        """Bind again if the shapes of the batch differ from the last one's."""
        assert self._data_shapes is not None
        shapes = [tuple(array.shape) for array in batch.data[: len(self._data_shapes)]]
        if shapes == [tuple(desc.shape) for desc in self._data_shapes]:
            return
        given = getattr(batch, "provide_data", None) or [
            desc._replace(shape=shape) for desc, shape in zip(self._data_shapes, shapes, strict=True)
        ]
        labels, arrays = getattr(batch, "provide_label", None), getattr(batch, "label", None)
        if not labels and arrays:
            known = self._label_shapes or [DataDesc(name, ()) for name in self._label_names]
            labels = [desc._replace(shape=tuple(array.shape)) for desc, array in zip(known, arrays, strict=False)]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore" if not labels else "default", UserWarning)
            self._reset_bind(*self._glueball_describe(given, labels))

    def backward(self, out_grads: Any = None) -> None:
        """Compute the gradients for the last `forward`.

        Parameters
        ----------
        out_grads : list of NDArray, optional
            The gradient of each output, for the full batch. Those of losses, and of outputs without a gradient, are
            not needed; the last ones may then be left out, as may all.
        """
        self._glueball_require("backward", "bound", "params")
        if not self.for_training:
            raise RefusedError("Module.backward: it must have been bound with for_training=True")
        out_grads = [out_grads] if isinstance(out_grads, NDArray) else out_grads
        if out_grads is not None and not isinstance(out_grads, list | tuple):
            raise TypeError(f"Module.backward: out_grads must be a list of NDArrays; received {out_grads!r}")
        self._exec_group.backward(out_grads)

    def get_outputs(self, merge_multi_context: bool = True) -> Any:
        """Return the outputs of the last `forward`.

        Parameters
        ----------
        merge_multi_context : bool, default True
            Concatenate the parts of the contexts.

        Returns
        -------
        list of NDArray
            An array for each output; without `merge_multi_context`, a list for each.
        """
        self._glueball_require("get_outputs", "bound", "params")
        return self._exec_group.get_outputs(merge_multi_context)

    def get_input_grads(self, merge_multi_context: bool = True) -> Any:
        """Return the gradients of the inputs, which requires ``inputs_need_grad=True`` in `bind`.

        Parameters
        ----------
        merge_multi_context : bool, default True
            Concatenate the parts of the contexts.

        Returns
        -------
        list of NDArray
            An array for each input; without `merge_multi_context`, a list for each.
        """
        self._glueball_require("get_input_grads", "bound", "params")
        return self._exec_group.get_input_grads(merge_multi_context)

    def get_states(self, merge_multi_context: bool = True) -> Any:
        """Return the arguments named in `state_names`: for each, a list of its array on each context.

        Parameters
        ----------
        merge_multi_context : bool, default True
            Must be False, as in MXNet.
        """
        self._glueball_require("get_states", "bound", "params")
        return self._exec_group.get_states(merge_multi_context)

    def set_states(self, states: Any = None, value: Any = None) -> None:
        """Set the arguments named in `state_names`.

        Parameters
        ----------
        states : list of lists of NDArray, optional
            For each state, an array for each context.
        value : float, optional
            One number for all states; give either this or `states`.
        """
        self._glueball_require("set_states", "bound", "params")
        self._exec_group.set_states(states, value)

    def update_metric(self, eval_metric: Any, labels: Any, pre_sliced: bool = False) -> None:
        """Update a metric with the outputs of the last `forward`.

        Parameters
        ----------
        eval_metric : EvalMetric
            The metric.
        labels : list of NDArray
            The labels of the batch; with `pre_sliced`, a list for each context.
        pre_sliced : bool, default False
            Whether the labels are already split.
        """
        self._glueball_require("update_metric", "bound", "params")
        if not hasattr(eval_metric, "update_dict"):
            raise AttributeError(
                f"Module.update_metric: eval_metric must be an EvalMetric; received {eval_metric!r}; "
                "make one with mx.metric.create(...)"
            )
        self._exec_group.update_metric(eval_metric, labels, pre_sliced)

    def install_monitor(self, mon: Any) -> None:
        """Install a monitor on every executor, with its ``install``."""
        self._glueball_require("install_monitor", "bound")
        self._exec_group.install_monitor(mon)
