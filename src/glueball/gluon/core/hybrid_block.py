"""HybridBlock: a block whose computation is written once, for arrays and for symbols."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, overload

from torch import Tensor

from ... import ndarray as nd
from ... import symbol as sym
from ...core.context import Context
from ...core.errors import MXNetError
from ...core.locks import process_lock
from ...core.warning import warn
from ...graph import engines
from ...graph.monitor import Watch
from ...ndarray.ndarray import NDArray
from ...serialization.checkpoint import checkpoint_file, graph_file
from ...symbol.files import save_with_arrays
from . import nested
from .block import Block
from .call_types import HybridForward, Output
from .parameter import DeferredInitializationError, Parameter
from .parameter_dict import ParameterDict
from .parameter_inference import infer_shapes, infer_types, parameters_of
from .traced_graph import Trace, TracedGraph, trace_block, tracing

__all__ = ["HybridBlock"]


class ShapeInferenceError(MXNetError, ValueError):
    """The deferred shapes of parameters cannot be inferred from the inputs of the first call.

    MXNet raises ValueError here, and MXNetError for the same inputs once the shapes are known; an ``except`` for
    either catches this one.
    """


class HybridBlock(Block):
    """The base class of layers and networks that can be traced to a graph.

    A subclass implements ``hybrid_forward(self, F, x, ...)`` with functions of `F`, which is ``nd`` when the block runs
    on arrays and ``sym`` when it is traced to a graph. Its own parameters are passed as keyword arguments, under the
    names of the attributes that they were assigned to.

    Parameters
    ----------
    prefix : str, optional
        As in `Block`.
    params : ParameterDict, optional
        As in `Block`.

    Examples
    --------
    >>> from glueball import gluon, nd
    >>> class Scale(gluon.HybridBlock):
    ...     def __init__(self, **kwargs):
    ...         super().__init__(**kwargs)
    ...         with self.name_scope():
    ...             self.factor = self.params.get("factor", shape=(1,), init="ones")
    ...     def hybrid_forward(self, F, x, factor):
    ...         return F.broadcast_mul(x, factor)
    >>> net = Scale()
    >>> net.initialize()
    >>> net(nd.array([2, 3])).asnumpy().tolist()
    [2.0, 3.0]
    """

    _glueball_is_graph = False  # whether the block has only a graph, so that hybridize(False) changes nothing

    def __init__(self, prefix: str | None = None, params: ParameterDict | None = None) -> None:
        super().__init__(prefix, params)
        self._active = self._glueball_is_graph
        self._flags: list[tuple[str, Any]] = []
        self._backend: str | None = None
        # What was traced, and the graphs made of it, by the structure of the inputs, newest last.
        self._glueball_traces: dict[Any, Trace] = {}
        self._glueball_graphs: dict[Any, TracedGraph] = {}
        self._glueball_watch: Watch | None = None

    def __getstate__(self) -> dict[str, Any]:
        """Leave the graphs out: a copy or an unpickled block traces its own."""
        return {**self.__dict__, "_glueball_traces": {}, "_glueball_graphs": {}, "_glueball_watch": None}

    def __setattr__(self, name: str, value: Any) -> None:
        super().__setattr__(name, value)
        if isinstance(value, HybridBlock):
            self._clear_cached_op()
        elif isinstance(value, Parameter):
            self._glueball_forget()

    def register_child(self, block: Block, name: str | None = None) -> None:
        """Register `block`, which must be a HybridBlock, as a child, under `name` or its number."""
        if not isinstance(block, HybridBlock):
            raise ValueError(
                f"{type(self).__name__}: the children of a HybridBlock must be HybridBlocks; received "
                f"{type(block).__name__}; use HybridSequential for Sequential, HybridLambda for Lambda"
            )
        super().register_child(block, name)
        self._clear_cached_op()

    def cast(self, dtype: Any) -> None:
        """Cast the parameters of this block and all its descendants to another dtype."""
        self._clear_cached_op()
        super().cast(dtype)

    def hybridize(
        self,
        active: bool = True,
        backend: str | None = None,
        clear: bool = True,
        static_alloc: bool = False,
        static_shape: bool = False,
        inline_limit: int = 2,
        forward_bulk_size: int | None = None,
        backward_bulk_size: int | None = None,
        **kwargs: Any,
    ) -> None:
        """Run the block and its descendants as a graph, starting with the next call.

        The next call traces `hybrid_forward` once; later calls run that graph, and `export` writes it. Inputs with a
        different structure (more inputs, None, other nesting) are traced again.

        Differs from MXNet: a tuple of outputs stays a tuple, where MXNet returns a list; outputs may contain None; and
        inputs with a different structure do not need another hybridize().

        Parameters
        ----------
        active : bool, default True
            Turn hybridization on or off.
        backend : {'eager', 'inductor'}, optional
            The engine that runs the graph. 'eager', the default, calls one operator after another. 'inductor' is
            torch.compile: the first call with new shapes takes seconds to minutes, later calls are faster; it needs a
            C++ compiler. MXNet's own backends do not exist here.
        clear : bool, default True
            Discard the graphs traced so far.
        static_alloc, static_shape, inline_limit, forward_bulk_size, backward_bulk_size
            MXNet's hints for memory allocation and bulk execution. torch manages both itself, so they have no effect
            here; `static_shape` requires `static_alloc`, as in MXNet.
        **kwargs
            Refused by name; MXNet accepts any.

        Raises
        ------
        MXNetError
            The backend is unknown or cannot run here, an argument is unknown, or `static_shape` is given without
            `static_alloc`.

        Examples
        --------
        >>> from glueball import nd
        >>> from glueball.gluon import nn
        >>> net = nn.HybridSequential()
        >>> net.add(nn.Dense(4, activation="relu"), nn.Dense(2))
        >>> net.initialize()
        >>> net.hybridize()
        >>> net(nd.ones((1, 3))).shape
        (1, 2)
        """
        if backend is not None:
            engines.find("hybridize", backend)
        if kwargs:
            raise MXNetError(f"hybridize: unknown arguments {', '.join(map(repr, kwargs))}")
        if static_shape and not static_alloc:
            raise MXNetError("hybridize: static_alloc must be True when static_shape is; pass static_alloc=True")
        if clear or not active or backend != self._backend:
            self._clear_cached_op()
        self._active, self._backend = bool(active) or self._glueball_is_graph, backend
        self._flags = [("static_alloc", static_alloc), ("static_shape", static_shape), ("inline_limit", inline_limit)]
        if active and (self._forward_hooks or self._forward_pre_hooks):
            warn(
                f"{self.name}: {self!r} has forward hooks; as a child of a hybridized block it becomes part of a "
                "graph, and its hooks run only while that is made; use register_op_hook(), or hybridize other blocks",
            )
        # As in MXNet, descendants do not learn of the engine: this block's graph has their computation.
        super().hybridize(
            active, static_alloc=static_alloc, static_shape=static_shape, inline_limit=inline_limit,
            forward_bulk_size=forward_bulk_size, backward_bulk_size=backward_bulk_size,
        )  # fmt: skip

    def optimize_for(
        self,
        x: NDArray,
        *args: Any,
        backend: str | None = None,
        clear: bool = False,
        static_alloc: bool = False,
        static_shape: bool = False,
        inline_limit: int = 2,
        forward_bulk_size: int | None = None,
        backward_bulk_size: int | None = None,
        **kwargs: Any,
    ) -> None:
        """Hybridize the block and trace it for these inputs, without computing anything.

        Afterwards it can be exported. The engine compiles the graph when the block is first called.

        Parameters
        ----------
        x, *args : NDArray
            The inputs of a call; their values do not matter.
        backend, clear, static_alloc, static_shape, inline_limit, forward_bulk_size, backward_bulk_size, **kwargs
            As in `hybridize`.

        Raises
        ------
        MXNetError
            As in `hybridize`; or the shapes of the parameters cannot be inferred from the inputs.

        Examples
        --------
        >>> from glueball import nd
        >>> from glueball.gluon import nn
        >>> net = nn.Dense(2)
        >>> net.initialize()
        >>> net.optimize_for(nd.ones((1, 3)), backend="eager")
        >>> net.weight.shape
        (2, 3)
        """
        self.hybridize(
            True, backend=backend, clear=clear, static_alloc=static_alloc, static_shape=static_shape,
            inline_limit=inline_limit, forward_bulk_size=forward_bulk_size, backward_bulk_size=backward_bulk_size,
            **kwargs,
        )  # fmt: skip
        structure = self._glueball_structure((x, *args))
        graph = self._glueball_graphs.get(structure) or self._glueball_new_graph((x, *args), structure)
        if any(parameter._deferred_init for parameter in graph.parameters):
            self._glueball_initialize(graph.parameters, (x, *args))

    # --- running --------------------------------------------------------------------------------------------------

    if TYPE_CHECKING:
        # As in Block, with the annotation of `hybrid_forward`; see `call_types`.
        @overload
        def __call__(self: HybridForward[NDArray, NDArray], x: NDArray, /, *args: Any) -> NDArray: ...
        @overload
        def __call__(self: HybridForward[sym.Symbol, sym.Symbol], x: sym.Symbol, /, *args: Any) -> sym.Symbol: ...
        @overload
        def __call__(self: HybridForward[Any, Output], *args: Any) -> Output: ...
        def __call__(self, *args: Any) -> Any: ...

    def forward(self, x: Any, *args: Any) -> Any:
        """Run `hybrid_forward` with the parameters on the context of the input, or run the traced graph."""
        is_one_array = type(x) is NDArray and not args  # the common case
        if not is_one_array and nested.find_symbols((x, *args)):
            return self._glueball_forward_symbols(x, *args)
        if self._active:
            return self._call_cached_op(x, *args)
        ctx = x._ctx if is_one_array else self._glueball_context_of(x, *args)
        params = {}
        try:
            for name, parameter in self._reg_params.items():
                params[name] = parameter.data(ctx)
        except DeferredInitializationError:
            self._glueball_initialize(self.params.values(), (x, *args))
            params = {name: parameter.data(ctx) for name, parameter in self._reg_params.items()}
        return self.hybrid_forward(nd, x, *args, **params)

    def _glueball_inputs_of(self) -> Callable[..., Any]:
        return self.hybrid_forward if type(self).forward is HybridBlock.forward else self.forward

    def _glueball_forward_symbols(self, *args: Any) -> Any:
        """Add the block's computation to the graph of the inputs."""
        if nested.find_arrays(args):
            raise nested.MixedInputError(
                f"{type(self).__name__}: the inputs must be all NDArrays or all Symbols; received both"
            )
        with self.name_scope():
            variables = {name: parameter.var() for name, parameter in self._reg_params.items()}
            return self.hybrid_forward(sym, *args, **variables)

    def _call_cached_op(self, *args: Any) -> Any:
        """Run the graph that was traced for inputs of this structure."""
        if len(args) == 1 and type(args[0]) is NDArray:
            inputs, structure = args, _ONE_ARRAY
        else:
            inputs, structure = nested.flatten(args, f"{type(self).__name__}: the inputs")  # type: ignore[assignment]
        graph = self._glueball_graphs.get(structure)
        if graph is None:
            self._glueball_context_of(*args)
            graph = self._glueball_new_graph(args, structure)
        ctx = inputs[0]._ctx
        try:
            parameters = [parameter.data(ctx) for parameter in graph.parameters]
        except DeferredInitializationError:
            self._glueball_initialize(graph.parameters, args)
            parameters = [parameter.data(ctx) for parameter in graph.parameters]
        return graph([*inputs, *parameters], ctx)

    def _glueball_context_of(self, *args: Any) -> Context:
        arrays = nested.find_arrays(args)
        if not arrays:
            raise _no_input(self, args)
        return arrays[0]._ctx

    # --- the graphs -----------------------------------------------------------------------------------------------

    def _clear_cached_op(self) -> None:
        """Forget what was traced."""
        self._glueball_forget()

    def _glueball_forget(self) -> None:
        self._glueball_traces.clear()
        self._glueball_graphs.clear()

    @property
    def _cached_op(self) -> TracedGraph | None:
        return next(reversed(self._glueball_graphs.values()), None)

    @_cached_op.setter
    def _cached_op(self, value: None) -> None:
        _require_nothing(self, "_cached_op", value)
        self._glueball_graphs.clear()

    @property
    def _cached_graph(self) -> tuple[()] | tuple[list[sym.Symbol], sym.Symbol]:
        """The inputs and outputs of what was traced last; an empty tuple if there is nothing."""
        trace = next(reversed(self._glueball_traces.values()), None)
        return () if trace is None else (trace.inputs, trace.outputs)

    @_cached_graph.setter
    def _cached_graph(self, value: tuple[()]) -> None:
        _require_nothing(self, "_cached_graph", value)
        self._glueball_forget()

    def _get_graph(self, *args: Any) -> tuple[list[sym.Symbol], sym.Symbol]:
        """Return the variables of the inputs, and the outputs, for inputs of this structure; traced if needed."""
        structure = self._glueball_structure(args)
        trace = self._glueball_traces.get(structure)
        if trace is None:
            trace = self._glueball_traces[structure] = self._glueball_trace(args)
        return trace.inputs, trace.outputs

    def _glueball_trace(self, args: Sequence[Any]) -> Trace:
        return trace_block(self, args, silent=not self._active)

    def _glueball_structure(self, args: Sequence[Any]) -> Any:
        inputs, structure = nested.flatten(args, f"{type(self).__name__}: the inputs")
        if not inputs:
            raise _no_input(self, args)
        return structure

    def _build_cache(self, *args: Any) -> None:
        """Make the graph for inputs of this structure."""
        inputs, outputs = self._get_graph(*args)
        structure = self._glueball_structure(args)
        trace = self._glueball_traces.get(structure)
        if trace is None or trace.outputs is not outputs:  # a subclass has its own _get_graph
            trace = Trace(
                inputs, outputs, nested.ONE if len(outputs.list_outputs()) == 1 else nested.flatten([*outputs], "")[1]
            )
            self._glueball_traces[structure] = trace
        parameters = dict(self.collect_params().items())
        graph = TracedGraph(trace, parameters, type(self).__name__, self._glueball_engine())
        graph.program.watch = self._glueball_watch
        self._glueball_graphs[structure] = graph

    def _glueball_new_graph(self, args: Sequence[Any], structure: Any) -> TracedGraph:
        with _first_call:
            if structure not in self._glueball_graphs:  # another thread may just have made it
                self._build_cache(*args)
            return self._glueball_graphs[structure]

    def _glueball_engine(self) -> str:
        return self._backend or engines.DEFAULT

    def hybrid_forward(self, F: Any, x: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Compute the output with the functions of `F`; every subclass overrides this.

        Parameters
        ----------
        F : module
            ``nd``, or ``sym`` while a graph is traced.
        x, *args
            The inputs of the call.
        **kwargs
            The block's own parameters, by attribute name.
        """
        raise NotImplementedError(f"{type(self).__name__}: hybrid_forward must be implemented")

    def _glueball_call_with_hooks(self, *args: Any) -> Any:
        return self.forward(*args) if tracing.silent else super()._glueball_call_with_hooks(*args)

    def _glueball_initialize(self, parameters: Iterable[Parameter], args: Sequence[Any]) -> None:
        """Initialize deferred parameters, whose shapes are inferred from the inputs."""
        with _first_call:
            waiting = list(parameters)
            if any(parameter._deferred_init for parameter in waiting):  # another thread may just have done it
                self._deferred_infer_shape(*args)
                for parameter in waiting:
                    parameter._finish_deferred_init()

    def _deferred_infer_shape(self, *args: Any) -> None:
        try:
            self.infer_shape(*args)
        except (MXNetError, AttributeError, TypeError) as error:
            raise ShapeInferenceError(
                f"{self.name}: the shapes of its parameters must be inferable from the inputs; {error}"
            ) from error

    def _infer_attrs(self, infer_fn: str, attr: str, *args: Any) -> None:
        """Infer one attribute of all parameters, 'shape' or 'dtype', from inputs."""
        inputs, outputs = self._get_graph(*args)
        arrays, _ = nested.flatten(args, f"{type(self).__name__}: the inputs")
        found = parameters_of(outputs, inputs, dict(self.collect_params().items()), type(self).__name__)
        (infer_shapes if attr == "shape" else infer_types)(outputs, inputs, arrays, found)

    def infer_shape(self, *args: Any) -> None:
        """Infer the shapes of all parameters from inputs, without computing or initializing anything.

        Parameters
        ----------
        *args : NDArray
            The inputs of a call; their values do not matter.

        Examples
        --------
        >>> from glueball import nd
        >>> from glueball.gluon import nn
        >>> net = nn.Conv2D(8, 3)
        >>> net.infer_shape(nd.ones((1, 3, 32, 32)))
        >>> net.weight.shape
        (8, 3, 3, 3)
        """
        self._infer_attrs("infer_shape", "shape", *args)

    def infer_type(self, *args: Any) -> None:
        """Check that the dtypes of inputs and parameters match, and infer the missing dtypes of parameters.

        Raises
        ------
        MXNetError
            An operator does not accept the dtypes; call `cast` first.
        """
        self._infer_attrs("infer_type", "dtype", *args)

    # --- files and hooks ------------------------------------------------------------------------------------------

    def export(self, path: str | os.PathLike[str], epoch: int = 0, remove_amp_cast: bool = True) -> None:
        """Write the graph and the parameters to two files that MXNet can read too.

        ``SymbolBlock.imports``, ``mod.Module`` and MXNet's C++ interface load them.

        Parameters
        ----------
        path : path
            The files are ``path-symbol.json`` and ``path-0000.params``, where 0000 is the epoch.
        epoch : int, default 0
            The epoch in the file name.
        remove_amp_cast : bool, default True
            Leave out the casts that mixed precision inserted into the graph.

        Raises
        ------
        MXNetError
            There is no graph yet: call hybridize(), then run the block on one batch. Or a file cannot be written;
            existing files are left intact: both are replaced, or neither.

        Examples
        --------
        >>> import os, tempfile
        >>> from glueball import gluon, nd
        >>> from glueball.gluon import nn
        >>> net = nn.Dense(2)
        >>> net.initialize()
        >>> net.hybridize()
        >>> before = net(nd.ones((1, 3)))
        >>> path = os.path.join(tempfile.mkdtemp(), "net")
        >>> net.export(path)
        >>> loaded = gluon.SymbolBlock.imports(f"{path}-symbol.json", ["data"], f"{path}-0000.params")
        >>> bool((loaded(nd.ones((1, 3))) == before).min())
        True
        """
        if not self._cached_graph:
            raise MXNetError(
                f"{self.name}.export: the block must have been run as a graph; call hybridize(), then run the block "
                "on one batch"
            )
        structure, trace = next(reversed(self._glueball_traces.items()))
        owner = f"{self.name}.export"
        files = graph_file(owner, path), checkpoint_file(owner, path, epoch)
        graph = self._glueball_graphs.get(structure)
        if graph is None:
            found = parameters_of(trace.outputs, trace.inputs, dict(self.collect_params().items()), owner)
        else:
            found = graph.parameters
        states = set(trace.outputs.list_auxiliary_states())
        arrays = {f"{'aux' if each.name in states else 'arg'}:{each.name}": each._reduce() for each in found}
        save_with_arrays(owner, trace.outputs, files[0], arrays, files[1], remove_amp_cast)

    def register_op_hook(self, callback: Callable[[str, str, NDArray], None], monitor_all: bool = False) -> None:
        """Call ``callback(array name, operator name, array)`` for every array that the block's graph computes.

        This works only while the block is hybridized; a monitored graph runs node by node and slower.

        Differs from MXNet: names are str and the array is an NDArray, where MXNet passes bytes and a handle; outputs
        that a user does not see are left out; and the input of an operator has the name of its argument, where MXNet
        says ``input0`` for some.

        Parameters
        ----------
        callback : callable
            The function to call.
        monitor_all : bool, default False
            Also report the inputs of each operator, such as ``dense0_fwd_weight``, before its outputs.
        """
        if not callable(callback):
            raise TypeError(f"register_op_hook: callback must be callable; received {callback!r}")

        def report(name: str, operator: str, tensor: Tensor) -> None:
            callback(name, operator, NDArray(tensor.detach(), nd.from_torch(tensor.detach()).context))

        self._glueball_watch = Watch(report, inputs=bool(monitor_all))
        for graph in self._glueball_graphs.values():
            graph.program.watch = self._glueball_watch
        super().register_op_hook(callback, monitor_all)


def _no_input(block: HybridBlock, args: Sequence[Any]) -> nested.MixedInputError:
    return nested.MixedInputError(
        f"{type(block).__name__}: at least one input must be an NDArray or a Symbol; received "
        f"{', '.join(type(arg).__name__ for arg in args) or 'nothing'}; convert it with mx.nd.array(...)"
    )


def _require_nothing(block: HybridBlock, name: str, value: Any) -> None:
    if value:
        raise MXNetError(
            f"{type(block).__name__}.{name}: it may only be cleared; received {type(value).__name__}; a graph comes "
            "from hybridize() and a call, or from a SymbolBlock"
        )


# Held while a first call traces a block and fills its parameters, which may be those of other blocks too.
_first_call = process_lock()

_ONE_ARRAY = (tuple, (nested.ONE,))  # the structure of a single array
