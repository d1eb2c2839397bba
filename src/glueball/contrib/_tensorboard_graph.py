"""Graphs in the form that TensorBoard draws."""

from __future__ import annotations

from typing import Any

from ..core.errors import InvalidTypeError
from ..core.extras import required
from ..gluon import HybridBlock
from ..symbol import Symbol, var
from ..symbol.node import topological_order


def event_of(graph: Symbol | HybridBlock, owner: str) -> Any:
    """Return what TensorBoard's files have for a graph: an event, with a node for each operator and variable."""
    if isinstance(graph, HybridBlock):
        found = graph(var("data"))
        graph = found if isinstance(found, Symbol) else found[0]
    if not isinstance(graph, Symbol):
        raise InvalidTypeError(f"{owner}: data must be a Symbol, or a HybridBlock; received {type(graph).__name__}")
    protos = required("tensorboard.compat.proto.graph_pb2", "tensorboard", owner)
    nodes_of = required("tensorboard.compat.proto.node_def_pb2", "tensorboard", owner)
    events = required("tensorboard.compat.proto.event_pb2", "tensorboard", owner)
    values = required("tensorboard.compat.proto.attr_value_pb2", "tensorboard", owner)
    versions = required("tensorboard.compat.proto.versions_pb2", "tensorboard", owner)
    nodes = [
        nodes_of.NodeDef(
            name=node.name,
            op="Variable" if node.operator is None else node.operator.name,
            input=[each.node.name if not each.index else f"{each.node.name}:{each.index}" for each in node.inputs],
            attr={key: values.AttrValue(s=str(value).encode()) for key, value in node.attributes.items()},
        )
        for node in topological_order(graph._entries)
    ]
    definition = protos.GraphDef(node=nodes, versions=versions.VersionDef(producer=22))
    return events.Event(graph_def=definition.SerializeToString())
