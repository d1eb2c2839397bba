"""SymbolBlock: a graph, from a file or from ``sym`` functions, wrapped as a block."""

from __future__ import annotations

import copy
import os
from collections.abc import Sequence
from typing import Any

from ...core import dtype as dtypes
from ...core.context import Context
from ...core.errors import InvalidValueError, MXNetError, nearest
from ...graph.engines import Choice
from ...ops.shape_rule import shown_lengths
from ...symbol import Group, Symbol, load, var
from ...symbol.infer.shapes import carried_shape
from ...symbol.infer.types import carried_type
from ...symbol.node import Node, topological_order
from . import nested
from .hybrid_block import HybridBlock
from .parameter_dict import ParameterDict
from .traced_graph import Trace

__all__ = ["SymbolBlock"]


class InputNameError(MXNetError, AssertionError):
    """An input name is not a variable of the graph. MXNet raises AssertionError."""


class SymbolBlock(HybridBlock):
    """A block that computes a given graph; variables that are not inputs are its parameters.

    Parameters
    ----------
    outputs : Symbol or list of Symbol
        The outputs; several, in a list or in one symbol, make the block return a list.
    inputs : Symbol or list of Symbol
        The variables that represent its inputs, in call order.
    params : ParameterDict, optional
        Parameters to share, by the full names of the variables.

    Raises
    ------
    MXNetError
        An input is not a variable.

    Examples
    --------
    >>> import glueball as mx
    >>> data = mx.sym.var("data")
    >>> block = mx.gluon.SymbolBlock(mx.sym.FullyConnected(data, num_hidden=2, name="fc"), data)
    >>> block.initialize()
    >>> block(mx.nd.ones((1, 3))).shape
    (1, 2)
    """

    _glueball_is_graph = True

    def __init__(
        self,
        outputs: Symbol | Sequence[Symbol],
        inputs: Symbol | Sequence[Symbol],
        params: ParameterDict | None = None,
    ) -> None:
        super().__init__(prefix=None, params=None)
        # The variables already have full names.
        self._prefix, self._params = "", ParameterDict("", params)
        names = [_input_name(symbol) for symbol in nested.flatten(inputs, "SymbolBlock: inputs")[0]]
        if isinstance(outputs, list | tuple) and len(outputs) == 1:
            outputs = outputs[0]
        symbols, self._glueball_outputs = nested.flatten(outputs, "SymbolBlock: outputs")
        self._symbol = copy.copy(Group(symbols))
        self._glueball_engine_of_symbol = (
            (outputs._engine, outputs._strict) if isinstance(outputs, Symbol) else (None, False)
        )
        self._input_names = names
        states = set(self._symbol.list_auxiliary_states())
        nodes = [node for node in topological_order(self._symbol._entries) if node.is_variable]
        for node in sorted(nodes, key=lambda node: node.name in states):  # in MXNet's order, states last
            if node.name not in names:
                self._glueball_add_parameter(node, node.name in states)

    def _glueball_add_parameter(self, node: Node, is_state: bool) -> None:
        """Create the parameter of a variable. As in MXNet, its initializer and multipliers are ignored."""
        options: dict[str, Any] = {"allow_deferred_init": True}
        if is_state:  # another parameter keeps what it asks for, if the block shares it with other blocks
            options["grad_req"] = "null"
        kind, shape = carried_type(node), carried_shape(node)
        if kind is not None:
            options["dtype"] = dtypes.TORCH_TO_NUMPY[kind]
        if shape is not None:
            options["shape"] = shown_lengths(shape)
        self._reg_params[node.name] = self.params.get(node.name, **options)

    @staticmethod
    def imports(
        symbol_file: str | os.PathLike[str],
        input_names: str | Sequence[str],
        param_file: str | os.PathLike[str] | None = None,
        ctx: Context | Sequence[Context] | None = None,
        allow_missing: bool = False,
        ignore_extra: bool = False,
    ) -> SymbolBlock:
        """Create a block from files written by ``export``, here or in MXNet.

        Parameters
        ----------
        symbol_file : path
            The ``-symbol.json`` file.
        input_names : str or list of str
            The variables that are inputs.
        param_file : path, optional
            The ``.params`` file; without it, call initialize().
        ctx : Context or list of Context, optional
            Where to put the parameters; default: the CPU.
        allow_missing, ignore_extra : bool, default False
            Whether the file may lack parameters, or have extra arrays.

        Raises
        ------
        MXNetError
            A file is corrupt, a name is not a variable of the graph, or parameters are missing.

        Examples
        --------
        >>> import os, tempfile
        >>> import glueball as mx
        >>> path = os.path.join(tempfile.mkdtemp(), "net-symbol.json")
        >>> mx.sym.relu(mx.sym.var("data")).save(path)
        >>> mx.gluon.SymbolBlock.imports(path, ["data"])(mx.nd.array([-1, 1])).asnumpy().tolist()
        [0.0, 1.0]
        """
        symbol = load(symbol_file)
        names = [input_names] if isinstance(input_names, str) else input_names
        if not isinstance(names, Sequence):
            raise TypeError(f"SymbolBlock.imports: input_names must be a list of names; received {names!r}")
        variables = {str(entry.name): entry for entry in symbol.get_internals() if entry._node().is_variable}
        for name in names:
            if name not in variables:
                raise InputNameError(
                    f"SymbolBlock.imports: input_names must be variables of the graph; received {name!r}"
                    f"{nearest(name, tuple(variables))}"
                )
        block = SymbolBlock(symbol, [variables[name] for name in names])
        if param_file is not None:
            block.collect_params().load(
                param_file, ctx, allow_missing, ignore_extra, cast_dtype=True, dtype_source="saved"
            )
        return block

    def __repr__(self) -> str:
        return f"SymbolBlock(\n{self._symbol!r} : {len(self._input_names)} -> {len(self._symbol._entries)}\n)"

    # --- running --------------------------------------------------------------------------------------------------

    def _glueball_forward_symbols(self, *args: Any) -> Any:
        symbols, _ = nested.flatten(list(args), "SymbolBlock: the inputs")
        self._glueball_check_count(len(symbols))
        inputs = dict(zip(self._input_names, symbols, strict=True))
        used = set(self._symbol.list_arguments())
        return nested.rebuild(
            self._glueball_outputs, iter(self._symbol(**{name: s for name, s in inputs.items() if name in used}))
        )

    def _glueball_trace(self, args: Sequence[Any]) -> Trace:
        """Return the block's own graph."""
        self._glueball_check_count(len(nested.flatten(args, "SymbolBlock: the inputs")[0]))
        found = {str(entry.name): entry for entry in self._symbol.get_internals() if entry._node().is_variable}
        inputs = [found[name] if name in found else var(name) for name in self._input_names]
        return Trace(inputs, self._symbol, self._glueball_outputs)

    def _glueball_engine(self) -> tuple[Choice | None, bool]:
        return super()._glueball_engine() if self._backend else self._glueball_engine_of_symbol

    def _glueball_check_count(self, count: int) -> None:
        if count != len(self._input_names):
            raise InvalidValueError(
                f"SymbolBlock: it must be called with {len(self._input_names)} inputs, "
                f"{', '.join(self._input_names)}; received {count}"
            )

    def hybrid_forward(self, F: Any, x: Any, *args: Any, **kwargs: Any) -> Any:
        """Refused: the block has only a graph."""
        raise NotImplementedError("SymbolBlock: it has only a graph; call the block, or compose its symbol")

    # --- parameters -----------------------------------------------------------------------------------------------

    def _collect_params_with_prefix(self, prefix: str = "") -> dict[str, Any]:
        names = list(self._reg_params)
        common = names[0][: names[0].rfind("_") + 1] if names else ""
        while not all(name.startswith(common) for name in names):
            common = common[: common.rfind("_", 0, -1) + 1]
        dot = f"{prefix}." if prefix else ""
        return {dot + name[len(common) :]: parameter for name, parameter in self._reg_params.items()}

    def cast(self, dtype: Any) -> None:
        """Cast the parameters to another dtype, for inputs of that dtype; this also changes the graph for `export`.

        Parameters that an operator keeps in float32 with 16-bit data, such as those of BatchNorm, become float32.
        """
        kind = dtypes.to_torch(dtype, "SymbolBlock.cast")
        graph = copy.copy(self._symbol)
        variables = [node for node in topological_order(graph._entries) if node.is_variable]
        for node in variables:
            node.attributes.pop("__dtype__", None)
        used = {node.name for node in variables}
        arguments, _, states = graph.infer_type_partial(**{name: dtype for name in self._input_names if name in used})
        found = dict(zip(graph.list_arguments(), arguments or (), strict=True))
        found |= dict(zip(graph.list_auxiliary_states(), states or (), strict=True))
        for name, parameter in self.params.items():
            parameter.cast(found.get(name) or dtype)
        for node in topological_order(self._symbol._entries):
            if node.is_variable and "__dtype__" in node.attributes:
                own = self.params[node.name].dtype if node.name in self._reg_params else kind
                node.attributes["__dtype__"] = str(dtypes.TORCH_TO_FLAG[dtypes.to_torch(own, node.name)])
        self._clear_cached_op()

    def reset_ctx(self, ctx: Context | Sequence[Context]) -> None:
        """Move the parameters to other contexts."""
        self.collect_params().reset_ctx(ctx)


def _input_name(symbol: Any) -> str:
    if not isinstance(symbol, Symbol) or not symbol._node().is_variable:
        raise InputNameError(
            f"SymbolBlock: inputs must be variables; received {symbol!r}; make one with mx.sym.var(name)"
        )
    return symbol._node().name
