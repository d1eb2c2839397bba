"""One executor for each context, each with its part of every batch and its own replicas of the parameters."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from ..core import dtype as dtypes
from ..core.context import Context, cpu
from ..core.errors import MXNetError
from ..executor import Executor
from ..executor.arrays import refuse_duplicates
from ..executor.binding import Kind, bind_made
from ..io import DataDesc
from ..ndarray import NDArray, zeros
from ..parallel import mean
from ..symbol.infer import Inferred, infer
from ..symbol.infer_methods import read_shape
from .inputs import require_array


def split_batch(batch_size: int, workloads: Sequence[float]) -> list[slice]:
    """Return the samples of each context, in proportion to its workload, rounded; the last context gets the rest.

    Raises
    ------
    ValueError
        A context would get no samples.
    """
    total = sum(workloads)
    ends = [0]
    for work in workloads[:-1]:
        ends.append(min(batch_size, ends[-1] + round(batch_size * work / total)))
    ends.append(batch_size)
    slices = [slice(start, stop) for start, stop in itertools.pairwise(ends)]
    if any(part.start >= part.stop for part in slices):
        raise ValueError(
            f"Module: each context must get a sample of each batch; {batch_size} samples are split into "
            f"{[part.stop - part.start for part in slices]}; use fewer contexts, or larger batches"
        )
    return slices


class ExecutorGroup:
    """The executors of a module.

    Parameters
    ----------
    symbol : Symbol
        The graph.
    contexts : list of Context
        Where to compute.
    workloads : list of float
        The relative size of each context's part.
    data_shapes, label_shapes : list of DataDesc
        The inputs and the labels of a full batch.
    param_names : list of str
        The arguments that are parameters.
    grad_req : dict of str to str
        The gradient request of each argument.
    shared : ExecutorGroup, optional
        The group whose parameters, gradients and auxiliary states are shared if name and shape agree.
    may_change : set of str
        Arguments whose shape may differ from that in `shared`.
    """

    def __init__(
        self,
        symbol: Any,
        contexts: Sequence[Context],
        workloads: Sequence[float],
        data_shapes: Sequence[DataDesc],
        label_shapes: Sequence[DataDesc],
        param_names: Sequence[str],
        grad_req: Mapping[str, str],
        shared: ExecutorGroup | None = None,
        may_change: frozenset[str] = frozenset(),
    ) -> None:
        self.symbol = symbol
        self.contexts = list(contexts)
        self.data_shapes, self.label_shapes = list(data_shapes), list(label_shapes)
        self.param_names = list(param_names)
        self.grad_req = dict(grad_req)
        self.batch_size = _common_batch_size([*data_shapes, *label_shapes])
        self.slices = split_batch(self.batch_size, workloads)
        self.output_names = symbol.list_outputs()
        self._output_axes = [_output_axis(output) for output in symbol]
        self._may_change = may_change
        refuse_duplicates("arguments", symbol.list_arguments())
        sizes = [part.stop - part.start for part in self.slices]
        inferred = {size: self._infer(size) for size in set(sizes)}
        self.execs: list[Executor] = [
            self._bind(context, inferred[size], None if shared is None else shared.execs[number])
            for number, (context, size) in enumerate(zip(self.contexts, sizes, strict=True))
        ]
        self._arguments = [executor.arg_dict for executor in self.execs]
        gradients = [executor.grad_dict for executor in self.execs]
        #: For each parameter, its array on each context; likewise the gradients (None if there is none).
        self.param_arrays = [[found[name] for found in self._arguments] for name in self.param_names]
        self.grad_arrays = [[found.get(name) for found in gradients] for name in self.param_names]
        self.aux_names = symbol.list_auxiliary_states()
        self.aux_arrays = [[executor.aux_dict[name] for executor in self.execs] for name in self.aux_names]

    # --- binding --------------------------------------------------------------------------------------------

    def _infer(self, size: int) -> Inferred:
        """Infer all shapes and types for a part of the batch with `size` samples."""
        inputs = [*self.data_shapes, *self.label_shapes]
        shapes = {one.name: read_shape(_part_of_shape(one, size), f"Module.bind: {one.name}") for one in inputs}
        types = {one.name: dtypes.to_torch(one.dtype, f"Module.bind: {one.name}") for one in inputs}
        found = infer(self.symbol._entries, shapes, types)
        if not found.complete:
            raise MXNetError(
                f"Module.bind: the shapes of all parameters must follow from those of the inputs, {shapes}"
            )
        return found

    def _bind(self, context: Context, inferred: Inferred, shared: Executor | None) -> Executor:
        inputs = {one.name: inferred.shape(one.name) for one in (*self.data_shapes, *self.label_shapes)}
        present: dict[Kind, Any] = {"argument": {}, "gradient": {}, "state": {}}
        if shared is not None:
            # inputs are not shared, since two groups may be used alternately
            args = {name: value for name, value in shared.arg_dict.items() if name not in inputs}
            present = {"argument": args, "gradient": shared.grad_dict, "state": shared.aux_dict}

        def make(kind: Kind, name: str, shape: tuple[int, ...], dtype: Any) -> NDArray:
            found: NDArray | None = present[kind].get(name)
            if found is not None and found.shape == shape and found.dtype == dtype:
                return found
            if found is not None and name not in inputs and name not in self._may_change:
                raise MXNetError(
                    f"Module: inputs must match the parameters; {name} is {found.shape} of {found.dtype.__name__}, and "
                    f"inputs of {inputs} need {shape}; bind a new Module, or name {name} in label_names if it is "
                    "a label"
                )
            return zeros(shape, ctx=context, dtype=dtype)

        requests = [self.grad_req[name] for name in self.symbol.list_arguments()]
        return bind_made(self.symbol, context, inferred, requests, make)

    def output_shapes(self) -> list[tuple[str, tuple[int, ...]]]:
        """Return names and shapes of the merged outputs."""
        found = []
        for name, copies, axis in zip(self.output_names, self.outputs(), self._output_axes, strict=True):
            shape = list(copies[0].shape)
            if axis >= 0 and shape:
                shape[axis] = sum(copy.shape[axis] for copy in copies)
            found.append((name, tuple(shape)))
        return found

    # --- parameters -----------------------------------------------------------------------------------------

    def set_params(
        self, arg_params: Mapping[str, NDArray], aux_params: Mapping[str, NDArray], allow_extra: bool
    ) -> None:
        """Copy parameters and auxiliary states to all contexts; missing names are left unchanged.

        Raises
        ------
        ValueError
            A name is not a parameter, and `allow_extra` is False. Nothing has been changed.
        MXNetError
            A shape differs. Nothing has been changed.
        """
        known = [
            dict(zip(self.param_names, self.param_arrays, strict=True)),
            dict(zip(self.aux_names, self.aux_arrays, strict=True)),
        ]
        copies = []
        for what, given, present in zip(
            ("arguments", "auxiliary states"), (arg_params, aux_params), known, strict=True
        ):
            for name, value in (given or {}).items():
                if name in present:
                    require_shape(name, value, present[name][0].shape)
                    copies.append((value, present[name]))
                elif not allow_extra:
                    raise ValueError(
                        f"Module: parameters must be {what} of the graph; it has no {name!r}; pass allow_extra=True to "
                        "ignore such parameters"
                    )
        for value, targets in copies:
            for target in targets:
                target._data.copy_(value._data)

    def get_params(self, arg_params: dict[str, NDArray], aux_params: dict[str, NDArray]) -> None:
        """Write the mean over the contexts of each parameter and state to arrays on the CPU, creating missing ones."""
        for names, arrays, into in (
            (self.param_names, self.param_arrays, arg_params),
            (self.aux_names, self.aux_arrays, aux_params),
        ):
            for name, copies in zip(names, arrays, strict=True):
                if name not in into:
                    into[name] = zeros(copies[0].shape, ctx=cpu(), dtype=copies[0].dtype)
                into[name]._data.copy_(mean(copies))

    # --- computing ------------------------------------------------------------------------------------------

    def forward(self, data: Sequence[Any], label: Sequence[Any] | None, is_train: bool) -> None:
        """Compute the outputs for a batch; labels are optional."""
        for descriptions, arrays in ((self.data_shapes, data), (self.label_shapes, label or [])):
            for desc, array in zip(descriptions, arrays, strict=False):
                require_array(desc.name, array)
                axis = DataDesc.get_batch_axis(desc.layout)
                for bound, part in zip(self._arguments, self.slices, strict=True):
                    target = bound[desc.name]._data
                    target.copy_(_part(array._data, axis, part).reshape(target.shape))
        for executor in self.execs:
            executor.forward(is_train=is_train)

    def backward(self, out_grads: Sequence[NDArray] | None) -> None:
        """Compute the gradients; `out_grads` are those of the outputs, for the full batch."""
        for context, executor, part in zip(self.contexts, self.execs, self.slices, strict=True):
            if out_grads is None:
                executor.backward()
                continue
            parts = [
                NDArray(_part(grad._data, axis, part).to(context.device).clone(), context)
                for grad, axis in zip(out_grads, self._output_axes, strict=True)
            ]
            executor.backward(parts)

    def outputs(self) -> list[list[NDArray]]:
        """Return, for each output, the array of each context."""
        return [list(copies) for copies in zip(*(executor.outputs for executor in self.execs), strict=True)]

    def merged_outputs(self) -> list[NDArray]:
        """Return the outputs for the full batch, on the first context."""
        return [_merge(copies, axis) for copies, axis in zip(self.outputs(), self._output_axes, strict=True)]

    def input_grads(self) -> list[list[Any]]:
        """Return, for each input, the gradient on each context."""
        return [[executor.grad_dict[desc.name] for executor in self.execs] for desc in self.data_shapes]

    def merged_input_grads(self) -> list[NDArray]:
        """Return the gradients of the inputs for the full batch, on the first context."""
        return [
            _merge(copies, DataDesc.get_batch_axis(desc.layout))
            for copies, desc in zip(self.input_grads(), self.data_shapes, strict=True)
        ]

    def labels_of(self, number: int, labels: Sequence[NDArray]) -> list[NDArray]:
        """Return one executor's part of the labels of a batch."""
        if len(self.execs) == 1:
            return list(labels)
        layouts = [desc.layout for desc in self.label_shapes] or [None] * len(labels)
        return [
            NDArray(_part(label._data, DataDesc.get_batch_axis(layout), self.slices[number]), label._ctx)
            for label, layout in zip(labels, layouts, strict=False)
        ]


def require_shape(name: str, value: NDArray, shape: tuple[int, ...]) -> None:
    """Refuse a parameter whose shape differs from that in the bound graph."""
    if not isinstance(value, NDArray) or value.shape != tuple(shape):
        received = value.shape if isinstance(value, NDArray) else type(value).__name__
        raise MXNetError(
            f"Module: parameters must match the graph; {name} must have the shape {tuple(shape)}; received {received}"
        )


def _common_batch_size(descriptions: Sequence[DataDesc]) -> int:
    sizes = {}
    for desc in descriptions:
        axis = DataDesc.get_batch_axis(desc.layout)
        if axis >= 0:
            if axis >= len(desc.shape):
                raise MXNetError(f"Module.bind: {desc.name} must have the axes of its layout; received {desc!r}")
            sizes[desc.name] = desc.shape[axis]
    if len(set(sizes.values())) != 1:
        raise MXNetError(f"Module.bind: all inputs and labels must have the same batch size; received {sizes}")
    return next(iter(sizes.values()))


def _output_axis(output: Any) -> int:
    return DataDesc.get_batch_axis(output.attr("__layout__"))


def _part_of_shape(desc: DataDesc, size: int) -> tuple[int, ...]:
    axis = DataDesc.get_batch_axis(desc.layout)
    shape = tuple(desc.shape)
    return shape if axis < 0 else (*shape[:axis], size, *shape[axis + 1 :])


def _part(values: Tensor, axis: int, part: slice) -> Tensor:
    return values if axis < 0 else values.narrow(axis, part.start, part.stop - part.start)


def _merge(copies: Sequence[NDArray], axis: int) -> NDArray:
    """Concatenate the parts of a batch; if the batch axis is unknown, return the first part."""
    first = copies[0]
    if len(copies) == 1 or axis < 0:
        return first
    return NDArray(torch.cat([copy._data.to(first._data.device) for copy in copies], axis), first._ctx)
