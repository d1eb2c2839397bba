"""TracedBlock: what a HybridBlock has of graphs: tracing, keeping, inferring from and writing them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from torch import Tensor

from ... import ndarray as nd
from ... import symbol as sym
from ...core.context import Context
from ...core.errors import MXNetError
from ...core.locks import process_lock
from ...graph.engines import Choice
from ...graph.monitor import Watch
from ...ndarray.ndarray import NDArray
from ...serialization.checkpoint import checkpoint_file, graph_file
from ...symbol.files import save_with_arrays
from . import nested
from .block import Block
from .parameter import Parameter
from .parameter_dict import ParameterDict
from .parameter_inference import infer_shapes, infer_types, parameters_of
from .trace_text import read_trace, written_trace
from .traced_graph import Trace, TracedGraph, trace_block, tracing

_INLINED = 2  # hybridize's inline_limit, unless it is said


class ShapeInferenceError(MXNetError, ValueError):
    """The deferred shapes of parameters cannot be inferred from the inputs of the first call.

    MXNet raises ValueError here, and MXNetError for the same inputs once the shapes are known; an ``except`` for
    either catches this one.
    """


class TracedBlock(Block):
    """The graphs of a HybridBlock. MXNet's HybridBlock has all of these methods itself."""

    _glueball_is_graph = False  # whether the block has only a graph, so that hybridize(False) changes nothing

    def __init__(self, prefix: str | None = None, params: ParameterDict | None = None) -> None:
        super().__init__(prefix, params)
        self._active = self._glueball_is_graph
        self._flags: list[tuple[str, Any]] = []
        self._backend: str | None = None
        self._glueball_options: tuple[tuple[str, Any], ...] = ()
        self._glueball_strict = False
        # What was traced, and the graphs made of it, by the structure of the inputs, newest last.
        self._glueball_traces: dict[Any, Trace] = {}
        self._glueball_graphs: dict[Any, TracedGraph] = {}
        self._glueball_watch: Watch | None = None

    def __getstate__(self) -> dict[str, Any]:
        """Leave the graphs out: a copy or an unpickled block traces its own."""
        return {**self.__dict__, "_glueball_traces": {}, "_glueball_graphs": {}, "_glueball_watch": None}

    # --- keeping ------------------------------------------------------------------------------------------------------

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

    # --- tracing ------------------------------------------------------------------------------------------------------

    def _get_graph(self, *args: Any) -> tuple[list[sym.Symbol], sym.Symbol]:
        """Return the variables of the inputs, and the outputs, for inputs of this structure; traced if needed."""
        structure = self._glueball_structure(args)
        trace = self._glueball_traces.get(structure)
        if trace is None:
            trace = self._glueball_traces[structure] = self._glueball_trace(args)
        return trace.inputs, trace.outputs

    def _glueball_forward_symbols(self, *args: Any) -> Any:
        """Add the block's computation to the graph of the inputs."""
        raise NotImplementedError(f"{type(self).__name__}: only a HybridBlock can be traced")

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
        engine, strict = self._glueball_engine()
        flags = dict(self._flags)
        inlined = 0 if flags.get("static_alloc", False) else flags.get("inline_limit", _INLINED)
        graph = TracedGraph(trace, parameters, type(self).__name__, engine, strict, self.name, inlined)
        graph.program.watch = self._glueball_watch
        graph.program.is_static = flags.get("static_shape", False)
        self._glueball_graphs[structure] = graph

    def _glueball_new_graph(self, args: Sequence[Any], structure: Any) -> TracedGraph:
        with _first_call:
            if structure not in self._glueball_graphs:  # another thread may just have made it
                nested.require_alike(type(self).__name__, next(iter(self._glueball_graphs), structure), structure)
                self._build_cache(*args)
            return self._glueball_graphs[structure]

    def _glueball_engine(self) -> tuple[Choice | None, bool]:
        """Return the engine, and whether it must not fail."""
        return Choice(self._backend, self._glueball_options) if self._backend else None, self._glueball_strict

    def _glueball_call_with_hooks(self, *args: Any) -> Any:
        return self.forward(*args) if tracing.silent else super()._glueball_call_with_hooks(*args)

    def _glueball_context_of(self, *args: Any) -> Context:
        arrays = nested.find_arrays(args)
        if not arrays:
            raise _no_input(self, args)
        return arrays[0]._ctx.computes_on

    # --- inferring ----------------------------------------------------------------------------------------------------

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

    # --- files and hooks ----------------------------------------------------------------------------------------------

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

    def _glueball_graph_entry(self) -> dict[str, Any]:
        return written_trace(next(reversed(self._glueball_traces.items()), None))

    def _glueball_graphs_of(self, entry: Mapping[str, Any], owner: str) -> tuple[Any, Trace] | None:
        return read_trace(entry, owner)

    def _glueball_restore(self, graph: tuple[Any, Trace] | None) -> None:
        self._glueball_forget()
        self._active = graph is not None or self._glueball_is_graph
        if graph is not None:
            self._glueball_traces[graph[0]] = graph[1]

    def register_op_hook(self, callback: Callable[[str, str, NDArray], None], monitor_all: bool = False) -> None:
        """Call ``callback(array name, operator name, array)`` for every array that the block's graph computes.

        This works only while the block is hybridized; a monitored graph runs node by node and slower. The gradients of
        each operator's inputs are reported once a backward pass is over, as ``dense0_fwd_backward_1``.

        Differs from MXNet: names are str, which a program may decode as MXNet's bytes, and the array is an NDArray, not
        a handle. Of the outputs that a user does not see, which are reported while autograd records, statistics of
        normalizations and masks of Dropout are here. Sums of gradients and zeros are left out; the operator of a
        gradient is called ``_backward_<operator>`` also where MXNet has another for it. Graphs of two operators or
        fewer, of whose gradients MXNet tells nothing, are watched as any other.

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

        self._glueball_watch = Watch(report, inputs=bool(monitor_all), numbers=True)
        for graph in self._glueball_graphs.values():
            graph.program.watch = self._glueball_watch
        super().register_op_hook(callback, monitor_all)


def _no_input(block: Block, args: Sequence[Any]) -> nested.MixedInputError:
    return nested.MixedInputError(
        f"{type(block).__name__}: at least one input must be an NDArray or a Symbol; received "
        f"{', '.join(type(arg).__name__ for arg in args) or 'nothing'}; convert it with mx.nd.array(...)"
    )


def _require_nothing(block: Block, name: str, value: Any) -> None:
    if value:
        raise MXNetError(
            f"{type(block).__name__}.{name}: it may only be cleared; received {type(value).__name__}; a graph comes "
            "from hybridize() and a call, or from a SymbolBlock"
        )


# Held while a first call traces a block and fills its parameters, which may be those of other blocks too.
_first_call = process_lock()
