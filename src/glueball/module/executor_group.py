"""One executor for each context, each with its part of every batch and its own replicas of the parameters."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from ..core.context import Context, cpu
from ..core.doors import guard
from ..core.errors import RefusedError
from ..executor import Executor
from ..executor.arrays import refuse_duplicates
from ..executor.binding import bind_made
from ..executor.placement import check_groups
from ..executor_manager import _split_input_slice
from ..io import DataDesc
from ..ndarray import NDArray, zeros
from ..parallel import mean
from ..symbol.infer import Inferred
from .batch_parts import (
    _load_data,
    _load_general,  # noqa: F401  (MXNet has it here)
    _load_label,
    _merge_multi_context,
    _prepare_group2ctxs,
    part_of,
)
from .gradient_request import requested_gradients
from .inputs import require_array
from .replicas import ArrayMaker, common_batch_size, described, inferred, planned_copies


@guard
class DataParallelExecutorGroup:
    """The executors of a `Module`: one for each context, with its part of every batch and copies of the parameters.

    Parameters
    ----------
    symbol : Symbol
        The graph.
    contexts : list of Context
        Where to compute.
    workload : list of float
        The relative size of each context's part.
    data_shapes, label_shapes : list of DataDesc
        The inputs and the labels of a full batch; None for no labels.
    param_names : list of str
        The arguments that are parameters.
    for_training : bool
        Whether to compute gradients.
    inputs_need_grad : bool
        Whether to compute gradients of the inputs too.
    shared_group : DataParallelExecutorGroup, optional
        The group whose parameters, gradients and auxiliary states are shared if name and shape agree.
    logger : logging.Logger
        Kept as an attribute.
    fixed_param_names : list of str, optional
        Parameters without a gradient.
    grad_req : {'write', 'add', 'null'}, list or dict of these, default 'write'
        The gradient request, for all parameters, for each argument, or by name.
    state_names : list of str, optional
        Arguments that keep their values from batch to batch.
    group2ctxs : dict or list of dict, optional
        Where the groups of the graph are: see `Module`.
    """

    def __init__(
        self,
        symbol: Any,
        contexts: Sequence[Context],
        workload: Sequence[float],
        data_shapes: Sequence[DataDesc],
        label_shapes: Sequence[DataDesc] | None,
        param_names: Sequence[str],
        for_training: bool,
        inputs_need_grad: bool,
        shared_group: DataParallelExecutorGroup | None = None,
        logger: Any = logging,
        fixed_param_names: Sequence[str] | None = None,
        grad_req: Any = "write",
        state_names: Sequence[str] | None = None,
        group2ctxs: Any = None,
    ) -> None:
        self.symbol, self.contexts, self.workload = symbol, list(contexts), workload
        self.group2ctxs = _prepare_group2ctxs(group2ctxs, len(self.contexts))
        for groups in self.group2ctxs:
            check_groups("Module.bind", groups)
        self.for_training, self.inputs_need_grad, self.logger = for_training, inputs_need_grad, logger
        self.arg_names, self.aux_names = symbol.list_arguments(), symbol.list_auxiliary_states()
        self.output_names, self.num_outputs = symbol.list_outputs(), len(symbol.list_outputs())
        self.output_layouts = [DataDesc.get_batch_axis(output.attr("__layout__")) for output in symbol]
        self.param_names = list(param_names)
        self.fixed_param_names, self.state_names = list(fixed_param_names or ()), list(state_names or ())
        data_names = [desc.name for desc in described(data_shapes)]
        kept = {*data_names, *self.param_names} - {*self.fixed_param_names}
        self.grad_req = requested_gradients(
            grad_req if for_training else "null",
            self.arg_names,
            inputs={name: inputs_need_grad for name in data_names},
            untrained={name: "null" for name in self.arg_names if name not in kept},
        )
        refuse_duplicates("arguments", self.arg_names)
        self.execs: list[Executor] = []
        self.bind_exec(data_shapes, label_shapes, shared_group)

    # --- binding --------------------------------------------------------------------------------------------

    def decide_slices(self, data_shapes: Sequence[DataDesc]) -> list[int]:
        """Divide the batch over the contexts; return the batch axis of each input.

        Sets `batch_size` and `slices`.
        """
        self.batch_size = common_batch_size(data_shapes)
        self.slices = _split_input_slice(self.batch_size, self.workload)
        return [DataDesc.get_batch_axis(desc.layout) for desc in data_shapes]

    def bind_exec(
        self,
        data_shapes: Sequence[DataDesc],
        label_shapes: Sequence[DataDesc] | None,
        shared_group: DataParallelExecutorGroup | None = None,
        reshape: bool = False,
    ) -> None:
        """Bind an executor on each context.

        Parameters
        ----------
        data_shapes, label_shapes : list of DataDesc
            The inputs and the labels.
        shared_group : DataParallelExecutorGroup, optional
            The group to share parameters with.
        reshape : bool, default False
            Keep the parameters of the executors there are.
        """
        data, labels = described(data_shapes), described(label_shapes or ())
        before = vars(self).copy()
        try:
            self._glueball_inferred: dict[int, Inferred] = {}
            layouts = self.decide_slices([*data, *labels])
            self.data_layouts, self.label_layouts = layouts[: len(data)], layouts[len(data) :] or None
            self.data_shapes, self.label_shapes = data, labels or None
            self.data_names = [desc.name for desc in data]
            self.label_names = [desc.name for desc in labels] or None
            shared = self if reshape else shared_group
            self.execs = [self._bind_ith_exec(number, data, labels, shared) for number in range(len(self.contexts))]
        except BaseException:
            vars(self).update(before)  # a group stays as it was
            raise
        self._collect_arrays()

    def reshape(self, data_shapes: Sequence[DataDesc], label_shapes: Sequence[DataDesc] | None) -> None:
        """Continue with inputs of other shapes; the parameters are kept."""
        self.bind_exec(data_shapes, label_shapes, reshape=True)

    def _collect_arrays(self) -> None:
        """List the arrays of all executors, by what they are."""
        found = [(executor.arg_dict, executor.grad_dict, executor.aux_dict) for executor in self.execs]
        parts = [(part, args) for part, (args, _, _) in zip(self.slices, found, strict=True)]
        self.data_arrays = [[(part, args[name]) for part, args in parts] for name in self.data_names]
        self.label_arrays = [[(part, args[name]) for part, args in parts] for name in self.label_names or ()] or None
        self.state_arrays = [[args[name] for args, _, _ in found] for name in self.state_names]
        #: For each parameter, its array on each context; likewise the gradients (None where there is none).
        self.param_arrays = [[args[name] for args, _, _ in found] for name in self.param_names]
        self.grad_arrays: list[list[Any]] | None = None
        if self.for_training:
            self.grad_arrays = [[grads.get(name) for _, grads, _ in found] for name in self.param_names]
        self.aux_arrays = [[states[name] for _, _, states in found] for name in self.aux_names]
        self.input_grad_arrays: list[list[Any]] | None = None
        if self.inputs_need_grad:
            self.input_grad_arrays = [[grads[name] for _, grads, _ in found] for name in self.data_names]

    def _sliced_shape(self, shapes: Sequence[DataDesc], i: int, major_axis: Sequence[int]) -> list[DataDesc]:
        """Return the descriptions of a context's part of the batch."""
        size = self.slices[i].stop - self.slices[i].start
        return [
            desc if axis < 0 else desc._replace(shape=(*desc.shape[:axis], size, *desc.shape[axis + 1 :]))
            for desc, axis in zip(shapes, major_axis, strict=True)
        ]

    def _bind_ith_exec(
        self,
        i: int,
        data_shapes: Sequence[DataDesc],
        label_shapes: Sequence[DataDesc] | None,
        shared_group: DataParallelExecutorGroup | None,
    ) -> Executor:
        """Bind the executor of one context."""
        layouts = [*self.data_layouts, *(self.label_layouts or ())]
        inputs = self._sliced_shape([*data_shapes, *(label_shapes or ())], i, layouts)
        may_change = {*self.arg_names} - {*self.param_names, *self.state_names}
        requests = [self.grad_req[name] for name in self.arg_names]
        size = self.slices[i].stop - self.slices[i].start
        if size not in self._glueball_inferred:  # once for parts of one size
            self._glueball_inferred[size] = inferred(self.symbol, inputs)
        shared = None if shared_group is None else shared_group.execs[i]
        make = ArrayMaker(inputs, may_change, shared)
        return bind_made(
            "Module.bind", self.symbol, self.contexts[i], self._glueball_inferred[size], requests, make,
            self.group2ctxs[i],
        )  # fmt: skip

    # --- parameters -----------------------------------------------------------------------------------------

    def set_params(
        self, arg_params: Mapping[str, NDArray], aux_params: Mapping[str, NDArray], allow_extra: bool = False
    ) -> None:
        """Copy parameters and auxiliary states to all contexts; missing names are left unchanged.

        Raises
        ------
        ValueError
            A name is not a parameter, and `allow_extra` is False. Nothing has been changed.
        MXNetError
            A shape differs. Nothing has been changed.
        """
        args = dict(zip(self.param_names, self.param_arrays, strict=True))
        states = dict(zip(self.aux_names, self.aux_arrays, strict=True))
        copies = planned_copies("arguments", arg_params, args, allow_extra)
        copies += planned_copies("auxiliary states", aux_params, states, allow_extra)
        for value, targets in copies:
            for target in targets:
                target._overwrite(value)

    def get_params(self, arg_params: dict[str, NDArray], aux_params: dict[str, NDArray]) -> None:
        """Write the mean over the contexts of each parameter and state to arrays on the CPU, creating missing ones."""
        for names, arrays, into in (
            (self.param_names, self.param_arrays, arg_params),
            (self.aux_names, self.aux_arrays, aux_params),
        ):
            for name, copies in zip(names, arrays, strict=True):
                if name not in into:
                    into[name] = zeros(copies[0].shape, ctx=cpu(), dtype=copies[0].dtype, stype=copies[0].stype)
                into[name]._overwrite(copies[0] if copies[0].stype != "default" else NDArray(mean(copies), cpu()))

    def get_states(self, merge_multi_context: bool = True) -> list[list[NDArray]]:
        """Return, for each of the `state_names`, its array on each context.

        Parameters
        ----------
        merge_multi_context : bool, default True
            Must be False, as in MXNet.
        """
        if merge_multi_context:
            raise RefusedError("Module.get_states: merge_multi_context must be False; states are not merged")
        return self.state_arrays

    def set_states(self, states: Any = None, value: Any = None) -> None:
        """Set the states: to an array for each of them and each context, or all to one number."""
        if (states is None) == (value is None):
            raise RefusedError("Module.set_states: either states or value must be given")
        if states is not None and not (isinstance(states, list | tuple) and len(states) == len(self.state_arrays)):
            raise RefusedError(
                f"Module.set_states: states must be a list for each of the state_names {self.state_names}; "
                f"received {states!r}"
            )
        for number, copies in enumerate(self.state_arrays):
            for position, copy in enumerate(copies):
                copy[:] = value if states is None else states[number][position].as_in_context(copy.context)

    # --- computing ------------------------------------------------------------------------------------------

    def forward(self, data_batch: Any, is_train: bool | None = None) -> None:
        """Compute the outputs for a batch; its labels are optional.

        Parameters
        ----------
        data_batch : DataBatch
            The batch.
        is_train : bool, optional
            Whether to run in training mode; by default `for_training`.
        """
        for name, array in zip(self.data_names, data_batch.data, strict=False):
            require_array(name, array)
        _load_data(data_batch, self.data_arrays, self.data_layouts)
        if self.label_arrays is not None and getattr(data_batch, "label", None):
            for name, array in zip(self.label_names or (), data_batch.label, strict=False):
                require_array(name, array)
            _load_label(data_batch, self.label_arrays, self.label_layouts or ())
        for executor in self.execs:
            executor.forward(is_train=self.for_training if is_train is None else is_train)

    def backward(self, out_grads: Any = None) -> None:
        """Compute the gradients; `out_grads` are those of the outputs, for the full batch."""
        if not self.for_training:
            raise RefusedError("Module.backward: it must have been bound with for_training=True")
        grads = [out_grads] if isinstance(out_grads, NDArray) else out_grads
        for context, executor, part in zip(self.contexts, self.execs, self.slices, strict=True):
            if grads is None:
                executor.backward()
                continue
            parts = [
                NDArray(part_of(grad._data, axis, part).to(context.device).clone(), context)
                for grad, axis in zip(grads, self.output_layouts, strict=False)
            ]
            executor.backward(parts)

    def get_output_shapes(self) -> list[tuple[str, tuple[int, ...]]]:
        """Return names and shapes of the merged outputs."""
        found = []
        for name, copies, axis in zip(
            self.output_names, self.get_outputs(merge_multi_context=False), self.output_layouts, strict=True
        ):
            shape = list(copies[0].shape)
            if axis >= 0 and shape:
                shape[axis] = sum(copy.shape[axis] for copy in copies)
            found.append((name, tuple(shape)))
        return found

    def get_outputs(self, merge_multi_context: bool = True, begin: int = 0, end: int | None = None) -> Any:
        """Return the outputs.

        Parameters
        ----------
        merge_multi_context : bool, default True
            Return the array of the full batch, on the first context; False returns, for each output, a list of the
            array on each context.
        begin, end : int
            Which outputs, by default all.
        """
        chosen = slice(begin, self.num_outputs if end is None else end)
        copies = [list(each) for each in zip(*(executor.outputs[chosen] for executor in self.execs), strict=True)]
        return _merge_multi_context(copies, self.output_layouts[chosen]) if merge_multi_context else copies

    def get_input_grads(self, merge_multi_context: bool = True) -> Any:
        """Return the gradients of the inputs, merged as in `get_outputs`."""
        if self.input_grad_arrays is None:
            raise RefusedError("Module.get_input_grads: it must have been bound with inputs_need_grad=True")
        if merge_multi_context:
            return _merge_multi_context(self.input_grad_arrays, self.data_layouts)
        return self.input_grad_arrays

    def update_metric(self, eval_metric: Any, labels: Any, pre_sliced: bool) -> None:
        """Update a metric with the outputs.

        Parameters
        ----------
        eval_metric : EvalMetric
            The metric.
        labels : list of NDArray
            The labels of the batch; with `pre_sliced`, a list for each context.
        pre_sliced : bool
            Whether the labels are already split.
        """
        for number, executor in enumerate(self.execs):
            part = labels[number] if pre_sliced else self._glueball_labels_of(number, labels)
            eval_metric.update_dict(
                dict(zip(self.label_names or (), part, strict=False)),
                dict(zip(self.output_names, executor.outputs, strict=True)),
            )

    def _glueball_labels_of(self, number: int, labels: Sequence[NDArray]) -> list[NDArray]:
        """Return one executor's part of the labels of a batch."""
        if len(self.execs) == 1:
            return list(labels)
        axes = self.label_layouts or [0] * len(labels)
        return [
            NDArray(part_of(label._data, axis, self.slices[number]), label._ctx)
            for label, axis in zip(labels, axes, strict=False)
        ]

    def install_monitor(self, mon: Any) -> None:
        """Install a monitor on every executor, with its ``install``."""
        for executor in self.execs:
            mon.install(executor)
