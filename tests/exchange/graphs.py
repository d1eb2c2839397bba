"""Compare two graph files node by node."""

from __future__ import annotations

import json


def assert_same_graph(ours: str, theirs: str) -> None:
    """Fail at the first node that differs in position, operator, name, attributes or inputs.

    The third number of an input is compared only as zero or not: in MXNet it also counts how often the process has
    traced the network.
    """
    one, other = _without_counts(json.loads(ours)), _without_counts(json.loads(theirs))
    for place, (node, expected) in enumerate(zip(one["nodes"], other["nodes"], strict=False)):
        assert node == expected, f"node {place} is\n  {node}, not\n  {expected}"
    assert len(one["nodes"]) == len(other["nodes"]), f"{len(one['nodes'])} nodes, not {len(other['nodes'])}"
    assert {**one, "nodes": ()} == {**other, "nodes": ()}
    assert list(one) == list(other), "the order of the parts of the file"


def _without_counts(graph: dict) -> dict:
    nodes = [
        {**node, "inputs": [[number, output, min(version, 1)] for number, output, version in node["inputs"]]}
        for node in graph["nodes"]
    ]
    return {**graph, "nodes": nodes}
