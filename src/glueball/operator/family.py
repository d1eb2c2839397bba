"""The family of operators named Custom: each call and each node makes one from its attributes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..core.errors import MXNetError
from ..ops import registry
from ..ops.keywords import is_own
from .declared import CustomOperator
from .registered import make_prop

NAME = "Custom"


def custom_operator(attributes: Mapping[str, str], keeps: bool = True) -> CustomOperator:
    """Make the operator that a call or a node with these attributes means."""
    texts = {name: text for name, text in attributes.items() if not is_own(name)}
    if not texts.get("op_type"):
        raise MXNetError(f"{NAME}: op_type must be given; received nothing; pass the name of a registered operator")
    keywords = {name: text for name, text in texts.items() if name != "op_type"}
    return CustomOperator(NAME, make_prop(texts["op_type"], keywords), tuple(texts), texts["op_type"], keeps)


def _of_node(attributes: Mapping[str, str], subgraphs: Sequence[Any]) -> CustomOperator:
    if subgraphs:
        raise MXNetError(f"{NAME}: it must have no subgraphs; received {len(subgraphs)}; take another copy of the file")
    return custom_operator(attributes)


registry.add_family(NAME, _of_node)
