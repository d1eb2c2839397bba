"""HybridBlock: a block whose computation is written once, for arrays and for symbols."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, overload

from ... import ndarray as nd
from ... import symbol as sym
from ...core.errors import MXNetError
from ...core.warning import warn
from ...graph import engines
from ...graph.explanation import Explanation
from ...ndarray.faces import numpy_face
from ...ndarray.ndarray import NDArray
from . import nested
from .block import Block
from .call_types import Array, HybridForward, Output
from .graph_inputs import graph_inputs
from .parameter import DeferredInitializationError, Parameter
from .traced_block import TracedBlock

__all__ = ["HybridBlock"]


class HybridBlock(TracedBlock):
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
                f"{type(block).__name__}; use HybridSequential for Sequential, HybridLambda for Lambda, and a "
                "Sequential or Block around what has no graph, such as a module of torch"
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
        backend : {'auto', 'eager', 'inductor', 'onednn', 'onnxruntime', 'openvino'}, optional
            The engine that runs the graph. 'onednn', the default, predicts on the CPU with convolutions that batch
            normalization, activations and sums are part of, and otherwise does what 'eager' does, which calls one
            operator after another. 'inductor' is torch.compile: the first call with new shapes takes seconds to
            minutes, later calls are faster; it needs a C++ compiler. 'onnxruntime' and 'openvino' predict on the CPU
            with these runtimes, which must be installed: ``pip install "glueball[openvino]"``. 'auto' tries what is
            installed and keeps the fastest. ``docs/engines.md`` says more. MXNet's own backends do not exist here.
        clear : bool, default True
            Discard the graphs traced so far.
        static_alloc, static_shape : bool, default False
            With both, predictions on a GPU are captured as a CUDA graph, which is replayed for inputs of the same
            shapes; ``docs/engines.md`` says when. Otherwise they have no effect: torch manages memory itself.
            `static_shape` requires `static_alloc`, as in MXNet.
        inline_limit, forward_bulk_size, backward_bulk_size
            MXNet's hints for bulk execution, which have no effect here.
        **kwargs
            ``strict=True``: it is an error if the engine fails on the graph; else the graph then runs as 'eager' runs
            it, with one warning. Options of the backend: `precision` of 'openvino'; `seconds`, `tolerance`, `engines`
            and `verbose` of 'auto'. Others are refused by name; MXNet accepts any.

        Raises
        ------
        MXNetError
            The backend is unknown, not installed or cannot run here, an argument is unknown, or `static_shape` is given
            without `static_alloc`.

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
        choice, strict = engines.choose("hybridize", backend, kwargs)
        if static_shape and not static_alloc:
            raise MXNetError("hybridize: static_alloc must be True when static_shape is; pass static_alloc=True")
        options = choice.options if choice else ()
        was_static = dict(self._flags).get("static_shape", False)
        before = self._backend, self._glueball_options, self._glueball_strict, was_static
        if clear or not active or (backend, options, strict, static_shape) != before:
            self._clear_cached_op()
        self._active, self._backend = bool(active) or self._glueball_is_graph, backend
        self._glueball_options, self._glueball_strict = options, strict
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
        given: Sequence[Any] = (x, *args)
        if (type(self).__call__, type(self).forward) != (HybridBlock.__call__, HybridBlock.forward):
            given = graph_inputs(self, given, f"{self.name}.optimize_for")
        structure = self._glueball_structure(given)
        graph = self._glueball_graphs.get(structure) or self._glueball_new_graph(given, structure)
        if any(parameter._deferred_init for parameter in graph.parameters):
            self._glueball_initialize(graph.parameters, given)

    # --- running --------------------------------------------------------------------------------------------------

    if TYPE_CHECKING:
        # As in Block, with the annotation of `hybrid_forward`; see `call_types`.
        @overload
        def __call__(self: HybridForward[NDArray, NDArray], x: Array, /, *args: Any) -> Array: ...
        @overload
        def __call__(self: HybridForward[sym.Symbol, sym.Symbol], x: sym.Symbol, /, *args: Any) -> sym.Symbol: ...
        @overload
        def __call__(self: HybridForward[Any, Output], *args: Any) -> Output: ...
        def __call__(self, *args: Any) -> Any: ...

        def explain(self, x: Any, *args: Any) -> Explanation: ...  # in `explaining`

        def export_onnx(
            self, path: str | os.PathLike[str], x: Any, *args: Any,
            dynamic: bool | Sequence[Sequence[int | str | None]] = ..., opset_version: int = ...,
            run_shape_inference: bool = ...,
        ) -> str: ...  # in `exporting`  # fmt: skip

    def forward(self, x: Any, *args: Any) -> Any:
        """Run `hybrid_forward` with the parameters on the context of the input, or run the traced graph."""
        is_one_array = type(x) in _ARRAYS and not args  # the common case
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
            if nested.find_symbols(args)[0]._is_np:
                variables = {name: variable.as_np_ndarray() for name, variable in variables.items()}
            return self.hybrid_forward(sym, *args, **variables)

    def _call_cached_op(self, *args: Any) -> Any:
        """Run the graph that was traced for inputs of this structure."""
        if len(args) == 1 and type(args[0]) in _ARRAYS:
            inputs, structure = args, _ONE_ARRAY
        else:
            inputs, structure = nested.flatten(args, f"{type(self).__name__}: the inputs")  # type: ignore[assignment]
        graph = self._glueball_graphs.get(structure)
        if graph is None:
            self._glueball_context_of(*args)
            graph = self._glueball_new_graph(args, structure)
        ctx = inputs[0]._ctx.computes_on
        try:
            parameters = graph.held.arrays(ctx)
        except DeferredInitializationError:
            self._glueball_initialize(graph.parameters, args)
            parameters = graph.held.arrays(ctx)
        return graph([*inputs, *parameters], ctx)

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


_ARRAYS = frozenset({NDArray, numpy_face[0]})
_ONE_ARRAY = (tuple, (nested.ONE,))  # the structure of a single array
