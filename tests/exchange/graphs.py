"""Compares two graphs as they stand in files, node for node."""

from __future__ import annotations

import json


def assert_same_graph(ours: str, theirs: str) -> None:
    """Fail at the first node that differs: in its place, operator, name, attributes or inputs."""
    one, other = json.loads(ours), json.loads(theirs)
    for place, (node, expected) in enumerate(zip(one["nodes"], other["nodes"], strict=False)):
        assert node == expected, f"node {place} is\n  {node}, not\n  {expected}"
    assert len(one["nodes"]) == len(other["nodes"]), f"{len(one['nodes'])} nodes, not {len(other['nodes'])}"
    assert {**one, "nodes": ()} == {**other, "nodes": ()}
    assert list(one) == list(other), "the order of the parts of the file"
