"""HybridBlock: a block whose computation is written once for arrays and for symbols."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, overload

from torch import Tensor

from ... import ndarray as nd
from ... import symbol as sym
from ...core.context import Context
from ...core.errors import MXNetError
from ...graph import engines
from ...ndarray.files import save
from ...ndarray.ndarray import NDArray
from ...serialization.checkpoint import checkpoint_file, graph_file
from . import nested
from .block import Block
from .call_types import HybridForward, Output
from .parameter import DeferredInitializationError, Parameter
from .parameter_dict import ParameterDict
from .traced_graph import TracedGraph, trace, tracing

__all__ = ["HybridBlock"]


class ShapeInferenceError(MXNetError, ValueError):
    """Parameters wait for their shapes, and the inputs of the first call do not lead to them.

    MXNet raises ValueError here, where the same inputs give MXNetError once the shapes are known; an ``except`` for
    either catches this one.
    """


class HybridBlock(Block):
    """The base of layers and networks that can be traced to a graph.

    A subclass writes ``hybrid_forward(self, F, x, ...)`` with functions of `F`, which is ``nd`` when the block runs on
    arrays and ``sym`` when it is traced to a graph. Its own parameters arrive as keyword arguments, under the attribute
    names they were assigned to.

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

    _is_graph = False  # whether there is nothing but a graph, so that hybridize(False) changes nothing

    def __init__(self, prefix: str | None = None, params: ParameterDict | None = None) -> None:
        super().__init__(prefix, params)
        self._active = self._is_graph
        self._engine = engines.DEFAULT
        # The graphs that the block has been traced to, by the structure of the inputs; the newest is the last.
        self._graphs: dict[Any, TracedGraph] = {}
        self._report: Callable[[str, str, str, Tensor], None] | None = None

    def __getstate__(self) -> dict[str, Any]:
        """A copy, or a pickled block, traces its own graphs."""
        return {**self.__dict__, "_graphs": {}, "_report": None}

    def __setattr__(self, name: str, value: Any) -> None:
        super().__setattr__(name, value)
        if isinstance(value, Block | Parameter):
            self._forget_graphs()

    def register_child(self, block: Block, name: str | None = None) -> None:
        """Make `block`, which must be a HybridBlock, a child under `name` or its number."""
        if not isinstance(block, HybridBlock):
            raise ValueError(
                f"{type(self).__name__}: the children of a HybridBlock must be HybridBlocks; received "
                f"{type(block).__name__}; use HybridSequential for Sequential, HybridLambda for Lambda"
            )
        super().register_child(block, name)
        self._forget_graphs()

    def cast(self, dtype: Any) -> None:
        """Convert the parameters of this block and all its descendants to another type."""
        self._forget_graphs()
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
        """Run the block, and its descendants, as a graph from the next call on.

        The next call traces `hybrid_forward` once; the graph is what later calls run and what `export` writes. Inputs
        of another structure (more of them, None, other nesting) are traced anew.

        Differs from MXNet: a tuple of outputs stays a tuple, where MXNet returns a list; a None among the outputs
        is allowed; and inputs of another structure need no new hybridize().

        Parameters
        ----------
        active : bool, default True
            Turn it on or off.
        backend : {'eager', 'inductor'}, optional
            The engine that runs the graph. 'eager', which None stands for, calls one operator after the other.
            'inductor' is torch.compile: the first call with new shapes takes seconds to minutes and later ones are
            faster; it needs a C++ compiler. MXNet's own backends do not exist here.
        clear : bool, default True
            Forget the graphs traced so far.
        static_alloc, static_shape, inline_limit, forward_bulk_size, backward_bulk_size
            MXNet's hints on how it keeps memory and groups work. torch has its own ways, so they change nothing here;
            `static_shape` needs `static_alloc`, as in MXNet.
        **kwargs
            Refused by name; MXNet takes anything.

        Raises
        ------
        MXNetError
            A backend that does not exist or cannot run here, an unknown argument, or `static_shape` without
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
        engine = engines.DEFAULT if backend is None else backend
        engines.find("hybridize", engine)
        if kwargs:
            raise MXNetError(f"hybridize: unknown arguments {', '.join(map(repr, kwargs))}")
        if static_shape and not static_alloc:
            raise MXNetError("hybridize: static_alloc must be True when static_shape is; pass static_alloc=True")
        if clear or not active or engine != self._engine:
            self._forget_graphs()
        self._active, self._engine = bool(active) or self._is_graph, engine
        super().hybridize(
            active, backend=backend, clear=clear, static_alloc=static_alloc, static_shape=static_shape,
            inline_limit=inline_limit, forward_bulk_size=forward_bulk_size, backward_bulk_size=backward_bulk_size,
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

        Afterwards it can be exported. The engine makes its function when the block is first called.

        Parameters
        ----------
        x, *args : NDArray
            Inputs as they are given to the call; their values do not matter.
        backend, clear, static_alloc, static_shape, inline_limit, forward_bulk_size, backward_bulk_size, **kwargs
            As in `hybridize`.

        Raises
        ------
        MXNetError
            As `hybridize`; or the shapes of the parameters do not follow from the inputs.

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
        self._graph_of((x, *args))
        self._initialize_deferred(x, *args)

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
        """Run `hybrid_forward` with the parameters of the context that the input is on, or the graph made of it."""
        is_one_array = type(x) is NDArray and not args  # what most calls are
        if not is_one_array and nested.find_symbols((x, *args)):
            return self._forward_symbols(x, *args)
        if self._active:
            return self._forward_graph(x, *args)
        ctx = x._ctx if is_one_array else self._context_of(x, *args)
        params = {}
        try:
            for name, parameter in self._reg_params.items():
                params[name] = parameter.data(ctx)
        except DeferredInitializationError:
            self._initialize_deferred(x, *args)
            params = {name: parameter.data(ctx) for name, parameter in self._reg_params.items()}
        return self.hybrid_forward(nd, x, *args, **params)

    def _forward_symbols(self, *args: Any) -> Any:
        """Add what the block computes to the graph of the inputs."""
        if nested.find_arrays(args):
            raise nested.MixedInputError(
                f"{type(self).__name__}: the inputs must be all NDArrays or all Symbols; received both"
            )
        with self.name_scope():
            variables = {name: parameter.var() for name, parameter in self._reg_params.items()}
            return self.hybrid_forward(sym, *args, **variables)

    def _forward_graph(self, *args: Any) -> Any:
        """Run the graph that the block has been traced to for inputs of this structure."""
        if len(args) == 1 and type(args[0]) is NDArray:
            inputs, structure = args, _ONE_ARRAY
        else:
            inputs, structure = nested.flatten(args, f"{type(self).__name__}: the inputs")  # type: ignore[assignment]
        graph = self._graphs.get(structure)
        if graph is None:
            self._context_of(*args)
            graph = self._trace(args, structure)
        ctx = inputs[0]._ctx
        try:
            parameters = [parameter.data(ctx) for parameter in graph.parameters]
        except DeferredInitializationError:
            self._initialize_deferred(*args)
            parameters = [parameter.data(ctx) for parameter in graph.parameters]
        return graph([*inputs, *parameters], ctx)

    def _forget_graphs(self) -> None:
        self._graphs.clear()

    def _trace(self, args: Sequence[Any], key: Any) -> TracedGraph:
        graph = trace(self, args, self._engine, silent=not self._active)
        graph.program.report = self._report
        self._graphs[key] = graph
        return graph

    def _graph_of(self, args: Sequence[Any]) -> tuple[TracedGraph, list[NDArray]]:
        """The graph for inputs of this structure, traced if there is none yet, and the inputs in order."""
        inputs, key = nested.flatten(args, f"{type(self).__name__}: the inputs")
        if not inputs:
            raise self._no_input(args)
        return self._graphs.get(key) or self._trace(args, key), inputs

    def _context_of(self, *args: Any) -> Context:
        arrays = nested.find_arrays(args)
        if not arrays:
            raise self._no_input(args)
        return arrays[0]._ctx

    def _no_input(self, args: Sequence[Any]) -> nested.MixedInputError:
        return nested.MixedInputError(
            f"{type(self).__name__}: one input at least must be an NDArray or a Symbol; received "
            f"{', '.join(type(arg).__name__ for arg in args) or 'nothing'}; convert it with mx.nd.array(...)"
        )

    def hybrid_forward(self, F: Any, x: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Compute the output with the functions of `F`; overridden by every subclass.

        Parameters
        ----------
        F : module
            ``nd``, or ``sym`` while a graph is traced.
        x, *args
            The inputs of the call.
        **kwargs
            The block's own parameters, by attribute name.
        """
        raise NotImplementedError(f"{type(self).__name__}: hybrid_forward must be written")

    def _call_with_hooks(self, *args: Any) -> Any:
        return self.forward(*args) if tracing.silent else super()._call_with_hooks(*args)

    def _initialize_deferred(self, *args: Any) -> None:
        """Fill the parameters that waited for their shapes, which follow from the inputs."""
        waiting = [parameter for parameter in self.collect_params().values() if parameter._deferred_init is not None]
        if not waiting:
            return
        try:
            graph, inputs = self._graph_of(args)
            graph.infer_shapes(inputs)
        except (MXNetError, AttributeError, TypeError) as error:
            raise ShapeInferenceError(
                f"{self.name}: the shapes of its parameters must follow from the inputs; {error}"
            ) from error
        for parameter in graph.parameters:
            parameter._finish_deferred_init()

    def infer_shape(self, *args: Any) -> None:
        """Find out the shapes of all parameters from inputs, without computing or initialising anything.

        Parameters
        ----------
        *args : NDArray
            Inputs as they are given to the call; their values do not matter.

        Examples
        --------
        >>> from glueball import nd
        >>> from glueball.gluon import nn
        >>> net = nn.Conv2D(8, 3)
        >>> net.infer_shape(nd.ones((1, 3, 32, 32)))
        >>> net.weight.shape
        (8, 3, 3, 3)
        """
        graph, inputs = self._graph_of(args)
        graph.infer_shapes(inputs)

    def infer_type(self, *args: Any) -> None:
        """Check that the types of inputs and parameters fit, and give parameters without a type that of the input.

        Raises
        ------
        MXNetError
            An operator does not accept the types; call `cast` first.
        """
        graph, inputs = self._graph_of(args)
        graph.infer_types(inputs)

    # --- files and hooks ------------------------------------------------------------------------------------------

    def export(self, path: str | os.PathLike[str], epoch: int = 0, remove_amp_cast: bool = True) -> None:
        """Write the graph and the parameters to two files that MXNet reads too.

        ``SymbolBlock.imports``, ``mod.Module`` and MXNet's C++ interface load them.

        Parameters
        ----------
        path : path
            The files are ``path-symbol.json`` and ``path-0000.params``, with the epoch as the number.
        epoch : int, default 0
            The number.
        remove_amp_cast : bool, default True
            Leave casts out of the graph that mixed precision has put in.

        Raises
        ------
        MXNetError
            There is no graph yet: call hybridize(), and then the block with one batch.

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
        if not self._graphs:
            raise MXNetError(
                f"{self.name}.export: the block must have been run as a graph; call hybridize(), and then the block "
                "with one batch"
            )
        params_file = checkpoint_file(f"{self.name}.export", path, epoch)
        graph = list(self._graphs.values())[-1]
        states = set(graph.symbol.list_auxiliary_states())
        arrays = {
            f"{'aux' if parameter.name in states else 'arg'}:{parameter.name}": parameter._reduce()
            for parameter in graph.parameters
        }
        graph.symbol.save(graph_file(f"{self.name}.export", path), remove_amp_cast)
        save(params_file, arrays)

    def register_op_hook(self, callback: Callable[[str, str, NDArray], None], monitor_all: bool = False) -> None:
        """Call ``callback(output name, operator name, array)`` for every array that the graph of the block makes.

        It is called while the block is hybridized; a graph that is watched runs node by node, and slower.

        Differs from MXNet: names are str and the array is an NDArray, not bytes and a handle.

        Parameters
        ----------
        callback : callable
            What is called.
        monitor_all : False
            MXNet can report the inputs of operators too; here the outputs are, and True is refused.
        """
        if monitor_all:
            raise MXNetError(
                "register_op_hook: monitor_all must be False; received True; the inputs of an operator are outputs of "
                "others, which are reported, or parameters"
            )

        if not callable(callback):
            raise TypeError(f"register_op_hook: callback must be callable; received {callback!r}")

        def report(node: str, operator: str, name: str, tensor: Tensor) -> None:
            callback(name, operator, NDArray(tensor.detach(), nd.from_torch(tensor.detach()).context))

        self._report = report
        for graph in self._graphs.values():
            graph.program.report = report
        super().register_op_hook(callback, monitor_all)


_ONE_ARRAY = (tuple, (nested.ONE,))  # the structure of one array as the only input
