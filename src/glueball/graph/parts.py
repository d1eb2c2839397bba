"""Finds the parts of a graph that another runtime can compute, and lets it compute them."""

from __future__ import annotations

import operator as python_operator
from collections.abc import Mapping
from typing import Any

import torch
from torch import fx
from torch.fx.passes.infra.partitioner import CapabilityBasedPartitioner
from torch.fx.passes.operator_support import OperatorSupportBase

from ..interop.onnx.call import Call, Unsupported
from ..interop.onnx.document import Array, Document
from ..interop.onnx.rules import RULES
from ..ops.shape_rule import is_known
from .draft import Draft
from .lower import Lowered, copy, generate
from .matching import arguments, attributes, operator_name
from .prediction import Prediction
from .runtime import Opened, Part, Runtime

_CALLED = "fused_"
_REAL = frozenset({torch.float32})


def predict_parts(lowered: Lowered, runtime: Runtime) -> Prediction:
    """Return a function that predicts, with a runtime for what it can compute; runtimes have passes of their own."""
    return Prediction(lowered, lambda draft: replace_parts(draft, runtime), rewrite=lambda draft: {})


def replace_parts(draft: Draft, runtime: Runtime) -> int:
    """Let a runtime compute what it can; return the number of parts."""
    parameters = [node in draft.parameters for node in draft.graph.nodes if node.op == "placeholder"]
    support = _Support(draft, runtime)
    for node in draft.graph.nodes:
        if support.takes(node):
            # Random numbers, which it does not draw, would come from outside.
            node.kwargs = {name: None if isinstance(each, fx.Node) else each for name, each in node.kwargs.items()}
    draft.graph.eliminate_dead_code()
    module = generate(draft.graph, "Draft")
    partitioner = CapabilityBasedPartitioner(module, support, allows_single_node_partition=True)
    found = [part for part in partitioner.propose_partitions() if any(map(operator_name, part.nodes))]
    draft.graph = partitioner.fuse_partitions(found, prefix=_CALLED).graph
    placeholders = [node for node in draft.graph.nodes if node.op == "placeholder"]
    draft.parameters = {node for node, given in zip(placeholders, parameters, strict=True) if given}
    constants = draft.constants()
    for node in list(draft.graph.nodes):
        if node.op == "call_module":
            part: Any = module.get_submodule(node.target)
            _call_runtime(draft, runtime, node, part, constants)
    draft.graph.lint()
    return len(found)


class _Support(OperatorSupportBase):
    """Which nodes a runtime can compute: those that can be said in ONNX, with arrays of types that it has."""

    def __init__(self, draft: Draft, runtime: Runtime) -> None:
        self._runtime = runtime
        self._constants = draft.constants()  # what follows from parameters alone is computed once, by torch
        self._known: dict[fx.Node, bool] = {}

    def is_node_supported(self, submodules: Mapping[str, Any], node: fx.Node) -> bool:
        return self.takes(node)

    def takes(self, node: fx.Node) -> bool:
        """Whether the runtime can compute a node."""
        if node not in self._known:
            self._known[node] = self._decide(node)
        return self._known[node]

    def _decide(self, node: fx.Node) -> bool:
        if node.op != "call_function" or node in self._constants:
            return False
        if node.target is python_operator.getitem:
            return self.takes(arguments(node)[0])
        if node.target is copy:
            return _fits(node, self._runtime.types)
        found = RULES.get(operator_name(node))
        if (
            found is None
            or not found.runtimes
            or not _fits(node, self._runtime.types if found.integers is True else _REAL)
        ):
            return False
        try:
            _say(node, {each: _array(each, "") for each in node.all_input_nodes}, Document())
        except Unsupported:
            return False
        return True


def _fits(node: fx.Node, types: frozenset[torch.dtype]) -> bool:
    """Whether the shapes around a node are known, without arrays that are empty or have no axes, and the types too."""
    results = [user for user in node.users if user.target is python_operator.getitem] or [node]
    arrays = [*[each for each in arguments(node) if each is not None], *results]
    metas = [_meta(array) for array in arrays]
    return all(shape and is_known(shape) and 0 not in shape and kind in types for shape, kind in metas)


def _meta(node: fx.Node) -> tuple[Any, Any]:
    """Return shape and type, those of a copy too."""
    source = arguments(node)[0] if node.target is copy else node
    return source.meta.get("shape"), source.meta.get("type")


def _array(node: fx.Node, name: str) -> Array:
    return Array(name, *_meta(node))


def _say(node: fx.Node, arrays: Mapping[fx.Node, Array], document: Document) -> tuple[str, ...]:
    """Say a call in ONNX; return the names of its outputs."""
    inputs = tuple([None if each is None else arrays[each] for each in arguments(node)])
    if node.target is copy:
        return document.add("Identity", inputs, 1, {})
    names = RULES[operator_name(node)].say(Call(attributes(node), inputs, *_meta(node), document))
    return (names,) if isinstance(names, str) else names


def _part(node: fx.Node, module: fx.GraphModule, constants: set[fx.Node]) -> Part:
    """Say a part of the graph in ONNX."""
    is_weight = tuple([each in constants for each in arguments(node)])
    document, arrays, given = Document(), dict[fx.Node, Array](), iter(enumerate(arguments(node)))
    several: dict[fx.Node, tuple[str, ...]] = {}
    for each in module.graph.nodes:
        if each.op == "placeholder":
            number, source = next(given)
            arrays[each] = _array(source, f"{'weight' if is_weight[number] else 'input'}{number}")
        elif each.target is python_operator.getitem:
            call, index = arguments(each)
            arrays[each] = _array(each, several[call][index])
        elif each.op == "call_function":
            several[each] = _say(each, arrays, document)
            arrays[each] = _array(each, several[each][0])
    (returned,) = next(each for each in module.graph.nodes if each.op == "output").args
    outputs = returned if isinstance(returned, tuple | list) else (returned,)
    calls = [each.meta["source"].name for each in module.graph.nodes if "source" in each.meta and operator_name(each)]
    return Part(
        inputs=tuple([array for each, array in arrays.items() if each.op == "placeholder"]),
        is_weight=is_weight, outputs=tuple([arrays[each] for each in outputs]), document=document,
        name=calls[0] if len(calls) == 1 else f"{calls[0]} to {calls[-1]}",
    )  # fmt: skip


def _call_runtime(
    draft: Draft, runtime: Runtime, node: fx.Node, module: fx.GraphModule, constants: set[fx.Node]
) -> None:
    """Call the runtime in the place of a part of the graph."""
    part = _part(node, module, constants)
    pairs = list(zip(arguments(node), part.is_weight, strict=True))
    weights, inputs = [each for each, fixed in pairs if fixed], [each for each, fixed in pairs if not fixed]

    def open_part(*tensors: torch.Tensor) -> Opened:
        return Opened(runtime, part, tensors)

    if weights:
        opened = draft.insert(node, open_part, *weights)
        results = draft.insert(node, call_opened, opened, *inputs, kernel=runtime.name)
    else:
        results = draft.insert(node, Opened(runtime, part, ()), *inputs, kernel=runtime.name)
    sources = [each.meta["source"] for each in module.graph.nodes if operator_name(each)]
    results.meta["source"], results.meta["sources"] = sources[0], tuple(dict.fromkeys(sources))
    items = [user for user in node.users if user.target is python_operator.getitem]
    if len(part.outputs) == 1:
        draft.substitute(node, draft.insert(node, python_operator.getitem, results, 0))
    else:
        for item in items:
            draft.substitute(item, draft.insert(item, python_operator.getitem, results, arguments(item)[1]))
        draft.graph.erase_node(node)


def call_opened(opened: Opened, *inputs: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """Compute a part that was opened."""
    return opened(*inputs)
