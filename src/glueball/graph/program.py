"""Running a Symbol's graph on torch tensors."""

from __future__ import annotations

import linecache
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any

from torch import Tensor, fx

from ..core.context import Context
from ..core.errors import MXNetError
from ..core.rng import generator
from ..ops.explain import explain
from ..symbol.infer import infer
from ..symbol.node import Entry, Node, in_order, leaves_length_open
from .engine import eager
from .lower import lower
from .monitor import Monitored

#: ``report(node name, operator name, output name, tensor)``
Report = Callable[[str, str, str, Tensor], None]


class Program:
    """A graph that can be run: lowered when it is first needed, once for training and once for prediction.

    Parameters
    ----------
    heads : sequence of Entry
        What it computes.
    variables : sequence of Node
        The variables in the order in which their tensors are given.

    Attributes
    ----------
    report : callable, optional
        Told of every array that an operator makes, while it is set; see `Report`.
    """

    def __init__(self, heads: Sequence[Entry], variables: Sequence[Node]) -> None:
        self.heads = tuple(heads)
        self.variables = tuple(variables)
        self.report: Report | None = None
        operators = [node for node in in_order(heads) if node.operator is not None]
        self._draws = any(kind == "rng" for node in operators for _, kind in node.operator.supplied)  # type: ignore[union-attr]
        # Some graphs say zeros((0, 8)) and leave the length to inference: they are lowered for each set of shapes.
        self._needs_shapes = any(map(leaves_length_open, operators))
        self._lowered: dict[Any, fx.GraphModule] = {}
        self._functions: dict[Any, Callable[..., tuple[Tensor, ...]]] = {}

    def lowered(self, training: bool, tensors: Sequence[Tensor] = ()) -> fx.GraphModule:
        """Return the torch.fx graph that runs; for some graphs it depends on the shapes of the tensors."""
        key = self._key(training, tensors)
        if key not in self._lowered:
            if self._needs_shapes:
                names = [node.name for node in self.variables]
                shapes = {name: tuple(tensor.shape) for name, tensor in zip(names, tensors, strict=True)}
                types = {name: tensor.dtype for name, tensor in zip(names, tensors, strict=True)}
                values = infer(self.heads, shapes, types).values
                self._lowered[key] = lower(self.heads, self.variables, training, values)
            else:
                self._lowered[key] = lower(self.heads, self.variables, training)
        return self._lowered[key]

    def _key(self, training: bool, tensors: Sequence[Tensor]) -> Any:
        return (training, *[tensor.shape for tensor in tensors]) if self._needs_shapes else training

    def run(self, tensors: Sequence[Tensor], ctx: Context, training: bool) -> tuple[Tensor, ...]:
        """Compute the heads.

        Parameters
        ----------
        tensors : sequence of Tensor
            One for each of `variables`.
        ctx : Context
            Where they are.
        training : bool
            Whether operators that behave differently in training do so.

        Raises
        ------
        MXNetError
            An operator refuses what it is given; the message names the node.
        """
        key = self._key(training, tensors) if self._needs_shapes else training
        function = self._functions.get(key) or self.function(training, tensors)
        try:
            if self.report is not None:
                monitored = Monitored(self.lowered(training, tensors), self.report)
                return monitored.run(*tensors, generator(ctx) if self._draws else None, ctx.device)
            return function(*tensors, generator(ctx) if self._draws else None, ctx.device)
        except (RuntimeError, TypeError, ValueError, LookupError, AttributeError, ArithmeticError) as error:
            raise self._explained(error, self.lowered(training, tensors)) from error

    @property
    def is_plain(self) -> bool:
        """Whether nothing but the tensors and the device matters to its function."""
        return not self._draws and not self._needs_shapes and self.report is None

    def function(self, training: bool, tensors: Sequence[Tensor] = ()) -> Callable[..., tuple[Tensor, ...]]:
        """Return what `run` calls: a function of the tensors, the generator of random numbers and the device."""
        key = self._key(training, tensors)
        if key not in self._functions:
            self._functions[key] = eager(self.lowered(training, tensors))
        return self._functions[key]

    def _explained(self, error: Exception, module: fx.GraphModule) -> Exception:
        """Name the node at which the lowered graph stopped, and what it was given."""
        stopped = _stopped_at(error.__traceback__, module)
        if stopped is None:
            return error if isinstance(error, MXNetError) else MXNetError(f"graph: {error}")
        node, tensors = stopped
        assert node.operator is not None
        if not isinstance(error, MXNetError):
            error = explain(node.operator, tensors, node.parsed, error)
        return MXNetError(f"{node.name}: {error}")


def _stopped_at(traceback: TracebackType | None, module: fx.GraphModule) -> tuple[Node, list[Tensor | None]] | None:
    """Find the call in the generated code that raised: it is a line ``name = function(arguments)``."""
    calls = {node.name: node for node in module.graph.nodes if "source" in node.meta}
    while traceback is not None:
        code = traceback.tb_frame.f_code
        if code is type(module).forward.__code__:
            line = linecache.getline(code.co_filename, traceback.tb_lineno)
            call = calls.get(line.split("=")[0].split(":")[0].strip())
            if call is not None:
                values = traceback.tb_frame.f_locals
                return call.meta["source"], [values[a.name] if isinstance(a, fx.Node) else None for a in call.args]
        traceback = traceback.tb_next
    return None
