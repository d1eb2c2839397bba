"""Running a Symbol's graph on torch tensors."""

from __future__ import annotations

import linecache
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any

from torch import Tensor, fx

from ..context import Context
from ..errors import MXNetError
from ..ops.explain import explain
from ..rng import generator
from ..symbol.node import Entry, Node, in_order
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
        self._lowered: dict[bool, fx.GraphModule] = {}
        self._functions: dict[bool, Callable[..., tuple[Tensor, ...]]] = {}
        kinds = {kind for node in in_order(heads) if node.operator for _, kind in node.operator.supplied}
        self._draws = "rng" in kinds

    def lowered(self, training: bool) -> fx.GraphModule:
        """Return the torch.fx graph that runs."""
        if training not in self._lowered:
            self._lowered[training] = lower(self.heads, self.variables, training)
        return self._lowered[training]

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
        function = self._functions.get(training) or self._compile(training)
        try:
            if self.report is not None:
                return Monitored(self.lowered(training), self.report).run(
                    *tensors, generator(ctx) if self._draws else None, ctx.device
                )
            return function(*tensors, generator(ctx) if self._draws else None, ctx.device)
        except (RuntimeError, TypeError, ValueError, LookupError, AttributeError, ArithmeticError) as error:
            raise self._explained(error, self.lowered(training)) from error

    def _compile(self, training: bool) -> Callable[..., tuple[Tensor, ...]]:
        function = self._functions[training] = eager(self.lowered(training))
        return function

    def _explained(self, error: Exception, module: fx.GraphModule) -> Exception:
        """Name the node at which the lowered graph stopped, and what it was given."""
        stopped = _stopped_at(error.__traceback__, module)
        if stopped is None:
            return error
        node, tensors = stopped
        assert node.operator is not None
        if not isinstance(error, MXNetError):
            error = explain(node.operator, tensors, node.parsed, error)
        return MXNetError(f"{node.name}: {error}")


def _stopped_at(
    traceback: TracebackType | None, module: fx.GraphModule
) -> tuple[Node, list[Tensor | None]] | None:
    """Find the call in the generated code that raised: it is a line ``name = function(arguments)``."""
    calls = {node.name: node for node in module.graph.nodes if "source" in node.meta}
    while traceback is not None:
        code = traceback.tb_frame.f_code
        if code is module.forward.__func__.__code__:
            line = linecache.getline(code.co_filename, traceback.tb_lineno)
            call = calls.get(line.split("=")[0].split(":")[0].strip())
            if call is not None:
                values = traceback.tb_frame.f_locals
                return call.meta["source"], [values[a.name] if isinstance(a, fx.Node) else None for a in call.args]
        traceback = traceback.tb_next
    return None
