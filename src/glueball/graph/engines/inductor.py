"""The engine ``inductor``: torch.compile, which generates and compiles code for the graph when it first runs."""

from __future__ import annotations

import importlib
import warnings

import torch
from torch import fx

from ...ops import kept
from ..lower import Lowered, Run, generate


class _Inductor:
    shows_nodes = False

    def obstacle(self) -> str:
        """Look for a C++ compiler, which code for the CPU needs."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # parts of torch warn about each other
            importlib.import_module("torch._inductor.compile_fx")
        builder = importlib.import_module("torch._inductor.cpp_builder")
        errors = importlib.import_module("torch._inductor.exc")
        try:
            builder.get_cpp_compiler()
        except errors.InvalidCxxCompiler:
            return "it needs a C++ compiler; install g++ or clang, or name one in the environment variable CXX"
        return ""

    def compile(self, lowered: Lowered) -> Run:
        """Return the compiled graph; torch compiles again for new shapes, or once for shapes that vary."""
        kept.register()
        return torch.compile(_cut(lowered), backend="inductor")


def _cut(lowered: Lowered) -> fx.GraphModule:
    """Return a graph that the compiler cuts around calls that it must not look into."""
    module = lowered.module
    closed = {node for node in module.graph.nodes if _is_closed(node, lowered.training)}
    if not closed:
        return module
    graph = fx.Graph()
    copies: dict[fx.Node, fx.Node] = {}
    graph.output(graph.graph_copy(module.graph, copies))
    for node in closed:
        copies[node].target = torch.compiler.disable(node.target)
    return generate(graph, "CutGraph")


def _is_closed(node: fx.Node, training: bool) -> bool:
    applied = node.meta.get("applied")
    if applied is None:
        return False
    operator = applied.operator
    asks_others = training and operator.waits is not None
    return bool(operator.runs_user_code or operator.reads_values or operator.loops or asks_others)


ENGINE = _Inductor()
