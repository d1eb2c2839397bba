"""``mx.executor_manager``: a graph on several contexts, each with its part of a batch.

`FeedForward` trains with it, and programs do that have a training loop of their own.
"""

from __future__ import annotations

import itertools
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .core.context import Context
from .core.doors import guard
from .core.errors import MissingNameError, MXNetError, RefusedError
from .executor import Executor
from .executor.arrays import refuse_duplicates
from .ndarray import NDArray
from .parallel import mean

__all__ = ["DataParallelExecutorGroup", "DataParallelExecutorManager"]


def _split_input_slice(batch_size: int, work_load_list: Sequence[float]) -> list[slice]:
    """Return the samples of each context, in proportion to its workload, rounded; the last context gets the rest.

    Parameters
    ----------
    batch_size : int
        The number of samples.
    work_load_list : list of float
        The workload of each context.

    Raises
    ------
    ValueError
        A context would get no samples.
    IndexError
        There is no context.

    Examples
    --------
    >>> from glueball.executor_manager import _split_input_slice
    >>> _split_input_slice(7, [1, 2])
    [slice(0, 2, None), slice(2, 7, None)]
    """
    if not len(work_load_list):
        raise IndexError("work_load_list must have a number for each context; received none")
    total = sum(work_load_list)
    if not total > 0:
        raise ValueError(f"work_load_list must be numbers with a positive sum; received {list(work_load_list)}")
    ends = [0]
    for work in work_load_list[:-1]:
        ends.append(min(batch_size, ends[-1] + round(batch_size * work / total)))
    ends.append(batch_size)
    slices = [slice(start, stop) for start, stop in itertools.pairwise(ends)]
    if any(part.start >= part.stop for part in slices):
        raise ValueError(
            f"Module: each context must get a sample of each batch; {batch_size} samples are split into "
            f"{[part.stop - part.start for part in slices]}; use fewer contexts, or larger batches"
        )
    return slices


def _check_arguments(symbol: Any) -> None:
    """Refuse a graph with two arguments, or two auxiliary states, of one name.

    Raises
    ------
    ValueError
        A name is there twice.
    """
    refuse_duplicates("arguments", symbol.list_arguments())
    refuse_duplicates("auxiliary states", symbol.list_auxiliary_states())


def _load_general(data: Sequence[NDArray], targets: Sequence[Any]) -> None:
    """Copy arrays into others.

    Parameters
    ----------
    data : list of NDArray
        The arrays.
    targets : list of NDArray, or of lists of (slice, NDArray)
        For each, an array of the same shape, or arrays for parts of it along the first axis.
    """
    for source, target in zip(data, targets, strict=False):
        parts = [(slice(None), target)] if isinstance(target, NDArray) else target
        for part, into in parts:
            values = source._data[part]
            if values.shape != into._data.shape:
                raise MXNetError(
                    f"executor_manager: an array must have the shape it is copied to, {into.shape}; received "
                    f"{tuple(values.shape)}"
                )
            into._data.copy_(values)


def _load_data(batch: Any, targets: Sequence[Any]) -> None:
    """Copy the inputs of a batch; see `_load_general`."""
    _load_general(batch.data, targets)


def _load_label(batch: Any, targets: Sequence[Any]) -> None:
    """Copy the labels of a batch; see `_load_general`."""
    _load_general(batch.label, targets)


@guard
class DataParallelExecutorGroup:
    """The executors of one graph: one on each context, for its part of every batch.

    Parameters
    ----------
    sym : Symbol
        The graph.
    arg_names : list of str
        Its arguments.
    param_names : list of str
        Those that are parameters; they have gradients.
    ctx : list of Context
        Where to compute.
    slices : list of slice
        The samples of each context.
    train_data : DataIter
        What has the shapes of a batch: ``provide_data`` and ``provide_label``.
    shared_group : DataParallelExecutorGroup, optional
        A group whose parameters, gradients and auxiliary states are used.
    """

    def __init__(
        self,
        sym: Any,
        arg_names: Sequence[str],
        param_names: Sequence[str],
        ctx: Sequence[Context],
        slices: Sequence[slice],
        train_data: Any,
        shared_group: DataParallelExecutorGroup | None = None,
    ) -> None:
        _check_arguments(sym)
        self.data_names = [one[0] for one in train_data.provide_data]
        self.label_names = [one[0] for one in train_data.provide_label]
        self.aux_names = sym.list_auxiliary_states()
        self.output_names = sym.list_outputs()
        self.param_idx = [number for number, name in enumerate(arg_names) if name in param_names]
        self.param_names = [arg_names[number] for number in self.param_idx]
        self.slices = list(slices)
        shapes = [(one[0], tuple(one[1])) for one in (*train_data.provide_data, *train_data.provide_label)]
        types = {one.name: one.dtype for one in train_data.provide_data if hasattr(one, "dtype")}
        requests = {name: "write" for name in self.param_names}
        shared: Sequence[Any] = [None] * len(ctx) if shared_group is None else shared_group.train_execs
        self.train_execs: list[Executor] = [
            _bound(sym, context, part, shapes, types, requests, other)
            for context, part, other in zip(ctx, self.slices, shared, strict=True)
        ]
        self._glueball_collect()

    def _glueball_collect(self) -> None:
        """List the arrays of all executors, by what they are."""
        parts = [(part, one.arg_dict) for part, one in zip(self.slices, self.train_execs, strict=True)]
        gradients = [one.grad_dict for one in self.train_execs]
        self.data_arrays = [[(part, args[name]) for part, args in parts] for name in self.data_names]
        self.label_arrays = [[(part, args[name]) for part, args in parts] for name in self.label_names]
        self.param_arrays = [[args[name] for _, args in parts] for name in self.param_names]
        self.grad_arrays = [[grads[name] for grads in gradients] for name in self.param_names]
        self.aux_arrays = [[one.aux_dict[name] for one in self.train_execs] for name in self.aux_names]

    def load_data_batch(self, data_batch: Any) -> None:
        """Copy the inputs and the labels of a batch into the executors."""
        _load_data(data_batch, self.data_arrays)
        _load_label(data_batch, self.label_arrays)

    def forward(self, is_train: bool = False) -> None:
        """Compute the outputs on each context."""
        for executor in self.train_execs:
            executor.forward(is_train=is_train)

    def backward(self) -> None:
        """Compute the gradients on each context; the outputs are losses."""
        for executor in self.train_execs:
            executor.backward()

    def update_metric(self, metric: Any, labels: Any, pre_sliced: bool = False) -> None:
        """Update a metric with the outputs.

        Parameters
        ----------
        metric : EvalMetric
            The metric.
        labels : list of NDArray
            The labels of the batch; with `pre_sliced`, a list for each context.
        pre_sliced : bool, default False
            Whether the labels are already split.
        """
        for number, (executor, part) in enumerate(zip(self.train_execs, self.slices, strict=True)):
            own = labels[number] if pre_sliced else [label[part] for label in labels]
            metric.update(own, executor.outputs)


def _bound(
    sym: Any, ctx: Context, part: slice, shapes: Sequence[tuple[str, Any]], types: Any, requests: Any, shared: Any
) -> Executor:
    """Bind a graph for a context's part of the batch."""
    size = part.stop - part.start
    own = {name: (size, *shape[1:]) for name, shape in shapes}
    executor: Executor = sym.simple_bind(ctx=ctx, grad_req=requests, type_dict=types, **own)
    if shared is None:
        return executor
    arguments = {**executor.arg_dict, **{name: shared.arg_dict[name] for name in requests if name in shared.arg_dict}}
    gradients = {name: shared.grad_dict.get(name, executor.grad_dict[name]) for name in requests}
    states = {name: shared.aux_dict.get(name, array) for name, array in executor.aux_dict.items()}
    return sym.bind(ctx, arguments, gradients, requests, states)  # type: ignore[no-any-return]


@guard
class DataParallelExecutorManager:
    """A graph on several contexts, and one more for each length of inputs where there are several.

    Parameters
    ----------
    symbol : Symbol
        The graph.
    ctx : list of Context
        Where to compute.
    train_data : DataIter
        What has the shapes of a batch and its size.
    arg_names, param_names, aux_names : list of str
        The arguments of the graph, those that are parameters, and the auxiliary states.
    work_load_list : list of float, optional
        The relative size of each context's part; by default all are equal.
    logger : logging.Logger, default the module ``logging``
        Where the contexts are logged.
    sym_gen : callable, optional
        Returns the graph for a ``bucket_key`` of a batch.
    """

    def __init__(
        self,
        symbol: Any,
        ctx: Sequence[Context],
        train_data: Any,
        arg_names: Sequence[str],
        param_names: Sequence[str],
        aux_names: Sequence[str],
        work_load_list: Sequence[float] | None = None,
        logger: Any = None,
        sym_gen: Callable[[Any], Any] | None = None,
    ) -> None:
        (logging if logger is None else logger).info("Start training with %s", list(ctx))
        work = [1] * len(ctx) if work_load_list is None else work_load_list
        if not isinstance(work, list) or len(work) != len(ctx):
            raise RefusedError(
                f"DataParallelExecutorManager: work_load_list must be a list of {len(ctx)} numbers, one for each "
                f"context; received {work!r}"
            )
        self.slices = _split_input_slice(train_data.batch_size, work)
        self.symbol, self.sym_gen, self.ctx = symbol, sym_gen, list(ctx)
        self.arg_names, self.param_names, self.aux_names = list(arg_names), list(param_names), list(aux_names)
        self.execgrp = DataParallelExecutorGroup(symbol, self.arg_names, self.param_names, ctx, self.slices, train_data)
        self.curr_execgrp: DataParallelExecutorGroup = self.execgrp
        self.execgrp_bucket: dict[Any, DataParallelExecutorGroup] = {}
        if sym_gen is not None:
            self.execgrp_bucket[train_data.default_bucket_key] = self.execgrp

    @property
    def param_arrays(self) -> list[list[NDArray]]:
        """For each parameter, its array on each context."""
        return self.execgrp.param_arrays

    @property
    def grad_arrays(self) -> list[list[Any]]:
        """For each parameter, its gradient on each context."""
        return self.execgrp.grad_arrays

    @property
    def aux_arrays(self) -> list[list[NDArray]]:
        """For each auxiliary state, its array on each context."""
        return self.execgrp.aux_arrays

    def install_monitor(self, monitor: Any) -> None:
        """Install a monitor on every executor; with `sym_gen` there is no one set of executors."""
        if self.sym_gen is not None:
            raise MXNetError(
                "DataParallelExecutorManager.install_monitor: there must be one graph; received a sym_gen; install "
                "the monitor on the executors of curr_execgrp"
            )
        for executor in self.execgrp.train_execs:
            monitor.install(executor)

    def set_params(self, arg_params: Mapping[str, NDArray], aux_params: Mapping[str, NDArray]) -> None:
        """Copy parameters and auxiliary states to all contexts."""
        for executor in self.execgrp.train_execs:
            executor.copy_params_from(arg_params, aux_params)

    def copy_to(self, arg_params: Mapping[str, NDArray], aux_params: Mapping[str, NDArray]) -> None:
        """Write the mean over the contexts of each parameter and state into arrays.

        Parameters
        ----------
        arg_params, aux_params : dict of str to NDArray
            Where to.
        """
        group = self.execgrp
        for names, arrays, into in (
            (self.param_names, group.param_arrays, arg_params),
            (self.aux_names, group.aux_arrays, aux_params),
        ):
            for name, copies in zip(names, arrays, strict=True):
                if name not in into:
                    raise MissingNameError(f"DataParallelExecutorManager.copy_to: there must be an array for {name!r}")
                into[name]._data.copy_(mean(copies))

    def load_data_batch(self, data_batch: Any) -> None:
        """Copy a batch into the executors; with `sym_gen`, into those for its ``bucket_key``."""
        if self.sym_gen is not None:
            key = data_batch.bucket_key
            if key not in self.execgrp_bucket:
                self.execgrp_bucket[key] = DataParallelExecutorGroup(
                    self.sym_gen(key), self.sym_gen(key).list_arguments(), self.param_names, self.ctx, self.slices,
                    data_batch, shared_group=self.execgrp,
                )  # fmt: skip
            self.curr_execgrp = self.execgrp_bucket[key]
        self.curr_execgrp.load_data_batch(data_batch)

    def forward(self, is_train: bool = False) -> None:
        """Compute the outputs for the loaded batch."""
        self.curr_execgrp.forward(is_train=is_train)

    def backward(self) -> None:
        """Compute the gradients for the last `forward`."""
        self.curr_execgrp.backward()

    def update_metric(self, metric: Any, labels: Any, pre_sliced: bool = False) -> None:
        """Update a metric with the last outputs; see `DataParallelExecutorGroup.update_metric`."""
        self.curr_execgrp.update_metric(metric, labels, pre_sliced)
