"""What a graph says of itself: the calls that run, the layers that each stands for, its kernel and its time."""

from __future__ import annotations

import operator as python_operator
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, NamedTuple

import torch
from torch import Tensor, fx

from ..core.tables import printable, table
from ..ops import draw
from .form import Form, kernel_of

_TURNS = 25
_FEWEST = 3
_LONGEST = 1.0  # in seconds: no further turn is made after it
_IDLE_TURNS = 2  # the first runs, which find cold caches

_WIRING = (python_operator.getitem, draw.stream)  # they hand something on, and are no kernels


class Step(NamedTuple):
    """One step of a graph: calls that run one after another for the same layers.

    Attributes
    ----------
    nodes : tuple of str
        The names of the symbol's nodes that the step stands for: layers and operators of the network.
    kernel : str
        What computes it: the names of kernels, or of an operator that runs as in an imperative call.
    shape : tuple of int, optional
        The shape of its result, or of the first of several.
    microseconds : float
        How long it takes, the median of several runs.
    share : float
        Which part of the sum of all steps this is, from 0 to 1.
    """

    nodes: tuple[str, ...]
    kernel: str
    shape: tuple[int, ...] | None
    microseconds: float
    share: float


@dataclass(frozen=True, repr=False)
class Explanation:
    """How a network runs; its text is a table.

    Attributes
    ----------
    network : str
        The name of the network.
    engine : str
        The name of the engine.
    training : bool
        Whether it is the graph for training.
    steps : tuple of Step
        What runs, in order; empty if the engine does not show it.
    microseconds : float
        How long the whole graph takes, the median of several runs.
    passes : mapping of str to int
        How often each pass has rewritten something.
    dropped : tuple of str
        The nodes that are not computed, because what they return is what they take.
    prepared : int
        How many calls depend on parameters alone: they were made once and are not among the steps.
    reason : str
        Why the graph runs as it was lowered, or '' if it does not.
    """

    network: str
    engine: str
    training: bool
    steps: tuple[Step, ...]
    microseconds: float
    passes: Mapping[str, int]
    dropped: tuple[str, ...]
    prepared: int
    reason: str

    def __repr__(self) -> str:
        return "\n".join([*self._head(), "", *self._table()] if self.steps else self._head())

    def _head(self) -> list[str]:
        kind = "training" if self.training else "prediction"
        lines = [f"{printable(self.network)}: {kind} with the engine '{self.engine}', {self.microseconds:.0f} us a run"]
        if self.reason:
            lines.append(f"It runs as it was lowered: {printable(self.reason)}.")
        elif not self.steps:
            lines.append("The engine does not show its kernels: there are no times of single layers.")
        fired = [f"{name} {count}" for name, count in self.passes.items() if count]
        if fired:
            lines.append(f"Passes: {', '.join(fired)}")
        if self.dropped:
            lines.append(f"Not computed: {printable(', '.join(self.dropped))}")
        if self.prepared:
            lines.append(f"Calls made once, for the parameters: {self.prepared}")
        return lines

    def _table(self) -> list[str]:
        rows = [
            [
                printable(" + ".join(step.nodes)), step.kernel, _lengths(step.shape), f"{step.microseconds:.1f}",
                f"{step.share:.1%}",
            ]
            for step in self.steps
        ]  # fmt: skip
        return table(("Layers", "Kernel", "Output", "us", "Share"), rows, (3, 4))

    def as_json(self) -> dict[str, Any]:
        """Return the same as values that JSON has."""
        return {
            **{name: value for name, value in vars(self).items() if name != "steps"},
            "passes": dict(self.passes),
            "dropped": list(self.dropped),
            "steps": [{**step._asdict(), "nodes": list(step.nodes)} for step in self.steps],
        }


def explain(form: Form, network: str, engine: str, training: bool, device: torch.device) -> Explanation:
    """Run a graph several times and say what takes how long.

    Parameters
    ----------
    form : Form
        The graph.
    network, engine : str
        The names of both.
    training : bool
        Whether it is the graph for training.
    device : torch.device
        Where it runs.
    """
    timed = None if form.module is None else _Timed(form.module, device)
    whole: list[float] = []
    end = time.perf_counter() + _LONGEST
    while len(whole) < _IDLE_TURNS + _FEWEST or (len(whole) < _TURNS and time.perf_counter() < end):
        whole.append(_seconds(lambda: form.run(*form.inputs), device))
        if timed is not None:
            timed.run(*form.inputs)
    return Explanation(
        network, engine, training, () if timed is None else timed.steps(), 1e6 * median(whole[_IDLE_TURNS:]),
        form.passes, form.dropped, form.prepared, form.reason,
    )  # fmt: skip


class _Timed(fx.Interpreter):
    """Runs a graph call by call, as often as it is asked, and takes the time of each."""

    def __init__(self, module: fx.GraphModule, device: torch.device) -> None:
        super().__init__(module, garbage_collect_values=True)
        self.extra_traceback = False
        self._device = device
        self._calls = [node for node in module.graph.nodes if node.op == "call_function" and not is_given(node)]
        self._seconds: dict[fx.Node, list[float]] = {node: [] for node in self._calls}
        self._shapes: dict[fx.Node, tuple[int, ...] | None] = {}

    def run_node(self, n: fx.Node) -> Any:
        """Make one call."""
        if n.op != "call_function" or is_given(n):
            return super().run_node(n)
        args, kwargs = self.fetch_args_kwargs_from_env(n)
        results: list[Any] = []
        self._seconds[n].append(_seconds(lambda: results.append(n.target(*args, **kwargs)), self._device))  # type: ignore[operator]
        self._shapes[n] = _shape(results[0])
        return results[0]

    def steps(self) -> tuple[Step, ...]:
        times = {node: 1e6 * median(seconds[_IDLE_TURNS:]) for node, seconds in self._seconds.items()}
        total = sum(times.values()) or 1.0
        steps = []
        for group in grouped(self._calls):
            names = tuple([source.name for source in group[0].meta.get("sources", ())])
            computing = [node for node in group if node.target not in _WIRING]
            kernels = " + ".join(map(kernel_of, computing))
            duration = sum(times[node] for node in group)
            shape = self._shapes[computing[-1]] if computing else None
            steps.append(Step(names, kernels, shape, duration, duration / total))
        return tuple(steps)


def is_given(node: fx.Node) -> bool:
    """Whether a node is an item of what is given to the graph."""
    return node.target is python_operator.getitem and node.all_input_nodes[0].op == "placeholder"


def grouped(calls: Sequence[fx.Node]) -> list[list[fx.Node]]:
    """Put calls together that follow each other and stand for the same nodes of the symbol."""
    groups: list[list[fx.Node]] = []
    for node in calls:
        if groups and node.meta.get("sources") == groups[-1][0].meta.get("sources"):
            groups[-1].append(node)
        else:
            groups.append([node])
    return groups


def _shape(result: Any) -> tuple[int, ...] | None:
    first = result[0] if isinstance(result, tuple | list) and result else result
    return tuple(first.shape) if isinstance(first, Tensor) else None


def _seconds(work: Callable[[], object], device: torch.device) -> float:
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    begin = time.perf_counter()
    work()
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    return time.perf_counter() - begin


def _lengths(shape: tuple[int, ...] | None) -> str:
    return "" if shape is None else "x".join(map(str, shape)) or "()"
