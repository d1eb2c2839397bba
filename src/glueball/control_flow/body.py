"""A graph that a node runs: its inference, and itself as a function of tensors."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

import torch
from torch import Tensor

from ..core.errors import MXNetError
from ..core.locks import process_lock
from ..graph.inference import infer_arrays
from ..graph.lower import lower
from ..ops import draw
from ..ops.flops import Call, count
from ..ops.shape_rule import PartialShape
from ..ops.type_rule import PartialType
from ..symbol.infer.shapes import infer_shapes
from ..symbol.infer.types import infer_types
from ..symbol.node import Entry, Node, leaves_length_open, topological_order

_KEPT = 100  # sets of shapes for which a graph is kept; it may meet any number
_SPREAD = 0x5851F42D4C957F2D  # odd, so that no two steps of a loop share a key
_lowering = process_lock()  # what one thread lowers, the others take from it


class Body:
    """One graph of a control flow node.

    Parameters
    ----------
    owner : str
        The operator of the node, for messages.
    heads : tuple of Entry
        Its outputs.

    Attributes
    ----------
    variables : list of Node
        Its inputs, in the order in which the node numbers them.
    """

    def __init__(self, owner: str, heads: tuple[Entry, ...]) -> None:
        self._owner, self.heads = owner, heads
        self._nodes = topological_order(heads)
        self.variables = [node for node in self._nodes if node.is_variable]
        self._names = [node.name for node in self.variables]
        self._operators = [node for node in self._nodes if not node.is_variable]
        self._needs_shapes = any(map(leaves_length_open, self._operators))
        self._lowered: dict[Any, Any] = {}
        self._found: dict[Any, tuple[list[Any], list[Any]]] = {}
        if len(set(self._names)) < len(self._names):
            raise MXNetError(
                f"{owner}: the inputs of its graph must have different names; received {', '.join(self._names)}"
            )

    @property
    def draws(self) -> bool:
        """Whether it draws random numbers."""
        return any(kind == "rng" for node in self._operators for _, kind in node.applied.operator.supplied)

    @property
    def runs_user_code(self) -> bool:
        """Whether it runs code of the user."""
        return any(node.applied.operator.runs_user_code for node in self._operators)

    # --- inference ------------------------------------------------------------------------------------------------

    def shapes(
        self, given: Sequence[PartialShape], heads: Sequence[PartialShape] = ()
    ) -> tuple[list[PartialShape], list[PartialShape]]:
        """Return what is known of the shapes of its inputs and outputs, from what is known of some."""
        named = dict(zip(self._names, given, strict=True))
        key = "shapes", tuple(given), tuple(heads)
        return self._kept(key, lambda: infer_shapes(self._nodes, named, self._supposed, self._of_results(heads)))

    def work(self, given: Sequence[PartialShape]) -> tuple[int, int]:
        """Return its floating-point operations, and its multiply-adds, for inputs of these shapes."""
        found = infer_shapes(self._nodes, dict(zip(self._names, given, strict=True)), self._supposed)
        flops = products = 0
        for node in self._operators:
            inputs = [found[entry] or () for entry in node.inputs]
            call = Call(
                node.applied.attributes, dict(zip(node.input_names, inputs, strict=False)), found[Entry(node, 0)] or ()
            )
            operator = node.applied.operator
            flops += count(operator.flops, call)
            products += operator.multiply_adds(call) if operator.multiply_adds else 0
        return flops, products

    @cached_property
    def _supposed(self) -> dict[Entry, PartialType]:
        """Types with which shapes are inferred."""
        return infer_types(self._nodes, {}, torch.float32)

    def types(
        self, given: Sequence[PartialType], heads: Sequence[PartialType] = (), default: PartialType = None
    ) -> tuple[list[PartialType], list[PartialType]]:
        """Return what is known of the types of its inputs and outputs, from what is known of some."""
        named = {name: kind for name, kind in zip(self._names, given, strict=True) if kind is not None}
        key = "types", tuple(given), tuple(heads), default
        return self._kept(key, lambda: infer_types(self._nodes, named, default, self._of_results(heads)))

    def _kept(self, key: Any, infer: Callable[[], Mapping[Entry, Any]]) -> tuple[list[Any], list[Any]]:
        """Return what was found for this key, of inputs and outputs: graphs in graphs ask for the same many times."""
        if key not in self._found:
            found = infer()
            if len(self._found) >= _KEPT:
                self._found.clear()
            self._found[key] = [found[Entry(node, 0)] for node in self.variables], [found[head] for head in self.heads]
        return self._found[key]

    def _of_results(self, facts: Sequence[Any]) -> dict[Entry, Any]:
        """Return what is known of its outputs, by output; those that are variables are known otherwise."""
        known = zip(self.heads, facts, strict=False)
        return {head: fact for head, fact in known if fact is not None and not head.node.is_variable}

    # --- running --------------------------------------------------------------------------------------------------

    def run(self, tensors: Sequence[Tensor], training: bool, key: Tensor | None, device: torch.device) -> Any:
        """Compute its outputs, as a tuple."""
        return self._module(training, tensors)(*tensors, key, device)

    def prepare(self) -> None:
        """Lower it beforehand, where no shapes are needed for that: a compiler can then follow its runs."""
        if not self._needs_shapes:
            for training in (False, True):
                with contextlib.suppress(MXNetError):  # who runs it in training will hear why that is not possible
                    self._lower(training, training, ())
        prepare_bodies(self._operators)

    def _module(self, training: bool, tensors: Sequence[Tensor]) -> Any:
        """Return the lowered graph; for some graphs it depends on the shapes of the tensors."""
        kind = (training, *[tensor.shape for tensor in tensors]) if self._needs_shapes else training
        module = self._lowered.get(kind)
        return self._lower(kind, training, tensors) if module is None else module

    def _lower(self, kind: Any, training: bool, tensors: Sequence[Tensor]) -> Any:
        with _lowering:
            if kind not in self._lowered:
                applied = _written
                if self._needs_shapes:
                    applied = infer_arrays(self.heads, self.variables, tensors).applied
                lowered = lower(self.heads, self.variables, training, applied=applied)
                if lowered.states:
                    names = ", ".join(self._names[number] for number in lowered.states)
                    raise MXNetError(
                        f"{self._owner}: a graph that it runs in training must have no states; received {names}; move "
                        "the layer out of the loop, or predict"
                    )
                if len(self._lowered) >= _KEPT:
                    self._lowered.clear()
                self._lowered[kind] = lowered.module.forward
            return self._lowered[kind]


def prepare_bodies(nodes: Iterable[Node]) -> None:
    """Prepare the graphs that some nodes run."""
    for node in nodes:
        for body in getattr(node.operator, "bodies", ()):
            body.prepare()


def _written(node: Node) -> Any:
    return node.applied


def key_of_run(rng: draw.Source | None) -> Tensor | None:
    """Return the key from which the steps of a node derive theirs."""
    if isinstance(rng, torch.Generator):
        return torch.randint(2**62, (), generator=rng, device=rng.device)
    return rng


def key_of_step(key: Tensor | None, number: int) -> Tensor | None:
    """Return the key of one step of a loop: its draws differ from those of other steps."""
    return None if key is None else ((key + number) * _SPREAD).bitwise_and(2**62 - 1)
