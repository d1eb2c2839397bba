"""Executor: a symbol with arrays for all its variables, ready to be run forward and backward."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import torch
from torch import Tensor

from ..core.context import Context
from ..core.doors import guard
from ..core.errors import MXNetError
from ..core.failed_gradients import explained
from ..core.integer_tape import gradient_edge
from ..graph.by_call import makes_sparse
from ..graph.monitor import Watch
from ..graph.program import Program
from ..ndarray.ndarray import NDArray
from ..ops.shape_rule import PartialShape, is_known
from ..symbol.common import merge_common
from ..symbol.infer import Inferred, infer
from ..symbol.node import Node
from ..symbol.symbol import Symbol
from .allocation import allocated
from .arrays import as_bool, by_name, leaf, matched, output_gradients, require_input, resized, undecided
from .on_arrays import record_on_arrays, run_on_arrays, tape_of
from .placement import Places

__all__ = ["Executor"]


class _Recorded(NamedTuple):
    """What a run keeps for backward(), connected by torch's autograd."""

    leaves: list[Tensor]
    results: tuple[Tensor, ...]
    is_train: bool
    arrays: Sequence[NDArray] | None = None  # of a graph that was run on arrays


def _devices(places: Places | None) -> dict[Node, torch.device] | None:
    """Return the device of each node, where they are on several: contexts on the CPU share one."""
    devices = {node: context.device for node, context in (places or {}).items()}
    return devices if len({*devices.values()}) > 1 else None


def _filled(old: NDArray, new: NDArray) -> NDArray:
    old._data = new._data.detach()
    return old


@guard
class Executor:
    """A symbol bound to arrays; made by `Symbol.bind` and `Symbol.simple_bind`.

    Attributes
    ----------
    arg_arrays, grad_arrays, aux_arrays : list of NDArray
        In the order of the symbol's lists; None for a gradient that is not requested.
    outputs : list of NDArray
        The results of the last `forward`, always in the same array objects.

    Examples
    --------
    >>> import glueball as mx
    >>> x = mx.sym.var("x")
    >>> executor = (x * x).simple_bind(mx.cpu(), x=(2,))
    >>> executor.forward(is_train=True, x=mx.nd.array([1, 3]))[0].asnumpy().tolist()
    [1.0, 9.0]
    >>> executor.backward(mx.nd.ones(2))
    >>> executor.grad_dict["x"].asnumpy().tolist()
    [2.0, 6.0]
    """

    def __init__(
        self,
        symbol: Symbol,
        ctx: Context,
        args: Sequence[NDArray],
        grads: Sequence[NDArray | None],
        requests: Sequence[str],
        states: Sequence[NDArray],
        inferred: Inferred | None = None,
        places: Places | None = None,
    ) -> None:
        self._symbol = symbol
        self._ctx = ctx
        self._places = places
        self.arg_arrays = list(args)
        self.grad_arrays = [None if request == "null" else grad for grad, request in zip(grads, requests, strict=True)]
        self.aux_arrays = list(states)
        self._requests = list(requests)
        nodes = symbol._arguments()
        # With several contexts each node is somewhere of its own.
        self._computed = symbol._entries if places else merge_common(symbol._entries)
        self._program = Program(
            self._computed, [*nodes, *symbol._states()], engine=symbol._engine, strict=symbol._strict,
            owner=symbol.name or "Executor", devices=_devices(places),
        )  # fmt: skip
        self._makes_sparse = makes_sparse(symbol._entries)
        self.outputs = self._unfilled_outputs(self._infer() if inferred is None else inferred)
        self._recorded: _Recorded | None = None
        self._predicted = False  # whether the last forward() was a prediction

    def _infer(self) -> Inferred:
        """Infer all shapes and types from those of the arrays; raises MXNetError if they conflict."""
        arrays = zip(self._program.variables, [*self.arg_arrays, *self.aux_arrays], strict=True)
        known = {node.name: array for node, array in arrays}
        return infer(
            self._symbol._entries,
            {name: array.shape for name, array in known.items()},
            {name: array._kind for name, array in known.items()},
        )

    def _unfilled_outputs(self, inferred: Inferred) -> list[NDArray]:
        """Return zeros; of an output whose length is in values, as that of boolean_mask is, nothing until then."""
        kinds = {entry: inferred.types[entry] or torch.float32 for entry in self._symbol._entries}
        return [
            NDArray(torch.zeros(_room(inferred.shapes[entry]), dtype=kinds[entry], device=where.device), where)
            for entry in self._symbol._entries
            for where in [self._places[entry.node] if self._places else self._ctx]
        ]

    # --- arrays by name -------------------------------------------------------------------------------------------

    @property
    def arg_dict(self) -> dict[str, NDArray]:
        """The arguments by name."""
        return by_name("arguments", self._symbol.list_arguments(), self.arg_arrays)

    @property
    def grad_dict(self) -> dict[str, NDArray | Any]:  # Any stands for None, so that programs need not check for it
        """The gradients by argument name; None for those not requested."""
        return by_name("arguments", self._symbol.list_arguments(), self.grad_arrays)

    @property
    def aux_dict(self) -> dict[str, NDArray]:
        """The auxiliary states by name."""
        return by_name("auxiliary states", self._symbol.list_auxiliary_states(), self.aux_arrays)

    @property
    def output_dict(self) -> dict[str, NDArray]:
        """The outputs by name."""
        return by_name("outputs", self._symbol.list_outputs(), self.outputs)

    # --- running --------------------------------------------------------------------------------------------------

    def forward(self, is_train: bool = False, **kwargs: Any) -> list[NDArray]:
        """Compute the outputs.

        Parameters
        ----------
        is_train : bool, default False
            Whether operators behave as in training, and record for `backward`.
        **kwargs : NDArray or numpy.ndarray
            Values to copy into arguments first.

        Raises
        ------
        TypeError
            A name is not an argument, or a value is not an array.
        ValueError
            The shape of a value differs from that of its argument.
        """
        is_train = as_bool(is_train)
        arguments = self.arg_dict if kwargs else {}
        for name, value in kwargs.items():
            require_input(name, value, arguments)
            arguments[name][:] = value
        self._recorded, self._predicted = None, not is_train
        if is_train:
            self._recorded = self._record(is_train)
            arrays: Sequence[NDArray] | None = self._recorded.arrays
            results = self._recorded.results
        elif self._holds_sparse():
            arrays = run_on_arrays(self._program, self._all_arrays(), self._ctx, is_train)
        else:
            arrays = None
            with torch.no_grad():
                results = self._program.run([array._data for array in self._all_arrays()], self._ctx, is_train)
        if arrays is None:
            for array, result in zip(self.outputs, results, strict=True):
                array._data = result.detach()
        else:
            # an output that is sparse is another object each time
            self.outputs = [
                _filled(old, new) if new.stype == old.stype == "default" else new.detach()
                for old, new in zip(self.outputs, arrays, strict=True)
            ]
        return self.outputs

    def _all_arrays(self) -> list[NDArray]:
        return [*self.arg_arrays, *self.aux_arrays]

    def _holds_sparse(self) -> bool:
        """Whether the graph has to be run on arrays, since some are sparse or become so."""
        return self._makes_sparse or any([array.stype != "default" for array in self.arg_arrays])

    def _record(self, is_train: bool) -> _Recorded:
        """Run the graph on leaves that torch differentiates with respect to."""
        if self._holds_sparse():
            leaves, arrays = record_on_arrays(
                self._program, self.arg_arrays, self.grad_arrays, self.aux_arrays, self._ctx, is_train
            )
            return _Recorded(leaves, tuple(map(tape_of, arrays)), is_train, arrays)
        leaves = [
            array._data if grad is None else leaf(array._data)
            for array, grad in zip(self.arg_arrays, self.grad_arrays, strict=True)
        ]
        with torch.enable_grad():
            results = self._program.run([*leaves, *[array._data for array in self.aux_arrays]], self._ctx, is_train)
        return _Recorded(leaves, results, is_train)

    def _recorded_for(self, is_train: bool) -> _Recorded:
        """Return the run to differentiate: the last one, or one in prediction mode that changes no array."""
        if self._recorded is not None and (is_train or not self._recorded.is_train):
            return self._recorded
        if self._recorded is None and not self._predicted:
            self.forward(is_train=is_train)
        if self._recorded is None or not is_train:
            self._recorded = self._record(False)
        return self._recorded

    def backward(self, out_grads: Any = None, is_train: bool = True) -> None:
        """Compute the gradients of the arguments and put them into `grad_arrays`.

        Parameters
        ----------
        out_grads : NDArray, list or dict of NDArray, optional
            The gradients of the outputs; by default ones, which also suits a loss such as SoftmaxOutput. Of an output
            that the graph has several times, the last gradient counts.
        is_train : bool, default True
            False: differentiate the graph as it is in prediction mode. So it is anyway if the last `forward` was a
            prediction. If there was none, it is run in this mode first.

        Raises
        ------
        TypeError
            `out_grads` or one of them has another type.
        KeyError
            A dict lacks an output.
        MXNetError
            A gradient does not fit its output, or is missing.

        Differs from MXNet
        ------------------
        Without `out_grads` MXNet refuses outputs that are not losses. After a prediction MXNet differentiates some
        operators, such as BatchNorm, as in training, from numbers that it has not computed.
        """
        leaves, results, *_ = self._recorded_for(as_bool(is_train))
        wanted = [number for number, grad in enumerate(self.grad_arrays) if grad is not None]
        given = output_gradients(self._symbol.list_outputs(), out_grads, results)
        last = {entry: number for number, entry in enumerate(self._symbol._entries)}
        given = {number: given[number] for number in last.values() if number in given}
        gradients: Sequence[Tensor | None] = [None] * len(wanted)
        if wanted and given:
            heads = [gradient_edge(results[number]) for number in given]
            try:
                gradients = torch.autograd.grad(
                    heads, [gradient_edge(leaves[number]) for number in wanted], list(given.values()),
                    retain_graph=True, allow_unused=True,
                )  # fmt: skip
            except Exception as error:
                told = explained(error, heads)
                if told is None:
                    raise
                raise told from error
        for number, gradient in zip(wanted, gradients, strict=True):
            self.grad_arrays[number]._accept(gradient, self._requests[number])  # type: ignore[union-attr]

    # --- changing -------------------------------------------------------------------------------------------------

    def copy_params_from(
        self,
        arg_params: Mapping[str, NDArray],
        aux_params: Mapping[str, NDArray] | None = None,
        allow_extra_params: bool = False,
    ) -> None:
        """Copy values into arguments and auxiliary states, converting their types.

        Parameters
        ----------
        arg_params, aux_params : dict of str to NDArray
            The values by name.
        allow_extra_params : bool, default False
            Ignore names that the symbol does not have.

        Raises
        ------
        ValueError
            A name is not an argument, or not a state.
        MXNetError
            A value is not an NDArray, or has the wrong shape. Nothing has been changed.
        """
        if not isinstance(arg_params, Mapping) or not isinstance(aux_params, Mapping | None):
            raise AttributeError("Executor.copy_params_from: parameters and states must be dicts of NDArrays")
        pairs = [
            *matched(self.arg_dict, arg_params, "arguments", allow_extra_params),
            *matched(self.aux_dict, aux_params or {}, "auxiliary states", allow_extra_params),
        ]
        for target, value in pairs:
            target[:] = value.astype(target.dtype)

    def reshape(
        self, partial_shaping: bool = False, allow_up_sizing: bool = False, **kwargs: tuple[int, ...]
    ) -> Executor:
        """Return an executor for other shapes; arrays whose shape is unchanged are shared with this one.

        Parameters
        ----------
        partial_shaping : bool, default False
            Allow arguments that are not named to change shape; their values are then not kept.
        allow_up_sizing : bool, default False
            Allow arrays to grow.
        **kwargs : tuple of int
            The new shapes by name.
        """
        arg_shapes, _, aux_shapes = self._symbol.infer_shape(**kwargs)
        if arg_shapes is None:
            raise undecided("Executor.reshape", infer(self._symbol._entries, kwargs, {}), kwargs)
        args, grads = [], []
        names = self._symbol.list_arguments()
        for name, shape, array, grad in zip(names, arg_shapes, self.arg_arrays, self.grad_arrays, strict=True):
            if shape != array.shape and name not in kwargs and not partial_shaping:
                raise MXNetError(
                    f"Executor.reshape: {name} would change from {array.shape} to {shape}; give its shape too, or "
                    "partial_shaping=True"
                )
            args.append(resized(name, array, shape, allow_up_sizing))
            grads.append(None if grad is None else resized(name, grad, shape, allow_up_sizing))
        states = [
            resized(name, array, shape, allow_up_sizing)
            for name, shape, array in zip(
                self._symbol.list_auxiliary_states(), aux_shapes, self.aux_arrays, strict=True
            )
        ]
        return Executor(self._symbol, self._ctx, args, grads, self._requests, states, places=self._places)

    def set_monitor_callback(self, callback: Callable[[str, NDArray], None], monitor_all: bool = False) -> None:
        """Call ``callback(name, array)`` for every array that an operator produces in `forward`; None stops this.

        After `backward`, it is called for the gradient of each operator's inputs, as ``fc_backward_output0``, of a run
        that it has watched.

        Parameters
        ----------
        callback : callable or None
            The function to call.
        monitor_all : bool, default False
            Also report the inputs of each operator before its outputs, as ``fc_weight`` for the argument ``weight`` of
            the node ``fc``; a variable first under its own name.

        Differs from MXNet
        ------------------
        The name is a str, which a program may decode as MXNet's bytes, and the array an NDArray, not a handle. Of the
        outputs that a user does not see, statistics of normalizations and masks of Dropout are reported; memory that
        others leave for the backward pass is not. Of the backward pass, what is computed is reported, the
        gradients of the outputs and sums of gradients included, but not what operators read for it, nor zeros for
        outputs that nothing depends on. The gradient of an input that was not asked for is zeros here, and anything
        there.
        """
        if callback is not None and not callable(callback):
            raise TypeError(f"Executor.set_monitor_callback: callback must be callable; received {callback!r}")

        def report(name: str, operator: str, tensor: Tensor) -> None:
            callback(name, NDArray(tensor.detach(), self._ctx))

        watch = Watch(report, inputs=bool(monitor_all), variables=True)
        self._program.watch = None if callback is None else watch

    def get_optimized_symbol(self) -> Symbol:
        """Return the symbol that is run: the one that was bound, in which nothing is computed twice."""
        return Symbol(tuple(self._computed))

    def debug_str(self) -> str:
        """Return a listing of the graph, and the memory that the results of its operators need.

        The last two lines are as programs read them: ``Total N MB allocated`` and how many operators ask for room of
        their own, of which torch gives no account: 0.

        Differs from MXNet
        ------------------
        There are no nodes for gradients. MXNet's number is less, where results share memory or operators are joined.
        """
        keeps_all = any(request != "null" for request in self._requests)
        size = allocated(self._symbol._entries, self._infer(), keeps_all)
        return f"{self._symbol.debug_str()}Total {size >> 20} MB allocated\nTotal 0 TempSpace resource requested\n"


def _room(shape: PartialShape) -> tuple[int, ...]:
    """Return the shape of an output before it is computed: nothing, where that is not known yet."""
    return shape if shape is not None and is_known(shape) else (0,)
